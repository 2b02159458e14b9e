// Prints the tool surface. `--check` compares it with the committed snapshot; `--write` renews it, and the tools' pages.
import * as fs from "node:fs"
import * as Surface from "../src/mcp/Surface.js"
import * as Pages from "./docs/Pages.js"

const snapshot = new URL("../src/mcp/surface.json", import.meta.url)
const text = `${JSON.stringify(Surface.make(), null, 2)}\n`

if (process.argv.includes("--write")) {
  fs.writeFileSync(snapshot, text)
  Pages.write()
} else if (!process.argv.includes("--check")) process.stdout.write(text)
else if (fs.readFileSync(snapshot, "utf8") !== text) {
  process.stderr.write("src/mcp/surface.json differs from the tools. Renew it with: npm run surface -- --write\n")
  process.exitCode = 1
}
