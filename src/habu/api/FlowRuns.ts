/**
 * DOC module FlowRuns
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Flows from "./Flows.js"
import * as QuestionRuns from "./QuestionRuns.js"
import * as Wire from "./Wire.js"

/**
 * DOC ParameterType
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
 * DOC FlowRunParameterValue
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
 * DOC FlowRunParameter
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
 * DOC FlowRunMetadata
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
 * DOC ListCleanroomFlowRunsResponse
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
 * DOC NodeParametersEntry
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
 * DOC CreateCleanroomFlowRunInput
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
 * DOC UnhygienixFieldType
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
 * DOC ParameterInfo
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
 * DOC FlowRunMetadataParameter
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
 * DOC GetCleanroomFlowRunParametersResponse
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
 * DOC PreviewFlowRunParametersInput
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
 * DOC FlowNodeParameterPreview
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
 * DOC PreviewFlowRunParametersResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const PreviewFlowRunParametersResponse = Schema.Struct({
  nodes: Wire.optional(Wire.list(FlowNodeParameterPreview))
}).annotations({ identifier: "PreviewFlowRunParametersResponse" })

export interface PreviewFlowRunParametersResponse extends Schema.Schema.Type<typeof PreviewFlowRunParametersResponse> {}

/**
 * DOC ResumeCleanroomFlowRunInput
 *
 * @since 0.1.0
 * @category schemas
 */
export const ResumeCleanroomFlowRunInput = Schema.Struct({
  pauseLevelID: Wire.maybe(Schema.String)
}).annotations({ identifier: "ResumeCleanroomFlowRunInput" })

export interface ResumeCleanroomFlowRunInput extends Schema.Schema.Type<typeof ResumeCleanroomFlowRunInput> {}

/**
 * DOC ResumeCleanroomFlowRunApiResponse
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
 * DOC ReplayCleanroomFlowRunInput
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
 * DOC ReplayCleanroomFlowRunApiResponse
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
 * DOC GetCleanroomFlowRunStatusResponse
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
 * DOC CleanroomFlowRunOutputNode
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
 * DOC GetCleanroomFlowRunOutputNodeResponseObject
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
 * DOC CleanroomFlowRunOutputNodes
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomFlowRunOutputNodes = Wire.list(GetCleanroomFlowRunOutputNodeResponseObject).annotations({
  identifier: "CleanroomFlowRunOutputNodes"
})

export type CleanroomFlowRunOutputNodes = typeof CleanroomFlowRunOutputNodes.Type

/**
 * DOC group FlowRuns
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
      .annotate(OpenApi.Summary, "DOC resumeCleanroomFlowRun")
  )
  .add(
    HttpApiEndpoint.post(
      "replayCleanroomFlowRun",
      "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId/replay-flow-run"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .setPayload(ReplayCleanroomFlowRunInput)
      .addSuccess(ReplayCleanroomFlowRunApiResponse)
      .annotate(OpenApi.Summary, "DOC replayCleanroomFlowRun")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowRunStatus",
      "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId/status"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .addSuccess(GetCleanroomFlowRunStatusResponse)
      .annotate(OpenApi.Summary, "DOC getCleanroomFlowRunStatus")
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
          limit: Wire.maybe(Wire.IntegerParam),
          offset: Wire.maybe(Wire.IntegerParam)
        })
      )
      .addSuccess(ListCleanroomFlowRunsResponse)
      .annotate(OpenApi.Summary, "DOC listCleanroomFlowRuns")
  )
  .add(
    HttpApiEndpoint.post(
      "createOrUpdateCleanroomFlowRun",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/cleanroom-flow-runs"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(CreateCleanroomFlowRunInput)
      .addSuccess(FlowRunMetadata)
      .annotate(OpenApi.Summary, "DOC createOrUpdateCleanroomFlowRun")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowRunparameters",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/flow-run-parameters"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .addSuccess(GetCleanroomFlowRunParametersResponse)
      .annotate(OpenApi.Summary, "DOC getCleanroomFlowRunparameters")
  )
  .add(
    HttpApiEndpoint.post(
      "previewFlowRunParameters",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/preview-flow-run-parameters"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(PreviewFlowRunParametersInput)
      .addSuccess(PreviewFlowRunParametersResponse)
      .annotate(OpenApi.Summary, "DOC previewFlowRunParameters")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomFlowRunByID", "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .addSuccess(FlowRunMetadata)
      .annotate(OpenApi.Summary, "DOC getCleanroomFlowRunByID")
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
          limit: Wire.maybe(Wire.IntegerParam),
          offset: Wire.maybe(Wire.IntegerParam)
        })
      )
      .addSuccess(QuestionRuns.QuestionRunResultData)
      .annotate(OpenApi.Summary, "DOC getCleanroomFlowRunReport")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomFlowRunOutputNodes",
      "/cleanrooms/:cleanroomId/cleanroom-flow-runs/:cleanroomFlowRunId/output-nodes"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowRunId: Wire.PathSegment }))
      .addSuccess(CleanroomFlowRunOutputNodes)
      .annotate(OpenApi.Summary, "DOC getCleanroomFlowRunOutputNodes")
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
      .addSuccess(Wire.Text)
      .annotate(OpenApi.Summary, "DOC getCleanroomFlowRunNodeOutputFile")
  )
{}
