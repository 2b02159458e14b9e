import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as TestClock from "effect/TestClock"
import * as HabuClient from "../../src/habu/HabuClient.js"
import type { HabuError } from "../../src/habu/HabuError.js"
import * as Operations from "../../src/habu/Operations.js"
import { RetryPolicy } from "../../src/habu/RetryPolicy.js"
import * as Memory from "../../src/state/Memory.js"
import * as Client from "../support/Client.js"
import * as FakeHabu from "../support/FakeHabu.js"
import * as Progress from "../support/Progress.js"

type Client = HabuClient.Service

const withHabu = <A, E>(
  body: (habu: FakeHabu.FakeHabu, client: Client) => Effect.Effect<A, E>,
  config: NonNullable<Client.Options["config"]> = {}
) => {
  const habu = FakeHabu.make()
  return Effect.flatMap(HabuClient.HabuClient, (client) => body(habu, client)).pipe(
    Effect.provide(Client.client({ habu, config }))
  )
}

const room = { id: "r-1", displayId: "CR-1", name: "Retail" }
const path = { cleanroomId: "r-1" }
const run = { name: "Run 1", parameters: { start: "2026-01-01" } }
const runPath = { cleanroomQuestionId: "q-1" }

const cases: ReadonlyArray<
  readonly [
    name: string,
    call: (client: Client) => Effect.Effect<unknown, HabuError>,
    on: string,
    answer: unknown,
    sent: { readonly query?: object; readonly body?: unknown }
  ]
> = [
  [
    "a list, page by page",
    (c) => c.getAllCleanrooms({ urlParams: { limit: 500, offset: 500 } }),
    "GET /cleanrooms",
    [],
    {
      query: { limit: "500", offset: "500" }
    }
  ],
  ["a list without parameters", (c) => c.getAllCleanrooms({ urlParams: {} }), "GET /cleanrooms", [room], {}],
  ["one by id", (c) => c.getCleanroomById({ path }), "GET /cleanrooms/r-1", room, {}],
  [
    "an id that could change the path",
    (c) => c.getCleanroomById({ path: { cleanroomId: "a/../b ?ü#%2F" } }),
    "GET /cleanrooms/a%2F..%2Fb%20%3F%C3%BC%23%252F",
    room,
    {}
  ],
  [
    "a POST with a body",
    (c) => c.createCleanroomQuestionRun({ path: runPath, payload: run }),
    "POST /cleanroom-questions/q-1/create-run",
    { id: "run-1", status: "QUEUED" },
    { body: run }
  ],
  [
    "a POST whose JSON goes into the query",
    (c) =>
      c.assignCleanroomQuestionDatasetsOwnership({
        path: runPath,
        urlParams: { AssignCleanroomQuestionDatasetRequests: { organizationId: "o&1", macro: "@x" } }
      }),
    "POST /cleanroom-questions/q-1/datasets-ownership",
    [],
    { query: { AssignCleanroomQuestionDatasetRequests: "{\"organizationId\":\"o&1\",\"macro\":\"@x\"}" } }
  ],
  [
    "another POST whose JSON goes into the query",
    (c) => c.configureCleanRoomQuestionPermissions({ path: runPath, urlParams: { cleanroomQuestionPermissions: [] } }),
    "POST /cleanroom-questions/q-1/cleanroom-question-permissions",
    [],
    { query: { cleanroomQuestionPermissions: "[]" } }
  ],
  [
    "a POST with a query and no body",
    (c) => c.addCleanroomQuestion({ path, urlParams: { questionId: "qq", isEditable: false } }),
    "POST /cleanrooms/r-1/cleanroom-questions",
    {},
    { query: { questionId: "qq", isEditable: "false" } }
  ],
  [
    "a POST that only reads",
    (c) => c.listCleanroomFlows({ path, payload: { limit: 50 } }),
    "POST /cleanrooms/r-1/cleanroom-flows/list",
    { flows: [], count: 0 },
    { body: { limit: 50 } }
  ],
  [
    "several values in one parameter",
    (c) => c.listFlowNodeExportJobs({ path: { ...path, cleanroomFlowId: "f" }, urlParams: { nodeIds: ["a", "b"] } }),
    "GET /cleanrooms/r-1/cleanroom-flows/f/nodes/exports",
    [],
    { query: { nodeIds: "a,b" } }
  ],
  [
    "a DELETE with a body",
    (c) => c.deleteFlowNodeExportJobs({ path: { ...path, cleanroomFlowId: "f" }, payload: { nodeIds: ["a"] } }),
    "DELETE /cleanrooms/r-1/cleanroom-flows/f/nodes/exports",
    [],
    { body: { nodeIds: ["a"] } }
  ],
  [
    "a DELETE with a query",
    (c) => c.cancelPartnerInvitationByEmail({ path, urlParams: { partnerEmail: "a+b@c.example" } }),
    "DELETE /cleanrooms/r-1/invitations",
    {},
    { query: { partnerEmail: "a+b@c.example" } }
  ],
  [
    "a PATCH",
    (c) => c.changeJobStatus({ path: { exportJobId: "e" }, payload: { status: "PAUSED" } }),
    "PATCH /exports/jobs/e/status",
    {},
    { body: { status: "PAUSED" } }
  ],
  [
    "a secret",
    (c) =>
      c.createOrganizationCredential({
        payload: {
          name: "mine",
          credentialSourceId: "s",
          credentials: [{ name: "key", value: Redacted.make("the value itself") }]
        }
      }),
    "POST /organization-credentials",
    { id: "oc" },
    { body: { name: "mine", credentialSourceId: "s", credentials: [{ name: "key", value: "the value itself" }] } }
  ]
]

