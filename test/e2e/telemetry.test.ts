import { describe, expect, it } from "@effect/vitest"
import * as Arr from "effect/Array"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Collector from "../support/Collector.js"
import * as Host from "./host.js"

const Attributes = Schema.Array(Schema.Struct({
  key: Schema.String,
  value: Schema.Record({ key: Schema.String, value: Schema.Unknown })
}))

const Traces = Schema.Struct({
  resourceSpans: Schema.Array(Schema.Struct({
    resource: Schema.Struct({ attributes: Attributes }),
    scopeSpans: Schema.Array(Schema.Struct({
      spans: Schema.Array(Schema.Struct({
        name: Schema.String,
        spanId: Schema.String,
        parentSpanId: Schema.optional(Schema.String),
        attributes: Attributes,
        events: Schema.Array(Schema.Unknown)
      }))
    }))
  }))
})

const Points = Schema.Struct({
  dataPoints: Schema.Array(Schema.Struct({
    attributes: Attributes,
    asDouble: Schema.optional(Schema.Number),
    count: Schema.optional(Schema.Number)
  }))
})

const Metrics = Schema.Struct({
  resourceMetrics: Schema.Array(Schema.Struct({
    scopeMetrics: Schema.Array(Schema.Struct({
      metrics: Schema.Array(Schema.Struct({
        name: Schema.String,
        unit: Schema.String,
        sum: Schema.optional(Points),
        gauge: Schema.optional(Points),
        histogram: Schema.optional(Points)
      }))
    }))
  }))
})

const plain = (attributes: typeof Attributes.Type): { readonly [key: string]: unknown } =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

const spansOf = (collector: Collector.Collector) =>
  collector.bodies("traces").flatMap((body) =>
    Schema.decodeUnknownSync(Traces)(body).resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({
          ...span,
          attributes: plain(span.attributes),
          service: plain(resource.attributes)["service.name"]
        }))
      )
    )
  )

