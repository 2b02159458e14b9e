/**
 * Keeping data connections, views and credentials in order: their health and what to do, changed settings and schemas,
 * rotated credentials, causes of trouble, what changed, and deleting.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { HabuClient } from "../habu/HabuClient.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { resolve } from "../habu/HabuDirectory.js"
import * as Confirmation from "./Confirmation.js"
import * as Altering from "./data/Altering.js"
import * as Connections from "./data/Connections.js"
import * as Credentials from "./data/Credentials.js"
import * as Dependants from "./data/Dependants.js"
import * as FieldMapping from "./data/FieldMapping.js"
import { NeedsInput, Options } from "./data/NeedsInput.js"
import * as Refresh from "./data/Refresh.js"
import * as Retrying from "./data/Retrying.js"
import * as Setup from "./data/Setup.js"
import * as Views from "./data/Views.js"
import { connectionState, progressOf } from "./find/DataConnections.js"
import * as Gone from "./Gone.js"
import * as Plan from "./Plan.js"
import * as Reading from "./Reading.js"
import * as Renamed from "./Renamed.js"
import * as TroubleConnection from "./troubleshoot/Connection.js"
import * as Finding from "./troubleshoot/Finding.js"
import * as WatchListModule from "./WatchList.js"
import { WatchList } from "./WatchList.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "manage_data_integration"

const text = (description: string) => Workflow.maybe(Schema.String.annotations({ description }))
const record = Schema.Record({ key: Schema.String, value: Schema.String })

/**
 * What `manage_data_integration` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  action: Workflow.maybe(
    Schema.Literal("health", "change", "refresh", "rotate", "diagnose", "views", "delete", "news").annotations({
      description: "refresh: the schema anew; news: changes since the last look"
    })
  ),
  connection: text("Name or id"),
  view: text("Name or id"),
  credential: text("Name or id: to rotate, delete or change to"),
  credential_values: Workflow.maybe(
    record.annotations({
      description:
        "Where each key's value is: variable HABU_CREDENTIAL_… or file in HABU_CREDENTIAL_DIR; never the value"
    })
  ),
  parameters: Workflow.maybe(record.annotations({ description: "Settings to change" })),
  new_name: text("For change"),
  definition: Workflow.maybe(Views.Definition.annotations({ description: "A view's new query" })),
  agreed_mappings: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Marks of proposals the user agreed to" })
  ),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField
})

export type Input = typeof Input.Type

const ConnectionItem = Schema.Struct({
  ...Words.Reference.fields,
  source: Workflow.maybe(Schema.String),
  state: Workflow.maybe(Schema.String),
  meaning: Schema.String,
  next: Workflow.maybe(Schema.String)
})

const ViewItem = Schema.Struct({
  ...Words.Reference.fields,
  status: Workflow.maybe(Schema.String),
  over: Workflow.maybe(Schema.Array(Schema.String)),
  columns: Workflow.maybe(Schema.Number),
  query: Workflow.maybe(Schema.String)
})

const Cause = Schema.Struct({
  id: Schema.String,
  cause: Schema.String,
  found: Schema.String,
  fix: Schema.Array(Schema.String)
})

/**
 * What `manage_data_integration` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  connections: Workflow.maybe(Schema.Array(ConnectionItem)),
  healthy: Workflow.maybe(Schema.Array(Schema.String)),
  views: Workflow.maybe(Schema.Array(ViewItem)),
  news: Workflow.maybe(Schema.Array(Schema.String)),
  schema: Workflow.maybe(Refresh.Difference),
  proposals: Workflow.maybe(Schema.Array(FieldMapping.View)),
  causes: Workflow.maybe(Schema.Array(Cause)),
  dependants: Workflow.maybe(Schema.Array(Schema.String)),
  options: Workflow.maybe(Options),
  ...Plan.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const listed = 20

const connectionItem = (connection: Connections.Connection): typeof ConnectionItem.Type => {
  const { meaning, next, state } = connectionState(connection)
  return Workflow.compact({
    id: Words.said(connection.id),
    name: Words.said(connection.name),
    source: Words.said(connection.dataSource?.displayName ?? connection.dataSource?.name, 60),
    state,
    meaning,
    next: progressOf(connection) === "complete" ? undefined : next
  })
}

const remedy = (connection: Connections.Connection): Workflow.NextStep => {
  const title = Words.title(connection)
  switch (progressOf(connection)) {
    case "mapping":
      return {
        tool: "establish_data_connection",
        arguments: { connections: [{ name: connection.name ?? connection.id }] },
        why: `See the proposed mapping of ${title}.`
      }
    case "verifying":
      return { tool, arguments: { action: "health" }, why: `Habu is still checking ${title}.`, after_seconds: 180 }
    default:
      return { tool, arguments: { action: "diagnose", connection: connection.id }, why: `See what mends ${title}.` }
  }
}

const urgency: { readonly [progress in ReturnType<typeof progressOf>]: number } = {
  failed: 0,
  waiting: 1,
  mapping: 2,
  draft: 3,
  unknown: 4,
  verifying: 5,
  complete: 6
}

const health = Effect.gen(function*() {
  const all = yield* Connections.all
  const open = all.filter((one) => progressOf(one) !== "complete")
    .sort((a, b) => urgency[progressOf(a)] - urgency[progressOf(b)])
  const well = all.filter((one) => progressOf(one) === "complete")
  const states = [...new Set(open.map((one) => connectionState(one).state ?? "no state"))]
  return Workflow.compact({
    status: "done" as const,
    summary: `${Words.count(all.length, "data connection")}: ${well.length} complete${
      states.map((state) =>
        `, ${open.filter((one) => (connectionState(one).state ?? "no state") === state).length} ${state}`
      ).join("")
    }.`,
    connections: open.slice(0, listed).map(connectionItem),
    healthy: well.slice(0, 2 * listed).map((one) => Words.said(one.name, 80) ?? one.id),
    warnings: [
      ...(open.length > listed ? [`${open.length - listed} more need something; see find_resources.`] : []),
      "Habu's API does not list its own synthetic data connections, which its UI shows."
    ],
    next_steps: open.slice(0, 3).map(remedy)
  }) satisfies Output
})

const needed = (field: "connection" | "view" | "credential", input: Input) =>
  Effect.mapError(
    Effect.fromNullable(Words.given(input[field])),
    () =>
      new Workflow.InputInvalid({
        field,
        problem: "is needed for this action",
        advice: field === "view"
          ? "See them with action views."
          : "See them with find_resources, kind data_connections or credentials."
      })
  )

const theConnection = (input: Input) =>
  Effect.gen(function*() {
    const reference = yield* needed("connection", input)
    const all = yield* Connections.all
    const connection = yield* Effect.catchTag(
      Connections.named(reference, all),
      "ReferenceUnknown",
      Renamed.found(Connections.kind, all, { reference, name: input.new_name })
    )
    return { connection, all }
  })

const theCredential = (input: Input) =>
  Effect.gen(function*() {
    const reference = yield* needed("credential", input)
    return yield* resolve("credential", reference, yield* Credentials.all)
  })

const notPlanned = (steps: ReadonlyArray<Plan.Step>) =>
  `Nothing was changed. ${Words.count(steps.filter(({ result }) => result === "planned").length, "step")} planned.`

interface Rest extends Partial<Output> {
  /** What is so once every step is done. */
  readonly done?: string
  /** How things stand however the steps went. */
  readonly state?: string
  /** What the state of things asks for once every step is done. */
  readonly after?: ReadonlyArray<Workflow.NextStep>
}

