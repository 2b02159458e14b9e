/**
 * What in a survey calls for someone's attention, each with whose turn it is and the call that carries on.
 *
 * @since 0.1.0
 */
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import type { CleanRoomDataset } from "../../habu/api/Datasets.js"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../../habu/api/Schedules.js"
import * as Run from "../../runs/Run.js"
import { connectionState } from "../find/DataConnections.js"
import type { SurveyedCleanRoom, SurveyedQuestion } from "../Survey.js"
import * as Words from "../Words.js"
import type { NextStep } from "../Workflow.js"
import * as Calls from "./Calls.js"
import * as Partners from "./Partners.js"
import { isHeard, itemsOf, type Part } from "./Parts.js"
import * as Records from "./Records.js"
import * as Statistics from "./Statistics.js"

/**
 * `now`: work is blocked or fails. `soon`: it will be, or someone waits. `watch`: good to know.
 *
 * @since 0.1.0
 * @category models
 */
export type Urgency = "now" | "soon" | "watch"

/**
 * What kind of thing was found; those of one code can be told together.
 *
 * @since 0.1.0
 * @category models
 */
export type Code =
  | "clean_room_ended"
  | "clean_room_ends_soon"
  | "question_not_ready"
  | "dataset_not_ready"
  | "connection_stuck"
  | "runs_failing"
  | "run_stuck"
  | "long_queue"
  | "invitation_waiting"
  | "partner_without_data"
  | "schedule_in_vain"
  | "schedule_ends_soon"
  | "clean_room_unused"

/**
 * Something that calls for attention. `effect` counts what it touches: questions that wait, runs that failed.
 *
 * @since 0.1.0
 * @category models
 */
export interface Finding {
  readonly code: Code
  readonly urgency: Urgency
  readonly effect: number
  readonly cleanRoom: CleanRoom | undefined
  /** A whole sentence. */
  readonly text: string
  readonly whose?: string
  readonly step?: NextStep
}

/**
 * What findings are measured against, in milliseconds since the epoch.
 *
 * @since 0.1.0
 * @category models
 */
export interface Context {
  readonly now: number
  readonly window: Statistics.Window
  readonly connections: Part<DataConnectionResponse>
}

const [hour, day] = [3_600_000, 86_400_000]
const soonDays = 14
const patientDays = 3
const stuckAfter = 6 * hour
const longQueueSeconds = 1800

/**
 * How many days are left until a day or time of Habu's; negative once it has passed.
 *
 * @since 0.1.0
 * @category getters
 */
export const daysUntil = (moment: string | undefined, now: number): number | undefined => {
  const millis = Records.millisOf(moment)
  // A day lasts until its end.
  return millis === undefined ? undefined : Math.floor((millis + (moment?.length === 10 ? day : 0) - now) / day)
}

/**
 * Whether a schedule starts runs, as far as Habu tells.
 *
 * @since 0.1.0
 * @category guards
 */
export const isActive = ({ active, endDateTime }: Schedule, now: number): boolean =>
  active !== false && !((Records.millisOf(endDateTime) ?? now + 1) <= now)

const activeSchedules = (question: SurveyedQuestion, now: number) =>
  itemsOf(question.schedules).filter((schedule) => isActive(schedule, now))

const dates = (room: SurveyedCleanRoom, { now }: Context): ReadonlyArray<Finding> => {
  const { cleanRoom, isExpired } = room
  const title = Words.title(cleanRoom)
  const ends = Words.moment(cleanRoom.endAt)
  const left = daysUntil(cleanRoom.endAt, now)
  const common = {
    cleanRoom,
    effect: room.questions.length,
    whose: Words.said(cleanRoom.ownerOrganization) ?? "the owner"
  }
  if (isExpired) {
    return [{
      ...common,
      code: "clean_room_ended",
      step: Calls.reopen(room.cleanRoom),
      urgency: room.questions.some((question) => activeSchedules(question, now).length > 0) ? "now" : "watch",
      text: `${title} ended on ${ends}: it is read-only until its owner sets a later end date.`
    }]
  }
  return left === undefined || left > soonDays ? [] : [{
    ...common,
    code: "clean_room_ends_soon",
    urgency: "soon",
    text: `${title} ends on ${ends}, in ${Words.count(left, "day")}: nothing runs in it after that.`
  }]
}

/**
 * What a question that is not READY lacks, and whose turn it is.
 *
 * @since 0.1.0
 * @category getters
 */
export const lacks = (
  { macros, question }: SurveyedQuestion
): { readonly missing: ReadonlyArray<string>; readonly whose: ReadonlyArray<string>; readonly text: string } => {
  const open = itemsOf(macros).filter(({ assigned }) => !assigned)
  const missing = open.map(({ macro }) => `@${macro}`)
  const whose = [...new Set(open.map((macro) => macro.whose))]
  const status = Words.said(question.status, 50) ?? "of unknown status"
  if (!isHeard(macros)) return { missing, whose, text: `${status}; what it lacks could not be seen` }
  return {
    missing,
    whose,
    text: open.length === 0
      ? `${status}, though all its datasets are assigned: Habu's UI may tell why`
      : `${status}: ${open.map(({ macro, whose }) => `@${macro} (${whose} must assign it)`).join(", ")}`
  }
}

