/**
 * The parts that a survey reads, each kept with the moment it was read.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CleanRoomQuestion } from "../../habu/api/CleanRoomQuestions.js"
import type { CleanRoomStakeholder } from "../../habu/api/CleanRooms.js"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import type { CleanRoomDataset } from "../../habu/api/Datasets.js"
import type { CleanRoomPartnerResponse, InvitationDetail } from "../../habu/api/Partners.js"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../../habu/api/Schedules.js"
import type { CleanRoomUser } from "../../habu/api/Users.js"
import type * as HabuClient from "../../habu/HabuClient.js"
import { type Known, known } from "../../habu/HabuDirectory.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Records from "./Records.js"

/**
 * How Habu met a part, or that nobody has asked for it yet.
 *
 * @since 0.1.0
 * @category models
 */
export type Part<A> = Reading.Outcome<ReadonlyArray<A>> | { readonly _tag: "Pending" }

/**
 * What a part holds; nothing where it was denied, failed, or was not read yet. Ask {@link isHeard} before counting.
 *
 * @since 0.1.0
 * @category getters
 */
export const itemsOf = <A>(part: Part<A>): ReadonlyArray<A> => part._tag === "Answered" ? part.value : []

/**
 * Whether Habu answered.
 *
 * @since 0.1.0
 * @category guards
 */
export const isHeard = (part: Part<unknown>): boolean => part._tag === "Answered"

/**
 * What was not read.
 *
 * @since 0.1.0
 * @category constants
 */
export const pending: Part<never> = { _tag: "Pending" }

interface Copy<A> {
  readonly part: Part<A>
  /** When Habu said it. */
  readonly at: number
  /** From when on a list of runs was asked for. */
  readonly since: number
}

/**
 * One kind of part, by the id of what it belongs to.
 *
 * @since 0.1.0
 * @category models
 */
export interface Shelf<A> {
  readonly name: string
  readonly get: (id: string) => Part<A>
  readonly at: (id: string) => number | undefined
  /** Whether a copy is as new and as long as wanted. A part that was not answered never is. */
  readonly has: (id: string, since: number, freshSince: number) => boolean
  /** Reads the part and keeps it. An answer that is there already outlasts a failure. */
  readonly fetch: (id: string, since: number) => Effect.Effect<Part<A>, HabuError>
}

const shelf = <A>(
  name: string,
  read: (id: string, since: number) => Effect.Effect<Reading.Listed<A>, HabuError>
): Shelf<A> => {
  const copies = new Map<string, Copy<A>>()
  const get = (id: string): Part<A> => copies.get(id)?.part ?? pending
  return {
    name,
    get,
    at: (id) => isHeard(get(id)) ? copies.get(id)?.at : undefined,
    has: (id, since, freshSince) => {
      const copy = copies.get(id)
      return copy !== undefined && isHeard(copy.part) && copy.at >= freshSince && copy.since <= since
    },
    fetch: (id, since) =>
      Effect.gen(function*() {
        const outcome = yield* Reading.attempt(name, read(id, since))
        const now = yield* Clock.currentTimeMillis
        if (outcome._tag === "Failed" && isHeard(get(id))) return outcome
        const [part, at]: readonly [Part<A>, number] = outcome._tag === "Answered"
          ? [{ _tag: "Answered", value: outcome.value.items }, outcome.value.staleSince ?? now]
          : [outcome, now]
        copies.set(id, { part, at, since })
        return part
      })
  }
}

// Habu gives no more at once.
const runsPage = 100

const day = (millis: number) => Words.iso(millis).slice(0, 10)

/**
 * Makes the shelves of one process. Those of questions are by clean room question, `connections` by nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = ({ observed }: HabuClient.Service) => ({
  connections: shelf<DataConnectionResponse>(
    "data connections",
    () => Reading.whole(observed.getAllDataConnections({}))
  ),
  questions: shelf<Known<CleanRoomQuestion>>("questions", (cleanroomId) =>
    Reading.mapped(
      Reading.listed((urlParams) => observed.getAllCleanroomQuestions({ path: { cleanroomId }, urlParams })),
      known
    )),
  datasets: shelf<CleanRoomDataset>(
    "datasets",
    (cleanroomId) => Reading.whole(observed.getCleanroomDatasets({ path: { cleanroomId } }))
  ),
  partners: shelf<CleanRoomPartnerResponse>(
    "partners",
    (cleanroomId) => Reading.whole(observed.getAllCleanroomPartners({ path: { cleanroomId } }))
  ),
  invitations: shelf<InvitationDetail>(
    "invitations",
    (cleanroomId) => Reading.whole(observed.listPartnerInvitationsForInviter({ path: { cleanroomId } }))
  ),
  users: shelf<CleanRoomUser>(
    "users",
    (cleanroomId) => Reading.whole(observed.getCleanroomUsers({ path: { cleanroomId }, urlParams: {} }))
  ),
  stakeholders: shelf<CleanRoomStakeholder>(
    "organisations",
    (cleanroomId) => Reading.whole(observed.getCleanroomStakeholders({ path: { cleanroomId } }))
  ),
  macros: shelf<Records.MacroRecord>("assigned datasets", (cleanroomQuestionId) =>
    Reading.mapped(
      Reading.whole(observed.getAllCleanroomQuestionDatasets({ path: { cleanroomQuestionId } })),
      (all) => all.map(Records.ofMacro)
    )),
  // Whether Habu keeps to startDate is not known, so the runs before are left out here too.
  runs: shelf<Records.RunRecord>("runs", (cleanroomQuestionId, since) =>
    Reading.mapped(
      Reading.listed((page) =>
        observed.getAllCleanroomQuestionRuns({
          path: { cleanroomQuestionId },
          urlParams: { startDate: day(since), ...page }
        }), runsPage),
      (all) => all.map(Records.ofRun).filter(({ submittedAt }) => submittedAt === undefined || submittedAt >= since)
    )),
  schedules: shelf<Schedule>(
    "schedules",
    (cleanroomQuestionId) => Reading.whole(observed.getCleanroomQuestionRunSchedules({ path: { cleanroomQuestionId } }))
  )
})

/**
 * Everything that a process has read so far.
 *
 * @since 0.1.0
 * @category models
 */
export type Shelves = ReturnType<typeof make>
