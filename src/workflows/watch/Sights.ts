/**
 * Looking at a watched thing: what Habu says of it now.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../../habu/api/Schedules.js"
import type * as HabuClient from "../../habu/HabuClient.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Run from "../../runs/Run.js"
import { connectionState } from "../find/DataConnections.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import type { Facts, Thing } from "./Thing.js"

/**
 * A thing as Habu showed it at a moment; without facts it is there no more.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sight {
  readonly facts: Facts | undefined
  readonly observedAt: number
  readonly over: boolean
}

type Group = Facts[string]

const group = (entries: ReadonlyArray<readonly [string, string | undefined]>): Group =>
  Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined))

const listedAt = ({ staleSince }: Reading.Listed<unknown>) =>
  staleSince === undefined ? Clock.currentTimeMillis : Effect.succeed(staleSince)

const gone = (observedAt: number): Sight => ({ facts: undefined, observedAt, over: true })

// A thing that stands in a list; one that the list lacks is gone.
const listed = <A extends { readonly id?: string }>(
  id: string,
  read: Effect.Effect<Reading.Listed<A>, HabuError>,
  facts: (item: A) => Facts
): Effect.Effect<Sight, HabuError> =>
  Effect.flatMap(read, (list) =>
    Effect.map(listedAt(list), (observedAt): Sight => {
      const item = list.items.find((one) => one.id === id)
      return item === undefined ? gone(observedAt) : { facts: facts(item), observedAt, over: false }
    }))

const settings = (room: CleanRoom): Group =>
  group([
    ["name", Words.said(room.name)],
    ["status", Words.said(room.status, 50)],
    ["start date", Words.moment(room.startAt)],
    ["end date", Words.moment(room.endAt)],
    ["export", Words.said(room.cleanRoomParameters?.["ENABLE_EXPORT"], 20)],
    ...(room.partners ?? []).map((partner) => [`partner ${Words.said(partner) ?? ""}`, "joined"] as const)
  ])

// The questions may be denied where the clean room itself is not.
const questions = ({ observed }: HabuClient.Service, cleanroomId: string): Effect.Effect<Facts> =>
  Reading.listed((urlParams) => observed.getAllCleanroomQuestions({ path: { cleanroomId }, urlParams })).pipe(
    Effect.map(({ items }): Facts => ({
      questions: group(items.map((question) => [`question ${Words.title(question)}`, Words.said(question.status, 50)]))
    })),
    Effect.orElseSucceed((): Facts => ({}))
  )

const cleanRoom = (habu: HabuClient.Service, id: string) =>
  Effect.zipWith(
    listed(
      id,
      Reading.listed((urlParams) => habu.observed.getAllCleanrooms({ urlParams })),
      (room) => ({ settings: settings(room) })
    ),
    questions(habu, id),
    (sight, more): Sight => sight.facts === undefined ? sight : { ...sight, facts: { ...sight.facts, ...more } },
    { concurrent: true }
  )

const run = (habu: HabuClient.Service, id: string) =>
  habu.observed.getCleanroomQuestionRunById({ path: { cleanroomQuestionRunId: id } }).pipe(
    Effect.map(({ observedAt, value }): Sight => ({
      facts: {
        state: group([["status", Words.said(value.status, 50)], ["failure", Words.said(value.failureReason)]])
      },
      observedAt,
      over: Run.isOver(Run.phaseOf(value.status))
    })),
    Effect.catchTag("NotFound", () => Effect.map(Clock.currentTimeMillis, gone))
  )

const rhythm = (schedule: Schedule): Group =>
  group([
    ["active", schedule.active === undefined ? undefined : String(schedule.active)],
    ["start", Words.moment(schedule.startDateTime)],
    ["end", Words.moment(schedule.endDateTime)],
    ["frequency", Words.said(schedule.repeatFrequency, 30)],
    ["days", Words.said([...(schedule.daysOfWeek ?? []), ...(schedule.repeatDayofMonth ?? [])].join(", "))]
  ])

/**
 * Looks at a thing (operations `getAllCleanrooms`, `getAllCleanroomQuestions`, `listPartnerInvitationsForInviter`,
 * `getCleanroomQuestionRunById`, `getCleanroomQuestionRunSchedules`, `getAllDataConnections`). A run that may not be
 * polled yet is seen as it was last, if it was.
 *
 * @since 0.1.0
 * @category constructors
 */
export const look = (habu: HabuClient.Service, thing: Thing): Effect.Effect<Sight, HabuError> => {
  const { observed } = habu
  switch (thing.kind) {
    case "clean_room":
      return cleanRoom(habu, thing.id)
    case "invitation":
      return listed(
        thing.id,
        Reading.whole(observed.listPartnerInvitationsForInviter({ path: { cleanroomId: thing.cleanRoomId } })),
        ({ Status }) => ({ state: group([["status", Words.said(Status, 50)]]) })
      )
    case "run":
      return run(habu, thing.id)
    case "schedule":
      return listed(
        thing.id,
        Reading.whole(observed.getCleanroomQuestionRunSchedules({ path: { cleanroomQuestionId: thing.questionId } })),
        (schedule) => ({ state: rhythm(schedule) })
      )
    case "data_connection":
      return listed(
        thing.id,
        Reading.whole(observed.getAllDataConnections({})),
        (connection) => ({ state: group([["status", connectionState(connection).state]]) })
      )
  }
}