describe("on the wire", () => {
  it.effect.each(cases)("%s", ([_, call, on, answer, sent]) =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(on, { json: answer })
        yield* Progress.run(call(client))
        const [request] = habu.calls()
        expect(`${request?.method} ${request?.path}`).toBe(on)
        expect(Object.fromEntries(request?.query ?? [])).toEqual(sent.query ?? {})
        expect(request?.body === "" ? undefined : JSON.parse(request?.body ?? "")).toEqual(sent.body)
        expect(request?.headers).toMatchObject({
          authorization: `Bearer ${FakeHabu.tokenNumber(1)}`,
          accept: "application/json",
          ...(sent.body !== undefined && { "content-type": "application/json" })
        })
        expect(Object.keys(request?.headers ?? {}).filter((name) => /traceparent|b3/.test(name))).toEqual([])
      })
    ))

  it.effect("goes where HABU_API says", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [] })
        yield* Progress.run(client.getAllCleanrooms({ urlParams: {} }))
        expect(new Set(habu.sent.map(({ origin }) => origin))).toEqual(new Set(["http://localhost:4000"]))
      }), { apiUrl: "http://localhost:4000" }))

  it("has a method for each of the 147 operations", () =>
    Effect.runPromise(withHabu((_, client) =>
      Effect.sync(() => {
        expect(Operations.all.size).toBe(147)
        for (const id of Operations.all.keys()) {
          expect(client).toHaveProperty(id)
          expect(client.observed).toHaveProperty(id)
        }
      })
    )))

  it.effect.each([".", "..", "", "\uD800"])(
    "an id that cannot stand in a path is refused before it is sent: %j",
    (id) =>
      withHabu((habu, client) =>
        Effect.gen(function*() {
          const error = yield* Effect.flip(Progress.run(client.getCleanroomById({ path: { cleanroomId: id } })))
          expect(error).toMatchObject({
            _tag: "RequestInvalid",
            problem: "cleanroomId should be an id that can stand in a path"
          })
          expect(habu.calls()).toEqual([])
        })
      )
  )

  it.effect("asks for Habu's health without a token, an open circuit or an old answer in between", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /health", { json: { status: "UP" } }, { json: { status: "UP" } }, { status: 503 })
        expect(yield* client.getHealth()).toEqual({ status: "UP" })
        yield* client.getHealth()
        for (let i = 0; i < 6; i++) {
          expect(yield* Effect.flip(client.getHealth())).toMatchObject({ _tag: "Unavailable", status: 503 })
        }
        expect(habu.sent).toHaveLength(8)
        expect(habu.sent[0]?.headers).not.toHaveProperty("authorization")
      })
    ))

  it.effect("sends eight requests at once and no more", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        for (let i = 0; i < 20; i++) habu.on(`GET /cleanrooms/${i}`, { json: room, delay: "1 second" })
        const all = yield* Effect.fork(Effect.forEach(
          Array.from({ length: 20 }, (_, i) => `${i}`),
          (cleanroomId) => client.getCleanroomById({ path: { cleanroomId } }),
          { concurrency: "unbounded" }
        ))
        yield* Progress.until(() => habu.calls().length === 8)
        yield* TestClock.adjust("999 millis")
        expect(habu.calls()).toHaveLength(8)
        yield* TestClock.adjust("1 milli")
        expect(habu.calls()).toHaveLength(16)
        yield* Progress.ended(all)
        expect(habu.calls()).toHaveLength(20)
      })
    ))
})

