/** How answers look on a terminal: tables, a progress line, and questions to the person there. */
import { createInterface } from "node:readline/promises"
import type { Question, Reply } from "../workflows/Asker.js"
import { reader } from "./print.js"

const width = () => Math.max(40, reader.columns)

// Nothing that came from elsewhere may steer the terminal.
const plain = (text: string) => text.replace(/[\p{Cc}\p{Cf}]+/gu, " ")

/** Breaks a text into lines that fit. */
export const wrapped = (text: string, indent: string): ReadonlyArray<string> => {
  const room = width() - indent.length
  const lines: Array<string> = []
  for (const word of plain(text).split(" ").filter((one) => one !== "")) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map((line) => `${indent}${line}`)
}

type Fields = { readonly [name: string]: unknown }

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A value in one line; of what has a name, the name. */
const inLine = (value: unknown): string => {
  if (value === undefined || value === null) return ""
  if (Array.isArray(value)) return value.map(inLine).join(", ")
  if (isFields(value)) {
    return typeof value["name"] === "string"
      ? plain(value["name"])
      : Object.entries(value).map(([name, one]) => `${name} ${inLine(one)}`).join("; ")
  }
  return plain(String(value))
}

const cut = (text: string, most: number) => text.length <= most ? text : `${text.slice(0, most - 1)}…`

const widestCell = 44

/** Rows under their columns, cut to the terminal's width. */
export const table = (rows: ReadonlyArray<Fields>, indent = ""): string => {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const cells = [columns, ...rows.map((row) => columns.map((column) => inLine(row[column])))]
  const widths = columns.map((_, i) => Math.min(widestCell, Math.max(...cells.map((row) => row[i]?.length ?? 0))))
  const line = (row: ReadonlyArray<string>) =>
    cut(`${indent}${row.map((cell, i) => cut(cell, widestCell).padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd(), width())
  const [head = [], ...body] = cells
  return [line(head), line(widths.map((one) => "─".repeat(one))), ...body.map(line)].join("\n")
}

const isTable = (value: unknown): value is ReadonlyArray<Fields> =>
  Array.isArray(value) && value.length > 0 && value.every(isFields)

const field = ([name, value]: [string, unknown], indent: string): ReadonlyArray<string> => {
  const label = `${indent}${name.replaceAll("_", " ")}`
  if (isTable(value)) return ["", `${label}:`, table(value, `${indent}  `)]
  if (isFields(value)) return [`${label}:`, ...Object.entries(value).flatMap((one) => field(one, `${indent}  `))]
  return wrapped(inLine(value), `${indent}  `).length > 1 || Array.isArray(value)
    ? [`${label}:`, ...(Array.isArray(value) ? value : [value]).flatMap((one) => wrapped(inLine(one), `${indent}  `))]
    : [`${label}: ${inLine(value)}`]
}

interface NextStep {
  readonly tool: string
  readonly arguments: Fields
  readonly why: string
  readonly after_seconds?: number
}

// As a shell takes it.
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

const nextStep = ({ after_seconds: after, arguments: given, tool, why }: NextStep) => [
  ...wrapped(`→ ${after === undefined ? "" : `in ${after} s: `}${why}`, ""),
  `  habu-mcp call ${tool} ${quoted(plain(JSON.stringify(given)))}`
]

/** An answer of a tool, for a person. */
export const answer = (given: Fields): string => {
  const { environment, next_steps: steps = [], status, summary, warnings = [], ...facts } = given
  return [
    ...wrapped(`${String(status).replaceAll("_", " ")}: ${String(summary)}`, ""),
    ...(environment === undefined ? [] : [`(${inLine(environment)})`]),
    "",
    ...Object.entries(facts).flatMap((one) => field(one, "")),
    ...(warnings as ReadonlyArray<string>).flatMap((warning) => ["", ...wrapped(`! ${warning}`, "")]),
    "",
    ...(steps as ReadonlyArray<NextStep>).flatMap(nextStep)
  ].join("\n").trimEnd().concat("\n")
}

const barWidth = 24
const lineStart = "\r\u001B[2K"

interface Step {
  readonly progress: number
  readonly total?: number
  readonly message: string
}

/** A line on stderr that shows how far a call is, and is gone afterwards. */
export const progress = {
  show: ({ message, progress, total }: Step) => {
    const filled = total === undefined || total <= 0 ? 0 : Math.min(barWidth, Math.round(barWidth * progress / total))
    const bar = total === undefined ? "" : `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} `
    process.stderr.write(`${lineStart}${cut(`${bar}${plain(message)}`, width() - 1)}`)
  },
  clear: () => process.stderr.write(lineStart)
}

/** Puts a question to the person at the terminal; what cannot be undone is agreed to by typing its name. */
export const ask = async ({ changes, message, typed }: Question, signal: AbortSignal): Promise<Reply> => {
  progress.clear()
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // The terminal gives Ctrl-C to the line that is being typed.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"))
  const gone = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)))
  const prompt = typed === undefined ? "Agree to these changes? [y/N] " : `Type ${plain(typed)} to agree: `
  const said = [message, ...changes.map((change) => `- ${change}`)].map(plain).join("\n")
  try {
    const reply = await Promise.race([lines.question(`${said}\n${prompt}`, { signal }).catch(() => undefined), gone])
    if (reply === undefined) return { _tag: "Unanswered" }
    if (typed !== undefined) return reply.trim() === "" ? { _tag: "Declined" } : { _tag: "Accepted", typed: reply }
    return /^y(es)?$/i.test(reply.trim()) ? { _tag: "Accepted", typed: undefined } : { _tag: "Declined" }
  } finally {
    lines.close()
  }
}
