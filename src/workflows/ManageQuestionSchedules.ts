/**
 * Having questions run by themselves: schedules made with sensible defaults, changed, ended, and looked after together.
 *
 * Habu's schedules know no time zone, no pause, and no link from a run to its schedule. Times are sent as UTC and read
 * back; a schedule is stopped by an earlier end; its runs are inferred.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoomQuestionDataset } from "../habu/api/CleanRoomQuestions.js"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../habu/api/Schedules.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuDirectory, type Known, known, pages, type Placed, resolve } from "../habu/HabuDirectory.js"
import type { HabuState } from "../habu/HabuState.js"
import * as Confirmation from "./Confirmation.js"
import * as Gone from "./Gone.js"
import * as Plan from "./Plan.js"
import * as Preflight from "./question/Preflight.js"
import * as Reading from "./Reading.js"
import * as Conflicts from "./schedule/Conflicts.js"
import * as Draft from "./schedule/Draft.js"
import * as History from "./schedule/History.js"
import * as PlacedSchedules from "./schedule/Placed.js"
import type { PlacedSchedule } from "./schedule/Placed.js"
import * as Timetable from "./schedule/Timetable.js"
import * as Values from "./schedule/Values.js"
import * as Survey from "./Survey.js"
import * as Withheld from "./survey/Withheld.js"
import { WatchList } from "./WatchList.js"
import * as Where from "./Where.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "manage_question_schedules"
const day = 86_400_000
const shown = 15

/**
 * What `manage_question_schedules` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  action: Workflow.maybe(
    Schema.Literal("list", "create", "change", "end", "delete", "history", "conflicts", "optimise").annotations({
      description: "optimise only proposes"
    })
  ),
  question: Workflow.maybe(Schema.String.annotations({ description: "Name or id" })),
  clean_room: Workflow.maybe(Schema.String.annotations({ description: "Name or id" })),
  schedule: Workflow.maybe(Schema.String.annotations({ description: "Which one of the question: name or id" })),
  name: Workflow.maybe(Schema.String.annotations({ description: "What it is called" })),
  frequency: Workflow.maybe(
    Schema.Literal("DAILY", "WEEKLY", "MONTHLY").annotations({ description: "By default as the data changes" })
  ),
  days: Workflow.maybe(
    Schema.Array(Schema.Literal(...Timetable.weekdays)).annotations({ description: "For WEEKLY" })
  ),
  days_of_month: Workflow.maybe(
    Schema.Array(Workflow.whole(1, 31, "A day")).annotations({ description: "For MONTHLY" })
  ),
  start: Workflow.maybe(Schema.String.annotations({
    description: "First day and time of day (ISO with zone); a day alone picks a quiet hour"
  })),
  end: Workflow.maybe(Schema.String.annotations({ description: "ISO; after 90 days if not given" })),
  parameters: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Workflow.Value })
      .annotations({ description: "Values by name; dates may move: -30 days, today" })
  ),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField,
  detail: Workflow.maybe(Schema.Literal("brief", "full").annotations({ description: "full: lists to their end" }))
})

export type Input = typeof Input.Type

const ScheduleView = Schema.Struct({
  schedule: Schema.String,
  id: Workflow.maybe(Schema.String),
  question: Schema.String,
  clean_room: Workflow.maybe(Schema.String),
  repeats: Schema.String,
  active: Schema.Boolean,
  next_at: Workflow.maybe(Schema.String),
  ends_at: Workflow.maybe(Schema.String),
  parameters: Workflow.maybe(Schema.Record({ key: Schema.String, value: Schema.String }))
})

/**
 * What `manage_question_schedules` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  ...Plan.fields,
  schedules: Workflow.maybe(Schema.Array(ScheduleView)),
  reasons: Workflow.maybe(Schema.Array(Schema.String)),
  parameters_needed: Workflow.maybe(Schema.Array(Schema.String)),
  history: Workflow.maybe(Schema.Array(History.View)),
  conflicts: Workflow.maybe(Schema.Array(Schema.Struct({ kind: Schema.String, what: Schema.String }))),
  proposals: Workflow.maybe(Schema.Array(Schema.String)),
  ...Withheld.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const titleOf = (schedule: Schedule) => Words.title(schedule)

const view = (
  schedule: Schedule,
  place: Pick<PlacedSchedule, "question" | "cleanRoom">,
  now: number
): typeof ScheduleView.Type => {
  const { end } = Timetable.span(schedule)
  const isRunning = Timetable.isRunning(schedule, now)
  const [next] = isRunning ? Timetable.firings(schedule, now, now + 32 * day) : []
  const values = Values.ofSchedule(schedule)
  return Workflow.compact({
    schedule: Words.said(schedule.name) ?? titleOf(schedule),
    id: Words.said(schedule.displayId) ?? Words.said(schedule.id),
    question: Words.title(place.question),
    clean_room: Words.title(place.cleanRoom),
    repeats: Timetable.inWords(schedule),
    active: isRunning,
    next_at: next === undefined ? undefined : Words.iso(next),
    ends_at: end === undefined ? undefined : Words.iso(end),
    parameters: Object.keys(values).length === 0
      ? undefined
      : Object.fromEntries(
        Object.entries(values).map(([name, value]) => [Words.said(name) ?? "?", Words.said(value) ?? ""])
      )
  })
}

const zoneWarning =
  "Habu's schedules have no time zone: times are sent and shown as UTC; compare the first run with what " +
  "you expect."

const survey = Effect.fnUntraced(function*(reference: string | undefined) {
  const directory = yield* HabuDirectory
  const { take } = yield* Survey.Survey
  const now = yield* Clock.currentTimeMillis
  const wanted = Words.given(reference)
  const cleanRoom = wanted === undefined ? undefined : yield* directory.cleanRoom(wanted)
  return yield* take({
    ...(cleanRoom !== undefined && { cleanRoom }),
    runsSince: now - 30 * day,
    allMacros: true,
    members: false,
    age: Duration.minutes(5),
    patience: Survey.patience
  })
})

const tellSurvey = (input: Input, snapshot: Survey.Snapshot) => Withheld.tell(snapshot, { tool, arguments: input })

const listAll = Effect.fnUntraced(function*(input: Input) {
  const snapshot = yield* survey(input.clean_room)
  const now = yield* Clock.currentTimeMillis
  const all = PlacedSchedules.of(snapshot)
  const most = input.detail === "full" ? 500 : shown
  const told = tellSurvey(input, snapshot)
  const running = all.filter(({ schedule }) => Timetable.isRunning(schedule, now)).length
  return Workflow.compact({
    status: told.status,
    summary: [
      `${Words.count(all.length, "schedule")}, ${running} of them running${
        all.length > most ? `; ${most} are shown` : ""
      }.`,
      ...told.sentences
    ].join(" "),
    schedules: all.slice(0, most).map((one) => view(one.schedule, one, now)),
    ...told.fields,
    warnings: [...told.warnings, zoneWarning],
    next_steps: [
      ...told.nextSteps,
      { tool, arguments: { action: "conflicts" }, why: "See whether schedules get in each other's way." }
    ]
  }) satisfies Output
})

const conflictsOf = Effect.fnUntraced(function*(input: Input) {
  const snapshot = yield* survey(input.clean_room)
  const now = yield* Clock.currentTimeMillis
  const all = PlacedSchedules.of(snapshot)
  return { all, now, told: tellSurvey(input, snapshot), conflicts: Conflicts.find(all, now) }
})

const showConflicts = Effect.fnUntraced(function*(input: Input) {
  const { all, conflicts, told } = yield* conflictsOf(input)
  const most = input.detail === "full" ? 500 : shown
  return Workflow.compact({
    status: told.status,
    summary: [
      `${Words.count(conflicts.length, "conflict")} among ${Words.count(all.length, "schedule")}.`,
      ...told.sentences
    ].join(" "),
    conflicts: conflicts.slice(0, most).map(({ kind, text }) => ({ kind, what: text })),
    ...told.fields,
    warnings: told.warnings,
    next_steps: [
      ...told.nextSteps,
      ...(conflicts.length === 0
        ? []
        : [{
          tool,
          arguments: { ...input, action: "optimise" },
          why: "See what would resolve them; nothing is changed."
        }])
    ]
  }) satisfies Output
})

interface Proposal {
  readonly text: string
  readonly step: Workflow.NextStep
}

const callFor = ({ question, schedule }: PlacedSchedule, more: { readonly [field: string]: unknown }, why: string) => ({
  tool,
  arguments: { question: Words.handle(question), schedule: schedule.id ?? "", ...more },
  why
})

const daysFired = (schedule: Schedule, now: number) => [
  ...new Set(Timetable.firings(schedule, now, now + 7 * day).map((at) => new Date(at).getUTCDay()))
]

const moved = (one: PlacedSchedule, loads: ReadonlyMap<number, number>, now: number): Proposal | undefined => {
  const { start } = Timetable.span(one.schedule)
  if (start === undefined) return undefined
  const at = new Date(start)
  const hour = Conflicts.quietHour(loads, daysFired(one.schedule, now), at.getUTCHours())
  if (hour === at.getUTCHours()) return undefined
  const next = Words.iso(at.setUTCHours(hour))
  const why = `${titleOf(one.schedule)} at ${String(hour).padStart(2, "0")}:00 UTC instead of ${
    String(new Date(start).getUTCHours()).padStart(2, "0")
  }:00, an hour with fewer starts.`
  return { text: why, step: callFor(one, { action: "change", start: next }, why) }
}

const calmer = (one: PlacedSchedule): Proposal => {
  const frequency = (one.dataDays ?? 7) >= 28 ? "MONTHLY" : "WEEKLY"
  const why = `${titleOf(one.schedule)} ${frequency.toLowerCase()}, as often as its data changes.`
  return { text: why, step: callFor(one, { action: "change", frequency }, why) }
}

const ended = (one: PlacedSchedule): Proposal => {
  const why = `End ${titleOf(one.schedule)}, whose runs cannot happen as things are.`
  return { text: why, step: callFor(one, { action: "end" }, why) }
}

// One proposal a schedule. In a crowded hour the first stays, and each that moves makes its new hour fuller.
const proposals = (
  conflicts: ReadonlyArray<Conflicts.Conflict>,
  all: ReadonlyArray<PlacedSchedule>,
  now: number
): ReadonlyArray<Proposal> => {
  const loads = new Map(Conflicts.load(all, now))
  const treated = new Set<string>()
  return conflicts.flatMap(({ kind, schedules }) =>
    (kind === "crowded_hour" || kind === "overlapping_runs" ? schedules.slice(1) : schedules).flatMap((one) => {
      const id = one.schedule.id ?? ""
      if (treated.has(id)) return []
      treated.add(id)
      if (kind === "clean_room_ended" || kind === "question_not_ready") return [ended(one)]
      if (kind === "more_than_data") return [calmer(one)]
      const proposal = moved(one, loads, now)
      const start = proposal?.step.arguments["start"]
      if (typeof start === "string") {
        for (const weekday of daysFired(one.schedule, now)) {
          const hour = weekday * 24 + new Date(start).getUTCHours()
          loads.set(hour, (loads.get(hour) ?? 0) + 1)
        }
      }
      return proposal ?? []
    })
  )
}

const optimise = Effect.fnUntraced(function*(input: Input) {
  const { all, conflicts, now, told } = yield* conflictsOf(input)
  const found = proposals(conflicts, all, now)
  const most = input.detail === "full" ? 200 : 10
  return Workflow.compact({
    status: told.status,
    summary: [
      found.length === 0
        ? "Nothing to improve: no conflict that a change of schedules would resolve."
        : `${Words.count(found.length, "proposal")} for ${Words.count(conflicts.length, "conflict")}. Nothing was ` +
          "changed; each proposal has the call that carries it out.",
      ...told.sentences
    ].join(" "),
    proposals: found.slice(0, most).map(({ text }) => text),
    ...told.fields,
    warnings: told.warnings,
    next_steps: [...found.slice(0, most).map(({ step }) => step), ...told.nextSteps]
  }) satisfies Output
})

const readSchedules = ({ question }: Placed) =>
  Effect.flatMap(
    HabuClient,
    (habu) => habu.getCleanroomQuestionRunSchedules({ path: { cleanroomQuestionId: question.id } })
  )

const listOne = Effect.fnUntraced(function*(placed: Placed) {
  const now = yield* Clock.currentTimeMillis
  const all = yield* readSchedules(placed)
  return Workflow.compact({
    status: "done" as const,
    summary: `${Words.title(placed.question)} has ${Words.count(all.length, "schedule")}.`,
    schedules: all.map((schedule) => view(schedule, placed, now)),
    warnings: all.length === 0 ? [] : [zoneWarning],
    next_steps: all.length > 0 ? [] : [{
      tool,
      arguments: { action: "create", question: Words.handle(placed.question), dry_run: true },
      why: "See what a schedule with sensible defaults would be; nothing is changed."
    }]
  }) satisfies Output
})

const open = ({ cleanRoom }: Placed, now: number) =>
  Preflight.isExpired(cleanRoom, now)
    ? Effect.fail(
      new Workflow.InputInvalid({
        field: "question",
        problem: `is in ${JSON.stringify(Words.title(cleanRoom))}, which ended on ${Words.moment(cleanRoom.endAt)}`,
        advice: "It is read-only until its owner sets a later end date. Nothing was sent."
      })
    )
    : Effect.void

const parametersOf = ({ question }: Placed) =>
  Effect.flatMap(HabuClient, (habu) =>
    Effect.map(
      habu.getCleanroomQuestionParameters({ path: { cleanroomQuestionId: question.id } }),
      ({ parameters = [] }) => parameters.map(Preflight.toParameter).filter(({ name }) => name !== "")
    ))

const texts = (parameters: Input["parameters"]) =>
  Object.fromEntries(Object.entries(parameters ?? {}).map(([name, value]) => [name, String(value)]))

const assignedIds = (datasets: ReadonlyArray<CleanRoomQuestionDataset>) =>
  datasets.flatMap(({ datasetId = "" }) => datasetId === "" ? [] : [datasetId])

// What defaults rest on; without it they are plainer, and nothing else is lost.
const groundOf = Effect.fnUntraced(function*(placed: Placed, now: number) {
  const habu = yield* HabuClient
  const directory = yield* HabuDirectory
  const quietly = <A, E, R>(read: Effect.Effect<ReadonlyArray<A>, E, R>) =>
    Effect.orElseSucceed(Effect.timeout(read, "10 seconds"), (): ReadonlyArray<A> => [])
  const others = Effect.flatMap(
    directory.questions(placed.cleanRoom),
    (questions) =>
      Effect.forEach(
        questions,
        (one) =>
          Effect.map(readSchedules(one), (found) =>
            found.map((schedule): PlacedSchedule => ({
              schedule,
              question: one.question,
              cleanRoom: one.cleanRoom,
              isReady: Survey.isReady(one.question),
              isExpired: false,
              ran: undefined,
              dataDays: undefined
            }))),
        { concurrency: "unbounded" }
      )
  )
  const { assigned, connections, datasets, schedules } = yield* Effect.all({
    assigned: quietly(
      habu.getAllCleanroomQuestionDatasets({ path: { cleanroomQuestionId: placed.question.id } })
    ),
    datasets: quietly(habu.getCleanroomDatasets({ path: { cleanroomId: placed.cleanRoom.id } })),
    connections: quietly(habu.getAllDataConnections({})),
    schedules: quietly(others)
  }, { concurrency: "unbounded" })
  return {
    now,
    cleanRoom: placed.cleanRoom,
    question: placed.question.name ?? "",
    dataDays: PlacedSchedules.dataDays(assignedIds(assigned), datasets, connections),
    loads: Conflicts.load(schedules.flat(), now)
  } satisfies Draft.Ground
})

const path = (placed: Placed, id: string) => ({
  cleanroomQuestionId: placed.question.id,
  cleanroomQuestionRunScheduleId: id
})

type Change = Plan.Change<HabuClient | HabuState | WatchList>

const carry = Effect.fnUntraced(function*(
  input: Input,
  placed: Placed,
  changes: ReadonlyArray<Change>,
  about: {
    readonly settled?: ReadonlyArray<Plan.Step>
    readonly reasons?: ReadonlyArray<string>
    readonly warnings?: ReadonlyArray<string>
    readonly name?: string
  }
) {
  const ending = yield* Plan.run(changes, {
    tool,
    input,
    settled: about.settled,
    name: about.name,
    subject: placed.question.id
  })
  const fields = { reasons: about.reasons ?? [], warnings: [...(about.warnings ?? []), zoneWarning] }
  if (ending._tag !== "CarriedOut") {
    return Workflow.compact({ ...Plan.unmade(ending, { tool, input }), ...fields }) satisfies Output
  }
  const now = yield* Clock.currentTimeMillis
  const after = yield* Effect.either(readSchedules(placed))
  const { steps } = ending
  return Workflow.compact({
    status: Plan.statusOf(steps),
    summary: [
      Plan.remaining(steps),
      after._tag === "Right"
        ? `${Words.title(placed.question)} has ${Words.count(after.right.length, "schedule")} now.`
        : "Its schedules could not be read back."
    ].filter((text) => text !== "").join(" "),
    steps,
    schedules: after._tag === "Right" ? after.right.slice(0, shown).map((one) => view(one, placed, now)) : [],
    ...fields,
    next_steps: yield* Plan.again(tool, input, steps)
  }) satisfies Output
})

const create = Effect.fnUntraced(
  function*(input: Input, placed: Placed) {
    const now = yield* Clock.currentTimeMillis
    yield* open(placed, now)
    const { existing, ground, parameters } = yield* Effect.all({
      ground: groundOf(placed, now),
      parameters: parametersOf(placed),
      existing: readSchedules(placed)
    }, { concurrency: "unbounded" })
    const { missing, values } = yield* Values.check(parameters, texts(input.parameters), now)
    const draft = yield* Draft.fresh(input, ground)
    if (missing.length > 0) {
      const example = Object.fromEntries(missing.map((one) => [
        one.name,
        one.example ?? one.allowed?.[0] ?? (one.name.endsWith("date_start") ? "-30 days" : one.partition ? "today" : "")
      ]))
      return Workflow.compact({
        status: "needs_input" as const,
        summary: `Nothing was scheduled. The question still needs: ${
          missing.map(({ name }) => name).join(", ")
        }. A run ` +
          "without partition dates gives no rows.",
        reasons: draft.reasons,
        parameters_needed: missing.map(({ description, name, type }) =>
          `${name} (${type}${description === undefined ? "" : `: ${description}`})`
        ),
        next_steps: [{
          tool,
          arguments: { ...input, parameters: { ...input.parameters, ...example } },
          why: "The same call with values; dates may move with each run, such as -30 days or today."
        }]
      }) satisfies Output
    }
    const sent = { ...draft.sent, parameters: Values.toSchedule(parameters, values) }
    const same = existing.find((one) =>
      Timetable.isRunning(one, now) && one.repeatFrequency === sent.repeatFrequency &&
      Values.isSame(Values.ofSchedule(one), values)
    )
    const step = `schedule ${JSON.stringify(sent.name)}`
    const change: Change = {
      step,
      grade: "ordinary",
      preview: `${step} of ${Words.title(placed.question)}: ${sent.repeatFrequency} from ${sent.startSchedule} to ${
        sent.endSchedule ?? "no end"
      }`,
      makes: `schedule/${placed.question.id}/${JSON.stringify(sent)}`,
      shown: Effect.map(readSchedules(placed), (all) => all.some(Draft.isShown(sent))),
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        const watch = yield* WatchList
        const { id = "" } = yield* habu.createCleanroomQuestionRunSchedule({
          path: { cleanroomQuestionId: placed.question.id },
          payload: sent
        })
        if (id === "") return
        yield* Effect.ignore(
          watch.watch({
            kind: "schedule",
            id,
            name: sent.name,
            questionId: placed.question.id,
            cleanRoomId: placed.cleanRoom.id
          })
        )
      })
    }
    return yield* carry(input, placed, same === undefined ? [change] : [], {
      settled: same === undefined ? [] : [
        Plan.already(step, `${titleOf(same)} does the same already; nothing is scheduled twice.`)
      ],
      reasons: draft.reasons,
      warnings: Survey.isReady(placed.question)
        ? []
        : [
          `The question is ${
            Words.said(placed.question.status, 50) ?? "not READY"
          }: its runs will fail until it is READY.`
        ]
    })
  },
  Plan.telling(tool),
  Reading.forWriting
)

const scheduleOf = Effect.fnUntraced(function*(input: Input, placed: Placed) {
  const all = known(yield* readSchedules(placed))
  const wanted = Words.given(input.schedule)
  const [only] = all
  if (wanted === undefined && all.length === 1 && only !== undefined) return only
  return yield* resolve("schedule", wanted ?? "", all)
})

const changing = (
  placed: Placed,
  schedule: Known<Schedule>,
  draft: Draft.Draft,
  parameters: ReturnType<typeof Values.toSchedule>,
  words: string
): Change => ({
  step: `change ${titleOf(schedule)}`,
  grade: "ordinary",
  preview: words,
  shown: Effect.map(
    readSchedules(placed),
    (all) => all.some((one) => one.id === schedule.id && Draft.isShown(draft.sent)(one))
  ),
  write: Effect.asVoid(Effect.flatMap(HabuClient, (habu) =>
    habu.patchCleanroomQuestionRunScheduleById({
      path: path(placed, schedule.id),
      payload: { ...draft.sent, parameters }
    })))
})

const change = Effect.fnUntraced(
  function*(input: Input, placed: Placed) {
    const now = yield* Clock.currentTimeMillis
    yield* open(placed, now)
    const schedule = yield* scheduleOf(input, placed)
    const parameters = yield* parametersOf(placed)
    const values = { ...Values.ofSchedule(schedule), ...texts(input.parameters) }
    yield* Values.check(parameters, texts(input.parameters), now)
    const draft = yield* Draft.changed(schedule, input, now)
    const isSame = Draft.isShown(draft.sent)(schedule) &&
      Values.isSame(values, Values.ofSchedule(schedule))
    const { endSchedule, name, repeatFrequency, startSchedule } = draft.sent
    const words = `change ${titleOf(schedule)}: from ${Timetable.inWords(schedule)} to ${
      JSON.stringify(name)
    } ${repeatFrequency} from ${startSchedule} to ${endSchedule ?? "no end"}`
    return yield* carry(
      input,
      placed,
      isSame ? [] : [changing(placed, schedule, draft, Values.toSchedule(parameters, values), words)],
      { settled: isSame ? [Plan.already(`change ${titleOf(schedule)}`)] : [], reasons: draft.reasons }
    )
  },
  Plan.telling(tool),
  Reading.forWriting
)

const end = Effect.fnUntraced(
  function*(input: Input, placed: Placed) {
    const now = yield* Clock.currentTimeMillis
    yield* open(placed, now)
    const schedule = yield* scheduleOf(input, placed)
    const step = `end ${titleOf(schedule)}`
    if (!Timetable.isRunning(schedule, now)) {
      return yield* carry(input, placed, [], { settled: [Plan.already(step, "It has ended already.")] })
    }
    const parameters = yield* parametersOf(placed)
    const { start } = Timetable.span(schedule)
    const { sent } = yield* Draft.changed(schedule, { end: Words.iso(Math.max(now, start ?? now) + day) }, now)
    // One that has not begun is moved before now, or its first run would still come.
    const startSchedule = start === undefined || start < now ? sent.startSchedule : Words.iso(now - 60_000)
    const hasEnded = Effect.map(
      readSchedules(placed),
      (all) =>
        all.some((one) =>
          one.id === schedule.id && (Timetable.span(one).end ?? Number.POSITIVE_INFINITY) <= now + 60_000
        )
    )
    return yield* carry(input, placed, [{
      step,
      grade: "ordinary",
      preview: `${step} now; action change with a later end starts it again`,
      shown: hasEnded,
      write: Effect.asVoid(Effect.flatMap(HabuClient, (habu) =>
        habu.patchCleanroomQuestionRunScheduleById({
          path: path(placed, schedule.id),
          payload: {
            ...sent,
            startSchedule,
            endSchedule: Words.iso(now),
            parameters: Values.toSchedule(parameters, Values.ofSchedule(schedule))
          }
        })))
    }], {})
  },
  Plan.telling(tool),
  Reading.forWriting
)

const remove = Effect.fnUntraced(
  function*(input: Input, placed: Placed) {
    const kind = `schedule of ${placed.question.id}`
    const wanted = Words.given(input.schedule) ?? ""
    const schedule = yield* Effect.catchTag(
      scheduleOf(input, placed),
      "ReferenceUnknown",
      Gone.alreadyStep(kind, wanted, `delete ${Words.said(wanted) ?? "a schedule"}`)
    )
    if ("result" in schedule) return yield* carry(input, placed, [], { settled: [schedule] })
    return yield* carry(input, placed, [{
      step: `delete ${titleOf(schedule)}`,
      grade: "destructive",
      preview: `delete the schedule ${titleOf(schedule)} of ${Words.title(placed.question)} (${
        Timetable.inWords(schedule)
      }); action end would only stop it`,
      shown: Effect.map(readSchedules(placed), (now) => !now.some(({ id }) => id === schedule.id)),
      write: Gone.removing(kind, [schedule.id, schedule.displayId, schedule.name, wanted]).pipe(
        Effect.zipRight(HabuClient),
        Effect.flatMap((habu) => habu.deleteCleanroomQuestionRunScheduleById({ path: path(placed, schedule.id) })),
        Effect.flatMap(Plan.confirmed("deleteCleanroomQuestionRunScheduleById")),
        Effect.asVoid
      )
    }], { name: schedule.name?.trim() ?? titleOf(schedule) })
  },
  Plan.telling(tool),
  Reading.forWriting
)

const history = Effect.fnUntraced(function*(input: Input, placed: Placed) {
  const habu = yield* HabuClient
  const now = yield* Clock.currentTimeMillis
  const full = input.detail === "full"
  const schedule = yield* scheduleOf(input, placed)
  const runs = yield* pages((range) =>
    habu.getAllCleanroomQuestionRuns({
      path: { cleanroomQuestionId: placed.question.id },
      urlParams: range
    }), 100)
  const created = Date.parse(Words.moment(schedule.createdDate) ?? "")
  const from = Math.max(Number.isFinite(created) ? created : 0, now - (full ? 90 : 30) * day)
  const found = History.of(schedule, runs, { from, to: now })
  const count = (ended: string) => found.filter((one) => one.ended === ended).length
  return Workflow.compact({
    status: "done" as const,
    summary:
      `${titleOf(schedule)} was due ${Words.count(found.length, "time")} since ${Words.iso(from).slice(0, 10)}: ${
        count("completed")
      } completed, ${count("failed")} failed, ${
        count("no run found")
      } without a run. Inferred from times and values: ` +
      "Habu does not say which schedule made a run.",
    schedules: [view(schedule, placed, now)],
    history: found.slice(0, full ? 100 : shown),
    next_steps: count("failed") === 0 ? [] : [{
      tool: "find_resources",
      arguments: { kind: "runs", question: Words.handle(placed.question), status: "failed" },
      why: "See why runs failed."
    }]
  }) satisfies Output
})

const ofQuestion = { create, change, end, delete: remove, history }

/**
 * Lists, makes, changes, ends or deletes schedules; tells their history; finds and resolves what is wrong with them
 * together.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("ManageQuestionSchedules")(function*(input: Input) {
  const action = input.action ?? "list"
  if (action === "conflicts") return yield* showConflicts(input)
  if (action === "optimise") return yield* optimise(input)
  if (action === "list" && Words.given(input.question) === undefined) return yield* listAll(input)
  const where = yield* Where.question(tool, input, input.question, input.clean_room)
  if (where._tag === "Asking") return where.answer satisfies Output
  return action === "list" ? yield* listOne(where.value) : yield* ofQuestion[action](input, where.value)
}, Effect.map((answer): Output => answer))
