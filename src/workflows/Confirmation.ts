/**
 * Agreement to a change before it is made: from a person where one can be asked, otherwise by a code that stands for
 * exactly the change that was previewed, is used once, and expires.
 *
 * A yes in the arguments alone would be a model's own; a code proves at least that the preview was given first. What
 * cannot be undone, or binds the organisation, is not left to a code unless the server was started to allow that.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { sha256 } from "../habu/Digest.js"
import { StateUnavailable } from "../habu/HabuError.js"
import { HabuState } from "../habu/HabuState.js"
import * as Text from "../habu/Text.js"
import type * as State from "../state/StateStore.js"
import * as StateStore from "../state/StateStore.js"
import { Asker } from "./Asker.js"
import { type Grade, Grade as GradeSchema, highest } from "./Grade.js"
import * as Workflow from "./Workflow.js"

/**
 * One thing that will be done, in words for a person, with before and after where something is replaced.
 *
 * @since 0.1.0
 * @category models
 */
export interface Effected {
  readonly grade: Grade
  readonly preview: string
}

/**
 * A change that needs agreement.
 *
 * @since 0.1.0
 * @category models
 */
export interface Change {
  /** The tool that makes it. */
  readonly tool: string
  /** Everything that will be done, the ordinary parts too. */
  readonly effects: ReadonlyArray<Effected>
  /** What a person types to agree where something is destroyed: the name of what goes. */
  readonly name?: string | undefined
  /** All that the change rests on. A code no longer fits once any of it differs. */
  readonly subject: unknown
}

/**
 * - `Granted`: go ahead.
 * - `Previewed`: not yet; the code stands for this change until it expires (milliseconds since the epoch).
 * - `Declined`, `Unanswered`: a person was asked and did not agree.
 * - `Forbidden`: no code is given out for this grade, unless the server is started with `flag`.
 *
 * @since 0.1.0
 * @category models
 */
export type Decision =
  | { readonly _tag: "Granted" }
  | { readonly _tag: "Previewed"; readonly code: string; readonly expiresAt: number }
  | { readonly _tag: "Declined" }
  | { readonly _tag: "Unanswered" }
  | { readonly _tag: "Forbidden"; readonly flag: string }

/**
 * Who decides.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** Decides on a change; `code` is what the caller gave as confirmation. A code that does not fit is refused. */
  readonly decide: (
    change: Change,
    code: string | undefined
  ) => Effect.Effect<Decision, Workflow.InputInvalid | StateUnavailable>
}

/**
 * Who agrees to what, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class Confirmation extends Context.Tag("habu-mcp/workflows/Confirmation")<Confirmation, Service>() {}

/**
 * What a code may stand for where no person can be asked.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Give out codes for what cannot be undone, where no person can be asked. */
  readonly allowDestructive?: boolean | undefined
  /** Give out codes for what binds the organisation, where no person can be asked. */
  readonly allowContractual?: boolean | undefined
}

const timeToConfirm = Duration.minutes(10)
// Long enough to tell a code that was used or expired from one that never was.
const timeToRemember = Duration.days(1)

const Issued = Schema.Struct({
  /** What the code stands for. */
  change: Schema.String,
  expiresAt: Schema.Number,
  used: Schema.Boolean
})

const issuedOf = (digest: string): State.StateKey<typeof Issued.Type, typeof Issued.Encoded> => ({
  name: `confirmation/${digest}`,
  schema: Issued
})

const symbols = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

const newCode = Effect.sync(() =>
  Array.from(crypto.getRandomValues(new Uint32Array(10)), (random) => symbols[random % symbols.length]).join("")
)

const gradeOf = ({ effects }: Change) => highest(effects.map(({ grade }) => grade))

const isNoteworthy = ({ grade }: Effected) => grade !== "ordinary"

/**
 * What is said before a change, a line for each thing that will be done, the far-reaching ones first.
 *
 * @since 0.1.0
 * @category getters
 */
export const lines = ({ effects }: Change): ReadonlyArray<string> =>
  [...effects.filter(isNoteworthy), ...effects.filter((effect) => !isNoteworthy(effect))].map(({ preview }) => preview)

const refused = (problem: string) =>
  new Workflow.InputInvalid({
    field: "confirmation",
    problem,
    advice:
      "Nothing was done. Make the same call without confirmation to see what would be done now, and get a new code."
  })

const unavailable = ({ message }: { readonly message: string }) =>
  new StateUnavailable({ operation: "confirmation", problem: message })

const flags: { readonly [K in Grade]?: string } = {
  destructive: "--allow-destructive",
  contractual: "--allow-contractual"
}

