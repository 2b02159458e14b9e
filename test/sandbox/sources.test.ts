import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ids from "../../src/sandbox/Ids.js"
import { start } from "./harness.js"

interface Named {
  readonly id: string
  readonly name: string
}

const begin = Effect.gen(function*() {
  const harness = yield* start()
  const read = (url: string) => Effect.map(harness.get(url), ({ json }) => json)
  return { ...harness, read }
})

const secret = "abcdefghijklmnopqrstuvwxyz0123456789ABCD"

const aws = (key = "AKIAABCDEFGHIJKLMNOP") => ({
  name: "Second account",
  credentialSourceName: "AWS IAM User Credentials",
  credentials: [
    { name: "AWS_ACCESS_KEY_ID", value: key },
    { name: "AWS_SECRET_ACCESS_KEY", value: secret },
    { name: "AWS_USER_ARN", value: "arn:aws:iam::123456789012:user/habu" },
    { name: "AWS_REGION", value: "us-east-1" }
  ]
})

describe("credentials", () => {
  it.scoped("are listed with their kind's id, the name of it null as live, and never a value", () =>
    Effect.gen(function*() {
      const { get, read } = yield* begin
      const { json, text } = yield* get("/organization-credentials")
      assert.include(json.map((item: Named) => item.name), "Alder & Pine AWS")
      const [item] = json
      assert.isNull(item.credentialSourceName)
      assert.strictEqual(item.credentialSourceId, "82b512e0-f7bd-4266-9d99-9d58899488be")
      assert.notInclude(text, "synthetic")
      const one = yield* read(`/organization-credentials/${item.id}`)
      assert.strictEqual(one.credentialSourceName, "AWS IAM User Credentials")
      assert.deepStrictEqual(one.credentials[0], { name: "AWS_ACCESS_KEY_ID" })
    }))

  it.scoped("are made, changed and deleted, checked each time, and never shown", () =>
    Effect.gen(function*() {
      const { call, get, read } = yield* begin
      const post = (body: object) => call("POST", "/organization-credentials", body)
      const made = yield* post(aws())
      assert.strictEqual(made.status, 200)
      assert.notInclude(made.text, secret)
      const path = `/organization-credentials/${made.json.id}`
      assert.notInclude((yield* get(path)).text, secret)
      assert.strictEqual((yield* post(aws("nonsense"))).status, 400)
      assert.strictEqual((yield* post({ ...aws(), credentials: [] })).status, 400)
      assert.strictEqual((yield* post({ ...aws(), credentialSourceName: "Carrier Pigeon" })).status, 400)
      yield* call("PUT", path, { ...aws(), name: "Third account" })
      assert.strictEqual((yield* read(path)).name, "Third account")
      assert.deepStrictEqual((yield* call("DELETE", path)).json, { success: true })
      assert.strictEqual((yield* get(path)).status, 404)
    }))

  it.scoped("stay while something uses them, and LiveRamp's own are not ours to change", () =>
    Effect.gen(function*() {
      const { call, read } = yield* begin
      const list: ReadonlyArray<Named & { readonly managedCredential: boolean }> = yield* read(
        "/organization-credentials"
      )
      const used = list.find(({ name }) => name === "Alder & Pine AWS")
      assert.strictEqual((yield* call("DELETE", `/organization-credentials/${used?.id}`)).status, 400)
      const managed = list.find(({ managedCredential }) => managedCredential)
      assert.strictEqual(managed?.name, "LiveRamp Service Account")
      assert.strictEqual((yield* call("DELETE", `/organization-credentials/${managed?.id}`)).status, 403)
      assert.strictEqual((yield* call("PUT", `/organization-credentials/${managed?.id}`, aws())).status, 403)
    }))

  it.scoped("have kinds that say which fields they take", () =>
    Effect.gen(function*() {
      const { get, read } = yield* begin
      const kinds: ReadonlyArray<Named> = yield* read("/credential-sources")
      const google = yield* read("/credential-sources/credential-name/Google%20Service%20Account")
      assert.deepStrictEqual(google, kinds.filter(({ name }) => name === "Google Service Account"))
      assert.deepStrictEqual(yield* read(`/credential-sources/${google[0].id}`), google[0])
      assert.deepStrictEqual(
        google[0].credentialConfig.map((field: Named) => field.name),
        ["GCP_PROJECT_ID", "GCP_SERVICE_ACCOUNT_JSON"]
      )
      assert.strictEqual((yield* get("/credential-sources/credential-name/None")).status, 404)
      assert.strictEqual((yield* get("/credential-sources/none")).status, 404)
    }))
})

