import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { request as httpRequest } from "node:http"
import { hero } from "../../src/sandbox/Seed.js"
import { monday, requestToken, send, start } from "./harness.js"

const dates = { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" }

const begin = (options: Parameters<typeof start>[0] = {}) =>
  Effect.map(start(options), (harness) => {
    const base = harness.sandbox.url.replace(/\/v1$/, "/__sandbox")
    const control = (method: string, path: string, body?: unknown) =>
      send(`${base}${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
    return { ...harness, base, control }
  })

/** A request with headers that `fetch` would not let through. */
const withHeaders = (url: string, headers: Record<string, string>) =>
  Effect.async<number>((resume) => {
    const request = httpRequest(url, { headers }, (response) => {
      response.resume()
      resume(Effect.succeed(response.statusCode ?? 0))
    })
    request.end()
  })

describe("who may ask", () => {
  it.scoped("is a program on this machine, without a token, and nobody's web page", () =>
    Effect.gen(function*() {
      const { base } = yield* begin()
      const { port } = new URL(base)
      const state = `${base}/state`
      for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`]) {
        assert.strictEqual(yield* withHeaders(state, { host }), 200, host)
      }
      for (const host of [`evil.example:${port}`, "127.0.0.1", "127.0.0.1:1", `127.0.0.1.evil.example:${port}`]) {
        assert.strictEqual(yield* withHeaders(state, { host }), 403, host)
      }
      const host = `127.0.0.1:${port}`
      assert.strictEqual(yield* withHeaders(state, { host, origin: "https://evil.example" }), 403)
      assert.strictEqual(yield* withHeaders(state, { host, origin: "null" }), 403)
      assert.strictEqual(yield* withHeaders(state, { host, origin: `http://${host}` }), 403)
    }))

  it.scoped("learns what there is from a wrong path or method", () =>
    Effect.gen(function*() {
      const { control } = yield* begin()
      const unknown = yield* control("GET", "/stat")
      assert.strictEqual(unknown.status, 404)
      assert.include(unknown.json.message, "/__sandbox/state")
      const wrong = yield* control("PUT", "/faults")
      assert.strictEqual(wrong.status, 405)
      assert.strictEqual(wrong.headers.get("allow"), "GET, POST, DELETE")
    }))
})

describe("/__sandbox/requests", () => {
  it.scoped("lists what clients sent, from a time on, and forgets it; asking is not listed", () =>
    Effect.gen(function*() {
      const { control, get, sandbox } = yield* begin()
      yield* get("/cleanrooms?limit=1")
      yield* sandbox.clock.advance("1 hour")
      yield* get("/users")
      const all = yield* control("GET", "/requests")
      assert.deepStrictEqual(
        all.json.map(({ method, operation, path, status }: Record<string, unknown>) => [
          method,
          path,
          operation,
          status
        ]),
        [
          ["POST", "/v1/oauth/token", "token", 200],
          ["GET", "/v1/cleanrooms?limit=1", "getAllCleanrooms", 200],
          ["GET", "/v1/users", "getAllOrganizationUsers", 200]
        ]
      )
      const since = new Date(monday + 60_000).toISOString()
      const later = yield* control("GET", `/requests?since=${since}`)
      assert.deepStrictEqual(later.json.map(({ path }: { path: string }) => path), ["/v1/users"])
      const wrong = yield* control("GET", "/requests?since=yesterday")
      assert.strictEqual(wrong.status, 400)
      assert.include(wrong.json, { field: "since", value: "yesterday" })
      assert.strictEqual((yield* control("DELETE", "/requests")).status, 200)
      assert.deepStrictEqual((yield* control("GET", "/requests")).json, [])
      assert.lengthOf(yield* sandbox.requests, 0)
    }))
})

