/**
 * Flows: questions wired into one graph of nodes, so that the result of one feeds the next.
 *
 * Flows exist in Hybrid, Confidential Computing and Snowflake clean rooms only. They are scheduled in Habu's own pages
 * only, and no operation deletes one.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as CleanRooms from "./CleanRooms.js"
import * as Common from "./Common.js"
import * as Operation from "./Operation.js"
import * as Wire from "./Wire.js"

/**
 * The answer to saving a flow. Status 200 alone does not mean saved: `success` may be false, and `message` says why
 * (operation createOrUpdateCleanroomFlow).
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateFlowResponse = Schema.Struct({
  flowID: Wire.text,
  success: Wire.flag,
  message: Wire.text
}).annotations({ identifier: "CreateFlowResponse" })

export interface CreateFlowResponse extends Schema.Schema.Type<typeof CreateFlowResponse> {}

/**
 * Joins a field that a node reads to a field of its parent node's result.
 *
 * @since 0.1.0
 * @category schemas
 */
export const APIFieldMapping = Schema.Struct({
  datasetFieldName: Schema.String,
  parentFieldName: Schema.String
}).annotations({ identifier: "APIFieldMapping" })

export interface APIFieldMapping extends Schema.Schema.Type<typeof APIFieldMapping> {}

/**
 * An edge into a node: its macro `datasetMacro` reads the result of the node that `parentID` names by its
 * `nodeIdentifier`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const APIEdge = Schema.Struct({
  datasetMacro: Schema.String,
  parentID: Schema.String,
  fieldMappings: Wire.maybe(Schema.Array(APIFieldMapping))
}).annotations({ identifier: "APIEdge" })

export interface APIEdge extends Schema.Schema.Type<typeof APIEdge> {}

/**
 * How a node runs: its compute capacity, and the ids of the organisations that have access to it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeSettings = Schema.Struct({
  computeCapacity: Wire.maybe(Schema.String),
  access: Wire.maybe(Schema.Array(Schema.String))
}).annotations({ identifier: "NodeSettings" })

export interface NodeSettings extends Schema.Schema.Type<typeof NodeSettings> {}

/**
 * A node of a flow to save, under an identifier that is unique in the flow, with the edges that lead into it.
 *
 * `tags` is one text, branch names separated by commas; a run can be limited to branches.
 *
 * @since 0.1.0
 * @category schemas
 */
export const APINode = Schema.Struct({
  nodeIdentifier: Schema.String,
  edges: Wire.maybe(Schema.Array(APIEdge)),
  settings: Wire.maybe(NodeSettings),
  tags: Wire.maybe(Schema.String)
}).annotations({ identifier: "APINode" })

export interface APINode extends Schema.Schema.Type<typeof APINode> {}

/**
 * A whole flow to save. With `createNewVersion` it becomes a further version, with `versionMessage` as its note.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateFlowRequest = Schema.Struct({
  flowName: Schema.String,
  description: Wire.maybe(Schema.String),
  nodes: Schema.Array(APINode),
  createNewVersion: Wire.maybe(Schema.Boolean),
  versionMessage: Wire.maybe(Schema.String)
}).annotations({ identifier: "CreateFlowRequest" })

export interface CreateFlowRequest extends Schema.Schema.Type<typeof CreateFlowRequest> {}

/**
 * A condition of a decision node as saved: a field of the source node's result, aggregated and compared.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DecisionConditionResponse = Schema.Struct({
  id: Wire.text,
  sourceNodeID: Wire.text,
  fieldName: Wire.text,
  operator: Wire.text,
  expectedValue: Wire.text,
  expectedValueEnd: Wire.text,
  expectedValues: Wire.optional(Wire.list(Wire.Text)),
  aggregation: Wire.text,
  conditionOrder: Wire.integer
}).annotations({ identifier: "DecisionConditionResponse" })

export interface DecisionConditionResponse extends Schema.Schema.Type<typeof DecisionConditionResponse> {}

/**
 * One set of parameters with which a decision node runs a node again, and its place in their order.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeConfigurationResponse = Schema.Struct({
  id: Wire.text,
  nodeID: Wire.text,
  name: Wire.text,
  configIndex: Wire.integer,
  parameters: Wire.optional(Wire.TextRecord)
}).annotations({ identifier: "NodeConfigurationResponse" })

export interface NodeConfigurationResponse extends Schema.Schema.Type<typeof NodeConfigurationResponse> {}

/**
 * What a decision node runs again when its conditions fail: how often at most, which nodes by id, with which values.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RetryConfigResponse = Schema.Struct({
  maxRetries: Wire.integer,
  retryNodeIDs: Wire.optional(Wire.list(Wire.Text)),
  retryFromLevel: Wire.integer,
  configurations: Wire.optional(Wire.list(NodeConfigurationResponse))
}).annotations({ identifier: "RetryConfigResponse" })

export interface RetryConfigResponse extends Schema.Schema.Type<typeof RetryConfigResponse> {}

/**
 * An edge of the flow by its id and the ids of the nodes it joins.
 *
 * @since 0.1.0
 * @category schemas
 */