describe("a write that worked", () => {
  const create = (client: Client) => client.createCleanroomQuestionRun({ path: runPath, payload: run })

  it.effect.each<readonly [string, FakeHabu.Answer, unknown]>([
    ["200", { json: { id: "run-1" } }, { id: "run-1" }],
    ["201", { status: 201, json: { id: "run-1" } }, { id: "run-1" }],
    ["202", { status: 202, json: { id: "run-1", status: "QUEUED" } }, { id: "run-1", status: "QUEUED" }],
    ["204", { status: 204 }, {}],
    ["200 with an empty body", { text: "" }, {}],
    ["201 with blanks", { status: 201, text: " \n" }, {}],
    ["a type that is not JSON's", { json: { id: "run-1" }, headers: { "content-type": "text/plain" } }, { id: "run-1" }]
  ])("is taken as done with %s", ([_, answer, value]) =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("POST /cleanroom-questions/q-1/create-run", answer)
        expect(yield* Progress.run(create(client))).toEqual(value)
      })
    ))

  it.effect("has made no list entries where its answer is empty", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("POST /cleanrooms/r-1/exports/jobs", { status: 201, text: "" })
        expect(yield* Progress.run(client.createDataExportJobs({ path, payload: { cleanroomQuestionId: "q-1" } })))
          .toEqual([])
      })
    ))
})

describe("a read without a body", () => {
  it.effect("is nothing only where the status says so", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { status: 204 })
        expect(yield* Progress.run(client.getAllCleanrooms({ urlParams: {} }))).toEqual([])
        habu.on("GET /users", { status: 200, text: "" })
        expect(yield* Effect.flip(Progress.run(client.getAllOrganizationUsers({ urlParams: {} })))).toMatchObject({
          _tag: "AnswerUnreadable"
        })
      })
    ))

  it.effect("is an empty file where a file was asked for, and a file is read as it stands", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        const file = (fileName: string, answer: FakeHabu.Answer) => {
          habu.on(`GET /cleanroom-question-runs/run-1/download/${fileName}`, answer)
          return Progress.run(
            client.getCleanroomQuestionRunOutputFile({ path: { cleanroomQuestionRunId: "run-1", fileName } })
          )
        }
        expect(yield* file("empty", { text: "" })).toBe("")
        expect(yield* file("none", { status: 204 })).toBe("")
        expect(yield* file("a.csv", { text: "a,b\n1,2\n" })).toBe("a,b\n1,2\n")
        expect(yield* file("quoted", { json: "a,b\n1,2\n" })).toBe("a,b\n1,2\n")
        expect(yield* file("a.json", { text: "[{\"a\":1}]" })).toBe("[{\"a\":1}]")
      })
    ))
})

