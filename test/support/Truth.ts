/**
 * The truth test of a workflow that writes: for every fault at every write, its answer never says done for what the
 * sandbox does not hold, never denies what it does, and calling again completes the work without doubling any of it.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { ParseError } from "effect/ParseResult"
import type { Fault } from "../../src/sandbox/Faults.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import type { Step } from "../../src/workflows/Plan.js"
import * as Reading from "../../src/workflows/Reading.js"
import type { WorkflowError } from "../../src/workflows/Workflow.js"
import * as WorkflowStack from "./WorkflowStack.js"

interface Answer {
  readonly status: string
  readonly steps?: ReadonlyArray<Step>
}

export interface Scenario {
  readonly name: string
  readonly options?: WorkflowStack.Options
  /** What must be there before the call, such as an accepted partner. */
  readonly before?: Effect.Effect<unknown, unknown, WorkflowStack.Services>
  readonly call: Effect.Effect<Answer, WorkflowError | ParseError, WorkflowStack.Services>
  /** What the sandbox holds of the work, to compare whole: counts and values without ids and times. */
  readonly holds: Effect.Effect<unknown, unknown, WorkflowStack.Services>
  /** Whether the sandbox holds what a step says; undefined for steps that are no writes. */
  readonly holdsStep: (step: string) => Effect.Effect<boolean | undefined, unknown, WorkflowStack.Services>
  /** The status that the finished work ends with; done unless given. */
  readonly ends?: string
}

const faults: ReadonlyArray<readonly [string, Omit<Fault, "operation" | "count">]> = [
  ["fails with 500", { kind: "status", status: 500 }],
  ["is forbidden", { kind: "status", status: 403 }],
  ["loses its answer", { kind: "lost" }],
  ["is answered with garbage", { kind: "malformed" }],
  ["is carried out late", { kind: "late", millis: 60_000 }]
] as ReadonlyArray<readonly [string, Omit<Fault, "operation" | "count">]>

// Twice the settling time, in the sandbox's time: by then everything was carried out or never will be.
const settled = Effect.promise(() => new Promise((done) => setTimeout(done, (2 * 300_000) / WorkflowStack.speed + 40)))

const inFreshSandbox = <A, E>(scenario: Scenario, body: Effect.Effect<A, E, WorkflowStack.Services>) =>
  body.pipe(
    (prepared) =>
      scenario.before === undefined
        ? prepared
        : Effect.zipRight(Effect.zipRight(scenario.before, Reading.anew), prepared),
    Effect.provide(
      Layer.fresh(
        WorkflowStack.layer({
          ...scenario.options,
          config: { requestTimeout: "1 seconds", ...scenario.options?.config }
        })
      )
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

/** Registers the truth tests of a scenario: one for the whole way, one for each fault at each kind of write. */
export const tell = (scenario: Scenario, writes: ReadonlyArray<string>) =>
  describe(scenario.name, () => {
    it.live("makes the writes that are tried below, once, and the same call again makes none", () =>
      inFreshSandbox(
        scenario,
        Effect.gen(function*() {
          const [answer, made] = yield* WorkflowStack.writesOf(scenario.call)
          assert.strictEqual(answer.status, scenario.ends ?? "done", JSON.stringify(answer))
          assert.deepStrictEqual([...new Set(made)].sort(), [...writes].sort())
          yield* checkSteps(scenario, answer)
          const [again, madeAgain] = yield* WorkflowStack.writesOf(scenario.call)
          assert.strictEqual(again.status, scenario.ends ?? "done")
          assert.deepStrictEqual(madeAgain, [])
        })
      ))

    let wholeHeld: Promise<unknown> | undefined
    const whole = Effect.promise(() =>
      wholeHeld ??= Effect.runPromise(
        inFreshSandbox(scenario, Effect.zipRight(scenario.call, scenario.holds))
      )
    )

    for (const operation of writes) {
      for (const [what, fault] of faults) {
        it.live(`${operation} ${what}: nothing untrue, and the next call completes it`, () =>
          Effect.gen(function*() {
            const held = yield* whole
            yield* inFreshSandbox(
              scenario,
              Effect.gen(function*() {
                const sandbox = yield* Sandbox.Sandbox
                // A write that may be repeated is, so the fault must outlast the attempts of one call.
                yield* sandbox.faults.add({ ...fault, operation, count: 8 } as Fault)
                const first = yield* Effect.either(scenario.call)
                if (first._tag === "Right") yield* checkSteps(scenario, first.right)
                yield* sandbox.faults.clear
                yield* settled
                const second = yield* scenario.call
                assert.strictEqual(second.status, scenario.ends ?? "done", JSON.stringify(second))
                yield* checkSteps(scenario, second)
                assert.deepStrictEqual(yield* scenario.holds, held)
              })
            )
          }))
      }
    }
  })
