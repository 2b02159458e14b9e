import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Routes from "../../src/sandbox/Routes.js"
import { monday, noted, send, start } from "./harness.js"

describe("http", () => {
  it.scoped("sends a request id twice and forbids storing on every answer, errors included", () =>
    Effect.gen(function*() {
      const { get, sandbox } = yield* start()
      for (
        const answer of [yield* get("/cleanrooms"), yield* get("/nothing"), yield* send(`${sandbox.url}/cleanrooms`)]
      ) {
        const [first, second] = (answer.headers.get("x-request-id") ?? "").split(", ")
        assert.match(first ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
        assert.strictEqual(first, second)
        assert.strictEqual(answer.headers.get("cache-control"), "no-store")
      }
    }))

  it.scoped("keeps a record of what clients sent", () =>
    Effect.gen(function*() {
      const { call, get, sandbox } = yield* start()
      const answer = yield* get("/cleanrooms?limit=2")
      yield* call("DELETE", "/cleanrooms")
      const [token, list, wrong] = yield* sandbox.requests
      assert.deepInclude(token, { method: "POST", path: "/v1/oauth/token", operation: "token", status: 200 })
      assert.deepInclude(list, {
        time: new Date(monday).toISOString(),
        method: "GET",
        path: "/v1/cleanrooms?limit=2",
        operation: "getAllCleanrooms",
        status: 200
      })
      assert.strictEqual(answer.headers.get("x-request-id"), `${list?.requestId}, ${list?.requestId}`)
      assert.deepInclude(wrong, { method: "DELETE", path: "/v1/cleanrooms", status: 405 })
      assert.isFalse("operation" in (wrong ?? {}))
    }))

  it.scoped("needs a token for everything but health", () =>
    Effect.gen(function*() {
      const { sandbox } = yield* start()
      const health = yield* send(`${sandbox.url}/health`)
      assert.deepInclude(health.json, { status: "UP", statusCode: 200 })
      const refused = yield* send(`${sandbox.url}/users`)
      assert.strictEqual(refused.status, 401)
      assert.deepStrictEqual(refused.json, {
        status: 401,
        code: "UNAUTHORIZED",
        timestamp: new Date(monday).toISOString(),
        message: "Full authentication is required to access this resource",
        details: "uri=/v1/users"
      })
    }))

  it.scoped("answers unknown paths, wrong methods and wrong bodies as Spring does", () =>
    Effect.gen(function*() {
      const { call, get, sandbox, token } = yield* start()
      const unknown = yield* get("/cleanrooms/a/b/c")
      assert.deepStrictEqual(unknown.json, {
        timestamp: new Date(monday).toISOString(),
        status: 404,
        error: "Not Found",
        path: "/v1/cleanrooms/a/b/c"
      })
      assert.strictEqual((yield* get("/cleanrooms/")).status, 404)
      assert.strictEqual((yield* get("/CleanRooms")).status, 404)
      const method = yield* call("PATCH", "/cleanrooms")
      assert.strictEqual(method.status, 405)
      assert.strictEqual(method.headers.get("allow"), "POST, GET, HEAD, OPTIONS")
      const options = yield* call("OPTIONS", "/cleanrooms")
      assert.strictEqual(options.status, 200)
      assert.strictEqual(options.headers.get("allow"), "POST, GET, HEAD, OPTIONS")
      const form = yield* send(`${sandbox.url}/cleanrooms`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/x-www-form-urlencoded" },
        body: "name=x"
      })
      assert.strictEqual(form.status, 415)
      const outside = yield* send(sandbox.url.replace("/v1", "/cleanrooms"))
      assert.strictEqual(outside.status, 404)
      assert.include(outside.headers.get("content-type") ?? "", "text/plain")
    }))

  it.scoped("says what is wrong with a body it cannot read", () =>
    Effect.gen(function*() {
      const { call, sandbox, token } = yield* start()
      const missing = yield* call("POST", "/cleanrooms", {})
      assert.strictEqual(missing.status, 400)
      assert.deepStrictEqual(Object.keys(missing.json), ["code", "message"])
      assert.include(missing.json.message, "name")
      const broken = yield* send(`${sandbox.url}/cleanrooms`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: "{\"name\": "
      })
      assert.strictEqual(broken.status, 400)
      assert.include(broken.json.message, "JSON")
      const query = yield* call("GET", "/cleanrooms?limit=many")
      assert.strictEqual(query.status, 400)
    }))

  it.scoped("owns up to its own faults with 500", () =>
    Effect.gen(function*() {
      const { get, sandbox } = yield* start()
      const person = sandbox.world.people.all()[0]
      assert.isDefined(person)
      sandbox.world.people.put(Object.assign({}, person, { email: { not: "text" } }))
      const answer = yield* get("/users")
      assert.strictEqual(answer.status, 500)
      assert.strictEqual(answer.json.error, "Internal Server Error")
    }))

  it.scoped("carries out every operation of the contract", () =>
    Effect.gen(function*() {
      const { call, sandbox } = yield* start()
      assert.lengthOf(Routes.all, 147)
      for (const { method, operation, segments } of Routes.all) {
        const path = segments.map((segment) => segment.startsWith(":") ? "unknown" : segment).join("/")
        const body = method === "GET" ? undefined : operation.startsWith("delete") ? { nodeIds: [] } : {}
        const { json, status } = yield* call(method, `/${path}`, body)
        // An operation's own refusal has a code; what no operation answers is a page of Spring's.
        const isRefused = [400, 403, 404].includes(status) && typeof json.code === "string"
        assert.isTrue(status < 300 || isRefused, `${operation}: ${status} ${JSON.stringify(json)}`)
        assert.strictEqual((yield* sandbox.requests).at(-1)?.operation, operation)
      }
    }))

  it.scoped("decodes encoded ids and does not let one change the path", () =>
    Effect.gen(function*() {
      const { client, sandbox } = yield* start()
      for (const id of ["a/b ?ü%2F#", "../users", "x".repeat(2000)]) {
        yield* Effect.flip(client.getCleanroomById({ path: { cleanroomId: id } }))
      }
      const requests = yield* sandbox.requests
      assert.deepStrictEqual(
        requests.slice(-3).map(({ operation, status }) => [operation, status]),
        Array.from({ length: 3 }, () => ["getCleanroomById", 404])
      )
    }))

  it.scoped("shuts down at once while a request hangs", () =>
    Effect.gen(function*() {
      const hanging = yield* Effect.scoped(Effect.gen(function*() {
        const { get, sandbox } = yield* start()
        yield* sandbox.faults.add({ operation: "getAllCleanrooms", kind: "hang" })
        const fiber = yield* Effect.forkDaemon(Effect.exit(get("/cleanrooms")))
        yield* noted(sandbox, ({ fault }) => fault === "hang")
        return fiber
      }))
      const exit = yield* hanging
      assert.strictEqual(exit._tag, "Failure")
    }))
})
