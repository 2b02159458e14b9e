import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ids from "../../src/sandbox/Ids.js"
import { start } from "./harness.js"

interface Row {
  readonly [column: string]: string
}

const connection = (key: string) => Ids.uuid(1, `dataConnection/${key}`)

const over = (key: string, macro: string) => [{ dataConnectionId: connection(key), macro }]

const sales = {
  name: "Sales by Store",
  query: "WITH sold AS (SELECT * FROM @tx) SELECT store_id AS store, SUM(amount) AS sales FROM sold GROUP BY store_id",
  dataConnections: over("transactions", "tx")
}

const definition = (query: string, importDataType = "Generic") => ({
  title: `Stores ${query.length}`,
  category: "Profile",
  isAnalytics: true,
  queryDetails: [{ query, cleanRoomType: "Hybrid", queryLanguage: "SQL" }],
  dataTypes: [{ macro: "stores", importDataType }],
  measures: [{ name: "sales", type: "DECIMAL", isIdentity: false, noise: false }],
  dimensions: [{ name: "store", type: "STRING" }]
})

/** What a question in Kestrel Reporting needs to run over a data connection or view, all of it through the API. */
const begin = Effect.gen(function*() {
  const { call, cleanRoomId, get, sandbox } = yield* start()
  const room = yield* cleanRoomId("Kestrel Reporting")
  const read = (url: string) => Effect.map(get(url), ({ json }) => json)
  const provision = (id: string) => call("POST", `/cleanrooms/${room}/datasets/configure?dataConnectionId=${id}`)
  const viewed = (view: object) =>
    Effect.gen(function*() {
      const { json: made, text } = yield* call("POST", "/data-connection-views", view)
      assert.isString(made.id, text)
      const dataset = yield* provision(made.id)
      assert.strictEqual(dataset.status, 200, `${text} ${dataset.text}`)
      return { view: made.id, dataset: dataset.json }
    })
  const question = (dataset: string, details: object) =>
    Effect.gen(function*() {
      const { json: created } = yield* call("POST", `/question?cleanRoomID=${room}`, { questionDetails: details })
      const { id } = yield* read(`/cleanrooms/${room}/questions/${created.questionID}`)
      const [binding] = yield* read(`/cleanroom-questions/${id}/datasets`)
      const bound = yield* call("POST", `/cleanroom-questions/${id}/datasets`, [{ ...binding, datasetId: dataset }])
      assert.strictEqual(bound.status, 200, bound.text)
      return `/cleanroom-questions/${id}`
    })
  const run = (path: string, parameters: object = {}) =>
    Effect.gen(function*() {
      const { json: { id } } = yield* call("POST", `${path}/create-run`, { name: "x", parameters })
      yield* sandbox.clock.advance("31 minutes")
      const ended = yield* read(`/cleanroom-question-runs/${id}`)
      const { stats = [] } = yield* read(`/cleanroom-question-runs/${id}/data`)
      const rows: ReadonlyArray<Row> = stats
      return { ended, rows }
    })
  return { call, get, provision, question, read, room, run, viewed, world: sandbox.world }
})

const byStore = definition("SELECT @stores.@store AS store, @stores.@sales AS sales FROM @stores ORDER BY 1")

