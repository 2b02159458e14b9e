/**
 * Confirmation codes in tests: taken from a preview, and made to expire.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { HabuState } from "../../src/habu/HabuState.js"
import * as State from "../../src/state/StateStore.js"

interface Previewed {
  readonly status: string
  readonly confirmation?: { readonly code?: string }
}

/** The code of an answer that waits for agreement. */
export const of = (answer: Previewed): string => {
  assert.strictEqual(answer.status, "needs_confirmation", JSON.stringify(answer))
  return answer.confirmation?.code ?? ""
}

const Issued = Schema.Struct({ change: Schema.String, expiresAt: Schema.Number, used: Schema.Boolean })

/** Lets the time of all codes that were given out be over. */
export const expireAll = Effect.gen(function*() {
  const state = yield* HabuState
  const all = yield* state.list({ name: "confirmation/", schema: Issued })
  yield* Effect.forEach(all, ([name]) =>
    state.update({ name, schema: Issued }, (current) => [
      undefined,
      Option.match(current, {
        onNone: () => State.keep,
        onSome: (issued) => State.set({ ...issued, expiresAt: 0 }, "1 day")
      })
    ]))
})

/** Checks that a code is refused when forged, expired, used twice, or when the world changed since its preview. */
export const refusals = <A extends Previewed, R, E0, E, R2, E2, R3>(options: {
  readonly call: (confirmation?: string) => Effect.Effect<A, E0, R>
  readonly change: Effect.Effect<unknown, E, R2>
  /** What the code was for is undone, so that the same change is there to be made again. */
  readonly undo: Effect.Effect<unknown, E2, R3>
}) =>
  Effect.gen(function*() {
    const { call, change, undo } = options
    const refused = (code: string) => Effect.map(Effect.flip(call(code)), String)
    assert.match(yield* refused("FORGEDCODE"), /not a code that was given out/)
    const late = of(yield* call())
    yield* expireAll
    assert.match(yield* refused(late), /has expired/)
    const before = of(yield* call())
    yield* change
    assert.match(yield* refused(before), /another change/)
    const good = of(yield* call())
    const answer = yield* call(good)
    yield* undo
    assert.match(yield* refused(good), /was used already/)
    return answer
  })
