/**
 * The Redis engine: the conformance suite, and what is its own.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { execFileSync } from "node:child_process"
import type * as NodeNet from "node:net"
import { inspect } from "node:util"
import { vi } from "vitest"
import * as Redis from "../../src/state/Redis.js"
import type { StateBackend } from "../../src/state/StateBackend.js"
import * as StateStore from "../../src/state/StateStore.js"
import * as StateConformance from "../../src/testing/StateConformance.js"
import * as RedisServers from "./RedisServers.js"

const range = (length: number) => Array.from({ length }, (_, index) => index)

const together = { concurrency: "unbounded" } as const

const put = (backend: StateBackend, key: string, value: string, expiresAt?: number) =>
  backend.modify(key, () => [undefined, { _tag: "Put", value, expiresAt }])

const openError = (options: Redis.Options) => Effect.flip(Effect.scoped(Redis.make(options)))

const counted = { code: 0, printed: ["ready", { notices: [] }] }

const answers = await RedisServers.answers()

describe.runIf(answers)("with a Redis", () => {
  StateConformance.suite("Redis", {
    place: RedisServers.place,
    open: Redis.make,
    durable: {
      count: ({ prefix }, times) =>
        Effect.gen(function*() {
          const { begin, end } = yield* RedisServers.startCounting(prefix, times)
          yield* begin
          expect(yield* end).toMatchObject(counted)
        })
    }
  })

  it.scopedLive("8 processes that begin at the same moment lose no update", () =>
    Effect.gen(function*() {
      const place = yield* RedisServers.place
      const start = RedisServers.startCounting(place.prefix, 50)
      const processes = yield* Effect.forEach(range(8), () => start, together)
      const [took, ended] = yield* Effect.timed(
        Effect.forEach(processes, ({ begin, end }) => Effect.zipRight(begin, end), together)
      )
      for (const each of ended) expect(each).toMatchObject(counted)
      expect(Duration.toSeconds(took)).toBeLessThan(15)
      const store = StateStore.make(yield* Redis.make(place))
      expect(yield* store.get(StateConformance.counter)).toEqual(Option.some(400))
    }), 40_000)

  it.scopedLive("50 fibres on each of 2 connections change one key, and none starves", () =>
    Effect.gen(function*() {
      const place = yield* RedisServers.place
      const store = Effect.map(Redis.make(place), (backend) => StateStore.make(backend))
      const stores = yield* Effect.forEach(range(2), () => store)
      // One that had to wait longer than the time limit of 5 seconds would fail.
      const waiting = stores.flatMap((store) => range(50).map(() => store))
      const found = yield* Effect.forEach(waiting, StateConformance.increment, together)
      expect(found.toSorted((a, b) => a - b)).toEqual(range(100))
    }))

  it.scoped("keeps its values under its own prefix, and says where it lies", () =>
    Effect.gen(function*() {
      const place = yield* RedisServers.place
      const backend = yield* Redis.make(place)
      yield* put(backend, "a", "1")
      yield* put(backend, "b/c", "é")
      expect(backend).toMatchObject({ kind: "redis", durable: true, notices: [] })
      expect(RedisServers.url).toContain(backend.location)
      expect(yield* RedisServers.contents(place)).toEqual({ "1:a": "1", "1:b/c": "é", format: "1" })
    }))

  it.scoped("a prefix is taken literally, whatever it holds", () =>
    Effect.gen(function*() {
      const place = yield* RedisServers.place
      const keys = ["*", "a*b", "a?b", "a[b]", "a[^c]", "a\\b", "a\\*", "a-b", "axb", "ab", "[a-z]b", "A*b"]
      const starts = ["", "a", "a*", "a?", "a[", "a[b]", "a[^c", "a\\", "a\\*", "[a-z]", "*", "?"]
      const backend = yield* Redis.make(place)
      yield* Effect.forEach(keys, (key) => put(backend, key, `value of ${key}`))
      // Someone else's state, which `*` in the prefix would match.
      yield* put(yield* Redis.make({ ...place, prefix: `${place.prefix}x` }), "ab", "foreign")
      const starred = yield* Redis.make({ ...place, prefix: `${place.prefix}*` })
      yield* put(starred, "ab", "own")
      expect(yield* starred.scan("")).toEqual([["ab", "own"]])
      for (const start of starts) {
        const expected = keys.filter((key) => key.startsWith(start)).sort()
        expect(yield* backend.scan(start)).toEqual(expected.map((key) => [key, `value of ${key}`]))
      }
    }))

  it.scoped("lists thousands of names", () =>
    Effect.gen(function*() {
      const place = yield* RedisServers.place
      const backend = yield* Redis.make(place)
      const names = range(3000).map((index) => `many/${String(index).padStart(4, "0")}`)
      const pairs = names.flatMap((name) => [`${place.prefix}1:${name}`, name])
      yield* RedisServers.raw(RedisServers.url, (redis) => redis.mset(...pairs))
      expect(yield* backend.scan("many/")).toEqual(names.map((name) => [name, name]))
      expect(yield* backend.scan("many/1")).toHaveLength(1000)
    }))

  it.scopedLive("Redis itself removes what has expired", () =>
    Effect.gen(function*() {
      const place = yield* RedisServers.place
      const backend = yield* Redis.make(place)
      const now = Date.now()
      yield* put(backend, "hour", "1", now + 3_600_000)
      yield* put(backend, "soon", "2", now + 150)
      yield* put(backend, "past", "3", now - 1)
      yield* put(backend, "ever", "4", now + 150)
      yield* put(backend, "ever", "5")
      const left = yield* RedisServers.raw(RedisServers.url, (redis) => redis.pttl(`${place.prefix}1:hour`))
      expect(left).toBeGreaterThan(3_590_000)
      expect(left).toBeLessThanOrEqual(3_600_000)
      yield* Effect.sleep("250 millis")
      expect(yield* RedisServers.contents(place)).toEqual({ "1:ever": "5", "1:hour": "1", format: "1" })
      expect(yield* backend.read("soon")).toEqual(Option.none())
    }))

  it.scoped("state of a newer version is refused and left as it is", () =>
    Effect.gen(function*() {
      const place = yield* RedisServers.place
      yield* put(yield* Redis.make(place), "a", "1")
      for (const [mark, what] of [["2", "a newer version of habu-mcp"], ["?", "an unknown format"]] as const) {
        yield* RedisServers.raw(RedisServers.url, (redis) => redis.set(`${place.prefix}format`, mark))
        const error = yield* openError(place)
        expect(error.reason).toBe("refused")
        expect(error.message).toContain(what)
        expect(error.message).toContain("left as it is")
        expect(error.message).toContain("HABU_STATE")
        expect(yield* RedisServers.contents(place)).toEqual({ "1:a": "1", format: mark })
      }
    }))

  it.scoped("a key that holds something else is refused and left as it is", () =>
    Effect.gen(function*() {
      const place = yield* RedisServers.place
      const backend = yield* Redis.make(place)
      const key = `${place.prefix}1:a`
      yield* RedisServers.raw(RedisServers.url, (redis) => redis.rpush(key, "1", "2"))
      for (const failing of [put(backend, "a", "3"), backend.read("a")]) {
        const error = yield* Effect.flip(failing)
        expect(error.reason).toBe("refused")
        expect(error.message).toContain("holds something else")
      }
      expect(yield* RedisServers.raw(RedisServers.url, (redis) => redis.lrange(key, 0, -1))).toEqual(["1", "2"])
    }))

  it.scoped("a change that another process overtakes is made anew from what that one left", () =>
    Effect.gen(function*() {
      const place = yield* RedisServers.place
      const store = StateStore.make(yield* Redis.make(place))
      yield* StateConformance.increment(store)
      const countOnce = yield* RedisServers.counting(place.prefix, 1)
      const seen: Array<number> = []
      const last = yield* store.update(StateConformance.counter, (current) => {
        const count = Option.getOrThrow(current)
        if (seen.push(count) <= 2) execFileSync(process.execPath, countOnce, { input: "" })
        return [count, StateStore.set(count + 10, Duration.infinity)]
      })
      expect(seen).toEqual([1, 2, 3])
      expect(last).toBe(3)
      expect(yield* store.get(StateConformance.counter)).toEqual(Option.some(13))
    }))
})

describe("no Redis", () => {
  const at = (onSocket: (socket: NodeNet.Socket) => void) =>
    Effect.map(RedisServers.listen(onSocket), (port) => ({ host: "127.0.0.1", port, timeLimit: "600 millis" }) as const)

  it.scopedLive("nobody listens: told at once, with the address", () =>
    Effect.gen(function*() {
      const port = yield* RedisServers.freePort
      const [took, error] = yield* Effect.timed(openError({ host: "127.0.0.1", port, database: 3 }))
      expect(error.reason).toBe("unavailable")
      expect(error.message).toContain(`redis://127.0.0.1:${port}/3`)
      expect(error.message).toContain("ECONNREFUSED")
      expect(error.message).toContain("HABU_STATE")
      expect(Duration.toSeconds(took)).toBeLessThan(3)
    }))

  it.scopedLive("no such host", () =>
    Effect.gen(function*() {
      const error = yield* openError({ host: "redis.invalid", timeLimit: "4 seconds" })
      expect(error.reason).toBe("unavailable")
      expect(error.message).toContain("redis://redis.invalid:6379")
    }))

  const others: Record<string, readonly [says: (socket: NodeNet.Socket) => void, expected: RegExp]> = {
    "a web server": [
      (socket) => socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")),
      /is not Redis/
    ],
    "a server that speaks first": [(socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"), /is not Redis/],
    "a server that answers anything with OK": [
      (socket) => socket.on("data", () => socket.write("+OK\r\n")),
      /is not Redis/
    ],
    "a server that says nothing": [() => {}, /does not answer/],
    "a server that hangs up": [(socket) => socket.on("data", () => socket.destroy()), /closed the connection/]
  }
  for (const [what, [says, expected]] of Object.entries(others)) {
    it.scopedLive(`${what} is told from Redis, in time`, () =>
      Effect.gen(function*() {
        const [took, error] = yield* Effect.timed(Effect.flatMap(at(says), openError))
        expect(error.reason).toBe("unavailable")
        expect(error.message).toMatch(expected)
        expect(Duration.toMillis(took)).toBeLessThan(3000)
      }))
  }

  it.scopedLive("TLS is wanted and not spoken", () =>
    Effect.gen(function*() {
      const options = yield* at((socket) => socket.on("data", () => socket.write("-ERR unknown command\r\n")))
      const error = yield* openError({ ...options, tls: true })
      expect(error.reason).toBe("unavailable")
      expect(error.message).toContain(`rediss://127.0.0.1:${options.port} does not speak TLS`)
    }))

  it.scopedLive("a password that the server repeats stays out of the error", () =>
    Effect.gen(function*() {
      const echo = (socket: NodeNet.Socket) =>
        socket.on("data", (sent) => {
          const words = sent.toString().split("\r\n").filter((word) => /^\w/.test(word))
          socket.write(
            `-ERR unknown command '${words[0]}', with args beginning with: '${words.slice(1).join("' '")}'\r\n`
          )
        })
      const options = yield* at(echo)
      const error = yield* openError({ ...options, username: "someone", password: Redacted.make("hunter2") })
      expect(error.reason).toBe("refused")
      expect(error.message).toContain("does not take this user and password")
      for (const text of [inspect(error, { depth: 9 }), JSON.stringify(error), String(error.stack)]) {
        expect(text).not.toMatch(/hunter2|someone/)
      }
    }))

  it.scopedLive("the package is not installed", () =>
    Effect.gen(function*() {
      yield* Effect.acquireRelease(
        Effect.sync(() =>
          vi.doMock("ioredis", () => {
            throw new Error("Cannot find package 'ioredis'")
          })
        ),
        () => Effect.sync(() => vi.doUnmock("ioredis"))
      )
      const error = yield* openError({ host: "127.0.0.1" })
      expect(error.reason).toBe("refused")
      expect(error.message).toContain("npm install ioredis@5")
    }))
})
