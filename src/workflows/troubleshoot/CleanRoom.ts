/**
 * The evidence on a clean room, its partners and people: which parts answer, who was invited, who is in it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CleanRoom, CleanRoomType } from "../../habu/api/CleanRooms.js"
import type { CleanRoomPartnerResponse, InvitationDetail } from "../../habu/api/Partners.js"
import type { CleanRoomUser, OrganizationUser } from "../../habu/api/Users.js"
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

interface Evidence {
  readonly cleanRoom: CleanRoom
  readonly parts: { readonly [name: string]: Outcome<unknown> }
  readonly users: Outcome<ReadonlyArray<CleanRoomUser>>
  readonly people: Outcome<ReadonlyArray<OrganizationUser>>
  readonly partners: Outcome<ReadonlyArray<CleanRoomPartnerResponse>>
  readonly invitations: Outcome<ReadonlyArray<InvitationDetail>>
  readonly types: Outcome<ReadonlyArray<CleanRoomType>>
  /** A mail address or a partner's name that the trouble is about. */
  readonly given: string | undefined
  readonly now: number
}

const isMail = (text: string | undefined): text is string => text !== undefined && text.includes("@")

const isSame = (a: string | undefined, b: string | undefined) => Text.folded(a ?? "") === Text.folded(b ?? "")

const denied = ({ parts }: Evidence): Verdict => {
  const all = Object.entries(parts)
  const closed = all.flatMap(([name, { _tag }]) => _tag === "Denied" ? [name] : [])
  return closed.length === 0 ? clear : found(
    "proven",
    `Habu answers 403 for ${closed.join(", ")} of this clean room, and ${
      closed.length === all.length ? "for nothing else" : "not for its other parts"
    }.`
  )
}

const ended = ({ cleanRoom, now }: Evidence): Verdict =>
  Preflight.isExpired(cleanRoom, now)
    ? found("proven", `The clean room ended on ${Text.clean(cleanRoom.endAt ?? "", 20)}.`)
    : clear

// With an address the trouble is about that one invitation.
const invitationsOf = ({ given, invitations }: Evidence) => {
  const all = Heard.value(invitations)
  return isMail(given) ? all?.filter(({ partnerAdminEmail }) => isSame(partnerAdminEmail, given)) : all
}

const address = ({ partnerAdminEmail }: InvitationDetail) => Text.clean(partnerAdminEmail ?? "?", 80)

const halfway = new Set(["REQUEST_SENT_ADMIN", "IN_PROGRESS"])

const withoutAccount = (evidence: Evidence): Verdict => {
  const all = invitationsOf(evidence)
  if (all === undefined) return unseen
  const joined = new Set(
    (Heard.value(evidence.partners) ?? []).map(({ partnerOrganizationId }) => partnerOrganizationId)
  )
  const waiting = all.filter(({ Status, partnerOrganizationId }) =>
    halfway.has(Status ?? "") ||
    (Status === "ACCEPTED" &&
      (partnerOrganizationId === undefined ||
        (evidence.partners._tag === "Answered" && !joined.has(partnerOrganizationId))))
  )
  return waiting.length === 0 ? clear : found(
    "proven",
    `${
      waiting.map((one) => `The invitation to ${address(one)} is ${Text.clean(one.Status ?? "", 30)}`).join("; ")
    }, and ${
      waiting.every(({ partnerOrganizationId }) => partnerOrganizationId === undefined)
        ? "names no organisation yet"
        : "its organisation is not among the partners"
    }.`
  )
}

const day = 86_400_000

const pending = (evidence: Evidence): Verdict => {
  const all = invitationsOf(evidence)
  if (all === undefined) return unseen
  const open = all.filter(({ Status }) => Status === "PENDING")
  if (open.length === 0) {
    return isMail(evidence.given) && all.length === 0
      ? found("fact", `No invitation to ${Text.clean(evidence.given, 80)} was sent from this clean room.`)
      : clear
  }
  const ages = open.map(({ timeAudit }) => evidence.now - Date.parse(timeAudit?.createdAt ?? ""))
  const told = open.map((one, index) => {
    const age = ages[index] ?? Number.NaN
    return `${address(one)}${Number.isFinite(age) ? ` (${Words.count(Math.floor(age / day), "day")})` : ""}`
  })
  return found(ages.some((age) => age > day) ? "likely" : "fact", `Invitations without an answer: ${told.join(", ")}.`)
}

const memberOf = ({ given, users }: Evidence) =>
  Heard.value(users)?.find(({ user }) => isSame(user?.email, given) || isSame(user?.name, given))