// The last value of each series, under its name and labels.
const metricsOf = (collector: Collector.Collector) =>
  Object.fromEntries(
    Arr.takeRight(collector.bodies("metrics"), 1).flatMap((body) =>
      Schema.decodeUnknownSync(Metrics)(body).resourceMetrics.flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap(({ metrics }) =>
          metrics.flatMap(({ gauge, histogram, name, sum, unit }) =>
            [sum, gauge, histogram].flatMap((points) => points?.dataPoints ?? []).map((point) => {
              const { unit: _, ...labels } = plain(point.attributes)
              return [
                [name, ...Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`).sort()].join(" "),
                histogram === undefined ? point.asDouble : `${point.count} in ${unit}`
              ]
            })
          )
        )
      )
    )
  )

describe("telemetry of the built command", () => {
  it.live("goes to the collector: spans with Habu's request ids, metrics, logs", () =>
    Effect.gen(function*() {
      const collector = yield* Collector.make()
      const sandbox = yield* Sandbox.make({ speed: 60, rows: 300 })
      const host = yield* Host.start([], {
        ...Host.settingsFor(sandbox, yield* Host.folder),
        HABU_LOG_FORMAT: "json",
        OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=a%20b",
        OTEL_SERVICE_NAME: "habu-test"
      })
      yield* sandbox.faults.add({ operation: "getAllCleanrooms", kind: "status", status: 503, count: 1 })
      yield* host.call("find_resources", { kind: "clean_rooms" })
      yield* host.call("find_resources", { kind: "clean_rooms" })
      yield* host.call("find_resources", { kind: "CANARY" })
      yield* host.call("CANARY_tool")
      yield* Effect.promise(() => host.client.close())

      const spans = spansOf(collector)
      expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(["habu-test"]))
      const named = (name: string) => spans.filter((span) => span.name === name)
      expect(named("mcp.find_resources").map(({ attributes }) => attributes)).toMatchObject([
        { "mcp.result": "done" },
        { "mcp.result": "done" },
        { "mcp.result": "INPUT_INVALID" }
      ])
      expect(named("mcp.unknown")[0]?.attributes).toMatchObject({ "mcp.result": "TOOL_UNKNOWN" })
      expect(named("FindResources")[0]?.parentSpanId).toBe(named("mcp.find_resources")[0]?.spanId)
      expect(named("habu.token")[0]?.attributes).toMatchObject({ "habu.outcome": "success" })
      const requests = named("habu.getAllCleanrooms").map(({ attributes }) => attributes)
      expect(requests).toMatchObject([
        { "http.response.status_code": 503, "habu.outcome": "HABU_UNAVAILABLE" },
        {
          "http.request.method": "GET",
          "http.route": "/cleanrooms",
          "http.response.status_code": 200,
          "habu.outcome": "success",
          "habu.request_id": expect.stringMatching(/^[0-9a-f-]{36}$/)
        }
      ])
      // What went wrong is there as its code alone, and no span has the addresses and headers of an HTTP client.
      expect(JSON.stringify(named("habu.getAllCleanrooms")[0]?.events)).toContain("Unavailable: HABU_UNAVAILABLE")
      expect(spans.filter(({ name }) => name.startsWith("http."))).toEqual([])
      expect(JSON.stringify(spans)).not.toContain("CANARY")

      expect(metricsOf(collector)).toMatchObject({
        "habu.requests operation=getAllCleanrooms outcome=success": 1,
        "habu.requests operation=getAllCleanrooms outcome=HABU_UNAVAILABLE": 1,
        "habu.requests operation=token outcome=success": 1,
        "habu.request.duration operation=getAllCleanrooms": "2 in s",
        "habu.retries operation=getAllCleanrooms": 1,
        "habu.cache.reads result=hit": expect.any(Number),
        "habu.cache.reads result=miss": expect.any(Number),
        "habu.budget.left budget=token": 1,
        "habu.budget.left budget=question_run_start": 20,
        "habu.breaker.state": 0,
        "mcp.tool.calls result=done tool=find_resources": 2,
        "mcp.tool.calls result=INPUT_INVALID tool=find_resources": 1,
        "mcp.tool.calls result=TOOL_UNKNOWN tool=unknown": 1,
        "mcp.tool.duration tool=find_resources": "3 in s"
      })
      expect(JSON.stringify(collector.bodies("logs"))).toContain("Minted an access token")
      expect(collector.received.every(({ headers }) => headers["x-tenant"] === "a b")).toBe(true)
      const lines = host.stderr().trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>)
      expect(lines).toContainEqual(
        expect.objectContaining({
          message: "Tool call failed",
          logLevel: "INFO",
          annotations: { tool: "find_resources", code: "INPUT_INVALID" }
        })
      )
    }).pipe(Effect.scoped), 30_000)

  it.live("that nobody takes changes nothing: calls answer, the process ends in time", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.make({ rows: 300 })
      const hanging = yield* Collector.make("nothing")
      const settings = Host.settingsFor(sandbox, "memory")
      const started = (env: Record<string, string>) =>
        Effect.gen(function*() {
          const host = yield* Host.start([], { ...settings, ...env })
          const [took, reply] = yield* Effect.timed(host.call("health_check"))
          const [closing] = yield* Effect.timed(Effect.promise(() => host.client.close()))
          expect([reply.structured?.["status"], host.strays()]).toEqual(["done", []])
          expect(Duration.toSeconds(took)).toBeLessThan(8)
          // The SDK's client waits for 2 s before it kills.
          expect(Duration.toSeconds(closing)).toBeLessThan(2)
          return host.stderr()
        })
      const to = (url: string) => started({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_METRIC_EXPORT_INTERVAL: "50" })
      const [, unreachable, other] = yield* Effect.all([
        to(hanging.url),
        to("http://127.0.0.1:1"),
        started({ OTEL_EXPORTER_OTLP_ENDPOINT: hanging.url, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })
      ], { concurrency: 2 })
      expect(unreachable.split("collector cannot be reached")).toHaveLength(2)
      expect(other).toContain("OTEL_EXPORTER_OTLP_PROTOCOL may be http/protobuf or http/json")
      expect(hanging.received[0]?.headers["content-type"]).toBe("application/x-protobuf")
    }).pipe(Effect.scoped), 60_000)
})
