import * as HttpApi from "@effect/platform/HttpApi"
import { assert, describe, expect, it } from "@effect/vitest"
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
import type { Outcome, Service } from "../../src/runs/RunLedger.js"
import * as Progress from "../support/Progress.js"
import * as instantCrypto from "./instantCrypto.js"
import type { Fate } from "./ModelHabu.js"
import * as ModelHabu from "./ModelHabu.js"
import * as World from "./World.js"

// Processes come and go here, so they are made for the operations of runs only.
vi.mock("../../src/habu/api/HabuApi.js", () => ({
  HabuApi: HttpApi.make("HabuApi").add(QuestionRuns.Group).add(FlowRuns.Group)
}))

instantCrypto.install()

const { order } = World
const minutes = (count: number) => Duration.toMillis(Duration.minutes(count))

const cut: Fate = { after: 0, gets: "cut", carriedOut: "never" }
const silent: Fate = { after: 0, gets: "silence", carriedOut: "never" }
const lost: Fate = { after: 0, gets: "cut", carriedOut: "at once" }
const refused = (status: number): Fate => ({ after: 0, gets: status, carriedOut: "never" })

/** Past every timeout of a request, but not as far as the next call. */
const run = <A, E, R>(effect: Effect.Effect<A, E, R>) => Progress.run(effect, "45 seconds")

const start = (ledger: Service, change: World.Change = {}) => run(ledger.start(World.orderOf(change)))

const failure = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.either(effect), (either) => Option.getOrThrow(Either.getLeft(either)))

const runIdOf = (outcome: Outcome) => "runId" in outcome ? outcome.runId : assert.fail(`${outcome._tag}: no run`)

const askAgainAt = (outcome: Outcome) =>
  "askAgainAt" in outcome ? outcome.askAgainAt : assert.fail(`${outcome._tag}: not in doubt`)

/** Waits as long as a doubtful outcome says. */
const waitFor = (outcome: Outcome) => TestClock.setTime(askAgainAt(outcome))

const now = Clock.currentTimeMillis

describe("a start", () => {
  it.scoped("is sent once, under a name that says what it is", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      const outcome = yield* start(ledger)
      expect(outcome).toMatchObject({
        _tag: "started",
        run: { status: "QUEUED" },
        attempt: { state: "known", number: 1 }
      })
      expect(habu.runs).toMatchObject([{ id: runIdOf(outcome), parameters: World.subject.parameters }])
      expect(habu.runs[0]?.name).toMatch(/^Weekly reach #[0-9a-f]{10}-1-[0-9a-f]{8}$/)
      const named = yield* start(ledger, { runName: "For Anna", parameters: {} })
      expect(named.attempt.runName).toMatch(/^For Anna #/)
    }))

  it.scoped("is not repeated while its run goes on, by whoever asks", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const one = yield* process()
      const other = yield* process()
      const first = yield* start(one.ledger)
      const parameters = { region: "EU", days: "7" }
      expect(yield* start(one.ledger, { parameters })).toMatchObject({
        _tag: "unfinished",
        runId: runIdOf(first),
        run: undefined
      })
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "unfinished", runId: runIdOf(first) })
      yield* one.end
      yield* TestClock.adjust("29 days")
      const restarted = yield* process()
      expect(yield* start(restarted.ledger)).toMatchObject({ _tag: "unfinished", runId: runIdOf(first) })
      expect(habu.starts()).toHaveLength(1)
      expect(yield* start(other.ledger, { parameters: { days: "8" } })).toMatchObject({ _tag: "started" })
    }))

  it.scoped("is one when eight calls ask for it at the same time in two processes", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      habu.fates.start.push({ after: 700, gets: 200, carriedOut: "at once" })
      const one = yield* process()
      const other = yield* process()
      const ledgers = [one.ledger, other.ledger]
      const outcomes = yield* run(
        Effect.forEach(Array.from({ length: 8 }), (_, i) => (ledgers[i % 2] ?? one.ledger).start(order), {
          concurrency: "unbounded"
        })
      )
      expect(habu.runs).toHaveLength(1)
      expect(new Set(outcomes.map(runIdOf)).size).toBe(1)
      expect(outcomes.map(({ _tag }) => _tag).sort()).toEqual([
        "started",
        ...Array.from({ length: 7 }, () => "unfinished")
      ])
    }))

  it.scoped("offers a run that completed within a day, and is sent after it", () =>
    Effect.gen(function*() {
      const { process } = yield* World.make
      const { ledger } = yield* process()
      const first = yield* start(ledger)
      yield* TestClock.adjust("20 minutes")
      const done = { runId: runIdOf(first), phase: "completed", status: "COMPLETED", run: {} } as const
      yield* ledger.observed({ ...done, observedAt: yield* now })
      yield* TestClock.adjust("23 hours")
      // Seeing it again does not make it younger.
      yield* ledger.observed({ ...done, observedAt: yield* now })
      expect(yield* start(ledger)).toMatchObject({ _tag: "recent", runId: runIdOf(first) })
      yield* TestClock.adjust("1 hour")
      expect(yield* start(ledger)).toMatchObject({ _tag: "started", attempt: { number: 2 } })
    }))

  it.scoped("is a new one after the run failed", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      const runId = runIdOf(yield* start(ledger))
      yield* TestClock.adjust("1 minute")
      yield* ledger.observed({ runId, phase: "failed", status: "FAILED", observedAt: yield* now, run: {} })
      expect(yield* start(ledger)).toMatchObject({ _tag: "started" })
      expect(habu.starts()).toHaveLength(2)
    }))

  it.scoped("is seen through when its caller gives up", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      habu.fates.start.push({ after: 5_000, gets: 200, carriedOut: "at once" })
      const { ledger } = yield* process()
      const caller = yield* Effect.fork(ledger.start(order))
      yield* Progress.until(() => habu.starts().length === 1)
      yield* Fiber.interrupt(caller)
      yield* TestClock.adjust("6 seconds")
      expect(yield* start(ledger)).toMatchObject({ _tag: "unfinished", attempt: { state: "known" } })
    }))
})