describe("/__sandbox/state", () => {
  it.scoped("shows clock, budgets and runs in flight until they end, and no secret", () =>
    Effect.gen(function*() {
      const { call, control, questionId, sandbox } = yield* begin()
      const question = yield* questionId("Fizzwell Summer Campaign", hero)
      const run = yield* call("POST", `/cleanroom-questions/${question}/create-run`, { name: "one", parameters: dates })
      const { json, text } = yield* control("GET", "/state")
      assert.strictEqual(json.time, new Date(monday).toISOString())
      assert.strictEqual(json.speed, 60)
      assert.deepStrictEqual(json.budgets, {
        tokens: { used: 1, limit: 2, windowHours: 24 },
        runStarts: { used: 1, limit: 20, windowHours: 1 },
        flowRunStarts: { used: 0, limit: 20, windowHours: 1 }
      })
      assert.lengthOf(json.runsInFlight, 1)
      const [inFlight] = json.runsInFlight
      assert.include(inFlight, { id: run.json.id, name: "one", of: hero, status: "QUEUED" })
      const due = Date.parse(inFlight.dueAt)
      assert.isAbove(due, monday + 15 * 60_000)
      assert.isAtMost(due, monday + 30 * 60_000)
      assert.notInclude(text, Redacted.value(sandbox.clientSecret))
      yield* control("POST", "/clock", { set: new Date(due - 1000).toISOString() })
      assert.strictEqual((yield* control("GET", "/state")).json.runsInFlight[0].status, "RUNNING")
      yield* control("POST", "/clock", { advance_seconds: 1 })
      assert.deepStrictEqual((yield* control("GET", "/state")).json.runsInFlight, [])
      assert.strictEqual((yield* call("GET", `/cleanroom-question-runs/${run.json.id}`)).json.status, "COMPLETED")
      yield* control("POST", "/clock", { advance_seconds: 3600 })
      assert.strictEqual((yield* control("GET", "/state")).json.budgets.runStarts.used, 0)
    }))

  it.scoped("shows flow runs with the time at which they are done", () =>
    Effect.gen(function*() {
      const { call, control, sandbox } = yield* begin()
      const past = sandbox.world.flowRuns.all()[0]
      const flow = sandbox.world.flows.get(past?.flowRowId ?? "")
      const [paused, ...others] = (yield* control("GET", "/state")).json.flowRunsInFlight
      assert.deepInclude(paused, { of: "Audience Refresh", status: "PAUSED" })
      assert.notProperty(paused, "dueAt")
      assert.deepStrictEqual(others, [])
      const runs = `/cleanrooms/${flow?.cleanRoomId}/cleanroom-flow-runs`
      const replay = yield* call("POST", `${runs}/${past?.id}/replay-flow-run`, { startLevelID: "1", name: "again" })
      assert.strictEqual(replay.status, 200, replay.text)
      const [, inFlight] = (yield* control("GET", "/state")).json.flowRunsInFlight
      assert.include(inFlight, { name: "again", of: flow?.name, status: "QUEUED" })
      const due = Date.parse(inFlight.dueAt)
      yield* control("POST", "/clock", { set: new Date(due - 1000).toISOString() })
      assert.strictEqual((yield* control("GET", "/state")).json.flowRunsInFlight[1].status, "RUNNING")
      yield* control("POST", "/clock", { set: inFlight.dueAt })
      assert.deepStrictEqual((yield* control("GET", "/state")).json.flowRunsInFlight, [paused])
    }))
})

describe("/__sandbox/clock", () => {
  it.scoped("moves on or is set, and answers with the time", () =>
    Effect.gen(function*() {
      const { control, sandbox } = yield* begin()
      const moved = yield* control("POST", "/clock", { advance_seconds: 90.5 })
      assert.strictEqual(moved.json.time, new Date(monday + 90_500).toISOString())
      const set = yield* control("POST", "/clock", { set: "2026-05-01T00:00:00Z" })
      assert.strictEqual(set.json.time, "2026-05-01T00:00:00.000Z")
      assert.strictEqual(yield* sandbox.clock.now, Date.UTC(2026, 4, 1))
    }))

  it.scoped("refuses what it cannot use, by field, value and what is possible", () =>
    Effect.gen(function*() {
      const { control, sandbox } = yield* begin()
      const refusals: ReadonlyArray<readonly [unknown, string, string]> = [
        [{ advance_seconds: -1 }, "advance_seconds", "non-negative"],
        [{ advance_seconds: "1" }, "advance_seconds", "number"],
        [{ set: "noon" }, "set", "ISO"],
        [{ set: 7 }, "set", "string"],
        [{ advance: 3 }, "advance", "advance_seconds"],
        [{}, "advance_seconds", "must be given"],
        ["soon", "the body", "advance_seconds"]
      ]
      for (const [body, field, possible] of refusals) {
        const { json, status } = yield* control("POST", "/clock", body)
        assert.strictEqual(status, 400)
        assert.strictEqual(json.field, field)
        assert.include(json.message, possible)
      }
      assert.strictEqual(yield* sandbox.clock.now, monday)
    }))
})

