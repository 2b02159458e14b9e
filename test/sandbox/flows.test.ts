import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Ids from "../../src/sandbox/Ids.js"
import { monday, start } from "./harness.js"

const dates = { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" }

interface OutputNode {
  readonly node: { readonly id: string; readonly level: number }
  readonly runStatus: string
}

const begin = Effect.gen(function*() {
  const harness = yield* start({ rows: 8000 })
  const { call, cleanRoomId, get } = harness
  const room = `/cleanrooms/${yield* cleanRoomId("Fizzwell Summer Campaign")}`
  const read = (url: string) => Effect.map(get(url), ({ json }) => json)
  const list = (body: object) => Effect.map(call("POST", `${room}/cleanroom-flows/list`, body), ({ json }) => json)
  const { cleanRoomFlows: [flow, draft] } = yield* list({ limit: 10 })
  const path = `${room}/cleanroom-flows/${flow.ID}`
  const [first, second] = flow.flow.nodes
  const launch = (more: object = {}) =>
    call("POST", `${path}/cleanroom-flow-runs`, {
      name: "profile",
      nodes: [{ nodeIdentifier: first.id, parameters: dates }],
      ...more
    })
  const runPath = (id: string) => `${room}/cleanroom-flow-runs/${id}`
  const status = (id: string) => Effect.map(read(`${runPath(id)}/status`), (json) => String(json.status))
  return { ...harness, room, read, list, flow, draft, path, first, second, launch, runPath, status }
})

describe("flows", () => {
  it.scoped("are listed with a limit only, and tell whether they are ready", () =>
    Effect.gen(function*() {
      const { draft, flow, list, path, read } = yield* begin
      assert.deepInclude(flow, { stage: "READY", flowVersion: 1, runCount: 1 })
      assert.match(flow.displayID, /^CRF-\d{6}$/)
      assert.deepInclude(draft, { stage: "MISSING_DATASETS" })
      assert.deepStrictEqual(yield* list({}), { cleanRoomFlows: [], count: 3 })
      const found = yield* list({ limit: 5, search: "draft" })
      assert.deepStrictEqual(found.cleanRoomFlows.map((item: { ID: string }) => item.ID), [draft.ID])
      assert.lengthOf((yield* list({ limit: 1, offset: 1 })).cleanRoomFlows, 1)
      assert.deepStrictEqual((yield* read(path)).cleanRoomFlow, flow)
    }))

  it.scoped("describe their nodes", () =>
    Effect.gen(function*() {
      const { first, flow, path, read, second } = yield* begin
      const { nodes } = yield* read(`${path}/node-details`)
      assert.deepStrictEqual(
        nodes.map((
          node: { nodeID: string; nodeLevel: number; title: string; branches: ReadonlyArray<string> }
        ) => [node.nodeID, node.nodeLevel, node.title, node.branches]),
        [
          [first.id, 0, "Exposed Buyers - User List", ["reach"]],
          [second.id, 1, "Segment Mix of a People List", ["profile"]]
        ]
      )
      assert.deepInclude(flow.flow.edges[0], { parentNodeID: first.id, childNodeID: second.id, datasetMacro: "people" })
    }))

  it.scoped("are made, given data, changed by versions and rolled back", () =>
    Effect.gen(function*() {
      const { call, first, list, read, room } = yield* begin
      const node = { nodeIdentifier: first.label, tags: "a, b" }
      const save = (more: object) =>
        call("POST", `${room}/cleanroom-flows`, { flowName: "Lists", nodes: [node], ...more })
      const made = yield* save({ description: "One list" })
      assert.isTrue(made.json.success)
      const { cleanRoomFlows: [row] } = yield* list({ limit: 5, search: "Lists" })
      assert.strictEqual(row.flowID, made.json.flowID)
      const path = `${room}/cleanroom-flows/${made.json.flowID}`
      const stage = Effect.map(read(path), ({ cleanRoomFlow }) => String(cleanRoomFlow.stage))
      assert.strictEqual(yield* stage, "MISSING_DATASETS")
      const assign = (datasetName: string, datasetMacro: string) =>
        call("POST", `${path}/assign-datasets`, {
          nodeDatasets: [{ nodeIdentifier: first.label, datasets: [{ datasetName, datasetMacro }] }]
        })
      assert.isFalse((yield* assign("Nothing", "pubmap")).json.success)
      yield* assign("Lumen Street RampID Map", "pubmap")
      yield* assign("Lumen Street Exposures", "exposures")
      const last = yield* assign("Alder & Pine Transactions", "transactions")
      assert.deepInclude(last.json.assignedDatasets[0], { datasetMacro: "transactions", ownership: "OWNER" })
      assert.strictEqual(yield* stage, "READY")
      yield* save({ nodes: [node, { ...node, nodeIdentifier: `${first.label}_1` }], createNewVersion: true })
      const second = yield* read(path)
      assert.strictEqual(second.cleanRoomFlow.flowVersion, 2)
      assert.deepStrictEqual(
        second.cleanRoomFlow.flow.nodes.map((item: { label: string }) => item.label),
        [first.label, `${first.label}_1`]
      )
      assert.strictEqual(second.cleanRoomFlow.stage, "MISSING_DATASETS")
      const back = yield* call("PUT", `${path}/version/1`)
      assert.strictEqual(back.json.cleanRoomFlow.stage, "READY")
      assert.strictEqual((yield* call("PUT", `${path}/version/9`)).status, 404)
    }))

  it.scoped("answer success false to what cannot be a flow", () =>
    Effect.gen(function*() {
      const { call, cleanRoomId, first, room, second } = yield* begin
      const save = (nodes: ReadonlyArray<object>, path = room) =>
        Effect.map(
          call("POST", `${path}/cleanroom-flows`, { flowName: "Bad", nodes }),
          ({ json }) => [json.success, String(json.message)] as const
        )
      const edge = (parentID: string, datasetMacro: string) => ({ parentID, datasetMacro })
      const [a, b] = [{ nodeIdentifier: first.label }, { nodeIdentifier: second.label }]
      assert.deepStrictEqual(yield* save([]), [false, "A flow needs a node"])
      assert.include((yield* save([{ nodeIdentifier: "Q-999999" }]))[1], "Q-999999")
      assert.include((yield* save([{ ...a, edges: [edge("Q-1", "pubmap")] }]))[1], "not part")
      assert.include((yield* save([a, { ...b, edges: [edge(first.label, "persons")] }]))[1], "macro persons")
      const circle = [{ ...a, edges: [edge(second.label, "pubmap")] }, { ...b, edges: [edge(first.label, "people")] }]
      assert.include((yield* save(circle))[1], "circle")
      const missing = yield* call("POST", `${room}/cleanroom-flows`, { nodes: [a] })
      assert.strictEqual(missing.status, 400)
      const expired = `/cleanrooms/${yield* cleanRoomId("Spring Launch")}`
      assert.strictEqual((yield* call("POST", `${expired}/cleanroom-flows`, { flowName: "x", nodes: [a] })).status, 403)
    }))

  it.scoped("say whose datasets are, by name or id", () =>
    Effect.gen(function*() {
      const { call, room } = yield* begin
      const id = Ids.uuid(1, "dataset/summer/exposures")
      const { json } = yield* call("POST", `${room}/dataset-organizations`, {
        datasetIdentifiers: ["Alder & Pine CRM", id, "Nothing"]
      })
      assert.deepStrictEqual(
        json.datasetOrganizations.map((
          item: { found: boolean; organizationName?: string }
        ) => [item.found, item.organizationName]),
        [[true, "Alder & Pine Retail"], [true, "Lumen Street Media"], [false, undefined]]
      )
    }))

  it.scoped("keep decisions in two tiers", () =>
    Effect.gen(function*() {
      const { call, first, path, read } = yield* begin
      const url = `${path}/decision-configurations`
      const decision = (expectedValue: string) => ({
        nodeIdentifier: first.label,
        conditions: [{ fieldName: "rampid", operator: "GREATER_THAN", aggregation: "COUNT", expectedValue }]
      })
      const set = (node: object, cleanRoomOverride = false) =>
        Effect.map(call("POST", url, { decisionNodes: [node], cleanRoomOverride }), ({ json }) => json)
      assert.isTrue((yield* set(decision("10"))).success)
      assert.isTrue((yield* set(decision("20"), true)).success)
      assert.isFalse((yield* set({ ...decision("1"), conditionLogic: "OR" })).success)
      assert.isFalse((yield* set({ ...decision("1"), nodeIdentifier: "nobody" })).success)
      const shown = yield* read(url)
      assert.isTrue(shown.cleanRoomOverride)
      assert.deepInclude(shown.decisionNodes[0], { nodeID: first.id, conditionLogic: "AND" })
      assert.strictEqual(shown.decisionNodes[0].conditions[0].expectedValue, "20")
      const deleted = yield* call("DELETE", `${url}?nodeIdentifier=${first.id}&cleanRoomOverride=true`)
      assert.strictEqual(deleted.json.deletedNodesCount, 1)
      const base = yield* read(`${url}?nodeIdentifier=${first.label}`)
      assert.isFalse(base.cleanRoomOverride)
      assert.strictEqual(base.decisionNodes[0].conditions[0].expectedValue, "10")
      assert.strictEqual((yield* call("DELETE", url)).json.deletedNodesCount, 1)
      assert.deepStrictEqual((yield* read(url)).decisionNodes, [])
    }))
})

describe("flow runs", () => {
  it.scoped("go through their levels, the second fed by the first", () =>
    Effect.gen(function*() {
      const { first, launch, read, runPath, sandbox, second, status } = yield* begin
      const { json: run } = yield* launch()
      assert.deepInclude(run, { name: "profile", status: "QUEUED", submittedAt: new Date(monday).toISOString() })
      const statuses = Effect.map(read(`${runPath(run.id)}/output-nodes`), (nodes: ReadonlyArray<OutputNode>) =>
        nodes.map(({ runStatus }) => runStatus))
      yield* sandbox.clock.advance("5 minutes")
      assert.strictEqual(yield* status(run.id), "RUNNING")
      assert.deepStrictEqual(yield* statuses, ["RUNNING", "QUEUED"])
      yield* sandbox.clock.advance("27 minutes")
      assert.deepStrictEqual(yield* statuses, ["COMPLETED", "RUNNING"])
      yield* sandbox.clock.advance("30 minutes")
      assert.strictEqual(yield* status(run.id), "COMPLETED")
      const report = (node: string) =>
        read(`${runPath(run.id)}/report?node=${node}`)
      const people = yield* report(first.id)
      const mix = yield* report(second.id)
      assert.deepStrictEqual(people.metadata.map((item: { columnName: string }) => item.columnName), ["rampid"])
      assert.isAbove(people.count, 100)
      assert.include(mix.stats.map((row: { segment: string }) => row.segment), "Sports")
      const counted = mix.stats.reduce((sum: number, row: { people: string }) => sum + Number(row.people), 0)
      assert.isAtMost(Math.max(...mix.stats.map((row: { people: string }) => Number(row.people))), people.count)
      assert.isAbove(counted, people.count / 2)
      const file = yield* read(`${runPath(run.id)}/node/${second.id}/download/results.csv`)
      assert.match(String(file), /^segment,people\n/)
      const shown = yield* read(runPath(run.id))
      assert.isString(shown.completedAt)
      assert.deepInclude(shown.flowRunParameters[0].parameters["exposures.date_start"], {
        value: "2025-12-01",
        parameterType: "PARTITION_PARAMETER"
      })
    }))

  it.scoped("have no report for a node that is not through, or by a display name", () =>
    Effect.gen(function*() {
      const { first, get, launch, runPath, sandbox } = yield* begin
      const { json: run } = yield* launch()
      const report = (node: string) =>
        Effect.map(get(`${runPath(run.id)}/report?node=${encodeURIComponent(node)}`), ({ status }) => status)
      assert.strictEqual(yield* report(first.id), 404)
      yield* sandbox.clock.advance("2 hours")
      assert.strictEqual(yield* report(first.id), 200)
      assert.strictEqual(yield* report("Exposed Buyers - User List"), 404)
      assert.strictEqual(yield* report(first.label), 404)
    }))

  it.scoped("pause before a level until they are resumed", () =>
    Effect.gen(function*() {
      const { call, launch, read, runPath, sandbox, status } = yield* begin
      const { json: run } = yield* launch({ pauseLevelID: "1" })
      const resume = call("POST", `${runPath(run.id)}/resume-flow-run`, {})
      assert.strictEqual((yield* resume).status, 400)
      yield* sandbox.clock.advance("40 minutes")
      assert.strictEqual(yield* status(run.id), "PAUSED")
      yield* sandbox.clock.advance("5 hours")
      assert.strictEqual(yield* status(run.id), "PAUSED")
      assert.deepStrictEqual((yield* resume).json, { success: true })
      yield* sandbox.clock.advance("10 minutes")
      assert.strictEqual(yield* status(run.id), "RUNNING")
      yield* sandbox.clock.advance("30 minutes")
      const nodes: ReadonlyArray<OutputNode> = yield* read(`${runPath(run.id)}/output-nodes`)
      assert.deepStrictEqual(nodes.map(({ runStatus }) => runStatus), ["COMPLETED", "COMPLETED"])
    }))

  it.scoped("are replayed from a level with other parameters", () =>
    Effect.gen(function*() {
      const { call, first, launch, read, runPath, sandbox, status } = yield* begin
      const { json: run } = yield* launch()
      yield* sandbox.clock.advance("70 minutes")
      const replay = (body: object) => call("POST", `${runPath(run.id)}/replay-flow-run`, body)
      const from = yield* replay({ startLevelID: "1", name: "again" })
      assert.isTrue(from.json.success)
      const id: string = from.json.cleanRoomFlowRunID
      yield* sandbox.clock.advance("32 minutes")
      assert.strictEqual(yield* status(id), "COMPLETED")
      const all = yield* replay({
        nodes: [{
          nodeIdentifier: first.id,
          parameters: { "exposures.date_start": "2026-02-20", "exposures.date_end": "2026-02-28" }
        }]
      })
      yield* sandbox.clock.advance("70 minutes")
      const count = (runId: string) =>
        Effect.map(read(`${runPath(runId)}/report?node=${first.id}`), (json) => json.count)
      assert.strictEqual(yield* count(id), yield* count(run.id))
      assert.isBelow(yield* count(all.json.cleanRoomFlowRunID), yield* count(run.id))
      assert.strictEqual((yield* replay({ startLevelID: "top" })).status, 400)
    }))

  it.scoped("end or fail by a decision, and try other parameters before that", () =>
    Effect.gen(function*() {
      const { call, first, launch, path, read, runPath, sandbox, second } = yield* begin
      const decide = (more: object) =>
        call("POST", `${path}/decision-configurations`, {
          decisionNodes: [{
            nodeIdentifier: first.id,
            conditions: [{ fieldName: "rampid", operator: "GREATER_THAN", aggregation: "COUNT", expectedValue: "0" }],
            ...more
          }]
        })
      const outcome = (parameters: object) =>
        Effect.gen(function*() {
          const { json: run } = yield* launch({ nodes: [{ nodeIdentifier: first.id, parameters }] })
          yield* sandbox.clock.advance("70 minutes")
          const nodes: ReadonlyArray<OutputNode> = yield* read(`${runPath(run.id)}/output-nodes`)
          const shown = yield* read(runPath(run.id))
          return [shown.status, nodes.find(({ node }) => node.id === second.id)?.runStatus]
        })
      yield* decide({ conditionsFailAction: "END_FLOW" })
      assert.deepStrictEqual(yield* outcome({}), ["COMPLETED", "SKIPPED"])
      assert.deepStrictEqual(yield* outcome(dates), ["COMPLETED", "COMPLETED"])
      yield* decide({})
      assert.deepStrictEqual(yield* outcome({}), ["FAILED", "SKIPPED"])
      yield* decide({ retryConfig: { maxRetries: 1, configurations: [{ name: "wider", parameters: dates }] } })
      assert.deepStrictEqual(yield* outcome({}), ["COMPLETED", "COMPLETED"])
    }))

  it.scoped("take in branches, with the parents that they need", () =>
    Effect.gen(function*() {
      const { call, first, path, second } = yield* begin
      const preview = (body: object) =>
        Effect.map(call("POST", `${path}/preview-flow-run-parameters`, body), ({ json }) =>
          json.nodes.map((node: { nodeId: string }) => node.nodeId))
      assert.deepStrictEqual(yield* preview({}), [first.id, second.id])
      assert.deepStrictEqual(yield* preview({ branches: "reach" }), [first.id])
      assert.deepStrictEqual(yield* preview({ branches: "profile" }), [first.id, second.id])
      assert.deepStrictEqual(yield* preview({ branches: "profile", ignoreParentChildRule: true }), [second.id])
    }))

  it.scoped("tell which parameters they take", () =>
    Effect.gen(function*() {
      const { first, path, read } = yield* begin
      const { flowRunParameters } = yield* read(`${path}/flow-run-parameters`)
      assert.strictEqual(flowRunParameters[0].nodeId, first.id)
      assert.deepStrictEqual(
        flowRunParameters[0].parameterMetadataList.map((
          item: { name: string; parameterType: string }
        ) => [item.name, item.parameterType]),
        [["exposures.date_start", "PARTITION_PARAMETER"], ["exposures.date_end", "PARTITION_PARAMETER"]]
      )
      assert.deepStrictEqual(flowRunParameters[1].parameterMetadataList, [])
    }))

  it.scoped("need a name, a flow that is ready, and known nodes", () =>
    Effect.gen(function*() {
      const { call, draft, launch, room } = yield* begin
      assert.strictEqual((yield* launch({ name: "" })).status, 400)
      assert.strictEqual((yield* launch({ nodes: [{ nodeIdentifier: "nobody" }] })).status, 400)
      assert.strictEqual((yield* launch({ pauseLevelID: "soon" })).status, 400)
      const unready = yield* call("POST", `${room}/cleanroom-flows/${draft.ID}/cleanroom-flow-runs`, { name: "x" })
      assert.strictEqual(unready.status, 412)
    }))

  it.scoped("share a limit of 20 starts an hour, resumes and replays included", () =>
    Effect.gen(function*() {
      const { call, launch, runPath, sandbox } = yield* begin
      const { json: run } = yield* launch({ pauseLevelID: "1" })
      yield* sandbox.clock.advance("40 minutes")
      const statuses = yield* Effect.forEach(Array.from({ length: 19 }), () => Effect.map(launch(), (a) => a.status))
      assert.deepStrictEqual(statuses, Array.from({ length: 19 }, () => 200))
      assert.strictEqual((yield* call("POST", `${runPath(run.id)}/resume-flow-run`, {})).status, 429)
      assert.strictEqual((yield* call("POST", `${runPath(run.id)}/replay-flow-run`, {})).status, 429)
      yield* sandbox.clock.advance("20 minutes")
      assert.strictEqual((yield* call("POST", `${runPath(run.id)}/resume-flow-run`, {})).status, 200)
    }))

  it.scoped("are polled 20 times an hour, by whichever of the two reads", () =>
    Effect.gen(function*() {
      const { get, launch, runPath } = yield* begin
      const { json: run } = yield* launch()
      const statuses = yield* Effect.forEach(
        Array.from({ length: 21 }, (_, index) => index % 2 === 0 ? "" : "/status"),
        (end) => Effect.map(get(`${runPath(run.id)}${end}`), ({ status }) => status)
      )
      assert.deepStrictEqual(statuses.slice(-2), [200, 429])
    }))

  it.scoped("are listed newest first and searched", () =>
    Effect.gen(function*() {
      const { launch, path, read } = yield* begin
      const { json: run } = yield* launch({ name: "Monday profile" })
      const all = yield* read(`${path}/cleanroom-flow-runs`)
      assert.strictEqual(all.count, 2)
      assert.strictEqual(all.cleanRoomFlowRuns[0].id, run.id)
      assert.strictEqual(all.cleanRoomFlowRuns[1].status, "COMPLETED")
      const found = yield* read(`${path}/cleanroom-flow-runs?search=monday`)
      assert.deepStrictEqual(found.cleanRoomFlowRuns.map((item: { id: string }) => item.id), [run.id])
      assert.lengthOf((yield* read(`${path}/cleanroom-flow-runs?limit=1&offset=1`)).cleanRoomFlowRuns, 1)
    }))
})
