/**
 * When schedules fire. Nothing waits for them: firings that fell due become runs when the next request comes in, each
 * with its own time.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CleanroomQuestionRunScheduleParameter } from "../habu/api/Schedules.js"
import * as Access from "./Access.js"
import * as Engine from "./Engine.js"
import * as Ids from "./Ids.js"
import * as QuestionState from "./QuestionState.js"
import type * as Rows from "./Rows.js"
import * as Runs from "./Runs.js"
import { date } from "./Wire.js"
import type * as World from "./World.js"

const day = 86_400_000

const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

/**
 * When a schedule begins: its `startSchedule`, or else when it was made.
 *
 * @since 0.1.0
 * @category getters
 */
export const startOf = (schedule: Rows.Schedule): number => {
  const { startSchedule = "" } = schedule.input
  return startSchedule === "" ? schedule.createdAt : Date.parse(startSchedule)
}

/**
 * When a schedule ends, if it does. An end without a time of day is the end of that day.
 *
 * @since 0.1.0
 * @category getters
 */
export const endOf = (schedule: Rows.Schedule): number | undefined => {
  const { endSchedule = "" } = schedule.input
  if (endSchedule === "") return undefined
  return Date.parse(endSchedule) + (endSchedule.includes("T") ? 0 : day - 1)
}

const isDay = (schedule: Rows.Schedule, at: number) => {
  const { daysOfWeek = [], repeatDayofMonth = [], repeatFrequency } = schedule.input
  const [start, then] = [new Date(startOf(schedule)), new Date(at)]
  switch (repeatFrequency) {
    case "WEEKLY": {
      const days: ReadonlyArray<string | undefined> = daysOfWeek.length > 0 ? daysOfWeek : [weekdays[start.getUTCDay()]]
      return days.includes(weekdays[then.getUTCDay()])
    }
    case "MONTHLY":
      return (repeatDayofMonth.length > 0 ? repeatDayofMonth : [start.getUTCDate()]).includes(then.getUTCDate())
    default:
      return repeatFrequency === "DAILY"
  }
}

/**
 * The times after `after` and up to `until` at which a schedule fires: on its days, at its start's time of day, in UTC.
 *
 * @since 0.1.0
 * @category getters
 */
export const firings = (schedule: Rows.Schedule, after: number, until: number): ReadonlyArray<number> => {
  const start = startOf(schedule)
  const last = Math.min(until, endOf(schedule) ?? until)
  const skipped = Math.max(0, Math.floor((after - start) / day))
  const count = Math.max(0, Math.floor((last - start) / day) - skipped + 1)
  return Array.from({ length: count }, (_, index) => start + (skipped + index) * day)
    .filter((at) => at > after && at <= last && isDay(schedule, at))
}

const back = (from: number, count: number, qualifier: string | undefined) => {
  if (qualifier !== "MONTHS") return from - count * day
  const then = new Date(from)
  return then.setUTCMonth(then.getUTCMonth() - count)
}

const valueOf = (parameter: CleanroomQuestionRunScheduleParameter, firedAt: number) =>
  parameter.dateType === "RELATIVE"
    ? date(back(firedAt, Number(parameter.value ?? 0), parameter.dateQualifier))
    : parameter.value ?? ""

const parametersAt = (schedule: Rows.Schedule, firedAt: number) =>
  Object.fromEntries(
    (schedule.input.parameters ?? []).map((parameter) => [parameter.name ?? "", valueOf(parameter, firedAt)])
  )

const unready = Engine.hopeless({
  failureReason: "Datasets missing",
  runMessage: "The question was not READY when its schedule fired.",
  isRetryable: false
})

const fire = (world: World.Service, schedule: Rows.Schedule, at: number) =>
  Effect.gen(function*() {
    const question = world.cleanRoomQuestions.get(schedule.cleanRoomQuestionId)
    const room = question === undefined ? undefined : world.cleanRooms.get(question.cleanRoomId)
    if (question === undefined || room === undefined || Access.isExpired(room, at)) return
    const run = {
      id: Ids.uuid(world.seed, `scheduled/${schedule.id}/${at}`),
      name: `${schedule.input.name ?? schedule.displayId} ${date(at)}`,
      parameters: parametersAt(schedule, at),
      submittedAt: at
    }
    const isReady = QuestionState.status(world, question) === "READY"
    yield* Runs.submit(world, question, room, run, isReady ? undefined : unready)
  })

/**
 * Turns the firings since the last time into runs.
 *
 * @since 0.1.0
 * @category combinators
 */
export const catchUp = (world: World.Service): Effect.Effect<void> =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    for (const schedule of world.schedules.all()) {
      if (schedule.firedUntil >= now) continue
      for (const at of firings(schedule, schedule.firedUntil, now)) yield* fire(world, schedule, at)
      world.schedules.put({ ...schedule, firedUntil: now })
    }
  })
