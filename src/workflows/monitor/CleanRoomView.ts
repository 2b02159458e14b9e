/**
 * One clean room as its status answer shows it.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { SurveyedCleanRoom } from "../Survey.js"
import * as Findings from "../survey/Findings.js"
import * as Partners from "../survey/Partners.js"
import { isHeard, itemsOf } from "../survey/Parts.js"
import * as Records from "../survey/Records.js"
import * as Statistics from "../survey/Statistics.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * What a clean room is, and until when.
 *
 * @since 0.1.0
 * @category schemas
 */
export const About = Schema.Struct({
  ...Words.Reference.fields,
  owner: Workflow.maybe(Schema.String),
  starts: Workflow.maybe(Schema.String),
  ends: Workflow.maybe(Schema.String),
  days_left: Workflow.maybe(Schema.Number),
  expired: Schema.Boolean
})

const NotReady = Schema.Struct({
  ...Words.Reference.fields,
  status: Workflow.maybe(Schema.String),
  missing: Workflow.maybe(Schema.Array(Schema.String)),
  whose_turn: Workflow.maybe(Schema.Array(Schema.String))
})

const Count = Schema.Struct({ total: Schema.Number, ready: Schema.Number })

/**
 * Whether questions and datasets can be used, and what those lack that cannot. A count is left out where Habu does not
 * show it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Readiness = Schema.Struct({
  questions: Workflow.maybe(Count),
  questions_not_ready: Workflow.maybe(Schema.Array(NotReady)),
  datasets: Workflow.maybe(Count),
  datasets_not_ready: Workflow.maybe(
    Schema.Array(Schema.Struct({
      ...Words.Reference.fields,
      owner: Workflow.maybe(Schema.String),
      status: Workflow.maybe(Schema.String)
    }))
  )
})

/**
 * The runs of a window, with what went wrong grouped by cause.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Runs = Schema.Struct({
  ...Statistics.View.fields,
  unseen_questions: Workflow.maybe(
    Schema.Number.annotations({ description: "Questions whose runs Habu did not show" })
  ),
  failures: Workflow.maybe(
    Schema.Array(Schema.Struct({
      cause: Schema.String,
      count: Schema.Number,
      retryable: Schema.Boolean,
      questions: Schema.Array(Schema.String),
      latest_at: Workflow.maybe(Schema.String)
    }))
  )
})

const Expiring = Schema.Struct({ what: Schema.String, on: Schema.String, days_left: Schema.Number })

/**
 * The fields of an answer that tell of one clean room.
 *
 * @since 0.1.0
 * @category fields
 */
export const fields = {
  clean_room: Workflow.maybe(About),
  readiness: Workflow.maybe(Readiness),
  partners: Workflow.maybe(Schema.Array(Partners.Partner)),
  invitations: Workflow.maybe(Schema.Array(Partners.Invitation)),
  runs: Workflow.maybe(Runs),
  schedules: Workflow.maybe(Schema.Struct({ total: Schema.Number, active: Schema.Number })),
  expiring: Workflow.maybe(Schema.Array(Expiring))
}

/**
 * What is told of one clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface CleanRoomView extends Schema.Struct.Type<typeof fields> {}

/**
 * What a clean room is.
 *
 * @since 0.1.0
 * @category constructors
 */
export const about = ({ cleanRoom, isExpired }: SurveyedCleanRoom, now: number): typeof About.Type =>
  Workflow.compact({
    ...Words.reference(cleanRoom),
    owner: Words.said(cleanRoom.ownerOrganization),
    starts: Words.moment(cleanRoom.startAt),
    ends: Words.moment(cleanRoom.endAt),
    days_left: isExpired ? undefined : Findings.daysUntil(cleanRoom.endAt, now),
    expired: isExpired
  })

const readiness = (room: SurveyedCleanRoom, most: number): typeof Readiness.Type => {
  const datasets = itemsOf(room.datasets)
  const unready = room.questions.filter(({ isReady }) => !isReady)
  return Workflow.compact({
    questions: isHeard(room.list)
      ? { total: room.questions.length, ready: room.questions.length - unready.length }
      : undefined,
    questions_not_ready: unready.slice(0, most).map((question) => {
      const { missing, whose } = Findings.lacks(question)
      return Workflow.compact({
        ...Words.reference(question.question),
        id: undefined,
        status: Words.said(question.question.status, 50),
        missing,
        whose_turn: whose
      })
    }),
    datasets: isHeard(room.datasets)
      ? {
        total: datasets.length,
        ready: datasets.filter((dataset) => Findings.isUsable(dataset) !== false).length
      }
      : undefined,
    datasets_not_ready: datasets.filter((dataset) => Findings.isUsable(dataset) === false).slice(0, most).map((
      dataset
    ) =>
      Workflow.compact({
        ...Words.reference(dataset),
        owner: Words.said(dataset.organizationName),
        status: Words.said(dataset.configurationStatus, 50) ?? Words.said(dataset.stage, 50)
      })
    )
  })
}

/**
 * The runs of a clean room within a window, each with its question.
 *
 * @since 0.1.0
 * @category getters
 */
