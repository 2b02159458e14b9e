// The pages of the tools, made of their schemas and of one worked example each.
import * as JsonSchemas from "../../src/mcp/JsonSchemas.js"
import type { Hints, Tool } from "../../src/mcp/Tool.js"
import * as Tools from "../../src/mcp/Tools.js"
import * as Examples from "../../test/docs/Examples.js"
import { code, json, page, table } from "./Markdown.js"

type Described = Pick<
  Tool<never>,
  "description" | "hints" | "Input" | "name" | "Output" | "title" | "toolset" | "writesOnlyFiles"
>

const tools: ReadonlyArray<Described> = Tools.all

const text = (node: JsonSchemas.Json | undefined) => typeof node === "string" ? node : ""

const fieldsOf = (node: JsonSchemas.JsonObject) =>
  Object.entries(JsonSchemas.isObject(node["properties"]) ? node["properties"] : {})

const requiredOf = (node: JsonSchemas.JsonObject) => {
  const { required } = node
  return Array.isArray(required) ? required : []
}

const range = ({ maximum, minimum }: JsonSchemas.JsonObject) => {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`
  return minimum === undefined ? "" : `, at least ${minimum}`
}

const scalars = "boolean,number,string"

const oneOf = (types: ReadonlyArray<string>) => {
  const different = [...new Set(types)]
  return different.toSorted().join() === scalars ? "value" : different.join(" or ")
}

const objectOf = (node: JsonSchemas.JsonObject, isTop: boolean): string => {
  const { additionalProperties: values } = node
  const fields = fieldsOf(node)
  if (fields.length > 0) {
    const required = requiredOf(node)
    return isTop ? `{ ${fields.map(([name]) => required.includes(name) ? name : `${name}?`).join(", ")} }` : "object"
  }
  return JSON.stringify(values ?? {}) === "{}" ? "object" : `{ …: ${typeOf(values, false)} }`
}

// What lies deeper would fill a page and help nobody.
const typeOf = (node: JsonSchemas.Json | undefined, isTop = true): string => {
  if (!JsonSchemas.isObject(node)) return "any"
  const { anyOf, enum: choices, items, type } = node
  if (Array.isArray(choices)) return choices.map((choice) => code(String(choice))).join(", ")
  if (Array.isArray(anyOf)) return oneOf(anyOf.map((one) => typeOf(one, isTop)))
  if (type === "array") return `list of ${typeOf(items, isTop)}`
  if (type === "object") return objectOf(node, isTop)
  return typeof type === "string" ? `${type}${range(node)}` : "any"
}

const hinted = ({ destructiveHint, idempotentHint, readOnlyHint }: Hints, writesOnlyFiles = false) => {
  const again = idempotentHint ? "the same call again changes nothing more" : "the same call again may do more"
  if (readOnlyHint) return "reads only"
  if (writesOnlyFiles) return "reads, and writes new files into the export folder where it is asked to"
  return destructiveHint ? `changes or removes what is there; ${again}` : `makes something new; ${again}`
}

const inputs = (schema: JsonSchemas.JsonObject) => {
  const fields = fieldsOf(schema)
  if (fields.length === 0) return "None."
  return table(
    ["name", "type", ""],
    fields.map(([name, node]) => [
      requiredOf(schema).includes(name) ? `${code(name)} (required)` : code(name),
      typeOf(node),
      JsonSchemas.isObject(node) ? text(node["description"]) : ""
    ])
  )
}

const outputs = (schema: JsonSchemas.JsonObject) =>
  table(
    ["name", "type"],
    fieldsOf(schema).map(([name, node]) => [
      requiredOf(schema).includes(name) ? `${code(name)} (always)` : code(name),
      typeOf(node)
    ])
  )

const toolPage = ({ Input, Output, description, hints, name, title, toolset, writesOnlyFiles }: Described) => {
  const { answer, arguments: given, task } = Examples.of(name)
  return page(
    `# ${title}: ${code(name)}`,
    description,
    `Toolset ${code(toolset)}; ${hinted(hints, writesOnlyFiles)}. [All tools](README.md)`,
    "## Arguments",
    inputs(JsonSchemas.make(Input)),
    "## Answer",
    outputs(JsonSchemas.make(Output)),
    "## Example",
    task,
    json(given),
    "The answer holds this, among more, in lists too:",
    json(answer)
  )
}

const index = page(
  "# The tools",
  "Each page is made of the tool's schema and of a worked example that a test runs against the [sandbox](../sandbox.md). " +
    "There a person agrees to whatever needs agreement.",
  table(
    ["tool", "toolset", "", "what one call does"],
    tools.map(({ description, hints, name, toolset, writesOnlyFiles }) => [
      `[${code(name)}](${name}.md)`,
      code(toolset),
      hints.readOnlyHint ? "reads" : writesOnlyFiles === true ? "reads, writes files" : "writes",
      description
    ])
  ),
  "Every answer has `status` (`done`, `partial`, `running`, `needs_input`, `needs_confirmation`, `denied`, `failed`, " +
    "`unknown`, as the tool has them) and `summary`; `next_steps` are calls that can be made as they stand. What fails is explained in " +
    "[errors](../errors.md) and [troubleshooting](../troubleshooting.md); the API below is listed in [operations](../operations.md). " +
    "Besides tools there are [resources, prompts and notices](../resources.md)."
)

export const pages: ReadonlyArray<readonly [path: string, text: string]> = [
  ["tools/README.md", index],
  ...tools.map((tool) => [`tools/${tool.name}.md`, toolPage(tool)] as const)
]
