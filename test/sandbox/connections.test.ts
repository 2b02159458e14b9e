import { assert, describe, it } from "@effect/vitest"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Ids from "../../src/sandbox/Ids.js"
import { start } from "./harness.js"

interface Connection {
  readonly id: string
  readonly name: string
  readonly stage: string
  readonly configStatus: string
}

const source = (location: string) => ({
  name: "Store Sales",
  category: "Transactions",
  dataType: { name: "Transaction" },
  dataSource: { name: "CLIENT_AWS", displayName: "Client AWS S3" },
  dataSourceConfiguration: [{ name: "DataLocation", value: location }, { name: "FileFormat", value: "Parquet" }]
})

const begin = Effect.gen(function*() {
  const harness = yield* start()
  const read = (url: string) => Effect.map(harness.get(url), ({ json }) => json)
  const connect = (location: string) =>
    Effect.map(harness.call("POST", "/data-connections", source(location)), ({ json }) => String(json.id))
  const stageOf = (id: string) => Effect.map(read(`/data-connections/${id}`), ({ stage }) => String(stage))
  return { ...harness, read, connect, stageOf }
})

describe("data connections", () => {
  it.scoped("stand in every stage, live spelled the other way round", () =>
    Effect.gen(function*() {
      const { read, sandbox } = yield* begin
      const list: ReadonlyArray<Connection> = yield* read("/data-connections")
      assert.lengthOf(list, 23)
      const stages = Arr.groupBy(list, ({ stage }) => stage)
      assert.lengthOf(stages["CONFIGURATION_COMPLETE"] ?? [], 8)
      assert.lengthOf(stages["MAPPING_REQUIRED"] ?? [], 2)
      assert.lengthOf(stages["CONFIGURATION_FAILED"] ?? [], 9)
      assert.lengthOf(stages["WAITING_FOR_FILE"] ?? [], 4)
      assert.isTrue(list.every(({ configStatus }) => configStatus === "ACTIVE"))
      yield* sandbox.clock.advance("5 minutes")
      const later: ReadonlyArray<Connection> = yield* read("/data-connections")
      const backfill = later.find(({ name }) => name === "Transactions Backfill")
      assert.strictEqual(backfill?.stage, "MAPPING_REQUIRED")
    }))

  it.scoped("are verified for a while, then need mapping, then are complete", () =>
    Effect.gen(function*() {
      const { call, connect, read, sandbox, stageOf } = yield* begin
      const id = yield* connect("s3://alder-pine-data/stores/retail_transactions/")
      assert.strictEqual(yield* stageOf(id), "WAITING_FOR_FILE")
      assert.deepStrictEqual(yield* read(`/data-connections/${id}/field-configurations`), [])
      assert.strictEqual((yield* call("POST", `/data-connections/${id}/field-configurations`, [])).status, 400)
      yield* sandbox.clock.advance("5 minutes")
      assert.strictEqual(yield* stageOf(id), "MAPPING_REQUIRED")
      const fields = yield* read(`/data-connections/${id}/field-configurations`)
      assert.deepInclude(fields[1], { fieldName: "cid", dataType: "STRING", isPii: false, isUserIdField: false })
      const mapped = fields.map((field: { fieldName: string }) =>
        field.fieldName === "cid"
          ? {
            ...field,
            isPii: true,
            isUserIdField: true,
            identifierType: "Hashed Customer ID",
            isPartitionColumn: true
          }
          : field
      )
      const answer = yield* call("POST", `/data-connections/${id}/field-configurations`, mapped)
      assert.strictEqual(answer.status, 200)
      assert.strictEqual(yield* stageOf(id), "CONFIGURATION_COMPLETE")
      const [, cid] = yield* read(`/data-connections/${id}/field-configurations`)
      assert.deepInclude(cid, { isPii: true, identifierType: "Hashed Customer ID" })
      assert.isFalse(cid.isPartitionColumn)
    }))

  it.scoped("fail where the store cannot be read, and recover by a new location", () =>
    Effect.gen(function*() {
      const { call, connect, sandbox, stageOf } = yield* begin
      const id = yield* connect("s3://elsewhere/retail_transactions/")
      yield* sandbox.clock.advance("5 minutes")
      assert.strictEqual(yield* stageOf(id), "CONFIGURATION_FAILED")
      assert.deepStrictEqual((yield* call("POST", `/data-connections/${id}/retry`)).json, { success: true })
      assert.strictEqual(yield* stageOf(id), "WAITING_FOR_FILE")
      yield* sandbox.clock.advance("5 minutes")
      assert.strictEqual(yield* stageOf(id), "CONFIGURATION_FAILED")
      yield* call("PUT", `/data-connections/${id}`, source("s3://alder-pine-data/retail_transactions/"))
      yield* sandbox.clock.advance("5 minutes")
      assert.strictEqual(yield* stageOf(id), "MAPPING_REQUIRED")
    }))

  it.scoped("wait where there is no file", () =>
    Effect.gen(function*() {
      const { connect, sandbox, stageOf } = yield* begin
      const id = yield* connect("s3://alder-pine-data/nothing/")
      yield* sandbox.clock.advance("1 hour")
      assert.strictEqual(yield* stageOf(id), "WAITING_FOR_FILE")
    }))

  it.scoped("by the contract name their stage in configStatus", () =>
    Effect.gen(function*() {
      const { call } = yield* start({ strictContract: true })
      const { json } = yield* call("POST", "/data-connections", source("s3://alder-pine-data/retail_transactions/"))
      assert.deepInclude(json, { configStatus: "VERIFYING_ACCESS", runStatus: "RUNNING", stage: "ACTIVE" })
    }))

  it.scoped("need a name, a source and a type that exist", () =>
    Effect.gen(function*() {
      const { call } = yield* begin
      const { name: _, ...unnamed } = source("s3://x/")
      assert.strictEqual((yield* call("POST", "/data-connections", unnamed)).status, 400)
      const wrong = { ...source("s3://x/"), dataType: { name: "Gossip" } }
      assert.strictEqual((yield* call("POST", "/data-connections", wrong)).status, 400)
    }))

  it.scoped("are read by id 20 times an hour, and belong to one organisation", () =>
    Effect.gen(function*() {
      const { get, sandbox } = yield* begin
      const own = `/data-connections/${Ids.uuid(1, "dataConnection/crm")}`
      const statuses = yield* Effect.forEach(Array.from({ length: 21 }), () => Effect.map(get(own), (a) => a.status))
      assert.deepStrictEqual(statuses.slice(-2), [200, 429])
      yield* sandbox.clock.advance("1 hour")
      assert.strictEqual((yield* get(own)).status, 200)
      assert.strictEqual((yield* get(`/data-connections/${Ids.uuid(1, "dataConnection/brand-crm")}`)).status, 404)
    }))

  it.scoped("stay while a clean room uses them", () =>
    Effect.gen(function*() {
      const { call, connect, read } = yield* begin
      const used = Ids.uuid(1, "dataConnection/crm")
      assert.strictEqual((yield* call("DELETE", `/data-connections/${used}`)).status, 400)
      const id = yield* connect("s3://alder-pine-data/retail_transactions/")
      assert.deepStrictEqual((yield* call("DELETE", `/data-connections/${id}`)).json, { success: true })
      const list: ReadonlyArray<Connection> = yield* read("/data-connections")
      assert.notInclude(list.map((item) => item.id), id)
    }))

  it.scoped("come with catalogues of types", () =>
    Effect.gen(function*() {
      const { read } = yield* begin
      const types = yield* read("/data-connections/import-data-types")
      assert.deepInclude(types.find((type: { name: string }) => type.name === "CRM"), { displayName: "CRM Data" })
      const identifiers = yield* read("/identifier-types")
      assert.include(identifiers.map((type: { name: string }) => type.name), "Hashed Customer ID")
    }))
})

