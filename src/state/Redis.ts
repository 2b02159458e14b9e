/**
 * State in a Redis server, shared by all processes and machines that name it.
 *
 * What is acknowledged is as lasting as that Redis is set to be: one that keeps no append-only file forgets at its end
 * what it has not saved.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import { inRealTime } from "./LmdbGuard.js"
import * as RedisAddress from "./RedisAddress.js"
import * as RedisConnection from "./RedisConnection.js"
import * as RedisFailure from "./RedisFailure.js"
import type { Next, StateBackend } from "./StateBackend.js"
import type { StateError } from "./StateError.js"
import * as StateStore from "./StateStore.js"

/**
 * The server; how long one operation may take, 5 seconds unless given; and what all keys begin with, `habu-mcp:` unless
 * given.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends RedisAddress.Address {
  readonly timeLimit?: Duration.DurationInput
  readonly prefix?: string
}

const format = 1

type Put = Exclude<Next, { readonly _tag: "Keep" }>

// Changes the key only if it still holds what was read. An entry is passed as "=" and its value, no entry as nothing.
const swapScript = `
local value = redis.call("GET", KEYS[1])
if (value and "=" .. value or "") ~= ARGV[1] then return 0 end
if ARGV[2] == "" then redis.call("DEL", KEYS[1])
elseif ARGV[3] == "" then redis.call("SET", KEYS[1], string.sub(ARGV[2], 2))
else redis.call("SET", KEYS[1], string.sub(ARGV[2], 2), "PX", ARGV[3]) end
return 1`

const entry = (value: string | null) => value === null ? "" : `=${value}`

const lifetime = (next: Put, now: number) =>
  next._tag === "Remove" || next.expiresAt === undefined ? "" : String(Math.max(1, Math.ceil(next.expiresAt - now)))

const swap = (run: RedisConnection.Run, key: string, found: string | null, next: Put, now: number) =>
  run((client) =>
    client.eval(
      swapScript,
      1,
      key,
      entry(found),
      entry(next._tag === "Remove" ? null : next.value),
      lifetime(next, now)
    )
  )

// Nothing where another process changed the key in between.
const attempt = <A>(
  run: RedisConnection.Run,
  key: string,
  f: (current: Option.Option<string>) => readonly [A, Next],
  now: number
): Effect.Effect<Option.Option<A>, StateError> =>
  Effect.gen(function*() {
    const found = yield* run((client) => client.get(key))
    const [answer, next] = f(Option.fromNullable(found))
    if (next._tag === "Keep" || (yield* swap(run, key, found, next, now)) === 1) return Option.some(answer)
    return Option.none()
  })

const untilWon = <A, E>(attempt: Effect.Effect<Option.Option<A>, E>, lost = 0): Effect.Effect<A, E> =>
  Effect.flatMap(
    attempt,
    Option.match({
      onSome: Effect.succeed,
      onNone: () =>
        Random.nextRange(0, Math.min(4 * 2 ** lost, 250)).pipe(
          Effect.flatMap(Effect.sleep),
          Effect.zipRight(untilWon(attempt, lost + 1))
        )
    })
  )

const literally = (text: string) => text.replace(/[\\*?[\]]/g, "\\$&")

const keysLike = (run: RedisConnection.Run, pattern: string) =>
  Effect.gen(function*() {
    const keys = new Set<string>()
    let cursor = "0"
    do {
      const [next, found] = yield* run((client) => client.scan(cursor, "MATCH", pattern, "COUNT", 1000))
      for (const key of found) keys.add(key)
      cursor = next
    } while (cursor !== "0")
    return [...keys].sort()
  })

const valuesOf = (run: RedisConnection.Run, keys: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const values: Array<string | null> = []
    for (let from = 0; from < keys.length; from += 500) {
      values.push(...(yield* run((client) => client.mget(...keys.slice(from, from + 500)))))
    }
    return values
  })

// Others may share the state of a newer version, so nothing is set aside.
const checkFormat = (location: string, key: string) => (run: RedisConnection.Run) =>
  Effect.gen(function*() {
    const known = yield* run((client) => client.get(key))
    if (known === null) yield* run((client) => client.set(key, String(format), "NX"))
    const mark = yield* run((client) => client.get(key))
    if (mark !== String(format)) {
      return yield* RedisFailure.refused(
        location,
        `holds state of ${Number(mark) > format ? "a newer version of habu-mcp" : "an unknown format"} (${
          JSON.stringify(key)
        }), which was left as it is`
      )
    }
  })

// Not every user may ask for this.
const evictions = (run: RedisConnection.Run, location: string): Effect.Effect<ReadonlyArray<string>> =>
  run((client) => client.info("memory")).pipe(
    Effect.map((memory) => {
      const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? "noeviction"
      return /^maxmemory:0\s/m.test(memory) || policy === "noeviction" ? [] : [
        `The Redis at ${location} drops entries when its memory is full (maxmemory-policy ${policy}). Budgets and runs ` +
        "could be forgotten: set it to noeviction."
      ]
    }),
    Effect.orElseSucceed(() => [])
  )

/**
 * Connects to a server. The connection is closed with the scope, and made anew after it was lost.
 *
 * Fails within the time limit: with `unavailable` when no Redis answers, with `refused` when it does not take the
 * password, cannot store, or holds state of a newer version, which is left as it is. A single server is needed: a Redis
 * Cluster is refused.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Effect.Effect<StateBackend, StateError, Scope.Scope> =>
  Effect.gen(function*() {
    const location = RedisAddress.location(options)
    const timeLimit = Duration.decode(options.timeLimit ?? "5 seconds")
    const prefix = options.prefix ?? "habu-mcp:"
    const inTime = <A, R>(effect: Effect.Effect<A, StateError, R>) =>
      effect.pipe(
        Effect.timeoutFail({
          duration: timeLimit,
          onTimeout: () => RedisFailure.unavailable(location, `did not answer within ${Duration.format(timeLimit)}`)
        }),
        inRealTime
      )
    const run = yield* inTime(RedisConnection.make({
      address: options,
      patience: Duration.times(timeLimit, 0.5),
      greet: checkFormat(location, `${prefix}format`)
    }))
    const notices = yield* inTime(evictions(run, location))
    yield* Effect.forEach(notices, (notice) => Effect.logWarning(notice), { discard: true })
    const own = `${prefix}${format}:`
    // One change at a time, so that this process's fibres do not overtake each other.
    const turns = yield* Effect.makeSemaphore(1)

    return {
      kind: "redis",
      durable: true,
      location,
      notices,
      read: (key) => inTime(Effect.map(run((client) => client.get(own + key)), Option.fromNullable)),
      modify: (key, f) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          inTime(turns.withPermits(1)(untilWon(attempt(run, own + key, f, now))))),
      scan: (start) =>
        Effect.gen(function*() {
          const keys = yield* keysLike(run, `${literally(own + start)}*`)
          const values = yield* valuesOf(run, keys)
          return keys.flatMap((key, index) => {
            const value = values[index]
            return typeof value === "string" ? [[key.slice(own.length), value] as const] : []
          })
        }).pipe(inTime)
    }
  })

/**
 * Provides a store in a Redis server, opened and closed with the layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options) => StateStore.layer(make(options))
