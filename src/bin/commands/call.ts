/** `habu-mcp call`: one call of a tool, for people and scripts. */
import type { Result } from "../../mcp/Answers.js"
import surface from "../../mcp/surface.json" with { type: "json" }
import * as Arguments from "../arguments.js"
import { build, version } from "../build.js"
import { print, reader } from "../print.js"
import * as Terminal from "../terminal.js"

const help = `Usage: habu-mcp call TOOL [JSON] [options]

Calls one tool. Its arguments are one JSON object; - reads it from stdin; without it there are none. habu-mcp tools TOOL
tells what a tool takes. On a terminal the answer is text, with progress on stderr; in a pipe it is one line of JSON.

What reaches other people, weakens a protection, cannot be undone or binds the organisation needs a person's agreement.
On a terminal you are asked, and type the name of what goes for good. In a pipe the first call does nothing and answers
with the changes and a code; the same call with --confirm CODE makes exactly these changes. What cannot be undone gives
a code only with --allow-destructive, what binds the organisation only with --allow-contractual.

  --confirm CODE       the code of this call's preview
  --sandbox            over a local Habu with synthetic data that lives for this call only
  --read-only          send no write, export no file
  --allow-destructive, --allow-contractual
  --json               JSON on a terminal too, and nobody is asked
${Arguments.loggingHelp("warning")}  --help               print this, then end

${Arguments.settingsHelp}
${Arguments.exitCodesHelp}
Examples:
  habu-mcp call find_resources '{"kind": "clean_rooms"}'
  habu-mcp call monitor_cleanroom_status | jq .summary
`

const readAll = async (input: AsyncIterable<Buffer | string>) => {
  const chunks: Array<string> = []
  for await (const chunk of input) chunks.push(chunk.toString())
  return chunks.join("")
}

const argumentsOf = async (given: string | undefined): Promise<{ readonly [name: string]: unknown }> => {
  const text = given === "-" ? await readAll(process.stdin) : given ?? "{}"
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Told below, as what is no object.
  }
  return Arguments.refuse("the arguments must be one JSON object, such as '{\"kind\": \"clean_rooms\"}'", "call")
}

const codes: { readonly [status: string]: number } = {
  done: Arguments.exitCode.done,
  running: Arguments.exitCode.done,
  partial: Arguments.exitCode.unfinished,
  unknown: Arguments.exitCode.unfinished,
  needs_input: Arguments.exitCode.waiting,
  needs_confirmation: Arguments.exitCode.waiting,
  denied: Arguments.exitCode.denied
}

const categories: { readonly [category: string]: number } = {
  input: Arguments.exitCode.usage,
  permission: Arguments.exitCode.denied,
  unknown_outcome: Arguments.exitCode.unfinished
}

const codeOf = ({ failure, structuredContent }: Result) =>
  failure === undefined
    ? codes[String(structuredContent?.["status"])] ?? Arguments.exitCode.failed
    : categories[failure.category] ?? Arguments.exitCode.failed

const told = ({ failure, structuredContent }: Result, isForPerson: boolean) => {
  if (!isForPerson) {
    return `${JSON.stringify(failure === undefined ? structuredContent : { status: "failed", error: failure })}\n`
  }
  return failure === undefined
    ? Terminal.answer(structuredContent ?? {})
    : `${[...Terminal.wrapped(failure.message, ""), ...Terminal.wrapped(failure.advice, "")].join("\n")}\n`
}

export const run = async (args: ReadonlyArray<string>): Promise<void> => {
  const { positionals, values } = Arguments.parse("call", {
    args: [...args],
    allowPositionals: true,
    options: {
      ...Arguments.calling,
      ...Arguments.help,
      ...Arguments.logging,
      confirm: { type: "string" },
      json: { type: "boolean", default: false }
    }
  })
  if (values.help) return void print(help)
  const [name, json, ...more] = positionals
  const names = surface.tools.map((tool) => tool.name)
  if (name === undefined) return Arguments.refuse("call needs the name of a tool", "call")
  if (!names.includes(name)) {
    return Arguments.refuse(`there is no tool ${JSON.stringify(name)}; possible: ${names.join(", ")}`, "call")
  }
  if (more.length > 0) return Arguments.refuse("call takes one tool and one JSON object; quote the object", "call")
  const logs = Arguments.logsOf(values, "warning")
  const given = await argumentsOf(json)

  const isForPerson = reader.isPerson && !values.json
  const isAnswerable = process.stdin.isTTY && process.stderr.isTTY && json !== "-" && !values.json
  const stopping = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopping.abort())
  const { load } = await import("../runtime.js")
  const runtime = load({
    sandbox: values.sandbox,
    logs,
    version,
    build,
    offered: new Set(names),
    readOnly: values["read-only"],
    allow: { allowDestructive: values["allow-destructive"], allowContractual: values["allow-contractual"] }
  })
  const result = await runtime.call(
    name,
    { ...given, ...(values.confirm !== undefined && { confirmation: values.confirm }) },
    {
      signal: stopping.signal,
      onProgress: async (step) => {
        if (process.stderr.isTTY) Terminal.progress.show(step)
      },
      ask: isAnswerable ? (question) => Terminal.ask(question, stopping.signal) : undefined
    }
  )
  if (process.stderr.isTTY) Terminal.progress.clear()
  await runtime.close()
  if (stopping.signal.aborted) {
    process.exitCode = Arguments.exitCode.interrupted
    return
  }
  print(told(result, isForPerson))
  process.exitCode = codeOf(result)
}
