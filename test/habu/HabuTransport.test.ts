/**
 * The client over real sockets, with both HTTP clients that are in use: what connections that break look like there.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import type * as HttpClient from "@effect/platform/HttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import { createServer, type RequestListener } from "node:http"
import type { AddressInfo } from "node:net"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as Memory from "../../src/state/Memory.js"
import * as Client from "../support/Client.js"

/** A server on loopback that gives out a token and leaves the rest to the listener. */
const serve = (listener: RequestListener) =>
  Effect.acquireRelease(
    Effect.async<{ readonly port: number; readonly stop: Effect.Effect<void> }>((resume) => {
      const server = createServer((request, response) => {
        if (request.url !== "/v1/oauth/token") return listener(request, response)
        response.setHeader("content-type", "application/json").end("{\"accessToken\":\"t\",\"expiresIn\":43200}")
      })
      const stop = Effect.async<void>((done) => {
        server.close(() => done(Effect.void))
        server.closeAllConnections()
      })
      server.listen(
        0,
        "127.0.0.1",
        () => resume(Effect.succeed({ port: (server.address() as AddressInfo).port, stop }))
      )
    }),
    ({ stop }) => stop
  )

const client = (port: number, http: Layer.Layer<HttpClient.HttpClient>) =>
  Effect.map(
    Layer.build(
      HabuClient.layerDefault().pipe(
        Layer.provide(http),
        Layer.provide(Memory.layer),
        Layer.provide(HabuConfig.layer({
          apiUrl: `http://127.0.0.1:${port}`,
          clientId: Client.clientId,
          clientSecret: Redacted.make(Client.clientSecret),
          requestTimeout: "300 millis"
        }))
      )
    ),
    (context) => Effect.provide(HabuClient.HabuClient, context)
  ).pipe(Effect.flatten)

const quiet = Logger.withMinimumLogLevel(LogLevel.None)

const startRun = (habu: HabuClient.Service) =>
  Effect.flip(
    habu.createCleanroomQuestionRun({ path: { cleanroomQuestionId: "a/b ü" }, payload: { name: "Run" } })
  )

describe.each([
  ["undici", NodeHttpClient.layerUndici],
  ["fetch", FetchHttpClient.layer]
])("over %s", (_, http) => {
  it.scopedLive("sends what the contract says, and nothing twice", () =>
    Effect.gen(function*() {
      const seen: Array<string> = []
      const server = yield* serve((request, response) => {
        request.setEncoding("utf8").on("data", (body: string) => seen.push(`${request.method} ${request.url} ${body}`))
          .on("end", () => response.statusCode = 201).on("end", () => response.end("{\"id\":\"run-1\"}"))
      })
      const habu = yield* client(server.port, http)
      const run = yield* habu.createCleanroomQuestionRun({
        path: { cleanroomQuestionId: "a/b ü" },
        payload: { name: "Run" }
      })
      expect(run).toEqual({ id: "run-1" })
      expect(seen).toEqual(["POST /v1/cleanroom-questions/a%2Fb%20%C3%BC/create-run {\"name\":\"Run\"}"])
    }).pipe(quiet))

  it.scopedLive.each<readonly [string, RequestListener]>([
    ["a connection cut before the answer", (request) => request.socket.destroy()],
    ["a connection reset before the answer", (request) => request.socket.resetAndDestroy()],
    ["a connection cut in the answer", (request, response) => {
      response.writeHead(200, { "content-length": 1_000 })
      response.write("{\"id\":", () => request.socket.destroy())
    }],
    ["no answer", () => undefined]
  ])("%s leaves the outcome of a start unknown", ([__, listener]) =>
    Effect.gen(function*() {
      let calls = 0
      const server = yield* serve((request, response) => {
        calls++
        listener(request, response)
      })
      expect(yield* startRun(yield* client(server.port, http))).toMatchObject({ _tag: "OutcomeUnknown" })
      expect(calls).toBe(1)
    }).pipe(quiet))

  it.scopedLive("a server that is gone was certainly not reached", () =>
    Effect.gen(function*() {
      const server = yield* serve((___, response) => response.end("[]"))
      const habu = yield* client(server.port, http)
      yield* habu.getAllCleanrooms({ urlParams: {} })
      yield* server.stop
      expect(yield* startRun(habu)).toMatchObject({ _tag: "Unavailable", reason: "unreachable", neverSent: true })
    }).pipe(quiet))
})
