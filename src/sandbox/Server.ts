/**
 * What happens to every request around its handler: request id, log, token, routing rules, faults, quirks.
 *
 * It is one function, because middleware layers have no order of their own.
 *
 * @since 0.1.0
 */
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as HttpApiError from "@effect/platform/HttpApiError"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerError from "@effect/platform/HttpServerError"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as Option from "effect/Option"
import type { AccessTokens } from "./AccessTokens.js"
import * as Faults from "./Faults.js"
import { progress } from "./Group.js"
import * as Ids from "./Ids.js"
import * as Quirks from "./Quirks.js"
import * as Refusal from "./Refusal.js"
import type { RequestLog } from "./RequestLog.js"
import * as Routes from "./Routes.js"
import * as SandboxClock from "./SandboxClock.js"
import * as TokenEndpoint from "./TokenEndpoint.js"

/**
 * What the server works with.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly seed: number
  readonly strictContract: boolean
  readonly clock: SandboxClock.SandboxClock
  readonly tokens: AccessTokens
  readonly faults: Faults.Faults
  readonly log: RequestLog
  /** Brings the world up to the present, before each request. */
  readonly catchUp: Effect.Effect<void>
}

type App = HttpApp.Default<unknown>
type Request = HttpServerRequest.HttpServerRequest

const pathOf = (request: Request) => request.originalUrl.split("?")[0] ?? ""

