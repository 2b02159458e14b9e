/**
 * What was removed through this server within the last day, so that the same call again is not told of something that
 * nobody knows.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { sha256 } from "../habu/Digest.js"
import { type ReferenceUnknown, StateUnavailable } from "../habu/HabuError.js"
import { HabuState } from "../habu/HabuState.js"
import * as Text from "../habu/Text.js"
import * as State from "../state/StateStore.js"
import * as Plan from "./Plan.js"
import * as Words from "./Words.js"

const keyOf = (kind: string, name: string): Effect.Effect<State.StateKey<number, number>> =>
  Effect.map(sha256(`${kind}\n${Text.folded(name)}`), (digest) => ({
    name: `gone/${digest.slice(0, 32)}`,
    schema: Schema.Number
  }))

const unavailable = ({ message }: { readonly message: string }) =>
  new StateUnavailable({ operation: "what was removed", problem: message })

/**
 * Notes that something is about to be removed, by all its names. It counts once it cannot be found any more.
 *
 * @since 0.1.0
 * @category combinators
 */
export const removing = (kind: string, names: ReadonlyArray<string | undefined>) =>
  Effect.gen(function*() {
    const state = yield* HabuState
    const now = yield* Clock.currentTimeMillis
    const known = names.filter((name) => name !== undefined)
    yield* Effect.forEach(known, (name) =>
      Effect.flatMap(
        keyOf(kind, name),
        (key) => Effect.mapError(state.update(key, () => [undefined, State.set(now, "1 day")]), unavailable)
      ))
  })

/**
 * When what cannot be found was removed here, in milliseconds since the epoch.
 *
 * @since 0.1.0
 * @category getters
 */
export const since = (kind: string, name: string): Effect.Effect<number | undefined, StateUnavailable, HabuState> =>
  Effect.gen(function*() {
    const state = yield* HabuState
    return Option.getOrUndefined(yield* Effect.mapError(state.get(yield* keyOf(kind, name)), unavailable))
  })

/**
 * Takes what cannot be found for done where it was removed here, as a step of that name; any other is unknown still.
 *
 * @since 0.1.0
 * @category combinators
 */
export const alreadyStep = (kind: string, reference: string, step: string) => (unknown: ReferenceUnknown) =>
  Effect.flatMap(since(kind, reference), (at) =>
    at === undefined
      ? Effect.fail(unknown)
      : Effect.succeed(Plan.already(step, `It is there no more: it was deleted at ${Words.iso(at)}.`)))