describe("/__sandbox/faults", () => {
  it.scoped("takes one or several, lists how often each is left, and clears them", () =>
    Effect.gen(function*() {
      const { control, get } = yield* begin()
      const busy = { kind: "status", status: 503, operation: "getAllOrganizationUsers", count: 2 }
      assert.deepStrictEqual((yield* control("POST", "/faults", busy)).json, [busy])
      yield* control("POST", "/faults", [{ kind: "html", operation: "getAllCleanrooms" }])
      assert.strictEqual((yield* get("/users")).status, 503)
      assert.deepStrictEqual((yield* control("GET", "/faults")).json, [
        { ...busy, count: 1 },
        { kind: "html", operation: "getAllCleanrooms" }
      ])
      assert.include((yield* get("/cleanrooms")).text, "<html>")
      assert.deepStrictEqual((yield* control("DELETE", "/faults")).json, [])
      assert.strictEqual((yield* get("/users")).status, 200)
    }))

  it.scoped("refuses a list with one wrong fault in it, and adds none of it", () =>
    Effect.gen(function*() {
      const { control } = yield* begin()
      const good = { kind: "hang", operation: "*" }
      const refusals: ReadonlyArray<readonly [unknown, string, string]> = [
        [{ kind: "explode", operation: "*" }, "faults[1].kind", "possible: status, delay, hang"],
        [{ operation: "*" }, "faults[1].kind", "possible: status"],
        [{ kind: "hang", operation: "getAllCleanroom" }, "faults[1].operation", "getAllCleanrooms"],
        [{ kind: "hang" }, "faults[1].operation", "must be given"],
        [{ kind: "status", operation: "*" }, "faults[1].status", "must be given"],
        [{ kind: "status", status: "503", operation: "*" }, "faults[1].status", "number"],
        [{ kind: "late", millis: -1, operation: "*" }, "faults[1].millis", "non-negative"],
        [{ kind: "hang", operation: "*", probability: 2 }, "faults[1].probability", "between 0 and 1"],
        [{ kind: "hang", operation: "*", count: 0 }, "faults[1].count", "positive"],
        [{ kind: "hang", operation: "*", times: 2 }, "faults[1].times", "count"],
        [7, "faults[1].kind", "possible"]
      ]
      for (const [fault, field, possible] of refusals) {
        const { json, status } = yield* control("POST", "/faults", [good, fault])
        assert.strictEqual(status, 400)
        assert.strictEqual(json.field, field)
        assert.include(json.message, possible)
      }
      assert.deepStrictEqual((yield* control("GET", "/faults")).json, [])
    }))
})

describe("/__sandbox/partner", () => {
  it.scoped("accepts or declines an invitation, which the API then shows", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, control, get } = yield* begin()
      const id = yield* cleanRoomId("Holiday Planning")
      const invitations = Effect.map(get(`/cleanrooms/${id}/invitations`), ({ text }) => text)
      assert.include(yield* invitations, "PENDING")
      const email = "noah.kim@fizzwell.example"
      assert.strictEqual((yield* control("POST", "/partner", { email, decision: "accept" })).status, 200)
      const partners = yield* get(`/cleanrooms/${id}/partners`)
      assert.include(partners.text, "Fizzwell")
      const again = yield* control("POST", "/partner", { email, decision: "decline" })
      assert.strictEqual(again.status, 400)
      assert.include(again.json, { field: "email", value: email })
      yield* call("POST", "/cleanrooms", { name: "Other", startAt: "2026-03-16", type: "Hybrid" })
      const wrong = yield* control("POST", "/partner", { email, decision: "maybe" })
      assert.include(wrong.json, { field: "decision", value: "maybe" })
      assert.include(wrong.json.message, "\"accept\", \"decline\"")
    }))
})

