// What can be seen of a request from outside: a span of ours, and figures.
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import type { HabuError } from "../HabuError.js"
import * as HabuMetrics from "../HabuMetrics.js"

const outcomeOf = (exit: Exit.Exit<unknown, HabuError>) => {
  if (Exit.isSuccess(exit)) return "success"
  if (Cause.isInterruptedOnly(exit.cause)) return "INTERRUPTED"
  return Option.match(Cause.failureOption(exit.cause), {
    onNone: () => "INTERNAL_FAULT",
    onSome: ({ code }) => code
  })
}

// Counts and times what was sent; `then` is told how long it took.
export const measured =
  (operation: string, isSent: () => boolean, then: (millis: number) => Effect.Effect<void>) =>
  <A, E extends HabuError, R>(request: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.currentTimeMillis, (startedAt) =>
      Effect.onExit(request, (exit) =>
        Effect.gen(function*() {
          const millis = (yield* Clock.currentTimeMillis) - startedAt
          yield* then(millis)
          const outcome = outcomeOf(exit)
          yield* Effect.annotateCurrentSpan("habu.outcome", outcome)
          if (!isSent()) return
          const counted = Metric.tagged(HabuMetrics.requests, "operation", operation)
          yield* Metric.increment(Metric.tagged(counted, "outcome", outcome))
          yield* Metric.update(Metric.tagged(HabuMetrics.requestDuration, "operation", operation), millis / 1000)
        })))

// What the span says of an answer. The route is the template: what stands in its place may be anybody's.
export const answered = (status: number, requestId: string | undefined): Effect.Effect<void> =>
  Effect.annotateCurrentSpan({
    "http.response.status_code": status,
    ...(requestId !== undefined && { "habu.request_id": requestId })
  })

export const spanned = (operation: string, method: string, route: string) =>
  Effect.withSpan(`habu.${operation}`, {
    kind: "client",
    // It would be the same place for all, and costs an error for each request.
    captureStackTrace: false,
    attributes: { "habu.operation": operation, "http.request.method": method, "http.route": route }
  })
