/**
 * What a flow run would take in and ask for, told by Habu before anything is started, and the values for it by node.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type {
  FlowNodeParameterPreview,
  NodeParametersEntry,
  PreviewFlowRunParametersInput,
  PreviewFlowRunParametersResponse
} from "../../habu/api/FlowRuns.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, type Named, type PlacedFlow, resolve } from "../../habu/HabuDirectory.js"
import * as Preflight from "../question/Preflight.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * Values by parameter name, for every node that asks for it; or under a node's name, for that node alone.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Values = Schema.Record({
  key: Schema.String,
  value: Schema.Union(Workflow.Value, Schema.Record({ key: Schema.String, value: Workflow.Value })).annotations({
    jsonSchema: { type: ["string", "number", "boolean", "object"] }
  })
})

export type Values = typeof Values.Type

/**
 * A parameter that is asked for, and the node that asks.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ParameterView = Schema.Struct({
  node: Schema.String,
  name: Schema.String,
  type: Schema.String,
  partition: Workflow.maybe(Schema.Boolean)
})

interface Node extends Known<Named> {
  readonly parameters: ReadonlyArray<Preflight.Parameter>
}

/**
 * What would be sent, and what is still missing for it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Preview {
  readonly nodes: ReadonlyArray<Node>
  readonly entries: ReadonlyArray<NodeParametersEntry>
  readonly parameters: ReadonlyArray<typeof ParameterView.Type>
  readonly missing: ReadonlyArray<typeof ParameterView.Type>
}

type Flat = { readonly [name: string]: string }

// Habu tells neither defaults nor possible values of a flow's parameters, so that all are needed.
const toNode = ({ nodeId, nodeIdentifier, parameters = [], questionName }: FlowNodeParameterPreview) => ({
  ...(nodeId !== undefined && { id: nodeId }),
  ...(nodeIdentifier !== undefined && { displayId: nodeIdentifier }),
  ...(questionName !== undefined && { name: questionName }),
  parameters: parameters.flatMap(({ fieldType, name, parameterType }): ReadonlyArray<Preflight.Parameter> =>
    name === undefined || name === "" ? [] : [{
      name: Words.exact(name),
      type: Words.said(fieldType, 30) ?? "STRING",
      partition: parameterType === "PARTITION_PARAMETER",
      required: true
    }]
  )
})

const viewOf = (node: Node) => ({ name, partition, type }: Preflight.Parameter): typeof ParameterView.Type => ({
  node: Words.title(node),
  name,
  type,
  ...(partition && { partition })
})

const flat = (values: { readonly [name: string]: unknown }): Flat =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => Predicate.isRecord(value) ? [] : [[name, String(value)]])
  )

// The values given for single nodes, by the nodes' ids.
const ownValues = (nodes: ReadonlyArray<Node>, given: Values) =>
  Effect.map(
    Effect.forEach(Object.entries(given), ([reference, value]) =>
      Predicate.isRecord(value)
        ? Effect.map(resolve<Node>("node", reference, nodes), ({ id }) => [[id, flat(value)] as const])
        : Effect.succeed([])),
    (found) => new Map(found.flat())
  )

const valuesOf = (node: Node, shared: Flat, own: Flat | undefined) => {
  const asked = new Set(node.parameters.map(({ name }) => name))
  const fitting = Object.fromEntries(Object.entries(shared).filter(([name]) => asked.has(name)))
  return Preflight.checkValues(node.parameters, { ...fitting, ...own }, "node")
}

/**
 * Reads the nodes and their parameters from Habu's answer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromHabu = (answer: PreviewFlowRunParametersResponse): Pick<Preview, "nodes" | "parameters"> => {
  const nodes = known((answer.nodes ?? []).map(toNode))
  return { nodes, parameters: nodes.flatMap((node) => node.parameters.map(viewOf(node))) }
}

/**
 * Asks Habu what the run would ask for (operation `previewFlowRunParameters`), and checks the values given against it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("Preview.make")(function*(
  placed: PlacedFlow,
  selection: PreviewFlowRunParametersInput,
  given: Values
) {
  const habu = yield* HabuClient
  const answer = yield* habu.previewFlowRunParameters({
    path: { cleanroomId: placed.cleanRoom.id, cleanroomFlowId: placed.flow.id },
    payload: selection
  })
  const { nodes, parameters } = fromHabu(answer)
  const shared = flat(given)
  yield* Preflight.checkValues(nodes.flatMap(({ parameters }) => parameters), shared, "flow")
  const own = yield* ownValues(nodes, given)
  const valued = yield* Effect.forEach(
    nodes,
    (node) => Effect.map(valuesOf(node, shared, own.get(node.id)), (values) => ({ node, values }))
  )
  return {
    nodes,
    entries: valued.filter(({ values }) => Object.keys(values).length > 0)
      .map(({ node, values }) => ({ nodeIdentifier: node.id, parameters: values })),
    parameters,
    missing: valued.flatMap(({ node, values }) =>
      node.parameters.filter(({ name }) => values[name] === undefined).map(viewOf(node))
    )
  } satisfies Preview
})

/**
 * An example of what is missing, to be filled in: under the parameter's name, which serves every node that asks for it.
 *
 * @since 0.1.0
 * @category getters
 */
export const example = (missing: Preview["missing"]): Flat =>
  Object.fromEntries(missing.map(({ name, partition, type }) => [name, partition ? "YYYY-MM-DD" : `<${type}>`]))
