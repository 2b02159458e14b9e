/**
 * Export jobs of questions and flow nodes, and their runs.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Exports.js"
import * as Access from "../Access.js"
import * as ExportJobs from "../ExportJobs.js"
import * as ExportRuns from "../ExportRuns.js"
import * as Exports from "../Exports.js"
import * as ExportSources from "../ExportSources.js"
import * as Flows from "../Flows.js"
import { served } from "../Group.js"
import * as Limits from "../Limits.js"
import { badRequest, notFound } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { date, page } from "../Wire.js"
import * as World from "../World.js"

const list = (world: World.Service, cleanRoomId: string) =>
  Effect.flatMap(Access.cleanRoom(world, cleanRoomId), (room) =>
    Effect.forEach(
      world.exportJobs.where((job) => job.cleanRoomId === room.id),
      ExportJobs.toWire(world, room)
    ))

const questionIn = (world: World.Service, room: Rows.CleanRoom, id: string | undefined) => {
  if (id === undefined || id === "") return Effect.fail(badRequest("cleanroomQuestionId is required"))
  const row = world.cleanRoomQuestions.get(id)
  return Access.found(row?.cleanRoomId === room.id ? row : undefined, "Clean room question", id)
}

const datasetIn = (world: World.Service, room: Rows.CleanRoom, id: string) => {
  const row = world.datasets.get(id)
  return Access.found(row?.cleanRoomId === room.id ? row : undefined, "Dataset", id)
}

const create = (world: World.Service, cleanRoomId: string, request: Api.CreateDataExportJobRequest) =>
  Effect.gen(function*() {
    const room = yield* Effect.flatMap(Access.cleanRoom(world, cleanRoomId), Access.open)
    const question = yield* questionIn(world, room, request.cleanroomQuestionId)
    const { cleanroomDatasetId: datasetId, exportParameters = [], partnerAccountIds = [] } = request
    if (datasetId !== undefined) yield* datasetIn(world, room, datasetId)
    yield* Access.allowed(world, question, "VIEW_RESULTS")
    const jobs = yield* ExportJobs.make(world, [{
      room,
      source: ExportSources.ofQuestion(world, question),
      destinationIds: partnerAccountIds,
      parameters: exportParameters,
      datasetId
    }])
    return jobs.flat().map(({ id }) => id)
  })

/** A job in a clean room that one is still in. */
const jobOf = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const missing = () => notFound("Export job", id)
    const job = yield* Access.found(world.exportJobs.get(id), "Export job", id)
    const room = yield* Access.cleanRoomAround(world, job.cleanRoomId, missing)
    return { job, room }
  })

/** What ended while a job was paused stays unexported. */
const changeStatus = (world: World.Service, id: string, { status }: Api.ChangeJobStatusRequest) =>
  Effect.gen(function*() {
    const { job, room } = yield* jobOf(world, id)
    if (status === "ACTIVE") yield* Access.open(room)
    world.exportJobs.put({ ...job, status, updatedAt: yield* Clock.currentTimeMillis })
    return { success: true }
  })

/** By day, the newest first. */
const runs = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const { job } = yield* jobOf(world, id)
    yield* world.limits.spend(
      `poll/export/${id}`,
      Limits.twentyInAnHour,
      "At most 20 status reads of one export job in an hour"
    )
    const progress = (yield* ExportRuns.list(world, job)).toReversed()
    const days = [...new Set(progress.map(({ run }) => date(run.submittedAt)))]
    const organization = world.organizations.get(world.organizationId)?.name ?? ""
    return {
      organization,
      question: ExportSources.get(world, job.source)?.title ?? "",
      jobRunsByDate: days.map((day) => ({
        date: day,
        organization,
        jobRuns: progress.filter(({ run }) => date(run.submittedAt) === day).map(ExportJobs.runToWire(world, job))
      })),
      exportDetailParameters: job.parameters
    }
  })

interface FlowPath {
  readonly cleanroomId: string
  readonly cleanroomFlowId: string
}

/** The nodes that a request names by UUID or label, in its order. */
const nodesOf = (world: World.Service, path: FlowPath, nodeIds: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const { flow, room } = yield* Flows.get(world, path)
    if (nodeIds.length === 0) return yield* Effect.fail(badRequest("At least one node is required"))
    const nodes = yield* Effect.forEach(
      nodeIds,
      (id) => Access.found(Flows.node(Flows.nodes(flow), id), "Flow node", id)
    )
    return { flow, room, nodes }
  })

