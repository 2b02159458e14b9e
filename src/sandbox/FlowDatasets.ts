/**
 * Datasets for a flow's nodes, by the names that people give them.
 *
 * @since 0.1.0
 */
import type * as Api from "../habu/api/Flows.js"
import * as Flows from "./Flows.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

const isNamed = (world: World.Service, organizationId: string, name: string | undefined) =>
  name === undefined || world.organizations.get(organizationId)?.name === name

interface Assignment {
  readonly node: Rows.FlowNode
  readonly binding: Rows.Binding
  readonly dataset: Rows.Dataset
  readonly columns: { readonly [questionField: string]: string }
}

const resolve = (
  world: World.Service,
  room: Rows.CleanRoom,
  nodes: ReadonlyArray<Rows.FlowNode>,
  nodeIdentifier: string | undefined,
  request: Api.DatasetAssignment
): Assignment | string => {
  const node = Flows.node(nodes, nodeIdentifier) ??
    nodes.find((item) => Flows.definition(world, item).title === nodeIdentifier)
  if (node === undefined) return `There is no node ${nodeIdentifier ?? ""}`
  const binding = node.bindings.find(({ macro }) => macro === request.datasetMacro)
  if (binding === undefined) return `Node ${node.label} reads no dataset for ${request.datasetMacro ?? ""}`
  const dataset = world.datasets.find((row) =>
    row.cleanRoomId === room.id && row.name === request.datasetName &&
    isNamed(world, row.organizationId, request.organizationName)
  )
  if (dataset === undefined) return `There is no dataset ${request.datasetName ?? ""}`
  const columns = (request.fieldMappings ?? []).map(({ datasetFieldName = "", questionFieldName = "" }) => [
    questionFieldName,
    datasetFieldName
  ])
  return { node, binding, dataset, columns: Object.fromEntries(columns) }
}

const assigned = (node: Rows.FlowNode, assignments: ReadonlyArray<Assignment>, now: number): Rows.FlowNode => ({
  ...node,
  bindings: node.bindings.map((binding) => {
    const found = assignments.find((item) => item.node.id === node.id && item.binding.macro === binding.macro)
    return found === undefined ? binding : {
      ...binding,
      datasetId: found.dataset.id,
      ownerId: found.dataset.organizationId,
      columns: found.columns,
      assignedAt: now
    }
  })
})

/**
 * The nodes with other datasets, or what is wrong with the assignments.
 *
 * @since 0.1.0
 * @category combinators
 */
export const assignDatasets = (
  world: World.Service,
  room: Rows.CleanRoom,
  nodes: ReadonlyArray<Rows.FlowNode>,
  requests: ReadonlyArray<Api.NodeDatasetAssignment>,
  now: number
) => {
  const results = requests.flatMap(({ datasets = [], nodeIdentifier }) =>
    datasets.map((request) => resolve(world, room, nodes, nodeIdentifier, request))
  )
  const wrong = results.find((result) => typeof result === "string")
  if (typeof wrong === "string") return wrong
  const assignments = results.filter((result) => typeof result !== "string")
  return { assignments, nodes: nodes.map((node) => assigned(node, assignments, now)) }
}
