import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ids from "../../src/sandbox/Ids.js"
import { start } from "./harness.js"

const request = {
  name: "Autumn Launch",
  description: "Reach of the autumn launch",
  startAt: "2026-03-16",
  type: "Hybrid",
  parameters: { REGION: "REGION_US", CLOUD: "CLOUD_AWS", ENABLE_EXPORT: "true", CROWD_SIZE: "25", DATA_DECIBEL: "2" }
}

describe("clean rooms", () => {
  it.scoped("lists those the API user is in, with what Habu shows of them", () =>
    Effect.gen(function*() {
      const { get } = yield* start()
      const { json } = yield* get("/cleanrooms")
      const names = json.map((room: { name: string }) => room.name)
      assert.lengthOf(names, 7)
      assert.include(names, "Spring Launch ")
      assert.notInclude(names, "Northwind Shopper Panel")
      const [room] = json
      assert.deepInclude(room, {
        displayId: "CR-045101",
        name: "Fizzwell Summer Campaign",
        ownerOrganization: "Alder & Pine Retail",
        partners: ["Fizzwell Beverages", "Lumen Street Media"],
        endAt: "",
        status: "COMPLETE",
        questionsCount: 0,
        cleanRoomParameters: { ENABLE_EXPORT: "true" },
        cleanRoomTypeId: "47f86c15-9917-4c50-8da9-6a10b65a4b5f"
      })
      assert.match(room.startAt, /^\d{4}-\d\d-\d\d$/)
      assert.deepStrictEqual((yield* get("/cleanrooms?limit=2&offset=1")).json, json.slice(1, 3))
    }))

  it.scoped("keeps another organisation's clean room and display ids out of reach", () =>
    Effect.gen(function*() {
      const { call, get, sandbox } = yield* start()
      const foreign = Ids.uuid(1, "cleanRoom/foreign")
      assert.isDefined(sandbox.world.cleanRooms.get(foreign))
      for (const path of ["", "/cleanroom-questions", "/users", "/partners", "/datasets", "/stakeholders", "/assets"]) {
        assert.strictEqual((yield* get(`/cleanrooms/${foreign}${path}`)).status, 404, path)
      }
      assert.strictEqual((yield* call("DELETE", `/cleanrooms/${foreign}`)).status, 404)
      assert.strictEqual((yield* get("/cleanrooms/CR-045101")).status, 404)
      const question = Ids.uuid(1, "cleanRoomQuestion/foreign-panel")
      assert.isDefined(sandbox.world.cleanRoomQuestions.get(question))
      assert.strictEqual((yield* get(`/cleanroom-questions/${question}`)).status, 404)
      assert.strictEqual((yield* get("/cleanroom-questions/CRQ-138020")).status, 404)
    }))

  it.scoped("makes one, complete at once, with the API user as its administrator", () =>
    Effect.gen(function*() {
      const { call, get, sandbox } = yield* start()
      const created = yield* call("POST", "/cleanrooms", request)
      assert.strictEqual(created.status, 200)
      assert.deepInclude(created.json, { name: "Autumn Launch", status: "COMPLETE", partners: [], endAt: "" })
      assert.match(created.json.displayId, /^CR-\d{6}$/)
      assert.deepStrictEqual((yield* get(`/cleanrooms/${created.json.id}`)).json, created.json)
      const { json: users } = yield* get(`/cleanrooms/${created.json.id}/users`)
      assert.deepStrictEqual(
        users.map((item: { user: { id: string }; role: { name: string } }) => [item.user.id, item.role.name]),
        [[sandbox.clientId, "Administrator"]]
      )
      assert.strictEqual((yield* call("POST", "/cleanrooms", request)).status, 409)
    }))

  it.scoped("refuses what Habu refuses", () =>
    Effect.gen(function*() {
      const { call } = yield* start()
      const attempt = (change: object) =>
        Effect.map(call("POST", "/cleanrooms", { ...request, ...change }), (a) => a.status)
      const parameters = (change: object) => ({ parameters: { ...request.parameters, ...change } })
      assert.strictEqual(yield* attempt(parameters({ DATA_DECIBEL: "2.0" })), 400)
      assert.strictEqual(yield* attempt(parameters({ DATA_DECIBEL: "11" })), 400)
      assert.strictEqual(yield* attempt(parameters({ CROWD_SIZE: "0" })), 400)
      assert.strictEqual(yield* attempt({ startAt: "16.03.2026" }), 400)
      assert.strictEqual(yield* attempt({ type: "Submarine" }), 400)
      assert.strictEqual(yield* attempt({ name: " " }), 400)
    }))

  it.scoped("replaces the whole of one on PUT", () =>
    Effect.gen(function*() {
      const { call, get } = yield* start({ strictContract: true })
      const { json: room } = yield* call("POST", "/cleanrooms", request)
      assert.deepStrictEqual(room.cleanRoomParameters, request.parameters)
      const partial = { name: "Autumn", startAt: "2026-03-16", type: "Hybrid", endAt: "2026-12-31" }
      const { json: updated } = yield* call("PUT", `/cleanrooms/${room.id}`, partial)
      assert.deepInclude(updated, { id: room.id, name: "Autumn", endAt: "2026-12-31", cleanRoomParameters: {} })
      assert.isFalse("description" in updated)
      assert.deepStrictEqual((yield* get(`/cleanrooms/${room.id}`)).json, updated)
    }))

  it.scoped("removes one with all that is in it", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, get, questionId, sandbox } = yield* start()
      const id = yield* cleanRoomId("Fizzwell Summer Campaign")
      const question = yield* questionId("Fizzwell Summer Campaign", "Exposed Buyers - User List")
      assert.deepStrictEqual((yield* call("DELETE", `/cleanrooms/${id}`)).json, { success: true })
      assert.strictEqual((yield* get(`/cleanrooms/${id}`)).status, 404)
      assert.strictEqual((yield* get(`/cleanroom-questions/${question}`)).status, 404)
      assert.isEmpty(sandbox.world.datasets.where((row) => row.cleanRoomId === id))
      assert.isEmpty(sandbox.world.runs.where((row) => row.cleanRoomQuestionId === question))
      assert.isEmpty(sandbox.world.flows.where((row) => row.cleanRoomId === id))
      assert.isEmpty(sandbox.world.exportJobs.where((row) => row.cleanRoomId === id))
    }))

  it.scoped("leaves an ended one readable and nothing more, until its end is moved", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, get } = yield* start()
      const id = yield* cleanRoomId("Spring Launch")
      const { json: questions } = yield* get(`/cleanrooms/${id}/cleanroom-questions`)
      const invite = call("POST", `/cleanrooms/${id}/partners`, { partnerAdminEmail: "new@partner.example" })
      const connection = Ids.uuid(1, "dataConnection/loyalty")
      const configure = call("POST", `/cleanrooms/${id}/datasets/configure?dataConnectionId=${connection}`, {})
      const run = call("POST", `/cleanroom-questions/${questions[0].id}/create-run`, { name: "late" })
      assert.strictEqual((yield* invite).status, 403)
      assert.strictEqual((yield* configure).status, 403)
      assert.strictEqual((yield* run).status, 412)
      const { json: room } = yield* get(`/cleanrooms/${id}`)
      const { description, name, startAt } = room
      yield* call("PUT", `/cleanrooms/${id}`, { name, description, startAt, type: "Hybrid", endAt: "2026-03-16" })
      assert.strictEqual((yield* invite).status, 200)
      assert.strictEqual((yield* configure).status, 200)
      assert.strictEqual((yield* run).status, 200)
    }))

  it.scoped("may be changed by its owner only", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId } = yield* start()
      const id = yield* cleanRoomId("Lumen Street Audience Marketplace")
      assert.strictEqual((yield* call("PUT", `/cleanrooms/${id}`, request)).status, 403)
      assert.strictEqual((yield* call("DELETE", `/cleanrooms/${id}`)).status, 403)
    }))

  it.scoped("says who takes part and what there is", () =>
    Effect.gen(function*() {
      const { cleanRoomId, get } = yield* start()
      const id = yield* cleanRoomId("Loyalty Insights (Snowflake)")
      const { json: stakeholders } = yield* get(`/cleanrooms/${id}/stakeholders`)
      assert.deepStrictEqual(
        stakeholders.map((
          item: { organizationName: string; ownership: string }
        ) => [item.organizationName, item.ownership]),
        [["Alder & Pine Retail", "OWNER"], ["Fizzwell Beverages", "PARTNER"]]
      )
      const { json: assets } = yield* get(`/cleanrooms/${id}/assets`)
      assert.deepStrictEqual(assets.computeCapacityOptions.map((item: { name: string }) => item.name), [
        "DEFAULT",
        "LARGE"
      ])
      assert.strictEqual(assets.questions[0].title, "Basket Size by Age Band")
      assert.strictEqual(assets.questions[0].status, "READY")
      assert.include(assets.datasets.map((item: { name: string }) => item.name), "Baskets (Snowflake)")
    }))

  it.scoped("knows the types", () =>
    Effect.gen(function*() {
      const { get } = yield* start()
      const { json } = yield* get("/cleanrooms/cleanroom-types")
      const hybrid = json.find((type: { name: string }) => type.name === "Hybrid")
      assert.strictEqual(hybrid.id, "47f86c15-9917-4c50-8da9-6a10b65a4b5f")
      assert.isTrue(hybrid.listQuestionSupport)
    }))
})
