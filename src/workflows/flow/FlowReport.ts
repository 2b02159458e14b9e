/**
 * How a flow run is told of: how far it is, where it stands and why, what its nodes produced, and what can be done next.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { PlacedFlow } from "../../habu/HabuDirectory.js"
import * as Run from "../../runs/Run.js"
import type { Sight } from "../../runs/RunFollower.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as NodeResults from "./NodeResults.js"
import type * as Nodes from "./Nodes.js"

const tool = "execute_flow_workflow"

/**
 * A flow run in an answer. Times are ISO; elapsed and expected are in our seconds.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RunView = Schema.Struct({
  id: Schema.String,
  name: Workflow.maybe(Schema.String),
  phase: Run.Phase,
  habu_status: Schema.String,
  flow: Schema.String,
  clean_room: Schema.String,
  paused_at_level: Workflow.maybe(Schema.Number),
  message: Workflow.maybe(Schema.String),
  submitted_at: Workflow.maybe(Schema.String),
  started_at: Workflow.maybe(Schema.String),
  completed_at: Workflow.maybe(Schema.String),
  elapsed_seconds: Workflow.maybe(Schema.Number),
  expected_seconds: Workflow.maybe(Schema.Number),
  observed_at: Schema.String,
  reused: Workflow.maybe(Schema.Boolean)
})

/**
 * The fields of an answer that tell of a flow run.
 *
 * @since 0.1.0
 * @category fields
 */
export const fields = {
  run: Workflow.maybe(RunView),
  run_nodes: Workflow.maybe(
    Schema.Array(NodeResults.View).annotations({ description: "How far each node is, and what it produced" })
  )
}

/**
 * What a run is a run of, and how it came about.
 *
 * @since 0.1.0
 * @category models
 */
export interface About {
  readonly placed: PlacedFlow
  readonly nodes: ReadonlyArray<Nodes.Node>
  readonly node: Nodes.Node | undefined
  readonly startedAt: number | undefined
  readonly reused: boolean
  /** The level whose pause was ended just now. */
  readonly resumedLevel?: number | undefined
  /** Since when the run is known not to be paused. */
  readonly resumedAt?: number | undefined
}

const seconds = (millis: number) => Math.max(0, Math.round(millis / 1000))

const callFor = ({ placed }: About, run: string, more: { readonly [name: string]: unknown } = {}) => ({
  run,
  flow: Words.handle(placed.flow),
  ...more
})

const runView = (sight: Sight, told: About, now: number, pausedAt: number | undefined): typeof RunView.Type => {
  const { expected, known } = sight
  const { run } = known
  const isStill = Run.isStill(known.phase)
  return Workflow.compact({
    id: known.runId,
    name: Words.said(run.name, 150),
    phase: known.phase,
    habu_status: known.status,
    flow: Words.title(told.placed.flow),
    clean_room: Words.title(told.placed.cleanRoom),
    paused_at_level: known.phase === "paused" ? pausedAt : undefined,
    message: Words.said(run.runMessage, 300),
    submitted_at: Words.moment(run.submittedAt),
    started_at: Words.moment(run.executedAt),
    completed_at: Words.moment(run.completedAt),
    elapsed_seconds: isStill || told.startedAt === undefined ? undefined : seconds(now - told.startedAt),
    expected_seconds: isStill || expected === undefined ? undefined : seconds(expected),
    observed_at: Words.iso(known.observedAt),
    reused: told.reused ? true : undefined
  })
}

const lookAgain = ({ known, nextPollAt }: Sight, told: About, now: number): Workflow.NextStep => ({
  tool,
  arguments: callFor(told, known.runId),
  why: "See whether the run has ended. Do not start it again: it goes on at Habu whether or not anyone waits.",
  after_seconds: Math.max(1, Math.ceil(((nextPollAt ?? now + 30_000) - now) / 1000))
})

const titles = (views: ReadonlyArray<NodeResults.View>, phase: Run.Phase) =>
  views.filter((view) => view.phase === phase).map(({ display_id, name }) => JSON.stringify(name ?? display_id ?? "?"))

const produced = (views: ReadonlyArray<NodeResults.View>) =>
  views.flatMap(({ name, row_count }) =>
    row_count === undefined ? [] : [`${JSON.stringify(name ?? "?")} ${Words.count(row_count, "row")}`]
  ).join(", ")

