/**
 * Every clean room at once: how healthy each is and by which rule, when runs fall, where things get stuck, how it went
 * before, and what would help most.
 *
 * A large organisation takes more than one call: what was read so far is told with its coverage, and the same call goes on.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { HabuBudget } from "../habu/HabuBudget.js"
import * as Charts from "./health/Charts.js"
import * as Patterns from "./health/Patterns.js"
import * as CleanRoomView from "./monitor/CleanRoomView.js"
import { type Snapshot, Survey, type SurveyedCleanRoom } from "./Survey.js"
import * as SurveyModule from "./Survey.js"
import * as Findings from "./survey/Findings.js"
import { itemsOf } from "./survey/Parts.js"
import * as Recommendations from "./survey/Recommendations.js"
import * as Scores from "./survey/Scores.js"
import * as Statistics from "./survey/Statistics.js"
import * as Withheld from "./survey/Withheld.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "monitor_organization_health"
const usualDays = 30

/**
 * What `monitor_organization_health` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  window_days: Workflow.maybe(
    Workflow.whole(1, 90, `How many days to look at, beside as many before them, 1 to 90; ${usualDays} if not given`)
  ),
  fresh: Workflow.maybe(
    Schema.Boolean.annotations({ description: "true: read everything again, not only what is older than 10 minutes" })
  ),
  chart: Workflow.maybe(Charts.Kind.annotations({ description: "Draws this, as a picture and as Vega-Lite" })),
  detail: Workflow.maybe(
    Schema.Literal("brief", "full").annotations({ description: "full: lists to their end; brief if not given" })
  )
})

export type Input = typeof Input.Type

const ScoreTexts = Schema.Record({ key: Schema.String, value: Schema.String }).annotations({
  description: "In per cent, with what was counted"
})

const CleanRoomScore = Schema.Struct({
  display_id: Workflow.maybe(Schema.String),
  name: Workflow.maybe(Schema.String),
  overall: Workflow.maybe(Schema.Number),
  scores: ScoreTexts
})

const Question = Schema.Struct({
  question: Schema.String,
  clean_room: Schema.String,
  runs: Schema.Number,
  failed: Schema.Number,
  run_p50: Workflow.maybe(Schema.String),
  cause: Workflow.maybe(Schema.String)
})

const Bottlenecks = Schema.Struct({
  queue: Workflow.maybe(Schema.String),
  slow_questions: Workflow.maybe(Schema.Array(Question)),
  failing_questions: Workflow.maybe(Schema.Array(Question)),
  stuck_connections: Workflow.maybe(Schema.Array(Schema.String)),
  waiting_for: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Parties whose turn it is, with what waits for them" })
  ),
  run_starts: Workflow.maybe(Schema.String)
})

/**
 * What `monitor_organization_health` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  organization: Workflow.maybe(Schema.Struct({ overall: Workflow.maybe(Schema.Number), scores: ScoreTexts })),
  rules: Workflow.maybe(Schema.Record({ key: Schema.String, value: Schema.String })),
  recommendations: Workflow.maybe(
    Schema.Array(Recommendations.Recommendation).annotations({ description: "What would help most comes first" })
  ),
  bottlenecks: Workflow.maybe(Bottlenecks),
  trend: Workflow.maybe(Patterns.Trend),
  pattern: Workflow.maybe(Patterns.Pattern),
  clean_rooms: Workflow.maybe(
    Schema.Array(CleanRoomScore).annotations({ description: "The lowest scores first" })
  ),
  other_clean_rooms: Workflow.maybe(
    Schema.Struct({
      count: Schema.Number,
      lowest: Workflow.maybe(Schema.Number),
      median: Workflow.maybe(Schema.Number)
    })
      .annotations({ description: "Those not listed, by their overall score" })
  ),
  chart: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.Unknown }).annotations({ description: "Vega-Lite, on request" })
  ),
  ...Withheld.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

interface Scored {
  readonly room: SurveyedCleanRoom
  readonly scores: Scores.Scores
  readonly overall: number | undefined
}

const bounds = ({ detail }: Input) =>
  detail === "full"
    ? { cleanRooms: 500, recommendations: 100, questions: 20 }
    : { cleanRooms: 8, recommendations: 7, questions: 3 }

const scored = (room: SurveyedCleanRoom, window: Statistics.Window, now: number): Scored => {
  const scores = Scores.ofCleanRoom(room, window, now)
  return { room, scores, overall: Scores.overall(scores) }
}

const worstFirst = (a: Scored, b: Scored) => (a.overall ?? 101) - (b.overall ?? 101)

const cleanRoomScore = ({ overall, room, scores }: Scored): typeof CleanRoomScore.Type => {
  const { display_id, id, name } = Words.reference(room.cleanRoom)
  return Workflow.compact({ display_id: display_id ?? id, name, overall, scores: Scores.view(scores) })
}

const others = (rest: ReadonlyArray<Scored>) => {
  const known = rest.map(({ overall }) => overall).filter((score) => score !== undefined)
  return rest.length === 0
    ? undefined
    : Workflow.compact({ count: rest.length, lowest: known[0], median: Statistics.percentile(known, 0.5) })
}

interface AskedOf {
  readonly room: SurveyedCleanRoom
  readonly title: string
  readonly statistics: Statistics.Statistics
}

const askedOf = (rooms: ReadonlyArray<SurveyedCleanRoom>, window: Statistics.Window): ReadonlyArray<AskedOf> =>
  rooms.flatMap((room) =>
    room.questions.flatMap(({ question, runs }) => {
      const within = Statistics.within(itemsOf(runs), window)
      return within.length === 0
        ? []
        : [{ room, title: Words.title(question), statistics: Statistics.of(within) }]
    })
  )

const questionView = ({ room, statistics, title }: AskedOf): typeof Question.Type =>
  Workflow.compact({
    question: title,
    clean_room: Words.title(room.cleanRoom),
    runs: statistics.count,
    failed: statistics.failed,
    run_p50: statistics.run === undefined ? undefined : Statistics.spoken(statistics.run.p50_seconds),
    cause: statistics.failures[0]?.cause
  })

const waitingFor = (findings: ReadonlyArray<Findings.Finding>): ReadonlyArray<string> => {
  const byParty = new Map<string, number>()
  for (const { code, effect, whose } of findings) {
    if (whose === undefined || (code !== "question_not_ready" && code !== "invitation_waiting")) continue
    const key = `${whose}\n${code === "question_not_ready" ? "question" : "invitation"}`
    byParty.set(key, (byParty.get(key) ?? 0) + effect)
  }
  return [...byParty].sort(([, a], [, b]) => b - a).slice(0, 5).map(([key, count]) => {
    const [whose = "", noun = ""] = key.split("\n")
    return `${whose}: ${Words.count(count, noun)}`
  })
}

const startLimit = 20

// Other programs may use the same API user, so what is left is known only as far as this store goes.
const startsView = Effect.fnUntraced(function*(pattern: typeof Patterns.Pattern.Type | undefined) {
  const budgets = yield* Effect.orElseSucceed(Effect.flatMap(HabuBudget, ({ status }) => status), () => [])
  const starts = budgets.find(({ budget }) => budget === "question_run_start")
  const fullest = pattern?.fullest_hour
  return [
    ...(starts === undefined
      ? []
      : [`${starts.remaining} of ${starts.limit} run starts left this hour, as far as known.`]),
    ...(fullest === undefined
      ? []
      : [`The fullest hour (${fullest.at}) had ${Words.count(fullest.runs, "run")} of ${startLimit} possible.`])
  ].join(" ")
})

const summaryOf = (
  rooms: number,
  overall: number | undefined,
  statistics: Statistics.Statistics,
  days: number,
  recommendations: ReadonlyArray<Recommendations.Recommendation>
) => {
  const rate = Statistics.percent(statistics.successRate)
  const [first] = recommendations
  return [
    `${Words.count(rooms, "clean room")}${overall === undefined ? "" : `, overall score ${overall} of 100`}.`,
    `${Words.count(statistics.count, "run")} in ${Words.count(days, "day")}${
      rate === undefined ? "" : `, ${rate} % of those that ended completed`
    }.`,
    ...(first === undefined ? [] : [`What would help most: ${first.do} (${first.effect.replace(/\.$/, "")}).`])
  ]
}

interface Frame {
  readonly input: Input
  readonly snapshot: Snapshot
  readonly told: Withheld.Told
  readonly now: number
  readonly window: Statistics.Window
  readonly length: number
}

type Answer = Output & Workflow.WithAttachments

const withoutCleanRooms = ({ coverage }: Snapshot, told: Withheld.Told): Answer =>
  Workflow.compact({
    status: told.status,
    summary: coverage.isComplete ? "There are no clean rooms." : "The clean rooms could not be read yet.",
    ...told.fields,
    warnings: [...(coverage.isComplete ? [Words.noCleanRooms] : []), ...told.warnings],
    next_steps: told.nextSteps
  })

const answer = Effect.fnUntraced(function*({ input, length, now, snapshot, told, window }: Frame) {
  const rooms = snapshot.cleanRooms
  const { window_days: days = usualDays } = input
  const most = bounds(input)
  const context = { now, window, connections: snapshot.connections }
  const stuck = Findings.connections(snapshot.connections, rooms)
  const findings = Findings.ordered([...rooms.flatMap((room) => Findings.inCleanRoom(room, context)), ...stuck])
  const runs = rooms.flatMap((room) => CleanRoomView.runsIn(room, window))
  const before = rooms.flatMap((room) => CleanRoomView.runsIn(room, { from: now - 2 * length, to: window.from }))
  const statistics = Statistics.of(runs)
  const byQuestion = askedOf(rooms, window)
  const all = rooms.map((room) => scored(room, window, now)).sort(worstFirst)
  const organization = Scores.together(all.map(({ scores }) => scores), snapshot.connections)
  const overall = Scores.overall(organization)
  const recommendations = Recommendations.of(findings)
  const pattern = Patterns.of(runs)
  const starts = yield* startsView(pattern)
  const chart = input.chart === undefined ? undefined : Charts.spec(input.chart, {
    runs,
    days,
    scores: all.map(({ overall, room }) => ({ name: Words.title(room.cleanRoom), overall }))
  })
  const drawn = chart === undefined ? { attachments: [], warnings: [] } : yield* Charts.draw(chart)
  const whole: Answer = Workflow.compact({
    status: told.status,
    summary: [...summaryOf(rooms.length, overall, statistics, days, recommendations), ...told.sentences].join(" "),
    organization: Workflow.compact({ overall, scores: Scores.view(organization) }),
    rules: Scores.rules,
    recommendations: recommendations.slice(0, most.recommendations),
    bottlenecks: Workflow.compact({
      queue: statistics.queue === undefined
        ? undefined
        : `Half of the runs began within ${Statistics.spoken(statistics.queue.p50_seconds)}, 95 % within ${
          Statistics.spoken(statistics.queue.p95_seconds)
        }.`,
      slow_questions: [...byQuestion].filter(({ statistics }) => statistics.run !== undefined)
        .sort((a, b) => (b.statistics.run?.p50_seconds ?? 0) - (a.statistics.run?.p50_seconds ?? 0))
        .slice(0, most.questions).map(questionView),
      failing_questions: [...byQuestion].filter(({ statistics }) => statistics.failed > 0)
        .sort((a, b) => b.statistics.failed - a.statistics.failed).slice(0, most.questions).map(questionView),
      stuck_connections: stuck.slice(0, 5).map(({ text }) => text.split(". ")[0] ?? text),
      waiting_for: waitingFor(findings),
      run_starts: starts === "" ? undefined : starts
    }),
    trend: Patterns.trend(statistics, Statistics.of(before)),
    pattern,
    clean_rooms: all.slice(0, most.cleanRooms).map(cleanRoomScore),
    other_clean_rooms: others(all.slice(most.cleanRooms)),
    chart,
    ...told.fields,
    warnings: [...told.warnings, ...drawn.warnings],
    attachments: drawn.attachments,
    next_steps: [
      ...told.nextSteps,
      ...recommendations.slice(0, 2).flatMap(({ call }) => call === undefined ? [] : [call])
    ]
  })
  return whole
})

/**
 * Looks at the whole organisation (the operations of `monitor_cleanroom_status`, over all clean rooms).
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("MonitorOrganizationHealth")(function*(input: Input) {
  const survey = yield* Survey
  const now = yield* Clock.currentTimeMillis
  const { fresh, window_days: days = usualDays } = input
  const length = Duration.toMillis(Duration.days(days))
  const window = { from: now - length, to: Number.POSITIVE_INFINITY }
  const snapshot = yield* survey.take({
    runsSince: now - 2 * length,
    allMacros: false,
    members: true,
    age: fresh === true ? 0 : "10 minutes",
    patience: SurveyModule.patience
  })
  const { chart: _, fresh: __, ...again } = input
  const told = Withheld.tell(snapshot, { tool, arguments: again })
  return snapshot.cleanRooms.length === 0
    ? withoutCleanRooms(snapshot, told)
    : yield* answer({ input, snapshot, told, now, window, length })
})
