/**
 * Habu as the ledger and the follower know it: runs that are started, listed and read, each request with a fate of its
 * own.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** What becomes of a request. */
export interface Fate {
  /** How long until the sender gets something, in milliseconds; it may give up before. */
  readonly after: number
  /** A status; or the connection breaks off, or could never be made, or stays silent. */
  readonly gets: number | "cut" | "unreachable" | "silence"
  /**
   * When a start is carried out: as it arrives, never, or so long after the exchange ended, which is after a request's
   * time at the latest.
   */
  readonly carriedOut: "at once" | "never" | number
  /** What an answer says, if it is not what Habu would say. */
  readonly says?: unknown
}

export const answered: Fate = { after: 0, gets: 200, carriedOut: "at once" }

export interface ModelRun {
  readonly id: string
  readonly name: string
  /** Of the question or flow. */
  readonly of: string
  readonly parameters: { readonly [name: string]: string }
  /** When it appears, in milliseconds since 1970. */
  readonly at: number
  status: string
  readonly submittedAt?: string
  readonly completedAt?: string
}

/** A pause that was ended. The run is paused again at once, one level further on. */
export interface Resumption {
  readonly runId: string
  readonly sentAt: number
  /** When it is carried out, in milliseconds since 1970. */
  readonly at: number
}

export interface Seen {
  readonly operation: "start" | "list" | "read" | "nodes" | "other"
  readonly at: number
  readonly name: string | undefined
  readonly query: URLSearchParams
}

export const question = "11111111-1111-4111-8111-111111111111"
export const cleanRoom = "22222222-2222-4222-8222-222222222222"
export const flow = "33333333-3333-4333-8333-333333333333"
/** The level at which a paused run stands first, of ten. */
export const pausedFirstAt = 2
const levels = 10

export interface ModelHabu {
  readonly client: HttpClient.HttpClient
  readonly runs: Array<ModelRun>
  readonly resumptions: Array<Resumption>
  /** What arrived, in order. */
  readonly seen: Array<Seen>
  readonly starts: () => ReadonlyArray<Seen>
  readonly reads: () => ReadonlyArray<Seen>
  readonly lists: () => ReadonlyArray<Seen>
  /** Runs that are there by now. */
  readonly there: () => ReadonlyArray<ModelRun>
  /** Fates of the next starts, lists and reads, and reads of a run's nodes; without one, they are answered at once. */
  readonly fates: { start: Array<Fate>; list: Array<Fate>; read: Array<Fate>; nodes: Array<Fate> }
  /** How Habu changes a name it is given. */
  rename: (name: string) => string
  /** The most that Habu lists at once. */
  pageLimit: number
  /** Whether it says at which level a node stands. */
  tellsLevels: boolean
  readonly add: (run: Partial<ModelRun>) => ModelRun
  /** Lets happen what became due while nobody here was awake. */
  readonly caughtUp: () => void
}

const requestTime = 30_000

const flowRun = "/cleanrooms/[^/]+/cleanroom-flow-runs/([^/]+)"
const flowRuns = "/cleanrooms/[^/]+/cleanroom-flows/([^/]+)/cleanroom-flow-runs"

type Kind = "question" | "flow" | "replay" | "resume"

const routes: ReadonlyArray<{
  readonly method: "GET" | "POST"
  readonly path: RegExp
  readonly operation: Seen["operation"]
  readonly kind: Kind
}> = [
  { method: "POST", path: /^\/v1\/cleanroom-questions\/([^/]+)\/create-run$/, operation: "start", kind: "question" },
  {
    method: "GET",
    path: /^\/v1\/cleanroom-questions\/([^/]+)\/cleanroom-question-runs$/,
    operation: "list",
    kind: "question"
  },
  { method: "GET", path: /^\/v1\/cleanroom-question-runs\/([^/]+)$/, operation: "read", kind: "question" },
  { method: "POST", path: new RegExp(`^/v1${flowRuns}$`), operation: "start", kind: "flow" },
  { method: "POST", path: new RegExp(`^/v1${flowRun}/replay-flow-run$`), operation: "start", kind: "replay" },
  { method: "POST", path: new RegExp(`^/v1${flowRun}/resume-flow-run$`), operation: "start", kind: "resume" },
  { method: "GET", path: new RegExp(`^/v1${flowRuns}$`), operation: "list", kind: "flow" },
  { method: "GET", path: new RegExp(`^/v1${flowRun}$`), operation: "read", kind: "flow" },
  { method: "GET", path: new RegExp(`^/v1${flowRun}/output-nodes$`), operation: "nodes", kind: "flow" }
]

interface Body {
  readonly name?: string
  readonly parameters?: {}
  readonly nodes?: ReadonlyArray<{ readonly parameters?: {} }>
}

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): Body =>
  body._tag === "Uint8Array" ? JSON.parse(new TextDecoder().decode(body.body)) : {}

const view = ({ at: _, of: __, ...run }: ModelRun) => run

/** An exchange after whose end a start is carried out. */
interface Late {
  readonly until: number
  readonly carryOut: (endedAt: number) => void
}

