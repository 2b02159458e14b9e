/**
 * A model of Habu and a store, and as many processes of ours over them as a test wants.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { HabuBudget } from "../../src/habu/HabuBudget.js"
import { HabuClient } from "../../src/habu/HabuClient.js"
import { RunFollower } from "../../src/runs/RunFollower.js"
import { type Order, RunLedger } from "../../src/runs/RunLedger.js"
import * as Memory from "../../src/state/Memory.js"
import type { StateBackend } from "../../src/state/StateBackend.js"
import { StateError } from "../../src/state/StateError.js"
import * as ModelHabu from "./ModelHabu.js"
import * as Process from "./Process.js"

export const subject = {
  _tag: "Question",
  questionId: ModelHabu.question,
  parameters: { days: "7", region: "EU" }
} as const

export const order: Order = { subject, title: "Weekly reach", cleanRoom: "Demo" }

/** What is different about an order, the values of its question at hand. */
export interface Change extends Partial<Order> {
  readonly parameters?: { readonly [name: string]: string }
}

export const orderOf = ({ parameters, ...change }: Change = {}): Order => ({
  ...order,
  ...(parameters !== undefined && { subject: { ...subject, parameters } }),
  ...change
})

export const questionPlace = { _tag: "QuestionPlace", questionId: ModelHabu.question } as const
export const flowPlace = { _tag: "FlowPlace", cleanRoomId: ModelHabu.cleanRoom, flowId: ModelHabu.flow } as const

const ofFlow = { cleanRoomId: ModelHabu.cleanRoom, flowId: ModelHabu.flow }

export const flowOrder: Order = {
  subject: {
    _tag: "Flow",
    ...ofFlow,
    request: { nodes: [{ nodeIdentifier: "node-1", parameters: { days: "7" } }] }
  },
  title: "Monthly flow",
  cleanRoom: "Demo"
}

export const replayOrder = (runId: string): Order => ({
  ...flowOrder,
  subject: { _tag: "Replay", ...ofFlow, runId, request: { startLevelID: "1" } }
})

export const resumeOrder = (runId: string, level = ModelHabu.pausedFirstAt): Order => ({
  ...flowOrder,
  subject: { _tag: "Resume", ...ofFlow, runId, level, request: {} }
})

export type Operation = "read" | "modify"

/** What happens around an operation of the store. */
export interface Trouble {
  readonly before?: Effect.Effect<void, StateError>
  readonly after?: Effect.Effect<void, StateError>
}

export const fails: Effect.Effect<never, StateError> = Effect.fail(
  new StateError({ reason: "unavailable", message: "The store does not answer." })
)

/** A store that works until a test makes trouble. */
const troubled = Effect.map(Memory.make, (memory) => {
  const around = <A>(operation: Operation, key: string, work: Effect.Effect<A, StateError>) =>
    Effect.suspend(() => {
      const { after = Effect.void, before = Effect.void } = backend.trouble(operation, key)
      return before.pipe(Effect.zipRight(work), Effect.zipLeft(after))
    })
  const backend: StateBackend & { trouble: (operation: Operation, key: string) => Trouble } = {
    ...memory,
    trouble: () => ({}),
    read: (key) => around("read", key, memory.read(key)),
    modify: (key, f) => around("modify", key, memory.modify(key, f))
  }
  return backend
})

export const make = Effect.gen(function*() {
  // Not at the epoch, so that a time that is missing shows.
  yield* TestClock.setTime(Date.UTC(2026, 0, 5))
  const habu = ModelHabu.make(yield* Effect.clock)
  const backend = yield* troubled
  const process = (options: Partial<Process.Options> = {}) =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      yield* Effect.addFinalizer(() => Scope.close(scope, Exit.void))
      const services = yield* Effect.provideService(
        Process.start({ client: habu.client, backend, ...options }),
        Scope.Scope,
        scope
      )
      return {
        ledger: Context.get(services, RunLedger),
        follower: Context.get(services, RunFollower),
        client: Context.get(services, HabuClient),
        budget: Context.get(services, HabuBudget),
        /** Ends it in the middle of whatever it does. */
        end: Scope.close(scope, Exit.void)
      }
    })
  return { habu, backend, process }
})

export type World = Effect.Effect.Success<typeof make>
