import * as HttpApi from "@effect/platform/HttpApi"
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"
import { vi } from "vitest"
import * as FlowRuns from "../../src/habu/api/FlowRuns.js"
import * as QuestionRuns from "../../src/habu/api/QuestionRuns.js"
import type { Service, Sight } from "../../src/runs/RunFollower.js"
import type { Place } from "../../src/runs/RunSubject.js"
import * as instantCrypto from "./instantCrypto.js"
import { type Fate, flow, type ModelRun } from "./ModelHabu.js"
import * as World from "./World.js"

// Processes come and go here, so they are made for the operations of runs only.
vi.mock("../../src/habu/api/HabuApi.js", () => ({
  HabuApi: HttpApi.make("HabuApi").add(QuestionRuns.Group).add(FlowRuns.Group)
}))

instantCrypto.install()

// Habu's minutes pass in a second each, so that a wait of many holds few seconds of progress.
const speed = 60
const minute = Duration.toMillis("1 minute") / speed
const minutes = (count: number) => Duration.millis(count * minute)
const now = Clock.currentTimeMillis

const failing: Fate = { after: 0, gets: 500, carriedOut: "never" }
const slow = (after: number): Fate => ({ after, gets: 200, carriedOut: "never" })

interface Following {
  readonly wait: Duration.DurationInput
  readonly startedAt?: number
  readonly place?: Place
  readonly resumedAt?: number
  readonly onProgress?: (sight: Sight, elapsed: number) => Effect.Effect<void>
}

const follow = (follower: Service, run: ModelRun, { onProgress, startedAt, wait, ...others }: Following) =>
  follower.follow(run.id, {
    wait: Duration.decode(wait),
    startedAt: startedAt ?? run.at,
    ...others,
    onProgress: onProgress ?? (() => Effect.void)
  })

/** Follows in the background, up to where nothing happens without the clock. */
const following = (follower: Service, run: ModelRun, options: Following) =>
  Effect.tap(Effect.fork(follow(follower, run, options)), () => TestClock.adjust(0))

const isDone = <A, E>(fiber: Fiber.RuntimeFiber<A, E>) => Effect.map(Fiber.poll(fiber), Option.isSome)

describe("following a run", () => {
  it.scoped("looks once and returns at once where no look falls inside the wait", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process()
      const run = habu.add({ status: "RUNNING" })
      const sight = yield* follow(follower, run, { wait: "45 seconds" })
      expect(sight).toMatchObject({ known: { phase: "running", status: "RUNNING", observedAt: run.at } })
      expect(sight.nextPollAt).toBe(run.at + Duration.toMillis("5 minutes"))
      expect(habu.reads()).toHaveLength(1)
      expect(yield* now).toBe(run.at)
    }))

  it.scoped("waits for a look inside the wait and returns with the run's end, which the ledger hears of", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower, ledger } = yield* process({ speed })
      yield* ledger.start(World.order)
      const [run = habu.add({})] = habu.runs
      const fiber = yield* following(follower, run, { wait: minutes(20) })
      run.status = "RUNNING"
      yield* TestClock.adjust(minutes(5))
      expect(yield* isDone(fiber)).toBe(false)
      run.status = "COMPLETED"
      yield* TestClock.adjust(minutes(5))
      expect(yield* Fiber.join(fiber)).toMatchObject({ known: { phase: "completed" }, nextPollAt: undefined })
      const noted = Option.getOrThrow(yield* ledger.find(run.id))
      expect(noted.attempts).toMatchObject([{ status: "COMPLETED", statusAt: run.at + 10 * minute }])
      // Nothing is looked at any more.
      yield* TestClock.adjust(minutes(1440))
      expect(habu.reads()).toHaveLength(3)
    }))

  it.scoped("ends with the wait, and the run is looked at nevertheless", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      const fiber = yield* following(follower, run, { wait: minutes(7) })
      yield* TestClock.adjust(minutes(5))
      expect(yield* Fiber.join(fiber)).toMatchObject({ nextPollAt: run.at + 10 * minute })
      run.status = "RUNNING"
      yield* TestClock.adjust(minutes(6))
      expect(habu.reads()).toHaveLength(3)
      // Whoever comes now has the last sight, with nothing asked.
      expect(yield* follow(follower, run, { wait: 0 })).toMatchObject({
        known: { status: "RUNNING", observedAt: run.at + 10 * minute }
      })
      expect(habu.reads()).toHaveLength(3)
    }))

  it.scoped("that is given up leaves the run being looked at", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      const fiber = yield* following(follower, run, { wait: minutes(20) })
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust(minutes(10))
      expect(habu.reads()).toHaveLength(3)
    }))

  it.scoped("by several is one look for all, also for who joins late", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      const early = yield* Effect.forEach(
        [1, 2, 3],
        () => Effect.fork(follow(follower, run, { wait: minutes(20) }))
      )
      yield* TestClock.adjust(minutes(4))
      const late = yield* following(follower, run, { wait: minutes(1.5) })
      let noted = 0
      backend.trouble = (_, key) => {
        if (key.includes("run-keys/")) noted++
        return {}
      }
      run.status = "FAILED"
      yield* TestClock.adjust(minutes(1))
      for (const fiber of [...early, late]) {
        expect(yield* Fiber.join(fiber)).toMatchObject({ known: { phase: "failed" } })
      }
      expect(habu.reads()).toHaveLength(2)
      expect(noted).toBe(1)
    }))

  it.scoped("ends with the process", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { end, follower } = yield* process({ speed })
      yield* follow(follower, habu.add({}), { wait: 0 })
      yield* end
      yield* TestClock.adjust(minutes(60))
      expect(habu.reads()).toHaveLength(1)
    }))
})

