// An MCP host for tests: starts the built command and talks to it with the SDK's own client.
import { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js"
import {
  type ElicitRequestFormParams,
  ElicitRequestSchema,
  type ElicitResult
} from "@modelcontextprotocol/sdk/types.js"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import type * as Sandbox from "../../src/sandbox/Sandbox.js"

export const command = fileURLToPath(new URL("../../dist/bin/habu-mcp.mjs", import.meta.url))

export interface Reply {
  readonly isError: boolean
  readonly text: string
  readonly structured: { readonly [field: string]: unknown } | undefined
  readonly steps: ReadonlyArray<{ readonly progress: number; readonly message?: string | undefined }>
}

export interface Host {
  readonly client: Client
  readonly pid: number
  readonly stderr: () => string
  // Lines on stdout that are not of the protocol.
  readonly strays: () => ReadonlyArray<string>
  readonly call: (
    name: string,
    args?: Record<string, unknown>,
    options?: { readonly signal?: AbortSignal }
  ) => Effect.Effect<Reply>
}

const Content = Schema.Array(Schema.Struct({ type: Schema.Literal("text"), text: Schema.String }))

export const folder = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "habu-mcp-test-"))),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true, force: true }))
)

// What a host passes on: nothing of this process's environment but what programs need to start.
const bare = { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" }

export interface Options {
  // The largest file that the command may write, in blocks of 512 bytes.
  readonly fileBlocks?: number
  // The person behind the host, for a host that can ask one.
  readonly person?: (form: ElicitRequestFormParams) => ElicitResult
}

export const start = (
  args: ReadonlyArray<string>,
  env: Record<string, string> = {},
  { fileBlocks, person }: Options = {}
) =>
  Effect.acquireRelease(
    Effect.promise(async (): Promise<Host> => {
      const whole = [process.execPath, command, ...args]
      const [program = "", ...given] = fileBlocks === undefined
        ? whole
        : ["sh", "-c", `ulimit -f ${fileBlocks}; exec "$@"`, "sh", ...whole]
      const transport = new StdioClientTransport({
        command: program,
        args: given,
        env: { ...bare, ...env },
        stderr: "pipe"
      })
      const strays: Array<string> = []
      const errors: Array<string> = []
      transport.stderr?.on("data", (chunk: Buffer) => errors.push(chunk.toString("utf8")))
      const client = new Client(
        { name: "test-host", version: "1.0.0" },
        { capabilities: person === undefined ? {} : { elicitation: {} } }
      )
      if (person !== undefined) {
        client.setRequestHandler(ElicitRequestSchema, ({ params }) => person(params as ElicitRequestFormParams))
      }
      client.onerror = (error) => strays.push(error.message)
      await client.connect(transport)
      return {
        client,
        pid: transport.pid ?? 0,
        stderr: () => errors.join(""),
        strays: () => strays,
        call: (name, given = {}, options = {}) =>
          Effect.promise(async () => {
            const steps: Array<Reply["steps"][number]> = []
            const result = await client.callTool({ name, arguments: given }, undefined, {
              ...options,
              timeout: 60_000,
              onprogress: (step) => steps.push(step)
            })
            const content = Schema.decodeUnknownSync(Content)(result.content)
            return {
              isError: result.isError === true,
              text: content.map((part) => part.text).join("\n"),
              structured: result.structuredContent as Reply["structured"],
              steps
            }
          })
      }
    }),
    (host) => Effect.promise(() => host.client.close())
  )

// The settings with which the command uses a sandbox of this process.
export const settingsFor = (sandbox: Sandbox.Service, state: string): Record<string, string> => ({
  HABU_API: sandbox.url,
  HABU_API_CLIENT: sandbox.clientId,
  HABU_API_SECRET: Redacted.value(sandbox.clientSecret),
  HABU_SANDBOX_SPEED: String(sandbox.clock.speed),
  HABU_STATE: state
})

// Which operations reached the sandbox, in order.
export const sent = (sandbox: Sandbox.Service, operation: string) =>
  Effect.map(sandbox.requests, (entries) => entries.filter((entry) => entry.operation === operation))