describe("fresh", () => {
  it.scoped("starts another run, and the latest that goes on is the answer then", () =>
    Effect.gen(function*() {
      const { process } = yield* World.make
      const { ledger } = yield* process()
      const first = runIdOf(yield* start(ledger))
      yield* TestClock.adjust("1 minute")
      const second = yield* start(ledger, { fresh: true })
      expect(second).toMatchObject({ _tag: "started", attempt: { number: 2 } })
      expect(runIdOf(yield* start(ledger))).toBe(runIdOf(second))
      yield* TestClock.adjust("1 minute")
      const observedAt = yield* now
      yield* ledger.observed({ runId: runIdOf(second), phase: "failed", status: "FAILED", observedAt, run: {} })
      expect(runIdOf(yield* start(ledger))).toBe(first)
    }))

  it.scoped("starts nothing while a start is in doubt, since that may be the one it made before", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push(cut)
      const doubt = yield* start(ledger, { fresh: true })
      expect(doubt).toMatchObject({ _tag: "doubtful" })
      expect(Option.isSome(yield* ledger.preview({ ...order, fresh: true }))).toBe(true)
      expect(yield* start(ledger, { fresh: true })).toMatchObject({ _tag: "doubtful" })
      yield* waitFor(doubt)
      expect(yield* start(ledger, { fresh: true })).toMatchObject({ _tag: "absent" })
      expect(yield* start(ledger, { fresh: true })).toMatchObject({ _tag: "started" })
      expect(habu.starts()).toHaveLength(2)
    }))

  it.scoped("that is refused does not hide the run that goes on, however often", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      const first = runIdOf(yield* start(ledger))
      for (let i = 0; i < 25; i++) {
        habu.fates.start.push(refused(412))
        yield* TestClock.adjust("1 hour")
        expect(yield* failure(start(ledger, { fresh: true }))).toMatchObject({ _tag: "PreconditionFailed" })
      }
      expect(runIdOf(yield* start(ledger))).toBe(first)
      const [entry] = yield* ledger.entries
      expect(entry?.attempts).toHaveLength(21)
    }))
})

describe("a given key", () => {
  it.scoped("stands for itself, whatever else is run", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      yield* start(ledger)
      expect(yield* start(ledger, { idempotencyKey: "monday" })).toMatchObject({ _tag: "started" })
      expect(yield* start(ledger, { idempotencyKey: "monday" })).toMatchObject({ _tag: "unfinished" })
      expect(habu.starts()).toHaveLength(2)
    }))

  it.scoped("is refused for anything else, with nothing sent", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      yield* start(ledger, { idempotencyKey: "monday" })
      const other = World.orderOf({ idempotencyKey: "monday", parameters: { days: "8" } })
      const error = yield* failure(run(ledger.start(other)))
      expect(error).toMatchObject({ _tag: "KeyReused", title: "Weekly reach" })
      expect(error.message).toContain("\"monday\"")
      expect(yield* failure(ledger.preview(other))).toMatchObject({ _tag: "KeyReused" })
      expect(habu.starts()).toHaveLength(1)
    }))

  it.scoped("goes to one of two that take it at the same time for different things", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const one = yield* process()
      const other = yield* process()
      const results = yield* run(Effect.all([
        Effect.either(one.ledger.start(World.orderOf({ idempotencyKey: "k", parameters: { days: "1" } }))),
        Effect.either(other.ledger.start(World.orderOf({ idempotencyKey: "k", parameters: { days: "2" } })))
      ], { concurrency: "unbounded" }))
      expect(habu.starts()).toHaveLength(1)
      expect(results.filter(Either.isLeft)).toMatchObject([{ left: { _tag: "KeyReused" } }])
    }))
})

describe("a preview", () => {
  it.scoped("tells what would be the answer and sends nothing", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      expect(yield* ledger.preview(order)).toEqual(Option.none())
      yield* start(ledger)
      expect(yield* ledger.preview(order)).toMatchObject({ value: { state: "known", number: 1 } })
      expect(yield* ledger.preview({ ...order, fresh: true })).toEqual(Option.none())
      expect(habu.starts()).toHaveLength(1)
    }))
})

describe("a refusal", () => {
  it.scoped("is told, and the next call sends again", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push(refused(412), refused(400), { after: 0, gets: "unreachable", carriedOut: "never" })
      expect(yield* failure(start(ledger))).toMatchObject({ _tag: "PreconditionFailed" })
      expect(yield* failure(start(ledger))).toMatchObject({ _tag: "RequestInvalid" })
      expect(yield* failure(start(ledger))).toMatchObject({ _tag: "Unavailable", neverSent: true })
      expect(yield* start(ledger)).toMatchObject({ _tag: "started", attempt: { number: 4 } })
      const [entry] = yield* ledger.entries
      expect(entry?.attempts.map(({ state }) => state)).toEqual(["rejected", "rejected", "rejected", "known"])
    }))

  it.scoped("that another call waited for tells that one that nothing was started", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      habu.fates.start.push({ after: 700, gets: 412, carriedOut: "never" })
      const one = yield* process()
      const other = yield* process()
      const results = yield* run(Effect.all([
        Effect.either(one.ledger.start(order)),
        Effect.either(other.ledger.start(order))
      ], { concurrency: "unbounded" }))
      expect(results).toMatchObject([{ left: { _tag: "PreconditionFailed" } }, { right: { _tag: "absent" } }])
      expect(habu.starts()).toHaveLength(1)
    }))

  it.scoped("by our own budget is told as such, with the next slot and nothing sent", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      for (let i = 0; i < 20; i++) yield* start(ledger, { parameters: { number: String(i) } })
      expect(yield* failure(start(ledger))).toMatchObject({ _tag: "BudgetExhausted", budget: "question_run_start" })
      expect(habu.starts()).toHaveLength(20)
      yield* TestClock.adjust("1 hour")
      expect(yield* start(ledger)).toMatchObject({ _tag: "started" })
    }))
})

