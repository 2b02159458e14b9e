import * as HttpApiClient from "@effect/platform/HttpApiClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import { HabuApi } from "../../src/habu/api/HabuApi.js"
import type { Fault } from "../../src/sandbox/Faults.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import { hero } from "../../src/sandbox/Seed.js"
import { basic, monday, noted } from "./harness.js"

const dates = { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" }

/** A client that asks for its token itself; all it has is the layer's HTTP client. */
const signIn = Effect.gen(function*() {
  const sandbox = yield* Sandbox.Sandbox
  const http = yield* HttpClient.HttpClient
  const request = HttpClientRequest.post(`${sandbox.url}/oauth/token`).pipe(
    HttpClientRequest.setHeader("authorization", basic(sandbox.clientId, Redacted.value(sandbox.clientSecret))),
    HttpClientRequest.bodyUrlParams({ grant_type: "client_credentials" })
  )
  const { accessToken } = (yield* Effect.flatMap(http.execute(request), ({ json }) => json)) as { accessToken: string }
  const authorized = HttpClient.mapRequest(http, HttpClientRequest.bearerToken(accessToken))
  const client = yield* HttpApiClient.makeWith(HabuApi, { baseUrl: sandbox.url, httpClient: authorized })
  const create = authorized.execute(
    HttpClientRequest.post(`${sandbox.url}/cleanrooms`).pipe(
      HttpClientRequest.bodyUnsafeJson({ name: "Autumn Launch", startAt: "2026-03-16", type: "Hybrid" })
    )
  )
  const made = Effect.sync(() => sandbox.world.cleanRooms.where(({ name }) => name === "Autumn Launch").length)
  return { sandbox, http: authorized, client, create, made }
})

const options = { rows: 3000, clock: "effect" as const }

/** What a client makes of the creation of a clean room under a fault, and how many there are then. */
const befallen = (fault: Fault, read: (response: HttpClientResponse) => Effect.Effect<unknown, unknown>) =>
  Effect.gen(function*() {
    const { create, made, sandbox } = yield* signIn
    yield* sandbox.faults.add(fault)
    const exit = yield* Effect.exit(Effect.flatMap(create, read))
    return { exit, made: yield* made }
  }).pipe(Effect.provide(Sandbox.layerInProcess(options)))

const failure = (exit: Exit.Exit<unknown, unknown>) =>
  Exit.match(exit, {
    onSuccess: () => "success",
    onFailure: (cause) => cause._tag === "Fail" ? cause.error : cause
  })

const creation = { operation: "createCleanroom", count: 1 }

describe("a sandbox without a socket", () => {
  it.effect("lets a run complete after 30 minutes of TestClock", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(monday)
      const body = Effect.gen(function*() {
        const { client, sandbox } = yield* signIn
        assert.strictEqual(yield* sandbox.clock.now, monday)
        const question = sandbox.world.cleanRoomQuestions.find((row) =>
          sandbox.world.questions.get(row.questionId)?.versions[0]?.title === hero
        )
        const path = { cleanroomQuestionId: question?.id ?? "" }
        const { id = "" } = yield* client.createCleanroomQuestionRun({
          path,
          payload: { name: "virtual", parameters: dates }
        })
        const status = Effect.map(
          client.getCleanroomQuestionRunById({ path: { cleanroomQuestionRunId: id } }),
          (run) => run.status
        )
        assert.strictEqual(yield* status, "QUEUED")
        yield* TestClock.adjust("5 minutes")
        assert.strictEqual(yield* status, "RUNNING")
        yield* TestClock.adjust("25 minutes")
        assert.strictEqual(yield* status, "COMPLETED")
        assert.strictEqual(yield* sandbox.clock.now, monday + 30 * 60_000)
      })
      yield* Effect.provide(body, Sandbox.layerInProcess(options))
    }))

  it.effect("answers its control endpoints, and to no other name", () =>
    Effect.gen(function*() {
      const { http, sandbox } = yield* signIn
      const state = yield* Effect.flatMap(http.get("http://127.0.0.1/__sandbox/state"), ({ json }) => json)
      assert.nestedInclude(state, { speed: 1, "budgets.tokens.used": 1 })
      assert.strictEqual((yield* http.get("http://evil.example/__sandbox/state")).status, 403)
      yield* http.get(`${sandbox.url}/users?limit=2`)
      const entries = yield* sandbox.requests
      assert.deepStrictEqual(entries.map(({ path, status }) => [path, status]), [
        ["/v1/oauth/token", 200],
        ["/v1/users?limit=2", 200]
      ])
    }).pipe(Effect.provide(Sandbox.layerInProcess(options))))

  it.effect("serves two at once that share nothing", () =>
    Effect.gen(function*() {
      const one = yield* Sandbox.makeInProcess(options)
      const other = yield* Sandbox.makeInProcess({ ...options, seed: 2 })
      const health = (sandbox: Sandbox.InProcess) => Effect.promise(() => sandbox.fetch(`${sandbox.url}/cleanrooms`))
      assert.strictEqual((yield* health(one)).status, 401)
      assert.notStrictEqual(one.clientId, other.clientId)
      assert.lengthOf(yield* one.requests, 1)
      assert.lengthOf(yield* other.requests, 0)
    }).pipe(Effect.scoped))

  it.effect("sends nothing that was given up before, and no more once its scope is closed", () =>
    Effect.gen(function*() {
      const failed = (sandbox: Sandbox.InProcess, init: RequestInit = {}) =>
        Effect.flip(Effect.tryPromise({
          try: () => sandbox.fetch(`${sandbox.url}/health`, init),
          catch: (error) => String(error)
        }))
      const closed = yield* Effect.scoped(Effect.gen(function*() {
        const sandbox = yield* Sandbox.makeInProcess(options)
        assert.include(yield* failed(sandbox, { signal: AbortSignal.abort() }), "AbortError")
        assert.lengthOf(yield* sandbox.requests, 0)
        return sandbox
      }))
      assert.include(yield* failed(closed), "fetch failed")
      assert.lengthOf(yield* closed.requests, 0)
    }))
})

