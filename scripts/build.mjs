// Builds dist: the library as modules with types and maps, and the commands as bundles. `--bin` builds only these.
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { bundle, define } from "./bundle.mjs"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))

const library = () => {
  Fs.rmSync("dist", { recursive: true, force: true })
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "src"], { stdio: "inherit" })
  for (const file of Fs.readdirSync("dist", { recursive: true }).filter((name) => name.endsWith(".js"))) {
    const path = Path.join("dist", file)
    const text = Fs.readFileSync(path, "utf8")
    const defined = Object.entries(define).reduce((before, [name, value]) => before.replaceAll(name, value), text)
    if (defined !== text) Fs.writeFileSync(path, defined)
  }
}

const commands = async () => {
  Fs.rmSync("dist/bin", { recursive: true, force: true })
  const metafile = await bundle("src/bin/habu-mcp.ts", "dist/bin")
  Fs.writeFileSync("dist/bin/meta.json", JSON.stringify(metafile))
  if (Fs.existsSync("src/bin/demo.ts")) await bundle("src/bin/demo.ts", "dist/bin")
}

if (!process.argv.includes("--bin")) library()
await commands()