describe("a start in doubt", () => {
  it.scoped("is found at once by its name, if Habu carried it out and only its answer was lost", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push(lost, { ...lost, gets: 500 }, { after: 0, gets: 200, carriedOut: "at once", says: {} })
      habu.add({ name: "someone else's" })
      for (const days of ["1", "2", "3"]) {
        const outcome = yield* start(ledger, { parameters: { days } })
        expect(outcome).toMatchObject({ _tag: "started", attempt: { state: "known" }, run: { status: "QUEUED" } })
        expect(habu.runs.find(({ id }) => id === runIdOf(outcome))?.parameters).toEqual({ days })
      }
      expect(habu.starts()).toHaveLength(3)
    }))

  it.scoped("is found by its name however Habu cleans names", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      const cleanings: ReadonlyArray<typeof habu.rename> = [
        (name) => `  ${name} `,
        (name) => name.toUpperCase(),
        (name) => name.replace(/[^a-z0-9]+/gi, "_"),
        (name) => name.slice(-24),
        (name) => `${name} (1)`
      ]
      for (const [days, rename] of cleanings.entries()) {
        habu.fates.start.push(lost)
        habu.rename = rename
        const runName = "Reach #1, the week's"
        expect(yield* start(ledger, { runName, parameters: { days: String(days) } })).toMatchObject({ _tag: "started" })
      }
    }))

  it.scoped("is not taken for a run of the same key that another store started", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { process: elsewhere } = yield* World.make
      const { ledger } = yield* process()
      const other = yield* elsewhere({ client: habu.client })
      yield* start(other.ledger)
      habu.fates.start.push(cut)
      expect(yield* start(ledger)).toMatchObject({ _tag: "doubtful" })
    }))

  it.scoped("is proven absent after the settling time, and then started once by eight that ask", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      const other = yield* process()
      habu.fates.start.push(cut)
      const sentAt = yield* now
      const doubt = yield* start(ledger)
      expect(doubt).toMatchObject({ _tag: "doubtful", attempt: { state: "doubtful", endedAt: sentAt } })
      expect(askAgainAt(doubt)).toBe(sentAt + minutes(5))
      yield* TestClock.setTime(askAgainAt(doubt) - 1)
      const still = yield* start(other.ledger)
      expect(still).toMatchObject({ _tag: "doubtful" })
      yield* waitFor(still)
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "absent", attempt: { state: "absent" } })
      const ledgers = [ledger, other.ledger]
      const outcomes = yield* run(
        Effect.forEach(Array.from({ length: 8 }), (_, i) => (ledgers[i % 2] ?? ledger).start(order), {
          concurrency: "unbounded"
        })
      )
      expect(habu.runs).toHaveLength(1)
      expect(new Set(outcomes.map(runIdOf))).toEqual(new Set(habu.runs.map(({ id }) => id)))
    }))

  it.scoped("is found if Habu carried it out late, up to the end of the settling time", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      for (const late of [1, minutes(1), minutes(5)]) {
        habu.fates.start.push({ ...silent, carriedOut: late })
        const doubt = yield* start(ledger, { parameters: { late: String(late) } })
        expect(doubt).toMatchObject({ _tag: "doubtful" })
        yield* waitFor(doubt)
        expect(yield* start(ledger, { parameters: { late: String(late) } })).toMatchObject({ _tag: "unfinished" })
      }
      expect(habu.runs).toHaveLength(3)
    }))

  it.scoped("tells of a run that completed meanwhile", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push({ ...cut, carriedOut: 1_000 })
      yield* start(ledger)
      yield* TestClock.adjust("2 hours")
      for (const one of habu.runs) one.status = "COMPLETED"
      expect(yield* start(ledger)).toMatchObject({ _tag: "recent", run: { status: "COMPLETED" } })
      expect(yield* start(ledger)).toMatchObject({ _tag: "recent", run: undefined })
    }))

  it.scoped("stays so while Habu cannot be asked, and the caller hears no error that reads as if nothing was sent", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push(lost)
      habu.fates.list.push(refused(403), ...Array.from({ length: 3 }, () => refused(500)), refused(403))
      expect(yield* start(ledger)).toMatchObject({ _tag: "doubtful" })
      const doubt = yield* start(ledger)
      expect(doubt).toMatchObject({ _tag: "doubtful" })
      expect(askAgainAt(doubt)).toBeGreaterThan(yield* now)
      // Later it is said what keeps us from looking.
      expect(yield* failure(start(ledger))).toMatchObject({ _tag: "Forbidden" })
      expect(yield* start(ledger)).toMatchObject({ _tag: "unfinished" })
    }))

  it.scoped("is looked for at Habu, not among what was read lately or is on its way", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { client, ledger } = yield* process()
      const list = run(client.getAllCleanroomQuestionRuns({
        path: { cleanroomQuestionId: World.subject.questionId },
        urlParams: { limit: 100, offset: 0 }
      }))
      habu.fates.start.push({ ...cut, carriedOut: minutes(5) }, { ...cut, carriedOut: minutes(5) })
      for (const after of [0, 29_000]) {
        const parameters = { after: String(after) }
        const doubt = yield* start(ledger, { parameters })
        habu.fates.list.push({ after, gets: 200, carriedOut: "never" })
        yield* TestClock.setTime(askAgainAt(doubt) - 10_000)
        yield* Effect.fork(list)
        yield* Progress.until(() => habu.fates.list.length === 0)
        yield* TestClock.setTime(askAgainAt(doubt))
        expect(yield* start(ledger, { parameters })).toMatchObject({ _tag: "unfinished" })
      }
    }))

  it.scoped("is not proven absent by an old page that stands in while Habu is down", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { client, ledger } = yield* process()
      habu.fates.start.push(cut)
      const doubt = yield* start(ledger)
      yield* TestClock.setTime(askAgainAt(doubt) + minutes(1))
      yield* run(client.getAllCleanroomQuestionRuns({
        path: { cleanroomQuestionId: World.subject.questionId },
        urlParams: { limit: 100, offset: 0 }
      }))
      yield* TestClock.adjust("1 minute")
      habu.fates.list.push(...Array.from({ length: 3 }, () => refused(500)))
      const still = yield* start(ledger)
      expect(still).toMatchObject({ _tag: "doubtful" })
      expect(askAgainAt(still)).toBeGreaterThan(yield* now)
    }))

  it.scoped("is not proven absent by an answer that was long on its way", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      // Carried out at the last moment; the listing was made just before that and arrives after it.
      habu.fates.start.push({ ...cut, carriedOut: minutes(5) })
      const doubt = yield* start(ledger)
      yield* TestClock.setTime(askAgainAt(doubt) - 1)
      habu.fates.list.push({ after: 29_990, gets: 200, carriedOut: "never" })
      expect(yield* start(ledger)).toMatchObject({ _tag: "doubtful" })
      yield* TestClock.adjust("1 minute")
      expect(yield* start(ledger)).toMatchObject({ _tag: "unfinished" })
    }))

  it.scoped("is looked for on every page, also where Habu gives fewer than asked for", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.pageLimit = 10
      habu.fates.start.push(cut, lost)
      const absent = yield* start(ledger, { parameters: { days: "1" } })
      yield* start(ledger, { parameters: { days: "2" } })
      const doubtful = yield* start(ledger, { parameters: { days: "2" } })
      expect(doubtful._tag).toBe("unfinished")
      for (let i = 0; i < 35; i++) habu.add({ name: `later ${i}` })
      yield* waitFor(absent)
      const before = habu.lists().length
      expect(yield* start(ledger, { parameters: { days: "1" } })).toMatchObject({ _tag: "absent" })
      expect(habu.lists().length - before).toBe(5)
    }))

  it.scoped("is found on a later page, and looked for no further", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.pageLimit = 10
      for (let i = 0; i < 35; i++) habu.add({ name: `earlier ${i}`, at: 0 })
      habu.fates.start.push({ ...cut, carriedOut: 1 })
      const doubt = yield* start(ledger)
      yield* waitFor(doubt)
      for (let i = 0; i < 15; i++) habu.add({ name: `later ${i}` })
      const before = habu.lists().length
      expect(yield* start(ledger)).toMatchObject({ _tag: "unfinished" })
      expect(habu.lists().length - before).toBe(2)
    }))

  it.scoped("is not proven absent by pages between which runs were deleted", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.pageLimit = 10
      for (let i = 0; i < 15; i++) habu.add({ name: `earlier ${i}`, at: i })
      habu.fates.start.push({ ...cut, carriedOut: 1 })
      const doubt = yield* start(ledger)
      yield* waitFor(doubt)
      for (let i = 0; i < 10; i++) habu.add({ name: `later ${i}` })
      // Ours is the eleventh, and becomes the ninth while the first page is on its way.
      habu.fates.list.push({ after: 1_000, gets: 200, carriedOut: "never" })
      const before = habu.lists().length
      const fiber = yield* Effect.fork(run(ledger.start(order)))
      yield* Progress.until(() => habu.lists().length > before)
      habu.runs.splice(habu.runs.findIndex(({ name }) => name === "later 5"), 2)
      const still = yield* Fiber.join(fiber)
      expect(still).toMatchObject({ _tag: "doubtful" })
      yield* waitFor(still)
      expect(yield* start(ledger)).toMatchObject({ _tag: "unfinished" })
    }))

  it.scoped("is never noted absent over what became known meanwhile", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const one = yield* process()
      const other = yield* process()
      habu.fates.start.push(cut)
      const doubt = yield* start(one.ledger)
      yield* waitFor(doubt)
      habu.fates.list.push({ after: 20_000, gets: 200, carriedOut: "never" })
      const slow = yield* Effect.fork(one.ledger.start(order))
      yield* Progress.until(() => habu.lists().length === 2)
      // Against the assumption that the guarantee rests on.
      habu.add({ name: doubt.attempt.runName })
      const found = yield* start(other.ledger)
      expect(found).toMatchObject({ _tag: "unfinished" })
      yield* TestClock.adjust("20 seconds")
      expect(yield* Fiber.join(slow)).toMatchObject({ _tag: "unfinished", runId: runIdOf(found) })
    }))

  it.scoped("stays so where Habu lists a run of its name without an id", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push(cut)
      const doubt = yield* start(ledger)
      yield* waitFor(doubt)
      habu.fates.list.push({ after: 0, gets: 200, carriedOut: "never", says: [{ name: doubt.attempt.runName }] })
      expect(yield* start(ledger)).toMatchObject({ _tag: "doubtful" })
    }))
})

