/**
 * Runs of clean room questions: starting one, following it, reading its results and finding out why it failed.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Operation from "./Operation.js"
import * as Wire from "./Wire.js"

/**
 * The statuses that a run is known to have (operation getAllCleanroomQuestionRuns).
 *
 * The `PARTNER_…` ones are of runs that execute on the customer's or a partner's side.
 *
 * @since 0.1.0
 * @category statuses
 */
export const runStatuses = [
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
] as const

/**
 * The status of a run as it reads back: one of {@link runStatuses}, or a text that Habu has added since.
 *
 * @since 0.1.0
 * @category statuses
 */
export const RunStatus = Wire.openEnum(...runStatuses).annotations({ identifier: "RunStatus" })

export type RunStatus = typeof RunStatus.Type

/**
 * The statuses after which a run changes no more; only `COMPLETED` has results.
 *
 * `PARTNER_COMPLETED` is not among them, because Habu may still work on what the partner's side delivered.
 *
 * @since 0.1.0
 * @category statuses
 */
export const terminalRunStatuses: ReadonlyArray<RunStatus> = ["COMPLETED", "FAILED", "PARTNER_FAILED", "ERROR"]

/**
 * A run to start. `name` is all that tells runs apart for people and for us, so make it unlike any other.
 *
 * `parameters` is one flat map of texts. The values of partition columns belong in it too, by names such as
 * `<dataset>.date_start` and `<dataset>.date_end`, with days as `yyyy-mm-dd`. Missing ones, or ones sent beside the
 * map, are no error: the run completes with 0 rows (seen live).
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
 * The value that a run took for a partition column.
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
 * The partition values that a run really used.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunPartitionParameters = Wire.list(CleanroomQuestionRunPartitionParameter).annotations({
  identifier: "CleanroomQuestionRunPartitionParameters"
})

export type CleanroomQuestionRunPartitionParameters = typeof CleanroomQuestionRunPartitionParameters.Type

/**
 * A run as it reads back; it does not say which question it belongs to.
 *
 * Queue time is `submittedAt` to `executedAt`, run time `executedAt` to `completedAt`. `failureReason`, `runMessage`
 * and `isRetryable` explain a failure. `saltKey`, the salt of the hashed columns, is kept redacted.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionRunMetadata = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  status: Wire.optional(RunStatus),
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
    saltKey: Wire.optional(Schema.Redacted(Wire.Text))
  })),
  failureReason: Wire.text,
  isRetryable: Wire.flag,
  runMessage: Wire.text,
  questionVersion: Wire.integer
}).annotations({ identifier: "QuestionRunMetadata" })

export interface QuestionRunMetadata extends Schema.Schema.Type<typeof QuestionRunMetadata> {}

/**
 * The runs of one clean room question.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionRunsMetadata = Wire.list(QuestionRunMetadata).annotations({ identifier: "QuestionRunsMetadata" })

export type QuestionRunsMetadata = typeof QuestionRunsMetadata.Type

/**
 * What the side that executes a run reports about it. `id` repeats the run's id from the path.
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
 * Habu's word on a report: a code and a message, where it sends any.
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
 * A column of a result: `columnName` is its key in the rows, `fieldName` its name for people.
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
 * A row of a result. Every value is text, numbers too (seen live), and null is SQL's NULL.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RunTableStats = Schema.Record({ key: Schema.String, value: Schema.NullOr(Wire.Text) }).annotations({
  identifier: "RunTableStats"
})

export interface RunTableStats extends Schema.Schema.Type<typeof RunTableStats> {}

const isPlain = (row: unknown): row is RunTableStats => {
  if (!Predicate.isRecord(row)) return false
  for (const key in row) if (typeof row[key] !== "string" && row[key] !== null) return false
  return true
}

// What results mostly look like is told at a glance: a page holds tens of thousands of values, and there may be hundreds
// of pages.
const plainRows = Schema.declare((rows: unknown): rows is ReadonlyArray<RunTableStats> =>
  Array.isArray(rows) && rows.every(isPlain)
).annotations({
  jsonSchema: { type: "array", [Wire.lenientMark]: true },
  arbitrary: () => (fc) => fc.constant([])
})

/**
 * One page of a result with its columns. Rows below the crowd size are left out of it without a word.
 *
 * A question with several outputs names their files in `multipleOutputs`, to be fetched one by one.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionRunResultData = Schema.Struct({
  metadata: Wire.optional(Wire.list(RunTableMetadata)),
  stats: Wire.optional(Schema.Union(plainRows, Wire.list(RunTableStats))),
  count: Wire.integer,
  multipleOutputs: Wire.optional(Wire.list(Wire.Text))
}).annotations({ identifier: "QuestionRunResultData" })

export interface QuestionRunResultData extends Schema.Schema.Type<typeof QuestionRunResultData> {}

/**
 * One thing that happened to a run; `details` holds whatever Habu adds to that kind of event.
 *
 * @since 0.1.0
 * @category schemas
 */
export const AuditDetails = Schema.Struct({
  eventTime: Wire.moment,
  eventType: Wire.text,
  message: Wire.text,
  details: Wire.optional(Schema.Record({ key: Schema.String, value: Schema.Unknown }))
}).annotations({ identifier: "AuditDetails" })

