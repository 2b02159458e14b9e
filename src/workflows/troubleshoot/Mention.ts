/**
 * What a description speaks of: the clean room, question or data connection whose name or id stands in it.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type Known, known, type Named, type Placed } from "../../habu/HabuDirectory.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Words from "../Words.js"
import * as Catalogue from "./Catalogue.js"
import type { Asked } from "./Subject.js"
import * as Symptom from "./Symptom.js"

/**
 * A thing that may be meant, and the argument of the tool that names it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Thing {
  readonly argument: "clean_room" | "question" | "data_connection"
  readonly named: Named
}

/**
 * What was taken from a description, with the reason, or else what may be meant by it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Mention {
  readonly asked: Asked
  readonly reasons: ReadonlyArray<string>
  readonly options: ReadonlyArray<Thing>
}

/**
 * A description that speaks of nothing by name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const none: Mention = { asked: {}, reasons: [], options: [] }

const vocabulary = [...new Set(Catalogue.all.flatMap(({ words }) => words.flatMap((phrase) => phrase.split(" "))))]

// Words of which a description of any trouble is made tell nothing of what is meant.
const isTelling = (word: string) =>
  word.length > 4 &&
  !/^(?:clean|room|question|result|report|latest|since|yesterday|today|always)/.test(word) &&
  !vocabulary.some((stem) => word.startsWith(stem))

// The most words of a name, one after the other, that stand so in the description.
const longestRun = (name: ReadonlyArray<string>, words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const text = ` ${words.join(" ")} `
  const runs = name.flatMap((_, from) =>
    name.slice(from).map((__, more) => name.slice(from, from + more + 1)).filter((run) =>
      text.includes(` ${run.join(" ")} `)
    )
  )
  return runs.reduce((best, run) => run.length > best.length ? run : best, [])
}

const byId = 1_000
const byWholeName = 100

// How surely a description means a thing; zero where it does not.
const likeness = ({ displayId, id, name = "" }: Named, words: ReadonlyArray<string>): number => {
  if ([displayId, id].some((own) => own !== undefined && words.includes(own.toLowerCase()))) return byId
  const all = Symptom.tokens(name)
  const run = longestRun(all, words)
  if (run.length > 1 && run.length === all.length) return byWholeName + run.length
  return run.filter(isTelling).length
}

const likeliest = <A>(items: ReadonlyArray<A>, words: ReadonlyArray<string>, nameOf: (item: A) => Named) => {
  const scored = items.map((item) => ({ item, score: likeness(nameOf(item), words) }))
  const score = Math.max(0, ...scored.map((one) => one.score))
  return { score, items: score === 0 ? [] : scored.filter((one) => one.score === score).map(({ item }) => item) }
}

const quoted = (named: Named) => JSON.stringify(Words.title(named))

const failing = /\b(?:fail|error|broke|crash|stuck|abort)/i

// What fails in a clean room is, more often than not, the question whose latest run failed.
const lastFailed = Effect.fnUntraced(function*(questions: ReadonlyArray<Placed>) {
  const habu = yield* HabuClient
  return yield* Effect.filter(
    questions,
    ({ question }) =>
      habu.getAllCleanroomQuestionRuns({ path: { cleanroomQuestionId: question.id }, urlParams: { limit: 1 } }).pipe(
        Effect.map(([latest]) => latest?.status === "FAILED"),
        Effect.orElseSucceed(() => false)
      ),
    { concurrency: "unbounded" }
  )
})

const asThing = ({ question }: Placed): Thing => ({ argument: "question", named: question })

const speaksOf = (kind: string, named: Named) => `The description speaks of the ${kind} ${quoted(named)}.`

const inRoom = Effect.fnUntraced(function*(
  symptom: string,
  room: Known<CleanRoom>,
  questions: ReadonlyArray<Placed>
) {
  const asked = { clean_room: room.id }
  const failed = failing.test(symptom) ? yield* lastFailed(questions) : []
  const [only] = failed
  return failed.length === 1 && only !== undefined
    ? {
      asked: { ...asked, question: only.question.id },
      reasons: [`${quoted(only.question)} is the only question of ${quoted(room)} whose latest run failed.`],
      options: []
    }
    : { asked, reasons: [], options: failed.map(asThing) } satisfies Mention
})

const orNone = <A, R>(read: Effect.Effect<ReadonlyArray<A>, HabuError, R>) =>
  Effect.orElseSucceed(read, (): ReadonlyArray<A> => [])

const asked = (things: ReadonlyArray<Thing>, score: number): Mention => {
  const [thing] = things
  // One word of a name may stand there by chance.
  return thing === undefined || things.length > 1 || score === 1 ? { ...none, options: things } : {
    asked: { [thing.argument]: thing.named.id },
    reasons: [speaksOf(thing.argument.replace("_", " "), thing.named)],
    options: []
  }
}

/**
 * Finds what a description speaks of, in the clean room that was named or anywhere. What Habu does not let us read is
 * not found; where several things fit equally well, none is taken.
 *
 * @since 0.1.0
 * @category constructors
 */
export const find = Effect.fn("Troubleshoot.mention")(function*(symptom: string, cleanRoom: string | undefined) {
  const habu = yield* HabuClient
  const directory = yield* HabuDirectory
  const words = Symptom.tokens(symptom)
  const given = cleanRoom === undefined ? undefined : yield* directory.cleanRoom(cleanRoom)
  const read = yield* Effect.all({
    rooms: given === undefined ? orNone(directory.cleanRooms) : Effect.succeed([given]),
    questions: orNone(
      given === undefined
        ? Effect.map(directory.allQuestions, ({ questions }) => questions)
        : directory.questions(given)
    ),
    connections: given === undefined ? orNone(Effect.map(habu.getAllDataConnections({}), known)) : Effect.succeed([])
  }, { concurrency: "unbounded" })
  const rooms = likeliest(read.rooms, words, (room) => room)
  const isRoom = rooms.items.length === 1 && (rooms.score > 1 || words.includes("room"))
  const room = given ?? (isRoom ? rooms.items[0] : undefined)
  const within = read.questions.filter((placed) => placed.cleanRoom.id === room?.id)
  const inside = likeliest(within, words, ({ question }) => question)
  const questions = inside.score > 0 ? inside : likeliest(read.questions, words, ({ question }) => question)
  const connections = likeliest(read.connections, words, (connection) => connection)
  const best = Math.max(questions.score, connections.score)
  if (room !== undefined && (best <= 1 || rooms.score > best)) {
    const found = yield* inRoom(symptom, room, within)
    return given === undefined
      ? { ...found, reasons: [speaksOf("clean room", room), ...found.reasons] }
      : found
  }
  return best === 0 ? none : asked([
    ...(questions.score === best ? questions.items.map(asThing) : []),
    ...(connections.score === best
      ? connections.items.map((named): Thing => ({ argument: "data_connection", named }))
      : [])
  ], best)
})
