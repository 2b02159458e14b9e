/**
 * Several questions in one call: each for itself, so that one that cannot run, or has to wait for a run start, does not
 * hold up the others.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { HabuBudget } from "../../habu/HabuBudget.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type * as RunReport from "./RunReport.js"

const tool = "execute_question_workflow"

/**
 * As many as Habu lets start in an hour.
 *
 * @since 0.1.0
 * @category constants
 */
export const most = 20

/**
 * One of the questions, with its own values.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Asked = Schema.Struct({
  question: Schema.String.annotations({ description: "Its name, display id (CRQ-…) or id" }),
  clean_room: Workflow.maybe(Schema.String),
  parameters: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Workflow.Value })
  ),
  run: Workflow.maybe(Schema.String.annotations({ description: "Follow this run of it instead of starting one" })),
  run_name: Workflow.maybe(Schema.String),
  idempotency_key: Workflow.maybe(Schema.String)
})

export type Asked = typeof Asked.Type

/**
 * What became of one question. `waiting`: all run starts of the hour are spent; one is free at `start_after`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Answered = Schema.Struct({
  question: Schema.String,
  clean_room: Workflow.maybe(Schema.String),
  status: Schema.Literal(...Workflow.Status.literals, "waiting"),
  summary: Schema.String,
  run: Workflow.maybe(Schema.String),
  row_count: Workflow.maybe(Schema.Number),
  start_after: Workflow.maybe(Schema.String),
  idempotency_key: Workflow.maybe(Schema.String)
})

export type Answered = typeof Answered.Type

/**
 * What is told of one question by itself.
 *
 * @since 0.1.0
 * @category models
 */
export interface Told extends RunReport.Report {
  readonly idempotency_key?: string
  readonly checks?: ReadonlyArray<{ readonly check: string; readonly result: string }>
}

/**
 * One question by itself; with `run` it is followed.
 *
 * @since 0.1.0
 * @category models
 */
export interface One<R> {
  (asked: Asked, options: { readonly wait_seconds?: number; readonly retries?: number }): Effect.Effect<
    Told,
    Workflow.WorkflowError,
    R
  >
}

interface Settled {
  readonly asked: Asked
  readonly answer: Answered
  readonly told: Told | undefined
}

// The slots go to the first of the list: all at once, chance would choose.
const concurrency = 4

const isAwaitingStart = ({ checks = [] }: Told) => {
  const open = checks.filter(({ result }) => result === "blocked" || result === "missing")
  return open.length > 0 && open.every(({ check }) => check === "budget")
}

const waiting = (asked: Asked, told: Told | undefined, freeAt: number | undefined): Settled => ({
  asked,
  told,
  answer: Workflow.compact({
    question: Words.said(asked.question) ?? "",
    status: "waiting" as const,
    summary: `Not started: all run starts are spent${
      freeAt === undefined ? "" : ` until ${Words.iso(freeAt)} at the earliest`
    }.`,
    start_after: freeAt === undefined ? undefined : Words.iso(freeAt)
  })
})

const answered = (asked: Asked, told: Told): Settled => ({
  asked,
  told,
  answer: Workflow.compact({
    question: told.run?.question ?? Words.said(asked.question) ?? "",
    clean_room: told.run?.clean_room,
    status: told.status,
    summary: told.summary,
    run: told.run?.id,
    row_count: told.results?.row_count,
    idempotency_key: asked.idempotency_key
  })
})

const statusOf = ({ _tag, category }: Workflow.WorkflowError): Workflow.Status =>
  _tag === "Forbidden" ? "denied" : category === "input" ? "needs_input" : "failed"

const isShared = ({ category }: Workflow.WorkflowError) => category === "credentials" || category === "configuration"

const refused = (
  asked: Asked,
  error: Workflow.WorkflowError
): Effect.Effect<Settled, Workflow.WorkflowError> => {
  if (isShared(error)) return Effect.fail(error)
  if (error._tag === "BudgetExhausted" || error._tag === "RateLimited") {
    return Effect.succeed(waiting(asked, undefined, error.retryAt))
  }
  return Effect.succeed({
    asked,
    told: undefined,
    answer: {
      question: Words.said(asked.question) ?? "",
      status: statusOf(error),
      summary: `${error.message} ${error.advice}`
    }
  })
}

