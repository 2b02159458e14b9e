/**
 * Export jobs: how one comes to be, and how Habu shows it and its runs.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../habu/api/Exports.js"
import * as Access from "./Access.js"
import * as DestinationPartners from "./DestinationPartners.js"
import * as ExportPaths from "./ExportPaths.js"
import * as ExportRuns from "./ExportRuns.js"
import * as Exports from "./Exports.js"
import * as PartnerAccounts from "./PartnerAccounts.js"
import * as Provisions from "./Provisions.js"
import * as QuestionState from "./QuestionState.js"
import { badRequest, forbidden, type Refusal } from "./Refusal.js"
import * as RoomQuestions from "./RoomQuestions.js"
import type * as Rows from "./Rows.js"
import { given, time, timeAudit } from "./Wire.js"
import type * as World from "./World.js"

const isList = (world: World.Service, question: Rows.CleanRoomQuestion) =>
  RoomQuestions.typeOf(QuestionState.details(world, question)) === "LIST"

const titleOf = (world: World.Service, question: Rows.CleanRoomQuestion) =>
  QuestionState.details(world, question).title?.trim() ?? question.displayId

interface Target {
  readonly destination: Rows.Destination
  readonly partner: DestinationPartners.DestinationPartner
}

/** A destination of one's own that works and can take what the question produces. */
const targetOf = (world: World.Service, room: Rows.CleanRoom, question: Rows.CleanRoomQuestion) => (id: string) =>
  Effect.gen(function*() {
    const provisioned = yield* Access.found(Provisions.find(world, room, id), "Destination", id)
    const { destination } = provisioned
    if (destination.organizationId !== world.organizationId) {
      return yield* Effect.fail(forbidden(`Destination ${destination.name} belongs to another organization`))
    }
    const obstacle = Exports.destinationObstacle(world, provisioned, yield* Clock.currentTimeMillis)
    if (obstacle !== undefined) return yield* Effect.fail(badRequest(obstacle))
    const partner = yield* Access.found(DestinationPartners.get(destination.partnerId), "Destination partner", id)
    if (partner.type !== "EXPORTS" && !isList(world, question)) {
      return yield* Effect.fail(badRequest(`${partner.displayName} takes user lists only`))
    }
    return { destination, partner }
  })

const fault = (
  world: World.Service,
  targets: ReadonlyArray<Target>,
  parameters: ReadonlyArray<Api.ExportJobParameter>
): string | undefined => {
  const known = targets.flatMap(({ partner }) => partner.exportParameters)
  const stranger = parameters.find(({ name = "" }) => !known.includes(name))
  if (stranger !== undefined) return `None of the destinations has the parameter ${stranger.name ?? ""}`
  const location = ExportPaths.collision(world, world.organizationId, parameters)
  return location === undefined
    ? undefined
    : `${location} is read by a data connection. Exports need a path of their own.`
}

/**
 * What makes export jobs: one for each destination, with those of the parameters that it has.
 *
 * @since 0.1.0
 * @category models
 */
export interface Order {
  readonly room: Rows.CleanRoom
  readonly question: Rows.CleanRoomQuestion
  readonly destinationIds: ReadonlyArray<string>
  readonly parameters: ReadonlyArray<Api.ExportJobParameter>
  readonly datasetId: string | undefined
}

const add = (world: World.Service, order: Order, { destination, partner }: Target, now: number) =>
  world.exportJobs.put({
    id: world.ids.uuid("exportJob"),
    name: `${titleOf(world, order.question)} to ${destination.name}`,
    cleanRoomId: order.room.id,
    cleanRoomQuestionId: order.question.id,
    destinationId: destination.id,
    parameters: order.parameters.filter(({ name = "" }) => partner.exportParameters.includes(name)),
    datasetId: order.datasetId,
    status: "ACTIVE",
    createdAt: now,
    updatedAt: now,
    exportedUntil: now
  })