describe("a view in a clean room", () => {
  it.scoped("is a dataset whose SQL its questions run, in the version of that moment", () =>
    Effect.gen(function*() {
      const { call, provision, question, read, room, run, viewed } = yield* begin
      const { dataset, view } = yield* viewed(sales)
      assert.deepInclude(dataset, { name: "Sales by Store", dataConnectionId: view, isView: true })
      assert.deepStrictEqual(dataset.partitionParameters, { isView: true, partitionGroups: [] })
      assert.deepStrictEqual(
        dataset.datasetFields.map(({ name, type }: Row) => [name, type]),
        [["store", "STRING"], ["sales", "DECIMAL"]]
      )
      const overView = yield* question(dataset.id, byStore)
      const { ended, rows } = yield* run(overView)
      assert.strictEqual(ended.status, "COMPLETED", JSON.stringify(ended))
      assert.isAbove(rows.length, 5)
      const table = (yield* read(`/cleanrooms/${room}/datasets`)).find(({ name }: Row) =>
        name === "Alder & Pine Transactions"
      ) ?? (yield* provision(connection("transactions"))).json
      const direct = yield* question(
        table.id,
        definition(
          "SELECT @stores.@store_id AS store, SUM(@stores.@amount) AS sales FROM @stores GROUP BY 1 ORDER BY 1",
          "Transaction"
        )
      )
      assert.deepStrictEqual(rows, (yield* run(direct)).rows)
      const [first] = rows
      yield* call("PUT", `/data-connection-views/${view}`, {
        query:
          `SELECT store_id AS store, 2 * SUM(amount) AS sales FROM @tx WHERE store_id = '${first?.store}' GROUP BY 1`
      })
      const changed = yield* run(overView)
      assert.deepStrictEqual(
        changed.rows.map(({ sales, store }) => [store, Number(sales)]),
        [[first?.store, 2 * Number(first?.sales)]]
      )
      yield* call("PUT", `/data-connection-views/${view}`, { query: "SELECT shoe_size FROM @tx" })
      assert.strictEqual((yield* run(overView)).ended.status, "FAILED")
      assert.strictEqual((yield* call("DELETE", `/data-connection-views/${view}`)).status, 400)
    }))

  it.scoped("hides columns and rows as its dataset says, and nothing below it can be named", () =>
    Effect.gen(function*() {
      const { call, question, room, run, viewed } = yield* begin
      const { dataset } = yield* viewed(sales)
      const path = yield* question(dataset.id, byStore)
      const { rows } = yield* run(path)
      yield* call("PUT", `/cleanrooms/${room}/datasets/${dataset.id}`, {
        datasetFilters: [{ datasetFieldName: "store", operator: "IN", values: [rows[1]?.store] }]
      })
      assert.deepStrictEqual((yield* run(path)).rows, rows.slice(1, 2))
      for (const sql of ["SELECT store_id AS store FROM \"@tx\"", "SELECT amount AS sales FROM @stores"]) {
        assert.strictEqual((yield* run(yield* question(dataset.id, definition(sql)))).ended.status, "FAILED", sql)
      }
      yield* call("PUT", `/cleanrooms/${room}/datasets/${dataset.id}`, {
        datasetFieldMappings: [{ fieldName: "sales", isExcluded: true, rename: "" }]
      })
      assert.strictEqual((yield* run(path)).ended.status, "FAILED")
    }))

  it.scoped("is personal data where its SQL returns some, as labelled now", () =>
    Effect.gen(function*() {
      const { call, get, question, read, room, run, viewed } = yield* begin
      const { dataset } = yield* viewed({
        name: "Contacts",
        query: "SELECT lower(@crm.@email) AS contact, loyalty_tier AS tier, COUNT(*) OVER () AS people FROM @crm",
        dataConnections: over("crm", "crm")
      })
      const pii = Effect.map(
        read(`/cleanrooms/${room}/datasets/${dataset.id}`),
        ({ datasetFieldMappings }) =>
          datasetFieldMappings.flatMap(({ fieldName, isPii }: { fieldName: string; isPii: boolean }) =>
            isPii ? [fieldName] : []
          )
      )
      assert.deepStrictEqual(yield* pii, ["contact"])
      const shown = yield* question(dataset.id, definition("SELECT DISTINCT contact AS store FROM @stores"))
      const { ended } = yield* run(shown)
      assert.strictEqual(ended.status, "FAILED")
      const tiers = definition("SELECT tier AS store, COUNT(DISTINCT contact) AS sales FROM @stores GROUP BY 1")
      assert.lengthOf((yield* run(yield* question(dataset.id, tiers))).rows, 4)
      const fields = `/data-connections/${connection("crm")}/field-configurations`
      const mapped = yield* read(fields)
      const unlabelled = mapped.map((field: Row) => field.fieldName === "email" ? { ...field, isPii: false } : field)
      const answer = yield* call("POST", fields, unlabelled)
      assert.strictEqual(answer.status, 200, (yield* get(fields)).text)
      assert.deepStrictEqual(yield* pii, [])
      assert.strictEqual((yield* run(shown)).ended.status, "COMPLETED")
    }))

  it.scoped("asks for the partitions of each data connection under its macro", () =>
    Effect.gen(function*() {
      const { question, read, run, viewed, world } = yield* begin
      const transactions = world.dataConnections.get(connection("transactions"))
      if (transactions === undefined) return assert.fail("no transactions")
      world.dataConnections.put({
        ...transactions,
        fields: transactions.fields.map((field) =>
          field.fieldName === "transaction_date" ? { ...field, isPartitionColumn: true } : field
        )
      })
      const { dataset } = yield* viewed({
        name: "Days",
        query:
          "SELECT CAST(transaction_date AS STRING) AS store, COUNT(*) AS sales FROM @tx JOIN @crm USING (cid) GROUP BY 1",
        dataConnections: [...over("transactions", "tx"), ...over("crm", "crm")]
      })
      const [group, ...others] = dataset.partitionParameters.partitionGroups
      assert.isEmpty(others)
      assert.deepInclude(group, { dataConnectionId: transactions.id, dataConnectionMacro: "tx" })
      assert.deepStrictEqual(
        group.partitionFields.map((
          { fieldName, parameters }: { fieldName: string; parameters: ReadonlyArray<Row> }
        ) => [
          fieldName,
          ...parameters.map(({ name }) => name)
        ]),
        [["transaction_date", "tx.date_start", "tx.date_end"]]
      )
      const path = yield* question(dataset.id, byStore)
      const { parameters } = yield* read(`${path}/cleanroom-question-parameters`)
      const names = ["stores.tx.date_start", "stores.tx.date_end"]
      assert.deepStrictEqual(parameters.map(({ Name }: { Name: string }) => Name), names)
      const none = yield* run(path)
      assert.deepStrictEqual([none.ended.status, none.rows.length], ["COMPLETED", 0])
      const [from, to] = ["2026-02-01", "2026-02-03"]
      const some = yield* run(path, { [names[0] ?? ""]: from, [names[1] ?? ""]: to })
      assert.deepStrictEqual(some.rows.map(({ store }) => store), ["2026-02-01", "2026-02-02", "2026-02-03"])
    }))
})
