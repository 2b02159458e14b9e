/**
 * What each kind of fault does to a request and its answer on the wire.
 *
 * @since 0.1.0
 */
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { pathOf } from "./Answers.js"
import type { Fault } from "./Faults.js"
import * as Refusal from "./Refusal.js"
import * as SandboxClock from "./SandboxClock.js"
import { bodyOf, type Transport } from "./Transport.js"

type App = HttpApp.Default
type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

const malformed = (response: Response) =>
  HttpServerResponse.text(`${(bodyOf(response) ?? "").slice(0, -1)},,`, {
    status: response.status,
    contentType: "application/json"
  })

const htmlPage = (status: number) =>
  HttpServerResponse.text("<html><head><title>Gateway</title></head><body><h1>Please wait</h1></body></html>", {
    status,
    contentType: "text/html"
  })

const statusPage = (fault: Fault & { readonly kind: "status" }, path: string, now: number) => {
  const page = fault.status === 429
    ? Refusal.toResponse(Refusal.tooManyRequests("Too many requests"), path, now)
    : Refusal.springPage(fault.status, path, now)
  return fault.retryAfter === undefined ? page : HttpServerResponse.setHeader(page, "retry-after", fault.retryAfter)
}

/** A client that gives up must be able to end the waiting: the server runs its apps uninterruptibly. */
const forever = Effect.interruptible(Effect.never)

const real = Clock.make()

const wait = (millis: number) => Effect.interruptible(Effect.withClock(Effect.sleep(Duration.millis(millis)), real))

/**
 * Plays faults, and keeps the requests that are to be carried out late.
 *
 * @since 0.1.0
 * @category models
 */
export interface FaultPlay {
  readonly play: (app: App, request: Request, fault: Fault) => App
  /** Carries out what is due, in the order in which it came in, each at its own virtual time. */
  readonly carryOutLate: Effect.Effect<void>
}

/**
 * Makes a player with nothing waiting.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (clock: SandboxClock.SandboxClock, transport: Transport): FaultPlay => {
  let waiting: ReadonlyArray<{ readonly due: number; readonly run: Effect.Effect<unknown> }> = []

  const postpone = (app: App, request: Request, millis: number) =>
    Effect.gen(function*() {
      const due = (yield* clock.now) + millis
      // Read now: once the client is gone there is nothing left to read.
      yield* Effect.exit(request.text)
      const run = app.pipe(
        Effect.provideService(HttpServerRequest.HttpServerRequest, request),
        Effect.withClock(yield* SandboxClock.standing(due)),
        Effect.exit
      )
      waiting = [...waiting, { due, run }]
      return yield* forever
    })

  return {
    play: (app, request, fault) => {
      switch (fault.kind) {
        case "status":
          return Effect.map(clock.now, (now) => statusPage(fault, pathOf(request), now))
        case "html":
          return Effect.succeed(htmlPage(fault.status ?? 200))
        case "delay":
          return Effect.zipRight(wait(fault.millis), app)
        case "hang":
          return forever
        case "reset":
          return transport.reset(request)
        case "half":
          return Effect.flatMap(app, (response) => transport.half(request, response))
        case "malformed":
          return Effect.map(app, malformed)
        case "lost":
          return Effect.zipRight(app, transport.drop(request))
        case "late":
          return postpone(app, request, fault.millis)
      }
    },
    carryOutLate: Effect.flatMap(clock.now, (now) => {
      const due = waiting.filter((item) => item.due <= now)
      waiting = waiting.filter((item) => item.due > now)
      return Effect.forEach(due, (item) => item.run, { discard: true })
    })
  }
}
