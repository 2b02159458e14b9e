/**
 * When schedules fire, worked out from what Habu shows of them. Habu names no time zone; times are taken as UTC, as they
 * are sent.
 *
 * @since 0.1.0
 */
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../../habu/api/Schedules.js"
import * as Words from "../Words.js"

const day = 86_400_000

/**
 * The days of the week as Habu spells them, from Sunday on.
 *
 * @since 0.1.0
 * @category constants
 */
export const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const

/**
 * A weekday as Habu spells it.
 *
 * @since 0.1.0
 * @category models
 */
export type Weekday = (typeof weekdays)[number]

const millisOf = (text: string | undefined) => {
  const millis = Date.parse(Words.moment(text) ?? "")
  return Number.isFinite(millis) ? millis : undefined
}

/**
 * When a schedule begins and ends, in milliseconds since the epoch. An end without a time is the end of that day.
 *
 * @since 0.1.0
 * @category getters
 */
export const span = (
  { endDateTime, startDateTime }: Schedule
): { readonly start: number | undefined; readonly end: number | undefined } => {
  const end = millisOf(endDateTime)
  return {
    start: millisOf(startDateTime),
    end: end === undefined || /T/.test(endDateTime ?? "") ? end : end + day - 1
  }
}

/**
 * Whether a schedule may fire after a moment.
 *
 * @since 0.1.0
 * @category guards
 */
export const isRunning = (schedule: Schedule, now: number): boolean => {
  const { end } = span(schedule)
  return schedule.active !== false && (end === undefined || end > now)
}

const isDay = ({ daysOfWeek = [], repeatDayofMonth = [], repeatFrequency }: Schedule, start: Date, at: Date) => {
  const days: ReadonlyArray<string> = daysOfWeek
  switch (repeatFrequency) {
    case "WEEKLY":
      return (days.length > 0 ? days : [weekdays[start.getUTCDay()] ?? ""]).includes(weekdays[at.getUTCDay()] ?? "")
    case "MONTHLY":
      return (repeatDayofMonth.length > 0 ? repeatDayofMonth : [start.getUTCDate()]).includes(at.getUTCDate())
    default:
      return repeatFrequency === "DAILY"
  }
}

/**
 * The moments from `from` on and before `to` at which a schedule is expected to fire: on its days, at the time of day at
 * which it begins.
 *
 * @since 0.1.0
 * @category getters
 */
export const firings = (schedule: Schedule, from: number, to: number): ReadonlyArray<number> => {
  const { end, start } = span(schedule)
  if (start === undefined) return []
  const first = Math.max(0, Math.ceil((from - start) / day))
  const last = Math.floor((Math.min(to - 1, end ?? to - 1) - start) / day)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => start + (first + index) * day)
    .filter((at) => isDay(schedule, new Date(start), new Date(at)))
}

/**
 * How many days lie between two firings on the average, over four weeks; undefined where fewer than two are expected.
 *
 * @since 0.1.0
 * @category getters
 */
export const daysBetween = (schedule: Schedule): number | undefined => {
  const { start } = span(schedule)
  if (start === undefined) return undefined
  const { endDateTime: _, ...open } = schedule
  const all = firings(open, start, start + 62 * day)
  const [first] = all
  const last = all.at(-1)
  return first === undefined || last === undefined || all.length < 2
    ? undefined
    : (last - first) / (all.length - 1) / day
}

/**
 * An hour of the week, from Sunday 00:00 UTC on.
 *
 * @since 0.1.0
 * @category getters
 */
export const hourOfWeek = (at: number): number => {
  const then = new Date(at)
  return then.getUTCDay() * 24 + then.getUTCHours()
}

/**
 * An hour of the week in words.
 *
 * @since 0.1.0
 * @category formatting
 */
export const hourInWords = (hour: number): string =>
  `${weekdays[Math.floor(hour / 24)]} ${String(hour % 24).padStart(2, "0")}:00 UTC`

/**
 * How often a schedule repeats, in words.
 *
 * @since 0.1.0
 * @category formatting
 */
export const inWords = (schedule: Schedule): string => {
  const { daysOfWeek = [], repeatDayofMonth = [], repeatFrequency } = schedule
  const { start } = span(schedule)
  const time = start === undefined ? "" : ` at ${Words.iso(start).slice(11, 16)} UTC`
  const days = repeatFrequency === "WEEKLY" && daysOfWeek.length > 0
    ? ` on ${daysOfWeek.join(", ")}`
    : repeatFrequency === "MONTHLY" && repeatDayofMonth.length > 0
    ? ` on day ${repeatDayofMonth.join(", ")}`
    : ""
  return `${(Words.said(repeatFrequency, 30) ?? "unknown").toLowerCase()}${days}${time}`
}