/**
 * Makes the usual decider: a person where the current call can ask one (see {@link Asker}), codes elsewhere.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: Options = {}) {
  const state = yield* HabuState

  const isAllowed = (grade: Grade) =>
    grade === "destructive"
      ? options.allowDestructive === true
      : grade === "contractual"
      ? options.allowContractual === true
      : true

  const fingerprint = (change: Change) => sha256(JSON.stringify([change.tool, change.effects, change.subject]))

  const issue = Effect.fnUntraced(function*(change: Change) {
    const now = yield* Clock.currentTimeMillis
    const expiresAt = now + Duration.toMillis(timeToConfirm)
    const code = yield* newCode
    const fits = yield* fingerprint(change)
    const key = issuedOf(yield* sha256(code))
    yield* Effect.mapError(
      state.update(key, () => [undefined, StateStore.set({ change: fits, expiresAt, used: false }, timeToRemember)]),
      unavailable
    )
    return { _tag: "Previewed", code, expiresAt } satisfies Decision
  })

  const redeem = Effect.fnUntraced(function*(change: Change, code: string) {
    const now = yield* Clock.currentTimeMillis
    const fits = yield* fingerprint(change)
    const key = issuedOf(yield* sha256(code.trim().toUpperCase()))
    const wrong = yield* Effect.mapError(
      state.update(
        key,
        (current): readonly [string | undefined, State.Change<typeof Issued.Type>] =>
          Option.match(current, {
            onNone: () => ["is not a code that was given out", StateStore.keep],
            onSome: (issued) =>
              issued.used
                ? ["was used already", StateStore.keep]
                : issued.expiresAt <= now
                ? ["has expired", StateStore.keep]
                : issued.change !== fits
                ? ["stands for another change: what would be done now is not what was previewed", StateStore.keep]
                : [undefined, StateStore.set({ ...issued, used: true }, timeToRemember)]
          })
      ),
      unavailable
    )
    return yield* wrong === undefined
      ? Effect.succeed({ _tag: "Granted" } satisfies Decision)
      : Effect.fail(refused(wrong))
  })

  const asked = (change: Change, grade: Grade, ask: NonNullable<Asker["Type"]>) => {
    const typed = grade === "destructive" ? change.name : undefined
    const message = `${change.tool} is about to change this at Habu:`
    return Effect.map(ask({ message, changes: lines(change), typed }), (reply): Decision =>
      reply._tag === "Accepted"
        ? typed === undefined || Text.folded(reply.typed ?? "") === Text.folded(typed)
          ? { _tag: "Granted" }
          : { _tag: "Declined" }
        : reply)
  }

  const decide = Effect.fn("Confirmation.decide")(function*(change: Change, code: string | undefined) {
    const grade = gradeOf(change)
    if (grade === "ordinary") return { _tag: "Granted" } satisfies Decision
    const ask = yield* Asker
    if (ask !== undefined) return yield* asked(change, grade, ask)
    const barred = change.effects.find((effect) => !isAllowed(effect.grade))
    if (barred !== undefined) return { _tag: "Forbidden", flag: flags[barred.grade] ?? "" } satisfies Decision
    return code === undefined || code.trim() === "" ? yield* issue(change) : yield* redeem(change, code)
  })

  return Confirmation.of({ decide })
})

/**
 * Provides the usual decider.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Options): Layer.Layer<Confirmation, never, HabuState> =>
  Layer.effect(Confirmation, make(options))

/**
 * Provides a decider of an embedder's own, such as one that asks in its own user interface.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerPolicy = (policy: (change: Change) => Effect.Effect<Decision>): Layer.Layer<Confirmation> =>
  Layer.succeed(Confirmation, { decide: policy })

/**
 * The input field that carries a code.
 *
 * @since 0.1.0
 * @category fields
 */
export const inputField = {
  confirmation: Workflow.maybe(Schema.String.annotations({
    description: "The preview's code"
  }))
}

/**
 * The output field that shows what waits for agreement.
 *
 * @since 0.1.0
 * @category fields
 */
export const outputField = {
  confirmation: Workflow.maybe(
    Schema.Struct({
      grade: GradeSchema,
      changes: Schema.Array(Schema.String),
      code: Workflow.maybe(Schema.String),
      expires_at: Workflow.maybe(Schema.String)
    }).annotations({ description: "What waits for agreement" })
  )
}

/**
 * An answer for a change that is not made yet.
 *
 * @since 0.1.0
 * @category models
 */
export interface Waiting {
  readonly status: "needs_confirmation" | "denied"
  readonly summary: string
  readonly confirmation: {
    readonly grade: Grade
    readonly changes: ReadonlyArray<string>
    readonly code?: string
    readonly expires_at?: string
  }
  readonly next_steps?: ReadonlyArray<Workflow.NextStep>
}

const waiting = (
  change: Change,
  input: { readonly [field: string]: unknown },
  decision: Exclude<Decision, { readonly _tag: "Granted" }>
): Waiting => {
  const confirmation = { grade: gradeOf(change), changes: lines(change) }
  const { confirmation: _, ...again } = input
  switch (decision._tag) {
    case "Previewed":
      return {
        status: "needs_confirmation",
        summary: "Nothing was done yet. Show the changes to the person you work for; if they agree, make the same " +
          "call with the code as confirmation.",
        confirmation: {
          ...confirmation,
          code: decision.code,
          expires_at: new Date(decision.expiresAt).toISOString()
        },
        next_steps: [{
          tool: change.tool,
          arguments: { ...again, confirmation: decision.code },
          why: "Make exactly these changes, after a person agreed to them."
        }]
      }
    case "Declined":
      return { status: "denied", summary: "Nothing was done: the person who was asked did not agree.", confirmation }
    case "Unanswered":
      return {
        status: "needs_confirmation",
        summary: "Nothing was done: the person who was asked has not answered.",
        confirmation,
        next_steps: [{ tool: change.tool, arguments: again, why: "Ask again, once somebody is there to answer." }]
      }
    case "Forbidden":
      return {
        status: "denied",
        summary: `Nothing was done: this needs a person's agreement, and the host cannot ask for it. Start habu-mcp ` +
          `with ${decision.flag} to allow it by preview and code, use a host that can ask, or do it in Habu's UI.`,
        confirmation
      }
  }
}

/**
 * Asks for agreement to a change: nothing where it is given, otherwise the answer to give back.
 *
 * @since 0.1.0
 * @category combinators
 */
export const waitingFor = Effect.fnUntraced(function*(
  change: Change,
  input: { readonly confirmation?: string; readonly [field: string]: unknown }
) {
  const { decide } = yield* Confirmation
  const decision = yield* decide(change, input.confirmation)
  return decision._tag === "Granted" ? undefined : waiting(change, input, decision)
})