/**
 * Makes all jobs of an order, or none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (world: World.Service, order: Order): Effect.Effect<ReadonlyArray<Rows.ExportJob>, Refusal> =>
  Effect.gen(function*() {
    const closed = Exports.roomObstacle(order.room)
    if (closed !== undefined) return yield* Effect.fail(badRequest(closed))
    if (order.destinationIds.length === 0) {
      return yield* Effect.fail(badRequest("partnerAccountIds must not be empty"))
    }
    yield* Access.allowed(world, order.question, "VIEW_RESULTS")
    const targets = yield* Effect.forEach(order.destinationIds, targetOf(world, order.room, order.question))
    const wrong = fault(world, targets, order.parameters)
    if (wrong !== undefined) return yield* Effect.fail(badRequest(wrong))
    const now = yield* Clock.currentTimeMillis
    return targets.map((target) => add(world, order, target, now))
  })

/**
 * A job as the contract's `DataExportJob`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toWire =
  (world: World.Service, room: Rows.CleanRoom) => (job: Rows.ExportJob): Effect.Effect<Api.DataExportJob> =>
    Effect.gen(function*() {
      const question = world.cleanRoomQuestions.get(job.cleanRoomQuestionId)
      const destination = world.destinations.get(job.destinationId)
      const provisioned = Provisions.find(world, room, job.destinationId)
      const last = (yield* ExportRuns.list(world, job)).at(-1)
      return given({
        ID: job.id,
        name: job.name,
        organizationID: world.organizationId,
        dataExportJobType: "CLEAN_ROOM_QUESTION",
        status: job.status,
        partnerAccount: destination === undefined ? undefined : yield* PartnerAccounts.toWire(world, destination),
        jobType: destination === undefined ? undefined : DestinationPartners.get(destination.partnerId)?.type,
        timeAudit: timeAudit(job),
        questionID: job.cleanRoomQuestionId,
        questionName: question === undefined ? undefined : titleOf(world, question),
        questionDisplayName: question?.displayId,
        jobLastRunTime: last === undefined ? undefined : time(last.run.submittedAt),
        partnerAccountCrChannelStatus: provisioned === undefined
          ? undefined
          : Provisions.channelStatus(provisioned.provision)
      })
    })

/** Reports are written as CSV and lists as Parquet; a `_SUCCESS` file closes an export that is whole. */
const filesOf = (run: ExportRuns.Progress, format: string) =>
  run.ending?.status === "COMPLETE"
    ? [{ label: "Files", value: `part-00000-${run.run.id}.${format}, _SUCCESS` }]
    : []

const detailsOf = (world: World.Service, job: Rows.ExportJob, run: ExportRuns.Progress): Api.JobDetails => {
  const destination = world.destinations.get(job.destinationId)
  const question = world.cleanRoomQuestions.get(job.cleanRoomQuestionId)
  const isFile = destination !== undefined && DestinationPartners.get(destination.partnerId)?.type === "EXPORTS"
  const format = question !== undefined && isList(world, question) ? "parquet" : "csv"
  const dataset = job.datasetId === undefined ? undefined : world.datasets.get(job.datasetId)
  return {
    id: job.id,
    name: job.name,
    jobDetailParameters: [
      { label: "Destination", value: destination?.name ?? "" },
      { label: "Question run", value: run.run.source.name },
      ...(dataset === undefined ? [] : [{ label: "Dataset", value: dataset.name }]),
      ...(isFile ? filesOf(run, format) : [])
    ]
  }
}

/**
 * A job's run as the contract's `ExportJobRun`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const runToWire =
  (world: World.Service, job: Rows.ExportJob) => (progress: ExportRuns.Progress): Api.ExportJobRun => {
    const { endedAt, ending, run, startedAt, type } = progress
    return given({
      id: run.id,
      jobId: job.id,
      status: ExportRuns.status(progress),
      submitTime: time(run.submittedAt),
      startTime: startedAt === undefined ? undefined : time(startedAt),
      endTime: endedAt === undefined ? undefined : time(endedAt),
      totalRecords: ending?.total,
      consentedRecords: ending?.accepted,
      cumulativeRecords: ending?.cumulative,
      sourceJobRunID: run.source.id,
      jobRunType: type,
      details: detailsOf(world, job, progress),
      errorMessage: ending?.errorMessage
    })
  }