describe("the end of a wait", () => {
  it.scoped("is put off a little for a look that began inside it", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      habu.fates.read.push(slow(0), slow(2_000))
      const fiber = yield* following(follower, run, { wait: Duration.millis(5 * minute + 500) })
      run.status = "COMPLETED"
      yield* TestClock.adjust(Duration.millis(5 * minute + 1_999))
      expect(yield* isDone(fiber)).toBe(false)
      yield* TestClock.adjust("1 millis")
      expect(yield* Fiber.join(fiber)).toMatchObject({ known: { phase: "completed" } })
    }))

  it.scoped("comes also where the look takes longer", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      habu.fates.read.push(slow(0), slow(20_000))
      const fiber = yield* following(follower, run, { wait: minutes(5) })
      yield* TestClock.adjust(Duration.millis(5 * minute + 3_000))
      expect(yield* Fiber.join(fiber)).toMatchObject({ known: { status: "QUEUED", observedAt: run.at } })
    }))
})

describe("progress", () => {
  it.scoped("is told every second: the last status known, the time elapsed and the time expected", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({ status: "QUEUED", at: (yield* now) - 30_000 })
      const told: Array<readonly [string, number]> = []
      const fiber = yield* following(follower, run, {
        wait: minutes(6),
        onProgress: (sight, elapsed) => Effect.sync(() => told.push([sight.known.status, elapsed / 1000]))
      })
      run.status = "RUNNING"
      yield* TestClock.adjust("3 seconds")
      expect(told).toEqual([["QUEUED", 30], ["QUEUED", 31], ["QUEUED", 32], ["QUEUED", 33]])
      run.status = "COMPLETED"
      yield* TestClock.adjust(minutes(5))
      yield* Fiber.join(fiber)
      expect(new Set(told.map(([status]) => status))).toEqual(new Set(["QUEUED"]))
      yield* TestClock.adjust(minutes(5))
      expect(told.length).toBeLessThanOrEqual(6)
    }))

  it.scoped("that nobody takes does not hold the wait up", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      const fiber = yield* following(follower, run, { wait: minutes(5), onProgress: () => Effect.never })
      yield* TestClock.adjust(minutes(5))
      expect(yield* Fiber.join(fiber)).toMatchObject({ known: { observedAt: run.at + 5 * minute } })
    }))
})

