/**
 * Export jobs: what may be exported where, and which runs they have taken up.
 *
 * Nothing waits for a run to end. Runs that ended since the last look become export runs when exports or destinations are
 * next asked about, each with its own time.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as DestinationPartners from "./DestinationPartners.js"
import * as Destinations from "./Destinations.js"
import * as ExportPaths from "./ExportPaths.js"
import * as ExportSources from "./ExportSources.js"
import * as Ids from "./Ids.js"
import * as Provisions from "./Provisions.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

/** The types that Habu's pages on exports are about. */
const exportableTypes = ["Hybrid", "HabuConfidentialComputing"]

/**
 * Why nothing can be exported from a clean room, if so.
 *
 * @since 0.1.0
 * @category getters
 */
export const roomObstacle = (room: Rows.CleanRoom): string | undefined => {
  if (!exportableTypes.includes(room.type)) return `Clean rooms of type ${room.type} do not support exports`
  return room.parameters["ENABLE_EXPORT"] === "true"
    ? undefined
    : `Export is not enabled for clean room ${room.displayId}. Ask its owner.`
}

/**
 * Why nothing can be sent to a destination from a clean room, if so.
 *
 * @since 0.1.0
 * @category getters
 */
export const destinationObstacle = (
  world: World.Service,
  { destination, provision }: Provisions.Provisioned,
  at: number
): string | undefined => {
  const channel = Provisions.channelStatus(provision)
  if (channel !== "ACTIVE_CHANNEL") return `Destination ${destination.name} is ${channel} in the clean room`
  const state = Destinations.state(world, destination, at)
  if (state.status === "CONFIG_CONFIGURED") return undefined
  const reason = state.status === "CONFIG_FAILED" ? `: ${state.errorMessage}` : ""
  return `Destination ${destination.name} is ${state.status}${reason}`
}

const obstacle = (world: World.Service, job: Rows.ExportJob, room: Rows.CleanRoom, at: number) => {
  const provisioned = Provisions.find(world, room, job.destinationId)
  if (provisioned === undefined) return "The destination is not in the clean room"
  const { organizationId, partnerId } = provisioned.destination
  const isStore = DestinationPartners.get(partnerId)?.type === "EXPORTS"
  return roomObstacle(room) ?? destinationObstacle(world, provisioned, at) ??
    (isStore ? ExportPaths.obstacle(world, organizationId, room, job.parameters) : undefined)
}

/**
 * Removes a job and its runs.
 *
 * @since 0.1.0
 * @category combinators
 */
export const remove = (world: World.Service, id: string): boolean => {
  world.exportRuns.removeWhere((run) => run.jobId === id)
  return world.exportJobs.remove(id)
}

const takeUp = (world: World.Service, job: Rows.ExportJob, room: Rows.CleanRoom, now: number) =>
  Effect.map(ExportSources.ended(world, job.source, job.exportedUntil, now), (ended) => {
    for (const { endedAt, ...source } of ended) {
      world.exportRuns.put({
        id: Ids.uuid(world.seed, `export/${job.id}/${source.id}`),
        jobId: job.id,
        source,
        submittedAt: endedAt,
        obstacle: obstacle(world, job, room, endedAt)
      })
    }
  })

/**
 * Takes up what ended since the last time; a paused job lets it pass. Jobs whose source is gone go too.
 *
 * @since 0.1.0
 * @category combinators
 */
export const catchUp = (world: World.Service): Effect.Effect<void> =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    for (const job of world.exportJobs.all()) {
      const room = world.cleanRooms.get(job.cleanRoomId)
      if (room === undefined || ExportSources.get(world, job.source) === undefined) {
        remove(world, job.id)
      } else if (job.exportedUntil < now) {
        if (job.status === "ACTIVE") yield* takeUp(world, job, room, now)
        // Flow runs may have executed meanwhile, and the job may have changed.
        const current = world.exportJobs.get(job.id)
        if (current !== undefined) world.exportJobs.put({ ...current, exportedUntil: now })
      }
    }
  })
