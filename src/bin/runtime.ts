/**
 * Everything that a call needs, chosen for the command: settings from the environment, state on disk, HTTP through the
 * proxy that the environment names, logs to stderr; or all of it around a local sandbox.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Cause from "effect/Cause"
import type * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Option from "effect/Option"
import { Agent, EnvHttpProxyAgent } from "undici"
import * as AuditLog from "../audit/AuditLog.js"
import * as HabuClient from "../habu/HabuClient.js"
import * as HabuConfig from "../habu/HabuConfig.js"
import { ConfigurationInvalid, StateUnavailable } from "../habu/HabuError.js"
import { ReadOnly } from "../habu/ReadOnly.js"
import * as Text from "../habu/Text.js"
import type { WriteObserver } from "../habu/WriteObserver.js"
import * as Answers from "../mcp/Answers.js"
import * as Calls from "../mcp/Calls.js"
import * as Completions from "../mcp/Completions.js"
import { Documentation } from "../mcp/Documentation.js"
import * as HostLog from "../mcp/HostLog.js"
import * as Resources from "../mcp/Resources.js"
import type { Loaded } from "../mcp/StdioServer.js"
import * as Engine from "../results/Engine.js"
import * as RunFollower from "../runs/RunFollower.js"
import * as Memory from "../state/Memory.js"
import * as StateConfig from "../state/StateConfig.js"
import type { StateError } from "../state/StateError.js"
import type { StateStore } from "../state/StateStore.js"
import { About } from "../workflows/About.js"
import type { Reply } from "../workflows/Asker.js"
import * as Confirmation from "../workflows/Confirmation.js"
import * as CredentialReference from "../workflows/data/CredentialReference.js"
import * as Services from "../workflows/Services.js"
import * as audit from "./audit.js"
import * as documentation from "./documentation.js"
import { logging, type Logs } from "./logging.js"
import * as telemetry from "./telemetry.js"

/** What the command line says. */
export interface Options {
  readonly sandbox: boolean
  readonly logs: Logs
  readonly version: string
  readonly build: string
  /** The names of the tools that are offered. */
  readonly offered: ReadonlySet<string>
  readonly readOnly: boolean
  readonly allow: Confirmation.Options
  /** Where notices for a person go, beside stderr. */
  readonly tell?: ((notice: HostLog.Notice) => void) | undefined
}

// One agent keeps connections alive. A Habu on this machine is never asked for through a proxy.
const dispatcher = Layer.scoped(
  NodeHttpClient.Dispatcher,
  Effect.flatMap(HabuConfig.HabuConfig, ({ concurrency, local }) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const options = { connections: concurrency, keepAliveTimeout: 60_000, allowH2: false }
        return local ? new Agent(options) : new EnvHttpProxyAgent(options)
      }),
      (agent) => Effect.promise(() => agent.destroy())
    ))
)

const http = Layer.provide(NodeHttpClient.layerUndiciWithoutDispatcher, dispatcher)

const settingRefused = (setting: string) => (error: ConfigError.ConfigError) =>
  new ConfigurationInvalid({
    setting,
    problem: `cannot be used (${Text.clean(error.message, 300)})`,
    advice: "The README lists what it may be; correct it, or leave it unset."
  })

const stateFailed = (error: StateError | ConfigError.ConfigError) =>
  error._tag === "StateError"
    ? new StateUnavailable({ operation: "start", problem: error.message })
    : settingRefused("HABU_STATE")(error)

const live = Layer.mapError(audit.layerConfig, settingRefused("HABU_AUDIT")).pipe(
  Layer.provideMerge(HabuConfig.layerConfig),
  Layer.merge(Layer.mapError(StateConfig.layerConfig, stateFailed)),
  Layer.provide(NodeFileSystem.layer)
)

const notListening = () =>
  new ConfigurationInvalid({
    setting: "--sandbox",
    problem: "could not listen on 127.0.0.1",
    advice: "Check that programs may open ports on this machine."
  })

