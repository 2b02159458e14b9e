/**
 * A process of ours: the ledger and the follower over the real client, with memory of their own and state that is shared.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as HabuAuth from "../../src/habu/HabuAuth.js"
import * as HabuBreaker from "../../src/habu/HabuBreaker.js"
import * as HabuBudget from "../../src/habu/HabuBudget.js"
import * as HabuCache from "../../src/habu/HabuCache.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuState from "../../src/habu/HabuState.js"
import * as RunFollower from "../../src/runs/RunFollower.js"
import * as RunLedger from "../../src/runs/RunLedger.js"
import type { StateBackend } from "../../src/state/StateBackend.js"
import * as StateStore from "../../src/state/StateStore.js"

export interface Options {
  readonly client: HttpClient.HttpClient
  readonly backend: StateBackend
  /** How long it takes to get an access token. */
  readonly token?: Effect.Effect<void>
  readonly speed?: number
  readonly settling?: RunLedger.Options
}

// Getting a token is HabuAuth's own matter; here it only takes its time.
const auth = (wait: Effect.Effect<void>) =>
  Layer.succeed(HabuAuth.HabuAuth, {
    accessToken: Effect.as(wait, Redacted.make("token")),
    refused: () => Effect.succeedNone,
    claims: Effect.succeed({ scopes: [], expiresAt: undefined })
  })

export const layer = ({ backend, client, settling, speed, token = Effect.void }: Options) =>
  RunFollower.layer.pipe(
    Layer.provideMerge(RunLedger.layer(settling)),
    Layer.provideMerge(HabuClient.layer()),
    Layer.provideMerge(Layer.mergeAll(auth(token), HabuBudget.layer, HabuBreaker.layer(), HabuCache.layer())),
    Layer.provideMerge(HabuState.layer),
    Layer.provideMerge(Layer.mergeAll(
      HabuConfig.layer({
        clientId: "client",
        clientSecret: Redacted.make("secret"),
        ...(speed !== undefined && { apiUrl: "http://127.0.0.1:1", sandboxSpeed: speed })
      }),
      StateStore.layer(Effect.succeed(backend)),
      Layer.succeed(HttpClient.HttpClient, client)
    ))
  )

/** Starts a process; it ends with the scope. */
export const start = (options: Options) => Layer.build(Layer.fresh(layer(options)))
