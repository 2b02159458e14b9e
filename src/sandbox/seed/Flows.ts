/**
 * The seeded flows and a run of one.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { APINode } from "../../habu/api/Flows.js"
import { assignDatasets } from "../FlowDatasets.js"
import * as FlowRuns from "../FlowRuns.js"
import * as Flows from "../Flows.js"
import type * as Rows from "../Rows.js"
import { date } from "../Wire.js"
import type * as World from "../World.js"
import * as CleanRooms from "./CleanRooms.js"
import * as Questions from "./Questions.js"

const day = 86_400_000

const nodes = (world: World.Service): ReadonlyArray<APINode> => {
  const [list, mix] = [Questions.questionId(world, "exposed-buyers"), Questions.questionId(world, "segment-mix")]
  return [
    { nodeIdentifier: list, tags: "reach" },
    { nodeIdentifier: mix, tags: "profile", edges: [{ datasetMacro: "people", parentID: list }] }
  ]
}

const datasets = [
  { datasetMacro: "pubmap", datasetName: "Lumen Street RampID Map" },
  { datasetMacro: "exposures", datasetName: "Lumen Street Exposures" },
  { datasetMacro: "transactions", datasetName: "Alder & Pine Transactions" }
]

const plantFlow = (
  world: World.Service,
  room: Rows.CleanRoom,
  name: string,
  description: string,
  isReady: boolean,
  createdAt: number
) => {
  const planned = Flows.plan(world, room, nodes(world), [])
  if (typeof planned === "string") return undefined
  const assignments = planned.map((node, index) => ({
    nodeIdentifier: node.id,
    datasets: index === 0 ? datasets : [{ datasetMacro: "publisher_audience", datasetName: "Lumen Street Audience" }]
  }))
  const result = assignDatasets(world, room, planned, isReady ? assignments : [], createdAt)
  return typeof result === "string" ? undefined : world.flows.put({
    id: world.ids.uuid("cleanRoomFlow"),
    displayId: world.ids.displayId("CRF"),
    flowId: world.ids.uuid("flow"),
    flowDisplayId: world.ids.displayId("F"),
    cleanRoomId: room.id,
    name,
    description,
    versions: [{ nodes: result.nodes, message: undefined, createdAt }],
    version: 1,
    decisions: [],
    createdAt,
    updatedAt: createdAt
  })
}

const plantRun = (
  world: World.Service,
  room: Rows.CleanRoom,
  flow: Rows.Flow,
  submittedAt: number,
  pauseLevel?: number
) => {
  const dates = {
    "exposures.date_start": date(submittedAt - 31 * day),
    "exposures.date_end": date(submittedAt - day)
  }
  return FlowRuns.submit(world, room, flow, {
    name: `Profile ${date(submittedAt)}`,
    nodes: Flows.nodes(flow),
    parametersOf: ({ level }) => level === 0 ? dates : {},
    pauseLevel,
    replay: undefined,
    submittedAt
  })
}

/**
 * Plants a flow that is ready and has run, one that waits for its datasets, and one whose run stands paused.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service): Effect.Effect<void> =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const room = world.cleanRooms.get(CleanRooms.idOf(world, "summer"))
    if (room === undefined) return
    const flow = plantFlow(
      world,
      room,
      "Exposed Buyer Profile",
      "Who the people are that saw the campaign and bought",
      true,
      now - 50 * day
    )
    plantFlow(world, room, "Exposed Buyer Profile - Draft", "Waits for its datasets", false, now - 6 * day)
    if (flow !== undefined) yield* plantRun(world, room, flow, now - 8 * day)
    const stopping = plantFlow(
      world,
      room,
      "Audience Refresh",
      "Stops to have its list looked at",
      true,
      now - 20 * day
    )
    if (stopping !== undefined) yield* plantRun(world, room, stopping, now - 2 * day, 1)
  })
