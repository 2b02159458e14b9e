/**
 * What is on its way: runs of questions and of flows that have not ended, and when they will.
 *
 * @since 0.1.0
 */
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FlowRuns from "./FlowRuns.js"
import * as QuestionState from "./QuestionState.js"
import type * as Rows from "./Rows.js"
import * as Runs from "./Runs.js"
import { given, time } from "./Wire.js"
import type * as World from "./World.js"

/**
 * One run. `dueAt` is missing where it waits for someone: a flow run that is paused.
 *
 * @since 0.1.0
 * @category models
 */
export interface InFlight {
  readonly id: string
  readonly name: string
  readonly of: string
  readonly status: string
  readonly submittedAt: string
  readonly dueAt?: string
}

/**
 * Runs of questions that are queued or running. Nothing executes for this.
 *
 * @since 0.1.0
 * @category getters
 */
export const runs = (world: World.Service): Effect.Effect<ReadonlyArray<InFlight>> =>
  Effect.map(
    Clock.currentTimeMillis,
    (now) =>
      world.runs.where((run) => ["QUEUED", "RUNNING"].includes(Runs.phase(run, now) ?? "")).map((run) => {
        const question = world.cleanRoomQuestions.get(run.cleanRoomQuestionId)
        return {
          id: run.id,
          name: run.name,
          of: (question === undefined ? undefined : QuestionState.details(world, question).title) ?? "",
          status: Runs.phase(run, now) ?? "",
          submittedAt: time(run.submittedAt),
          dueAt: time(run.completedAt)
        }
      })
  )

/** When the stretch ends that is under way: at its pause, or with the last level. */
const due = (run: Rows.FlowRun): number => {
  const stretch = run.stretches.at(-1)
  const from = run.stretches.at(-2)?.pauseLevel ?? run.startLevel
  const to = stretch?.pauseLevel ?? Number.POSITIVE_INFINITY
  const levels = Arr.groupBy(run.nodes.filter(({ level }) => level >= from && level < to), ({ level }) => String(level))
  return Object.values(levels).reduce(
    (at, nodes) => at + Math.max(...nodes.map(({ duration }) => duration)),
    (stretch?.startedAt ?? run.submittedAt) + FlowRuns.queued
  )
}

/**
 * Runs of flows that are queued, running or paused. Nodes whose time is over execute.
 *
 * @since 0.1.0
 * @category getters
 */
export const flowRuns = (world: World.Service): Effect.Effect<ReadonlyArray<InFlight>> =>
  Effect.gen(function*() {
    const rows = world.flowRuns.all()
    const states = yield* Effect.forEach(rows, FlowRuns.progress)
    return rows.flatMap((run, index) => {
      const status = states[index]?.status ?? "COMPLETED"
      if (status === "COMPLETED" || status === "FAILED") return []
      return [given({
        id: run.id,
        name: run.name,
        of: world.flows.get(run.flowRowId)?.name ?? "",
        status,
        submittedAt: time(run.submittedAt),
        dueAt: status === "PAUSED" ? undefined : time(due(run))
      })]
    })
  })
