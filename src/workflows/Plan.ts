/**
 * Changes in several steps: planned from what Habu shows, agreed to, carried out once, read back, and told of truthfully.
 *
 * A step that makes something is remembered before it is sent. When its answer is lost, or this process dies, the same
 * step is not sent again before Habu shows what became of it, or until the time is over in which Habu may still carry
 * out the first try.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import { sha256 } from "../habu/Digest.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { type HabuError, neverSent, type ReferenceError, StateUnavailable } from "../habu/HabuError.js"
import { HabuState } from "../habu/HabuState.js"
import * as RunLedger from "../runs/RunLedger.js"
import type * as State from "../state/StateStore.js"
import * as StateStore from "../state/StateStore.js"
import * as Confirmation from "./Confirmation.js"
import * as Grade from "./Grade.js"
import * as Reading from "./Reading.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

/**
 * How a step went.
 *
 * - `done`: Habu confirmed it. `skipped`: it was so already, or another step that it needs was not done.
 * - `failed`: Habu did not do it. `denied`: it does not allow it. `unknown`: nobody can tell yet.
 * - `planned`: it would be done.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Result = Schema.Literal("done", "skipped", "failed", "denied", "unknown", "planned")

export type Result = typeof Result.Type

/**
 * A step in an answer. `code` is the code of the error.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Step = Schema.Struct({
  step: Schema.String,
  result: Result,
  detail: Workflow.maybe(Schema.String),
  code: Workflow.maybe(Schema.String)
})

export interface Step extends Schema.Schema.Type<typeof Step> {}

/**
 * The output fields of a workflow that changes something.
 *
 * @since 0.1.0
 * @category fields
 */
export const fields = {
  steps: Workflow.maybe(Schema.Array(Step).annotations({ description: "What was done, and what was not" })),
  ...Confirmation.outputField
}

/**
 * A change to make.
 *
 * @since 0.1.0
 * @category models
 */
export interface Change<R = never> {
  /** What is done, in a few words with its object, such as `invite ana@example.com`; distinct within a plan. */
  readonly step: string
  readonly grade: Grade.Grade
  /** What a person agrees to, with before and after; the step itself where that says it all. */
  readonly preview?: string | undefined
  /** The write. What it succeeds with is told as the step's detail. */
  readonly write: Effect.Effect<
    string | void,
    HabuError | ReferenceError | Workflow.InputInvalid | NotConfirmed | Unmet,
    R
  >
  /**
   * Whether Habu shows the change. Asked after the write, and when its answer was lost. Leave it out only where Habu
   * does not let one read it back.
   */
  readonly shown?: Effect.Effect<boolean, HabuError | ReferenceError, R> | undefined
  /**
   * For a step that makes something new: what it makes, such as `partner/<clean room>/<address>`. It is sent once, even
   * across processes.
   */
  readonly makes?: string | undefined
  /** The steps that must be done (or have been so already) before this one. */
  readonly needs?: ReadonlyArray<string> | undefined
}

/**
 * What is so already, told as skipped.
 *
 * @since 0.1.0
 * @category constructors
 */
export const already = (step: string, detail = "It is so already."): Step => ({ step, result: "skipped", detail })

const needsUnmet = "NEEDS_UNMET"

/**
 * What cannot be done before something else is so, told as skipped and as not done.
 *
 * @since 0.1.0
 * @category constructors
 */
export const unmet = (step: string, detail: string): Step => ({ step, result: "skipped", detail, code: needsUnmet })

/**
 * Habu answered a write with success, but says in its body that it did not do it.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotConfirmed extends Schema.TaggedError<NotConfirmed>()("NotConfirmed", {
  operation: Schema.String,
  habuMessage: Workflow.maybe(Schema.String)
}) {
  get code() {
    return "NOT_CONFIRMED"
  }
  override get message() {
    return `Habu answered ${this.operation} without doing it${
      this.habuMessage === undefined ? "" : `: ${JSON.stringify(this.habuMessage)}`
    }.`
  }
  get advice() {
    return "Look at what Habu shows now before trying again."
  }
}

/**
 * A step cannot be taken before something else is so, such as another party's agreement. Nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class Unmet extends Schema.TaggedError<Unmet>()("Unmet", { why: Schema.String }) {}

/**
 * Fails where an answer says in its body that nothing was done, as some of Habu's do with status 200.
 *
 * @since 0.1.0
 * @category combinators
 */
