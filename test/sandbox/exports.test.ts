import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { hero } from "../../src/sandbox/Seed.js"
import { monday, start } from "./harness.js"

const summer = "Fizzwell Summer Campaign"
const buyers = "Exposed Buyers - User List"
const bucket = "Alder & Pine S3 Exports"
const activation = "Alder & Pine Activation"

const dates = { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" }

const path = (value: string) => [{ name: "S3_EXPORT_PATH", value }]

const begin = Effect.gen(function*() {
  const harness = yield* start({ speed: 1 })
  const { call, client, cleanRoomId, questionId, sandbox } = harness
  const { clock, world } = sandbox
  const room = yield* cleanRoomId(summer)
  const destination = (name: string) => world.destinations.find((row) => row.name === name)?.id ?? ""
  const order = (question: string, to: string, exportParameters: ReadonlyArray<unknown> = [], cleanRoom = room) =>
    call("POST", `/cleanrooms/${cleanRoom}/exports/jobs`, {
      cleanroomQuestionId: question,
      partnerAccountIds: [destination(to)],
      exportParameters
    })
  /** A job for a question, whose id comes with it. */
  const job = (name: string, to: string, cleanRoom = summer) =>
    Effect.gen(function*() {
      const question = yield* questionId(cleanRoom, name)
      const { json } = yield* order(question, to, [], yield* cleanRoomId(cleanRoom))
      return { question, id: String(json[0]) }
    })
  const runs = (exportJobId: string) =>
    Effect.map(
      client.getDataExportJobRuns({ path: { exportJobId } }),
      ({ jobRunsByDate = [] }) => jobRunsByDate.flatMap(({ jobRuns = [] }) => jobRuns)
    )
  /** Runs a question to its end and waits until its export is through, too. */
  const exported = (question: string, parameters: Record<string, string> = dates) =>
    Effect.gen(function*() {
      const { json } = yield* call("POST", `/cleanroom-questions/${question}/create-run`, { name: "test", parameters })
      yield* clock.advance("45 minutes")
      return String(json.id)
    })
  return { ...harness, room, clock, world, destination, order, job, runs, exported }
})

describe("an export job", () => {
  it.scoped("is up to date whatever is asked next: a clean room that stops exports keeps what went out before", () =>
    Effect.gen(function*() {
      const { call, clock, exported, get, job, room, runs, world } = yield* begin
      const { id, question } = yield* job(hero, bucket)
      yield* exported(question)
      const { json } = yield* get(`/cleanrooms/${room}`)
      const before = world.cleanRooms.get(room)
      const changed = yield* call("PUT", `/cleanrooms/${room}`, {
        name: json.name,
        startAt: json.startAt,
        type: "Hybrid",
        parameters: { ...before?.parameters, ENABLE_EXPORT: "false" }
      })
      assert.strictEqual(changed.status, 200)
      yield* clock.advance("15 minutes")
      assert.deepStrictEqual((yield* runs(id)).map(({ status }) => status), ["COMPLETE"])
      yield* exported(question)
      yield* clock.advance("15 minutes")
      assert.deepStrictEqual((yield* runs(id)).map(({ status }) => status), ["FAILED", "COMPLETE"])
    }))

  it.scoped("exports each run of its question, from QUEUED over PROCESSING to COMPLETE", () =>
    Effect.gen(function*() {
      const { call, clock, get, job, runs } = yield* begin
      const { id, question } = yield* job(hero, bucket)
      assert.deepStrictEqual(yield* runs(id), [])
      const { json: run } = yield* call("POST", `/cleanroom-questions/${question}/create-run`, {
        name: "May",
        parameters: dates
      })
      yield* clock.advance("10 minutes")
      assert.deepStrictEqual(yield* runs(id), [])
      const end = Effect.gen(function*() {
        const { json } = yield* get(`/cleanroom-question-runs/${run.id}`)
        return json.completedAt === undefined ? undefined : Date.parse(json.completedAt)
      })
      yield* clock.advance("21 minutes")
      const completedAt = (yield* end) ?? 0
      yield* clock.set(completedAt + 5_000)
      const [queued] = yield* runs(id)
      assert.deepInclude(queued, {
        jobId: id,
        status: "QUEUED",
        jobRunType: "FULL_REFRESH",
        sourceJobRunID: run.id,
        submitTime: new Date(completedAt).toISOString()
      })
      assert.isUndefined(queued?.startTime)
      yield* clock.set(completedAt + 95_000)
      const [processing] = yield* runs(id)
      assert.strictEqual(processing?.status, "PROCESSING")
      assert.isString(processing?.startTime)
      assert.isUndefined(processing?.totalRecords)
      yield* clock.advance("10 minutes")
      const [done] = yield* runs(id)
      const { json: rows } = yield* get(`/cleanroom-question-runs/${run.id}/data/count`)
      assert.isAbove(rows, 0)
      assert.deepInclude(done, {
        id: queued?.id ?? "",
        status: "COMPLETE",
        totalRecords: rows,
        consentedRecords: rows,
        cumulativeRecords: rows
      })
      assert.isAbove(Date.parse(done?.endTime ?? ""), Date.parse(done?.startTime ?? ""))
      const files = done?.details?.jobDetailParameters?.find(({ label }) => label === "Files")?.value
      assert.match(files ?? "", /\.csv, _SUCCESS$/)
    }))

  it.scoped("sends all of a list first and then what is new; a list without news or too small is not sent", () =>
    Effect.gen(function*() {
      const { exported, get, job, runs } = yield* begin
      const { id, question } = yield* job(buyers, activation)
      const list = (run: string) =>
        Effect.map(
          get(`/cleanroom-question-runs/${run}/data?limit=100000`),
          ({ json }) => new Set<string>(json.stats.map(({ rampid }: { rampid: string }) => rampid))
        )
      const january = { "exposures.date_start": "2025-12-20", "exposures.date_end": "2026-01-31" }
      const first = yield* list(yield* exported(question, january))
      const second = yield* list(yield* exported(question, dates))
      yield* exported(question, dates)
      yield* exported(question, {})
      const fresh = [...second].filter((rampid) => !first.has(rampid)).length
      assert.isAbove(fresh, 0)
      assert.isBelow(fresh, second.size)
      const sum = first.size + fresh
      assert.deepStrictEqual(
        (yield* runs(id)).toReversed().map((run) => [
          run.status,
          run.jobRunType,
          run.totalRecords,
          run.consentedRecords,
          run.cumulativeRecords
        ]),
        [
          ["COMPLETE", "FULL_REFRESH", first.size, first.size, first.size],
          ["COMPLETE", "INCREMENTAL", fresh, fresh, sum],
          ["NO_NEW_USERS", "INCREMENTAL", 0, 0, sum],
          ["THRESHOLD_WARNING", "INCREMENTAL", 0, 0, sum]
        ]
      )
      assert.include((yield* runs(id))[0]?.errorMessage, "fewer than 100")
    }))

  it.scoped("sends a list in part when some of its people cannot be told apart", () =>
    Effect.gen(function*() {
      const { exported, job, runs, world } = yield* begin
      const { id, question } = yield* job(buyers, activation)
      const row = world.questions.get(world.cleanRoomQuestions.get(question)?.questionId ?? "")
      assert.isDefined(row)
      const [definition = {}] = row?.versions ?? []
      const query = definition.queryDetails?.[0]?.query?.replace(
        "@pubmap.@rampid AS rampid",
        "CASE WHEN @pubmap.@rampid NOT LIKE '%0' THEN @pubmap.@rampid END AS rampid"
      )
      world.questions.put(
        Object.assign({}, row, {
          versions: [{ ...definition, queryDetails: [{ ...definition.queryDetails?.[0], query }] }]
        })
      )
      yield* exported(question)
      const [run] = yield* runs(id)
      assert.strictEqual(run?.status, "PARTIALLY_FAILED")
      assert.strictEqual(run?.consentedRecords, (run?.totalRecords ?? 0) - 1)
      assert.include(run?.errorMessage, "1 of")
    }))

  it.scoped("has nothing to export of a run that failed", () =>
    Effect.gen(function*() {
      const { exported, get, job, runs } = yield* begin
      const { id, question } = yield* job("Last Touch Attribution by Channel", bucket)
      const run = yield* exported(question, {})
      assert.strictEqual((yield* get(`/cleanroom-question-runs/${run}`)).json.status, "FAILED")
      assert.deepStrictEqual(yield* runs(id), [])
    }))

  it.scoped("lets runs pass while it is paused", () =>
    Effect.gen(function*() {
      const { client, exported, job, room, runs } = yield* begin
      const { id, question } = yield* job(hero, bucket)
      const change = (status: "ACTIVE" | "PAUSED") =>
        client.changeJobStatus({ path: { exportJobId: id }, payload: { status } })
      const shown = Effect.map(
        client.getAllDataExportJobs({ path: { cleanroomId: room } }),
        (jobs) => jobs.find(({ ID }) => ID === id)
      )
      yield* exported(question)
      assert.deepStrictEqual(yield* change("PAUSED"), { success: true })
      assert.strictEqual((yield* shown)?.status, "PAUSED")
      yield* exported(question)
      assert.lengthOf(yield* runs(id), 1)
      assert.deepStrictEqual(yield* change("ACTIVE"), { success: true })
      assert.lengthOf(yield* runs(id), 1)
      yield* exported(question)
      assert.deepStrictEqual((yield* runs(id)).map(({ jobRunType }) => jobRunType), ["INCREMENTAL", "FULL_REFRESH"])
      assert.strictEqual((yield* shown)?.jobLastRunTime, (yield* runs(id))[0]?.submitTime)
    }))

  it.scoped("fails while exporting is off or its destination does not work, and then sends everything", () =>
    Effect.gen(function*() {
      const { call, clock, destination, exported, job, room, runs, world } = yield* begin
      const { id, question } = yield* job(hero, bucket)
      const switched = (ENABLE_EXPORT: string) => {
        const row = world.cleanRooms.get(room)
        return call("PUT", `/cleanrooms/${room}`, {
          name: row?.name,
          startAt: row?.startAt,
          type: row?.type,
          parameters: { ...row?.parameters, ENABLE_EXPORT }
        })
      }
      assert.strictEqual((yield* switched("false")).status, 200)
      yield* exported(question)
      assert.include((yield* runs(id))[0]?.errorMessage, "not enabled")
      yield* switched("true")
      const credentials = Object.entries({
        AWS_ACCESS_KEY_ID: "AKIA-GONE",
        AWS_SECRET_ACCESS_KEY: "x",
        AWS_USER_ARN: "x",
        AWS_REGION: "x"
      }).map(([name, value]) => ({ name, value }))
      yield* call("PATCH", `/destinations/${destination(bucket)}`, { credential: { name: "Gone", credentials } })
      yield* clock.advance("1 hour")
      yield* exported(question)
      assert.include((yield* runs(id))[0]?.errorMessage, "access key")
      const aws = world.credentials.find(({ name }) => name === "Alder & Pine AWS")
      yield* call("PATCH", `/destinations/${destination(bucket)}`, { credential: { ID: aws?.id } })
      yield* clock.advance("1 hour")
      yield* exported(question)
      assert.deepStrictEqual(
        (yield* runs(id)).map(({ jobRunType, status }) => [status, jobRunType]),
        [["COMPLETE", "FULL_REFRESH"], ["FAILED", "FULL_REFRESH"], ["FAILED", "FULL_REFRESH"]]
      )
    }))

  it.scoped("writes where its organisation may, and out of Confidential Computing only where LiveRamp allows", () =>
    Effect.gen(function*() {
      const { exported, order, questionId, room, runs, world } = yield* begin
      const question = yield* questionId(summer, hero)
      const exportTo = (value: string) =>
        Effect.map(order(question, bucket, path(value)), ({ json }) => String(json[0]))
      const own = yield* exportTo("s3://alder-pine-exports/a/")
      const others = yield* exportTo("s3://fizzwell-data/a/")
      const read = yield* exportTo("s3://alder-pine-data/exports/")
      const latest = (job: string) => Effect.map(runs(job), ([run]) => run?.errorMessage ?? run?.status)
      yield* exported(question)
      assert.strictEqual(yield* latest(own), "COMPLETE")
      assert.include(yield* latest(others), "denied")
      world.cleanRooms.put(Object.assign({}, world.cleanRooms.get(room), { type: "HabuConfidentialComputing" }))
      yield* exported(question)
      assert.include(yield* latest(own), "not on LiveRamp's list")
      assert.strictEqual(yield* latest(read), "COMPLETE")
    }))

  it.scoped("shows in its clean room until it is deleted, or its question is", () =>
    Effect.gen(function*() {
      const { call, client, destination, get, job, order, room } = yield* begin
      const { id, question } = yield* job(hero, bucket)
      const list = client.getAllDataExportJobs({ path: { cleanroomId: room } })
      const shown = (yield* list).find(({ ID }) => ID === id)
      assert.deepInclude(shown, {
        name: `${hero} to ${bucket}`,
        status: "ACTIVE",
        jobType: "EXPORTS",
        questionID: question,
        questionName: hero,
        partnerAccountCrChannelStatus: "ACTIVE_CHANNEL"
      })
      assert.isUndefined(shown?.jobLastRunTime)
      assert.strictEqual(shown?.partnerAccount?.ID, destination(bucket))
      assert.deepStrictEqual(yield* client.deleteDataExportJob({ path: { exportJobId: id } }), { success: true })
      assert.notInclude((yield* list).map(({ ID }) => ID), id)
      for (const [method, suffix] of [["DELETE", ""], ["GET", "/runs"]] as const) {
        assert.strictEqual((yield* call(method, `/exports/jobs/${id}${suffix}`)).status, 404)
      }
      assert.strictEqual((yield* call("PATCH", `/exports/jobs/${id}/status`, { status: "PAUSED" })).status, 404)
      const { json: [again] } = yield* order(question, bucket)
      yield* call("DELETE", `/cleanrooms/${room}/cleanroom-questions/${question}`)
      yield* call("DELETE", `/cleanroom-questions/${question}`)
      assert.strictEqual((yield* get(`/exports/jobs/${again}/runs`)).status, 404)
      assert.notInclude((yield* list).map(({ ID }) => ID), again)
    }))

  it.scoped("keeps what it was made with", () =>
    Effect.gen(function*() {
      const { client, destination, exported, questionId, room, runs, world } = yield* begin
      const question = yield* questionId(summer, hero)
      const dataset = world.datasets.find((row) => row.cleanRoomId === room)
      const [id = ""] = yield* client.createDataExportJobs({
        path: { cleanroomId: room },
        payload: {
          cleanroomQuestionId: question,
          partnerAccountIds: [destination(bucket), destination(bucket)],
          exportParameters: path("s3://alder-pine-exports/kept/"),
          cleanroomDatasetId: dataset?.id ?? ""
        }
      })
      yield* exported(question)
      const answer = yield* client.getDataExportJobRuns({ path: { exportJobId: id } })
      assert.deepInclude(answer, { organization: "Alder & Pine Retail", question: hero })
      assert.deepStrictEqual(answer.exportDetailParameters, path("s3://alder-pine-exports/kept/"))
      assert.strictEqual(answer.jobRunsByDate?.[0]?.date, new Date(monday).toISOString().slice(0, 10))
      const [run] = yield* runs(id)
      const told = run?.details?.jobDetailParameters?.find(({ label }) => label === "Dataset")
      assert.strictEqual(told?.value, dataset?.name)
      assert.lengthOf(yield* client.getAllDataExportJobs({ path: { cleanroomId: room } }), 3)
    }))

  it.scoped("may be read 20 times in an hour", () =>
    Effect.gen(function*() {
      const { clock, get, job } = yield* begin
      const { id } = yield* job(hero, bucket)
      const read = Effect.map(get(`/exports/jobs/${id}/runs`), ({ status }) => status)
      const statuses = yield* Effect.forEach(Array.from({ length: 21 }), () => read)
      assert.deepStrictEqual(statuses, [...Array.from({ length: 20 }, () => 200), 429])
      yield* clock.advance("1 hour")
      assert.strictEqual(yield* read, 200)
    }))
})

describe("making an export job", () => {
  it.scoped("needs a clean room that exports", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, order, questionId, world } = yield* begin
      const inRoom = (name: string, question: string) =>
        Effect.gen(function*() {
          return yield* order(yield* questionId(name, question), bucket, [], yield* cleanRoomId(name))
        })
      const snowflake = yield* inRoom("Loyalty Insights (Snowflake)", "Basket Size by Age Band")
      assert.strictEqual(snowflake.status, 400)
      assert.include(snowflake.json.message, "Snowflake")
      assert.strictEqual((yield* inRoom("Spring Launch", "Spring Launch Reach")).status, 403)
      const publisher = yield* cleanRoomId("Lumen Street Measurement")
      const row = world.cleanRooms.get(publisher)
      yield* call("PUT", `/cleanrooms/${publisher}`, {
        name: row?.name,
        startAt: row?.startAt,
        type: row?.type,
        parameters: { ...row?.parameters, ENABLE_EXPORT: "false" }
      })
      const off = yield* inRoom("Lumen Street Measurement", "Ad Frequency and Sales")
      assert.strictEqual(off.status, 400)
      assert.include(off.json.message, "not enabled")
      const foreign = world.cleanRooms.find(({ name }) => name === "Northwind Shopper Panel")?.id ?? ""
      assert.strictEqual((yield* order("x", bucket, [], foreign)).status, 404)
      assert.strictEqual((yield* call("GET", `/cleanrooms/${foreign}/exports/jobs`)).status, 404)
    }))

  it.scoped("needs destinations that work there and take what the question produces", () =>
    Effect.gen(function*() {
      const { call, clock, destination, order, questionId, room } = yield* begin
      const question = yield* questionId(summer, hero)
      const list = yield* questionId(summer, buyers)
      const refused = (to: string, source = question) =>
        Effect.map(order(source, to), ({ json, status }) => [status, json.message])
      assert.deepStrictEqual(yield* refused(activation), [400, "LiveRamp Activation takes user lists only"])
      const [failed, reason] = yield* refused("Alder & Pine Facebook Ads ", list)
      assert.strictEqual(failed, 400)
      assert.include(reason, "expired")
      assert.strictEqual((yield* refused("Report Archive (GCS)"))[0], 404)
      assert.strictEqual((yield* refused("Fizzwell Customer Match", list))[0], 403)
      yield* call("POST", `/cleanrooms/${room}/destinations`, { destinations: [destination("Report Archive (GCS)")] })
      const [pending, because] = yield* refused("Report Archive (GCS)")
      assert.strictEqual(pending, 400)
      assert.include(because, "CONFIG_PENDING")
      yield* clock.advance("5 minutes")
      assert.strictEqual((yield* order(question, "Report Archive (GCS)")).status, 200)
      const none = { cleanroomQuestionId: question, partnerAccountIds: [] }
      assert.strictEqual((yield* call("POST", `/cleanrooms/${room}/exports/jobs`, none)).status, 400)
    }))

  it.scoped("needs a question of the clean room, and known parameters that keep clear of data connections", () =>
    Effect.gen(function*() {
      const { call, destination, get, order, questionId, room } = yield* begin
      const question = yield* questionId(summer, hero)
      const elsewhere = yield* questionId("Kestrel Reporting", "Weekly Sales by Category")
      const status = (answer: ReturnType<typeof order>) => Effect.map(answer, ({ status }) => status)
      const before = (yield* get(`/cleanrooms/${room}/exports/jobs`)).json.length
      assert.strictEqual(yield* status(order(elsewhere, bucket)), 404)
      assert.strictEqual(yield* status(order("", bucket)), 400)
      assert.strictEqual(yield* status(order(question, bucket, [{ name: "GCS_EXPORT_PATH", value: "gs://a" }])), 400)
      const taken = yield* order(question, bucket, path("s3://alder-pine-data/retail_crm/exports/"))
      assert.strictEqual(taken.status, 400)
      assert.include(taken.json.message, "data connection")
      const dataset = {
        cleanroomQuestionId: question,
        partnerAccountIds: [destination(bucket)],
        cleanroomDatasetId: "x"
      }
      assert.strictEqual((yield* call("POST", `/cleanrooms/${room}/exports/jobs`, dataset)).status, 404)
      const both = [destination(bucket), destination(activation)]
      const one = { cleanroomQuestionId: question, partnerAccountIds: both }
      assert.strictEqual((yield* call("POST", `/cleanrooms/${room}/exports/jobs`, one)).status, 400)
      assert.lengthOf((yield* get(`/cleanrooms/${room}/exports/jobs`)).json, before)
    }))

  it.scoped("needs leave to see the results of another's question", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, destination, order, questionId, world } = yield* begin
      const marketplace = "Lumen Street Audience Marketplace"
      const room = yield* cleanRoomId(marketplace)
      const question = yield* questionId(marketplace, "Segment Sizes for Retail Partners")
      yield* call("POST", `/cleanrooms/${room}/destinations`, { destinations: [destination(bucket)] })
      const pending = yield* order(question, bucket, [], room)
      assert.strictEqual(pending.status, 400)
      assert.include(pending.json.message, "PENDING_CHANNEL")
      const provision = world.provisions.get(`${room}/${destination(bucket)}`)
      world.provisions.put(Object.assign({}, provision, { review: "APPROVED" }))
      const row = world.cleanRoomQuestions.get(question)
      world.cleanRoomQuestions.put(Object.assign({}, row, { permissions: [] }))
      assert.strictEqual((yield* order(question, bucket, [], room)).status, 403)
      world.cleanRoomQuestions.put(Object.assign({}, row))
      assert.strictEqual((yield* order(question, bucket, [], room)).status, 200)
    }))
})

