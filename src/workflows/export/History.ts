/**
 * What exports sent: the runs of export jobs with what their states mean, and where a run's user list was activated.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { ExportJobRun } from "../../habu/api/Exports.js"
import type { QuestionRunMetadata } from "../../habu/api/QuestionRuns.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { pages, type Placed } from "../../habu/HabuDirectory.js"
import * as Run from "../../runs/Run.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type * as Situation from "./Situation.js"

/**
 * One run of an export.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RunView = Schema.Struct({
  run_status: Schema.String,
  submitted_at: Workflow.maybe(Schema.String),
  ended_at: Workflow.maybe(Schema.String),
  sends: Workflow.maybe(Schema.String),
  records: Workflow.maybe(Schema.Number),
  records_accepted: Workflow.maybe(Schema.Number),
  records_in_all: Workflow.maybe(Schema.Number),
  problem: Workflow.maybe(Schema.String),
  details: Workflow.maybe(Schema.Array(Schema.String))
})

export interface RunView extends Schema.Schema.Type<typeof RunView> {}

/**
 * An export in an answer.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  id: Workflow.maybe(Schema.String),
  name: Workflow.maybe(Schema.String),
  of: Workflow.maybe(Schema.String),
  to: Workflow.maybe(Schema.String),
  job_status: Workflow.maybe(Schema.String),
  destination_stands: Workflow.maybe(Schema.String),
  last_run_at: Workflow.maybe(Schema.String),
  settings: Workflow.maybe(Schema.Array(Schema.String)),
  runs: Workflow.maybe(Schema.Array(RunView)),
  runs_in_all: Workflow.maybe(Schema.Number),
  as_of: Workflow.maybe(Schema.String)
})

export interface View extends Schema.Schema.Type<typeof View> {}

/**
 * Shows an export job.
 *
 * @since 0.1.0
 * @category constructors
 */
export const view = ({ id, job, name }: Situation.Job): View =>
  Workflow.compact({
    id: Words.said(id),
    name: Words.said(name),
    of: Words.said(job.questionName ?? job.questionDisplayName),
    to: Words.said(job.partnerAccount?.name),
    job_status: Words.said(job.status, 30),
    destination_stands: Words.said(job.partnerAccountCrChannelStatus, 40),
    last_run_at: Words.moment(job.jobLastRunTime)
  })

const meanings: { readonly [status: string]: string } = {
  QUEUED: "Waits to be sent; files at the destination are from before.",
  PROCESSING: "Being sent: files are not whole before a file _SUCCESS lies beside them.",
  COMPLETE: "Everything was sent. Read files only once _SUCCESS lies beside them; there may be several parts.",
  FAILED: "Nothing that counts was sent; see the problem.",
  PARTIALLY_FAILED: "Some records were not accepted; compare records with records_accepted.",
  THRESHOLD_WARNING: "Probably too few people for the destination, so nothing was sent. Habu documents no minimum: " +
    "check the records of this run and the question's dates and filters; LiveRamp knows the destination's minimum.",
  NO_NEW_USERS: "No error: nobody was new since the last run, so there was nothing to send."
}

const statusOf = ({ status }: ExportJobRun) => Words.said(status, 40) ?? "UNKNOWN"

const submitted = ({ submitTime }: ExportJobRun) => Date.parse(submitTime ?? "") || 0

const kinds: { readonly [type: string]: string } = {
  FULL_REFRESH: "everything",
  INCREMENTAL: "what is new"
}

/**
 * Shows a run of an export.
 *
 * @since 0.1.0
 * @category constructors
 */
export const runView = (full: boolean) => (run: ExportJobRun): RunView =>
  Workflow.compact({
    run_status: statusOf(run),
    submitted_at: Words.moment(run.submitTime),
    ended_at: Words.moment(run.endTime),
    sends: run.jobRunType === undefined ? undefined : kinds[run.jobRunType],
    records: run.totalRecords,
    records_accepted: run.consentedRecords,
    records_in_all: run.cumulativeRecords,
    problem: Words.said(run.errorMessage, 200),
    details: full
      ? (run.details?.jobDetailParameters ?? []).slice(0, 8).map(({ label, value }) =>
        `${Words.said(label, 40) ?? ""}: ${Words.said(value, 120) ?? ""}`
      )
      : undefined
  })

/**
 * What the states that occur mean.
 *
 * @since 0.1.0
 * @category getters
 */
