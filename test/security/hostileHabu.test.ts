/**
 * Answers that are meant to do harm, over real sockets and both HTTP clients that are in use.
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
import * as Schedule from "effect/Schedule"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import { RetryPolicy } from "../../src/habu/RetryPolicy.js"
import * as Memory from "../../src/state/Memory.js"
import * as Client from "../support/Client.js"

type Answer = (request: IncomingMessage, response: ServerResponse) => void

const listening = (answer: Answer) =>
  Effect.acquireRelease(
    Effect.async<{ readonly url: string; readonly close: () => void }>((resume) => {
      const server = createServer(answer)
      const close = () => {
        server.close()
        server.closeAllConnections()
      }
      server.listen(0, "127.0.0.1", () => {
        resume(Effect.succeed({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

// What a client gets of one read, whether Habu misbehaves in it or while it gives out the token.
const rooms = (http: Layer.Layer<HttpClient.HttpClient>, answer: Answer, tokenAnswer?: Answer) =>
  Effect.gen(function*() {
    const { url } = yield* listening((request, response) =>
      request.url !== "/v1/oauth/token"
        ? answer(request, response)
        : tokenAnswer === undefined
        ? response.end("{\"accessToken\":\"CANARY-token\",\"expiresIn\":43200}")
        : tokenAnswer(request, response)
    )
    const context = yield* Layer.build(
      HabuClient.layerDefault().pipe(
        Layer.provide(http),
        Layer.provide(Memory.layer),
        Layer.provide(HabuConfig.layer({
          apiUrl: url,
          clientId: Client.clientId,
          clientSecret: Redacted.make(Client.clientSecret),
          requestTimeout: "5 seconds"
        }))
      )
    )
    return yield* Effect.flatMap(HabuClient.HabuClient, (habu) => habu.getAllCleanrooms({ urlParams: {} })).pipe(
      Effect.provide(context),
      Effect.provideService(RetryPolicy, Schedule.stop),
      Effect.either
    )
  }).pipe(Effect.scoped, Logger.withMinimumLogLevel(LogLevel.None))

const json = (body: string, headers = {}): Answer => (_, response) =>
  void response.writeHead(200, { "content-type": "application/json", ...headers }).end(body)

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`

describe.each([
  ["undici", NodeHttpClient.layerUndici],
  ["fetch", FetchHttpClient.layer]
])("a hostile Habu over %s", (_, http) => {
  it.live.each([302, 307])(
    "has no credential sent on by a redirect (%i)",
    (status) =>
      Effect.gen(function*() {
        const asked: Array<IncomingMessage> = []
        const elsewhere = yield* listening((request, response) => {
          asked.push(request)
          json("[]")(request, response)
        })
        const redirect: Answer = (request, response) =>
          void response.writeHead(status, { location: `${elsewhere.url}${request.url}` }).end()
        const answers = [yield* rooms(http, redirect), yield* rooms(http, json("[]"), redirect)]
        expect(answers).toMatchObject([
          { _tag: "Left", left: { _tag: "AnswerUnreadable" } },
          { _tag: "Left", left: { category: expect.any(String) } }
        ])
        expect(asked).toEqual([])
      }).pipe(Effect.scoped)
  )

  it.live("gains nothing by keys that JavaScript treats in a way of its own", () =>
    Effect.gen(function*() {
      const room = "{\"id\":\"r\",\"__proto__\":{\"polluted\":1},\"cleanRoomParameters\":{\"__proto__\":\"x\"," +
        "\"constructor\":\"y\"},\"partners\":[\"__proto__\"]}"
      const answer = yield* rooms(http, json(`[${room}]`))
      expect(answer).toMatchObject({ _tag: "Right", right: [{ id: "r" }] })
      expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined()
      expect(answer._tag === "Right" && "polluted" in (answer.right[0] ?? {})).toBe(false)
    }))

  it.live("is refused where its answer is deeper, or its headers longer, than anything has use for", () =>
    Effect.gen(function*() {
      const answers = [
        yield* rooms(http, json(deep(100_000))),
        yield* rooms(http, json(`[{"id":"r","cleanRoomParameters":${deep(100_000)}}]`)),
        yield* rooms(http, json("[]", { "x-long": "x".repeat(100_000) }))
      ]
      expect(answers.map(({ _tag }) => _tag)).toEqual(["Left", "Left", "Left"])
    }))

  it.live("cannot fill the memory with a body that unpacks to a hundredfold", () =>
    Effect.gen(function*() {
      // 2 GiB of blanks.
      const blanks = gzipSync(Buffer.alloc(16 * 1024 * 1024, " "))
      const bomb = Buffer.concat(Array.from({ length: 128 }, () => blanks))
      const before = process.memoryUsage().rss
      const answer = yield* rooms(http, (_, response) => {
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb)
      })
      expect(answer._tag).toBe("Left")
      expect(process.memoryUsage().rss - before).toBeLessThan(1024 * 1024 * 1024)
    }), 30_000)
})
