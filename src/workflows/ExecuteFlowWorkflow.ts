/**
 * Running a flow from its name to what its nodes produced: look before starting, preview what it asks for, start once,
 * follow, resume, replay, read; and which datasets, decisions and version it has.
 *
 * Called again with the same arguments it carries on with the same run; called with `run` it follows that one.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { HabuBudget } from "../habu/HabuBudget.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuDirectory, type PlacedFlow, resolve } from "../habu/HabuDirectory.js"
import * as Run from "../runs/Run.js"
import { type Order, RunLedger } from "../runs/RunLedger.js"
import * as RunRequests from "../runs/RunRequests.js"
import type { Subject } from "../runs/RunSubject.js"
import { word } from "./find/Chosen.js"
import * as FlowRuns from "./find/FlowRuns.js"
import * as Datasets from "./flow/Datasets.js"
import * as Describe from "./flow/Describe.js"
import * as Flow from "./flow/Flow.js"
import * as FlowReport from "./flow/FlowReport.js"
import * as Launch from "./flow/Launch.js"
import * as NodeResults from "./flow/NodeResults.js"
import * as Nodes from "./flow/Nodes.js"
import * as Preview from "./flow/Preview.js"
import * as RollBack from "./flow/RollBack.js"
import * as Plan from "./Plan.js"
import * as KnownRuns from "./question/KnownRuns.js"
import * as Preflight from "./question/Preflight.js"
import * as Starting from "./Starting.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "execute_flow_workflow"

/**
 * What `execute_flow_workflow` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  flow: Workflow.maybe(Schema.String.annotations({ description: "Name, display id (CRF-…) or id" })),
  clean_room: Workflow.maybe(Schema.String.annotations({
    description: "Where it is, if its name is not unique"
  })),
  action: Workflow.maybe(
    Schema.Literal("run", "describe", "resume", "replay", "roll_back").annotations({
      description:
        "run (default) starts, or follows `run`; describe only looks; resume a paused `run`; replay `run` from a level; roll_back to `version`"
    })
  ),
  run: Workflow.maybe(Schema.String.annotations({
    description: "Id, or name with `flow`"
  })),
  parameters: Workflow.maybe(Preview.Values.annotations({
    description: "Values by name, partition dates too; for one node alone an object of them under its title"
  })),
  datasets: Workflow.maybe(
    Schema.Array(Workflow.brief(Datasets.Asked)).annotations({
      description: "To assign first: {macro, dataset, node?, fields? (dataset's by question's)}"
    })
  ),
  branches: Workflow.maybe(
    Schema.Array(Schema.String).annotations({
      description: "Only these, what they need, and nodes without one"
    })
  ),
  exclude_untagged: Workflow.maybe(Schema.Boolean.annotations({
    description: "Without those"
  })),
  pause_at_level: Workflow.maybe(Workflow.whole(0, 100, "Halt before this level")),
  from_level: Workflow.maybe(
    Workflow.whole(0, 100, "For replay; else the first that has not completed")
  ),
  version: Workflow.maybe(Workflow.whole(1, 10_000, "For roll_back")),
  node: Workflow.maybe(Schema.String.annotations({
    description: "With `run`: more rows of this node"
  })),
  file: Workflow.maybe(Schema.String.annotations({ description: "With `node`: read this file of it" })),
  run_name: Workflow.maybe(Schema.String.annotations({ description: "Its name in Habu" })),
  idempotency_key: Workflow.maybe(Schema.String.annotations({
    description: "Your own key; else flow and values are it"
  })),
  fresh: Workflow.maybe(Schema.Boolean.annotations({
    description: "Another although an equal one is there"
  })),
  wait_seconds: Starting.waitSeconds,
  since: Workflow.maybe(Schema.String.annotations({
    description: "Alone: runs started through us since then (ISO)"
  })),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only check" })),
  detail: Workflow.maybe(Schema.Literal("brief", "full").annotations({ description: "full adds every check" }))
})

export type Input = typeof Input.Type

/**
 * What `execute_flow_workflow` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  flow: Workflow.maybe(Flow.View),
  ...FlowReport.fields,
  file: Workflow.maybe(NodeResults.FileView),
  nodes: Workflow.maybe(Schema.Array(Nodes.View)),
  parameters: Workflow.maybe(
    Schema.Array(Preview.ParameterView).annotations({ description: "What is asked for, or still missing" })
  ),
  decisions: Workflow.maybe(Schema.Array(Schema.String)),
  checks: Workflow.maybe(Schema.Array(Schema.Struct({
    check: Schema.String,
    result: Schema.String,
    detail: Schema.String
  }))),
  would_send: Workflow.maybe(Schema.Record({ key: Schema.String, value: Schema.Unknown })),
  ...Plan.fields,
  idempotency_key: Workflow.maybe(Schema.String),
  run_starts_left: Workflow.maybe(Schema.Number),
  runs: Workflow.maybe(Schema.Array(KnownRuns.Item)),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

interface Context {
  readonly placed: PlacedFlow
  readonly nodes: ReadonlyArray<Nodes.Node>
  readonly node: Nodes.Node | undefined
}

const contextOf = Effect.fnUntraced(function*(input: Input, placed: PlacedFlow) {
  const nodes = yield* Nodes.read(placed)
  const wanted = Words.given(input.node)
  const node = wanted === undefined ? undefined : yield* Nodes.find(nodes, wanted)
  return { placed, nodes, node } satisfies Context
})

const whichFlow = (): Output => ({
  status: "needs_input",
  summary: "Which flow? Give `flow`: its name, display id (CRF-…) or id.",
  next_steps: [{ tool: "find_resources", arguments: { kind: "flows" }, why: "See all flows." }]
})

// A run that the ledger knows tells its flow by itself.
const flowOfRun = Effect.fnUntraced(function*(reference: string) {
  const ledger = yield* RunLedger
  const directory = yield* HabuDirectory
  const entry = yield* ledger.find(reference.trim())
  if (entry._tag === "None" || entry.value.subject._tag === "Question") return undefined
  const { cleanRoomId, flowId } = entry.value.subject
  return yield* directory.flow(flowId, yield* directory.cleanRoom(cleanRoomId))
})

const placedOf = Effect.fnUntraced(function*(input: Input) {
  const directory = yield* HabuDirectory
  const room = Words.given(input.clean_room)
  const cleanRoom = room === undefined ? undefined : yield* directory.cleanRoom(room)
  const wanted = Words.given(input.flow)
  if (wanted !== undefined) return yield* directory.flow(wanted, cleanRoom)
  const run = Words.given(input.run)
  if (run !== undefined) return yield* flowOfRun(run)
  const [only, ...others] = cleanRoom === undefined ? [] : yield* directory.flows(cleanRoom)
  return others.length === 0 ? only : undefined
})

const unfit = (field: keyof Input, problem: string, advice: string) =>
  Effect.fail(new Workflow.InputInvalid({ field, problem, advice }))

const isReady = ({ flow }: PlacedFlow) => word(flow.listed.stage) === "ready"

const readyCheck = (placed: PlacedFlow, isGivenData: boolean): Preflight.Check => {
  const stage = Words.said(placed.flow.listed.stage, 50) ?? "unknown"
  if (isReady(placed)) return { check: "ready", result: "ok", detail: "The flow is READY." }
  return isGivenData
    ? { check: "ready", result: "unknown", detail: `The flow's stage is ${stage}; the datasets may mend that.` }
    : { check: "ready", result: "blocked", detail: `The flow's stage is ${stage}; Habu runs it only when it is READY.` }
}

// Which dates a dataset asks for shows only once it is assigned.
const tooEarly: Preflight.Check = {
  check: "parameters",
  result: "unknown",
  detail: "Not checked: what is asked for shows once the flow is READY."
}

const parametersCheck = (missing: Preview.Preview["missing"]): Preflight.Check =>
  missing.length === 0
    ? { check: "parameters", result: "ok", detail: "All values are given and valid." }
    : {
      check: "parameters",
      result: "missing",
      detail: `Still needed: ${missing.map(({ name, node }) => `${name} (${node})`).join(", ")}.`
    }

interface Looked {
  readonly checks: ReadonlyArray<Preflight.Check>
  readonly preview: Preview.Preview
  readonly startsLeft: number
}

// Everything that can be known before a start is spent.
const lookBefore = Effect.fnUntraced(function*(input: Input, { nodes, placed }: Context, parent: string | undefined) {
  const { status } = yield* HabuBudget
  yield* Flow.checkBranches(nodes, input)
  const selection = { ...Flow.selection(input), ...(parent !== undefined && { parentFlowRunId: parent }) }
  const { budgets, preview } = yield* Effect.all({
    preview: Preview.make(placed, selection, isReady(placed) ? input.parameters ?? {} : {}),
    budgets: status
  }, { concurrency: 2 })
  const now = yield* Clock.currentTimeMillis
  const starts = budgets.find(({ budget }) => budget === "flow_run_start")
  const startsLeft = starts?.remaining ?? 0
  const isGivenData = input.dry_run === true && (input.datasets ?? []).length > 0
  return {
    checks: [
      readyCheck(placed, isGivenData),
      Preflight.openCheck(placed.cleanRoom, now),
      // A replay takes over what is not given from the run before.
      isReady(placed) ? parametersCheck(parent === undefined ? preview.missing : []) : tooEarly,
      Preflight.budgetCheck(startsLeft, starts?.nextAt)
    ],
    preview,
    startsLeft
  } satisfies Looked
})

const notStarted = (input: Input, { placed }: Context, { checks, preview, startsLeft }: Looked): Output | undefined => {
  const blocked = checks.filter(({ result }) => result === "blocked")
  const missing = checks.filter(({ result }) => result === "missing")
  if (blocked.length === 0 && missing.length === 0) return undefined
  const isMissing = blocked.length === 0
  return Workflow.compact({
    status: isMissing ? "needs_input" as const : "failed" as const,
    summary: `${JSON.stringify(Words.title(placed.flow))} was not started, and no start was spent. ${
      [...blocked, ...missing].map(({ detail }) => detail).join(" ")
    }`,
    flow: Flow.view(placed),
    checks,
    parameters: preview.missing,
    run_starts_left: startsLeft,
    next_steps: isMissing
      ? [{
        tool,
        arguments: { ...input, parameters: { ...input.parameters, ...Preview.example(preview.missing) } },
        why: "The same call with the values that are still needed; replace the examples by real ones."
      }]
      : [{
        tool,
        arguments: { flow: Words.handle(placed.flow), action: "describe" },
        why: "See which datasets its nodes read; `datasets` assigns them."
      }]
  })
}

const without = <K extends keyof Input>(input: Input, ...fields: ReadonlyArray<K>): Omit<Input, K> =>
  Object.fromEntries(Object.entries(input).filter(([name]) => !fields.some((field) => field === name))) as Omit<
    Input,
    K
  >

const planned = (
  input: Input,
  { placed }: Context,
  looked: Looked,
  subject: Subject,
  more: { readonly steps?: ReadonlyArray<Plan.Step>; readonly earlier?: string | undefined }
): Output =>
  Workflow.compact({
    status: "done" as const,
    summary: `Nothing was started. ${JSON.stringify(Words.title(placed.flow))} in ${
      JSON.stringify(Words.title(placed.cleanRoom))
    } can run${
      more.earlier === undefined ? "" : `; but an equal run (${more.earlier}) is there and would be the answer`
    }.`,
    flow: Flow.view(placed),
    checks: looked.checks,
    parameters: looked.preview.parameters,
    would_send: "request" in subject ? { ...subject.request } : undefined,
    steps: more.steps ?? [],
    run_starts_left: looked.startsLeft,
    next_steps: [{ tool, arguments: without(input, "dry_run"), why: "Start it." }]
  })

const orderOf = (input: Input, { placed }: Context, subject: Subject): Order => ({
  subject,
  title: Words.title(placed.flow),
  cleanRoom: Words.title(placed.cleanRoom),
  runName: input.run_name === undefined ? undefined : Words.said(input.run_name, 80),
  idempotencyKey: input.idempotency_key,
  fresh: input.fresh
})

const withPause = (level: number | undefined) => Workflow.compact({ pauseLevelID: level?.toString() })

const startOf = (input: Input, { placed }: Context, { preview }: Looked): Subject => ({
  _tag: "Flow",
  cleanRoomId: placed.cleanRoom.id,
  flowId: placed.flow.id,
  request: { ...Flow.selection(input), ...withPause(input.pause_at_level), nodes: preview.entries }
})

// The run that an equal call has started already; it can only be there where the flow was READY. Values that do not fit
// may fit once the datasets are assigned.
const equalRun = Effect.fnUntraced(function*(input: Input, context: Context) {
  if (!isReady(context.placed)) return undefined
  const looked = yield* Effect.either(lookBefore(input, context, undefined))
  if (Either.isRight(looked)) {
    return yield* Launch.earlier(orderOf(input, context, startOf(input, context, looked.right)))
  }
  return looked.left._tag === "InputInvalid" ? undefined : yield* Effect.fail(looked.left)
})

// Datasets come first: without them a node cannot run. Where an equal run is the answer, it keeps those that it has.
const assign = Effect.fnUntraced(function*(input: Input, context: Context) {
  const { nodes, placed } = context
  const assignments = yield* Datasets.resolveAll(placed, nodes, input.datasets ?? [])
  if (assignments.length === 0) return yield* Plan.run<HabuClient>([], { tool, input })
  const change = Datasets.change(placed, assignments)
  const equal = yield* equalRun(input, context)
  if (equal === undefined) return yield* Plan.run([change], { tool, input })
  const detail = `Not sent, since ${JSON.stringify(equal.runName)} is there; fresh: true assigns and starts another.`
  return yield* Plan.run<HabuClient>([], { tool, input, settled: [Plan.already(change.step, detail)] })
})

const reread = Effect.fnUntraced(function*(placed: PlacedFlow) {
  const directory = yield* HabuDirectory
  return yield* directory.flow(placed.flow.id, placed.cleanRoom)
})

const stopped = Effect.fnUntraced(function*(input: Input, { placed }: Context, steps: ReadonlyArray<Plan.Step>) {
  return Workflow.compact({
    status: Plan.statusOf(steps),
    summary: `The datasets of ${JSON.stringify(Words.title(placed.flow))} were not assigned, so it was not started. ${
      Plan.remaining(steps)
    }`,
    flow: Flow.view(placed),
    steps,
    next_steps: yield* Plan.again(tool, input, steps)
  }) satisfies Output
})

const start = Effect.fnUntraced(function*(input: Input, before: Context) {
  const assigned = yield* assign(input, before)
  if (assigned._tag === "Waiting") return { ...assigned.answer, steps: assigned.steps } satisfies Output
  const { steps } = assigned
  if (assigned._tag === "CarriedOut" && Plan.remaining(steps) !== "") return yield* stopped(input, before, steps)
  const isChanged = assigned._tag === "CarriedOut" && steps.some(({ result }) => result === "done")
  const context = isChanged ? { ...before, placed: yield* reread(before.placed) } : before
  const looked = yield* lookBefore(input, context, undefined)
  const subject = startOf(input, context, looked)
  const order = orderOf(input, context, subject)
  const known = yield* Launch.earlier(order)
  const refusal = known === undefined ? notStarted(input, context, looked) : undefined
  if (refusal !== undefined) return Workflow.compact({ ...refusal, steps })
  if (input.dry_run === true) {
    return planned(input, context, looked, subject, { steps, earlier: known?.runName })
  }
  return Workflow.compact({
    ...(yield* Launch.start(order, context, without(input, "fresh", "datasets"))),
    steps
  })
}, Plan.telling(tool))

type Listed = Run.Metadata & { readonly id: string }

const listedRun = Effect.fnUntraced(function*({ placed }: Context, reference: string) {
  const habu = yield* HabuClient
  const isWanted = ({ id }: Run.Metadata) => id === reference.trim()
  const { runs } = yield* RunRequests.list(habu, Launch.placeOf(placed), isWanted)
  const run = yield* resolve<Run.Metadata>("flow run", reference, runs)
  return { ...run, id: run.id ?? reference.trim() }
})

const startedAt = Effect.fnUntraced(function*(runId: string) {
  const ledger = yield* RunLedger
  const entry = yield* ledger.find(runId)
  return entry._tag === "None" ? undefined : entry.value.attempts.find((one) => one.runId === runId)?.startedAt
})

// What the list shows just now counts for more than a pause that was seen before.
const follow = Effect.fnUntraced(function*(input: Input, context: Context, run: Listed) {
  const now = yield* Clock.currentTimeMillis
  const resumedAt = Run.phaseOf(run.status) === "paused" ? undefined : now
  const about = { ...context, startedAt: yield* startedAt(run.id), resumedAt, reused: false }
  return yield* Launch.follow(run.id, about, input.wait_seconds)
})

// Nothing to do: the run is told of instead.
const instead = (input: Input, context: Context, run: Listed, why: string) =>
  Effect.map(follow(input, context, run), (told): Output => ({ ...told, warnings: [why, ...(told.warnings ?? [])] }))

const readFile = Effect.fnUntraced(function*(context: Context, runId: string, name: string) {
  const { node, nodes, placed } = context
  if (node === undefined) return yield* unfit("file", "needs the node that made it", "Give `node` with `file`.")
  const file = yield* NodeResults.file({ cleanRoomId: placed.cleanRoom.id, runId, nodes, node }, node, name)
  return Workflow.compact({
    status: "done" as const,
    summary: `${JSON.stringify(file.name)} of ${Nodes.title(node)} has ${Words.count(file.lines, "line")}${
      file.beginning === undefined ? "; it lists people, so none of it is shown" : ""
    }.`,
    file
  }) satisfies Output
})

const resume = Effect.fnUntraced(
  function*(input: Input, context: Context, run: Listed) {
    const habu = yield* HabuClient
    if (Run.phaseOf(run.status) !== "paused") {
      return yield* instead(input, context, run, "It is not paused, so nothing was sent to resume it.")
    }
    const place = Launch.placeOf(context.placed)
    const { value: level } = yield* RunRequests.pausedAt(habu, { cleanRoomId: place.cleanRoomId, runId: run.id })
    if (level === undefined) {
      return yield* unfit(
        "run",
        "is paused, but Habu does not say at which level",
        "Resume it in Habu: without the level it cannot be made sure that it is resumed only once."
      )
    }
    const subject: Subject = {
      _tag: "Resume",
      cleanRoomId: place.cleanRoomId,
      flowId: place.flowId,
      runId: run.id,
      level,
      request: withPause(input.pause_at_level)
    }
    if (input.dry_run === true) {
      return {
        status: "done",
        summary:
          `Nothing was sent. The run is paused before level ${level} and can be resumed; that spends a flow-run start.`,
        next_steps: [{ tool, arguments: without(input, "dry_run"), why: "Resume it." }]
      } satisfies Output
    }
    return yield* Launch.start(orderOf(input, context, subject), context, input)
  }
)

const replay = Effect.fnUntraced(
  function*(input: Input, context: Context, run: Listed) {
    const { placed } = context
    if (!Run.isStill(Run.phaseOf(run.status))) {
      return yield* instead(
        input,
        context,
        run,
        "It goes on, so it cannot be run again from a level yet. Nothing was sent."
      )
    }
    const source = { cleanRoomId: placed.cleanRoom.id, runId: run.id, nodes: [], node: undefined }
    const level = input.from_level ?? NodeResults.openLevel(yield* NodeResults.standings(source)) ?? 0
    const looked = yield* lookBefore(input, context, run.id)
    const subject: Subject = {
      _tag: "Replay",
      cleanRoomId: placed.cleanRoom.id,
      flowId: placed.flow.id,
      runId: run.id,
      request: {
        ...Flow.selection(input),
        ...withPause(input.pause_at_level),
        startLevelID: String(level),
        nodes: looked.preview.entries
      }
    }
    const order = orderOf(input, context, subject)
    const known = yield* Launch.earlier(order)
    const refusal = known === undefined ? notStarted(input, context, looked) : undefined
    if (refusal !== undefined) return refusal
    return input.dry_run === true
      ? planned(input, context, looked, subject, { earlier: known?.runName })
      : yield* Launch.start(order, context, without(input, "fresh"))
  }
)

const ofRun = Effect.fnUntraced(function*(input: Input, context: Context, reference: string) {
  const run = yield* listedRun(context, reference)
  if (input.action === "resume") return yield* resume(input, context, run)
  if (input.action === "replay") return yield* replay(input, context, run)
  const file = Words.given(input.file)
  return yield* file === undefined ? follow(input, context, run) : readFile(context, run.id, file)
})

/**
 * Runs a flow once and reports on it, or does what else `action` names with it or one of its runs.
 *
 * Before a start it always asks Habu what the run would take in and ask for (operation `previewFlowRunParameters`), and
 * checks stage, clean room, values and budget. Starts, resumptions and replays go through the ledger: each once
 * (operations `createOrUpdateCleanroomFlowRun`, `resumeCleanroomFlowRun`, `replayCleanroomFlowRun`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = Effect.fn("ExecuteFlowWorkflow.run")(function*(input: Input): Effect.fn.Return<
  Output,
  Workflow.WorkflowError,
  | Effect.Effect.Context<ReturnType<typeof ofRun>>
  | Effect.Effect.Context<ReturnType<typeof start>>
  | Effect.Effect.Context<ReturnType<typeof placedOf>>
  | Effect.Effect.Context<ReturnType<typeof RollBack.run>>
> {
  const placed = yield* placedOf(input)
  if (placed === undefined) {
    return yield* input.since === undefined
      ? Effect.succeed(whichFlow())
      : KnownRuns.since(input.since, "FlowPlace", FlowRuns.next)
  }
  if (input.action === "roll_back") return yield* RollBack.run(tool, input, placed)
  const context = yield* contextOf(input, placed)
  if (input.action === "describe") return yield* Describe.make(tool, input, placed, context.nodes)
  const reference = Words.given(input.run)
  if (reference !== undefined) return yield* ofRun(input, context, reference)
  return yield* input.action === "resume" || input.action === "replay"
    ? unfit("run", `is needed to ${input.action}`, "Give the run's id; find_resources with kind flow_runs lists them.")
    : start(input, context)
})
