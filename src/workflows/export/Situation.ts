/**
 * How exports stand in a clean room: whether it has them, its destinations, and its export jobs.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom, CleanRoomType } from "../../habu/api/CleanRooms.js"
import type { CleanroomProvisionedDestination, PartnerAccount } from "../../habu/api/Destinations.js"
import type { DataExportJob } from "../../habu/api/Exports.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, type Named, pages } from "../../habu/HabuDirectory.js"
import * as Preflight from "../question/Preflight.js"
import * as Reading from "../Reading.js"
import * as RoomTypes from "../troubleshoot/RoomTypes.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * One thing that an export needs, and whether it is so.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Check = Schema.Struct({
  check: Schema.String,
  result: Schema.Literal("ok", "blocked", "unknown"),
  detail: Schema.String
})

export interface Check extends Schema.Schema.Type<typeof Check> {}

/**
 * A destination.
 *
 * @since 0.1.0
 * @category models
 */
export interface Destination extends Known<Named> {
  readonly account: PartnerAccount
}

/**
 * A destination in a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface Placed extends Destination {
  readonly place: CleanroomProvisionedDestination
}

/**
 * An export job.
 *
 * @since 0.1.0
 * @category models
 */
export interface Job extends Known<Named> {
  readonly job: DataExportJob
}

const named = (account: PartnerAccount) => Workflow.compact({ id: account.ID, name: account.name, account })

// Habu gives no more at once.
const pageSize = 100

/**
 * The organisation's own destinations (operation `listDestinations`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const ownDestinations = Effect.flatMap(HabuClient, (habu) =>
  Effect.map(
    pages(
      (urlParams) => Effect.map(habu.listDestinations({ urlParams }), ({ partnerAccounts = [] }) => partnerAccounts),
      pageSize
    ),
    (accounts): ReadonlyArray<Destination> => known(accounts.map(named))
  ))

/**
 * The destinations in a clean room, everyone's (operation `listCleanroomDestinations`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const destinationsIn = (cleanroomId: string) =>
  Effect.flatMap(HabuClient, (habu) =>
    Effect.map(
      pages(
        (urlParams) =>
          Effect.map(
            habu.listCleanroomDestinations({ path: { cleanroomId }, urlParams }),
            ({ partnerAccounts = [] }) => partnerAccounts
          ),
        pageSize
      ),
      (places): ReadonlyArray<Placed> =>
        known(
          places.map((place) => ({ ...named(place.partnerAccount ?? {}), account: place.partnerAccount ?? {}, place }))
        )
    ))

/**
 * Export jobs by their names; those without an id are left out.
 *
 * @since 0.1.0
 * @category constructors
 */
export const jobsOf = (jobs: ReadonlyArray<DataExportJob>): ReadonlyArray<Job> =>
  known(jobs.map((job) => Workflow.compact({ id: job.ID, name: job.name, job })))

/**
 * The export jobs in a clean room (operation `getAllDataExportJobs`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const jobsIn = (cleanroomId: string) =>
  Effect.flatMap(HabuClient, (habu) => Effect.map(habu.getAllDataExportJobs({ path: { cleanroomId } }), jobsOf))

/**
 * What was read of a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface Situation {
  readonly cleanRoom: Known<CleanRoom>
  readonly own: Reading.Outcome<ReadonlyArray<Destination>>
  readonly placed: Reading.Outcome<ReadonlyArray<Placed>>
  readonly jobs: Reading.Outcome<ReadonlyArray<Job>>
  readonly types: Reading.Outcome<ReadonlyArray<CleanRoomType>>
  readonly now: number
}

/**
 * Reads how exports stand in a clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("Situation.read")(function*(cleanRoom: Known<CleanRoom>) {
  const habu = yield* HabuClient
  const parts = yield* Effect.all({
    own: Reading.attempt("destinations of the organisation", ownDestinations),
    placed: Reading.attempt("destinations in the clean room", destinationsIn(cleanRoom.id)),
    jobs: Reading.attempt("exports", jobsIn(cleanRoom.id)),
    types: Reading.attempt("clean room types", habu.getCleanroomTypes({}))
  }, { concurrency: "unbounded" })
  return { cleanRoom, ...parts, now: yield* Clock.currentTimeMillis } satisfies Situation
})

/**
 * What was answered; nothing where it was not.
 *
 * @since 0.1.0
 * @category getters
 */
export const answered = <A>(outcome: Reading.Outcome<ReadonlyArray<A>>): ReadonlyArray<A> =>
  outcome._tag === "Answered" ? outcome.value : []

/**
 * A part that a write rests on, or why it could not be read.
 *
 * @since 0.1.0
 * @category getters
 */
export const needed = <A>(outcome: Reading.Outcome<A>) =>
  outcome._tag === "Answered" ? Effect.succeed(outcome.value) : Effect.fail(outcome.error)

const withheld = (part: string, outcome: Reading.Outcome<unknown>): ReadonlyArray<string> =>
  outcome._tag === "Answered"
    ? []
    : [`${part}: ${outcome._tag === "Denied" ? "denied" : "not answered"}. ${outcome.error.message}`]