describe("what Habu refuses", () => {
  const spring = { timestamp: "2025-06-23T19:14:34Z", status: 404, error: "Not Found", path: "/v1/x" }

  it.effect.each<readonly [string, FakeHabu.Answer, object]>([
    ["400 {code, message}", { status: 400, json: { code: "BAD", message: "No such type" } }, {
      _tag: "RequestInvalid",
      status: 400,
      habuMessage: "No such type"
    }],
    ["401 with details", { status: 401, json: { status: "X", code: 401, timestamp: "", message: "M", details: "D" } }, {
      _tag: "AccessTokenRefused",
      habuMessage: "M"
    }],
    ["403", { status: 403, json: { message: "denied" } }, { _tag: "Forbidden", habuMessage: "denied" }],
    ["404 in Spring's words", { status: 404, json: spring }, { _tag: "NotFound", habuMessage: "Not Found" }],
    ["404 in Spring's words without its message", { status: 404, json: { ...spring, message: "" } }, {
      _tag: "NotFound",
      habuMessage: "Not Found"
    }],
    ["404 without a body", { status: 404 }, { _tag: "NotFound", message: expect.not.stringContaining("said") }],
    ["405", { status: 405 }, { _tag: "RequestInvalid", status: 405 }],
    ["409", { status: 409, json: { message: "exists" } }, { _tag: "Conflict" }],
    ["412", { status: 412, json: { message: "not READY" } }, { _tag: "PreconditionFailed" }],
    ["415", { status: 415 }, { _tag: "RequestInvalid", status: 415 }],
    ["429", { status: 429 }, { _tag: "RateLimited" }],
    ["429 in seconds", { status: 429, headers: { "retry-after": "120" } }, { _tag: "RateLimited", retryAt: 120_000 }],
    [
      "429 with a date",
      { status: 429, headers: { "retry-after": "Thu, 01 Jan 1970 00:03:00 GMT" } },
      { _tag: "RateLimited", retryAt: 180_000 }
    ],
    [
      "429 with a date that has passed",
      { status: 429, headers: { "retry-after": "Wed, 31 Dec 1969 00:00:00 GMT" } },
      { _tag: "RateLimited", retryAt: 0 }
    ],
    ["429 with an absurd time", { status: 429, headers: { "retry-after": "9".repeat(400) } }, {
      _tag: "RateLimited",
      retryAt: 86_400_000
    }],
    ["500", { status: 500, json: { code: "E", message: "oops" } }, {
      _tag: "Unavailable",
      reason: "server_error",
      status: 500,
      habuMessage: "oops"
    }],
    ["503 with a time", { status: 503, headers: { "retry-after": "60" } }, { _tag: "Unavailable", retryAt: 60_000 }],
    ["a redirect", { status: 302, headers: { location: "/login" } }, {
      _tag: "AnswerUnreadable",
      problem: "status 302, which Habu does not use"
    }],
    ["a refusal that broke off", { status: 403, text: "{\"message\":\"denied\"}", cut: true }, { _tag: "Forbidden" }],
    ["a page", { status: 502, text: "<html>CANARY</html>" }, { _tag: "Unavailable", status: 502 }],
    ["a message that is no text", { status: 400, json: { message: { deep: "CANARY" } } }, {
      _tag: "RequestInvalid",
      message: expect.not.stringContaining("said")
    }],
    ["a body that is no object", { status: 400, json: ["CANARY"] }, { _tag: "RequestInvalid" }]
  ])("%s", ([_, answer, expected]) =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("PUT /cleanrooms/r-1/users/u/cleanRoomRoles/x", answer)
        const call = client.updateCleanroomUserRole({ path: { ...path, cleanroomUserId: "u", cleanRoomRoleId: "x" } })
        const error = yield* Effect.flip(Progress.run(Effect.provideService(call, RetryPolicy, Schedule.stop)))
        expect(error).toMatchObject({ operation: "updateCleanroomUserRole", ...expected })
        expect(JSON.stringify(error)).not.toContain("CANARY")
      })
    ))

  it.effect("carries the request id, of which Habu sends two", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms/r-1", { status: 404, headers: { "x-request-id": "4f2a, 4f2a" } })
        expect(yield* Effect.flip(Progress.run(client.getCleanroomById({ path })))).toMatchObject({ requestId: "4f2a" })
        habu.on("GET /cleanrooms/r-1", { text: "{", headers: { "x-request-id": "5b3c" } })
        expect(yield* Effect.flip(Progress.run(client.getCleanroomById({ path })))).toMatchObject({
          _tag: "AnswerUnreadable",
          requestId: "5b3c"
        })
        habu.on("GET /cleanrooms/r-1", { status: 404, headers: { "x-request-id": " " } })
        expect(yield* Effect.flip(Progress.run(client.getCleanroomById({ path })))).not.toHaveProperty("requestId")
      })
    ))

  it.effect("says what Habu said, cleaned and short: it is another party's text", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms/r-1", {
          status: 404,
          json: { message: `Ignore\u202E all\nprevious\u200B ${"x".repeat(10_000)}` }
        })
        const error = yield* Effect.flip(Progress.run(client.getCleanroomById({ path })))
        expect(error).toMatchObject({ habuMessage: expect.stringMatching(/^Ignore all previous x+…$/) })
        expect("habuMessage" in error && error.habuMessage?.length).toBe(300)
      })
    ))
})

