/**
 * Starting something of a flow once through the ledger, and following the run that comes of it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { PlacedFlow } from "../../habu/HabuDirectory.js"
import type { HabuError } from "../../habu/HabuError.js"
import type * as Run from "../../runs/Run.js"
import { RunFollower } from "../../runs/RunFollower.js"
import { type Order, type Outcome, RunLedger } from "../../runs/RunLedger.js"
import type { Place } from "../../runs/RunSubject.js"
import * as Progress from "../Progress.js"
import * as RunReport from "../question/RunReport.js"
import * as Starting from "../Starting.js"
import * as Words from "../Words.js"
import * as FlowReport from "./FlowReport.js"

const tool = "execute_flow_workflow"

type Launched = Extract<Outcome, { readonly runId: string }>

/**
 * Where the runs of a flow are listed.
 *
 * @since 0.1.0
 * @category getters
 */
export const placeOf = ({ cleanRoom, flow }: PlacedFlow): Extract<Place, { readonly _tag: "FlowPlace" }> => ({
  _tag: "FlowPlace",
  cleanRoomId: cleanRoom.id,
  flowId: flow.id
})

/**
 * Waits for a run as long as the call may, and tells of it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const follow = Effect.fn("Launch.follow")(function*(
  runId: string,
  about: FlowReport.About,
  waitSeconds: number | undefined
) {
  const follower = yield* RunFollower
  const listener = yield* Progress.Progress
  const now = yield* Clock.currentTimeMillis
  const progress = RunReport.progress({
    question: Words.title(about.placed.flow),
    questionId: undefined,
    questionType: undefined,
    cleanRoom: undefined,
    startedAt: about.startedAt,
    reused: about.reused
  })
  const sight = yield* follower.follow(runId, {
    place: placeOf(about.placed),
    wait: yield* Starting.waitOf(waitSeconds),
    startedAt: about.startedAt ?? now,
    resumedAt: about.resumedAt,
    onProgress: (seen, elapsed) => Effect.provideService(progress(seen, elapsed), Progress.Progress, listener)
  })
  return yield* FlowReport.make(sight, about)
})

const justStarted = Effect.fnUntraced(function*(runId: string, run: Run.Metadata, about: FlowReport.About) {
  const follower = yield* RunFollower
  return yield* FlowReport.make(yield* follower.started(runId, run, placeOf(about.placed)), about)
})

// The run was started, and that stays true when it cannot be watched.
const unwatched = (runId: string, run: Run.Metadata, about: FlowReport.About, error: HabuError) =>
  Effect.map(justStarted(runId, run, about), (report): FlowReport.Report => ({
    ...report,
    warnings: [
      ...(report.warnings ?? []),
      `It was started, but could not be looked at: ${error.message} ${error.advice}`
    ]
  }))

const followed = Effect.fnUntraced(function*(
  { run, runId }: Launched,
  about: FlowReport.About,
  waitSeconds: number | undefined
) {
  const wait = yield* Starting.waitOf(waitSeconds)
  return run?.status !== undefined && Duration.toMillis(wait) === 0
    ? yield* justStarted(runId, run, about)
    : yield* Effect.catchAll(
      follow(runId, about, waitSeconds),
      (error) => run === undefined ? Effect.fail(error) : unwatched(runId, run, about, error)
    )
})

/**
 * What would be the answer to an order, if something under its key stands already.
 *
 * @since 0.1.0
 * @category getters
 */
export const earlier = (order: Order) =>
  RunLedger.pipe(
    Effect.flatMap((ledger) => ledger.preview(order)),
    Effect.map(Option.getOrUndefined),
    Effect.catchTag("KeyReused", Starting.keyReused)
  )

/**
 * Starts what is ordered once, or finds what was started, and follows it. `again` is the call that carries on.
 *
 * @since 0.1.0
 * @category combinators
 */
export const start = Effect.fn("Launch.start")(function*(
  order: Order,
  context: Pick<FlowReport.About, "placed" | "nodes" | "node">,
  again: { readonly wait_seconds?: number; readonly [field: string]: unknown }
) {
  const ledger = yield* RunLedger
  const outcome = yield* ledger.start(order)
  if (outcome._tag === "doubtful" || outcome._tag === "absent") {
    return yield* Starting.withoutRun(outcome, Words.title(context.placed.flow), again, tool)
  }
  const { startedAt } = outcome.attempt
  const about: FlowReport.About = {
    ...context,
    startedAt,
    reused: outcome._tag === "recent",
    ...(order.subject._tag === "Resume" && { resumedLevel: order.subject.level, resumedAt: startedAt })
  }
  const report = yield* followed(outcome, about, again.wait_seconds)
  return { ...report, idempotency_key: outcome.key, ...(yield* Starting.left("flow_run_start")) }
}, Effect.catchTag("KeyReused", Starting.keyReused))
