/**
 * Invitations to a clean room: how far each has come, how long it has waited, and whose turn it is.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { InvitationDetail } from "../../habu/api/Partners.js"
import * as Text from "../../habu/Text.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * An invitation in an answer.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  email: Schema.String,
  invitation_status: Schema.String,
  sent_at: Workflow.maybe(Schema.String),
  waiting_days: Workflow.maybe(Schema.Number),
  whose_turn: Workflow.maybe(Schema.String),
  what_to_do: Workflow.maybe(Schema.String)
})

export interface View extends Schema.Schema.Type<typeof View> {}

const day = 86_400_000
// Habu says nothing of how long people take; after these, asking is due.
const patient = 3
const silent = 7

/**
 * Whether two addresses are one: blanks and case do not count.
 *
 * @since 0.1.0
 * @category guards
 */
export const isTo = (email: string) => ({ partnerAdminEmail }: InvitationDetail): boolean =>
  Text.folded(partnerAdminEmail ?? "") === Text.folded(email)

const statusOf = ({ Status }: InvitationDetail) => (Status ?? "INVITE_STATUS_UNKNOWN").toUpperCase()

/**
 * Accepted by the partner.
 *
 * @since 0.1.0
 * @category guards
 */
export const isAccepted = (invitation: InvitationDetail): boolean => statusOf(invitation) === "ACCEPTED"

/**
 * Refused by the partner or its administrator.
 *
 * @since 0.1.0
 * @category guards
 */
export const isDeclined = (invitation: InvitationDetail): boolean => statusOf(invitation).startsWith("DECLINED")

/**
 * Sent and not answered.
 *
 * @since 0.1.0
 * @category guards
 */
export const isWaiting = (invitation: InvitationDetail): boolean => !isAccepted(invitation) && !isDeclined(invitation)

/**
 * When it was sent, in milliseconds since the epoch; undefined where Habu does not tell.
 *
 * @since 0.1.0
 * @category getters
 */
export const sentAt = ({ timeAudit }: InvitationDetail): number | undefined => {
  const at = Date.parse(Words.moment(timeAudit?.createdAt) ?? "")
  return Number.isFinite(at) ? at : undefined
}

const turn = (invitation: InvitationDetail, days: number | undefined): Pick<View, "whose_turn" | "what_to_do"> => {
  if (isAccepted(invitation)) return {}
  if (isDeclined(invitation)) {
    return {
      whose_turn: "yours",
      what_to_do: "Find out why, then invite again with action reinvite, or invite someone else."
    }
  }
  if (statusOf(invitation) !== "PENDING") {
    return {
      whose_turn: "LiveRamp's or the partner's administrator's",
      what_to_do:
        "Probably the partner's account is being made or approved; ask LiveRamp if it takes more than a few " +
        "days."
    }
  }
  if (days === undefined || days < patient) {
    return { whose_turn: "the partner's", what_to_do: "Wait; the partner accepts in Habu under Inbound Invitations." }
  }
  return {
    whose_turn: "the partner's",
    what_to_do: days < silent
      ? "Ask the partner by another way whether the mail arrived; it may be in spam."
      : "Check the address and that the person has a Habu or LiveRamp account, without which no mail arrives; then " +
        "use action reinvite."
  }
}

/**
 * Shows an invitation as of `now`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const view = (invitation: InvitationDetail, now: number): View => {
  const at = sentAt(invitation)
  const days = at === undefined ? undefined : Math.max(0, Math.floor((now - at) / day))
  return Workflow.compact({
    email: Words.said(invitation.partnerAdminEmail) ?? "unknown",
    invitation_status: Words.said(statusOf(invitation), 50) ?? "unknown",
    sent_at: Words.moment(invitation.timeAudit?.createdAt),
    waiting_days: isWaiting(invitation) ? days : undefined,
    ...turn(invitation, days)
  })
}

/**
 * Whether it was sent within the last day, so that sending it again would only be a second mail.
 *
 * @since 0.1.0
 * @category guards
 */
export const isFresh = (invitation: InvitationDetail, now: number): boolean => {
  const at = sentAt(invitation)
  return at !== undefined && now - at < day
}
