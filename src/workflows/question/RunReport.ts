/**
 * How a run is told of: what it is, how far it is, and once it is over its results or the reason of its failure.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { HabuClient } from "../../habu/HabuClient.js"
import type { Placed } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Disclosure from "../../results/Disclosure.js"
import * as FirstRows from "../../results/FirstRows.js"
import * as Run from "../../runs/Run.js"
import type { Sight } from "../../runs/RunFollower.js"
import * as Progress from "../Progress.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type { NextStep } from "../Workflow.js"

const tool = "execute_question_workflow"
const shownRows = 10

/**
 * A run in an answer. Times are ISO; elapsed and expected are in our seconds.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RunView = Schema.Struct({
  id: Schema.String,
  name: Workflow.maybe(Schema.String),
  phase: Run.Phase,
  habu_status: Schema.String,
  question: Workflow.maybe(Schema.String),
  question_id: Workflow.maybe(Schema.String),
  clean_room: Workflow.maybe(Schema.String),
  parameters: Workflow.maybe(Schema.Record({ key: Schema.String, value: Schema.String })),
  submitted_at: Workflow.maybe(Schema.String),
  started_at: Workflow.maybe(Schema.String),
  completed_at: Workflow.maybe(Schema.String),
  elapsed_seconds: Workflow.maybe(Schema.Number),
  expected_seconds: Workflow.maybe(Schema.Number),
  observed_at: Schema.String,
  reused: Workflow.maybe(Schema.Boolean)
})

/**
 * The fields of an answer that tell of a run.
 *
 * @since 0.1.0
 * @category schemas
 */
export const fields = {
  run: Workflow.maybe(RunView),
  results: Workflow.maybe(Schema.Struct({
    row_count: Schema.Number,
    columns: Schema.Array(Schema.Struct({ name: Schema.String, type: Schema.String })),
    rows: Workflow.maybe(Schema.Array(Schema.Record({ key: Schema.String, value: Schema.String }))),
    outputs: Workflow.maybe(Schema.Array(Schema.String))
  })),
  failure: Workflow.maybe(Schema.Struct({
    reason: Workflow.maybe(Schema.String),
    message: Workflow.maybe(Schema.String),
    retryable: Schema.Boolean
  }))
}

/**
 * A report on a run.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Report = Schema.Struct({ ...Workflow.answerFields, ...fields, ...Workflow.closingFields })

export type Report = typeof Report.Type

/**
 * What a run is a run of, as far as is known.
 *
 * @since 0.1.0
 * @category models
 */
export interface About {
  readonly question: string | undefined
  readonly questionId: string | undefined
  readonly questionType: string | undefined
  readonly cleanRoom: string | undefined
  readonly startedAt: number | undefined
  readonly reused: boolean
}

/**
 * A question's name to show.
 *
 * @since 0.1.0
 * @category formatting
 */
export const titleOf = ({ question }: Placed) =>
  Text.clean(question.name ?? question.displayId ?? question.id ?? "", 120)

/**
 * A clean room's name to show.
 *
 * @since 0.1.0
 * @category formatting
 */
export const roomOf = ({ cleanRoom }: Placed) =>
  Text.clean(cleanRoom.name ?? cleanRoom.displayId ?? cleanRoom.id ?? "", 120)

const seconds = (millis: number) => Math.max(0, Math.round(millis / 1000))

/**
 * What is known of a run by its question.
 *
 * @since 0.1.0
 * @category constructors
 */
export const aboutPlaced = (placed: Placed): Omit<About, "startedAt" | "reused"> => ({
  question: titleOf(placed),
  questionId: placed.question.id,
  questionType: placed.question.questionType,
  cleanRoom: roomOf(placed)
})

const runView = (sight: Sight, about: About, now: number): typeof RunView.Type => {
  const { known } = sight
  const { run } = known
  const over = Run.isOver(known.phase)
  return Workflow.compact({
    id: known.runId,
    name: run.name === undefined ? undefined : Text.clean(run.name, 150),
    phase: known.phase,
    habu_status: known.status,
    question: about.question,
    question_id: about.questionId,
    clean_room: about.cleanRoom,
    parameters: run.parameters === undefined || Object.keys(run.parameters).length === 0
      ? undefined
      : Object.fromEntries(
        Object.entries(run.parameters).map(([name, value]) => [Text.clean(name), Text.clean(value)])
      ),
    submitted_at: Words.moment(run.submittedAt),
    started_at: Words.moment(run.executedAt),
    completed_at: Words.moment(run.completedAt),
    elapsed_seconds: over || about.startedAt === undefined ? undefined : seconds(now - about.startedAt),
    expected_seconds: over || sight.expected === undefined ? undefined : seconds(sight.expected),
    observed_at: Words.iso(known.observedAt),
    reused: about.reused ? true : undefined
  })
}

const lookAgain = (sight: Sight, about: About, now: number): NextStep => ({
  tool,
  arguments: Workflow.compact({ run: sight.known.runId, question: about.questionId }),
  why: "See whether the run has ended. Do not start it again: it goes on at Habu whether or not anyone waits.",
  after_seconds: Math.max(1, Math.ceil(((sight.nextPollAt ?? now) - now) / 1000))
})