describe("a sender that died", () => {
  it.scoped("before it sent leaves a start that is absent once that is certain", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const dead = yield* process({ token: Effect.never })
      const other = yield* process()
      const claimedAt = yield* now
      yield* Effect.fork(dead.ledger.start(order))
      yield* TestClock.adjust("1 second")
      yield* dead.end
      const waited = yield* start(other.ledger)
      expect(waited).toMatchObject({ _tag: "doubtful", attempt: { state: "sending" } })
      // Two request timeouts to get to sending, one for the request.
      expect(askAgainAt(waited)).toBe(claimedAt + 90_000)
      expect(habu.lists()).toHaveLength(0)
      yield* waitFor(waited)
      const doubt = yield* start(other.ledger)
      expect(doubt).toMatchObject({ _tag: "doubtful", attempt: { state: "doubtful" } })
      expect(askAgainAt(doubt)).toBe(claimedAt + 90_000 + minutes(5))
      yield* waitFor(doubt)
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "absent" })
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "started" })
    }))

  it.scoped("after it sent leaves a run that is found", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const dead = yield* process()
      const other = yield* process()
      habu.fates.start.push({ ...silent, carriedOut: "at once" })
      yield* Effect.fork(dead.ledger.start(order))
      yield* Progress.until(() => habu.runs.length === 1)
      yield* dead.end
      const waited = yield* start(other.ledger)
      yield* waitFor(waited)
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "unfinished", runId: habu.runs[0]?.id })
      expect(habu.starts()).toHaveLength(1)
    }))

  it.scoped("leaves a start that stays in doubt, with a time ahead, while Habu is down", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const dead = yield* process({ token: Effect.never })
      const other = yield* process()
      yield* Effect.fork(dead.ledger.start(order))
      yield* TestClock.adjust("1 second")
      yield* dead.end
      yield* TestClock.adjust("2 minutes")
      habu.fates.list.push(...Array.from({ length: 3 }, () => refused(500)))
      const doubt = yield* start(other.ledger)
      expect(doubt).toMatchObject({ _tag: "doubtful", attempt: { state: "sending" } })
      expect(askAgainAt(doubt)).toBeGreaterThan(yield* now)
    }))
})

