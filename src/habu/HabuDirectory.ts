/**
 * Names for things: finds clean rooms, questions and flows by name, display id or id, as people write them.
 *
 * Habu's paths take ids only, names carry trailing blanks and need not be unique (seen live). So names are compared
 * trimmed and in one case, and a name that fits several things is an error that lists them. What Habu lists without an
 * id is left out, since no request can name it.
 *
 * @since 0.1.0
 */
import * as Arr from "effect/Array"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import type { CleanRoomQuestion } from "./api/CleanRoomQuestions.js"
import type { CleanRoom } from "./api/CleanRooms.js"
import type { ListItemCleanroomFlow } from "./api/Flows.js"
import * as HabuClientModule from "./HabuClient.js"
import { HabuClient } from "./HabuClient.js"
import {
  type Forbidden,
  type HabuError,
  ReferenceAmbiguous,
  type ReferenceError,
  ReferenceUnknown
} from "./HabuError.js"
import { fromEither } from "./internal/fromEither.js"
import * as Text from "./Text.js"

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
 * Something that a request can name.
 *
 * @since 0.1.0
 * @category models
 */
export type Known<A extends Named> = A & { readonly id: string }

/**
 * Leaves out what has no id.
 *
 * @since 0.1.0
 * @category filtering
 */
export const known = <A extends Named>(items: ReadonlyArray<A>): ReadonlyArray<Known<A>> =>
  items.filter((item): item is Known<A> => item.id !== undefined && item.id.trim() !== "")

/**
 * A question and the clean room it stands in.
 *
 * @since 0.1.0
 * @category models
 */
export interface Placed {
  readonly question: Known<CleanRoomQuestion>
  readonly cleanRoom: Known<CleanRoom>
}

/**
 * A flow of a clean room by its names there, as Habu lists it, and the clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface PlacedFlow {
  readonly flow: Known<Named> & { readonly listed: ListItemCleanroomFlow }
  readonly cleanRoom: Known<CleanRoom>
}

/**
 * The flows that a clean room lists, by the names that they go by there: Habu tells a flow's own name one level below.
 *
 * @since 0.1.0
 * @category constructors
 */
export const placedFlows = (
  cleanRoom: Known<CleanRoom>,
  listed: ReadonlyArray<ListItemCleanroomFlow>
): ReadonlyArray<PlacedFlow> =>
  known(listed.map((one) => ({
    ...(one.ID !== undefined && { id: one.ID }),
    ...(one.displayID !== undefined && { displayId: one.displayID }),
    ...(one.flow?.name !== undefined && { name: one.flow.name }),
    listed: one
  }))).map((flow) => ({ flow, cleanRoom }))

/**
 * A clean room that did not show what it was asked for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Withheld<E extends HabuError = HabuError> {
  readonly cleanRoom: Known<CleanRoom>
  readonly error: E
}

/**
 * The questions of several clean rooms, the clean rooms that deny theirs, and those that failed to answer.
 *
 * @since 0.1.0
 * @category models
 */
export interface Survey {
  readonly questions: ReadonlyArray<Placed>
  readonly denied: ReadonlyArray<Withheld<Forbidden>>
  readonly failed: ReadonlyArray<Withheld>
}

/**
 * Finds what a person means by a name, a display id or an id.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** All clean rooms that the API user can see, over all pages (operation `getAllCleanrooms`). */
  readonly cleanRooms: Effect.Effect<ReadonlyArray<Known<CleanRoom>>, HabuError>
  readonly cleanRoom: (reference: string) => Effect.Effect<Known<CleanRoom>, HabuError | ReferenceError>
  /** All questions of a clean room, over all pages (operation `getAllCleanroomQuestions`). */
  readonly questions: (cleanRoom: Known<CleanRoom>) => Effect.Effect<ReadonlyArray<Placed>, HabuError>
  /** The questions of every clean room. It fails only where no clean room can be read, or every one fails. */
  readonly allQuestions: Effect.Effect<Survey, HabuError>
  /**
   * A question, looked for in one clean room or in all. An id takes no survey (operation `getCleanroomQuestionById`).
   * While a clean room fails to answer, a name is not taken from the others, for it may stand there too.
   */
  readonly question: (
    reference: string,
    cleanRoom?: Known<CleanRoom>
  ) => Effect.Effect<Placed, HabuError | ReferenceError>
  /** All flows of a clean room, over all pages (operation `listCleanroomFlows`). */
  readonly flows: (cleanRoom: Known<CleanRoom>) => Effect.Effect<ReadonlyArray<PlacedFlow>, HabuError>
  /** A flow, looked for in one clean room or in all, as a question is. */
  readonly flow: (
    reference: string,
    cleanRoom?: Known<CleanRoom>
  ) => Effect.Effect<PlacedFlow, HabuError | ReferenceError>
}

