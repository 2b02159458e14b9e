/**
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Exports.js"
import * as Access from "../Access.js"
import * as ExportJobs from "../ExportJobs.js"
import * as ExportRuns from "../ExportRuns.js"
import * as Exports from "../Exports.js"
import { served } from "../Group.js"
import * as Limits from "../Limits.js"
import * as QuestionState from "../QuestionState.js"
import { badRequest, notFound } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { date } from "../Wire.js"
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
    const jobs = yield* ExportJobs.make(world, {
      room,
      question,
      destinationIds: partnerAccountIds,
      parameters: exportParameters,
      datasetId
    })
    return jobs.map(({ id }) => id)
  })

/** A job in a clean room that one is still in. */
const jobOf = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const missing = () => notFound("Export job", id)
    const job = yield* Access.found(world.exportJobs.get(id), "Export job", id)
    const room = yield* Effect.mapError(Access.cleanRoom(world, job.cleanRoomId), missing)
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
    const question = world.cleanRoomQuestions.get(job.cleanRoomQuestionId)
    return {
      organization,
      question: question === undefined ? "" : QuestionState.details(world, question).title ?? "",
      jobRunsByDate: days.map((day) => ({
        date: day,
        organization,
        jobRuns: progress.filter(({ run }) => date(run.submittedAt) === day).map(ExportJobs.runToWire(world, job))
      })),
      exportDetailParameters: job.parameters
    }
  })

const flowIn = (world: World.Service, path: { readonly cleanroomId: string; readonly cleanroomFlowId: string }) =>
  Effect.flatMap(
    Access.cleanRoom(world, path.cleanroomId),
    () => Effect.fail(notFound("Clean room flow", path.cleanroomFlowId))
  )

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
    Effect.map(World.World, (world) => {
      const upToDate = <A, E>(effect: Effect.Effect<A, E>) => Effect.zipRight(Exports.catchUp(world), effect)
      return served(
        handlers
          .handle("createFlowNodeExportJobs", ({ path }) => flowIn(world, path))
          .handle("listFlowNodeExportJobs", ({ path }) => flowIn(world, path))
          .handle("deleteFlowNodeExportJobs", ({ path }) => flowIn(world, path))
          .handle("updateFlowNodeExportJobsStatus", ({ path }) => flowIn(world, path))
          .handle("getFlowNodeExportJobRuns", ({ path }) => flowIn(world, path))
          .handle("getAllDataExportJobs", ({ path }) => upToDate(list(world, path.cleanroomId)))
          .handle(
            "createDataExportJobs",
            ({ path, payload }) => upToDate(create(world, path.cleanroomId, payload))
          )
          .handle("getDataExportJobRuns", ({ path }) => upToDate(runs(world, path.exportJobId)))
          .handle(
            "changeJobStatus",
            ({ path, payload }) => upToDate(changeStatus(world, path.exportJobId, payload))
          )
          .handle("deleteDataExportJob", ({ path }) =>
            upToDate(
              Effect.map(jobOf(world, path.exportJobId), ({ job }) => ({ success: Exports.remove(world, job.id) }))
            ))
      )
    })
)
