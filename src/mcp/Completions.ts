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

const namesOf = (items: ReadonlyArray<{ readonly name?: string; readonly displayId?: string }>) =>
  items.flatMap(({ displayId, name }) => Words.said(name) ?? Words.said(displayId) ?? [])

const cleanRooms = Effect.flatMap(
  HabuDirectory,
  ({ cleanRooms }) => Effect.map(cleanRooms, namesOf)
)

const questions = Effect.fnUntraced(function*({ clean_room: room }: Given) {
  const directory = yield* HabuDirectory
  const placed = room === undefined
    ? (yield* directory.allQuestions).questions
    : yield* directory.questions(yield* directory.cleanRoom(room))
  return namesOf(placed.map(({ question }) => question))
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

const possible = (name: string, given: Given) => {
  switch (name) {
    case "clean_room":
      return cleanRooms
    case "question":
      return questions(given)
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
  const all = [
    ...new Set(yield* Effect.orElseSucceed(possible(name, given), (): ReadonlyArray<string> => []))
  ]
  const wanted = Text.folded(typed)
  const begin = all.filter((one) => Text.folded(one).startsWith(wanted))
  const hold = all.filter((one) => !Text.folded(one).startsWith(wanted) && Text.folded(one).includes(wanted))
  return [...begin, ...hold]
})
