import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Fault } from "../../src/sandbox/Faults.js"
import { noted, requestToken, start } from "./harness.js"

const room = { name: "Autumn Launch", startAt: "2026-03-16", type: "Hybrid" }

const begin = (...faults: ReadonlyArray<Fault>) =>
  Effect.gen(function*() {
    const harness = yield* start()
    yield* harness.sandbox.faults.add(...faults)
    const names = Effect.map(harness.get("/cleanrooms"), ({ json }) => json.map((item: { name: string }) => item.name))
    const create = harness.call("POST", "/cleanrooms", room)
    return { ...harness, names, create }
  })

const creation = { operation: "createCleanroom", count: 1 }

describe("faults", () => {
  it.scoped("answer with a status and carry nothing out, so many times", () =>
    Effect.gen(function*() {
      const { create, names, sandbox } = yield* begin(
        { ...creation, kind: "status", status: 503, retryAfter: "7" },
        { ...creation, kind: "status", status: 429 },
        { ...creation, kind: "status", status: 418 }
      )
      const busy = yield* create
      assert.strictEqual(busy.status, 503)
      assert.strictEqual(busy.headers.get("retry-after"), "7")
      assert.strictEqual(busy.json.error, "Service Unavailable")
      assert.isNotNull(busy.headers.get("x-request-id"))
      const limited = yield* create
      assert.strictEqual(limited.status, 429)
      assert.strictEqual(limited.json.code, "TOO_MANY_REQUESTS")
      assert.strictEqual((yield* create).status, 418)
      assert.notInclude(yield* names, room.name)
      assert.strictEqual((yield* create).status, 200)
      const statuses = (yield* sandbox.requests).filter(({ operation }) => operation === "createCleanroom")
      assert.deepStrictEqual(statuses.map(({ fault, status }) => [status, fault]), [
        [503, "status"],
        [429, "status"],
        [418, "status"],
        [200, undefined]
      ])
    }))

  it.scoped("befall one operation, the token endpoint, or everything until cleared", () =>
    Effect.gen(function*() {
      const { get, sandbox } = yield* begin({ operation: "getAllOrganizationUsers", kind: "status", status: 500 })
      assert.strictEqual((yield* get("/cleanrooms")).status, 200)
      assert.strictEqual((yield* get("/users")).status, 500)
      assert.strictEqual((yield* get("/users")).status, 500)
      yield* sandbox.faults.clear
      assert.strictEqual((yield* get("/users")).status, 200)
      yield* sandbox.faults.add({ operation: "token", kind: "status", status: 502, count: 1 })
      assert.strictEqual((yield* requestToken(sandbox)).status, 502)
      assert.strictEqual((yield* requestToken(sandbox)).status, 200)
      yield* sandbox.faults.add({ operation: "*", kind: "status", status: 500 })
      assert.strictEqual((yield* get("/cleanrooms")).status, 500)
      assert.strictEqual((yield* get("/users")).status, 500)
    }))

  it.scoped("come by chance that follows from the seed", () =>
    Effect.gen(function*() {
      const { get, sandbox } = yield* begin({
        operation: "getAllOrganizationUsers",
        kind: "status",
        status: 500,
        probability: 0.5
      })
      const draw = Effect.forEach(Array.from({ length: 40 }), () => Effect.map(get("/users"), ({ status }) => status))
      const statuses = yield* draw
      const failed = statuses.filter((status) => status === 500).length
      assert.isAbove(failed, 8)
      assert.isBelow(failed, 32)
      const other = yield* begin({
        operation: "getAllOrganizationUsers",
        kind: "status",
        status: 500,
        probability: 0.5
      })
      const again = yield* Effect.forEach(statuses, () => Effect.map(other.get("/users"), ({ status }) => status))
      assert.deepStrictEqual(again, statuses)
      yield* sandbox.faults.clear
    }))

  it.scoped("delay an answer and then give it", () =>
    Effect.gen(function*() {
      const { create, names } = yield* begin({ ...creation, kind: "delay", millis: 5 })
      assert.strictEqual((yield* create).status, 200)
      assert.include(yield* names, room.name)
    }))

  it.scoped("hang until the client gives up, with nothing carried out", () =>
    Effect.gen(function*() {
      const { create, names, sandbox } = yield* begin({ ...creation, kind: "hang" })
      const fiber = yield* Effect.fork(create)
      yield* noted(sandbox, ({ fault }) => fault === "hang")
      yield* Fiber.interrupt(fiber)
      assert.notInclude(yield* names, room.name)
      const entry = (yield* sandbox.requests).find(({ fault }) => fault === "hang")
      assert.isFalse("status" in (entry ?? {}))
    }))

  it.scoped("reset the connection, with nothing carried out", () =>
    Effect.gen(function*() {
      const { create, names } = yield* begin({ ...creation, kind: "reset" })
      assert.strictEqual((yield* Effect.exit(create))._tag, "Failure")
      assert.notInclude(yield* names, room.name)
    }))

  it.scoped("cut the body in half after carrying the request out", () =>
    Effect.gen(function*() {
      const { create, names } = yield* begin({ ...creation, kind: "half" })
      assert.strictEqual((yield* Effect.exit(create))._tag, "Failure")
      assert.include(yield* names, room.name)
    }))

  it.scoped("answer with what is no JSON after carrying the request out", () =>
    Effect.gen(function*() {
      const { create, names } = yield* begin({ ...creation, kind: "malformed" })
      const answer = yield* create
      assert.strictEqual(answer.status, 200)
      assert.include(answer.headers.get("content-type") ?? "", "application/json")
      assert.isUndefined(answer.json)
      assert.include(yield* names, room.name)
    }))

  it.scoped("answer with HTML, with nothing carried out", () =>
    Effect.gen(function*() {
      const { create, names } = yield* begin(
        { ...creation, kind: "html" },
        { ...creation, kind: "html", status: 502 }
      )
      const page = yield* create
      assert.strictEqual(page.status, 200)
      assert.include(page.headers.get("content-type") ?? "", "text/html")
      assert.strictEqual((yield* create).status, 502)
      assert.notInclude(yield* names, room.name)
    }))

  it.scoped("carry a request out and lose its answer", () =>
    Effect.gen(function*() {
      const { create, names, sandbox } = yield* begin({ ...creation, kind: "lost" })
      assert.strictEqual((yield* Effect.exit(create))._tag, "Failure")
      assert.include(yield* names, room.name)
      const entry = (yield* sandbox.requests).find(({ fault }) => fault === "lost")
      assert.isFalse("status" in (entry ?? {}))
    }))

  it.scoped("carry a request out long after the client gave up", () =>
    Effect.gen(function*() {
      const { create, get, names, sandbox } = yield* begin({ ...creation, kind: "late", millis: 60_000 })
      const fiber = yield* Effect.fork(create)
      yield* noted(sandbox, ({ fault }) => fault === "late")
      yield* Effect.zipRight(get("/users"), Fiber.interrupt(fiber))
      const begun = yield* sandbox.clock.now
      yield* sandbox.clock.advance("59 seconds")
      assert.notInclude(yield* names, room.name)
      yield* sandbox.clock.advance("5 minutes")
      assert.include(yield* names, room.name)
      const made = sandbox.world.cleanRooms.find(({ name }) => name === room.name)
      assert.strictEqual(made?.createdAt, begun + 60_000)
      assert.lengthOf((yield* names).filter((name: string) => name === room.name), 1)
    }))

  it.scoped("do not let a client that hangs up cut a write short", () =>
    Effect.gen(function*() {
      const { call, names, questionId, sandbox } = yield* begin()
      const id = yield* questionId("Fizzwell Summer Campaign", "Exposed Buyers - User List")
      const fibers = yield* Effect.forEach(
        Array.from({ length: 10 }, (_, index) => index),
        (index) => Effect.fork(call("POST", `/cleanroom-questions/${id}/create-run`, { name: `run ${index}` }))
      )
      yield* noted(sandbox, ({ operation }) => operation === "createCleanroomQuestionRun")
      yield* Fiber.interruptAll(fibers)
      yield* names
      const sent = (yield* sandbox.requests).filter(({ operation }) => operation === "createCleanroomQuestionRun")
      assert.isAbove(sent.length, 0)
      const made = sandbox.world.runs.where(({ name }) => name.startsWith("run "))
      assert.lengthOf(made, sent.length)
    }))
})