describe("the pace of looks", () => {
  const hours = (count: number) => count * 60 * minute

  it.scoped("slows with the run's age, and two processes keep to it together", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const one = yield* process({ speed })
      const other = yield* process({ speed })
      const run = habu.add({ status: "RUNNING" })
      yield* follow(one.follower, run, { wait: 0 })
      yield* follow(other.follower, run, { wait: 0 })
      yield* TestClock.adjust(minutes(9 * 60 + 5))
      const times = habu.reads().map(({ at }) => at - run.at)
      const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0))
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5 * minute)
      const between = (from: number, to: number) => times.filter((at) => at >= hours(from) && at < hours(to)).length
      expect([between(0, 1), between(1, 6), between(7, 9)]).toEqual([12, 30, 2])
      // Both know what the latest look saw.
      const latest = run.at + Math.max(...times)
      for (const { follower } of [one, other]) {
        expect(yield* follow(follower, run, { wait: 0 })).toMatchObject({ known: { observedAt: latest } })
      }
    }))

  it.scoped("lets the process that does not ask have the answer right after the one that does", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const one = yield* process()
      const other = yield* process()
      const run = habu.add({})
      yield* follow(one.follower, run, { wait: 0 })
      yield* follow(other.follower, run, { wait: 0 })
      run.status = "RUNNING"
      habu.fates.read.push(slow(700))
      yield* TestClock.adjust("304 seconds")
      for (const { follower } of [one, other]) {
        expect(yield* follow(follower, run, { wait: 0 })).toMatchObject({ known: { status: "RUNNING" } })
      }
      expect(habu.reads()).toHaveLength(2)
    }))

  it.scoped("is kept by the process that is left", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const one = yield* process({ speed })
      const other = yield* process({ speed })
      const run = habu.add({})
      yield* follow(one.follower, run, { wait: 0 })
      yield* follow(other.follower, run, { wait: 0 })
      yield* one.end
      yield* TestClock.adjust(minutes(11))
      expect(habu.reads()).toHaveLength(3)
    }))

  it.scoped("puts the first look at the usual end, since before it a run is rarely over", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const at = Date.UTC(2026, 0, 4)
      for (const took of [12, 11, 40]) {
        habu.add({
          at,
          status: "COMPLETED",
          submittedAt: new Date(at).toISOString(),
          completedAt: new Date(at + took * minute * speed).toISOString()
        })
      }
      const run = habu.add({})
      expect(yield* follow(follower, run, { wait: 0, place: World.questionPlace })).toMatchObject({
        nextPollAt: run.at + 12 * minute,
        expected: 12 * minute
      })
      yield* TestClock.adjust(minutes(30))
      expect(habu.reads().map((read) => (read.at - run.at) / minute)).toEqual([0, 12, 17, 22, 27])
    }))
})

