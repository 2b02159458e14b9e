/**
 * Finding runs: a question's, as Habu lists them, or those started through this server, as its ledger knows them.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Run from "../../runs/Run.js"
import { type Attempt, type Entry, RunLedger } from "../../runs/RunLedger.js"
import { type Place, placeOf } from "../../runs/RunSubject.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose } from "./Chosen.js"
import { certain, gather } from "./Gathered.js"
import * as Places from "./Places.js"

/**
 * A run in the list: as Habu tells it, or as the ledger last saw it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  id: Workflow.maybe(Schema.String),
  name: Workflow.maybe(Schema.String),
  phase: Run.Phase,
  habu_status: Workflow.maybe(Schema.String),
  question: Workflow.maybe(Schema.String),
  question_id: Workflow.maybe(Schema.String),
  flow: Workflow.maybe(Schema.String),
  flow_id: Workflow.maybe(Schema.String),
  clean_room: Workflow.maybe(Schema.String),
  submitted_at: Workflow.maybe(Schema.String),
  started_at: Workflow.maybe(Schema.String),
  completed_at: Workflow.maybe(Schema.String),
  duration_seconds: Workflow.maybe(Schema.Number),
  observed_at: Workflow.maybe(Schema.String),
  note: Workflow.maybe(Schema.String)
})

export type Item = typeof Item.Type

// Habu gives no more at once.
const pageSize = 100

/**
 * Shows a run as Habu lists it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const listedItem = (run: Run.Metadata): Item => {
  const phase = Run.phaseOf(run.status)
  const duration = Run.durationOf(run)
  return Workflow.compact({
    id: Words.said(run.id),
    name: Words.said(run.name, 150),
    phase,
    habu_status: Words.said(run.status, 50),
    submitted_at: Words.moment(run.submittedAt),
    started_at: Words.moment(run.executedAt),
    completed_at: Words.moment(run.completedAt),
    duration_seconds: duration === undefined ? undefined : Math.round(duration / 1000),
    note: phase === "failed" ? Words.said(run.failureReason ?? run.runMessage, 200) : undefined
  })
}

const submitted = ({ submittedAt }: Run.Metadata) => Date.parse(submittedAt ?? "") || 0

/**
 * The latest first.
 *
 * @since 0.1.0
 * @category sorting
 */
export const latestFirst = (runs: ReadonlyArray<Run.Metadata>): ReadonlyArray<Run.Metadata> =>
  [...runs].sort((a, b) => submitted(b) - submitted(a))

/**
 * The natural calls after a list of runs: follow what is under way, read what has completed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toResults = (runs: ReadonlyArray<Item>, question?: string): ReadonlyArray<Workflow.NextStep> => {
  const step = (isMeant: (run: Item) => boolean, why: string) => {
    const run = runs.find((one) => one.id !== undefined && isMeant(one))
    return run === undefined
      ? []
      : [Answer.thenExecute(Workflow.compact({ run: run.id, question: question ?? run.question_id }), why)]
  }
  return [
    ...step(({ phase }) => !Run.isOver(phase), "Follow the latest run that is under way; this starts nothing."),
    ...step(({ phase }) => phase === "completed", "Read the latest results; this starts nothing.")
  ]
}

const ofQuestion = Effect.fnUntraced(function*(asked: Asked, reference: string) {
  const { observed } = yield* HabuClient
  const { cleanRoom, question } = yield* Places.question(asked, reference)
  const path = { cleanroomQuestionId: question.id }
  const gathered = yield* gather([{
    part: "runs",
    cleanRoom,
    read: Reading.listed((urlParams) => observed.getAllCleanroomQuestionRuns({ path, urlParams }), pageSize)
  }])
  const chosen = choose(asked, latestFirst(gathered.items), {
    names: ({ name }) => [name],
    statuses: ({ status }) => [status, Run.phaseOf(status)]
  })
  const runs = chosen.shown.map(listedItem)
  const handle = Words.handle(question)
  return Answer.make(asked, gathered, chosen, {
    lists: { runs },
    scope: { ...Answer.within(cleanRoom), question: Words.reference(question) },
    nextSteps: gathered.heard && gathered.items.length === 0
      ? [Answer.thenExecute({ question: handle, dry_run: true }, "See what a first run needs; nothing is started.")]
      : toResults(runs, handle)
  })
})

/**
 * A start and what it is a start of.
 *
 * @since 0.1.0
 * @category models
 */
