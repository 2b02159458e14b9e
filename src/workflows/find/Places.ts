/**
 * Where to look: the clean rooms that are meant, and the questions in them.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type Known, known, type Placed } from "../../habu/HabuDirectory.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import { type Asked, nouns, usualLimit } from "./Asked.js"
import * as Chosen from "./Chosen.js"
import { certain, gather, type Gathered } from "./Gathered.js"

/**
 * The clean room that is given, or all (operation `getAllCleanrooms`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const cleanRooms = Effect.fnUntraced(function*(asked: Asked) {
  const reference = Words.given(asked.clean_room)
  if (reference !== undefined) {
    return certain([yield* Effect.flatMap(HabuDirectory, (directory) => directory.cleanRoom(reference))])
  }
  const { observed } = yield* HabuClient
  const read = Reading.listed((urlParams) => observed.getAllCleanrooms({ urlParams }))
  return yield* gather([{ part: "clean rooms", read: Reading.mapped(read, known) }])
})

/**
 * What an empty list of clean rooms calls for saying; nothing where it is not empty, or could not be read.
 *
 * @since 0.1.0
 * @category getters
 */
export const nothingSeen = ({ heard, items }: Gathered<unknown>): ReadonlyArray<string> =>
  heard && items.length === 0 ? [Words.noCleanRooms] : []

/**
 * The question that is given, in the clean room that is given or in any.
 *
 * @since 0.1.0
 * @category constructors
 */
export const question = Effect.fnUntraced(function*(asked: Asked, reference: string) {
  const directory = yield* HabuDirectory
  const cleanRoom = Words.given(asked.clean_room)
  return yield* directory.question(
    reference,
    cleanRoom === undefined ? undefined : yield* directory.cleanRoom(cleanRoom)
  )
})

/**
 * The questions of clean rooms, with the age of both (operation `getAllCleanroomQuestions`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const questions = Effect.fnUntraced(function*(rooms: Gathered<Known<CleanRoom>>) {
  const { observed } = yield* HabuClient
  if (rooms.items.length === 0) return { ...rooms, items: [] } satisfies Gathered<Placed>
  const gathered = yield* gather(rooms.items.map((cleanRoom) => ({
    part: "questions",
    cleanRoom,
    read: Reading.mapped(
      Reading.listed((urlParams) =>
        observed.getAllCleanroomQuestions({ path: { cleanroomId: cleanRoom.id }, urlParams })
      ),
      (found) => known(found).map((question): Placed => ({ question, cleanRoom }))
    )
  })))
  return { ...gathered, staleSince: Reading.oldest([rooms.staleSince, gathered.staleSince]) }
})

const whichCleanRoom = (asked: Asked, rooms: ReadonlyArray<CleanRoom>): Answer.Answer => {
  const noun = nouns[asked.kind]
  const { clean_room: _, ...again } = asked
  return Workflow.compact({
    status: "needs_input" as const,
    summary: `In which clean room? The ${noun}s are those of one clean room, and there are ${rooms.length}.`,
    options: rooms.slice(0, usualLimit).map(Words.reference),
    next_steps: rooms.slice(0, Answer.offered).map((room) =>
      Answer.thenFind({ ...again, clean_room: Words.handle(room) }, `The ${noun}s in ${Words.title(room)}.`)
    )
  })
}

/**
 * The one clean room to look in, and what to say where it was not given.
 *
 * @since 0.1.0
 * @category models
 */
export interface Place {
  readonly cleanRoom: Known<CleanRoom>
  readonly taken: ReadonlyArray<string>
}

/**
 * Looks in the clean room that is given, or the only one there is; otherwise asks which.
 *
 * @since 0.1.0
 * @category combinators
 */
export const inCleanRoom = <A extends Answer.Answer, E, R>(
  asked: Asked,
  look: (place: Place) => Effect.Effect<A, E, R>
) =>
  Effect.gen(function*() {
    const rooms = yield* cleanRooms(asked)
    const [only] = rooms.items
    if (only === undefined) {
      return Answer.make(asked, rooms, Chosen.nothing, {
        lists: {},
        warnings: nothingSeen(rooms),
        nextSteps: [Answer.lookIntoConnection]
      })
    }
    if (rooms.items.length > 1) return whichCleanRoom(asked, rooms.items)
    const isTaken = Words.given(asked.clean_room) === undefined
    return yield* look({
      cleanRoom: only,
      taken: isTaken ? [`Taken as the clean room: ${Words.title(only)}, the only one.`] : []
    })
  })

/**
 * The next call for something else in the same clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const alsoHere = (kind: Asked["kind"], cleanRoom: CleanRoom, why: string): Workflow.NextStep =>
  Answer.thenFind({ kind, clean_room: Words.handle(cleanRoom) }, why)
