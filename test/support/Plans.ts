/**
 * What a plan needs, without a Habu: settings, a store in memory, and a decider.
 */
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuState from "../../src/habu/HabuState.js"
import * as Memory from "../../src/state/Memory.js"
import * as Confirmation from "../../src/workflows/Confirmation.js"
import { clientId, clientSecret } from "./Client.js"

export const layer = (options?: Confirmation.Options) =>
  Confirmation.layer(options).pipe(
    Layer.provideMerge(HabuState.layer),
    Layer.provideMerge(HabuConfig.layer({ clientId, clientSecret: Redacted.make(clientSecret) })),
    Layer.provide(Memory.layer)
  )
