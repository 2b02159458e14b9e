// A call that spends a slot of a budget: reserved before, settled after, whatever became of it.
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as HabuBudget from "../HabuBudget.js"
import { type HabuError, RateLimited } from "../HabuError.js"

// What failed is what the caller must know; a budget that cannot be written says so in the log.
const aside = <A, E>(effect: Effect.Effect<A, E>) => Effect.option(Effect.tapErrorCause(effect, Effect.logDebug))

export const spending = (
  budget: HabuBudget.Service,
  options: {
    readonly budget: HabuBudget.Budget
    readonly operation: string
    // Whether Habu certainly did not count the request that failed so.
    readonly uncounted: (error: HabuError) => boolean
  }
) =>
<A>(call: Effect.Effect<A, HabuError>): Effect.Effect<A, HabuError> => {
  const closed = Effect.fnUntraced(function*(error: RateLimited) {
    const retryAt = yield* aside(budget.close(options.budget))
    return yield* Effect.fail(
      Option.isNone(retryAt) ? error : new RateLimited({ ...error, retryAt: retryAt.value })
    )
  })

  const failed = (reservation: HabuBudget.Reservation) =>
    Effect.fnUntraced(function*(error: HabuError) {
      const isUncounted = options.uncounted(error)
      yield* aside(
        isUncounted || error._tag === "RateLimited"
          ? budget.giveBack(reservation)
          : budget.confirm(reservation)
      )
      return yield* !isUncounted && error._tag === "RateLimited" ? closed(error) : Effect.fail(error)
    })

  return Effect.flatMap(budget.reserve(options.budget, options.operation), (reservation) =>
    Effect.matchEffect(call, {
      onFailure: failed(reservation),
      onSuccess: (answer) => Effect.as(aside(budget.confirm(reservation)), answer)
    }))
}
