/**
 * Runs of flows and what their nodes produced.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/FlowRuns.js"
import type { NodeDatasetAssignment } from "../../habu/api/Flows.js"
import * as Access from "../Access.js"
import { assignDatasets } from "../FlowDatasets.js"
import * as FlowRuns from "../FlowRuns.js"
import * as Flows from "../Flows.js"
import { served } from "../Group.js"
import * as Limits from "../Limits.js"
import * as QuestionState from "../QuestionState.js"
import { badRequest, notFound, preconditionFailed } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import * as RunFiles from "../RunFiles.js"
import { SandboxApi } from "../SandboxApi.js"
import { given, page, time } from "../Wire.js"
import * as World from "../World.js"

interface FlowPath {
  readonly cleanroomId: string
  readonly cleanroomFlowId: string
}

interface RunPath {
  readonly cleanroomId: string
  readonly cleanroomFlowRunId: string
}

const spend = (world: World.Service) =>
  world.limits.spend("flow-run", Limits.twentyInAnHour, "At most 20 flow runs can be started in an hour")

const runOf = (world: World.Service, path: RunPath) =>
  Effect.gen(function*() {
    const room = yield* Access.cleanRoom(world, path.cleanroomId)
    const run = yield* Access.found(
      world.flowRuns.get(path.cleanroomFlowRunId),
      "Clean room flow run",
      path.cleanroomFlowRunId
    )
    const flow = yield* Access.found(
      world.flows.find((row) => row.id === run.flowRowId && row.cleanRoomId === room.id),
      "Clean room flow run",
      path.cleanroomFlowRunId
    )
    return { room, flow, run, nodes: Flows.nodes(flow, run.flowVersion) }
  })

const polled = (world: World.Service, path: RunPath) =>
  Effect.tap(runOf(world, path), ({ run }) =>
    world.limits.spend(
      `poll/flow-run/${run.id}`,
      Limits.twentyInAnHour,
      "At most 20 status reads of one flow run in an hour"
    ))

const parameterType = (name: string) =>
  /\.date_(start|end)$/.test(name) ? "PARTITION_PARAMETER" as const : "RUN_TIME_PARAMETER" as const

const toWire = (run: Rows.FlowRun): Effect.Effect<Api.FlowRunMetadata> =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const progress = yield* FlowRuns.progress(run)
    const executedAt = run.submittedAt + 60_000
    return given({
      id: run.id,
      name: run.name,
      status: progress.status,
      submittedAt: time(run.submittedAt),
      executedAt: now < executedAt ? undefined : time(executedAt),
      completedAt: progress.at === undefined ? undefined : time(progress.at),
      flowRunParameters: run.nodes
        .filter(({ parameters }) => Object.keys(parameters).length > 0)
        .map(({ nodeId, parameters }) => ({
          nodeId,
          parameters: Object.fromEntries(
            Object.entries(parameters).map(([name, value]) => [name, { value, parameterType: parameterType(name) }])
          )
        })),
      runMessage: progress.message
    })
  })

const list = (
  world: World.Service,
  path: FlowPath,
  asked: { readonly search?: string; readonly limit?: number; readonly offset?: number }
) =>
  Effect.gen(function*() {
    const { flow } = yield* Flows.get(world, path)
    const rows = world.flowRuns.where(({ flowRowId }) => flowRowId === flow.id)
      .toSorted((a, b) => b.submittedAt - a.submittedAt)
    const search = (asked.search ?? "").toLowerCase()
    const items = yield* Effect.forEach(rows, (run) =>
      Effect.map(toWire(run), (item) => ({
        item,
        text: [item.name, item.status, item.id, run.parentId ?? ""].join(" ").toLowerCase()
      })))
    const found = items.filter(({ text }) => text.includes(search)).map(({ item }) => item)
    return { cleanRoomFlowRuns: page(found, asked, { limit: 30 }), count: found.length }
  })

const levelOf = (text: string | undefined) =>
  Effect.gen(function*() {
    if (text === undefined || text === "") return undefined
    const level = Number(text)
    return Number.isInteger(level) && level >= 0
      ? level
      : yield* Effect.fail(badRequest(`${JSON.stringify(text)} is no level of a flow`))
  })

const parametersFor = (
  nodes: ReadonlyArray<Rows.FlowNode>,
  entries: ReadonlyArray<Api.NodeParametersEntry>
) =>
  Effect.gen(function*() {
    const stranger = entries.find(({ nodeIdentifier }) => Flows.node(nodes, nodeIdentifier) === undefined)
    if (stranger !== undefined) {
      return yield* Effect.fail(badRequest(`There is no node ${stranger.nodeIdentifier ?? ""}`))
    }
    return (node: Rows.FlowNode) =>
      entries.find(({ nodeIdentifier }) => nodeIdentifier === node.id || nodeIdentifier === node.label)?.parameters ??
        {}
  })

/** The nodes of a run: the selected ones, with the datasets that the request puts in place of the flow's. */
const chosen = (
  world: World.Service,
  room: Rows.CleanRoom,
  nodes: ReadonlyArray<Rows.FlowNode>,
  request: Flows.Selection & { readonly datasetAssignments?: ReadonlyArray<NodeDatasetAssignment> }
) =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const result = assignDatasets(world, room, nodes, request.datasetAssignments ?? [], now)
    if (typeof result === "string") return yield* Effect.fail(badRequest(result))
    return Flows.select(result.nodes, request)
  })

