/**
 * Finding clean rooms.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import * as Preflight from "../question/Preflight.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose, present } from "./Chosen.js"
import * as Places from "./Places.js"

/**
 * A clean room in the list.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  owner: Workflow.maybe(Schema.String),
  partners: Workflow.maybe(Schema.Array(Schema.String)),
  starts: Workflow.maybe(Schema.String),
  ends: Workflow.maybe(Schema.String),
  expired: Schema.Boolean,
  status: Workflow.maybe(Schema.String)
})

const item = (now: number) => (room: CleanRoom): typeof Item.Type =>
  Workflow.compact({
    ...Words.reference(room),
    owner: Words.said(room.ownerOrganization),
    partners: present((room.partners ?? []).map((partner) => Words.said(partner))),
    starts: Words.moment(room.startAt),
    ends: Words.moment(room.endAt),
    expired: Preflight.isExpired(room, now),
    status: Words.said(room.status, 50)
  })

/**
 * Finds clean rooms. Their status may be asked for as expired or open, too.
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const now = yield* Clock.currentTimeMillis
  const isExpired = (room: CleanRoom) => Preflight.isExpired(room, now)
  const gathered = yield* Places.cleanRooms(asked)
  const chosen = choose(asked, gathered.items, {
    names: ({ name }) => [name],
    statuses: (room) => [room.status, isExpired(room) ? "expired" : "open"]
  })
  const next = chosen.shown.find((room) => !isExpired(room)) ?? chosen.shown[0]
  return Answer.make(asked, gathered, chosen, {
    lists: { clean_rooms: chosen.shown.map(item(now)) },
    warnings: Places.nothingSeen(gathered),
    nextSteps: next === undefined
      ? [Answer.lookIntoConnection]
      : [Places.alsoHere("questions", next, "See what can be asked in it.")]
  })
})
