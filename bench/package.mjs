// Measures the package: how large it is packed, unpacked and installed, and how soon the command installed from it is
// there, the first time and after that, beside a bare SDK server. `npm run bench -- package`; needs the npm registry.
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { figure } from "./figures.mjs"
import { compare } from "./starting.mjs"

const repository = fileURLToPath(new URL("..", import.meta.url))
const folder = Fs.mkdtempSync(Path.join(Os.tmpdir(), "habu-mcp-package-"))
const project = Path.join(folder, "project")
const npm = (...args) =>
  execFileSync("npm", args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })

const megabytes = (at) =>
  Fs.readdirSync(at, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    .reduce((sum, file) => sum + Fs.statSync(Path.join(file.parentPath, file.name)).size, 0) / 1024 / 1024

const installed = (name, ...args) => {
  Fs.mkdirSync(project)
  Fs.writeFileSync(Path.join(project, "package.json"), JSON.stringify({ private: true }))
  npm("install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--silent", ...args)
  Fs.renameSync(project, Path.join(folder, name))
  return Path.join(folder, name, "node_modules")
}

try {
  const { dependencies, version } = JSON.parse(Fs.readFileSync(Path.join(repository, "package.json"), "utf8"))
  execFileSync("npm", ["run", "--silent", "build"], { cwd: repository, stdio: "inherit" })
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: repository })
  const tarball = Path.join(folder, `habu-mcp-${version}.tgz`)
  const sdk = megabytes(installed("sdk", `@modelcontextprotocol/sdk@${dependencies["@modelcontextprotocol/sdk"]}`))
  const all = installed("all", tarball)
  const without = megabytes(installed("without", "--omit=optional", tarball))
  const against = { what: "the SDK alone installed", value: sdk }
  figure({ what: "packed", value: Fs.statSync(tarball).size / 1024 / 1024, unit: "MB" })
  figure({ what: "unpacked", value: megabytes(Path.join(all, "habu-mcp")), unit: "MB" })
  figure({ what: "installed without what is optional", value: without, unit: "MB", against })
  figure({ what: "installed", value: megabytes(all), unit: "MB", against })
  await compare({ command: Path.join(all, "habu-mcp/dist/bin/habu-mcp.mjs"), rounds: 5, title: "installed: " })
} finally {
  Fs.rmSync(folder, { recursive: true, force: true })
}