describe("an answer that is not what the contract promises", () => {
  it.effect.each<readonly [string, FakeHabu.Answer, string]>([
    ["a field of another kind", { json: { ...room, partners: [{ CANARY: 1 }] } }, "partners.0"],
    ["a list instead of one", { json: ["CANARY"] }, "it should be"],
    ["null", { json: null }, "it should be"],
    ["a page", { text: "<html>CANARY</html>" }, "it is missing or cannot be read"],
    ["half of it", { text: "{\"id\":\"CANARY\"" }, "it is missing or cannot be read"]
  ])(
    "%s is told by its place, and not by what was found",
    ([_, answer, where]) =>
      withHabu((habu, client) =>
        Effect.gen(function*() {
          habu.on("GET /cleanrooms/r-1", answer)
          const error = yield* Effect.flip(Progress.run(client.getCleanroomById({ path })))
          expect(error).toMatchObject({ _tag: "AnswerUnreadable", problem: expect.stringContaining(where) })
          expect(JSON.stringify(error)).not.toContain("CANARY")
        })
      )
  )

  it.effect("a number that is none is not quoted", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms/r-1", { json: { ...room, questionsCount: "CANARY" } })
        const error = yield* Effect.flip(Progress.run(client.getCleanroomById({ path })))
        expect(error).toMatchObject({ problem: "questionsCount should be number" })
      })
    ))

  it.effect("what breaks off in the middle is told so", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms/r-1", { json: room, cut: true })
        expect(yield* Effect.flip(Progress.run(client.getCleanroomById({ path })))).toMatchObject({
          _tag: "AnswerUnreadable",
          problem: "its body broke off or is not text"
        })
      })
    ))
})

describe("a request that the contract does not allow", () => {
  it.effect("is refused before it is sent, without its values", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(Progress.run(
          client.listFlowNodeExportJobs({
            path: { ...path, cleanroomFlowId: "f" },
            urlParams: { nodeIds: ["CANARY,and more"], limit: 0.5 }
          })
        ))
        expect(error).toMatchObject({ _tag: "RequestInvalid", problem: expect.stringContaining("nodeIds") })
        expect(JSON.stringify(error)).not.toContain("CANARY")
        expect(habu.calls()).toEqual([])
      })
    ))
})

