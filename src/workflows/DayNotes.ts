/**
 * Notes about things by their kind and name, kept for a day, for a call that comes again and finds no such name any more.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Schema from "effect/Schema"
import { sha256 } from "../habu/Digest.js"
import { StateUnavailable } from "../habu/HabuError.js"
import { HabuState } from "../habu/HabuState.js"
import * as Text from "../habu/Text.js"
import * as State from "../state/StateStore.js"

const unavailable = (operation: string) => ({ message }: { readonly message: string }) =>
  new StateUnavailable({ operation, problem: message })

/**
 * Makes notes of one sort: `folder` is where they lie in the store, `what` names them for a person.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <A, I>(folder: string, what: string, schema: Schema.Schema<A, I>) => {
  const keyOf = (kind: string, name: string): Effect.Effect<State.StateKey<A, I>> =>
    Effect.map(sha256(`${kind}\n${Text.folded(name)}`), (digest) => ({
      name: `${folder}/${digest.slice(0, 32)}`,
      schema
    }))

  return {
    /** Notes something under all its names. */
    note: (kind: string, names: ReadonlyArray<string | undefined>, value: A) =>
      Effect.gen(function*() {
        const state = yield* HabuState
        const known = names.filter((name) => name !== undefined)
        yield* Effect.forEach(known, (name) =>
          Effect.flatMap(
            keyOf(kind, name),
            (key) => Effect.mapError(state.update(key, () => [undefined, State.set(value, "1 day")]), unavailable(what))
          ), { discard: true })
      }),
    /** What was noted under a name. */
    of: (kind: string, name: string): Effect.Effect<A | undefined, StateUnavailable, HabuState> =>
      Effect.gen(function*() {
        const state = yield* HabuState
        const key = yield* keyOf(kind, name)
        return Option.getOrUndefined(yield* Effect.mapError(state.get(key), unavailable(what)))
      })
  }
}
