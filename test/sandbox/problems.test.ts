import { assert, describe, it } from "@effect/vitest"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Seed from "../../src/sandbox/Seed.js"
import * as Problems from "../../src/sandbox/seed/Problems.js"
import { start } from "./harness.js"

const begin = (seed: number) =>
  Effect.gen(function*() {
    const harness = yield* start({ seed, rows: 8000 })
    const { call, get, sandbox } = harness
    const { world } = sandbox
    const read = (path: string) => Effect.map(get(path), ({ json }) => json)
    const launch = (id: string, parameters: object = {}) =>
      call("POST", `/cleanroom-questions/${id}/create-run`, { name: "check", parameters })
    const finished = (id: string, parameters: object = {}) =>
      Effect.gen(function*() {
        const { json } = yield* launch(id, parameters)
        yield* sandbox.clock.advance("31 minutes")
        return yield* read(`/cleanroom-question-runs/${json.id}`)
      })
    const rows = (run: { id: string }) =>
      Effect.map(read(`/cleanroom-question-runs/${run.id}/data?limit=1000`), ({ stats }) => stats)
    const roomOf = (question: string) => world.cleanRoomQuestions.get(question)?.cleanRoomId ?? ""
    const flow = (id: string) => `/cleanrooms/${world.flows.get(id)?.cleanRoomId ?? ""}/cleanroom-flows/${id}`
    return { ...harness, world, read, launch, finished, rows, roomOf, flow }
  })

type Harness = Effect.Effect.Success<ReturnType<typeof begin>>

type Check = (harness: Harness, id: string) => Effect.Effect<unknown, unknown>

const same = (actual: unknown, expected: unknown) => Effect.sync(() => assert.deepStrictEqual(actual, expected))

const stage = (expected: string): Check => ({ read }, id) =>
  Effect.flatMap(read(`/data-connections/${id}`), (connection) => same(connection.stage, expected))

const fieldsOf = ({ read }: Harness, id: string) =>
  Effect.map(
    read(`/data-connections/${id}/field-configurations`),
    (fields): ReadonlyArray<{ fieldName: string; dataType: string; isExcluded: boolean }> => fields
  )

/** A connection that failed, and whose fields show why. */
const spoilt =
  (is: (fields: ReadonlyArray<{ fieldName: string; dataType: string }>) => boolean): Check => (harness, id) =>
    Effect.gen(function*() {
      yield* stage("CONFIGURATION_FAILED")(harness, id)
      const fields = yield* fieldsOf(harness, id)
      assert.isTrue(is(fields), JSON.stringify(fields))
    })

/** A connection that failed, until it is configured otherwise. */
const mendedBy = (change: { readonly [name: string]: string }, expected = "MAPPING_REQUIRED"): Check => (harness, id) =>
  Effect.gen(function*() {
    const { call, read, sandbox } = harness
    yield* stage("CONFIGURATION_FAILED")(harness, id)
    const { dataSourceConfiguration: before, ...connection } = yield* read(`/data-connections/${id}`)
    const dataSourceConfiguration = before.map((item: { name: string; value: string }) => ({
      ...item,
      value: change[item.name] ?? item.value
    }))
    yield* call("PUT", `/data-connections/${id}`, { ...connection, dataSourceConfiguration })
    yield* sandbox.clock.advance("5 minutes")
    yield* stage(expected)(harness, id)
  })

const both = (...checks: ReadonlyArray<Check>): Check => (harness, id) =>
  Effect.forEach(checks, (check) => check(harness, id))

/** The newest run, which the history has, ended so. */
const failedBefore = (pattern: RegExp): Check => ({ read }, id) =>
  Effect.map(read(`/cleanroom-questions/${id}/cleanroom-question-runs`), ([run]) => {
    assert.deepInclude(run, { status: "FAILED", isRetryable: false })
    assert.match(run.runMessage, pattern)
  })

const refusedRun = (expected: number): Check => ({ launch }, id) =>
  Effect.flatMap(launch(id), ({ status }) => same(status, expected))

