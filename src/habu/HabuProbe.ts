/**
 * Whether Habu answers at all: one request that needs no token and spends no limit (operation `getHealth`).
 *
 * Any HTTP answer counts: the path answered 404 in 2025 and 200 in 2026 (seen live), and both mean that Habu is there.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as HabuConfigModule from "./HabuConfig.js"
import { HabuConfig } from "./HabuConfig.js"
import type { AnswerUnreadable, Unavailable } from "./HabuError.js"
import * as channel from "./internal/channel.js"
import * as failures from "./internal/failures.js"
import * as telemetry from "./internal/telemetry.js"

/**
 * What Habu's health endpoint answered, and how fast.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reached {
  readonly status: number
  readonly millis: number
  readonly requestId?: string
}

/**
 * Asks Habu whether it is there.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  readonly reach: Effect.Effect<Reached, Unavailable | AnswerUnreadable>
}

/**
 * The probe, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class HabuProbe extends Context.Tag("habu-mcp/habu/HabuProbe")<HabuProbe, Service>() {}

const operation = "getHealth"

/**
 * Makes a probe.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.gen(function*() {
  const config = yield* HabuConfig
  const http = channel.make(yield* HttpClient.HttpClient)
  return HabuProbe.of({
    reach: Effect.gen(function*() {
      const startedAt = yield* Clock.currentTimeMillis
      const response = yield* Effect.mapError(
        http.get(`${config.apiUrl}/health`),
        (error) => failures.fromClientError(operation, error)
      )
      const now = yield* Clock.currentTimeMillis
      const about = failures.requestIdOf(response)
      yield* telemetry.answered(response.status, about.requestId)
      return { status: response.status, millis: now - startedAt, ...about }
    }).pipe(
      Effect.scoped,
      Effect.timeoutFail({ duration: "10 seconds", onTimeout: failures.timedOut(operation) }),
      Effect.withSpan("HabuProbe.reach")
    )
  })
})

/**
 * Provides a probe of the configured Habu.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<HabuProbe, never, HabuConfig | HttpClient.HttpClient> = Layer.effect(HabuProbe, make)

/**
 * Provides a probe of the Habu that the environment names.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = Layer.provide(layer, HabuConfigModule.layerConfig)
