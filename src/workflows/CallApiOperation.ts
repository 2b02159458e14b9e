/**
 * Calling one of the 147 operations by its id, for what no workflow does: checked by the contract, under the same
 * budgets, agreement, redaction and audit as everything else.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { Observed } from "../habu/HabuCache.js"
import { HabuClient } from "../habu/HabuClient.js"
import type { HabuError } from "../habu/HabuError.js"
import type * as Operations from "../habu/Operations.js"
import * as Redaction from "../habu/Redaction.js"
import * as Text from "../habu/Text.js"
import * as Grades from "./api/Grades.js"
import * as Request from "./api/Request.js"
import * as Shown from "./api/Shown.js"
import * as Confirmation from "./Confirmation.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"
import { InputInvalid } from "./Workflow.js"

const tool = "call_api_operation"

const named = (description: string) =>
  Workflow.maybe(Schema.Record({ key: Schema.String, value: Schema.Unknown }).annotations({ description }))

/**
 * What `call_api_operation` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  operation: Schema.String.annotations({ description: "The operation's id, such as getCleanroomById" }),
  path: named("Path parameters by name; ids only, no names"),
  query: named("Query parameters by name"),
  body: Workflow.maybe(Schema.Unknown.annotations({ description: "The body, as the contract has it" })),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Check it and send nothing" })),
  ...Confirmation.inputField,
  detail: Workflow.maybe(Schema.Literal("brief", "full").annotations({ description: "full: up to 10,000 tokens" }))
})

export type Input = typeof Input.Type

/**
 * `answer` is Habu's, cleaned, without secrets and cut to fit.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  operation: Workflow.maybe(Schema.String),
  request: Workflow.maybe(Schema.String),
  grade: Workflow.maybe(Schema.String),
  answer: Workflow.maybe(Schema.Unknown),
  count: Workflow.maybe(Schema.Number),
  as_of: Workflow.maybe(Schema.String),
  ...Confirmation.outputField,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const briefly = 3_000
const fully = 10_000

type Given = Request.Given

// A name that speaks of a secret with a value, as a field or as `{ name, value }`, however deep.
const carriesSecret = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.some(carriesSecret)
  if (!Predicate.isRecord(value)) return false
  const { name, value: paired } = value
  return (Predicate.isString(name) && Redaction.isSecretName(name) && Predicate.isString(paired) && paired !== "") ||
    Object.entries(value).some(([field, item]) =>
      (Redaction.isSecretName(field) && item !== null && item !== "") || carriesSecret(item)
    )
}

const secrets = (field: string) =>
  new InputInvalid({
    field,
    problem: "would carry the values of a credential, which never pass through this tool",
    advice:
      "Set credentials up with establish_data_connection or manage_data_integration, which take them by reference, " +
      "or in Habu's UI. Nothing was sent."
  })

const written = (info: Operations.Info, { path = {}, query = {} }: Given) => {
  const filled = info.path.replace(/:(\w+)/g, (_, name: string) => Text.clean(String(path[name] ?? `:${name}`), 80))
  const asked = Object.entries(query).map(([name, value]) =>
    `${name}=${Text.clean(Predicate.isString(value) ? value : JSON.stringify(value), 120)}`
  )
  return `${info.method} ${filled}${asked.length === 0 ? "" : `?${asked.join("&")}`}`
}

const previewOf = (info: Operations.Info, given: Given) =>
  `${info.id}: ${info.summary} ${written(info, given)}${
    given.body === undefined ? "" : ` with ${Redaction.show(given.body, 400)}`
  }`

// Everything in the contract's client is a method of this shape; the id was checked.
type Method = (request: Request.Request) => Effect.Effect<Observed<unknown>, HabuError>

const send = Effect.fnUntraced(function*(info: Operations.Info, request: Request.Request) {
  const { observed } = yield* HabuClient
  const method = (observed as unknown as { readonly [id: string]: Method })[info.id]
  return yield* method === undefined ? Effect.dieMessage(`no operation ${info.id}`) : method(request)
})

const refusal = (value: unknown): string | undefined =>
  Predicate.isRecord(value) && value["success"] === false
    ? Words.said(Predicate.isString(value["message"]) ? value["message"] : undefined, 300) ?? "no reason given"
    : undefined

const warningsOf = (info: Operations.Info): ReadonlyArray<string> =>
  info.id === "createCleanroomQuestionRun" || info.id === "createOrUpdateCleanroomFlowRun"
    ? [
      "This start is not kept in the ledger: the same call starts another. execute_question_workflow and " +
      "execute_flow_workflow start each run once."
    ]
    : []

const told = (
  info: Operations.Info,
  grade: string,
  input: Input,
  { live, observedAt, value }: Observed<unknown>
): Output => {
  const { answer, count, note } = Shown.make(info, value, input.detail === "full" ? fully : briefly)
  const why = refusal(value)
  return Workflow.compact({
    status: why === undefined ? "done" as const : "failed" as const,
    summary: why !== undefined
      ? `Habu answered ${info.id} without doing it: ${JSON.stringify(why)}.`
      : `${info.id}: ${
        info.effect === "read"
          ? count === undefined ? "read" : Words.count(count, "item")
          : "Habu answered with success"
      }.`,
    operation: info.id,
    request: written(info, input),
    grade: grade === "read" ? undefined : grade,
    answer,
    count,
    as_of: live ? undefined : Words.iso(observedAt),
    warnings: [...(note === undefined ? [] : [note]), ...warningsOf(info)]
  })
}

const planned = (info: Operations.Info, grade: string, input: Input): Output => {
  const { dry_run: _, ...again } = input
  return {
    status: "done",
    summary: `Nothing was sent. ${info.id} fits the contract${
      grade === "ordinary" || grade === "read" ? "" : ` and needs agreement (${grade.replace("_", "-")})`
    }.`,
    operation: info.id,
    request: written(info, input),
    grade,
    next_steps: [{ tool, arguments: again, why: "Send it." }]
  }
}

/**
 * Calls an operation. A write is graded by {@link Grades} and waits for agreement where it reaches far; values that do
 * not fit the contract, and those of credentials, are refused with nothing sent.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("CallApiOperation")(function*(input: Input) {
  const info = yield* Request.operation(input.operation)
  const grade = Grades.of(info.id, input)
  if (grade === "refused") return yield* Effect.fail(secrets("operation"))
  if (carriesSecret(input.body)) return yield* Effect.fail(secrets("body"))
  const request = yield* Request.make(info, input)
  if (input.dry_run === true) return planned(info, grade, input)
  if (grade === "read") return told(info, grade, input, yield* send(info, request))
  const waiting = yield* Confirmation.waitingFor({
    tool,
    effects: [{ grade, preview: previewOf(info, input) }],
    name: Object.values(request.path ?? {}).at(-1),
    subject: [info.id, input.path ?? {}, input.query ?? {}, input.body ?? null]
  }, input)
  if (waiting !== undefined) {
    return { ...waiting, operation: info.id, request: written(info, input), grade } satisfies Output
  }
  return told(info, grade, input, yield* send(info, request))
})
