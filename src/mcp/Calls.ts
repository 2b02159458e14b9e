/**
 * Runs a tool call from its raw arguments to its result. Never fails: what goes wrong is told in the result.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { CurrentTool } from "../audit/CurrentTool.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import type * as ProgressModule from "../workflows/Progress.js"
import { Progress } from "../workflows/Progress.js"
import * as Answers from "./Answers.js"
import * as Tools from "./Tools.js"

/**
 * Calls a tool by its name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const call = (
  name: string,
  given: unknown,
  onProgress: (step: ProgressModule.Step) => Effect.Effect<void>
): Effect.Effect<Answers.Result, never, Tools.Services | HabuConfig> =>
  Effect.gen(function*() {
    const { sandbox } = yield* HabuConfig
    const tool = Tools.all.find((one) => one.name === name)
    if (tool === undefined) return Answers.unknownTool(name, Tools.all.map((one) => one.name))
    const called: Effect.Effect<Answers.Result, never, Tools.Services> = tool.call(given).pipe(
      Effect.map((answer) => Answers.fromAnswer(answer, sandbox)),
      Effect.tapError((error) =>
        Effect.logInfo("Tool call failed").pipe(Effect.annotateLogs({ code: error.code, message: error.message }))
      ),
      Effect.catchAll((error) => Effect.succeed(Answers.fromError(error, sandbox))),
      Effect.catchAllCause((cause) =>
        Cause.isInterruptedOnly(cause)
          ? Effect.failCause(cause)
          : Effect.as(Effect.logError("Tool call died", cause), Answers.fromDefect(name, sandbox))
      )
    )
    return yield* called
  }).pipe(
    Effect.provideService(Progress, onProgress),
    Effect.provideService(CurrentTool, name),
    Effect.annotateLogs("tool", name),
    Effect.withSpan(`mcp.${name}`)
  )
