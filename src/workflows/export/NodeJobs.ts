/**
 * Export jobs of flow nodes. Habu pauses, resumes and deletes them for whole nodes only.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { FlowNodeExportJob } from "../../habu/api/Exports.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type PlacedFlow } from "../../habu/HabuDirectory.js"
import * as Nodes from "../flow/Nodes.js"
import * as Plan from "../Plan.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import { Asking } from "./Asking.js"
import * as Destinations from "./Destinations.js"
import * as History from "./History.js"
import * as Jobs from "./Jobs.js"
import * as Situation from "./Situation.js"

interface Call {
  readonly flow?: string
  readonly nodes?: ReadonlyArray<string>
  readonly destinations?: ReadonlyArray<string>
  readonly parameters?: { readonly [name: string]: string }
  readonly [field: string]: unknown
}

type Listed = ReadonlyMap<string, ReadonlyArray<FlowNodeExportJob>>

const pathOf = ({ cleanRoom, flow }: PlacedFlow) => ({ cleanroomId: cleanRoom.id, cleanroomFlowId: flow.id })

const jobsOf = (placed: PlacedFlow, nodes: ReadonlyArray<Nodes.Node>) =>
  Effect.flatMap(HabuClient, (habu) =>
    nodes.length === 0
      ? Effect.succeed<Listed>(new Map())
      : Effect.map(
        habu.listFlowNodeExportJobs({ path: pathOf(placed), urlParams: { nodeIds: nodes.map(({ id }) => id) } }),
        (lists): Listed => new Map(lists.map(({ jobs = [], nodeId = "" }) => [nodeId, jobs]))
      ))

/**
 * The flow that is meant, its nodes that are (all where none is named), and the jobs that these have.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("NodeJobs.read")(function*(input: Call, situation: Situation.Situation) {
  const directory = yield* HabuDirectory
  const placed = yield* directory.flow(input.flow ?? "", situation.cleanRoom)
  const all = yield* Nodes.read(placed)
  const wanted = (input.nodes ?? []).filter((name) => name.trim() !== "")
  const nodes = wanted.length === 0
    ? all
    : yield* Effect.forEach(wanted, (reference) => Nodes.find(all, reference))
  return { placed, nodes, isNamed: wanted.length > 0, jobs: yield* jobsOf(placed, nodes) }
})

type Read = Effect.Effect.Success<ReturnType<typeof read>>

const askNodes = (tool: string, input: Call, { nodes }: Read) =>
  new Asking({
    summary: `Which nodes? Give \`nodes\`: ${nodes.slice(0, 15).map(Nodes.title).join(", ")}.`,
    nextSteps: nodes.slice(0, 3).map((node) => ({
      tool,
      arguments: { ...input, nodes: [Words.said(node.id) ?? ""] },
      why: `Of ${Nodes.title(node)}.`
    }))
  })

const readyCheck = ({ flow: { listed } }: PlacedFlow): Situation.Check => {
  const stage = listed.stage ?? listed.status
  return /^ready$/i.test(stage ?? "")
    ? { check: "flow READY", result: "ok", detail: "It is ready." }
    : {
      check: "flow READY",
      result: /\S/.test(stage ?? "") ? "blocked" : "unknown",
      detail: `It is ${Words.said(stage, 40) ?? "of no known stage"}; execute_flow_workflow tells what it lacks.`
    }
}

/**
 * Plans the exports of nodes (operation `createFlowNodeExportJobs`), as those of questions are planned.
 *
 * @since 0.1.0
 * @category constructors
 */
