/**
 * How long a page is that nobody asked a length for, and how long it can be, list by list as the contract says.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ids from "../../src/sandbox/Ids.js"
import { start } from "./harness.js"

const id = (name: string) => Ids.uuid(1, name)

const summer = `/cleanrooms/${id("cleanRoom/summer")}`

interface Table<Row> {
  readonly get: (id: string) => Row | undefined
  readonly put: (row: Row) => Row
}

/** Copies of a row, so that its list does not fit on a page. */
const fill = <Row extends { readonly id: string }>(table: Table<Row>, row: Row | undefined, count: number) => {
  assert.isDefined(row)
  if (row === undefined) return
  for (const index of Array.from({ length: count }, (_, index) => index)) {
    table.put({ ...row, id: id(`${row.id}/${index}`) })
  }
}

const begin = Effect.gen(function*() {
  const { call, get, sandbox } = yield* start({ rows: 500 })
  const lengths = (path: string, of = (json: any): ReadonlyArray<unknown> => json) =>
    Effect.forEach(
      ["", "?limit=100", "?limit=7&offset=3"],
      (query) => Effect.map(get(path + query), ({ json }) => of(json).length)
    )
  return { call, get, lengths, world: sandbox.world }
})

describe("a page", () => {
  it.scoped("of runs, flow runs, views and destinations has 30", () =>
    Effect.gen(function*() {
      const { call, get, lengths, world } = yield* begin
      fill(world.runs, world.runs.find((run) => run.cleanRoomQuestionId === id("cleanRoomQuestion/hero")), 120)
      const runs = `/cleanroom-questions/${id("cleanRoomQuestion/hero")}/cleanroom-question-runs`
      assert.deepStrictEqual(yield* lengths(runs), [30, 100, 7])
      assert.lengthOf((yield* get(`${runs}?limit=500`)).json, 100)
      const flowRun = world.flowRuns.all()[0]
      fill(world.flowRuns, flowRun, 120)
      const flow = world.flows.get(flowRun?.flowRowId ?? "")
      const flowRuns = `${summer}/cleanroom-flows/${flow?.id}/cleanroom-flow-runs`
      assert.deepStrictEqual(yield* lengths(flowRuns, (json) => json.cleanRoomFlowRuns), [30, 100, 7])
      const connection = id("dataConnection/transactions")
      yield* call("POST", "/data-connection-views", {
        name: "Stores",
        query: "SELECT @tx.@store_id AS store FROM @tx",
        dataConnections: [{ dataConnectionId: connection, macro: "tx" }]
      })
      fill(world.views, world.views.all()[0], 120)
      const views = "/data-connection-views"
      assert.deepStrictEqual(yield* lengths(views, (json) => json.dataConnectionViews), [30, 100, 7])
      fill(world.destinations, world.destinations.get(id("destination/s3")), 120)
      assert.deepStrictEqual(yield* lengths("/destinations", (json) => json.partnerAccounts), [30, 100, 7])
      assert.strictEqual((yield* get("/destinations?limit=101")).status, 400)
    }), 30_000)

  it.scoped("of clean rooms, questions and users has 500", () =>
    Effect.gen(function*() {
      const { lengths, world } = yield* begin
      fill(world.cleanRoomQuestions, world.cleanRoomQuestions.get(id("cleanRoomQuestion/hero")), 600)
      assert.deepStrictEqual(yield* lengths(`${summer}/cleanroom-questions`), [500, 100, 7])
      fill(world.people, world.people.find((person) => person.organizationId === world.organizationId), 600)
      assert.deepStrictEqual(yield* lengths("/users"), [500, 100, 7])
      const room = world.cleanRooms.get(id("cleanRoom/summer"))
      const user = world.cleanRoomUsers.find((row) => row.cleanRoomId === room?.id && row.personId === world.apiUserId)
      assert.isDefined(room)
      assert.isDefined(user)
      if (room === undefined || user === undefined) return
      for (const index of Array.from({ length: 600 }, (_, index) => index)) {
        const copy = world.cleanRooms.put({ ...room, id: id(`room/${index}`) })
        world.cleanRoomUsers.put({ ...user, id: id(`user/${index}`), cleanRoomId: copy.id })
      }
      assert.deepStrictEqual(yield* lengths("/cleanrooms"), [500, 100, 7])
    }), 30_000)
})
