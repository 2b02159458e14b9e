/**
 * Finding questions, in one clean room or in all.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Placed } from "../../habu/HabuDirectory.js"
import * as Preflight from "../question/Preflight.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose, word } from "./Chosen.js"
import { certain, gather } from "./Gathered.js"
import * as Places from "./Places.js"

/**
 * A question in the list, with the clean room it stands in.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  clean_room: Schema.String,
  clean_room_expired: Workflow.maybe(Schema.Boolean),
  ready: Schema.Boolean,
  status: Workflow.maybe(Schema.String),
  type: Workflow.maybe(Schema.String),
  category: Workflow.maybe(Schema.String),
  owner: Workflow.maybe(Schema.String),
  created: Workflow.maybe(Schema.String)
})

const isReady = ({ question }: Placed) => word(question.status) === "ready"

const placed = Effect.fnUntraced(function*(asked: Asked) {
  const reference = Words.given(asked.question)
  if (reference === undefined) {
    const rooms = yield* Places.cleanRooms(asked)
    return { rooms, gathered: yield* Places.questions(rooms) }
  }
  const one = yield* Places.question(asked, reference)
  return { rooms: certain([one.cleanRoom]), gathered: certain([one]) }
})

// A question names its owner by id only; the stakeholders of a clean room it is in know the name.
const ownerNames = Effect.fnUntraced(function*(shown: ReadonlyArray<Placed>) {
  const { observed } = yield* HabuClient
  const places = new Map(shown.map(({ cleanRoom, question }) => [question.ownerOrganizationId ?? "", cleanRoom.id]))
  const { items } = yield* gather(
    [...new Set(places.values())].map((cleanroomId) => ({
      part: "stakeholders",
      read: Reading.whole(observed.getCleanroomStakeholders({ path: { cleanroomId } }))
    }))
  ).pipe(Effect.orElseSucceed(() => certain([])))
  return new Map(items.map(({ organizationId, organizationName }) => [organizationId, Words.said(organizationName)]))
})

const item =
  (now: number, owners: ReadonlyMap<string | undefined, string | undefined>) =>
  ({ cleanRoom, question }: Placed): typeof Item.Type =>
    Workflow.compact({
      ...Words.reference(question),
      clean_room: Words.title(cleanRoom),
      clean_room_expired: Preflight.isExpired(cleanRoom, now) ? true : undefined,
      ready: isReady({ cleanRoom, question }),
      status: Words.said(question.status, 50),
      type: Words.said(question.questionType, 50),
      category: Words.said(question.category, 80),
      owner: owners.get(question.ownerOrganizationId) ?? Words.said(question.ownerOrganizationId),
      created: Words.moment(question.createdOn)
    })

const next = (now: number, shown: ReadonlyArray<Placed>): ReadonlyArray<Workflow.NextStep> => {
  const ready = shown.find((one) => isReady(one) && !Preflight.isExpired(one.cleanRoom, now))
  const first = ready ?? shown[0]
  if (first === undefined) return []
  const question = Words.handle(first.question)
  return [
    Answer.thenExecute(
      { question, dry_run: true },
      ready === undefined ? "See what the question lacks." : "See what a run needs; nothing is started."
    ),
    Answer.thenFind({ kind: "runs", question }, "See its runs.")
  ]
}

/**
 * Finds questions. Their status may be asked for as not ready, too.
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const now = yield* Clock.currentTimeMillis
  const { gathered, rooms } = yield* placed(asked)
  const chosen = choose(asked, gathered.items, {
    names: ({ question }) => [question.name],
    statuses: (one) => [one.question.status, isReady(one) ? undefined : "not ready"]
  })
  const owners = yield* ownerNames(chosen.shown)
  const [room] = rooms.items
  return Answer.make(asked, gathered, chosen, {
    lists: { questions: chosen.shown.map(item(now, owners)) },
    scope: Words.given(asked.clean_room) !== undefined && room ? Answer.within(room) : {},
    warnings: Places.nothingSeen(rooms),
    nextSteps: room === undefined ? [Answer.lookIntoConnection] : next(now, chosen.shown)
  })
})