/**
 * The parts that Habu denied or did not answer.
 *
 * @since 0.1.0
 * @category getters
 */
export const unseen = ({ jobs, own, placed }: Situation): ReadonlyArray<string> => [
  ...withheld("destinations of the organisation", own),
  ...withheld("destinations in the clean room", placed),
  ...withheld("exports", jobs)
]

/**
 * Whether a destination is the organisation's own; undefined where that cannot be seen.
 *
 * @since 0.1.0
 * @category guards
 */
export const isOurs = ({ own }: Situation, { id }: { readonly id: string }): boolean | undefined =>
  own._tag === "Answered" ? own.value.some((one) => one.id === id) : undefined

/**
 * How a destination stands in a clean room. Habu names the states freely; these are read from `ACTIVE_CHANNEL`,
 * `PENDING_CHANNEL` and the like.
 *
 * @since 0.1.0
 * @category models
 */
export type Standing = "approved" | "waiting" | "rejected" | "unknown"

/**
 * @since 0.1.0
 * @category getters
 */
export const standing = ({ place: { channelStatus = "" } }: Placed): Standing =>
  /reject|declin|denied/i.test(channelStatus)
    ? "rejected"
    : /pending/i.test(channelStatus)
    ? "waiting"
    : /^active/i.test(channelStatus)
    ? "approved"
    : "unknown"

const typeOf = (situation: Situation) =>
  RoomTypes.nameOf(
    situation.cleanRoom,
    situation.types._tag === "Answered" ? situation.types.value : undefined
  )

/**
 * Whether the clean room is one for confidential computing.
 *
 * @since 0.1.0
 * @category guards
 */
export const isConfidential = (situation: Situation): boolean => RoomTypes.isConfidential(typeOf(situation) ?? "")

const openCheck = ({ cleanRoom, now }: Situation): Check =>
  Preflight.isExpired(cleanRoom, now)
    ? {
      check: "clean room open",
      result: "blocked",
      detail: `It ended on ${Words.moment(cleanRoom.endAt)} and is read-only until its owner sets a later end date.`
    }
    : { check: "clean room open", result: "ok", detail: "It has not ended." }

const typeCheck = (situation: Situation): Check => {
  const type = typeOf(situation)
  const check = "clean room type"
  if (type === undefined) return { check, result: "unknown", detail: "Habu does not tell of which type it is." }
  return RoomTypes.hasExports(type)
    ? { check, result: "ok", detail: `${Words.said(type, 50)} clean rooms have exports.` }
    : {
      check,
      result: "blocked",
      detail: `${Words.said(type, 50)} clean rooms have no exports (Hybrid and Confidential Computing ones do); ` +
        "read the results instead."
    }
}

/**
 * Whether the owner has switched exports on (ENABLE_EXPORT, the one setting that Habu shows).
 *
 * @since 0.1.0
 * @category getters
 */
export const enabledCheck = ({ cleanRoom }: Situation): Check => {
  const check = "exports enabled"
  const enabled = cleanRoom.cleanRoomParameters?.["ENABLE_EXPORT"]?.toLowerCase()
  if (enabled === "true") return { check, result: "ok", detail: "Its owner has switched exports on." }
  if (enabled === undefined) return { check, result: "unknown", detail: "Habu does not show ENABLE_EXPORT here." }
  return {
    check,
    result: "blocked",
    detail:
      `Exports are switched off. Only an administrator of its owner, ${
        Words.said(cleanRoom.ownerOrganization) ?? "which Habu does not name"
      }, can switch them on, since results then leave the clean room: with manage_cleanroom_lifecycle, action update, ` +
      "adding export to enable, or in Habu's UI. It is never done on the side."
  }
}

/**
 * What any export from the clean room needs.
 *
 * @since 0.1.0
 * @category getters
 */
export const roomChecks = (situation: Situation): ReadonlyArray<Check> => [
  openCheck(situation),
  typeCheck(situation),
  enabledCheck(situation)
]

/**
 * Whether a destination's own set-up works.
 *
 * @since 0.1.0
 * @category getters
 */
export const setUpCheck = ({ account: { configStatus, errorMessage }, name }: Destination): Check => {
  const check = `set-up of ${Words.said(name) ?? "the destination"}`
  switch (configStatus) {
    case "CONFIG_CONFIGURED":
      return { check, result: "ok", detail: "It works." }
    case "CONFIG_PENDING":
      return { check, result: "blocked", detail: "Habu is still checking it; that takes some minutes." }
    case "CONFIG_FAILED":
      return {
        check,
        result: "blocked",
        detail: `It failed${
          errorMessage === undefined || errorMessage === "" ? "" : `: ${JSON.stringify(Words.said(errorMessage, 200))}`
        }. Give it a credential that works, in Habu's UI.`
      }
    default:
      return { check, result: "unknown", detail: `Habu calls it ${Words.said(configStatus, 40) ?? "nothing"}.` }
  }
}
