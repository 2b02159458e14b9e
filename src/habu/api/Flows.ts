/**
 * DOC module Flows
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as CleanRooms from "./CleanRooms.js"
import * as Common from "./Common.js"
import * as Wire from "./Wire.js"

/**
 * DOC CreateFlowResponse
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
 * DOC APIFieldMapping
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
 * DOC APIEdge
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
 * DOC NodeSettings
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
 * DOC APINode
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
 * DOC CreateFlowRequest
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
 * DOC DecisionConditionResponse
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
 * DOC NodeConfigurationResponse
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
 * DOC RetryConfigResponse
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
 * DOC EdgeReferenceResponse
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
 * DOC GatedEdgesResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const GatedEdgesResponse = Schema.Struct({
  truePath: Wire.optional(Wire.list(EdgeReferenceResponse))
}).annotations({ identifier: "GatedEdgesResponse" })

export interface GatedEdgesResponse extends Schema.Schema.Type<typeof GatedEdgesResponse> {}

/**
 * DOC DecisionNodeResponse
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
 * DOC GetFlowDecisionConfigurationResponse
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
 * DOC DecisionConditionInput
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
 * DOC NodeConfigurationInput
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
 * DOC RetryConfigInput
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
 * DOC EdgeReferenceInput
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
 * DOC GatedEdgesInput
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
 * DOC DecisionNodeInput
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
 * DOC CreateOrUpdateFlowDecisionConfigurationRequest
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
 * DOC CreateOrUpdateFlowDecisionConfigurationResponse
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
 * DOC DeleteFlowDecisionConfigurationResponse
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
 * DOC ListCleanroomFlowsRequest
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
 * DOC UserRefInfo
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
 * DOC NestedUserAudit
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
 * DOC ListItemFlow
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
 * DOC ListItemCleanroomFlow
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
 * DOC ListCleanroomFlowsResponse
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
 * DOC GetCleanroomFlowResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetCleanroomFlowResponse = Schema.Struct({
  cleanRoomFlow: Wire.optional(ListItemCleanroomFlow)
}).annotations({ identifier: "GetCleanroomFlowResponse" })

export interface GetCleanroomFlowResponse extends Schema.Schema.Type<typeof GetCleanroomFlowResponse> {}

/**
 * DOC FieldMapping
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
 * DOC DatasetAssignment
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
 * DOC NodeDatasetAssignment
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
 * DOC AssignFlowDatasetsRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const AssignFlowDatasetsRequest = Schema.Struct({
  nodeDatasets: Schema.Array(NodeDatasetAssignment)
}).annotations({ identifier: "AssignFlowDatasetsRequest" })

export interface AssignFlowDatasetsRequest extends Schema.Schema.Type<typeof AssignFlowDatasetsRequest> {}

/**
 * DOC DatasetOwnership
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetOwnership = Wire.openEnum("OWNER", "PARTNER").annotations({ identifier: "DatasetOwnership" })

export type DatasetOwnership = typeof DatasetOwnership.Type

/**
 * DOC AssignedDatasetResult
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
 * DOC AssignFlowDatasetsResponse
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
 * DOC GetDatasetOrganizationsRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetDatasetOrganizationsRequest = Schema.Struct({
  datasetIdentifiers: Schema.Array(Schema.String)
}).annotations({ identifier: "GetDatasetOrganizationsRequest" })

export interface GetDatasetOrganizationsRequest extends Schema.Schema.Type<typeof GetDatasetOrganizationsRequest> {}

/**
 * DOC DatasetOrganizationInfo
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
 * DOC GetDatasetOrganizationsResponse
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
 * DOC FlowNodeMetadata
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
 * DOC CleanroomFlowNodeDetails
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomFlowNodeDetails = Schema.Struct({
  nodes: Wire.optional(Wire.list(FlowNodeMetadata))
}).annotations({ identifier: "CleanroomFlowNodeDetails" })

export interface CleanroomFlowNodeDetails extends Schema.Schema.Type<typeof CleanroomFlowNodeDetails> {}

/**
 * DOC group Flows
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Flows", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getCleanroomFlow", "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .addSuccess(GetCleanroomFlowResponse)
      .annotate(OpenApi.Summary, "DOC getCleanroomFlow")
  )
  .add(
    HttpApiEndpoint.post("createOrUpdateCleanroomFlow", "/cleanrooms/:cleanroomId/cleanroom-flows")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(CreateFlowRequest)
      .addSuccess(CreateFlowResponse)
      .annotate(OpenApi.Summary, "DOC createOrUpdateCleanroomFlow")
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
      .annotate(OpenApi.Summary, "DOC setCleanroomFlowVersion")
  )
  .add(
    HttpApiEndpoint.post("listCleanroomFlows", "/cleanrooms/:cleanroomId/cleanroom-flows/list")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(ListCleanroomFlowsRequest)
      .addSuccess(ListCleanroomFlowsResponse)
      .annotate(OpenApi.Summary, "DOC listCleanroomFlows")
  )
  .add(
    HttpApiEndpoint.post(
      "assignCleanroomFlowDatasets",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/assign-datasets"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(AssignFlowDatasetsRequest)
      .addSuccess(AssignFlowDatasetsResponse)
      .annotate(OpenApi.Summary, "DOC assignCleanroomFlowDatasets")
  )
  .add(
    HttpApiEndpoint.post("getDatasetOrganizations", "/cleanrooms/:cleanroomId/dataset-organizations")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(GetDatasetOrganizationsRequest)
      .addSuccess(GetDatasetOrganizationsResponse)
      .annotate(OpenApi.Summary, "DOC getDatasetOrganizations")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowNodeDetails",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/node-details"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .addSuccess(CleanroomFlowNodeDetails)
      .annotate(OpenApi.Summary, "DOC getCleanroomFlowNodeDetails")
  )
  .add(
    HttpApiEndpoint.get(
      "getFlowDecisionConfiguration",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/decision-configurations"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ nodeIdentifier: Wire.maybe(Schema.String) }))
      .addSuccess(GetFlowDecisionConfigurationResponse)
      .annotate(OpenApi.Summary, "DOC getFlowDecisionConfiguration")
  )
  .add(
    HttpApiEndpoint.post(
      "createOrUpdateFlowDecisionConfiguration",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/decision-configurations"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(CreateOrUpdateFlowDecisionConfigurationRequest)
      .addSuccess(CreateOrUpdateFlowDecisionConfigurationResponse)
      .annotate(OpenApi.Summary, "DOC createOrUpdateFlowDecisionConfiguration")
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
      .annotate(OpenApi.Summary, "DOC deleteFlowDecisionConfiguration")
  )
{}
