/**
 * Which runs a schedule made. Habu does not say it of a run: they are matched by time and values, and so inferred.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { QuestionRunMetadata } from "../../habu/api/QuestionRuns.js"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../../habu/api/Schedules.js"
import * as Run from "../../runs/Run.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Timetable from "./Timetable.js"
import * as Values from "./Values.js"

/**
 * A time at which the schedule was to fire, and the run that fits.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  due_at: Schema.String,
  run: Workflow.maybe(Schema.String),
  ended: Schema.String,
  inferred: Schema.Boolean
})

export interface View extends Schema.Schema.Type<typeof View> {}

// A scheduled run is handed in within minutes; an hour leaves room for a busy Habu.
const grace = 3_600_000

const fits = (schedule: Schedule, at: number) => {
  // Values that move with the run differ each time; those that stay must be the same.
  const fixed = Object.entries(Values.ofSchedule(schedule)).filter(([, value]) => Values.relative(value) === undefined)
  return ({ parameters = {}, submittedAt }: QuestionRunMetadata) => {
    const submitted = Date.parse(Words.moment(submittedAt) ?? "")
    return submitted >= at - 60_000 && submitted < at + grace &&
      fixed.every(([name, value]) => parameters[name] === undefined || parameters[name] === value)
  }
}

/**
 * The runs of a schedule between two moments, the latest first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (
  schedule: Schedule,
  runs: ReadonlyArray<QuestionRunMetadata>,
  window: { readonly from: number; readonly to: number }
): ReadonlyArray<View> =>
  Timetable.firings(schedule, window.from, window.to).toReversed().map((at) => {
    const matching = runs.filter(fits(schedule, at))
    const run = matching.find(({ name = "" }) => name.includes(schedule.name ?? "\u0000")) ?? matching[0]
    return Workflow.compact({
      due_at: Words.iso(at),
      run: run === undefined ? undefined : Words.said(run.name) ?? run.id,
      ended: run === undefined ? "no run found" : Run.phaseOf(run.status),
      inferred: true
    })
  })
