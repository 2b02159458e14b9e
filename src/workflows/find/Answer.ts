/**
 * The answer around each kind's list: how it went, what was withheld, and what can be called next.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import { type Asked, type Kind, nouns } from "./Asked.js"
import type { Chosen } from "./Chosen.js"
import { type Gathered, Withheld } from "./Gathered.js"

/**
 * What is said before the list.
 *
 * @since 0.1.0
 * @category fields
 */
export const openingFields = {
  ...Workflow.answerFields,
  clean_room: Workflow.maybe(Words.Reference),
  question: Workflow.maybe(Words.Reference),
  flow: Workflow.maybe(Words.Reference),
  total: Workflow.maybe(
    Schema.Number.annotations({ description: "How many fit, also beyond those shown, as far as Habu answered" })
  )
}

/**
 * What is said after the list.
 *
 * @since 0.1.0
 * @category fields
 */
export const closingFields = {
  denied: Workflow.maybe(Schema.Array(Withheld).annotations({ description: "What Habu does not allow to be seen" })),
  failed: Workflow.maybe(Schema.Array(Withheld).annotations({ description: "What Habu did not answer" })),
  options: Workflow.maybe(Schema.Array(Words.Reference).annotations({ description: "What may be given" })),
  as_of: Workflow.maybe(Schema.String.annotations({
    description: "Present where Habu could not be asked now and an older answer stands in: its time"
  })),
  ...Workflow.closingFields
}

/**
 * An answer but for its list.
 *
 * @since 0.1.0
 * @category models
 */
export interface Answer extends Schema.Struct.Type<typeof openingFields>, Schema.Struct.Type<typeof closingFields> {}

/**
 * Where the list is from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Scope {
  readonly clean_room?: Words.Reference
  readonly question?: Words.Reference
  readonly flow?: Words.Reference
}

/**
 * The scope of one clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const within = (cleanRoom: CleanRoom): Scope => ({ clean_room: Words.reference(cleanRoom) })

/**
 * How many of the withheld parts and of the next calls are listed at most.
 *
 * @since 0.1.0
 * @category constants
 */
export const offered = 5

const statusOf = ({ denied, failed, heard, staleSince }: Gathered<unknown>): Workflow.Status => {
  if (!heard && denied.length > 0) return "denied"
  return denied.length + failed.length > 0 || staleSince !== undefined ? "partial" : "done"
}

const named = ({ display_id, id, name }: Words.Reference) => name ?? display_id ?? id ?? ""

const whereOf = ({ clean_room, flow, question }: Scope) =>
  [
    ...(flow === undefined ? [] : [` of ${JSON.stringify(named(flow))}`]),
    ...(question === undefined ? [] : [` of ${JSON.stringify(named(question))}`]),
    ...(clean_room === undefined ? [] : [` in ${JSON.stringify(named(clean_room))}`])
  ].join("")

const withheldWords = (what: string, parts: ReadonlyArray<unknown>) =>
  parts.length === 0 ? [] : [
    `${what}: ${Words.count(parts.length, "part")}${parts.length > offered ? `, of which ${offered} are listed` : ""}.`
  ]

const summaryOf = (
  noun: string,
  where: string,
  { denied, failed, heard }: Gathered<unknown>,
  { matching, shown }: Chosen<unknown>
) => {
  if (!heard) return `Habu does not let the API user see the ${noun}s${where}.`
  const number = matching.length === 0 ? `No ${noun}s` : Words.count(matching.length, noun)
  return [
    `${number}${where}${shown.length < matching.length ? `, ${shown.length} shown` : ""}.`,
    ...withheldWords("Denied", denied),
    ...withheldWords("Not answered", failed)
  ].join(" ")
}

/**
 * Tells what was chosen from what was gathered. `which` says in the summary which ones they are.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <A, Lists extends object>(
  { kind }: Asked,
  gathered: Gathered<A>,
  chosen: Chosen<A>,
  { lists, nextSteps, scope = {}, warnings = [], which = "" }: {
    readonly lists: Lists
    readonly scope?: Scope
    readonly which?: string
    readonly warnings?: ReadonlyArray<string>
    readonly nextSteps: ReadonlyArray<Workflow.NextStep>
  }
): Answer & Lists => {
  const asOf = gathered.staleSince === undefined ? undefined : Words.iso(gathered.staleSince)
  return {
    ...Workflow.compact({
      status: statusOf(gathered),
      summary: summaryOf(nouns[kind], `${whereOf(scope)}${which}`, gathered, chosen),
      ...scope,
      total: gathered.heard ? chosen.matching.length : undefined
    }),
    ...lists,
    ...Workflow.compact({
      denied: gathered.denied.slice(0, offered),
      failed: gathered.failed.slice(0, offered),
      as_of: asOf,
      warnings: [
        ...(asOf === undefined ? [] : [`Habu does not answer now. This is what it said at ${asOf} or later.`]),
        ...chosen.hints,
        ...warnings
      ],
      next_steps: nextSteps
    })
  }
}

/**
 * A next call of `find_resources`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const thenFind = (
  args: { readonly kind: Kind; readonly [name: string]: unknown },
  why: string
): Workflow.NextStep => ({
  tool: "find_resources",
  arguments: args,
  why
})

/**
 * A next call of `execute_question_workflow`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const thenExecute = (args: { readonly [name: string]: unknown }, why: string): Workflow.NextStep => ({
  tool: "execute_question_workflow",
  arguments: args,
  why
})

/**
 * A next call of `execute_flow_workflow`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const thenExecuteFlow = (args: { readonly [name: string]: unknown }, why: string): Workflow.NextStep => ({
  tool: "execute_flow_workflow",
  arguments: args,
  why
})

/**
 * The next call where nothing can be seen.
 *
 * @since 0.1.0
 * @category constants
 */
export const lookIntoConnection: Workflow.NextStep = {
  tool: "test_connection",
  arguments: {},
  why: "See what the API user may do, and in whose organisation."
}