export const confirmed =
  (operation: string) =>
  <A extends { readonly success?: boolean | undefined; readonly message?: string | undefined }>(
    answer: A
  ): Effect.Effect<A, NotConfirmed> =>
    answer.success === false
      ? Effect.fail(new NotConfirmed(Workflow.compact({ operation, habuMessage: Words.said(answer.message, 300) })))
      : Effect.succeed(answer)

type Failure = HabuError | ReferenceError | Workflow.InputInvalid | NotConfirmed | Unmet

const Sent = Schema.Struct({
  id: Schema.String,
  /** From when on it is certain to have been carried out or never to be, in milliseconds since the epoch. */
  settledAt: Schema.Number
})

const sentOf = (digest: string): State.StateKey<typeof Sent.Type, typeof Sent.Encoded> => ({
  name: `made/${digest}`,
  schema: Sent
})

const settling = Effect.map(
  HabuConfig,
  ({ speed }) => Duration.toMillis(Duration.decode(RunLedger.defaults.settling)) / speed
)

const unavailable = ({ message }: { readonly message: string }) =>
  new StateUnavailable({ operation: "plan", problem: message })

// A try that may still be carried out is left standing for others, and for the next call, to see. One that was never
// ended (its process died) may have been sent late: it stands twice as long.
const begin = Effect.fnUntraced(function*(makes: string) {
  const state = yield* HabuState
  const key = sentOf((yield* sha256(makes)).slice(0, 32))
  const id = yield* Effect.sync(() => crypto.randomUUID())
  const now = yield* Clock.currentTimeMillis
  const time = yield* settling
  const open = yield* Effect.mapError(
    state.update(key, (current): readonly [number | undefined, State.Change<typeof Sent.Type>] => {
      const other = Option.filter(current, (sent) => sent.id !== id && sent.settledAt > now)
      return Option.isSome(other)
        ? [other.value.settledAt, StateStore.keep]
        : [undefined, StateStore.set({ id, settledAt: now + 2 * time }, Duration.millis(2 * time))]
    }),
    unavailable
  )
  const change = (next: State.Change<typeof Sent.Type>) =>
    Effect.ignoreLogged(
      state.update(key, (current) => [
        undefined,
        Option.exists(current, (sent) => sent.id === id) ? next : StateStore.keep
      ])
    )
  return {
    open,
    forget: change(StateStore.remove),
    stand: (settledAt: number) => change(StateStore.set({ id, settledAt }, Duration.millis(time)))
  }
})

const isNeverSent = (error: Failure) =>
  error._tag === "InputInvalid" || error._tag === "ReferenceUnknown" || error._tag === "ReferenceAmbiguous" ||
  error._tag === "Unmet" || (error._tag !== "NotConfirmed" && neverSent(error))

const isUncertain = (error: Failure) =>
  error._tag === "OutcomeUnknown" || error._tag === "Unavailable" && !error.neverSent ||
  error._tag === "AnswerUnreadable"

const failed = (step: string, error: Failure): Step =>
  error._tag === "Unmet" ? unmet(step, error.why) : {
    step,
    result: error._tag === "Forbidden" ? "denied" : "failed",
    detail: `${error.message} ${error.advice}`,
    code: error.code
  }

const inDoubt = (step: string, why: string, settledAt: number | undefined): Step => ({
  step,
  result: "unknown",
  detail: settledAt === undefined
    ? why
    : `${why} Until ${Words.iso(settledAt)} Habu may still carry it out; it is not sent again before.`,
  code: "OUTCOME_UNKNOWN"
})

