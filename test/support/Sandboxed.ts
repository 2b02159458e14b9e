/**
 * The services of the workflows over a sandbox of the test's own.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Memory from "../../src/state/Memory.js"
import * as Survey from "../../src/workflows/Survey.js"
import * as WatchList from "../../src/workflows/WatchList.js"

const config = Layer.unwrapEffect(Effect.map(
  Sandbox.Sandbox,
  ({ clientId, clientSecret, clock, url }) =>
    HabuConfig.layer({ apiUrl: url, clientId, clientSecret, sandboxSpeed: clock.speed })
))

/** What a process of ours holds: nothing of it is shared with another. */
export const ofProcess = Layer.mergeAll(Survey.layer, WatchList.layer).pipe(
  Layer.provideMerge(HabuDirectory.layer),
  Layer.provideMerge(HabuClient.layerDefault())
)

export const world = (options: Sandbox.Options = {}) =>
  config.pipe(
    Layer.provideMerge(Layer.mergeAll(Memory.layer, FetchHttpClient.layer, Sandbox.layer({ rows: 500, ...options }))),
    Layer.provideMerge(Logger.minimumLogLevel(LogLevel.None))
  )

export const stack = (options: Sandbox.Options = {}) => Layer.provideMerge(ofProcess, world(options))
