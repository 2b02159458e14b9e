/**
 * Reading much of an organisation within a bounded time: clean rooms, their questions, datasets, partners and people, the
 * questions' runs and schedules.
 *
 * What is most urgent is read first, every clean room gets its turn, and a part that is denied or fails hides nothing
 * else. A caller waits for a while and takes what is there; the reading goes on without it, and the next call finds more.
 * What a process has read is kept as long as it lives, each part with the moment it was read.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type { CleanRoomQuestion } from "../habu/api/CleanRoomQuestions.js"
import type { CleanRoom, CleanRoomStakeholder } from "../habu/api/CleanRooms.js"
import type { DataConnectionResponse } from "../habu/api/DataConnections.js"
import type { CleanRoomDataset } from "../habu/api/Datasets.js"
import type { CleanRoomPartnerResponse, InvitationDetail } from "../habu/api/Partners.js"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../habu/api/Schedules.js"
import type { CleanRoomUser } from "../habu/api/Users.js"
import { HabuCache } from "../habu/HabuCache.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { HabuDirectory, type Known } from "../habu/HabuDirectory.js"
import type { HabuError } from "../habu/HabuError.js"
import * as Progress from "./Progress.js"
import * as Preflight from "./question/Preflight.js"
import * as Reading from "./Reading.js"
import * as Agenda from "./survey/Agenda.js"
import * as Parts from "./survey/Parts.js"
import type { Part } from "./survey/Parts.js"
import type { MacroRecord, RunRecord } from "./survey/Records.js"
import * as Words from "./Words.js"

/**
 * A question with what was read of it.
 *
 * @since 0.1.0
 * @category models
 */
export interface SurveyedQuestion {
  readonly question: Known<CleanRoomQuestion>
  readonly isReady: boolean
  /** Read of questions that are not READY, and of all where that was asked for. */
  readonly macros: Part<MacroRecord>
  readonly runs: Part<RunRecord>
  readonly schedules: Part<Schedule>
}

/**
 * A clean room with what was read of it.
 *
 * @since 0.1.0
 * @category models
 */
export interface SurveyedCleanRoom {
  readonly cleanRoom: Known<CleanRoom>
  readonly isExpired: boolean
  readonly list: Part<Known<CleanRoomQuestion>>
  readonly questions: ReadonlyArray<SurveyedQuestion>
  readonly datasets: Part<CleanRoomDataset>
  readonly partners: Part<CleanRoomPartnerResponse>
  readonly invitations: Part<InvitationDetail>
  readonly users: Part<CleanRoomUser>
  readonly stakeholders: Part<CleanRoomStakeholder>
}

/**
 * How far the reading is. The number of parts grows until the questions of every clean room are known.
 *
 * @since 0.1.0
 * @category models
 */
export interface Coverage {
  readonly parts: number
  /** Also those that were denied or failed, and those read earlier. */
  readonly read: number
  readonly isComplete: boolean
  /** Whether all of it was read as lately as wanted. */
  readonly isFresh: boolean
  /** When the oldest copy in use was read, in milliseconds since the epoch. */
  readonly oldestAt: number
  /** Why the reading stopped before its end. */
  readonly halted?: HabuError
}

/**
 * What was read so far, and how much of the whole that is.
 *
 * @since 0.1.0
 * @category models
 */
export interface Snapshot {
  readonly cleanRooms: ReadonlyArray<SurveyedCleanRoom>
  readonly connections: Part<DataConnectionResponse>
  readonly coverage: Coverage
}

/**
 * What to read. Times are in milliseconds since the epoch.
 *
 * @since 0.1.0
 * @category models
 */
export interface Wanted {
  /** One clean room; without it, all. */
  readonly cleanRoom?: Known<CleanRoom>
  /** From when on runs are wanted. */
  readonly runsSince: number
  /** Whether the assigned datasets of READY questions are wanted too. */
  readonly allMacros: boolean
  /** Whether it is wanted who is in the clean rooms: partners, invitations, people, organisations. */
  readonly members: boolean
  /** How old copies may be; they never stand for what was read before this process wrote something. */
  readonly age: Duration.DurationInput
  /** How long the caller waits. */
  readonly patience: Duration.DurationInput
}

/**
 * Reads much, within a bounded time.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  readonly take: (wanted: Wanted) => Effect.Effect<Snapshot, HabuError>
}

/**
 * The reading of an organisation, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class Survey extends Context.Tag("habu-mcp/workflows/Survey")<Survey, Service>() {}

/**
 * How long a call waits for a long reading.
 *
 * @since 0.1.0
 * @category constants
 */
export const patience = Duration.seconds(45)

