/**
 * Using another version of a flow. Habu tells the one in use, and lists no others.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { HabuClient } from "../../habu/HabuClient.js"
import type { PlacedFlow } from "../../habu/HabuDirectory.js"
import * as Plan from "../Plan.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Flow from "./Flow.js"

const shownVersion = Effect.fnUntraced(function*(placed: PlacedFlow) {
  const habu = yield* HabuClient
  const { cleanRoomFlow } = yield* habu.getCleanroomFlow({ path: Flow.pathOf(placed) })
  return cleanRoomFlow?.flowVersion ?? cleanRoomFlow?.flow?.version
})

/**
 * What is asked for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Asked {
  readonly version?: number
  readonly dry_run?: boolean
  readonly [field: string]: unknown
}

/**
 * Uses another version, unless it is in use already.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("RollBack.run")(function*(tool: string, input: Asked, placed: PlacedFlow) {
  const { version } = input
  if (version === undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "version",
        problem: "is needed to roll back",
        advice: "Give the version to use; describe tells the one in use."
      })
    )
  }
  const { dry_run: _, ...again } = input
  const current = yield* shownVersion(placed)
  const step = `use version ${version} of ${JSON.stringify(Words.title(placed.flow))}`
  const change: Plan.Change<HabuClient> = {
    step,
    grade: "ordinary",
    preview: `${step}, in place of version ${current ?? "unknown"}`,
    write: Effect.flatMap(
      HabuClient,
      (habu) =>
        Effect.asVoid(habu.setCleanroomFlowVersion({ path: { ...Flow.pathOf(placed), version: String(version) } }))
    ),
    shown: Effect.map(shownVersion(placed), (shown) => shown === version)
  }
  const ending = yield* current === version
    ? Plan.run<HabuClient>([], { tool, input, settled: [Plan.already(step)] })
    : Plan.run([change], { tool, input })
  if (ending._tag === "Waiting") return { ...ending.answer, steps: ending.steps }
  const { steps } = ending
  const isDone = ending._tag === "CarriedOut" && Plan.remaining(steps) === ""
  return Workflow.compact({
    status: ending._tag === "Planned" ? "done" as const : Plan.statusOf(steps),
    summary: ending._tag === "Planned"
      ? `Nothing was changed. Version ${current ?? "unknown"} is in use.`
      : isDone
      ? `${JSON.stringify(Words.title(placed.flow))} uses version ${version} now. Runs that are under way keep theirs.`
      : `Version ${current ?? "unknown"} is still in use as far as is known. ${Plan.remaining(steps)}`,
    steps,
    next_steps: isDone
      ? [{
        tool,
        arguments: { flow: Words.handle(placed.flow), action: "describe" },
        why: "See what it consists of now."
      }]
      : ending._tag === "Planned"
      ? [{ tool, arguments: again, why: "Change it." }]
      : yield* Plan.again(tool, input, steps)
  })
}, Reading.forWriting)
