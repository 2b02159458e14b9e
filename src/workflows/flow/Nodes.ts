/**
 * The nodes of a flow: which question each runs, what it reads, and what it may show.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { FlowNodeMetadata } from "../../habu/api/Flows.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, type Named, type PlacedFlow, resolve } from "../../habu/HabuDirectory.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * A macro of a node, and the node that feeds it; without one it reads a dataset.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source {
  readonly macro: string
  readonly optional: boolean
  readonly fedBy: string | undefined
}

/**
 * A node. By name it goes by its question's title, by display id by its label.
 *
 * @since 0.1.0
 * @category models
 */
export interface Node extends Known<Named> {
  readonly level: number | undefined
  readonly branches: ReadonlyArray<string>
  readonly sources: ReadonlyArray<Source>
  /** Whether its rows may be shown: only where Habu says that it lists no people. */
  readonly isAnalytical: boolean
}

/**
 * A node in an answer.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  ...Words.Reference.fields,
  level: Workflow.maybe(Schema.Number),
  branches: Workflow.maybe(Schema.Array(Schema.String)),
  lists_people: Workflow.maybe(Schema.Boolean),
  reads: Workflow.maybe(Schema.Array(Schema.String)),
  parameters: Workflow.maybe(Schema.Array(Schema.String))
})

const text = (record: { readonly [key: string]: unknown }, key: string) =>
  Predicate.isString(record[key]) ? record[key] : undefined

// The contract leaves open what an edge looks like, so it is read with care.
const feeders = ({ flow: { listed } }: PlacedFlow, nodeId: string) =>
  new Map((listed.flow?.edges ?? []).flatMap((edge) => {
    const [macro, parent] = [text(edge, "datasetMacro"), text(edge, "parentNodeID")]
    return text(edge, "childNodeID") === nodeId && macro !== undefined && parent !== undefined
      ? [[macro, parent] as const]
      : []
  }))

const toNode = (placed: PlacedFlow) => (raw: FlowNodeMetadata): Named & Omit<Node, "id"> => {
  const fed = feeders(placed, raw.nodeID ?? "")
  const name = raw.title ?? raw.nodeIdentifier
  return {
    ...(raw.nodeID !== undefined && { id: raw.nodeID }),
    ...(raw.nodeIdentifier !== undefined && { displayId: raw.nodeIdentifier }),
    ...(name !== undefined && { name }),
    level: raw.nodeLevel,
    branches: raw.branches ?? [],
    sources: (raw.dataTypes ?? []).flatMap(({ macro, optional }) =>
      macro === undefined ? [] : [{ macro, optional: optional === true, fedBy: fed.get(macro) }]
    ),
    isAnalytical: raw.isUserListQuestion === false && (raw.userListOutputs ?? []).length === 0
  }
}

/**
 * Reads the nodes of a flow (operation `getCleanroomFlowNodeDetails`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("Nodes.read")(function*(placed: PlacedFlow) {
  const habu = yield* HabuClient
  const { nodes = [] } = yield* habu.getCleanroomFlowNodeDetails({
    path: { cleanroomId: placed.cleanRoom.id, cleanroomFlowId: placed.flow.id }
  })
  return known(nodes.map(toNode(placed)))
})

/**
 * Finds the node that is meant by UUID, label or title. A title that stands on several nodes is ambiguous.
 *
 * @since 0.1.0
 * @category getters
 */
export const find = (nodes: ReadonlyArray<Node>, reference: string) => resolve<Node>("node", reference, nodes)

/**
 * What to call a node in a sentence: several nodes may run one question, so its label stands beside the title.
 *
 * @since 0.1.0
 * @category formatting
 */
export const title = (node: Named): string => JSON.stringify(Words.title(node))

const reads = (nodes: ReadonlyArray<Node>) => ({ fedBy, macro, optional }: Source) => {
  const feeder = nodes.find(({ id }) => id === fedBy)
  const from = feeder === undefined
    ? fedBy === undefined ? `a dataset${optional ? " (optional)" : ""}` : "another node"
    : `the result of ${title(feeder)}`
  return `@${Words.said(macro, 60)}: ${from}`
}

/**
 * Shows nodes, with the names of the parameters that each asks for.
 *
 * @since 0.1.0
 * @category constructors
 */
export const views = (
  nodes: ReadonlyArray<Node>,
  parametersOf: (nodeId: string) => ReadonlyArray<string>
): ReadonlyArray<typeof View.Type> =>
  nodes.map((node) =>
    Workflow.compact({
      ...Words.reference(node),
      level: node.level,
      branches: node.branches.map((branch) => Words.said(branch, 60) ?? ""),
      lists_people: node.isAnalytical ? undefined : true,
      reads: node.sources.map(reads(nodes)),
      parameters: parametersOf(node.id)
    })
  )