describe("a sender that is slow", () => {
  it.scoped("is waited for by another call for as long as an answer mostly takes", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const one = yield* process()
      const other = yield* process()
      habu.fates.start.push({ after: 4_000, gets: 200, carriedOut: "at once" })
      const slow = yield* Effect.fork(one.ledger.start(order))
      yield* Progress.until(() => habu.starts().length === 1)
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "unfinished", attempt: { state: "known" } })
      expect(yield* Fiber.join(slow)).toMatchObject({ _tag: "started" })
    }))

  it.scoped("sends nothing once others have concluded that it never will", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const slow = yield* process({ token: Effect.sleep("10 minutes") })
      const other = yield* process()
      const late = yield* Effect.fork(slow.ledger.start(order))
      yield* TestClock.adjust("7 minutes")
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "absent" })
      const started = yield* start(other.ledger)
      yield* TestClock.adjust("3 minutes")
      expect(yield* Fiber.join(late)).toMatchObject({ _tag: "absent", attempt: { number: 1, state: "absent" } })
      expect(habu.runs.map(({ id }) => id)).toEqual([runIdOf(started)])
    }))

  it.scoped("sends nothing when it comes too late, though nobody asked meanwhile", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const slow = yield* process({ token: Effect.sleep("60001 millis") })
      const late = yield* Effect.fork(slow.ledger.start(order))
      yield* TestClock.adjust("61 seconds")
      expect(yield* Fiber.join(late)).toMatchObject({ _tag: "absent" })
      expect(habu.starts()).toHaveLength(0)
      expect(yield* Effect.map(slow.budget.status, ([, runs]) => runs)).toMatchObject({ remaining: 20 })
    }))

  it.scoped("sends nothing that another machine gave up for it, whose clock is ahead", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const slow = yield* process({ token: Effect.sleep("30 seconds") })
      const waiting = yield* Effect.fork(slow.ledger.start(order))
      yield* TestClock.adjust("10 seconds")
      const [name] = (yield* backend.scan("")).find(([key]) => key.includes("/runs/")) ?? [""]
      yield* backend.modify(name, (stored) => {
        const value = Option.getOrElse(stored, () => "").replace("\"sending\"", "\"absent\"")
        return [undefined, { _tag: "Put", value, expiresAt: undefined }]
      })
      yield* TestClock.adjust("20 seconds")
      expect(yield* Fiber.join(waiting)).toMatchObject({ _tag: "absent" })
      expect(habu.starts()).toHaveLength(0)
    }))

  it.scoped("sends up to its last moment, and others reckon with that", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const slow = yield* process({ token: Effect.sleep("60 seconds") })
      const other = yield* process()
      const claimedAt = yield* now
      habu.fates.start.push({ ...silent, carriedOut: minutes(5) })
      yield* Effect.fork(slow.ledger.start(order))
      // It dies a moment before its request would have been given up.
      yield* TestClock.setTime(claimedAt + 89_999)
      expect(habu.starts()).toHaveLength(1)
      yield* slow.end
      yield* TestClock.setTime(claimedAt + 90_000 + minutes(5) - 2)
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "doubtful" })
      yield* TestClock.adjust("1 minute")
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "unfinished" })
    }))

  it.scoped("has the last word: what it was told in answer holds, whatever others noted meanwhile", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const slow = yield* process({ token: Effect.sleep("60 seconds") })
      const other = yield* process()
      const claimedAt = yield* now
      habu.fates.start.push({ after: 29_000, gets: 200, carriedOut: "at once" })
      backend.trouble = (_, key) => key.includes("run-keys/") ? { before: Effect.sleep("10 seconds") } : {}
      const sent = yield* Effect.fork(slow.ledger.start(order))
      yield* TestClock.setTime(claimedAt + 90_000)
      // Habu is late with its list as well.
      habu.fates.list.push({ after: 0, gets: 200, carriedOut: "never", says: [] })
      expect(yield* Fiber.join(yield* Effect.fork(other.ledger.start(order)))).toMatchObject({
        attempt: { state: "doubtful" }
      })
      yield* TestClock.adjust("10 seconds")
      expect(yield* Fiber.join(sent)).toMatchObject({ _tag: "started" })
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "unfinished", attempt: { state: "known" } })
    }))
})

