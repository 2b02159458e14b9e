/**
 * What an export job exports: the runs of a clean room question, or of a node of a flow.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { QuestionDetails } from "../habu/api/Questions.js"
import type { Ending } from "./Engine.js"
import * as FlowRuns from "./FlowRuns.js"
import * as Flows from "./Flows.js"
import type { Output } from "./QuestionExecution.js"
import * as QuestionState from "./QuestionState.js"
import * as RoomQuestions from "./RoomQuestions.js"
import type * as Rows from "./Rows.js"
import * as Runs from "./Runs.js"
import type * as World from "./World.js"

/**
 * A clean room question or a flow node, with the question behind it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source {
  readonly key: Rows.ExportJob["source"]
  readonly id: string
  readonly displayId: string
  readonly title: string
  readonly isList: boolean
}

const sourceOf = (key: Source["key"], id: string, displayId: string, definition: QuestionDetails): Source => ({
  key,
  id,
  displayId,
  title: definition.title?.trim() ?? displayId,
  isList: RoomQuestions.typeOf(definition) === "LIST"
})

/**
 * A clean room question as a source.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofQuestion = (world: World.Service, row: Rows.CleanRoomQuestion): Source =>
  sourceOf(
    { _tag: "Question", cleanRoomQuestionId: row.id },
    row.id,
    row.displayId,
    QuestionState.details(world, row)
  )

/**
 * A flow node as a source.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofNode = (world: World.Service, flow: Rows.Flow, node: Rows.FlowNode): Source =>
  sourceOf({ _tag: "Node", flowRowId: flow.id, nodeId: node.id }, node.id, node.label, Flows.definition(world, node))

/**
 * The source of a job, if it still exists; a node that an earlier version of its flow has does.
 *
 * @since 0.1.0
 * @category getters
 */
export const get = (world: World.Service, key: Source["key"]): Source | undefined => {
  if (key._tag === "Question") {
    const row = world.cleanRoomQuestions.get(key.cleanRoomQuestionId)
    return row === undefined ? undefined : ofQuestion(world, row)
  }
  const flow = world.flows.get(key.flowRowId)
  const node = flow?.versions.flatMap(({ nodes }) => nodes).find(({ id }) => id === key.nodeId)
  return flow === undefined || node === undefined ? undefined : ofNode(world, flow, node)
}

/**
 * A run that has ended, with its output if it produced any.
 *
 * @since 0.1.0
 * @category models
 */
export type Ended = Rows.ExportRun["source"] & { readonly endedAt: number }

const outputOf = (ending: Ending | undefined): Output | undefined =>
  ending?._tag === "Completed" ? ending.output : undefined

const endOf = ({ completedAt, reported }: Rows.Run): number | undefined => {
  if (reported === undefined) return completedAt
  return reported.status === "COMPLETED" ? reported.at : undefined
}

const ofRun = (run: Rows.Run): ReadonlyArray<Ended> => {
  const endedAt = endOf(run)
  return endedAt === undefined
    ? []
    : [{ id: run.id, name: run.name, endedAt, output: Effect.map(Runs.ending(run), outputOf) }]
}

/** A node's output goes out once its flow run is through. */
const ofFlowRun = (nodeId: string) => (run: Rows.FlowRun): Effect.Effect<ReadonlyArray<Ended>> =>
  Effect.gen(function*() {
    const progress = yield* FlowRuns.progress(run)
    const node = run.nodes.find((node) => node.nodeId === nodeId)
    if (progress.status !== "COMPLETED" || progress.at === undefined || node === undefined) return []
    if ((yield* FlowRuns.nodeStatus(node, progress)) !== "COMPLETED") return []
    return [{ id: node.id, name: run.name, endedAt: progress.at, output: Effect.map(node.outcome.ending, outputOf) }]
  })

/**
 * The runs of a source that ended after a time and up to another. Queries of questions are not executed for this.
 *
 * @since 0.1.0
 * @category getters
 */
export const ended = (
  world: World.Service,
  key: Source["key"],
  after: number,
  until: number
): Effect.Effect<ReadonlyArray<Ended>> =>
  Effect.map(
    key._tag === "Question"
      ? Effect.succeed(world.runs.where((run) => run.cleanRoomQuestionId === key.cleanRoomQuestionId).map(ofRun))
      : Effect.forEach(world.flowRuns.where((run) => run.flowRowId === key.flowRowId), ofFlowRun(key.nodeId)),
    (runs) => runs.flat().filter(({ endedAt }) => endedAt > after && endedAt <= until)
  )
