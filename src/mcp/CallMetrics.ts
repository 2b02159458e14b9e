/**
 * What is counted and timed of the tools.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Metric from "effect/Metric"
import * as HabuMetrics from "../habu/HabuMetrics.js"
import type { Result } from "./Answers.js"

/**
 * Calls by `tool` and `result`: the answer's status, or the code of what went wrong.
 *
 * @since 0.1.0
 * @category metrics
 */
export const calls = Metric.counter("mcp.tool.calls", { description: "Calls of tools", incremental: true })

/**
 * How long they took, in seconds, by `tool`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const duration = Metric.tagged(
  Metric.histogram("mcp.tool.duration", HabuMetrics.seconds, "Time until a tool had answered"),
  "unit",
  "s"
)

const resultOf = (exit: Exit.Exit<Result>) =>
  Exit.match(exit, {
    onFailure: () => "INTERRUPTED",
    onSuccess: ({ failure, structuredContent }) => failure?.code ?? String(structuredContent?.["status"] ?? "done")
  })

/**
 * Counts and times a call of a tool, and notes on its span how it ended.
 *
 * @since 0.1.0
 * @category combinators
 */
export const measured = (tool: string) => <R>(call: Effect.Effect<Result, never, R>): Effect.Effect<Result, never, R> =>
  Effect.flatMap(Clock.currentTimeMillis, (startedAt) =>
    Effect.onExit(call, (exit) =>
      Effect.gen(function*() {
        const millis = (yield* Clock.currentTimeMillis) - startedAt
        const result = resultOf(exit)
        yield* Effect.annotateCurrentSpan({ "mcp.tool": tool, "mcp.result": result })
        yield* Metric.increment(Metric.tagged(Metric.tagged(calls, "tool", tool), "result", result))
        yield* Metric.update(Metric.tagged(duration, "tool", tool), millis / 1000)
      })))
