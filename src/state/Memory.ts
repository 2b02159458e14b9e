/**
 * State in this process's memory: for tests, for embedders and for trying things out. It is lost at the end.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { StateBackend } from "./StateBackend.js"
import * as StateStore from "./StateStore.js"

/**
 * Makes an engine over a map of its own.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<StateBackend> = Effect.sync(() => {
  const entries = new Map<string, string>()
  return {
    kind: "memory",
    durable: false,
    location: "memory",
    notices: [],
    read: (key) => Effect.sync(() => Option.fromNullable(entries.get(key))),
    modify: (key, f) =>
      Effect.sync(() => {
        const [answer, next] = f(Option.fromNullable(entries.get(key)))
        if (next._tag === "Put") entries.set(key, next.value)
        else if (next._tag === "Remove") entries.delete(key)
        return answer
      }),
    scan: (prefix) =>
      Effect.sync(() => [...entries].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => a < b ? -1 : 1))
  }
})

/**
 * Provides a store that is empty at the start.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = StateStore.layer(make)