const checkStart = (world: World.Service, room: Rows.CleanRoom, nodes: ReadonlyArray<Rows.FlowNode>) =>
  Effect.gen(function*() {
    yield* Access.open(room)
    if (nodes.length === 0) return yield* Effect.fail(badRequest("No node of the flow is selected"))
    const unready = nodes.find((node) => QuestionState.status(world, node) !== "READY")
    if (unready !== undefined) {
      return yield* Effect.fail(preconditionFailed(`Node ${unready.label} is missing datasets`))
    }
  })

const start = (world: World.Service, path: FlowPath, request: Api.CreateCleanroomFlowRunInput) =>
  Effect.gen(function*() {
    const { flow, room } = yield* Flows.get(world, path)
    yield* spend(world)
    if ((request.name ?? "").trim() === "") return yield* Effect.fail(badRequest("name must not be empty"))
    const nodes = yield* chosen(world, room, Flows.nodes(flow), request)
    yield* checkStart(world, room, nodes)
    return yield* Effect.flatMap(
      FlowRuns.submit(world, room, flow, {
        name: request.name ?? "",
        nodes,
        parametersOf: yield* parametersFor(nodes, request.nodes ?? []),
        pauseLevel: yield* levelOf(request.pauseLevelID),
        replay: undefined,
        submittedAt: yield* Clock.currentTimeMillis
      }),
      toWire
    )
  })

const resume = (world: World.Service, path: RunPath, request: Api.ResumeCleanroomFlowRunInput) =>
  Effect.gen(function*() {
    const { room, run } = yield* runOf(world, path)
    yield* spend(world)
    yield* Access.open(room)
    const { status } = yield* FlowRuns.progress(run)
    if (status !== "PAUSED") return yield* Effect.fail(badRequest(`The flow run is ${status}, not PAUSED`))
    yield* FlowRuns.resume(world, run, yield* levelOf(request.pauseLevelID))
    return { success: true }
  })

/** A replay is a run of its own that takes over what the first one produced below its start level. */
const replay = (world: World.Service, path: RunPath, request: Api.ReplayCleanroomFlowRunInput) =>
  Effect.gen(function*() {
    const { flow, nodes: all, room, run } = yield* runOf(world, path)
    yield* spend(world)
    const { level, status } = yield* FlowRuns.progress(run)
    const startLevel = (yield* levelOf(request.startLevelID)) ?? 0
    if (status === "QUEUED" || status === "RUNNING") {
      return yield* Effect.fail(badRequest(`The flow run is ${status}`))
    }
    if (startLevel > level) return yield* Effect.fail(badRequest(`The flow run never came to level ${startLevel}`))
    const nodes = yield* chosen(world, room, all, request)
    yield* checkStart(world, room, nodes)
    const given = yield* parametersFor(nodes, request.nodes ?? [])
    const before = (node: Rows.FlowNode) => run.nodes.find(({ nodeId }) => nodeId === node.id)?.parameters ?? {}
    const { id } = yield* FlowRuns.submit(world, room, flow, {
      name: request.name ?? `${run.name} (replay)`,
      nodes,
      parametersOf: (node) => ({ ...before(node), ...given(node) }),
      pauseLevel: yield* levelOf(request.pauseLevelID),
      replay: { parent: run, startLevel },
      submittedAt: yield* Clock.currentTimeMillis
    })
    return { success: true, cleanRoomFlowRunID: id }
  })

const fieldTypes = ["INTEGER", "STRING", "DATE", "TIMESTAMP", "DOUBLE", "BOOLEAN", "DECIMAL", "LONG"] as const

const parametersOf = (world: World.Service, node: Rows.FlowNode): ReadonlyArray<Api.ParameterInfo> => {
  const own = (Flows.definition(world, node).parameters ?? []).map(({ displayName, name = "", type = "STRING" }) => ({
    name,
    displayName: displayName ?? name,
    type
  }))
  const partition = QuestionState.partitionParameters(world, node)
    .map(({ dataType, name }) => ({ name, displayName: name, type: dataType }))
  return [...own, ...partition].map(({ displayName, name, type }, index) => ({
    Id: `${node.id}/${name}`,
    name,
    displayName,
    index,
    fieldType: fieldTypes.find((known) => known === type) ?? "FIELD_TYPE_UNKNOWN",
    parameterType: parameterType(name)
  }))
}