export interface AuditDetails extends Schema.Schema.Type<typeof AuditDetails> {}

/**
 * All that happened to a run.
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
 * How many records of a run's user list went to one destination.
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
 * Everywhere that a run's user list went.
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
 * How a run's query is executed. Status 200 alone does not mean that there is a plan: with `success` false,
 * `errorMessage` says why not.
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

const CleanRoomQuestionPath = Schema.Struct({ cleanroomQuestionId: Wire.PathSegment })

const RunPath = Schema.Struct({ cleanroomQuestionRunId: Wire.PathSegment })

/**
 * Runs by id, a UUID; people see a run's name only, and no operation finds a run by it or lists a whole clean room's.
 *
 * A run often takes 15 to 30 minutes (seen live). No operation cancels one.
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
      .setPath(CleanRoomQuestionPath)
      .setUrlParams(Schema.Struct({
        status: Wire.maybe(Schema.Literal(...runStatuses)),
        startDate: Wire.maybe(Schema.String),
        endDate: Wire.maybe(Schema.String),
        ...Common.Page.fields
      }))
      .addSuccess(QuestionRunsMetadata)
      .annotate(OpenApi.Summary, "Lists the runs of a clean room question.")
      .annotate(
        OpenApi.Description,
        "30 at a time by default, 100 at most. The days `yyyy-mm-dd` bound the submission."
      )
  )
  .add(
    HttpApiEndpoint.post("createCleanroomQuestionRun", "/cleanroom-questions/:cleanroomQuestionId/create-run")
      .setPath(CleanRoomQuestionPath)
      .setPayload(QuestionRunCreateParameters)
      .addSuccess(QuestionRunMetadata)
      .annotate(Operation.SpendsAnnotation, "question_run_start")
      .annotate(OpenApi.Summary, "Starts a run of a clean room question.")
      .annotate(OpenApi.Description, "412 unless the question is READY. Every call makes a run, one of 20 an hour.")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionRunById", "/cleanroom-question-runs/:cleanroomQuestionRunId")
      .setPath(RunPath)
      .addSuccess(QuestionRunMetadata)
      .annotate(Operation.PollsAnnotation, { parameter: "cleanroomQuestionRunId", seconds: 300 })
      .annotate(OpenApi.Summary, "Reads one run, above all its status.")
      .annotate(OpenApi.Description, "Habu asks for no more than one call per run in 5 minutes.")
  )
  .add(
    HttpApiEndpoint.put("updateCleanroomQuestionRunStatus", "/cleanroom-question-runs/:cleanroomQuestionRunId")
      .setPath(RunPath)
      .setPayload(QuestionRunStatus)
      .addSuccess(ReturnObject)
      .annotate(OpenApi.Summary, "Reports the status of a run that executes on the customer's own side.")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroomQuestionRun", "/cleanroom-question-runs/:cleanroomQuestionRunId")
      .setPath(RunPath)
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Deletes a run for good.")
      .annotate(OpenApi.Description, "Habu does not say whether this stops a run that is under way.")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionRunData", "/cleanroom-question-runs/:cleanroomQuestionRunId/data")
      .setPath(RunPath)
      .setUrlParams(Common.Page)
      .addSuccess(QuestionRunResultData)
      .annotate(OpenApi.Summary, "Reads a page of a completed run's result.")
      .annotate(OpenApi.Description, "500 rows by default; results of thousands of rows were seen.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunDataCount",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/data/count"
    )
      .setPath(RunPath)
      .addSuccess(Wire.Integer)
      .annotate(OpenApi.Summary, "Counts the rows of a completed run's result.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunOutputFile",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/download/:fileName"
    )
      .setPath(Schema.Struct({ ...RunPath.fields, fileName: Wire.PathSegment }))
      .addSuccess(Wire.FileContent)
      .annotate(OpenApi.Summary, "Fetches one file of a run whose question has several outputs.")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionRunAudit", "/cleanroom-question-runs/:cleanroomQuestionRunId/audit")
      .setPath(RunPath)
      .addSuccess(CleanroomQuestionRunAuditDetails)
      .annotate(OpenApi.Summary, "Tells what happened to a run, event by event.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunPartitionParameters",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/partition-parameters"
    )
      .setPath(RunPath)
      .addSuccess(CleanroomQuestionRunPartitionParameters)
      .annotate(OpenApi.Summary, "Tells the partition values that a run really used.")
      .annotate(OpenApi.Description, "The first place to look when a run completed with 0 rows.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunExplainPlan",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/explain-plan"
    )
      .setPath(RunPath)
      .addSuccess(GetExplainPlanResponse)
      .annotate(OpenApi.Summary, "Explains how a run's query is executed. For SQL questions only.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunActivationSummaries",
      "/cleanroom-question-runs/:cleanroomQuestionRunId/activation-summary"
    )
      .setPath(RunPath)
      .addSuccess(CleanroomQuestionRunActivationSummary)
      .annotate(OpenApi.Summary, "Tells where a run's user list was sent and how many records went.")
  )
{}