export interface Started {
  readonly entry: Entry
  readonly attempt: Attempt
  readonly place: Place
}

const doubts: { readonly [state in Attempt["state"]]?: string } = {
  sending: "It is being sent, or was when its sender ended.",
  doubtful: "It is not known whether Habu has it. Look among the question's runs for its name before starting again."
}

/**
 * Shows a run as the ledger last saw it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const startedItem = ({ attempt, entry, place }: Started): Item =>
  Workflow.compact({
    id: attempt.runId,
    name: Words.said(attempt.runName, 150),
    phase: Run.phaseOf(attempt.status),
    habu_status: Words.said(attempt.status, 50),
    ...(place._tag === "QuestionPlace"
      ? { question: Words.said(entry.title), question_id: place.questionId }
      : { flow: Words.said(entry.title), flow_id: place.flowId }),
    clean_room: Words.said(entry.cleanRoom),
    submitted_at: Words.iso(attempt.startedAt),
    observed_at: attempt.statusAt === undefined ? undefined : Words.iso(attempt.statusAt),
    note: doubts[attempt.state]
  })

// One that was refused or never arrived is no run.
const isRun = ({ state }: Attempt) => state === "known" || doubts[state] !== undefined

/**
 * The runs of questions, or of flows, that were started or may have been, the latest first. Resuming makes no run.
 *
 * @since 0.1.0
 * @category getters
 */
export const starts = (entries: ReadonlyArray<Entry>, kind: Place["_tag"]): ReadonlyArray<Started> =>
  entries.flatMap((entry) => {
    const place = placeOf(entry.subject)
    return place._tag === kind && entry.subject._tag !== "Resume"
      ? entry.attempts.filter(isRun).map((attempt): Started => ({ entry, attempt, place }))
      : []
  }).sort((a, b) => b.attempt.startedAt - a.attempt.startedAt)

// The ledger knows a clean room by the name it had then; its questions are known by id.
const started = Effect.fnUntraced(function*(asked: Asked) {
  const all = starts(yield* Effect.flatMap(RunLedger, (ledger) => ledger.entries), "QuestionPlace")
  if (Words.given(asked.clean_room) === undefined) return { gathered: certain(all), scope: {} }
  const rooms = yield* Places.cleanRooms(asked)
  const questions = yield* Places.questions(rooms)
  const here = new Set(questions.items.map(({ question }) => question.id))
  const [room] = rooms.items
  return {
    gathered: {
      ...questions,
      items: all.filter(({ place }) => place._tag === "QuestionPlace" && here.has(place.questionId))
    },
    scope: room === undefined ? {} : Answer.within(room)
  }
})

const afterStarted = (runs: ReadonlyArray<Item>): ReadonlyArray<Workflow.NextStep> => {
  if (runs.length === 0) {
    return [Answer.thenFind({ kind: "questions" }, "Find the question, then its runs with kind runs and question.")]
  }
  const doubtful = runs.find(({ id }) => id === undefined)
  const look = "See whether Habu has the run in doubt."
  return [
    ...(doubtful === undefined ? [] : [Answer.thenFind({ kind: "runs", question: doubtful.question_id }, look)]),
    ...toResults(runs)
  ]
}

const startedHere = Effect.fnUntraced(function*(asked: Asked) {
  const { gathered, scope } = yield* started(asked)
  const chosen = choose(asked, gathered.items, {
    names: ({ attempt, entry }) => [attempt.runName, entry.title],
    statuses: ({ attempt }) => [attempt.status, Run.phaseOf(attempt.status)]
  })
  const runs = chosen.shown.map(startedItem)
  return Answer.make(asked, gathered, chosen, {
    lists: { runs },
    scope,
    which: " started through this server, as last seen",
    nextSteps: afterStarted(runs)
  })
})

/**
 * Finds runs, the latest first.
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const reference = Words.given(asked.question)
  return yield* reference === undefined ? startedHere(asked) : ofQuestion(asked, reference)
})
