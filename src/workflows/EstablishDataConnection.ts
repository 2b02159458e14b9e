/**
 * From data that lies somewhere to datasets in clean rooms: guides to what is needed, makes the credential and the data
 * connections, follows their check, proposes the mapping of the fields and applies it once agreed, and brings the data
 * into clean rooms. Views the same way.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../habu/api/CleanRooms.js"
import type { Known } from "../habu/HabuDirectory.js"
import * as Confirmation from "./Confirmation.js"
import * as Connections from "./data/Connections.js"
import * as Credentials from "./data/Credentials.js"
import * as FieldMapping from "./data/FieldMapping.js"
import { NeedsInput, Options } from "./data/NeedsInput.js"
import * as Provisioning from "./data/Provisioning.js"
import * as Setup from "./data/Setup.js"
import { tool } from "./data/Sources.js"
import * as Views from "./data/Views.js"
import { connectionState, progressOf } from "./find/DataConnections.js"
import * as Plan from "./Plan.js"
import * as Reading from "./Reading.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const text = (description: string) => Workflow.maybe(Schema.String.annotations({ description }))
const record = Schema.Record({ key: Schema.String, value: Schema.String })

/**
 * What `establish_data_connection` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  connections: Workflow.maybe(
    Schema.Array(Schema.Struct({
      name: Schema.String,
      parameters: Workflow.maybe(record),
      category: Workflow.maybe(Schema.String)
    })).annotations({ description: "What to make or continue" })
  ),
  source: text("Where the data lies"),
  data_type: text("What kind of data it is"),
  credential: text("Name or id; or a new name, with credential_values"),
  credential_values: Workflow.maybe(
    record.annotations({
      description:
        "Where each key's value is: variable HABU_CREDENTIAL_… or file in HABU_CREDENTIAL_DIR; never the value"
    })
  ),
  fields: Workflow.maybe(
    Schema.Array(Workflow.brief(FieldMapping.Wish)).annotations({
      description: "Changes to the proposal: {field, identifier_type?, pii?, user_id?, excluded?}"
    })
  ),
  agreed_mappings: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Marks of proposals the user agreed to" })
  ),
  view: Workflow.maybe(
    Views.Definition.annotations({
      description: "Instead: a SQL view by the one name in connections"
    })
  ),
  clean_rooms: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Where it becomes a dataset" })
  ),
  hide_fields: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Not seen there" })
  ),
  filters: Workflow.maybe(
    Schema.Array(Workflow.brief(Provisioning.Filter)).annotations({
      description: "Rows seen there: {field, operator: EQUALS, NOT_EQUALS, IN or NOT_IN, values}"
    })
  ),
  ramp_id_consent: Workflow.maybe(Schema.Boolean.annotations({ description: "A legal attestation" })),
  detail: Workflow.maybe(Schema.Literal("full").annotations({ description: "Shows every field" })),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField
})

export type Input = typeof Input.Type

const State = Schema.Struct({
  ...Words.Reference.fields,
  state: Workflow.maybe(Schema.String),
  meaning: Schema.String,
  next: Workflow.maybe(Schema.String)
})

/**
 * What `establish_data_connection` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  options: Workflow.maybe(Options),
  connections: Workflow.maybe(Schema.Array(State)),
  proposals: Workflow.maybe(Schema.Array(FieldMapping.View)),
  ...Plan.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const stateOf = (connection: Connections.Connection): typeof State.Type => {
  const { meaning, next, state } = connectionState(connection)
  return Workflow.compact({
    id: Words.said(connection.id),
    name: Words.said(connection.name),
    state,
    meaning,
    next: progressOf(connection) === "complete" ? undefined : next
  })
}

const asking = ({ nextSteps, options, summary }: NeedsInput): Output =>
  Workflow.compact({ status: "needs_input" as const, summary, options, next_steps: nextSteps?.slice(0, 3) })

const fieldsShown = 40

const shownOf = (detail: Input["detail"], proposals: number) =>
  detail === "full" ? 1_000 : Math.max(5, Math.floor(fieldsShown / Math.max(1, proposals)))

const troubled = (connections: ReadonlyArray<Connections.Connection>): ReadonlyArray<Workflow.NextStep> =>
  connections.filter((one) => ["failed", "waiting"].includes(progressOf(one))).slice(0, 3).map((one) => ({
    tool: "manage_data_integration",
    arguments: { action: "diagnose", connection: one.id },
    why: `See why ${Words.title(one)} does not come on, and what mends it; do not make a second one.`
  }))

const agreeing = (
  input: Input,
  open: ReadonlyArray<Setup.Mapped>
): ReadonlyArray<Workflow.NextStep> => {
  const { confirmation: _, ...call } = input
  const marks = open.flatMap(({ proposal }) => proposal === undefined ? [] : [proposal.mark])
  return open.length === 0 ? [] : [{
    tool,
    arguments: { ...call, agreed_mappings: [...new Set([...input.agreed_mappings ?? [], ...marks])] },
    why: "Once the person you work for has seen the proposal and agrees; `fields` changes it first."
  }]
}

const later = (input: Input, seconds: number): Workflow.NextStep => {
  const { confirmation: _, ...call } = input
  return {
    tool,
    arguments: call,
    why: "Habu checks the access, which takes some minutes; the same call goes on from there.",
    after_seconds: seconds
  }
}

const statusOf = (
  steps: ReadonlyArray<Plan.Step>,
  connections: ReadonlyArray<Connections.Connection>,
  open: ReadonlyArray<Setup.Mapped>
): Workflow.Status => {
  const byPlan = Plan.statusOf(steps)
  if (byPlan !== "done") return byPlan
  const progress = connections.map(progressOf)
  if (progress.includes("verifying")) return "running"
  if (open.length > 0) return "needs_input"
  const stuck = progress.filter((one) => one !== "complete" && one !== "mapping").length
  const isSomeDone = stuck < progress.length || steps.some(({ result }) => result === "done")
  return stuck === 0 ? "done" : isSomeDone ? "partial" : "failed"
}

const summaryOf = (
  status: Workflow.Status,
  steps: ReadonlyArray<Plan.Step>,
  connections: ReadonlyArray<Connections.Connection>,
  open: ReadonlyArray<Setup.Mapped>
) =>
  [
    ...connections.slice(0, 5).map((one) => `${Words.title(one)}: ${connectionState(one).meaning}`),
    ...(connections.length > 5 ? [`And ${connections.length - 5} more.`] : []),
    ...(open.length > 0 && status !== "running"
      ? [`${Words.count(open.length, "mapping is", "mappings are")} proposed; show it to the person you work for.`]
      : []),
    Plan.remaining(steps)
  ].filter((sentence) => sentence !== "").join(" ")

const afterDone = (
  connections: ReadonlyArray<Connections.Connection>,
  rooms: ReadonlyArray<Known<CleanRoom>>
): ReadonlyArray<Workflow.NextStep> => {
  const [room] = rooms
  if (room !== undefined) {
    return [{
      tool: "find_resources",
      arguments: { kind: "datasets", clean_room: Words.handle(room) },
      why: "See what the clean room has now."
    }]
  }
  return connections.some((one) => progressOf(one) === "complete")
    ? [{ tool: "find_resources", arguments: { kind: "clean_rooms" }, why: "Choose `clean_rooms` for the same call." }]
    : []
}

const establishView = Effect.fnUntraced(function*(input: Input, definition: Views.Definition) {
  const [wanted, ...others] = input.connections ?? []
  if (wanted === undefined || others.length > 0) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "connections",
        problem: "must hold the one name of the view",
        advice: "Give connections: [{ name }] with view."
      })
    )
  }
  const [connections, rooms] = yield* Effect.all([Connections.all, Setup.cleanRooms(input)], {
    concurrency: "unbounded"
  })
  const planned = yield* Views.plan(wanted.name, definition, connections)
  const made = yield* Plan.run(planned.changes, { tool, input, settled: planned.settled, subject: definition })
  const found = Connections.ofName(wanted.name, yield* Views.all)[0]
  if (made._tag === "Waiting") return { ...made.answer, steps: made.steps } satisfies Output
  const isReady = found !== undefined && !Views.isBroken(found)
  const needs = [...planned.changes, ...planned.settled].map(({ step }) => step)
  const places = isReady ? yield* Setup.placing([{ ...found, needs }], rooms, input) : { changes: [], settled: [] }
  const ended = made._tag === "Planned"
    ? { ...made, steps: [...made.steps, ...places.settled, ...Plan.planned(places.changes)] }
    : yield* Plan.run(places.changes, { tool, input, settled: [...made.steps, ...places.settled] })
  if (ended._tag === "Waiting") return { ...ended.answer, steps: ended.steps } satisfies Output
  const { steps } = ended
  const isBroken = found !== undefined && Views.isBroken(found)
  return Workflow.compact({
    status: made._tag === "Planned" ? "done" as const : isBroken ? "failed" as const : Plan.statusOf(steps),
    summary: made._tag === "Planned"
      ? `Nothing was changed. ${
        Words.count(steps.filter(({ result }) => result === "planned").length, "step")
      } planned.`
      : isBroken
      ? `Habu could not work out the query of ${Words.title(found)} (${Words.said(found.status, 50)}).`
      : [`View ${JSON.stringify(Words.said(wanted.name) ?? "")}.`, Plan.remaining(steps)].join(" ").trim(),
    steps,
    warnings: [...(found === undefined ? [] : Views.exposures(found)), ...Provisioning.unlimited(steps)],
    next_steps: made._tag === "Planned" ? [] : yield* Plan.again(tool, input, steps)
  }) satisfies Output
})

const plannedOnly = (
  made: ReadonlyArray<Plan.Step>,
  mapped: ReadonlyArray<Setup.Mapped>,
  places: Provisioning.Planned,
  rest: Pick<Output, "connections" | "proposals" | "warnings">
): Output => {
  const mapping = mapped.flatMap(({ connection, proposal }) =>
    proposal === undefined ? [] : Plan.planned([FieldMapping.mapping(connection, proposal)])
  )
  const steps = [...made, ...mapping, ...places.settled, ...Plan.planned(places.changes)]
  return Workflow.compact({
    status: "done" as const,
    summary: `Nothing was changed. ${
      Words.count(steps.filter(({ result }) => result === "planned").length, "step")
    } planned; a new data connection is then checked by Habu, and its mapping proposed, before it can be a dataset.`,
    ...rest,
    steps
  })
}

const establish = Effect.fnUntraced(function*(given: Input) {
  const input: Input = yield* Credentials.repeatable(given)
  if (given.view !== undefined) return yield* establishView(input, given.view)
  const asked: Setup.Asked = { ...given, connections: given.connections ?? [] }
  const rooms = yield* Setup.cleanRooms(input)
  const making = yield* Setup.making(asked)
  const made = yield* Plan.run(making.changes, { tool, input, settled: making.settled })
  if (made._tag === "Waiting") return { ...made.answer, steps: made.steps } satisfies Output
  const isDry = made._tag === "Planned"
  const connections = isDry ? making.there : yield* Setup.followed(asked, making)
  const mapped = yield* Setup.proposed(connections, input.fields ?? [])
  const agreed = mapped.filter(({ proposal }) =>
    proposal !== undefined && input.agreed_mappings?.includes(proposal.mark) === true
  )
  const open = mapped.filter((one) => one.proposal !== undefined && !agreed.includes(one))
  const mappings = agreed.flatMap(({ connection, proposal }) =>
    proposal === undefined ? [] : [FieldMapping.mapping(connection, proposal)]
  )
  const ready = connections.filter((one) =>
    progressOf(one) === "complete" || agreed.some(({ connection }) => connection === one)
  )
  const isMapped = (one: Connections.Connection) => agreed.some(({ connection }) => connection === one)
  const sources = ready.map((one) => ({ ...one, needs: isMapped(one) ? [FieldMapping.mappingStep(one)] : [] }))
  const places = yield* Setup.placing(sources, rooms, input)
  const shown = {
    proposals: open.flatMap(({ connection, proposal }) =>
      proposal === undefined ? [] : [FieldMapping.view(connection, proposal, shownOf(input.detail, open.length))]
    ),
    warnings: [
      ...making.warnings,
      ...mapped.flatMap(({ fieldWarnings, proposal }) => [...proposal?.warnings ?? [], ...fieldWarnings])
    ]
  }
  if (isDry) return plannedOnly(made.steps, mapped, places, { ...shown, connections: connections.map(stateOf) })
  const ended = yield* Plan.run([...mappings, ...places.changes], {
    tool,
    input,
    settled: [...made.steps, ...places.settled],
    subject: agreed.map(({ proposal }) => proposal?.mark)
  })
  if (ended._tag === "Waiting") {
    return { ...ended.answer, ...Workflow.compact(shown), steps: ended.steps } satisfies Output
  }
  const { steps } = ended
  const now = mappings.length === 0 ? connections : yield* Effect.map(
    Connections.all,
    (all) => connections.map((one) => all.find(({ id }) => id === one.id) ?? one)
  )
  const status = statusOf(steps, now, open)
  const isVerifying = now.some((one) => progressOf(one) === "verifying")
  return Workflow.compact({
    status,
    summary: summaryOf(status, steps, now, open),
    connections: now.map(stateOf),
    ...shown,
    steps,
    warnings: [...Provisioning.unlimited(steps), ...shown.warnings],
    next_steps: [
      ...(yield* Plan.again(tool, input, steps)),
      ...agreeing(input, open),
      ...(isVerifying ? [later(input, yield* Connections.lookAgainAfter)] : []),
      ...troubled(now),
      ...(status === "done" ? afterDone(now, rooms) : [])
    ]
  }) satisfies Output
}, Reading.forWriting)

/**
 * Establishes data connections, or a view. The same call again goes on where it stopped: a name that is there is
 * continued and not made twice.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("EstablishDataConnection")((input: Input) =>
  Effect.flatMap(Credentials.repeatable(input), (again) => Plan.telling(tool)(establish(input), again)).pipe(
    Effect.catchTag("NeedsInput", (question) => Effect.succeed(asking(question))),
    Effect.map((answer): Output => answer)
  )
)
