/**
 * What the workflows that start runs share: how long they wait, and what they tell where there is no run to tell of.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type Budget, HabuBudget } from "../habu/HabuBudget.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import type { KeyReused, Outcome } from "../runs/RunLedger.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const longestWait = 45
// There a run takes a good 20 seconds.
const sandboxWait = 40

/**
 * The input field for how long to wait.
 *
 * @since 0.1.0
 * @category fields
 */
export const waitSeconds = Workflow.maybe(
  Workflow.whole(
    0,
    longestWait,
    `At most ${longestWait}; runs take 15 to 30 minutes and more`
  )
)

/**
 * How long a call waits; without being told so only in a sandbox, where runs are short.
 *
 * @since 0.1.0
 * @category getters
 */
export const waitOf = (seconds: number | undefined): Effect.Effect<Duration.Duration, never, HabuConfig> =>
  Effect.map(HabuConfig, ({ sandbox }) => Duration.seconds(seconds ?? (sandbox ? sandboxWait : 0)))

/**
 * What is left of a budget of starts, as an output field.
 *
 * @since 0.1.0
 * @category getters
 */
export const left = (budget: Budget) =>
  Effect.gen(function*() {
    const { status } = yield* HabuBudget
    const budgets = yield* Effect.orElseSucceed(status, () => [])
    return Workflow.compact({ run_starts_left: budgets.find((one) => one.budget === budget)?.remaining })
  })

/**
 * Tells that a given key was used for something else.
 *
 * @since 0.1.0
 * @category errors
 */
export const keyReused = (error: KeyReused) =>
  Effect.fail(
    new Workflow.InputInvalid({
      field: "idempotency_key",
      problem: `stands already for another start: ${error.message}`,
      advice: "Use another key, or the same subject and values as then."
    })
  )

/**
 * A start of which nobody knows yet whether Habu took it, or that is known to have come to nothing. `again` is the call
 * that carries on.
 *
 * @since 0.1.0
 * @category constructors
 */
export const withoutRun = (
  outcome: Extract<Outcome, { readonly _tag: "doubtful" | "absent" }>,
  title: string,
  again: Workflow.NextStep["arguments"],
  tool: string
) =>
  Effect.map(Clock.currentTimeMillis, (now) =>
    outcome._tag === "absent"
      ? {
        status: "failed" as const,
        summary:
          `Habu never took the start of ${JSON.stringify(title)}: it shows nothing of it. Nothing runs, and the ` +
          "same call starts it.",
        idempotency_key: outcome.key,
        next_steps: [{
          tool,
          arguments: again,
          why: "Start it, now that the first try is known to have come to nothing."
        }]
      }
      : {
        status: "unknown" as const,
        summary:
          `It is not known yet whether Habu took the start of ${JSON.stringify(title)}. It was not sent again; ` +
          "what it made is looked for.",
        idempotency_key: outcome.key,
        warnings: [
          `Until ${Words.iso(outcome.askAgainAt)} Habu may still carry it out. Do not start it another way.`
        ],
        next_steps: [{
          tool,
          arguments: again,
          why: "The same call looks for the run and tells what became of it.",
          after_seconds: Math.max(1, Math.ceil((outcome.askAgainAt - now) / 1000))
        }]
      })
