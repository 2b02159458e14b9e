/**
 * How the clean rooms are used: by clean room, question, dataset and partner, what rises and falls, what nobody uses, and
 * where to save. Every quantity is measured from what Habu tells, or estimated with its assumption named: Habu's API
 * gives no usage figures.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Patterns from "./health/Patterns.js"
import { type Snapshot, Survey, type SurveyedCleanRoom } from "./Survey.js"
import * as SurveyModule from "./Survey.js"
import * as Calls from "./survey/Calls.js"
import { isHeard, itemsOf } from "./survey/Parts.js"
import * as Place from "./survey/Place.js"
import * as Withheld from "./survey/Withheld.js"
import * as CostInsights from "./usage/CostInsights.js"
import * as Summary from "./usage/Summary.js"
import * as Uses from "./usage/Uses.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "analyze_usage_patterns"
const usualDays = 30

/**
 * What `analyze_usage_patterns` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  window_days: Workflow.maybe(
    Workflow.whole(1, 90, `How many days to look at, beside as many before them, 1 to 90; ${usualDays} if not given`)
  ),
  clean_room: Workflow.maybe(
    Schema.String.annotations({ description: "Only this clean room: name, display id (CR-…) or id" })
  ),
  report: Workflow.maybe(Schema.Boolean.annotations({
    description: "true: the executive summary, a page of Markdown, in place of the lists"
  })),
  export: Workflow.maybe(Schema.Boolean.annotations({
    description: "true: also writes the executive summary as a file into the export folder (HABU_EXPORT_DIR)"
  })),
  detail: Workflow.maybe(
    Schema.Literal("brief", "full").annotations({ description: "full: lists to their end; brief if not given" })
  )
})

export type Input = typeof Input.Type

const Use = Schema.Struct({
  name: Schema.String,
  clean_room: Workflow.maybe(Schema.String),
  runs: Schema.Number,
  runs_before: Workflow.maybe(Schema.Number),
  change_percent: Workflow.maybe(Schema.Number),
  run_minutes: Workflow.maybe(Schema.Number),
  questions_used: Workflow.maybe(Schema.String)
})

const DatasetUse = Schema.Struct({
  name: Schema.String,
  clean_room: Schema.String,
  owner: Workflow.maybe(Schema.String),
  questions: Schema.Number,
  runs_estimated: Schema.Number
})

const PartnerUse = Schema.Struct({
  name: Schema.String,
  clean_rooms: Schema.Number,
  datasets: Workflow.maybe(Schema.Number),
  runs_on_its_data_estimated: Schema.Number,
  standing: Schema.String,
  last_activity: Workflow.maybe(Schema.String)
})

const Unused = Schema.Struct({ count: Schema.Number, examples: Workflow.maybe(Schema.Array(Schema.String)) })

/**
 * What `analyze_usage_patterns` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  clean_rooms: Workflow.maybe(Schema.Array(Use).annotations({ description: "The most used first; measured" })),
  questions: Workflow.maybe(Schema.Array(Use).annotations({ description: "The most used first; measured" })),
  datasets: Workflow.maybe(
    Schema.Array(DatasetUse).annotations({
      description: "The most used first. Runs are estimated: those of the questions it is assigned to today"
    })
  ),
  partners: Workflow.maybe(Schema.Array(PartnerUse)),
  trending: Workflow.maybe(
    Schema.Struct({ up: Workflow.maybe(Schema.Array(Use)), down: Workflow.maybe(Schema.Array(Use)) }).annotations({
      description: "Questions whose runs rose or fell most against the window before; measured"
    })
  ),
  unused: Workflow.maybe(
    Schema.Struct({
      clean_rooms: Workflow.maybe(Unused),
      questions: Workflow.maybe(Unused),
      datasets: Workflow.maybe(Unused),
      schedules: Workflow.maybe(Unused)
    }).annotations({
      description:
        "Open clean rooms and READY questions without a run in the window, datasets that no question reads, " +
        "schedules that start nothing"
    })
  ),
  cost_insights: Workflow.maybe(Schema.Array(CostInsights.CostInsight)),
  report: Workflow.maybe(Schema.String),
  file: Workflow.maybe(Schema.String),
  ...Withheld.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

type Answer = Output & Workflow.WithAttachments

const bounds = ({ detail }: Input) => detail === "full" ? { lists: 200, examples: 50 } : { lists: 5, examples: 3 }

const useOf = (
  name: string,
  runs: number,
  before: number,
  more: { readonly clean_room?: string; readonly run_minutes?: number; readonly questions_used?: string } = {}
): typeof Use.Type =>
  Workflow.compact({
    name,
    runs,
    runs_before: before,
    change_percent: Patterns.compared(runs, before).change_percent,
    ...more
  })

const byRuns = (a: { readonly runs: number }, b: { readonly runs: number }) => b.runs - a.runs

const sum = (numbers: ReadonlyArray<number>) => numbers.reduce((total, number) => total + number, 0)

const cleanRoomUses = (rooms: ReadonlyArray<SurveyedCleanRoom>, questions: ReadonlyArray<Uses.QuestionUse>) =>
  rooms.map((room) => {
    const within = questions.filter((use) => use.room === room)
    return {
      room,
      isKnown: isHeard(room.list) && within.every(({ isKnown }) => isKnown),
      use: useOf(
        Words.title(room.cleanRoom),
        sum(within.map(({ runs }) => runs.length)),
        sum(within.map(({ before }) => before.length)),
        {
          run_minutes: sum(within.map(({ minutes }) => minutes)),
          ...(isHeard(room.list) && {
            questions_used: `${within.filter(({ runs }) => runs.length > 0).length} of ${within.length}`
          })
        }
      )
    }
  })

const questionUse = ({ before, minutes, question, room, runs }: Uses.QuestionUse) =>
  useOf(Words.title(question.question), runs.length, before.length, {
    clean_room: Words.title(room.cleanRoom),
    run_minutes: minutes
  })

const standingOf = ({ datasets, openMacros, runs }: Uses.PartnerUse) => {
  if (datasets === 0) return "joined, has brought no data"
  const open = openMacros === 0 ? "" : `; ${Words.count(openMacros, "macro")} wait${openMacros === 1 ? "s" : ""} for it`
  return `${runs > 0 ? "its data is used" : "its data is not used"}${open}`
}

const partnerUse = (partner: Uses.PartnerUse): typeof PartnerUse.Type =>
  Workflow.compact({
    name: partner.name,
    clean_rooms: partner.cleanRooms,
    datasets: partner.datasets,
    runs_on_its_data_estimated: partner.runs,
    standing: standingOf(partner),
    last_activity: partner.lastActivity
  })

const unusedOf = (names: ReadonlyArray<string>, examples: number) =>
  names.length === 0 ? undefined : Workflow.compact({ count: names.length, examples: names.slice(0, examples) })

const spokenTrend = ({ name, runs, runs_before = 0 }: typeof Use.Type) => `${name}: ${runs_before} → ${runs} runs`

interface Frame {
  readonly input: Input
  readonly days: number
  readonly windows: Uses.Windows
  readonly snapshot: Snapshot
  readonly told: Withheld.Told
}

const caveats = [
  "Runs and their times are measured. Which dataset a run read is estimated from today's assignments.",
  "Habu's API tells no records queried, no scanned rows and no prices; its UI has a usage report (Administration)."
]

const lists = ({ input, snapshot, windows }: Frame) => {
  const most = bounds(input)
  const rooms = snapshot.cleanRooms
  const questions = Uses.ofQuestions(rooms, windows)
  const datasets = Uses.ofDatasets(rooms, questions)
  const schedules = Uses.ofSchedules(questions, windows.now)
  const cleanRooms = cleanRoomUses(rooms, questions)
  const changes = questions.filter(({ isKnown }) => isKnown)
    .map((use) => ({ use, change: use.runs.length - use.before.length }))
  const trending = (direction: 1 | -1) =>
    changes.filter(({ change }) => change * direction > 0).sort((a, b) => (b.change - a.change) * direction)
      .slice(0, most.lists).map(({ use }) => questionUse(use))
  const partners = Uses.ofPartners(rooms, datasets)
  return {
    isKnown: rooms.length > 0 && questions.some(({ isKnown }) => isKnown),
    runs: sum(questions.map(({ runs }) => runs.length)),
    before: sum(questions.map(({ before }) => before.length)),
    minutes: sum(questions.map(({ minutes }) => minutes)),
    cleanRooms: cleanRooms.filter(({ room }) => room.questions.some(({ runs }) => isHeard(runs)))
      .map(({ use }) => use).sort(byRuns),
    questions: questions.filter(({ isKnown, runs }) => isKnown && runs.length > 0).map(questionUse).sort(byRuns),
    datasets: datasets.filter(({ runs }) => runs > 0).map(({ dataset, readers, room, runs }) =>
      Workflow.compact({
        name: Words.title(dataset),
        clean_room: Words.title(room.cleanRoom),
        owner: Words.said(dataset.organizationName),
        questions: readers.length,
        runs_estimated: runs
      })
    ).sort((a, b) => b.runs_estimated - a.runs_estimated),
    partners: partners.map(partnerUse),
    up: trending(1),
    down: trending(-1),
    // Of what could not be seen nobody can say that it is not used.
    unused: {
      clean_rooms: cleanRooms.filter(({ isKnown, room, use }) => isKnown && !room.isExpired && use.runs === 0)
        .map(({ use }) => use.name),
      questions: questions.filter(({ isKnown, question, room, runs }) =>
        isKnown && question.isReady && !room.isExpired && runs.length === 0
      ).map(({ question }) => Words.title(question.question)),
      datasets: datasets.filter(({ isKnown, readers }) => isKnown && readers.length === 0)
        .map(({ dataset, room }) => `${Words.title(dataset)} in ${Words.title(room.cleanRoom)}`),
      schedules: schedules.filter(({ isInVain }) => isInVain).map(({ schedule }) => Words.title(schedule))
    },
    insights: CostInsights.of({
      questions,
      datasets,
      schedules,
      connections: itemsOf(snapshot.connections)
    })
  }
}

type Lists = ReturnType<typeof lists>

const summaryOf = ({ days, snapshot, told }: Frame, found: Lists) => {
  const change = Patterns.compared(found.runs, found.before).change_percent
  const [first] = found.cleanRooms
  const unused = found.unused
  const idle = [
    ...(unused.clean_rooms.length > 0 ? [Words.count(unused.clean_rooms.length, "clean room")] : []),
    ...(unused.questions.length > 0 ? [Words.count(unused.questions.length, "READY question")] : []),
    ...(unused.datasets.length > 0 ? [Words.count(unused.datasets.length, "dataset")] : [])
  ]
  return [
    `${Words.count(snapshot.cleanRooms.length, "clean room")}.`,
    ...(found.isKnown
      ? [
        `${Words.count(found.runs, "run")} in ${Words.count(days, "day")}${
          change === undefined ? "" : ` (${change > 0 ? "+" : ""}${change} % against the ${days} days before)`
        }, ${found.minutes} minutes of running.`
      ]
      : ["Their runs could not be seen."]),
    ...(first === undefined || first.runs === 0
      ? []
      : [`Most used: ${first.name} with ${Words.count(first.runs, "run")}.`]),
    ...(idle.length === 0 ? [] : [`Not used: ${idle.join(", ")}.`]),
    ...told.sentences
  ].join(" ")
}

const pageOf = ({ days, input, snapshot, told, windows }: Frame, found: Lists, summary: string) =>
  Summary.write({
    title: input.clean_room === undefined
      ? "Use of the clean rooms"
      : `Use of ${snapshot.cleanRooms.map(({ cleanRoom }) => Words.title(cleanRoom)).join()}`,
    days,
    at: windows.now,
    summary,
    cleanRooms: found.cleanRooms.map(({ change_percent, name, run_minutes, runs }) =>
      Workflow.compact({ name, runs, minutes: run_minutes, change: change_percent })
    ),
    up: found.up.map(spokenTrend),
    down: found.down.map(spokenTrend),
    partners: found.partners.map(({ datasets, name, runs_on_its_data_estimated: runs, standing }) =>
      Workflow.compact({ name, datasets, runs, standing })
    ),
    unused: Object.entries(found.unused).filter(([, names]) => names.length > 0).map(([kind, names]) =>
      `${Words.count(names.length, kind.replace("_", " ").replace(/s$/, ""))}, such as ${
        names.slice(0, 2).join(" and ")
      }`
    ),
    insights: found.insights,
    caveats: [...caveats, ...told.warnings]
  })

// Files need Node; nothing else here does.
const exported = (page: string, now: number): Effect.Effect<
  {
    readonly file?: string
    readonly attachments: ReadonlyArray<Workflow.Attachment>
    readonly warnings: ReadonlyArray<string>
  }
> =>
  Effect.gen(function*() {
    const [Export, TemporaryFolder] = yield* Effect.promise(() =>
      Promise.all([import("../results/Export.js"), import("../results/TemporaryFolder.js")])
    )
    const within = yield* TemporaryFolder.make
    const written = yield* Export.content({
      content: page,
      ending: "md",
      proposed: `usage-${Words.iso(now).slice(0, 10)}`,
      within
    })
    return {
      file: written.path,
      attachments: [{
        _tag: "File" as const,
        uri: written.uri,
        name: written.name,
        mimeType: "text/markdown",
        size: written.bytes
      }],
      warnings: []
    }
  }).pipe(
    Effect.scoped,
    Effect.catchAll(({ advice, message }) =>
      Effect.succeed({ attachments: [], warnings: [`The summary was not written to a file: ${message} ${advice}`] })
    )
  )

const answer = Effect.fnUntraced(function*(frame: Frame) {
  const { input, told, windows } = frame
  const most = bounds(input)
  const found = lists(frame)
  const summary = summaryOf(frame, found)
  const page = input.report === true || input.export === true ? pageOf(frame, found, summary) : ""
  const saved = input.export === true ? yield* exported(page, windows.now) : { attachments: [], warnings: [] }
  const [first] = frame.snapshot.cleanRooms
  const whole: Answer = Workflow.compact({
    status: told.status,
    summary,
    ...(input.report === true
      ? { report: page }
      : {
        clean_rooms: found.cleanRooms.slice(0, most.lists),
        questions: found.questions.slice(0, most.lists),
        datasets: found.datasets.slice(0, most.lists),
        partners: found.partners.slice(0, most.lists),
        trending: Workflow.compact({ up: found.up, down: found.down }),
        unused: Workflow.compact({
          clean_rooms: unusedOf(found.unused.clean_rooms, most.examples),
          questions: unusedOf(found.unused.questions, most.examples),
          datasets: unusedOf(found.unused.datasets, most.examples),
          schedules: unusedOf(found.unused.schedules, most.examples)
        }),
        cost_insights: found.insights
      }),
    file: "file" in saved ? saved.file : undefined,
    ...told.fields,
    warnings: [
      ...(frame.snapshot.cleanRooms.length === 0 && frame.snapshot.coverage.isComplete ? [Words.noCleanRooms] : []),
      ...told.warnings,
      ...saved.warnings,
      ...caveats
    ],
    attachments: saved.attachments,
    next_steps: [
      ...told.nextSteps,
      ...found.insights.slice(0, 2).flatMap(({ call }) => call === undefined ? [] : [call]),
      ...(first === undefined ? [] : [Calls.lookAt(first.cleanRoom)])
    ]
  })
  return whole
})

/**
 * Looks at how clean rooms were used (the operations of `monitor_cleanroom_status`, with the assigned datasets of every
 * question). It writes nothing at Habu.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("AnalyzeUsagePatterns")(function*(input: Input) {
  const survey = yield* Survey
  const cleanRoom = yield* Place.cleanRoom(input.clean_room)
  const now = yield* Clock.currentTimeMillis
  const { window_days: days = usualDays } = input
  const length = Duration.toMillis(Duration.days(days))
  const snapshot = yield* survey.take({
    ...(cleanRoom !== undefined && { cleanRoom }),
    runsSince: now - 2 * length,
    allMacros: true,
    members: true,
    age: "10 minutes",
    patience: SurveyModule.patience
  })
  const { export: _, ...again } = input
  return yield* answer({
    input,
    days,
    windows: {
      now,
      // A sandbox's clock runs ahead of ours.
      during: { from: now - length, to: Number.POSITIVE_INFINITY },
      before: { from: now - 2 * length, to: now - length }
    },
    snapshot,
    told: Withheld.tell(snapshot, { tool, arguments: again })
  })
})
