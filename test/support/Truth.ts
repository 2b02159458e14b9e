/**
 * The truth test of a workflow that writes: for every fault at every write, its answer never says done for what the
 * sandbox does not hold, never denies what it does, and calling again completes the work without doubling any of it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type { ParseError } from "effect/ParseResult"
import type * as Faults from "../../src/sandbox/Faults.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import type { Step } from "../../src/workflows/Plan.js"
import * as Reading from "../../src/workflows/Reading.js"
import type { WorkflowError } from "../../src/workflows/Workflow.js"
import * as WorkflowStack from "./WorkflowStack.js"

interface Answer {
  readonly status: string
  readonly summary: string
  readonly steps?: ReadonlyArray<Step>
}

export interface Scenario {
  readonly name: string
  /** What must be there before the call, such as an accepted partner. */
  readonly before?: Effect.Effect<unknown, unknown, WorkflowStack.Services>
  readonly call: Effect.Effect<Answer, WorkflowError | ParseError, WorkflowStack.Services>
  /** The same call with `dry_run`. */
  readonly dry?: Effect.Effect<Answer, WorkflowError | ParseError, WorkflowStack.Services>
  /** What the sandbox holds of the work, to compare whole: counts and values without ids and times. */
  readonly holds: Effect.Effect<unknown, unknown, WorkflowStack.Services>
  /** Whether the sandbox holds what a step says; undefined for steps that are no writes. */
  readonly holdsStep: (step: string) => Effect.Effect<boolean | undefined, unknown, WorkflowStack.Services>
  /** The status that the finished work ends with; done unless given. */
  readonly ends?: string
  /** What a summary says only once everything is held. */
  readonly claims?: RegExp
  /** The same call again is another wish, as for a check. */
  readonly repeats?: boolean
  /** Where nothing was made, the next call first says so (`failed`), and the one after it makes it. */
  readonly tellsAbsence?: boolean
}

/** A scenario and its writes, by operation, in the order in which they are made. */
export interface Told extends Scenario {
  readonly writes: ReadonlyArray<string>
}

type Kind = typeof Faults.Kind.Type

const late = "is carried out late"

const faults: ReadonlyArray<readonly [string, Kind]> = [
  ["fails with 500", { kind: "status", status: 500 }],
  ["is forbidden", { kind: "status", status: 403 }],
  ["loses its answer", { kind: "lost" }],
  ["is answered with garbage", { kind: "malformed" }],
  // A minute of Habu's after the caller has given up.
  [late, { kind: "late", millis: WorkflowStack.speed * 1_000 + 60_000 }]
]

// Twice the settling time, in the sandbox's time: by then everything was carried out or never will be.
const settled = Effect.promise(() => new Promise((done) => setTimeout(done, (2 * 300_000) / WorkflowStack.speed + 40)))

// Long, for a busy machine; as short as can be where no answer comes on purpose.
const patient = "20 seconds"
const impatient = "1 second"

const inFreshSandbox = <A, E>(
  options: WorkflowStack.Options,
  scenarios: ReadonlyArray<Scenario>,
  body: Effect.Effect<A, E, WorkflowStack.Services>
) =>
  Effect.forEach(scenarios, ({ before }) => before ?? Effect.void, { discard: true }).pipe(
    Effect.zipRight(Reading.anew),
    Effect.zipRight(body),
    Effect.provide(
      Layer.fresh(WorkflowStack.layer({ config: { requestTimeout: patient }, ...options }))
    )
  )

const checkSteps = (scenario: Scenario, { steps = [] }: Answer) =>
  Effect.forEach(steps, ({ detail, result, step }) =>
    Effect.map(scenario.holdsStep(step), (held) => {
      if (held === undefined) return
      if (result === "done") assert.isTrue(held, `said done, and is not held: ${step}`)
      if (result === "failed" || result === "denied") {
        assert.isFalse(held, `said ${result}, and is held: ${step} (${detail})`)
      }
    }))

const ended = ({ ends = "done", name }: Scenario, answer: Answer) =>
  assert.strictEqual(answer.status, ends, `${name}: ${JSON.stringify(answer)}`)

const wholeWay = (scenarios: ReadonlyArray<Told>) =>
  Effect.forEach(scenarios, (scenario) =>
    Effect.gen(function*() {
      const { call, dry, holds, name, repeats, writes } = scenario
      const [, planned] = yield* WorkflowStack.writesOf(dry ?? Effect.void)
      assert.deepStrictEqual(planned, [], `a dry run of ${name}`)
      const [answer, made] = yield* WorkflowStack.writesOf(call)
      ended(scenario, answer)
      assert.deepStrictEqual([...new Set(made)].sort(), [...writes].sort(), name)
      yield* checkSteps(scenario, answer)
      const [again, madeAgain] = yield* WorkflowStack.writesOf(call)
      ended(scenario, again)
      if (repeats !== true) assert.deepStrictEqual(madeAgain, [], `${name}, again`)
      return yield* holds
    }))

const isFinished = ({ claims, ends = "done" }: Scenario, { status, summary }: Answer) =>
  status === ends || claims?.test(summary) === true

