/**
 * A destination as Habu shows it: the contract calls it a partner account.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../habu/api/Destinations.js"
import * as DestinationPartners from "./DestinationPartners.js"
import * as Destinations from "./Destinations.js"
import * as ExportRuns from "./ExportRuns.js"
import type * as Rows from "./Rows.js"
import { given, timeAudit } from "./Wire.js"
import type * as World from "./World.js"

/** Whose name a credential goes by is its owner's business, and its values are nobody's. */
const credential = (world: World.Service, { credentialId, organizationId }: Rows.Destination) => {
  const row = credentialId === undefined ? undefined : world.credentials.get(credentialId)
  return row === undefined || organizationId !== world.organizationId ? undefined : { ID: row.id, name: row.name }
}

const typeOf = (destination: Rows.Destination) => DestinationPartners.get(destination.partnerId)?.type ?? ""

const jobsOf = (world: World.Service, destination: Rows.Destination) =>
  world.exportJobs.where((job) => job.destinationId === destination.id)

const counted = {
  COMPLETE: "numSuccess",
  NO_NEW_USERS: "numSuccess",
  PROCESSING: "numProcessing",
  THRESHOLD_WARNING: "numThresholdWarning",
  PARTIALLY_FAILED: "numPartiallyFailed",
  FAILED: "numFailed",
  QUEUED: "numQueued"
} as const

/** How the latest run of each job stands, if it was submitted after `since`. */
const latest = (world: World.Service, jobs: ReadonlyArray<Rows.ExportJob>, since: number) =>
  Effect.map(Effect.forEach(jobs, (job) => ExportRuns.list(world, job)), (all): Api.LatestJobRunStatusCount => {
    const keys = all.flatMap((runs) => {
      const last = runs.at(-1)
      return last === undefined || last.run.submittedAt < since ? [] : [counted[ExportRuns.status(last)]]
    })
    return Object.fromEntries(
      Object.values(counted).map((key) => [key, keys.filter((other) => other === key).length])
    )
  })

/**
 * A destination as the contract's `PartnerAccount`, as it stands beside a job: without counts.
 *
 * @since 0.1.0
 * @category combinators
 */
export const bare = (world: World.Service, destination: Rows.Destination): Effect.Effect<Api.PartnerAccount> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const partner = DestinationPartners.get(destination.partnerId)
    const state = Destinations.state(world, destination, now)
    return given({
      ID: destination.id,
      name: destination.name,
      organizationID: destination.organizationId,
      partner: partner === undefined ? undefined : DestinationPartners.toWire(partner),
      credential: credential(world, destination),
      timeAudit: timeAudit(destination),
      configStatus: state.status,
      errorMessage: state.status === "CONFIG_FAILED" ? state.errorMessage : undefined,
      publicKey: destination.publicKey
    })
  })

/**
 * A destination as the contract's `PartnerAccount`, with how many jobs it has and how the latest run of each went, if
 * it was submitted after `since`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toWire = (
  world: World.Service,
  destination: Rows.Destination,
  since = Number.NEGATIVE_INFINITY
): Effect.Effect<Api.PartnerAccount> =>
  Effect.gen(function*() {
    const jobs = jobsOf(world, destination)
    return {
      ...(yield* bare(world, destination)),
      jobCount: jobs.length === 0 ? [] : [{ jobType: typeOf(destination), count: jobs.length }],
      latestJobRunStatusCount: yield* latest(world, jobs, since)
    }
  })
