/**
 * What is counted and timed of the traffic with Habu, in Effect's metrics: any exporter of them shows it.
 *
 * Labels are operation ids and codes of ours, never anything that Habu or a caller wrote.
 *
 * @since 0.1.0
 */
import * as Metric from "effect/Metric"
import * as MetricBoundaries from "effect/MetricBoundaries"

/**
 * Upper bounds of the timings, in seconds.
 *
 * @since 0.1.0
 * @category constants
 */
export const seconds = MetricBoundaries.fromIterable([0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60])

const count = (name: string, description: string) => Metric.counter(name, { description, incremental: true })

/**
 * Requests that were sent, by `operation` and `outcome`: `success` or an error's code.
 *
 * @since 0.1.0
 * @category metrics
 */
export const requests = count("habu.requests", "Requests to Habu")

/**
 * How long they took, in seconds, by `operation`; without waiting for a turn.
 *
 * @since 0.1.0
 * @category metrics
 */
export const requestDuration = Metric.tagged(
  Metric.histogram("habu.request.duration", seconds, "Time until Habu had answered"),
  "unit",
  "s"
)

/**
 * Requests that were sent again after a failure, by `operation`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const retries = count("habu.retries", "Requests sent again after a failure")

/**
 * Reads by `result`: `hit` where a copy, or an answer that was on its way already, sufficed; else `miss`.
 *
 * @since 0.1.0
 * @category metrics
 */
export const cacheReads = count("habu.cache.reads", "Reads, with and without a copy at hand")

/**
 * Slots left, by `budget`, as last seen by this process.
 *
 * @since 0.1.0
 * @category metrics
 */
export const budgetLeft = Metric.gauge("habu.budget.left", { description: "Slots left of Habu's limits" })

/**
 * The circuit breaker of this process: 0 closed, 1 half open, 2 open.
 *
 * @since 0.1.0
 * @category metrics
 */
export const breakerState = Metric.gauge("habu.breaker.state", {
  description: "The circuit breaker: 0 closed, 1 half open, 2 open"
})
