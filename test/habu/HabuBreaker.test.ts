import { describe, expect, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as HabuBreaker from "../../src/habu/HabuBreaker.js"
import {
  BreakerOpen,
  BudgetExhausted,
  type HabuError,
  NotFound,
  StateUnavailable,
  Unavailable
} from "../../src/habu/HabuError.js"

const about = { operation: "getCleanroomById" }
const down = new Unavailable({ ...about, reason: "server_error", status: 503, neverSent: false })

const guarded = <A>(call: Effect.Effect<A, HabuError>) =>
  Effect.flatMap(HabuBreaker.HabuBreaker, (breaker) => breaker.guard("getCleanroomById")(call))

const fails = (error: HabuError) => Effect.flip(guarded(Effect.fail(error)))
const state = Effect.flatMap(HabuBreaker.HabuBreaker, (breaker) => breaker.state)
const failTimes = (times: number) => Effect.replicateEffect(fails(down), times, { discard: true })

describe("HabuBreaker", () => {
  it.effect("opens after five failures in a row and then sends nothing", () =>
    Effect.gen(function*() {
      let sent = 0
      const call = Effect.zipRight(Effect.sync(() => sent++), Effect.fail(down))
      for (let i = 0; i < 5; i++) expect(yield* Effect.flip(guarded(call))).toBe(down)
      expect(yield* state).toEqual({ _tag: "Open", until: 30_000 })
      expect(yield* Effect.flip(guarded(call))).toEqual(new BreakerOpen({ ...about, retryAt: 30_000 }))
      expect(sent).toBe(5)
    }).pipe(Effect.provide(HabuBreaker.layerConfig)))

  it.effect("counts only failures in a row", () =>
    Effect.gen(function*() {
      yield* failTimes(4)
      yield* guarded(Effect.void)
      yield* failTimes(4)
      expect(yield* state).toEqual({ _tag: "Closed", failures: 4 })
    }).pipe(Effect.provide(HabuBreaker.layerConfig)))

  it.effect("takes an answer for a sign of life, also when it is a refusal", () =>
    Effect.gen(function*() {
      yield* failTimes(4)
      yield* fails(new NotFound(about))
      expect(yield* state).toEqual({ _tag: "Closed", failures: 0 })
    }).pipe(Effect.provide(HabuBreaker.layerConfig)))

  it.effect("is told nothing by a call that never left", () =>
    Effect.gen(function*() {
      yield* failTimes(4)
      yield* fails(new StateUnavailable({ ...about, problem: "full" }))
      yield* fails(new BudgetExhausted({ ...about, budget: "token", limit: 2, windowSeconds: 1, retryAt: 1 }))
      expect(yield* state).toEqual({ _tag: "Closed", failures: 4 })
      yield* failTimes(1)
      yield* TestClock.adjust("30 seconds")
      yield* fails(new StateUnavailable({ ...about, problem: "full" }))
      // Still only one call may try, and the next one may.
      expect(yield* state).toEqual({ _tag: "Open", until: 30_000 })
      yield* guarded(Effect.void)
      expect(yield* state).toEqual({ _tag: "Closed", failures: 0 })
    }).pipe(Effect.provide(HabuBreaker.layerConfig)))

  it.effect("lets one call through after the pause, and stays open when that fails", () =>
    Effect.gen(function*() {
      yield* failTimes(5)
      yield* TestClock.adjust("30 seconds")
      yield* failTimes(1)
      expect(yield* state).toEqual({ _tag: "Open", until: 60_000 })
      expect(yield* fails(down)).toBeInstanceOf(BreakerOpen)
    }).pipe(Effect.provide(HabuBreaker.layerConfig)))

  it.effect("refuses the others while one call tries", () =>
    Effect.gen(function*() {
      yield* failTimes(5)
      yield* TestClock.adjust("30 seconds")
      const answer = yield* Deferred.make<string>()
      const trying = yield* Effect.fork(guarded(Deferred.await(answer)))
      yield* Effect.yieldNow()
      expect(yield* state).toEqual({ _tag: "HalfOpen" })
      expect(yield* Effect.flip(guarded(Effect.void))).toMatchObject({ _tag: "BreakerOpen", retryAt: 60_000 })
      yield* Deferred.succeed(answer, "up")
      expect(yield* Fiber.join(trying)).toBe("up")
      expect(yield* state).toEqual({ _tag: "Closed", failures: 0 })
    }).pipe(Effect.provide(HabuBreaker.layerConfig)))

  it.effect("lets the next call try when the one that tried was given up", () =>
    Effect.gen(function*() {
      yield* failTimes(5)
      yield* TestClock.adjust("30 seconds")
      const trying = yield* Effect.fork(guarded(Effect.never))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(trying)
      expect(yield* guarded(Effect.succeed("up"))).toBe("up")
    }).pipe(Effect.provide(HabuBreaker.layerConfig)))

  it.effect("does not count calls that were given up while it is closed", () =>
    Effect.gen(function*() {
      yield* failTimes(4)
      const call = yield* Effect.fork(guarded(Effect.never))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(call)
      expect(yield* state).toEqual({ _tag: "Closed", failures: 4 })
    }).pipe(Effect.provide(HabuBreaker.layerConfig)))

  it.effect("can be more or less patient", () =>
    Effect.gen(function*() {
      yield* failTimes(1)
      expect(yield* state).toEqual({ _tag: "Open", until: 1_000 })
    }).pipe(Effect.provide(HabuBreaker.layer({ failures: 1, pause: "1 second" }))))
})
