/**
 * The walk through flows and their runs.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { at, change, id, room, type Sent, type Table, type Walk } from "./Walk.js"

const success = (json: unknown) => assert.deepStrictEqual(json, { success: true })

const summer = room("summer")

/** A clean room that has ended: read-only. */
const ended = at(room("spring"))

interface Flow {
  readonly ID: string
  readonly stage: string
  readonly flow: { readonly nodes: ReadonlyArray<{ readonly id: string; readonly label: string }> }
}

const listed = (walk: Walk): Effect.Effect<ReadonlyArray<Flow>, unknown> =>
  Effect.map(
    walk.answer("listCleanroomFlows", { ...summer, body: { limit: 10 } }),
    ({ cleanRoomFlows }) => cleanRoomFlows
  )

/** The seeded flow, its first node feeding its second, or the draft of it. */
const seeded = (walk: Walk, stage = "READY") =>
  Effect.map(listed(walk), (flows) => {
    const found = flows.find((item) => item.stage === stage)
    const [first, second] = found?.flow.nodes ?? []
    const sent: Sent = { path: { ...summer.path, cleanroomFlowId: found?.ID ?? "" } }
    return { sent, first: first?.id ?? "", label: first?.label ?? "", second: second?.id ?? "" }
  })

const flow = (walk: Walk) => Effect.map(seeded(walk), ({ sent }) => sent)

const buyers = "Exposed Buyers - User List"

/** A flow of one node, without its datasets yet. */
const made = (flowName: string) => (walk: Walk) =>
  Effect.map(
    walk.answer("createOrUpdateCleanroomFlow", { ...summer, body: { flowName, nodes: [{ nodeIdentifier: buyers }] } }),
    ({ flowID }): Sent => ({ path: { ...summer.path, cleanroomFlowId: flowID } })
  )

const assignment = {
  nodeDatasets: [{
    nodeIdentifier: buyers,
    datasets: [
      { datasetName: "Lumen Street RampID Map", datasetMacro: "pubmap" },
      { datasetName: "Lumen Street Exposures", datasetMacro: "exposures" },
      { datasetName: "Alder & Pine Transactions", datasetMacro: "transactions" }
    ]
  }]
}

const decision = (nodeIdentifier: string) => ({
  decisionNodes: [{
    nodeIdentifier,
    conditions: [{ fieldName: "rampid", operator: "GREATER_THAN", aggregation: "COUNT", expectedValue: "10" }]
  }]
})

const decided = (walk: Walk) =>
  Effect.gen(function*() {
    const { label, sent } = yield* seeded(walk)
    yield* walk.answer("createOrUpdateFlowDecisionConfiguration", { ...sent, body: decision(label) })
    return { ...sent, query: { nodeIdentifier: label } }
  })

