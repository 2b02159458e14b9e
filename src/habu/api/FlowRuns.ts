/**
 * Flow runs: starting, following, resuming and replaying them, and reading what each node produced.
 *
 * Habu takes 20 starts of flow runs an hour, and 20 reads of one run's state an hour; beyond that it answers 429.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Flows from "./Flows.js"
import * as Operation from "./Operation.js"
import * as QuestionRuns from "./QuestionRuns.js"
import * as Wire from "./Wire.js"

/**
 * What kind of parameter it is: a question's at run time, a dataset's partition, or a file's metadata.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ParameterType = Wire.openEnum(
  "RUN_TIME_PARAMETER",
  "PARTITION_PARAMETER",
  "ARTIFACT_FILE_METADATA",
  "PARAMETER_UNKNOWN"
).annotations({ identifier: "ParameterType" })

export type ParameterType = typeof ParameterType.Type

/**
 * A value that a run was given, and its kind.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FlowRunParameterValue = Schema.Struct({
  value: Wire.text,
  parameterType: Wire.optional(ParameterType)
}).annotations({ identifier: "FlowRunParameterValue" })

export interface FlowRunParameterValue extends Schema.Schema.Type<typeof FlowRunParameterValue> {}

/**
 * The values that one node was given, by parameter name.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FlowRunParameter = Schema.Struct({
  nodeId: Wire.text,
  parameters: Wire.optional(Schema.Record({ key: Schema.String, value: FlowRunParameterValue }))
}).annotations({ identifier: "FlowRunParameter" })

export interface FlowRunParameter extends Schema.Schema.Type<typeof FlowRunParameter> {}

/**
 * A flow run: its state, its times and what its nodes were given, but not their results.
 *
 * `status` is a free text; LiveRamp's pages name Completed, Failed, Paused and Running.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FlowRunMetadata = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  status: Wire.text,
  submittedAt: Wire.moment,
  executedAt: Wire.moment,
  completedAt: Wire.moment,
  flowRunParameters: Wire.optional(Wire.list(FlowRunParameter)),
  runMessage: Wire.text
}).annotations({ identifier: "FlowRunMetadata" })

export interface FlowRunMetadata extends Schema.Schema.Type<typeof FlowRunMetadata> {}

/**
 * A page of a flow's runs, with Habu's count.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListCleanroomFlowRunsResponse = Schema.Struct({
  cleanRoomFlowRuns: Wire.optional(Wire.list(FlowRunMetadata)),
  count: Wire.integer
}).annotations({ identifier: "ListCleanroomFlowRunsResponse" })

export interface ListCleanroomFlowRunsResponse extends Schema.Schema.Type<typeof ListCleanroomFlowRunsResponse> {}

/**
 * The values for one node, by parameter name; every value is a text.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeParametersEntry = Schema.Struct({
  nodeIdentifier: Wire.maybe(Schema.String),
  parameters: Wire.maybe(Schema.Record({ key: Schema.String, value: Schema.String }))
}).annotations({ identifier: "NodeParametersEntry" })

export interface NodeParametersEntry extends Schema.Schema.Type<typeof NodeParametersEntry> {}

/**
 * The run to start, and which nodes of the flow it takes in.
 *
 * Give every run a name of its own: Habu has no idempotency key, so the name is how a run is found again when the
 * answer was lost. `branches` is one text, names separated by commas. `pauseLevelID` halts the run at that level until
 * it is resumed.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateCleanroomFlowRunInput = Schema.Struct({
  name: Wire.maybe(Schema.String),
  pauseLevelID: Wire.maybe(Schema.String),
  nodes: Wire.maybe(Schema.Array(NodeParametersEntry)),
  branches: Wire.maybe(Schema.String),
  excludeNodesWithoutTags: Wire.maybe(Schema.Boolean),
  ignoreParentChildRule: Wire.maybe(Schema.Boolean),
  includeMismatchingTaggedNodes: Wire.maybe(Schema.Boolean),
  datasetAssignments: Wire.maybe(Schema.Array(Flows.NodeDatasetAssignment))
}).annotations({ identifier: "CreateCleanroomFlowRunInput" })

export interface CreateCleanroomFlowRunInput extends Schema.Schema.Type<typeof CreateCleanroomFlowRunInput> {}

/**
 * The data types of a parameter.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UnhygienixFieldType = Wire.openEnum(
  "FIELD_TYPE_UNKNOWN",
  "INTEGER",
  "STRING",
  "DATE",
  "TIMESTAMP",
  "DOUBLE",
  "BIGINT",
  "BOOLEAN",
  "DECIMAL",
  "LONG"
).annotations({ identifier: "UnhygienixFieldType" })

export type UnhygienixFieldType = typeof UnhygienixFieldType.Type

/**
 * A parameter that a node asks for; its key `Id` is spelled with a capital.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ParameterInfo = Schema.Struct({
  Id: Wire.text,
  name: Wire.text,
  displayName: Wire.text,
  index: Wire.integer,
  fieldType: Wire.optional(UnhygienixFieldType),
  parameterType: Wire.optional(ParameterType)
}).annotations({ identifier: "ParameterInfo" })

export interface ParameterInfo extends Schema.Schema.Type<typeof ParameterInfo> {}

/**
 * The parameters that one node asks for, and the name of its question.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FlowRunMetadataParameter = Schema.Struct({
  nodeId: Wire.text,
  nodeQuestionName: Wire.text,
  parameterMetadataList: Wire.optional(Wire.list(ParameterInfo))
}).annotations({ identifier: "FlowRunMetadataParameter" })

export interface FlowRunMetadataParameter extends Schema.Schema.Type<typeof FlowRunMetadataParameter> {}

/**
 * The parameters that the nodes of a flow ask for.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetCleanroomFlowRunParametersResponse = Schema.Struct({
  flowRunParameters: Wire.optional(Wire.list(FlowRunMetadataParameter))
}).annotations({ identifier: "GetCleanroomFlowRunParametersResponse" })

export interface GetCleanroomFlowRunParametersResponse
  extends Schema.Schema.Type<typeof GetCleanroomFlowRunParametersResponse>
{}

/**
 * The run to preview: which nodes and datasets it would take in. With `parentFlowRunId` it is a replay of that run.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PreviewFlowRunParametersInput = Schema.Struct({
  branches: Wire.maybe(Schema.String),
  excludeNodesWithoutTags: Wire.maybe(Schema.Boolean),
  ignoreParentChildRule: Wire.maybe(Schema.Boolean),
  includeMismatchingTaggedNodes: Wire.maybe(Schema.Boolean),
  datasetAssignments: Wire.maybe(Schema.Array(Flows.NodeDatasetAssignment)),
  parentFlowRunId: Wire.maybe(Schema.String)
}).annotations({ identifier: "PreviewFlowRunParametersInput" })

export interface PreviewFlowRunParametersInput extends Schema.Schema.Type<typeof PreviewFlowRunParametersInput> {}

/**
 * The parameters that a node would ask for, those of its question and those of its partitions in one list.
 *
 * `nodeId` is the node's UUID; `nodeIdentifier` is only its label.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FlowNodeParameterPreview = Schema.Struct({
  nodeId: Wire.text,
  nodeIdentifier: Wire.text,
  questionName: Wire.text,
  questionVersion: Wire.integer,
  nodeLevel: Wire.integer,
  parameters: Wire.optional(Wire.list(ParameterInfo))
}).annotations({ identifier: "FlowNodeParameterPreview" })

export interface FlowNodeParameterPreview extends Schema.Schema.Type<typeof FlowNodeParameterPreview> {}

/**
 * The nodes that the previewed run would take in.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PreviewFlowRunParametersResponse = Schema.Struct({
  nodes: Wire.optional(Wire.list(FlowNodeParameterPreview))
}).annotations({ identifier: "PreviewFlowRunParametersResponse" })

export interface PreviewFlowRunParametersResponse extends Schema.Schema.Type<typeof PreviewFlowRunParametersResponse> {}

/**
 * How far a paused run goes on: to its end, or to the level that `pauseLevelID` names.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ResumeCleanroomFlowRunInput = Schema.Struct({
  pauseLevelID: Wire.maybe(Schema.String)
}).annotations({ identifier: "ResumeCleanroomFlowRunInput" })

export interface ResumeCleanroomFlowRunInput extends Schema.Schema.Type<typeof ResumeCleanroomFlowRunInput> {}

/**
 * The answer to resuming; `success` may be false although the status is 200.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ResumeCleanroomFlowRunApiResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "ResumeCleanroomFlowRunApiResponse" })

export interface ResumeCleanroomFlowRunApiResponse
  extends Schema.Schema.Type<typeof ResumeCleanroomFlowRunApiResponse>
{}

/**
 * The level to start from again, and what the new run is given in place of the old run's values.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ReplayCleanroomFlowRunInput = Schema.Struct({
  startLevelID: Wire.maybe(Schema.String),
  pauseLevelID: Wire.maybe(Schema.String),
  nodes: Wire.maybe(Schema.Array(NodeParametersEntry)),
  branches: Wire.maybe(Schema.String),
  excludeNodesWithoutTags: Wire.maybe(Schema.Boolean),
  includeMismatchingTaggedNodes: Wire.maybe(Schema.Boolean),
  datasetAssignments: Wire.maybe(Schema.Array(Flows.NodeDatasetAssignment)),
  name: Wire.maybe(Schema.String)
}).annotations({ identifier: "ReplayCleanroomFlowRunInput" })

export interface ReplayCleanroomFlowRunInput extends Schema.Schema.Type<typeof ReplayCleanroomFlowRunInput> {}

/**
 * The answer to a replay: the id of the new run; `success` may be false although the status is 200.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ReplayCleanroomFlowRunApiResponse = Schema.Struct({
  success: Wire.flag,
  cleanRoomFlowRunID: Wire.text
}).annotations({ identifier: "ReplayCleanroomFlowRunApiResponse" })

export interface ReplayCleanroomFlowRunApiResponse
  extends Schema.Schema.Type<typeof ReplayCleanroomFlowRunApiResponse>
{}

/**
 * The state of a flow run, a free text.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetCleanroomFlowRunStatusResponse = Schema.Struct({
  status: Wire.text
}).annotations({ identifier: "GetCleanroomFlowRunStatusResponse" })

export interface GetCleanroomFlowRunStatusResponse
  extends Schema.Schema.Type<typeof GetCleanroomFlowRunStatusResponse>
{}

/**
 * A node of a run. Only `id` names it to other operations: `label` is what a person sees (operation
 * getCleanroomFlowRunOutputNodes).
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomFlowRunOutputNode = Schema.Struct({
  id: Wire.text,
  flowId: Wire.text,
  label: Wire.text,
  nodeType: Wire.text,
  referenceId: Wire.text,
  positionX: Wire.integer,
  positionY: Wire.integer,
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(Common.UserAudit),
  level: Wire.integer,
  title: Wire.text,
  cleanroomQuestionId: Wire.text
}).annotations({ identifier: "CleanroomFlowRunOutputNode" })

export interface CleanroomFlowRunOutputNode extends Schema.Schema.Type<typeof CleanroomFlowRunOutputNode> {}

/**
 * A node, and the id and state of its own run.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetCleanroomFlowRunOutputNodeResponseObject = Schema.Struct({
  node: Wire.optional(CleanroomFlowRunOutputNode),
  runStatus: Wire.text,
  runID: Wire.text
}).annotations({ identifier: "GetCleanroomFlowRunOutputNodeResponseObject" })

export interface GetCleanroomFlowRunOutputNodeResponseObject
  extends Schema.Schema.Type<typeof GetCleanroomFlowRunOutputNodeResponseObject>
{}

/**
 * All nodes of a run: where the ids come from that a result or a file is asked for with.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomFlowRunOutputNodes = Wire.list(GetCleanroomFlowRunOutputNodeResponseObject).annotations({
  identifier: "CleanroomFlowRunOutputNodes"
})

export type CleanroomFlowRunOutputNodes = typeof CleanroomFlowRunOutputNodes.Type

/**
 * The operations on flow runs. A flow run can be neither cancelled nor deleted.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("FlowRuns", { topLevel: true })
  .add(
    HttpApiEndpoint.post(
      "resumeCleanroomFlowRun",
      "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId/resume-flow-run"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .setPayload(ResumeCleanroomFlowRunInput)
      .addSuccess(ResumeCleanroomFlowRunApiResponse)
      .annotate(OpenApi.Summary, "Lets a paused flow run go on")
      .annotate(Operation.SpendsAnnotation, "flow_run_start")
  )
  .add(
    HttpApiEndpoint.post(
      "replayCleanroomFlowRun",
      "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId/replay-flow-run"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .setPayload(ReplayCleanroomFlowRunInput)
      .addSuccess(ReplayCleanroomFlowRunApiResponse)
      .annotate(OpenApi.Summary, "Runs a flow run again from one of its levels on, as a new run")
      .annotate(Operation.SpendsAnnotation, "flow_run_start")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowRunStatus",
      "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId/status"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .addSuccess(GetCleanroomFlowRunStatusResponse)
      .annotate(OpenApi.Summary, "Reads the state of a flow run; ask at most every three minutes")
      .annotate(Operation.PollsAnnotation, { parameter: "cleanroomFlowRunId", seconds: 180 })
  )
  .add(
    HttpApiEndpoint.get(
      "listCleanroomFlowRuns",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/cleanroom-flow-runs"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setUrlParams(
        Schema.Struct({
          search: Wire.maybe(Schema.String),
          ...Common.Page.fields
        })
      )
      .addSuccess(ListCleanroomFlowRunsResponse)
      .annotate(
        OpenApi.Summary,
        "Lists the runs of a flow, 30 a page unless limited; searches their names, states and ids"
      )
  )
  .add(
    HttpApiEndpoint.post(
      "createOrUpdateCleanroomFlowRun",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/cleanroom-flow-runs"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(CreateCleanroomFlowRunInput)
      .addSuccess(FlowRunMetadata)
      .annotate(OpenApi.Summary, "Starts a flow run; Habu takes 20 starts an hour")
      .annotate(Operation.SpendsAnnotation, "flow_run_start")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowRunparameters",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/flow-run-parameters"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .addSuccess(GetCleanroomFlowRunParametersResponse)
      .annotate(OpenApi.Summary, "Lists the parameters that the nodes of a flow ask for")
  )
  .add(
    HttpApiEndpoint.post(
      "previewFlowRunParameters",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/preview-flow-run-parameters"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(PreviewFlowRunParametersInput)
      .addSuccess(PreviewFlowRunParametersResponse)
      .annotate(OpenApi.Summary, "Tells what a flow run would ask for, by a POST that starts nothing")
      .annotate(Operation.EffectAnnotation, "read")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomFlowRunByID", "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .addSuccess(FlowRunMetadata)
      .annotate(OpenApi.Summary, "Reads one flow run with its times and parameters; ask at most every three minutes")
      .annotate(Operation.PollsAnnotation, { parameter: "cleanroomFlowRunId", seconds: 180 })
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowRunReport",
      "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId/report"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .setUrlParams(
        Schema.Struct({
          node: Schema.String,
          ...Common.Page.fields
        })
      )
      .addSuccess(QuestionRuns.QuestionRunResultData)
      .annotate(
        OpenApi.Summary,
        "Reads a page of one node's result, 500 rows unless limited; name the node by its UUID"
      )
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowRunOutputNodes",
      "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId/output-nodes"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .addSuccess(CleanroomFlowRunOutputNodes)
      .annotate(OpenApi.Summary, "Lists the nodes of a flow run with their ids and states")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowRunNodeOutputFile",
      "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId/node/:nodeIdentifier/download/:fileName"
    )
      .setPath(
        Schema.Struct({
          cleanroomId: Wire.PathSegment,
          cleanroomFlowRunId: Wire.PathSegment,
          nodeIdentifier: Wire.PathSegment,
          fileName: Wire.PathSegment
        })
      )
      .addSuccess(Wire.FileContent)
      .annotate(OpenApi.Summary, "Downloads one output file of one node; name the node by its UUID")
  )
{}
