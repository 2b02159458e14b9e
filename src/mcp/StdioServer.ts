/**
 * The adapter to the MCP SDK: the one file of this folder that knows it. It answers `initialize` and all lists from what
 * is known beforehand, and loads everything else with the first call, reading or completion.
 *
 * @since 0.1.0
 */
import { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js"
import {
  CallToolRequestSchema,
  type CallToolResult,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  type ServerResult,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema
} from "@modelcontextprotocol/sdk/types.js"
import type { Question, Reply } from "../workflows/Asker.js"
import * as AgreementForm from "./AgreementForm.js"
import type { Failure, Result } from "./Answers.js"
import type { Notice } from "./HostLog.js"
import * as Prompts from "./Prompts.js"
import * as ResourceList from "./ResourceList.js"
import type { Reading } from "./Resources.js"
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
  readonly read: (uri: string, signal: AbortSignal) => Promise<Reading>
  /** What an argument may be, given what was typed of it and the values of others. */
  readonly complete: (
    argument: string,
    typed: string,
    others: { readonly [name: string]: string },
    signal: AbortSignal
  ) => Promise<ReadonlyArray<string>>
  /** Tells of each change of what a resource shows, until it changes no more or the signal comes. */
  readonly follow: (uri: string, changed: () => Promise<void>, signal: AbortSignal) => Promise<void>
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
  /** Loads the rest of the program, which tells its notices to the person at the host. */
  readonly load: (tell: (notice: Notice) => void) => Promise<Loaded>
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
    : async (question: Question): Promise<Reply> => {
      const { field: { name: asked, ...field }, message } = AgreementForm.make(question)
      const reply = await server.elicitInput(
        { message, requestedSchema: { type: "object", properties: { [asked]: field }, required: [asked] } },
        { signal: extra.signal, timeout: timeToAnswer, relatedRequestId: extra.requestId }
      )
      if (reply.action === "cancel") return { _tag: "Unanswered" }
      const { agree, name } = reply.content ?? {}
      return reply.action === "accept" && (question.typed === undefined ? agree === true : typeof name === "string")
        ? { _tag: "Accepted", typed: typeof name === "string" ? name : undefined }
        : { _tag: "Declined" }
    }

const finalizersTime = 2_000

// More than any host makes on purpose; a model in a loop stops here, before it spends memory.
const mostAtOnce = 256

const tooMany = `${mostAtOnce} calls are under way already, so this one was not begun.`
const tooManyAdvice = "Wait for their answers before you call again."
const tooManyFacts = { code: "TOO_MANY_CALLS", category: "limit", retryable: true }

const flooded: CallToolResult = {
  isError: true,
  content: [{ type: "text", text: `${tooMany}\n${tooManyAdvice}\n\n${JSON.stringify(tooManyFacts)}` }]
}

const refused = () => Promise.reject(new McpError(ErrorCode.InternalError, `${tooMany} ${tooManyAdvice}`, tooManyFacts))

const resourceNotFound = -32002

// MCP has an error of its own for what is not there; the advice goes with every one.
const unread = ({ advice, category, code, message, ...facts }: Failure, uri: string) =>
  new McpError(
    category === "input" || category === "missing" ? resourceNotFound : ErrorCode.InternalError,
    `${message} ${advice}`,
    { uri, code, category, ...facts }
  )

type Load = () => Promise<Loaded>

/** Does some work of the loaded part, unless too much is under way. */
type Admit = <A>(work: (loaded: Loaded) => Promise<A>) => Promise<A> | undefined

const offerResources = (server: Server, load: Load, admit: Admit, stopping: AbortSignal) => {
  const following = new Map<string, AbortController>()
  server.setRequestHandler(
    ListResourcesRequestSchema,
    () => ({ resources: ResourceList.resources }) as unknown as ServerResult
  )
  server.setRequestHandler(
    ListResourceTemplatesRequestSchema,
    () => ({ resourceTemplates: ResourceList.templates }) as unknown as ServerResult
  )
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const signal = AbortSignal.any([extra.signal, stopping])
    const reading = await (admit((loaded) => loaded.read(uri, signal)) ?? refused())
    if (reading._tag === "Unread") throw unread(reading.failure, uri)
    return { contents: [{ ...reading.contents }] }
  })
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    const match = ResourceList.match(uri)
    if (match === undefined) throw new McpError(resourceNotFound, "There is no such resource.", { uri })
    if (match.name === "run" && !following.has(uri)) {
      const { mostFollowed } = ResourceList
      if (following.size >= mostFollowed) {
        throw new McpError(ErrorCode.InvalidRequest, `${mostFollowed} runs are followed already; unsubscribe from one.`)
      }
      const ending = new AbortController()
      following.set(uri, ending)
      load()
        .then((loaded) =>
          loaded.follow(uri, () => server.sendResourceUpdated({ uri }), AbortSignal.any([ending.signal, stopping]))
        )
        .catch(() => undefined)
        .finally(() => following.get(uri) === ending && following.delete(uri))
    }
    return {}
  })
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    following.get(uri)?.abort()
    // At once, for the host may subscribe anew before the following has ended.
    following.delete(uri)
    return {}
  })
}

