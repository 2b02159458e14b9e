/** How the demo looks: on a terminal in colours and with a progress bar that moves, elsewhere as plain lines. */
import type { Progress } from "@modelcontextprotocol/sdk/types.js"
import { isObject, type Json, type JsonObject } from "../../mcp/JsonSchemas.js"

const isTerminal = process.stdout.isTTY
const isColoured = process.env["FORCE_COLOR"] !== undefined || isTerminal && process.env["NO_COLOR"] === undefined
const widest = 104

const styled = (code: number) => (text: string) => isColoured ? `\u001B[${code}m${text}\u001B[0m` : text
const bold = styled(1)
const faint = styled(2)
const green = styled(32)
const yellow = styled(33)
const blue = styled(36)

const cut = (text: string, width: number) => text.length > width ? `${text.slice(0, width - 1)}…` : text

const inline = (value: JsonObject) =>
  JSON.stringify(value, null, 1).replace(/\n */g, " ").replaceAll("[ ", "[").replaceAll(" ]", "]")

const wrapped = (text: string, indent: string) => {
  const lines = [""]
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? ""
    if (last !== "" && indent.length + last.length + 1 + word.length > widest) lines.push(word)
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`
  }
  return lines.map((line) => indent + line).join("\n")
}

let barIsOpen = false

export const say = (line = "") => {
  process.stdout.write(`${barIsOpen ? "\r\u001B[2K" : ""}${line}\n`)
  barIsOpen = false
}

export const title = (text: string) => say(bold(text))
export const heading = (text: string) => say(`\n${bold(`▸ ${text}`)}`)
// Enough to see what is asked; the guide has the rest.
const mostShown = 3 * widest - 20

export const call = (tool: string, args: JsonObject) => {
  const [first, ...more] = wrapped(`${tool} ${cut(inline(args), mostShown)}`, "  ").split("\n")
  say(`  ${blue(tool)}${faint((first ?? "").slice(tool.length + 2))}`)
  for (const line of more) say(faint(line))
}
export const aside = (text: string) => text.split("\n").forEach((line) => say(yellow(wrapped(line, "  "))))
export const asked = (message: string) => aside(`a person is asked, and agrees: ${message}`)
export const kept = (text: string) => say(`  ${green("✓")} ${text}`)
export const summary = (text: string) => say(wrapped(text, "  "))

// Elsewhere than on a terminal a bar would fill the page.
export const progress = ({ message, progress, total }: Progress) => {
  if (!isTerminal) return
  const width = 24
  const filled = total === undefined ? width : Math.min(width, Math.round(width * progress / total))
  process.stdout.write(`\r\u001B[2K  ${"█".repeat(filled)}${"░".repeat(width - filled)} ${message ?? ""}`)
  barIsOpen = true
}

const text = (value: Json | undefined): string => {
  if (value === undefined || value === null) return ""
  if (Array.isArray(value)) return value.map(text).join("; ")
  return isObject(value) ? Object.entries(value).map(([name, one]) => `${name} ${text(one)}`).join(", ") : String(value)
}

// The last column has what the others leave.
const table = (columns: ReadonlyArray<string>, rows: ReadonlyArray<JsonObject>) => {
  const cells = [columns, ...rows.map((row) => columns.map((column) => text(row[column])))]
  const widths = columns.map((_, i) => Math.min(44, Math.max(...cells.map((row) => row[i]?.length ?? 0))))
  const left = Math.max(24, widest - widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 4))
  const line = (row: ReadonlyArray<string>) =>
    `    ${
      row.map((cell, i) => i === columns.length - 1 ? cut(cell, left) : cut(cell, 44).padEnd(widths[i] ?? 0)).join("  ")
    }`
  const [head = "", ...lines] = cells.map(line)
  say(faint(head))
  for (const one of lines) say(one)
}

const mostRows = 8

const show = (name: string, value: Json): void => {
  if (Array.isArray(value) && value.some((item: Json) => isObject(item))) {
    const rows = value.filter((item: Json) => isObject(item))
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    say(faint(`    ${name}${rows.length > mostRows ? `, ${mostRows} of ${rows.length}` : ""}`))
    return table(columns, rows.slice(0, mostRows))
  }
  if (isObject(value)) return Object.entries(value).forEach(([inner, one]) => show(`${name}.${inner}`, one))
  say(`${faint(`    ${name}`)} ${cut(text(value), widest - name.length)}`)
}

/** Of a value as much as another one shows: the fields that it names, in lists for each item. */
const narrowed = (value: Json | undefined, shown: Json): Json => {
  if (Array.isArray(value) && Array.isArray(shown)) {
    const fields = Object.fromEntries(shown.filter(isObject).flatMap((item) => Object.entries(item)))
    return value.map((item: Json) => isObject(item) && Object.keys(fields).length > 0 ? narrowed(item, fields) : item)
  }
  if (isObject(value) && isObject(shown)) {
    return Object.fromEntries(
      Object.entries(shown).flatMap(([name, one]) => name in value ? [[name, narrowed(value[name], one)]] : [])
    )
  }
  return value ?? null
}

/** What an answer has in the places that are shown of it. */
export const answer = (said: JsonObject, shown: JsonObject) => {
  for (const [name, value] of Object.entries(shown)) {
    if (name !== "status" && name !== "summary") show(name, narrowed(said[name], value))
  }
}
