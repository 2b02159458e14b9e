import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import {
  AnswerUnreadable,
  BreakerOpen,
  BudgetExhausted,
  type HabuError,
  NotFound,
  OutcomeUnknown,
  RateLimited,
  Unavailable
} from "../../src/habu/HabuError.js"
import { RetryPolicy } from "../../src/habu/RetryPolicy.js"
import * as Progress from "../support/Progress.js"

const about = { operation: "getAllCleanrooms" }
const timeout = new Unavailable({ ...about, reason: "timeout", neverSent: false })

/** When a call that always fails so is made, under the policy of the place. */
const attemptsAt = (error: (now: number) => HabuError) =>
  Effect.gen(function*() {
    const at: Array<number> = []
    const call = Effect.flatMap(Clock.currentTimeMillis, (now) => {
      at.push(now)
      return Effect.fail(error(now))
    })
    yield* Progress.run(
      Effect.ignore(Effect.flatMap(RetryPolicy, (policy) => Effect.retry(call, policy))),
      "1 hour"
    )
    return at
  })

describe("RetryPolicy", () => {
  it.effect("tries twice more, after about a quarter and half a second", () =>
    Effect.gen(function*() {
      for (let i = 0; i < 20; i++) {
        const [first = 0, second = 0, third = 0, ...more] = yield* attemptsAt(() => timeout)
        expect(more).toEqual([])
        expect(second - first).toBeGreaterThanOrEqual(200)
        expect(second - first).toBeLessThanOrEqual(300)
        expect(third - second).toBeGreaterThanOrEqual(400)
        expect(third - second).toBeLessThanOrEqual(600)
      }
    }))

  it.effect("does not come back at the same moment as everyone else", () =>
    Effect.gen(function*() {
      const pauses = yield* Effect.forEach(Array.from({ length: 10 }), () =>
        Effect.map(attemptsAt(() => timeout), ([first = 0, second = 0]) => second - first))
      expect(new Set(pauses).size).toBeGreaterThan(1)
    }))

  it.effect.each(
    [
      ["a server's failure", new Unavailable({ ...about, reason: "server_error", status: 500, neverSent: false }), 3],
      ["an unreachable Habu", new Unavailable({ ...about, reason: "unreachable", neverSent: true }), 3],
      ["a damaged answer", new AnswerUnreadable({ ...about, problem: "cut" }), 3],
      [
        "an unreachable token endpoint",
        new Unavailable({ operation: "token", reason: "unreachable", neverSent: true }),
        3
      ],
      ["a token request that may have cost a token", new Unavailable({ ...timeout, operation: "token" }), 1],
      ["a token answer that holds none", new AnswerUnreadable({ operation: "token", problem: "x" }), 1],
      ["a limit without a time", new RateLimited(about), 1],
      ["an open circuit", new BreakerOpen({ ...about, retryAt: 10 }), 1],
      ["a budget", new BudgetExhausted({ ...about, budget: "poll", limit: 1, windowSeconds: 1, retryAt: 1_000 }), 1],
      ["something that is not there", new NotFound(about), 1],
      ["an unknown outcome", new OutcomeUnknown({ ...about, reason: "x" }), 1]
    ] as const
  )("%s", ([_, error, times]) => Effect.map(attemptsAt(() => error), (at) => expect(at).toHaveLength(times)))

  it.effect("waits as long as Habu asks, where that is short", () =>
    Effect.gen(function*() {
      const pause = (seconds: number) => (now: number) => new RateLimited({ ...about, retryAt: now + seconds * 1000 })
      expect(yield* attemptsAt(pause(3))).toEqual([0, 3_000, 6_000])
    }))

  it.effect("waits at least as long as it would by itself", () =>
    Effect.gen(function*() {
      const past = (now: number) => new Unavailable({ ...timeout, retryAt: now - 5_000 })
      const [first = 0, second = 0] = yield* attemptsAt(past)
      expect(second - first).toBeGreaterThanOrEqual(200)
    }))

  it.effect("leaves a long wait to the caller", () =>
    Effect.gen(function*() {
      const pause = (now: number) => new Unavailable({ ...timeout, retryAt: now + 10_001 })
      expect(yield* attemptsAt(pause)).toEqual([0])
    }))

  it.effect("can be another one for one effect", () =>
    Effect.gen(function*() {
      const at = yield* Effect.provideService(attemptsAt(() => timeout), RetryPolicy, Schedule.stop)
      expect(at).toHaveLength(1)
    }))
})
