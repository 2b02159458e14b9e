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
const offered = 5
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
    Workflow.whole(1, mostLimit, `How many to show at most, 1 to ${mostLimit}; ${usualLimit} if not given`)
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
  clean_room_expired: flag,
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
  total: Workflow.maybe(
    Schema.Number.annotations({ description: "How many fit, also beyond those shown, as far as Habu answered" })
  ),
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
      (source) => Effect.map(Words.attempt(source.part, source.read), (outcome) => ({ source, outcome })),
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

const roomScope = (cleanRoom: CleanRoom): Scope => ({ clean_room: Words.reference(cleanRoom) })

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

const whereOf = ({ clean_room, question }: Scope) =>
  [
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

const answer = <A>(
  input: Input,
  scope: Scope,
  gathered: Gathered<A>,
  chosen: Chosen<A>,
  more: {
    readonly lists: Pick<Output, Kind>
    readonly which?: string
    readonly warnings?: ReadonlyArray<string>
    readonly nextSteps: ReadonlyArray<Workflow.NextStep>
  }
): Output => {
  const { staleSince } = gathered
  return Workflow.compact({
    status: statusOf(gathered),
    summary: summaryOf(nouns[input.kind], `${whereOf(scope)}${more.which ?? ""}`, gathered, chosen),
    ...scope,
    total: gathered.heard ? chosen.matching.length : undefined,
    ...more.lists,
    denied: gathered.denied.slice(0, offered),
    failed: gathered.failed.slice(0, offered),
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

const call = (tool: string, args: { readonly [name: string]: unknown }, why: string): Workflow.NextStep => ({
  tool,
  arguments: args,
  why
})

const findResources = (args: { readonly kind: Kind } & { readonly [name: string]: unknown }, why: string) =>
  call("find_resources", args, why)

const execute = (args: { readonly [name: string]: unknown }, why: string) =>
  call("execute_question_workflow", args, why)

const certain = <A>(items: ReadonlyArray<A>): Gathered<A> => ({ items, denied: [], failed: [], heard: true })

// Clean rooms

const cleanRoomSource = Effect.map(HabuClient, ({ observed }): Source<CleanRoom> => ({
  part: "clean rooms",
  read: Words.listed((urlParams) => observed.getAllCleanrooms({ urlParams }))
}))

const cleanRoomsOf = Effect.fnUntraced(function*(input: Input) {
  const reference = Words.given(input.clean_room)
  return reference === undefined
    ? yield* Effect.flatMap(cleanRoomSource, (source) => gather([source]))
    : certain([yield* Effect.flatMap(HabuDirectory, (directory) => directory.cleanRoom(reference))])
})

const cleanRoomItem = (now: number) => (room: CleanRoom): typeof CleanRoomItem.Type =>
  Workflow.compact({
    ...Words.reference(room),
    owner: Words.said(room.ownerOrganization),
    partners: present((room.partners ?? []).map((partner) => Words.said(partner))),
    starts: Words.moment(room.startAt),
    ends: Words.moment(room.endAt),
    expired: Preflight.isExpired(room, now),
    status: Words.said(room.status, 50)
  })

const nothingSeen = ({ heard, items }: Gathered<unknown>) => heard && items.length === 0 ? [Words.noCleanRooms] : []

const lookIntoConnection = call("test_connection", {}, "See what the API user may do, and in whose organisation.")

const findCleanRooms = Effect.fnUntraced(function*(input: Input) {
  const now = yield* Clock.currentTimeMillis
  const gathered = yield* cleanRoomsOf(input)
  const isExpired = (room: CleanRoom) => Preflight.isExpired(room, now)
  const chosen = choose(input, gathered.items, {
    names: ({ name }) => [name],
    statuses: (room) => [room.status, isExpired(room) ? "expired" : "open"]
  })
  const next = chosen.shown.find((room) => !isExpired(room)) ?? chosen.shown[0]
  return answer(input, {}, gathered, chosen, {
    lists: { clean_rooms: chosen.shown.map(cleanRoomItem(now)) },
    warnings: nothingSeen(gathered),
    nextSteps: next === undefined
      ? [lookIntoConnection]
      : [findResources({ kind: "questions", clean_room: Words.handle(next) }, "See what can be asked in it.")]
  })
})

// Questions

const isReady = ({ question }: Placed) => word(question.status ?? "") === "ready"

const questionsIn = Effect.fnUntraced(function*(rooms: Gathered<CleanRoom>) {
  const { observed } = yield* HabuClient
  if (rooms.items.length === 0) return { ...rooms, items: [] } satisfies Gathered<Placed>
  const gathered = yield* gather(rooms.items.map((cleanRoom): Source<Placed> => ({
    part: "questions",
    cleanRoom,
    read: mapListed(
      Words.listed((urlParams) =>
        observed.getAllCleanroomQuestions({ path: { cleanroomId: cleanRoom.id ?? "" }, urlParams })
      ),
      (question) => ({ question, cleanRoom })
    )
  })))
  return { ...gathered, staleSince: oldest([rooms.staleSince, gathered.staleSince]) } satisfies Gathered<Placed>
})

const questionsOf = Effect.fnUntraced(function*(input: Input) {
  const reference = Words.given(input.question)
  if (reference !== undefined) {
    const placed = yield* questionOf(input, reference)
    return { rooms: certain([placed.cleanRoom]), gathered: certain([placed]) }
  }
  const rooms = yield* cleanRoomsOf(input)
  return { rooms, gathered: yield* questionsIn(rooms) }
})

const questionOf = Effect.fnUntraced(function*(input: Input, reference: string) {
  const directory = yield* HabuDirectory
  const cleanRoom = Words.given(input.clean_room)
  return yield* directory.question(
    reference,
    cleanRoom === undefined ? undefined : yield* directory.cleanRoom(cleanRoom)
  )
})

// A question names its owner by id only; the stakeholders of a clean room it is in know the name.
const ownerNames = Effect.fnUntraced(function*(shown: ReadonlyArray<Placed>) {
  const { observed } = yield* HabuClient
  const places = new Map(
    shown.map(({ cleanRoom, question }) => [question.ownerOrganizationId ?? "", cleanRoom.id ?? ""])
  )
  const { items } = yield* gather(
    [...new Set(places.values())].map((cleanroomId) => ({
      part: "stakeholders",
      read: Words.whole(observed.getCleanroomStakeholders({ path: { cleanroomId } }))
    }))
  ).pipe(Effect.orElseSucceed(() => certain([])))
  return new Map(items.map(({ organizationId, organizationName }) => [organizationId, Words.said(organizationName)]))
})

const questionItem =
  (now: number, owners: ReadonlyMap<string | undefined, string | undefined>) =>
  ({ cleanRoom, question }: Placed): typeof QuestionItem.Type =>
    Workflow.compact({
      ...Words.reference(question),
      clean_room: Words.title(cleanRoom),
      clean_room_expired: Preflight.isExpired(cleanRoom, now) ? true : undefined,
      ready: isReady({ cleanRoom, question }),
      status: Words.said(question.status, 50),
      type: Words.said(question.questionType, 50),
      category: Words.said(question.category, 80),
      owner: owners.get(question.ownerOrganizationId) ?? Words.said(question.ownerOrganizationId),
      created: Words.moment(question.createdOn)
    })

const afterQuestions = (now: number, shown: ReadonlyArray<Placed>): ReadonlyArray<Workflow.NextStep> => {
  const ready = shown.find((placed) => isReady(placed) && !Preflight.isExpired(placed.cleanRoom, now))
  const next = ready ?? shown[0]
  if (next === undefined) return []
  const question = Words.handle(next.question)
  return [
    execute(
      { question, dry_run: true },
      ready === undefined ? "See what the question lacks." : "See what a run needs; nothing is started."
    ),
    findResources({ kind: "runs", question }, "See its runs.")
  ]
}

const findQuestions = Effect.fnUntraced(function*(input: Input) {
  const now = yield* Clock.currentTimeMillis
  const { gathered, rooms } = yield* questionsOf(input)
  const chosen = choose(input, gathered.items, {
    names: ({ question }) => [question.name],
    statuses: (placed) => [placed.question.status, isReady(placed) ? undefined : "not ready"]
  })
  const owners = yield* ownerNames(chosen.shown)
  const [room] = rooms.items
  const scope = Words.given(input.clean_room) !== undefined && room ? roomScope(room) : {}
  return answer(input, scope, gathered, chosen, {
    lists: { questions: chosen.shown.map(questionItem(now, owners)) },
    warnings: nothingSeen(rooms),
    nextSteps: rooms.items.length === 0 ? [lookIntoConnection] : afterQuestions(now, chosen.shown)
  })
})

// Runs

const runsPage = 100

const runItem = (run: QuestionRunMetadata): typeof RunItem.Type => {
  const phase = Run.phaseOf(run.status)
  const duration = Run.durationOf(run)
  return Workflow.compact({
    id: Words.said(run.id),
    name: Words.said(run.name, 150),
    phase,
    habu_status: Words.said(run.status, 50),
    submitted_at: Words.moment(run.submittedAt),
    started_at: Words.moment(run.executedAt),
    completed_at: Words.moment(run.completedAt),
    duration_seconds: duration === undefined ? undefined : Math.round(duration / 1000),
    note: phase === "failed" ? Words.said(run.failureReason ?? run.runMessage, 200) : undefined
  })
}

const latestFirst = (a: QuestionRunMetadata, b: QuestionRunMetadata) =>
  (Date.parse(b.submittedAt ?? "") || 0) - (Date.parse(a.submittedAt ?? "") || 0)

const followable = (item: typeof RunItem.Type) => item.id !== undefined && !Run.isOver(item.phase)

const afterRuns = (items: ReadonlyArray<typeof RunItem.Type>, question?: string): ReadonlyArray<Workflow.NextStep> => {
  const underWay = items.find(followable)
  const completed = items.find(({ id, phase }) => id !== undefined && phase === "completed")
  const step = (item: typeof RunItem.Type | undefined, why: string) =>
    item === undefined
      ? []
      : [execute(Workflow.compact({ run: item.id, question: question ?? item.question_id }), why)]
  return [
    ...step(underWay, "Follow the latest run that is under way; this starts nothing."),
    ...step(completed, "Read the latest results; this starts nothing.")
  ]
}

const runsOfQuestion = Effect.fnUntraced(function*(input: Input, reference: string) {
  const { observed } = yield* HabuClient
  const { cleanRoom, question } = yield* questionOf(input, reference)
  const gathered = yield* gather<QuestionRunMetadata>([{
    part: "runs",
    cleanRoom,
    read: Words.listed(
      (urlParams) =>
        observed.getAllCleanroomQuestionRuns({ path: { cleanroomQuestionId: question.id ?? "" }, urlParams }),
      runsPage
    )
  }])
  const chosen = choose(input, [...gathered.items].sort(latestFirst), {
    names: ({ name }) => [name],
    statuses: ({ status }) => [status, Run.phaseOf(status)]
  })
  const runs = chosen.shown.map(runItem)
  const asked = Words.handle(question)
  return answer(
    input,
    { clean_room: Words.reference(cleanRoom), question: Words.reference(question) },
    gathered,
    chosen,
    {
      lists: { runs },
      nextSteps: gathered.heard && gathered.items.length === 0
        ? [execute({ question: asked, dry_run: true }, "See what a first run needs; nothing is started.")]
        : afterRuns(runs, asked)
    }
  )
})

interface Started {
  readonly entry: Entry
  readonly attempt: Attempt
}

const doubts: { readonly [state in Attempt["state"]]?: string } = {
  sending: "It is being sent, or was when its sender ended.",
  doubtful: "It is not known whether Habu has it. Look among the question's runs for its name before starting again."
}

const startedItem = ({ attempt, entry }: Started): typeof RunItem.Type =>
  Workflow.compact({
    id: attempt.runId,
    name: Words.said(attempt.runName, 150),
    phase: Run.phaseOf(attempt.status),
    habu_status: Words.said(attempt.status, 50),
    question: Words.said(entry.question),
    question_id: entry.questionId,
    clean_room: Words.said(entry.cleanRoom),
    submitted_at: Words.iso(attempt.startedAt),
    observed_at: attempt.statusAt === undefined ? undefined : Words.iso(attempt.statusAt),
    note: doubts[attempt.state]
  })

// Runs and what may be one; an attempt that was refused or never arrived is none.
const isRun = ({ attempt }: Started) => attempt.state === "known" || doubts[attempt.state] !== undefined

// The ledger knows a clean room by the name it had then; its questions are known by id.
const startedHere = Effect.fnUntraced(function*(input: Input) {
  const entries = yield* Effect.flatMap(RunLedger, (ledger) => ledger.entries)
  const started = entries.flatMap((entry) => entry.attempts.map((attempt): Started => ({ entry, attempt })))
    .filter(isRun).sort((a, b) => b.attempt.startedAt - a.attempt.startedAt)
  if (Words.given(input.clean_room) === undefined) return { gathered: certain(started), scope: {} }
  const rooms = yield* cleanRoomsOf(input)
  const questions = yield* questionsIn(rooms)
  const here = new Set(questions.items.map(({ question }) => question.id))
  const [room] = rooms.items
  return {
    gathered: { ...questions, items: started.filter(({ entry }) => here.has(entry.questionId)) },
    scope: room === undefined ? {} : roomScope(room)
  }
})

const afterStarted = (runs: ReadonlyArray<typeof RunItem.Type>): ReadonlyArray<Workflow.NextStep> => {
  const doubtful = runs.find(({ id }) => id === undefined)
  return [
    ...(doubtful === undefined
      ? []
      : [findResources({ kind: "runs", question: doubtful.question_id }, "See whether Habu has the run in doubt.")]),
    ...afterRuns(runs),
    ...(runs.length === 0
      ? [findResources({ kind: "questions" }, "Find the question, then its runs with kind runs and question.")]
      : [])
  ]
}

const findRuns = Effect.fnUntraced(function*(input: Input) {
  const reference = Words.given(input.question)
  if (reference !== undefined) return yield* runsOfQuestion(input, reference)
  const { gathered, scope } = yield* startedHere(input)
  const chosen = choose(input, gathered.items, {
    names: ({ attempt, entry }) => [attempt.runName, entry.question],
    statuses: ({ attempt }) => [attempt.status, Run.phaseOf(attempt.status)]
  })
  const runs = chosen.shown.map(startedItem)
  return answer(input, scope, gathered, chosen, {
    lists: { runs },
    which: " started through this server, as last seen",
    nextSteps: afterStarted(runs)
  })
})

// What belongs to one clean room

const whichCleanRoom = (input: Input, rooms: ReadonlyArray<CleanRoom>): Output => {
  const noun = nouns[input.kind]
  const { clean_room: _, ...again } = input
  return Workflow.compact({
    status: "needs_input" as const,
    summary: `In which clean room? The ${noun}s are those of one clean room, and there are ${rooms.length}.`,
    options: rooms.slice(0, usualLimit).map(Words.reference),
    next_steps: rooms.slice(0, offered).map((room) =>
      findResources({ ...again, clean_room: Words.handle(room) }, `The ${noun}s in ${Words.title(room)}.`)
    )
  })
}

// Goes into the clean room that is given, or the only one there is; otherwise asks which.
const inCleanRoom = <E, R>(
  input: Input,
  use: (cleanRoom: CleanRoom, taken: ReadonlyArray<string>) => Effect.Effect<Output, E, R>
) =>
  Effect.gen(function*() {
    const rooms = yield* cleanRoomsOf(input)
    const [only] = rooms.items
    if (only === undefined) {
      return answer(input, {}, rooms, choose(input, [], { names: () => [], statuses: () => [] }), {
        lists: {},
        warnings: nothingSeen(rooms),
        nextSteps: [lookIntoConnection]
      })
    }
    if (rooms.items.length > 1) return whichCleanRoom(input, rooms.items)
    const taken = Words.given(input.clean_room) === undefined
    return yield* use(only, taken ? [`Taken as the clean room: ${Words.title(only)}, the only one.`] : [])
  })

const afterRoom = (kind: Kind, cleanRoom: CleanRoom, why: string) => [
  findResources({ kind, clean_room: Words.handle(cleanRoom) }, why)
]

const datasetItem = (dataset: CleanRoomDataset): typeof DatasetItem.Type =>
  Workflow.compact({
    ...Words.reference(dataset),
    owner: Words.said(dataset.organizationName),
    type: Words.said(dataset.dataConnectionType, 60),
    stage: Words.said(dataset.stage, 50),
    status: Words.said(dataset.configurationStatus, 50),
    partition_fields: present(
      (dataset.partitionParameters?.partitionGroups ?? []).flatMap(({ partitionFields = [] }) =>
        partitionFields.map(({ fieldName }) => Words.said(fieldName, 60))
      )
    ),
    partner_can_assign: dataset.partnerCanAssign,
    is_view: dataset.isView === true ? true : undefined
  })

const findDatasets = (input: Input) =>
  inCleanRoom(input, (cleanRoom, taken) =>
    Effect.gen(function*() {
      const { observed } = yield* HabuClient
      const path = { cleanroomId: cleanRoom.id ?? "" }
      const gathered = yield* gather([
        { part: "datasets", cleanRoom, read: Words.whole(observed.getCleanroomDatasets({ path })) }
      ])
      const chosen = choose(input, gathered.items, {
        names: ({ name }) => [name],
        statuses: ({ configurationStatus, stage }) => [stage, configurationStatus]
      })
      return answer(input, roomScope(cleanRoom), gathered, chosen, {
        lists: { datasets: chosen.shown.map(datasetItem) },
        warnings: taken,
        nextSteps: afterRoom("questions", cleanRoom, "See what can be asked with them.")
      })
    }))

type Partner =
  | { readonly _tag: "Joined"; readonly partner: CleanRoomPartnerResponse }
  | { readonly _tag: "Invited"; readonly invitation: InvitationDetail }

const peopleShown = 5

const personOf = (user: User | undefined) => Words.said(user?.name) ?? Words.said(user?.email)

const partnerItem = (one: Partner): typeof PartnerItem.Type => {
  if (one._tag === "Invited") {
    const { Status, partnerAdminEmail, timeAudit } = one.invitation
    return Workflow.compact({
      accepted: false,
      invited_email: Words.said(partnerAdminEmail),
      invitation_status: Words.said(Status, 50),
      invited_at: Words.moment(timeAudit?.createdAt)
    })
  }
  const { cleanRoomUsers = [], partnerOrganizationId, userCount } = one.partner
  return Workflow.compact({
    ...Words.reference(one.partner),
    accepted: true,
    organization_id: Words.said(partnerOrganizationId),
    user_count: userCount ?? cleanRoomUsers.length,
    users: present(cleanRoomUsers.slice(0, peopleShown).map(({ user }) => personOf(user)))
  })
}

const findPartners = (input: Input) =>
  inCleanRoom(input, (cleanRoom, taken) =>
    Effect.gen(function*() {
      const { observed } = yield* HabuClient
      const path = { cleanroomId: cleanRoom.id ?? "" }
      const gathered = yield* gather<Partner>([
        {
          part: "partners",
          cleanRoom,
          read: mapListed(
            Words.whole(observed.getAllCleanroomPartners({ path })),
            (partner): Partner => ({ _tag: "Joined", partner })
          )
        },
        {
          part: "invitations",
          cleanRoom,
          read: mapListed(
            Words.whole(observed.listPartnerInvitationsForInviter({ path })),
            (invitation): Partner => ({ _tag: "Invited", invitation })
          )
        }
      ])
      // Who accepted is among the partners.
      const partners = gathered.items.filter((one) => one._tag === "Joined" || one.invitation.Status !== "ACCEPTED")
      const chosen = choose(input, partners, {
        names: (one) => one._tag === "Joined" ? [one.partner.name] : [one.invitation.partnerAdminEmail],
        statuses: (one) => one._tag === "Joined" ? ["accepted"] : [one.invitation.Status, "invited"]
      })
      return answer(input, roomScope(cleanRoom), gathered, chosen, {
        lists: { partners: chosen.shown.map(partnerItem) },
        warnings: taken,
        nextSteps: afterRoom("datasets", cleanRoom, "See what data is in the clean room.")
      })
    }))

// Users

interface Member {
  readonly id?: string
  readonly user?: User
  readonly role?: string
}

const userItem = ({ id, role, user }: Member): typeof UserItem.Type =>
  Workflow.compact({
    ...Words.reference(Workflow.compact({ id: id ?? user?.id, name: user?.name })),
    email: Words.said(user?.email),
    role: Words.said(role, 60),
    api_user: Words.isApiUser(user?.email) ? true : undefined
  })

const answerUsers = (
  input: Input,
  scope: Scope,
  gathered: Gathered<Member>,
  next: ReadonlyArray<Workflow.NextStep>
) => {
  const chosen = choose(input, gathered.items, {
    names: ({ user }) => [user?.name, user?.email],
    statuses: () => []
  })
  return answer(input, scope, gathered, chosen, { lists: { users: chosen.shown.map(userItem) }, nextSteps: next })
}

const usersOfOrganization = Effect.fnUntraced(function*(input: Input) {
  const { observed } = yield* HabuClient
  const gathered = yield* gather<Member>([{
    part: "users",
    read: mapListed(
      Words.listed((urlParams) => observed.getAllOrganizationUsers({ urlParams })),
      ({ roleName, user }) => Workflow.compact({ user, role: roleName })
    )
  }])
  return answerUsers(input, {}, gathered, [
    findResources({ kind: "clean_rooms" }, "Then users with clean_room lists who may enter one.")
  ])
})

const usersOfCleanRoom = (input: Input) =>
  inCleanRoom(input, (cleanRoom) =>
    Effect.gen(function*() {
      const { observed } = yield* HabuClient
      const path = { cleanroomId: cleanRoom.id ?? "" }
      const gathered = yield* gather<Member>([{
        part: "users",
        cleanRoom,
        read: mapListed(
          Words.whole(observed.getCleanroomUsers({ path, urlParams: {} })),
          ({ id, role, user }) => Workflow.compact({ id, user, role: role?.name })
        )
      }])
      return answerUsers(
        input,
        roomScope(cleanRoom),
        gathered,
        afterRoom("partners", cleanRoom, "See the partners and their people.")
      )
    }))

const findUsers = (input: Input) =>
  Words.given(input.clean_room) === undefined ? usersOfOrganization(input) : usersOfCleanRoom(input)

// Data connections

interface Condition {
  readonly meaning: string
  readonly next?: string
}

const complete: Condition = { meaning: "Checked and mapped: it can become a dataset in clean rooms." }

const failed: Condition = {
  meaning: "Habu could not sign in to the source or read it.",
  next: "Read the reason in Habu's UI, mend it, then retry this connection; do not make a second one."
}

const waiting: Condition = {
  meaning: "Habu is checking the access, or waits for a valid file.",
  next: "Wait 5 minutes; if it stays, put a valid sample file or schema in place, then retry this connection."
}

// Habu's UI and API spell these differently, and the API does not list its spellings.
const conditions: { readonly [word: string]: Condition } = {
  draft: { meaning: "Begun, not fully configured.", next: "Finish its configuration." },
  verifyingaccess: { meaning: "Habu is checking the access.", next: "Wait; it rarely takes more than 5 minutes." },
  configurationfailed: failed,
  failed,
  mappingrequired: { meaning: "The access works; its fields are not mapped yet.", next: "Map its fields." },
  waitingforfile: waiting,
  missingvalidschema: {
    meaning: "Habu cannot read a schema from the source.",
    next: "Put a valid file or schema in place, then retry this connection."
  },
  ready: { meaning: "The checks passed.", next: "Bring it into a clean room as a dataset." },
  complete,
  completed: complete,
  configurationcomplete: complete
}

const activities = new Set(["active", "paused"])

/**
 * How far a data connection is. The contract says that `configStatus` tells the progress and `stage` ACTIVE or PAUSED;
 * live connections had it the other way round, so the words decide.
 *
 * @since 0.1.0
 * @category getters
 */
export const connectionState = (
  { configStatus, stage }: Pick<DataConnectionResponse, "configStatus" | "stage">
): { readonly state?: string; readonly activity?: string; readonly meaning: string; readonly next?: string } => {
  const words = present([stage, configStatus])
  const activity = words.find((one) => activities.has(word(one)))
  const rest = words.filter((one) => !activities.has(word(one)))
  const state = rest.find((one) => conditions[word(one)] !== undefined) ?? rest[0]
  const known = conditions[word(state ?? "")]
  return Workflow.compact({
    state: Words.said(state, 50),
    activity: Words.said(activity, 50),
    meaning: known?.meaning ?? "Habu does not say how far it is in a way known here; see its UI.",
    next: word(activity ?? "") === "paused" ? "It is paused: resume it in Habu's UI." : known?.next
  })
}

const dataConnectionItem = (connection: DataConnectionResponse): typeof DataConnectionItem.Type =>
  Workflow.compact({
    ...Words.reference(connection),
    source: Words.said(connection.dataSource?.displayName ?? connection.dataSource?.name, 60),
    data_type: Words.said(connection.dataType?.displayName ?? connection.dataType?.name, 60),
    category: Words.said(connection.category, 60),
    ...connectionState(connection)
  })

const findDataConnections = Effect.fnUntraced(function*(input: Input) {
  const { observed } = yield* HabuClient
  const gathered = yield* gather([
    { part: "data connections", read: Words.whole(observed.getAllDataConnections({})) }
  ])
  const chosen = choose(input, gathered.items, {
    names: ({ name }) => [name],
    statuses: ({ configStatus, stage }) => [stage, configStatus]
  })
  return answer(input, {}, gathered, chosen, {
    lists: { data_connections: chosen.shown.map(dataConnectionItem) },
    nextSteps: [findResources({ kind: "clean_rooms" }, "Then datasets with clean_room tells where they are used.")]
  })
})

// What an argument would have to do without: told, not ignored.
const unfit = (input: Input): Workflow.InputInvalid | undefined => {
  const { kind } = input
  if (Words.given(input.question) !== undefined && kind !== "runs" && kind !== "questions") {
    return new Workflow.InputInvalid({
      field: "question",
      problem: `does not narrow ${kind}`,
      advice: "Leave it out, or look for the runs of the question with kind runs."
    })
  }
  if (Words.given(input.clean_room) !== undefined && kind === "data_connections") {
    return new Workflow.InputInvalid({
      field: "clean_room",
      problem: "does not narrow data connections, which belong to the organisation",
      advice: "Leave it out, or look with kind datasets for what the clean room has of them."
    })
  }
  return Words.given(input.status) !== undefined && kind === "users"
    ? new Workflow.InputInvalid({
      field: "status",
      problem: "does not narrow users, who have none",
      advice: "Leave it out, or narrow with name."
    })
    : undefined
}

const finders = {
  clean_rooms: findCleanRooms,
  questions: findQuestions,
  runs: findRuns,
  datasets: findDatasets,
  partners: findPartners,
  users: findUsers,
  data_connections: findDataConnections
}

/**
 * Looks for resources of one kind. References that name nothing or several things fail with the ones to choose from.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("FindResources")(function*(input: Input) {
  const wrong = unfit(input)
  return wrong === undefined ? yield* finders[input.kind](input) : yield* Effect.fail(wrong)
})
