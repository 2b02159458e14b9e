/**
 * Storage engines that misbehave the way real ones do.
 */
import * as Effect from "effect/Effect"
import * as Memory from "../../src/state/Memory.js"
import type { StateBackend } from "../../src/state/StateBackend.js"
import { StateError } from "../../src/state/StateError.js"

export const memory = Memory.make

/** Carries every change out and loses the answer once, as an engine does that retries after a broken connection. */
export const forgetful = Effect.map(Memory.make, (backend): StateBackend => ({
  ...backend,
  modify: (key, f) => Effect.zipRight(backend.modify(key, f), backend.modify(key, f))
}))

export interface Switched extends StateBackend {
  /** Which operations fail from now on. */
  readonly fail: (operations: ReadonlyArray<"read" | "modify">, onKey?: RegExp) => void
}

/** Works until it is told to fail. */
export const switched = Effect.map(Memory.make, (backend): Switched => {
  let failing: ReadonlyArray<string> = []
  let keys = /./
  const failure = new StateError({ reason: "unavailable", message: "The store does not answer." })
  const unless = <A>(operation: string, key: string, effect: Effect.Effect<A, StateError>) =>
    Effect.suspend(() => failing.includes(operation) && keys.test(key) ? Effect.fail(failure) : effect)
  return {
    ...backend,
    read: (key) => unless("read", key, backend.read(key)),
    modify: (key, f) => unless("modify", key, backend.modify(key, f)),
    fail: (operations, onKey = /./) => {
      failing = operations
      keys = onKey
    }
  }
})

/** Lets something happen just before the next change of a key, as another process can at any time. */
export const interposed = (backend: StateBackend) => {
  let next: { readonly suffix: string; readonly effect: Effect.Effect<unknown> } | undefined
  return {
    before: (suffix: string, effect: Effect.Effect<unknown>) => {
      next = { suffix, effect }
    },
    backend: {
      ...backend,
      modify: (key, f) =>
        Effect.suspend(() => {
          const due = next !== undefined && key.endsWith(next.suffix) ? next.effect : Effect.void
          if (due !== Effect.void) next = undefined
          return Effect.zipRight(due, backend.modify(key, f))
        })
    } satisfies StateBackend
  }
}

/** Everything an engine holds, as one text. */
export const contents = (backend: StateBackend) =>
  Effect.map(backend.scan(""), (entries) => entries.map((entry) => entry.join(" = ")).join("\n"))
