/**
 * What an embedder may change without a fork, each proven: the retry policy, the budgets, the cache's time, who agrees to
 * changes, the HTTP client below, and the clock.
 */
import { HttpClient, HttpClientRequest } from "@effect/platform"
import { assert, it } from "@effect/vitest"
import { Duration, Effect, Layer, Schedule, TestClock } from "effect"
import { HabuClient, RetryPolicy } from "habu-mcp/habu"
import { Memory } from "habu-mcp/state"
import { Fixtures, Mock, RecordingClient, Reply, SandboxHabu, VirtualTime } from "habu-mcp/testing"
import { Confirmation, ManageCleanroomLifecycle, Services } from "habu-mcp/workflows"

const script: RecordingClient.Script = {
  getAllCleanrooms: Reply.json([]),
  getAllDataConnections: Reply.refusal(503, "Service Unavailable"),
  createCleanroomQuestionRun: Reply.json(Fixtures.encodedAnswer("createCleanroomQuestionRun"))
}

const below = RecordingClient.layer(script).pipe(Layer.merge(Mock.habuConfig()), Layer.merge(Memory.layer))

const Habu = (options?: HabuClient.DefaultOptions) => Layer.provideMerge(HabuClient.layerDefault(options), below)

const cleanRooms = Effect.flatMap(HabuClient.HabuClient, (habu) => habu.getAllCleanrooms({ urlParams: {} }))

const connections = Effect.flatMap(HabuClient.HabuClient, (habu) => habu.getAllDataConnections({}))

const start = Effect.flatMap(HabuClient.HabuClient, (habu) =>
  habu.createCleanroomQuestionRun({
    path: { cleanroomQuestionId: "q-1" },
    payload: { name: "Weekly", parameters: {} }
  }))

const timesSent = (operation: RecordingClient.Operation) =>
  Effect.flatMap(RecordingClient.RecordingClient, ({ sent }) => Effect.map(sent(operation), ({ length }) => length))

it.effect("the retry policy, for all calls of a program or for one", () =>
  Effect.gen(function*() {
    yield* VirtualTime.run(Effect.flip(connections))
    assert.strictEqual(yield* timesSent("getAllDataConnections"), 5)
    const once = Effect.provideService(connections, RetryPolicy.RetryPolicy, Schedule.stop)
    yield* VirtualTime.run(Effect.flip(once))
    assert.strictEqual(yield* timesSent("getAllDataConnections"), 6)
  }).pipe(Effect.provide(
    Layer.provideMerge(
      Habu({ breaker: { failures: 10 } }),
      Layer.succeed(RetryPolicy.RetryPolicy, Schedule.recurs(4))
    )
  )))

it.effect("the budgets, where other programs use the same API key", () =>
  Effect.gen(function*() {
    yield* start
    const error = yield* Effect.flip(start)
    assert.deepInclude(error, { _tag: "BudgetExhausted", budget: "question_run_start", limit: 1 })
    assert.strictEqual(yield* timesSent("createCleanroomQuestionRun"), 1)
  }).pipe(Effect.provide(
    Habu({ limits: { question_run_start: { limit: 1, window: Duration.hours(1) } } })
  )))

it.effect("how long an answer is fresh, on the clock of the test", () =>
  Effect.gen(function*() {
    yield* cleanRooms
    yield* TestClock.adjust("9 minutes")
    yield* cleanRooms
    assert.strictEqual(yield* timesSent("getAllCleanrooms"), 1)
    yield* TestClock.adjust("2 minutes")
    yield* cleanRooms
    assert.strictEqual(yield* timesSent("getAllCleanrooms"), 2)
  }).pipe(Effect.provide(
    Habu({ cache: { timeToLive: "10 minutes" } })
  )))

it.effect("the HTTP client below, the request for a token included", () =>
  Effect.gen(function*() {
    yield* cleanRooms
    const { sent } = yield* RecordingClient.RecordingClient
    assert.deepStrictEqual((yield* sent()).map(({ headers }) => headers["x-team"]), ["retail", "retail"])
  }).pipe(Effect.provide(
    Habu({ transformClient: HttpClient.mapRequest(HttpClientRequest.setHeader("x-team", "retail")) })
  )))

it.effect("a part of the client as a whole", () =>
  Effect.gen(function*() {
    yield* cleanRooms
    yield* cleanRooms
    assert.strictEqual(yield* timesSent("getAllCleanrooms"), 2)
  }).pipe(Effect.provide(
    // The client over its parts, one by one: here a cache that keeps nothing.
    HabuClient.layer().pipe(
      Layer.provide(Mock.habuCache),
      Layer.provideMerge(Habu())
    )
  )))

it.effect("who agrees to changes", () =>
  Effect.gen(function*() {
    const asked: Array<Confirmation.Change> = []
    const nobody = Confirmation.layerPolicy((change) =>
      Effect.sync(() => {
        asked.push(change)
        return { _tag: "Declined" }
      })
    )
    const answer = yield* ManageCleanroomLifecycle.run({ clean_room: "Holiday Planning", action: "delete" }).pipe(
      VirtualTime.run,
      Effect.provide(nobody)
    )
    assert.strictEqual(answer.status, "denied")
    assert.deepStrictEqual(asked.map(({ name }) => name), ["Holiday Planning"])
  }).pipe(Effect.provide(
    Services.layer.pipe(
      Layer.provideMerge(HabuClient.layerDefault()),
      Layer.provideMerge(SandboxHabu.layer())
    )
  )))