export const exporting = Effect.fn("NodeJobs.exporting")(function*(
  tool: string,
  input: Call,
  situation: Situation.Situation
) {
  const own = yield* Situation.needed(situation.own)
  yield* Situation.needed(situation.placed)
  const seen = yield* read(input, situation)
  const { isNamed, jobs, nodes, placed } = seen
  if (!isNamed && nodes.length > 1) return yield* Effect.fail(askNodes(tool, input, seen))
  const destinations = yield* Destinations.chosen(tool, input, own)
  const paths = yield* Jobs.pathsChecked(tool, input, destinations)
  const common = [...Situation.roomChecks(situation), readyCheck(placed), ...paths]
  const each = nodes.flatMap((node) =>
    destinations.map((destination) => ({
      node,
      destination,
      checks: [
        ...Jobs.destinationChecks(situation, destination),
        Jobs.fitCheck(Words.title(node), !node.isAnalytical, destination)
      ]
    }))
  )
  const plans = each.map(({ checks, destination, node }): Destinations.Planned => {
    const step = `export node ${Nodes.title(node)} to ${JSON.stringify(Words.title(destination))}`
    const isTo = ({ partnerAccountId }: FlowNodeExportJob) => partnerAccountId === destination.id
    const there = (jobs.get(node.id) ?? []).find(isTo)
    if (there !== undefined) {
      return {
        changes: [],
        settled: [
          Plan.already(
            step,
            `There is an export already, ${
              there.status === "PAUSED" ? "paused; action resume lets it go on" : "active"
            }.`
          )
        ]
      }
    }
    const blocked = Jobs.blockers([...common, ...checks])
    if (blocked !== "") return { changes: [], settled: [Plan.unmet(step, blocked)] }
    const provision = Destinations.provisioning(situation, destination)
    const exportParameters = Jobs.parametersFor(destination.account.partner, input.parameters)
    return {
      changes: [...provision.changes, {
        step,
        grade: "outward",
        preview: `${step}: what it produces in runs of ${Words.title(placed.flow)} from then on leaves ${
          Words.title(situation.cleanRoom)
        }`,
        makes: `export/${placed.flow.id}/${node.id}/${destination.id}`,
        needs: provision.changes.map((change) => change.step),
        shown: Effect.map(jobsOf(placed, [node]), (now) => (now.get(node.id) ?? []).some(isTo)),
        write: Effect.gen(function*() {
          if (provision.changes.length > 0) yield* Jobs.approved(situation, destination)
          const habu = yield* HabuClient
          yield* habu.createFlowNodeExportJobs({
            path: pathOf(placed),
            payload: [{
              nodeId: node.id,
              partnerAccountIds: [destination.id],
              ...(exportParameters.length > 0 && { exportParameters })
            }]
          })
        })
      }],
      settled: []
    }
  })
  const all = [...common, ...each.flatMap(({ checks }) => checks)]
  return {
    ...Jobs.together(plans),
    checks: [...new Map(all.map((check) => [check.check, check])).values()],
    warnings: Jobs.confidentialWarning(situation)
  } satisfies Jobs.Planned
})

const names = (jobs: ReadonlyArray<FlowNodeExportJob>) =>
  jobs.slice(0, 5).map(({ id, name }) => Words.said(name) ?? Words.said(id) ?? "").join(", ") +
  (jobs.length > 5 ? ", …" : "")

