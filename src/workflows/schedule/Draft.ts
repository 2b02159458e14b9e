/**
 * A schedule as it will be sent: what the caller gave, what is so already, and sensible defaults for the rest, each with
 * its reason.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type {
  CreateCleanroomQuestionRunScheduleInput as Sent,
  GetCleanroomQuestionRunScheduleResponse as Schedule
} from "../../habu/api/Schedules.js"
import * as Text from "../../habu/Text.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Conflicts from "./Conflicts.js"
import * as Timetable from "./Timetable.js"

/**
 * What a caller may say of a schedule.
 *
 * @since 0.1.0
 * @category models
 */
export interface Given {
  readonly name?: string | undefined
  readonly frequency?: "DAILY" | "WEEKLY" | "MONTHLY" | undefined
  readonly days?: ReadonlyArray<Timetable.Weekday> | undefined
  readonly days_of_month?: ReadonlyArray<number> | undefined
  readonly start?: string | undefined
  readonly end?: string | undefined
}

/**
 * What defaults rest on.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ground {
  readonly now: number
  readonly cleanRoom: CleanRoom
  readonly question: string
  readonly dataDays: number | undefined
  readonly loads: ReadonlyMap<number, number>
}

/**
 * A schedule to send, without its values, and why it is so.
 *
 * @since 0.1.0
 * @category models
 */
export interface Draft {
  readonly sent: Sent
  readonly reasons: ReadonlyArray<string>
}

const day = 86_400_000
const usualHour = 6
const usualDays = 90

const withZone = /(Z|[+-]\d{2}:?\d{2})$/i
const dayOnly = /^\d{4}-\d{2}-\d{2}$/

const momentOf = (field: string, text: string): Effect.Effect<number, Workflow.InputInvalid> => {
  const millis = Date.parse(Words.moment(text.trim()) ?? "")
  return Number.isFinite(millis) ? Effect.succeed(millis) : Effect.fail(
    new Workflow.InputInvalid({
      field,
      problem: `is ${JSON.stringify(Text.clean(text, 40))}, which is no day or time`,
      advice: "Give an ISO time with its zone, such as 2026-03-02T06:00:00Z or 2026-03-02T07:00:00+01:00."
    })
  )
}

const zoneNote = (text: string | undefined) =>
  text === undefined || dayOnly.test(text.trim()) || withZone.test(text.trim())
    ? []
    : [`${Words.said(text, 40)} has no time zone and was taken as UTC.`]

const frequencyOf = (given: Given, dataDays: number | undefined) => {
  if (given.frequency !== undefined) return { frequency: given.frequency, why: [] }
  if ((given.days ?? []).length > 0) return { frequency: "WEEKLY" as const, why: [] }
  if ((given.days_of_month ?? []).length > 0) return { frequency: "MONTHLY" as const, why: [] }
  if (dataDays === undefined) {
    return {
      frequency: "WEEKLY" as const,
      why: ["Weekly, since nothing tells how often the data of this question changes."]
    }
  }
  const frequency = dataDays >= 28 ? "MONTHLY" as const : dataDays >= 7 ? "WEEKLY" as const : "DAILY" as const
  return {
    frequency,
    why: [`${frequency.toLowerCase()}, since the data changes every ${Words.count(dataDays, "day")}.`]
  }
}

// The start is a day and a time of day at once: Habu fires at the start's time of day.
const startOf = Effect.fnUntraced(function*(given: Given, ground: Ground, frequency: string) {
  const { loads, now } = ground
  const tomorrow = Math.floor(now / day) * day + day
  const from = given.start === undefined ? tomorrow : yield* momentOf("start", given.start)
  if (given.start !== undefined && !dayOnly.test(given.start.trim())) return { start: from, why: zoneNote(given.start) }
  const weekdays = frequency === "WEEKLY"
    ? (given.days ?? []).map((name) => Timetable.weekdays.indexOf(name))
    : [0, 1, 2, 3, 4, 5, 6]
  const days = weekdays.length > 0 ? weekdays : [new Date(from).getUTCDay()]
  const hour = Conflicts.quietHour(loads, days, usualHour)
  return {
    start: Math.floor(from / day) * day + hour * 3_600_000,
    why: [
      `At ${String(hour).padStart(2, "0")}:00 UTC${
        hour === usualHour ? "" : ", which is less crowded by other schedules"
      }.`
    ]
  }
})

