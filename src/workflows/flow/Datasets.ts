/**
 * Datasets for a flow's nodes: found by name, checked against what the nodes read, and assigned in one request.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { DatasetOrganizationInfo, NodeDatasetAssignment } from "../../habu/api/Flows.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type PlacedFlow, resolve } from "../../habu/HabuDirectory.js"
import { ReferenceAmbiguous, type ReferenceError } from "../../habu/HabuError.js"
import * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Nodes from "./Nodes.js"

/**
 * An assignment that is asked for.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Asked = Schema.Struct({
  macro: Schema.String.annotations({ description: "Such as @exposures" }),
  dataset: Schema.String.annotations({ description: "Name or id" }),
  node: Workflow.maybe(Schema.String.annotations({ description: "If several read that macro" })),
  fields: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.String }).annotations({
      description: "Dataset's field by question's, where they differ"
    })
  )
})

export type Asked = typeof Asked.Type

interface Assignment {
  readonly node: Nodes.Node
  readonly macro: string
  readonly dataset: string
  readonly organization: string | undefined
  readonly fields: { readonly [questionField: string]: string }
}

const bare = (macro: string) => macro.trim().replace(/^@/, "").toLowerCase()

const readers = (nodes: ReadonlyArray<Nodes.Node>) =>
  nodes.flatMap((node) => node.sources.flatMap(({ fedBy, macro }) => fedBy === undefined ? [{ node, macro }] : []))

const noReader = (asked: Asked, nodes: ReadonlyArray<Nodes.Node>) =>
  new Workflow.InputInvalid({
    field: "datasets",
    problem: `names the macro ${
      JSON.stringify(Words.said(asked.macro, 60) ?? "")
    }, for which no such node reads a dataset`,
    options: readers(nodes).map(({ macro, node }) => `@${Words.said(macro, 60)} of ${Nodes.title(node)}`),
    advice: "Use one of the possible macros; those that another node feeds take no dataset."
  })

const readerOf = Effect.fnUntraced(function*(nodes: ReadonlyArray<Nodes.Node>, asked: Asked) {
  const wanted = Words.given(asked.node)
  const among = wanted === undefined ? nodes : [yield* Nodes.find(nodes, wanted)]
  const found = readers(among).filter(({ macro }) => bare(macro) === bare(asked.macro))
  const [only] = found
  if (only === undefined) return yield* Effect.fail<Workflow.InputInvalid | ReferenceError>(noReader(asked, among))
  return found.length === 1 ? only : yield* Effect.fail(
    new ReferenceAmbiguous({
      kind: "node",
      reference: `the one that reads @${bare(asked.macro)}`,
      options: found.map(({ node }) => Words.title(node))
    })
  )
})

const isAsked = (reference: string) => ({ requestedIdentifier }: DatasetOrganizationInfo) =>
  requestedIdentifier === reference

/**
 * Resolves what is asked for (operations `getDatasetOrganizations`, `getCleanroomDatasets`): by its id or exact name as
 * Habu has it, otherwise by name however it is written.
 *
 * @since 0.1.0
 * @category constructors
 */
export const resolveAll = Effect.fn("Datasets.resolveAll")(function*(
  placed: PlacedFlow,
  nodes: ReadonlyArray<Nodes.Node>,
  asked: ReadonlyArray<Asked>
) {
  const habu = yield* HabuClient
  const path = { cleanroomId: placed.cleanRoom.id }
  const wanted = yield* Effect.forEach(
    asked,
    (one) => Effect.map(readerOf(nodes, one), (reader) => ({ ...one, ...reader }))
  )
  if (wanted.length === 0) return []
  const datasets = yield* habu.getCleanroomDatasets({ path })
  const named = yield* Effect.forEach(
    wanted,
    (one) =>
      Effect.map(
        resolve("dataset", one.dataset, datasets),
        ({ id, name }) => ({ ...one, dataset: name ?? id ?? one.dataset })
      )
  )
  const { datasetOrganizations = [] } = yield* habu.getDatasetOrganizations({
    path,
    payload: { datasetIdentifiers: [...new Set(named.map(({ dataset }) => dataset))] }
  })
  return named.map(({ dataset, fields = {}, macro, node }): Assignment => ({
    node,
    macro,
    dataset,
    organization: datasetOrganizations.find(isAsked(dataset))?.organizationName,
    fields
  }))
})

const payloadOf = (assignments: ReadonlyArray<Assignment>): ReadonlyArray<NodeDatasetAssignment> =>
  [...new Set(assignments.map(({ node }) => node))].map((node) => ({
    nodeIdentifier: node.displayId ?? node.id,
    datasets: assignments.filter((one) => one.node === node).map(({ dataset, fields, macro, organization }) =>
      Workflow.compact({
        datasetName: dataset,
        datasetMacro: macro,
        organizationName: organization,
        fieldMappings: Object.entries(fields).map(([questionFieldName, datasetFieldName]) => ({
          questionFieldName,
          datasetFieldName
        }))
      })
    )
  }))

const told = ({ dataset, macro, node }: Assignment) =>
  `${JSON.stringify(Words.said(dataset) ?? "")} to @${Words.said(macro, 60)} of ${Nodes.title(node)}`

/**
 * The change that assigns datasets (operation `assignCleanroomFlowDatasets`). Habu takes the names of datasets and
 * organisations, and does not let the assignments be read back; what it answers for each is told.
 *
 * @since 0.1.0
 * @category constructors
 */
export const change = (
  placed: PlacedFlow,
  assignments: ReadonlyArray<Assignment>
): Plan.Change<HabuClient> => ({
  step: `assign ${assignments.map(told).join(", ")}`,
  grade: "ordinary",
  write: Effect.gen(function*() {
    const habu = yield* HabuClient
    const answer = yield* habu.assignCleanroomFlowDatasets({
      path: { cleanroomId: placed.cleanRoom.id, cleanroomFlowId: placed.flow.id },
      payload: { nodeDatasets: payloadOf(assignments) }
    })
    const { assignedDatasets = [] } = yield* Plan.confirmed("assignCleanroomFlowDatasets")(answer)
    return assignedDatasets.map(({ datasetMacro, datasetName, status }) =>
      `@${Words.said(datasetMacro, 60)}: ${Words.said(datasetName)} (${Words.said(status, 30) ?? "taken"})`
    ).join(", ")
  })
})
