/**
 * What to do about the findings of many clean rooms: those alike together, ordered by what they would bring.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Calls from "./Calls.js"
import type { Code, Finding, Urgency } from "./Findings.js"

/**
 * Something to do, what it would bring, and the call that does it or shows how.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Recommendation = Schema.Struct({
  do: Schema.String,
  effect: Schema.String,
  urgency: Schema.Literal("now", "soon", "watch"),
  whose_turn: Workflow.maybe(Schema.String),
  examples: Workflow.maybe(Schema.Array(Schema.String)),
  call: Workflow.maybe(Workflow.NextStep)
})

export interface Recommendation extends Schema.Schema.Type<typeof Recommendation> {}

type Wording = readonly [todo: string, effect: (number: number, findings: number) => string]

const questions = (number: number) => Words.count(number, "question")
const can = (number: number) => `${questions(number)} can run then`

const wordings: { readonly [code in Code]: Wording } = {
  question_not_ready: ["Assign the missing datasets", can],
  runs_failing: [
    "Find out why these questions fail before they run again",
    (runs, found) => `${Words.count(runs, "run")} of ${questions(found)} failed within the window`
  ],
  run_stuck: ["Look into the runs that do not end", (runs) => `${Words.count(runs, "run")} without an end`],
  connection_stuck: [
    "Mend or finish the data connections",
    (datasets, found) =>
      datasets === 0
        ? `${Words.count(found, "data connection")} can be used then`
        : `${Words.count(datasets, "dataset")} stand${datasets === 1 ? "s" : ""} on them`
  ],
  dataset_not_ready: ["Finish the datasets", (number) => `${Words.count(number, "dataset")} can be used then`],
  schedule_in_vain: [
    "End the schedules that start nothing, or mend what they run",
    (number) => `${Words.count(number, "schedule")} start${number === 1 ? "s" : ""} runs that Habu refuses`
  ],
  schedule_ends_soon: [
    "Decide whether the schedules go on",
    (number) => `${Words.count(number, "schedule")} end${number === 1 ? "s" : ""} within 14 days`
  ],
  clean_room_ended: [
    "Set a later end date, or leave the clean rooms ended",
    (number, found) => `${Words.count(found, "clean room")} with ${questions(number)} read-only`
  ],
  clean_room_ends_soon: [
    "Extend the clean rooms that end soon, if they are still needed",
    (number) => `${questions(number)} would stop`
  ],
  invitation_waiting: [
    "See to the invitations that have led to no partner",
    (number) => `${Words.count(number, "invitation")} without a partner yet`
  ],
  partner_without_data: [
    "Ask the partners for their data",
    (number) => `${Words.count(number, "partner")} without a dataset`
  ],
  long_queue: [
    "Spread the runs over the day",
    (number) => `${Words.count(number, "run")} in clean rooms with long queues`
  ],
  clean_room_unused: [
    "Decide what becomes of the clean rooms that nobody used",
    (number, found) => `${Words.count(found, "clean room")} without a run in the window, with ${questions(number)}`
  ]
}

// What is urgent counts for more than what can wait.
const factors: { readonly [urgency in Urgency]: number } = { now: 5, soon: 2, watch: 0.5 }

// What waits for different parties is done by different people.
const groupOf = ({ code, urgency, whose = "" }: Finding) =>
  `${urgency} ${code} ${code === "question_not_ready" ? whose : ""}`

const examplesShown = 2

const recommendation = (alike: ReadonlyArray<Finding>): Recommendation & { readonly weight: number } => {
  const [first] = alike
  const [todo, effect] = wordings[first?.code ?? "clean_room_unused"]
  const total = alike.reduce((sum, one) => sum + one.effect, 0)
  const whose = [...new Set(alike.flatMap((finding) => finding.whose ?? []))]
  const room = first?.cleanRoom
  return {
    ...Workflow.compact({
      do: todo,
      effect: `${effect(total, alike.length)}.`,
      urgency: first?.urgency ?? "watch",
      whose_turn: whose.length === 0
        ? undefined
        : `${whose.slice(0, 3).join(", ")}${whose.length > 3 ? ` and ${whose.length - 3} more` : ""}`,
      examples: alike.slice(0, examplesShown).map(({ text }) => text),
      call: first?.step ?? (room === undefined ? undefined : Calls.lookAt(room))
    }),
    weight: factors[first?.urgency ?? "watch"] * Math.max(total, alike.length)
  }
}

/**
 * Makes recommendations of findings, those first that touch most; what is urgent counts for more.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (findings: ReadonlyArray<Finding>): ReadonlyArray<Recommendation> => {
  const groups = new Map<string, Array<Finding>>()
  for (const finding of findings) {
    const group = groups.get(groupOf(finding))
    if (group === undefined) groups.set(groupOf(finding), [finding])
    else group.push(finding)
  }
  return [...groups.values()].map(recommendation)
    .sort((a, b) => b.weight - a.weight)
    .map(({ weight: _, ...rest }) => rest)
}
