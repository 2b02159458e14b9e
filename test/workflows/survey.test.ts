import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import { RetryPolicy } from "../../src/habu/RetryPolicy.js"
import { Progress } from "../../src/workflows/Progress.js"
import * as Survey from "../../src/workflows/Survey.js"
import * as Client from "../support/Client.js"
import * as FakeHabu from "../support/FakeHabu.js"

const [rooms, questions] = [3, 20]

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** Each answer takes five seconds; the last clean room has ended. */
const slowHabu = () => {
  const habu = FakeHabu.make()
  const delay = "5 seconds"
  const empty = { json: [], delay } as const
  const room = (number: number) => ({
    id: `r${number}`,
    displayId: `CR-${number}`,
    name: `Clean room ${number}`,
    ...(number === rooms && { endAt: "1969-01-01" })
  })
  habu.on("GET /cleanrooms", { json: numbers(rooms).map(room), delay })
  habu.on("GET /data-connections", empty)
  for (const number of numbers(rooms)) {
    for (const part of ["datasets", "partners", "invitations", "users", "stakeholders"]) {
      habu.on(`GET /cleanrooms/r${number}/${part}`, empty)
    }
    const ids = numbers(questions).map((question) => `r${number}q${question}`)
    habu.on(`GET /cleanrooms/r${number}/cleanroom-questions`, {
      json: ids.map((id) => ({ id, name: id, status: id.endsWith("q7") ? "MISSING_DATASETS" : "READY" })),
      delay
    })
    for (const id of ids) {
      habu.on(`GET /cleanroom-questions/${id}/cleanroom-question-runs`, empty)
      habu.on(`GET /cleanroom-questions/${id}/cleanroom-question-run-schedules`, empty)
      habu.on(`GET /cleanroom-questions/${id}/datasets`, empty)
    }
  }
  return habu
}

const stack = (habu: FakeHabu.FakeHabu) =>
  Survey.layer.pipe(
    Layer.provideMerge(HabuDirectory.layer),
    Layer.provideMerge(Client.client({ habu, config: { concurrency: 4 } }))
  )

const wanted: Survey.Wanted = {
  runsSince: 0,
  allMacros: false,
  members: true,
  age: "10 minutes",
  patience: "45 seconds"
}

/** Lets virtual time pass until it ends, and tells how long that took. */
const ended = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const begun = yield* Clock.currentTimeMillis
    const fiber = yield* Effect.fork(
      Effect.zip(Effect.provideService(effect, RetryPolicy, Schedule.stop), Clock.currentTimeMillis)
    )
    while ((yield* Fiber.poll(fiber))._tag === "None") {
      yield* TestClock.adjust("5 seconds")
      yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
    }
    const [value, at] = yield* Fiber.join(fiber)
    return { value, seconds: (at - begun) / 1000 }
  })

const paths = (habu: FakeHabu.FakeHabu) => habu.calls().map(({ path }) => path)