const sandbox = Layer.unwrapEffect(
  Effect.map(Effect.promise(() => import("../sandbox/Sandbox.js")), (Sandbox) =>
    Layer.unwrapEffect(
      Effect.map(Sandbox.Sandbox, ({ clientId, clientSecret, clock, url }) =>
        HabuConfig.layer({ apiUrl: url, clientId, clientSecret, sandboxSpeed: clock.speed }))
    ).pipe(
      Layer.provide(Layer.mapError(Sandbox.layer(), notListening)),
      Layer.merge(Memory.layer),
      Layer.merge(AuditLog.layerMemory("sandbox"))
    ))
)

const settings = (isSandbox: boolean): Layer.Layer<
  AuditLog.AuditLog | HabuConfig.HabuConfig | StateStore | WriteObserver,
  ConfigurationInvalid | StateUnavailable
> => isSandbox ? sandbox : live

// With the first call, and not before anyone asks: a look may need one of the day's two access tokens.
const takingUp = Layer.scopedDiscard(
  Effect.flatMap(RunFollower.RunFollower, ({ takeUp }) => Effect.forkScoped(takeUp))
)

const services = ({ allow, sandbox: isSandbox }: Options) =>
  Layer.mergeAll(takingUp, telemetry.budgets, Confirmation.layer(allow), Engine.layer()).pipe(
    Layer.provideMerge(Services.layer),
    Layer.provideMerge(HabuClient.layerDefault()),
    Layer.provideMerge(http),
    Layer.provideMerge(settings(isSandbox))
  )

const secrets = Layer.provide(CredentialReference.layer, [NodeFileSystem.layer, NodePath.layer])

const app = (options: Options) =>
  Layer.mergeAll(
    services(options),
    secrets,
    Layer.succeed(About, { version: options.version, build: options.build }),
    Layer.succeed(ReadOnly, options.readOnly),
    Layer.succeed(Documentation, documentation.pages)
  ).pipe(
    Layer.provideMerge(telemetry.layer(options.logs, options.version)),
    Layer.provideMerge(logging(options.logs)),
    Layer.provideMerge(options.tell === undefined ? Layer.empty : Logger.add(HostLog.make(options.tell)))
  )

/** Makes the runtime; it is built with the first call. */
export const load = (options: Options): Loaded => {
  const runtime = ManagedRuntime.make(app(options))
  // Only the making of the runtime can fail with an error: a setting that cannot be right, or the state store.
  const failureOf = (doing: string, cause: Cause.Cause<ConfigurationInvalid | StateUnavailable>) =>
    Option.match(Cause.failureOption(cause), {
      onSome: (error) => Answers.failureOf(error, options.sandbox),
      onNone: () => Answers.defectOf(doing, options.sandbox)
    })
  return {
    call: async (name, given, { ask, onProgress, signal }) => {
      const call = Calls.call(name, given, {
        offered: options.offered,
        onProgress: (step) => Effect.ignore(Effect.tryPromise(() => onProgress(step))),
        // A host that fails to ask has not asked.
        ask: ask &&
          ((question) =>
            Effect.orElseSucceed(Effect.tryPromise(() => ask(question)), (): Reply => ({ _tag: "Unanswered" })))
      })
      const exit = await runtime.runPromiseExit(call, { signal })
      if (Exit.isSuccess(exit)) return exit.value
      return Answers.fromFailure(failureOf(name, exit.cause))
    },
    read: async (uri, signal) => {
      const exit = await runtime.runPromiseExit(Resources.read(uri), { signal })
      return Exit.isSuccess(exit) ? exit.value : { _tag: "Unread", failure: failureOf(`Reading ${uri}`, exit.cause) }
    },
    complete: async (argument, typed, others, signal) => {
      const exit = await runtime.runPromiseExit(Completions.complete(argument, typed, others), { signal })
      return Exit.getOrElse(exit, () => [])
    },
    follow: async (uri, changed, signal) => {
      const told = Effect.ignore(Effect.tryPromise(changed))
      await runtime.runPromiseExit(Resources.follow(uri, told), { signal })
    },
    close: () => runtime.dispose()
  }
}
