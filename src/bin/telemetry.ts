/**
 * Whether and where spans, metrics and logs are exported: by the OTEL_ variables of OpenTelemetry. Nothing of the exporter
 * is loaded without them, and nothing that is wrong with them stops a call.
 */
import * as Config from "effect/Config"
import type * as ConfigError from "effect/ConfigError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import { HabuBudget } from "../habu/HabuBudget.js"
import type { Logs } from "./logging.js"

const signals = ["traces", "metrics", "logs"] as const

export type Signal = (typeof signals)[number]

const protocols = ["http/protobuf", "http/json"] as const

type Protocol = (typeof protocols)[number]

/** Where each signal goes, and how; what is left out is not exported. */
export interface Settings {
  readonly endpoints: { readonly [signal in Signal]?: string }
  readonly headers: Redacted.Redacted<{ readonly [name: string]: string }>
  readonly protocol: Protocol
  readonly timeout: Duration.Duration
  readonly metricInterval: Duration.Duration
  readonly serviceName: string
}

const text = (name: string) => Config.withDefault(Config.string(name), "")

const milliseconds = (name: string, usual: number) =>
  Config.map(text(name), (given) => Duration.millis(Number(given) > 0 ? Number(given) : usual))

// `name=value,name=value`, each percent-encoded.
const pairs = (given: string) =>
  Object.fromEntries(
    given.split(",").flatMap((pair) => {
      const [name = "", ...rest] = pair.split("=")
      const value = rest.join("=").trim()
      const decoded = Option.getOrElse(Option.liftThrowable(decodeURIComponent)(value), () => value)
      return name.trim() === "" || /[\r\n]/.test(decoded) ? [] : [[name.trim(), decoded] as const]
    })
  )

const isAddress = (address: string) => URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)

const endpoint = (signal: Signal) =>
  Effect.gen(function*() {
    const upper = signal.toUpperCase()
    if ((yield* text(`OTEL_${upper}_EXPORTER`)).trim() === "none") return ""
    const own = yield* text(`OTEL_EXPORTER_OTLP_${upper}_ENDPOINT`)
    const base = yield* text("OTEL_EXPORTER_OTLP_ENDPOINT")
    return own !== "" || base === "" ? own : `${base.replace(/\/+$/, "")}/v1/${signal}`
  })

interface Asked {
  readonly settings?: Settings
  readonly problem?: string
}

/** The settings; none where nothing is to be exported, with the reason if something was asked for. */
export const settings: Effect.Effect<Asked> = Effect.gen(
  function*(): Effect.fn.Return<Asked, ConfigError.ConfigError> {
    if ((yield* text("OTEL_SDK_DISABLED")).trim().toLowerCase() === "true") return {}
    const found = yield* Effect.forEach(
      signals,
      (signal) => Effect.map(endpoint(signal), (at) => [signal, at] as const)
    )
    const asked = found.filter(([, address]) => address !== "")
    if (asked.length === 0) return {}
    if (!asked.every(([, address]) => isAddress(address))) {
      return { problem: "Nothing is exported: OTEL_EXPORTER_OTLP_ENDPOINT is no http or https address." }
    }
    const wanted = (yield* text("OTEL_EXPORTER_OTLP_PROTOCOL")) || protocols[0]
    const protocol = protocols.find((one) => one === wanted)
    if (protocol === undefined) {
      return { problem: `Nothing is exported: OTEL_EXPORTER_OTLP_PROTOCOL may be ${protocols.join(" or ")}.` }
    }
    const attributes = pairs(yield* text("OTEL_RESOURCE_ATTRIBUTES"))
    return {
      settings: {
        endpoints: Object.fromEntries(asked),
        headers: Redacted.make(pairs(yield* text("OTEL_EXPORTER_OTLP_HEADERS"))),
        protocol,
        timeout: yield* milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT", 10_000),
        metricInterval: yield* milliseconds("OTEL_METRIC_EXPORT_INTERVAL", 60_000),
        serviceName: (yield* text("OTEL_SERVICE_NAME")) || attributes["service.name"] || "habu-mcp"
      }
    }
  }
).pipe(Effect.orElseSucceed(() => ({ problem: "Nothing is exported: an OTEL_ variable cannot be read." })))

/** Exports what the environment asks for. */
export const layer = (logs: Logs, version: string) =>
  Layer.unwrapEffect(Effect.gen(function*() {
    const { problem, settings: asked } = yield* settings
    if (problem !== undefined) yield* Effect.logWarning(problem)
    if (asked === undefined) return Layer.empty
    const { layer } = yield* Effect.promise(() => import("./otlp.js"))
    return layer(asked, logs, version)
  }))

/** Reads the budgets as often as metrics are exported, since slots come free while nothing is called. */
export const budgets = Layer.unwrapEffect(
  Effect.map(
    settings,
    ({ settings: asked }) =>
      asked?.endpoints.metrics === undefined ? Layer.empty : Layer.scopedDiscard(
        Effect.flatMap(HabuBudget, ({ status }) =>
          Effect.forkScoped(
            Effect.repeat(Effect.withTracerEnabled(Effect.ignore(status), false), Schedule.spaced(asked.metricInterval))
          ))
      )
  )
)
