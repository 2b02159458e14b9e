/**
 * What an argument of a prompt or a variable of a resource template may be, as its user types it.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuDirectory, known } from "../habu/HabuDirectory.js"
import * as Text from "../habu/Text.js"
import * as ErrorCatalogue from "../workflows/ErrorCatalogue.js"
import * as Runs from "../workflows/find/Runs.js"
import * as Words from "../workflows/Words.js"
import { Documentation } from "./Documentation.js"
import { mostCompletions } from "./ResourceList.js"

type Given = { readonly [name: string]: string | undefined }

// A display id is offered to who types one: it has no spaces, at which some hosts cut.
const namesOf = (items: ReadonlyArray<{ readonly name?: string; readonly displayId?: string }>, wanted: string) =>
  items.flatMap(({ displayId, name }) => {
    const id = Words.said(displayId)
    const isTyped = id !== undefined && wanted !== "" && Text.folded(id).startsWith(wanted)
    return [Words.said(name) ?? id ?? [], isTyped ? id : []].flat()
  })

const cleanRooms = (wanted: string) =>
  Effect.flatMap(HabuDirectory, ({ cleanRooms }) => Effect.map(cleanRooms, (all) => namesOf(all, wanted)))

const questions = Effect.fnUntraced(function*({ clean_room: room }: Given, wanted: string) {
  const directory = yield* HabuDirectory
  const placed = room === undefined
    ? (yield* directory.allQuestions).questions
    : yield* directory.questions(yield* directory.cleanRoom(room))
  return namesOf(placed.map(({ question }) => question), wanted)
})

const runs = Effect.fnUntraced(function*({ question }: Given) {
  if (question === undefined) return []
  const directory = yield* HabuDirectory
  const habu = yield* HabuClient
  const { question: { id } } = yield* directory.question(question)
  const listed = yield* habu.getAllCleanroomQuestionRuns({
    path: { cleanroomQuestionId: id },
    urlParams: { limit: mostCompletions }
  })
  return known(Runs.latestFirst(listed)).map((run) => run.id)
})

const possible = (name: string, given: Given, wanted: string) => {
  switch (name) {
    case "clean_room":
      return cleanRooms(wanted)
    case "question":
      return questions(given, wanted)
    case "run":
      return runs(given)
    case "code":
      return Effect.succeed(ErrorCatalogue.all.map(({ code }) => code))
    case "page":
      return Effect.flatMap(Documentation, ({ names }) => names)
    default:
      return Effect.succeed<ReadonlyArray<string>>([])
  }
}

/**
 * Completes what was typed: what begins with it first, then what holds it. What cannot be read completes nothing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const complete = Effect.fn("Completions.complete")(function*(name: string, typed: string, given: Given) {
  const wanted = Text.folded(typed)
  const all = [
    ...new Set(yield* Effect.orElseSucceed(possible(name, given, wanted), (): ReadonlyArray<string> => []))
  ]
  const begin = all.filter((one) => Text.folded(one).startsWith(wanted))
  const hold = all.filter((one) => !Text.folded(one).startsWith(wanted) && Text.folded(one).includes(wanted))
  return [...begin, ...hold]
})