export const EdgeReferenceResponse = Schema.Struct({
  edgeID: Wire.text,
  parentNodeID: Wire.text,
  childNodeID: Wire.text
}).annotations({ identifier: "EdgeReferenceResponse" })

export interface EdgeReferenceResponse extends Schema.Schema.Type<typeof EdgeReferenceResponse> {}

/**
 * The edges that open when a decision node's conditions hold. What opens when they fail is taken but not read back.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GatedEdgesResponse = Schema.Struct({
  truePath: Wire.optional(Wire.list(EdgeReferenceResponse))
}).annotations({ identifier: "GatedEdgesResponse" })

export interface GatedEdgesResponse extends Schema.Schema.Type<typeof GatedEdgesResponse> {}

/**
 * A decision node as saved: its conditions, what it runs again, and which edges wait for it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DecisionNodeResponse = Schema.Struct({
  nodeID: Wire.text,
  nodeLabel: Wire.text,
  conditionLogic: Wire.text,
  conditions: Wire.optional(Wire.list(DecisionConditionResponse)),
  retryConfig: Wire.optional(RetryConfigResponse),
  conditionsFailAction: Wire.text,
  gatedEdges: Wire.optional(GatedEdgesResponse)
}).annotations({ identifier: "DecisionNodeResponse" })

export interface DecisionNodeResponse extends Schema.Schema.Type<typeof DecisionNodeResponse> {}

/**
 * A flow's decision nodes, and whether they are the clean room's own (`cleanRoomOverride`) or the flow's base.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetFlowDecisionConfigurationResponse = Schema.Struct({
  decisionNodes: Wire.optional(Wire.list(DecisionNodeResponse)),
  cleanRoomOverride: Wire.flag
}).annotations({ identifier: "GetFlowDecisionConfigurationResponse" })

export interface GetFlowDecisionConfigurationResponse
  extends Schema.Schema.Type<typeof GetFlowDecisionConfigurationResponse>
{}

/**
 * A condition to save; Habu asks for `fieldName`, `operator` and `aggregation`.
 *
 * With an `id` it changes that condition, without one it makes another (operation
 * createOrUpdateFlowDecisionConfiguration).
 *
 * @since 0.1.0
 * @category schemas
 */
export const DecisionConditionInput = Schema.Struct({
  id: Wire.text,
  fieldName: Wire.text,
  operator: Wire.text,
  expectedValue: Wire.text,
  expectedValueEnd: Wire.text,
  expectedValues: Wire.optional(Wire.list(Wire.Text)),
  aggregation: Wire.text,
  conditionOrder: Wire.integer
}).annotations({ identifier: "DecisionConditionInput" })

export interface DecisionConditionInput extends Schema.Schema.Type<typeof DecisionConditionInput> {}

/**
 * A set of parameters to run a node again with. With an `id` it changes that set, without one it makes another.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeConfigurationInput = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  configIndex: Wire.integer,
  parameters: Wire.optional(Wire.TextRecord)
}).annotations({ identifier: "NodeConfigurationInput" })

export interface NodeConfigurationInput extends Schema.Schema.Type<typeof NodeConfigurationInput> {}

/**
 * What to run again when the conditions fail; `retryNodeIdentifiers` takes the nodes' ids or labels.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RetryConfigInput = Schema.Struct({
  maxRetries: Wire.integer,
  retryNodeIdentifiers: Wire.optional(Wire.list(Wire.Text)),
  configurations: Wire.optional(Wire.list(NodeConfigurationInput))
}).annotations({ identifier: "RetryConfigInput" })

export interface RetryConfigInput extends Schema.Schema.Type<typeof RetryConfigInput> {}

/**
 * An edge by the ids or labels of its two nodes; Habu asks for both.
 *
 * @since 0.1.0
 * @category schemas
 */
