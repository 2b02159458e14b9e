/**
 * Plays a schedule of starts, crashes and passing time against a model of Habu, with several processes that share one
 * store, and holds what comes of it against what the ledger promises.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Scheduler from "effect/Scheduler"
import * as Scope from "effect/Scope"
import type { HabuError } from "../../src/habu/HabuError.js"
import { type Attempt, type KeyReused, type Order, type Outcome, RunLedger } from "../../src/runs/RunLedger.js"
import type { Subject } from "../../src/runs/RunSubject.js"
import * as Memory from "../../src/state/Memory.js"
import type { StateBackend } from "../../src/state/StateBackend.js"
import { StateError } from "../../src/state/StateError.js"
import type { Fate } from "./ModelHabu.js"
import * as ModelHabu from "./ModelHabu.js"
import * as Process from "./Process.js"

export type Action =
  | { readonly _tag: "call"; readonly process: number; readonly key: number }
  /** Calls again at the time that a caller was told. */
  | { readonly _tag: "callAgain"; readonly process: number; readonly key: number }
  | { readonly _tag: "pass"; readonly millis: number }
  /** The machine sleeps: time passes, but not for those who wait. */
  | { readonly _tag: "suspend"; readonly millis: number }
  | { readonly _tag: "crash"; readonly process: number }
  /** Somebody else's runs come and go. */
  | { readonly _tag: "addOther" | "removeOther" }
  | { readonly _tag: "fail"; readonly process: number; readonly key: number }

/** How one operation of the store goes. */
export interface StoreStep {
  readonly before: number
  readonly after: number
  readonly fails: "never" | "before" | "after"
}

export interface Schedule {
  readonly kind: Subject["_tag"]
  readonly actions: ReadonlyArray<Action>
  readonly starts: ReadonlyArray<Fate>
  readonly lists: ReadonlyArray<Fate>
  readonly nodes: ReadonlyArray<Fate>
  readonly store: ReadonlyArray<StoreStep>
  readonly tokens: ReadonlyArray<number>
  readonly others: number
  readonly renames: boolean
}

const processes = 3
const keys = 2
const settling = Duration.toMillis("5 minutes")

const oneOf = <A>(...values: ReadonlyArray<A>) => FastCheck.constantFrom(...values)

const fate: FastCheck.Arbitrary<Fate> = FastCheck.oneof(
  FastCheck.record({
    after: oneOf(0, 500, 29_000),
    gets: oneOf<Fate["gets"]>(200),
    carriedOut: oneOf<Fate["carriedOut"]>("at once")
  }),
  FastCheck.record({
    after: oneOf(0, 500),
    gets: oneOf<Fate["gets"]>(400, 412, 429, "unreachable"),
    carriedOut: oneOf<Fate["carriedOut"]>("never")
  }),
  FastCheck.record({
    after: oneOf(0, 2_000, 29_999),
    gets: oneOf<Fate["gets"]>("cut", "silence", 500, 503),
    carriedOut: oneOf<Fate["carriedOut"]>("at once", "never", 0, 1, 60_000, settling - 1, settling)
  }),
  FastCheck.record({
    after: oneOf(0, 500),
    gets: oneOf<Fate["gets"]>(200),
    carriedOut: oneOf<Fate["carriedOut"]>("at once"),
    says: oneOf<unknown>({}, "", [1])
  })
)

const listFate: FastCheck.Arbitrary<Fate> = FastCheck.record({
  after: oneOf(0, 0, 500, 29_000),
  gets: FastCheck.oneof(
    { arbitrary: oneOf<Fate["gets"]>(200), weight: 4 },
    { arbitrary: oneOf<Fate["gets"]>(500, "cut", "unreachable", "silence", 403), weight: 1 }
  ),
  carriedOut: oneOf<Fate["carriedOut"]>("never")
})

const storeStep: FastCheck.Arbitrary<StoreStep> = FastCheck.record({
  before: oneOf(0, 0, 0, 0, 0, 3, 100, 20_000),
  after: oneOf(0, 0, 0, 0, 0, 3, 100, 20_000),
  fails: oneOf<StoreStep["fails"]>("never", "never", "never", "never", "never", "never", "before", "after")
})

const process = FastCheck.nat(processes - 1)
const key = FastCheck.nat(keys - 1)

