/**
 * Running a question from its name to its results: look before starting, start once, follow, read.
 *
 * Called again with the same arguments it carries on with the same run; called with `run` it follows that one.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { QuestionRunMetadata } from "../habu/api/QuestionRuns.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { HabuDirectory, pick, type Placed } from "../habu/HabuDirectory.js"
import type { HabuError } from "../habu/HabuError.js"
import * as Text from "../habu/Text.js"
import * as Run from "../runs/Run.js"
import { RunFollower } from "../runs/RunFollower.js"
import { type Entry, type Order, type Outcome, RunLedger } from "../runs/RunLedger.js"
import type { Place } from "../runs/RunSubject.js"
import { toResults } from "./find/Runs.js"
import * as Progress from "./Progress.js"
import * as KnownRuns from "./question/KnownRuns.js"
import * as Preflight from "./question/Preflight.js"
import type { About } from "./question/RunReport.js"
import * as RunReport from "./question/RunReport.js"
import * as Several from "./question/Several.js"
import * as ChosenRun from "./results/ChosenRun.js"
import * as Starting from "./Starting.js"
import * as Workflow from "./Workflow.js"
import { InputInvalid, type WorkflowError } from "./Workflow.js"

const tool = "execute_question_workflow"
/**
 * What `execute_question_workflow` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  question: Workflow.maybe(Schema.String.annotations({
    description: "Name, display id (CRQ-…) or id"
  })),
  questions: Workflow.maybe(
    Schema.Array(Workflow.brief(Several.Asked)).annotations({
      description:
        `Instead: up to ${Several.most} of {question, clean_room?, parameters?, run?, run_name?, idempotency_key?}`
    })
  ),
  clean_room: Workflow.maybe(Schema.String.annotations({
    description: "Where it is, if its name is not unique"
  })),
  run: Workflow.maybe(Schema.String.annotations({
    description: "Follow this one (id, or name with `question`); start none"
  })),
  parameters: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Workflow.Value })
      .annotations({
        description: "Values by name; partition dates (exposures.date_start: YYYY-MM-DD) too"
      })
  ),
  run_name: Workflow.maybe(Schema.String.annotations({ description: "Its name in Habu" })),
  idempotency_key: Workflow.maybe(Schema.String.annotations({
    description: "Your own key; else question and values are it"
  })),
  fresh: Workflow.maybe(Schema.Boolean.annotations({
    description: "Another although an equal one is there"
  })),
  wait_seconds: Starting.waitSeconds,
  retries: Workflow.maybe(
    Workflow.whole(
      0,
      2,
      "Repeats of a failed run, if Habu says that may help; each spends a start"
    )
  ),
  since: Workflow.maybe(Schema.String.annotations({
    description: "Alone: runs started through us since then (ISO)"
  })),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only check" })),
  detail: Workflow.maybe(
    Schema.Literal("brief", "full").annotations({
      description: "full adds every check"
    })
  )
})

export type Input = typeof Input.Type

const ParameterView = Schema.Struct({
  name: Schema.String,
  type: Schema.String,
  required: Schema.Boolean,
  partition: Workflow.maybe(Schema.Boolean),
  description: Workflow.maybe(Schema.String),
  default: Workflow.maybe(Schema.String),
  allowed: Workflow.maybe(Schema.Array(Schema.String)),
  example: Workflow.maybe(Schema.String)
})

/**
 * What `execute_question_workflow` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  ...RunReport.fields,
  checks: Workflow.maybe(Schema.Array(Schema.Struct({
    check: Schema.String,
    result: Schema.String,
    detail: Schema.String
  }))),
  parameters: Workflow.maybe(Schema.Array(ParameterView)),
  would_send: Workflow.maybe(Schema.Record({ key: Schema.String, value: Schema.String })),
  idempotency_key: Workflow.maybe(Schema.String),
  run_starts_left: Workflow.maybe(Schema.Number),
  runs: Workflow.maybe(Schema.Array(KnownRuns.Item)),
  answers: Workflow.maybe(Schema.Array(Several.Answered)),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const placeOf = (questionId: string | undefined): Place | undefined =>
  questionId === undefined ? undefined : { _tag: "QuestionPlace", questionId }

const followOn = Effect.fnUntraced(function*(runId: string, about: About, wait: Duration.Duration) {
  const follower = yield* RunFollower
  const listener = yield* Progress.Progress
  const now = yield* Clock.currentTimeMillis
  const sight = yield* follower.follow(runId, {
    place: placeOf(about.questionId),
    wait,
    startedAt: about.startedAt ?? now,
    onProgress: (seen, elapsed) =>
      Effect.provideService(RunReport.progress(about)(seen, elapsed), Progress.Progress, listener)
  })
  return yield* RunReport.make(sight, about)
})

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const placedOf = Effect.fnUntraced(function*(input: Input) {
  const directory = yield* HabuDirectory
  const room = input.clean_room === undefined ? undefined : yield* directory.cleanRoom(input.clean_room)
  return input.question === undefined ? undefined : yield* directory.question(input.question, room)
})

const runIdOf = Effect.fnUntraced(function*(reference: string, placed: Placed | undefined) {
  const wanted = reference.trim()
  if (uuid.test(wanted)) return wanted
  if (placed === undefined) {
    return yield* Effect.fail(
      new InputInvalid({
        field: "run",
        problem: `is ${JSON.stringify(Text.clean(wanted, 80))}, which is not a run's id`,
        advice: "Give the run's id, or its name together with `question`."
      })
    )
  }
  const habu = yield* HabuClient
  const runs = yield* habu.getAllCleanroomQuestionRuns({
    path: { cleanroomQuestionId: placed.question.id ?? "" },
    urlParams: { limit: 100 }
  })
  const run = yield* Effect.suspend(() => {
    const picked = pick<QuestionRunMetadata>("run", wanted, runs)
    return picked._tag === "Left" ? Effect.fail(picked.left) : Effect.succeed(picked.right)
  })
  return run.id ?? wanted
})

const startedAtOf = (entry: Entry, runId: string) =>
  entry.attempts.find((attempt) => attempt.runId === runId)?.startedAt

// A run that the ledger knows tells its question by itself.
const aboutRun = Effect.fnUntraced(function*(runId: string, given: Placed | undefined) {
  const ledger = yield* RunLedger
  const directory = yield* HabuDirectory
  const entry = yield* ledger.find(runId)
  const placed = given ?? (yield* Option.match(entry, {
    onNone: () => Effect.succeed(undefined),
    onSome: ({ subject }) =>
      subject._tag === "Question"
        ? Effect.orElseSucceed(directory.question(subject.questionId), () => undefined)
        : Effect.succeed(undefined)
  }))
  const startedAt = Option.getOrUndefined(Option.flatMapNullable(entry, (found) => startedAtOf(found, runId)))
  // What may be shown hangs on the question, and who names one beside a run's id may be wrong.
  const isCertain = placed !== undefined &&
    (Option.exists(entry, ({ subject }) => subject._tag === "Question" && subject.questionId === placed.question.id) ||
      (yield* ChosenRun.isRunOf(runId, placed)))
  return {
    ...(placed === undefined || !isCertain
      ? { question: undefined, questionId: undefined, questionType: undefined, cleanRoom: undefined }
      : RunReport.aboutPlaced(placed)),
    startedAt,
    reused: false
  } satisfies About
})

const followRun = Effect.fnUntraced(function*(input: Input, reference: string) {
  const placed = yield* placedOf(input)
  const runId = yield* runIdOf(reference, placed)
  const about = yield* aboutRun(runId, placed)
  return yield* followOn(runId, about, yield* Starting.waitOf(input.wait_seconds))
})

const parameterViews = (parameters: ReadonlyArray<Preflight.Parameter>) =>
  parameters.map(({ partition, ...parameter }): typeof ParameterView.Type => ({
    ...parameter,
    ...(partition && { partition })
  }))

const notStarted = (
  input: Input,
  placed: Placed,
  preflight: Preflight.Preflight
): Output | undefined => {
  const blocked = preflight.checks.filter(({ result }) => result === "blocked")
  const missing = preflight.checks.filter(({ result }) => result === "missing")
  if (blocked.length === 0 && missing.length === 0) return undefined
  const onlyMissing = blocked.length === 0
  const example = Object.fromEntries(preflight.missing.map((parameter) => [
    parameter.name,
    parameter.example ?? parameter.allowed?.[0] ?? (parameter.partition ? "YYYY-MM-DD" : `<${parameter.type}>`)
  ]))
  return Workflow.compact({
    status: onlyMissing ? "needs_input" as const : "failed" as const,
    summary: `${JSON.stringify(RunReport.titleOf(placed))} was not started, and no run start was spent. ${
      [...blocked, ...missing].map(({ detail }) => detail).join(" ")
    }`,
    checks: preflight.checks,
    parameters: parameterViews(input.detail === "full" ? preflight.parameters : preflight.missing),
    run_starts_left: preflight.slotsLeft,
    next_steps: onlyMissing
      ? [{
        tool,
        arguments: { ...input, parameters: { ...input.parameters, ...example } },
        why: "The same call with the values that are still needed; replace the examples by real ones."
      }]
      : [{ tool, arguments: { ...input, dry_run: true }, why: "Check again once that is mended; nothing is started." }]
  })
}

const planned = (
  input: Input,
  placed: Placed,
  preflight: Preflight.Preflight,
  earlier: string | undefined
): Output => {
  const { dry_run: _, ...again } = input
  return Workflow.compact({
    status: "done" as const,
    summary: `Nothing was started. ${JSON.stringify(RunReport.titleOf(placed))} in ${
      JSON.stringify(RunReport.roomOf(placed))
    } can run${earlier === undefined ? "" : `; but ${earlier}`}.`,
    checks: preflight.checks,
    parameters: parameterViews(preflight.parameters),
    would_send: preflight.values,
    run_starts_left: preflight.slotsLeft,
    next_steps: [{ tool, arguments: again, why: "Start it." }]
  })
}

const orderOf = (input: Input, placed: Placed, values: { readonly [name: string]: string }): Order => ({
  subject: { _tag: "Question", questionId: placed.question.id, parameters: values },
  title: RunReport.titleOf(placed),
  cleanRoom: RunReport.roomOf(placed),
  runName: input.run_name === undefined ? undefined : Text.clean(input.run_name, 80),
  idempotencyKey: input.idempotency_key,
  fresh: input.fresh
})

type Launched = Extract<Outcome, { readonly runId: string }>

const sameValues = (a: { readonly [name: string]: string } | undefined, b: { readonly [name: string]: string }) =>
  JSON.stringify(Object.entries(a ?? {}).sort()) === JSON.stringify(Object.entries(b).sort())

const recent = Duration.toMillis(Duration.days(1))

// An equal run that someone started elsewhere: our ledger does not know it, Habu's list does.
const equalElsewhere = Effect.fnUntraced(function*(questionId: string, values: { readonly [name: string]: string }) {
  const habu = yield* HabuClient
  const { speed } = yield* HabuConfig
  const now = yield* Clock.currentTimeMillis
  const runs = yield* habu.getAllCleanroomQuestionRuns({
    path: { cleanroomQuestionId: questionId },
    urlParams: { limit: 30 }
  })
  return runs.find((run) => {
    const phase = Run.phaseOf(run.status)
    const endedAt = Date.parse(run.completedAt ?? "")
    const isRecent = phase === "completed" && now - endedAt < recent / speed
    return run.id !== undefined && sameValues(run.parameters, values) &&
      (isRecent || phase === "queued" || phase === "running")
  })
})

const justStarted = Effect.fnUntraced(function*(runId: string, run: QuestionRunMetadata, about: About) {
  const follower = yield* RunFollower
  return yield* RunReport.make(yield* follower.started(runId, run, placeOf(about.questionId)), about)
})

const followOutcome = ({ run: answer, runId }: Launched, about: About, wait: Duration.Duration) =>
  answer !== undefined && Duration.toMillis(wait) === 0
    ? justStarted(runId, answer, about)
    : followOn(runId, about, wait)

// The run was started, and that stays true when it cannot be watched.
const unwatched = (runId: string, run: QuestionRunMetadata, about: About, error: HabuError) =>
  Effect.map(justStarted(runId, run, about), (told): RunReport.Report => ({
    ...told,
    warnings: [...(told.warnings ?? []), `It was started, but could not be looked at: ${error.message} ${error.advice}`]
  }))

// An answer to an order, and the call that carries on from it: the same one, but for `fresh`, which would start anew.
const fromOutcome = Effect.fnUntraced(function*(input: Input, outcome: Outcome, placed: Placed) {
  const { fresh: _, ...again } = input
  if (outcome._tag === "doubtful" || outcome._tag === "absent") {
    return yield* Starting.withoutRun(outcome, RunReport.titleOf(placed), again, tool)
  }
  const about: About = {
    ...RunReport.aboutPlaced(placed),
    startedAt: outcome.attempt.startedAt,
    reused: outcome._tag === "recent"
  }
  const told: RunReport.Report = yield* Effect.catchAll(
    followOutcome(outcome, about, yield* Starting.waitOf(input.wait_seconds)),
    (error) => outcome.run === undefined ? Effect.fail(error) : unwatched(outcome.runId, outcome.run, about, error)
  )
  return { ...told, idempotency_key: outcome.key, ...(yield* Starting.left("question_run_start")) } satisfies Output
})

const startOnce = Effect.fnUntraced(function*(input: Input, placed: Placed) {
  const ledger = yield* RunLedger
  const given = Object.fromEntries(Object.entries(input.parameters ?? {}).map(([name, value]) => [name, String(value)]))
  const preflight = yield* Preflight.make(placed, given)
  const order = orderOf(input, placed, preflight.values)
  const own = yield* ledger.preview(order)
  // What was started before is answered for even when nothing more could be started now.
  if (Option.isSome(own) && input.dry_run !== true) {
    return yield* fromOutcome(input, yield* ledger.start(order), placed)
  }
  const isFirst = Option.isNone(own) && input.fresh !== true && input.idempotency_key === undefined
  const elsewhere = isFirst ? yield* equalElsewhere(placed.question.id, preflight.values) : undefined
  if (elsewhere?.id !== undefined && input.dry_run !== true) {
    const about = { ...RunReport.aboutPlaced(placed), startedAt: undefined, reused: true }
    return yield* followOn(elsewhere.id, about, yield* Starting.waitOf(input.wait_seconds))
  }
  const refusal = notStarted(input, placed, preflight)
  if (refusal !== undefined) return refusal
  if (input.dry_run === true) {
    const earlier = Option.match(own, {
      onSome: (attempt) => `an equal run (${attempt.runName}) is there already and would be the answer`,
      onNone: () =>
        elsewhere === undefined ? undefined : `an equal run (${Text.clean(elsewhere.name ?? elsewhere.id ?? "")}) ` +
          "is there already and would be the answer"
    })
    return planned(input, placed, preflight, earlier)
  }
  return yield* fromOutcome(input, yield* ledger.start(order), placed)
}, Effect.catchTag("KeyReused", Starting.keyReused))

// A failed run is repeated only if Habu says that it may succeed and the caller asked; each repetition is a start of its
// own, with its own place in the ledger.
const startRun = (
  input: Input,
  placed: Placed
): Effect.Effect<Output, WorkflowError, Effect.Effect.Context<ReturnType<typeof startOnce>>> =>
  Effect.flatMap(startOnce(input, placed), (told: Output) => {
    const left = input.retries ?? 0
    if (told.status !== "failed" || told.failure?.retryable !== true || left === 0) return Effect.succeed(told)
    const { fresh: _, ...again } = input
    return Effect.map(startRun({ ...again, retries: left - 1 }, placed), (repeated): Output => ({
      ...repeated,
      warnings: [
        `The run before (${told.run?.id ?? "no id"}) failed: ${
          told.failure?.reason ?? "no reason given"
        }. It was repeated.`,
        ...(repeated.warnings ?? [])
      ]
    }))
  })

const nothingNamed = Effect.gen(function*() {
  const directory = yield* HabuDirectory
  const { denied, failed, questions } = yield* directory.allQuestions
  const unseen = [...denied, ...failed].map(({ cleanRoom }) => Text.clean(cleanRoom.name ?? cleanRoom.id, 60))
  const ready = questions.filter(({ question }) => question.status?.trim().toUpperCase() === "READY")
  return Workflow.compact({
    status: "needs_input" as const,
    summary: ready.length === 0
      ? "Name the question to run. None of the questions that can be seen is READY."
      : `Name the question to run. READY: ${
        ready.slice(0, 15).map((placed) => `${RunReport.titleOf(placed)} (${placed.question.displayId ?? ""})`).join(
          "; "
        )
      }.`,
    warnings: unseen.length === 0 ? undefined : [`The questions of ${unseen.join(", ")} could not be seen.`],
    next_steps: [{ tool: "find_resources", arguments: { kind: "questions" }, why: "See all questions." }]
  }) satisfies Output
})

const alone = Effect.fnUntraced(function*(input: Input) {
  if (input.run !== undefined) return yield* followRun(input, input.run)
  const placed = yield* placedOf(input)
  if (placed !== undefined) return yield* startRun(input, placed)
  return yield* input.since === undefined ? nothingNamed : KnownRuns.since(input.since, "QuestionPlace", toResults)
})

const notTogether = (problem: string) =>
  new InputInvalid({
    field: "questions",
    problem,
    advice:
      `Give 1 to ${Several.most} questions in \`questions\`, each with its own values, and no \`question\` or \`run\` beside it.`
  })

const together = Effect.fnUntraced(function*(input: Input, questions: ReadonlyArray<Several.Asked>) {
  const { dry_run, fresh, question, retries = 0, run } = input
  if (question !== undefined || run !== undefined) {
    return yield* Effect.fail(notTogether("stands beside another question"))
  }
  if (questions.length === 0 || questions.length > Several.most) {
    return yield* Effect.fail(notTogether(`names ${questions.length} questions`))
  }
  const shared = Workflow.compact({ clean_room: input.clean_room, dry_run, fresh })
  const wait = yield* Starting.waitOf(input.wait_seconds)
  const told = yield* Several.run(
    questions,
    (asked, options): ReturnType<typeof alone> => alone({ ...shared, ...asked, ...options }),
    { wait: Duration.toSeconds(wait), retries }
  )
  return { ...told, ...(yield* Starting.left("question_run_start")) } satisfies Output
})

/**
 * Runs a question once and reports on it, or follows a run that is there; several questions each for themselves.
 *
 * Given a question it checks that it is READY, that its datasets are assigned, its values known and valid, its clean
 * room open and a run start left (operations `getCleanroomQuestionParameters`, `getAllCleanroomQuestionDatasets`,
 * `createCleanroomQuestionRun`); an equal run that is under way or lately completed is the answer instead of a new one.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = Effect.fn("ExecuteQuestionWorkflow.run")((input: Input): ReturnType<typeof alone> =>
  input.questions === undefined ? alone(input) : together(input, input.questions)
)