export const runsIn = (room: SurveyedCleanRoom, window: Statistics.Window) =>
  room.questions.flatMap(({ question, runs }) =>
    Statistics.within(itemsOf(runs), window).map((run) => ({ ...run, question }))
  )

const runs = (room: SurveyedCleanRoom, window: Statistics.Window, most: number): typeof Runs.Type | undefined => {
  const seen = room.questions.filter(({ runs }) => isHeard(runs))
  if (seen.length === 0) return undefined
  const statistics = Statistics.of(runsIn(room, window))
  const unseen = room.questions.length - seen.length
  return Workflow.compact({
    ...Statistics.view(statistics),
    unseen_questions: unseen === 0 ? undefined : unseen,
    failures: statistics.failures.slice(0, most).map(({ cause, retryable, runs }) =>
      Workflow.compact({
        cause,
        count: runs.length,
        retryable,
        questions: [...new Set(runs.map(({ question }) => Words.title(question)))].slice(0, 3),
        latest_at: runs[0]?.submittedAt === undefined ? undefined : Words.iso(runs[0].submittedAt)
      })
    )
  })
}

const soon = 30

const expiring = (room: SurveyedCleanRoom, now: number): ReadonlyArray<typeof Expiring.Type> =>
  [
    { what: "the clean room", on: room.cleanRoom.endAt },
    ...room.questions.flatMap(({ question, schedules }) =>
      itemsOf(schedules).filter((schedule) => Findings.isActive(schedule, now)).map((schedule) => ({
        what: `the schedule ${JSON.stringify(Words.title(schedule))} of ${Words.title(question)}`,
        on: schedule.endDateTime
      }))
    )
  ].flatMap(({ on, what }) => {
    const days = Findings.daysUntil(on, now)
    const moment = Words.moment(on)
    return days === undefined || moment === undefined || days > soon || days < 0
      ? []
      : [{ what, on: moment, days_left: days }]
  }).sort((a, b) => a.days_left - b.days_left)

/**
 * Tells of one clean room. `most` bounds each list.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  room: SurveyedCleanRoom,
  { most, now, window }: { readonly now: number; readonly window: Statistics.Window; readonly most: number }
): CleanRoomView => {
  const schedules = room.questions.flatMap(({ schedules }) => itemsOf(schedules))
  return Workflow.compact({
    clean_room: about(room, now),
    readiness: readiness(room, most),
    partners: Partners.joined(room).slice(0, most),
    invitations: Partners.open(room, now).slice(0, most),
    runs: runs(room, window, most),
    schedules: room.questions.some(({ schedules }) => isHeard(schedules))
      ? { total: schedules.length, active: schedules.filter((schedule) => Findings.isActive(schedule, now)).length }
      : undefined,
    expiring: expiring(room, now).slice(0, most)
  })
}

/**
 * A clean room in the list of all.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Brief = Schema.Struct({
  display_id: Workflow.maybe(Schema.String),
  name: Workflow.maybe(Schema.String),
  expired: Workflow.maybe(Schema.Boolean),
  ends: Workflow.maybe(Schema.String),
  ready: Workflow.maybe(Schema.String),
  runs: Workflow.maybe(Schema.Number),
  success_percent: Workflow.maybe(Schema.Number),
  partners: Workflow.maybe(Schema.Number),
  waiting_invitations: Workflow.maybe(Schema.Number),
  findings: Workflow.maybe(Schema.Number),
  last_activity: Workflow.maybe(Schema.String)
})

/**
 * Tells of a clean room in a line. `ready` is READY questions of all.
 *
 * @since 0.1.0
 * @category constructors
 */
export const brief = (
  room: SurveyedCleanRoom,
  { findings, now, window }: {
    readonly now: number
    readonly window: Statistics.Window
    readonly findings: ReadonlyArray<Findings.Finding>
  }
): typeof Brief.Type => {
  const { display_id, id, name } = Words.reference(room.cleanRoom)
  const isSeen = room.questions.some(({ runs }) => isHeard(runs))
  const statistics = Statistics.of(runsIn(room, window))
  const waiting = Partners.open(room, now).length
  const urgent = findings.filter(({ urgency }) => urgency !== "watch").length
  const latest = Math.max(
    statistics.latestAt ?? 0,
    ...Partners.joined(room).map(({ last_activity }) => Records.millisOf(last_activity) ?? 0)
  )
  return Workflow.compact({
    display_id: display_id ?? id,
    name,
    expired: room.isExpired ? true : undefined,
    ends: Words.moment(room.cleanRoom.endAt),
    ready: isHeard(room.list)
      ? `${room.questions.filter(({ isReady }) => isReady).length} of ${room.questions.length}`
      : undefined,
    runs: isSeen ? statistics.count : undefined,
    success_percent: Statistics.percent(statistics.successRate),
    partners: Partners.names(room).length,
    waiting_invitations: waiting === 0 ? undefined : waiting,
    findings: urgent === 0 ? undefined : urgent,
    last_activity: latest === 0 ? undefined : Words.iso(latest)
  })
}
