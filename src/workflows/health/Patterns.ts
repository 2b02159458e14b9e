/**
 * When runs are handed in, and how a window compares with the one before.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { RunRecord } from "../survey/Records.js"
import * as Statistics from "../survey/Statistics.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * Runs by the hour and the day they were handed in, in UTC.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Pattern = Schema.Struct({
  by_hour_utc: Schema.Array(Schema.Number).annotations({ description: "From 0 to 23 o'clock" }),
  by_weekday: Schema.Record({ key: Schema.String, value: Schema.Number }),
  busiest: Schema.String,
  fullest_hour: Workflow.maybe(
    Schema.Struct({ at: Schema.String, runs: Schema.Number }).annotations({
      description: "The one hour with most runs; Habu starts 20 an hour for one API user"
    })
  )
})

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
const hour = 3_600_000

const times = (runs: ReadonlyArray<RunRecord>) =>
  runs.flatMap(({ submittedAt }) => submittedAt === undefined ? [] : [submittedAt])

const tally = (values: ReadonlyArray<number>, size: number): ReadonlyArray<number> => {
  const counts = Array.from({ length: size }, () => 0)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

const largest = (counts: ReadonlyArray<number>) => counts.indexOf(Math.max(...counts))

/**
 * Runs by hour of the day, from 0 to 23 in UTC.
 *
 * @since 0.1.0
 * @category getters
 */
export const byHour = (runs: ReadonlyArray<RunRecord>): ReadonlyArray<number> =>
  tally(times(runs).map((time) => new Date(time).getUTCHours()), 24)

/**
 * Runs by day of the week, Monday first.
 *
 * @since 0.1.0
 * @category getters
 */
export const byWeekday = (runs: ReadonlyArray<RunRecord>): ReadonlyArray<readonly [day: string, runs: number]> => {
  const counts = tally(times(runs).map((time) => (new Date(time).getUTCDay() + 6) % 7), 7)
  return weekdays.map((day, index) => [day, counts[index] ?? 0])
}

/**
 * The one hour into which most runs fell.
 *
 * @since 0.1.0
 * @category getters
 */
export const fullestHour = (
  runs: ReadonlyArray<RunRecord>
): { readonly at: number; readonly runs: number } | undefined => {
  const counts = new Map<number, number>()
  for (const time of times(runs)) {
    const at = Math.floor(time / hour) * hour
    counts.set(at, (counts.get(at) ?? 0) + 1)
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a)
  return first === undefined ? undefined : { at: first[0], runs: first[1] }
}

/**
 * Tells when runs were handed in; undefined where there were none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (runs: ReadonlyArray<RunRecord>): typeof Pattern.Type | undefined => {
  if (runs.length === 0) return undefined
  const [hours, days] = [byHour(runs), byWeekday(runs)]
  const fullest = fullestHour(runs)
  const busiestHour = largest(hours)
  const [busiestDay = ""] = days[largest(days.map(([, count]) => count))] ?? []
  return Workflow.compact({
    by_hour_utc: hours,
    by_weekday: Object.fromEntries(days),
    busiest: `${busiestDay}; ${busiestHour} to ${(busiestHour + 1) % 24} o'clock UTC`,
    fullest_hour: fullest === undefined ? undefined : { at: Words.iso(fullest.at), runs: fullest.runs }
  })
}

const Compared = Schema.Struct({
  now: Workflow.maybe(Schema.Number),
  before: Workflow.maybe(Schema.Number),
  change_percent: Workflow.maybe(Schema.Number)
})

/**
 * A window beside the one before it, of the same length.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Trend = Schema.Struct({
  runs: Compared,
  success_percent: Compared,
  queue_p50_seconds: Compared,
  run_p50_seconds: Compared
})

/**
 * How a number compares with an earlier one.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compared = (now: number | undefined, before: number | undefined): typeof Compared.Type =>
  Workflow.compact({
    now,
    before,
    change_percent: now === undefined || before === undefined || before === 0
      ? undefined
      : Math.round(((now - before) / before) * 100)
  })

/**
 * Compares the runs of a window with those of the one before.
 *
 * @since 0.1.0
 * @category constructors
 */
export const trend = (now: Statistics.Statistics, before: Statistics.Statistics): typeof Trend.Type => ({
  runs: compared(now.count, before.count),
  success_percent: compared(Statistics.percent(now.successRate), Statistics.percent(before.successRate)),
  queue_p50_seconds: compared(now.queue?.p50_seconds, before.queue?.p50_seconds),
  run_p50_seconds: compared(now.run?.p50_seconds, before.run?.p50_seconds)
})