/**
 * What a result without rows most likely means.
 *
 * @since 0.1.0
 * @category constants
 */
export const noRows =
  "No rows: partition dates or filters may exclude all data, the parties' identifiers may not overlap, or every group " +
  "was below the clean room's crowd size."

const completed = Effect.fnUntraced(function*(sight: Sight, about: About) {
  const { known } = sight
  const now = yield* Clock.currentTimeMillis
  const run = runView(sight, about, now)
  const which = about.question === undefined ? "The run" : `The run of ${JSON.stringify(about.question)}`
  const read = yield* Effect.either(FirstRows.read(known.runId, shownRows))
  if (read._tag === "Left") {
    const { advice, message } = read.left
    return Workflow.compact({
      status: read.left._tag === "Forbidden" ? "denied" as const : "partial" as const,
      summary: `${which} completed, but its results could not be read: ${message}`,
      run,
      warnings: [advice],
      next_steps: [lookAgain(sight, about, now)]
    }) satisfies Report
  }
  const { columns, count, outputs, rows } = read.right
  const shown = Disclosure.mayShowRows(about.questionType)
  const zero = count === 0 ? [noRows] : []
  const hidden = !shown && count > 0
    ? [
      about.questionType === undefined
        ? "It is not known whether this question lists people, so its rows are not shown. Give `question` with `run`."
        : "This question is not analytical: its rows may list people, so only their count and columns are shown."
    ]
    : []
  return Workflow.compact({
    status: "done" as const,
    summary: `${which} completed with ${count} row${count === 1 ? "" : "s"}${
      shown && count > rows.length ? `; the first ${rows.length} are shown` : ""
    }.${about.reused ? " It is an earlier equal run; fresh: true starts another." : ""}`,
    run,
    results: Workflow.compact({
      row_count: count,
      columns,
      rows: shown ? rows : undefined,
      outputs
    }),
    warnings: [...zero, ...hidden],
    next_steps: shown && count > 0
      ? [{
        tool: "retrieve_and_analyze_results",
        arguments: Workflow.compact({ run: known.runId, question: about.questionId }),
        why: "See what stands out in all rows; ask them by SQL, draw them, or write them to a file."
      }]
      : undefined
  }) satisfies Report
})

const failedRun = Effect.fnUntraced(function*(sight: Sight, about: About) {
  const now = yield* Clock.currentTimeMillis
  const { run } = sight.known
  const said = (text: string | undefined) => text === undefined || text === "" ? undefined : Text.clean(text, 500)
  const reason = said(run.failureReason)
  const message = said(run.runMessage)
  const retryable = run.isRetryable === true
  const startAgain: ReadonlyArray<NextStep> = retryable && about.questionId !== undefined
    ? [{
      tool,
      arguments: Workflow.compact({ question: about.questionId, parameters: run.parameters }),
      why: "Habu says that a retry may succeed. It spends another run start."
    }]
    : []
  return Workflow.compact({
    status: "failed" as const,
    summary: `The run${about.question === undefined ? "" : ` of ${JSON.stringify(about.question)}`} failed at Habu${
      reason === undefined ? "" : `: ${reason}`
    }.${retryable ? "" : " Repeating it unchanged will not help."}`,
    run: runView(sight, about, now),
    failure: Workflow.compact({ reason, message, retryable }),
    next_steps: startAgain
  }) satisfies Report
})

const stillGoing = Effect.fnUntraced(function*(sight: Sight, about: About) {
  const now = yield* Clock.currentTimeMillis
  const { known } = sight
  const age = now - known.observedAt
  return Workflow.compact({
    status: known.phase === "unknown" ? "unknown" as const : "running" as const,
    summary: `The run${
      about.question === undefined ? "" : ` of ${JSON.stringify(about.question)}`
    } was ${known.status}${age > 5_000 ? ` ${seconds(age)} s ago` : ""} and goes on at Habu.${
      sight.expected === undefined ? "" : ` Runs of this question took about ${seconds(sight.expected)} s.`
    } A run cannot be cancelled, only deleted.`,
    run: runView(sight, about, now),
    next_steps: [lookAgain(sight, about, now)]
  }) satisfies Report
})

/**
 * Tells of a run as it was seen; reads the first rows once it completed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (sight: Sight, about: About): Effect.Effect<Report, never, HabuClient> =>
  sight.known.phase === "completed"
    ? completed(sight, about)
    : sight.known.phase === "failed"
    ? failedRun(sight, about)
    : stillGoing(sight, about)

/**
 * Tells the current call's listener how far a run is.
 *
 * @since 0.1.0
 * @category constructors
 */
export const progress = (about: About) => (sight: Sight, elapsed: number) => {
  const sofar = seconds(elapsed)
  const usual = sight.expected === undefined ? undefined : seconds(sight.expected)
  const total = usual !== undefined && usual > sofar ? usual : undefined
  const compared = usual === undefined
    ? ""
    : total === undefined
    ? `, longer than the usual ${usual} s`
    : ` of about ${usual} s`
  return Progress.report({
    progress: sofar,
    ...(total !== undefined && { total }),
    message: [sight.known.status, about.question, `${sofar} s${compared}`].filter((part) => part !== undefined).join(
      " · "
    )
  })
}
