// The last known copy of an object that Habu lets one read only every few minutes, kept for every process that shares
// the state, and sealed: an answer holds more than is shown of it, such as the salt of hashed columns.
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as State from "../../state/StateStore.js"
import type { Observed } from "../HabuCache.js"
import type * as HabuConfig from "../HabuConfig.js"
import { StateUnavailable } from "../HabuError.js"
import type * as Operations from "../Operations.js"
import * as sealed from "./sealed.js"

const Copy = Schema.Struct({ observedAt: Schema.Number, sealed: Schema.String })

const keyOf = (object: string, operation: Operations.Info): State.StateKey<typeof Copy.Type, typeof Copy.Encoded> => ({
  name: `copy/${object}/${operation.id}`,
  schema: Copy
})

const life = Duration.hours(24)

export const make = (state: State.Service, config: HabuConfig.Service) => {
  const secret = Either.map(config.credentials, ({ clientSecret }) => clientSecret)

  // None where the secret was rotated since, or the contract has changed.
  const opened = Effect.fnUntraced(function*(operation: Operations.Info, copy: typeof Copy.Type) {
    const body = yield* yield* sealed.unseal(yield* secret, copy.sealed)
    const value: unknown = yield* Schema.decodeUnknown(Schema.parseJson(operation.answer ?? Schema.Unknown))(
      Redacted.value(body)
    )
    return { value, observedAt: copy.observedAt, live: false }
  }, Effect.option)

  const last = Effect.fnUntraced(function*(object: string, operation: Operations.Info) {
    const stored = yield* Effect.mapError(
      state.get(keyOf(object, operation)),
      ({ message }) => new StateUnavailable({ operation: operation.id, problem: message })
    )
    return Option.isNone(stored) ? Option.none<Observed<unknown>>() : yield* opened(operation, stored.value)
  })

  // Without the copy the answer is still good, so a store that cannot keep it only says so.
  const keep = Effect.fnUntraced(
    function*(object: string, operation: Operations.Info, body: string, observedAt: number) {
      const copy = { observedAt, sealed: yield* sealed.seal(yield* secret, Redacted.make(body)) }
      yield* state.update(keyOf(object, operation), () => [undefined, State.set(copy, life)])
    },
    Effect.ignoreLogged
  )

  const forget = (object: string, operation: Operations.Info) =>
    Effect.ignoreLogged(state.update(keyOf(object, operation), () => [undefined, State.remove]))

  return { last, keep, forget }
}
