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
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { HabuError } from "./HabuError.js"

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
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly timeToLive: Duration.DurationInput
  readonly capacity: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** Answers from a fresh copy, a read under way, or the given read. */
  readonly read: <A>(key: string, read: Effect.Effect<A, HabuError>) => Effect.Effect<Observed<A>, HabuError>
  /** The last good answer, however old. */
  readonly lastGood: <A>(key: string) => Effect.Effect<Option.Option<Observed<A>>>
  /** Keeps an answer that came otherwise. */
  readonly keep: <A>(key: string, value: A) => Effect.Effect<Observed<A>>
  /** Forgets every fresh copy but those of catalogues, which no write of ours changes. */
  readonly written: Effect.Effect<void>
  readonly stats: Effect.Effect<{ readonly hits: number; readonly misses: number; readonly entries: number }>
}

/**
 * @since 0.1.0
 * @category tags
 */
export class HabuCache extends Context.Tag("habu-mcp/habu/HabuCache")<HabuCache, Service>() {}

/**
 * @since 0.1.0
 * @category constants
 */
export const defaults: Options = { timeToLive: "30 seconds", capacity: 2_000 }

interface Entry {
  readonly fiber: Fiber.RuntimeFiber<Observed<unknown>, HabuError>
  /** In milliseconds since the epoch; undefined while the read is under way. */
  expiresAt: number | undefined
}

const isCatalogue = (key: string) =>
  /\/(credential-sources|data-sources|identifier-types|import-data-types|cleanroom-types)/.test(key)

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
  const entries = new Map<string, Entry>()
  const count = { hits: 0, misses: 0 }

  const bounded = <A>(map: Map<string, A>) => {
    const [oldest] = map.keys()
    if (map.size > options.capacity && oldest !== undefined) map.delete(oldest)
  }

  const keep = <A>(key: string, value: A) =>
    Effect.map(Clock.currentTimeMillis, (observedAt): Observed<A> => {
      good.delete(key)
      good.set(key, { value, observedAt, live: false })
      bounded(good)
      return { value, observedAt, live: true }
    })

  const settle = (key: string, fiber: Entry["fiber"]) =>
    Effect.flatMap(Effect.zip(Fiber.await(fiber), Clock.currentTimeMillis), ([exit, now]) =>
      Effect.sync(() => {
        const entry = entries.get(key)
        if (entry?.fiber !== fiber) return
        if (Exit.isSuccess(exit)) entry.expiresAt = now + timeToLive
        else entries.delete(key)
      }))

  // A read that several wait for goes on when the one who asked first gives up, so it belongs to the cache's scope.
  const start = <A>(key: string, read: Effect.Effect<A, HabuError>) =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkIn(Effect.flatMap(read, (value) => keep(key, value)), scope)
      entries.delete(key)
      entries.set(key, { fiber, expiresAt: undefined })
      bounded(entries)
      yield* Effect.forkIn(settle(key, fiber), scope)
      return fiber
    }).pipe(Effect.uninterruptible)

  const read = <A>(key: string, fetch: Effect.Effect<A, HabuError>) =>
    Effect.gen(function*() {
      const now = yield* Clock.currentTimeMillis
      const entry = entries.get(key)
      const isFresh = entry !== undefined && (entry.expiresAt === undefined || entry.expiresAt > now)
      count[isFresh ? "hits" : "misses"]++
      const fiber = isFresh ? entry.fiber : yield* start(key, fetch)
      return yield* Effect.flatten(Fiber.await(fiber as Fiber.RuntimeFiber<Observed<A>, HabuError>))
    })

  return {
    read,
    keep,
    lastGood: <A>(key: string) => Effect.sync(() => Option.fromNullable(good.get(key) as Observed<A> | undefined)),
    written: Effect.sync(() => {
      for (const key of entries.keys()) if (!isCatalogue(key)) entries.delete(key)
    }),
    stats: Effect.sync(() => ({ ...count, entries: entries.size }))
  } satisfies Service
})

/**
 * Provides a cache of this process.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Options): Layer.Layer<HabuCache> => Layer.scoped(HabuCache, make(options))

/**
 * Provides a cache with the default settings.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig: Layer.Layer<HabuCache> = layer()