describe("data sources", () => {
  it.scoped("lead from source over type to the parameters to give", () =>
    Effect.gen(function*() {
      const { get, read } = yield* begin
      const sources: ReadonlyArray<Named & { readonly displayName: string }> = yield* read("/data-sources")
      assert.lengthOf(sources, 28)
      const s3 = sources.find(({ displayName }) => displayName === "Client AWS S3")
      assert.deepStrictEqual(yield* read(`/data-sources/${s3?.id}`), s3)
      const types: ReadonlyArray<Named> = yield* read(`/data-sources/${s3?.id}/data-types`)
      const crm = types.find(({ name }) => name === "CRM")
      assert.deepStrictEqual(yield* read(`/data-sources/data-types/${crm?.id}`), crm)
      const parameters = yield* read(`/data-sources/${s3?.id}/data-types/${crm?.id}/data-source-parameters`)
      assert.deepStrictEqual(
        parameters.map((parameter: Named) => parameter.name),
        ["DataLocation", "FileFormat", "SampleFilePath", "JobFrequency", "RefreshType", "IdentifierType"]
      )
      assert.strictEqual((yield* get("/data-sources/none")).status, 404)
      assert.strictEqual((yield* get("/data-sources/data-types/none")).status, 404)
    }))
})

describe("data connection views", () => {
  const connection = Ids.uuid(1, "dataConnection/transactions")
  const view = {
    name: "Sales by Store",
    query: "SELECT @tx.@store_id AS store, SUM(@tx.@amount) AS sales FROM @tx GROUP BY @tx.@store_id",
    dataConnections: [{ dataConnectionId: connection, macro: "tx" }]
  }

  it.scoped("are made of a query whose columns they show", () =>
    Effect.gen(function*() {
      const { call, read } = yield* begin
      const made = yield* call("POST", "/data-connection-views", view)
      assert.strictEqual(made.status, 201)
      assert.deepInclude(made.json, { name: "Sales by Store", version: "1", status: "CONFIGURATION_COMPLETE" })
      assert.deepStrictEqual(made.json.fields, [{ name: "store", type: "STRING" }, { name: "sales", type: "DECIMAL" }])
      assert.strictEqual(made.json.dataConnections[0].dataConnectionName, "Alder & Pine Transactions")
      assert.deepStrictEqual(yield* read(`/data-connection-views/${made.json.id}`), made.json)
      const listed = yield* read("/data-connection-views")
      assert.deepStrictEqual(listed, { dataConnectionViews: [made.json], limit: 30, offset: 0, hasMore: false })
    }))

  it.scoped("fail where the query does not hold up, and mend with a new version", () =>
    Effect.gen(function*() {
      const { call, read } = yield* begin
      const { json } = yield* call("POST", "/data-connection-views", { ...view, query: "SELECT @tx.@nothing FROM @tx" })
      assert.deepInclude(json, { status: "CONFIGURATION_FAILED", fields: [] })
      assert.lengthOf((yield* read("/data-connection-views?status=CONFIGURATION_FAILED")).dataConnectionViews, 1)
      const path = `/data-connection-views/${json.id}`
      const mended = yield* call("PUT", path, { query: view.query })
      assert.deepInclude(mended.json, { name: view.name, version: "2", status: "CONFIGURATION_COMPLETE" })
      assert.deepStrictEqual((yield* call("DELETE", path)).json, { success: true })
      assert.strictEqual((yield* call("GET", path)).status, 404)
    }))

  it.scoped("need connections that are complete and ours, and page their list", () =>
    Effect.gen(function*() {
      const { call, read } = yield* begin
      const from = (key: string) => ({
        ...view,
        dataConnections: [{ dataConnectionId: Ids.uuid(1, `dataConnection/${key}`), macro: "tx" }]
      })
      const post = (body: object) => Effect.map(call("POST", "/data-connection-views", body), ({ status }) => status)
      assert.strictEqual(yield* post(from("store-sales")), 400)
      assert.strictEqual(yield* post(from("brand-crm")), 404)
      assert.strictEqual(yield* post({ ...view, dataConnections: [] }), 400)
      yield* post(view)
      yield* post({ ...view, name: "Second" })
      const page = yield* read("/data-connection-views?limit=1")
      assert.lengthOf(page.dataConnectionViews, 1)
      assert.isTrue(page.hasMore)
      assert.isFalse((yield* read("/data-connection-views?limit=1&offset=1")).hasMore)
    }))
})
