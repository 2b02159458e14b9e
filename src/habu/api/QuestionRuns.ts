/**
 * DOC module QuestionRuns
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Wire from "./Wire.js"

/**
 * DOC QuestionRunStatus
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionRunStatus = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  postRunDetails: Wire.maybe(Schema.Record({ key: Schema.String, value: Schema.String }))
}).annotations({ identifier: "QuestionRunStatus" })

export interface QuestionRunStatus extends Schema.Schema.Type<typeof QuestionRunStatus> {}

/**
 * DOC CleanroomQuestionRunPartitionParameter
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunPartitionParameter = Schema.Struct({
  name: Wire.text,
  value: Wire.text,
  dataType: Wire.text
}).annotations({ identifier: "CleanroomQuestionRunPartitionParameter" })

export interface CleanroomQuestionRunPartitionParameter
  extends Schema.Schema.Type<typeof CleanroomQuestionRunPartitionParameter>
{}

/**
 * DOC CleanroomQuestionRunPartitionParameters
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunPartitionParameters = Wire.list(CleanroomQuestionRunPartitionParameter).annotations({
  identifier: "CleanroomQuestionRunPartitionParameters"
})

export type CleanroomQuestionRunPartitionParameters = typeof CleanroomQuestionRunPartitionParameters.Type

/**
 * DOC QuestionRunMetadata
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionRunMetadata = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  status: Wire.text,
  submittedAt: Wire.moment,
  executedAt: Wire.moment,
  completedAt: Wire.moment,
  parameters: Wire.optional(Wire.TextRecord),
  partitionParameters: Wire.optional(CleanroomQuestionRunPartitionParameters),
  runMetadata: Wire.optional(Schema.Struct({
    dataOutLocation: Wire.text,
    datasetParameters: Wire.optional(Wire.list(Schema.Struct({
      dataSetId: Wire.text,
      dataSetName: Wire.text,
      dataInLocation: Wire.text,
      hashedColumns: Wire.optional(Wire.list(Wire.Text))
    }))),
    saltKey: Wire.text
  })),
  failureReason: Wire.text,
  isRetryable: Wire.flag,
  runMessage: Wire.text,
  questionVersion: Wire.integer
}).annotations({ identifier: "QuestionRunMetadata" })

export interface QuestionRunMetadata extends Schema.Schema.Type<typeof QuestionRunMetadata> {}

/**
 * DOC QuestionRunCreateParameters
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionRunCreateParameters = Schema.Struct({
  name: Schema.String,
  parameters: Wire.maybe(Schema.Record({ key: Schema.String, value: Schema.String }))
}).annotations({ identifier: "QuestionRunCreateParameters" })

export interface QuestionRunCreateParameters extends Schema.Schema.Type<typeof QuestionRunCreateParameters> {}

/**
 * DOC RunTableMetadata
 *
 * @since 0.1.0
 * @category schemas
 */
export const RunTableMetadata = Schema.Struct({
  fieldName: Wire.text,
  dataType: Wire.text,
  columnName: Wire.text
}).annotations({ identifier: "RunTableMetadata" })

export interface RunTableMetadata extends Schema.Schema.Type<typeof RunTableMetadata> {}

/**
 * DOC RunTableStats
 *
 * @since 0.1.0
 * @category schemas
 */
export const RunTableStats = Wire.TextRecord.annotations({ identifier: "RunTableStats" })

export type RunTableStats = typeof RunTableStats.Type

/**
 * DOC QuestionRunResultData
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionRunResultData = Schema.Struct({
  metadata: Wire.optional(Wire.list(RunTableMetadata)),
  stats: Wire.optional(Wire.list(RunTableStats)),
  count: Wire.integer,
  multipleOutputs: Wire.optional(Wire.list(Wire.Text))
}).annotations({ identifier: "QuestionRunResultData" })

export interface QuestionRunResultData extends Schema.Schema.Type<typeof QuestionRunResultData> {}

/**
 * DOC AuditDetails
 *
 * @since 0.1.0
 * @category schemas
 */
export const AuditDetails = Schema.Struct({
  eventTime: Wire.moment,
  eventType: Wire.text,
  message: Wire.text,
  details: Wire.optional(Wire.TextRecord)
}).annotations({ identifier: "AuditDetails" })

export interface AuditDetails extends Schema.Schema.Type<typeof AuditDetails> {}

/**
 * DOC CleanroomQuestionRunAuditDetails
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunAuditDetails = Schema.Struct({
  cleanroomQuestionRunId: Wire.text,
  auditDetails: Wire.optional(Wire.list(AuditDetails))
}).annotations({ identifier: "CleanroomQuestionRunAuditDetails" })

export interface CleanroomQuestionRunAuditDetails extends Schema.Schema.Type<typeof CleanroomQuestionRunAuditDetails> {}

/**
 * DOC ActivationSummary
 *
 * @since 0.1.0
 * @category schemas
 */