describe("export jobs of flow nodes", () => {
  const build = Effect.gen(function*() {
    const harness = yield* begin
    const { call, room } = harness
    const flow = `/cleanrooms/${room}/cleanroom-flows`
    const { json } = yield* call("POST", flow, {
      flowName: "Reach and buyers",
      nodes: [{ nodeIdentifier: hero }, { nodeIdentifier: buyers }]
    })
    const id = String(json.flowID)
    const datasets = (names: Record<string, string>) =>
      Object.entries(names).map(([datasetMacro, datasetName]) => ({ datasetMacro, datasetName }))
    const shared = { exposures: "Lumen Street Exposures", transactions: "Alder & Pine Transactions" }
    yield* call("POST", `${flow}/${id}/assign-datasets`, {
      nodeDatasets: [
        { nodeIdentifier: hero, datasets: datasets(shared) },
        { nodeIdentifier: buyers, datasets: datasets({ ...shared, pubmap: "Lumen Street RampID Map" }) }
      ]
    })
    const row = harness.world.flows.find(({ flowId }) => flowId === id)
    const [reach, list] = row?.versions.at(-1)?.nodes ?? []
    assert.isDefined(list)
    return {
      ...harness,
      flowPath: { cleanroomId: room, cleanroomFlowId: id },
      url: `${flow}/${id}/nodes/exports`,
      runUrl: `${flow}/${id}/cleanroom-flow-runs`,
      reach: { id: reach?.id ?? "", label: reach?.label ?? "" },
      list: { id: list?.id ?? "", label: list?.label ?? "" }
    }
  })

  it.scoped("are made one for each node and destination, listed, paused and deleted by node", () =>
    Effect.gen(function*() {
      const { client, destination, flowPath: path, get, list, reach, room } = yield* build
      const made = yield* client.createFlowNodeExportJobs({
        path,
        payload: [
          { nodeId: reach.id, partnerAccountIds: [destination(bucket)] },
          { nodeId: list.label, partnerAccountIds: [destination(bucket), destination(activation)] }
        ]
      })
      assert.deepStrictEqual(made.map(({ jobIds = [], nodeId }) => [nodeId, jobIds.length]), [[reach.id, 1], [
        list.id,
        2
      ]])
      const nodeIds = [reach.id, list.id]
      const shown = client.listFlowNodeExportJobs({ path, urlParams: { nodeIds } })
      assert.deepStrictEqual(
        (yield* shown).map(({ jobs = [] }) => jobs.map(({ id }) => id)),
        made.map(({ jobIds = [] }) => [...jobIds])
      )
      assert.deepInclude((yield* shown)[1]?.jobs?.[1], {
        name: `${buyers} to ${activation}`,
        status: "ACTIVE",
        channelStatus: "ACTIVE_CHANNEL",
        partnerAccountName: activation
      })
      const page = yield* client.listFlowNodeExportJobs({ path, urlParams: { nodeIds, limit: 1, offset: 1 } })
      assert.deepStrictEqual(page.map(({ jobs = [] }) => jobs.map(({ id }) => id)), [[], [made[1]?.jobIds?.[1]]])
      const everywhere = yield* client.getAllDataExportJobs({ path: { cleanroomId: room } })
      assert.deepInclude(everywhere.find(({ ID }) => ID === made[0]?.jobIds?.[0]), {
        dataExportJobType: "CLEAN_ROOM_FLOW_NODE",
        questionID: reach.id
      })
      const paused = yield* client.updateFlowNodeExportJobsStatus({
        path,
        payload: { nodeIds: [list.id], status: "PAUSED" }
      })
      assert.deepStrictEqual(paused, [{ nodeId: list.id, success: true }])
      assert.deepStrictEqual(
        (yield* shown).map(({ jobs = [] }) => jobs.map(({ status }) => status)),
        [["ACTIVE"], ["PAUSED", "PAUSED"]]
      )
      const deleted = yield* client.deleteFlowNodeExportJobs({ path, payload: { nodeIds: [list.id] } })
      assert.deepStrictEqual(deleted, [{ nodeId: list.id, deletedJobIds: made[1]?.jobIds ?? [] }])
      assert.deepStrictEqual((yield* shown).map(({ jobs = [] }) => jobs.length), [1, 0])
      assert.strictEqual((yield* get(`/exports/jobs/${made[1]?.jobIds?.[0]}/runs`)).status, 404)
    }))

  it.scoped("export what their node produced, once the flow run is through", () =>
    Effect.gen(function*() {
      const { call, client, clock, destination, flowPath: path, list, reach, runUrl } = yield* build
      yield* client.createFlowNodeExportJobs({
        path,
        payload: [
          { nodeId: reach.id, partnerAccountIds: [destination(bucket)] },
          { nodeId: list.id, partnerAccountIds: [destination(activation)] }
        ]
      })
      const { json: run } = yield* call("POST", runUrl, {
        name: "flow",
        nodes: [reach, list].map(({ id }) => ({ nodeIdentifier: id, parameters: dates }))
      })
      const runs = client.getFlowNodeExportJobRuns({ path, urlParams: { nodeIds: [reach.id, list.id] } })
      assert.deepStrictEqual((yield* runs).map(({ jobRuns }) => jobRuns), [[], []])
      yield* clock.advance("1 hour")
      const done = (yield* runs).map(({ jobRuns = [] }) => jobRuns[0])
      const { json: report } = yield* call(
        "GET",
        `/cleanrooms/${path.cleanroomId}/cleanroom-flow-runs/${run.id}/report?node=${list.id}`
      )
      assert.isAbove(report.count, 100)
      assert.deepInclude(done[1], { status: "COMPLETE", jobRunType: "FULL_REFRESH", totalRecords: report.count })
      assert.deepInclude(done[0], { status: "COMPLETE", totalRecords: 5 })
    }))

  it.scoped("need a known flow, known nodes and destinations that work, all of them", () =>
    Effect.gen(function*() {
      const { call, destination, list, reach, room, url } = yield* build
      const one = (nodeId: string, to: string) => ({ nodeId, partnerAccountIds: [destination(to)] })
      const create = (...items: ReadonlyArray<unknown>) => Effect.map(call("POST", url, items), ({ status }) => status)
      assert.strictEqual(yield* create(), 400)
      assert.strictEqual(yield* create(one("unknown", bucket)), 404)
      assert.strictEqual(yield* create(one(list.id, bucket), one(reach.id, activation)), 400)
      assert.deepStrictEqual((yield* call("GET", `${url}?nodeIds=${list.id}`)).json, [{ nodeId: list.id, jobs: [] }])
      const unknown = `/cleanrooms/${room}/cleanroom-flows/unknown/nodes/exports`
      assert.strictEqual((yield* call("GET", `${unknown}?nodeIds=${list.id}`)).status, 404)
      assert.strictEqual((yield* call("GET", `${unknown}/runs?nodeIds=${list.id}`)).status, 404)
      assert.strictEqual((yield* call("DELETE", unknown, { nodeIds: [list.id] })).status, 404)
      const status = { nodeIds: [list.id], status: "PAUSED" }
      assert.strictEqual((yield* call("PATCH", `${unknown}/status`, status)).status, 404)
      assert.deepStrictEqual((yield* call("PATCH", `${url}/status`, status)).json, [{
        nodeId: list.id,
        success: false
      }])
      assert.strictEqual((yield* call("GET", url)).status, 400)
    }))
})

describe("the seeded export jobs", () => {
  it.scoped("show how exports go wrong, and right", () =>
    Effect.gen(function*() {
      const { runs, world } = yield* begin
      const byName = yield* Effect.forEach(world.exportJobs.all(), (job) =>
        Effect.map(runs(job.id), (runs) => [job.name, runs.map(({ status }) => status)] as const))
      const statuses = Object.fromEntries(byName)
      assert.deepStrictEqual(
        new Set(statuses[`${buyers} to ${activation}`]),
        new Set(["THRESHOLD_WARNING", "NO_NEW_USERS", "COMPLETE"])
      )
      assert.deepStrictEqual(new Set(statuses[`${hero} to ${bucket}`]), new Set(["COMPLETE"]))
      assert.deepStrictEqual(new Set(statuses[`Ad Frequency and Sales to ${bucket}`]), new Set(["FAILED"]))
      assert.deepStrictEqual(statuses[`Weekly Sales by Category to ${bucket}`], [])
    }))
})
