import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import * as HabuCache from "../../src/habu/HabuCache.js"
import { Unavailable } from "../../src/habu/HabuError.js"

const down = new Unavailable({ operation: "x", reason: "timeout", neverSent: false })
const rooms = "/cleanrooms getAllCleanrooms {}"
const sources = "/data-sources getAllDataSources {}"

/** A read that counts how often it is asked and waits for its answer. */
const slow = Effect.gen(function*() {
  const answer = yield* Deferred.make<string, Unavailable>()
  const asked = { times: 0 }
  return { answer, asked, read: Effect.zipRight(Effect.sync(() => asked.times++), Deferred.await(answer)) }
})

const counting = () => {
  let times = 0
  return Effect.sync(() => `answer ${++times}`)
}

const cache = HabuCache.HabuCache

describe("HabuCache", () => {
  it.effect("asks once for what many want at the same time", () =>
    Effect.gen(function*() {
      const { read } = yield* cache
      const one = yield* slow
      const fibers = yield* Effect.forEach(Array.from({ length: 50 }), () => Effect.fork(read(rooms, one.read)))
      yield* Effect.yieldNow()
      yield* Deferred.succeed(one.answer, "rooms")
      const answers = yield* Effect.forEach(fibers, Fiber.join)
      expect(new Set(answers.map(({ value }) => value))).toEqual(new Set(["rooms"]))
      expect(one.asked.times).toBe(1)
      expect(yield* (yield* cache).stats).toEqual({ hits: 49, misses: 1, entries: 1 })
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("answers again for half a minute, with the time at which Habu said it", () =>
    Effect.gen(function*() {
      const { read } = yield* cache
      const asked = counting()
      yield* TestClock.adjust("1 minute")
      expect(yield* read(rooms, asked)).toEqual({ value: "answer 1", observedAt: 60_000, live: true })
      yield* TestClock.adjust("29 seconds")
      expect(yield* read(rooms, asked)).toEqual({ value: "answer 1", observedAt: 60_000, live: true })
      yield* TestClock.adjust("1 second")
      expect(yield* read(rooms, asked)).toEqual({ value: "answer 2", observedAt: 90_000, live: true })
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("goes on for the others when the one who asked first gives up", () =>
    Effect.gen(function*() {
      const { read } = yield* cache
      const one = yield* slow
      const first = yield* Effect.fork(read(rooms, one.read))
      yield* Effect.yieldNow()
      const second = yield* Effect.fork(read(rooms, one.read))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(first)
      yield* Deferred.succeed(one.answer, "rooms")
      expect(yield* Fiber.join(second)).toMatchObject({ value: "rooms" })
      expect(one.asked.times).toBe(1)
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("can be cut short by its own timeout, even where its caller cannot be", () =>
    Effect.gen(function*() {
      const { read } = yield* cache
      const patient = Effect.timeoutFail(Effect.never, { duration: "10 seconds", onTimeout: () => down })
      const caller = yield* Effect.fork(Effect.uninterruptible(read(rooms, patient)))
      yield* TestClock.adjust("10 seconds")
      expect(yield* Effect.flip(Fiber.join(caller))).toBe(down)
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("keeps no failure", () =>
    Effect.gen(function*() {
      const { lastGood, read } = yield* cache
      expect(yield* Effect.flip(read(rooms, Effect.fail(down)))).toBe(down)
      expect(yield* lastGood(rooms)).toEqual(Option.none())
      expect(yield* read(rooms, Effect.succeed("rooms"))).toMatchObject({ value: "rooms" })
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("keeps the last good answer for when there is no better one", () =>
    Effect.gen(function*() {
      const { lastGood, read, written } = yield* cache
      yield* read(rooms, Effect.succeed("rooms"))
      yield* TestClock.adjust("2 hours")
      yield* written
      yield* Effect.flip(read(rooms, Effect.fail(down)))
      expect(yield* lastGood(rooms)).toEqual(Option.some({ value: "rooms", observedAt: 0, live: false }))
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("forgets what a write may have changed, and keeps the catalogues", () =>
    Effect.gen(function*() {
      const { read, written } = yield* cache
      const [room, source, trap] = [counting(), counting(), counting()]
      // A name of somebody's choice is no catalogue.
      const named = "/credential-sources-of getX {\"path\":{\"name\":\"/data-sources\"}}"
      const all = Effect.all([read(rooms, room), read(sources, source), read(named.replace("-sources", "s"), trap)])
      yield* all
      yield* written
      expect((yield* all).map(({ value }) => value)).toEqual(["answer 2", "answer 1", "answer 2"])
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("asks anew after a write, also while an older read is under way, and keeps the newer answer", () =>
    Effect.gen(function*() {
      const { lastGood, read, written } = yield* cache
      const older = yield* slow
      const waiting = yield* Effect.fork(read(rooms, older.read))
      yield* Effect.yieldNow()
      yield* written
      expect(yield* read(rooms, Effect.succeed("after"))).toMatchObject({ value: "after" })
      yield* Deferred.succeed(older.answer, "before")
      expect(yield* Fiber.join(waiting)).toMatchObject({ value: "before" })
      expect(yield* read(rooms, Effect.succeed("not asked"))).toMatchObject({ value: "after" })
      expect(Option.getOrThrow(yield* lastGood(rooms))).toMatchObject({ value: "after" })
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("shares what is under way without keeping it", () =>
    Effect.gen(function*() {
      const { share } = yield* cache
      const one = yield* slow
      const fibers = yield* Effect.forEach([1, 2, 3], () => Effect.fork(share("run/1", one.read)))
      yield* Effect.yieldNow()
      yield* Deferred.succeed(one.answer, "QUEUED")
      expect(yield* Effect.forEach(fibers, Fiber.join)).toEqual(["QUEUED", "QUEUED", "QUEUED"])
      expect(one.asked.times).toBe(1)
      yield* share("run/1", one.read)
      expect(one.asked.times).toBe(2)
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("takes in an answer that came otherwise, for when there is no better one", () =>
    Effect.gen(function*() {
      const { keep, lastGood, read } = yield* cache
      expect(yield* keep(rooms, "told")).toEqual({ value: "told", observedAt: 0, live: true })
      expect(Option.getOrThrow(yield* lastGood(rooms))).toMatchObject({ value: "told", live: false })
      expect(yield* read(rooms, Effect.succeed("asked"))).toMatchObject({ value: "asked" })
    }).pipe(Effect.provide(HabuCache.layer())))

  it.effect("does not grow without end: the oldest goes first", () =>
    Effect.gen(function*() {
      const { lastGood, read, stats } = yield* cache
      for (const key of ["a", "b", "c"]) yield* read(key, Effect.succeed(key))
      expect(yield* stats).toMatchObject({ entries: 2 })
      expect(yield* lastGood("a")).toEqual(Option.none())
      expect(yield* read("a", Effect.succeed("again"))).toMatchObject({ value: "again" })
    }).pipe(Effect.provide(HabuCache.layer({ timeToLive: "1 minute", capacity: 2 }))))
})