const unready = ({ cleanRoom, questions }: SurveyedCleanRoom, { now }: Context): ReadonlyArray<Finding> =>
  questions.filter(({ isReady }) => !isReady).map((question) => {
    const { text, whose } = lacks(question)
    return {
      code: "question_not_ready",
      urgency: activeSchedules(question, now).length > 0 ? "now" : "soon",
      effect: 1,
      cleanRoom,
      text: `${Words.title(question.question)} is ${text}.`,
      ...(whose.length > 0 && { whose: whose.join(", ") }),
      step: Calls.makeReady(question.question, cleanRoom)
    }
  })

const settled = new Set(["configured", "complete", "completed", "configurationcomplete", "ready", "active"])

/**
 * Whether a dataset can be used, by what Habu says of it; undefined where it says nothing known.
 *
 * @since 0.1.0
 * @category guards
 */
export const isUsable = ({ configurationStatus, stage }: CleanRoomDataset): boolean | undefined => {
  const words = [configurationStatus, stage].filter((word) => word !== undefined && word.trim() !== "")
  return words.length === 0
    ? undefined
    : words.every((word) => settled.has((word ?? "").toLowerCase().replace(/[^a-z]/g, "")))
}

const datasets = (room: SurveyedCleanRoom): ReadonlyArray<Finding> =>
  itemsOf(room.datasets).filter((dataset) => isUsable(dataset) === false).map((dataset) => ({
    code: "dataset_not_ready",
    urgency: "soon",
    effect: 1,
    cleanRoom: room.cleanRoom,
    text: `The dataset ${JSON.stringify(Words.title(dataset))} is ${
      Words.said(dataset.configurationStatus, 40) ?? Words.said(dataset.stage, 40)
    }.`,
    whose: Words.said(dataset.organizationName) ?? "its owner",
    step: Calls.seeDatasets(room.cleanRoom)
  }))

/**
 * Whether a data connection can be used, or becomes so by bringing it into a clean room.
 *
 * @since 0.1.0
 * @category guards
 */
export const isConnected = (connection: DataConnectionResponse): boolean => {
  const { next, state } = connectionState(connection)
  return next === undefined || /^(ready|completed?)$/i.test(state ?? "")
}

