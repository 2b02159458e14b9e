/**
 * Finding flows, in one clean room or in all.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { HabuClient } from "../../habu/HabuClient.js"
import { type PlacedFlow, placedFlows } from "../../habu/HabuDirectory.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose, word } from "./Chosen.js"
import { gather, type Gathered } from "./Gathered.js"
import * as Places from "./Places.js"

/**
 * A flow in the list, with the clean room it stands in.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  clean_room: Schema.String,
  ready: Schema.Boolean,
  stage: Workflow.maybe(Schema.String),
  nodes: Workflow.maybe(Schema.Number),
  version: Workflow.maybe(Schema.Number),
  runs: Workflow.maybe(Schema.Number),
  description: Workflow.maybe(Schema.String)
})

const isReady = ({ flow }: PlacedFlow) => word(flow.listed.stage) === "ready"

const item = (placed: PlacedFlow): typeof Item.Type => {
  const { cleanRoom, flow } = placed
  const { listed } = flow
  return Workflow.compact({
    ...Words.reference(flow),
    clean_room: Words.title(cleanRoom),
    ready: isReady(placed),
    stage: Words.said(listed.stage, 50),
    nodes: listed.flow?.nodes?.length,
    version: listed.flowVersion,
    runs: listed.runCount,
    description: Words.said(listed.flow?.description)
  })
}

const next = (shown: ReadonlyArray<PlacedFlow>): ReadonlyArray<Workflow.NextStep> => {
  const [first] = [...shown.filter(isReady), ...shown]
  if (first === undefined) return []
  const flow = Words.handle(first.flow)
  return [
    Answer.thenExecuteFlow(
      { flow, action: "describe" },
      "See its nodes, parameters and decisions; nothing is started."
    ),
    Answer.thenFind({ kind: "flow_runs", flow }, "See its runs.")
  ]
}

/**
 * Finds flows (operation `listCleanroomFlows`). Their stage may be asked for as not ready, too.
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const { observed } = yield* HabuClient
  const rooms = yield* Places.cleanRooms(asked)
  const sources = rooms.items.map((cleanRoom) => ({
    part: "flows",
    cleanRoom,
    read: Reading.mapped(
      Reading.listed((payload) =>
        Effect.map(
          observed.listCleanroomFlows({ path: { cleanroomId: cleanRoom.id }, payload }),
          (answer) => ({ ...answer, value: answer.value.cleanRoomFlows ?? [] })
        )
      ),
      (listed) => placedFlows(cleanRoom, listed)
    )
  }))
  const gathered: Gathered<PlacedFlow> = sources.length === 0 ? { ...rooms, items: [] } : yield* gather(sources)
  const chosen = choose(asked, gathered.items, {
    names: ({ flow }) => [flow.name],
    statuses: (one) => [one.flow.listed.stage, one.flow.listed.status, isReady(one) ? undefined : "not ready"]
  })
  const [room] = rooms.items
  return Answer.make(
    asked,
    { ...gathered, staleSince: Reading.oldest([rooms.staleSince, gathered.staleSince]) },
    chosen,
    {
      lists: { flows: chosen.shown.map(item) },
      scope: Words.given(asked.clean_room) !== undefined && room ? Answer.within(room) : {},
      warnings: Places.nothingSeen(rooms),
      nextSteps: room === undefined ? [Answer.lookIntoConnection] : next(chosen.shown)
    }
  )
})