describe("the store", () => {
  const runs = /\/runs\//

  it.scoped("that fails before a start keeps it from being sent, and says so", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const { ledger } = yield* process()
      backend.trouble = () => ({ before: World.fails })
      expect(yield* failure(start(ledger))).toMatchObject({ _tag: "StateUnavailable", operation: "run ledger" })
      expect(yield* failure(ledger.preview(order))).toMatchObject({ _tag: "StateUnavailable" })
      expect(habu.starts()).toHaveLength(0)
      backend.trouble = () => ({})
      expect(yield* start(ledger)).toMatchObject({ _tag: "started" })
    }))

  it.scoped("that makes a change and loses the answer leaves nothing in the way", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const { ledger } = yield* process()
      let isLost = false
      backend.trouble = (operation, key) => {
        if (isLost || operation !== "modify" || !runs.test(key)) return {}
        isLost = true
        return { after: World.fails }
      }
      expect(yield* start(ledger)).toMatchObject({ _tag: "started", attempt: { number: 1 } })
      expect(habu.starts()).toHaveLength(1)
    }))

  it.scoped("that is very late with a change and loses the answer leaves nothing in the way either", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const one = yield* process()
      const other = yield* process()
      let isLate = false
      backend.trouble = (operation, key) => {
        if (isLate || operation !== "modify" || !runs.test(key)) return {}
        isLate = true
        return { before: Effect.sleep("10 minutes"), after: Effect.delay(World.fails, "10 seconds") }
      }
      const late = yield* Effect.fork(one.ledger.start(order))
      yield* TestClock.adjust("605 seconds")
      // By now its time to send is over, as others see.
      expect(yield* Fiber.join(yield* Effect.fork(other.ledger.start(order)))).toMatchObject({ _tag: "absent" })
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(late)).toMatchObject({ _tag: "absent", attempt: { number: 1 } })
      expect(yield* start(other.ledger)).toMatchObject({ _tag: "started", attempt: { number: 2 } })
      expect(habu.starts()).toHaveLength(1)
    }))

  it.scoped("that fails right before sending keeps it from being sent", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const { ledger } = yield* process()
      backend.trouble = (operation, key) => operation === "read" && runs.test(key) ? { before: World.fails } : {}
      expect(yield* start(ledger)).toMatchObject({ _tag: "absent" })
      expect(habu.starts()).toHaveLength(0)
      backend.trouble = () => ({})
      expect(yield* start(ledger)).toMatchObject({ _tag: "started" })
    }))

  it.scoped("that fails once the intent is written lets a refusal be told as it was", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push(refused(412))
      const claimedAt = yield* now
      backend.trouble = (operation, key) =>
        operation === "modify" && runs.test(key) && habu.starts().length > 0 ? { before: World.fails } : {}
      expect(yield* failure(start(ledger))).toMatchObject({ _tag: "PreconditionFailed" })
      backend.trouble = () => ({})
      // What became of it was not noted, so it is looked for like any other.
      yield* TestClock.setTime(claimedAt + 90_000 + minutes(5))
      expect(yield* start(ledger)).toMatchObject({ _tag: "absent" })
    }))

  for (
    const [what, keys] of [["the run", /./], ["the run's index", /run-keys/], ["the start's outcome", runs]] as const
  ) {
    it.scoped(`that cannot note ${what} does not hide that it was started, and it is found again`, () =>
      Effect.gen(function*() {
        const { backend, habu, process } = yield* World.make
        const { ledger } = yield* process()
        const claimedAt = yield* now
        backend.trouble = (operation, key) =>
          operation === "modify" && keys.test(key) && habu.starts().length > 0 ? { before: World.fails } : {}
        const started = yield* start(ledger)
        expect(started).toMatchObject({ _tag: "started" })
        backend.trouble = () => ({})
        yield* TestClock.setTime(claimedAt + 90_000)
        const found = yield* start(ledger)
        expect(found).toMatchObject({ _tag: "unfinished", runId: runIdOf(started) })
        yield* ledger.observed({
          runId: runIdOf(found),
          phase: "failed",
          status: "FAILED",
          observedAt: yield* now,
          run: {}
        })
        expect(yield* start(ledger)).toMatchObject({ _tag: "started" })
      }))
  }

  it.scoped("that is emptied under way does not hide what was started", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push({ after: 1_000, gets: 200, carriedOut: "at once" }, { ...cut, after: 1_000 })
      const emptied = Effect.gen(function*() {
        const [name] = (yield* backend.scan("")).find(([key]) => runs.test(key)) ?? [""]
        yield* backend.modify(name, () => [undefined, { _tag: "Remove" }])
      })
      for (const expected of ["started", "doubtful"]) {
        const fiber = yield* Effect.fork(ledger.start(order))
        yield* TestClock.adjust("500 millis")
        yield* emptied
        yield* TestClock.adjust("500 millis")
        expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: expected })
      }
    }))

  it.scoped("that is emptied while another's start is waited for leaves that in doubt", () =>
    Effect.gen(function*() {
      const { backend, habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push({ after: 20_000, gets: 200, carriedOut: "at once" })
      yield* Effect.fork(ledger.start(order))
      yield* Progress.until(() => habu.starts().length === 1)
      const other = yield* Effect.fork(ledger.start(order))
      yield* TestClock.adjust("1 second")
      const [name] = (yield* backend.scan("")).find(([key]) => runs.test(key)) ?? [""]
      yield* backend.modify(name, () => [undefined, { _tag: "Remove" }])
      yield* TestClock.adjust("5 seconds")
      expect(yield* Fiber.join(other)).toMatchObject({ _tag: "doubtful" })
    }))

  it.scoped("keeps what was started for 30 days", () =>
    Effect.gen(function*() {
      const { process } = yield* World.make
      const { ledger } = yield* process()
      const runId = runIdOf(yield* start(ledger))
      yield* TestClock.adjust(Duration.days(30))
      expect(yield* ledger.entries).toEqual([])
      expect(yield* ledger.find(runId)).toEqual(Option.none())
    }))
})

