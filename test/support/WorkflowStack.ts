/**
 * Everything a workflow needs, over a sandbox of its own and real HTTP.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Schedule from "effect/Schedule"
import * as AuditLog from "../../src/audit/AuditLog.js"
import * as HabuAuth from "../../src/habu/HabuAuth.js"
import * as HabuBreaker from "../../src/habu/HabuBreaker.js"
import * as HabuBudget from "../../src/habu/HabuBudget.js"
import * as HabuCache from "../../src/habu/HabuCache.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import { type HabuError, isTransient } from "../../src/habu/HabuError.js"
import * as HabuState from "../../src/habu/HabuState.js"
import * as Operations from "../../src/habu/Operations.js"
import { RetryPolicy } from "../../src/habu/RetryPolicy.js"
import * as Engine from "../../src/results/Engine.js"
import * as RunFollower from "../../src/runs/RunFollower.js"
import * as RunLedger from "../../src/runs/RunLedger.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Memory from "../../src/state/Memory.js"
import * as Confirmation from "../../src/workflows/Confirmation.js"
import * as CredentialReference from "../../src/workflows/data/CredentialReference.js"
import * as Survey from "../../src/workflows/Survey.js"
import * as WatchList from "../../src/workflows/WatchList.js"

/** An hour of Habu's in a second: its settling time of five minutes takes 83 ms. */
export const speed = 3600

export interface Options {
  readonly sandbox?: Sandbox.Options
  /** Every change is agreed to, unless the usual decider (codes) is asked for. */
  readonly confirmation?: Confirmation.Options
  readonly config?: Partial<HabuConfig.Options>
  readonly client?: HabuClient.Options
}

// Faults are played on purpose here, and often: the breaker has tests of its own.
const neverOpen = HabuBreaker.layer({ failures: 1_000, pause: "1 seconds" })

// As often as usual, without the waits between.
const impatient = Layer.succeed(
  RetryPolicy,
  Schedule.intersect(Schedule.recurs(2), Schedule.identity<HabuError>()).pipe(Schedule.whileInput(isTransient))
)

export const layer = ({ client, config, confirmation, sandbox }: Options = {}) => {
  const decider = confirmation === undefined
    ? Confirmation.layerPolicy(() => Effect.succeed({ _tag: "Granted" }))
    : Confirmation.layer(confirmation)
  const settings = Layer.unwrapEffect(Effect.map(
    Sandbox.Sandbox,
    ({ clientId, clientSecret, url }) =>
      HabuConfig.layer({ apiUrl: url, clientId, clientSecret, sandboxSpeed: sandbox?.speed ?? speed, ...config })
  ))
  const secrets = Layer.provide(CredentialReference.layer, [NodeFileSystem.layer, NodePath.layer])
  return Layer.mergeAll(
    Survey.layer,
    RunFollower.layer,
    WatchList.layer,
    decider,
    secrets,
    impatient,
    Engine.layer()
  ).pipe(
    Layer.provideMerge(HabuDirectory.layer),
    Layer.provideMerge(RunLedger.layer()),
    Layer.provideMerge(HabuClient.layer(client)),
    Layer.provideMerge(Layer.mergeAll(HabuAuth.layer, HabuCache.layer(), neverOpen)),
    Layer.provideMerge(HabuBudget.layer),
    Layer.provideMerge(HabuState.layer),
    Layer.provideMerge(settings),
    Layer.provideMerge(Layer.mergeAll(Memory.layer, FetchHttpClient.layer, AuditLog.layerMemory("test"))),
    Layer.provideMerge(Sandbox.layer({ rows: 300, speed, ...sandbox })),
    Layer.provide(Logger.minimumLogLevel(LogLevel.None))
  )
}

export type Services = Layer.Layer.Success<ReturnType<typeof layer>>

// Some lists are asked for with a POST.
const isRead = (operation: string) => Operations.all.get(operation)?.effect === "read"

/** The operation ids of what was sent that may have changed something, in order. */
export const writes = Effect.flatMap(
  Sandbox.Sandbox,
  ({ requests }) =>
    Effect.map(
      requests,
      (all) => all.flatMap(({ operation = "token" }) => operation === "token" || isRead(operation) ? [] : [operation])
    )
)

/** The operation ids of the writes that an effect sent. */
export const writesOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const before = (yield* writes).length
    const value = yield* effect
    return [value, (yield* writes).slice(before)] as const
  })

/** How a call fails while Habu answers nothing but 503. */
export const inOutage = <A, E, R>(call: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const { faults } = yield* Sandbox.Sandbox
    yield* faults.add({ operation: "*", kind: "status", status: 503 })
    return yield* Effect.ensuring(Effect.flip(call), faults.clear)
  })