const added = (email: string, expected: number): Check => ({ call }, id) =>
  Effect.flatMap(
    call("POST", `/cleanrooms/${id}/users`, { email, role: "Viewer" }),
    ({ status }) => same(status, expected)
  )

const failing = (pattern: RegExp): Check => ({ finished }, id) =>
  Effect.map(finished(id), (run) => {
    assert.strictEqual(run.status, "FAILED")
    assert.isFalse(run.isRetryable)
    assert.match(run.runMessage, pattern)
  })

const exportEnded = (expected: string): Check => ({ read }, id) =>
  Effect.map(read(`/exports/jobs/${id}/runs`), (answer) => assert.include(JSON.stringify(answer), `"${expected}"`))

const checks: { readonly [id: string]: Check } = {
  "T-04": ({ get }, id) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* get(`/cleanrooms/${id}/partners`)).status, 403)
      assert.strictEqual((yield* get(`/cleanrooms/${id}`)).status, 200)
    }),
  "T-09": refusedRun(412),
  "T-10": ({ read }, id) =>
    Effect.gen(function*() {
      assert.strictEqual((yield* read(`/cleanroom-questions/${id}`)).status, "MISSING_DATASETS")
      const datasets: ReadonlyArray<{ ownership: string; status: string }> = yield* read(
        `/cleanroom-questions/${id}/datasets`
      )
      assert.sameDeepMembers(datasets.map(({ ownership, status }) => [ownership, status]), [
        ["PARTNER", "UNASSIGNED"],
        ["OWNER", "ASSIGNED"]
      ])
    }),
  "T-11": failing(/not found: .*Exposures/),
  "T-12": failing(/"contact".*PII/),
  "T-13": ({ call, read, roomOf, world }, id) =>
    Effect.gen(function*() {
      const dataset = world.datasets.find(({ cleanRoomId, name }) =>
        cleanRoomId === roomOf(id) && name === "Lumen Street Audience"
      )
      const datasets: ReadonlyArray<{ macro: string }> = yield* read(`/cleanroom-questions/${id}/datasets`)
      const audience = datasets.filter(({ macro }) => macro === "publisher_audience")
      const answer = yield* call(
        "POST",
        `/cleanroom-questions/${id}/datasets`,
        audience.map((item) => Object.assign({}, item, { datasetId: dataset?.id }))
      )
      assert.strictEqual(answer.status, 403, answer.text)
    }),
  "T-14": ({ finished, rows, world }, id) =>
    Effect.gen(function*() {
      const run = yield* finished(id)
      assert.strictEqual(run.status, "COMPLETED")
      const shown: ReadonlyArray<unknown> = yield* rows(run)
      const ending = yield* world.runs.get(run.id)?.outcome.ending ?? Effect.succeed(undefined)
      assert.isTrue(ending?._tag === "Completed" && ending.output.hiddenRows > 0)
      assert.isNotEmpty(shown)
    }),
  "T-15": ({ finished, rows }, id) =>
    Effect.gen(function*() {
      const [first, second] = [yield* rows(yield* finished(id)), yield* rows(yield* finished(id))]
      assert.isNotEmpty(first)
      assert.notDeepEqual(first, second)
    }),
  "T-16": ({ finished, rows }, id) =>
    Effect.gen(function*() {
      const run = yield* finished(id)
      assert.strictEqual(run.status, "COMPLETED")
      assert.isEmpty((yield* rows(run)) ?? [])
    }),
  "T-17": ({ finished, rows }, id) =>
    Effect.gen(function*() {
      const found: ReadonlyArray<{ shared: unknown }> = yield* rows(yield* finished(id))
      assert.isNotEmpty(found)
      assert.isTrue(found.every(({ shared }) => Number(shared) === 0))
    }),
  "T-18": stage("CONFIGURATION_FAILED"),
  "T-19": (harness, id) =>
    Effect.gen(function*() {
      const { call, read, sandbox } = harness
      const status = Effect.map(read(`/data-connections/${id}`), ({ runStatus }) => runStatus)
      assert.strictEqual(yield* status, "RUNNING")
      yield* sandbox.clock.advance("2 hours")
      assert.strictEqual(yield* status, "RUNNING")
      yield* call("POST", `/data-connections/${id}/retry`)
      yield* sandbox.clock.advance("5 minutes")
      yield* stage("MAPPING_REQUIRED")(harness, id)
    }),
  "T-20": stage("MAPPING_REQUIRED"),
  "T-21": stage("WAITING_FOR_FILE"),
  "T-22": both(
    spoilt(([first]) => first?.fieldName.startsWith("\uFEFF") === true),
    mendedBy({ DataLocation: "s3://alder-pine-data/retail_crm/members_2/" })
  ),
  "T-23": both(
    spoilt((fields) => fields.some(({ fieldName }) => !/^[A-Za-z0-9_]{1,50}$/.test(fieldName))),
    mendedBy({ DataLocation: "s3://alder-pine-data/retail_transactions/web/" })
  ),
  "T-24": both(
    spoilt((fields) =>
      fields.some((field) =>
        fields.some(({ dataType, fieldName }) => fieldName === field.fieldName && dataType !== field.dataType)
      )
    ),
    mendedBy({ DataLocation: "s3://alder-pine-data/retail_transactions/region_1/" })
  ),
  "T-25": mendedBy({ SampleFilePath: "s3://alder-pine-data/retail_transactions/daily/part-00000.csv" }),
  "T-26": (harness, id) =>
    Effect.gen(function*() {
      yield* stage("CONFIGURATION_COMPLETE")(harness, id)
      const unknown = (yield* fieldsOf(harness, id)).filter(({ dataType }) => dataType === "UNKNOWN")
      assert.deepStrictEqual(unknown.map(({ isExcluded }) => isExcluded), [true])
    }),
  "T-27": (harness, id) =>
    Effect.gen(function*() {
      const { call, finished, read, sandbox } = harness
      yield* failedBefore(/household_size/)(harness, id)
      const missing = () =>
        Effect.map(read(`/cleanroom-questions/${id}/datasets`), ([{ fields }]) =>
          fields.filter(({ value }: { value?: string }) =>
            value === undefined
          ).map(({ name }: { name: string }) => name))
      assert.deepStrictEqual(yield* missing(), ["household_size", "education"])
      const [{ dataConnectionId }] = yield* read(`/cleanroom-questions/${id}/datasets`)
      const fields = `/data-connections/${dataConnectionId}/field-configurations`
      yield* call("POST", `/data-connections/${dataConnectionId}/retry`)
      yield* sandbox.clock.advance("5 minutes")
      yield* stage("MAPPING_REQUIRED")(harness, dataConnectionId)
      yield* call("POST", fields, yield* read(fields))
      yield* stage("CONFIGURATION_COMPLETE")(harness, dataConnectionId)
      assert.deepStrictEqual(yield* missing(), [])
      assert.strictEqual((yield* finished(id)).status, "COMPLETED")
    }),
  "T-28": (harness, id) =>
    Effect.gen(function*() {
      const { call, read, sandbox } = harness
      yield* stage("CONFIGURATION_FAILED")(harness, id)
      const credentials: ReadonlyArray<{ id: string; name: string }> = yield* read("/organization-credentials")
      const credential = credentials.find(({ name }) => name === "Alder & Pine Snowflake (Key Pair)")
      const values = {
        SNOWFLAKE_ACCOUNT: "alder_pine",
        SNOWFLAKE_USER: "HABU",
        SNOWFLAKE_PRIVATE_KEY: "-----BEGIN PRIVATE KEY-----\nsynthetic\n-----END PRIVATE KEY-----",
        SNOWFLAKE_WAREHOUSE: "CLEAN_ROOM"
      }
      yield* call("PUT", `/organization-credentials/${credential?.id ?? ""}`, {
        name: credential?.name,
        credentialSourceName: "Snowflake Account With Credentials",
        credentials: Object.entries(values).map(([name, value]) => ({ name, value }))
      })
      yield* call("POST", `/data-connections/${id}/retry`)
      yield* sandbox.clock.advance("5 minutes")
      yield* stage("MAPPING_REQUIRED")(harness, id)
    }),
  "T-29": both(failedBefore(/REPORTING/), failing(/REPORTING/)),
  "T-30": both(failedBefore(/Hybrid/), failing(/Hybrid/)),
  "T-31": mendedBy({ ProjectId: "alder-pine" }),
  "T-32": mendedBy({ DataLocation: "s3://alder-pine-data/retail_crm/open/" }),
  "T-33": ({ launch, read, roomOf }, id) =>
    Effect.gen(function*() {
      const datasets = yield* read(`/cleanrooms/${roomOf(id)}/datasets`)
      assert.include(JSON.stringify(datasets), "exposure_date")
      const { json } = yield* launch(id, {
        "exposures.date_start": "2026-01-01",
        "exposures.date_end": "2026-01-31"
      })
      const asked = JSON.stringify(yield* read(`/cleanroom-question-runs/${json.id}/partition-parameters`))
      assert.include(asked, "exposures.date_start")
      assert.include(asked, "exposures.date_end")
    }),
  "T-34": ({ read }, id) =>
    Effect.gen(function*() {
      const { json } = { json: yield* read(`/cleanroom-questions/${id}/cleanroom-question-runs`) }
      const run = yield* read(`/cleanroom-question-runs/${json[0].id}`)
      assert.deepInclude(run, { status: "FAILED", isRetryable: true })
      assert.match(run.runMessage, /3600 seconds/)
    }),
  "T-35": ({ call }, id) =>
    Effect.flatMap(
      call("PATCH", `/cleanroom-questions/${id}/compute-capacity`, { computeCapacity: "MEDIUM" }),
      ({ status }) => same(status, 400)
    ),
  "T-36": refusedRun(412),
  "T-37": ({ read }, id) =>
    Effect.gen(function*() {
      const list: ReadonlyArray<Record<string, unknown>> = yield* read(`/cleanrooms/${id}/invitations`)
      const accepted = list.find(({ partnerAdminEmail }) => partnerAdminEmail === "ines.roth@harborfoods.example")
      assert.strictEqual(accepted?.["Status"], "ACCEPTED")
      assert.isUndefined(accepted?.["partnerOrganizationId"])
    }),
  "T-38": ({ read }, id) =>
    Effect.map(read(`/cleanrooms/${id}/invitations`), (list) => assert.strictEqual(list[0].Status, "PENDING")),
  "T-39": refusedRun(403),
  "T-40": ({ read, roomOf }, id) =>
    Effect.gen(function*() {
      const questions: ReadonlyArray<{ id: string; createdOn: string }> = yield* read(
        `/cleanrooms/${roomOf(id)}/cleanroom-questions`
      )
      const since = questions.find((question) => question.id === id)?.createdOn ?? ""
      const open = yield* Effect.forEach(
        questions.filter(({ createdOn }) => createdOn >= since),
        (question) =>
          Effect.map(
            read(`/cleanroom-questions/${question.id}/cleanroom-question-permissions`),
            (list: ReadonlyArray<{ permission: string; access: string }>) => [
              question.id === id,
              list.find(({ permission }) => permission === "VIEW_CODE")?.access === "ALL_CLEAN_ROOM_PARTNERS"
            ]
          )
      )
      assert.isAtLeast(open.length, 3)
      for (const [isOld, isOpen] of open) assert.strictEqual(isOpen, !isOld)
    }),
  "T-41": added("priya.nair@alderpine.example", 409),
  "T-42": added("someone.new@alderpine.example", 404),
  "T-43": ({ call, roomOf, world }, id) =>
    Effect.gen(function*() {
      const destination = world.destinations.find(({ name }) => name === "Alder & Pine S3 Exports")
      const room = `/cleanrooms/${roomOf(id)}`
      yield* call("POST", `${room}/destinations`, { destinations: [destination?.id] })
      const answer = yield* call("POST", `${room}/exports/jobs`, {
        cleanroomQuestionId: id,
        partnerAccountIds: [destination?.id],
        exportParameters: [{ name: "S3_EXPORT_PATH", value: "s3://alder-pine-exports/baskets/" }]
      })
      assert.notStrictEqual(answer.status, 200)
      assert.include(answer.json.message, "Snowflake")
    }),
  "T-44": ({ read, world }, id) =>
    Effect.gen(function*() {
      const provision = world.provisions.find(({ destinationId }) => destinationId === id)
      const list = JSON.stringify(yield* read(`/cleanrooms/${provision?.cleanRoomId ?? ""}/destinations`))
      assert.include(list, "PENDING_CHANNEL")
      assert.include(list, id)
    }),
  "T-47": exportEnded("NO_NEW_USERS"),
  "T-48": exportEnded("THRESHOLD_WARNING"),
  "T-49": ({ call, flow }, id) =>
    Effect.flatMap(
      call("POST", `${flow(id)}/cleanroom-flow-runs`, { name: "check" }),
      ({ status }) => same(status, 412)
    ),
  "T-50": ({ get, flow, read, world }, id) =>
    Effect.gen(function*() {
      const room = world.flows.get(id)?.cleanRoomId ?? ""
      const { cleanRoomFlow } = yield* read(flow(id))
      const [node] = cleanRoomFlow.flow.nodes
      const run = world.flowRuns.find(({ flowRowId }) => flowRowId === id)?.id ?? ""
      const title = encodeURIComponent("Exposed Buyers - User List")
      const report = (identifier: string) =>
        Effect.map(
          get(`/cleanrooms/${room}/cleanroom-flow-runs/${run}/report?node=${identifier}`),
          ({ status }) => status
        )
      assert.strictEqual(yield* report(title), 404)
      assert.strictEqual(yield* report(node.label), 404)
      assert.strictEqual(yield* report(node.id), 200)
    }),
  "T-51": ({ call, flow, read, sandbox, world }, id) =>
    Effect.gen(function*() {
      const runs = `${flow(id)}/cleanroom-flow-runs`
      const { cleanRoomFlowRuns: [newest] } = yield* read(runs)
      assert.strictEqual(newest.status, "PAUSED")
      const run = `/cleanrooms/${world.flows.get(id)?.cleanRoomId ?? ""}/cleanroom-flow-runs/${newest.id}`
      yield* call("POST", `${run}/resume-flow-run`, {})
      yield* sandbox.clock.advance("1 hour")
      assert.strictEqual((yield* read(`${run}/status`)).status, "COMPLETED")
    }),
  "T-52": ({ finished, read }, id) =>
    Effect.gen(function*() {
      const plan = yield* read(`/cleanroom-question-runs/${(yield* finished(id)).id}/explain-plan`)
      assert.isFalse(plan.success)
      assert.isNotEmpty(plan.errorMessage)
    }),
  "T-56": ({ read, world }, id) =>
    Effect.gen(function*() {
      const question = world.schedules.get(id)?.cleanRoomQuestionId ?? ""
      const schedule = yield* read(`/cleanroom-questions/${question}/cleanroom-question-run-schedules/${id}`)
      assert.match(schedule.startDateTime, /T06:00:00/)
    })
}

describe.each([1, 2, 3])("the planted problems of seed %i", (seed) => {
  it.scoped("show through the API, every one", () =>
    Effect.gen(function*() {
      const harness = yield* begin(seed)
      const problems = Problems.all(harness.world)
      assert.sameMembers(problems.map(({ id }) => id), Object.keys(checks))
      assert.isAtLeast(problems.length, 30)
      const wrong = yield* Effect.forEach(problems, ({ id, where }) =>
        (checks[id]?.(harness, where.id) ?? Effect.die("no check")).pipe(
          Effect.as([]),
          Effect.catchAllCause((cause) =>
            Effect.succeed([`${id}: ${String(Cause.squash(cause))}`])
          )
        ))
      assert.deepStrictEqual(wrong.flat(), [])
    }), 120_000)
})

describe("failed runs", () => {
  it.scoped("are worded differently by different seeds", () =>
    Effect.gen(function*() {
      const reason = (seed: number) =>
        Effect.gen(function*() {
          const harness = yield* begin(seed)
          const run = yield* harness.finished(Seed.problem(harness.world, "T-12")?.where.id ?? "")
          return String(run.failureReason)
        })
      assert.notStrictEqual(yield* reason(1), yield* reason(2))
    }))
})
