/**
 * The life of a flow run: level by level, with pauses, all derived from when its stretches began.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { DecisionNodeInput } from "../habu/api/Flows.js"
import * as Engine from "./Engine.js"
import * as FlowDecisions from "./FlowDecisions.js"
import * as Flows from "./Flows.js"
import * as FlowSql from "./FlowSql.js"
import * as Ids from "./Ids.js"
import * as Once from "./Once.js"
import * as QuestionState from "./QuestionState.js"
import type * as Rows from "./Rows.js"
import * as Runs from "./Runs.js"
import * as Wording from "./Wording.js"
import type * as World from "./World.js"

/**
 * How long a stretch of a flow run waits before its first level begins, in milliseconds.
 *
 * @since 0.1.0
 * @category models
 */
export const queued = 60_000

/**
 * Where a flow run stands. `level` is the one that is being worked on or that it stopped at, `at` when the state began
 * if it is an end.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  readonly status: "QUEUED" | "RUNNING" | "PAUSED" | "COMPLETED" | "FAILED"
  readonly level: number
  readonly at: number | undefined
  readonly message: string | undefined
}

const levelsOf = (run: Rows.FlowRun) =>
  [...new Set(run.nodes.map(({ level }) => level))].filter((level) => level >= run.startLevel).sort((a, b) => a - b)

const at = (run: Rows.FlowRun, level: number) => run.nodes.filter((node) => node.level === level)

const durationOf = (run: Rows.FlowRun, level: number) => Math.max(...at(run, level).map(({ duration }) => duration))

/** What stops a flow after a level, if something does. */
const verdict = (run: Rows.FlowRun, level: number) =>
  Effect.gen(function*() {
    for (const node of at(run, level)) {
      const ending = yield* node.outcome.ending
      if (ending._tag === "Failed") return { status: "FAILED" as const, message: ending.failure.runMessage }
      const gate = yield* node.gate
      if (gate === "end") return { status: "COMPLETED" as const, message: "A decision ended the flow" }
      if (gate === "failed") return { status: "FAILED" as const, message: "The conditions of a decision were not met" }
    }
    return undefined
  })

/**
 * Where a flow run stands now. Nodes whose time is over execute when this is first asked.
 *
 * @since 0.1.0
 * @category getters
 */
export const progress = (run: Rows.FlowRun): Effect.Effect<Progress> =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    let levels = levelsOf(run)
    let time = run.submittedAt
    for (const stretch of run.stretches) {
      time = stretch.startedAt + queued
      if (now < time) {
        return { status: "QUEUED", level: levels[0] ?? 0, at: undefined, message: undefined }
      }
      for (const level of levels.filter((level) => level < (stretch.pauseLevel ?? Number.POSITIVE_INFINITY))) {
        time += durationOf(run, level)
        if (now < time) return { status: "RUNNING", level, at: undefined, message: undefined }
        const stop = yield* verdict(run, level)
        if (stop !== undefined) return { ...stop, level, at: time }
        levels = levels.filter((item) => item > level)
      }
    }
    return levels.length > 0
      ? { status: "PAUSED", level: levels[0] ?? 0, at: undefined, message: undefined }
      : { status: "COMPLETED", level: Number.POSITIVE_INFINITY, at: time, message: undefined }
  })

/**
 * The status of one node, given where its run stands.
 *
 * @since 0.1.0
 * @category getters
 */
export const nodeStatus = (node: Rows.FlowRunNode, { level, status }: Progress): Effect.Effect<string> => {
  if (status === "RUNNING" && node.level === level) return Effect.succeed("RUNNING")
  const isBehind = node.level < level || (node.level === level && (status === "COMPLETED" || status === "FAILED"))
  if (!isBehind) return Effect.succeed(status === "COMPLETED" || status === "FAILED" ? "SKIPPED" : "QUEUED")
  return Effect.map(node.outcome.ending, ({ _tag }) => _tag === "Completed" ? "COMPLETED" : "FAILED")
}

/**
 * What a run of a flow is started with.
 *
 * @since 0.1.0
 * @category models
 */
export interface Submission {
  readonly name: string
  readonly nodes: ReadonlyArray<Rows.FlowNode>
  readonly parametersOf: (node: Rows.FlowNode) => { readonly [name: string]: string }
  readonly pauseLevel: number | undefined
  /** A replay takes over what its parent produced below `startLevel`. */
  readonly replay: { readonly parent: Rows.FlowRun; readonly startLevel: number } | undefined
  readonly submittedAt: number
}

const inputOf = (
  world: World.Service,
  room: Rows.CleanRoom,
  submission: Submission,
  node: Rows.FlowNode,
  id: string,
  more: { readonly [name: string]: string } = {}
) => {
  const definition = Flows.definition(world, node)
  const { macros, parameters, sql } = FlowSql.compose(world, room, submission.nodes, node, (other) => ({
    ...submission.parametersOf(other),
    ...(other.id === node.id ? more : {})
  }))
  return {
    sql,
    parameters,
    macros: QuestionState.returning(definition, macros),
    measures: QuestionState.measures(definition),
    ...QuestionState.privacy(room),
    noiseSeed: `${world.seed}/${id}`
  }
}