export const flows: Table = {
  listCleanroomFlows: {
    sent: { ...summer, body: { limit: 5, search: "draft" } },
    shows: ({ cleanRoomFlows, count }) => {
      assert.strictEqual(count, 1)
      assert.strictEqual(cleanRoomFlows[0].flow.name, "Exposed Buyer Profile - Draft")
      assert.strictEqual(cleanRoomFlows[0].stage, "MISSING_DATASETS")
    }
  },
  getCleanroomFlow: {
    sent: flow,
    shows: ({ cleanRoomFlow }, walk) =>
      Effect.map(listed(walk), ([first]) => assert.deepStrictEqual(cleanRoomFlow, first))
  },
  createOrUpdateCleanroomFlow: {
    sent: { ...summer, body: { flowName: "Lists", nodes: [{ nodeIdentifier: buyers, tags: "a, b" }] } },
    shows: (answer, walk) =>
      Effect.gen(function*() {
        assert.isTrue(answer.success)
        const path = { ...summer.path, cleanroomFlowId: answer.flowID }
        const { cleanRoomFlow } = yield* walk.answer("getCleanroomFlow", { path })
        assert.deepInclude(cleanRoomFlow, { stage: "MISSING_DATASETS", flowVersion: 1 })
        assert.strictEqual(cleanRoomFlow.flow.name, "Lists")
        const empty = yield* walk.answer("createOrUpdateCleanroomFlow", {
          ...summer,
          body: { flowName: "None", nodes: [] }
        })
        assert.isFalse(empty.success)
      }),
    refuses: { 403: ended }
  },
  setCleanroomFlowVersion: {
    sent: (walk) =>
      Effect.gen(function*() {
        const { path } = yield* made("Two versions")(walk)
        const nodes = [{ nodeIdentifier: buyers }, { nodeIdentifier: `${buyers}_1` }]
        const body = { flowName: "Two versions", nodes, createNewVersion: true }
        yield* walk.answer("createOrUpdateCleanroomFlow", { ...summer, body })
        return { path: { ...path, version: "1" } }
      }),
    shows: (answer, walk, sent) =>
      Effect.map(walk.answer("getCleanroomFlow", sent), ({ cleanRoomFlow }) => {
        assert.deepStrictEqual(answer.cleanRoomFlow, cleanRoomFlow)
        assert.strictEqual(cleanRoomFlow.flowVersion, 1)
        assert.lengthOf(cleanRoomFlow.flow.nodes, 1)
      }),
    refuses: { 404: at({ path: { version: "first" } }) },
    unknown: { version: "9" }
  },
  assignCleanroomFlowDatasets: {
    sent: (walk) => Effect.map(made("With data")(walk), (sent) => ({ ...sent, body: assignment })),
    shows: (answer, walk, sent) =>
      Effect.map(walk.answer("getCleanroomFlow", sent), ({ cleanRoomFlow }) => {
        assert.isTrue(answer.success)
        assert.strictEqual(cleanRoomFlow.stage, "READY")
      })
  },
  getDatasetOrganizations: {
    sent: { ...summer, body: { datasetIdentifiers: [id("dataset/summer/exposures"), "Nothing"] } },
    shows: ({ datasetOrganizations }) =>
      assert.deepStrictEqual(
        datasetOrganizations.map((item: { found: boolean }) => item.found),
        [true, false]
      )
  },
  getCleanroomFlowNodeDetails: {
    sent: flow,
    shows: ({ nodes }) =>
      assert.deepStrictEqual(
        nodes.map((node: { title: string }) => node.title),
        [buyers, "Segment Mix of a People List"]
      )
  },
  createOrUpdateFlowDecisionConfiguration: {
    sent: (walk) => Effect.map(seeded(walk), ({ label, sent }) => ({ ...sent, body: decision(label) })),
    shows: (answer, walk, sent) =>
      Effect.map(walk.answer("getFlowDecisionConfiguration", sent), ({ decisionNodes }) => {
        assert.isTrue(answer.success)
        assert.strictEqual(decisionNodes[0].conditions[0].expectedValue, "10")
      })
  },
  getFlowDecisionConfiguration: {
    sent: decided,
    shows: ({ cleanRoomOverride, decisionNodes }) => {
      assert.isFalse(cleanRoomOverride)
      assert.lengthOf(decisionNodes, 1)
    }
  },
  deleteFlowDecisionConfiguration: {
    sent: decided,
    shows: (answer, walk, sent) =>
      Effect.map(walk.answer("getFlowDecisionConfiguration", sent), ({ decisionNodes }) => {
        assert.strictEqual(answer.deletedNodesCount, 1)
        assert.deepStrictEqual(decisionNodes, [])
      })
  }
}

