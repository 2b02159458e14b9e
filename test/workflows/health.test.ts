import * as FileSystem from "@effect/platform/FileSystem"
import * as HttpClient from "@effect/platform/HttpClient"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as TestClock from "effect/TestClock"
import * as HabuBudget from "../../src/habu/HabuBudget.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuProbe from "../../src/habu/HabuProbe.js"
import { RetryPolicy } from "../../src/habu/RetryPolicy.js"
import * as Memory from "../../src/state/Memory.js"
import { About } from "../../src/workflows/About.js"
import * as HealthCheck from "../../src/workflows/HealthCheck.js"
import * as Backends from "../support/Backends.js"
import * as Client from "../support/Client.js"
import * as FakeHabu from "../support/FakeHabu.js"

const up = { json: { status: "UP", statusCode: 200 }, headers: { "x-request-id": "abc,abc" } }

const stack = (options: Client.Options) => Layer.provideMerge(HabuProbe.layer, Client.client(options))

const check = Effect.flatMap(HealthCheck.run({}), Schema.encode(HealthCheck.Output))

// As the command makes it: from the environment.
const fromEnvironment = (habu: FakeHabu.FakeHabu, environment: ReadonlyArray<readonly [string, string]>) =>
  HabuProbe.layer.pipe(
    Layer.provideMerge(HabuClient.layerDefault()),
    Layer.provideMerge(HabuConfig.layerConfig),
    Layer.provideMerge(Memory.layer),
    Layer.provide(Layer.succeed(HttpClient.HttpClient, habu.client)),
    Layer.provide(FileSystem.layerNoop({})),
    Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map(environment))))
  )

