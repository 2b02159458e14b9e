/**
 * Names for things: finds clean rooms and questions by name, display id or id, as people write them.
 *
 * Habu's paths take ids only, names carry trailing blanks and need not be unique (seen live). So names are compared
 * trimmed and in one case, and a name that fits several things is an error that lists them.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CleanRoomQuestion } from "./api/CleanRoomQuestions.js"
import type { CleanRoom } from "./api/CleanRooms.js"
import * as HabuClientModule from "./HabuClient.js"
import { HabuClient } from "./HabuClient.js"
import {
  type Forbidden,
  type HabuError,
  ReferenceAmbiguous,
  type ReferenceError,
  ReferenceUnknown
} from "./HabuError.js"
import * as Text from "./Text.js"

/**
 * A question and the clean room it stands in.
 *
 * @since 0.1.0
 * @category models
 */
export interface Placed {
  readonly question: CleanRoomQuestion
  readonly cleanRoom: CleanRoom
}

/**
 * The questions of several clean rooms, and the clean rooms that would not show theirs.
 *
 * @since 0.1.0
 * @category models
 */
export interface Survey {
  readonly questions: ReadonlyArray<Placed>
  readonly denied: ReadonlyArray<{ readonly cleanRoom: CleanRoom; readonly error: Forbidden }>
}

/**
 * What a reference is matched against.
 *
 * @since 0.1.0
 * @category models
 */
export interface Named {
  readonly id?: string
  readonly displayId?: string
  readonly name?: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** All clean rooms that the API user can see, over all pages (operation `getAllCleanrooms`). */
  readonly cleanRooms: Effect.Effect<ReadonlyArray<CleanRoom>, HabuError>
  readonly cleanRoom: (reference: string) => Effect.Effect<CleanRoom, HabuError | ReferenceError>
  /** All questions of a clean room, over all pages (operation `getAllCleanroomQuestions`). */
  readonly questions: (cleanRoom: CleanRoom) => Effect.Effect<ReadonlyArray<Placed>, HabuError>
  /** The questions of every clean room; a clean room that denies them is told apart. */
  readonly allQuestions: Effect.Effect<Survey, HabuError>
  /** A question, looked for in one clean room or in all. */
  readonly question: (
    reference: string,
    cleanRoom?: CleanRoom
  ) => Effect.Effect<Placed, HabuError | ReferenceError>
}

/**
 * @since 0.1.0
 * @category tags
 */
export class HabuDirectory extends Context.Tag("habu-mcp/habu/HabuDirectory")<HabuDirectory, Service>() {}

const pageSize = 500
const shownOptions = 10

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const word = (reference: string) => Text.folded(reference)

const describe = (named: Named) =>
  `${Text.clean(named.name ?? "(no name)", 100)} (${named.displayId ?? named.id ?? "no id"})`

// Those that share a piece with the reference come first, so that a misspelt name shows what was meant.
const closest = <A extends Named>(reference: string, candidates: ReadonlyArray<A>) => {
  const pieces = word(reference).split(" ").filter((piece) => piece.length > 2)
  const likeness = (named: Named) => pieces.filter((piece) => word(named.name ?? "").includes(piece)).length
  return [...candidates].sort((a, b) => likeness(b) - likeness(a)).slice(0, shownOptions)
}

/**
 * Picks what a reference names: by id, by display id, or by name, in this order.
 *
 * @since 0.1.0
 * @category getters
 */
export const pick = <A extends Named>(
  kind: string,
  reference: string,
  candidates: ReadonlyArray<A>
): Either.Either<A, ReferenceError> => {
  const wanted = word(reference)
  const by = (matches: (candidate: A) => boolean) => candidates.filter(matches)
  const found = [
    by(({ id }) => id !== undefined && word(id) === wanted),
    by(({ displayId }) => displayId !== undefined && word(displayId) === wanted),
    by(({ name }) => name !== undefined && word(name) === wanted)
  ].find((matches) => matches.length > 0) ?? []
  const [only] = found
  if (only === undefined || wanted === "") {
    const options = closest(reference, candidates).map(describe)
    return Either.left(new ReferenceUnknown({ kind, reference: Text.clean(reference, 100), options }))
  }
  return found.length === 1
    ? Either.right(only)
    : Either.left(
      new ReferenceAmbiguous({ kind, reference: Text.clean(reference, 100), options: found.map(describe) })
    )
}

