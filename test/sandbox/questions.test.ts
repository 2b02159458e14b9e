import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ids from "../../src/sandbox/Ids.js"
import { hero } from "../../src/sandbox/Seed.js"
import { start } from "./harness.js"

const summer = "Fizzwell Summer Campaign"
const measurement = "Lumen Street Measurement"

const begin = Effect.gen(function*() {
  const harness = yield* start()
  const { get, questionId } = harness
  const path = (name = hero, cleanRoom = summer) =>
    Effect.map(questionId(cleanRoom, name), (id) => `/cleanroom-questions/${id}`)
  const read = (url: string) => Effect.map(get(url), ({ json }) => json)
  return { ...harness, path, read }
})

describe("clean room questions", () => {
  it.scoped("show what Habu shows, their SQL too", () =>
    Effect.gen(function*() {
      const { path, read } = yield* begin
      const question = yield* read(yield* path("CRM Profile of Shared Customers "))
      assert.match(question.displayId, /^CRQ-\d{6}$/)
      assert.deepInclude(question, {
        questionType: "ANALYTICAL",
        category: "Profile",
        status: "READY",
        parameters: { CRM_ATTRIBUTE: "STRING" },
        dimension: { attribute_value: "STRING" },
        dataTypes: { CRM: "CRM Data" }
      })
      assert.include(question.customerQueryTemplate, "@retail_crm.@loyalty_tier")
      const list = yield* read(yield* path("Exposed Buyers - User List"))
      assert.strictEqual(list.questionType, "LIST")
      assert.isNull(list.dimension)
      assert.deepStrictEqual(list.parameters, {})
      assert.deepStrictEqual(yield* read(`${yield* path()}/cleanroom-question-tags`), ["summer"])
    }))

  it.scoped("repeat names, one READY and one not, one with a trailing blank", () =>
    Effect.gen(function*() {
      const { cleanRoomId, read } = yield* begin
      const list = yield* read(`/cleanrooms/${yield* cleanRoomId(measurement)}/cleanroom-questions`)
      const same = list.filter((item: { name: string }) => item.name.trim().endsWith("- Global"))
      assert.deepStrictEqual(same.map((item: { status: string }) => item.status), ["READY", "MISSING_DATASETS"])
      assert.notStrictEqual(same[0].name, same[1].name)
      assert.strictEqual(same[0].name.trim(), same[1].name.trim())
    }))

  it.scoped("are listed by kind, by day and by page", () =>
    Effect.gen(function*() {
      const { cleanRoomId, read } = yield* begin
      const path = `/cleanrooms/${yield* cleanRoomId(summer)}/cleanroom-questions`
      const all = yield* read(path)
      assert.lengthOf(yield* read(`${path}?questionType=List`), 1)
      assert.lengthOf(yield* read(`${path}?questionType=Analytical`), all.length - 1)
      const newest = all.map((item: { createdOn: string }) => item.createdOn).sort().at(-1).slice(0, 10)
      assert.lengthOf(yield* read(`${path}?startDate=${newest}`), 1)
      assert.lengthOf(yield* read(`${path}?endDate=${newest}`), all.length)
      assert.deepStrictEqual(yield* read(`${path}?limit=2&offset=1`), all.slice(1, 3))
    }))

  it.scoped("hide a partner's SQL without VIEW_CODE", () =>
    Effect.gen(function*() {
      const { call, path, read } = yield* begin
      const url = yield* path("Segment Sizes for Retail Partners", "Lumen Street Audience Marketplace")
      const question = yield* read(url)
      assert.isFalse("customerQueryTemplate" in question)
      assert.isFalse("queryDetails" in (yield* read(`/question/${question.questionId}`)).questionDetails)
      assert.strictEqual((yield* call("POST", `${url}/create-run`, { name: "x" })).status, 200)
      assert.strictEqual((yield* call("DELETE", url)).status, 403)
      assert.strictEqual((yield* call("PATCH", `${url}/compute-capacity`, { computeCapacity: "LARGE" })).status, 403)
    }))

  it.scoped("name their parameters in capitals: the run's own and those of partitioned datasets", () =>
    Effect.gen(function*() {
      const { path, read } = yield* begin
      const { displayId, parameters } = yield* read(
        `${yield* path("Last Touch Attribution by Channel")}/cleanroom-question-parameters`
      )
      assert.match(displayId, /^CRQ-/)
      assert.deepStrictEqual(
        parameters.map((item: { Name: string; ParameterType: string }) => [item.Name, item.ParameterType]),
        [
          ["click_attribution_window", "RUN_TIME_PARAMETER"],
          ["imp_attribution_window", "RUN_TIME_PARAMETER"],
          ["exposures.date_start", "PARTITION_PARAMETER"],
          ["exposures.date_end", "PARTITION_PARAMETER"],
          ["conversions.date_start", "PARTITION_PARAMETER"],
          ["conversions.date_end", "PARTITION_PARAMETER"]
        ]
      )
      assert.deepInclude(parameters[1], { HasConstraint: true, ConstraintType: "DEFAULT_VALUE", DefaultValue: "30" })
      const profile = yield* read(`${yield* path("CRM Profile of Shared Customers ")}/cleanroom-question-parameters`)
      assert.deepInclude(profile.parameters[0], {
        Name: "CRM_ATTRIBUTE",
        ConstraintType: "ENFORCED_LIST",
        AllowedValues: ["EDUCATION", "INCOME", "AGE", "LOYALTY"]
      })
    }))

  it.scoped("become READY when the missing dataset is assigned", () =>
    Effect.gen(function*() {
      const { call, path, read, sandbox } = yield* begin
      const url = yield* path("Audience Overlap by Segment and Region - Global", measurement)
      const [missing, present] = yield* read(`${url}/datasets`)
      assert.deepInclude(missing, { macro: "publisher_audience", ownership: "PARTNER", status: "UNASSIGNED" })
      assert.deepInclude(present, { macro: "retail_crm", ownership: "OWNER", datasetName: "Alder & Pine CRM" })
      const [{ datasetOptions: [option] }] = yield* read(`${url}/data-type-options?dataType=UserData`)
      assert.strictEqual(option.name, "Lumen Street Audience")
      const assign = (datasetId: string) => call("POST", `${url}/datasets`, [{ ...missing, datasetId }, present])
      assert.strictEqual((yield* assign(option.id)).status, 403)
      const dataset = sandbox.world.datasets.get(option.id)
      assert.isDefined(dataset)
      if (dataset !== undefined) sandbox.world.datasets.put({ ...dataset, partnerCanAssign: true })
      assert.strictEqual((yield* assign(present.datasetId)).status, 400)
      assert.strictEqual((yield* assign("unknown")).status, 404)
      const assigned = yield* assign(option.id)
      assert.deepInclude(assigned.json[0], { datasetId: option.id, status: "ASSIGNED" })
      assert.deepStrictEqual(yield* read(`${url}/datasets`), assigned.json)
      assert.strictEqual((yield* read(url)).status, "READY")
      yield* assign("")
      assert.strictEqual((yield* read(url)).status, "MISSING_DATASETS")
    }))

  it.scoped("read the columns that a macro's fields are mapped to", () =>
    Effect.gen(function*() {
      const { call, path, read, sandbox } = yield* begin
      const url = yield* path("6: Attribute Level Overlap - Loyalty Tier")
      const bindings = yield* read(`${url}/datasets`)
      const fields = bindings[0].fields.map((field: { name: string; value: string }) =>
        field.name === "loyalty_tier" ? { ...field, value: "age_band" } : field
      )
      yield* call("POST", `${url}/datasets`, [{ ...bindings[0], fields }])
      const { json: run } = yield* call("POST", `${url}/create-run`, { name: "mapped" })
      yield* sandbox.clock.advance("31 minutes")
      const { stats } = yield* read(`/cleanroom-question-runs/${run.id}/data`)
      assert.include(stats.map((row: { loyalty_tier: string }) => row.loyalty_tier), "25-34")
    }))

  it.scoped("give a macro to another stakeholder, who must then fill it", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, path, read } = yield* begin
      const url = yield* path("6: Attribute Level Overlap - Loyalty Tier")
      const stakeholders = yield* read(`/cleanrooms/${yield* cleanRoomId(summer)}/stakeholders`)
      const give = (request: object) =>
        call(
          "POST",
          `${url}/datasets-ownership?AssignCleanroomQuestionDatasetRequests=${
            encodeURIComponent(JSON.stringify(request))
          }`
        )
      const partner = stakeholders[1].organizationId
      const { json } = yield* give({ organizationId: partner, macro: "retail_crm" })
      assert.deepInclude(json[0], {
        macro: "retail_crm",
        ownership: "PARTNER",
        organizationId: partner,
        status: "UNASSIGNED"
      })
      assert.strictEqual((yield* read(url)).status, "MISSING_DATASETS")
      assert.strictEqual((yield* give({ organizationId: "nobody", macro: "retail_crm" })).status, 400)
      assert.strictEqual((yield* give({ organizationId: partner, macro: "Retail_crm" })).status, 400)
      assert.strictEqual((yield* call("POST", `${url}/datasets-ownership`)).status, 400)
    }))

  it.scoped("change permissions by JSON in the query", () =>
    Effect.gen(function*() {
      const { call, path, read } = yield* begin
      const url = `${yield* path()}/cleanroom-question-permissions`
      const change = encodeURIComponent(
        JSON.stringify([{ permission: "VIEW_CODE", access: "ALL_CLEAN_ROOM_PARTNERS" }])
      )
      const before = yield* read(url)
      const { json: after } = yield* call("POST", `${url}?cleanroomQuestionPermissions=${change}`)
      assert.lengthOf(after, before.length)
      assert.deepStrictEqual(yield* read(url), after)
      const changed = after.find((item: { permission: string }) => item.permission === "VIEW_CODE")
      assert.strictEqual(changed.access, "ALL_CLEAN_ROOM_PARTNERS")
      assert.strictEqual((yield* call("POST", `${url}?cleanroomQuestionPermissions=notjson`)).status, 400)
    }))

  it.scoped("share results with partners of the clean room; a new list replaces the old", () =>
    Effect.gen(function*() {
      const { call, path, read } = yield* begin
      const url = `${yield* path()}/cleanroom-question-result-shares`
      const [brand, publisher] = yield* read(url)
      assert.isFalse("id" in brand)
      const put = (list: ReadonlyArray<object>) => call("PUT", url, list)
      assert.deepStrictEqual((yield* put([{ PartnerID: brand.PartnerID, PostRunQueryID: "q" }])).json, {
        success: true
      })
      const [shared] = yield* read(url)
      assert.strictEqual(shared.PostRunQueryID, "q")
      yield* put([{ PartnerID: publisher.PartnerID }])
      const [first, second] = yield* read(url)
      assert.isFalse("id" in first)
      assert.isString(second.id)
      assert.strictEqual((yield* put([{ PartnerID: "stranger" }])).status, 400)
    }))

  it.scoped("take a compute capacity; Snowflake only DEFAULT and LARGE", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, path, read } = yield* begin
      const set = (url: string, computeCapacity: string) =>
        Effect.map(call("PATCH", `${url}/compute-capacity`, { computeCapacity }), ({ status }) => status)
      const snowflake = yield* path("Basket Size by Age Band", "Loyalty Insights (Snowflake)")
      assert.strictEqual(yield* set(snowflake, "MEDIUM"), 400)
      assert.strictEqual(yield* set(snowflake, "LARGE"), 200)
      const { questions } = yield* read(`/cleanrooms/${yield* cleanRoomId("Loyalty Insights (Snowflake)")}/assets`)
      assert.strictEqual(questions[0].defaultComputeCapacity, "LARGE")
      assert.strictEqual(yield* set(yield* path(), "XLARGE"), 200)
      assert.strictEqual(yield* set(yield* path(), "HUGE"), 400)
    }))

  it.scoped("are found by clean room and question, and go with their runs", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, path, read, sandbox } = yield* begin
      const url = yield* path()
      const { id, questionId } = yield* read(url)
      const room = yield* cleanRoomId(summer)
      assert.deepStrictEqual(yield* read(`/cleanrooms/${room}/questions/${questionId}`), { id })
      assert.deepStrictEqual((yield* call("DELETE", url)).json, { success: true })
      assert.strictEqual((yield* call("GET", `/cleanrooms/${room}/questions/${questionId}`)).status, 404)
      assert.isEmpty(sandbox.world.runs.where((run) => run.cleanRoomQuestionId === id))
    }))
})

