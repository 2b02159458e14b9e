/**
 * What workflows stand on beside the client: names, runs, surveys and what is watched.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Layer from "effect/Layer"
import type { HabuCache } from "../habu/HabuCache.js"
import type { HabuClient } from "../habu/HabuClient.js"
import type { HabuConfig } from "../habu/HabuConfig.js"
import * as HabuDirectory from "../habu/HabuDirectory.js"
import * as HabuProbe from "../habu/HabuProbe.js"
import type { HabuState } from "../habu/HabuState.js"
import * as RunFollower from "../runs/RunFollower.js"
import * as RunLedger from "../runs/RunLedger.js"
import * as Survey from "./Survey.js"
import * as WatchList from "./WatchList.js"

/**
 * The services that the layer provides.
 *
 * @since 0.1.0
 * @category models
 */
export type Services =
  | HabuDirectory.HabuDirectory
  | HabuProbe.HabuProbe
  | RunFollower.RunFollower
  | RunLedger.RunLedger
  | Survey.Survey
  | WatchList.WatchList

/**
 * Provides all services of the workflows over the client and its parts, but for those that an embedder has to decide on:
 * who agrees to changes (`Confirmation`), where secrets come from (`CredentialReference`), where the audit log lies
 * (`AuditLog`), and what computes on results (`Results`).
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<
  Services,
  never,
  HabuCache | HabuClient | HabuConfig | HabuState | HttpClient.HttpClient
> = Layer.mergeAll(Survey.layer, WatchList.layer, RunFollower.layer, HabuProbe.layer).pipe(
  Layer.provideMerge(Layer.merge(HabuDirectory.layer, RunLedger.layer()))
)