export const ActivationSummary = Schema.Struct({
  activationPartner: Wire.text,
  activationChannel: Wire.text,
  segmentCode: Wire.text,
  identityType: Wire.text,
  lastProcessed: Wire.moment,
  recordsSent: Wire.integer,
  status: Wire.text
}).annotations({ identifier: "ActivationSummary" })

export interface ActivationSummary extends Schema.Schema.Type<typeof ActivationSummary> {}

/**
 * DOC CleanroomQuestionRunActivationSummary
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunActivationSummary = Schema.Struct({
  cleanroomQuestionRunId: Wire.text,
  cleanroomQuestionRunName: Wire.text,
  activationSummary: Wire.optional(Wire.list(ActivationSummary))
}).annotations({ identifier: "CleanroomQuestionRunActivationSummary" })

export interface CleanroomQuestionRunActivationSummary
  extends Schema.Schema.Type<typeof CleanroomQuestionRunActivationSummary>
{}

/**
 * DOC QuestionRunsMetadata
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionRunsMetadata = Wire.list(QuestionRunMetadata).annotations({ identifier: "QuestionRunsMetadata" })

export type QuestionRunsMetadata = typeof QuestionRunsMetadata.Type

/**
 * DOC ReturnObject
 *
 * @since 0.1.0
 * @category schemas
 */
export const ReturnObject = Schema.Struct({
  code: Wire.text,
  message: Wire.text
}).annotations({ identifier: "ReturnObject" })

export interface ReturnObject extends Schema.Schema.Type<typeof ReturnObject> {}

/**
 * DOC GetExplainPlanResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetExplainPlanResponse = Schema.Struct({
  success: Wire.flag,
  explainPlan: Wire.text,
  errorMessage: Wire.text
}).annotations({ identifier: "GetExplainPlanResponse" })

export interface GetExplainPlanResponse extends Schema.Schema.Type<typeof GetExplainPlanResponse> {}

/**
 * DOC group QuestionRuns
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("QuestionRuns", { topLevel: true })
  .add(
    HttpApiEndpoint.get(
      "getAllCleanroomQuestionRuns",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-runs"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({
        status: Wire.maybe(
          Schema.Literal(
            "QUEUED",
            "RUNNING",
            "COMPLETED",
            "FAILED",
            "PARTNER_QUEUED",
            "PARTNER_RUNNING",
            "PARTNER_COMPLETED",
            "PARTNER_FAILED",
            "ERROR",
            "PENDING_RETRY"
          )
        ),
        startDate: Wire.maybe(Schema.String),
        endDate: Wire.maybe(Schema.String),
        limit: Wire.maybe(Wire.IntegerParam),
        offset: Wire.maybe(Wire.IntegerParam)
      }))
      .addSuccess(QuestionRunsMetadata)
      .annotate(OpenApi.Summary, "DOC getAllCleanroomQuestionRuns")
  )
  .add(
    HttpApiEndpoint.post("createCleanroomQuestionRun", "/cleanroom-questions/:cleanroomQuestionId/create-run")
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setPayload(QuestionRunCreateParameters)
      .addSuccess(QuestionRunMetadata)
      .annotate(OpenApi.Summary, "DOC createCleanroomQuestionRun")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionRunById", "/cleanroom-question-runs/:cleanroomQuestionRunId")
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment }))
      .addSuccess(QuestionRunMetadata)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunById")
  )
  .add(
    HttpApiEndpoint.put("updateCleanroomQuestionRunStatus", "/cleanroom-question-runs/:cleanroomQuestionRunId")
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment }))
      .setPayload(QuestionRunStatus)
      .addSuccess(ReturnObject)
      .annotate(OpenApi.Summary, "DOC updateCleanroomQuestionRunStatus")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroomQuestionRun", "/cleanroom-question-runs/:cleanroomQuestionRunId")
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteCleanroomQuestionRun")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionRunData", "/cleanroom-question-runs/:cleanroomQuestionRunId/data")
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ limit: Wire.maybe(Wire.IntegerParam), offset: Wire.maybe(Wire.IntegerParam) }))
      .addSuccess(QuestionRunResultData)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunData")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunOutputFile",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/download/:fileName"
    )
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment, fileName: Wire.PathSegment }))
      .addSuccess(Wire.Text)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunOutputFile")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunDataCount",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/data/count"
    )
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment }))
      .addSuccess(Wire.Integer)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunDataCount")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionRunAudit", "/cleanroom-question-runs/:cleanroomQuestionRunId/audit")
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment }))
      .addSuccess(CleanroomQuestionRunAuditDetails)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunAudit")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunActivationSummaries",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/activation-summary"
    )
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment }))
      .addSuccess(CleanroomQuestionRunActivationSummary)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunActivationSummaries")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunPartitionParameters",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/partition-parameters"
    )
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment }))
      .addSuccess(CleanroomQuestionRunPartitionParameters)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunPartitionParameters")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunExplainPlan",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/explain-plan"
    )
      .setPath(Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment }))
      .addSuccess(GetExplainPlanResponse)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunExplainPlan")
  )
{}