/**
 * The data connections that cannot be used, where they may be seen; their effect is the datasets that stand on them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const connections = (
  all: Part<DataConnectionResponse>,
  rooms: ReadonlyArray<SurveyedCleanRoom>
): ReadonlyArray<Finding> => {
  const used = new Map<string, number>()
  for (const { dataConnectionId = "" } of rooms.flatMap(({ datasets }) => itemsOf(datasets))) {
    used.set(dataConnectionId, (used.get(dataConnectionId) ?? 0) + 1)
  }
  return itemsOf(all).filter((connection) => !isConnected(connection)).map((connection) => {
    const { meaning, next, state } = connectionState(connection)
    const datasets = used.get(connection.id ?? "") ?? 0
    return {
      code: "connection_stuck",
      urgency: datasets > 0 || /fail/i.test(state ?? "") ? "now" : "soon",
      effect: datasets,
      cleanRoom: undefined,
      text: `The data connection ${JSON.stringify(Words.title(connection))} is ${
        state ?? "of unknown state"
      }. ${meaning} ${next ?? ""}`,
      step: Calls.seeConnection(connection)
    }
  })
}

const runsOf = ({ runs }: SurveyedQuestion, { window }: Context) => Statistics.within(itemsOf(runs), window)

const failing = (room: SurveyedCleanRoom, context: Context): ReadonlyArray<Finding> =>
  room.questions.flatMap((question) => {
    const statistics = Statistics.of(runsOf(question, context))
    const [worst] = statistics.failures
    if (worst === undefined) return []
    const over = statistics.completed + statistics.failed
    const mostly = statistics.failed >= 2 && statistics.failed * 2 > over
    return [{
      code: "runs_failing" as const,
      urgency: mostly ? "now" as const : statistics.failed >= 2 ? "soon" as const : "watch" as const,
      effect: statistics.failed,
      cleanRoom: room.cleanRoom,
      text: `${statistics.failed} of ${Words.count(over, "run")} of ${Words.title(question.question)} failed, ${
        worst.runs.length < statistics.failed ? "mostly" : "last"
      } with ${JSON.stringify(worst.cause)}${worst.retryable ? ", which Habu says a retry may mend" : ""}.`,
      step: Calls.diagnose(question.question)
    }]
  })

const stuck = (room: SurveyedCleanRoom, context: Context): ReadonlyArray<Finding> =>
  room.questions.flatMap((question) => {
    const old = runsOf(question, context).filter(({ phase, submittedAt = context.now }) =>
      !Run.isOver(phase) && context.now - submittedAt > stuckAfter
    )
    const [first] = old
    return first === undefined ? [] : [{
      code: "run_stuck" as const,
      urgency: "now" as const,
      effect: old.length,
      cleanRoom: room.cleanRoom,
      text: `${Words.count(old.length, "run")} of ${Words.title(question.question)} ${
        old.length === 1 ? "has" : "have"
      } not ended for ${Statistics.spoken((context.now - (first.submittedAt ?? context.now)) / 1000)}.`,
      step: Calls.diagnose(question.question)
    }]
  })

const queues = (room: SurveyedCleanRoom, context: Context): ReadonlyArray<Finding> => {
  const { count, queue } = Statistics.of(room.questions.flatMap((question) => runsOf(question, context)))
  return queue === undefined || queue.p95_seconds < longQueueSeconds ? [] : [{
    code: "long_queue",
    urgency: "watch",
    effect: count,
    cleanRoom: room.cleanRoom,
    text: `In ${Words.title(room.cleanRoom)} one run in twenty waited ${
      Statistics.spoken(queue.p95_seconds)
    } or longer before it began (half of them at most ${Statistics.spoken(queue.p50_seconds)}).`
  }]
}

const partners = (room: SurveyedCleanRoom, { now }: Context): ReadonlyArray<Finding> => [
  ...Partners.open(room, now).map(({ email, meaning, status, waiting_days }): Finding => ({
    code: "invitation_waiting",
    urgency: status.toUpperCase() === "PENDING" && (waiting_days ?? 0) < patientDays ? "watch" : "soon",
    effect: 1,
    cleanRoom: room.cleanRoom,
    text: `The invitation of ${email} to ${Words.title(room.cleanRoom)} is ${status}${
      waiting_days === undefined ? "" : ` since ${Words.count(waiting_days, "day")}`
    }. ${meaning}`,
    whose: /^declined/i.test(status) ? "whoever invited them" : status.toUpperCase() === "PENDING" ? email : "LiveRamp",
    step: Calls.seePartners(room.cleanRoom)
  })),
  ...Partners.joined(room).filter(({ datasets }) => datasets === 0).map(({ name }): Finding => ({
    code: "partner_without_data",
    urgency: "watch",
    effect: 1,
    cleanRoom: room.cleanRoom,
    text: `${name} has brought no dataset into ${Words.title(room.cleanRoom)}.`,
    whose: name,
    step: Calls.seeDatasets(room.cleanRoom)
  }))
]

const schedules = (room: SurveyedCleanRoom, { now }: Context): ReadonlyArray<Finding> =>
  room.questions.flatMap((question) =>
    activeSchedules(question, now).flatMap((schedule): ReadonlyArray<Finding> => {
      const name = JSON.stringify(Words.title(schedule))
      const common = { cleanRoom: room.cleanRoom, effect: 1, step: Calls.seeSchedules(question.question) }
      const left = daysUntil(schedule.endDateTime, now)
      if (room.isExpired || !question.isReady) {
        return [{
          ...common,
          step: Calls.endSchedule(schedule, question.question),
          code: "schedule_in_vain",
          urgency: "now",
          text: `The schedule ${name} of ${Words.title(question.question)} starts runs that Habu refuses: ${
            room.isExpired ? "the clean room has ended" : "the question is not READY"
          }.`
        }]
      }
      return left === undefined || left > soonDays ? [] : [{
        ...common,
        code: "schedule_ends_soon",
        urgency: "soon",
        text: `The schedule ${name} of ${Words.title(question.question)} ends in ${Words.count(left, "day")}.`
      }]
    })
  )

// Only where every question's runs could be seen can it be said that there were none.
const unused = (room: SurveyedCleanRoom, context: Context): ReadonlyArray<Finding> => {
  const isKnown = isHeard(room.list) && room.questions.every(({ runs }) => isHeard(runs))
  if (!isKnown || room.isExpired || room.questions.some((question) => runsOf(question, context).length > 0)) return []
  return [{
    code: "clean_room_unused",
    urgency: "watch",
    effect: room.questions.length,
    cleanRoom: room.cleanRoom,
    text: room.questions.length === 0
      ? `${Words.title(room.cleanRoom)} has no questions yet.`
      : `Nothing ran in ${Words.title(room.cleanRoom)} within the window, though it has ${
        Words.count(room.questions.length, "question")
      }.`
  }]
}

const ranks: { readonly [urgency in Urgency]: number } = { now: 0, soon: 1, watch: 2 }

/**
 * The most urgent first; among equals what touches more.
 *
 * @since 0.1.0
 * @category sorting
 */
export const ordered = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> =>
  [...findings].sort((a, b) => ranks[a.urgency] - ranks[b.urgency] || b.effect - a.effect)

/**
 * All that one clean room's survey shows, but for data connections, which belong to the organisation.
 *
 * @since 0.1.0
 * @category constructors
 */
export const inCleanRoom = (room: SurveyedCleanRoom, context: Context): ReadonlyArray<Finding> =>
  ordered(
    [dates, unready, datasets, failing, stuck, queues, partners, schedules, unused].flatMap((look) =>
      look(room, context)
    )
  )
