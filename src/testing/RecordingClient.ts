/**
 * An HTTP client that remembers what was sent, with secrets left out, and answers from a script by operation, or passes
 * on to the client below.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { OperationId } from "../habu/HabuClient.js"
import * as Operations from "../habu/Operations.js"
import * as Redaction from "../habu/Redaction.js"
import * as Reply from "./Reply.js"

/**
 * An operation of the contract, or the request for an access token.
 *
 * @since 0.1.0
 * @category models
 */
export type Operation = OperationId | "token"

/**
 * A request and what came of it.
 *
 * - `operation` is undefined where the contract has none at this method and path.
 * - `path` is what the path parameters hold, `query` what the query does.
 * - `body` is JSON or the fields of a form, its texts on one line; undefined where none was sent.
 * - `status` is undefined while no answer has come, and where none did.
 *
 * @since 0.1.0
 * @category models
 */
export interface Exchange {
  readonly operation: Operation | undefined
  readonly method: string
  /** Without the query. */
  readonly url: string
  readonly path: { readonly [name: string]: string }
  readonly query: { readonly [name: string]: string }
  readonly headers: { readonly [name: string]: string }
  readonly body: unknown
  /** In milliseconds since the epoch. */
  readonly sentAt: number
  readonly status: number | undefined
}

/**
 * The replies by operation. Of a list each is given once, the last one again and again.
 *
 * @since 0.1.0
 * @category models
 */
export type Script = {
  readonly [id in Operation]?: Reply.Reply | readonly [Reply.Reply, ...ReadonlyArray<Reply.Reply>]
}

/**
 * Tells what was sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** What was sent so far, the oldest first; of one operation, if given. */
  readonly sent: (operation?: Operation) => Effect.Effect<ReadonlyArray<Exchange>>
  /** Forgets what was sent. */
  readonly forget: Effect.Effect<void>
}

/**
 * The record of the client beside it.
 *
 * @since 0.1.0
 * @category tags
 */
export class RecordingClient extends Context.Tag("habu-mcp/testing/RecordingClient")<RecordingClient, Service>() {}

interface Route {
  readonly operation: Operation
  readonly method: string
  readonly segments: ReadonlyArray<string>
}

const segmentsOf = (path: string) => path.split("/").slice(1)

const isParameter = (segment: string) => segment.startsWith(":")

const parameters = ({ segments }: Route) => segments.filter(isParameter).length

// Fixed paths before those with parameters in the same places.
const routes: ReadonlyArray<Route> = [
  { operation: "token" as const, method: "POST", segments: ["oauth", "token"] },
  ...[...Operations.all.values()].map(({ id, method, path }): Route => ({
    operation: id as OperationId,
    method,
    segments: segmentsOf(path)
  }))
].sort((a, b) => parameters(a) - parameters(b))

const fits = (segments: ReadonlyArray<string>) => (route: Route) =>
  route.segments.length === segments.length &&
  route.segments.every((segment, index) => isParameter(segment) || segment === segments[index])

const routeOf = (method: string, segments: ReadonlyArray<string>) =>
  routes.find((route) => route.method === method && fits(segments)(route))

const unescaped = (segment: string) => Either.getOrElse(Either.try(() => decodeURIComponent(segment)), () => segment)

const pathOf = (route: Route | undefined, segments: ReadonlyArray<string>) =>
  Object.fromEntries(
    (route?.segments ?? []).flatMap((segment, index) =>
      isParameter(segment) ? [[segment.slice(1), unescaped(segments[index] ?? "")]] : []
    )
  )

const limits = { items: 1_000, text: 100_000, pairs: "hidden" as const }

const shown = (value: unknown) => Redaction.redact(value, limits)

const strings = (entries: Iterable<readonly [string, string]>) => {
  const all = Object.fromEntries(entries)
  return shown(all) as typeof all
}

const decodeJson = Schema.decodeEither(Schema.parseJson())

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest): unknown => {
  if (body._tag !== "Uint8Array") return undefined
  const text = new TextDecoder().decode(body.body)
  return body.contentType?.includes("urlencoded") === true
    ? strings(new URLSearchParams(text))
    : Either.match(decodeJson(text), { onLeft: () => `<${text.length} characters>`, onRight: shown })
}

const ends = (url: URL) => segmentsOf(url.pathname.replace(/^.*?\/v1(?=\/)/, ""))

const described = (request: HttpClientRequest.HttpClientRequest, url: URL, sentAt: number): Exchange => {
  const segments = ends(url)
  const route = routeOf(request.method, segments)
  return {
    operation: route?.operation,
    method: request.method,
    url: `${url.origin}${url.pathname}`,
    path: pathOf(route, segments),
    query: strings(url.searchParams),
    headers: strings(Object.entries(request.headers)),
    body: bodyOf(request),
    sentAt,
    status: undefined
  }
}

const granted = Reply.json({
  accessToken: "an access token of the recording client",
  tokenType: "Bearer",
  expiresIn: 43_200
})

const repliesOf = (script: Script) => {
  const left = new Map(Object.entries(script).map(([id, one]) => [id, [one].flat()]))
  return (operation: Operation): Reply.Reply | undefined => {
    const [first, ...rest] = left.get(operation) ?? []
    if (rest.length > 0) left.set(operation, rest)
    return first
  }
}

const unscripted = ({ method, operation, url }: Exchange) =>
  Effect.dieMessage(`The script has no reply to ${operation ?? "what is no operation"} (${method} ${url})`)

type Send = (request: HttpClientRequest.HttpClientRequest, exchange: Exchange) => ReturnType<Reply.Reply>

const provided = (script: Script, otherwise: Send) =>
  Effect.sync(() => {
    const exchanges: Array<Exchange> = []
    const replyTo = repliesOf(script)
    const settle = (exchange: Exchange, status: number) => {
      const index = exchanges.indexOf(exchange)
      if (index >= 0) exchanges[index] = { ...exchange, status }
    }
    const send: Send = (request, exchange) => {
      const reply = exchange.operation === undefined ? undefined : replyTo(exchange.operation)
      return reply === undefined ? otherwise(request, exchange) : reply(request)
    }
    const client = HttpClient.make((request, url) =>
      Effect.flatMap(Clock.currentTimeMillis, (sentAt) => {
        const exchange = described(request, url, sentAt)
        exchanges.push(exchange)
        return Effect.tap(send(request, exchange), ({ status }) => Effect.sync(() => settle(exchange, status)))
      })
    )
    const service: Service = {
      sent: (operation) =>
        Effect.sync(() => exchanges.filter((one) => operation === undefined || one.operation === operation)),
      forget: Effect.sync(() => void exchanges.splice(0))
    }
    return Context.make(RecordingClient, service).pipe(Context.add(HttpClient.HttpClient, client))
  })

/**
 * Provides a client that answers from the script and reaches nobody. A request for an access token is granted unless the
 * script says otherwise; any other operation without a reply is a defect that names it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (script: Script = {}): Layer.Layer<HttpClient.HttpClient | RecordingClient> =>
  Layer.effectContext(provided({ token: granted, ...script }, (_, exchange) => unscripted(exchange)))

/**
 * Provides a client that passes on to the one below what the script has no reply to.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerOver = (
  script: Script = {}
): Layer.Layer<HttpClient.HttpClient | RecordingClient, never, HttpClient.HttpClient> =>
  Layer.effectContext(
    Effect.flatMap(HttpClient.HttpClient, (below) => provided(script, (request) => below.execute(request)))
  )