const alreadyIn = (evidence: Evidence): Verdict => {
  if (evidence.given === undefined || Heard.value(evidence.users) === undefined) return unseen
  const member = memberOf(evidence)
  return member === undefined ? clear : found(
    "proven",
    `${Text.clean(evidence.given, 80)} is in the clean room already, as ${Text.clean(member.role?.name ?? "?", 60)}.`
  )
}

const unknownPerson = (evidence: Evidence): Verdict => {
  const { given } = evidence
  const people = Heard.value(evidence.people)
  if (!isMail(given) || people === undefined) return unseen
  const isInvited = (invitationsOf(evidence) ?? []).length > 0
  if (isInvited || memberOf(evidence) !== undefined) return clear
  return people.some(({ user }) => isSame(user?.email, given))
    ? clear
    : found("proven", `${Text.clean(given, 80)} is none of the ${people.length} users of the organisation.`)
}

const weakRole = (evidence: Evidence): Verdict => {
  const member = memberOf(evidence) ??
    (Heard.value(evidence.partners) ?? []).flatMap(({ cleanRoomUsers }) => cleanRoomUsers ?? []).find(({ user }) =>
      isSame(user?.email, evidence.given) || isSame(user?.name, evidence.given)
    )
  if (evidence.given === undefined || member === undefined) return unseen
  return /viewer/i.test(member.role?.name ?? "")
    ? found("fact", `${Text.clean(evidence.given, 80)} has the role ${Text.clean(member.role?.name ?? "", 60)} here.`)
    : clear
}

const detectors: Detectors<Evidence> = {
  "T-04": denied,
  "T-36": ended,
  "T-37": withoutAccount,
  "T-38": pending,
  "T-39": weakRole,
  "T-41": alreadyIn,
  "T-42": unknownPerson,
  "T-43": ({ cleanRoom, types }) => RoomTypes.exporting(cleanRoom, Heard.value(types))
}

/**
 * Looks into a clean room; `given` is a mail address or a name that the trouble is about.
 *
 * @since 0.1.0
 * @category constructors
 */
export const investigate = Effect.fn("Troubleshoot.cleanRoom")(function*(
  cleanRoom: Known<CleanRoom>,
  given: string | undefined
) {
  const habu = yield* HabuClient
  const path = { cleanroomId: cleanRoom.id }
  const heard = yield* Effect.all({
    users: Reading.attempt("users", habu.getCleanroomUsers({ path, urlParams: {} })),
    partners: Reading.attempt("partners", habu.getAllCleanroomPartners({ path })),
    invitations: Reading.attempt("invitations", habu.listPartnerInvitationsForInviter({ path })),
    questions: Reading.attempt("questions", habu.getAllCleanroomQuestions({ path, urlParams: {} })),
    datasets: Reading.attempt("datasets", habu.getCleanroomDatasets({ path })),
    exports: Reading.attempt("exports", habu.getAllDataExportJobs({ path })),
    people: Reading.attempt("users of the organisation", habu.getAllOrganizationUsers({ urlParams: {} })),
    types: Reading.attempt("clean room types", habu.getCleanroomTypes({}))
  }, { concurrency: "unbounded" })
  const { people, types, ...parts } = heard
  const { invitations, partners, users } = parts
  const now = yield* Clock.currentTimeMillis
  const evidence: Evidence = { cleanRoom, parts, users, people, partners, invitations, types, given, now }
  const isOver = Preflight.isExpired(cleanRoom, now)
  return {
    checks: [
      {
        check: "end date",
        result: isOver ? "problem" : "ok",
        found: cleanRoom.endAt === undefined ? "none" : Text.clean(cleanRoom.endAt, 30)
      },
      ...Object.entries(parts).flatMap(([name, outcome]) =>
        Heard.check<ReadonlyArray<unknown>>(name, outcome, (all) => ({ result: "ok", found: String(all.length) }))
      ),
      ...Heard.check("invitations without an answer", invitations, (all) => {
        const open = all.filter(({ Status }) => Status !== "ACCEPTED")
        return {
          result: open.length === 0 ? "ok" : "note",
          found: open.length === 0
            ? "none"
            : open.slice(0, 5).map((one) => `${address(one)}: ${Text.clean(one.Status ?? "?", 30)}`).join(", ")
        }
      })
    ],
    ...detect(detectors, evidence),
    errors: Heard.errors(Object.values(heard)),
    facts: {
      clean_room: cleanRoom.id,
      clean_room_display_id: cleanRoom.displayId ?? "",
      type: RoomTypes.nameOf(cleanRoom, Heard.value(types)) ?? ""
    }
  } satisfies Investigation
})