describe("an access token that is refused", () => {
  const call = (client: Client) => Progress.run(client.getAllCleanrooms({ urlParams: {} }))
  const accepts = (token: string) => (sent: FakeHabu.Sent): FakeHabu.Answer =>
    sent.headers["authorization"] === `Bearer ${token}` ? { json: [room] } : { status: 401 }

  it.effect("is replaced and the request sent once more", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", accepts(FakeHabu.tokenNumber(1)))
        yield* call(client)
        yield* TestClock.adjust("2 minutes")
        habu.on("GET /cleanrooms", accepts(FakeHabu.tokenNumber(2)))
        expect(yield* call(client)).toEqual([room])
        expect(habu.tokenRequests()).toHaveLength(2)
        expect(habu.calls()).toHaveLength(3)
      })
    ))

  it.effect("is replaced once for many requests at the same time", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [] })
        yield* call(client)
        yield* TestClock.adjust("2 minutes")
        const ids = Array.from({ length: 8 }, (_, i) => `${i}`)
        for (const id of ids) habu.on(`GET /cleanrooms/${id}`, accepts(FakeHabu.tokenNumber(2)))
        yield* Progress.run(Effect.forEach(ids, (cleanroomId) =>
          client.getCleanroomById({ path: { cleanroomId } }).pipe(
            Effect.catchTag("AnswerUnreadable", () => Effect.void)
          ), { concurrency: "unbounded" }))
        expect(habu.tokenRequests()).toHaveLength(2)
      })
    ))

  it.effect("never starts a loop", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [] }, { status: 401, json: { message: "Invalid JWT serialization" } })
        yield* call(client)
        yield* TestClock.adjust("2 minutes")
        expect(yield* Effect.flip(call(client))).toMatchObject({ _tag: "AccessTokenRefused" })
        expect(habu.tokenRequests()).toHaveLength(2)
        expect(habu.calls()).toHaveLength(3)
        // The second was minted a moment ago: the day's slots are not spent on it.
        expect(yield* Effect.flip(call(client))).toMatchObject({ _tag: "AccessTokenRefused" })
        expect(habu.tokenRequests()).toHaveLength(2)
        expect(habu.calls()).toHaveLength(4)
      })
    ))

  it.effect("is told with the time of the next one where none is left", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [] }, { status: 401 })
        yield* call(client)
        yield* TestClock.adjust("2 minutes")
        yield* Effect.flip(call(client))
        yield* TestClock.adjust("2 minutes")
        expect(yield* Effect.flip(call(client))).toMatchObject({
          _tag: "AccessTokenRefused",
          retryAt: 24 * 60 * 60_000
        })
        expect(habu.tokenRequests()).toHaveLength(2)
      })
    ))

  it.effect("costs no token where it was minted just before", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { status: 401 })
        expect(yield* Effect.flip(call(client))).toMatchObject({ _tag: "AccessTokenRefused" })
        expect(habu.sent).toHaveLength(2)
      })
    ))
})

describe("the layers", () => {
  it.effect("take the environment's settings", () => {
    const habu = FakeHabu.make()
    habu.on("GET /cleanrooms", { json: [room] })
    return Effect.gen(function*() {
      const client = yield* HabuClient.HabuClient
      expect(yield* Progress.run(client.getAllCleanrooms({ urlParams: {} }))).toEqual([room])
      expect(habu.calls()[0]?.origin).toBe("https://gateway.example")
    }).pipe(
      Effect.provide(HabuClient.layerConfig),
      Effect.provide(
        Layer.mergeAll(Memory.layer, NodeFileSystem.layer, Layer.succeed(HttpClient.HttpClient, habu.client))
      ),
      Effect.withConfigProvider(ConfigProvider.fromMap(
        new Map([
          ["HABU_API", "https://gateway.example"],
          ["HABU_API_CLIENT", Client.clientId],
          ["HABU_API_SECRET", Client.clientSecret]
        ])
      ))
    )
  })

  it.effect("let an embedder change the HTTP client below", () => {
    const habu = FakeHabu.make()
    habu.on("GET /cleanrooms", { json: [] })
    const transformClient = HttpClient.mapRequest(HttpClientRequest.setHeader("x-team", "retail"))
    return Effect.gen(function*() {
      const client = yield* HabuClient.HabuClient
      yield* Progress.run(client.getAllCleanrooms({ urlParams: {} }))
      expect(habu.sent.map(({ headers, path }) => [path, headers["x-team"]])).toEqual([
        ["/oauth/token", "retail"],
        ["/cleanrooms", "retail"]
      ])
    }).pipe(Effect.provide(
      Layer.fresh(HabuClient.layerDefault({ transformClient })).pipe(Layer.provide(Client.client({ habu })))
    ))
  })

  it.effect("say what to set when the first call is made, and not before", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(Progress.run(client.getAllCleanrooms({ urlParams: {} })))
        expect(error).toMatchObject({ _tag: "ConfigurationInvalid", setting: "HABU_API_CLIENT" })
        expect(habu.sent).toEqual([])
      }), { clientId: "${HABU_API_CLIENT}" }))
})
