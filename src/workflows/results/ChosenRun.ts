/**
 * Which run's results are meant: one by its id or name, or of a question's completed runs the latest, the n-th or that
 * of a day. With it goes the run before, to compare with.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { QuestionRunMetadata } from "../../habu/api/QuestionRuns.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type Known, known, pages, type Placed, resolve } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Run from "../../runs/Run.js"
import { RunLedger } from "../../runs/RunLedger.js"
import * as Words from "../Words.js"
import { InputInvalid } from "../Workflow.js"

/**
 * What a caller names.
 *
 * @since 0.1.0
 * @category models
 */
export interface Wanted {
  readonly run: string | undefined
  readonly nth: number | undefined
  readonly date: string | undefined
}

/**
 * A run, and its question where that is certain: only then is known whether its rows may be shown. `before` is the run
 * completed before it; `total` counts the completed runs of the question.
 *
 * @since 0.1.0
 * @category models
 */
export interface ChosenRun {
  readonly _tag: "ChosenRun"
  readonly runId: string
  readonly run: Known<QuestionRunMetadata> | undefined
  readonly placed: Placed | undefined
  readonly place: number | undefined
  readonly total: number | undefined
  readonly before: Known<QuestionRunMetadata> | undefined
}

/**
 * That there is no such run, with how many completed runs there are and the latest that is under way.
 *
 * @since 0.1.0
 * @category models
 */
export interface NoRun {
  readonly _tag: "NoRun"
  readonly placed: Placed
  readonly completed: ReadonlyArray<Known<QuestionRunMetadata>>
  readonly underWay: Known<QuestionRunMetadata> | undefined
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const day = /^\d{4}-\d{2}-\d{2}$/
const pageSize = 100

const endedAt = ({ completedAt, submittedAt }: QuestionRunMetadata) => Date.parse(completedAt ?? submittedAt ?? "") || 0

const runsOf = Effect.fnUntraced(function*({ question }: Placed) {
  const habu = yield* HabuClient
  const path = { cleanroomQuestionId: question.id }
  const runs = known(yield* pages((urlParams) => habu.getAllCleanroomQuestionRuns({ path, urlParams }), pageSize))
  return [...runs].sort((a, b) => endedAt(b) - endedAt(a))
})

const isCompleted = ({ status }: QuestionRunMetadata) => Run.phaseOf(status) === "completed"

const from = (
  placed: Placed,
  runs: ReadonlyArray<Known<QuestionRunMetadata>>,
  chosen: Known<QuestionRunMetadata>
): ChosenRun => {
  const completed = runs.filter(isCompleted)
  const index = completed.findIndex(({ id }) => id === chosen.id)
  return {
    _tag: "ChosenRun",
    runId: chosen.id,
    run: chosen,
    placed,
    place: index < 0 ? undefined : index + 1,
    total: completed.length,
    before: index < 0 ? undefined : completed[index + 1]
  }
}

const sameId = (a: string, b: string | undefined) => a.toLowerCase() === b?.toLowerCase()

/**
 * Whether a run is one of a question's, as Habu lists them.
 *
 * @since 0.1.0
 * @category guards
 */
export const isRunOf = (runId: string, placed: Placed) =>
  Effect.map(runsOf(placed), (runs) => runs.some(({ id }) => sameId(runId, id)))

// A run does not tell its question. Who names a question beside a run's id may be wrong, and what may be shown hangs on
// it: so the run has to be among that question's.
const named = Effect.fnUntraced(function*(reference: string, placed: Placed) {
  const runs = yield* runsOf(placed)
  const wanted = reference.trim()
  const found = uuid.test(wanted)
    ? runs.find(({ id }) => sameId(wanted, id))
    : yield* resolve<Known<QuestionRunMetadata>>("run", wanted, runs)
  return found === undefined
    ? yield* Effect.fail(
      new InputInvalid({
        field: "run",
        problem: `is ${wanted}, and ${Words.title(placed.question)} has no such run`,
        advice: "Leave `question` out, or name the question that the run is a run of."
      })
    )
    : from(placed, runs, found)
})

// The ledger knows the questions of the runs that were started here.
const byId = Effect.fnUntraced(function*(runId: string) {
  const ledger = yield* RunLedger
  const directory = yield* HabuDirectory
  const entry = Option.getOrUndefined(yield* ledger.find(runId))
  const questionId = entry?.subject._tag === "Question" ? entry.subject.questionId : undefined
  const placed = questionId === undefined
    ? undefined
    : yield* Effect.orElseSucceed(directory.question(questionId), () => undefined)
  const unplaced: ChosenRun = {
    _tag: "ChosenRun",
    runId,
    run: undefined,
    placed: undefined,
    place: undefined,
    total: undefined,
    before: undefined
  }
  if (placed === undefined) return unplaced
  const runs = yield* runsOf(placed)
  const found = runs.find(({ id }) => sameId(runId, id))
  return found === undefined ? unplaced : from(placed, runs, found)
})

const notADay = (date: string) =>
  new InputInvalid({
    field: "date",
    problem: `is ${JSON.stringify(Text.clean(date, 40))}, which is no day`,
    advice: "Give a day such as 2026-03-01 (UTC)."
  })

const ofQuestion = Effect.fnUntraced(function*({ date, nth = 1 }: Wanted, placed: Placed) {
  if (date !== undefined && (!day.test(date) || Number.isNaN(Date.parse(date)))) {
    return yield* Effect.fail(notADay(date))
  }
  const runs = yield* runsOf(placed)
  const completed = runs.filter(isCompleted)
  const matching = date === undefined
    ? completed
    : completed.filter((run) => new Date(endedAt(run)).toISOString().slice(0, 10) === date)
  const chosen = matching[nth - 1]
  const answer: ChosenRun | NoRun = chosen === undefined
    ? {
      _tag: "NoRun",
      placed,
      completed,
      underWay: runs.find((run) => !Run.isOver(Run.phaseOf(run.status)))
    } satisfies NoRun
    : from(placed, runs, chosen)
  return answer
})

/**
 * Chooses the run; `placed` is the question that the caller named, if any.
 *
 * @since 0.1.0
 * @category getters
 */
export const choose = Effect.fn("ChosenRun.choose")(function*(wanted: Wanted, placed: Placed | undefined) {
  if (wanted.run !== undefined) {
    if (placed !== undefined) return yield* named(wanted.run, placed)
    const id = wanted.run.trim()
    return uuid.test(id)
      ? yield* byId(id)
      : yield* Effect.fail(
        new InputInvalid({
          field: "run",
          problem: `is ${JSON.stringify(Text.clean(id, 80))}, which is not a run's id`,
          advice: "Give the run's id, or its name together with `question`; without `run` the latest run is taken."
        })
      )
  }
  return placed === undefined
    ? yield* Effect.dieMessage("Neither a run nor a question is named")
    : yield* ofQuestion(wanted, placed)
})
