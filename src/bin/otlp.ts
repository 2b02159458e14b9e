/** The exporter: spans, metrics and logs to an OpenTelemetry collector over HTTP. */
import * as OtlpLogger from "@effect/opentelemetry/OtlpLogger"
import * as OtlpMetrics from "@effect/opentelemetry/OtlpMetrics"
import * as OtlpSerialization from "@effect/opentelemetry/OtlpSerialization"
import * as OtlpTracer from "@effect/opentelemetry/OtlpTracer"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import { RequestError } from "@effect/platform/HttpClientError"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Ref from "effect/Ref"
import * as Tracer from "effect/Tracer"
import { Agent, EnvHttpProxyAgent } from "undici"
import { atLeast, type Logs } from "./logging.js"
import type { Settings, Signal } from "./telemetry.js"

const longestAnswer = 65_536
const timeToEnd = Duration.millis(500)

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

const agent = ({ endpoints }: Settings) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const options = { connections: 3, maxResponseSize: longestAnswer, allowH2: false }
      const isLocal = Object.values(endpoints).every((address) => loopback.test(new URL(address).hostname))
      return isLocal ? new Agent(options) : new EnvHttpProxyAgent(options)
    }),
    (agent) => Effect.promise(() => agent.destroy())
  )

// Trouble with the collector is said once, on stderr alone, until it answers again.
const http = (settings: Settings) =>
  Layer.effect(
    HttpClient.HttpClient,
    Effect.gen(function*() {
      const client = yield* HttpClient.HttpClient
      const isTold = yield* Ref.make(false)
      const missed = Effect.flatMap(Ref.getAndSet(isTold, true), (told) =>
        told
          ? Effect.void
          : Effect.logInfo("The OpenTelemetry collector cannot be reached or refuses; going on without."))
      return HttpClient.transform(client, (response, request) =>
        response.pipe(
          Effect.tap(({ text }) => Effect.ignore(text)),
          Effect.timeoutFail({
            duration: settings.timeout,
            onTimeout: () => new RequestError({ request, reason: "Transport", description: "no answer in time" })
          }),
          Effect.tap(({ status }) => status < 400 ? Ref.set(isTold, false) : missed),
          Effect.tapError(() => missed)
        ))
    })
  ).pipe(
    Layer.provide(NodeHttpClient.layerUndiciWithoutDispatcher),
    Layer.provide(Layer.scoped(NodeHttpClient.Dispatcher, agent(settings)))
  )

// Of what went wrong a span holds the code: the words may be anybody's, or quote a row.
const coded = (cause: Cause.Cause<unknown>): Cause.Cause<unknown> => {
  if (Cause.isInterruptedOnly(cause)) return cause
  const error = Option.getOrUndefined(Cause.failureOption(cause))
  const name = Predicate.hasProperty(error, "_tag") ? String(error._tag) : "Defect"
  const message = Predicate.hasProperty(error, "code") ? String(error.code) : name
  return Cause.fail({ name, message, toString: () => `${name}: ${message}` })
}

const onlyCodes = (tracer: Tracer.Tracer): Tracer.Tracer => ({
  ...tracer,
  span: (...made) => {
    const span = tracer.span(...made)
    const end = span.end.bind(span)
    span.end = (time, exit) => end(time, Exit.mapErrorCause(exit, coded))
    return span
  }
})

/** Exports by the settings, logs as they go to stderr. */
export const layer = (settings: Settings, logs: Logs, version: string) => {
  const common = {
    headers: Redacted.value(settings.headers),
    resource: {
      serviceName: settings.serviceName,
      serviceVersion: version,
      attributes: { "service.instance.id": crypto.randomUUID() }
    },
    shutdownTimeout: timeToEnd
  }
  const to = <A>(signal: Signal, f: (options: typeof common & { readonly url: string }) => A) => {
    const url = settings.endpoints[signal]
    return url === undefined ? Layer.empty : f({ ...common, url })
  }
  return Layer.mergeAll(
    to(
      "traces",
      (options) =>
        Layer.unwrapScoped(Effect.map(OtlpTracer.make(options), (tracer) => Layer.setTracer(onlyCodes(tracer))))
    ),
    to("metrics", (options) => OtlpMetrics.layer({ ...options, exportInterval: settings.metricInterval })),
    to("logs", (options) => Logger.addScoped(Effect.map(OtlpLogger.make(options), (logger) => atLeast(logs, logger))))
  ).pipe(
    Layer.provide(http(settings)),
    Layer.provide(settings.protocol === "http/json" ? OtlpSerialization.layerJson : OtlpSerialization.layerProtobuf),
    Layer.catchAllCause(() => Layer.empty)
  )
}