const details = {
  title: "Shoppers by Tier",
  category: "Profile",
  description: "How many shoppers each tier has",
  isAnalytics: true,
  queryDetails: [{
    query: "SELECT @shoppers.@loyalty_tier AS tier, COUNT(*) AS people FROM @shoppers GROUP BY @shoppers.@loyalty_tier",
    cleanRoomType: "Hybrid",
    queryLanguage: "SQL"
  }],
  dataTypes: [{ macro: "shoppers", importDataType: "CRM" }],
  measures: [{ name: "people", type: "INTEGER", isIdentity: true, noise: false }],
  dimensions: [{ name: "tier", type: "STRING" }]
}

describe("questions", () => {
  it.scoped("are written, brought into a clean room, given data and run", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, read, sandbox } = yield* begin
      const room = yield* cleanRoomId("Kestrel Reporting")
      const created = yield* call("POST", "/question", { questionDetails: details })
      assert.isTrue(created.json.success)
      const { questionID } = created.json
      const stored = yield* read(`/question/${questionID}`)
      assert.deepInclude(stored.questionDetails, { title: "Shoppers by Tier", version: 1 })
      assert.deepStrictEqual(yield* read(`/question/${questionID}/data-types`), details.dataTypes)
      const added = yield* call("POST", `/cleanrooms/${room}/cleanroom-questions?questionId=${questionID}`)
      assert.deepInclude(added.json, { title: "Shoppers by Tier", status: "MISSING_DATASETS", isEditable: true })
      const again = yield* call("POST", `/cleanrooms/${room}/cleanroom-questions?questionId=${questionID}`)
      assert.strictEqual(again.status, 400)
      const connection = Ids.uuid(1, "dataConnection/crm")
      const dataset = yield* call("POST", `/cleanrooms/${room}/datasets/configure?dataConnectionId=${connection}`)
      assert.strictEqual(dataset.status, 200)
      const url = `/cleanroom-questions/${added.json.id}`
      const [binding] = yield* read(`${url}/datasets`)
      yield* call("POST", `${url}/datasets`, [{ ...binding, datasetId: dataset.json.id }])
      const { json: run } = yield* call("POST", `${url}/create-run`, { name: "first" })
      yield* sandbox.clock.advance("31 minutes")
      const { stats } = yield* read(`/cleanroom-question-runs/${run.id}/data`)
      assert.sameMembers(stats.map((row: { tier: string }) => row.tier), ["Basic", "Silver", "Gold", "Platinum"])
    }))

  it.scoped("can be created right in a clean room, as not editable there", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, read } = yield* begin
      const room = yield* cleanRoomId("Kestrel Reporting")
      const { json } = yield* call("POST", `/question?cleanRoomID=${room}`, { questionDetails: details })
      const { id } = yield* read(`/cleanrooms/${room}/questions/${json.questionID}`)
      assert.strictEqual((yield* read(`/cleanroom-questions/${id}`)).name, "Shoppers by Tier")
      yield* call("DELETE", `/cleanroom-questions/${id}`)
      yield* call("POST", `/cleanrooms/${room}/cleanroom-questions?questionId=${json.questionID}&isEditable=false`)
      const update = yield* call("PUT", `/question/${json.questionID}?cleanRoomID=${room}`, {
        questionDetails: details
      })
      assert.strictEqual(update.status, 403)
    }))

  it.scoped("answer success false with a message when they are incomplete or do not parse", () =>
    Effect.gen(function*() {
      const { call } = yield* begin
      const { title: _, ...untitled } = details
      const missing = yield* call("POST", "/question", { questionDetails: untitled })
      assert.strictEqual(missing.status, 200)
      assert.isFalse(missing.json.success)
      assert.include(missing.json.message, "Title")
      const broken = { ...details, queryDetails: [{ query: "SELECT @shoppers.@shoe_size FROM @shoppers" }] }
      const validated = yield* call("POST", "/question", {
        questionDetails: broken,
        settings: { queryValidation: true }
      })
      assert.isFalse(validated.json.success)
      assert.include(validated.json.message, "shoe_size")
      const unchecked = yield* call("POST", "/question", { questionDetails: broken })
      assert.isTrue(unchecked.json.success)
    }))

  it.scoped("keep their versions, and clean rooms follow the newest", () =>
    Effect.gen(function*() {
      const { call, path, read } = yield* begin
      const url = yield* path("6: Attribute Level Overlap - Loyalty Tier")
      const { questionId } = yield* read(url)
      const { questionDetails } = yield* read(`/question/${questionId}`)
      const dataTypes = [...questionDetails.dataTypes, { macro: "extra", importDataType: "Transaction" }]
      const { json } = yield* call("PUT", `/question/${questionId}`, {
        questionDetails: { ...questionDetails, title: "Overlap by tier", dataTypes }
      })
      assert.isTrue(json.success)
      assert.strictEqual(json.question.version, 2)
      const [kept, , added] = yield* read(`${url}/datasets`)
      assert.strictEqual(kept.status, "ASSIGNED")
      assert.deepInclude(added, { macro: "extra", status: "UNASSIGNED" })
      assert.deepInclude(yield* read(url), { name: "Overlap by tier", status: "MISSING_DATASETS" })
      const first = yield* read(`/question/${questionId}?version=1`)
      assert.strictEqual(first.questionDetails.title, "6: Attribute Level Overlap - Loyalty Tier")
      assert.strictEqual((yield* call("GET", `/question/${questionId}?version=3`)).status, 404)
    }))

  it.scoped("are deleted only when no clean room uses them, and never another's", () =>
    Effect.gen(function*() {
      const { call, path, read } = yield* begin
      const url = yield* path()
      const { questionId } = yield* read(url)
      assert.deepStrictEqual((yield* call("DELETE", `/question/${questionId}`)).json, { success: false })
      yield* call("DELETE", url)
      assert.deepStrictEqual((yield* call("DELETE", `/question/${questionId}`)).json, { success: true })
      assert.strictEqual((yield* call("GET", `/question/${questionId}`)).status, 404)
      const theirs = yield* read(yield* path("Segment Sizes for Retail Partners", "Lumen Street Audience Marketplace"))
      assert.strictEqual((yield* call("DELETE", `/question/${theirs.questionId}`)).status, 403)
      const foreign = Ids.uuid(1, "question/foreign-panel")
      assert.strictEqual((yield* call("GET", `/question/${foreign}`)).status, 404)
    }))
})
