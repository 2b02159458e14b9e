import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Schema from "effect/Schema"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import * as RunFollower from "../../src/runs/RunFollower.js"
import * as RunLedger from "../../src/runs/RunLedger.js"
import type { Fault } from "../../src/sandbox/Faults.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Seed from "../../src/sandbox/Seed.js"
import * as Memory from "../../src/state/Memory.js"
import * as Confirmation from "../../src/workflows/Confirmation.js"
import * as Execute from "../../src/workflows/ExecuteFlowWorkflow.js"
import * as ExecuteQuestion from "../../src/workflows/ExecuteQuestionWorkflow.js"
import * as Find from "../../src/workflows/FindResources.js"
import * as Truth from "../support/Truth.js"

// An hour of Habu's in a second: a run of two levels takes one.
const speed = 3600

const config = Layer.unwrapEffect(Effect.map(
  Sandbox.Sandbox,
  ({ clientId, clientSecret, url }) => HabuConfig.layer({ apiUrl: url, clientId, clientSecret, sandboxSpeed: speed })
))

const stack = Layer.mergeAll(HabuDirectory.layer, RunFollower.layer, Confirmation.layer({})).pipe(
  Layer.provideMerge(RunLedger.layer()),
  Layer.provideMerge(HabuClient.layerDefault()),
  Layer.provideMerge(config),
  Layer.provideMerge(Layer.merge(Memory.layer, FetchHttpClient.layer)),
  Layer.provideMerge(Sandbox.layer({ rows: 4_000, speed })),
  Layer.provide(Logger.minimumLogLevel(LogLevel.None))
)

const execute = (input: Execute.Input) => Effect.flatMap(Execute.run(input), Schema.encode(Execute.Output))
const find = (input: Find.Input) => Effect.flatMap(Find.run(input), Schema.encode(Find.Output))

/** The call that an answer says to make next. */
const next = (answer: Execute.Output, index = 0) =>
  Schema.decodeUnknownSync(Execute.Input)(answer.next_steps?.[index]?.arguments)

const reading = new Set(["listCleanroomFlows", "previewFlowRunParameters", "getDatasetOrganizations", "token"])

const writes = Effect.flatMap(
  Sandbox.Sandbox,
  ({ requests }) =>
    Effect.map(
      requests,
      (all) =>
        all.filter(({ method, operation }) => method !== "GET" && !reading.has(operation ?? ""))
          .map(({ operation }) => operation)
    )
)

const fault = (one: Fault) => Effect.flatMap(Sandbox.Sandbox, ({ faults }) => faults.add(one))

const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
const dates = { "exposures.date_start": day(60), "exposures.date_end": day(1) }
const flow = "Exposed Buyer Profile"
const draft = "Exposed Buyer Profile - Draft"
const start = { flow, parameters: dates } as const
const list = "Exposed Buyers - User List"
const mix = "Segment Mix of a People List"
const stopping = "Audience Refresh"

const datasets = [
  { macro: "@pubmap", dataset: "Lumen Street RampID Map" },
  { macro: "exposures", dataset: "lumen street exposures" },
  { macro: "transactions", dataset: "Alder & Pine Transactions", node: list },
  { macro: "publisher_audience", dataset: "Lumen Street Audience" }
]

const flowRow = (name: string) =>
  Effect.map(Sandbox.Sandbox, ({ world }) => world.flows.find((row) => row.name === name))

const newVersion = Effect.zipWith(Sandbox.Sandbox, flowRow(flow), ({ world }, row) => {
  if (row !== undefined) world.flows.put({ ...row, versions: [...row.versions, ...row.versions], version: 2 })
})
const back = { flow, action: "roll_back", version: 1 } as const

const test = (name: string, body: Effect.Effect<void, unknown, Layer.Layer.Success<typeof stack>>) =>
  it.live(name, () => Effect.provide(body, stack), 40_000)