// An answer about steps: planned, waiting for agreement, or carried out.
const ended = Effect.fnUntraced(
  function*(input: Input, ending: Plan.Ending, { after = [], done = "", state = "", ...rest }: Rest) {
    const { steps } = ending
    if (ending._tag === "Waiting") {
      return { ...Workflow.compact(rest), ...ending.answer, steps } satisfies Output
    }
    if (ending._tag === "Planned") {
      return Workflow.compact({ ...rest, status: "done" as const, summary: notPlanned(steps), steps }) satisfies Output
    }
    const status = Plan.statusOf(steps)
    return Workflow.compact({
      ...rest,
      status: status === "done" ? rest.status ?? status : status,
      summary: [status === "done" ? done : "", state, Plan.remaining(steps)].filter((part) => part !== "").join(" "),
      steps,
      next_steps: [...(yield* Plan.again(tool, input, steps)), ...after]
    }) satisfies Output
  }
)

const wasDone = (steps: ReadonlyArray<Plan.Step>, step: string) =>
  steps.some((one) => one.step === step && one.result === "done")

// What was sent stays true when nothing can be read after it.
const followed = (connection: Connections.Connection, isFresh: boolean) =>
  Effect.flatMap(
    Effect.either(Connections.all),
    (all): Effect.Effect<Connections.Followed, never, HabuClient | HabuConfig> =>
      Either.isLeft(all)
        ? Effect.succeed({ connection, unread: all.left })
        : Connections.follow(all.right.find(({ id }) => id === connection.id) ?? connection, isFresh)
  )