describe("a look that fails", () => {
  it.scoped("is made up for, and Habu is not asked more often for it", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      const fiber = yield* following(follower, run, { wait: minutes(16) })
      habu.fates.read.push(failing, { after: 0, gets: "cut", carriedOut: "never" })
      run.status = "COMPLETED"
      yield* TestClock.adjust(minutes(14))
      expect(yield* isDone(fiber)).toBe(false)
      yield* TestClock.adjust(minutes(1))
      expect(yield* Fiber.join(fiber)).toMatchObject({ known: { phase: "completed" } })
      expect(habu.reads().map((read) => (read.at - run.at) / minute)).toEqual([0, 5, 10, 15])
    }))

  it.scoped("for good reason keeps the last sight until the next slot", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      const fiber = yield* following(follower, run, { wait: minutes(6) })
      habu.fates.read.push({ after: 0, gets: 403, carriedOut: "never" })
      yield* TestClock.adjust(minutes(5))
      expect(yield* Fiber.join(fiber)).toMatchObject({
        known: { observedAt: run.at },
        nextPollAt: run.at + 10 * minute
      })
    }))

  it.scoped("because Habu has the run no more ends the looks and is told", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower, ledger } = yield* process({ speed })
      yield* ledger.start(World.order)
      const [run = habu.add({})] = habu.runs
      const fiber = yield* following(follower, run, { wait: minutes(20) })
      yield* TestClock.adjust(minutes(5))
      habu.runs.length = 0
      yield* TestClock.adjust(minutes(5))
      expect(yield* Effect.either(Fiber.join(fiber))).toMatchObject({ left: { _tag: "NotFound" } })
      yield* TestClock.adjust(minutes(1440))
      expect(habu.reads()).toHaveLength(3)
      expect(yield* ledger.preview(World.order)).toEqual(Option.none())
      // Nor is it told of from what was remembered.
      expect(yield* Effect.flip(follower.look(run.id))).toMatchObject({ _tag: "NotFound" })
      expect(yield* Effect.flip(follower.look(run.id))).toMatchObject({ _tag: "BudgetExhausted" })
    }))

  it.scoped("right after the start leaves what the answer to the start said", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower, ledger } = yield* process({ speed })
      yield* ledger.start(World.order)
      const [run = habu.add({})] = habu.runs
      habu.fates.read.push(failing)
      yield* TestClock.adjust("1 second")
      const expected = { known: { status: "QUEUED", observedAt: run.at, run: { name: run.name } } }
      expect(yield* follow(follower, run, { wait: 0 })).toMatchObject(expected)
      // The slot is spent, and still it is known what is known.
      expect(yield* follower.look(run.id)).toMatchObject(expected)
      expect(habu.reads()).toHaveLength(1)
    }))

  it.scoped("of a run that was started elsewhere is told", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      habu.fates.read.push(failing)
      expect(yield* Effect.either(follow(follower, run, { wait: 0 }))).toMatchObject({ left: { _tag: "Unavailable" } })
      expect(yield* Effect.either(follow(follower, run, { wait: 0 }))).toMatchObject({
        left: { _tag: "BudgetExhausted", retryAt: run.at + 5 * minute }
      })
      backend.trouble = () => ({ before: World.fails })
      expect(Either.isLeft(yield* Effect.either(follow(follower, run, { wait: 0 })))).toBe(true)
    }))
})

describe("a single look", () => {
  it.scoped("asks Habu if it may be asked, and otherwise tells what was seen last", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({})
      yield* follower.look(run.id, World.questionPlace)
      run.status = "RUNNING"
      yield* TestClock.adjust(minutes(4))
      expect(yield* follower.look(run.id)).toMatchObject({ known: { status: "QUEUED", observedAt: run.at } })
      yield* TestClock.adjust(minutes(1))
      expect(yield* follower.look(run.id)).toMatchObject({ known: { status: "RUNNING" } })
      expect(habu.reads()).toHaveLength(2)
    }))
})

describe("a run that was started just now", () => {
  it.scoped("is known without a look", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const at = yield* now
      expect(yield* follower.started("id", { id: "id", status: "QUEUED" }, World.questionPlace)).toMatchObject({
        known: { runId: "id", status: "QUEUED", observedAt: at },
        nextPollAt: at + 5 * minute,
        expected: undefined
      })
      expect(yield* follower.started("id", { status: "COMPLETED" })).toMatchObject({ nextPollAt: undefined })
      expect(habu.reads()).toHaveLength(0)
    }))
})

const completed = (habu: World.World["habu"], took: number, change: Partial<ModelRun> = {}) => {
  const at = Date.UTC(2026, 0, 4)
  return habu.add({
    at,
    status: "COMPLETED",
    submittedAt: new Date(at).toISOString(),
    completedAt: new Date(at + took * minute * speed).toISOString(),
    ...change
  })
}

