/**
 * What was tried and whether it helped, remembered for the organisation.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { StateUnavailable } from "../../habu/HabuError.js"
import { HabuState } from "../../habu/HabuState.js"
import type { StateError } from "../../state/StateError.js"
import * as StateStore from "../../state/StateStore.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * What was tried against one cause. `about` is what had the trouble, by its names.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Resolution = Schema.Struct({
  id: Schema.String,
  at: Schema.String,
  entry: Schema.String,
  outcome: Schema.Literal("solved", "not_solved"),
  about: Workflow.maybe(Schema.String),
  note: Workflow.maybe(Schema.String)
})

export interface Resolution extends Schema.Schema.Type<typeof Resolution> {}

const kept = 200

const key: StateStore.StateKey<ReadonlyArray<Resolution>, ReadonlyArray<typeof Resolution.Encoded>> = {
  name: "troubleshoot/resolutions",
  schema: Schema.Array(Resolution)
}

const unavailable = ({ message }: StateError) =>
  new StateUnavailable({ operation: "troubleshoot_issues", problem: message })

/**
 * All that is remembered, the latest first.
 *
 * @since 0.1.0
 * @category getters
 */
export const all: Effect.Effect<ReadonlyArray<Resolution>, StateUnavailable, HabuState> = Effect.flatMap(
  HabuState,
  (state) => Effect.mapError(Effect.map(state.get(key), Option.getOrElse(() => [])), unavailable)
)

/**
 * Remembers one more; beyond 200 the oldest are forgotten.
 *
 * @since 0.1.0
 * @category constructors
 */
export const remember = Effect.fn("Troubleshoot.remember")(function*(
  tried: Pick<Resolution, "entry" | "outcome"> & {
    readonly about: string | undefined
    readonly note: string | undefined
  }
) {
  const state = yield* HabuState
  const at = Words.iso(yield* Clock.currentTimeMillis)
  const id = yield* Effect.sync(() => crypto.randomUUID())
  const resolution: Resolution = Workflow.compact({ id, at, ...tried })
  yield* Effect.mapError(
    state.update(key, (current) => {
      const before = Option.getOrElse(current, (): ReadonlyArray<Resolution> => []).filter((one) => one.id !== id)
      return [undefined, StateStore.set([resolution, ...before].slice(0, kept), Duration.infinity)]
    }),
    unavailable
  )
  return resolution
})

/**
 * How often a fix helped before; undefined where it was not tried.
 *
 * @since 0.1.0
 * @category formatting
 */
export const record = (resolutions: ReadonlyArray<Resolution>, entry: string): string | undefined => {
  const tried = resolutions.filter((one) => one.entry === entry)
  const solved = tried.filter(({ outcome }) => outcome === "solved").length
  return tried.length === 0 ? undefined : `solved ${solved} of ${Words.count(tried.length, "time")} before`
}
