// Kills the built command with SIGKILL at random moments of a start, and then lets another one tell the truth.
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import type { Fault } from "../../src/sandbox/Faults.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Host from "./host.js"
import * as Starting from "./starting.js"

// At this speed Habu's settling time passes in half a second, an hour in six.
const speed = 600

// How far a start had come when its process was killed.
export type Moment = "before it was sent" | "while it was under way" | "after it was told"

export interface Victim {
  readonly key: string
  readonly fault: string
  readonly moment: Moment
  // The run that the killed process had told its caller of.
  readonly told: string | undefined
}

// What goes wrong with the start, none half of the time. A late one is carried out within the settling time, 300 s, after
// the time-out of three seconds, which are 1800 here.
const faults = (random: Random.Random): Effect.Effect<Fault | undefined> =>
  Effect.gen(function*() {
    const millis = yield* random.nextIntBetween(1, 80)
    const late = yield* random.nextIntBetween(1, 2_050_000)
    const possible: ReadonlyArray<Fault> = [
      { operation: Starting.operation, kind: "lost", count: 1 },
      { operation: Starting.operation, kind: "half", count: 1 },
      { operation: Starting.operation, kind: "malformed", count: 1 },
      { operation: Starting.operation, kind: "reset", count: 1 },
      { operation: Starting.operation, kind: "status", status: 503, count: 1 },
      { operation: Starting.operation, kind: "delay", millis, count: 1 },
      { operation: Starting.operation, kind: "late", millis: late, count: 1 },
      { operation: "getAllCleanroomQuestionRuns", kind: "reset", count: 1 }
    ]
    return possible[yield* random.nextIntBetween(0, 2 * possible.length)]
  })

const settingsOf = (sandbox: Sandbox.Service) =>
  Effect.map(Host.folder, (state) => ({ ...Host.settingsFor(sandbox, state), HABU_REQUEST_TIMEOUT: "3" }))

const count = (sandbox: Sandbox.Service, operation?: string) =>
  Effect.map(
    sandbox.requests,
    (all) => all.filter((one) => operation === undefined || one.operation === operation).length
  )

// Waits until so many requests more have reached the sandbox, for two seconds at most.
const reached = (sandbox: Sandbox.Service, more: number, operation?: string) =>
  Effect.flatMap(count(sandbox, operation), (before) =>
    Effect.sleep("1 millis").pipe(
      Effect.zipRight(count(sandbox, operation)),
      Effect.repeat({ until: (now) => now >= before + more }),
      Effect.timeoutOption("2 seconds")
    ))

// A quarter at any time, a quarter after any request, half about the start's own request.
const moment = (sandbox: Sandbox.Service, random: Random.Random) =>
  Effect.gen(function*() {
    const millis = yield* random.nextIntBetween(0, 10 * 4 ** (yield* random.nextIntBetween(0, 3)))
    switch (yield* random.nextIntBetween(0, 4)) {
      case 0:
        return Effect.sleep(`${4 * millis} millis`)
      case 1:
        return Effect.zipRight(reached(sandbox, yield* random.nextIntBetween(1, 14)), Effect.sleep(`${millis} millis`))
      default:
        return Effect.zipRight(reached(sandbox, 1, Starting.operation), Effect.sleep(`${millis} millis`))
    }
  })

const kill = (sandbox: Sandbox.Service, host: Host.Host, key: string, random: Random.Random) =>
  Effect.gen(function*() {
    const fault = yield* faults(random)
    const untilThen = yield* moment(sandbox, random)
    if (fault !== undefined) yield* sandbox.faults.add(fault)
    const sentBefore = yield* count(sandbox, Starting.operation)
    const killing = yield* Effect.fork(untilThen)
    const call = yield* Effect.fork(Starting.ask(host, key))
    yield* Fiber.join(killing)
    const told = yield* Fiber.poll(call)
    yield* Effect.sync(() => process.kill(host.pid, "SIGKILL"))
    const ended = yield* Fiber.await(call)
    const sent = (yield* count(sandbox, Starting.operation)) > sentBefore
    yield* sandbox.faults.clear
    return {
      key,
      fault: fault?.kind ?? "none",
      moment: Option.isSome(told) ? "after it was told" : sent ? "while it was under way" : "before it was sent",
      told: Exit.isSuccess(ended) ? Starting.runOf(ended.value) : undefined
    } satisfies Victim
  })

export interface Round {
  readonly victims: ReadonlyArray<Victim>
  // What the sandbox held when the last process was dead.
  readonly held: ReadonlyMap<string, ReadonlyArray<string>>
  readonly settled: ReadonlyArray<Starting.Settled>
  readonly tokensRefused: number
}

// So many starts, each under a key of its own and each in a process that is killed; then a process that lives.
export const round = (seed: number, kills: number): Effect.Effect<Round> =>
  Effect.gen(function*() {
    const random = Random.make(seed)
    const sandbox = yield* Sandbox.make({ speed, seed, rows: 200 })
    const settings = yield* settingsOf(sandbox)
    const started = Effect.tap(Host.start([], settings), (host) => host.call("find_resources", { kind: "clean_rooms" }))
    // More patient, so that a busy machine does not look like a Habu that is down.
    const patient = { ...settings, HABU_REQUEST_TIMEOUT: "6" }
    yield* Effect.scoped(started)
    const keys = Array.from({ length: kills }, (_, index) => `kill-${seed}-${index}`)
    const victims: Array<Victim> = []
    let next = yield* Effect.forkScoped(started)
    for (const [index, key] of keys.entries()) {
      const host = yield* Fiber.join(next)
      if (index + 1 < kills) next = yield* Effect.forkScoped(started)
      victims.push(yield* kill(sandbox, host, key, random))
    }
    const last = yield* Host.start([], patient)
    const held = new Map(keys.map((key) => [key, Starting.runsOf(sandbox, key)]))
    const settled = yield* Effect.forEach(keys, (key) => Starting.settle(sandbox, last, key), { concurrency: 4 })
    // Whatever is yet to be carried out late is carried out with the next request.
    yield* Effect.sleep("2 seconds")
    yield* last.call("health_check")
    return {
      victims,
      held,
      settled: settled.map((one) => ({ ...one, runs: Starting.runsOf(sandbox, one.key) })),
      tokensRefused: (yield* Host.sent(sandbox, "token")).filter(({ status }) => status === 429).length
    }
  }).pipe(Effect.scoped, Effect.orDie)