describe("the usual time", () => {
  it.scoped("is learnt from completed runs, of a question or a flow, and unknown without any", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      expect(yield* follower.expected({ _tag: "QuestionPlace", questionId: "other" })).toBeUndefined()
      completed(habu, 30)
      completed(habu, 50, { of: flow })
      completed(habu, 70, { of: flow, status: "FAILED" })
      expect(yield* follower.expected(World.questionPlace)).toBe(30 * minute)
      expect(yield* follower.expected(World.flowPlace)).toBe(50 * minute)
    }))

  it.scoped("is learnt once a day for all processes, and stands for longer while Habu tells nothing new", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const one = yield* process({ speed })
      const other = yield* process({ speed })
      completed(habu, 30)
      yield* one.follower.expected(World.questionPlace)
      completed(habu, 90)
      completed(habu, 90)
      expect(yield* other.follower.expected(World.questionPlace)).toBe(30 * minute)
      expect(habu.lists()).toHaveLength(1)
      yield* TestClock.adjust(minutes(1440))
      habu.fates.list.push({ after: 0, gets: 403, carriedOut: "never" })
      expect(yield* other.follower.expected(World.questionPlace)).toBe(30 * minute)
      yield* TestClock.adjust("1 minute")
      expect(yield* other.follower.expected(World.questionPlace)).toBe(90 * minute)
    }))

  it.scoped("that cannot be learnt or kept is no reason to fail", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      completed(habu, 30)
      backend.trouble = (_, key) => key.includes("run-times") ? { before: World.fails } : {}
      expect(yield* follower.expected(World.questionPlace)).toBe(30 * minute)
      yield* TestClock.adjust("1 minute")
      habu.fates.list.push({ after: 0, gets: 403, carriedOut: "never" })
      const run = habu.add({})
      expect(yield* follow(follower, run, { wait: 0, place: World.questionPlace })).toMatchObject({
        nextPollAt: run.at + 5 * minute,
        expected: undefined
      })
    }))

  it.scoped("of hours does not put off the looks for longer than an hour", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      completed(habu, 150)
      const run = habu.add({})
      yield* follow(follower, run, { wait: 0, place: World.questionPlace })
      yield* TestClock.adjust(minutes(155))
      expect(habu.reads().map((read) => (read.at - run.at) / minute)).toEqual([0, 60, 120, 150])
    }))
})

describe("a flow run", () => {
  it.scoped("is followed like a question's, and no further than to a pause", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower, ledger } = yield* process({ speed })
      yield* ledger.start(World.flowOrder)
      const [run = habu.add({})] = habu.runs
      const fiber = yield* following(follower, run, { wait: minutes(20), place: World.flowPlace })
      run.status = "PAUSED"
      yield* TestClock.adjust(minutes(5))
      expect(yield* Fiber.join(fiber)).toMatchObject({ known: { phase: "paused" }, nextPollAt: undefined })
      yield* TestClock.adjust(minutes(1440))
      expect(habu.reads()).toHaveLength(2)
      expect(Option.getOrThrow(yield* ledger.find(run.id)).attempts).toMatchObject([{ status: "PAUSED" }])
    }))

  it.scoped("that was resumed is not told of by what was seen before", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({ of: flow, status: "PAUSED" })
      const seen = (resumedAt?: number) =>
        follow(follower, run, { wait: 0, place: World.flowPlace, ...(resumedAt !== undefined && { resumedAt }) })
      expect(yield* seen()).toMatchObject({ known: { phase: "paused" } })
      yield* TestClock.adjust("1 second")
      run.status = "RUNNING"
      expect(yield* seen()).toMatchObject({ known: { phase: "paused" } })
      expect(yield* seen(yield* now)).toMatchObject({ known: { phase: "running", observedAt: yield* now } })
      expect(habu.reads()).toHaveLength(1)
    }))

  it.scoped("that the list does not show is told of by what was seen", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { follower } = yield* process({ speed })
      const run = habu.add({ of: "another flow", status: "PAUSED" })
      yield* follow(follower, run, { wait: 0, place: World.flowPlace })
      yield* TestClock.adjust("1 second")
      const resumedAt = yield* now
      expect(yield* follow(follower, run, { wait: 0, place: World.flowPlace, resumedAt })).toMatchObject({
        known: { phase: "paused" }
      })
      // What was resumed is always a flow's; without its place the copy is all there is.
      const other = habu.add({})
      yield* follow(follower, other, { wait: 0 })
      yield* TestClock.adjust("1 second")
      expect(yield* follower.look(other.id)).toMatchObject({ known: { phase: "queued" } })
    }))
})

