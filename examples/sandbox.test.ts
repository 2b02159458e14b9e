/**
 * The sandbox as a layer: a whole Habu in this process, without a socket, on the test's own clock.
 */
import { assert, layer } from "@effect/vitest"
import { Effect, Layer, TestClock } from "effect"
import { HabuClient } from "habu-mcp/habu"
import { Sandbox } from "habu-mcp/sandbox"
import { SandboxHabu, VirtualTime } from "habu-mcp/testing"
import { ExecuteQuestionWorkflow, FindResources, Services } from "habu-mcp/workflows"

const aMonday = Layer.effectDiscard(TestClock.setTime(Date.UTC(2026, 2, 16, 9)))

const Habu = Services.layer.pipe(
  Layer.provideMerge(HabuClient.layerDefault()),
  Layer.provideMerge(SandboxHabu.layer({ rows: 2_000 })),
  Layer.provide(aMonday)
)

const order = {
  question: "Campaign reach and sales overlap",
  clean_room: "Fizzwell Summer Campaign",
  parameters: { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" }
}

// As an agent does: the same call again, when the answer says.
const untilOver: ReturnType<typeof ExecuteQuestionWorkflow.run> = Effect.gen(function*() {
  const answer = yield* VirtualTime.run(ExecuteQuestionWorkflow.run(order))
  if (answer.status !== "running") return answer
  yield* TestClock.adjust(`${answer.next_steps?.[0]?.after_seconds ?? 60} seconds`)
  return yield* untilOver
})

layer(Habu)("against the sandbox", (it) => {
  it.effect("half an hour's run completes at once, with rows, and was started once", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const answer: ExecuteQuestionWorkflow.Output = yield* untilOver
      assert.strictEqual(answer.status, "done")
      assert.isAbove(answer.results?.row_count ?? 0, 0)
      const sent = yield* sandbox.requests
      assert.lengthOf(sent.filter(({ operation }) => operation === "createCleanroomQuestionRun"), 1)
    }))

  it.effect("what fails twice is asked a third time", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.faults.add({ kind: "status", status: 503, operation: "getAllDataConnections", count: 2 })
      const found = yield* VirtualTime.run(FindResources.run({ kind: "data_connections" }))
      assert.strictEqual(found.status, "done")
      const sent = (yield* sandbox.requests).filter(({ operation }) => operation === "getAllDataConnections")
      assert.deepStrictEqual(sent.map(({ status }) => status), [503, 503, 200])
    }))
})
