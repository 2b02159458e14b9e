// The built command's MCP server over a built sandbox, as two processes on this machine, for benchmarks of whole tool
// calls.
import { spawn } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const command = fileURLToPath(new URL("../dist/bin/habu-mcp.mjs", import.meta.url))

const started = (args, env, stdin) => {
  const child = spawn(process.execPath, [command, ...args], { stdio: [stdin, "pipe", "inherit"], env })
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
  const { close, died, lines } = started(["sandbox", "--port", "0", ...args], process.env, "ignore")
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
  return { clientId, clientSecret, url, control, close }
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
  { concurrency = 8, speed = 60, state = "memory" } = {}
) => {
  const { child, close, died, lines } = started(["--log-level", "error"], {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    HABU_API: url,
    HABU_API_CLIENT: clientId,
    HABU_API_SECRET: clientSecret,
    HABU_SANDBOX_SPEED: String(speed),
    HABU_STATE: state,
    HABU_CONCURRENCY: String(concurrency)
  }, "pipe")
  const answers = new Map()
  lines.on("line", (line) => {
    const answer = JSON.parse(line)
    answers.get(answer.id)?.(answer)
  })
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  const request = (method, params) => {
    const id = answers.size + 1
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
  /** Calls a tool; gives the milliseconds it took and its structured answer. */
  const call = async (name, args = {}) => {
    const begun = performance.now()
    const { error, result } = await request("tools/call", { name, arguments: args })
    const millis = performance.now() - begun
    if (error !== undefined || result.isError) throw new Error(`${name}: ${JSON.stringify(error ?? result.content)}`)
    return { millis, answer: result.structuredContent }
  }
  return { call, close }
}

/** An answer's size as a model counts it. */
export const tokensOf = (answer) => Math.ceil(JSON.stringify(answer).length / 4)
