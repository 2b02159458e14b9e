import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { BillableSourceType } from "../../src/habu/api/Billing.js"
import { hero } from "../../src/sandbox/Seed.js"
import { start } from "./harness.js"

const summer = "Fizzwell Summer Campaign"

const begin = Effect.gen(function*() {
  const harness = yield* start({ speed: 1, rows: 500 })
  const { call, client, sandbox } = harness
  const read = (sourceType: BillableSourceType, sourceId: string, more: { readonly compositeSourceId?: string } = {}) =>
    Effect.map(client.getBillableConfig({ urlParams: { sourceType, sourceId, ...more } }), ({ config }) => config)
  const write = (sourceType: string, sourceId: string, value?: string, more: object = {}) =>
    call("POST", "/billable-configs", { config: { sourceType, sourceId, value, ...more } })
  const status = (sourceType: string, sourceId: string) =>
    Effect.map(
      call("GET", `/billable-configs?sourceType=${sourceType}&sourceId=${sourceId}`),
      ({ status }) => status
    )
  return { ...harness, read, write, status, world: sandbox.world }
})

describe("a billable configuration", () => {
  it.scoped("is none until one is set, opts its source out, changes, and is none again once deleted", () =>
    Effect.gen(function*() {
      const { call, client, cleanRoomId, read } = yield* begin
      const sourceId = yield* cleanRoomId(summer)
      const set = (value: "true" | "false") =>
        client.upsertBillableConfig({ payload: { config: { sourceId, sourceType: "BILLABLE_CR", value } } })
      assert.isUndefined(yield* read("BILLABLE_CR", sourceId))
      const made = yield* set("false")
      assert.isTrue(made.success)
      assert.deepStrictEqual(yield* read("BILLABLE_CR", sourceId), {
        id: made.billableConfigId ?? "",
        sourceId,
        sourceType: "BILLABLE_CR",
        value: "false"
      })
      assert.deepStrictEqual(yield* set("true"), made)
      assert.strictEqual((yield* read("BILLABLE_CR", sourceId))?.value, "true")
      const path = { billableConfigId: made.billableConfigId ?? "" }
      assert.deepStrictEqual(yield* client.deleteBillableConfig({ path }), { success: true })
      assert.isUndefined(yield* read("BILLABLE_CR", sourceId))
      assert.strictEqual((yield* call("DELETE", `/billable-configs/${path.billableConfigId}`)).status, 404)
    }))

  it.scoped("is for everything that is billed, each by its own id", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, questionId, read, world, write } = yield* begin
      const room = yield* cleanRoomId(summer)
      const question = yield* questionId(summer, hero)
      const { json: run } = yield* call("POST", `/cleanroom-questions/${question}/create-run`, {
        name: "billed",
        parameters: {}
      })
      const { json: flow } = yield* call("POST", `/cleanrooms/${room}/cleanroom-flows`, {
        flowName: "One node",
        nodes: [{ nodeIdentifier: "Weekly Sales by Category" }]
      })
      yield* call("POST", `/cleanrooms/${room}/cleanroom-flows/${flow.flowID}/assign-datasets`, {
        nodeDatasets: [{
          nodeIdentifier: "Weekly Sales by Category",
          datasets: [{ datasetMacro: "transactions", datasetName: "Alder & Pine Transactions" }]
        }]
      })
      const { json: flowRun } = yield* call(
        "POST",
        `/cleanrooms/${room}/cleanroom-flows/${flow.flowID}/cleanroom-flow-runs`,
        { name: "billed" }
      )
      const sources: ReadonlyArray<readonly [BillableSourceType, string]> = [
        ["BILLABLE_CR", room],
        ["BILLABLE_CRQ", question],
        ["BILLABLE_QUESTION", world.cleanRoomQuestions.get(question)?.questionId ?? ""],
        ["BILLABLE_RUN", run.id],
        ["BILLABLE_FLOW", flow.flowID],
        ["BILLABLE_FLOW_RUN", flowRun.id],
        ["BILLABLE_OWNER", world.organizationId],
        ["BILLABLE_PARTNER", world.organizations.find(({ party }) => party === "brand")?.id ?? ""]
      ]
      for (const [type, id] of sources) assert.strictEqual((yield* write(type, id, "false")).status, 200, type)
      for (const [type, id] of sources) assert.strictEqual((yield* read(type, id))?.value, "false", type)
      yield* call("DELETE", `/cleanroom-question-runs/${run.id}`)
      assert.strictEqual((yield* write("BILLABLE_RUN", run.id, "true")).status, 404)
    }))

  it.scoped("shows on a flow: its own before its clean room's before its owner's", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, world, write } = yield* begin
      const room = yield* cleanRoomId(summer)
      const isBillable = Effect.map(
        call("POST", `/cleanrooms/${room}/cleanroom-flows/list`, { limit: 1 }),
        ({ json }) => [json.cleanRoomFlows[0].flowID, json.cleanRoomFlows[0].isBillable]
      )
      const [flow] = yield* isBillable
      assert.deepStrictEqual(yield* isBillable, [flow, true])
      yield* write("BILLABLE_OWNER", world.organizationId, "false")
      assert.deepStrictEqual(yield* isBillable, [flow, false])
      yield* write("BILLABLE_CR", room, "true")
      assert.deepStrictEqual(yield* isBillable, [flow, true])
      yield* write("BILLABLE_FLOW", flow, "false")
      assert.deepStrictEqual(yield* isBillable, [flow, false])
    }))

  it.scoped("of a composite source is another than that of the plain one", () =>
    Effect.gen(function*() {
      const { cleanRoomId, read, world, write } = yield* begin
      const brand = world.organizations.find(({ party }) => party === "brand")?.id ?? ""
      const compositeSourceId = yield* cleanRoomId(summer)
      const { json: plain } = yield* write("BILLABLE_PARTNER", brand, "true")
      const { json: composite } = yield* write("BILLABLE_PARTNER", brand, "false", { compositeSourceId })
      assert.notStrictEqual(plain.billableConfigId, composite.billableConfigId)
      assert.strictEqual((yield* read("BILLABLE_PARTNER", brand))?.value, "true")
      assert.deepInclude(yield* read("BILLABLE_PARTNER", brand, { compositeSourceId }), {
        value: "false",
        compositeSourceId
      })
    }))

  it.scoped("needs a known source, a value, and the id of the one it changes", () =>
    Effect.gen(function*() {
      const { cleanRoomId, questionId, read, status, world, write } = yield* begin
      const room = yield* cleanRoomId(summer)
      const refused = (...given: Parameters<typeof write>) => Effect.map(write(...given), ({ status }) => status)
      assert.strictEqual(yield* refused("BILLABLE_CR", room), 400)
      assert.strictEqual(yield* refused("BILLABLE_CR", room, "no"), 400)
      assert.strictEqual(yield* refused("BILLABLE_ROOM", room, "false"), 400)
      assert.strictEqual(yield* refused("BILLABLE_UNKNOWN", room, "false"), 400)
      assert.strictEqual(yield* refused("BILLABLE_CR", "unknown", "false"), 404)
      assert.strictEqual(yield* refused("BILLABLE_CRQ", room, "false"), 404)
      assert.strictEqual(yield* refused("BILLABLE_CR", room, "false", { id: "another" }), 404)
      assert.isUndefined(yield* read("BILLABLE_CR", room))
      assert.strictEqual(yield* status("BILLABLE_CR", "unknown"), 404)
      assert.strictEqual(yield* status("BILLABLE_UNKNOWN", room), 400)
      const agency = world.organizations.find(({ name }) => name === "Northwind Grocers")?.id ?? ""
      assert.strictEqual(yield* status("BILLABLE_PARTNER", agency), 404)
      assert.strictEqual(yield* status("BILLABLE_OWNER", agency), 404)
      assert.strictEqual(yield* status("BILLABLE_FLOW", "unknown"), 404)
      assert.strictEqual(yield* status("BILLABLE_FLOW_RUN", "unknown"), 404)
      const hers = world.questions.find(({ organizationId }) => organizationId !== world.organizationId)?.id ?? ""
      assert.strictEqual(yield* status("BILLABLE_QUESTION", hers), 404)
      assert.strictEqual(yield* status("BILLABLE_RUN", yield* questionId(summer, hero)), 404)
    }))

  it.scoped("in a partner's clean room is the partner's to set", () =>
    Effect.gen(function*() {
      const { cleanRoomId, questionId, read, status, world, write } = yield* begin
      const marketplace = "Lumen Street Audience Marketplace"
      const room = yield* cleanRoomId(marketplace)
      const question = yield* questionId(marketplace, "Segment Sizes for Retail Partners")
      assert.strictEqual((yield* write("BILLABLE_CR", room, "false")).status, 403)
      assert.strictEqual((yield* write("BILLABLE_CRQ", question, "false")).status, 403)
      assert.isUndefined(yield* read("BILLABLE_CR", room))
      const foreign = world.cleanRooms.find(({ name }) => name === "Northwind Shopper Panel")?.id ?? ""
      assert.strictEqual(yield* status("BILLABLE_CR", foreign), 404)
    }))

  it.scoped("is seeded for a clean room that is being set up and for a test run", () =>
    Effect.gen(function*() {
      const { cleanRoomId, questionId, read, world } = yield* begin
      assert.strictEqual((yield* read("BILLABLE_CR", yield* cleanRoomId("Holiday Planning")))?.value, "false")
      const profile = yield* questionId(summer, "CRM Profile of Shared Customers ")
      const runs = world.runs.where(({ cleanRoomQuestionId }) => cleanRoomQuestionId === profile)
      const configs = yield* Effect.forEach(runs, ({ id }) => read("BILLABLE_RUN", id))
      assert.deepStrictEqual(configs.flatMap((config) => config?.value ?? []), ["false"])
    }))
})