describe("what is known of a run", () => {
  it.scoped("is noted as it is seen, and an older sight changes nothing", () =>
    Effect.gen(function*() {
      const { process } = yield* World.make
      const { ledger } = yield* process()
      const runId = runIdOf(yield* start(ledger))
      const statusOf = Effect.map(ledger.find(runId), (entry) => {
        const { status, statusAt } = Option.getOrThrow(entry).attempts[0] ?? {}
        return [status, statusAt]
      })
      const startedAt = yield* now
      yield* TestClock.adjust("10 minutes")
      const observedAt = yield* now
      const seen = (status: string, observedAt: number) =>
        ledger.observed({ runId, phase: "running", status, observedAt, run: {} })
      yield* seen("RUNNING", observedAt)
      expect(yield* statusOf).toEqual(["RUNNING", observedAt])
      yield* seen("QUEUED", startedAt)
      expect(yield* statusOf).toEqual(["RUNNING", observedAt])
      yield* seen("RUNNING", observedAt + 1)
      expect(yield* statusOf).toEqual(["RUNNING", observedAt + 1])
    }))

  it.scoped("is not kept of runs that were not started here", () =>
    Effect.gen(function*() {
      const { process } = yield* World.make
      const { ledger } = yield* process()
      yield* ledger.observed({ runId: "elsewhere", phase: "running", status: "RUNNING", observedAt: 0, run: {} })
      yield* ledger.gone("elsewhere")
      expect(yield* ledger.entries).toEqual([])
    }))

  it.scoped("is listed, the latest start first", () =>
    Effect.gen(function*() {
      const { process } = yield* World.make
      const { ledger } = yield* process()
      for (const title of ["first", "second", "third"]) {
        yield* start(ledger, { title, parameters: { title } })
        yield* TestClock.adjust("1 minute")
      }
      expect((yield* ledger.entries).map(({ title }) => title)).toEqual(["third", "second", "first"])
    }))

  it.scoped("does not stand in the way once Habu has the run no more, unless it was made just now", () =>
    Effect.gen(function*() {
      const { process } = yield* World.make
      const { ledger } = yield* process()
      const runId = runIdOf(yield* start(ledger))
      const seenAt = yield* now
      yield* ledger.gone(runId)
      expect(yield* start(ledger)).toMatchObject({ _tag: "unfinished" })
      yield* TestClock.adjust("5 minutes")
      yield* ledger.gone(runId)
      // A copy from before is no proof of the contrary.
      yield* ledger.observed({ runId, phase: "running", status: "RUNNING", observedAt: seenAt, run: {} })
      expect(yield* ledger.preview(order)).toEqual(Option.none())
      yield* ledger.observed({ runId, phase: "running", status: "RUNNING", observedAt: yield* now, run: {} })
      expect(yield* start(ledger)).toMatchObject({ _tag: "unfinished", runId })
    }))

  it.scoped("that cannot be noted is no failure of the one who looked", () =>
    Effect.gen(function*() {
      const { backend, process } = yield* World.make
      const { ledger } = yield* process()
      backend.trouble = () => ({ before: World.fails })
      yield* ledger.observed({ runId: "any", phase: "running", status: "RUNNING", observedAt: 0, run: {} })
    }))

  it.scoped("counts from the start where an earlier version did not say when it was seen", () =>
    Effect.gen(function*() {
      const { backend, process } = yield* World.make
      const { ledger } = yield* process()
      const started = yield* start(ledger)
      const [name] = (yield* backend.scan("")).find(([key]) => key.includes("/runs/")) ?? [""]
      yield* backend.modify(name, (stored) => {
        const value = Option.getOrElse(stored, () => "").replace(/"QUEUED","statusAt":\d+/, "\"COMPLETED\"")
        return [undefined, { _tag: "Put", value, expiresAt: undefined }]
      })
      expect(yield* start(ledger)).toMatchObject({ _tag: "recent", runId: runIdOf(started) })
      yield* TestClock.adjust("1 day")
      expect(yield* start(ledger)).toMatchObject({ _tag: "started" })
    }))
})

