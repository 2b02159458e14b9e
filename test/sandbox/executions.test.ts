import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { start } from "./harness.js"

const summer = "Fizzwell Summer Campaign"

const partition = (macro: string) => ({
  macro,
  partitionValues: [{ name: "date_start", value: "2025-12-01" }, { name: "date_end", value: "2026-02-28" }]
})

const begin = Effect.gen(function*() {
  const harness = yield* start({ speed: 1 })
  const { call, client, cleanRoomId, sandbox } = harness
  const { world } = sandbox
  const cleanroomId = yield* cleanRoomId(summer)
  const template = world.executionTemplates.all()[0]?.id ?? ""
  const dataset = (name: string) =>
    world.datasets.find((row) => row.cleanRoomId === cleanroomId && row.name === name)?.id ?? ""
  const read = (id: string) =>
    client.getCleanRoomMeasurementExecutionInstance({
      path: { cleanroomId, cleanRoomMeasurementExecutionInstanceId: id }
    })
  const input = {
    executionInstanceName: "Spring measurement",
    cleanRoomExecutionTemplateId: template,
    datasets: [
      { ...partition("exposures"), datasetId: dataset("Lumen Street Exposures") },
      { ...partition("conversions"), datasetId: dataset("Fizzwell Conversions") }
    ],
    runtimeParameters: [{ name: "click_attribution_window", value: "14" }]
  }
  const create = (body: unknown, cleanRoom = cleanroomId) =>
    call("POST", `/cleanrooms/${cleanRoom}/create-cleanroom-execution-instance`, body)
  const url = (id: string) => `/cleanrooms/${cleanroomId}/cleanroom-execution-instance/${id}`
  return { ...harness, cleanroomId, template, dataset, read, input, create, url, clock: sandbox.clock, world }
})