const endOf = Effect.fnUntraced(function*(given: Given, ground: Ground, start: number) {
  if (given.end !== undefined) return { end: yield* momentOf("end", given.end), why: zoneNote(given.end) }
  const usual = start + usualDays * day
  const closes = Date.parse(Words.moment(ground.cleanRoom.endAt) ?? "")
  return Number.isFinite(closes) && closes < usual
    ? { end: closes, why: [`Ends with the clean room on ${Words.iso(closes).slice(0, 10)}.`] }
    : { end: usual, why: [`Ends after ${usualDays} days, so that it is not forgotten; give end to change that.`] }
})

const ordered = (start: number, end: number, now: number) =>
  end > start && end > now ? Effect.void : Effect.fail(
    new Workflow.InputInvalid({
      field: "end",
      problem: `is ${Words.iso(end)}, which is not after ${end > start ? "now" : `the start (${Words.iso(start)})`}`,
      advice: "Give a later end. Nothing was sent."
    })
  )

/**
 * A new schedule.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fresh = Effect.fnUntraced(function*(given: Given, ground: Ground) {
  const { frequency, why } = frequencyOf(given, ground.dataDays)
  const begin = yield* startOf(given, ground, frequency)
  const finish = yield* endOf(given, ground, begin.start)
  yield* ordered(begin.start, finish.end, ground.now)
  const weekday = Timetable.weekdays[new Date(begin.start).getUTCDay()] ?? "MON"
  const days = given.days ?? []
  return {
    sent: {
      name: Words.said(given.name, 80) ?? `${Words.said(ground.question, 60) ?? "Question"} ${frequency.toLowerCase()}`,
      repeatFrequency: frequency,
      startSchedule: Words.iso(begin.start),
      endSchedule: Words.iso(finish.end),
      ...(frequency === "WEEKLY" && { daysOfWeek: days.length > 0 ? days : [weekday] }),
      ...(frequency === "MONTHLY" && {
        repeatDayofMonth: given.days_of_month ?? [Math.min(28, new Date(begin.start).getUTCDate())]
      })
    },
    reasons: [...why, ...begin.why, ...finish.why]
  } satisfies Draft
})

const known = <A extends string>(all: ReadonlyArray<A>, texts: ReadonlyArray<string>): ReadonlyArray<A> =>
  all.filter((one) => texts.includes(one))

const frequencies = ["DAILY", "WEEKLY", "MONTHLY"] as const

/**
 * A schedule with some of it changed; every field is sent, since what becomes of one left out is not documented.
 *
 * @since 0.1.0
 * @category constructors
 */
export const changed = Effect.fnUntraced(function*(schedule: Schedule, given: Given, now: number) {
  const current = Timetable.span(schedule)
  const start = given.start === undefined ? current.start ?? now : yield* momentOf("start", given.start)
  const end = given.end === undefined ? current.end : yield* momentOf("end", given.end)
  if (end !== undefined) yield* ordered(start, end, now)
  const frequency = given.frequency ?? frequencies.find((one) => one === schedule.repeatFrequency) ?? "WEEKLY"
  const days = given.days ?? known(Timetable.weekdays, schedule.daysOfWeek ?? [])
  const ofMonth = given.days_of_month ?? schedule.repeatDayofMonth ?? []
  return {
    sent: {
      name: Words.said(given.name, 80) ?? schedule.name ?? "",
      repeatFrequency: frequency,
      startSchedule: Words.iso(start),
      ...(end !== undefined && { endSchedule: Words.iso(end) }),
      ...(frequency === "WEEKLY" && days.length > 0 && { daysOfWeek: days }),
      ...(frequency === "MONTHLY" && ofMonth.length > 0 && { repeatDayofMonth: ofMonth })
    },
    reasons: [...zoneNote(given.start), ...zoneNote(given.end)]
  } satisfies Draft
})

/**
 * Whether Habu shows a schedule as it was sent: its name, frequency, days and times.
 *
 * @since 0.1.0
 * @category guards
 */
export const isShown = (sent: Sent) => (schedule: Schedule): boolean => {
  const { end, start } = Timetable.span(schedule)
  const same = (a: ReadonlyArray<unknown> = [], b: ReadonlyArray<unknown> = []) =>
    [...a].sort().join() === [...b].sort().join()
  return Text.folded(schedule.name ?? "") === Text.folded(sent.name ?? "") &&
    schedule.repeatFrequency === sent.repeatFrequency &&
    start === Date.parse(sent.startSchedule ?? "") &&
    (sent.endSchedule === undefined || end === Date.parse(sent.endSchedule)) &&
    (sent.daysOfWeek === undefined || same(schedule.daysOfWeek, sent.daysOfWeek)) &&
    (sent.repeatDayofMonth === undefined || same(schedule.repeatDayofMonth, sent.repeatDayofMonth))
}
