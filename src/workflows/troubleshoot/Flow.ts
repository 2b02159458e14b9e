/**
 * The evidence on a flow and one of its runs: its stage, its nodes, the run's status.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CleanRoom, CleanRoomType } from "../../habu/api/CleanRooms.js"
import type { CleanroomFlowRunOutputNodes, FlowRunMetadata } from "../../habu/api/FlowRuns.js"
import type { ListItemCleanroomFlow } from "../../habu/api/Flows.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Known } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Preflight from "../question/Preflight.js"
import * as Reading from "../Reading.js"
import type { Outcome } from "../Reading.js"
import * as Words from "../Words.js"
import { clear, detect, type Detectors, found, type Investigation, unseen, type Verdict } from "./Finding.js"
import * as Heard from "./Heard.js"
import * as RoomTypes from "./RoomTypes.js"

/**
 * A flow and the clean room it is in.
 *
 * @since 0.1.0
 * @category models
 */
export interface PlacedFlow {
  readonly flow: ListItemCleanroomFlow
  readonly cleanRoom: Known<CleanRoom>
}

interface Evidence extends PlacedFlow {
  readonly detail: Outcome<ListItemCleanroomFlow | undefined>
  readonly types: Outcome<ReadonlyArray<CleanRoomType>>
  readonly runs: Outcome<ReadonlyArray<FlowRunMetadata>>
  readonly run: FlowRunMetadata | undefined
  readonly nodes: Outcome<CleanroomFlowRunOutputNodes> | undefined
  /** How a node was named when it was not found. */
  readonly given: string | undefined
  readonly now: number
}

const word = (text: string | undefined) => (text ?? "").toLowerCase().replace(/[^a-z]/g, "")

const stageOf = ({ detail, flow }: Evidence) => Heard.value(detail)?.stage ?? flow.stage

const notReady = (evidence: Evidence): Verdict => {
  const type = RoomTypes.nameOf(evidence.cleanRoom, Heard.value(evidence.types))
  if (type !== undefined && !RoomTypes.hasFlows(type)) {
    return found("proven", `A clean room of type ${type} has no flows.`)
  }
  const stage = stageOf(evidence)
  if (stage === undefined) return unseen
  return word(stage) === "ready" ? clear : found("proven", `The flow's stage is ${Text.clean(stage, 40)}, not Ready.`)
}

const paused = ({ run }: Evidence): Verdict =>
  run === undefined
    ? unseen
    : word(run.status) === "paused"
    ? found("proven", `The flow run ${JSON.stringify(Text.clean(run.name ?? run.id ?? "", 80))} is Paused.`)
    : clear

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const byLabel = ({ given, nodes }: Evidence): Verdict => {
  const all = Heard.value(nodes)
  if (all === undefined || all.length === 0) return unseen
  const labels = all.flatMap(({ node }) => [node?.label, node?.title]).filter((label) => label !== undefined)
  const named = given === undefined ?
    undefined :
    all.find(({ node }) => [node?.label, node?.title].some((label) => Text.folded(label ?? "") === Text.folded(given)))
  if (named !== undefined) {
    return found(
      "proven",
      `${JSON.stringify(Text.clean(given ?? "", 80))} is a node's label; its UUID is ${named.node?.id}.`
    )
  }
  if (given !== undefined && uuid.test(given.trim())) return clear
  const repeated = labels.some((label, index) => labels.indexOf(label) < index - 1)
  return found(
    "fact",
    `The run has ${Words.count(all.length, "output node")}${repeated ? " with labels that repeat" : ""}: ${
      all.slice(0, 3).map(({ node }) => `${Text.clean(node?.title ?? node?.label ?? "?", 60)} = ${node?.id}`).join(", ")
    }.`
  )
}

const detectors: Detectors<Evidence> = {
  "T-36": ({ cleanRoom, now }) =>
    Preflight.isExpired(cleanRoom, now)
      ? found("proven", `The clean room ended on ${Text.clean(cleanRoom.endAt ?? "", 20)}.`)
      : clear,
  "T-49": notReady,
  "T-50": byLabel,
  "T-51": paused
}

const submitted = ({ submittedAt }: FlowRunMetadata) => Date.parse(submittedAt ?? "") || 0

const isRun = (reference: string) => ({ id, name }: FlowRunMetadata) =>
  [id, name].some((own) => Text.folded(own ?? "") === Text.folded(reference))

/**
 * Looks into a flow, by the run that is named or the latest; `given` is how a node was named.
 *
 * @since 0.1.0
 * @category constructors
 */
export const investigate = Effect.fn("Troubleshoot.flow")(function*(
  placed: PlacedFlow,
  runReference: string | undefined,
  given: string | undefined
) {
  const habu = yield* HabuClient
  const path = { cleanroomId: placed.cleanRoom.id, cleanroomFlowId: placed.flow.ID ?? "" }
  const first = yield* Effect.all({
    detail: Reading.attempt("flow", Effect.map(habu.getCleanroomFlow({ path }), ({ cleanRoomFlow }) => cleanRoomFlow)),
    types: Reading.attempt("clean room types", habu.getCleanroomTypes({})),
    runs: Reading.attempt(
      "flow runs",
      Effect.map(
        habu.listCleanroomFlowRuns({ path, urlParams: { limit: 100 } }),
        ({ cleanRoomFlowRuns }) => [...cleanRoomFlowRuns ?? []].sort((a, b) => submitted(b) - submitted(a))
      )
    )
  }, { concurrency: "unbounded" })
  const runs = Heard.value(first.runs) ?? []
  const run = runReference === undefined ? runs[0] : runs.find(isRun(runReference))
  const nodes = run?.id === undefined
    ? undefined
    : yield* Reading.attempt(
      "output nodes",
      habu.getCleanroomFlowRunOutputNodes({
        path: { cleanroomId: placed.cleanRoom.id, cleanroomFlowRunId: run.id }
      })
    )
  const evidence: Evidence = { ...placed, ...first, run, nodes, given, now: yield* Clock.currentTimeMillis }
  const stage = stageOf(evidence)
  return {
    checks: [
      {
        check: "stage of the flow",
        result: word(stage) === "ready" ? "ok" : stage === undefined ? "unknown" : "problem",
        found: Text.clean(stage ?? "not told", 40)
      },
      ...Heard.check("runs of the flow", first.runs, (all) => ({
        result: /fail/i.test(run?.status ?? "") ? "problem" : "note",
        found: run === undefined
          ? `${all.length}${runReference === undefined ? "" : ", none of that name"}`
          : `${all.length}; looked at ${JSON.stringify(Text.clean(run.name ?? "", 60))}: ${
            Text.clean(run.status ?? "?", 40)
          }${run.runMessage === undefined ? "" : `, ${JSON.stringify(Text.clean(run.runMessage, 150))}`}`
      })),
      ...Heard.check("nodes of the run", nodes, (all) => {
        const failed = all.filter(({ runStatus }) => /fail|error/i.test(runStatus ?? ""))
        return {
          result: failed.length > 0 ? "problem" : "ok",
          found: failed.length === 0
            ? `${all.length}, none failed`
            : `failed: ${failed.map(({ node }) => Text.clean(node?.title ?? node?.label ?? "?", 60)).join(", ")}`
        }
      })
    ],
    ...detect(detectors, evidence),
    errors: Heard.errors([...Object.values(first), nodes]),
    facts: {
      clean_room: placed.cleanRoom.id,
      flow: placed.flow.ID ?? "",
      flow_run: run?.id ?? "",
      flow_run_status: run?.status ?? ""
    }
  } satisfies Investigation
})
