// How fast a built command is there and how much memory it holds, beside a bare SDK server bundled the same way. The two
// take turns, so that a busy machine slows both.
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Http from "node:http"
import * as Os from "node:os"
import * as Path from "node:path"
import { createInterface } from "node:readline"
import { bundle } from "../scripts/bundle.mjs"
import { figure, median } from "./figures.mjs"
import { residentMegabytes } from "./sandboxed.mjs"

/** Starts a server and gives a function that sends one request and waits for its answer. */
const start = (file, env) => {
  const child = spawn(process.execPath, [file], { env, stdio: ["pipe", "pipe", "ignore"] })
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

const measure = async (file, environment) => {
  const begun = performance.now()
  const { child, ended, request, send } = start(file, environment)
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

/** Starts both in turns, so many times, and tells the medians, and the first start of all, which finds no file at hand. */
export const compare = async ({ command, rounds, title = "" }) => {
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
  try {
    await bundle("bench/bare-server.mjs", folder)
    const servers = { bare: Path.join(folder, "bare-server.mjs"), ours: command }
    const seen = { bare: [], ours: [] }
    for (let round = 0; round <= rounds; round++) {
      for (const [name, file] of Object.entries(servers)) seen[name].push(await measure(file, environment))
    }
    const [first, ...rest] = seen.ours
    const told = (what, key, unit, aim) => {
      const value = (all) => median(all.map((measured) => measured[key]))
      const bare = value(seen.bare.slice(1))
      const against = { what: "a bare SDK server", value: bare }
      figure({ what: `${title}${what}`, value: value(rest), unit, against, ...(aim !== undefined && { aim }) })
      return against
    }
    const against = told("start to initialize", "initialize", "ms", { most: 1.1 })
    figure({ what: `${title}the very first start`, value: first.initialize, unit: "ms", against })
    told("resident after tools/list", "memory", "MB", { most: 1.1 })
    told("first tools/call (health_check)", "firstCall", "ms", undefined)
  } finally {
    api.close()
    Fs.rmSync(folder, { recursive: true, force: true })
  }
}
