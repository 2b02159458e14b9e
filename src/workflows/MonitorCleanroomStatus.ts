/**
 * How one clean room is, or all of them: what is ready and what is missing, what partners do, how runs go, what ends soon,
 * what changed since the last look, and what calls for someone's attention.
 *
 * What Habu denies is told as denied, and what it did not answer as failed; neither hides the rest.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as CleanRoomView from "./monitor/CleanRoomView.js"
import * as Report from "./monitor/Report.js"
import * as Watching from "./monitor/Watching.js"
import { type Snapshot, Survey, type SurveyedCleanRoom } from "./Survey.js"
import * as SurveyModule from "./Survey.js"
import * as Calls from "./survey/Calls.js"
import * as Findings from "./survey/Findings.js"
import * as Place from "./survey/Place.js"
import type * as Statistics from "./survey/Statistics.js"
import * as Withheld from "./survey/Withheld.js"
import * as WatchListModule from "./WatchList.js"
import { WatchList } from "./WatchList.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "monitor_cleanroom_status"
const usualDays = 30

/**
 * What `monitor_cleanroom_status` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  clean_room: Workflow.maybe(
    Schema.String.annotations({ description: "Name, display id (CR-…) or id; without it, all clean rooms" })
  ),
  window_days: Workflow.maybe(
    Workflow.whole(1, 90, `How many days of runs to look at, 1 to 90; ${usualDays} if not given`)
  ),
  watch: Workflow.maybe(Schema.Boolean.annotations({
    description: "true: puts the clean room, its open invitations, its runs under way and its schedules on the watch " +
      "list, so that later calls tell what changed; false: takes them off. Needs clean_room"
  })),
  report: Workflow.maybe(Schema.Boolean.annotations({
    description: "true: a report in Markdown in place of the lists, to hand on"
  })),
  detail: Workflow.maybe(
    Schema.Literal("brief", "full").annotations({ description: "full: lists to their end; brief if not given" })
  )
})

export type Input = typeof Input.Type

const Insight = Schema.Struct({
  urgency: Schema.Literal("now", "soon", "watch"),
  what: Schema.String,
  whose_turn: Workflow.maybe(Schema.String)
})

/**
 * What `monitor_cleanroom_status` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  insights: Workflow.maybe(
    Schema.Array(Insight).annotations({ description: "What calls for attention, the most urgent first" })
  ),
  more_insights: Workflow.maybe(Schema.Number),
  changes: Workflow.maybe(
    Schema.Array(Schema.Struct({ what: Schema.String, noticed_at: Schema.String })).annotations({
      description: "What changed of the watched things since the last look"
    })
  ),
  ...CleanRoomView.fields,
  clean_rooms: Workflow.maybe(Schema.Array(CleanRoomView.Brief)),
  report: Workflow.maybe(Schema.String),
  ...Withheld.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

interface Frame {
  readonly input: Input
  readonly now: number
  readonly window: Statistics.Window
  readonly snapshot: Snapshot
  readonly told: Withheld.Told
  readonly changes: ReadonlyArray<WatchListModule.Change>
  readonly warnings: ReadonlyArray<string>
}

const bounds = ({ detail }: Input) =>
  detail === "full" ? { lists: 500, insights: 500, rooms: 500 } : { lists: 8, insights: 10, rooms: 15 }

const insightsOf = (findings: ReadonlyArray<Findings.Finding>, most: number) => ({
  insights: findings.slice(0, most).map(({ text, urgency, whose }) =>
    Workflow.compact({ urgency, what: text, whose_turn: whose })
  ),
  more_insights: findings.length > most ? findings.length - most : undefined
})

const changesOf = (changes: ReadonlyArray<WatchListModule.Change>, most: number) =>
  changes.slice(0, most).map((change) => ({
    what: WatchListModule.describe(change),
    noticed_at: Words.iso(change.noticedAt)
  }))

// The same call would come of findings that are alike.
const stepsOf = (findings: ReadonlyArray<Findings.Finding>) => {
  const steps = findings.flatMap(({ step }) => step === undefined ? [] : [step])
  const seen = new Set<string>()
  return steps.filter((step) => {
    const key = JSON.stringify([step.tool, step.arguments])
    return !seen.has(key) && seen.add(key)
  }).slice(0, 3)
}

const urgentOf = (findings: ReadonlyArray<Findings.Finding>) => {
  const [now, soon] = (["now", "soon"] as const).map((urgency) =>
    findings.filter((finding) => finding.urgency === urgency).length
  )
  const parts = [
    ...(now ? [`${now} need${now === 1 ? "s" : ""} attention now`] : []),
    ...(soon ? [`${soon} soon`] : [])
  ]
  return parts.length === 0 ? "Nothing calls for attention." : `Of the findings, ${parts.join(" and ")}.`
}

const runsSentence = ({ runs }: CleanRoomView.CleanRoomView, days: number) => {
  if (runs === undefined) return []
  const rate = runs.success_percent === undefined ? "" : `, ${runs.success_percent} % of those that ended completed`
  return [`${Words.count(runs.count, "run")} in ${Words.count(days, "day")}${rate}.`]
}

const daysOf = ({ window_days = usualDays }: Input) => window_days

const ofOne = (room: SurveyedCleanRoom, frame: Frame): Output => {
  const { changes, input, now, snapshot, told, window } = frame
  const most = bounds(input)
  const view = CleanRoomView.make(room, { now, window, most: most.lists })
  const findings = Findings.ordered([
    ...Findings.inCleanRoom(room, { now, window, connections: snapshot.connections }),
    // Those of partners are not ours to see.
    ...Findings.connections(snapshot.connections, [room]).filter(({ effect }) => effect > 0)
  ])
  const title = Words.title(room.cleanRoom)
  const questions = view.readiness?.questions
  const summary = [
    room.isExpired ? `${title} has ended.` : `${title} is open.`,
    questions === undefined
      ? "Its questions could not be seen."
      : `${questions.ready} of ${Words.count(questions.total, "question")} READY.`,
    ...runsSentence(view, daysOf(input)),
    urgentOf(findings),
    ...told.sentences
  ].join(" ")
  const warnings = [...told.warnings, ...frame.warnings]
  const told_changes = changesOf(changes, most.lists)
  const report = input.report !== true ? undefined : Report.ofOne(title, view, {
    summary,
    findings: findings.slice(0, most.insights),
    changes: told_changes.map(({ what }) => what),
    denied: told.fields.denied ?? [],
    failed: told.fields.failed ?? [],
    warnings
  })
  return Workflow.compact({
    status: told.status,
    summary,
    ...(report === undefined
      ? { ...insightsOf(findings, most.insights), changes: told_changes, ...view }
      : { clean_room: view.clean_room, report }),
    ...told.fields,
    warnings,
    next_steps: [...told.nextSteps, ...stepsOf(findings)]
  })
}

const ofAll = (frame: Frame): Output => {
  const { changes, input, now, snapshot, told, window } = frame
  const most = bounds(input)
  const context = { now, window, connections: snapshot.connections }
  const rooms = snapshot.cleanRooms.map((room) => ({ room, findings: Findings.inCleanRoom(room, context) }))
  const findings = Findings.ordered([
    ...rooms.flatMap(({ findings }) => findings),
    ...Findings.connections(snapshot.connections, snapshot.cleanRooms)
  ])
  const place = new Map(findings.map(({ cleanRoom }, index) => [cleanRoom?.id, -index] as const).reverse())
  const byUrgency = [...rooms].sort((a, b) =>
    (place.get(b.room.cleanRoom.id) ?? -findings.length) - (place.get(a.room.cleanRoom.id) ?? -findings.length)
  )
  const briefs = byUrgency.slice(0, most.rooms).map(({ findings, room }) =>
    CleanRoomView.brief(room, { now, window, findings })
  )
  const isEmpty = snapshot.cleanRooms.length === 0
  const ended = snapshot.cleanRooms.filter(({ isExpired }) => isExpired).length
  const summary = [
    isEmpty && !snapshot.coverage.isComplete
      ? "The clean rooms could not be read yet."
      : `${Words.count(snapshot.cleanRooms.length, "clean room")}${ended === 0 ? "" : `, ${ended} of them ended`}${
        briefs.length < rooms.length ? `; the ${briefs.length} that need attention most are listed` : ""
      }.`,
    ...(isEmpty ? [] : [urgentOf(findings)]),
    ...told.sentences
  ].join(" ")
  const warnings = [
    ...(isEmpty && snapshot.coverage.isComplete ? [Words.noCleanRooms] : []),
    ...told.warnings,
    ...frame.warnings
  ]
  const told_changes = changesOf(changes, most.lists)
  const report = input.report !== true ? undefined : Report.ofAll(briefs, {
    summary,
    findings: findings.slice(0, most.insights),
    changes: told_changes.map(({ what }) => what),
    denied: told.fields.denied ?? [],
    failed: told.fields.failed ?? [],
    warnings
  })
  const [first] = byUrgency
  return Workflow.compact({
    status: told.status,
    summary,
    ...(report === undefined
      ? { ...insightsOf(findings, most.insights), changes: told_changes, clean_rooms: briefs }
      : { report }),
    ...told.fields,
    warnings,
    next_steps: [
      ...told.nextSteps,
      ...stepsOf(findings),
      ...(first === undefined ? [] : [Calls.lookAt(first.room.cleanRoom)])
    ]
  })
}

const watchNeedsCleanRoom = new Workflow.InputInvalid({
  field: "watch",
  problem: "needs a clean room",
  advice: "Name the one to watch with clean_room."
})

// The watch list is an extra: what is wrong with it is told, and hides nothing.
const changesIn = Effect.fnUntraced(function*(cleanRoomId: string | undefined) {
  const watchList = yield* WatchList
  const look = yield* Effect.either(watchList.changes(cleanRoomId === undefined ? {} : { cleanRoomId }))
  if (look._tag === "Left") return { changes: [], warnings: [`Changes could not be told: ${look.left.message}`] }
  const { changes, unseen } = look.right
  return {
    changes,
    warnings: unseen.slice(0, 3).map(({ error, thing }) =>
      `Not looked at: ${WatchListModule.titleOf(thing)}. ${error.message}`
    )
  }
})

const toggled = Effect.fnUntraced(function*(room: SurveyedCleanRoom | undefined, { watch }: Input, now: number) {
  if (room === undefined || watch === undefined) return []
  const number = watch ? yield* Watching.begin(room, now) : yield* Watching.end(room)
  return [
    watch
      ? `On the watch list: ${Words.count(number, "thing")}. Later calls tell what changed.`
      : `Off the watch list: ${Words.count(number, "thing")}.`
  ]
})

/**
 * Looks at one clean room or all of them (operations `getAllCleanrooms`, `getAllCleanroomQuestions`,
 * `getCleanroomDatasets`, `getAllCleanroomPartners`, `listPartnerInvitationsForInviter`, `getCleanroomUsers`,
 * `getCleanroomStakeholders`, `getAllCleanroomQuestionRuns`, `getCleanroomQuestionRunSchedules`,
 * `getAllCleanroomQuestionDatasets`, `getAllDataConnections`). It writes nothing at Habu.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("MonitorCleanroomStatus")(function*(input: Input) {
  const survey = yield* Survey
  if (input.watch !== undefined && Words.given(input.clean_room) === undefined) {
    return yield* Effect.fail(watchNeedsCleanRoom)
  }
  const cleanRoom = yield* Place.cleanRoom(input.clean_room)
  const now = yield* Clock.currentTimeMillis
  const from = now - Duration.toMillis(Duration.days(daysOf(input)))
  const [snapshot, look] = yield* Effect.all([
    survey.take({
      ...(cleanRoom !== undefined && { cleanRoom }),
      runsSince: from,
      allMacros: cleanRoom !== undefined,
      members: true,
      age: cleanRoom === undefined ? "10 minutes" : "1 minute",
      patience: SurveyModule.patience
    }),
    changesIn(cleanRoom?.id)
  ], { concurrency: "unbounded" })
  const [room] = cleanRoom === undefined ? [] : snapshot.cleanRooms
  const frame: Frame = {
    input,
    now,
    // A sandbox's clock runs ahead of ours.
    window: { from, to: Number.POSITIVE_INFINITY },
    snapshot,
    told: Withheld.tell(snapshot, { tool, arguments: { ...input } }),
    changes: look.changes,
    warnings: [...look.warnings, ...(yield* toggled(room, input, now))]
  }
  return room === undefined ? ofAll(frame) : ofOne(room, frame)
})
