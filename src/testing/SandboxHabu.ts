/**
 * The sandbox as everything that lies below the client: an organisation to sign in to, the HTTP client that reaches it in
 * this process, and a state store in memory. No socket is opened.
 *
 * @since 0.1.0
 */
import type * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as HabuConfig from "../habu/HabuConfig.js"
import * as Sandbox from "../sandbox/Sandbox.js"
import * as Memory from "../state/Memory.js"
import type { StateStore } from "../state/StateStore.js"

/**
 * How the sandbox is made. Without `speed` its time is that of the test: `TestClock.adjust("30 minutes")` lets half an
 * hour pass there too. With `speed` it is real time, so many times faster. `rows` is 500 unless given.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Omit<Sandbox.Options, "clock" | "port"> {
  /** Settings of the client, such as `requestTimeout`. */
  readonly config?: Omit<Partial<HabuConfig.Options>, "apiUrl" | "clientId" | "clientSecret" | "sandboxSpeed">
}

const settings = (config: Options["config"]) =>
  Layer.unwrapEffect(
    Effect.map(Sandbox.Sandbox, ({ clientId, clientSecret, clock, url }) =>
      HabuConfig.layer({ ...config, apiUrl: url, clientId, clientSecret, sandboxSpeed: clock.speed }))
  )

/**
 * Provides it; `HabuClient.layerDefault()` stands on it as it does on Habu itself.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  { config, ...options }: Options = {}
): Layer.Layer<HabuConfig.HabuConfig | HttpClient.HttpClient | Sandbox.Sandbox | StateStore> =>
  Layer.orDie(settings(config)).pipe(
    Layer.provideMerge(
      Layer.merge(
        Memory.layer,
        Sandbox.layerInProcess({ rows: 500, ...(options.speed === undefined && { clock: "effect" }), ...options })
      )
    )
  )