// How a write ended: what Habu shows counts for more than what it answered, for an answer may be to a second try.
const settle = Effect.fnUntraced(function*<R>(
  change: Change<R>,
  exit: Either.Either<string | void, Failure>,
  settledAt: number | undefined
) {
  const { shown, step } = change
  if (Either.isLeft(exit) && isNeverSent(exit.left)) return failed(step, exit.left)
  const seen = shown === undefined ? undefined : yield* Effect.either(Reading.live(shown))
  const isShown = seen !== undefined && Either.isRight(seen) && seen.right
  if (Either.isLeft(exit)) {
    if (isShown) return { step, result: "done" as const, detail: `Habu shows it, although: ${exit.left.message}` }
    return isUncertain(exit.left)
      ? inDoubt(step, `It is not known whether Habu did it: ${exit.left.message}`, settledAt)
      : failed(step, exit.left)
  }
  if (seen === undefined || isShown) {
    return Workflow.compact({ step, result: "done" as const, detail: exit.right || undefined })
  }
  return inDoubt(
    step,
    Either.isLeft(seen)
      ? `Habu answered with success, but it could not be read back: ${seen.left.message}`
      : "Habu answered with success, but does not show it.",
    settledAt
  )
})

const send = Effect.fnUntraced(function*<R>(change: Change<R>) {
  const { makes, shown, step } = change
  if (makes === undefined) return yield* settle(change, yield* Effect.either(change.write), undefined)
  const begun = yield* Effect.either(begin(makes))
  if (Either.isLeft(begun)) return failed(step, begun.left)
  const { forget, open, stand } = begun.right
  if (open !== undefined) {
    const seen = shown === undefined ? false : yield* Effect.orElseSucceed(Reading.live(shown), () => false)
    return seen
      ? already(step)
      : inDoubt(step, "An earlier try has not come to an end that is known.", open)
  }
  const exit = yield* Effect.either(change.write)
  const settledAt = (yield* Clock.currentTimeMillis) + (yield* settling)
  const told = yield* settle(change, exit, settledAt)
  yield* told.result === "unknown" ? stand(settledAt) : forget
  return told
})

const isOpen = ({ code, result }: Step) => result !== "done" && (result !== "skipped" || code === needsUnmet)

const isMet = (settled: ReadonlyArray<Step>) => (need: string) =>
  settled.some((step) => step.step === need && !isOpen(step))

/**
 * Carries changes out: those whose needs are met at the same time, the others after them. A step whose needs were not
 * met is skipped and says so; no step's failure hides another's success.
 *
 * @since 0.1.0
 * @category combinators
 */
export const carryOut = <R>(
  changes: ReadonlyArray<Change<R>>,
  before: ReadonlyArray<Step> = []
): Effect.Effect<ReadonlyArray<Step>, never, R | HabuConfig | HabuState> => {
  const round = (
    open: ReadonlyArray<Change<R>>,
    settled: ReadonlyArray<Step>
  ): Effect.Effect<ReadonlyArray<Step>, never, R | HabuConfig | HabuState> => {
    if (open.length === 0) return Effect.succeed(settled)
    const waits = (change: Change<R>) =>
      (change.needs ?? []).some((need) => open.some(({ step }) => step === need && step !== change.step))
    const ready = open.filter((change) => !waits(change))
    // Needs that go round in a circle cannot be met: then everything left is tried and told as it goes.
    const now = ready.length === 0 ? open : ready
    const turn = (change: Change<R>) => {
      const missing = (change.needs ?? []).filter((need) => !isMet(settled)(need))
      return missing.length === 0
        ? send(change)
        : Effect.succeed(unmet(change.step, `Not tried, since this is not done: ${missing.join(", ")}.`))
    }
    return Effect.flatMap(
      Effect.forEach(now, turn, { concurrency: "unbounded" }),
      (steps) => round(open.filter((change) => !now.includes(change)), [...settled, ...steps])
    )
  }
  return round(changes, before)
}

/**
 * What would be done.
 *
 * @since 0.1.0
 * @category constructors
 */