// An error in place of an answer says that nothing was done.
const truthful = ({ before, held, scenario }: Turn, outcome: Either.Either<Answer, unknown>) =>
  Effect.gen(function*() {
    const now = yield* scenario.holds
    if (Either.isLeft(outcome)) {
      return assert.deepStrictEqual(now, before, `${scenario.name} hid what it did: ${outcome.left}`)
    }
    yield* checkSteps(scenario, outcome.right)
    if (isFinished(scenario, outcome.right)) {
      assert.deepStrictEqual(now, held, `${scenario.name} said that all is done: ${JSON.stringify(outcome.right)}`)
    }
  })

const complete = (scenario: Scenario, held: unknown) =>
  Effect.gen(function*() {
    const first = yield* scenario.call
    yield* checkSteps(scenario, first)
    const answer = scenario.tellsAbsence === true && first.status === "failed" ? yield* scenario.call : first
    ended(scenario, answer)
    yield* checkSteps(scenario, answer)
    assert.deepStrictEqual(yield* scenario.holds, held, scenario.name)
  })

interface Turn {
  readonly scenario: Scenario
  readonly operation: string
  readonly before: unknown
  readonly held: unknown
}

const faulted = (fault: Kind) => (turns: ReadonlyArray<Turn>) =>
  Effect.gen(function*() {
    const sandbox = yield* Sandbox.Sandbox
    yield* sandbox.faults.add(...turns.map(({ operation }): Faults.Fault => ({ ...fault, operation })))
    const outcomes = yield* Effect.forEach(
      turns,
      (turn) => Effect.map(Effect.either(turn.scenario.call), (outcome) => ({ ...turn, outcome })),
      { concurrency: "unbounded" }
    )
    yield* Effect.forEach(outcomes, (one) => truthful(one, one.outcome))
    yield* sandbox.faults.clear
  })

const pause = (millis: number) => Effect.promise(() => new Promise((done) => setTimeout(done, millis)))

/** The write is carried out and answered; nothing that is sent after it is. */
const lastOfAll = (turns: ReadonlyArray<Turn>) =>
  Effect.forEach(turns, (turn) =>
    Effect.gen(function*() {
      const { operation, scenario } = turn
      const sandbox = yield* Sandbox.Sandbox
      const arrivals = Effect.map(sandbox.requests, (all) => all.filter((one) => one.operation === operation).length)
      const earlier = yield* arrivals
      yield* sandbox.faults.add({ kind: "delay", millis: 50, operation })
      const breaking = Effect.repeat(Effect.zipRight(pause(5), arrivals), { until: (count) => count > earlier }).pipe(
        Effect.zipRight(sandbox.faults.add({ kind: "status", status: 500, operation: "*" }))
      )
      const breaker = yield* Effect.fork(breaking)
      const outcome = yield* Effect.either(scenario.call)
      yield* Fiber.interrupt(breaker)
      yield* sandbox.faults.clear
      yield* truthful(turn, outcome)
    }))

const tries: ReadonlyArray<
  readonly [string, (turns: ReadonlyArray<Turn>) => Effect.Effect<unknown, unknown, WorkflowStack.Services>]
> = [
  ...faults.map(([what, fault]) => [what, faulted(fault)] as const),
  ["is the last that is answered", lastOfAll]
]

/**
 * Registers the truth tests of scenarios that have nothing to do with each other, and so share a sandbox: one for the
 * whole way, then one for each fault at the first write of each, at the second, and so on.
 */
export const together = (name: string, scenarios: ReadonlyArray<Told>, options: WorkflowStack.Options = {}) =>
  describe(name, () => {
    let wholeHeld: Promise<ReadonlyArray<unknown>> | undefined
    const whole = Effect.promise(() =>
      wholeHeld ??= Effect.runPromise(inFreshSandbox(options, scenarios, wholeWay(scenarios)))
    )

    it.live("makes the writes that are tried below, once, and the same call again makes none", () => whole, 60_000)

    const rounds = Math.max(...scenarios.map(({ writes }) => writes.length))
    for (let round = 0; round < rounds; round++) {
      const taking = scenarios.flatMap((scenario, index) => {
        const operation = scenario.writes[round]
        return operation === undefined ? [] : [{ scenario, operation, index }]
      })
      const [only] = taking
      const what = taking.length === 1 && only !== undefined ? only.operation : `write ${round + 1} of each`
      for (const [fate, attempt] of tries) {
        it.live(`${what} ${fate}: nothing untrue, and the next call completes it`, () =>
          Effect.gen(function*() {
            const held = yield* whole
            yield* inFreshSandbox(
              fate === late ? { ...options, config: { requestTimeout: impatient } } : options,
              taking.map(({ scenario }) => scenario),
              Effect.gen(function*() {
                const turns = yield* Effect.forEach(
                  taking,
                  (one) => Effect.map(one.scenario.holds, (before): Turn => ({ ...one, before, held: held[one.index] }))
                )
                yield* attempt(turns)
                yield* settled
                yield* Effect.forEach(taking, ({ index, scenario }) => complete(scenario, held[index]))
              })
            )
          }), 60_000)
      }
    }
  })

/** Registers the truth tests of one scenario. */
export const tell = (scenario: Scenario, writes: ReadonlyArray<string>) =>
  together(scenario.name, [{ ...scenario, writes }])
