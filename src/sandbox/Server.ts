/**
 * What happens to every request around its operation: log, request id, token, routing rules, faults, quirks.
 *
 * @since 0.1.0
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import type { AccessTokens } from "./AccessTokens.js"
import { answered, pathOf, targetOf } from "./Answers.js"
import * as Control from "./Control.js"
import * as FaultPlay from "./FaultPlay.js"
import type { Faults } from "./Faults.js"
import { progress } from "./Group.js"
import * as Ids from "./Ids.js"
import * as Quirks from "./Quirks.js"
import { springPage } from "./Refusal.js"
import type { Entry, RequestLog } from "./RequestLog.js"
import * as Routes from "./Routes.js"
import type { SandboxClock } from "./SandboxClock.js"
import * as TokenEndpoint from "./TokenEndpoint.js"
import { bodyOf, type Transport } from "./Transport.js"
import { time } from "./Wire.js"

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

/**
 * What the server works with.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly seed: number
  readonly strictContract: boolean
  readonly clock: SandboxClock
  readonly tokens: AccessTokens
  readonly faults: Faults
  readonly log: RequestLog
  readonly transport: Transport
  /** Answers what lies outside the API, under `/__sandbox`. */
  readonly control: HttpApp.Default
  /** Brings the world up to the present; runs before each request. */
  readonly catchUp: Effect.Effect<void>
  /** Carries out the contract's operations, with paths as the contract writes them. */
  readonly operations: HttpApp.Default<unknown>
}

const withQuirk = (response: Response, operation: string, strictContract: boolean) => {
  const quirk = Quirks.of(operation, strictContract)
  const text = bodyOf(response)
  return quirk === undefined || text === undefined || response.status >= 300
    ? response
    : HttpServerResponse.unsafeJson(quirk(JSON.parse(text)), { status: response.status, headers: response.headers })
}

const hasBody = (request: Request) =>
  request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0

const isJson = (request: Request) => (request.headers["content-type"] ?? "").toLowerCase().includes("application/json")

/** The one operation of the contract whose body may be left out. */
const withDefaultBody = (request: Request, route: Routes.Route) =>
  route.operation === "configureCleanroomDataset" && !hasBody(request)
    ? HttpServerRequest.fromWeb(
      new Request(new URL(request.url, "http://sandbox"), { method: request.method, body: "{}" })
    ).modify({ headers: request.headers })
    : request

const allow = (methods: ReadonlyArray<string>) =>
  [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ")

/** Refuses what never reaches an operation, as Spring does before any of Habu's own code. */
const refuseEarly = (request: Request, found: ReturnType<typeof Routes.match>, now: number): Response | undefined => {
  const { methods, route } = found
  const path = pathOf(request)
  if (methods.length === 0) return springPage(404, path, now)
  if (request.method === "OPTIONS") return HttpServerResponse.empty({ status: 200, headers: { allow: allow(methods) } })
  if (route === undefined) return HttpServerResponse.setHeader(springPage(405, path, now), "allow", allow(methods))
  return route.takesBody && hasBody(request) && !isJson(request) ? springPage(415, path, now) : undefined
}

/**
 * Makes the server's app.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): HttpApp.Default => {
  const { clock, faults, log, tokens } = options
  const faultPlay = FaultPlay.make(clock, options.transport)
  let requests = 0

  const carryOut = (route: Routes.Route, request: Request): HttpApp.Default =>
    Effect.suspend(() =>
      answered(options.operations).pipe(
        Effect.provideService(HttpServerRequest.HttpServerRequest, withDefaultBody(request, route)),
        Effect.map((response) => withQuirk(response, route.operation, options.strictContract)),
        Effect.locally(progress, { handled: false })
      )
    )

  type Note = (more: Partial<Entry>) => void

  const befallen = (operation: string, app: HttpApp.Default, request: Request, note: Note) => {
    note({ operation })
    const fault = faults.take(operation)
    if (fault === undefined) return app
    note({ fault: fault.kind })
    return faultPlay.play(app, request, fault)
  }

  const respond = (request: Request, note: Note) =>
    Effect.gen(function*() {
      const path = pathOf(request)
      if (path === TokenEndpoint.path) {
        return yield* befallen("token", answered(TokenEndpoint.app(tokens)), request, note)
      }
      if (!path.startsWith("/v1/")) return HttpServerResponse.text("404 page not found", { status: 404 })
      const found = Routes.match(request.method, path.slice("/v1".length))
      if (found.route?.operation !== "getHealth") yield* tokens.check(request.headers["authorization"])
      const early = refuseEarly(request, found, yield* clock.now)
      if (early !== undefined || found.route === undefined) return early ?? HttpServerResponse.empty()
      const inner = request.modify({ url: request.url.slice("/v1".length) })
      return yield* befallen(found.route.operation, carryOut(found.route, inner), inner, note)
    })

  return Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    yield* Effect.zipRight(faultPlay.carryOutLate, options.catchUp)
    if (Control.serves(pathOf(request))) return yield* options.control
    const requestId = Ids.uuid(options.seed, `request/${requests++}`)
    const now = time(yield* clock.now)
    const entry = log.open({ time: now, method: request.method, path: targetOf(request), requestId })
    const response = yield* answered(respond(request, entry.add))
    entry.add({ status: response.status })
    return HttpServerResponse.setHeaders(response, {
      "x-request-id": options.strictContract ? requestId : `${requestId}, ${requestId}`,
      "cache-control": "no-store"
    })
  }).pipe(Effect.withClock(clock.clock))
}
