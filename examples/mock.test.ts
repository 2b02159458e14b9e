/**
 * Two ways to test what stands on Habu without any Habu: the client mocked, and the real client over a recording HTTP
 * client that answers from a script.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Api, HabuClient, HabuDirectory, HabuError } from "habu-mcp/habu"
import { RunLedger } from "habu-mcp/runs"
import { Memory } from "habu-mcp/state"
import { Fixtures, Mock, RecordingClient, Reply, VirtualTime } from "habu-mcp/testing"
import { FindResources } from "habu-mcp/workflows"

/** What is tested here: a function of an application. */
const namesOfCleanRooms = Effect.gen(function*() {
  const habu = yield* HabuClient.HabuClient
  const all = yield* habu.getAllCleanrooms({ urlParams: {} })
  return all.map(({ name }) => name)
})

describe("with the client mocked", () => {
  const campaign = { ...Fixtures.of(Api.CleanRooms.CleanRoom), name: "Summer Campaign" }

  it.effect("an application's own function", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* namesOfCleanRooms, ["Summer Campaign"])
    }).pipe(Effect.provide(Mock.habuClient({ getAllCleanrooms: () => Effect.succeed([campaign]) }))))

  it.effect("a refusal of Habu's", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(namesOfCleanRooms)
      assert.strictEqual(error.code, "FORBIDDEN")
    }).pipe(Effect.provide(
      Mock.habuClient({
        getAllCleanrooms: () => Effect.fail(new HabuError.Forbidden({ operation: "getAllCleanrooms" }))
      })
    )))

  it.effect("a workflow, which needs services beside the client", () =>
    Effect.gen(function*() {
      const found = yield* FindResources.run({ kind: "clean_rooms" })
      assert.strictEqual(found.status, "done")
      assert.include(found.summary, "1 clean room")
    }).pipe(Effect.provide(
      Layer.merge(HabuDirectory.layer, Layer.mock(RunLedger.RunLedger, {})).pipe(
        Layer.provideMerge(Mock.habuClient({ getAllCleanrooms: () => Effect.succeed([campaign]) }))
      )
    )))
})

describe("with a recording HTTP client", () => {
  const Habu = (script: RecordingClient.Script) =>
    HabuClient.layerDefault().pipe(
      Layer.provideMerge(RecordingClient.layer(script)),
      Layer.provide([Mock.habuConfig(), Memory.layer])
    )

  it.effect("what was sent is known, without its secrets", () =>
    Effect.gen(function*() {
      yield* namesOfCleanRooms
      const { sent } = yield* RecordingClient.RecordingClient
      const [token, read] = yield* sent()
      assert.deepInclude(token, { operation: "token", status: 200, body: { grant_type: "client_credentials" } })
      assert.deepInclude(read, { operation: "getAllCleanrooms", method: "GET", status: 200 })
      assert.strictEqual(read?.headers["authorization"], "<redacted>")
    }).pipe(Effect.provide(
      Habu({ getAllCleanrooms: Reply.json(Fixtures.encodedAnswer("getAllCleanrooms")) })
    )))

  it.effect("a read is repeated, and a start is not", () =>
    Effect.gen(function*() {
      const habu = yield* HabuClient.HabuClient
      const { sent } = yield* RecordingClient.RecordingClient
      yield* VirtualTime.run(namesOfCleanRooms)
      assert.deepStrictEqual((yield* sent("getAllCleanrooms")).map(({ status }) => status), [503, 200])

      const start = habu.createCleanroomQuestionRun({
        path: { cleanroomQuestionId: "q-1" },
        payload: { name: "Weekly", parameters: {} }
      })
      const error = yield* VirtualTime.run(Effect.flip(start))
      assert.strictEqual(error._tag, "OutcomeUnknown")
      assert.lengthOf(yield* sent("createCleanroomQuestionRun"), 1)
    }).pipe(Effect.provide(
      Habu({
        getAllCleanrooms: [Reply.refusal(503, "Service Unavailable"), Reply.json([])],
        createCleanroomQuestionRun: Reply.lost
      })
    )))
})