export const make = (clock: Clock.Clock): ModelHabu => {
  const now = () => clock.unsafeCurrentTimeMillis()
  const runs: Array<ModelRun> = []
  const resumptions: Array<Resumption> = []
  const seen: Array<Seen> = []
  const pending = new Set<Late>()
  let made = 0
  const fates: ModelHabu["fates"] = { start: [], list: [], read: [], nodes: [] }
  const there = () => runs.filter(({ at }) => at <= now()).sort((a, b) => b.at - a.at)
  const only = (operation: Seen["operation"]) => () => seen.filter((one) => one.operation === operation)

  const respond = (request: HttpClientRequest.HttpClientRequest, fate: Fate, answer: unknown) => {
    const failure = (code: string, syscall: string) =>
      new HttpClientError.RequestError({
        request,
        reason: "Transport",
        cause: Object.assign(new Error(code), { code, syscall })
      })
    const { after, gets } = fate
    const later = <A, E>(effect: Effect.Effect<A, E>) => after === 0 ? effect : Effect.delay(effect, after)
    if (gets === "silence") return Effect.never
    if (gets === "cut") return later(Effect.fail(failure("ECONNRESET", "read")))
    if (gets === "unreachable") return later(Effect.fail(failure("ECONNREFUSED", "connect")))
    const body = JSON.stringify(gets === 200 ? fate.says ?? answer : { message: `status ${gets}` })
    return later(Effect.sync(() => HttpClientResponse.fromWeb(request, new Response(body, { status: gets }))))
  }

  const add = (run: Partial<ModelRun>): ModelRun => {
    made++
    const added = {
      id: `00000000-0000-4000-8000-${String(made).padStart(12, "0")}`,
      name: "a run",
      of: question,
      parameters: {},
      at: now(),
      status: "QUEUED",
      ...run
    }
    runs.push(added)
    return added
  }

  const end = (late: Late) => {
    if (pending.delete(late)) late.carryOut(Math.min(now(), late.until))
  }

  const caughtUp = () => {
    for (const late of pending) if (late.until <= now()) end(late)
  }

  const isMissing = (kind: Kind, id: string) => kind === "resume" && there().every((run) => run.id !== id)

  const start = (request: HttpClientRequest.HttpClientRequest, kind: Kind, id: string) => {
    const { name = "", nodes, parameters = nodes?.[0]?.parameters ?? {} } = bodyOf(request)
    const sentAt = now()
    const { carriedOut, ...fate } = fates.start.shift() ?? answered
    const of = kind === "replay" ? runs.find((run) => run.id === id)?.of ?? flow : id
    const carryOut = (at: number): unknown => {
      if (kind === "resume") {
        resumptions.push({ runId: id, sentAt, at })
        return { success: true }
      }
      const run = add({ of, name: model.rename(name), parameters, at })
      return kind === "replay" ? { success: true, cleanRoomFlowRunID: run.id } : view(run)
    }
    if (isMissing(kind, id)) return respond(request, { ...answered, gets: 404 }, {})
    const answer = carriedOut === "at once" ? carryOut(now()) : {}
    const response = respond(request, { ...fate, carriedOut }, answer)
    if (typeof carriedOut !== "number") return response
    const late = { until: now() + requestTime, carryOut: (endedAt: number) => void carryOut(endedAt + carriedOut) }
    pending.add(late)
    return Effect.onExit(response, () => Effect.sync(() => end(late)))
  }

  const listed = (
    request: HttpClientRequest.HttpClientRequest,
    kind: Kind,
    of: string,
    query: URLSearchParams
  ) => {
    const status = query.get("status")
    const matching = there().filter((run) => run.of === of && (status === null || run.status === status))
    const offset = Number(query.get("offset") ?? 0)
    const limit = Math.min(Number(query.get("limit") ?? 30), model.pageLimit)
    const page = matching.slice(offset, offset + limit).map(view)
    return respond(
      request,
      fates.list.shift() ?? answered,
      kind === "flow" ? { cleanRoomFlowRuns: page, count: matching.length } : page
    )
  }

  const nodesOf = (request: HttpClientRequest.HttpClientRequest, id: string) => {
    const level = pausedFirstAt + resumptions.filter(({ at, runId }) => runId === id && at <= now()).length
    const nodes = Array.from({ length: levels }, (_, i) => ({
      node: { id: `node-${i}`, ...(model.tellsLevels && { level: i }) },
      runStatus: i < level ? "COMPLETED" : "QUEUED"
    }))
    return respond(request, fates.nodes.shift() ?? answered, nodes)
  }

  const readOne = (request: HttpClientRequest.HttpClientRequest, id: string) => {
    const run = there().find((one) => one.id === id)
    const fate = fates.read.shift() ?? answered
    return respond(request, run === undefined ? { ...fate, gets: 404 } : fate, run && view(run))
  }

  const client = HttpClient.make((request, url) =>
    Effect.suspend(() => {
      caughtUp()
      const route = routes.find(({ method, path }) => method === request.method && path.test(url.pathname))
      const id = route?.path.exec(url.pathname)?.[1]
      seen.push({
        operation: route?.operation ?? "other",
        at: now(),
        name: bodyOf(request).name,
        query: url.searchParams
      })
      if (route === undefined || id === undefined) return respond(request, { ...answered, gets: 404 }, {})
      switch (route.operation) {
        case "start":
          return start(request, route.kind, id)
        case "list":
          return listed(request, route.kind, id, url.searchParams)
        case "nodes":
          return nodesOf(request, id)
        default:
          return readOne(request, id)
      }
    })
  )

  const model: ModelHabu = {
    client,
    runs,
    resumptions,
    seen,
    starts: only("start"),
    reads: only("read"),
    lists: only("list"),
    there,
    fates,
    rename: (name) => name,
    pageLimit: 100,
    tellsLevels: true,
    add,
    caughtUp
  }
  return model
}
