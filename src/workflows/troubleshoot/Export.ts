/**
 * The evidence on exports: a job and its runs, or a destination and how far it is in the clean rooms.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CleanRoom, CleanRoomType } from "../../habu/api/CleanRooms.js"
import type { CleanroomProvisionedDestination } from "../../habu/api/Destinations.js"
import type { DataExportJob, ExportJobRun } from "../../habu/api/Exports.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Known } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Preflight from "../question/Preflight.js"
import * as Reading from "../Reading.js"
import type { Outcome } from "../Reading.js"
import * as Words from "../Words.js"
import { clear, detect, type Detectors, found, type Investigation, unseen, type Verdict } from "./Finding.js"
import * as Heard from "./Heard.js"
import * as RoomTypes from "./RoomTypes.js"

/**
 * An export job and the clean room it is in.
 *
 * @since 0.1.0
 * @category models
 */
export interface PlacedJob {
  readonly job: DataExportJob
  readonly cleanRoom: Known<CleanRoom>
}

/**
 * A destination in one clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface PlacedDestination {
  readonly destination: CleanroomProvisionedDestination
  readonly cleanRoom: Known<CleanRoom>
}

interface JobEvidence extends PlacedJob {
  readonly runs: Outcome<ReadonlyArray<ExportJobRun>>
  readonly run: ExportJobRun | undefined
  readonly types: Outcome<ReadonlyArray<CleanRoomType>>
  readonly now: number
}

const quoted = (text: string | undefined) => JSON.stringify(Text.clean(text ?? "?", 80))

const hasRunAs = (status: string, tell: (run: ExportJobRun) => string) => ({ run, runs }: JobEvidence): Verdict => {
  const all = Heard.value(runs)
  if (all === undefined) return unseen
  if (run?.status === status) return found("proven", tell(run))
  const older = all.find((one) => one.status === status)
  return older === undefined ? clear : found("fact", tell(older))
}

const when = ({ endTime, submitTime }: ExportJobRun) => Words.moment(endTime ?? submitTime) ?? "an unknown time"

const counts = ({ cumulativeRecords, totalRecords }: ExportJobRun) =>
  [
    totalRecords === undefined ? undefined : `${totalRecords} records`,
    cumulativeRecords === undefined ? undefined : `${cumulativeRecords} in all so far`
  ].filter((text) => text !== undefined).join(", ")

const isFailure = ({ status }: ExportJobRun) => status === "FAILED" || status === "PARTIALLY_FAILED"

const notApproved = (status: string | undefined) => /pending/i.test(status ?? "")

const jobDetectors: Detectors<JobEvidence> = {
  "T-36": ({ cleanRoom, now }) =>
    Preflight.isExpired(cleanRoom, now)
      ? found("proven", `The clean room ended on ${Text.clean(cleanRoom.endAt ?? "", 20)}.`)
      : clear,
  "T-44": ({ job }) =>
    notApproved(job.partnerAccountCrChannelStatus)
      ? found("proven", `Its destination stands at ${Text.clean(job.partnerAccountCrChannelStatus ?? "", 40)}.`)
      : clear,
  "T-32": ({ run }) =>
    run !== undefined && isFailure(run) && /\bkms\b|access denied|accessdenied/i.test(run.errorMessage ?? "")
      ? found(/\bkms\b/i.test(run.errorMessage ?? "") ? "likely" : "fact", `The run of ${when(run)} was denied access.`)
      : clear,
  "T-45": ({ cleanRoom, run, types }) => {
    const type = RoomTypes.nameOf(cleanRoom, Heard.value(types))
    if (type === undefined || run === undefined) return unseen
    return RoomTypes.isConfidential(type) && isFailure(run)
      ? found("likely", `The run of ${when(run)} failed, in a Confidential Computing clean room.`)
      : clear
  },
  "T-46": ({ run }) =>
    run === undefined
      ? unseen
      : run.status === "QUEUED" || run.status === "PROCESSING"
      ? found("likely", `The run of ${when(run)} is ${run.status}: its files are not complete.`)
      : found("fact", `The run of ${when(run)} is ${Text.clean(run.status ?? "?", 40)}.`),
  "T-47": hasRunAs("NO_NEW_USERS", (run) => `The run of ${when(run)} ended as NO_NEW_USERS (${counts(run)}).`),
  "T-48": hasRunAs("THRESHOLD_WARNING", (run) => `The run of ${when(run)} ended as THRESHOLD_WARNING (${counts(run)}).`)
}

const submitted = ({ submitTime }: ExportJobRun) => Date.parse(submitTime ?? "") || 0

/**
 * Looks into an export job, by the run that is named or the latest.
 *
 * @since 0.1.0
 * @category constructors
 */