const action: FastCheck.Arbitrary<Action> = FastCheck.oneof(
  {
    arbitrary: FastCheck.record({ _tag: oneOf("call" as const, "callAgain" as const), process, key }),
    weight: 10
  },
  {
    arbitrary: FastCheck.record({
      _tag: oneOf("pass" as const),
      millis: oneOf(1, 3, 100, 250, 1_000, 5_000, 20_000, 30_000, 60_000, 300_000)
    }),
    weight: 8
  },
  {
    arbitrary: FastCheck.record({ _tag: oneOf("suspend" as const), millis: oneOf(20_000, 400_000, 3_600_000) }),
    weight: 1
  },
  { arbitrary: FastCheck.record({ _tag: oneOf("crash" as const), process }), weight: 2 },
  { arbitrary: FastCheck.record({ _tag: oneOf("addOther" as const, "removeOther" as const) }), weight: 1 },
  { arbitrary: FastCheck.record({ _tag: oneOf("fail" as const), process, key }), weight: 1 }
)

export const schedule: FastCheck.Arbitrary<Schedule> = FastCheck.record({
  kind: oneOf<Subject["_tag"]>("Question", "Question", "Flow", "Replay", "Resume"),
  actions: FastCheck.array(action, { minLength: 8, maxLength: 40, size: "max" }),
  starts: FastCheck.array(fate, { maxLength: 12, size: "max" }),
  lists: FastCheck.array(listFate, { maxLength: 12 }),
  nodes: FastCheck.array(listFate, { maxLength: 6 }),
  store: FastCheck.array(storeStep, { maxLength: 60 }),
  tokens: FastCheck.array(oneOf(0, 0, 0, 1_000, 59_000, 61_000, 1_000_000), { maxLength: 8 }),
  others: FastCheck.nat(6),
  renames: FastCheck.boolean()
})

interface Sleeper {
  at: number
  readonly wake: () => void
}

/** Time that passes when it is told to, and not before everything that can happen has happened. */
const makeTime = () => {
  const real = Clock.make()
  let now = Date.UTC(2026, 0, 5)
  let activity = 0
  const sleepers = new Set<Sleeper>()
  const currentTimeMillis = Effect.sync(() => now)
  const clock: Clock.Clock = {
    ...real,
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: () => now,
    unsafeCurrentTimeNanos: () => BigInt(now) * 1_000_000n,
    currentTimeMillis,
    currentTimeNanos: Effect.sync(() => BigInt(now) * 1_000_000n),
    sleep: (duration) =>
      Effect.async<void>((resume) => {
        activity++
        const sleeper = { at: now + Math.ceil(Duration.toMillis(duration)), wake: () => resume(Effect.void) }
        sleepers.add(sleeper)
        return Effect.sync(() => sleepers.delete(sleeper))
      })
  }
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  const settle = async () => {
    for (let quiet = 0; quiet < 3;) {
      const before = activity
      await turn()
      quiet = activity === before ? quiet + 1 : 0
    }
  }
  const pass = async (millis: number) => {
    const end = now + millis
    await settle()
    for (;;) {
      const [next] = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      sleepers.delete(next)
      now = Math.max(now, next.at)
      next.wake()
      await settle()
    }
    now = end
  }
  const suspend = (millis: number) => {
    now += millis
    for (const sleeper of sleepers) sleeper.at += millis
  }
  return { clock, pass, suspend, settle, now: () => now, touch: () => void activity++ }
}

type Time = ReturnType<typeof makeTime>

/** A start that was asked for, and how it ended so far. */
interface Call {
  readonly key: number
  result: Either.Either<Outcome, HabuError | KeyReused> | "crashed" | "pending"
}

/** How a call ended, in a word. */
export const endOf = ({ result }: Call): string =>
  typeof result === "string" ? result : Either.isLeft(result) ? result.left._tag : result.right._tag

/** The run that a replay takes up or that is paused, one for each key. */
const earlierRun = (key: number) => `44444444-4444-4444-8444-${String(key).padStart(12, "0")}`

const place = { cleanRoomId: ModelHabu.cleanRoom, flowId: ModelHabu.flow }

const subjectOf = (kind: Subject["_tag"], key: number): Subject => {
  const parameters = { key: String(key) }
  const request = { nodes: [{ nodeIdentifier: "node-1", parameters }] }
  switch (kind) {
    case "Question":
      return { _tag: kind, questionId: ModelHabu.question, parameters }
    case "Flow":
      return { _tag: kind, ...place, request }
    case "Replay":
      return { _tag: kind, ...place, runId: earlierRun(key), request }
    case "Resume":
      return { _tag: kind, ...place, runId: earlierRun(key), level: ModelHabu.pausedFirstAt, request: {} }
  }
}