/**
 * The directory of what the API user can see, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class HabuDirectory extends Context.Tag("habu-mcp/habu/HabuDirectory")<HabuDirectory, Service>() {}

const pageSize = 500
const shownOptions = 10

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const word = (reference: string) => Text.folded(reference)

const describe = (named: Named) =>
  `${Text.clean(named.name ?? "(no name)", 100)} (${Text.clean(named.displayId ?? named.id ?? "no id", 100)})`

const reads = (wanted: string) => (own: string | undefined) => own !== undefined && word(own) === wanted

// Those that share a piece with the reference come first, so that a misspelt name shows what was meant.
const closest = <A extends Named>(reference: string, candidates: ReadonlyArray<A>) => {
  const pieces = word(reference).split(" ").filter((piece) => piece.length > 2)
  const likeness = (named: Named) => pieces.filter((piece) => word(named.name ?? "").includes(piece)).length
  return [...candidates].sort((a, b) => likeness(b) - likeness(a)).slice(0, shownOptions)
}

/**
 * Picks what a reference names: by id, by display id, or by name, in this order. `described` tells the choices apart.
 *
 * @since 0.1.0
 * @category getters
 */
export const pick = <A extends Named>(
  kind: string,
  reference: string,
  candidates: ReadonlyArray<A>,
  described: (candidate: A) => string = describe
): Either.Either<A, ReferenceError> => {
  const wanted = word(reference)
  const matches = reads(wanted)
  const found = [
    candidates.filter(({ id }) => matches(id)),
    candidates.filter(({ displayId }) => matches(displayId)),
    candidates.filter(({ name }) => matches(name))
  ].find((matching) => matching.length > 0) ?? []
  const [only] = found
  if (only === undefined || wanted === "") {
    const options = closest(reference, candidates).map(described)
    return Either.left(new ReferenceUnknown({ kind, reference: Text.clean(reference, 100), options }))
  }
  return found.length === 1
    ? Either.right(only)
    : Either.left(
      new ReferenceAmbiguous({ kind, reference: Text.clean(reference, 100), options: found.map(described) })
    )
}

const keyOf = (item: unknown) =>
  JSON.stringify(Predicate.hasProperty(item, "id") && Predicate.isString(item.id) && item.id !== "" ? item.id : item)

const unseen = <A>(before: ReadonlyArray<A>, page: ReadonlyArray<A>): ReadonlyArray<A> => {
  const seen = new Set(before.map(keyOf))
  return [...before, ...page.filter((item) => !seen.has(keyOf(item)))]
}

/**
 * Reads a list page by page until one is not of the length asked for, or brings nothing new: a server may ignore `limit`
 * or `offset`. Once the first page is full, two are asked for at a time. What stands on two pages, since the list grew in
 * between, is given once.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pages = <A, E>(
  page: (range: { readonly limit: number; readonly offset: number }) => Effect.Effect<ReadonlyArray<A>, E>,
  limit = pageSize
): Effect.Effect<ReadonlyArray<A>, E> => {
  const from = (offset: number, before: ReadonlyArray<A>, ahead: number): Effect.Effect<ReadonlyArray<A>, E> =>
    Effect.flatMap(
      Effect.forEach(
        Arr.makeBy(ahead, (place) => offset + place * limit),
        (at) => page({ limit, offset: at }),
        { concurrency: "unbounded" }
      ),
      (read) => {
        const items = read.reduce(unseen, before)
        const isMore = read.every(({ length }) => length === limit) && items.length > before.length
        return isMore ? from(offset + ahead * limit, items, 2) : Effect.succeed(items)
      }
    )
  return from(0, [], 1)
}

// Nothing that was not read can change it: ids are unique, names are not.
const isCertain = (wanted: string, picked: Either.Either<Named, ReferenceError>) =>
  Either.match(picked, {
    onLeft: ({ _tag }) => _tag === "ReferenceAmbiguous",
    onRight: ({ displayId, id }) => [id, displayId].some(reads(wanted))
  })

/**
 * Finds what a reference names, as {@link pick} does, or fails with why not.
 *
 * @since 0.1.0
 * @category getters
 */
export const resolve = <A extends Named>(
  ...reference: Parameters<typeof pick<A>>
): Effect.Effect<A, ReferenceError> => fromEither(pick(...reference))

