/**
 * The adapter to the MCP SDK: the one file of this folder that knows it. It answers `initialize` and `tools/list` from
 * the snapshot, and loads everything else with the first call.
 *
 * @since 0.1.0
 */
import { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js"
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type ServerResult
} from "@modelcontextprotocol/sdk/types.js"
import type { Question, Reply } from "../workflows/Asker.js"
import type { Result } from "./Answers.js"
import type { Surface } from "./Surface.js"

/**
 * What the loaded part of the program can do.
 *
 * @since 0.1.0
 * @category models
 */
export interface Loaded {
  readonly call: (
    name: string,
    given: unknown,
    options: {
      readonly signal: AbortSignal
      readonly onProgress: (step: {
        readonly progress: number
        readonly total?: number
        readonly message: string
      }) => Promise<void>
      readonly ask: ((question: Question) => Promise<Reply>) | undefined
    }
  ) => Promise<Result>
  readonly close: () => Promise<void>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly surface: Surface
  readonly version: string
  readonly build: string
  readonly sandbox: boolean
  readonly load: () => Promise<Loaded>
}

type Extra = Parameters<Parameters<Server["setRequestHandler"]>[1]>[1]

// Progress must grow with every notification; a host that does not ask for it gets none.
const progressTo = (extra: Extra) => {
  const token = extra._meta?.progressToken
  let last = -1
  return async (step: { readonly progress: number; readonly total?: number; readonly message: string }) => {
    if (token === undefined || step.progress <= last || extra.signal.aborted) return
    last = step.progress
    await extra.sendNotification({ method: "notifications/progress", params: { progressToken: token, ...step } })
  }
}

const timeToAnswer = 5 * 60_000

// A host that can put a form before its user gets one; the form of what cannot be undone is the name, typed.
const askThrough = (server: Server, extra: Extra) =>
  server.getClientCapabilities()?.elicitation?.form === undefined
    ? undefined
    : async ({ message, typed }: Question): Promise<Reply> => {
      const field = typed === undefined
        ? { agree: { type: "boolean" as const, title: "Agree to these changes" } }
        : { name: { type: "string" as const, title: `Type ${typed} to agree` } }
      const reply = await server.elicitInput(
        { message, requestedSchema: { type: "object", properties: field, required: Object.keys(field) } },
        { signal: extra.signal, timeout: timeToAnswer, relatedRequestId: extra.requestId }
      )
      if (reply.action === "cancel") return { _tag: "Unanswered" }
      const { agree, name } = reply.content ?? {}
      return reply.action === "accept" && (typed === undefined ? agree === true : typeof name === "string")
        ? { _tag: "Accepted", typed: typeof name === "string" ? name : undefined }
        : { _tag: "Declined" }
    }

const finalizersTime = 2_000

/**
 * Serves over stdin and stdout until the host goes: at the end of stdin, on a signal, or when stdout breaks. All calls
 * under way are given up and their finalizers awaited.
 *
 * @since 0.1.0
 * @category constructors
 */
export const serve = async (options: Options): Promise<void> => {
  const notice = options.sandbox ? " (sandbox, synthetic data)" : ""
  const server = new Server(
    { name: "habu-mcp", title: `Habu Clean Room${notice}`, version: `${options.version}+${options.build}` },
    {
      capabilities: { tools: {} },
      instructions: [
        ...(options.sandbox ? ["This is a sandbox with synthetic data; say so when you report."] : []),
        ...options.surface.instructions.map(({ text }) => text)
      ].join("\n")
    }
  )
  const pending = new Set<Promise<unknown>>()
  const stopping = new AbortController()
  let loading: Promise<Loaded> | undefined
  const load = () => loading ??= options.load()

  const perform = async (name: string, given: unknown, extra: Extra): Promise<CallToolResult> => {
    const loaded = await load()
    const signal = AbortSignal.any([extra.signal, stopping.signal])
    const { failure: _, ...result } = await loaded.call(name, given, {
      signal,
      onProgress: progressTo(extra),
      ask: askThrough(server, extra)
    })
    return { ...result, content: [...result.content] }
  }

  server.setRequestHandler(
    ListToolsRequestSchema,
    () => ({ tools: options.surface.tools }) as unknown as ServerResult
  )
  server.setRequestHandler(CallToolRequestSchema, (request, extra) => {
    const call = perform(request.params.name, request.params.arguments, extra)
    pending.add(call)
    call.finally(() => pending.delete(call)).catch(() => undefined)
    return call
  })

  const stop = async () => {
    if (stopping.signal.aborted) return
    // A finalizer that hangs, or a database that waits for a stopped process, must not keep this one alive.
    setTimeout(() => process.kill(process.pid, "SIGKILL"), finalizersTime).unref()
    stopping.abort()
    await Promise.allSettled(pending)
    await loading?.then((loaded) => loaded.close()).catch(() => undefined)
    process.exit(0)
  }
  for (const event of ["end", "close"] as const) process.stdin.on(event, stop)
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop)
  process.stdout.on("error", stop)

  await server.connect(new StdioServerTransport())
}
