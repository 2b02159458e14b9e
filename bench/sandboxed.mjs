// The built command's MCP server over a built sandbox, as two processes on this machine, for benchmarks of whole tool
// calls.
import { execFileSync, spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const command = fileURLToPath(new URL("../dist/bin/habu-mcp.mjs", import.meta.url))

// Whoever sends SIGUSR2 gets, on the fourth channel, what the process holds once its garbage is collected.
const probe = `data:text/javascript,${
  encodeURIComponent(`
    import { writeSync } from "node:fs"
    process.on("SIGUSR2", async () => {
      for (let turn = 0; turn < 3; turn++) {
        gc()
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      const { external, heapUsed, rss } = process.memoryUsage()
      const handles = process.getActiveResourcesInfo()
      writeSync(3, JSON.stringify({ external, heapUsed, rss, handles }) + "\\n")
    })
  `)
}`

const started = (args, env, stdin, { file = command, probed = false } = {}) => {
  const flags = probed ? ["--expose-gc", "--import", probe] : []
  const stdio = [stdin, "pipe", "inherit", ...(probed ? ["pipe"] : [])]
  const child = spawn(process.execPath, [...flags, file, ...args], { stdio, env })
  const ended = new Promise((resolve) => child.on("exit", resolve))
  const close = async () => {
    child.kill("SIGTERM")
    await ended
  }
  const died = ended.then((code) => Promise.reject(new Error(`${args.join(" ")} ended with code ${code}`)))
  died.catch(() => undefined)
  return { child, died, close, lines: createInterface(child.stdout) }
}

/** A sandbox, with what its first line says and the ways to slow it down and to see what it was asked. */
export const sandbox = async (args) => {
  const { child, close, died, lines } = started(["sandbox", "--port", "0", ...args], process.env, "ignore")
  const first = await Promise.race([new Promise((resolve) => lines.once("line", resolve)), died])
  const { clientId, clientSecret, url } = JSON.parse(first)
  const control = async (method, path, body) => {
    const response = await fetch(`${new URL(url).origin}/__sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }
  return { clientId, clientSecret, url, control, close, pid: child.pid }
}

/** A folder for the state that servers share, so that one access token serves them all; gone at the end. */
export const stateFolder = () => {
  const folder = Fs.mkdtempSync(Path.join(Os.tmpdir(), "habu-mcp-bench-"))
  process.on("exit", () => Fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** An MCP server for that sandbox and the way to call its tools. `state` is a folder, or memory. */
export const server = async (
  { clientId, clientSecret, url },
  { concurrency = 8, file, probed = false, speed = 60, state = "memory", toolsets = [] } = {}
) => {
  const { child, close, died, lines } = started(
    ["--log-level", "error", ...toolsets],
    {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      HABU_API: url,
      HABU_API_CLIENT: clientId,
      HABU_API_SECRET: clientSecret,
      HABU_SANDBOX_SPEED: String(speed),
      HABU_STATE: state,
      HABU_CONCURRENCY: String(concurrency)
    },
    "pipe",
    { file, probed }
  )
  const answers = new Map()
  let asked = 0
  lines.on("line", (line) => {
    const answer = JSON.parse(line)
    answers.get(answer.id)?.(answer)
    answers.delete(answer.id)
  })
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  const request = (method, params) => {
    const id = ++asked
    const answer = new Promise((resolve) => answers.set(id, resolve))
    send({ id, method, params })
    return Promise.race([answer, died])
  }
  await request("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "bench", version: "1.0.0" }
  })
  send({ method: "notifications/initialized" })
  /** Calls a tool; gives the milliseconds it took and the protocol's answer, whatever it is. */
  const ask = async (name, args = {}) => {
    const begun = performance.now()
    const { error, result } = await request("tools/call", { name, arguments: args })
    return { millis: performance.now() - begun, error, result }
  }
  /** Calls a tool that must succeed; gives the milliseconds it took and its structured answer. */
  const call = async (name, args) => {
    const { error, millis, result } = await ask(name, args)
    if (error !== undefined || result.isError) throw new Error(`${name}: ${JSON.stringify(error ?? result.content)}`)
    return { millis, answer: result.structuredContent }
  }
  const figures = probed ? createInterface(child.stdio[3]) : undefined
  /** What the process holds after a collection of its garbage; for one that is `probed`. */
  const held = async () => {
    const line = new Promise((resolve) => figures.once("line", resolve))
    child.kill("SIGUSR2")
    return JSON.parse(await Promise.race([line, died]))
  }
  return { ask, call, close, died, held, pid: child.pid }
}

/** What a process holds in memory. */
export const residentMegabytes = (pid) => {
  const status = `/proc/${pid}/status`
  const kilobytes = Fs.existsSync(status)
    ? /VmRSS:\s+(\d+)/.exec(Fs.readFileSync(status, "utf8"))[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })
  return Number(kilobytes) / 1024
}

/** A client of the sandbox without habu-mcp: takes an access token and gives the way to read a path. */
export const signIn = async ({ clientId, clientSecret, url }) => {
  const answer = await fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded"
    },
    body: "grant_type=client_credentials"
  })
  const { accessToken } = await answer.json()
  return async (path) => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${accessToken}` } })
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    return response.json()
  }
}

/** An answer's size as a model counts it. */
export const tokensOf = (answer) => Math.ceil(JSON.stringify(answer).length / 4)