describe("taking up", () => {
  it.scoped("goes on with what is unfinished, at one look in five minutes for all processes together", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const first = yield* process({ speed })
      yield* first.ledger.start(World.order)
      yield* first.ledger.start(World.flowOrder)
      yield* first.ledger.start(World.orderOf({ parameters: { over: "yes" } }))
      const [question = habu.add({}), ofFlow = habu.add({}), over = habu.add({})] = habu.runs
      over.status = "COMPLETED"
      yield* first.follower.look(over.id)
      yield* first.end
      yield* TestClock.adjust(minutes(7))
      const processes = yield* Effect.all([1, 2, 3].map(() => process({ speed })))
      for (const { follower } of processes) yield* follower.takeUp
      yield* TestClock.adjust(minutes(10))
      question.status = "COMPLETED"
      ofFlow.status = "FAILED"
      yield* TestClock.adjust(minutes(5))
      const [{ ledger }] = processes as [(typeof processes)[number]]
      const statuses = (yield* ledger.entries).flatMap(({ attempts }) => attempts.map(({ status }) => status))
      expect(statuses.sort()).toEqual(["COMPLETED", "COMPLETED", "FAILED"])
      // Each of the two at 7, 12, 17 and 22 minutes, and the one that was over before never again.
      expect(habu.reads()).toHaveLength(1 + 2 * 4)
      yield* TestClock.adjust(minutes(1440))
      expect(habu.reads()).toHaveLength(1 + 2 * 4)
    }))

  it.scoped("finds out what became of a start in doubt, and follows its run", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const first = yield* process({ speed })
      habu.fates.start.push({ after: 0, gets: "cut", carriedOut: 2 * minute })
      habu.fates.start.push({ after: 0, gets: "cut", carriedOut: "never" })
      habu.fates.start.push({ after: 0, gets: 412, carriedOut: "never" })
      yield* first.ledger.start(World.order)
      yield* first.ledger.start(World.orderOf({ parameters: { never: "made" } }))
      yield* Effect.flip(first.ledger.start(World.orderOf({ parameters: { not: "possible" } })))
      yield* first.end
      const { follower, ledger } = yield* process({ speed })
      yield* follower.takeUp
      yield* TestClock.adjust(minutes(11))
      const states = (yield* ledger.entries).flatMap(({ attempts }) => attempts.map(({ state }) => state))
      expect(states.sort()).toEqual(["absent", "known", "rejected"])
      expect(habu.reads().length).toBeGreaterThan(0)
    }))

  it.scoped("goes on with a run that was resumed under its first entry, or under the resumption's own", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const first = yield* process({ speed })
      yield* first.ledger.start(World.flowOrder)
      const [mine = habu.add({})] = habu.runs
      const elsewhere = habu.add({ of: flow, status: "PAUSED" })
      mine.status = "PAUSED"
      yield* first.follower.look(mine.id, World.flowPlace)
      yield* TestClock.adjust("1 second")
      yield* first.ledger.start(World.resumeOrder(mine.id))
      yield* first.ledger.start(World.resumeOrder(elsewhere.id))
      yield* first.end
      mine.status = "COMPLETED"
      elsewhere.status = "COMPLETED"
      yield* TestClock.adjust(minutes(5))
      const { follower, ledger } = yield* process({ speed })
      const before = habu.reads().length
      yield* follower.takeUp
      yield* TestClock.adjust(minutes(5))
      expect(habu.reads().length - before).toBe(2)
      for (const run of [mine, elsewhere]) {
        expect(Option.getOrThrow(yield* ledger.find(run.id)).attempts).toMatchObject([{ status: "COMPLETED" }])
      }
      yield* follower.takeUp
      yield* TestClock.adjust(minutes(1440))
      expect(habu.reads().length - before).toBe(2)
    }))

  it.scoped("is no reason to fail where the store does not answer", () =>
    Effect.gen(function*() {
      const { backend, process } = yield* World.make
      const { follower } = yield* process({ speed })
      backend.trouble = () => ({ before: World.fails })
      yield* follower.takeUp
    }))
})