describe("a flow run", () => {
  it.scoped("is started once under its name, and counts against the budget of flow runs", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { budget, ledger } = yield* process()
      habu.fates.start.push(lost)
      const first = yield* run(ledger.start(World.flowOrder))
      expect(first).toMatchObject({ _tag: "started", run: { status: "QUEUED" } })
      expect(habu.runs).toMatchObject([{ of: ModelHabu.flow, parameters: { days: "7" } }])
      expect(habu.runs[0]?.name).toMatch(/^Monthly flow #[0-9a-f]{10}-1-[0-9a-f]{8}$/)
      expect(yield* run(ledger.start(World.flowOrder))).toMatchObject({ _tag: "unfinished", runId: runIdOf(first) })
      const left = Object.fromEntries((yield* budget.status).map(({ budget, remaining }) => [budget, remaining]))
      expect(left).toMatchObject({ question_run_start: 20, flow_run_start: 19 })
    }))

  it.scoped("is looked for where Habu lists no runs at all", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      habu.fates.start.push(cut)
      habu.fates.list.push({ after: 0, gets: 200, carriedOut: "never", says: {} })
      const doubt = yield* run(ledger.start(World.flowOrder))
      yield* waitFor(doubt)
      expect(yield* run(ledger.start(World.flowOrder))).toMatchObject({ _tag: "absent" })
    }))

  it.scoped("is replayed once, as a run of its own", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { budget, ledger } = yield* process()
      const parent = habu.add({ of: ModelHabu.flow, status: "FAILED" })
      const order = World.replayOrder(parent.id)
      const nothingDone = { after: 0, gets: 200, carriedOut: "never", says: { success: false } } as const
      // Done, and the answer does not say under which id.
      habu.fates.start.push(nothingDone, { after: 0, gets: 200, carriedOut: "at once", says: { success: true } })
      expect(yield* failure(run(ledger.start(order)))).toMatchObject({ _tag: "RequestInvalid", status: 200 })
      const started = yield* run(ledger.start(order))
      expect(started).toMatchObject({ _tag: "started", attempt: { number: 2 } })
      expect(yield* run(ledger.start(order))).toMatchObject({ _tag: "unfinished", runId: runIdOf(started) })
      expect(yield* run(ledger.start(World.replayOrder(runIdOf(started))))).toMatchObject({ _tag: "started" })
      expect(habu.runs).toHaveLength(3)
      const flowRuns = (yield* budget.status).find(({ budget }) => budget === "flow_run_start")
      expect(flowRuns?.remaining).toBe(17)
    }))
})

describe("a pause", () => {
  const paused = Effect.gen(function*() {
    const { habu, process } = yield* World.make
    const one = yield* process()
    return { ...one, habu, run: habu.add({ of: ModelHabu.flow, status: "PAUSED" }) }
  })

  it.scoped("is ended once; the next one has a key of its own", () =>
    Effect.gen(function*() {
      const { habu, ledger, run: flowRun } = yield* paused
      const order = World.resumeOrder(flowRun.id)
      expect(yield* run(ledger.start(order))).toMatchObject({ _tag: "started", runId: flowRun.id })
      expect(yield* run(ledger.start(order))).toMatchObject({ _tag: "unfinished", runId: flowRun.id })
      expect(habu.resumptions).toHaveLength(1)
      yield* run(ledger.start(World.resumeOrder(flowRun.id, ModelHabu.pausedFirstAt + 1)))
      expect(habu.resumptions).toHaveLength(2)
    }))

  it.scoped("has ended if its run goes on, or is paused at a later level", () =>
    Effect.gen(function*() {
      const { habu, ledger, run: flowRun } = yield* paused
      habu.fates.start.push(lost)
      expect(yield* run(ledger.start(World.resumeOrder(flowRun.id)))).toMatchObject({ _tag: "started" })
      habu.fates.start.push(cut)
      flowRun.status = "RUNNING"
      expect(yield* run(ledger.start(World.resumeOrder(flowRun.id, 5)))).toMatchObject({ _tag: "started" })
      expect(habu.resumptions).toHaveLength(1)
    }))

  it.scoped("that did not end is proven by its level after the settling time, and resumed then", () =>
    Effect.gen(function*() {
      const { habu, ledger, run: flowRun } = yield* paused
      const order = World.resumeOrder(flowRun.id)
      habu.fates.start.push(cut)
      const doubt = yield* run(ledger.start(order))
      expect(doubt).toMatchObject({ _tag: "doubtful" })
      yield* waitFor(doubt)
      expect(yield* run(ledger.start(order))).toMatchObject({ _tag: "absent" })
      expect(yield* run(ledger.start(order))).toMatchObject({ _tag: "started" })
      expect(habu.resumptions).toHaveLength(1)
    }))

  it.scoped("stays in doubt while Habu does not tell the levels", () =>
    Effect.gen(function*() {
      const { habu, ledger, run: flowRun } = yield* paused
      const order = World.resumeOrder(flowRun.id)
      habu.fates.start.push(lost)
      habu.tellsLevels = false
      const doubt = yield* run(ledger.start(order))
      yield* waitFor(doubt)
      expect(yield* run(ledger.start(order))).toMatchObject({ _tag: "doubtful" })
      habu.tellsLevels = true
      yield* TestClock.adjust("1 minute")
      expect(yield* run(ledger.start(order))).toMatchObject({ _tag: "unfinished" })
      expect(habu.resumptions).toHaveLength(1)
    }))

  it.scoped("that Habu says it did not end may be resumed at once", () =>
    Effect.gen(function*() {
      const { habu, ledger, run: flowRun } = yield* paused
      habu.fates.start.push({ after: 0, gets: 200, carriedOut: "never", says: { success: false } })
      const order = World.resumeOrder(flowRun.id)
      expect(yield* failure(run(ledger.start(order)))).toMatchObject({ _tag: "RequestInvalid" })
      expect(yield* run(ledger.start(order))).toMatchObject({ _tag: "started" })
    }))

  it.scoped("of a run that was started here ends what was last seen of that", () =>
    Effect.gen(function*() {
      const { habu, process } = yield* World.make
      const { ledger } = yield* process()
      const runId = runIdOf(yield* run(ledger.start(World.flowOrder)))
      yield* ledger.observed({ runId, phase: "paused", status: "PAUSED", observedAt: yield* now, run: {} })
      yield* TestClock.adjust("1 minute")
      yield* run(ledger.start(World.resumeOrder(runId)))
      const entry = Option.getOrThrow(yield* ledger.find(runId))
      expect(entry).toMatchObject({ subject: { _tag: "Flow" }, attempts: [{ status: "UNKNOWN" }] })
      expect(habu.resumptions).toHaveLength(1)
    }))
})