const preview = (world: World.Service, path: FlowPath, request: Api.PreviewFlowRunParametersInput) =>
  Effect.gen(function*() {
    const { flow, room } = yield* Flows.get(world, path)
    const nodes = yield* chosen(world, room, Flows.nodes(flow), request)
    return {
      nodes: nodes.map((node) => ({
        nodeId: node.id,
        nodeIdentifier: node.label,
        questionName: Flows.definition(world, node).title ?? "",
        questionVersion: world.questions.get(node.questionId)?.versions.length ?? 1,
        nodeLevel: node.level,
        parameters: parametersOf(world, node)
      }))
    }
  })

const outputNodes = (world: World.Service, path: RunPath) =>
  Effect.gen(function*() {
    const { flow, nodes, room, run } = yield* runOf(world, path)
    const progress = yield* FlowRuns.progress(run)
    return yield* Effect.forEach(run.nodes, (item) =>
      Effect.gen(function*() {
        const node = nodes.find(({ id }) => id === item.nodeId)
        const title = node === undefined ? undefined : Flows.definition(world, node).title
        const question = world.cleanRoomQuestions.find((row) =>
          row.cleanRoomId === room.id && row.questionId === node?.questionId
        )
        return {
          node: given({
            id: item.nodeId,
            flowId: flow.flowId,
            label: title,
            nodeType: "QUESTION",
            referenceId: node?.questionId,
            positionX: item.level * 320,
            positionY: nodes.filter(({ level }) => level === item.level).findIndex(({ id }) => id === item.nodeId) *
              160,
            level: item.level,
            title,
            cleanroomQuestionId: question?.id
          }),
          runStatus: yield* FlowRuns.nodeStatus(item, progress),
          runID: item.id
        }
      }))
  })

/** What a node produced, once it has: by the node's UUID, for labels repeat. */
const resultOf = (world: World.Service, path: RunPath, identifier: string) =>
  Effect.gen(function*() {
    const { nodes, run } = yield* runOf(world, path)
    const node = yield* Access.found(nodes.find(({ id }) => id === identifier), "Flow node", identifier)
    const item = yield* Access.found(run.nodes.find(({ nodeId }) => nodeId === node.id), "Flow node", identifier)
    const status = yield* Effect.flatMap(FlowRuns.progress(run), (progress) => FlowRuns.nodeStatus(item, progress))
    const ending = status === "COMPLETED" ? yield* item.outcome.ending : undefined
    if (ending?._tag !== "Completed") return yield* Effect.fail(notFound("The result of flow node", identifier))
    return { output: ending.output, hasMultipleOutputs: Flows.definition(world, node).hasMultipleOutputs === true }
  })

const report = (
  world: World.Service,
  path: RunPath,
  asked: { readonly node: string; readonly limit?: number; readonly offset?: number }
) =>
  Effect.map(resultOf(world, path, asked.node), ({ hasMultipleOutputs, output }) => ({
    metadata: output.columns,
    stats: page(output.rows, asked, { limit: 500 }).map(RunFiles.withoutNulls),
    count: output.rows.length,
    multipleOutputs: hasMultipleOutputs ? RunFiles.names(true) : []
  }))

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "FlowRuns",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle("resumeCleanroomFlowRun", ({ path, payload }) => resume(world, path, payload))
          .handle("replayCleanroomFlowRun", ({ path, payload }) => replay(world, path, payload))
          .handle("getCleanroomFlowRunStatus", ({ path }) =>
            Effect.flatMap(
              polled(world, path),
              ({ run }) => Effect.map(FlowRuns.progress(run), ({ status }) => ({ status }))
            ))
          .handle("listCleanroomFlowRuns", ({ path, urlParams }) => list(world, path, urlParams))
          .handle("createOrUpdateCleanroomFlowRun", ({ path, payload }) => start(world, path, payload))
          .handle("getCleanroomFlowRunparameters", ({ path }) =>
            Effect.map(Flows.get(world, path), ({ flow }) => ({
              flowRunParameters: Flows.nodes(flow).map((node) => ({
                nodeId: node.id,
                nodeQuestionName: Flows.definition(world, node).title ?? "",
                parameterMetadataList: parametersOf(world, node)
              }))
            })))
          .handle("previewFlowRunParameters", ({ path, payload }) => preview(world, path, payload))
          .handle(
            "getCleanroomFlowRunByID",
            ({ path }) => Effect.flatMap(polled(world, path), ({ run }) => toWire(run))
          )
          .handle("getCleanroomFlowRunReport", ({ path, urlParams }) => report(world, path, urlParams))
          .handle("getCleanroomFlowRunOutputNodes", ({ path }) => outputNodes(world, path))
          .handle("getCleanroomFlowRunNodeOutputFile", ({ path }) =>
            Effect.flatMap(
              resultOf(world, path, path.nodeIdentifier),
              ({ hasMultipleOutputs, output }) =>
                Access.found(RunFiles.content(output, path.fileName, hasMultipleOutputs), "Output file", path.fileName)
            ))
      ))
)