describe("an execution", () => {
  it.scoped("runs its models side by side and leaves their results where it says", () =>
    Effect.gen(function*() {
      const { cleanroomId, client, clock, get, input, read, sandbox, template } = yield* begin
      const made = yield* client.createCleanRoomExecutionTemplateInstance({ path: { cleanroomId }, payload: input })
      assert.deepInclude(made, { success: true, cleanRoomExecutionTemplateId: template })
      const id = made.cleanRoomExecutionInstanceId ?? ""
      const queued = yield* read(id)
      assert.deepInclude(queued, {
        Id: id,
        status: "QUEUED",
        name: "Spring measurement",
        cleanRoomExecutionTemplateID: template
      })
      assert.isUndefined(queued.endTime)
      yield* clock.advance("5 minutes")
      assert.strictEqual((yield* read(id)).status, "RUNNING")
      yield* clock.advance("26 minutes")
      const done = yield* read(id)
      assert.strictEqual(done.status, "COMPLETED")
      assert.include(done.detailedStatusReport, "2 of 2")
      assert.include(done.detailedStatusReport, "1.4.0")
      assert.isAbove(Date.parse(done.endTime ?? ""), Date.parse(done.startTime ?? ""))
      assert.deepStrictEqual(done.outputs?.map(({ method, name }) => [name, method]), [
        ["overlap", "GET"],
        ["attribution", "GET"]
      ])
      for (const { href = "" } of done.outputs ?? []) {
        assert.isTrue(href.startsWith("/v1/"))
        const { json } = yield* get(href.slice("/v1".length))
        assert.isAbove(json.count, 0)
      }
      assert.strictEqual((yield* sandbox.requests).at(-1)?.status, 200)
    }))

  it.scoped("runs the models that are asked for, on the datasets it is given", () =>
    Effect.gen(function*() {
      const { clock, create, dataset, get, input, read, world } = yield* begin
      const crm = dataset("Alder & Pine CRM")
      world.datasets.put(Object.assign({}, world.datasets.get(crm), {
        id: "gold-only",
        filters: [{ datasetFieldName: "loyalty_tier", operator: "EQUALS" as const, values: ["Gold"] }]
      }))
      const { json } = yield* create({
        ...input,
        datasets: [{ macro: "retail_crm", datasetId: "gold-only" }],
        modelsToRun: ["overlap"],
        codeVersion: "1.3.0",
        outputType: "CSV"
      })
      yield* clock.advance("31 minutes")
      const done = yield* read(json.cleanRoomExecutionInstanceId)
      assert.strictEqual(done.detailedStatusReport, "1 of 1 models are complete, code version 1.3.0, output CSV")
      const { json: data } = yield* get((done.outputs?.[0]?.href ?? "").slice("/v1".length))
      assert.deepStrictEqual(data.stats.map((row: { loyalty_tier: string }) => row.loyalty_tier), ["Gold"])
    }))

  it.scoped("fails if one of its models does, and says why", () =>
    Effect.gen(function*() {
      const { clock, create, input, read } = yield* begin
      const { json } = yield* create({ ...input, runtimeParameters: [] })
      yield* clock.advance("31 minutes")
      const done = yield* read(json.cleanRoomExecutionInstanceId)
      assert.strictEqual(done.status, "FAILED")
      assert.deepStrictEqual(done.outputs?.map(({ status }) => status), ["COMPLETED", "FAILED"])
      assert.include(done.outputs?.[1]?.message, "click_attribution_window")
      assert.isUndefined(done.outputs?.[0]?.message)
    }))

  it.scoped("is cancelled by a POST where a GET reads it, with its runs; once over it is not", () =>
    Effect.gen(function*() {
      const { call, cleanroomId, client, clock, create, get, input, read, url } = yield* begin
      const { json: first } = yield* create(input)
      const { json: second } = yield* create(input)
      yield* clock.advance("5 minutes")
      const id = String(first.cleanRoomExecutionInstanceId)
      const cancel = client.cancelCleanRoomMeasurementExecutionInstance({
        path: { cleanroomId, cleanRoomMeasurementExecutionInstanceId: id }
      })
      assert.deepStrictEqual(yield* cancel, { success: true })
      const cancelled = yield* read(id)
      assert.strictEqual(cancelled.status, "CANCELLED")
      assert.strictEqual(Date.parse(cancelled.endTime ?? "") - Date.parse(cancelled.startTime ?? "") > 299_000, true)
      assert.deepStrictEqual(cancelled.outputs?.map(({ status }) => status), ["FAILED", "FAILED"])
      const run = (cancelled.outputs?.[0]?.href ?? "").split("/")[3]
      const { json: stopped } = yield* get(`/cleanroom-question-runs/${run}`)
      assert.include(stopped.runMessage, "cancelled")
      assert.deepStrictEqual(yield* cancel, { success: true })
      yield* clock.advance("31 minutes")
      assert.strictEqual((yield* read(id)).status, "CANCELLED")
      const late = yield* call("POST", url(second.cleanRoomExecutionInstanceId))
      assert.strictEqual(late.status, 400)
      assert.strictEqual((yield* read(second.cleanRoomExecutionInstanceId)).status, "COMPLETED")
    }))

  it.scoped("needs a template, models, versions and datasets that exist", () =>
    Effect.gen(function*() {
      const { create, dataset, input } = yield* begin
      const refused = (more: object) => Effect.map(create({ ...input, ...more }), ({ status }) => status)
      assert.strictEqual(yield* refused({ cleanRoomExecutionTemplateId: "" }), 400)
      assert.strictEqual(yield* refused({ cleanRoomExecutionTemplateId: "unknown" }), 404)
      assert.strictEqual(yield* refused({ modelsToRun: ["lift"] }), 400)
      assert.strictEqual(yield* refused({ codeVersion: "9.0.0" }), 400)
      assert.strictEqual(yield* refused({ datasets: [{ macro: "panel", datasetId: "x" }] }), 400)
      assert.strictEqual(yield* refused({ datasets: [{ macro: "exposures", datasetId: "x" }] }), 400)
      const wrongKind = { macro: "exposures", datasetId: dataset("Alder & Pine CRM") }
      assert.strictEqual(yield* refused({ datasets: [wrongKind] }), 400)
      assert.strictEqual(yield* refused({}), 200)
    }))

  it.scoped("needs ready questions that one may run, and a clean room that is open", () =>
    Effect.gen(function*() {
      const { cleanRoomId, cleanroomId, create, input, world } = yield* begin
      const question = world.executionTemplates.all()[0]?.models["attribution"] ?? ""
      const row = world.cleanRoomQuestions.get(question)
      world.cleanRoomQuestions.put(Object.assign({}, row, { ownerId: "someone else", permissions: [] }))
      assert.strictEqual((yield* create(input)).status, 403)
      const bindings = row?.bindings.map((binding) => ({ ...binding, datasetId: undefined }))
      world.cleanRoomQuestions.put(Object.assign({}, row, { bindings }))
      const missing = yield* create(input)
      assert.strictEqual(missing.status, 400)
      assert.include(missing.json.message, "MISSING_DATASETS")
      assert.strictEqual((yield* create(input, yield* cleanRoomId("Holiday Planning"))).status, 404)
      assert.strictEqual((yield* create(input, "unknown")).status, 404)
      world.cleanRooms.put(Object.assign({}, world.cleanRooms.get(cleanroomId), { endAt: "2026-01-01" }))
      assert.strictEqual((yield* create(input)).status, 403)
    }))

  it.scoped("is read in its own clean room only", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, get, url, world } = yield* begin
      const id = world.executions.all()[0]?.id ?? ""
      assert.strictEqual((yield* get(url(id))).json.status, "FAILED")
      const other = `/cleanrooms/${yield* cleanRoomId("Holiday Planning")}/cleanroom-execution-instance/${id}`
      assert.strictEqual((yield* get(other)).status, 404)
      assert.strictEqual((yield* call("POST", other)).status, 404)
      assert.strictEqual((yield* get(url("unknown"))).status, 404)
    }))

  it.scoped("forgets the runs that were deleted", () =>
    Effect.gen(function*() {
      const { call, read, world } = yield* begin
      const execution = world.executions.all()[0]
      const failed = execution?.runs["attribution"]
      yield* call("DELETE", `/cleanroom-question-runs/${failed}`)
      const left = yield* read(execution?.id ?? "")
      assert.deepStrictEqual(left.outputs?.map(({ name }) => name), ["overlap"])
      assert.strictEqual(left.status, "COMPLETED")
    }))
})
