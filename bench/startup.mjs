// Measures how fast the built command is there and how much memory it holds, beside a bare SDK server bundled the same
// way. The two take turns, so that a busy machine slows both. `npm run bench -- [ROUNDS] [COMMAND]`.
import { execFileSync, spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Http from "node:http"
import * as Os from "node:os"
import * as Path from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { bundle } from "../scripts/bundle.mjs"

const rounds = Number(process.argv[2] ?? 9)
const command = process.argv[3] ?? fileURLToPath(new URL("../dist/bin/habu-mcp.mjs", import.meta.url))
const folder = Fs.mkdtempSync(Path.join(Os.tmpdir(), "habu-mcp-bench-"))

// Habu is not there in a benchmark; that something answers is all that a health check asks.
const api = Http.createServer((_request, response) => response.writeHead(404).end())
await new Promise((resolve) => api.listen(0, "127.0.0.1", resolve))

const environment = {
  PATH: process.env.PATH,
  HOME: folder,
  HABU_API: `http://127.0.0.1:${api.address().port}`,
  HABU_STATE: Path.join(folder, "state")
}

const residentMegabytes = (pid) => {
  const status = `/proc/${pid}/status`
  const kilobytes = Fs.existsSync(status)
    ? /VmRSS:\s+(\d+)/.exec(Fs.readFileSync(status, "utf8"))[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })
  return Number(kilobytes) / 1024
}

/** Starts a server and gives a function that sends one request and waits for its answer. */
const start = (file) => {
  const child = spawn(process.execPath, [file], { env: environment, stdio: ["pipe", "pipe", "ignore"] })
  const answers = new Map()
  const ended = new Promise((_resolve, reject) => {
    child.on("exit", (code) => reject(new Error(`${file} ended with code ${code}`)))
    setTimeout(() => reject(new Error(`${file} did not answer in 30 s`)), 30_000).unref()
  })
  ended.catch(() => undefined)
  createInterface(child.stdout).on("line", (line) => {
    const answer = JSON.parse(line)
    answers.get(answer.id)?.(answer)
  })
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  const request = (method, params) => {
    const id = answers.size + 1
    const answer = new Promise((resolve) => answers.set(id, resolve))
    send({ id, method, params })
    return Promise.race([answer, ended])
  }
  return { child, ended, request, send }
}

const measure = async (file) => {
  const begun = performance.now()
  const { child, ended, request, send } = start(file)
  await request("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "bench", version: "1.0.0" }
  })
  const initialize = performance.now() - begun
  send({ method: "notifications/initialized" })
  await request("tools/list", {})
  const memory = residentMegabytes(child.pid)
  const called = performance.now()
  const { error, result } = await request("tools/call", { name: "health_check", arguments: {} })
  const firstCall = performance.now() - called
  if (error !== undefined || result.isError) throw new Error(`health_check: ${JSON.stringify(error ?? result)}`)
  child.kill("SIGTERM")
  await ended.catch(() => undefined)
  return { initialize, memory, firstCall }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

try {
  await bundle("bench/bare-server.mjs", folder)
  const servers = { bare: Path.join(folder, "bare-server.mjs"), ours: command }
  const seen = { bare: [], ours: [] }
  // The first turn fills the file cache and does not count.
  for (let round = 0; round <= rounds; round++) {
    for (const [name, file] of Object.entries(servers)) {
      const measured = await measure(file)
      if (round > 0) seen[name].push(measured)
    }
  }
  const of = (name, key) => median(seen[name].map((measured) => measured[key]))
  const row = (title, key, unit) => {
    const [bare, ours] = [of("bare", key), of("ours", key)]
    const each = `bare ${bare.toFixed(1)} ${unit}, habu-mcp ${ours.toFixed(1)} ${unit}`
    return `${title}: ${each}, ratio ${(ours / bare).toFixed(2)}`
  }
  console.log(`medians of ${rounds}, taking turns, Node ${process.versions.node}`)
  console.log(row("start to initialize", "initialize", "ms"))
  console.log(row("resident after tools/list", "memory", "MB"))
  console.log(`first tools/call (health_check): habu-mcp ${of("ours", "firstCall").toFixed(1)} ms`)
} finally {
  api.close()
  Fs.rmSync(folder, { recursive: true, force: true })
}
