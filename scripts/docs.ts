// Makes the pages that follow from the program. `--write` renews them in docs/, `--check` compares with them.
import * as fs from "node:fs"
import * as CataloguePages from "./docs/CataloguePages.js"
import { generated } from "./docs/Markdown.js"
import * as ToolPages from "./docs/ToolPages.js"

const folder = new URL("../docs/", import.meta.url)
const pages = new Map([...CataloguePages.pages, ...ToolPages.pages])

const read = (path: string) => {
  const file = new URL(path, folder)
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined
}

const stale = [...pages].filter(([path, text]) => read(path) !== text).map(([path]) => path)
const orphans = fs.readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md") && !pages.has(path) && read(path)?.startsWith(generated))

if (process.argv.includes("--write")) {
  for (const [path, text] of pages) {
    fs.mkdirSync(new URL(".", new URL(path, folder)), { recursive: true })
    fs.writeFileSync(new URL(path, folder), text)
  }
  for (const path of orphans) fs.rmSync(new URL(path, folder))
} else if (process.argv.includes("--check")) {
  const wrong = [...stale, ...orphans]
  if (wrong.length > 0) {
    process.stderr.write(`These pages in docs/ differ from the program: ${wrong.join(", ")}.\n`)
    process.stderr.write("Renew them with: npm run docs -- --write\n")
    process.exitCode = 1
  }
} else process.stdout.write([...pages].map(([path, text]) => `${path}\n\n${text}`).join("\n"))
