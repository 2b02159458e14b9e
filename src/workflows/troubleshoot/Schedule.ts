/**
 * The evidence on a question's schedule; whether its question can run at all is looked into beside it.
 *
 * @since 0.1.0
 */
import type { GetCleanroomQuestionRunScheduleResponse } from "../../habu/api/Schedules.js"
import * as Text from "../../habu/Text.js"
import * as Words from "../Words.js"
import { detect, type Detectors, found, type Investigation, unseen } from "./Finding.js"

interface Evidence {
  readonly schedule: GetCleanroomQuestionRunScheduleResponse
  readonly now: number
}

const detectors: Detectors<Evidence> = {
  "T-56": ({ schedule }) => {
    const start = Words.moment(schedule.startDateTime)
    return start === undefined
      ? unseen
      : found("fact", `It starts at ${start}, read as UTC: Habu keeps no time zone with a schedule.`)
  }
}

/**
 * Looks into a schedule.
 *
 * @since 0.1.0
 * @category constructors
 */
export const investigate = (schedule: GetCleanroomQuestionRunScheduleResponse, now: number): Investigation => {
  const end = Date.parse(schedule.endDateTime ?? "")
  const isOver = Number.isFinite(end) && end < now
  return {
    checks: [
      {
        check: "schedule",
        result: schedule.active === false || isOver ? "problem" : "ok",
        found: [
          schedule.active === false
            ? "not active"
            : isOver
            ? `ended at ${Words.moment(schedule.endDateTime)}`
            : "active",
          Text.clean(schedule.repeatFrequency ?? "", 20),
          (schedule.daysOfWeek ?? []).map((day) => Text.clean(day, 10)).join(" "),
          `from ${Words.moment(schedule.startDateTime) ?? "an unknown time"}`
        ].filter((text) => text !== "").join(", ")
      }
    ],
    ...detect(detectors, { schedule, now }),
    errors: [],
    facts: { schedule: schedule.id ?? "" }
  }
}