export const planned = <R>(changes: ReadonlyArray<Change<R>>): ReadonlyArray<Step> =>
  changes.map(({ grade, preview, step }): Step => {
    const consent = grade === "ordinary" ? "" : `Needs agreement (${grade.replace("_", "-")}).`
    const said = preview === undefined || preview === step ? "" : `${preview.replace(/\.$/, "")}.`
    const detail = [said, consent].filter((part) => part !== "")
    return Workflow.compact({ step, result: "planned" as const, detail: detail.join(" ") || undefined })
  })

/**
 * How a call ended, by its steps.
 *
 * @since 0.1.0
 * @category getters
 */
export const statusOf = (steps: ReadonlyArray<Step>): Workflow.Status => {
  const open = steps.filter(isOpen)
  if (open.length === 0) return "done"
  const isSomeDone = steps.some(({ result }) => result === "done")
  if (isSomeDone) return "partial"
  if (open.some(({ result }) => result === "unknown")) return "unknown"
  return open.every(({ result }) => result === "denied") ? "denied" : "failed"
}

/**
 * What remains, in a sentence; empty where nothing does.
 *
 * @since 0.1.0
 * @category getters
 */
export const remaining = (steps: ReadonlyArray<Step>): string => {
  const open = steps.filter(isOpen)
  return open.length === 0 ? "" : `Not done: ${open.map(({ result, step }) => `${step} (${result})`).join(", ")}.`
}

/**
 * How long to wait before the same call can tell what became of steps that are unknown, in seconds.
 *
 * @since 0.1.0
 * @category getters
 */
export const askAgainAfter: Effect.Effect<number, never, HabuConfig> = Effect.map(
  settling,
  (time) => Math.max(1, Math.ceil(time / 1000))
)

/**
 * The same call again, where something is left that it can bring on; it continues where this one stopped.
 *
 * @since 0.1.0
 * @category constructors
 */
export const again = (
  tool: string,
  input: { readonly [field: string]: unknown },
  steps: ReadonlyArray<Step>
): Effect.Effect<ReadonlyArray<Workflow.NextStep>, never, HabuConfig> => {
  const open = steps.filter(isOpen)
  const { confirmation: _, ...call } = input
  if (open.length === 0) return Effect.succeed([])
  return Effect.map(askAgainAfter, (seconds): ReadonlyArray<Workflow.NextStep> => [
    open.some(({ result }) => result === "unknown")
      ? {
        tool,
        arguments: call,
        why: "The same call looks what became of the unknown steps and continues; nothing is done twice.",
        after_seconds: seconds
      }
      : {
        tool,
        arguments: call,
        why: "Once the cause is mended, the same call continues where this one stopped; nothing is done twice."
      }
  ])
}

/**
 * How changes ended: only planned, waiting for agreement, or carried out.
 *
 * @since 0.1.0
 * @category models
 */
export type Ending =
  | { readonly _tag: "Planned"; readonly steps: ReadonlyArray<Step> }
  | { readonly _tag: "Waiting"; readonly answer: Confirmation.Waiting; readonly steps: ReadonlyArray<Step> }
  | { readonly _tag: "CarriedOut"; readonly steps: ReadonlyArray<Step> }

/**
 * Options of {@link run}.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly tool: string
  readonly input: { readonly dry_run?: boolean; readonly confirmation?: string; readonly [field: string]: unknown }
  /** What is so already. */
  readonly settled?: ReadonlyArray<Step> | undefined
  /** What a person types to agree where something is destroyed. */
  readonly name?: string | undefined
  /** More that the agreement rests on: what was read, so that a code stops fitting when it changes. */
  readonly subject?: unknown
}

/** The steps of the call under way, as far as they were carried out. */
class CarriedOut extends Context.Reference<CarriedOut>()("habu-mcp/workflows/CarriedOut", {
  defaultValue: (): Ref.Ref<ReadonlyArray<Step>> | undefined => undefined
}) {}

