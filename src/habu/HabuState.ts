/**
 * The part of the state store that belongs to one organisation at one Habu.
 *
 * Its names lie under a hash of the base URL and the client id, so that organisations never share a token or a budget,
 * and neither do Habu and a sandbox.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import type * as State from "../state/StateStore.js"
import { StateStore } from "../state/StateStore.js"
import { sha256 } from "./Digest.js"
import { HabuConfig } from "./HabuConfig.js"

/**
 * The organisation's own part of the store, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class HabuState extends Context.Tag("habu-mcp/habu/HabuState")<HabuState, State.Service>() {}

/**
 * The mark of an organisation at a Habu: a hash of the base URL and the client id.
 *
 * @since 0.1.0
 * @category getters
 */
export const namespace: Effect.Effect<string, never, HabuConfig> = Effect.flatMap(HabuConfig, (config) => {
  const clientId = Either.match(config.credentials, { onLeft: () => "", onRight: (known) => known.clientId })
  return Effect.map(sha256(`${config.apiUrl}\n${clientId}`), (digest) => digest.slice(0, 32))
})

/**
 * Makes the organisation's part of the store.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.zipWith(StateStore, namespace, (store, name) => store.under(name))

/**
 * Provides the organisation's part of the store.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<HabuState, never, HabuConfig | StateStore> = Layer.effect(HabuState, make)
