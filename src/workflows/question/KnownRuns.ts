/**
 * The runs that were started through this store, whoever asked and in whichever conversation.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Text from "../../habu/Text.js"
import * as Run from "../../runs/Run.js"
import { RunLedger } from "../../runs/RunLedger.js"
import type { Place } from "../../runs/RunSubject.js"
import * as Runs from "../find/Runs.js"
import * as Workflow from "../Workflow.js"
import { InputInvalid } from "../Workflow.js"

/**
 * @since 0.1.0
 * @category schemas
 */
export const Item = Runs.Item

const shown = 25

const notATime = (since: string) =>
  new InputInvalid({
    field: "since",
    problem: `is ${JSON.stringify(Text.clean(since, 80))}, which is no day or time`,
    advice: "Give a day such as 2026-03-01 or a time such as 2026-03-01T09:00:00Z."
  })

const counted = (runs: ReadonlyArray<Runs.Item>) => {
  const going = runs.filter(({ phase }) => !Run.isOver(phase)).length
  return `${runs.length} run${runs.length === 1 ? "" : "s"}, ${going} of them not known to be over`
}

/**
 * Lists the runs of questions, or of flows, that were started since a day or time, the latest first, as last seen.
 * Nothing is asked of Habu.
 *
 * @since 0.1.0
 * @category constructors
 */
export const since = Effect.fn("KnownRuns.since")(function*(
  text: string,
  kind: Place["_tag"],
  next: (runs: ReadonlyArray<Runs.Item>) => ReadonlyArray<Workflow.NextStep>
) {
  const time = Date.parse(text)
  if (Number.isNaN(time)) return yield* Effect.fail(notATime(text))
  const ledger = yield* RunLedger
  const started = Runs.starts(yield* ledger.entries, kind).filter(({ attempt }) => attempt.startedAt >= time)
  const runs = started.map(Runs.startedItem)
  return Workflow.compact({
    status: "done" as const,
    summary: runs.length === 0
      ? "No run was started through this server since then."
      : `${counted(runs)}, started through this server since then${
        runs.length > shown ? `; the latest ${shown} are shown` : ""
      }. States are as last seen.`,
    runs: runs.slice(0, shown),
    next_steps: next(runs)
  })
})
