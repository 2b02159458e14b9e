/**
 * The evidence on a clean room question and one of its runs, in the order of the triage: the run's record and audit, the
 * question's state, its datasets and their connections, parameters, permissions, the clean room's dates, the plan.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as CleanRoomQuestions from "../../habu/api/CleanRoomQuestions.js"
import type { CleanRoomType } from "../../habu/api/CleanRooms.js"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import type { CleanRoomDataset } from "../../habu/api/Datasets.js"
import type * as QuestionRuns from "../../habu/api/QuestionRuns.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuConfig } from "../../habu/HabuConfig.js"
import { HabuDirectory, type Placed } from "../../habu/HabuDirectory.js"
import * as Run from "../../runs/Run.js"
import * as Reading from "../Reading.js"
import type { Outcome } from "../Reading.js"
import * as Heard from "./Heard.js"

type Runs = QuestionRuns.QuestionRunMetadata

/**
 * What is told of one run.
 *
 * @since 0.1.0
 * @category models
 */
export interface RunEvidence {
  readonly run: Runs
  readonly phase: Run.Phase
  readonly audit: Outcome<QuestionRuns.CleanroomQuestionRunAuditDetails> | undefined
  readonly plan: Outcome<QuestionRuns.GetExplainPlanResponse> | undefined
  readonly partition: Outcome<QuestionRuns.CleanroomQuestionRunPartitionParameters> | undefined
  readonly result: Outcome<QuestionRuns.QuestionRunResultData> | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Evidence {
  readonly placed: Placed | undefined
  readonly question: Outcome<CleanRoomQuestions.CleanRoomQuestion> | undefined
  readonly datasets: Outcome<CleanRoomQuestions.CleanRoomQuestionDatasets> | undefined
  readonly parameters: Outcome<ReadonlyArray<CleanRoomQuestions.CleanroomQuestionParameter>> | undefined
  readonly permissions: Outcome<CleanRoomQuestions.CleanRoomQuestionPermissionsResponse> | undefined
  readonly roomDatasets: Outcome<ReadonlyArray<CleanRoomDataset>> | undefined
  readonly connections: Outcome<ReadonlyArray<DataConnectionResponse>> | undefined
  readonly types: Outcome<ReadonlyArray<CleanRoomType>> | undefined
  /** All runs, the latest first. */
  readonly runs: Outcome<ReadonlyArray<Runs>> | undefined
  /** The run that is looked at. */
  readonly run: RunEvidence | undefined
  /** The result of an earlier completed run with the same values and version of the question. */
  readonly before: { readonly run: Runs; readonly result: Outcome<QuestionRuns.QuestionRunResultData> } | undefined
  /** The permissions of questions that were added to the same clean room later, where they matter. */
  readonly later: ReadonlyArray<CleanRoomQuestions.CleanRoomQuestionPermissionsResponse>
  /** The organisations that the API user's own people belong to here; one, as far as is known. */
  readonly own: ReadonlySet<string>
  /** What was given with the description: a capacity, a macro, a dataset. */
  readonly given: string | undefined
  readonly now: number
  readonly speed: number
}

/**
 * Which run to look at: a certain one, the latest that completed (for trouble with results), or the latest that ended.
 *
 * @since 0.1.0
 * @category models
 */
export type Which = { readonly _tag: "This"; readonly run: Runs } | { readonly _tag: "Completed" } | {
  readonly _tag: "Latest"
}

const submitted = ({ submittedAt }: Runs) => Date.parse(submittedAt ?? "") || 0

const rowsRead = 200

const readRun = Effect.fnUntraced(function*(run: Runs) {
  const habu = yield* HabuClient
  const phase = Run.phaseOf(run.status)
  const path = { cleanroomQuestionRunId: run.id ?? "" }
  const over = Run.isOver(phase)
  const parts = yield* Effect.all({
    audit: Reading.attempt("audit", habu.getCleanroomQuestionRunAudit({ path })),
    plan: over
      ? Reading.attempt("explain plan", habu.getCleanroomQuestionRunExplainPlan({ path }))
      : Effect.succeed(undefined),
    partition: Reading.attempt("partition values", habu.getCleanroomQuestionRunPartitionParameters({ path })),
    result: phase === "completed"
      ? Reading.attempt("result", habu.getCleanroomQuestionRunData({ path, urlParams: { limit: rowsRead } }))
      : Effect.succeed(undefined)
  }, { concurrency: "unbounded" })
  return { run, phase, ...parts } satisfies RunEvidence
})

const values = (record: { readonly [name: string]: string } | undefined) =>
  JSON.stringify(Object.entries(record ?? {}).sort())

const isEqual = (a: Runs, b: Runs) =>
  a.id !== b.id && values(a.parameters) === values(b.parameters) && a.questionVersion === b.questionVersion

const choose = (which: Which, runs: ReadonlyArray<Runs>): Runs | undefined => {
  if (which._tag === "This") return runs.find(({ id }) => id === which.run.id) ?? which.run
  const completed = runs.find(({ status }) => Run.phaseOf(status) === "completed")
  const latest = runs.find(({ status }) => Run.isOver(Run.phaseOf(status))) ?? runs[0]
  return which._tag === "Completed" ? completed ?? latest : latest
}

const readResult = Effect.fnUntraced(function*(run: Runs) {
  const habu = yield* HabuClient
  const path = { cleanroomQuestionRunId: run.id ?? "" }
  const read = habu.getCleanroomQuestionRunData({ path, urlParams: { limit: rowsRead } })
  return { run, result: yield* Reading.attempt("earlier result", read) }
})

const compared = 3

const added = (question: { readonly createdOn?: string }) => Date.parse(question.createdOn ?? "") || 0

const readLater = Effect.fnUntraced(function*({ cleanRoom, question }: Placed) {
  const habu = yield* HabuClient
  const directory = yield* HabuDirectory
  const all = yield* Reading.attempt("questions", directory.questions(cleanRoom))
  const later = (Heard.value(all) ?? []).map((placed) => placed.question)
    .filter((other) => other.id !== question.id && added(other) > added(question))
    .sort((a, b) => added(b) - added(a)).slice(0, compared)
  const heard = yield* Effect.forEach(later, ({ id }) =>
    Reading.attempt(
      "permissions",
      habu.getCleanroomQuestionPermissions({ path: { cleanroomQuestionId: id } })
    ), { concurrency: "unbounded" })
  return heard.flatMap((one) => one._tag === "Answered" ? [one.value] : [])
})

/**
 * Reads all there is on a question, in two rounds: what needs only the question, then what needs the run.
 *
 * @since 0.1.0
 * @category constructors
 */
export const gather = Effect.fn("Troubleshoot.question")(function*(
  placed: Placed,
  which: Which,
  given: string | undefined,
  comparesPermissions: boolean
) {
  const habu = yield* HabuClient
  const { speed } = yield* HabuConfig
  const path = { cleanroomQuestionId: placed.question.id }
  const room = { cleanroomId: placed.cleanRoom.id }
  const { users, ...first } = yield* Effect.all({
    question: Reading.attempt("question", habu.getCleanroomQuestionById({ path })),
    datasets: Reading.attempt("datasets", habu.getAllCleanroomQuestionDatasets({ path })),
    parameters: Reading.attempt(
      "parameters",
      Effect.map(habu.getCleanroomQuestionParameters({ path }), ({ parameters }) => parameters ?? [])
    ),
    permissions: Reading.attempt("permissions", habu.getCleanroomQuestionPermissions({ path })),
    roomDatasets: Reading.attempt("datasets of the clean room", habu.getCleanroomDatasets({ path: room })),
    connections: Reading.attempt("data connections", habu.getAllDataConnections({})),
    types: Reading.attempt("clean room types", habu.getCleanroomTypes({})),
    users: Reading.attempt("users", habu.getCleanroomUsers({ path: room, urlParams: {} })),
    runs: Reading.attempt(
      "runs",
      Effect.map(
        habu.getAllCleanroomQuestionRuns({ path, urlParams: { limit: 100 } }),
        (all) => [...all].sort((a, b) => submitted(b) - submitted(a))
      )
    )
  }, { concurrency: "unbounded" })
  const runs = Heard.value(first.runs) ?? []
  const chosen = choose(which, runs)
  const earlier = chosen === undefined || Run.phaseOf(chosen.status) !== "completed"
    ? undefined
    : runs.find((other) =>
      Run.phaseOf(other.status) === "completed" && submitted(other) < submitted(chosen) && isEqual(other, chosen)
    )
  const second = yield* Effect.all({
    run: chosen === undefined ? Effect.succeed(undefined) : readRun(chosen),
    before: earlier === undefined ? Effect.succeed(undefined) : readResult(earlier),
    later: comparesPermissions ? readLater(placed) : Effect.succeed([])
  }, { concurrency: "unbounded" })
  return {
    placed,
    ...first,
    ...second,
    own: new Set((Heard.value(users) ?? []).flatMap(({ role }) => role?.organizationId ?? [])),
    given,
    now: yield* Clock.currentTimeMillis,
    speed
  } satisfies Evidence
})

/**
 * Reads all there is on a run whose question is not known: Habu's record of a run does not name it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const gatherRun = Effect.fn("Troubleshoot.run")(function*(run: Runs, given: string | undefined) {
  const { speed } = yield* HabuConfig
  const nothing = undefined
  return {
    placed: nothing,
    question: nothing,
    datasets: nothing,
    parameters: nothing,
    permissions: nothing,
    roomDatasets: nothing,
    connections: nothing,
    types: nothing,
    runs: nothing,
    run: yield* readRun(run),
    before: nothing,
    later: [],
    own: new Set<string>(),
    given,
    now: yield* Clock.currentTimeMillis,
    speed
  } satisfies Evidence
})