const offerPrompts = (server: Server, prompts: ReadonlyArray<Prompts.Prompt>) => {
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: prompts.map(({ arguments: args, description, name, title }) => ({
      name,
      title,
      description,
      arguments: args.map((argument) => ({ ...argument }))
    }))
  }))
  server.setRequestHandler(GetPromptRequestSchema, ({ params: { arguments: given = {}, name } }) => {
    const prompt = prompts.find((one) => one.name === name)
    const problem = prompt === undefined
      ? `There is no such prompt; there are: ${prompts.map((one) => one.name).join(", ")}.`
      : Prompts.problemWith(prompt, given)
    if (prompt === undefined || problem !== undefined) throw new McpError(ErrorCode.InvalidParams, problem ?? "")
    return {
      description: prompt.description,
      messages: [{ role: "user" as const, content: { type: "text" as const, text: prompt.text(given) } }]
    }
  })
}

const offerCompletions = (server: Server, admit: Admit, stopping: AbortSignal) =>
  server.setRequestHandler(CompleteRequestSchema, async ({ params: { argument, context } }, extra) => {
    const signal = AbortSignal.any([extra.signal, stopping])
    const values = await (admit((loaded) =>
      loaded.complete(argument.name, argument.value, context?.arguments ?? {}, signal)
    ) ?? refused())
    return {
      completion: {
        values: values.slice(0, ResourceList.mostCompletions),
        total: values.length,
        hasMore: values.length > ResourceList.mostCompletions
      }
    }
  })

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
      capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, logging: {} },
      instructions: [
        ...(options.sandbox ? ["This is a sandbox with synthetic data; say so when you report."] : []),
        ...options.surface.instructions.map(({ text }) => text)
      ].join("\n")
    }
  )
  const pending = new Set<Promise<unknown>>()
  const stopping = new AbortController()
  let loading: Promise<Loaded> | undefined
  const tell = ({ level, text }: Notice) => {
    server.sendLoggingMessage({ level, logger: "habu-mcp", data: text }).catch(() => undefined)
  }
  const load = () => loading ??= options.load(tell)

  const admit: Admit = (work) => {
    if (pending.size >= mostAtOnce) return undefined
    const begun = load().then(work)
    pending.add(begun)
    begun.finally(() => pending.delete(begun)).catch(() => undefined)
    return begun
  }

  const perform = (name: string, given: unknown, extra: Extra) => async (loaded: Loaded): Promise<CallToolResult> => {
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
  server.setRequestHandler(
    CallToolRequestSchema,
    ({ params }, extra) => admit(perform(params.name, params.arguments, extra)) ?? flooded
  )

  offerResources(server, load, admit, stopping.signal)
  offerPrompts(server, Prompts.offered(options.surface.tools))
  offerCompletions(server, admit, stopping.signal)

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