const note = (steps: ReadonlyArray<Step>) =>
  Effect.flatMap(
    CarriedOut,
    (carriedOut) =>
      carriedOut === undefined ? Effect.void : Ref.update(carriedOut, (before) => [
        ...before.filter(({ step }) => !steps.some((one) => one.step === step)),
        ...steps
      ])
  )

const isTelling = ({ result }: Step) => result === "done" || result === "unknown"

const cutOff = (
  tool: string,
  input: Options["input"],
  steps: ReadonlyArray<Step>,
  error: { readonly message: string }
) =>
  Effect.map(askAgainAfter, (after_seconds) => {
    const { confirmation: _, ...call } = input
    const status = statusOf(steps)
    return Workflow.compact({
      status: status === "done" ? "partial" as const : status,
      summary: [
        `${Words.count(steps.filter(({ result }) => result === "done").length, "step")} done.`,
        remaining(steps),
        `Then it could not go on: ${error.message}`
      ].filter((part) => part !== "").join(" "),
      steps,
      next_steps: [{
        tool,
        arguments: call,
        why: "The same call goes on from here; nothing is done twice.",
        after_seconds
      }]
    })
  })

/**
 * Answers with the steps that were carried out, in place of an error that came after them: what was done is told.
 *
 * @since 0.1.0
 * @category combinators
 */
export const telling =
  (tool: string) => <A, E extends object, R>(call: Effect.Effect<A, E, R>, input: Options["input"]) =>
    Effect.gen(function*() {
      const carriedOut = yield* Ref.make<ReadonlyArray<Step>>([])
      const outcome = yield* Effect.either(Effect.provideService(call, CarriedOut, carriedOut))
      const steps = yield* Ref.get(carriedOut)
      return yield* Either.isLeft(outcome) && isCoded(outcome.left) && steps.some(isTelling)
        ? cutOff(tool, input, steps, outcome.left)
        : outcome
    })

// Errors have codes; a question that is asked back has none.
const isCoded = (error: object): error is { readonly code: string; readonly message: string } =>
  "code" in error && "message" in error

/**
 * Brings a plan about: tells it with `dry_run`, asks for agreement where the most far-reaching change needs it, carries
 * it out otherwise.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = Effect.fn("Plan.run")(function*<R>(changes: ReadonlyArray<Change<R>>, options: Options) {
  const settled = options.settled ?? []
  const { input, tool } = options
  if (input.dry_run === true) return { _tag: "Planned", steps: [...settled, ...planned(changes)] } satisfies Ending
  const effects = changes.map(({ grade, preview, step }) => ({ grade, preview: preview ?? step }))
  const answer = changes.length === 0
    ? undefined
    : yield* Confirmation.waitingFor({ tool, effects, name: options.name, subject: options.subject ?? null }, input)
  return answer === undefined
    ? { _tag: "CarriedOut", steps: yield* Effect.tap(carryOut(changes, settled), note) } satisfies Ending
    : { _tag: "Waiting", answer, steps: [...settled, ...planned(changes)] } satisfies Ending
})

/**
 * What an answer says of changes that were not made: the plan of a dry run, or what waits for agreement.
 *
 * @since 0.1.0
 * @category constructors
 */
export const unmade = (
  ending: Exclude<Ending, { readonly _tag: "CarriedOut" }>,
  { input, tool }: Pick<Options, "input" | "tool">
) => {
  if (ending._tag === "Waiting") return { ...ending.answer, steps: ending.steps }
  const { dry_run: _, ...call } = input
  const isAny = ending.steps.some(({ result }) => result === "planned")
  const isUnmet = ending.steps.some(isOpen)
  return Workflow.compact({
    status: "done" as const,
    summary: isAny
      ? "Nothing was changed; the steps show what would be done."
      : isUnmet
      ? "Nothing was changed, and nothing could be; the steps say why."
      : "Nothing was changed, and nothing would be: all is so already.",
    steps: ending.steps,
    next_steps: isAny ? [{ tool, arguments: call, why: "Make these changes." }] : []
  })
}
