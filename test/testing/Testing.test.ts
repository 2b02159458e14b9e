import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { build } from "esbuild"
import * as Api from "../../src/habu/api/index.js"
import { HabuBreaker } from "../../src/habu/HabuBreaker.js"
import { HabuBudget } from "../../src/habu/HabuBudget.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import { HabuDirectory } from "../../src/habu/HabuDirectory.js"
import { Unavailable } from "../../src/habu/HabuError.js"
import * as HabuState from "../../src/habu/HabuState.js"
import * as Operations from "../../src/habu/Operations.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Memory from "../../src/state/Memory.js"
import { Fixtures, Mock, RecordingClient, Reply, SandboxHabu, VirtualTime } from "../../src/testing/index.js"
import { CredentialReference } from "../../src/workflows/data/CredentialReference.js"

const operations = [...Operations.all.values()].flatMap(({ answer, id }) =>
  answer === undefined ? [] : [{ id: id as HabuClient.OperationId, answer }]
)

const holes = (value: unknown): ReadonlyArray<unknown> =>
  typeof value === "object" && value !== null ? Object.values(value).flatMap(holes) : value === undefined ? [value] : []

describe("a fixture", () => {
  it("is there for every operation, reads back as it was sent, and is the same for the same seed", () => {
    assert.lengthOf(operations, 147)
    for (const { answer, id } of operations) {
      const made = Fixtures.answer(id)
      assert.deepStrictEqual(Schema.decodeUnknownSync(answer)(Fixtures.encodedAnswer(id)), made, id)
      assert.deepStrictEqual(holes(made), [], id)
    }
  })

  it("is complete, and differs by seed", () => {
    const room = Fixtures.of(Api.CleanRooms.CleanRoom)
    assert.sameMembers(Object.keys(room), Object.keys(Api.CleanRooms.CleanRoom.fields))
    assert.match(room.id ?? "", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.isAbove(Fixtures.answer("getAllCleanrooms").length, 0)
    assert.notDeepEqual(Fixtures.of(Api.CleanRooms.CleanRoom, 2), room)
    const several = Fixtures.many(Api.CleanRooms.CleanRoom, 20)
    assert.lengthOf(new Set(several.map(({ id }) => id)), 20)
  })
})

const secret = "CANARY-of-a-secret"

const record = <A, E>(
  use: (habu: HabuClient.Service) => Effect.Effect<A, E>,
  script: RecordingClient.Script
) =>
  Effect.gen(function*() {
    const exit = yield* Effect.flatMap(HabuClient.HabuClient, (habu) => VirtualTime.run(Effect.exit(use(habu))))
    const { sent } = yield* RecordingClient.RecordingClient
    return { exit, sent: yield* sent() }
  }).pipe(Effect.provide(
    HabuClient.layerDefault().pipe(
      Layer.provideMerge(RecordingClient.layer(script)),
      Layer.provide([Mock.habuConfig({ clientSecret: Redacted.make(secret.padEnd(64, "0")) }), Memory.layer])
    )
  ))

describe("the recording client", () => {
  it.effect("tells what was sent, and no secret", () =>
    Effect.gen(function*() {
      const payload = {
        name: "Bucket",
        credentialSourceId: "source-1",
        credentials: [{ name: "AWS_SECRET", value: Redacted.make(secret) }]
      }
      const { sent } = yield* record(
        (habu) =>
          Effect.zipRight(
            habu.createOrganizationCredential({ payload: payload as never }),
            habu.getCleanroomUsers({
              path: { cleanroomId: "a/b" },
              urlParams: { cleanroomUserEmail: "ann@example.com" }
            })
          ),
        {
          token: Reply.json({ accessToken: secret, tokenType: "Bearer", expiresIn: 43_200 }),
          createOrganizationCredential: Reply.json({}),
          getCleanroomUsers: Reply.json([])
        }
      )
      assert.deepStrictEqual(sent.map(({ operation, status }) => [operation, status]), [
        ["token", 200],
        ["createOrganizationCredential", 200],
        ["getCleanroomUsers", 200]
      ])
      assert.deepInclude(sent[2], {
        path: { cleanroomId: "a/b" },
        query: { cleanroomUserEmail: "ann@example.com" },
        method: "GET",
        body: undefined
      })
      assert.nestedInclude(sent[1], { "body.name": "Bucket" })
      const everything = JSON.stringify(sent)
      assert.notInclude(everything, secret)
      assert.notInclude(everything, Buffer.from(secret).toString("base64").slice(0, -2))
    }))

  it.effect("replies in turn, and dies of what it was not told", () =>
    Effect.gen(function*() {
      const { exit, sent } = yield* record(
        (habu) => Effect.zipRight(habu.getAllCleanrooms({ urlParams: {} }), habu.getHealth()),
        { getAllCleanrooms: [Reply.unreachable, Reply.refusal(503, "Busy"), Reply.json([])] }
      )
      assert.include(JSON.stringify(exit), "The script has no reply to getHealth (GET https://api.habu.com/v1/health)")
      assert.deepStrictEqual(sent.map(({ status }) => status), [200, undefined, 503, 200, undefined])
    }))

  it.effect("refuses in Habu's words, and leaves a lost start unknown", () =>
    Effect.gen(function*() {
      const { exit } = yield* record((habu) => Effect.flip(habu.getAllCleanrooms({ urlParams: {} })), {
        getAllCleanrooms: Reply.refusal(403, "Not for you")
      })
      assert.include(JSON.stringify(exit), "Not for you")
    }))

  it.effect("passes on what the script leaves out", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const http = yield* HttpClient.HttpClient
      const { forget, sent } = yield* RecordingClient.RecordingClient
      assert.strictEqual((yield* http.get(`${sandbox.url}/health`)).status, 418)
      assert.strictEqual((yield* http.get(`${sandbox.url}/health`)).status, 418)
      assert.strictEqual((yield* http.get(`${sandbox.url}/users?token=${secret}`)).status, 401)
      yield* http.execute(HttpClientRequest.post(`${sandbox.url}/nothing`))
      assert.deepStrictEqual((yield* sent()).map(({ operation, query }) => [operation, query]), [
        ["getHealth", {}],
        ["getHealth", {}],
        ["getAllOrganizationUsers", { token: "<redacted>" }],
        [undefined, {}]
      ])
      assert.lengthOf(yield* sandbox.requests, 2)
      yield* forget
      assert.deepStrictEqual(yield* sent(), [])
    }).pipe(Effect.provide(
      Layer.provideMerge(RecordingClient.layerOver({ getHealth: Reply.json({}, 418) }), SandboxHabu.layer({ rows: 50 }))
    )))
})