const seenAs = ({ connection, unread }: Connections.Followed) =>
  `${Words.title(connection)}: ${
    unread === undefined ? connectionState(connection).meaning : `how it is now could not be read. ${unread.message}`
  }`

const items = ({ connection, unread }: Connections.Followed) => unread === undefined ? [connectionItem(connection)] : []

const afterCheck = ({ connection, unread }: Connections.Followed): ReadonlyArray<Workflow.NextStep> =>
  unread !== undefined
    ? [{ tool, arguments: { action: "health" }, why: `See how ${Words.title(connection)} is.`, after_seconds: 180 }]
    : progressOf(connection) === "complete"
    ? []
    : [remedy(connection)]

const statusAfter = ({ connection, unread }: Connections.Followed): Workflow.Status => {
  if (unread !== undefined) return "running"
  switch (progressOf(connection)) {
    case "verifying":
      return "running"
    case "failed":
    case "waiting":
      return "partial"
    default:
      return "done"
  }
}

const changeView = Effect.fnUntraced(function*(input: Input, reference: string) {
  const [views, connections] = yield* Effect.all([Views.all, Connections.all], { concurrency: "unbounded" })
  const view = yield* Views.named(reference, views)
  if (input.definition === undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "definition",
        problem: "is needed to change a view",
        advice: "Give { query, macros }; see the view's query with action views."
      })
    )
  }
  const planned = yield* Views.plan(view.name ?? "", input.definition, connections)
  const ending = yield* Plan.run(planned.changes, { tool, input, settled: planned.settled, subject: view.query })
  const all = yield* Effect.orElseSucceed(Views.all, () => views)
  const now = all.find(({ id }) => id === view.id) ?? view
  return yield* ended(input, ending, {
    done: `View ${JSON.stringify(Words.title(now))} is as asked.`,
    ...(Views.isBroken(now) ? { status: "partial" as const } : {}),
    warnings: [
      ...(Views.isBroken(now) ? [`Habu could not work out its query (${Words.said(now.status, 50)}).`] : []),
      ...Views.exposures(now)
    ]
  })
})

const change = Effect.fnUntraced(function*(input: Input) {
  const viewed = Words.given(input.view)
  if (viewed !== undefined) return yield* changeView(input, viewed)
  const { all, connection } = yield* theConnection(input)
  const { credential_values: _, ...wish } = input
  const planned = yield* Altering.changing(tool, connection, wish, all)
  const ending = yield* Plan.run(planned.changes, { tool, input, settled: planned.settled })
  const isSent = ending._tag === "CarriedOut" && planned.changes.length > 0
  const now = isSent ? yield* followed(connection, true) : { connection, unread: undefined }
  return yield* ended({ ...input, connection: connection.id }, ending, {
    state: seenAs(now),
    status: statusAfter(now),
    connections: items(now),
    warnings: planned.said,
    after: isSent ? afterCheck(now) : []
  })
})

const lately = Duration.toMillis("5 minutes")

const schemaOf = (connection: Connections.Connection, before: Refresh.Pending) =>
  Effect.gen(function*() {
    const schema = Refresh.difference(before, yield* FieldMapping.fieldsOf(connection.id))
    const [mapped] = yield* Setup.proposed([connection], [], (schema.new ?? []).length > 0)
    return { schema, mapped }
  })

interface Retried {
  readonly before: Refresh.Pending
  readonly retried: Plan.Ending
  /** Whether the check has begun just now. */
  readonly isFresh: boolean
}

