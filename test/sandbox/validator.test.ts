/**
 * Checks, with a well-kept validator, that a sandbox that keeps to the contract answers as the published document says.
 *
 * The walk of the contract checks the answer to each good request, writes included. Here it is every object that the
 * seed plants, read by every GET that takes its ids.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { faultsOf, type Operation, operations } from "./contract/Document.js"
import { start } from "./harness.js"

const listOf = (json: any): ReadonlyArray<any> => Array.isArray(json) ? json : json === undefined ? [] : [json]

type Paths = ReadonlyArray<string>

/** Where the objects of the seeded organisation are read. */
const paths = Effect.gen(function*() {
  const { call, get, sandbox } = yield* start({ strictContract: true, rows: 2000 })
  const read = (path: string) => Effect.map(get(path), ({ json }) => json)
  const ids = (path: string, key = "id") =>
    Effect.map(read(path), (json) => listOf(json).map((item) => String(item[key])))
  const under = (base: string, of: Paths, ...ends: Paths) =>
    of.flatMap((id) => [`${base}/${id}`, ...ends.map((end) => `${base}/${id}/${end}`)])

  const rooms = yield* ids("/cleanrooms")
  const inRooms = yield* Effect.forEach(rooms, (id) =>
    Effect.gen(function*() {
      const room = `/cleanrooms/${id}`
      const { json } = yield* call("POST", `${room}/cleanroom-flows/list`, { limit: 10 })
      const flows: Paths = json.cleanRoomFlows.map((flow: { ID: string }) => flow.ID)
      const { partners } = yield* read(room)
      const part = partners.length === 0 ? [] : yield* ids(`${room}/partners`)
      return [
        ...under(
          `${room}/cleanroom-flows`,
          flows,
          "node-details",
          "decision-configurations",
          "flow-run-parameters",
          "cleanroom-flow-runs"
        ),
        ...under(`${room}/datasets`, yield* ids(`${room}/datasets`)),
        ...under(`${room}/users`, yield* ids(`${room}/users`)),
        ...under(`${room}/cleanRoomRoles`, yield* ids(`${room}/cleanRoomRoles`)),
        ...under(`${room}/partners`, part.filter((item) => item !== "undefined"), "cleanRoomRoles")
      ]
    }))
  const questions = yield* Effect.map(
    Effect.forEach(rooms, (id) => ids(`/cleanrooms/${id}/cleanroom-questions`)),
    (found) => found.flat()
  )
  const runs = yield* Effect.map(
    Effect.forEach(questions, (id) => ids(`/cleanroom-questions/${id}/cleanroom-question-runs?limit=3`)),
    (found) => found.flat()
  )
  const all: Paths = [
    ...under(
      "/cleanrooms",
      rooms,
      "stakeholders",
      "assets",
      "invitations",
      "partners",
      "users",
      "cleanRoomRoles",
      "datasets",
      "destinations",
      "exports/jobs",
      "cleanroom-questions"
    ),
    ...inRooms.flat(),
    ...under(
      "/cleanroom-questions",
      questions,
      "datasets",
      "cleanroom-question-parameters",
      "cleanroom-question-permissions",
      "cleanroom-question-result-shares",
      "cleanroom-question-tags",
      "cleanroom-question-runs",
      "cleanroom-question-run-schedules"
    ),
    ...under(
      "/cleanroom-question-runs",
      runs,
      "data",
      "data/count",
      "audit",
      "partition-parameters",
      "explain-plan",
      "activation-summary"
    ),
    ...under("/data-connections", yield* ids("/data-connections"), "field-configurations"),
    ...under("/organization-credentials", yield* ids("/organization-credentials")),
    ...under("/data-sources", yield* ids("/data-sources"), "data-types"),
    ...operations.filter(({ method, path }) => method === "GET" && !path.includes("{")).map(({ path }) => path)
  ]
  return { all, get, sandbox }
})

const pattern = ({ path }: Operation) => new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`)

/** The operation that a path is of; one without a parameter comes before one with. */
const operationAt = (path: string) =>
  operations
    .filter((operation) => operation.method === "GET" && pattern(operation).test(path))
    .toSorted((a, b) => a.parameters.length - b.parameters.length)[0]

describe("the published document", () => {
  it.scoped("describes what a strict sandbox answers about all that was planted", () =>
    Effect.gen(function*() {
      const { all, get } = yield* paths
      const seen = new Set<string>()
      for (const path of all) {
        const operation = operationAt(path)
        assert.isDefined(operation, path)
        const { json, status, text } = yield* get(path)
        if (operation === undefined || status !== 200) {
          assert.include([400, 403, 404], status, `${path}: ${text}`)
          continue
        }
        seen.add(operation.id)
        assert.deepStrictEqual(faultsOf(operation, json ?? text), [], path)
      }
      assert.isAbove(seen.size, 45)
    }), 60_000)

  it.scoped("is not met by an answer with a quirk, an unknown field or a wrong type", () =>
    Effect.gen(function*() {
      const { get } = yield* start({ rows: 500 })
      const operation = operationAt("/cleanrooms")
      const { json: [room] } = yield* get("/cleanrooms")
      assert.isDefined(operation)
      if (operation === undefined) return
      const faults = (change: object) => faultsOf(operation, [{ ...room, ...change }])
      assert.deepStrictEqual(faults({}), [])
      assert.match(faults({ nickname: "Summer" })[0] ?? "", /nickname/)
      assert.match(faults({ questionsCount: "seven" })[0] ?? "", /integer/)
      assert.match(faultsOf(operation, room)[0] ?? "", /array/)
      const question = operationAt("/cleanroom-questions/x")
      const { json: [list] } = yield* get(`/cleanrooms/${room.id}/cleanroom-questions?questionType=List`)
      if (question !== undefined) assert.match(faultsOf(question, list)[0] ?? "", /dimension/)
    }))
})