export const investigateJob = Effect.fn("Troubleshoot.export")(function*(placed: PlacedJob, runId: string | undefined) {
  const habu = yield* HabuClient
  const heard = yield* Effect.all({
    runs: Reading.attempt(
      "export runs",
      Effect.map(
        habu.getDataExportJobRuns({ path: { exportJobId: placed.job.ID ?? "" } }),
        ({ jobRunsByDate }) =>
          (jobRunsByDate ?? []).flatMap(({ jobRuns }) => jobRuns ?? []).sort((a, b) => submitted(b) - submitted(a))
      )
    ),
    types: Reading.attempt("clean room types", habu.getCleanroomTypes({}))
  }, { concurrency: "unbounded" })
  const runs = Heard.value(heard.runs) ?? []
  const run = runId === undefined ? runs[0] : runs.find(({ id }) => id === runId.trim())
  const evidence: JobEvidence = { ...placed, ...heard, run, now: yield* Clock.currentTimeMillis }
  return {
    checks: [
      {
        check: "export job",
        result: placed.job.status === "PAUSED" ? "problem" : "ok",
        found: Text.clean(placed.job.status ?? "status not told", 40)
      },
      {
        check: "destination in the clean room",
        result: notApproved(placed.job.partnerAccountCrChannelStatus) ? "problem" : "ok",
        found: Text.clean(placed.job.partnerAccountCrChannelStatus ?? "not told", 40)
      },
      ...Heard.check("runs of the export", heard.runs, (all) => ({
        result: run === undefined ? "note" : isFailure(run) ? "problem" : "note",
        found: run === undefined
          ? `${all.length}, none looked at`
          : `${all.length}; looked at that of ${when(run)}: ${Text.clean(run.status ?? "?", 40)}${
            run.errorMessage === undefined ? "" : `, ${quoted(run.errorMessage)}`
          }`
      }))
    ],
    ...detect(jobDetectors, evidence),
    errors: Heard.errors(Object.values(heard)),
    facts: { export_job: placed.job.ID ?? "", export_run: run?.id ?? "", export_run_status: run?.status ?? "" }
  } satisfies Investigation
})

interface DestinationEvidence {
  readonly places: ReadonlyArray<PlacedDestination>
  readonly now: number
}

const failedSetUp = ({ destination }: PlacedDestination) => destination.partnerAccount?.configStatus === "CONFIG_FAILED"

const destinationDetectors: Detectors<DestinationEvidence> = {
  "T-44": ({ places }) => {
    const open = places.filter(({ destination }) => notApproved(destination.channelStatus))
    return open.length === 0 ? clear : found(
      "proven",
      open.map(({ cleanRoom, destination }) =>
        `In ${Words.title(cleanRoom)} it stands at ${Text.clean(destination.channelStatus ?? "", 40)}${
          destination.ownership === undefined ? "" : ` (brought in by: ${Text.clean(destination.ownership, 20)})`
        }.`
      ).join(" ")
    )
  },
  "T-32": ({ places }) => {
    const bad = places.find(failedSetUp)
    const message = bad?.destination.partnerAccount?.errorMessage
    return message !== undefined && /\bkms\b|access denied|accessdenied/i.test(message)
      ? found(/\bkms\b/i.test(message) ? "likely" : "fact", `Its set-up failed: ${quoted(message)}.`)
      : clear
  },
  "T-36": ({ now, places }) => {
    const over = places.filter(({ cleanRoom }) => Preflight.isExpired(cleanRoom, now))
    return over.length > 0 && over.length === places.length
      ? found("proven", `The clean room ${over.map(({ cleanRoom }) => Words.title(cleanRoom)).join(", ")} has ended.`)
      : clear
  }
}

/**
 * Looks into a destination by how it stands in the clean rooms that it was brought into.
 *
 * @since 0.1.0
 * @category constructors
 */
export const investigateDestination = (places: ReadonlyArray<PlacedDestination>, now: number): Investigation => ({
  checks: places.flatMap(({ cleanRoom, destination }) => [{
    check: `destination in ${Words.title(cleanRoom)}`,
    result: notApproved(destination.channelStatus) ? "problem" as const : "ok" as const,
    found: [
      destination.channelStatus,
      destination.partnerAccount?.configStatus,
      destination.partnerAccount?.errorMessage
    ].filter((text) => text !== undefined && text !== "").map((text) => Text.clean(text ?? "", 120)).join(", ")
  }]),
  ...detect(destinationDetectors, { places, now }),
  errors: [],
  facts: { destination: places[0]?.destination.partnerAccount?.ID ?? "" }
})
