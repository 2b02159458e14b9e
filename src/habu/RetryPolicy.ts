/**
 * How often and how long after a failure a read or an idempotent write is sent again.
 *
 * It is a reference with a default, so that one effect can run under another policy:
 * `Effect.provideService(effect, RetryPolicy, Schedule.stop)`.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { type HabuError, isTransient } from "./HabuError.js"

const longestWait = Duration.seconds(10)

const retryAtOf = (error: HabuError) => "retryAt" in error ? error.retryAt : undefined

// Another try for an access token may cost the day's second one, unless the first certainly never left.
const mayCostToken = (error: HabuError) =>
  "operation" in error && error.operation === "token" && !(error._tag === "Unavailable" && error.neverSent)

// A short wait that Habu asks for is kept to; a long one is the caller's to decide on.
const isWorthWaiting = (error: HabuError) =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    if (error._tag === "BreakerOpen" || mayCostToken(error)) return false
    const retryAt = retryAtOf(error)
    return retryAt === undefined
      ? isTransient(error)
      : retryAt - now <= Duration.toMillis(longestWait) && (isTransient(error) || error._tag === "RateLimited")
  })

/**
 * Twice more, after about 0.25 s and 0.5 s with jitter, or when Habu says, where that is within 10 s.
 *
 * @since 0.1.0
 * @category constructors
 */
export const exponential: Schedule.Schedule<unknown, HabuError> = Schedule.exponential("250 millis").pipe(
  Schedule.jittered,
  Schedule.intersect(Schedule.recurs(2)),
  Schedule.intersect(Schedule.identity<HabuError>()),
  Schedule.whileInputEffect(isWorthWaiting),
  Schedule.modifyDelayEffect(([, error], delay) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const retryAt = retryAtOf(error)
      return retryAt === undefined ? delay : Duration.max(delay, Duration.millis(Math.max(0, retryAt - now)))
    })
  )
)

/**
 * When what may be repeated is repeated; exponential with jitter if nothing else is provided.
 *
 * @since 0.1.0
 * @category references
 */
export class RetryPolicy extends Context.Reference<RetryPolicy>()("habu-mcp/habu/RetryPolicy", {
  defaultValue: (): Schedule.Schedule<unknown, HabuError> => exponential
}) {}