describe("a fault without a socket", () => {
  it.effect("that loses the answer is a transport error, and the request is carried out", () =>
    Effect.gen(function*() {
      const { exit, made } = yield* befallen({ ...creation, kind: "lost" }, () => Effect.void)
      assert.nestedInclude(failure(exit), { _tag: "RequestError", reason: "Transport" })
      assert.strictEqual(made, 1)
    }))

  it.effect("that resets the connection is a transport error, and nothing is carried out", () =>
    Effect.gen(function*() {
      const { exit, made } = yield* befallen({ ...creation, kind: "reset" }, () => Effect.void)
      assert.nestedInclude(failure(exit), { _tag: "RequestError", reason: "Transport" })
      assert.strictEqual(made, 0)
    }))

  it.effect("that cuts the body is an error of the response, and the request is carried out", () =>
    Effect.gen(function*() {
      const { exit, made } = yield* befallen({ ...creation, kind: "half" }, (response) => response.text)
      assert.nestedInclude(failure(exit), { _tag: "ResponseError" })
      assert.strictEqual(made, 1)
    }))

  it.effect("that answers with a status does so", () =>
    Effect.gen(function*() {
      const seen = yield* befallen({ ...creation, kind: "status", status: 503 }, ({ status }) => Effect.succeed(status))
      assert.deepStrictEqual(seen, { exit: Exit.succeed(503), made: 0 })
    }))

  it.effect("that hangs ends with the client, which need not wait for it", () =>
    Effect.gen(function*() {
      const { create, made, sandbox } = yield* signIn
      yield* sandbox.faults.add({ ...creation, kind: "hang" })
      const fiber = yield* Effect.fork(create)
      yield* noted(sandbox, ({ fault }) => fault === "hang")
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(fiber)))
      assert.strictEqual(yield* made, 0)
    }).pipe(Effect.provide(Sandbox.layerInProcess(options))))

  it.effect("that is late carries the request out after the client gave up", () =>
    Effect.gen(function*() {
      const { create, http, made, sandbox } = yield* signIn
      yield* sandbox.faults.add({ ...creation, kind: "late", millis: 60_000 })
      const fiber = yield* Effect.fork(create)
      yield* noted(sandbox, ({ fault }) => fault === "late")
      yield* http.get(`${sandbox.url}/users`)
      yield* Fiber.interrupt(fiber)
      yield* TestClock.adjust("59 seconds")
      yield* http.get(`${sandbox.url}/users`)
      assert.strictEqual(yield* made, 0)
      yield* TestClock.adjust("1 second")
      yield* http.get(`${sandbox.url}/users`)
      assert.strictEqual(yield* made, 1)
    }).pipe(Effect.provide(Sandbox.layerInProcess(options))))
})