const replayFrom = (told: About, runId: string, level: number, why: string): Workflow.NextStep => ({
  tool,
  arguments: callFor(told, runId, { action: "replay", from_level: level }),
  why
})

interface Told {
  readonly status: Workflow.Status
  readonly summary: string
  readonly next_steps: ReadonlyArray<Workflow.NextStep>
}

// The pause was ended, though Habu still shows it.
const isEnding = ({ resumedLevel }: About, level: number | undefined) =>
  resumedLevel !== undefined && resumedLevel === level

const paused = (sight: Sight, told: About, level: number | undefined, now: number): Told =>
  isEnding(told, level)
    ? {
      status: "running",
      summary: "Habu took the resumption, and does not show yet that the run goes on.",
      next_steps: [lookAgain(sight, told, now)]
    }
    : {
      status: "partial",
      summary: `The run is paused${level === undefined ? "" : ` before level ${level}`} and waits to be resumed.`,
      next_steps: [
        {
          tool,
          arguments: callFor(told, sight.known.runId, { action: "resume" }),
          why: "Let it go on. It spends a flow-run start."
        },
        ...(level === undefined || level === 0 ? [] : [
          replayFrom(
            told,
            sight.known.runId,
            level - 1,
            "Or run the level before again, with other values, as a new run."
          )
        ])
      ]
    }

const told = (
  sight: Sight,
  about: About,
  views: ReadonlyArray<NodeResults.View>,
  now: number
): Told => {
  const { known } = sight
  const level = NodeResults.openLevel(views)
  switch (known.phase) {
    case "completed":
      return {
        status: "done",
        summary: `The flow run completed${produced(views) === "" ? "" : `: ${produced(views)}`}.${
          about.reused ? " It is an earlier equal run; fresh: true starts another." : ""
        }`,
        next_steps: []
      }
    case "failed": {
      const failed = titles(views, "failed")
      return {
        status: "failed",
        summary: `The flow run failed at Habu${failed.length === 0 ? "" : ` at ${failed.join(", ")}`}${
          known.run.runMessage === undefined ? "" : `: ${Words.said(known.run.runMessage, 300)}`
        }.`,
        next_steps: level === undefined ? [] : [
          replayFrom(
            about,
            known.runId,
            level,
            "Once the cause is mended, or with other values, run it again from there."
          )
        ]
      }
    }
    case "paused":
      return paused(sight, about, level, now)
    default: {
      const at = titles(views, "running")
      return {
        status: known.phase === "unknown" ? "unknown" : "running",
        summary: `The flow run was ${known.status}${
          at.length === 0 ? "" : ` at ${at.join(", ")}`
        } and goes on at Habu.${
          sight.expected === undefined ? "" : ` Runs of this flow took about ${seconds(sight.expected)} s.`
        } A flow run can be neither cancelled nor deleted.`,
        next_steps: [lookAgain(sight, about, now)]
      }
    }
  }
}

/**
 * Tells of a flow run as it was seen, with its nodes. Nodes that cannot be read do not hide the rest.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("FlowReport.make")(function*(sight: Sight, about: About) {
  const { known } = sight
  const read = yield* Effect.either(
    NodeResults.read({
      cleanRoomId: about.placed.cleanRoom.id,
      runId: known.runId,
      nodes: about.nodes,
      node: about.node
    })
  )
  const now = yield* Clock.currentTimeMillis
  const views = Either.getOrElse(read, () => [])
  const { next_steps, status, summary } = told(sight, about, views, now)
  const isHidden = Either.isLeft(read) && status === "done"
  return Workflow.compact({
    status: isHidden ? read.left._tag === "Forbidden" ? "denied" as const : "partial" as const : status,
    summary,
    run: runView(sight, about, now, NodeResults.openLevel(views)),
    run_nodes: views,
    warnings: Either.isLeft(read) ? [`Its nodes could not be read: ${read.left.message} ${read.left.advice}`] : [],
    next_steps
  })
})

/**
 * What is told of a flow run.
 *
 * @since 0.1.0
 * @category models
 */
export type Report = Effect.Effect.Success<ReturnType<typeof make>>