const refreshed = Effect.fnUntraced(function*(
  input: Input,
  connection: Connections.Connection,
  { before, isFresh, retried }: Retried
) {
  const now = yield* followed(connection, isFresh)
  const { connection: read, unread } = now
  const { steps } = retried
  const unseen = (state: string) =>
    Effect.flatMap(Connections.lookAgainAfter, (after_seconds) =>
      ended(input, retried, {
        state,
        status: "running",
        after: [{
          tool,
          arguments: { ...input, action: "refresh", connection: read.id },
          why: "The same call tells how the schema differs.",
          after_seconds
        }]
      }))
  if (unread !== undefined) return yield* unseen(seenAs(now))
  if (progressOf(read) === "verifying") return yield* unseen(`Habu is checking ${Words.title(read)}.`)
  const found = yield* Effect.either(Effect.zipRight(Reading.anew, schemaOf(read, before)))
  if (Either.isLeft(found)) {
    return yield* unseen(`The fields of ${Words.title(read)} could not be read. ${found.left.message}`)
  }
  const { mapped, schema } = found.right
  const proposal = mapped?.proposal
  const isAgreed = proposal !== undefined && input.agreed_mappings?.includes(proposal.mark) === true
  const ending = yield* Plan.run(isAgreed ? [FieldMapping.mapping(read, proposal)] : [], {
    tool,
    input,
    settled: steps
  })
  const isOpen = proposal !== undefined && !isAgreed
  if (ending._tag === "CarriedOut" && !isOpen && Plan.statusOf(ending.steps) === "done") {
    yield* Refresh.told(read.id, before)
  }
  const differs = Object.keys(schema).length > 0
  return yield* ended(input, ending, {
    state: `${Words.title(read)}: ${
      differs
        ? `${schema.new?.length ?? 0} new fields, ${schema.gone?.length ?? 0} gone, ${
          schema.changed?.length ?? 0
        } changed.`
        : "its fields are as they were."
    }${isOpen ? " A mapping is proposed." : ""}`,
    status: isOpen ? "needs_input" : statusAfter(now),
    ...(differs ? { schema } : {}),
    connections: items(now),
    proposals: isOpen ? [FieldMapping.view(read, proposal, listed)] : [],
    warnings: [
      ...(mapped?.fieldWarnings ?? []),
      ...(proposal?.warnings ?? []),
      ...((schema.new ?? []).length > 0
        ? ["Datasets in clean rooms show a new field only once their own fields are updated (manage_permissions)."]
        : [])
    ],
    after: isOpen
      ? [{
        tool,
        arguments: { ...input, action: "refresh", agreed_mappings: [proposal.mark] },
        why: "Once the person you work for has seen the proposal and agrees."
      }]
      : ["failed", "waiting"].includes(progressOf(read))
      ? [remedy(read)]
      : []
  })
})

const refresh = Effect.fnUntraced(function*(input: Input) {
  const { connection } = yield* theConnection(input)
  const { speed } = yield* HabuConfig
  const known = yield* Refresh.pending(connection.id)
  const now = yield* Clock.currentTimeMillis
  const step = Retrying.step(connection)
  const isBegun = Option.exists(
    known,
    ({ sent, toldAt }) => sent && (toldAt === undefined || now < toldAt + lately / speed)
  )
  const isDry = input.dry_run === true
  const before = isBegun && Option.isSome(known)
    ? known.value
    : isDry
    ? undefined
    : yield* Refresh.begin(connection.id, known, yield* FieldMapping.fieldsOf(connection.id))
  const retried = yield* Plan.run(isBegun ? [] : [Retrying.retrying(connection)], {
    tool,
    input,
    settled: isBegun ? [Plan.already(step, "It was checked again a short while ago.")] : []
  })
  if (before === undefined || retried._tag !== "CarriedOut") return yield* ended(input, retried, {})
  if (!isBegun && !wasDone(retried.steps, step)) {
    return yield* ended(input, retried, { state: "The schema could not be read anew." })
  }
  if (!isBegun) yield* Refresh.taken(connection.id, before)
  return yield* refreshed(input, connection, { before, retried, isFresh: !isBegun })
})