describe("the partner's side", () => {
  it.scoped("takes a clean room from an invitation to a run over a partner's data", () =>
    Effect.gen(function*() {
      const { call, control, get, sandbox } = yield* begin()
      const { json: room } = yield* call("POST", "/cleanrooms", {
        name: "With Lumen Street",
        startAt: "2026-03-16",
        type: "Hybrid"
      })
      const partnerAdminEmail = "lucia.ferreira@lumenstreet.example"
      yield* call("POST", `/cleanrooms/${room.id}/partners`, { partnerAdminEmail })
      const data = { cleanroomId: room.id, organization: "Lumen Street Media" }
      const early = yield* control("POST", "/partner/datasets", data)
      assert.strictEqual(early.status, 400)
      assert.include(early.json, { field: "organization", value: "Lumen Street Media" })
      yield* control("POST", "/partner", { email: partnerAdminEmail, decision: "accept" })
      const named = { ...data, dataConnection: "Lumen Street Audience" }
      assert.strictEqual((yield* control("POST", "/partner/datasets", named)).status, 200)
      const datasets = () => Effect.map(get(`/cleanrooms/${room.id}/datasets`), ({ json }) => json)
      const [{ id: first }] = yield* datasets()
      assert.strictEqual((yield* control("POST", "/partner/datasets", data)).status, 200)
      assert.deepStrictEqual((yield* datasets()).map(({ name }: { name: string }) => name), [
        "Lumen Street Audience",
        "Lumen Street Exposures",
        "Lumen Street RampID Map"
      ])
      const { json: made } = yield* call("POST", `/question?cleanRoomID=${room.id}`, {
        questionDetails: {
          title: "Segments",
          category: "Test",
          queryDetails: [{ cleanRoomType: "Hybrid", query: "SELECT @a.@segment, count(*) AS n FROM @a GROUP BY 1" }],
          dataTypes: [{ macro: "a", importDataType: "UserData" }]
        }
      })
      const { json: { id } } = yield* get(`/cleanrooms/${room.id}/questions/${made.questionID}`)
      const assign = (dataset: string) =>
        control("POST", "/partner/assign", { cleanroomQuestionId: id, macro: "a", dataset })
      assert.include((yield* assign("Lumen Street Audience")).json, { field: "macro", value: "a" })
      const { json: [, partner] } = yield* get(`/cleanrooms/${room.id}/stakeholders`)
      const ownership = { organizationId: partner.organizationId, macro: "a" }
      yield* call(
        "POST",
        `/cleanroom-questions/${id}/datasets-ownership?AssignCleanroomQuestionDatasetRequests=${
          encodeURIComponent(JSON.stringify(ownership))
        }`
      )
      const own = yield* call("POST", `/cleanroom-questions/${id}/datasets`, [{ macro: "a", datasetId: first }])
      assert.strictEqual(own.status, 403)
      const wrong = yield* assign("Lumen Street Exposures")
      assert.strictEqual(wrong.status, 400)
      assert.include(wrong.json.message, "Lumen Street Audience")
      assert.strictEqual((yield* assign("Lumen Street Audience")).status, 200)
      assert.strictEqual((yield* get(`/cleanroom-questions/${id}`)).json.status, "READY")
      const { json: run } = yield* call("POST", `/cleanroom-questions/${id}/create-run`, { name: "r", parameters: {} })
      yield* sandbox.clock.advance("31 minutes")
      assert.isAbove((yield* get(`/cleanroom-question-runs/${run.id}/data`)).json.count, 3)
      const shared = { ...named, partnerCanAssign: true }
      yield* control("POST", "/partner/datasets", shared)
      assert.strictEqual((yield* datasets())[0].partnerCanAssign, true)
    }))

  it.scoped("decides on a destination of ours in its clean room", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, control, get, sandbox } = yield* begin()
      const cleanroomId = yield* cleanRoomId("Lumen Street Audience Marketplace")
      const path = `/cleanrooms/${cleanroomId}/destinations`
      const name = "Alder & Pine Activation"
      const id = sandbox.world.destinations.find((row) => row.name === name)?.id ?? ""
      yield* call("POST", path, { destinations: [id] })
      const status = Effect.map(get(path), ({ json }) =>
        json.partnerAccounts.find((item: { partnerAccount: { ID: string } }) =>
          item.partnerAccount.ID === id
        )
          ?.channelStatus)
      const before = yield* status
      const decision = { cleanroomId, destination: name, decision: "APPROVE" }
      const decided = yield* control("POST", "/partner/review", decision)
      assert.deepStrictEqual([before, decided.status, yield* status], ["PENDING_CHANNEL", 200, "ACTIVE_CHANNEL"])
      assert.strictEqual((yield* control("POST", "/partner/review", decision)).status, 400)
    }))
})

