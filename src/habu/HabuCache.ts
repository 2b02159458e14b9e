/**
 * What Habu answered lately, so that one question is asked once: reads are shared while they are under way and for a
 * short time after, and forgotten as soon as something is written.
 *
 * The last good answer is kept longer and stands in, with its age said, while Habu cannot be reached.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import { HabuConfig } from "./HabuConfig.js"
import type { HabuError } from "./HabuError.js"
import * as HabuMetrics from "./HabuMetrics.js"

/**
 * An answer and when Habu gave it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Observed<A> {
  readonly value: A
  /** In milliseconds since the epoch. */
  readonly observedAt: number
  /** Whether it is as fresh as Habu's limits let it be; an older copy stands in while Habu cannot be asked. */
  readonly live: boolean
}

/**
 * How long a copy answers, and how many are kept.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly timeToLive: Duration.DurationInput
  readonly capacity: number
}

/**
 * Reads through copies, and forgets those that a write touches.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** Answers from a fresh copy, a read under way, or the given read. */
  readonly read: <A>(key: string, read: Effect.Effect<A, HabuError>) => Effect.Effect<Observed<A>, HabuError>
  /** Lets everyone who asks for the same while it is under way wait for one answer, and keeps nothing. */
  readonly share: <A>(key: string, read: Effect.Effect<A, HabuError>) => Effect.Effect<A, HabuError>
  /** The last good answer, however old. */
  readonly lastGood: <A>(key: string) => Effect.Effect<Option.Option<Observed<A>>>
  /** Keeps an answer that came otherwise. */
  readonly keep: <A>(key: string, value: A) => Effect.Effect<Observed<A>>
  /** Forgets every fresh copy but those of catalogues, which no write of ours changes. */
  readonly written: Effect.Effect<void>
  /** When this process last wrote something, in milliseconds since the epoch; 0 if it never did. */
  readonly lastWriteAt: Effect.Effect<number>
  readonly stats: Effect.Effect<{ readonly hits: number; readonly misses: number; readonly entries: number }>
}

/**
 * The copies of what was read in this process, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class HabuCache extends Context.Tag("habu-mcp/habu/HabuCache")<HabuCache, Service>() {}

/**
 * Whether the last good answer may stand in while Habu cannot be asked: not where something is decided or proven by it.
 *
 * @since 0.1.0
 * @category references
 */
export class StandIns extends Context.Reference<StandIns>()("habu-mcp/habu/StandIns", {
  defaultValue: () => true
}) {}

/**
 * Half a minute and two thousand copies.
 *
 * @since 0.1.0
 * @category constants
 */
export const defaults: Options = { timeToLive: "30 seconds", capacity: 2_000 }

const catalogues = /^[^ ]*\/(credential-sources|data-sources|identifier-types|import-data-types|cleanroom-types)/

const isCatalogue = (key: string) => catalogues.test(key)

/**
 * Makes an empty cache.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: Options = defaults) {
  const scope = yield* Effect.scope
  const timeToLive = Duration.toMillis(options.timeToLive)
  const good = new Map<string, Observed<unknown>>()
  const freshUntil = new Map<string, number>()
  const underWay = new Map<string, Deferred.Deferred<unknown, HabuError>>()
  const count = { hits: 0, misses: 0, writes: 0, lastWriteAt: 0 }

  const remember = (key: string, observed: Observed<unknown>) => {
    good.delete(key)
    good.set(key, { ...observed, live: false })
    const [oldest] = good.keys()
    if (good.size > options.capacity && oldest !== undefined) {
      good.delete(oldest)
      freshUntil.delete(oldest)
    }
  }

  // What several wait for goes on when the one who asked first gives up, so it belongs to the cache's scope.
  const start = <A>(key: string, read: Effect.Effect<A, HabuError>) =>
    Effect.uninterruptible(Effect.gen(function*() {
      const answer = yield* Deferred.make<A, HabuError>()
      underWay.set(key, answer as Deferred.Deferred<unknown, HabuError>)
      yield* Effect.interruptible(read).pipe(
        Effect.ensuring(Effect.sync(() => underWay.get(key) === answer && underWay.delete(key))),
        Effect.intoDeferred(answer),
        Effect.forkIn(scope)
      )
      return answer
    }))

  const share = <A>(key: string, read: Effect.Effect<A, HabuError>) =>
    Effect.suspend(() => {
      const answer = underWay.get(key) as Deferred.Deferred<A, HabuError> | undefined
      return Effect.flatMap(answer === undefined ? start(key, read) : Effect.succeed(answer), Deferred.await)
    })

  const now = <A>(value: A) =>
    Effect.map(Clock.currentTimeMillis, (observedAt): Observed<A> => ({ value, observedAt, live: true }))

  // An answer that was on its way while something was written goes to those who wait for it, and is not kept.
  const fetched = <A>(key: string, read: Effect.Effect<A, HabuError>, writes: number) =>
    Effect.tap(Effect.flatMap(read, now), (observed) =>
      Effect.sync(() => {
        if (count.writes !== writes && !isCatalogue(key)) return
        remember(key, observed)
        freshUntil.set(key, observed.observedAt + timeToLive)
      }))

  const read = <A>(key: string, fetch: Effect.Effect<A, HabuError>) =>
    Effect.flatMap(Clock.currentTimeMillis, (at) => {
      const known = good.get(key) as Observed<A> | undefined
      const isFresh = known !== undefined && (freshUntil.get(key) ?? 0) > at
      const isHit = isFresh || underWay.has(key)
      count[isHit ? "hits" : "misses"]++
      return Effect.zipRight(
        Metric.increment(Metric.tagged(HabuMetrics.cacheReads, "result", isHit ? "hit" : "miss")),
        isFresh ? Effect.succeed({ ...known, live: true }) : share(key, fetched(key, fetch, count.writes))
      )
    })

  const forget = (map: Map<string, unknown>) => {
    for (const key of map.keys()) if (!isCatalogue(key)) map.delete(key)
  }

  return HabuCache.of({
    read,
    share,
    keep: (key, value) => Effect.tap(now(value), (observed) => Effect.sync(() => remember(key, observed))),
    lastGood: <A>(key: string) => Effect.sync(() => Option.fromNullable(good.get(key) as Observed<A> | undefined)),
    written: Effect.map(Clock.currentTimeMillis, (now) => {
      count.writes++
      count.lastWriteAt = now
      forget(freshUntil)
      forget(underWay)
    }),
    lastWriteAt: Effect.sync(() => count.lastWriteAt),
    stats: Effect.sync(() => ({ hits: count.hits, misses: count.misses, entries: good.size }))
  })
})

/**
 * Provides a cache of this process.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Options): Layer.Layer<HabuCache> => Layer.scoped(HabuCache, make(options))

/**
 * Provides a cache whose time is a sandbox's where that is what is read; with the default settings, but for those given.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerScaled = (options: Partial<Options> = {}): Layer.Layer<HabuCache, never, HabuConfig> =>
  Layer.unwrapEffect(
    Effect.map(HabuConfig, ({ speed }) => {
      const { capacity, timeToLive } = { ...defaults, ...options }
      return layer({ capacity, timeToLive: Duration.times(timeToLive, 1 / speed) })
    })
  )

/**
 * Provides a cache with the default settings.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = layerScaled()
