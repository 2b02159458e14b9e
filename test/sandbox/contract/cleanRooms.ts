/**
 * The walk through clean rooms.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { at, change, room, type Table } from "./Walk.js"

const request = {
  name: "Autumn Launch",
  description: "Reach of the autumn launch",
  startAt: "2026-03-16",
  endAt: "2026-12-31",
  type: "Hybrid",
  parameters: { REGION: "REGION_US", CLOUD: "CLOUD_AWS", ENABLE_EXPORT: "true", CROWD_SIZE: "25", DATA_DECIBEL: "2" }
}

const summer = room("summer")

/** A clean room of another owner, which the organisation takes part in. */
const others = at(room("marketplace"))

export const cleanRooms: Table = {
  createCleanroom: {
    sent: { body: request },
    shows: (json, walk) =>
      Effect.gen(function*() {
        assert.deepInclude(json, { name: request.name, endAt: request.endAt, cleanRoomParameters: request.parameters })
        const sent = { path: { cleanroomId: json.id } }
        assert.deepStrictEqual(yield* walk.answer("getCleanroomById", sent), json)
        assert.include((yield* walk.answer("getAllCleanrooms")).map((item: { id: string }) => item.id), json.id)
      }),
    refuses: {
      400: [
        change({ name: " " }),
        change({ startAt: "16.03.2026" }),
        change({ parameters: { ...request.parameters, CROWD_SIZE: "0" } }),
        change({ parameters: { ...request.parameters, DATA_DECIBEL: "2.0" } })
      ],
      409: change({ name: "Fizzwell Summer Campaign" })
    }
  },
  getAllCleanrooms: {
    sent: { query: { limit: "3", offset: "1" } },
    shows: (json, walk) =>
      Effect.map(walk.answer("getAllCleanrooms"), (all) => assert.deepStrictEqual(json, all.slice(1, 4)))
  },
  getCleanroomById: {
    sent: summer,
    shows: (json) => assert.deepInclude(json, { name: "Fizzwell Summer Campaign", questionsCount: 11 })
  },
  updateCleanroom: {
    sent: { ...room("loyalty"), body: { ...request, name: "Loyalty", type: "Snowflake", description: "Changed" } },
    shows: (json, walk, sent) =>
      Effect.gen(function*() {
        assert.deepInclude(json, { name: "Loyalty", description: "Changed", endAt: request.endAt })
        assert.deepStrictEqual(yield* walk.answer("getCleanroomById", sent), json)
      }),
    refuses: { 400: change({ type: "Databricks" }), 403: others }
  },
  deleteCleanroom: {
    sent: room("agency"),
    shows: (json, walk, sent) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(json, { success: true })
        assert.strictEqual((yield* walk.ask("getCleanroomById", sent)).status, 404)
      }),
    refuses: { 403: others }
  },
  getCleanroomTypes: {
    sent: {},
    shows: (json) => assert.include(json.map((item: { name: string }) => item.name), "Hybrid")
  },
  getCleanroomStakeholders: {
    sent: summer,
    shows: (json) =>
      assert.deepStrictEqual(
        json.map((item: { organizationName: string }) => item.organizationName),
        ["Alder & Pine Retail", "Fizzwell Beverages", "Lumen Street Media"]
      )
  },
  getCleanroomAssetDetails: {
    sent: summer,
    shows: (json) => {
      assert.include(
        json.questions.map((item: { title: string }) => item.title),
        "6: Attribute Level Overlap - Loyalty Tier"
      )
      assert.include(json.datasets.map((item: { name: string }) => item.name), "Alder & Pine CRM")
    }
  }
}
