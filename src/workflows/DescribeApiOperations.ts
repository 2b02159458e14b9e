/**
 * Finding an operation of Habu's API, and what it takes: for the few things that no workflow does.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as OpenApiDocument from "../habu/api/OpenApiDocument.js"
import { isObject, type Json, type JsonObject } from "../habu/api/OpenApiDocument.js"
import * as Operations from "../habu/Operations.js"
import * as Text from "../habu/Text.js"
import * as Grades from "./api/Grades.js"
import * as Request from "./api/Request.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "describe_api_operations"

/**
 * What `describe_api_operations` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  search: Workflow.maybe(Schema.String.annotations({ description: "Words for what it should do" })),
  group: Workflow.maybe(Schema.String.annotations({ description: "Only this group, such as Exports" })),
  operation: Workflow.maybe(Schema.String.annotations({ description: "One operation whole: its id" }))
})

export type Input = typeof Input.Type

const Brief = Schema.Struct({
  id: Schema.String,
  request: Schema.String,
  does: Schema.String,
  grade: Schema.String
})

const Parameter = Schema.Struct({
  name: Schema.String,
  in: Schema.String,
  required: Schema.Boolean,
  type: Workflow.maybe(Schema.String),
  values: Workflow.maybe(Schema.Array(Schema.String))
})

/**
 * `grade` is `read`, how far-reaching a write is, or `refused`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  groups: Workflow.maybe(Schema.Array(Schema.Struct({ group: Schema.String, operations: Schema.Number }))),
  operations: Workflow.maybe(Schema.Array(Brief)),
  operation: Workflow.maybe(Schema.Struct({
    ...Brief.fields,
    group: Schema.String,
    description: Workflow.maybe(Schema.String),
    repeatable: Schema.Boolean,
    spends: Workflow.maybe(Schema.String),
    least_seconds_between_reads: Workflow.maybe(Schema.Number),
    parameters: Workflow.maybe(Schema.Array(Parameter)),
    body: Workflow.maybe(Schema.Unknown),
    answer: Workflow.maybe(Schema.Unknown)
  })),
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const shown = 25
const deep = 4

const brief = ({ id, method, path, summary }: Operations.Info): typeof Brief.Type => ({
  id,
  request: `${method} ${path}`,
  does: summary,
  grade: gradeOf(id)
})

const gradeOf = (id: string): Grades.ApiGrade =>
  (Grades.grades as { readonly [id: string]: Grades.ApiGrade })[id] ?? "read"

// Made once, when the first operation is asked for.
const document = (() => {
  let made: JsonObject | undefined
  return () => made ??= OpenApiDocument.make()
})()

const at = (node: Json | undefined, ...keys: ReadonlyArray<string>): Json | undefined =>
  keys.reduce<Json | undefined>((value, key) => isObject(value) ? value[key] : undefined, node)

const named = (node: JsonObject) => Text.clean(String(node["$ref"] ?? "").split("/").pop() ?? "", 80)

// A schema with what it refers to in its place, down to a depth that a conversation can take.
const inlined = (whole: JsonObject, node: Json | undefined, depth = 0): Json => {
  if (Array.isArray(node)) return node.map((item) => inlined(whole, item, depth))
  if (!isObject(node)) return node ?? null
  if (typeof node["$ref"] === "string") {
    return depth >= deep
      ? { type: "object", title: named(node) }
      : inlined(whole, at(whole, "components", "schemas", named(node)), depth + 1)
  }
  const { additionalProperties: _, ...rest } = node
  return Object.fromEntries(Object.entries(rest).map(([key, child]) => [key, inlined(whole, child, depth)]))
}

const parameterOf = (node: Json): typeof Parameter.Type | undefined => {
  const [name, place, type, values] = [
    at(node, "name"),
    at(node, "in"),
    at(node, "schema", "type"),
    at(node, "schema", "enum")
  ]
  return typeof name !== "string" ? undefined : Workflow.compact({
    name,
    in: String(place),
    required: at(node, "required") === true,
    type: typeof type === "string" ? type : undefined,
    values: Array.isArray(values) ? values.map(String) : undefined
  })
}

const jsonOf = (node: Json | undefined): Json | undefined => {
  const content = at(node, "content")
  return isObject(content) ? at(Object.values(content)[0], "schema") : undefined
}

const whole = (info: Operations.Info) => {
  const spec = document()
  const path = info.path.replace(/:(\w+)/g, "{$1}")
  const node = at(spec, "paths", path, info.method.toLowerCase())
  const parameters = at(node, "parameters")
  const body = jsonOf(at(node, "requestBody"))
  const answer = jsonOf(at(node, "responses", String(info.success)))
  const description = at(node, "description")
  return Workflow.compact({
    ...brief(info),
    group: info.group,
    description: typeof description === "string" ? description : undefined,
    repeatable: info.effect !== "create",
    spends: info.spends,
    least_seconds_between_reads: info.polls?.seconds,
    parameters: Array.isArray(parameters) ? parameters.flatMap((parameter) => parameterOf(parameter) ?? []) : undefined,
    body: body === undefined ? undefined : inlined(spec, body),
    answer: answer === undefined ? undefined : inlined(spec, answer, deep - 1)
  })
}

const budget = 3_200

const one = Effect.fnUntraced(function*(id: string) {
  const info = yield* Request.operation(id)
  const found = whole(info)
  // What is answered is the first thing to do without.
  const { answer: _, ...without } = found
  const operation = JSON.stringify(found).length / 4 <= budget ? found : without
  return {
    status: "done",
    summary: `${info.id}: ${info.summary} ${info.method} ${info.path}`,
    operation,
    next_steps: gradeOf(info.id) === "refused" ? [] : [{
      tool: "call_api_operation",
      arguments: Workflow.compact({
        operation: info.id,
        path: pathOf(info),
        dry_run: info.effect === "read" ? undefined : true
      }),
      why: info.effect === "read" ? "Call it." : "Check what would be sent; nothing is."
    }]
  } satisfies Output
})

const pathOf = ({ path }: Operations.Info) => {
  const names = Array.from(path.matchAll(/:(\w+)/g), ([, name = ""]) => name)
  return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, "<id>"]))
}

const stems = (text: string) =>
  Text.folded(text).split(/[^a-z0-9]+/).filter((word) => word.length > 1).map((word) => word.replace(/s$/, ""))

const score = ({ group, id, path, summary }: Operations.Info, words: ReadonlyArray<string>) => {
  const [name, rest] = [id.toLowerCase(), `${group} ${path} ${summary}`.toLowerCase()]
  return words.reduce((sum, word) => sum + (name.includes(word) ? 2 : 0) + (rest.includes(word) ? 1 : 0), 0)
}

const groupsOf = () => {
  const all = [...Operations.all.values()]
  return [...new Set(all.map(({ group }) => group))].map((group) => ({
    group,
    operations: all.filter((info) => info.group === group).length
  }))
}

/**
 * Lists the groups, finds operations by words or group, or shows one whole: parameters, body and answer as JSON Schema.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("DescribeApiOperations")(function*(input: Input) {
  const [search, group, operation] = [Words.given(input.search), Words.given(input.group), Words.given(input.operation)]
  if (operation !== undefined) return yield* one(operation)
  const groups = groupsOf()
  const known = groups.find((one) => Text.folded(one.group) === Text.folded(group ?? ""))?.group
  if (group !== undefined && known === undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "group",
        problem: `is ${JSON.stringify(Text.clean(group, 60))}, which is no group of operations`,
        options: groups.map((one) => one.group),
        advice: "Use one of these, or search with words."
      })
    )
  }
  if (search === undefined && known === undefined) {
    return {
      status: "done",
      summary: `${Operations.all.size} operations in ${groups.length} groups. Narrow with search or group.`,
      groups
    } satisfies Output
  }
  const words = stems(search ?? "")
  const scored = [...Operations.all.values()].filter((info) => known === undefined || info.group === known)
    .map((info) => ({ info, score: score(info, words) }))
    .filter((one) => words.length === 0 || one.score > 0).sort((a, b) => b.score - a.score)
  const found = scored.slice(0, shown).map(({ info }) => brief(info))
  return Workflow.compact({
    status: "done" as const,
    summary: scored.length === 0
      ? "No operation fits these words."
      : `${Words.count(scored.length, "operation")}${
        scored.length > shown ? `, the ${shown} that fit best are shown` : ""
      }.`,
    operations: found,
    next_steps: found.slice(0, 1).map(({ id }) => ({ tool, arguments: { operation: id }, why: "See what it takes." }))
  }) satisfies Output
}, Effect.map((answer): Output => answer))