describe("health_check", () => {
  it.effect("tells of everything and sends one request without a token", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", up)
    return Effect.gen(function*() {
      const answer = yield* Effect.provideService(check, About, { version: "1.2.3", build: "c0ffee" })
      assert.strictEqual(answer.status, "done")
      assert.deepStrictEqual([answer.version, answer.build, answer.sandbox], ["1.2.3", "c0ffee", false])
      assert.deepStrictEqual(answer.api, {
        url: "https://api.habu.com/v1",
        reachable: true,
        http_status: 200,
        milliseconds: 0,
        request_id: "abc"
      })
      assert.deepStrictEqual(answer.credentials, { usable: true })
      assert.deepStrictEqual(answer.breaker, { state: "closed" })
      assert.deepStrictEqual(answer.budgets?.map(({ budget, left }) => `${budget} ${left}`), [
        "token 2",
        "question_run_start 20",
        "flow_run_start 20"
      ])
      assert.deepStrictEqual(answer.cache, { entries: 0, hits: 0, misses: 0 })
      assert.deepStrictEqual(answer.next_steps?.map(({ tool }) => tool), ["test_connection"])
      assert.deepStrictEqual(habu.sent.map(({ headers, path }) => [path, headers["authorization"]]), [
        ["/health", undefined]
      ])
    }).pipe(Effect.provide(stack({ habu })))
  })

  it.effect("says that state in memory is forgotten", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", up)
    return Effect.gen(function*() {
      const { state_store, warnings } = yield* check
      assert.deepStrictEqual(state_store, { kind: "memory", location: "memory", durable: false, usable: true })
      assert.match(warnings?.[0] ?? "", /memory.*forgotten at the end of this process/)
    }).pipe(Effect.provide(stack({ habu })))
  })

  it.effect("passes on what a durable store has to say, and nothing else", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", up)
    const notice = "A damaged state file was set aside."
    return Effect.gen(function*() {
      const backend = { ...yield* Memory.make, kind: "lmdb" as const, durable: true, location: "/s", notices: [notice] }
      const { state_store, status, warnings } = yield* Effect.provide(check, stack({ habu, backend }))
      assert.deepStrictEqual(state_store, { kind: "lmdb", location: "/s", durable: true, usable: true })
      assert.deepStrictEqual(warnings, [notice])
      assert.strictEqual(status, "done")
    })
  })

  it.effect("takes any HTTP answer as a sign of life, and says when it is one of trouble", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", { status: 404 }, { status: 503 })
    return Effect.gen(function*() {
      const missing = yield* check
      assert.deepStrictEqual([missing.status, missing.api.reachable, missing.api.http_status], ["done", true, 404])
      const troubled = yield* check
      assert.deepStrictEqual([troubled.status, troubled.api.reachable], ["partial", true])
      assert.match(troubled.summary, /status 503/)
    }).pipe(Effect.provide(stack({ habu })))
  })

  it.effect("has failed where Habu does not answer, and still tells the rest", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", { fails: "ECONNREFUSED" })
    return Effect.gen(function*() {
      const answer = yield* check
      assert.strictEqual(answer.status, "failed")
      assert.isFalse(answer.api.reachable)
      assert.match(answer.api.problem ?? "", /could not be reached/)
      assert.match(answer.api.advice ?? "", /HABU_API and the proxy/)
      assert.lengthOf(answer.budgets ?? [], 3)
      assert.deepStrictEqual(answer.next_steps?.map(({ after_seconds, tool }) => [tool, after_seconds]), [
        ["health_check", 60]
      ])
    }).pipe(Effect.provide(stack({ habu })))
  })

  it.effect("names the settings that are missing and needs none of them", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", up)
    return Effect.gen(function*() {
      const answer = yield* check
      assert.strictEqual(answer.status, "partial")
      assert.isTrue(answer.api.reachable)
      assert.match(answer.credentials.problem ?? "", /HABU_API_CLIENT is not set/)
      assert.match(answer.credentials.advice ?? "", /Set HABU_API_CLIENT .*--sandbox/)
      assert.match(answer.summary, /HABU_API_CLIENT is not set/)
      assert.isUndefined(answer.next_steps)
      assert.lengthOf(habu.tokenRequests(), 0)
    }).pipe(Effect.provide(fromEnvironment(habu, [])))
  })

  it.effect("sees that id and secret are swapped, and shows neither", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", up)
    const environment = [["HABU_API_CLIENT", Client.clientSecret], ["HABU_API_SECRET", Client.clientId]] as const
    return Effect.gen(function*() {
      const answer = yield* check
      assert.strictEqual(answer.status, "partial")
      assert.match(answer.credentials.problem ?? "", /look swapped/)
      assert.match(answer.credentials.advice ?? "", /Swap them/)
      const shown = JSON.stringify(answer)
      assert.notInclude(shown, Client.clientSecret)
      assert.notInclude(shown, Client.clientId)
    }).pipe(Effect.provide(fromEnvironment(habu, environment)))
  })

  it.effect("tells of a store that fails, beside all the rest", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", up)
    return Effect.gen(function*() {
      const backend = yield* Backends.switched
      backend.fail(["read", "modify"])
      const answer = yield* Effect.provide(check, stack({ habu, backend }))
      assert.strictEqual(answer.status, "partial")
      assert.isFalse(answer.state_store.usable)
      assert.match(answer.state_store.problem ?? "", /does not answer/)
      assert.match(answer.state_store.advice ?? "", /HABU_STATE/)
      assert.isTrue(answer.api.reachable)
      assert.isUndefined(answer.budgets)
    })
  })

  it.effect("tells when the next slot of a spent budget is free", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", up)
    return Effect.gen(function*() {
      const budget = yield* HabuBudget.HabuBudget
      const start = yield* Clock.currentTimeMillis
      yield* Effect.forEach([1, 2], () => Effect.flatMap(budget.reserve("token", "token"), budget.confirm))
      const [token] = (yield* check).budgets ?? []
      assert.deepStrictEqual(token, {
        budget: "token",
        left: 0,
        limit: 2,
        window_seconds: 86_400,
        next_slot_at: new Date(start + 86_400_000).toISOString()
      })
    }).pipe(Effect.provide(stack({ habu })))
  })

  it.effect("tells how long calls are held back, and when one is tried again", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", up)
    habu.on("GET /cleanrooms", { status: 500 })
    return Effect.gen(function*() {
      const { getAllCleanrooms } = yield* HabuClient.HabuClient
      const fail = Effect.ignore(getAllCleanrooms({ urlParams: {} }))
      yield* Effect.repeatN(fail, 3)
      assert.deepStrictEqual((yield* check).breaker, { state: "closed", failures_in_a_row: 4 })
      yield* fail
      const until = new Date((yield* Clock.currentTimeMillis) + 30_000).toISOString()
      const open = yield* check
      assert.strictEqual(open.status, "partial")
      assert.deepStrictEqual(open.breaker, { state: "open", calls_again_at: until })
      assert.include(open.warnings?.join(" "), until)
      yield* TestClock.adjust("31 seconds")
      assert.deepStrictEqual((yield* check).breaker, { state: "half_open" })
    }).pipe(Effect.provideService(RetryPolicy, Schedule.stop), Effect.provide(stack({ habu })))
  })

  it.effect("says that it is the sandbox", () => {
    const habu = FakeHabu.make()
    habu.on("GET /health", up)
    const config = { apiUrl: "http://127.0.0.1:1/v1", sandboxSpeed: 60 }
    return Effect.gen(function*() {
      const answer = yield* check
      assert.isTrue(answer.sandbox)
      assert.match(answer.summary, /sandbox \(synthetic data\)/)
      assert.strictEqual(answer.budgets?.[1]?.window_seconds, 60)
    }).pipe(Effect.provide(stack({ habu, config })))
  })
})
