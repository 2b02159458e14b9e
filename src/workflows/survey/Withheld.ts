/**
 * What a survey did not get to see: denied, or not answered.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { Withheld } from "../find/Gathered.js"
import type { Snapshot, SurveyedCleanRoom } from "../Survey.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type { Part } from "./Parts.js"

type Kind = "Denied" | "Failed"

const describedBy = (part: string, cleanRoom: SurveyedCleanRoom["cleanRoom"] | undefined, outcome: Part<unknown>) =>
  outcome._tag === "Denied" || outcome._tag === "Failed"
    ? [Workflow.compact({
      part,
      clean_room: cleanRoom && Words.reference(cleanRoom),
      reason: outcome.error.message,
      advice: outcome.error.advice
    })]
    : []

// One line for all the questions of a clean room: where one is denied, mostly all are.
const ofQuestions = (
  kind: Kind,
  { cleanRoom, questions }: SurveyedCleanRoom,
  part: string,
  read: (question: SurveyedCleanRoom["questions"][number]) => Part<unknown>
) => {
  const affected = questions.filter((question) => read(question)._tag === kind)
  const [first] = affected
  return first === undefined
    ? []
    : describedBy(`${part} of ${Words.count(affected.length, "question")}`, cleanRoom, read(first))
}

const inCleanRoom = (kind: Kind) => (room: SurveyedCleanRoom): ReadonlyArray<Withheld> => {
  const whole: ReadonlyArray<readonly [string, Part<unknown>]> = [
    ["questions", room.list],
    ["datasets", room.datasets],
    ["partners", room.partners],
    ["invitations", room.invitations],
    ["users", room.users],
    ["organisations", room.stakeholders]
  ]
  return [
    ...whole.flatMap(([part, outcome]) => outcome._tag === kind ? describedBy(part, room.cleanRoom, outcome) : []),
    ...ofQuestions(kind, room, "runs", ({ runs }) => runs),
    ...ofQuestions(kind, room, "schedules", ({ schedules }) => schedules),
    ...ofQuestions(kind, room, "assigned datasets", ({ macros }) => macros)
  ]
}

const of = (kind: Kind, { cleanRooms, connections }: Snapshot): ReadonlyArray<Withheld> => [
  ...(connections._tag === kind ? describedBy("data connections", undefined, connections) : []),
  ...cleanRooms.flatMap(inCleanRoom(kind))
]

const shown = 5

/**
 * The fields of an answer that tell how much was read, and what was not to be seen.
 *
 * @since 0.1.0
 * @category fields
 */
export const fields = {
  coverage: Workflow.maybe(
    Schema.Struct({
      parts: Schema.Number,
      read: Schema.Number,
      as_of: Schema.String
    }).annotations({ description: "How many of the parts known so far were read, and when the oldest was" })
  ),
  denied: Workflow.maybe(Schema.Array(Withheld).annotations({ description: "What Habu does not allow to be seen" })),
  failed: Workflow.maybe(Schema.Array(Withheld).annotations({ description: "What Habu did not answer" }))
}

/**
 * What all workflows that survey say of the reading itself.
 *
 * @since 0.1.0
 * @category models
 */
export interface Told {
  readonly status: Workflow.Status
  readonly fields: Schema.Struct.Type<typeof fields>
  readonly sentences: ReadonlyArray<string>
  readonly warnings: ReadonlyArray<string>
  /** The same call again, where there is more to read. */
  readonly nextSteps: ReadonlyArray<Workflow.NextStep>
}

const more = (what: string, all: ReadonlyArray<Withheld>) =>
  all.length === 0
    ? []
    : [`${what}: ${Words.count(all.length, "part")}${all.length > shown ? `, of which ${shown} are listed` : ""}.`]

/**
 * Tells how far a survey is and what it was not shown. `again` is the call that carries it on.
 *
 * @since 0.1.0
 * @category constructors
 */
export const tell = (
  snapshot: Snapshot,
  again: { readonly tool: string; readonly arguments: { readonly [name: string]: unknown } }
): Told => {
  const { coverage } = snapshot
  const [denied, failed] = [of("Denied", snapshot), of("Failed", snapshot)]
  const sofar = `${coverage.read} of the ${coverage.parts} parts known so far`
  const isWhole = coverage.isComplete && denied.length + failed.length === 0
  return {
    status: isWhole ? "done" : "partial",
    fields: Workflow.compact({
      coverage: { parts: coverage.parts, read: coverage.read, as_of: Words.iso(coverage.oldestAt) },
      denied: denied.slice(0, shown),
      failed: failed.slice(0, shown)
    }),
    sentences: [
      ...(coverage.isComplete ? [] : [`Only ${sofar} were read, the most urgent first.`]),
      ...more("Denied", denied),
      ...more("Not answered", failed)
    ],
    warnings: [
      ...(coverage.halted === undefined
        ? []
        : [`The reading stopped: ${coverage.halted.message} ${coverage.halted.advice}`]),
      ...(coverage.isComplete && !coverage.isFresh
        ? [`Some of this is as old as ${Words.iso(coverage.oldestAt)}; it is being read again.`]
        : [])
    ],
    nextSteps: coverage.isComplete && coverage.isFresh ? [] : [{
      ...again,
      why: coverage.halted === undefined
        ? "Reading goes on meanwhile; the same call shows more."
        : "Read on once Habu answers again.",
      after_seconds: coverage.halted === undefined ? 20 : 60
    }]
  }
}
