/**
 * Finding schedules: those of one question, or of all questions of a clean room.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../../habu/api/Schedules.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Placed } from "../../habu/HabuDirectory.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose } from "./Chosen.js"
import { certain, gather, type Gathered } from "./Gathered.js"
import * as Places from "./Places.js"

/**
 * A schedule in the list, with the question that it runs.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  question: Schema.String,
  active: Workflow.maybe(Schema.Boolean),
  ended: Workflow.maybe(Schema.Boolean),
  repeats: Workflow.maybe(Schema.String),
  starts: Workflow.maybe(Schema.String),
  ends: Workflow.maybe(Schema.String)
})

interface Found {
  readonly schedule: Schedule
  readonly placed: Placed
}

const repeats = ({ daysOfWeek = [], repeatDayofMonth = [], repeatFrequency }: Schedule) =>
  Words.said([repeatFrequency, daysOfWeek.join(" "), repeatDayofMonth.join(" ")].filter(Boolean).join(", "), 80)

const hasEnded = ({ endDateTime }: Schedule, now: number) => {
  const end = Date.parse(Words.moment(endDateTime) ?? "")
  return Number.isFinite(end) && end < now
}

const item = (now: number) => ({ placed, schedule }: Found): typeof Item.Type =>
  Workflow.compact({
    ...Words.reference(schedule),
    question: Words.title(placed.question),
    active: schedule.active,
    ended: hasEnded(schedule, now) ? true : undefined,
    repeats: repeats(schedule),
    starts: Words.moment(schedule.startDateTime),
    ends: Words.moment(schedule.endDateTime)
  })

const look = Effect.fnUntraced(function*(
  asked: Asked,
  questions: Gathered<Placed>,
  scope: Answer.Scope,
  warnings: ReadonlyArray<string>
) {
  const { observed } = yield* HabuClient
  const now = yield* Clock.currentTimeMillis
  const sources = questions.items.map((placed) => ({
    part: `schedules of ${Words.title(placed.question)}`,
    cleanRoom: placed.cleanRoom,
    read: Reading.mapped(
      Reading.whole(
        observed.getCleanroomQuestionRunSchedules({ path: { cleanroomQuestionId: placed.question.id } })
      ),
      (schedules) => schedules.map((schedule): Found => ({ schedule, placed }))
    )
  }))
  const gathered: Gathered<Found> = sources.length === 0 ? { ...questions, items: [] } : yield* gather(sources)
  const chosen = choose(asked, gathered.items, {
    names: ({ placed, schedule }) => [schedule.name, placed.question.name],
    statuses: ({ schedule }) => [
      hasEnded(schedule, now) ? "ended" : schedule.active === false ? "inactive" : "active",
      schedule.repeatFrequency
    ]
  })
  return Answer.make(asked, gathered, chosen, {
    lists: { schedules: chosen.shown.map(item(now)) },
    scope,
    warnings,
    nextSteps: chosen.shown.slice(0, 1).map(({ placed }) => ({
      tool: "manage_question_schedules",
      arguments: { action: "history", question: Words.handle(placed.question) },
      why: "See which runs its schedule made and how they ended."
    }))
  })
})

/**
 * Finds schedules (operation `getCleanroomQuestionRunSchedules`).
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const reference = Words.given(asked.question)
  if (reference !== undefined) {
    const one = yield* Places.question(asked, reference)
    const scope = { ...Answer.within(one.cleanRoom), question: Words.reference(one.question) }
    return yield* look(asked, certain([one]), scope, [])
  }
  return yield* Places.inCleanRoom(asked, ({ cleanRoom, taken }) =>
    Effect.flatMap(
      Places.questions(certain([cleanRoom])),
      (questions) => look(asked, questions, Answer.within(cleanRoom), taken)
    ))
})