const play = async (plan: Schedule, time: Time) => {
  const habu = ModelHabu.make(time.clock)
  const shared = Effect.runSync(Memory.make)
  const store = [...plan.store]
  const tokens = [...plan.tokens]
  const calls: Array<Call> = []
  const violations: Array<string> = []
  habu.pageLimit = 3
  habu.fates.start.push(...plan.starts)
  habu.fates.list.push(...plan.lists)
  habu.fates.nodes.push(...plan.nodes)
  const orderOf = (key: number): Order => ({
    subject: subjectOf(plan.kind, key),
    title: "Weekly reach",
    cleanRoom: "Demo"
  })
  for (let key = 0; key < keys; key++) {
    habu.add({ id: earlierRun(key), of: ModelHabu.flow, name: "an earlier run", status: "PAUSED" })
  }
  if (plan.renames) habu.rename = (name) => ` ${name.toUpperCase().replace(/[#-]/g, " ")}`
  const of = plan.kind === "Question" ? ModelHabu.question : ModelHabu.flow
  for (let i = 0; i < plan.others; i++) habu.add({ of, name: `other ${i}` })

  // Fibres run in microtasks only, so that a turn of the event loop runs them as far as they get.
  const scheduler = new Scheduler.MixedScheduler(Number.MAX_SAFE_INTEGER)
  const fork = <A, E>(effect: Effect.Effect<A, E>) =>
    Effect.runFork(
      effect.pipe(Effect.withClock(time.clock), Logger.withMinimumLogLevel(LogLevel.None)),
      { scheduler }
    )

  const unavailable = new StateError({ reason: "unavailable", message: "The store does not answer." })

  const boot = async () => {
    let isAlive = true
    const alive = Effect.suspend(() => isAlive ? Effect.void : Effect.dieMessage("The process has ended."))
    const sleep = (millis: number) => Effect.zipRight(millis === 0 ? Effect.void : Effect.sleep(millis), alive)
    const slow = <A>(operation: Effect.Effect<A, StateError>): Effect.Effect<A, StateError> =>
      Effect.suspend(() => {
        time.touch()
        const { after, before, fails } = store.shift() ?? { before: 0, after: 0, fails: "never" }
        if (fails === "before") return Effect.zipRight(sleep(before), unavailable)
        const done = Effect.zipLeft(Effect.zipRight(sleep(before), operation), sleep(after))
        return fails === "after" ? Effect.zipRight(done, unavailable) : done
      })
    const backend: StateBackend = {
      ...shared,
      read: (key) => slow(shared.read(key)),
      modify: (key, f) => slow(shared.modify(key, f)),
      scan: (prefix) => slow(shared.scan(prefix))
    }
    const token = Effect.suspend(() => sleep(tokens.shift() ?? 0))
    const scope = Effect.runSync(Scope.make())
    const built = fork(Effect.provideService(
      Effect.orDie(Process.start({ backend, client: habu.client, token })),
      Scope.Scope,
      scope
    ))
    await time.settle()
    const ledger = Context.get(await Effect.runPromise(Fiber.join(built)), RunLedger)
    const mine = new Set<Call>()
    return {
      ledger,
      call: (key: number) => {
        const one: Call = { key, result: "pending" }
        calls.push(one)
        mine.add(one)
        const fiber = fork(Effect.either(ledger.start(orderOf(key))))
        fiber.addObserver((exit) => {
          if (one.result !== "pending") return
          one.result = Exit.isSuccess(exit) ? exit.value : "crashed"
          if (!isAlive) one.result = "crashed"
          else if (!Exit.isSuccess(exit)) violations.push(`a start died: ${exit.cause}`)
          else check(one)
        })
        return one
      },
      // Nothing of it happens any more, and its connections break.
      crash: async () => {
        isAlive = false
        for (const one of mine) if (one.result === "pending") one.result = "crashed"
        fork(Scope.close(scope, Exit.void))
        await time.settle()
      }
    }
  }

  // What starts of a key made: runs, or ends of a pause.
  const runsOf = (key: number) =>
    plan.kind === "Resume"
      ? habu.resumptions.filter(({ runId }) => runId === earlierRun(key)).map(({ runId }) => ({
        id: runId,
        status: "RUNNING"
      }))
      : habu.runs.filter(({ parameters }) => "key" in parameters && parameters["key"] === String(key))
  const alive = (key: number) => runsOf(key).filter(({ status }) => status !== "FAILED")
  // Runs bear the name of their attempt, resumptions none: one that was sent just when an attempt was over may be that of
  // a call made since.
  const isLast = (one: Call) => calls.findLast(({ key }) => key === one.key) === one
  const isCarriedOut = (one: Call, { endedAt = 0, runName, startedAt }: Attempt) =>
    plan.kind === "Resume"
      ? habu.resumptions.some(({ runId, sentAt }) =>
        runId === earlierRun(one.key) && sentAt >= startedAt && (isLast(one) ? sentAt <= endedAt : sentAt < endedAt)
      )
      : habu.runs.some(({ name }) => name === habu.rename(runName))

  // What a caller is told is so, at that moment and for ever.
  const check = (one: Call) => {
    const { key, result } = one
    if (typeof result === "string" || Either.isLeft(result)) return
    const outcome = result.right
    if (outcome._tag === "absent" && isCarriedOut(one, outcome.attempt)) {
      violations.push(`key ${key} was told absent and is there`)
    }
    if ("runId" in outcome && !habu.there().some(({ id }) => id === outcome.runId)) {
      violations.push(`key ${key} was told of a run that is not there`)
    }
    if (outcome._tag === "doubtful" && outcome.askAgainAt <= time.now()) {
      violations.push(`key ${key} was told to ask again in the past`)
    }
  }

  const checkAll = () => {
    for (const one of calls) {
      if (typeof one.result !== "string" && Either.isRight(one.result) && one.result.right._tag === "absent") check(one)
    }
    for (let key = 0; key < keys; key++) {
      if (alive(key).length > 1) violations.push(`key ${key} has ${alive(key).length} runs`)
    }
  }

  const members = await Promise.all(Array.from({ length: processes }, boot))
  const member = (index: number) => members[index] ?? Promise.reject(new Error("no such process"))

  const act = async (one: Action) => {
    switch (one._tag) {
      case "call":
        ;(await member(one.process)).call(one.key)
        return time.settle()
      case "callAgain": {
        const told = calls.findLast(({ key }) => key === one.key)?.result
        if (typeof told !== "object" || Either.isLeft(told) || !("askAgainAt" in told.right)) return
        await time.pass(Math.max(0, told.right.askAgainAt - time.now()))
        ;(await member(one.process)).call(one.key)
        return time.settle()
      }
      case "pass":
        return time.pass(one.millis)
      case "suspend":
        time.suspend(one.millis)
        return habu.caughtUp()
      case "crash":
        await (await member(one.process)).crash()
        members[one.process] = await boot()
        return
      case "addOther":
        habu.add({ of, name: "other" })
        return
      case "removeOther": {
        const index = habu.runs.findLastIndex(({ name }) => name.startsWith("other"))
        if (index >= 0) habu.runs.splice(index, 1)
        return
      }
      case "fail": {
        const run = habu.there().find(({ parameters }) => "key" in parameters && parameters["key"] === String(one.key))
        if (run === undefined) return
        run.status = "FAILED"
        const { ledger } = await member(one.process)
        fork(ledger.observed({ runId: run.id, phase: "failed", status: "FAILED", observedAt: time.now(), run: {} }))
        return time.settle()
      }
    }
  }

  for (const one of plan.actions) {
    await act(one)
    checkAll()
    if (violations.length > 0) return { violations, calls, habu }
  }

  // Everything is well again: whoever asks on gets to exactly one run.
  store.length = 0
  tokens.length = 0
  habu.fates.start.length = 0
  habu.fates.list.length = 0
  habu.fates.nodes.length = 0
  await time.pass(Duration.toMillis("20 minutes"))
  const { call, ledger } = await member(0)
  const asked = new Set(calls.map((one) => one.key))
  for (const key of asked) {
    for (let tries = 0; tries < 12; tries++) {
      const one = call(key)
      await time.pass(Duration.toMillis("1 minute"))
      const { result } = one
      if (typeof result === "string") {
        violations.push(`key ${key} is ${result}`)
        break
      }
      if (Either.isRight(result) && "runId" in result.right) {
        const { runId } = result.right
        if (alive(key).some(({ id }) => id === runId)) break
        fork(ledger.observed({ runId, phase: "failed", status: "FAILED", observedAt: time.now(), run: {} }))
      }
      const wait = Either.isRight(result)
        ? "askAgainAt" in result.right ? result.right.askAgainAt - time.now() : 0
        : Duration.toMillis("1 hour")
      await time.pass(Math.max(0, wait))
    }
    if (alive(key).length !== 1) violations.push(`key ${key} ends with ${alive(key).length} runs`)
  }
  checkAll()
  for (const one of await Promise.all(members)) await one.crash()
  return { violations, calls, habu }
}

/** Plays a schedule and tells what went against the ledger's promise. */
export const run = (plan: Schedule) => play(plan, makeTime())
