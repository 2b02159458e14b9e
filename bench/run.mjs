// Takes all measurements, or those named, one after the other, and prints them as one table.
// `npm run bench -- [NAME…]`; ends with 1 where an aim is missed. docs/measurements.md says how each is taken.
import { fork } from "node:child_process"
import * as Os from "node:os"
import { fileURLToPath } from "node:url"

const names = [
  "startup",
  "package",
  "reads",
  "calls",
  "load",
  "growth",
  "rounds",
  "organization",
  "results",
  "sandbox"
]
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}; possible: ${names.join(", ")}`)
  process.exit(2)
}

const measure = (name) =>
  new Promise((resolve) => {
    const child = fork(fileURLToPath(new URL(`${name}.mjs`, import.meta.url)), [], {
      stdio: ["ignore", "pipe", "inherit", "ipc"]
    })
    const rows = []
    let said = ""
    child.on("message", (row) => rows.push(row))
    child.stdout.on("data", (chunk) => said += chunk)
    child.on("close", (code) => resolve({ name, rows, said, code }))
  })

console.log(
  `Node ${process.versions.node}, ${Os.cpus().length} processors (${Os.cpus()[0]?.model}), ${process.platform}`
)
const head = ["", "what", "measured", "against", "ratio", "aim"]
const table = []
let isMissed = false
for (const name of names.filter((name) => asked.length === 0 || asked.includes(name))) {
  const { code, rows, said } = await measure(name)
  if (code !== 0) isMissed = true
  console.error(`${name}: ${rows.length} figures`)
  if (code !== 0 && !rows.some(({ aim }) => aim.endsWith("MISSED"))) {
    console.error(said)
    rows.push({ what: "did not come to its end", measured: "", against: "", ratio: "", aim: "MISSED" })
  }
  for (const row of rows) table.push([name, row.what, row.measured, row.against, row.ratio, row.aim])
}
const line = (cells) => `| ${cells.join(" | ")} |`
console.log([line(head), line(head.map(() => "---")), ...table.map(line)].join("\n"))
process.exitCode = isMissed ? 1 : 0