const rotate = Effect.fnUntraced(function*(input: Input) {
  const credential = yield* theCredential(input)
  const reference = Words.given(input.connection)
  const [dependants, { isOnly, users }] = yield* Effect.all(
    [Dependants.ofCredential(credential), Dependants.usersOf(credential)],
    { concurrency: "unbounded" }
  )
  const rotation = yield* Altering.rotating(credential, input.credential_values ?? {}, dependants)
  // Which credential a data connection has is not shown: where there are several, only troubled ones are checked again.
  const meant = reference === undefined
    ? users.filter((one) => isOnly || progressOf(one) === "failed")
    : [yield* Connections.named(reference, users)]
  const ending = yield* Plan.run(
    [rotation, ...meant.map((one) => Retrying.retrying(one, [rotation.step]))],
    { tool, input, subject: dependants.known }
  )
  const checked = ending._tag === "CarriedOut"
    ? yield* Effect.forEach(
      meant.filter((one) => wasDone(ending.steps, Retrying.step(one))),
      (one) => followed(one, true),
      { concurrency: "unbounded" }
    )
    : []
  const worst = checked.map(statusAfter)
  return yield* ended(input, ending, {
    state: [
      ...(wasDone(ending.steps, rotation.step)
        ? [`${Words.title(credential)} has its new values.`]
        : []),
      ...checked.map(seenAs).slice(0, 5)
    ].join(" "),
    status: worst.includes("partial") ? "partial" : worst.includes("running") ? "running" : "done",
    connections: checked.slice(0, listed).flatMap(items),
    dependants: dependants.known.slice(0, listed),
    warnings: [
      ...(isOnly ? [] : [
        "Habu does not show which of several credentials a data connection uses; name `connection` to have one checked."
      ]),
      ...dependants.unseen.map((part) => `Could not be looked at: ${part}.`)
    ],
    after: checked.flatMap(afterCheck).slice(0, 3)
  })
})

const diagnose = Effect.fnUntraced(function*(input: Input) {
  const { all, connection } = yield* theConnection(input)
  const investigation = yield* TroubleConnection.investigate(connection, all)
  const { besides, causes } = Finding.rank(investigation.findings, new Map(), ["data connections"])
  const found = [...causes, ...besides].slice(0, 4)
  return Workflow.compact({
    status: "done" as const,
    summary: `${Words.title(connection)}: ${connectionState(connection).meaning} ${
      found.length === 0
        ? "Nothing that Habu shows points at a cause."
        : `Most likely: ${found[0]?.entry.cause ?? ""}`
    }`,
    connections: [connectionItem(connection)],
    causes: found.map(({ entry, says }) => ({
      id: entry.id,
      cause: entry.cause,
      found: says,
      fix: entry.fix.map((step) => `${step.do} (${step.who})`)
    })),
    next_steps: [
      ...(progressOf(connection) === "complete" ? [] : [
        progressOf(connection) === "mapping"
          ? remedy(connection)
          : {
            tool,
            arguments: { action: "refresh", connection: connection.id },
            why: "Once the cause is mended, have Habu check it again."
          }
      ]),
      {
        tool: "troubleshoot_issues",
        arguments: { data_connection: connection.id },
        why: "Look further, with the symptom in words."
      }
    ]
  }) satisfies Output
})

const views = Effect.gen(function*() {
  const all = yield* Views.all
  return Workflow.compact({
    status: "done" as const,
    summary: `${Words.count(all.length, "view")}.`,
    views: all.slice(0, listed).map((view) =>
      Workflow.compact({
        ...Words.reference(view),
        status: Words.said(view.status, 50),
        over: (view.dataConnections ?? []).map(({ dataConnectionName, macro }) =>
          `@${Words.said(macro, 60)}: ${Words.said(dataConnectionName) ?? ""}`
        ),
        columns: view.fields?.length,
        query: Words.said(view.query, 300)
      })
    ),
    warnings: all.length > listed ? [`${all.length - listed} more are not shown.`] : [],
    next_steps: [{
      tool: "establish_data_connection",
      arguments: { connections: [{ name: "" }], view: { query: "", macros: {} } },
      why: "Make a view: its name, its query, and the data connection for each @macro."
    }]
  }) satisfies Output
})

