/**
 * Finding what there is: clean rooms, questions, runs, datasets, partners, users and data connections.
 *
 * What Habu denies in one clean room is told as denied, and what it did not answer as failed; neither hides the rest.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../habu/api/CleanRooms.js"
import type { DataConnectionResponse } from "../habu/api/DataConnections.js"
import type { CleanRoomDataset } from "../habu/api/Datasets.js"
import type { CleanRoomPartnerResponse, InvitationDetail } from "../habu/api/Partners.js"
import type { QuestionRunMetadata } from "../habu/api/QuestionRuns.js"
import type { User } from "../habu/api/Users.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuDirectory, type Placed } from "../habu/HabuDirectory.js"
import type { HabuError } from "../habu/HabuError.js"
import * as Text from "../habu/Text.js"
import * as Run from "../runs/Run.js"
import { type Attempt, type Entry, RunLedger } from "../runs/RunLedger.js"
import * as Preflight from "./question/Preflight.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

/**
 * What can be looked for.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Kind = Schema.Literal(
  "clean_rooms",
  "questions",
  "runs",
  "datasets",
  "partners",
  "users",
  "data_connections"
)

export type Kind = typeof Kind.Type

const usualLimit = 25
const mostLimit = 200

/**
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  kind: Kind.annotations({ description: "What to look for" }),
  clean_room: Workflow.maybe(Schema.String.annotations({
    description: "Only in this clean room: name, display id (CR-…) or id. Datasets and partners need one; " +
      "users without one are the organisation's"
  })),
  question: Workflow.maybe(Schema.String.annotations({
    description: "The question whose runs are wanted: name, display id (CRQ-…) or id. " +
      "Without it, runs are those started through this server"
  })),
  name: Workflow.maybe(Schema.String.annotations({ description: "Only those whose name holds this" })),
  status: Workflow.maybe(Schema.String.annotations({
    description: "Only those of this status, such as READY, COMPLETED, failed, open, expired, MAPPING_REQUIRED"
  })),
  limit: Workflow.maybe(
    Schema.Number.pipe(Schema.int(), Schema.between(1, mostLimit)).annotations({
      description: `How many to show at most, 1 to ${mostLimit}; ${usualLimit} if not given`,
      jsonSchema: { type: "integer", minimum: 1, maximum: mostLimit }
    })
  )
})

export type Input = typeof Input.Type

const text = Workflow.maybe(Schema.String)
const flag = Workflow.maybe(Schema.Boolean)

const CleanRoomItem = Schema.Struct({
  ...Words.Reference.fields,
  owner: text,
  partners: Workflow.maybe(Schema.Array(Schema.String)),
  starts: text,
  ends: text,
  expired: Schema.Boolean,
  status: text
})

const QuestionItem = Schema.Struct({
  ...Words.Reference.fields,
  clean_room: Schema.String,
  ready: Schema.Boolean,
  status: text,
  type: text,
  category: text,
  owner: text,
  created: text
})

const RunItem = Schema.Struct({
  id: text,
  name: text,
  phase: Schema.Literal("queued", "running", "completed", "failed", "unknown"),
  habu_status: text,
  question: text,
  question_id: text,
  clean_room: text,
  submitted_at: text,
  started_at: text,
  completed_at: text,
  duration_seconds: Workflow.maybe(Schema.Number),
  observed_at: text,
  note: text
})

const DatasetItem = Schema.Struct({
  ...Words.Reference.fields,
  owner: text,
  type: text,
  stage: text,
  status: text,
  partition_fields: Workflow.maybe(Schema.Array(Schema.String)),
  partner_can_assign: flag,
  is_view: flag
})

const PartnerItem = Schema.Struct({
  ...Words.Reference.fields,
  accepted: Schema.Boolean,
  organization_id: text,
  user_count: Workflow.maybe(Schema.Number),
  users: Workflow.maybe(Schema.Array(Schema.String)),
  invited_email: text,
  invitation_status: text,
  invited_at: text
})

const UserItem = Schema.Struct({
  ...Words.Reference.fields,
  email: text,
  role: text,
  api_user: flag
})

const DataConnectionItem = Schema.Struct({
  ...Words.Reference.fields,
  source: text,
  data_type: text,
  category: text,
  state: text,
  activity: text,
  meaning: Schema.String,
  next: text
})

const Withheld = Schema.Struct({
  part: Schema.String,
  clean_room: Workflow.maybe(Words.Reference),
  reason: Schema.String,
  advice: Schema.String
})

/**
 * The list has the name of its kind.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  clean_room: Workflow.maybe(Words.Reference),
  question: Workflow.maybe(Words.Reference),
  total: Workflow.maybe(Schema.Number.annotations({ description: "How many there are, also beyond those shown" })),
  clean_rooms: Workflow.maybe(Schema.Array(CleanRoomItem)),
  questions: Workflow.maybe(Schema.Array(QuestionItem)),
  runs: Workflow.maybe(Schema.Array(RunItem)),
  datasets: Workflow.maybe(Schema.Array(DatasetItem)),
  partners: Workflow.maybe(Schema.Array(PartnerItem)),
  users: Workflow.maybe(Schema.Array(UserItem)),
  data_connections: Workflow.maybe(Schema.Array(DataConnectionItem)),
  denied: Workflow.maybe(Schema.Array(Withheld).annotations({ description: "What Habu does not allow to be seen" })),
  failed: Workflow.maybe(Schema.Array(Withheld).annotations({ description: "What Habu did not answer" })),
  options: Workflow.maybe(Schema.Array(Words.Reference).annotations({ description: "What may be given" })),
  as_of: Workflow.maybe(Schema.String.annotations({
    description: "Present where Habu could not be asked now and an older answer stands in: its time"
  })),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

// Reading

interface Source<A> {
  readonly part: string
  readonly cleanRoom?: CleanRoom
  readonly read: Effect.Effect<Words.Listed<A>, HabuError>
}

interface Gathered<A> {
  readonly items: ReadonlyArray<A>
  readonly staleSince?: number | undefined
  readonly denied: ReadonlyArray<typeof Withheld.Type>
  readonly failed: ReadonlyArray<typeof Withheld.Type>
  readonly heard: boolean
}

const withheld = ({ cleanRoom, part }: Source<unknown>, { advice, message }: HabuError): typeof Withheld.Type =>
  Workflow.compact({ part, clean_room: cleanRoom && Words.reference(cleanRoom), reason: message, advice })

const oldest = (times: ReadonlyArray<number | undefined>) => {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

// Reads from all sources at once. Only where every one of them failed does the whole fail.
const gather = <A>(sources: ReadonlyArray<Source<A>>): Effect.Effect<Gathered<A>, HabuError> =>
  Effect.gen(function*() {
    const outcomes = yield* Effect.forEach(
      sources,
      (source) => Effect.map(Words.attempt(source.read), (outcome) => ({ source, outcome })),
      { concurrency: "unbounded" }
    )
    const answers = outcomes.flatMap(({ outcome }) => outcome._tag === "Answered" ? [outcome.value] : [])
    const failures = outcomes.flatMap(({ outcome, source }) =>
      outcome._tag === "Failed" ? [{ source, error: outcome.error }] : []
    )
    const [failure] = failures
    if (failure !== undefined && failures.length === outcomes.length) return yield* Effect.fail(failure.error)
    return {
      items: answers.flatMap(({ items }) => items),
      staleSince: oldest(answers.map(({ staleSince }) => staleSince)),
      denied: outcomes.flatMap(({ outcome, source }) =>
        outcome._tag === "Denied" ? [withheld(source, outcome.error)] : []
      ),
      failed: failures.map(({ error, source }) => withheld(source, error)),
      heard: answers.length > 0
    }
  })

const mapListed = <A, B>(read: Effect.Effect<Words.Listed<A>, HabuError>, f: (item: A) => B) =>
  Effect.map(read, ({ items, staleSince }): Words.Listed<B> => ({ items: items.map(f), staleSince }))

// Choosing

interface Traits<A> {
  readonly names: (item: A) => ReadonlyArray<string | undefined>
  readonly statuses: (item: A) => ReadonlyArray<string | undefined>
}

interface Chosen<A> {
  readonly matching: ReadonlyArray<A>
  readonly shown: ReadonlyArray<A>
  readonly hints: ReadonlyArray<string>
}

// WAITING_FOR_FILE and "Waiting for file" are one status.
const word = (status: string) => Text.folded(status).replace(/[^\p{L}\p{N}]/gu, "")

const present = (values: ReadonlyArray<string | undefined>) => values.filter((value) => value !== undefined)

const noMatch = <A>(input: Input, items: ReadonlyArray<A>, traits: Traits<A>): string => {
  const statuses = [...new Set(items.flatMap((item) => present(traits.statuses(item))))].slice(0, 15)
  return `There are ${items.length}, but none fits.${
    Words.given(input.status) === undefined || statuses.length === 0
      ? ""
      : ` Statuses among them: ${statuses.map((status) => Text.clean(status, 40)).join(", ")}.`
  } Leave out name or status to see them.`
}

const choose = <A>(input: Input, items: ReadonlyArray<A>, traits: Traits<A>): Chosen<A> => {
  const name = Text.folded(input.name ?? "")
  const status = word(input.status ?? "")
  const matching = items.filter((item) =>
    (name === "" || present(traits.names(item)).some((own) => Text.folded(own).includes(name))) &&
    (status === "" || present(traits.statuses(item)).some((own) => word(own) === status))
  )
  const shown = matching.slice(0, input.limit ?? usualLimit)
  const cut = shown.length < matching.length
    ? [
      `Only the first ${shown.length} of ${matching.length} are shown. Narrow it with name or status${
        shown.length < mostLimit ? `, or give a higher limit (${mostLimit} at most)` : ""
      }.`
    ]
    : []
  return {
    matching,
    shown,
    hints: matching.length === 0 && items.length > 0 ? [noMatch(input, items, traits)] : cut
  }
}

// Answering

interface Scope {
  readonly clean_room?: Words.Reference | undefined
  readonly question?: Words.Reference | undefined
}

const nouns: { readonly [kind in Kind]: string } = {
  clean_rooms: "clean room",
  questions: "question",
  runs: "run",
  datasets: "dataset",
  partners: "partner",
  users: "user",
  data_connections: "data connection"
}

const statusOf = ({ denied, failed, heard, staleSince }: Gathered<unknown>): Workflow.Status => {
  if (!heard && denied.length > 0) return "denied"
  return denied.length + failed.length > 0 || staleSince !== undefined ? "partial" : "done"
}

const named = ({ display_id, id, name }: Words.Reference) => name ?? display_id ?? id ?? ""

const summaryOf = (
  kind: Kind,
  { clean_room, question }: Scope,
  { denied, failed, heard }: Gathered<unknown>,
  { matching, shown }: Chosen<unknown>
) => {
  const noun = nouns[kind]
  const where = [
    ...(question === undefined ? [] : [` of ${JSON.stringify(named(question))}`]),
    ...(clean_room === undefined ? [] : [` in ${JSON.stringify(named(clean_room))}`])
  ].join("")
  const kept = [
    ...(denied.length === 0 ? [] : [` Denied: ${Words.count(denied.length, "part")}, see denied.`]),
    ...(failed.length === 0 ? [] : [` Not answered: ${Words.count(failed.length, "part")}, see failed.`])
  ].join("")
  if (!heard) return `Habu does not show the ${noun}s${where} to the API user.`
  return `${Words.count(matching.length, noun)}${where}${
    shown.length < matching.length ? `, ${shown.length} shown` : ""
  }.${kept}`
}

const answer = <A, Lists extends Partial<Output>>(
  input: Input,
  scope: Scope,
  gathered: Gathered<A>,
  chosen: Chosen<A>,
  more: {
    readonly lists: Lists
    readonly warnings?: ReadonlyArray<string>
    readonly nextSteps: ReadonlyArray<Workflow.NextStep>
  }
): Output => {
  const { staleSince } = gathered
  return Workflow.compact({
    status: statusOf(gathered),
    summary: summaryOf(input.kind, scope, gathered, chosen),
    ...scope,
    total: gathered.heard ? chosen.matching.length : undefined,
    ...more.lists,
    denied: gathered.denied,
    failed: gathered.failed,
    as_of: staleSince === undefined ? undefined : Words.iso(staleSince),
    warnings: [
      ...(staleSince === undefined
        ? []
        : [`Habu does not answer now. This is what it said at ${Words.iso(staleSince)} or later.`]),
      ...chosen.hints,
      ...more.warnings ?? []
    ],
    next_steps: more.nextSteps
  })
}