const dates = { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" }

/** A launch of the seeded flow, an hour after whatever used up the limit. */
const launch = (walk: Walk, more: object = {}) =>
  Effect.gen(function*() {
    const { first, sent } = yield* seeded(walk)
    const body = { name: "profile", nodes: [{ nodeIdentifier: first, parameters: dates }], ...more }
    return { ...sent, body }
  })

const launched = (walk: Walk, more: object = {}) =>
  Effect.gen(function*() {
    yield* walk.clock.advance("1 hour")
    const run = yield* walk.answer("createOrUpdateCleanroomFlowRun", yield* launch(walk, more))
    const sent: Sent = { path: { ...summer.path, cleanroomFlowRunId: run.id } }
    return sent
  })

/** The run of the history, which is through. */
const past = (walk: Walk) =>
  Effect.gen(function*() {
    const { cleanRoomFlowRuns } = yield* walk.answer("listCleanroomFlowRuns", yield* flow(walk))
    const sent: Sent = { path: { ...summer.path, cleanroomFlowRunId: cleanRoomFlowRuns.at(-1).id } }
    return sent
  })

/** Twenty starts in an hour, replays and resumes among them. */
const usedUp = (sent: Sent, walk: Walk) =>
  Effect.gen(function*() {
    yield* Effect.repeatN(walk.ask("createOrUpdateCleanroomFlowRun", yield* launch(walk)), 19)
    return sent
  })

const polledOut = (sent: Sent, walk: Walk) =>
  Effect.as(Effect.repeatN(walk.ask("getCleanroomFlowRunStatus", sent), 19), sent)

const statusOf = (walk: Walk, sent: Sent): Effect.Effect<string, unknown> =>
  Effect.map(walk.answer("getCleanroomFlowRunStatus", sent), ({ status }) => status)

export const flowRuns: Table = {
  createOrUpdateCleanroomFlowRun: {
    sent: launch,
    shows: (run, walk) =>
      Effect.gen(function*() {
        assert.deepInclude(run, { name: "profile", status: "QUEUED" })
        const sent = { path: { ...summer.path, cleanroomFlowRunId: run.id } }
        assert.strictEqual((yield* walk.answer("getCleanroomFlowRunByID", sent)).name, "profile")
        yield* walk.clock.advance("70 minutes")
        assert.strictEqual(yield* statusOf(walk, sent), "COMPLETED")
      }),
    refuses: {
      400: [change({ name: "" }), change({ pauseLevelID: "soon" }), change({ nodes: [{ nodeIdentifier: "nobody" }] })],
      412: (sent, walk) => Effect.map(seeded(walk, "MISSING_DATASETS"), (draft) => at(draft.sent)(sent)),
      429: usedUp
    }
  },
  resumeCleanroomFlowRun: {
    sent: (walk) =>
      Effect.gen(function*() {
        const sent = yield* launched(walk, { pauseLevelID: "1" })
        yield* walk.clock.advance("40 minutes")
        return { ...sent, body: {} }
      }),
    shows: (answer, walk, sent) =>
      Effect.gen(function*() {
        success(answer)
        yield* walk.clock.advance("10 minutes")
        assert.strictEqual(yield* statusOf(walk, sent), "RUNNING")
      }),
    refuses: { 400: (sent, walk) => Effect.map(past(walk), (run) => at(run)(sent)), 429: usedUp }
  },
  replayCleanroomFlowRun: {
    sent: (walk) =>
      Effect.gen(function*() {
        yield* walk.clock.advance("1 hour")
        return { ...yield* past(walk), body: { startLevelID: "1", name: "again" } }
      }),
    shows: ({ cleanRoomFlowRunID }, walk) =>
      Effect.gen(function*() {
        const sent = { path: { ...summer.path, cleanroomFlowRunId: cleanRoomFlowRunID } }
        assert.strictEqual((yield* walk.answer("getCleanroomFlowRunByID", sent)).name, "again")
        yield* walk.clock.advance("32 minutes")
        assert.strictEqual(yield* statusOf(walk, sent), "COMPLETED")
      }),
    refuses: { 400: change({ startLevelID: "top" }), 429: usedUp }
  },
  getCleanroomFlowRunStatus: {
    sent: launched,
    shows: ({ status }) => assert.strictEqual(status, "QUEUED"),
    refuses: { 429: polledOut }
  },
  getCleanroomFlowRunByID: {
    sent: launched,
    shows: (run) => assert.deepInclude(run, { name: "profile", status: "QUEUED" }),
    refuses: { 429: polledOut }
  },
  listCleanroomFlowRuns: {
    sent: (walk) => Effect.map(flow(walk), (sent) => ({ ...sent, query: { limit: "1", offset: "0" } })),
    shows: ({ cleanRoomFlowRuns, count }) => {
      assert.lengthOf(cleanRoomFlowRuns, 1)
      assert.isAbove(count, 1)
    }
  },
  getCleanroomFlowRunparameters: {
    sent: flow,
    shows: ({ flowRunParameters }) =>
      assert.deepStrictEqual(
        flowRunParameters[0].parameterMetadataList.map((item: { name: string }) => item.name),
        Object.keys(dates)
      )
  },
  previewFlowRunParameters: {
    sent: (walk) => Effect.map(flow(walk), (sent) => ({ ...sent, body: { branches: "reach" } })),
    shows: ({ nodes }, walk) =>
      Effect.map(
        seeded(walk),
        ({ first }) => assert.deepStrictEqual(nodes.map((node: { nodeId: string }) => node.nodeId), [first])
      )
  },
  getCleanroomFlowRunReport: {
    sent: (walk) =>
      Effect.zipWith(past(walk), seeded(walk), (run, { second }) => ({ ...run, query: { node: second } })),
    shows: ({ metadata, stats }) => {
      assert.deepStrictEqual(metadata.map((item: { columnName: string }) => item.columnName), ["segment", "people"])
      assert.isAbove(stats.length, 0)
    },
    refuses: { 404: (sent) => ({ ...sent, query: { node: buyers } }) }
  },
  getCleanroomFlowRunOutputNodes: {
    sent: past,
    shows: (nodes) =>
      assert.deepStrictEqual(
        nodes.map((node: { runStatus: string }) => node.runStatus),
        ["COMPLETED", "COMPLETED"]
      )
  },
  getCleanroomFlowRunNodeOutputFile: {
    sent: (walk) =>
      Effect.zipWith(past(walk), seeded(walk), (run, { second }): Sent => ({
        path: { ...run.path, nodeIdentifier: second, fileName: "results.csv" }
      })),
    shows: (text) => assert.match(String(text), /^segment,people\n/)
  }
}
