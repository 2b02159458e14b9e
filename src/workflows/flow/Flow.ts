/**
 * A flow as a whole: how it is shown, and which part of it is meant.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { PlacedFlow } from "../../habu/HabuDirectory.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type * as Nodes from "./Nodes.js"

/**
 * A flow in an answer.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  ...Words.Reference.fields,
  clean_room: Schema.String,
  stage: Workflow.maybe(Schema.String),
  version: Workflow.maybe(Schema.Number),
  description: Workflow.maybe(Schema.String)
})

/**
 * Shows a flow.
 *
 * @since 0.1.0
 * @category constructors
 */
export const view = ({ cleanRoom, flow }: PlacedFlow): typeof View.Type =>
  Workflow.compact({
    ...Words.reference(flow),
    clean_room: Words.title(cleanRoom),
    stage: Words.said(flow.listed.stage, 50),
    version: flow.listed.flowVersion,
    description: Words.said(flow.listed.flow?.description, 200)
  })

/**
 * The path of the operations on a flow.
 *
 * @since 0.1.0
 * @category getters
 */
export const pathOf = ({ cleanRoom, flow }: PlacedFlow) => ({ cleanroomId: cleanRoom.id, cleanroomFlowId: flow.id })

/**
 * Which part of a flow is meant.
 *
 * @since 0.1.0
 * @category models
 */
export interface Part {
  readonly branches?: ReadonlyArray<string>
  readonly exclude_untagged?: boolean
}

/**
 * A part as Habu takes it: the branches in one text.
 *
 * @since 0.1.0
 * @category getters
 */
export const selection = ({ branches = [], exclude_untagged }: Part) =>
  Workflow.compact({
    branches: branches.length === 0 ? undefined : branches.join(","),
    excludeNodesWithoutTags: exclude_untagged === true ? true : undefined
  })

/**
 * Refuses branches that the flow does not have.
 *
 * @since 0.1.0
 * @category filtering
 */
export const checkBranches = (nodes: ReadonlyArray<Nodes.Node>, { branches = [] }: Part) => {
  const known = new Set(nodes.flatMap((node) => node.branches))
  const stranger = branches.find((branch) => !known.has(branch))
  return stranger === undefined ? Effect.void : Effect.fail(
    new Workflow.InputInvalid({
      field: "branches",
      problem: `names ${JSON.stringify(Words.said(stranger, 60) ?? "")}, which is no branch of this flow`,
      options: [...known].map((branch) => Words.said(branch, 60) ?? ""),
      advice: "Give branches as they are listed, or none."
    })
  )
}
