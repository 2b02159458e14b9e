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
  readonly questionId: string
  readonly parameters: { readonly [name: string]: string }
  /** When it appears, in milliseconds since 1970. */
  readonly at: number
  status: string
  readonly submittedAt?: string
  readonly completedAt?: string
}

export interface Seen {
  readonly operation: "start" | "list" | "read" | "other"
  readonly at: number
  readonly name: string | undefined
  readonly query: URLSearchParams
}

export const question = "11111111-1111-4111-8111-111111111111"

export interface ModelHabu {
  readonly client: HttpClient.HttpClient
  readonly runs: Array<ModelRun>
  /** What arrived, in order. */
  readonly seen: Array<Seen>
  readonly starts: () => ReadonlyArray<Seen>
  readonly reads: () => ReadonlyArray<Seen>
  readonly lists: () => ReadonlyArray<Seen>
  /** Runs that are there by now. */
  readonly there: () => ReadonlyArray<ModelRun>
  /** Fates of the next starts, lists and reads; without one, they are answered at once. */
  readonly fates: { start: Array<Fate>; list: Array<Fate>; read: Array<Fate> }
  /** How Habu changes a name it is given. */
  rename: (name: string) => string
  /** The most that Habu lists at once. */
  pageLimit: number
  readonly add: (run: Partial<ModelRun>) => ModelRun
  /** Lets happen what became due while nobody here was awake. */
  readonly caughtUp: () => void
}

const requestTime = 30_000

const post = /^\/v1\/cleanroom-questions\/([^/]+)\/create-run$/
const list = /^\/v1\/cleanroom-questions\/([^/]+)\/cleanroom-question-runs$/
const read = /^\/v1\/cleanroom-question-runs\/([^/]+)$/

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): { readonly name?: string; readonly parameters?: {} } =>
  body._tag === "Uint8Array" ? JSON.parse(new TextDecoder().decode(body.body)) : {}

const view = ({ at: _, questionId: __, ...run }: ModelRun) => run

/** An exchange after whose end a start is carried out. */
interface Late {
  readonly until: number
  readonly carryOut: (endedAt: number) => void
}

export const make = (clock: Clock.Clock): ModelHabu => {
  const now = () => clock.unsafeCurrentTimeMillis()
  const runs: Array<ModelRun> = []
  const seen: Array<Seen> = []
  const pending = new Set<Late>()
  let made = 0
  const fates: ModelHabu["fates"] = { start: [], list: [], read: [] }
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
      questionId: question,
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

  const start = (request: HttpClientRequest.HttpClientRequest, questionId: string) => {
    const { name = "", parameters = {} } = bodyOf(request)
    const { carriedOut, ...fate } = fates.start.shift() ?? answered
    const carryOut = (at: number) => add({ questionId, name: model.rename(name), parameters, at })
    const run = carriedOut === "at once" ? view(carryOut(now())) : {}
    const response = respond(request, { ...fate, carriedOut }, run)
    if (typeof carriedOut !== "number") return response
    const late = { until: now() + requestTime, carryOut: (endedAt: number) => void carryOut(endedAt + carriedOut) }
    pending.add(late)
    return Effect.onExit(response, () => Effect.sync(() => end(late)))
  }

  const listed = (request: HttpClientRequest.HttpClientRequest, questionId: string, query: URLSearchParams) => {
    const status = query.get("status")
    const matching = there().filter((run) =>
      run.questionId === questionId && (status === null || run.status === status)
    )
    const offset = Number(query.get("offset") ?? 0)
    const limit = Math.min(Number(query.get("limit") ?? 30), model.pageLimit)
    const page = matching.slice(offset, offset + limit).map(view)
    return respond(request, fates.list.shift() ?? answered, page)
  }

  const readOne = (request: HttpClientRequest.HttpClientRequest, id: string) => {
    const run = there().find((one) => one.id === id)
    const fate = fates.read.shift() ?? answered
    return respond(request, run === undefined ? { ...fate, gets: 404 } : fate, run && view(run))
  }

  const client = HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const path = url.pathname
      caughtUp()
      const [operation, id] = request.method === "POST"
        ? ["start", post.exec(path)?.[1]] as const
        : list.test(path)
        ? ["list", list.exec(path)?.[1]] as const
        : ["read", read.exec(path)?.[1]] as const
      seen.push({
        operation: id === undefined ? "other" : operation,
        at: now(),
        name: bodyOf(request).name,
        query: url.searchParams
      })
      if (id === undefined) return respond(request, { ...answered, gets: 404 }, {})
      return operation === "start"
        ? start(request, id)
        : operation === "list"
        ? listed(request, id, url.searchParams)
        : readOne(request, id)
    })
  )

  const model: ModelHabu = {
    client,
    runs,
    seen,
    starts: only("start"),
    reads: only("read"),
    lists: only("list"),
    there,
    fates,
    rename: (name) => name,
    pageLimit: 100,
    add,
    caughtUp
  }
  return model
}
