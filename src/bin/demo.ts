/**
 * `npm run demo`: starts the built command with `--sandbox` as an MCP host would, talks to it with the SDK's own client,
 * and narrates a question from its name to its results.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js"
import type { Progress } from "@modelcontextprotocol/sdk/types.js"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"

const question = "Campaign reach and sales overlap"

interface NextStep {
  readonly tool: string
  readonly arguments: Record<string, unknown>
  readonly after_seconds?: number
}

interface Answer {
  readonly status: string
  readonly summary: string
  readonly environment?: string
  readonly questions?: ReadonlyArray<Record<string, unknown>>
  readonly checks?: ReadonlyArray<{ readonly result: string; readonly detail: string }>
  readonly parameters?: ReadonlyArray<{ readonly name: string }>
  readonly results?: {
    readonly row_count: number
    readonly columns: ReadonlyArray<{ readonly name: string }>
    readonly rows?: ReadonlyArray<Record<string, string>>
  }
  readonly next_steps?: ReadonlyArray<NextStep>
}

const say = (line = "") => process.stdout.write(`${line}\n`)
const heading = (text: string) => say(`\n▸ ${text}`)
const isTerminal = process.stdout.isTTY

const client = new Client({ name: "habu-mcp-demo", version: "1.0.0" })

const progressLine = ({ message, progress, total }: Progress) => {
  const width = 24
  const filled = total === undefined ? width : Math.min(width, Math.round(width * progress / total))
  const bar = `${"█".repeat(filled)}${"░".repeat(width - filled)}`
  const line = `  ${bar} ${message ?? ""}`
  process.stdout.write(isTerminal ? `\r\u001B[2K${line}` : `${line}\n`)
}

const call = async (name: string, args: Record<string, unknown>): Promise<Answer> => {
  const result = await client.callTool({ name, arguments: args }, undefined, {
    onprogress: progressLine,
    timeout: 60_000
  })
  const [content] = result.content as ReadonlyArray<{ readonly text: string }>
  if (result.isError === true) throw new Error(content?.text ?? `${name} failed`)
  return result.structuredContent as unknown as Answer
}

const table = (columns: ReadonlyArray<string>, rows: ReadonlyArray<Record<string, unknown>>) => {
  const cells = rows.map((row) => columns.map((column) => String(row[column] ?? "")))
  const widths = columns.map((column, i) =>
    Math.min(44, Math.max(column.length, ...cells.map((row) => row[i]?.length ?? 0)))
  )
  const line = (values: ReadonlyArray<string>) =>
    `  ${values.map((value, i) => value.slice(0, 44).padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd()
  say(line(columns))
  say(line(widths.map((width) => "─".repeat(width))))
  for (const row of cells) say(line(row))
}

const untilItEnds = async (first: Answer): Promise<Answer> => {
  let answer = first
  while (answer.status === "running") {
    const step = answer.next_steps?.[0]
    if (step === undefined) break
    await sleep((step.after_seconds ?? 1) * 1000)
    answer = await call(step.tool, step.arguments)
  }
  if (isTerminal) say()
  return answer
}

const showChecks = (plan: Answer) => {
  for (const { detail, result } of plan.checks ?? []) say(`  ${result === "ok" ? "✓" : "✗"} ${detail}`)
}

const day = 24 * 60 * 60 * 1000

const daysAgo = (days: number) => new Date(Date.now() - days * day).toISOString().slice(0, 10)

const lastMonth = (parameters: ReadonlyArray<{ readonly name: string }>) =>
  Object.fromEntries(parameters.map(({ name }) => [name, daysAgo(name.endsWith("date_start") ? 31 : 1)]))

const play = async () => {
  heading("Connect: start habu-mcp --sandbox and shake hands over stdio")
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [fileURLToPath(new URL("habu-mcp.mjs", import.meta.url)), "--sandbox", "--log-level", "warning"],
      stderr: "inherit"
    })
  )
  const server = client.getServerVersion()
  const { tools } = await client.listTools()
  say(`  ${server?.title ?? server?.name} ${server?.version}: ${tools.map((tool) => tool.name).join(", ")}`)

  heading("test_connection: who are we, and what may we do?")
  say(`  ${(await call("test_connection", {})).summary}`)

  heading("find_resources: which clean rooms and questions are there?")
  const rooms = await call("find_resources", { kind: "clean_rooms" })
  say(`  ${rooms.summary}`)
  const questions = await call("find_resources", { kind: "questions", status: "READY", limit: 8 })
  say(`  ${questions.summary}`)
  table(["display_id", "name", "clean_room"], questions.questions ?? [])

  heading(`execute_question_workflow, dry_run: can “${question}” run?`)
  const plan = await call("execute_question_workflow", { question, dry_run: true })
  showChecks(plan)
  const parameters = lastMonth(plan.parameters ?? [])
  say(`\n  Once more with ${JSON.stringify(parameters)}:`)
  showChecks(await call("execute_question_workflow", { question, parameters, dry_run: true }))

  heading("execute_question_workflow: start it once and watch (an hour of Habu's passes in a minute)")
  const done = await untilItEnds(await call("execute_question_workflow", { question, parameters }))
  say(`  ${done.summary}`)
  if (done.status !== "done" || done.results?.rows === undefined) throw new Error(`It ended as ${done.status}`)
  say()
  table(done.results.columns.map(({ name }) => name), done.results.rows)

  heading("The same call again: answered by the same run, nothing is started twice")
  say(`  ${(await call("execute_question_workflow", { question, parameters })).summary}`)
  say(`\n✓ Done. Everything above was ${done.environment ?? "real"}.`)
}

try {
  await play()
} catch (error) {
  process.stderr.write(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  await client.close()
}
