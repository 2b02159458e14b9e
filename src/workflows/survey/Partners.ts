/**
 * How far a clean room's partners are: who accepted, with how many people, datasets and assignments, and what is theirs
 * to do.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { InvitationDetail } from "../../habu/api/Partners.js"
import * as Text from "../../habu/Text.js"
import type { SurveyedCleanRoom } from "../Survey.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import { isHeard, itemsOf } from "./Parts.js"
import * as Records from "./Records.js"

/**
 * A partner that joined. `datasets` and `assigned_macros` are left out where Habu does not show them.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Partner = Schema.Struct({
  name: Schema.String,
  users: Workflow.maybe(Schema.Number),
  datasets: Workflow.maybe(Schema.Number),
  assigned_macros: Workflow.maybe(Schema.Number),
  open_macros: Workflow.maybe(Schema.Number),
  last_activity: Workflow.maybe(Schema.String)
})

export interface Partner extends Schema.Schema.Type<typeof Partner> {}

/**
 * An invitation and how long it has waited, in days.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Invitation = Schema.Struct({
  email: Schema.String,
  status: Schema.String,
  waiting_days: Workflow.maybe(Schema.Number),
  meaning: Schema.String
})

export interface Invitation extends Schema.Schema.Type<typeof Invitation> {}

const day = 86_400_000

const same = (a: string | undefined, b: string | undefined) => Text.folded(a ?? "") === Text.folded(b ?? "")

/**
 * The organisations that joined, by name: the partners where they may be seen, else what the clean room itself tells.
 *
 * @since 0.1.0
 * @category getters
 */
export const names = (room: SurveyedCleanRoom): ReadonlyArray<string> => {
  const told = isHeard(room.partners)
    ? itemsOf(room.partners).map(({ name }) => name)
    : room.cleanRoom.partners ?? []
  return told.map((name) => Words.said(name, 80)).filter((name) => name !== undefined)
}

const macrosOf = (room: SurveyedCleanRoom, name: string) =>
  room.questions.flatMap(({ macros }) => itemsOf(macros)).filter(({ organization }) => same(organization, name))

/**
 * The partners that joined.
 *
 * @since 0.1.0
 * @category constructors
 */
export const joined = (room: SurveyedCleanRoom): ReadonlyArray<Partner> => {
  const heardMacros = room.questions.some(({ macros }) => isHeard(macros))
  return names(room).map((name) => {
    const partner = itemsOf(room.partners).find((one) => same(one.name, name))
    const people = partner?.cleanRoomUsers ?? []
    const macros = macrosOf(room, name)
    const accepted = itemsOf(room.invitations).find(({ partnerOrganizationId = "" }) =>
      partnerOrganizationId !== "" && partnerOrganizationId === partner?.partnerOrganizationId
    )
    const times = [
      ...people.flatMap(({ timeAudit }) => [timeAudit?.createdAt, timeAudit?.updatedAt].map(Records.millisOf)),
      ...macros.map(({ assignedAt }) => assignedAt),
      Records.millisOf(accepted?.timeAudit?.updatedAt)
    ].filter((time) => time !== undefined)
    return Workflow.compact({
      name,
      users: partner === undefined ? undefined : partner.userCount ?? people.length,
      datasets: isHeard(room.datasets)
        ? itemsOf(room.datasets).filter(({ organizationName }) => same(organizationName, name)).length
        : undefined,
      assigned_macros: heardMacros ? macros.filter(({ assigned }) => assigned).length : undefined,
      open_macros: heardMacros ? macros.filter(({ assigned }) => !assigned).length : undefined,
      last_activity: times.length === 0 ? undefined : Words.iso(Math.max(...times))
    })
  })
}

const word = (status: string | undefined) => status?.trim().toUpperCase() ?? ""

/**
 * Whether an invitation was accepted, and the account that the partner needs is there.
 *
 * @since 0.1.0
 * @category guards
 */
export const isSettled = ({ Status, partnerOrganizationId = "" }: InvitationDetail): boolean =>
  word(Status) === "ACCEPTED" && partnerOrganizationId !== ""

const meanings: { readonly [status: string]: string } = {
  PENDING: "The invited person has not answered yet.",
  ACCEPTED: "Accepted, but linked to no organisation yet: LiveRamp may still be making the account.",
  DECLINED: "The invited person declined: cancel it, and invite again only once that is agreed.",
  DECLINED_BY_ADMIN: "An administrator declined it: ask why before inviting again.",
  REQUEST_SENT_ADMIN: "Habu waits for an administrator, probably for the partner's account.",
  IN_PROGRESS: "Under way at Habu, probably the making of the partner's account."
}

/**
 * The invitations that have not led to a partner.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (room: SurveyedCleanRoom, now: number): ReadonlyArray<Invitation> =>
  itemsOf(room.invitations).filter((invitation) => !isSettled(invitation)).map((invitation) => {
    const status = word(invitation.Status)
    const since = Records.millisOf(
      status === "PENDING" ? invitation.timeAudit?.createdAt : invitation.timeAudit?.updatedAt
    )
    return Workflow.compact({
      email: Words.said(invitation.partnerAdminEmail) ?? "(no address)",
      status: Words.said(invitation.Status, 40) ?? "UNKNOWN",
      waiting_days: since === undefined || status.startsWith("DECLINED")
        ? undefined
        : Math.max(0, Math.floor((now - since) / day)),
      meaning: meanings[status] ?? "Habu does not say what this status means."
    })
  })
