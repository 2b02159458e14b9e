/**
 * Putting a clean room and what moves in it on the watch list, and taking it off.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Run from "../../runs/Run.js"
import type { SurveyedCleanRoom } from "../Survey.js"
import * as Findings from "../survey/Findings.js"
import * as Partners from "../survey/Partners.js"
import { itemsOf } from "../survey/Parts.js"
import { type Thing, WatchList } from "../WatchList.js"

interface Watchable {
  readonly thing: Thing
  readonly state?: string
}

const named = (name: string | undefined) => name === undefined ? {} : { name }

// What is over moves no more: only invitations without an answer, runs under way and schedules that start runs.
const moving = ({ cleanRoom, invitations, questions }: SurveyedCleanRoom, now: number): ReadonlyArray<Watchable> => [
  { thing: { kind: "clean_room", id: cleanRoom.id, ...named(cleanRoom.name) } },
  ...itemsOf(invitations).filter((invitation) => !Partners.isSettled(invitation)).flatMap(
    ({ id, partnerAdminEmail, Status }) =>
      id === undefined ? [] : [{
        thing: { kind: "invitation" as const, id, cleanRoomId: cleanRoom.id, ...named(partnerAdminEmail) },
        ...(Status !== undefined && { state: Status })
      }]
  ),
  ...questions.flatMap(({ question, runs, schedules }) => [
    ...itemsOf(runs).filter(({ phase }) => !Run.isOver(phase)).flatMap(({ id }) =>
      id === undefined
        ? []
        : [{ thing: { kind: "run" as const, id, cleanRoomId: cleanRoom.id, ...named(question.name) } }]
    ),
    ...itemsOf(schedules).filter((schedule) => Findings.isActive(schedule, now)).flatMap(({ id, name }) =>
      id === undefined ? [] : [{
        thing: {
          kind: "schedule" as const,
          id,
          cleanRoomId: cleanRoom.id,
          questionId: question.id,
          ...named(name)
        }
      }]
    )
  ])
]

/**
 * Watches a clean room, its open invitations, its runs under way and its active schedules; tells how many things.
 *
 * @since 0.1.0
 * @category constructors
 */
export const begin = Effect.fn("Watching.begin")(function*(room: SurveyedCleanRoom, now: number) {
  const watchList = yield* WatchList
  const things = moving(room, now)
  yield* Effect.forEach(things, ({ state, thing }) => watchList.watch(thing, state), { discard: true })
  return things.length
})

/**
 * Watches nothing in a clean room any more; tells how many things that were.
 *
 * @since 0.1.0
 * @category constructors
 */
export const end = Effect.fn("Watching.end")(function*({ cleanRoom }: SurveyedCleanRoom) {
  const watchList = yield* WatchList
  const things = yield* watchList.watched({ cleanRoomId: cleanRoom.id })
  yield* Effect.forEach(things, watchList.unwatch, { discard: true })
  return things.length
})