/**
 * Plans that all exports of nodes are paused or go on (operation `updateFlowNodeExportJobsStatus`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const switching = Effect.fn("NodeJobs.switching")(function*(
  tool: string,
  input: Call,
  situation: Situation.Situation,
  status: "ACTIVE" | "PAUSED"
) {
  const seen = yield* read(input, situation)
  const { isNamed, jobs, nodes, placed } = seen
  if (!isNamed && nodes.length > 1) return yield* Effect.fail(askNodes(tool, input, seen))
  const verb = status === "PAUSED" ? "pause" : "resume"
  const closed = status === "ACTIVE" ? Jobs.blockers(Situation.roomChecks(situation)) : ""
  return Jobs.together(nodes.map((node): Destinations.Planned => {
    const step = `${verb} the exports of node ${Nodes.title(node)}`
    const own = jobs.get(node.id) ?? []
    const isSo = (all: ReadonlyArray<FlowNodeExportJob>) => all.every((job) => job.status === status)
    if (isSo(own)) {
      return { changes: [], settled: [Plan.already(step, own.length === 0 ? "It has none." : undefined)] }
    }
    if (closed !== "") return { changes: [], settled: [Plan.unmet(step, closed)] }
    return {
      changes: [{
        step,
        grade: status === "PAUSED" ? "ordinary" : "outward",
        preview: `${step}, all of them: ${names(own)}`,
        shown: Effect.map(jobsOf(placed, [node]), (now) => isSo(now.get(node.id) ?? [])),
        write: Effect.gen(function*() {
          const habu = yield* HabuClient
          const told = yield* habu.updateFlowNodeExportJobsStatus({
            path: pathOf(placed),
            payload: { nodeIds: [node.id], status }
          })
          yield* Effect.forEach(told, Plan.confirmed("updateFlowNodeExportJobsStatus"), { discard: true })
        })
      }],
      settled: []
    }
  }))
})

/**
 * Plans that all exports of nodes are deleted for good (operation `deleteFlowNodeExportJobs`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const deleting = Effect.fn("NodeJobs.deleting")(function*(
  tool: string,
  input: Call,
  situation: Situation.Situation
) {
  const seen = yield* read(input, situation)
  const { isNamed, jobs, nodes, placed } = seen
  if (!isNamed) return yield* Effect.fail(askNodes(tool, input, seen))
  return {
    ...Jobs.together(nodes.map((node): Destinations.Planned => {
      const step = `delete the exports of node ${Nodes.title(node)}`
      const own = jobs.get(node.id) ?? []
      if (own.length === 0) return { changes: [], settled: [Plan.already(step, "It has none.")] }
      return {
        changes: [{
          step,
          grade: "destructive",
          preview: `${step} for good, all of them: ${names(own)}; pausing them could be undone`,
          shown: Effect.map(jobsOf(placed, [node]), (now) => (now.get(node.id) ?? []).length === 0),
          write: Effect.gen(function*() {
            const habu = yield* HabuClient
            yield* habu.deleteFlowNodeExportJobs({ path: pathOf(placed), payload: { nodeIds: [node.id] } })
          })
        }],
        settled: []
      }
    })),
    typed: Words.title(placed.flow)
  } satisfies Destinations.Planned
})

const viewOf = (node: Nodes.Node) => (job: FlowNodeExportJob): History.View =>
  Workflow.compact({
    id: Words.said(job.id),
    name: Words.said(job.name),
    of: `node ${Words.title(node)}`,
    to: Words.said(job.partnerAccountName),
    job_status: Words.said(job.status, 30),
    destination_stands: Words.said(job.channelStatus, 40),
    last_run_at: Words.moment(job.lastRunTime),
    settings: (job.exportParameters ?? []).slice(0, 10).map(({ name, value }) =>
      `${Words.said(name, 60) ?? ""}: ${Words.said(value, 150) ?? ""}`
    )
  })

/**
 * The exports of nodes, for an answer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const views = ({ jobs, nodes }: Read): ReadonlyArray<History.View> =>
  nodes.flatMap((node) => (jobs.get(node.id) ?? []).map(viewOf(node)))

/**
 * The runs of nodes' exports (operation `getFlowNodeExportJobRuns`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const history = Effect.fn("NodeJobs.history")(function*(seen: Read) {
  const habu = yield* HabuClient
  const busy = seen.nodes.filter(({ id }) => (seen.jobs.get(id) ?? []).length > 0)
  if (busy.length === 0) return { _tag: "Answered" as const, value: [] }
  return yield* Reading.attempt(
    "runs of the nodes' exports",
    Effect.map(
      habu.getFlowNodeExportJobRuns({ path: pathOf(seen.placed), urlParams: { nodeIds: busy.map(({ id }) => id) } }),
      (lists) => lists.flatMap(({ jobRuns = [] }) => jobRuns)
    )
  )
})