export const explained = (runs: ReadonlyArray<ExportJobRun>, isConfidential: boolean): ReadonlyArray<string> => {
  const statuses = [...new Set(runs.map(statusOf))]
  const problems = runs.map(({ errorMessage = "" }) => errorMessage).join(" ")
  return [
    ...statuses.map((status) => `${status}: ${meanings[status] ?? "Habu does not say what this means."}`),
    ...(runs.some((run) => statusOf(run) === "COMPLETE" && run.totalRecords === 0)
      ? ["COMPLETE with 0 records: the question's run itself gave no rows; troubleshoot_issues finds out why."]
      : []),
    ...(statuses.includes("FAILED") && isConfidential
      ? ["Out of a Confidential Computing clean room, LiveRamp must first allow the bucket or container: ask LiveRamp."]
      : []),
    ...(/\bkms\b|access.{0,40}denied|accessdenied/i.test(problems)
      ? [
        "Access was denied: see that the destination's credential may write there, and give LiveRamp the ARN of a KMS key."
      ]
      : [])
  ]
}

/**
 * The runs of an export job, the latest first, with its settings (operation `getDataExportJobRuns`). Habu lets one look
 * every few minutes only; in between, the last answer stands in.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofJob = Effect.fn("History.ofJob")(function*(job: Situation.Job) {
  const { observed } = yield* HabuClient
  const answer = yield* Reading.attempt(
    `runs of ${Words.title(job)}`,
    observed.getDataExportJobRuns({ path: { exportJobId: job.id } })
  )
  return {
    job,
    answer: answer._tag === "Answered"
      ? {
        _tag: "Answered" as const,
        runs: (answer.value.value.jobRunsByDate ?? []).flatMap(({ jobRuns }) => jobRuns ?? [])
          .sort((a, b) => submitted(b) - submitted(a)),
        settings: answer.value.value.exportDetailParameters ?? [],
        asOf: answer.value.live ? undefined : answer.value.observedAt
      }
      : answer
  }
})

/**
 * What became of looking at one export job's runs.
 *
 * @since 0.1.0
 * @category models
 */
export type Told = Effect.Effect.Success<ReturnType<typeof ofJob>>

/**
 * Shows an export job with its runs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toldView = (full: boolean) => ({ answer, job }: Told): View =>
  answer._tag !== "Answered" ? view(job) : Workflow.compact({
    ...view(job),
    settings: answer.settings.slice(0, 10).map(({ name, value }) =>
      `${Words.said(name, 60) ?? ""}: ${Words.said(value, 150) ?? ""}`
    ),
    runs: answer.runs.slice(0, full ? 20 : 4).map(runView(full)),
    runs_in_all: answer.runs.length,
    as_of: answer.asOf === undefined ? undefined : Words.iso(answer.asOf)
  })

/**
 * Where the people of a run went.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Activation = Schema.Struct({
  question: Workflow.maybe(Schema.String),
  run: Workflow.maybe(Schema.String),
  platform: Workflow.maybe(Schema.String),
  channel: Workflow.maybe(Schema.String),
  segment: Workflow.maybe(Schema.String),
  identifier: Workflow.maybe(Schema.String),
  records_sent: Workflow.maybe(Schema.Number),
  activation_status: Workflow.maybe(Schema.String),
  last_processed_at: Workflow.maybe(Schema.String)
})

export interface Activation extends Schema.Schema.Type<typeof Activation> {}

const runsPage = 100

const completedAt = ({ completedAt: at, submittedAt }: QuestionRunMetadata) => Date.parse(at ?? submittedAt ?? "") || 0

/**
 * Where the people of a question's latest completed run went (operation
 * `getCleanroomQuestionRunActivationSummaries`). `run` is undefined where none has completed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const activationsOf = Effect.fn("History.activationsOf")(function*({ question }: Placed) {
  const habu = yield* HabuClient
  const path = { cleanroomQuestionId: question.id }
  const runs = yield* pages((urlParams) => habu.getAllCleanroomQuestionRuns({ path, urlParams }), runsPage)
  const [latest] = runs.filter(({ id, status }) => id !== undefined && Run.phaseOf(status) === "completed")
    .sort((a, b) => completedAt(b) - completedAt(a))
  if (latest?.id === undefined) return { question, run: undefined, activations: [] }
  const { activationSummary = [] } = yield* habu.getCleanroomQuestionRunActivationSummaries({
    path: { cleanroomQuestionRunId: latest.id }
  })
  return {
    question,
    run: latest,
    activations: activationSummary.map((one): Activation =>
      Workflow.compact({
        question: Words.title(question),
        run: Words.said(latest.name ?? latest.id),
        platform: Words.said(one.activationPartner, 80),
        channel: Words.said(one.activationChannel, 80),
        segment: Words.said(one.segmentCode, 80),
        identifier: Words.said(one.identityType, 40),
        records_sent: one.recordsSent,
        activation_status: Words.said(one.status, 40),
        last_processed_at: Words.moment(one.lastProcessed)
      })
    )
  }
})