const jobsOf = (world: World.Service, flow: Rows.Flow, node: Rows.FlowNode) =>
  world.exportJobs.where(({ source }) =>
    source._tag === "Node" && source.flowRowId === flow.id && source.nodeId === node.id
  )

const createForNodes = (world: World.Service, path: FlowPath, requests: ReadonlyArray<Api.NodeExportRequest>) =>
  Effect.gen(function*() {
    const { flow, nodes, room } = yield* nodesOf(world, path, requests.map(({ nodeId }) => nodeId))
    yield* Access.open(room)
    const jobs = yield* ExportJobs.make(
      world,
      Arr.zipWith(nodes, requests, (node, { exportParameters = [], partnerAccountIds }) => ({
        room,
        source: ExportSources.ofNode(world, flow, node),
        destinationIds: partnerAccountIds,
        parameters: exportParameters,
        datasetId: undefined
      }))
    )
    return Arr.zipWith(nodes, jobs, ({ id }, made) => ({ nodeId: id, jobIds: made.map((job) => job.id) }))
  })

const listForNodes = (
  world: World.Service,
  path: FlowPath,
  asked: { readonly nodeIds: ReadonlyArray<string>; readonly limit?: number; readonly offset?: number }
) =>
  Effect.gen(function*() {
    const { flow, nodes, room } = yield* nodesOf(world, path, asked.nodeIds)
    return yield* Effect.forEach(nodes, (node) =>
      Effect.map(
        Effect.forEach(
          page(jobsOf(world, flow, node), asked, { limit: 500 }),
          ExportJobs.nodeJobToWire(world, room)
        ),
        (jobs) => ({ nodeId: node.id, jobs })
      ))
  })

const deleteForNodes = (world: World.Service, path: FlowPath, { nodeIds }: Api.BulkNodeDeleteRequest) =>
  Effect.map(nodesOf(world, path, nodeIds), ({ flow, nodes }) =>
    nodes.map((node) => ({
      nodeId: node.id,
      deletedJobIds: jobsOf(world, flow, node).flatMap(({ id }) => Exports.remove(world, id) ? [id] : [])
    })))

/** A node without jobs has none that could take on a status. */
const changeStatusForNodes = (world: World.Service, path: FlowPath, request: Api.BulkNodeStatusRequest) =>
  Effect.gen(function*() {
    const { flow, nodes, room } = yield* nodesOf(world, path, request.nodeIds)
    if (request.status === "ACTIVE") yield* Access.open(room)
    const updatedAt = yield* Clock.currentTimeMillis
    return nodes.map((node) => {
      const jobs = jobsOf(world, flow, node)
      for (const job of jobs) world.exportJobs.put({ ...job, status: request.status, updatedAt })
      return { nodeId: node.id, success: jobs.length > 0 }
    })
  })

const runsForNodes = (world: World.Service, path: FlowPath, nodeIds: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const { flow, nodes } = yield* nodesOf(world, path, nodeIds)
    return yield* Effect.forEach(nodes, (node) =>
      Effect.map(
        Effect.forEach(
          jobsOf(world, flow, node),
          (job) => Effect.map(ExportRuns.list(world, job), (runs) => runs.map(ExportJobs.runToWire(world, job)))
        ),
        (runs) => ({ nodeId: node.id, jobRuns: runs.flat() })
      ))
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Exports",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle("createFlowNodeExportJobs", ({ path, payload }) => createForNodes(world, path, payload))
          .handle("listFlowNodeExportJobs", ({ path, urlParams }) => listForNodes(world, path, urlParams))
          .handle("deleteFlowNodeExportJobs", ({ path, payload }) => deleteForNodes(world, path, payload))
          .handle("updateFlowNodeExportJobsStatus", ({ path, payload }) => changeStatusForNodes(world, path, payload))
          .handle("getFlowNodeExportJobRuns", ({ path, urlParams }) => runsForNodes(world, path, urlParams.nodeIds))
          .handle("getAllDataExportJobs", ({ path }) => list(world, path.cleanroomId))
          .handle("createDataExportJobs", ({ path, payload }) => create(world, path.cleanroomId, payload))
          .handle("getDataExportJobRuns", ({ path }) => runs(world, path.exportJobId))
          .handle("changeJobStatus", ({ path, payload }) => changeStatus(world, path.exportJobId, payload))
          .handle(
            "deleteDataExportJob",
            ({ path }) =>
              Effect.map(jobOf(world, path.exportJobId), ({ job }) => ({ success: Exports.remove(world, job.id) }))
          )
      ))
)
