/**
 * What a flow is: its nodes and what they read, the parameters that they ask for, its decisions, the version in use.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { HabuClient } from "../../habu/HabuClient.js"
import type { PlacedFlow } from "../../habu/HabuDirectory.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Decisions from "./Decisions.js"
import * as Flow from "./Flow.js"
import * as Nodes from "./Nodes.js"
import * as Preview from "./Preview.js"

const part = <A>(name: string, read: Either.Either<A, HabuError>): ReadonlyArray<string> =>
  Either.isLeft(read)
    ? [`The ${name} could not be read${read.left._tag === "Forbidden" ? " (denied)" : ""}: ${read.left.message}`]
    : []

/**
 * Describes a flow, or the part of it that is meant (operations `previewFlowRunParameters`,
 * `getFlowDecisionConfiguration`). A part that cannot be read does not hide the rest.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("Describe.make")(function*(
  tool: string,
  input: Flow.Part & { readonly detail?: "brief" | "full" },
  placed: PlacedFlow,
  nodes: ReadonlyArray<Nodes.Node>
) {
  const habu = yield* HabuClient
  yield* Flow.checkBranches(nodes, input)
  const { decisions, preview } = yield* Effect.all({
    decisions: Effect.either(Decisions.read(placed, nodes)),
    preview: Effect.either(habu.previewFlowRunParameters({ path: Flow.pathOf(placed), payload: Flow.selection(input) }))
  }, { concurrency: 2 })
  const previewed = Preview.fromHabu(Either.getOrElse(preview, () => ({})))
  const namesOf = (nodeId: string) =>
    previewed.nodes.find(({ id }) => id === nodeId)?.parameters.map(({ name }) => name) ?? []
  const version = placed.flow.listed.flowVersion
  return Workflow.compact({
    status: Either.isLeft(decisions) || Either.isLeft(preview) ? "partial" as const : "done" as const,
    summary: `${JSON.stringify(Words.title(placed.flow))} has ${Words.count(nodes.length, "node")} and is ${
      Words.said(placed.flow.listed.stage, 50) ?? "of unknown stage"
    }.${
      version === undefined ? "" : ` Version ${version} is in use; Habu does not list the others, roll_back takes any.`
    }`,
    flow: Flow.view(placed),
    nodes: Nodes.views(nodes, namesOf),
    parameters: input.detail === "full" ? previewed.parameters : undefined,
    decisions: Either.getOrElse(decisions, () => []),
    warnings: [...part("decisions", decisions), ...part("parameters", preview)],
    next_steps: [{
      tool,
      arguments: { flow: Words.handle(placed.flow), dry_run: true },
      why: "See what a run needs; nothing is started."
    }]
  })
})