/** The parameter sets that a decision tries in turn, the first without a change. */
const attempts = (decision: DecisionNodeInput | undefined): ReadonlyArray<{ readonly [name: string]: string }> => {
  const { configurations = [], maxRetries = 0 } = decision?.retryConfig ?? {}
  const isRetried = (decision?.conditionsFailAction ?? "RETRY_WITH_PARAMETERS") === "RETRY_WITH_PARAMETERS"
  return [{}, ...(isRetried ? configurations.slice(0, maxRetries) : []).map(({ parameters = {} }) => parameters)]
}

/** Runs a node until its decision is content or its attempts are used up; the last attempt counts. */
const decide = (endings: ReadonlyArray<Effect.Effect<Engine.Ending>>, decision: DecisionNodeInput | undefined) =>
  Effect.gen(function*() {
    let last: Engine.Ending | undefined
    for (const ending of endings) {
      last = yield* ending
      if (last._tag === "Failed" || decision === undefined || FlowDecisions.holds(decision, last.output)) {
        return { ending: last, gate: "open" as const }
      }
    }
    const gate = decision?.conditionsFailAction === "END_FLOW" ? "end" as const : "failed" as const
    return { ending: last, gate }
  })

const nothing: Engine.Ending = {
  _tag: "Failed",
  failure: { failureReason: "Not executed", runMessage: "The node was not executed.", isRetryable: false }
}

const runNode = (
  world: World.Service,
  room: Rows.CleanRoom,
  flow: Rows.Flow,
  submission: Submission,
  runId: string
) =>
(node: Rows.FlowNode): Effect.Effect<Rows.FlowRunNode> =>
  Effect.gen(function*() {
    const known = submission.replay?.parent.nodes.find(({ nodeId }) => nodeId === node.id)
    if (submission.replay !== undefined && known !== undefined && node.level < submission.replay.startLevel) {
      return known
    }
    const id = Ids.uuid(world.seed, `flowRunNode/${runId}/${node.id}`)
    const decision = decisionOf(flow, node.id)
    const failure = QuestionState.readingFailure(world, node, room)
    const outcomes = failure === undefined
      ? yield* Effect.forEach(
        attempts(decision),
        (more) => world.engine.outcome(inputOf(world, room, submission, node, id, more), submission.submittedAt)
      )
      : [Engine.hopeless(Wording.vary(world.seed, failure))]
    const decided = yield* Once.make(decide(outcomes.map(({ ending }) => ending), decision))
    const { queued, running } = Runs.pace(world, node.questionId, id)
    return {
      id,
      nodeId: node.id,
      level: node.level,
      parameters: submission.parametersOf(node),
      duration: queued + running,
      outcome: {
        known: undefined,
        input: outcomes[0]?.input,
        ending: Effect.map(decided, ({ ending }) => ending ?? nothing)
      },
      gate: Effect.map(decided, ({ gate }) => gate)
    }
  })

/**
 * The decision on a node: the clean room's own before the base one.
 *
 * @since 0.1.0
 * @category getters
 */
export const decisionOf = (flow: Rows.Flow, nodeId: string): DecisionNodeInput | undefined => {
  const decisions = flow.decisions.filter((decision) => decision.nodeId === nodeId)
  return (decisions.find(({ override }) => override) ?? decisions[0])?.input
}

/**
 * Puts a flow run on record.
 *
 * @since 0.1.0
 * @category constructors
 */
export const submit = (
  world: World.Service,
  room: Rows.CleanRoom,
  flow: Rows.Flow,
  submission: Submission
): Effect.Effect<Rows.FlowRun> =>
  Effect.gen(function*() {
    const { submittedAt } = submission
    const id = world.ids.uuid("flowRun")
    const nodes = yield* Effect.forEach(
      submission.nodes,
      runNode(world, room, flow, submission, id)
    )
    return world.flowRuns.put({
      id,
      flowRowId: flow.id,
      flowVersion: flow.version,
      parentId: submission.replay?.parent.id,
      name: submission.name,
      submittedAt,
      nodes,
      startLevel: submission.replay?.startLevel ?? 0,
      stretches: [{ startedAt: submittedAt, pauseLevel: submission.pauseLevel }]
    })
  })

/**
 * Lets a paused run go on, up to another pause level if one is given.
 *
 * @since 0.1.0
 * @category combinators
 */
export const resume = (
  world: World.Service,
  run: Rows.FlowRun,
  pauseLevel: number | undefined
): Effect.Effect<Rows.FlowRun> =>
  Effect.map(
    Clock.currentTimeMillis,
    (startedAt) => world.flowRuns.put({ ...run, stretches: [...run.stretches, { startedAt, pauseLevel }] })
  )
