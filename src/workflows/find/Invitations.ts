/**
 * Finding invitations, in one clean room or in all.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose } from "./Chosen.js"
import { gather } from "./Gathered.js"
import * as Places from "./Places.js"

/**
 * An invitation in the list.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  id: Workflow.maybe(Schema.String),
  email: Workflow.maybe(Schema.String),
  status: Workflow.maybe(Schema.String),
  invited_at: Workflow.maybe(Schema.String),
  invited_by: Workflow.maybe(Schema.String),
  clean_room: Workflow.maybe(Schema.String)
})

/**
 * Finds invitations (operation `listPartnerInvitationsForInviter`).
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const { observed } = yield* HabuClient
  const rooms = yield* Places.cleanRooms(asked)
  const gathered = rooms.items.length === 0 ? { ...rooms, items: [] } : yield* gather(rooms.items.map((cleanRoom) => ({
    part: "invitations",
    cleanRoom,
    read: Reading.mapped(
      Reading.whole(observed.listPartnerInvitationsForInviter({ path: { cleanroomId: cleanRoom.id } })),
      (all) => all.map((invitation) => ({ ...invitation, cleanRoom }))
    )
  })))
  const chosen = choose(asked, gathered.items, {
    names: ({ partnerAdminEmail }) => [partnerAdminEmail],
    statuses: ({ Status }) => [Status]
  })
  const [only] = rooms.items
  return Answer.make(asked, gathered, chosen, {
    lists: {
      invitations: chosen.shown.map(({ InvitorEmail, Status, cleanRoom, id, partnerAdminEmail, timeAudit }) =>
        Workflow.compact({
          id: Words.said(id),
          email: Words.said(partnerAdminEmail),
          status: Words.said(Status, 50),
          invited_at: Words.moment(timeAudit?.createdAt),
          invited_by: Words.said(InvitorEmail),
          clean_room: Words.title(cleanRoom)
        })
      )
    },
    scope: Words.given(asked.clean_room) === undefined || only === undefined ? {} : Answer.within(only),
    warnings: Places.nothingSeen(rooms),
    nextSteps: [{ tool: "onboard_partner", arguments: {}, why: "See how long each has waited, and what to do." }]
  })
})
