/**
 * What a guide is played on: the built command's sandbox, and the built command as an MCP host would start it, with the
 * SDK's own client as the host and a person behind it who agrees to what they are asked.
 */
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js"
import { ElicitRequestSchema, type Progress } from "@modelcontextprotocol/sdk/types.js"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import type { JsonObject } from "../../mcp/JsonSchemas.js"

const command = fileURLToPath(new URL("habu-mcp.mjs", import.meta.url))

export interface Listeners {
  readonly progress: (progress: Progress) => void
  /** What the person is asked before they agree. */
  readonly asked: (message: string) => void
}

export interface Stage {
  readonly server: string
  /** How many of the sandbox's seconds pass in one. */
  readonly speed: number
  readonly call: (tool: string, args: JsonObject) => Promise<JsonObject>
  /** Sends something to one of the sandbox's control endpoints. */
  readonly control: (method: string, path: string, body?: JsonObject) => Promise<unknown>
  readonly close: () => Promise<void>
}

interface Address {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
}

const listening = async (sandbox: ChildProcess): Promise<Address> => {
  if (sandbox.stdout === null) throw new Error("The sandbox has no output")
  const [line] = await once(createInterface(sandbox.stdout), "line") as [string]
  return JSON.parse(line) as Address
}

const controlling = (url: string): Stage["control"] => async (method, path, body) => {
  const response = await fetch(new URL(`/__sandbox${path}`, url), {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } })
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`The sandbox answers ${response.status} to ${method} ${path}: ${text}`)
  return text === "" ? undefined : JSON.parse(text) as unknown
}

const calling = (client: Client, onprogress: Listeners["progress"]): Stage["call"] => async (name, args) => {
  const result = await client.callTool({ name, arguments: args }, undefined, { onprogress, timeout: 60_000 })
  const [content] = result.content as ReadonlyArray<{ readonly text: string }>
  if (result.isError === true) throw new Error(content?.text ?? `${name} failed`)
  return result.structuredContent as JsonObject
}

const connect = async (address: Address, speed: number, listeners: Listeners) => {
  const client = new Client({ name: "habu-mcp-demo", version: "1.0.0" }, { capabilities: { elicitation: {} } })
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    listeners.asked(params.message)
    return { action: "accept", content: { agree: true } }
  })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [command, "--log-level", "error"],
      env: {
        PATH: process.env["PATH"] ?? "",
        HABU_API: address.url,
        HABU_API_CLIENT: address.clientId,
        HABU_API_SECRET: address.clientSecret,
        HABU_SANDBOX_SPEED: String(speed),
        HABU_STATE: "memory"
      },
      stderr: "ignore"
    })
  )
  return client
}

/** Starts both. */
export const open = async (speed: number, listeners: Listeners): Promise<Stage> => {
  const sandbox = spawn(process.execPath, [command, "sandbox", "--port", "0", "--speed", String(speed)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"] ?? "" }
  })
  try {
    const address = await listening(sandbox)
    const client = await connect(address, speed, listeners)
    const version = client.getServerVersion()
    return {
      speed,
      server: `${version?.title ?? version?.name} ${version?.version}`,
      call: calling(client, listeners.progress),
      control: controlling(address.url),
      close: async () => {
        await client.close()
        sandbox.kill()
      }
    }
  } catch (error) {
    sandbox.kill()
    throw error
  }
}
