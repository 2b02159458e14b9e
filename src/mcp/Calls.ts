/**
 * Runs a tool call from its raw arguments to its result. Never fails: what goes wrong is told in the result.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { CurrentTool } from "../audit/CurrentTool.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { type Ask, Asker } from "../workflows/Asker.js"
import type * as ProgressModule from "../workflows/Progress.js"
import { Progress } from "../workflows/Progress.js"
import * as WatchList from "../workflows/WatchList.js"
import type { WorkflowError } from "../workflows/Workflow.js"
import * as Answers from "./Answers.js"
import * as CallMetrics from "./CallMetrics.js"
import * as HostLog from "./HostLog.js"
import type { Answer } from "./Tool.js"
import * as Tools from "./Tools.js"

/**
 * What surrounds a call.
 *
 * @since 0.1.0
 * @category models
 */
export interface Surroundings {
  readonly onProgress: (step: ProgressModule.Step) => Effect.Effect<void>
  /** How to ask the person behind the call, where that is possible. */
  readonly ask?: Ask | undefined
  /** The names of the tools that are offered; no other is called or recommended. */
  readonly offered: ReadonlySet<string>
}

// What is wrong with what was given may be said by quoting it, or a row that it met.
const loggedOf = ({ category, code, message }: WorkflowError) => category === "input" ? { code } : { code, message }

// An answer never sends its reader to a tool that is not there.
const onlyOffered = (offered: ReadonlySet<string>) => (answer: Answer): Answer => {
  const steps = answer["next_steps"]
  if (!Array.isArray(steps)) return answer
  const { next_steps: _, ...rest } = answer
  const left = steps.filter((step) => Predicate.isRecord(step) && offered.has(String(step["tool"])))
  return left.length === 0 ? rest as Answer : { ...answer, next_steps: left }
}

const mostTold = 5

// What was read may show that something on the watch list changed; an answer does not wait long for that.
const noticing = Effect.gen(function*() {
  const { noticed } = yield* WatchList.WatchList
  const changes = yield* noticed
  yield* Effect.forEach(
    changes.slice(0, mostTold),
    (change) => HostLog.inform(WatchList.describe(change)),
    { discard: true }
  )
  if (changes.length > mostTold) {
    yield* HostLog.inform(
      `${changes.length - mostTold} more changes of watched things; monitor_cleanroom_status tells.`
    )
  }
}).pipe(Effect.timeout("1 second"), Effect.ignore)

/**
 * Calls a tool by its name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const call = (
  name: string,
  given: unknown,
  { ask, offered, onProgress }: Surroundings
): Effect.Effect<Answers.Result, never, Tools.Services | HabuConfig> => {
  const tool = offered.has(name) ? Tools.all.find((one) => one.name === name) : undefined
  // The name of a tool that is not there is anybody's text.
  const known = tool?.name ?? "unknown"
  return Effect.gen(function*() {
    const { sandbox } = yield* HabuConfig
    if (tool === undefined) return Answers.unknownTool(name, [...offered])
    const called: Effect.Effect<Answers.Result, never, Tools.Services> = tool.call(given).pipe(
      Effect.map((answer) => Answers.fromAnswer(onlyOffered(offered)(answer), sandbox)),
      Effect.tapError((error) => Effect.annotateLogs(Effect.logInfo("Tool call failed"), loggedOf(error))),
      Effect.catchAll((error) => Effect.succeed(Answers.fromError(error, sandbox))),
      Effect.catchAllCause((cause) =>
        Cause.isInterruptedOnly(cause)
          ? Effect.failCause(cause)
          : Effect.as(Effect.logError("Tool call died", cause), Answers.fromDefect(name, sandbox))
      )
    )
    return yield* Effect.zipLeft(called, noticing)
  }).pipe(
    Effect.provideService(Progress, onProgress),
    Effect.provideService(Asker, ask),
    Effect.provideService(CurrentTool, name),
    Effect.annotateLogs("tool", known),
    CallMetrics.measured(known),
    Effect.withSpan(`mcp.${known}`, { kind: "server" })
  )
}