const removalOf = Effect.fnUntraced(function*(input: Input, kind: Altering.Removable) {
  switch (kind) {
    case "data connection": {
      const { connection } = yield* theConnection(input)
      const on = yield* Dependants.ofConnection(connection)
      return { thing: connection, on, change: Altering.removing(kind, connection, on, Connections.all) }
    }
    case "view": {
      const view = yield* Views.named(input.view ?? "", yield* Views.all)
      const on = yield* Dependants.ofView(view)
      return { thing: view, on, change: Altering.removing(kind, view, on, Views.all) }
    }
    case "credential": {
      const credential = yield* theCredential(input)
      const on = yield* Dependants.ofCredential(credential)
      return { thing: credential, on, change: Altering.removing(kind, credential, on, Credentials.all) }
    }
  }
})

const remove = Effect.fnUntraced(function*(input: Input) {
  const given = (["connection", "view", "credential"] as const).filter((field) =>
    Words.given(input[field]) !== undefined
  )
  const [field] = given
  if (field === undefined || given.length > 1) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "connection",
        problem: "or view or credential: exactly one of them names what to delete",
        advice: "Nothing was deleted."
      })
    )
  }
  const kind = field === "connection" ? "data connection" : field
  const reference = Words.given(input[field]) ?? ""
  const removal = yield* Effect.catchTag(
    removalOf(input, kind),
    "ReferenceUnknown",
    Gone.alreadyStep(kind, reference, Altering.removingStep(kind, reference))
  )
  if ("result" in removal) {
    const ending = yield* Plan.run<HabuClient>([], { tool, input, settled: [removal] })
    return yield* ended(input, ending, {
      done: `There is no ${kind} ${JSON.stringify(Words.said(reference))} any more.`
    })
  }
  const { change, on, thing } = removal
  const ending = yield* Plan.run([change], { tool, input, name: thing.name, subject: on })
  return yield* ended({ ...input, [field]: thing.id }, ending, {
    done: `${Words.title(thing)} is deleted.`,
    dependants: on.known.slice(0, 2 * listed),
    warnings: on.unseen.map((part) => `Could not be looked at: ${part}.`)
  })
})

const news = Effect.gen(function*() {
  const watchList = yield* WatchList
  const { changes, unseen } = yield* watchList.changes({ kinds: ["data_connection"] })
  const all = yield* Connections.all
  const watched = new Set((yield* watchList.watched({ kinds: ["data_connection"] })).map(({ id }) => id))
  yield* Effect.forEach(
    all.filter(({ id }) => !watched.has(id)),
    (one) => watchList.watch({ kind: "data_connection", id: one.id, name: one.name ?? "" }, connectionState(one).state),
    { discard: true, concurrency: 8 }
  )
  return Workflow.compact({
    status: "done" as const,
    summary: changes.length === 0
      ? `Nothing changed since the last look; ${
        Words.count(all.length, "data connection is", "data connections are")
      } watched.`
      : `${Words.count(changes.length, "change")} since the last look.`,
    news: changes.slice(0, 2 * listed).map(WatchListModule.describe),
    warnings: unseen.map(({ error, thing }) => `${WatchListModule.titleOf(thing)} was not seen: ${error.message}`)
      .slice(0, 5),
    next_steps: changes.length === 0 ? [] : [{ tool, arguments: { action: "health" }, why: "See how all of them are." }]
  }) satisfies Output
})

const manage = Effect.fnUntraced(function*(input: Input) {
  switch (input.action ?? "health") {
    case "health":
      return yield* health
    case "change":
      return yield* change(input)
    case "refresh":
      return yield* refresh(input)
    case "rotate":
      return yield* rotate(input)
    case "diagnose":
      return yield* diagnose(input)
    case "views":
      return yield* views
    case "delete":
      return yield* remove(input)
    case "news":
      return yield* news
  }
})

const asking = ({ nextSteps, options, summary }: NeedsInput): Output =>
  Workflow.compact({ status: "needs_input" as const, summary, options, next_steps: nextSteps?.slice(0, 3) })

/**
 * Looks after data connections, views and credentials. What it changes is read anew first.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("ManageDataIntegration")((input: Input) =>
  Effect.flatMap(
    Credentials.repeatable(input),
    (again) => Reading.forWriting(Plan.telling(tool)(manage(input), again))
  ).pipe(
    Effect.catchTag("NeedsInput", (question) => Effect.succeed(asking(question))),
    Effect.map((answer): Output => answer)
  )
)
