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
import * as ExportSources from "./ExportSources.js"
import * as PartnerAccounts from "./PartnerAccounts.js"
import * as Provisions from "./Provisions.js"
import { badRequest, forbidden, type Refusal } from "./Refusal.js"
import type * as Rows from "./Rows.js"
import { given, time, timeAudit } from "./Wire.js"
import type * as World from "./World.js"

interface Target {
  readonly destination: Rows.Destination
  readonly partner: DestinationPartners.DestinationPartner
}

/** A destination of one's own that works and can take what the source produces. */
const targetOf = (world: World.Service, room: Rows.CleanRoom, source: ExportSources.Source) => (id: string) =>
  Effect.gen(function*() {
    const provisioned = yield* Access.found(Provisions.find(world, room, id), "Destination", id)
    const { destination } = provisioned
    if (destination.organizationId !== world.organizationId) {
      return yield* Effect.fail(forbidden(`Destination ${destination.name} belongs to another organization`))
    }
    const obstacle = Exports.destinationObstacle(world, provisioned, yield* Clock.currentTimeMillis)
    if (obstacle !== undefined) return yield* Effect.fail(badRequest(obstacle))
    const partner = yield* Access.found(DestinationPartners.get(destination.partnerId), "Destination partner", id)
    if (partner.type !== "EXPORTS" && !source.isList) {
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
  readonly source: ExportSources.Source
  readonly destinationIds: ReadonlyArray<string>
  readonly parameters: ReadonlyArray<Api.ExportJobParameter>
  readonly datasetId: string | undefined
}

const add = (world: World.Service, order: Order, { destination, partner }: Target, now: number) =>
  world.exportJobs.put({
    id: world.ids.uuid("exportJob"),
    name: `${order.source.title} to ${destination.name}`,
    cleanRoomId: order.room.id,
    source: order.source.key,
    destinationId: destination.id,
    parameters: order.parameters.filter(({ name = "" }) => partner.exportParameters.includes(name)),
    datasetId: order.datasetId,
    status: "ACTIVE",
    createdAt: now,
    updatedAt: now,
    exportedUntil: now
  })

const targetsOf = (world: World.Service, order: Order): Effect.Effect<ReadonlyArray<Target>, Refusal> =>
  Effect.gen(function*() {
    const closed = Exports.roomObstacle(order.room)
    if (closed !== undefined) return yield* Effect.fail(badRequest(closed))
    if (order.destinationIds.length === 0) {
      return yield* Effect.fail(badRequest("partnerAccountIds must not be empty"))
    }
    const targets = yield* Effect.forEach(new Set(order.destinationIds), targetOf(world, order.room, order.source))
    const wrong = fault(world, targets, order.parameters)
    return wrong === undefined ? targets : yield* Effect.fail(badRequest(wrong))
  })

/**
 * Makes the jobs of all orders, or none; answers those of each order.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  world: World.Service,
  orders: ReadonlyArray<Order>
): Effect.Effect<ReadonlyArray<ReadonlyArray<Rows.ExportJob>>, Refusal> =>
  Effect.gen(function*() {
    const targets = yield* Effect.forEach(orders, (order) => targetsOf(world, order))
    const now = yield* Clock.currentTimeMillis
    return orders.map((order, index) => (targets[index] ?? []).map((target) => add(world, order, target, now)))
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
      const source = ExportSources.get(world, job.source)
      const destination = world.destinations.get(job.destinationId)
      const provisioned = Provisions.find(world, room, job.destinationId)
      const last = (yield* ExportRuns.list(world, job)).at(-1)
      return given({
        ID: job.id,
        name: job.name,
        organizationID: world.organizationId,
        dataExportJobType: job.source._tag === "Question" ? "CLEAN_ROOM_QUESTION" : "CLEAN_ROOM_FLOW_NODE",
        status: job.status,
        partnerAccount: destination === undefined ? undefined : yield* PartnerAccounts.bare(world, destination),
        jobType: destination === undefined ? undefined : DestinationPartners.get(destination.partnerId)?.type,
        timeAudit: timeAudit(job),
        questionID: source?.id,
        questionName: source?.title,
        questionDisplayName: source?.displayId,
        jobLastRunTime: last === undefined ? undefined : time(last.run.submittedAt),
        partnerAccountCrChannelStatus: provisioned === undefined
          ? undefined
          : Provisions.channelStatus(provisioned.provision)
      })
    })

/**
 * A job of a flow node as the contract's `FlowNodeExportJob`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const nodeJobToWire =
  (world: World.Service, room: Rows.CleanRoom) => (job: Rows.ExportJob): Effect.Effect<Api.FlowNodeExportJob> =>
    Effect.map(ExportRuns.list(world, job), (runs) => {
      const provisioned = Provisions.find(world, room, job.destinationId)
      const last = runs.at(-1)
      return given({
        id: job.id,
        name: job.name,
        status: job.status,
        channelStatus: provisioned === undefined ? undefined : Provisions.channelStatus(provisioned.provision),
        partnerAccountId: job.destinationId,
        partnerAccountName: world.destinations.get(job.destinationId)?.name,
        createdAt: time(job.createdAt),
        lastRunTime: last === undefined ? undefined : time(last.run.submittedAt),
        exportParameters: job.parameters
      })
    })

/** Reports are written as CSV and lists as Parquet; a `_SUCCESS` file closes an export that is whole. */
const filesOf = (run: ExportRuns.Progress, format: string) =>
  run.ending?.status === "COMPLETE"
    ? [{ label: "Files", value: `part-00000-${run.run.id}.${format}, _SUCCESS` }]
    : []

const detailsOf = (world: World.Service, job: Rows.ExportJob, run: ExportRuns.Progress): Api.JobDetails => {
  const destination = world.destinations.get(job.destinationId)
  const isFile = destination !== undefined && DestinationPartners.get(destination.partnerId)?.type === "EXPORTS"
  const format = ExportSources.get(world, job.source)?.isList === true ? "parquet" : "csv"
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