/** Habu's way to say what went wrong. Repeated issues are told once. */
const describe = (error: HttpApiError.HttpApiDecodeError) =>
  [...new Set(error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`))].join("; ")

const answerError = (error: unknown, path: string, now: number, handled: boolean) => {
  if (error instanceof Refusal.Refusal) return Refusal.toResponse(error, path, now)
  if (error instanceof HttpApiError.HttpApiDecodeError && !handled) {
    return Refusal.toResponse(Refusal.badRequest(describe(error)), path, now)
  }
  if (error instanceof HttpServerError.RouteNotFound) return Refusal.springPage(404, path, now)
  if (error instanceof HttpServerError.RequestError && !handled) {
    return Refusal.toResponse(Refusal.badRequest("The request body is not valid JSON"), path, now)
  }
  return undefined
}

const answered = (app: App): HttpApp.Default =>
  Effect.catchAllCause(app, (cause) =>
    Effect.gen(function*() {
      if (Cause.isInterruptedOnly(cause)) return yield* Effect.interrupt
      const path = pathOf(yield* HttpServerRequest.HttpServerRequest)
      const now = yield* Clock.currentTimeMillis
      const { handled } = yield* FiberRef.get(progress)
      const answer = answerError(Cause.squash(cause), path, now, handled)
      if (answer !== undefined) return answer
      yield* Effect.logError("The sandbox failed", cause)
      return Refusal.springPage(500, path, now)
    }))

const bodyText = (response: HttpServerResponse.HttpServerResponse) =>
  response.body._tag === "Uint8Array" ? new TextDecoder().decode(response.body.body) : undefined

const withQuirk = (response: HttpServerResponse.HttpServerResponse, operation: string, strictContract: boolean) => {
  const quirk = Quirks.of(operation, strictContract)
  const text = bodyText(response)
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
      new Request(new URL(request.url, "http://sandbox"), {
        method: request.method,
        headers: { ...request.headers, "content-type": "application/json" },
        body: "{}"
      })
    )
    : request

const destroy = (request: Request) =>
  Effect.zipRight(
    Effect.sync(() => NodeHttpServerRequest.toServerResponse(request).destroy()),
    Effect.interrupt
  )

const reset = (request: Request) =>
  Effect.zipRight(
    Effect.sync(() => NodeHttpServerRequest.toServerResponse(request).socket?.resetAndDestroy()),
    Effect.interrupt
  )

const sendHalf = (request: Request, response: HttpServerResponse.HttpServerResponse) =>
  Effect.zipRight(
    Effect.async<void>((resume) => {
      const body = bodyText(response) ?? ""
      const out = NodeHttpServerRequest.toServerResponse(request)
      out.writeHead(response.status, {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body))
      })
      out.write(body.slice(0, Math.ceil(body.length / 2)), () => resume(Effect.void))
    }),
    destroy(request)
  )

const malformed = (response: HttpServerResponse.HttpServerResponse) =>
  HttpServerResponse.text(`${(bodyText(response) ?? "").slice(0, -1)},,`, {
    status: response.status,
    contentType: "application/json"
  })

const htmlPage = (status: number) =>
  HttpServerResponse.text("<html><head><title>Gateway</title></head><body><h1>Please wait</h1></body></html>", {
    status,
    contentType: "text/html"
  })

const statusPage = (fault: Faults.Fault & { readonly kind: "status" }, path: string, now: number) => {
  const page = fault.status === 429
    ? Refusal.toResponse(Refusal.tooManyRequests("Too many requests"), path, now)
    : Refusal.springPage(fault.status, path, now)
  return fault.retryAfter === undefined ? page : HttpServerResponse.setHeader(page, "retry-after", fault.retryAfter)
}

/** Requests that will be carried out later, in the order in which they came. */
interface Late {
  readonly due: number
  readonly run: Effect.Effect<unknown>
}

/**
 * Makes the server's app around the operations themselves.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = <R>(options: Options, operations: HttpApp.Default<unknown, R>) => {
  const { clock, faults, log, tokens } = options
  const real = Clock.make()
  let requests = 0
  let late: ReadonlyArray<Late> = []

  const carryOutLate = Effect.flatMap(clock.now, (now) => {
    const due = late.filter((item) => item.due <= now)
    late = late.filter((item) => item.due > now)
    return Effect.forEach(due, (item) => item.run, { discard: true })
  })

  const checkBody = (request: Request, route: Routes.Route, now: number) =>
    route.takesBody && hasBody(request) && !isJson(request)
      ? Option.some(Refusal.springPage(415, pathOf(request), now))
      : Option.none()

  /** The operation itself, as if no fault could befall it. */
  const carryOut = (app: App, request: Request, route: Routes.Route): App =>
    Effect.suspend(() =>
      answered(app).pipe(
        Effect.provideService(HttpServerRequest.HttpServerRequest, withDefaultBody(request, route)),
        Effect.map((response) => withQuirk(response, route.operation, options.strictContract)),
        Effect.locally(progress, { handled: false })
      )
    )

  const carryOutLater = (app: App, request: Request, millis: number) =>
    Effect.gen(function*() {
      const due = (yield* clock.now) + millis
      yield* request.text
      const standing = yield* SandboxClock.standing(due)
      const run = app.pipe(
        Effect.provideService(HttpServerRequest.HttpServerRequest, request),
        Effect.withClock(standing),
        Effect.exit
      )
      late = [...late, { due, run }]
      return yield* Effect.interruptible(Effect.never)
    })

  const withFault = (app: App, request: Request, fault: Faults.Fault, now: number): App => {
    switch (fault.kind) {
      case "status":
        return Effect.succeed(statusPage(fault, pathOf(request), now))
      case "html":
        return Effect.succeed(htmlPage(fault.status ?? 200))
      case "delay":
        return Effect.zipRight(
          Effect.interruptible(Effect.withClock(Effect.sleep(Faults.delayOf(fault)), real)),
          app
        )
      case "hang":
        return Effect.interruptible(Effect.never)
      case "reset":
        return reset(request)
      case "half":
        return Effect.flatMap(app, (response) => sendHalf(request, response))
      case "malformed":
        return Effect.map(app, malformed)
      case "lost":
        return Effect.zipRight(app, destroy(request))
      case "late":
        return carryOutLater(app, request, fault.millis)
    }
  }

  /** From a request to its answer, before request id and log. */
  const respond = (app: App, request: Request, note: (more: { operation?: string; fault?: string }) => void) =>
    Effect.gen(function*() {
      const now = yield* clock.now
      const path = pathOf(request)
      const faulted = (operation: string, inner: App, own: Request): App => {
        note({ operation })
        const fault = faults.take(operation)
        if (fault === undefined) return inner
        note({ fault: fault.kind })
        return withFault(inner, own, fault, now)
      }
      if (path === TokenEndpoint.path) return yield* faulted("token", answered(TokenEndpoint.app(tokens)), request)
      if (!path.startsWith("/v1/")) return HttpServerResponse.text("404 page not found", { status: 404 })
      const { methods, route } = Routes.match(request.method, path.slice(3))
      if (request.method === "OPTIONS" && methods.length > 0) {
        return HttpServerResponse.empty({ status: 200, headers: { allow: allow(methods) } })
      }
      if (route?.operation !== "getHealth") yield* tokens.check(request.headers["authorization"])
      if (methods.length === 0) return Refusal.springPage(404, path, now)
      if (route === undefined) {
        return HttpServerResponse.setHeader(Refusal.springPage(405, path, now), "allow", allow(methods))
      }
      const refused = checkBody(request, route, now)
      if (Option.isSome(refused)) return refused.value
      const inner = request.modify({ url: request.url.slice("/v1".length) })
      return yield* faulted(route.operation, carryOut(app, inner, route), inner)
    })

  const around = (app: App): HttpApp.Default =>
    Effect.gen(function*() {
      const request = yield* HttpServerRequest.HttpServerRequest
      yield* Effect.zipRight(carryOutLate, options.catchUp)
      const requestId = Ids.uuid(options.seed, `request/${requests++}`)
      const time = new Date(yield* clock.now).toISOString()
      const entry = log.open({ time, method: request.method, path: request.originalUrl, requestId })
      const response = yield* answered(respond(app, request, entry.add))
      entry.add({ status: response.status })
      return HttpServerResponse.setHeaders(response, {
        "x-request-id": options.strictContract ? requestId : `${requestId}, ${requestId}`,
        "cache-control": "no-store"
      })
    }).pipe(Effect.withClock(clock.clock))

  return around
}

const allow = (methods: ReadonlyArray<string>) =>
  [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ")
