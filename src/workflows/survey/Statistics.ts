/**
 * What runs tell when they are counted: how many, how many well, how long they waited and took, why they failed.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Run from "../../runs/Run.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type { RunRecord } from "./Records.js"

/**
 * A span of time, its end left out, in milliseconds since the epoch.
 *
 * @since 0.1.0
 * @category models
 */
export interface Window {
  readonly from: number
  readonly to: number
}

/**
 * The runs that were handed in within a window. One whose time Habu does not tell belongs to none.
 *
 * @since 0.1.0
 * @category filtering
 */
export const within = <A extends RunRecord>(runs: ReadonlyArray<A>, { from, to }: Window): ReadonlyArray<A> =>
  runs.filter(({ submittedAt }) => submittedAt !== undefined && submittedAt >= from && submittedAt < to)

/**
 * The value below which a share of the values lies (nearest rank).
 *
 * @since 0.1.0
 * @category getters
 */
export const percentile = (values: ReadonlyArray<number>, share: number): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)]

/**
 * Two percentiles of a time, in Habu's seconds.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Times = Schema.Struct({ p50_seconds: Schema.Number, p95_seconds: Schema.Number })

type Times = typeof Times.Type

const timesOf = (millis: ReadonlyArray<number | undefined>): Times | undefined => {
  const known = millis.filter((value) => value !== undefined)
  const [middle, high] = [percentile(known, 0.5), percentile(known, 0.95)]
  return middle === undefined || high === undefined
    ? undefined
    : { p50_seconds: Math.round(middle / 1000), p95_seconds: Math.round(high / 1000) }
}

/**
 * Runs that failed for one cause.
 *
 * @since 0.1.0
 * @category models
 */
export interface Failures<A extends RunRecord = RunRecord> {
  /** In Habu's words, of the latest of them. */
  readonly cause: string
  readonly retryable: boolean
  /** The latest first. */
  readonly runs: ReadonlyArray<A>
}

/**
 * Runs, counted.
 *
 * @since 0.1.0
 * @category models
 */
export interface Statistics<A extends RunRecord = RunRecord> {
  readonly count: number
  readonly completed: number
  readonly failed: number
  readonly going: number
  /** Completed among those that are over, from 0 to 1; undefined where none is over. */
  readonly successRate: number | undefined
  readonly queue: Times | undefined
  readonly run: Times | undefined
  /** The most frequent first. */
  readonly failures: ReadonlyArray<Failures<A>>
  readonly latestAt: number | undefined
}

// Numbers and quoted names differ from run to run of one cause.
const likeness = (cause: string) => cause.toLowerCase().replace(/\d+/g, "#").replace(/["'`][^"'`]*["'`]/g, "“”").trim()

const submitted = ({ submittedAt = 0 }: RunRecord) => submittedAt

const failuresOf = <A extends RunRecord>(runs: ReadonlyArray<A>): ReadonlyArray<Failures<A>> => {
  const byCause = new Map<string, Array<A>>()
  for (const run of [...runs].sort((a, b) => submitted(b) - submitted(a))) {
    const key = likeness(run.cause ?? "")
    byCause.set(key, [...(byCause.get(key) ?? []), run])
  }
  return [...byCause.values()].map((alike) => ({
    cause: alike[0]?.cause ?? "no reason given by Habu",
    retryable: alike[0]?.retryable === true,
    runs: alike
  })).sort((a, b) => b.runs.length - a.runs.length)
}

/**
 * Counts runs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = <A extends RunRecord>(runs: ReadonlyArray<A>): Statistics<A> => {
  const completed = runs.filter(({ phase }) => phase === "completed")
  const failed = runs.filter(({ phase }) => phase === "failed")
  const over = completed.length + failed.length
  return {
    count: runs.length,
    completed: completed.length,
    failed: failed.length,
    going: runs.filter(({ phase }) => !Run.isOver(phase)).length,
    successRate: over === 0 ? undefined : completed.length / over,
    queue: timesOf(runs.map(({ queued }) => queued)),
    run: timesOf(completed.map(({ ran }) => ran)),
    failures: failuresOf(failed),
    latestAt: runs.length === 0 ? undefined : Math.max(...runs.map(submitted))
  }
}

/**
 * A share in per cent, whole; undefined stays undefined.
 *
 * @since 0.1.0
 * @category formatting
 */
export const percent = (share: number | undefined): number | undefined =>
  share === undefined ? undefined : Math.round(share * 100)

/**
 * A number of Habu's seconds, as a person says it.
 *
 * @since 0.1.0
 * @category formatting
 */
export const spoken = (seconds: number): string =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7200
    ? `${Math.round(seconds / 60)} min`
    : `${Math.round(seconds / 3600)} h`

/**
 * Runs as an answer shows them.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  count: Schema.Number,
  completed: Schema.Number,
  failed: Schema.Number,
  going: Workflow.maybe(Schema.Number),
  success_percent: Workflow.maybe(Schema.Number),
  queue: Workflow.maybe(Times),
  run: Workflow.maybe(Times),
  latest_at: Workflow.maybe(Schema.String)
})

/**
 * Shows statistics.
 *
 * @since 0.1.0
 * @category constructors
 */
export const view = (statistics: Statistics): typeof View.Type =>
  Workflow.compact({
    count: statistics.count,
    completed: statistics.completed,
    failed: statistics.failed,
    going: statistics.going === 0 ? undefined : statistics.going,
    success_percent: percent(statistics.successRate),
    queue: statistics.queue,
    run: statistics.run,
    latest_at: statistics.latestAt === undefined || statistics.latestAt === 0
      ? undefined
      : Words.iso(statistics.latestAt)
  })
