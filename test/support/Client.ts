/**
 * The client's layers over a Habu of the test's own.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as HabuAuth from "../../src/habu/HabuAuth.js"
import * as HabuBudget from "../../src/habu/HabuBudget.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuState from "../../src/habu/HabuState.js"
import * as Memory from "../../src/state/Memory.js"
import type { StateBackend } from "../../src/state/StateBackend.js"
import * as StateStore from "../../src/state/StateStore.js"
import type { FakeHabu } from "./FakeHabu.js"

export const clientId = "0123456789abcdef0123456789abcdef"
export const clientSecret = "CANARYsecret".padEnd(64, "0")

export interface Options {
  readonly habu: FakeHabu
  /** A store of its own in memory, unless given. */
  readonly backend?: StateBackend
  readonly config?: Partial<HabuConfig.Options>
}

const base = ({ backend, config, habu }: Options) =>
  Layer.mergeAll(
    HabuConfig.layer({ clientId, clientSecret: Redacted.make(clientSecret), ...config }),
    StateStore.layer(backend === undefined ? Memory.make : Effect.succeed(backend)),
    Layer.succeed(HttpClient.HttpClient, habu.client)
  )

export const client = (options: Options) => Layer.provideMerge(HabuClient.layerDefault(), base(options))

export const auth = (options: Options) =>
  HabuAuth.layer.pipe(
    Layer.provideMerge(HabuBudget.layer),
    Layer.provideMerge(HabuState.layer),
    Layer.provideMerge(base(options))
  )

export const budget = (options: Omit<Options, "habu">) =>
  HabuBudget.layer.pipe(
    Layer.provideMerge(HabuState.layer),
    Layer.provideMerge(StateStore.layer(options.backend === undefined ? Memory.make : Effect.succeed(options.backend))),
    Layer.provide(HabuConfig.layer({ clientId, clientSecret: Redacted.make(clientSecret), ...options.config }))
  )

/** Another process over the same store and the same Habu: its own layers, its own memory. */
export const another = <R, E>(layer: Layer.Layer<R, E>) => Layer.build(Layer.fresh(layer))
