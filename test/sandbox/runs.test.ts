import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Options } from "../../src/sandbox/Sandbox.js"
import { hero } from "../../src/sandbox/Seed.js"
import { monday, start } from "./harness.js"

const summer = "Fizzwell Summer Campaign"

const dates = { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" }

const beginWith = (options: Options) =>
  Effect.gen(function*() {
    const harness = yield* start(options)
    const { call, questionId } = harness
    const question = (name = hero, cleanRoom = summer) => questionId(cleanRoom, name)
    const startRun = (id: string, parameters: Record<string, string> = dates, name = "test") =>
      call("POST", `/cleanroom-questions/${id}/create-run`, { name, parameters })
    const completed = (id: string, parameters: Record<string, string> = dates) =>
      Effect.gen(function*() {
        const { json } = yield* startRun(id, parameters)
        yield* harness.sandbox.clock.advance("31 minutes")
        return String(json.id)
      })
    return { ...harness, question, startRun, completed }
  })

const begin = beginWith({})

/** Enough people that no group is hidden for being small. */
const crowded = beginWith({ rows: 20_000 })

describe("a run", () => {
  it.scoped("goes from QUEUED over RUNNING to COMPLETED as the clock moves", () =>
    Effect.gen(function*() {
      const { get, question, sandbox, startRun } = yield* begin
      const { json: run } = yield* startRun(yield* question())
      assert.deepInclude(run, { name: "test", status: "QUEUED", submittedAt: new Date(monday).toISOString() })
      assert.isFalse("createdAt" in run)
      const read = Effect.map(get(`/cleanroom-question-runs/${run.id}`), ({ json }) => json)
      yield* sandbox.clock.advance("5 minutes")
      const running = yield* read
      assert.strictEqual(running.status, "RUNNING")
      assert.isString(running.executedAt)
      assert.isFalse("completedAt" in running)
      yield* sandbox.clock.advance("9 minutes")
      assert.strictEqual((yield* read).status, "RUNNING")
      yield* sandbox.clock.advance("17 minutes")
      const done = yield* read
      assert.strictEqual(done.status, "COMPLETED")
      assert.isBelow(Date.parse(done.completedAt), monday + 31 * 60_000)
      assert.isAbove(Date.parse(done.completedAt), Date.parse(done.executedAt))
    }))

  it.scoped("gives the hero question's answer as a small table", () =>
    Effect.gen(function*() {
      const { client, completed, question } = yield* begin
      const path = { cleanroomQuestionRunId: yield* completed(yield* question()) }
      const data = yield* client.getCleanroomQuestionRunData({ path, urlParams: {} })
      const count = yield* client.getCleanroomQuestionRunDataCount({ path })
      assert.deepStrictEqual(
        data.metadata?.map(({ columnName }) => columnName),
        ["channel", "people_reached", "buyers", "buyers_percent", "sales"]
      )
      assert.strictEqual(data.count, 5)
      assert.strictEqual(count, 5)
      const channels = data.stats?.map(({ channel }) => channel).sort()
      assert.deepStrictEqual(channels, ["Audio", "CTV", "Display", "Online Video", "Social"])
      for (const row of data.stats ?? []) {
        assert.isAbove(Number(row["people_reached"]), Number(row["buyers"]))
        assert.isAbove(Number(row["sales"]), 0)
      }
    }))

  it.scoped("completes with no rows when its partition dates are missing or sent beside the parameters", () =>
    Effect.gen(function*() {
      const { call, completed, get, question, sandbox } = yield* begin
      const id = yield* question()
      const without = yield* completed(id, {})
      const { json: beside } = yield* call("POST", `/cleanroom-questions/${id}/create-run`, {
        name: "beside",
        parameters: {},
        partitionParameters: [{ name: "exposures.date_start", value: "2025-12-01" }]
      })
      yield* sandbox.clock.advance("31 minutes")
      for (const run of [without, String(beside.id)]) {
        assert.strictEqual((yield* get(`/cleanroom-question-runs/${run}`)).json.status, "COMPLETED")
        const data = yield* get(`/cleanroom-question-runs/${run}/data`)
        assert.deepStrictEqual(data.json.stats, [])
        assert.strictEqual(data.json.count, 0)
      }
    }))

  it.scoped("is read by the partition: fewer days, fewer people", () =>
    Effect.gen(function*() {
      const { completed, get, question } = yield* begin
      const id = yield* question()
      const reach = (parameters: Record<string, string>) =>
        Effect.gen(function*() {
          const { json } = yield* get(`/cleanroom-question-runs/${yield* completed(id, parameters)}/data`)
          return Math.max(...json.stats.map((row: { people_reached: string }) => Number(row.people_reached)))
        })
      const quarter = yield* reach(dates)
      const week = yield* reach({ "exposures.date_start": "2026-02-01", "exposures.date_end": "2026-02-07" })
      assert.isAbove(quarter, 2 * week)
      const { json } = yield* get(`/cleanroom-questions/${id}/cleanroom-question-runs?limit=1`)
      const partitions = yield* get(`/cleanroom-question-runs/${json[0].id}/partition-parameters`)
      assert.deepStrictEqual(partitions.json, [
        { name: "exposures.date_start", value: "2026-02-01", dataType: "DATE" },
        { name: "exposures.date_end", value: "2026-02-07", dataType: "DATE" }
      ])
    }))

  it.scoped("takes run parameters, with their defaults, and refuses values off the list", () =>
    Effect.gen(function*() {
      const { completed, get, question, startRun } = yield* crowded
      const profile = yield* question("CRM Profile of Shared Customers ")
      assert.strictEqual((yield* startRun(profile, { CRM_ATTRIBUTE: "SHOE_SIZE" })).status, 400)
      const education = yield* get(
        `/cleanroom-question-runs/${yield* completed(profile, { CRM_ATTRIBUTE: "EDUCATION" })}/data`
      )
      assert.include(education.json.stats.map((row: { attribute_value: string }) => row.attribute_value), "Bachelor")
      const attribution = yield* question("Last Touch Attribution by Channel")
      const wide = { ...dates, "conversions.date_start": "2025-12-01", "conversions.date_end": "2026-02-28" }
      const credited = (parameters: Record<string, string>) =>
        Effect.gen(function*() {
          const { json } = yield* get(`/cleanroom-question-runs/${yield* completed(attribution, parameters)}/data`)
          return json.stats.reduce((sum: number, row: { revenue: string }) => sum + Number(row.revenue), 0)
        })
      const narrow = yield* credited({ ...wide, click_attribution_window: "1", imp_attribution_window: "1" })
      const standard = yield* credited({ ...wide, click_attribution_window: "14" })
      assert.isAbove(narrow, 0)
      assert.isAbove(standard, narrow)
      const unset = yield* completed(attribution, wide)
      const failed = yield* get(`/cleanroom-question-runs/${unset}`)
      assert.deepInclude(failed.json, { status: "FAILED", failureReason: "Parameter not found", isRetryable: false })
    }))

  it.scoped("fails when it would return personal data, and then has no result", () =>
    Effect.gen(function*() {
      const { completed, get, question } = yield* begin
      const run = yield* completed(yield* question("Loyal Members Contact Sheet"), {})
      const { json } = yield* get(`/cleanroom-question-runs/${run}`)
      assert.strictEqual(json.status, "FAILED")
      assert.include(json.runMessage, "PII")
      assert.isFalse(json.isRetryable)
      assert.strictEqual((yield* get(`/cleanroom-question-runs/${run}/data`)).status, 404)
      const { json: plan } = yield* get(`/cleanroom-question-runs/${run}/explain-plan`)
      assert.isFalse(plan.success)
      assert.include(plan.errorMessage, "PII")
    }))

  it.scoped("hides rows below the crowd size", () =>
    Effect.gen(function*() {
      const { completed, get, question } = yield* begin
      const id = yield* question("Audience Interests among Shoppers", "Lumen Street Measurement")
      const { json } = yield* get(`/cleanroom-question-runs/${yield* completed(id, {})}/data`)
      assert.isNotEmpty(json.stats)
      assert.isBelow(json.stats.length, 14)
    }))

  it.scoped("pages its rows: 500 by default", () =>
    Effect.gen(function*() {
      const { completed, get, question } = yield* crowded
      const run = yield* completed(yield* question("Weekly Sales by Category", "Kestrel Reporting"), {})
      const page = (query: string) =>
        Effect.map(get(`/cleanroom-question-runs/${run}/data${query}`), ({ json }) => json)
      const first = yield* page("")
      const second = yield* page("?offset=500")
      assert.strictEqual(first.stats.length, 500)
      assert.strictEqual(first.count, 500 + second.stats.length)
      assert.isNotEmpty(second.stats)
      assert.deepStrictEqual((yield* page("?limit=2&offset=3")).stats, first.stats.slice(3, 5))
      assert.deepStrictEqual(first.multipleOutputs, ["results.csv", "summary.csv"])
    }))

  it.scoped("leaves files, an audit trail and a plan", () =>
    Effect.gen(function*() {
      const { client, completed, get, question } = yield* begin
      const run = yield* completed(yield* question("Weekly Sales by Category", "Kestrel Reporting"), {})
      const file = (fileName: string) =>
        client.getCleanroomQuestionRunOutputFile({ path: { cleanroomQuestionRunId: run, fileName } })
      const results = (yield* file("results.csv")).trim().split("\n")
      assert.strictEqual(results[0], "day,product_category,shoppers,sales")
      assert.strictEqual(results.length - 1, (yield* get(`/cleanroom-question-runs/${run}/data/count`)).json)
      assert.include(yield* file("summary.csv"), "product_category,STRING")
      assert.strictEqual((yield* get(`/cleanroom-question-runs/${run}/download/other.csv`)).status, 404)
      const { json: audit } = yield* get(`/cleanroom-question-runs/${run}/audit`)
      assert.deepStrictEqual(
        audit.auditDetails.map((event: { eventType: string }) => event.eventType),
        ["RUN_SUBMITTED", "RUN_STARTED", "RUN_COMPLETED"]
      )
      const { json: plan } = yield* get(`/cleanroom-question-runs/${run}/explain-plan`)
      assert.isTrue(plan.success)
      assert.isNotEmpty(plan.explainPlan)
    }))

  it.scoped("has no result while it is on its way", () =>
    Effect.gen(function*() {
      const { get, question, sandbox, startRun } = yield* begin
      const { json } = yield* startRun(yield* question())
      assert.strictEqual((yield* get(`/cleanroom-question-runs/${json.id}/data`)).status, 404)
      yield* sandbox.clock.advance("10 minutes")
      assert.strictEqual((yield* get(`/cleanroom-question-runs/${json.id}/data/count`)).status, 404)
      const { json: audit } = yield* get(`/cleanroom-question-runs/${json.id}/audit`)
      assert.lengthOf(audit.auditDetails, 2)
    }))

  it.scoped("needs a question that is READY, and a name", () =>
    Effect.gen(function*() {
      const { call, question, startRun } = yield* begin
      const copy = yield* question("Audience Overlap by Segment and Region - Global", "Lumen Street Measurement")
      const refused = yield* startRun(copy)
      assert.strictEqual(refused.status, 412)
      assert.include(refused.json.message, "MISSING_DATASETS")
      const id = yield* question()
      assert.strictEqual((yield* call("POST", `/cleanroom-questions/${id}/create-run`, {})).status, 400)
      assert.strictEqual((yield* startRun("unknown")).status, 404)
    }))

  it.scoped("cannot start in a clean room that has ended", () =>
    Effect.gen(function*() {
      const { question, startRun } = yield* begin
      const refused = yield* startRun(yield* question("Spring Launch Reach", "Spring Launch"))
      assert.strictEqual(refused.status, 412)
      assert.include(refused.json.message, "ended")
    }))

  it.scoped("starts 20 times in an hour and no more, whoever the question is", () =>
    Effect.gen(function*() {
      const { question, sandbox, startRun } = yield* begin
      const [one, other] = [yield* question(), yield* question("6: Attribute Level Overlap - Loyalty Tier")]
      yield* startRun(one)
      yield* sandbox.clock.advance("10 minutes")
      const statuses = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, index) => index % 2 === 0 ? one : other),
        (id) => Effect.map(startRun(id), ({ status }) => status)
      )
      assert.deepStrictEqual(statuses, [...Array.from({ length: 19 }, () => 200), 429])
      yield* sandbox.clock.advance("49 minutes")
      assert.strictEqual((yield* startRun(one)).status, 429)
      yield* sandbox.clock.advance("1 minute")
      const again = yield* startRun(one)
      assert.strictEqual(again.status, 200)
      assert.isNull(again.headers.get("retry-after"))
      assert.strictEqual((yield* startRun(one)).status, 429)
    }))

  it.scoped("may be read by id 20 times in an hour", () =>
    Effect.gen(function*() {
      const { get, question, sandbox, startRun } = yield* begin
      const id = yield* question()
      const [{ json: one }, { json: other }] = [yield* startRun(id), yield* startRun(id)]
      const read = (run: string) => Effect.map(get(`/cleanroom-question-runs/${run}`), ({ status }) => status)
      const statuses = yield* Effect.forEach(Array.from({ length: 21 }), () => read(one.id))
      assert.deepStrictEqual(statuses, [...Array.from({ length: 20 }, () => 200), 429])
      assert.strictEqual(yield* read(other.id), 200)
      assert.strictEqual((yield* get(`/cleanroom-questions/${id}/cleanroom-question-runs`)).status, 200)
      yield* sandbox.clock.advance("1 hour")
      assert.strictEqual(yield* read(one.id), 200)
    }))

  it.scoped("is listed newest first, by status, by day and by page", () =>
    Effect.gen(function*() {
      const { get, question, startRun } = yield* begin
      const id = yield* question()
      const { json: run } = yield* startRun(id)
      const list = (query: string) =>
        Effect.map(get(`/cleanroom-questions/${id}/cleanroom-question-runs${query}`), ({ json }) => json)
      const all = yield* list("?limit=100")
      assert.strictEqual(all[0].id, run.id)
      const times = all.map((item: { submittedAt: string }) => item.submittedAt)
      assert.deepStrictEqual(times, [...times].sort().reverse())
      const done = yield* list("?limit=100&status=COMPLETED")
      assert.isAbove(done.length, 5)
      assert.isTrue(done.every((item: { status: string }) => item.status === "COMPLETED"))
      assert.lengthOf(yield* list("?status=QUEUED"), 1)
      assert.deepStrictEqual(yield* list("?limit=3&offset=2"), all.slice(2, 5))
      const day = times[3].slice(0, 10)
      assert.deepStrictEqual(
        (yield* list(`?startDate=${day}&endDate=${day}`)).map((item: { id: string }) => item.id),
        [all[3].id]
      )
    }))

  it.scoped("takes a reported status while it is on its way", () =>
    Effect.gen(function*() {
      const { call, get, question, startRun } = yield* begin
      const { json: run } = yield* startRun(yield* question())
      const path = `/cleanroom-question-runs/${run.id}`
      assert.strictEqual((yield* call("PUT", path, { id: run.id, status: "LOST" })).status, 400)
      assert.strictEqual((yield* call("PUT", path, { id: run.id, status: "PARTNER_RUNNING" })).status, 200)
      assert.strictEqual((yield* get(path)).json.status, "PARTNER_RUNNING")
      yield* call("PUT", path, { id: run.id, status: "FAILED", postRunDetails: { cause: "cluster lost" } })
      assert.deepInclude((yield* get(path)).json, { status: "FAILED", runMessage: "cause: cluster lost" })
      assert.strictEqual((yield* call("PUT", path, { id: run.id, status: "RUNNING" })).status, 400)
    }))

  it.scoped("is gone once deleted", () =>
    Effect.gen(function*() {
      const { call, get, question, startRun } = yield* begin
      const { json: run } = yield* startRun(yield* question())
      const path = `/cleanroom-question-runs/${run.id}`
      assert.deepStrictEqual((yield* call("DELETE", path)).json, { success: true })
      assert.strictEqual((yield* get(path)).status, 404)
      assert.strictEqual((yield* call("DELETE", path)).status, 404)
    }))

  it.scoped("of history has a result like any other, worked out when it is read", () =>
    Effect.gen(function*() {
      const { get, question, sandbox } = yield* begin
      const id = yield* question()
      const { json } = yield* get(`/cleanroom-questions/${id}/cleanroom-question-runs?status=COMPLETED&limit=1`)
      const { json: data } = yield* get(`/cleanroom-question-runs/${json[0].id}/data`)
      assert.lengthOf(data.stats, 5)
      assert.strictEqual((yield* sandbox.requests).at(-1)?.status, 200)
    }))

  it.scoped("says what a user list sent on, once its segmentation is enabled", () =>
    Effect.gen(function*() {
      const { call, completed, get, question } = yield* begin
      const id = yield* question("Exposed Buyers - User List")
      const run = yield* completed(id)
      const summary = Effect.map(get(`/cleanroom-question-runs/${run}/activation-summary`), ({ json }) => json)
      assert.deepStrictEqual((yield* summary).activationSummary, [])
      const path = `/cleanroom-questions/${id}/segmentation`
      assert.strictEqual((yield* call("PUT", path, { assetDisplayName: "Buyers", rampID: "NAME" })).status, 404)
      const enabled = yield* call("POST", path, { assetDisplayName: "Buyers", rampID: "NAME" })
      assert.isTrue(enabled.json.success)
      yield* call("PUT", path, { assetDisplayName: "Summer buyers", rampID: "NAME" })
      const { activationSummary: [sent] } = yield* summary
      assert.strictEqual(sent.activationChannel, "Summer buyers")
      assert.strictEqual(sent.recordsSent, (yield* get(`/cleanroom-question-runs/${run}/data/count`)).json)
      const analytical = yield* question()
      const wrong = yield* call("POST", `/cleanroom-questions/${analytical}/segmentation`, {
        assetDisplayName: "No",
        rampID: "NAME"
      })
      assert.strictEqual(wrong.status, 400)
    }))
})