describe("datasets", () => {
  const dataset =
    (path: string, name: string) => (list: ReadonlyArray<{ readonly id: string; readonly name: string }>) =>
      `${path}/${list.find((item) => item.name === name)?.id}`

  it.scoped("come of complete connections, once each", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, read, sandbox } = yield* begin
      const path = `/cleanrooms/${yield* cleanRoomId("Holiday Planning")}/datasets`
      const configure = (key: string, body?: object) =>
        call("POST", `${path}/configure?dataConnectionId=${Ids.uuid(1, `dataConnection/${key}`)}`, body)
      assert.strictEqual((yield* configure("store-sales")).status, 400)
      assert.strictEqual((yield* configure("brand-crm")).status, 404)
      const made = yield* configure("crm", { rampIDConsent: true })
      assert.deepInclude(made.json, {
        name: "Alder & Pine CRM",
        organizationName: "Alder & Pine Retail",
        isView: false
      })
      const again = yield* configure("crm")
      assert.strictEqual(again.json.id, made.json.id)
      assert.lengthOf(yield* read(path), 1)
      assert.deepStrictEqual(yield* read(`${path}/${made.json.id}`), again.json)
      assert.isFalse(sandbox.world.datasets.get(made.json.id)?.rampIdConsent)
      assert.strictEqual((yield* call("POST", `${path}/configure`)).status, 400)
    }))

  it.scoped("name the partition parameters of their columns", () =>
    Effect.gen(function*() {
      const { cleanRoomId, read } = yield* begin
      const path = `/cleanrooms/${yield* cleanRoomId("Kestrel Reporting")}/datasets`
      const { partitionParameters } = yield* read(dataset(path, "Lumen Street Exposures")(yield* read(path)))
      assert.deepStrictEqual(
        partitionParameters.partitionGroups[0].partitionFields[0].parameters.map((item: { name: string }) => item.name),
        ["date_start", "date_end"]
      )
    }))

  it.scoped("hide columns and rows from questions once they are told to", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, questionId, read, sandbox } = yield* begin
      const room = yield* cleanRoomId("Kestrel Reporting")
      const path = `/cleanrooms/${room}/datasets`
      const url = dataset(path, "Alder & Pine Transactions")(yield* read(path))
      const question = yield* questionId("Kestrel Reporting", "Weekly Sales by Category")
      const categories = Effect.gen(function*() {
        const { json: run } = yield* call("POST", `/cleanroom-questions/${question}/create-run`, { name: "x" })
        yield* sandbox.clock.advance("31 minutes")
        const { stats } = yield* read(`/cleanroom-question-runs/${run.id}/data`)
        const found = new Set<string>(stats?.map((row: { product_category: string }) => row.product_category))
        return { found, run: yield* read(`/cleanroom-question-runs/${run.id}`) }
      })
      assert.isAbove((yield* categories).found.size, 1)
      const filter = { datasetFieldName: "product_category", operator: "EQUALS", values: ["Snacks"] }
      const filtered = yield* call("PUT", url, { datasetFilters: [filter] })
      assert.deepInclude(filtered.json.datasetFilters[0], filter)
      assert.deepStrictEqual([...(yield* categories).found], ["Snacks"])
      const hide = [{ fieldName: "amount", isExcluded: true, rename: "" }]
      const hidden = yield* call("PUT", url, { datasetFieldMappings: hide })
      assert.isFalse(hidden.json.datasetFields.some((field: { name: string }) => field.name === "amount"))
      assert.deepInclude((yield* categories).run, { status: "FAILED", failureReason: "Column not found" })
      assert.deepStrictEqual(yield* read(url), hidden.json)
    }))

  it.scoped("refuse incomplete changes and those of another's data", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, read } = yield* begin
      const path = `/cleanrooms/${yield* cleanRoomId("Kestrel Reporting")}/datasets`
      const list = yield* read(path)
      const own = dataset(path, "Alder & Pine Transactions")(list)
      assert.strictEqual((yield* call("PUT", own, { datasetFieldMappings: [{ fieldName: "amount" }] })).status, 400)
      assert.strictEqual(
        (yield* call("PUT", own, { datasetFilters: [{ datasetFieldName: "x", operator: "IN", values: [] }] })).status,
        400
      )
      assert.strictEqual((yield* call("PUT", dataset(path, "Lumen Street Exposures")(list), {})).status, 403)
    }))

  it.scoped("may be opened to partners for assignment", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, read } = yield* begin
      const path = `/cleanrooms/${yield* cleanRoomId("Kestrel Reporting")}/datasets`
      const list = yield* read(path)
      const own = list.find((item: { name: string }) => item.name === "Alder & Pine Transactions")
      assert.isFalse(own.partnerCanAssign)
      const set = (datasetId: string) =>
        call("POST", `${path}/partner-assignment`, [{ datasetId, partnerCanAssign: true }])
      assert.deepStrictEqual((yield* set(own.id)).json, { success: true })
      assert.isTrue((yield* read(`${path}/${own.id}`)).partnerCanAssign)
      assert.strictEqual((yield* set("unknown")).status, 404)
    }))
})
