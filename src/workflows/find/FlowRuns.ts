/**
 * Finding runs of flows: one flow's, as Habu lists them, or those started through this server, as its ledger knows them.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory } from "../../habu/HabuDirectory.js"
import * as Run from "../../runs/Run.js"
import { RunLedger } from "../../runs/RunLedger.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose } from "./Chosen.js"
import { certain, gather } from "./Gathered.js"
import * as Runs from "./Runs.js"

const pageSize = 100

/**
 * The natural calls after a list of flow runs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const next = (runs: ReadonlyArray<Runs.Item>, flow?: string): ReadonlyArray<Workflow.NextStep> => {
  const step = (isMeant: (run: Runs.Item) => boolean, why: string) => {
    const run = runs.find((one) => one.id !== undefined && isMeant(one))
    return run === undefined
      ? []
      : [Answer.thenExecuteFlow(Workflow.compact({ run: run.id, flow: flow ?? run.flow_id }), why)]
  }
  return [
    ...step(({ phase }) => phase === "paused", "See where the latest paused run stands; this starts nothing."),
    ...step(({ phase }) => !Run.isStill(phase), "Follow the latest run that is under way; this starts nothing."),
    ...step(({ phase }) => phase === "completed", "Read the latest results; this starts nothing.")
  ]
}

const ofFlow = Effect.fnUntraced(function*(asked: Asked, reference: string) {
  const directory = yield* HabuDirectory
  const { observed } = yield* HabuClient
  const room = Words.given(asked.clean_room)
  const { cleanRoom, flow } = yield* directory.flow(
    reference,
    room === undefined ? undefined : yield* directory.cleanRoom(room)
  )
  const path = { cleanroomId: cleanRoom.id, cleanroomFlowId: flow.id }
  const gathered = yield* gather([{
    part: "flow runs",
    cleanRoom,
    read: Reading.listed((urlParams) =>
      Effect.map(
        observed.listCleanroomFlowRuns({ path, urlParams }),
        (answer) => ({ ...answer, value: answer.value.cleanRoomFlowRuns ?? [] })
      ), pageSize)
  }])
  const chosen = choose(asked, Runs.latestFirst(gathered.items), {
    names: ({ name }) => [name],
    statuses: ({ status }) => [status, Run.phaseOf(status)]
  })
  const runs = chosen.shown.map(Runs.listedItem)
  const handle = Words.handle(flow)
  return Answer.make(asked, gathered, chosen, {
    lists: { flow_runs: runs },
    scope: { ...Answer.within(cleanRoom), flow: Words.reference(flow) },
    nextSteps: gathered.heard && gathered.items.length === 0
      ? [Answer.thenExecuteFlow({ flow: handle, dry_run: true }, "See what a first run needs; nothing is started.")]
      : next(runs, handle)
  })
})

const startedHere = Effect.fnUntraced(function*(asked: Asked) {
  const entries = yield* Effect.flatMap(RunLedger, (ledger) => ledger.entries)
  const room = Words.given(asked.clean_room)
  const cleanRoom = room === undefined
    ? undefined
    : yield* Effect.flatMap(HabuDirectory, (directory) => directory.cleanRoom(room))
  const all = Runs.starts(entries, "FlowPlace").filter(({ place }) =>
    cleanRoom === undefined || place._tag === "FlowPlace" && place.cleanRoomId === cleanRoom.id
  )
  const chosen = choose(asked, all, {
    names: ({ attempt, entry }) => [attempt.runName, entry.title],
    statuses: ({ attempt }) => [attempt.status, Run.phaseOf(attempt.status)]
  })
  const runs = chosen.shown.map(Runs.startedItem)
  return Answer.make(asked, certain(all), chosen, {
    lists: { flow_runs: runs },
    scope: cleanRoom === undefined ? {} : Answer.within(cleanRoom),
    which: " started through this server, as last seen",
    nextSteps: runs.length === 0
      ? [Answer.thenFind({ kind: "flows" }, "Find the flow, then its runs with kind flow_runs and flow.")]
      : next(runs)
  })
})

/**
 * Finds runs of flows, the latest first (operation `listCleanroomFlowRuns`).
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const reference = Words.given(asked.flow)
  return yield* reference === undefined ? startedHere(asked) : ofFlow(asked, reference)
})