describe("execute_flow_workflow against the sandbox", () => {
  test(
    "runs a flow once, from its name to what its nodes produced",
    Effect.gen(function*() {
      const answer = yield* execute({ ...start, flow: ` ${flow.toUpperCase()}`, wait_seconds: 45 })
      expect(answer).toMatchObject({ status: "done", run: { phase: "completed" }, run_starts_left: expect.any(Number) })
      expect(answer.run?.name).toMatch(/^Exposed Buyer Profile .*#[0-9a-f]{10}-1-/)
      const [people, segments] = answer.run_nodes ?? []
      expect(people).toMatchObject({
        name: list,
        level: 0,
        phase: "completed",
        columns: [expect.stringMatching(/rampid/i)]
      })
      expect(people?.row_count).toBeGreaterThan(0)
      // A list of people is counted and never shown.
      expect(people).not.toHaveProperty("rows")
      expect(segments).toMatchObject({ name: mix, level: 1 })
      expect(segments?.rows?.[0]).toHaveProperty("segment")
      expect(JSON.stringify(answer).length / 4).toBeLessThan(4_000)
      expect(yield* writes).toEqual(["createOrUpdateCleanroomFlowRun"])
      const again = yield* execute({ ...start, wait_seconds: 45 })
      expect(again.run).toMatchObject({ id: answer.run?.id, reused: true })
      expect(yield* writes).toHaveLength(1)
    })
  )

  test(
    "says before anything is spent what is needed; a dry run writes nothing",
    Effect.gen(function*() {
      const asked = yield* execute({ flow })
      expect(asked.status).toBe("needs_input")
      expect(asked.parameters?.map(({ name }) => name)).toEqual(Object.keys(dates))
      expect(next(asked)).toMatchObject({ flow, parameters: { "exposures.date_start": "YYYY-MM-DD" } })
      const plan = yield* execute({ ...start, dry_run: true })
      expect(plan).toMatchObject({ status: "done", run_starts_left: 20 })
      expect(plan.would_send?.["nodes"]).toMatchObject([{ parameters: dates }])
      const refusal = (input: Execute.Input) => Effect.flip(execute(input))
      expect(yield* refusal({ flow, parameters: { ...dates, "exposure.date_start": "2026-01-01" } }))
        .toMatchObject({ field: "parameters.exposure.date_start" })
      expect(yield* refusal({ flow, parameters: { ...dates, "exposures.date_end": "soon" } }))
        .toMatchObject({ field: "parameters.exposures.date_end" })
      expect(yield* refusal({ flow, parameters: { [mix]: { day: "2026-01-01" } } })).toMatchObject({
        field: "parameters.day"
      })
      expect(yield* refusal({ flow, branches: ["nowhere"] })).toMatchObject({
        field: "branches",
        options: ["reach", "profile"]
      })
      expect(yield* refusal({ ...start, action: "resume" })).toMatchObject({ field: "run" })
      expect(yield* refusal({ flow, action: "roll_back" })).toMatchObject({ field: "version" })
      expect(yield* refusal({ flow: "Nothing like it" })).toMatchObject({ code: "REFERENCE_UNKNOWN" })
      expect((yield* execute({})).status).toBe("needs_input")
      expect(yield* writes).toEqual([])
    })
  )

  test(
    "takes values for one node alone, and only the branches that are named",
    Effect.gen(function*() {
      const answer = yield* execute({
        flow,
        parameters: { [list]: dates },
        branches: ["reach"],
        exclude_untagged: true,
        wait_seconds: 45
      })
      expect(answer.status).toBe("done")
      expect(answer.run_nodes?.map(({ name }) => name)).toEqual([list])
    })
  )

  test(
    "describes nodes, what they read, parameters and decisions",
    Effect.gen(function*() {
      const habu = yield* HabuClient.HabuClient
      const directory = yield* HabuDirectory.HabuDirectory
      const { cleanRoom, flow: found } = yield* directory.flow(flow)
      const path = { cleanroomId: cleanRoom.id, cleanroomFlowId: found.id }
      const described = yield* execute({ flow, action: "describe" })
      expect(JSON.stringify(described).length / 4).toBeLessThan(4_000)
      expect(described.nodes).toMatchObject([
        { name: list, level: 0, branches: ["reach"], lists_people: true, parameters: Object.keys(dates) },
        { name: mix, level: 1, branches: ["profile"] }
      ])
      expect(described.nodes?.[1]?.reads).toContainEqual(
        expect.stringMatching(/^@people: the result of "Exposed Buyers/)
      )
      expect(described.decisions).toBeUndefined()
      const label = described.nodes?.[0]?.display_id ?? ""
      const decide = (conditionsFailAction: string) =>
        habu.createOrUpdateFlowDecisionConfiguration({
          path,
          payload: {
            cleanRoomOverride: true,
            decisionNodes: [{
              nodeIdentifier: label,
              conditionsFailAction,
              conditions: [
                { fieldName: "rampid", operator: "GREATER_THAN", aggregation: "COUNT", expectedValue: "10" },
                {
                  fieldName: "rampid",
                  operator: "BETWEEN",
                  aggregation: "MIN",
                  expectedValue: "1",
                  expectedValueEnd: "9"
                }
              ],
              retryConfig: {
                maxRetries: 2,
                retryNodeIdentifiers: [label],
                configurations: [{ name: "more", parameters: { days: "90" } }]
              },
              gatedEdges: {
                truePath: [{ parentNodeIdentifier: label, childNodeIdentifier: described.nodes?.[1]?.id ?? "" }]
              }
            }]
          }
        })
      yield* decide("RETRY_WITH_PARAMETERS")
      const [decision, own] = (yield* execute({ flow, action: "describe" })).decisions ?? []
      expect(decision).toContain(`After "${list} (${label})" the flow goes on with "${mix}`)
      expect(decision).toContain(
        "if the number of values of rampid is greater than 10 and the least of rampid is between 1 and 9."
      )
      expect(decision).toContain("is run again with other values, 2 times at most, and the flow run fails")
      expect(own).toContain("this clean room's own")
      yield* decide("END_FLOW")
      expect((yield* execute({ flow, action: "describe" })).decisions?.[0]).toContain("Otherwise the flow ends there.")
    })
  )

  test(
    "pauses before a level and resumes once",
    Effect.gen(function*() {
      const paused = yield* execute({ ...start, pause_at_level: 1, wait_seconds: 45 })
      expect(paused).toMatchObject({ status: "partial", run: { phase: "paused", paused_at_level: 1 } })
      expect(paused.run_nodes?.map(({ phase }) => phase)).toEqual(["completed", "queued"])
      const resume = next(paused)
      expect(resume).toMatchObject({ action: "resume", run: paused.run?.id })
      expect(yield* execute({ ...resume, dry_run: true })).toMatchObject({ status: "done" })
      expect(yield* writes).toHaveLength(1)
      const resumed = yield* execute({ ...resume, wait_seconds: 0 })
      expect(resumed).toMatchObject({ status: "running", run: { id: paused.run?.id } })
      expect(resumed.run?.phase).not.toBe("paused")
      const again = yield* execute({ ...resume, wait_seconds: 45 })
      expect(again).toMatchObject({ status: "done", run: { id: paused.run?.id, phase: "completed" } })
      const over = yield* execute({ ...resume, wait_seconds: 0 })
      expect(over.warnings?.join(" ")).toContain("not paused, so nothing was sent")
      expect(yield* writes).toEqual(["createOrUpdateCleanroomFlowRun", "resumeCleanroomFlowRun"])
    })
  )

  test(
    "runs a run again from a level, as a run of its own, once",
    Effect.gen(function*() {
      const first = yield* execute({ ...start, wait_seconds: 45 })
      const replay = { flow, run: first.run?.id ?? "", action: "replay", from_level: 1 } as const
      expect(yield* execute({ ...replay, dry_run: true })).toMatchObject({
        status: "done",
        would_send: { startLevelID: "1" }
      })
      const replayed = yield* execute({ ...replay, wait_seconds: 0 })
      expect(replayed.run?.id).not.toBe(first.run?.id)
      // Without a flow: the ledger knows it.
      const ended = yield* execute({ run: replayed.run?.id ?? "", wait_seconds: 45 })
      expect(ended).toMatchObject({ status: "done", run: { id: replayed.run?.id } })
      expect((yield* execute({ ...replay, wait_seconds: 45 })).run).toMatchObject({
        id: replayed.run?.id,
        reused: true
      })
      expect(yield* writes).toEqual(["createOrUpdateCleanroomFlowRun", "replayCleanroomFlowRun"])
    })
  )

  test(
    "assigns datasets, then starts; what Habu refuses starts nothing",
    Effect.gen(function*() {
      const unready = yield* execute({ flow: draft, parameters: dates })
      expect(unready).toMatchObject({ status: "failed" })
      expect(next(unready)).toMatchObject({ action: "describe" })
      const input = { flow: draft, parameters: dates, datasets, wait_seconds: 45 }
      const refusal = (one: Execute.Input) => Effect.flip(execute(one))
      expect(yield* refusal({ ...input, datasets: [{ macro: "people", dataset: "Lumen Street Audience" }] }))
        .toMatchObject({ field: "datasets", options: expect.arrayContaining([expect.stringContaining("@exposures")]) })
      expect(yield* refusal({ ...input, datasets: [{ macro: "pubmap", dataset: "Nothing" }] }))
        .toMatchObject({ code: "REFERENCE_UNKNOWN" })
      const plan = yield* execute({ ...input, dry_run: true })
      expect(plan).toMatchObject({ status: "done", steps: [{ result: "planned" }] })
      expect(yield* writes).toEqual([])
      const done = yield* execute(input)
      expect(done).toMatchObject({ status: "done", steps: [{ result: "done" }], run: { phase: "completed" } })
      // A run that is there already is not given other datasets.
      const others = [{ macro: "publisher_audience", dataset: "Lumen Street Exposures" }]
      const kept = yield* execute({ ...input, datasets: others })
      expect(kept).toMatchObject({ steps: [{ result: "skipped" }], run: { id: done.run?.id, reused: true } })
      expect(kept.steps?.[0]?.detail).toContain("fresh: true")
      expect(yield* writes).toEqual(["assignCleanroomFlowDatasets", "createOrUpdateCleanroomFlowRun"])
      yield* fault({ operation: "createOrUpdateCleanroomFlowRun", kind: "status", status: 403, count: 1 })
      expect(yield* Effect.flip(execute({ flow: draft, parameters: dates, fresh: true })))
        .toMatchObject({ _tag: "Forbidden" })
    })
  )

  test(
    "uses another version only where Habu has it, and says that it does only where Habu shows it now",
    Effect.gen(function*() {
      yield* newVersion
      expect(yield* execute({ ...back, version: 9 })).toMatchObject({ status: "failed", steps: [{ result: "failed" }] })
      expect(yield* execute(back)).toMatchObject({ status: "done", steps: [{ result: "done" }] })
      expect((yield* execute({ flow, action: "describe" })).flow).toMatchObject({ version: 1 })
      expect(yield* execute(back)).toMatchObject({ steps: [{ result: "skipped" }] })
      yield* fault({ operation: "getCleanroomFlow", kind: "status", status: 500 })
      expect(yield* Effect.flip(execute(back))).toMatchObject({ _tag: "Unavailable" })
    })
  )

  test(
    "shows a node's rows and files, but of a list of people only their count and columns",
    Effect.gen(function*() {
      const { run } = yield* execute({ ...start, wait_seconds: 45 })
      const of = { flow, run: run?.id ?? "", wait_seconds: 0 }
      const shown = yield* execute({ ...of, node: mix })
      const rows = shown.run_nodes?.find(({ name }) => name === mix)?.rows ?? []
      expect(rows.length).toBeGreaterThan(3)
      const file = yield* execute({ ...of, node: mix, file: "results.csv" })
      expect(file.file).toMatchObject({ name: "results.csv", columns: ["segment", "people"] })
      expect(file.file?.beginning).toContain("segment,people")
      const people = yield* execute({ ...of, node: list, file: "results.csv" })
      expect(people.file?.lines).toBeGreaterThan(1)
      expect(people.file).not.toHaveProperty("beginning")
      expect(yield* Effect.flip(execute({ ...of, file: "results.csv" }))).toMatchObject({ field: "file" })
      yield* fault({ operation: "getCleanroomFlowRunReport", kind: "status", status: 403 })
      const hidden = yield* execute(of)
      expect(hidden.run_nodes?.every(({ note = "", row_count }) => row_count === undefined && note !== "")).toBe(true)
      yield* fault({ operation: "getCleanroomFlowRunOutputNodes", kind: "status", status: 403 })
      const denied = yield* execute(of)
      expect(denied).toMatchObject({ status: "denied", run: { phase: "completed" } })
      expect(denied.warnings?.join(" ")).toContain("nodes could not be read")
    })
  )

  test(
    "lists flows and their runs, and those started here since a day",
    Effect.gen(function*() {
      const flows = yield* find({ kind: "flows" })
      expect(flows.flows?.slice(0, 2)).toMatchObject([
        { name: flow, ready: true, nodes: 2, version: 1, runs: 1 },
        { name: draft, ready: false, stage: "MISSING_DATASETS" }
      ])
      expect(flows.next_steps?.map(({ tool }) => tool)).toEqual(["execute_flow_workflow", "find_resources"])
      expect((yield* find({ kind: "flows", status: "not ready" })).flows).toMatchObject([{ name: draft }])
      expect((yield* find({ kind: "flow_runs" })).flow_runs ?? []).toEqual([])
      const { run } = yield* execute({ ...start, wait_seconds: 0 })
      const known = yield* find({ kind: "flow_runs" })
      expect(known.flow_runs).toMatchObject([{ id: run?.id, flow: expect.stringContaining(flow) }])
      const all = yield* find({ kind: "flow_runs", flow })
      expect(all.flow_runs).toHaveLength(2)
      expect(all.flow).toMatchObject({ name: flow })
      expect((yield* find({ kind: "runs" })).total).toBe(0)
      expect((yield* execute({ since: day(1) })).runs).toMatchObject([{ id: run?.id }])
      expect(yield* Effect.flip(find({ kind: "flows", flow }))).toMatchObject({ field: "flow" })
      const byName = yield* execute({ flow, run: run?.name ?? "", wait_seconds: 0 })
      expect(byName.run?.id).toBe(run?.id)
    })
  )
})

const runsOf = (name: string) =>
  Effect.zipWith(
    Sandbox.Sandbox,
    flowRow(name),
    ({ world }, row) => world.flowRuns.where(({ flowRowId }) => flowRowId === row?.id)
  )

/** A call for the run that the sandbox has from the start. */
const ofSeededRun = (name: string, more: Execute.Input) =>
  Effect.map(runsOf(name), ([run]): Execute.Input => ({ flow: name, run: run?.id ?? "", ...more }))

const isMade = (what: Effect.Effect<ReadonlyArray<string>, never, Sandbox.Sandbox>) => (step: string) =>
  Effect.map(what, (ids) => ids.some((id) => `start ${id}`.startsWith(step)))

// Told as a step: a run that is under way is as good as done, and without one the answer says that none was made.
const asStep = (
  { run, status, steps = [], summary }: Pick<Execute.Output, "status" | "summary" | "steps"> & {
    readonly run?: { readonly id: string }
  }
) => {
  const isUnderWay = status === "running" || (status === "done" && run !== undefined)
  const result = isUnderWay ? "done" as const : status === "unknown" ? "unknown" as const : "failed" as const
  return {
    status: isUnderWay ? "done" : status,
    summary,
    steps: [...steps, { step: `start ${run?.id ?? ""}`, result, detail: summary }]
  }
}

const told = (input: Effect.Effect<Execute.Input, never, Sandbox.Sandbox>) => ({
  call: Effect.map(Effect.flatMap(input, (given) => execute({ ...given, wait_seconds: 0 })), asStep),
  dry: Effect.flatMap(input, (given) => execute({ ...given, dry_run: true })),
  tellsAbsence: true
})

const drafted = Effect.map(runsOf(draft), (runs) => runs.map(({ id }) => id))
const replayed = Effect.map(
  runsOf(flow),
  (runs) => runs.flatMap(({ id, parentId }) => parentId === undefined ? [] : [id])
)
const resumed = Effect.map(
  runsOf(stopping),
  (runs) => runs.flatMap(({ id, stretches }) => stretches.slice(1).map(() => id))
)

const given = Effect.map(
  flowRow(draft),
  (row) => (row?.versions[0]?.nodes ?? []).flatMap(({ bindings }) => bindings.map(({ datasetId }) => datasetId))
)

const used = Effect.map(flowRow(flow), (row) => row?.version)

const asked = { question: Seed.hero, parameters: dates }
// Those that were started here bear the mark of their key.
const ran = Effect.map(
  Sandbox.Sandbox,
  ({ world }) => world.runs.where(({ name }) => name.includes("#")).map(({ id }) => id)
)

Truth.together("the truth about runs", [
  {
    name: "running a question",
    call: Effect.map(ExecuteQuestion.run({ ...asked, wait_seconds: 0 }), asStep),
    dry: ExecuteQuestion.run({ ...asked, dry_run: true }),
    tellsAbsence: true,
    holds: Effect.map(ran, ({ length }) => length),
    holdsStep: isMade(ran),
    writes: ["createCleanroomQuestionRun"]
  },
  {
    name: "assigning datasets, then starting",
    ...told(Effect.succeed({ flow: draft, parameters: dates, datasets })),
    holds: Effect.all([given, Effect.map(drafted, ({ length }) => length)]),
    holdsStep: (step) =>
      step.startsWith("assign")
        ? Effect.map(given, (all) => all.every((one) => one !== undefined))
        : isMade(drafted)(step),
    writes: ["assignCleanroomFlowDatasets", "createOrUpdateCleanroomFlowRun"]
  },
  {
    name: "resuming",
    ...told(ofSeededRun(stopping, { action: "resume" })),
    holds: Effect.map(resumed, ({ length }) => length),
    holdsStep: isMade(resumed),
    writes: ["resumeCleanroomFlowRun"]
  },
  {
    name: "running again from a level",
    ...told(ofSeededRun(flow, { action: "replay", from_level: 1 })),
    holds: Effect.map(replayed, ({ length }) => length),
    holdsStep: isMade(replayed),
    writes: ["replayCleanroomFlowRun"]
  },
  {
    name: "rolling back",
    before: newVersion,
    call: execute(back),
    dry: execute({ ...back, dry_run: true }),
    holds: used,
    holdsStep: () => Effect.map(used, (version) => version === 1),
    writes: ["setCleanroomFlowVersion"]
  }
])
