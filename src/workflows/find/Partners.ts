/**
 * Finding the partners of a clean room, also those who were invited and have not accepted.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoomPartnerResponse, InvitationDetail } from "../../habu/api/Partners.js"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose, present } from "./Chosen.js"
import { gather } from "./Gathered.js"
import * as Places from "./Places.js"

/**
 * A partner in the list, or an invitation that is not accepted.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  accepted: Schema.Boolean,
  organization_id: Workflow.maybe(Schema.String),
  user_count: Workflow.maybe(Schema.Number),
  users: Workflow.maybe(Schema.Array(Schema.String)),
  invited_email: Workflow.maybe(Schema.String),
  invitation_status: Workflow.maybe(Schema.String),
  invited_at: Workflow.maybe(Schema.String)
})

type Item = typeof Item.Type

const peopleShown = 5

const joined = (partner: CleanRoomPartnerResponse): Item => {
  const { cleanRoomUsers = [], partnerOrganizationId, userCount } = partner
  return Workflow.compact({
    ...Words.reference(partner),
    accepted: true,
    organization_id: Words.said(partnerOrganizationId),
    user_count: userCount ?? cleanRoomUsers.length,
    users: present(
      cleanRoomUsers.slice(0, peopleShown).map(({ user }) => Words.said(user?.name) ?? Words.said(user?.email))
    )
  })
}

const invited = ({ Status, partnerAdminEmail, timeAudit }: InvitationDetail): Item =>
  Workflow.compact({
    accepted: false,
    invited_email: Words.said(partnerAdminEmail),
    invitation_status: Words.said(Status, 50),
    invited_at: Words.moment(timeAudit?.createdAt)
  })

// Who accepted is among the partners.
const isOpen = ({ Status }: InvitationDetail) => Status !== "ACCEPTED"

const inPlace = (asked: Asked) =>
  Effect.fnUntraced(function*({ cleanRoom, taken }: Places.Place) {
    const { observed } = yield* HabuClient
    const path = { cleanroomId: cleanRoom.id }
    const partners = Reading.whole(observed.getAllCleanroomPartners({ path }))
    const invitations = Reading.whole(observed.listPartnerInvitationsForInviter({ path }))
    const gathered = yield* gather([
      { part: "partners", cleanRoom, read: Reading.mapped(partners, (all) => all.map(joined)) },
      { part: "invitations", cleanRoom, read: Reading.mapped(invitations, (all) => all.filter(isOpen).map(invited)) }
    ])
    const chosen = choose(asked, gathered.items, {
      names: ({ invited_email, name }) => [name, invited_email],
      statuses: ({ accepted, invitation_status }) => accepted ? ["accepted"] : [invitation_status, "invited"]
    })
    return Answer.make(asked, gathered, chosen, {
      lists: { partners: chosen.shown },
      scope: Answer.within(cleanRoom),
      warnings: taken,
      nextSteps: [Places.alsoHere("datasets", cleanRoom, "See what data is in the clean room.")]
    })
  })

/**
 * Finds partners (operations `getAllCleanroomPartners`, `listPartnerInvitationsForInviter`).
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = (asked: Asked) => Places.inCleanRoom(asked, inPlace(asked))