/**
 * Whether Habu would run a question.
 *
 * @since 0.1.0
 * @category guards
 */
export const isReady = ({ status }: CleanRoomQuestion): boolean => status?.trim().toUpperCase() === "READY"

// The lowest comes first. A clean room that has ended can wait, and so can what is only good to know.
const urgencies = { cleanRooms: 0, questions: 1, people: 2, macros: 3, runs: 4, others: 5, ended: 6 }
// The first question of every clean room comes before the second of any.
const places = 10_000

const urgencyOf = (kind: keyof typeof urgencies, place: number, isExpired: boolean) =>
  (urgencies[kind] + (isExpired ? urgencies.ended : 0)) * places + Math.min(place, places - 1)

interface Collection {
  readonly wanted: Wanted
  readonly freshSince: number
  readonly agenda: Agenda.Agenda<HabuError>
  readonly done: Deferred.Deferred<void, HabuError>
  cleanRooms: ReadonlyArray<Known<CleanRoom>> | undefined
  halted: HabuError | undefined
}

const partsOf = (
  room: SurveyedCleanRoom,
  { allMacros, members }: Pick<Wanted, "allMacros" | "members">
): ReadonlyArray<Part<unknown>> => [
  room.list,
  room.datasets,
  ...(members ? [room.partners, room.invitations, room.users, room.stakeholders] : []),
  ...room.questions.flatMap(({ isReady, macros, runs, schedules }) => [
    runs,
    schedules,
    ...(isReady && !allMacros ? [] : [macros])
  ])
]

const covers = (collection: Collection, wanted: Wanted) =>
  collection.wanted.runsSince <= wanted.runsSince && (collection.wanted.allMacros || !wanted.allMacros) &&
  (collection.wanted.members || !wanted.members)

const scopeOf = ({ cleanRoom }: Wanted) => cleanRoom?.id ?? "all"