describe("a survey", () => {
  it.effect("answers in time with what is most urgent, reads on, and asks for nothing twice", () => {
    const habu = slowHabu()
    return Effect.gen(function*() {
      const survey = yield* Survey.Survey
      const steps: Array<number> = []
      const first = yield* ended(
        Effect.provideService(
          survey.take(wanted),
          Progress,
          ({ progress }) => Effect.sync(() => void steps.push(progress))
        )
      )
      assert.isAtMost(first.seconds, 46)
      const { cleanRooms, coverage } = first.value
      assert.deepStrictEqual([coverage.isComplete, coverage.isFresh, cleanRooms.length], [false, false, rooms])
      assert.isBelow(coverage.read, coverage.parts)
      assert.isAbove(steps.length, 30)
      assert.deepStrictEqual(steps, [...steps].sort((a, b) => a - b))
      const asked = paths(habu)
      const at = (path: string) => asked.indexOf(path)
      // Open clean rooms before the one that has ended, what blocks before what ran.
      assert.isAbove(at("/cleanrooms/r2/cleanroom-questions"), 0)
      assert.isBelow(at("/cleanroom-questions/r2q7/datasets"), at("/cleanroom-questions/r1q1/cleanroom-question-runs"))
      assert.strictEqual(at("/cleanroom-questions/r1q1/datasets"), -1)
      assert.isFalse(asked.some((path) => path.startsWith("/cleanroom-questions/r3")))
      // The open clean rooms get their turn alike.
      const runs = (number: number) =>
        asked.filter((path) => path.startsWith(`/cleanroom-questions/r${number}q`) && path.endsWith("runs")).length
      assert.isAtMost(Math.abs(runs(1) - runs(2)), 1)

      yield* TestClock.adjust("1 second")
      const second = yield* ended(survey.take(wanted))
      assert.isAbove(second.value.coverage.read, coverage.read)
      let last = second
      while (!last.value.coverage.isComplete) last = yield* ended(survey.take(wanted))
      assert.deepStrictEqual(last.value.coverage.isFresh, true)
      const all = paths(habu)
      assert.lengthOf(all, new Set(all).size)
      assert.strictEqual(all.length, last.value.coverage.parts + 1)
      const again = yield* ended(survey.take(wanted))
      // Only which clean rooms there are is asked again.
      assert.isAtMost(again.seconds, 5.5)
      assert.isAtMost(paths(habu).length, all.length + 1)
    }).pipe(Effect.provide(stack(habu)))
  })

  it.effect("goes on without who asked first, for who asks next", () => {
    const habu = slowHabu()
    return Effect.gen(function*() {
      const survey = yield* Survey.Survey
      const fiber = yield* Effect.fork(survey.take(wanted))
      yield* TestClock.adjust("12 seconds")
      yield* Fiber.interrupt(fiber)
      const before = paths(habu).length
      yield* TestClock.adjust("20 seconds")
      assert.isAbove(paths(habu).length, before)
    }).pipe(Effect.provide(stack(habu)))
  })

  it.effect("lets one part that never answers hide nothing, and says how old it is once Habu is down", () => {
    const habu = slowHabu()
    habu.on("GET /cleanrooms/r1/partners", "never")
    return Effect.gen(function*() {
      const survey = yield* Survey.Survey
      const { seconds, value } = yield* ended(survey.take({ ...wanted, patience: Duration.minutes(20) }))
      assert.deepStrictEqual([value.coverage.isComplete, value.coverage.isFresh], [true, true])
      assert.strictEqual(value.cleanRooms[0]?.partners._tag, "Failed")
      assert.strictEqual(value.cleanRooms[1]?.partners._tag, "Answered")
      assert.isBelow(seconds, 300)
      for (const path of new Set(paths(habu))) if (path !== "/cleanrooms") habu.on(`GET ${path}`, { status: 503 })
      yield* TestClock.adjust("1 minute")
      const down = yield* ended(survey.take({ ...wanted, age: 0, patience: Duration.minutes(20) }))
      assert.deepStrictEqual([down.value.coverage.isComplete, down.value.coverage.isFresh], [true, false])
      assert.isAtMost(down.value.coverage.oldestAt, seconds * 1000)
      assert.lengthOf(down.value.cleanRooms[0]?.questions ?? [], questions)
    }).pipe(Effect.provide(stack(habu)))
  })

  it.effect("stops where Habu is down and nothing is known, and says so", () => {
    const habu = FakeHabu.make()
    habu.on("GET /cleanrooms", { json: numbers(40).map((number) => ({ id: `r${number}` })) })
    habu.on("GET /data-connections", { status: 503 })
    for (const number of numbers(40)) {
      for (const part of ["cleanroom-questions", "datasets", "partners", "invitations", "users", "stakeholders"]) {
        habu.on(`GET /cleanrooms/r${number}/${part}`, { status: 503 })
      }
    }
    return Effect.gen(function*() {
      const survey = yield* Survey.Survey
      const { value } = yield* ended(survey.take(wanted))
      assert.strictEqual(value.coverage.halted?._tag, "BreakerOpen")
      assert.isFalse(value.coverage.isComplete)
      assert.isBelow(paths(habu).length, 20)
    }).pipe(Effect.provide(stack(habu)))
  })
})