export const EdgeReferenceInput = Schema.Struct({
  parentNodeIdentifier: Wire.text,
  childNodeIdentifier: Wire.text
}).annotations({ identifier: "EdgeReferenceInput" })

export interface EdgeReferenceInput extends Schema.Schema.Type<typeof EdgeReferenceInput> {}

/**
 * The edges to open when the conditions hold (`truePath`) and when they fail (`falsePath`).
 *
 * @since 0.1.0
 * @category schemas
 */
export const GatedEdgesInput = Schema.Struct({
  truePath: Wire.optional(Wire.list(EdgeReferenceInput)),
  falsePath: Wire.optional(Wire.list(EdgeReferenceInput))
}).annotations({ identifier: "GatedEdgesInput" })

export interface GatedEdgesInput extends Schema.Schema.Type<typeof GatedEdgesInput> {}

/**
 * A decision node to save; Habu asks for `nodeIdentifier`, a node's id or label.
 *
 * Conditions are joined by AND only. When they fail, the default is to run again with other parameters
 * (`RETRY_WITH_PARAMETERS`); the other choice is `END_FLOW`. The answer repeats this shape, so nothing in it is
 * required.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DecisionNodeInput = Schema.Struct({
  nodeIdentifier: Wire.text,
  conditionLogic: Wire.text,
  conditions: Wire.optional(Wire.list(DecisionConditionInput)),
  retryConfig: Wire.optional(RetryConfigInput),
  conditionsFailAction: Wire.text,
  gatedEdges: Wire.optional(GatedEdgesInput)
}).annotations({ identifier: "DecisionNodeInput" })

export interface DecisionNodeInput extends Schema.Schema.Type<typeof DecisionNodeInput> {}

/**
 * The decision nodes to save, for this clean room only (`cleanRoomOverride`) or for the flow's base.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateOrUpdateFlowDecisionConfigurationRequest = Schema.Struct({
  decisionNodes: Schema.Array(DecisionNodeInput),
  cleanRoomOverride: Wire.maybe(Schema.Boolean)
}).annotations({ identifier: "CreateOrUpdateFlowDecisionConfigurationRequest" })

export interface CreateOrUpdateFlowDecisionConfigurationRequest
  extends Schema.Schema.Type<typeof CreateOrUpdateFlowDecisionConfigurationRequest>
{}

/**
 * The answer to saving decision nodes, with what was saved; `success` may be false although the status is 200.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateOrUpdateFlowDecisionConfigurationResponse = Schema.Struct({
  success: Wire.flag,
  message: Wire.text,
  decisionNodes: Wire.optional(Wire.list(DecisionNodeInput)),
  cleanRoomOverride: Wire.flag
}).annotations({ identifier: "CreateOrUpdateFlowDecisionConfigurationResponse" })

export interface CreateOrUpdateFlowDecisionConfigurationResponse
  extends Schema.Schema.Type<typeof CreateOrUpdateFlowDecisionConfigurationResponse>
{}

/**
 * The answer to deleting decision nodes, with their number; `success` may be false although the status is 200.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DeleteFlowDecisionConfigurationResponse = Schema.Struct({
  success: Wire.flag,
  message: Wire.text,
  deletedNodesCount: Wire.integer
}).annotations({ identifier: "DeleteFlowDecisionConfigurationResponse" })

export interface DeleteFlowDecisionConfigurationResponse
  extends Schema.Schema.Type<typeof DeleteFlowDecisionConfigurationResponse>
{}

/**
 * Which flows to list. Always send a `limit`, which is 0 otherwise (operation listCleanroomFlows). The contract leaves
 * open what `filters` and `sortBy` look like.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListCleanroomFlowsRequest = Schema.Struct({
  filters: Wire.maybe(Schema.Array(Schema.Record({ key: Schema.String, value: Schema.Unknown }))),
  sortBy: Wire.maybe(Schema.Record({ key: Schema.String, value: Schema.Unknown })),
  limit: Wire.maybe(Schema.Int),
  offset: Wire.maybe(Schema.Int),
  search: Wire.maybe(Schema.String)
}).annotations({ identifier: "ListCleanroomFlowsRequest" })

export interface ListCleanroomFlowsRequest extends Schema.Schema.Type<typeof ListCleanroomFlowsRequest> {}

/**
 * A person by id, name and email.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UserRefInfo = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  email: Wire.text
}).annotations({ identifier: "UserRefInfo" })

export interface UserRefInfo extends Schema.Schema.Type<typeof UserRefInfo> {}

/**
 * Who made and last changed a flow, as people rather than ids.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NestedUserAudit = Schema.Struct({
  createdByUser: Wire.optional(UserRefInfo),
  updatedByUser: Wire.optional(UserRefInfo)
}).annotations({ identifier: "NestedUserAudit" })

export interface NestedUserAudit extends Schema.Schema.Type<typeof NestedUserAudit> {}

/**
 * The flow behind a clean room's flow: its name, version, nodes and edges; the contract leaves open what a node and an
 * edge look like.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListItemFlow = Schema.Struct({
  ID: Wire.text,
  displayID: Wire.text,
  name: Wire.text,
  description: Wire.text,
  organizationID: Wire.text,
  status: Wire.text,
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(NestedUserAudit),
  nodes: Wire.optional(Wire.list(Schema.Record({ key: Schema.String, value: Schema.Unknown }))),
  edges: Wire.optional(Wire.list(Schema.Record({ key: Schema.String, value: Schema.Unknown }))),
  version: Wire.integer
}).annotations({ identifier: "ListItemFlow" })

export interface ListItemFlow extends Schema.Schema.Type<typeof ListItemFlow> {}

/**
 * A flow in its clean room, with the flow itself under `flow`.
 *
 * `status` and `stage` are free texts; a run can be started once the stage is Ready. `ID` and `CryptoKeyID` are spelled
 * with capitals.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListItemCleanroomFlow = Schema.Struct({
  ID: Wire.text,
  displayID: Wire.text,
  cleanRoomID: Wire.text,
  flowID: Wire.text,
  status: Wire.text,
  stage: Wire.text,
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(NestedUserAudit),
  flow: Wire.optional(ListItemFlow),
  runCount: Wire.integer,
  CryptoKeyID: Wire.text,
  flowVersion: Wire.integer,
  isProvisioned: Wire.flag,
  billableConfigID: Wire.text,
  isBillable: Wire.flag,
  ownerOrganizationID: Wire.text
}).annotations({ identifier: "ListItemCleanroomFlow" })

export interface ListItemCleanroomFlow extends Schema.Schema.Type<typeof ListItemCleanroomFlow> {}

/**
 * A page of a clean room's flows, with Habu's count.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListCleanroomFlowsResponse = Schema.Struct({
  cleanRoomFlows: Wire.optional(Wire.list(ListItemCleanroomFlow)),
  count: Wire.integer
}).annotations({ identifier: "ListCleanroomFlowsResponse" })

export interface ListCleanroomFlowsResponse extends Schema.Schema.Type<typeof ListCleanroomFlowsResponse> {}

/**
 * A single flow of a clean room, in its envelope.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetCleanroomFlowResponse = Schema.Struct({
  cleanRoomFlow: Wire.optional(ListItemCleanroomFlow)
}).annotations({ identifier: "GetCleanroomFlowResponse" })

export interface GetCleanroomFlowResponse extends Schema.Schema.Type<typeof GetCleanroomFlowResponse> {}

/**
 * Which field of a dataset stands for which field that a question asks for, both by name.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FieldMapping = Schema.Struct({
  questionFieldName: Wire.maybe(Schema.String),
  datasetFieldName: Wire.maybe(Schema.String)
}).annotations({ identifier: "FieldMapping" })

export interface FieldMapping extends Schema.Schema.Type<typeof FieldMapping> {}

/**
 * The dataset for one macro of a node, by the names of the dataset and its organisation.
 *
 * The organisations' names are those that operation getCleanroomStakeholders lists.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetAssignment = Schema.Struct({
  datasetName: Wire.maybe(Schema.String),
  datasetMacro: Wire.maybe(Schema.String),
  organizationName: Wire.maybe(Schema.String),
  fieldMappings: Wire.maybe(Schema.Array(FieldMapping))
}).annotations({ identifier: "DatasetAssignment" })

export interface DatasetAssignment extends Schema.Schema.Type<typeof DatasetAssignment> {}

/**
 * The datasets for one node, which is named by its display id or its name.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeDatasetAssignment = Schema.Struct({
  nodeIdentifier: Wire.maybe(Schema.String),
  datasets: Wire.maybe(Schema.Array(DatasetAssignment))
}).annotations({ identifier: "NodeDatasetAssignment" })

export interface NodeDatasetAssignment extends Schema.Schema.Type<typeof NodeDatasetAssignment> {}

/**
 * The datasets for a flow's nodes. They go by name, so look names up first (operation getDatasetOrganizations).
 *
 * @since 0.1.0
 * @category schemas
 */
