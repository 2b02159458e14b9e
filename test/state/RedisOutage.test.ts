/**
 * The Redis engine while its server hangs, ends, comes back, refuses or loses answers.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import { inspect } from "node:util"
import * as Redis from "../../src/state/Redis.js"
import type { StateError } from "../../src/state/StateError.js"
import * as StateStore from "../../src/state/StateStore.js"
import { counter, increment } from "../../src/testing/StateConformance.js"
import * as RedisServers from "./RedisServers.js"

const range = (length: number) => Array.from({ length }, (_, index) => index)

const openAt = (port: number, options: Partial<Redis.Options> = {}) =>
  Redis.make({ host: "127.0.0.1", port, timeLimit: "1 second", ...options })

const openStore = (port: number, options: Partial<Redis.Options> = {}) =>
  Effect.map(openAt(port, options), (backend) => StateStore.make(backend))

const uses = (
  store: StateStore.Service,
  port: number
): ReadonlyArray<Effect.Effect<unknown, StateError, Scope.Scope>> => [
  increment(store),
  store.get(counter),
  store.list(counter),
  openStore(port)
]

// Until it works again, which must not take long.
const again = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  effect.pipe(Effect.retry(Schedule.spaced("20 millis")), Effect.timeout("5 seconds"))

const installed = RedisServers.installed()

describe.runIf(installed)("a Redis that goes away", () => {
  it.scopedLive("one that ended is told at once, and once it is back the state is there", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer()
      const store = yield* openStore(server.port)
      yield* Effect.repeatN(increment(store), 9)
      yield* server.kill
      for (const use of uses(store, server.port)) {
        const [took, error] = yield* Effect.timed(Effect.flip(use))
        expect(error.reason).toBe("unavailable")
        expect(error.message).toContain(`redis://127.0.0.1:${server.port} c`)
        expect(error.message).toMatch(/cannot be reached|closed the connection/)
        expect(Duration.toMillis(took)).toBeLessThan(3000)
      }
      // However long it was away.
      yield* Effect.sleep("1 second")
      yield* Effect.ignore(store.get(counter))
      yield* server.start
      expect(yield* again(store.get(counter))).toEqual(Option.some(10))
      expect(yield* increment(store)).toBe(10)
    }))

  it.scopedLive("one that hangs is told in time, by everything that waits for it", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer()
      const store = yield* openStore(server.port)
      yield* increment(store)
      yield* server.signal("SIGSTOP")
      yield* Effect.addFinalizer(() => server.signal("SIGCONT"))
      let turns = 0
      yield* Effect.fork(Effect.forever(Effect.delay(Effect.sync(() => turns += 1), "10 millis")))
      const waiting = [...range(20).map(() => increment(store)), ...uses(store, server.port)]
      const failing = waiting.map((use) => Effect.flip(use))
      const [took, errors] = yield* Effect.timed(Effect.all(failing, { concurrency: "unbounded" }))
      for (const error of errors) {
        expect(error.reason).toBe("unavailable")
        expect(error.message).toContain(`redis://127.0.0.1:${server.port} d`)
      }
      expect(Duration.toMillis(took)).toBeLessThan(3000)
      expect(turns).toBeGreaterThan(10)
      yield* server.signal("SIGCONT")
      // What was on its way may be carried out now, each at most once.
      const found = yield* again(increment(store))
      expect(found).toBeGreaterThanOrEqual(1)
      expect(found).toBeLessThanOrEqual(22)
      expect(yield* increment(store)).toBe(found + 1)
    }))

  it.scopedLive("through hangs, crashes and broken connections, nothing acknowledged is lost or made twice", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer()
      yield* Effect.addFinalizer(() => server.signal("SIGCONT"))
      const store = yield* openStore(server.port)
      let acknowledged = 0
      let open = 0
      let worked = yield* Deferred.make<void>()
      const counting = increment(store).pipe(
        Effect.matchEffect({
          onSuccess: () => Effect.zipRight(Effect.sync(() => acknowledged += 1), Deferred.succeed(worked, undefined)),
          onFailure: () => Effect.delay(Effect.sync(() => open += 1), "5 millis")
        })
      )
      const fibres = yield* Effect.forEach(range(4), () => Effect.fork(Effect.forever(counting)))
      const troubles = [
        Effect.zipRight(server.signal("SIGSTOP"), Effect.delay(server.signal("SIGCONT"), "1200 millis")),
        Effect.zipRight(server.kill, Effect.delay(server.start, "300 millis")),
        server.raw((redis) => redis.client("KILL", "TYPE", "normal", "SKIPME", "yes"))
      ]
      for (const trouble of [...troubles, ...troubles]) {
        yield* trouble
        worked = yield* Deferred.make<void>()
        yield* Effect.timeout(Deferred.await(worked), "5 seconds")
      }
      yield* Fiber.interruptAll(fibres)
      const count = Option.getOrThrow(yield* again(store.get(counter)))
      expect(open).toBeGreaterThan(0)
      expect(count).toBeGreaterThanOrEqual(acknowledged)
      expect(count).toBeLessThanOrEqual(acknowledged + open + fibres.length)
    }))

  it.scopedLive("a change whose answer is lost is told as open, and is made once", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer()
      const { loseNext, port } = yield* RedisServers.way(server.port)
      const store = yield* openStore(port)
      yield* increment(store)
      yield* loseNext
      const error = yield* Effect.flip(increment(store))
      expect(error.reason).toBe("unavailable")
      expect(error.message).toContain("closed the connection")
      expect(yield* store.get(counter)).toEqual(Option.some(2))
      expect(yield* increment(store)).toBe(2)
    }))

  it.scopedLive("a connection that died without a word is given up for a new one", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer()
      const { fallSilent, port } = yield* RedisServers.way(server.port)
      const store = yield* openStore(port)
      yield* increment(store)
      yield* fallSilent
      const error = yield* Effect.flip(increment(store))
      expect(error.reason).toBe("unavailable")
      expect(error.message).toContain("does not answer")
      expect(yield* again(increment(store))).toBe(1)
    }))

  it.scopedLive("a connection that the server closed meanwhile is made anew unnoticed", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer()
      const store = yield* openStore(server.port)
      yield* increment(store)
      yield* server.raw((redis) => redis.client("KILL", "TYPE", "normal", "SKIPME", "yes"))
      yield* Effect.sleep("50 millis")
      expect(yield* increment(store)).toBe(1)
    }))

  it.scopedLive("waiting can be given up, and the next change goes on", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer()
      const store = yield* openStore(server.port, { timeLimit: "20 seconds" })
      yield* increment(store)
      yield* server.signal("SIGSTOP")
      yield* Effect.addFinalizer(() => server.signal("SIGCONT"))
      const waiting = yield* Effect.forEach(range(3), () => Effect.fork(increment(store)))
      yield* Effect.sleep("50 millis")
      const [took] = yield* Effect.timed(Fiber.interruptAll(waiting))
      expect(Duration.toMillis(took)).toBeLessThan(3000)
      yield* server.signal("SIGCONT")
      expect(yield* increment(store)).toBe(1)
    }))

  it.scopedLive("its end closes the connection, and it is not opened again", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer()
      const clients = server.raw(async (redis) => String(await redis.client("LIST")).trim().split("\n").length)
      const before = yield* clients
      const scope = yield* Scope.make()
      const store = yield* Scope.extend(openStore(server.port), scope)
      expect(yield* clients).toBe(before + 1)
      yield* Scope.close(scope, Exit.void)
      yield* Effect.repeat(clients, { until: (count) => count === before, schedule: Schedule.spaced("10 millis") })
      const error = yield* Effect.flip(store.get(counter))
      expect(error.message).toContain("not used any more")
      expect(yield* clients).toBe(before)
    }))
})

describe.runIf(installed)("a Redis that refuses", () => {
  it.scopedLive("a wrong password, or none, is refused at once and never shown", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer({ password: "correct-horse" })
      const wrong = [{ password: Redacted.make("battery-staple") }, {}, {
        username: "nobody-here",
        password: Redacted.make("correct-horse")
      }]
      for (const options of wrong) {
        const [took, error] = yield* Effect.timed(Effect.flip(openAt(server.port, options)))
        expect(error.reason).toBe("refused")
        expect(error.message).toMatch(/wants a password|does not take this user and password/)
        expect(inspect(error, { depth: 9 })).not.toMatch(/correct-horse|battery-staple|nobody-here/)
        expect(Duration.toMillis(took)).toBeLessThan(3000)
      }
      const backend = yield* openAt(server.port, { password: Redacted.make("correct-horse"), database: 2 })
      expect(yield* increment(StateStore.make(backend))).toBe(0)
      expect(backend.location).toBe(`redis://127.0.0.1:${server.port}/2`)
      expect(inspect(backend, { depth: 9 })).not.toContain("correct-horse")
      expect(yield* server.raw((redis) => redis.info("keyspace"))).toMatch(/^db2:keys=2,/m)
    }))

  it.scopedLive("a password where none is wanted, and a database that is not there", () =>
    Effect.gen(function*() {
      const { port } = yield* RedisServers.privateServer()
      const needless = yield* Effect.flip(openAt(port, { password: Redacted.make("needless") }))
      expect(needless.message).toContain("does not take this user and password")
      const far = yield* Effect.flip(openAt(port, { database: 99 }))
      expect(far.message).toContain("has no database of this number")
      expect([needless.reason, far.reason]).toEqual(["refused", "refused"])
    }))

  it.scopedLive("a full memory is refused, nothing is changed, and it goes on when there is space", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer()
      const store = yield* openStore(server.port)
      yield* increment(store)
      yield* server.raw((redis) => redis.config("SET", "maxmemory", "1"))
      const error = yield* Effect.flip(increment(store))
      expect(error.reason).toBe("refused")
      expect(error.message).toContain("has no memory left")
      expect(yield* store.get(counter)).toEqual(Option.some(1))
      yield* server.raw((redis) => redis.config("SET", "maxmemory", "0"))
      expect(yield* increment(store)).toBe(1)
    }))

  it.scopedLive("a replica is refused", () =>
    Effect.gen(function*() {
      const primary = yield* RedisServers.privateServer()
      const replica = yield* RedisServers.privateServer({
        settings: ["--replicaof", "127.0.0.1", String(primary.port)]
      })
      const error = yield* again(
        Effect.flip(openAt(replica.port)).pipe(Effect.filterOrFail(({ reason }) => reason === "refused"))
      )
      expect(error.message).toContain("read-only replica")
    }))

  it.scopedLive("a cluster is refused", () =>
    Effect.gen(function*() {
      const { port } = yield* RedisServers.privateServer({ settings: ["--cluster-enabled", "yes"] })
      const error = yield* Effect.flip(openAt(port))
      expect(error.reason).toBe("refused")
      expect(error.message).toContain("Redis Cluster")
    }))

  it.scopedLive("one that may forget entries is used, and that is said", () =>
    Effect.gen(function*() {
      const server = yield* RedisServers.privateServer({
        settings: ["--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru"]
      })
      const warnings: Array<unknown> = []
      const logger = Logger.make(({ message }) => warnings.push(message))
      const backend = yield* Effect.provide(openAt(server.port), Logger.replace(Logger.defaultLogger, logger))
      expect(backend.notices).toHaveLength(1)
      expect(backend.notices[0]).toContain("volatile-lru")
      expect(warnings).toHaveLength(1)
      expect(yield* increment(StateStore.make(backend))).toBe(0)
    }))
})