/**
 * Reads a list page by page until one is not full.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pages = <A, E>(
  page: (range: { readonly limit: number; readonly offset: number }) => Effect.Effect<ReadonlyArray<A>, E>,
  limit = pageSize
): Effect.Effect<ReadonlyArray<A>, E> =>
  Stream.paginateChunkEffect(0, (offset) =>
    Effect.map(page({ limit, offset }), (items) =>
      [
        Chunk.fromIterable(items),
        items.length === limit ? Option.some(offset + limit) : Option.none<number>()
      ] as const)).pipe(Stream.runCollect, Effect.map(Chunk.toReadonlyArray))

const fromEither = <A, E>(either: Either.Either<A, E>): Effect.Effect<A, E> =>
  Either.match(either, { onLeft: Effect.fail, onRight: Effect.succeed })

/**
 * Makes a directory over the client; what it reads is cached there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.gen(function*() {
  const habu = yield* HabuClient

  const cleanRooms = pages((urlParams) => habu.getAllCleanrooms({ urlParams })).pipe(
    Effect.withSpan("HabuDirectory.cleanRooms")
  )

  const cleanRoom = Effect.fn("HabuDirectory.cleanRoom")(function*(reference: string) {
    return yield* fromEither(pick("clean room", reference, yield* cleanRooms))
  })

  const questions = Effect.fn("HabuDirectory.questions")((room: CleanRoom) =>
    Effect.map(
      pages((urlParams) => habu.getAllCleanroomQuestions({ path: { cleanroomId: room.id ?? "" }, urlParams })),
      (found) => found.map((question): Placed => ({ question, cleanRoom: room }))
    )
  )

  const survey = (room: CleanRoom) =>
    questions(room).pipe(
      Effect.map((found): Survey => ({ questions: found, denied: [] })),
      Effect.catchTag("Forbidden", (error) =>
        Effect.succeed<Survey>({ questions: [], denied: [{ cleanRoom: room, error }] }))
    )

  const allQuestions = Effect.flatMap(cleanRooms, Effect.forEach(survey, { concurrency: "unbounded" })).pipe(
    Effect.map((surveys): Survey => ({
      questions: surveys.flatMap((one) => one.questions),
      denied: surveys.flatMap((one) => one.denied)
    })),
    Effect.withSpan("HabuDirectory.allQuestions")
  )

  // One request where a survey would take one for every clean room.
  const byId = Effect.fnUntraced(function*(id: string) {
    const question = yield* habu.getCleanroomQuestionById({ path: { cleanroomQuestionId: id } })
    const room = yield* cleanRoom(question.cleanroomId ?? "")
    return { question, cleanRoom: room } satisfies Placed
  })

  const question = Effect.fn("HabuDirectory.question")(function*(reference: string, room?: CleanRoom) {
    const trimmed = reference.trim()
    if (uuid.test(trimmed) && room === undefined) {
      return yield* Effect.catchTag(
        byId(trimmed),
        "NotFound",
        () => Effect.fail(new ReferenceUnknown({ kind: "question", reference: trimmed, options: [] }))
      )
    }
    const placed = room === undefined ? (yield* allQuestions).questions : yield* questions(room)
    const candidates = placed.map((one) => ({ ...one.question, placed: one }))
    return (yield* fromEither(pick("question", reference, candidates))).placed
  })

  return { cleanRooms, cleanRoom, questions, allQuestions, question } satisfies Service
})

/**
 * Provides the directory.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<HabuDirectory, never, HabuClient> = Layer.effect(HabuDirectory, make)

/**
 * Provides the directory of the organisation that the environment names.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = Layer.provide(layer, HabuClientModule.layerConfig)