const nextStart = Effect.gen(function*() {
  const budget = yield* HabuBudget
  const budgets = yield* Effect.orElseSucceed(budget.status, () => [])
  return budgets.find((one) => one.budget === "question_run_start")?.nextAt
})

const begin = <R>(one: One<R>, asked: Asked, retries: number) =>
  Effect.matchEffect(one(asked, { wait_seconds: 0, retries }), {
    onFailure: (error) => refused(asked, error),
    onSuccess: (told) =>
      isAwaitingStart(told)
        ? Effect.map(nextStart, (freeAt) => waiting(asked, told, freeAt))
        : Effect.succeed(answered(asked, told))
  })

const isUnderWay = ({ answer }: Settled) => answer.status === "running" && answer.run !== undefined

// What goes on is followed; what failed meanwhile is repeated where that may help.
const follow = <R>(one: One<R>, retries: number, wait: number) => (settled: Settled) => {
  const { answer, asked } = settled
  if (!isUnderWay(settled)) return Effect.succeed(settled)
  return Effect.matchEffect(one({ ...asked, run: answer.run ?? "" }, { wait_seconds: wait }), {
    onFailure: () => Effect.succeed(settled),
    onSuccess: (told) => {
      const { run: _, ...again } = asked
      return retries > 0 && told.status === "failed" && told.failure?.retryable === true
        ? begin(one, again, retries - 1)
        : Effect.succeed(answered(asked, told))
    }
  })
}

const words: ReadonlyArray<readonly [Answered["status"], string]> = [
  ["done", "done"],
  ["running", "under way"],
  ["waiting", "waiting for a run start"],
  ["needs_input", "in need of input"],
  ["denied", "denied"],
  ["failed", "failed or not possible"],
  ["unknown", "not known yet"],
  ["partial", "completed with parts missing"]
]

const overall = (answers: ReadonlyArray<Answered>): Workflow.Status => {
  const statuses = new Set(answers.map(({ status }) => status))
  const [only] = statuses
  if (only !== undefined && statuses.size === 1) return only === "waiting" ? "failed" : only
  return [...statuses].every((status) => status === "done" || status === "running") ? "running" : "partial"
}

// Those that go on, by their runs, and those that could not start yet; what is over is not started again.
const continuing = (all: ReadonlyArray<Settled>) =>
  all.flatMap(({ answer, asked }) => {
    if (answer.status === "waiting" || answer.status === "unknown") return [asked]
    return answer.status === "running" && answer.run !== undefined
      ? [{
        question: asked.question,
        ...(asked.clean_room !== undefined && { clean_room: asked.clean_room }),
        run: answer.run
      }]
      : []
  })

const nextSteps = (all: ReadonlyArray<Settled>, now: number): ReadonlyArray<Workflow.NextStep> => {
  const questions = continuing(all)
  if (questions.length === 0) return []
  const seconds = all.flatMap(({ answer, told }) => {
    if (answer.start_after !== undefined) return [Math.ceil((Date.parse(answer.start_after) - now) / 1000)]
    return (told?.next_steps ?? []).flatMap(({ after_seconds }) => after_seconds === undefined ? [] : [after_seconds])
  })
  return [Workflow.compact({
    tool,
    arguments: { questions },
    why: "Follows the runs that are under way and starts those that had to wait; nothing is started twice.",
    after_seconds: seconds.length === 0 ? undefined : Math.max(1, Math.min(...seconds))
  })]
}

/**
 * Starts several questions, in their order and within the budget, and waits for all together.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = Effect.fn("Several.run")(function*<R>(
  questions: ReadonlyArray<Asked>,
  one: One<R>,
  options: { readonly wait: number; readonly retries: number }
) {
  const begun = yield* Effect.forEach(questions, (asked) => begin(one, asked, options.retries), { concurrency })
  const all = options.wait === 0
    ? begun
    : yield* Effect.forEach(begun, follow(one, options.retries, options.wait), { concurrency: "unbounded" })
  const now = yield* Clock.currentTimeMillis
  const answers = all.map(({ answer }) => answer)
  const counts = words.flatMap(([status, text]) => {
    const number = answers.filter((answer) => answer.status === status).length
    return number === 0 ? [] : [`${number} ${text}`]
  })
  return Workflow.compact({
    status: overall(answers),
    summary: `Of ${Words.count(answers.length, "question")}: ${counts.join(", ")}.`,
    answers,
    next_steps: nextSteps(all, now)
  })
})