describe("/__sandbox/rights", () => {
  it.scoped("changes the API user's role in a clean room and closes parts of it", () =>
    Effect.gen(function*() {
      const { cleanRoomId, control, get } = yield* begin()
      const cleanroomId = yield* cleanRoomId("Lumen Street Measurement")
      const status = (part: string) => Effect.map(get(`/cleanrooms/${cleanroomId}${part}`), ({ status }) => status)
      assert.strictEqual((yield* control("POST", "/rights", { cleanroomId, denied: ["users"] })).status, 200)
      assert.deepStrictEqual([yield* status("/users"), yield* status("/datasets")], [403, 200])
      yield* control("POST", "/rights", { cleanroomId, role: "Viewer", denied: [] })
      assert.deepStrictEqual([yield* status(""), yield* status("/datasets")], [200, 403])
      yield* control("POST", "/rights", { cleanroomId, role: "none" })
      assert.strictEqual(yield* status(""), 404)
      const wrong = yield* control("POST", "/rights", { cleanroomId, role: "King" })
      assert.include(wrong.json, { field: "role", value: "King" })
      assert.include(wrong.json.message, "Administrator")
    }))
})

describe("/__sandbox/rotate-secret", () => {
  it.scoped("answers with the new secret; the old one and its tokens are gone", () =>
    Effect.gen(function*() {
      const { control, get, sandbox } = yield* begin()
      const { clientSecret } = (yield* control("POST", "/rotate-secret")).json
      assert.match(clientSecret, /^[A-Za-z0-9]{64}$/)
      assert.strictEqual((yield* get("/users")).status, 401)
      assert.strictEqual((yield* requestToken(sandbox)).status, 401)
      assert.strictEqual((yield* requestToken(sandbox, clientSecret)).status, 200)
    }))
})

describe("a larger organisation", () => {
  it.scoped("has so many clean rooms more, each with its questions, ready to run", () =>
    Effect.gen(function*() {
      const small = yield* begin()
      const large = yield* begin({ rooms: 30, questions: 25 })
      const rooms = (yield* large.get("/cleanrooms?limit=500")).json
      const before = (yield* small.get("/cleanrooms?limit=500")).json
      assert.lengthOf(rooms, before.length + 30)
      assert.deepStrictEqual(rooms.slice(0, before.length), before)
      const added = rooms.at(-1)
      const questions = (yield* large.get(`/cleanrooms/${added.id}/cleanroom-questions`)).json
      assert.lengthOf(questions, 25)
      assert.lengthOf(new Set(questions.map(({ name }: { name: string }) => name)), 25)
      const ready = questions.find(({ name }: { name: string }) => name === hero)
      assert.strictEqual(ready.status, "READY")
      const run = yield* large.call("POST", `/cleanroom-questions/${ready.id}/create-run`, {
        name: "large",
        parameters: dates
      })
      yield* large.control("POST", "/clock", { advance_seconds: 1860 })
      const { json } = yield* large.get(`/cleanroom-question-runs/${run.json.id}`)
      assert.strictEqual(json.status, "COMPLETED")
    }))
})
