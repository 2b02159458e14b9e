/**
 * What is wrong with schedules together: crowded hours, overlapping runs, runs that cannot happen, and runs more frequent
 * than their data.
 *
 * Whether Habu counts scheduled runs against the 20 starts an hour is not known; a crowded hour is an estimate.
 *
 * @since 0.1.0
 */
import * as Words from "../Words.js"
import type { PlacedSchedule } from "./Placed.js"
import * as Timetable from "./Timetable.js"

/**
 * @since 0.1.0
 * @category models
 */
export type Kind = "crowded_hour" | "overlapping_runs" | "clean_room_ended" | "question_not_ready" | "more_than_data"

/**
 * @since 0.1.0
 * @category models
 */
export interface Conflict {
  readonly kind: Kind
  readonly text: string
  readonly schedules: ReadonlyArray<PlacedSchedule>
  /** Crowded hours: that hour of the week. */
  readonly hour?: number
}

const week = 7 * 86_400_000
// Habu starts at most 20 runs an hour, by whomever; from a quarter of that on, an hour is worth spreading.
const crowd = 4

const title = ({ question, schedule }: PlacedSchedule) =>
  `${Words.said(schedule.name) ?? Words.said(schedule.displayId) ?? "a schedule"} of ${Words.title(question)}`

const isFiring = ({ isExpired, isReady, schedule }: PlacedSchedule, now: number) =>
  !isExpired && isReady && Timetable.isRunning(schedule, now)

/**
 * How many runs are expected to start in each hour of the next week.
 *
 * @since 0.1.0
 * @category getters
 */
export const load = (schedules: ReadonlyArray<PlacedSchedule>, now: number): ReadonlyMap<number, number> => {
  const hours = schedules.filter((one) => isFiring(one, now))
    .flatMap(({ schedule }) => Timetable.firings(schedule, now, now + week).map(Timetable.hourOfWeek))
  return new Map([...new Set(hours)].map((hour) => [hour, hours.filter((other) => other === hour).length]))
}

const crowded = (schedules: ReadonlyArray<PlacedSchedule>, now: number): ReadonlyArray<Conflict> => {
  const hours = [...load(schedules, now)].filter(([, count]) => count >= crowd).sort((a, b) => b[1] - a[1])
  const meant = (hour: number) =>
    schedules.filter((one) =>
      isFiring(one, now) &&
      Timetable.firings(one.schedule, now, now + week).some((at) => Timetable.hourOfWeek(at) === hour)
    )
  return hours.slice(0, 5).map(([hour, count]) => ({
    kind: "crowded_hour",
    hour,
    schedules: meant(hour),
    text:
      `${count} runs are expected to start in the hour from ${Timetable.hourInWords(hour)}. Habu allows 20 starts ` +
      "an hour; whether scheduled ones count is not known (estimate)."
  }))
}

const overlapping = (schedules: ReadonlyArray<PlacedSchedule>, now: number): ReadonlyArray<Conflict> => {
  const active = schedules.filter((one) => isFiring(one, now))
  const byQuestion = new Map<string, ReadonlyArray<PlacedSchedule>>()
  for (const one of active) {
    const id = one.question.id ?? ""
    byQuestion.set(id, [...(byQuestion.get(id) ?? []), one])
  }
  return [...byQuestion.values()].flatMap((all): ReadonlyArray<Conflict> => {
    const starts = all.flatMap(({ schedule }) => Timetable.firings(schedule, now, now + week)).sort((a, b) => a - b)
    const longest = Math.max(...all.map(({ ran = 1_800_000 }) => ran))
    const clash = starts.findIndex((at, index) => {
      const next = starts[index + 1]
      return next !== undefined && next - at < longest
    })
    const [first] = all
    const at = starts[clash]
    return first === undefined || at === undefined ? [] : [{
      kind: "overlapping_runs",
      schedules: all,
      text: `Runs of ${Words.title(first.question)} overlap around ${Words.iso(at)}: a run takes about ${
        Words.count(Math.round(longest / 60_000), "minute")
      }, and the next starts before.`
    }]
  })
}

const inVain = (schedules: ReadonlyArray<PlacedSchedule>, now: number): ReadonlyArray<Conflict> =>
  schedules.filter(({ schedule }) => Timetable.isRunning(schedule, now)).flatMap((one): ReadonlyArray<Conflict> => [
    ...(one.isExpired
      ? [{
        kind: "clean_room_ended" as const,
        schedules: [one],
        text: `${title(one)} cannot run: ${Words.title(one.cleanRoom)} ended on ${Words.moment(one.cleanRoom.endAt)}.`
      }]
      : []),
    ...(one.isReady ? [] : [{
      kind: "question_not_ready" as const,
      schedules: [one],
      text: `${title(one)} cannot run: its question is ${Words.said(one.question.status, 50) ?? "not READY"}.`
    }])
  ])

const tooFrequent = (schedules: ReadonlyArray<PlacedSchedule>, now: number): ReadonlyArray<Conflict> =>
  schedules.filter((one) => isFiring(one, now)).flatMap((one): ReadonlyArray<Conflict> => {
    const every = Timetable.daysBetween(one.schedule)
    const { dataDays } = one
    return every === undefined || dataDays === undefined || every >= dataDays * 0.9 ? [] : [{
      kind: "more_than_data",
      schedules: [one],
      text: `${title(one)} runs every ${
        every < 1.5 ? "day" : `${Math.round(every)} days`
      }, but its data changes every ${
        Words.count(dataDays, "day")
      } by its data connections: the runs between give the same.`
    }]
  })

/**
 * Finds all conflicts, those that make runs fail first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const find = (schedules: ReadonlyArray<PlacedSchedule>, now: number): ReadonlyArray<Conflict> => [
  ...inVain(schedules, now),
  ...overlapping(schedules, now),
  ...crowded(schedules, now),
  ...tooFrequent(schedules, now)
]

/**
 * The hour of the day (UTC) with the least expected load on the given weekdays, the closest to `wanted` among equals.
 *
 * @since 0.1.0
 * @category getters
 */
export const quietHour = (
  loads: ReadonlyMap<number, number>,
  days: ReadonlyArray<number>,
  wanted: number
): number => {
  const loadOf = (hour: number) => Math.max(...days.map((day) => loads.get(day * 24 + hour) ?? 0))
  const distance = (hour: number) => Math.min(Math.abs(hour - wanted), 24 - Math.abs(hour - wanted))
  return Array.from({ length: 24 }, (_, hour) => hour)
    .sort((a, b) => loadOf(a) - loadOf(b) || distance(a) - distance(b))[0] ?? wanted
}