/**
 * Makes a survey over the client.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.gen(function*() {
  const habu = yield* HabuClient
  const cache = yield* HabuCache
  const directory = yield* HabuDirectory
  const { concurrency, speed } = yield* HabuConfig
  const scope = yield* Effect.scope
  const shelves = Parts.make(habu)
  const underWay = new Map<string, Collection>()

  const collect = (collection: Collection): Effect.Effect<void, HabuError> => {
    const { agenda, freshSince, wanted } = collection

    const want = <A>(
      urgency: number,
      shelf: Parts.Shelf<A>,
      id: string,
      then: (items: ReadonlyArray<A>) => void = () => undefined
    ) => {
      if (shelf.has(id, wanted.runsSince, freshSince)) {
        agenda.add(urgency, Effect.sync(() => then(Parts.itemsOf(shelf.get(id)))))
        return
      }
      agenda.add(
        urgency,
        Effect.map(shelf.fetch(id, wanted.runsSince), (part) => {
          // Habu is down: what is left would only fail, one by one.
          if (part._tag === "Failed" && part.error._tag === "BreakerOpen") {
            collection.halted = part.error
            agenda.halt()
          }
          then(Parts.itemsOf(shelf.get(id)))
        })
      )
    }

    const wantQuestion = (question: Known<CleanRoomQuestion>, place: number, isExpired: boolean) => {
      const urgency = (kind: keyof typeof urgencies) => urgencyOf(kind, place, isExpired)
      if (!isReady(question)) want(urgency("macros"), shelves.macros, question.id)
      want(urgency("runs"), shelves.runs, question.id)
      want(urgency("others"), shelves.schedules, question.id)
      if (isReady(question) && wanted.allMacros) want(urgency("others"), shelves.macros, question.id)
    }

    const wantCleanRoom = (cleanRoom: Known<CleanRoom>, now: number) => {
      const isExpired = Preflight.isExpired(cleanRoom, now)
      const urgency = (kind: keyof typeof urgencies) => urgencyOf(kind, 0, isExpired)
      want(
        urgency("questions"),
        shelves.questions,
        cleanRoom.id,
        (questions) => questions.forEach((question, place) => wantQuestion(question, place, isExpired))
      )
      want(urgency("people"), shelves.datasets, cleanRoom.id)
      if (!wanted.members) return
      want(urgency("people"), shelves.invitations, cleanRoom.id)
      want(urgency("people"), shelves.partners, cleanRoom.id)
      want(urgency("people"), shelves.users, cleanRoom.id)
      want(urgency("people"), shelves.stakeholders, cleanRoom.id)
    }

    const rooms = Effect.gen(function*() {
      const now = yield* Clock.currentTimeMillis
      const cleanRooms = wanted.cleanRoom === undefined ? yield* directory.cleanRooms : [wanted.cleanRoom]
      cleanRooms.forEach((cleanRoom) => wantCleanRoom(cleanRoom, now))
      collection.cleanRooms = cleanRooms
    })

    agenda.add(urgencies.cleanRooms, rooms)
    want(urgencies.cleanRooms, shelves.connections, "all")
    return agenda.work(concurrency)
  }

  // It belongs to the service: who asked first may give up, the others and the next call still want it.
  const begin = (wanted: Wanted) =>
    Effect.uninterruptible(Effect.gen(function*() {
      const now = yield* Clock.currentTimeMillis
      const collection: Collection = {
        wanted,
        freshSince: Math.max(now - Duration.toMillis(wanted.age) / speed, yield* cache.lastWriteAt),
        agenda: Agenda.make<HabuError>(),
        done: yield* Deferred.make<void, HabuError>(),
        cleanRooms: undefined,
        halted: undefined
      }
      const key = scopeOf(wanted)
      underWay.set(key, collection)
      yield* Effect.interruptible(collect(collection)).pipe(
        Effect.ensuring(Effect.sync(() => underWay.get(key) === collection && underWay.delete(key))),
        Effect.intoDeferred(collection.done),
        Effect.forkIn(scope)
      )
      return collection
    }))

  const surveyed = ({ members }: Wanted, cleanRoom: Known<CleanRoom>, now: number): SurveyedCleanRoom => {
    const whoIsIn = <A>(shelf: Parts.Shelf<A>) => members ? shelf.get(cleanRoom.id) : Parts.pending
    const list = shelves.questions.get(cleanRoom.id)
    return {
      cleanRoom,
      isExpired: Preflight.isExpired(cleanRoom, now),
      list,
      questions: Parts.itemsOf(list).map((question) => ({
        question,
        isReady: isReady(question),
        macros: shelves.macros.get(question.id),
        runs: shelves.runs.get(question.id),
        schedules: shelves.schedules.get(question.id)
      })),
      datasets: shelves.datasets.get(cleanRoom.id),
      partners: whoIsIn(shelves.partners),
      invitations: whoIsIn(shelves.invitations),
      users: whoIsIn(shelves.users),
      stakeholders: whoIsIn(shelves.stakeholders)
    }
  }

  const oldestAt = (cleanRooms: ReadonlyArray<SurveyedCleanRoom>) =>
    Reading.oldest(cleanRooms.flatMap(({ cleanRoom, questions }) => [
      shelves.questions.at(cleanRoom.id),
      shelves.datasets.at(cleanRoom.id),
      ...questions.flatMap((
        { question: { id } }
      ) => [shelves.runs.at(id), shelves.schedules.at(id), shelves.macros.at(id)])
    ]))

  const snapshot = Effect.fnUntraced(function*(collection: Collection) {
    const now = yield* Clock.currentTimeMillis
    const { agenda, halted, wanted } = collection
    const cleanRooms = (collection.cleanRooms ?? []).map((cleanRoom) => surveyed(wanted, cleanRoom, now))
    const connections = shelves.connections.get("all")
    const parts = [connections, ...cleanRooms.flatMap((room) => partsOf(room, wanted))]
    const read = parts.filter(({ _tag }) => _tag !== "Pending").length
    const { done, total } = agenda.count()
    // While Habu is down, its last answers stand in.
    const oldest = oldestAt(cleanRooms) ?? now
    return {
      cleanRooms,
      connections,
      coverage: {
        parts: parts.length,
        read,
        isComplete: collection.cleanRooms !== undefined && read === parts.length,
        isFresh: done === total && oldest >= collection.freshSince,
        oldestAt: oldest,
        ...(halted !== undefined && { halted })
      }
    } satisfies Snapshot
  })

  const tell = ({ agenda, cleanRooms }: Collection) => {
    const { done, total } = agenda.count()
    return Progress.report({
      progress: done,
      total,
      message: `read ${done} of ${total} parts of ${Words.count(cleanRooms?.length ?? 0, "clean room")}`
    })
  }

  const take = Effect.fn("Survey.take")(function*(wanted: Wanted) {
    const going = underWay.get(scopeOf(wanted))
    const collection = going !== undefined && covers(going, wanted) ? going : yield* begin(wanted)
    const telling = yield* Effect.fork(Effect.forever(Effect.delay(tell(collection), "1 second")))
    yield* Effect.timeoutOption(Deferred.await(collection.done), wanted.patience)
    yield* Fiber.interrupt(telling)
    return yield* snapshot(collection)
  })

  return Survey.of({ take })
})

/**
 * Provides the survey of this process.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Survey, never, HabuCache | HabuClient | HabuConfig | HabuDirectory> = Layer.scoped(
  Survey,
  make
)
