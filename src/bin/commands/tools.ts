/** `habu-mcp tools`: which tools there are, and what one of them takes. */
import type { Surface } from "../../mcp/Surface.js"
import surface from "../../mcp/surface.json" with { type: "json" }
import * as Arguments from "../arguments.js"
import { print, reader } from "../print.js"
import * as Terminal from "../terminal.js"

const help = `Usage: habu-mcp tools [TOOL] [--json]

Lists the tools; with the name of one, tells what it does and takes. On a terminal as text, in a pipe or with --json as
JSON with the schemas that a host gets.

Exit codes: 0 done; 2 arguments that cannot be used, such as an unknown tool.
`

const { tools, toolsets, writesOnlyFiles } = surface as Surface

interface Argument {
  readonly type?: string
  readonly enum?: ReadonlyArray<unknown>
  readonly description?: string
}

const effectOf = ({ annotations, name }: Surface["tools"][number]) =>
  annotations.readOnlyHint ? "reads" : writesOnlyFiles.includes(name) ? "reads, writes files" : "changes"

const kindOf = ({ enum: values, type }: Argument) => values?.join(" | ") ?? type ?? "any"

const argumentsOf = ({ inputSchema }: Surface["tools"][number]) => {
  const required = inputSchema["required"] as ReadonlyArray<string>
  return Object.entries(inputSchema["properties"] as { readonly [name: string]: Argument }).map(([name, argument]) =>
    [
      `  ${name}${required.includes(name) ? " (required)" : ""}: ${kindOf(argument)}`,
      ...Terminal.wrapped(argument.description ?? "", "      ")
    ].join("\n")
  )
}

const about = (tool: Surface["tools"][number]) =>
  [
    `${tool.name}: ${tool.title} (${toolsets[tool.name]}, ${effectOf(tool)})`,
    "",
    ...Terminal.wrapped(tool.description, ""),
    "",
    ...argumentsOf(tool),
    ""
  ].join("\n")

export const run = (args: ReadonlyArray<string>): void => {
  const { positionals, values } = Arguments.parse("tools", {
    args: [...args],
    allowPositionals: true,
    options: { ...Arguments.help, json: { type: "boolean", default: false } }
  })
  if (values.help) return void print(help)
  const [name, ...more] = positionals
  if (more.length > 0) Arguments.refuse("tools takes the name of one tool", "tools")
  const isForPerson = reader.isPerson && !values.json
  if (name === undefined) {
    const rows = tools.map((tool) => ({
      tool: tool.name,
      toolset: toolsets[tool.name],
      effect: effectOf(tool),
      "what it is for": tool.title
    }))
    const listed = tools.map((tool) => ({ ...tool, toolset: toolsets[tool.name] }))
    return void print(isForPerson ? `${Terminal.table(rows)}\n` : `${JSON.stringify(listed)}\n`)
  }
  const tool = tools.find((one) => one.name === name)
  if (tool === undefined) {
    return Arguments.refuse(
      `there is no tool ${JSON.stringify(name)}; possible: ${tools.map((one) => one.name).join(", ")}`,
      "tools"
    )
  }
  print(isForPerson ? about(tool) : `${JSON.stringify({ ...tool, toolset: toolsets[name] })}\n`)
}