describe("a mock", () => {
  it.effect("of the client answers under `observed` too, and dies of what it was not told", () =>
    Effect.gen(function*() {
      const habu = yield* HabuClient.HabuClient
      const { live, observedAt, value } = yield* habu.observed.getAllCleanrooms({ urlParams: {} })
      assert.deepStrictEqual([live, observedAt, value], [true, 0, [{ name: "One" }]])
      const exit = yield* Effect.exit(habu.getHealth())
      assert.include(JSON.stringify(exit), "The mock of HabuClient has no getHealth")
    }).pipe(Effect.provide(Mock.habuClient({ getAllCleanrooms: () => Effect.succeed([{ name: "One" }]) }))))

  it.effect("of another service dies of what it was not told", () =>
    Effect.gen(function*() {
      const directory = yield* HabuDirectory
      assert.deepStrictEqual(yield* directory.cleanRooms, [])
      const cause = yield* Effect.sandbox(directory.allQuestions).pipe(Effect.flip)
      assert.include(Cause.pretty(cause), "Unimplemented method")
    }).pipe(Effect.provide(Mock.habuDirectory({ cleanRooms: Effect.succeed([]) }))))

  it.effect("stands where a part of the client does", () => {
    const read = Effect.flatMap(HabuClient.HabuClient, (habu) => habu.getAllCleanrooms({ urlParams: {} }))
    const parts = [Mock.habuAuth(), Mock.habuBudget(), Mock.habuBreaker, Mock.habuCache, Mock.habuConfig()] as const
    return Effect.gen(function*() {
      yield* Effect.repeatN(read, 1)
      const sent = yield* Effect.flatMap(RecordingClient.RecordingClient, ({ sent }) => sent())
      assert.deepStrictEqual(sent.map(({ operation }) => operation), ["getAllCleanrooms", "getAllCleanrooms"])
      assert.deepStrictEqual(yield* Effect.flatMap(HabuBudget, ({ status }) => status), [])
      const { guard, state } = yield* HabuBreaker
      const failing = guard("getHealth")(Effect.fail(
        new Unavailable({
          operation: "getHealth",
          reason: "server_error",
          neverSent: false
        })
      ))
      yield* Effect.repeatN(Effect.ignore(failing), 20)
      assert.nestedInclude(yield* state, { _tag: "Closed" })
    }).pipe(Effect.provide(
      HabuClient.layer().pipe(
        Layer.provideMerge(HabuState.layer),
        Layer.provideMerge(Layer.mergeAll(...parts)),
        Layer.provideMerge(RecordingClient.layer({ getAllCleanrooms: Reply.json([]) })),
        Layer.provide(Memory.layer)
      )
    ))
  })

  it.effect("of secrets reads those it holds", () =>
    Effect.gen(function*() {
      const { read } = yield* CredentialReference
      assert.strictEqual(Redacted.value(yield* read("credential", "HABU_CREDENTIAL_A")), "a")
      assert.isTrue(Either.isLeft(yield* Effect.either(read("credential", "HABU_CREDENTIAL_B"))))
    }).pipe(Effect.provide(Mock.credentialReference({ HABU_CREDENTIAL_A: Redacted.make("a") }))))
})

it("nothing of habu-mcp/testing needs a test runner, and nothing native is loaded with it", async () => {
  const { metafile } = await build({
    entryPoints: ["src/testing/index.ts"],
    bundle: true,
    write: false,
    metafile: true,
    packages: "external",
    format: "esm",
    platform: "node"
  })
  const loaded = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
    .filter(({ kind }) => kind !== "dynamic-import").map(({ path }) => path)
  assert.include(loaded, "effect/Effect")
  assert.deepStrictEqual(loaded.filter((path) => /vitest|duckdb|lmdb|ioredis/.test(path)), [])
})