/**
 * Makes a directory over the client; what it reads is cached there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.gen(function*() {
  const habu = yield* HabuClient

  const cleanRooms = Effect.map(pages((urlParams) => habu.getAllCleanrooms({ urlParams })), known).pipe(
    Effect.withSpan("HabuDirectory.cleanRooms")
  )

  const cleanRoom = Effect.fn("HabuDirectory.cleanRoom")(function*(reference: string) {
    return yield* fromEither(pick("clean room", reference, yield* cleanRooms))
  })

  const questions = Effect.fn("HabuDirectory.questions")((cleanRoom: Known<CleanRoom>) =>
    Effect.map(
      pages((urlParams) => habu.getAllCleanroomQuestions({ path: { cleanroomId: cleanRoom.id }, urlParams })),
      (found) => known(found).map((question): Placed => ({ question, cleanRoom }))
    )
  )

  const flows = Effect.fn("HabuDirectory.flows")((cleanRoom: Known<CleanRoom>) =>
    Effect.map(
      pages((payload) =>
        Effect.map(
          habu.listCleanroomFlows({ path: { cleanroomId: cleanRoom.id }, payload }),
          ({ cleanRoomFlows = [] }) => cleanRoomFlows
        )
      ),
      (listed) => placedFlows(cleanRoom, listed)
    )
  )

  const surveyed = <A>(read: (cleanRoom: Known<CleanRoom>) => Effect.Effect<ReadonlyArray<A>, HabuError>) =>
    Effect.gen(function*() {
      const rooms = yield* cleanRooms
      const [withheld, found] = yield* Effect.partition(
        rooms,
        (cleanRoom) => Effect.mapError(read(cleanRoom), (error): Withheld => ({ cleanRoom, error })),
        { concurrency: "unbounded" }
      )
      const failed = withheld.filter(({ error }) => error._tag !== "Forbidden")
      const [failure] = failed
      if (failure !== undefined && failed.length === rooms.length) return yield* Effect.fail(failure.error)
      return {
        items: found.flat(),
        denied: withheld.flatMap(({ cleanRoom, error }) => error._tag === "Forbidden" ? [{ cleanRoom, error }] : []),
        failed
      }
    })

  const allQuestions = Effect.map(
    surveyed(questions),
    ({ denied, failed, items }): Survey => ({ questions: items, denied, failed })
  ).pipe(Effect.withSpan("HabuDirectory.allQuestions"))

  // Two requests where a survey would take one for every clean room.
  const byId = Effect.fnUntraced(function*(id: string) {
    const unknown = new ReferenceUnknown({ kind: "question", reference: id, options: [] })
    const { question, rooms } = yield* Effect.all({
      question: habu.getCleanroomQuestionById({ path: { cleanroomQuestionId: id } }).pipe(
        Effect.catchTag("NotFound", () => Effect.fail(unknown))
      ),
      rooms: cleanRooms
    }, { concurrency: "unbounded" })
    const place = rooms.find((room) => reads(word(room.id))(question.cleanroomId))
    return place === undefined
      ? yield* Effect.fail(unknown)
      : { question: { ...question, id }, cleanRoom: place } satisfies Placed
  })

  // What fits in one clean room, or in all; while one of them fails to answer, a name may stand there too.
  const named = <A extends Named & { readonly cleanRoom: Known<CleanRoom> }>(
    kind: string,
    reference: string,
    { failed, items }: { readonly items: ReadonlyArray<A>; readonly failed: ReadonlyArray<Withheld> }
  ): Effect.Effect<A, HabuError | ReferenceError> => {
    const picked = pick(kind, reference, items, (one) => `${describe(one)} in ${describe(one.cleanRoom)}`)
    const [failure] = failed
    return failure !== undefined && !isCertain(word(reference), picked)
      ? Effect.fail(failure.error)
      : fromEither(picked)
  }

  const within = <A>(
    room: Known<CleanRoom> | undefined,
    read: (cleanRoom: Known<CleanRoom>) => Effect.Effect<ReadonlyArray<A>, HabuError>
  ) => room === undefined ? surveyed(read) : Effect.map(read(room), (items) => ({ items, failed: [] }))

  const question = Effect.fn("HabuDirectory.question")(function*(reference: string, room?: Known<CleanRoom>) {
    const wanted = word(reference)
    if (uuid.test(wanted) && room === undefined) return yield* byId(wanted)
    const found = yield* within(room, questions)
    const items = found.items.map((placed) => ({ ...placed.question, cleanRoom: placed.cleanRoom, placed }))
    return (yield* named("question", reference, { ...found, items })).placed
  })

  const flow = Effect.fn("HabuDirectory.flow")(function*(reference: string, room?: Known<CleanRoom>) {
    const found = yield* within(room, flows)
    const isMeant = reads(word(reference))
    // A flow has a second id and display id of its own, beside those that it has in its clean room.
    const own = found.items.find(({ flow: { listed } }) => isMeant(listed.flowID) || isMeant(listed.flow?.displayID))
    if (own !== undefined) return own
    const items = found.items.map((placed) => ({ ...placed.flow, cleanRoom: placed.cleanRoom, placed }))
    return (yield* named("flow", reference, { ...found, items })).placed
  })

  return HabuDirectory.of({ cleanRooms, cleanRoom, questions, allQuestions, question, flows, flow })
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