export const AssignFlowDatasetsRequest = Schema.Struct({
  nodeDatasets: Schema.Array(NodeDatasetAssignment)
}).annotations({ identifier: "AssignFlowDatasetsRequest" })

export interface AssignFlowDatasetsRequest extends Schema.Schema.Type<typeof AssignFlowDatasetsRequest> {}

/**
 * Whether a dataset is the clean room owner's or a partner's.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetOwnership = Wire.openEnum("OWNER", "PARTNER").annotations({ identifier: "DatasetOwnership" })

export type DatasetOwnership = typeof DatasetOwnership.Type

/**
 * What became of one assignment, with the dataset that its names led to.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AssignedDatasetResult = Schema.Struct({
  nodeIdentifier: Wire.text,
  datasetName: Wire.text,
  datasetID: Wire.text,
  organizationName: Wire.text,
  ownership: Wire.optional(DatasetOwnership),
  datasetMacro: Wire.text,
  status: Wire.text
}).annotations({ identifier: "AssignedDatasetResult" })

export interface AssignedDatasetResult extends Schema.Schema.Type<typeof AssignedDatasetResult> {}

/**
 * The answer to assigning datasets; `success` may be false although the status is 200.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AssignFlowDatasetsResponse = Schema.Struct({
  success: Wire.flag,
  message: Wire.text,
  assignedDatasets: Wire.optional(Wire.list(AssignedDatasetResult))
}).annotations({ identifier: "AssignFlowDatasetsResponse" })

export interface AssignFlowDatasetsResponse extends Schema.Schema.Type<typeof AssignFlowDatasetsResponse> {}

/**
 * The datasets to look up, by id or name.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetDatasetOrganizationsRequest = Schema.Struct({
  datasetIdentifiers: Schema.Array(Schema.String)
}).annotations({ identifier: "GetDatasetOrganizationsRequest" })

export interface GetDatasetOrganizationsRequest extends Schema.Schema.Type<typeof GetDatasetOrganizationsRequest> {}

/**
 * Whose dataset an identifier names; where nothing was `found`, `errorMessage` says why.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetOrganizationInfo = Schema.Struct({
  requestedIdentifier: Wire.text,
  datasetID: Wire.text,
  datasetName: Wire.text,
  organizationID: Wire.text,
  organizationName: Wire.text,
  found: Wire.flag,
  errorMessage: Wire.text
}).annotations({ identifier: "DatasetOrganizationInfo" })

export interface DatasetOrganizationInfo extends Schema.Schema.Type<typeof DatasetOrganizationInfo> {}

/**
 * The owners of the datasets that were asked for.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetDatasetOrganizationsResponse = Schema.Struct({
  success: Wire.flag,
  message: Wire.text,
  datasetOrganizations: Wire.optional(Wire.list(DatasetOrganizationInfo))
}).annotations({ identifier: "GetDatasetOrganizationsResponse" })

export interface GetDatasetOrganizationsResponse extends Schema.Schema.Type<typeof GetDatasetOrganizationsResponse> {}

/**
 * A node with the question behind it: `nodeID` and `nodeIdentifier` are the node's, `ID` and `displayID` the
 * question's.
 *
 * One question may stand in several nodes of a flow, so tell nodes apart by `nodeID`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FlowNodeMetadata = Schema.Struct({
  nodeIdentifier: Wire.text,
  nodeID: Wire.text,
  nodeLevel: Wire.integer,
  ID: Wire.text,
  displayID: Wire.text,
  title: Wire.text,
  category: Wire.text,
  description: Wire.text,
  status: Wire.text,
  hasDateFilter: Wire.flag,
  hasDateParameters: Wire.flag,
  hasMultipleOutputs: Wire.flag,
  isAggregate: Wire.flag,
  isUserListQuestion: Wire.flag,
  defaultComputeCapacity: Wire.text,
  dimensions: Wire.optional(Wire.list(CleanRooms.QuestionDimension)),
  metrics: Wire.optional(Wire.list(CleanRooms.QuestionMetric)),
  parameters: Wire.optional(Wire.list(CleanRooms.QuestionParameter)),
  dataTypes: Wire.optional(Wire.list(CleanRooms.AssetQuestionDataType)),
  userListOutputs: Wire.optional(Wire.list(CleanRooms.QuestionUserListOutput)),
  branches: Wire.optional(Wire.list(Wire.Text))
}).annotations({ identifier: "FlowNodeMetadata" })

export interface FlowNodeMetadata extends Schema.Schema.Type<typeof FlowNodeMetadata> {}

/**
 * All nodes of a flow.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomFlowNodeDetails = Schema.Struct({
  nodes: Wire.optional(Wire.list(FlowNodeMetadata))
}).annotations({ identifier: "CleanroomFlowNodeDetails" })

export interface CleanroomFlowNodeDetails extends Schema.Schema.Type<typeof CleanroomFlowNodeDetails> {}

/**
 * The operations on a clean room's flows, their datasets and their decision nodes.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Flows", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getCleanroomFlow", "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .addSuccess(GetCleanroomFlowResponse)
      .annotate(OpenApi.Summary, "Reads one flow of a clean room with its nodes, edges and version")
  )
  .add(
    HttpApiEndpoint.post("createOrUpdateCleanroomFlow", "/cleanrooms/:cleanroomId/cleanroom-flows")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(CreateFlowRequest)
      .addSuccess(CreateFlowResponse)
      .annotate(OpenApi.Summary, "Saves a flow, new or changed; `success` tells whether it was saved")
  )
  .add(
    HttpApiEndpoint.put(
      "setCleanroomFlowVersion",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/version/:version"
    )
      .setPath(
        Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment, version: Wire.PathSegment })
      )
      .addSuccess(GetCleanroomFlowResponse)
      .annotate(OpenApi.Summary, "Makes another existing version of a flow the current one, as for a rollback")
  )
  .add(
    HttpApiEndpoint.post("listCleanroomFlows", "/cleanrooms/:cleanroomId/cleanroom-flows/list")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(ListCleanroomFlowsRequest)
      .addSuccess(ListCleanroomFlowsResponse)
      .annotate(OpenApi.Summary, "Lists a clean room's flows, by a POST that only reads")
      .annotate(Operation.EffectAnnotation, "read")
  )
  .add(
    HttpApiEndpoint.post(
      "assignCleanroomFlowDatasets",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/assign-datasets"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(AssignFlowDatasetsRequest)
      .addSuccess(AssignFlowDatasetsResponse)
      .annotate(OpenApi.Summary, "Assigns datasets to the nodes of a flow, by the names of datasets and organisations")
      .annotate(Operation.EffectAnnotation, "idempotent")
  )
  .add(
    HttpApiEndpoint.post("getDatasetOrganizations", "/cleanrooms/:cleanroomId/dataset-organizations")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(GetDatasetOrganizationsRequest)
      .addSuccess(GetDatasetOrganizationsResponse)
      .annotate(OpenApi.Summary, "Looks up whose datasets they are, by a POST that only reads")
      .annotate(Operation.EffectAnnotation, "read")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowNodeDetails",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/node-details"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .addSuccess(CleanroomFlowNodeDetails)
      .annotate(OpenApi.Summary, "Lists the nodes of a flow with the questions behind them")
  )
  .add(
    HttpApiEndpoint.get(
      "getFlowDecisionConfiguration",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/decision-configurations"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ nodeIdentifier: Wire.maybe(Schema.String) }))
      .addSuccess(GetFlowDecisionConfigurationResponse)
      .annotate(OpenApi.Summary, "Reads the decision nodes of a flow, or the one named")
  )
  .add(
    HttpApiEndpoint.post(
      "createOrUpdateFlowDecisionConfiguration",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/decision-configurations"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(CreateOrUpdateFlowDecisionConfigurationRequest)
      .addSuccess(CreateOrUpdateFlowDecisionConfigurationResponse)
      .annotate(OpenApi.Summary, "Saves decision nodes of a flow; parts without an id are made anew")
  )
  .add(
    HttpApiEndpoint.del(
      "deleteFlowDecisionConfiguration",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/decision-configurations"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setUrlParams(
        Schema.Struct({ nodeIdentifier: Wire.maybe(Schema.String), cleanRoomOverride: Wire.maybe(Wire.BooleanParam) })
      )
      .addSuccess(DeleteFlowDecisionConfigurationResponse)
      .annotate(OpenApi.Summary, "Deletes the decision node named, or every one of the flow when none is named")
  )
{}
