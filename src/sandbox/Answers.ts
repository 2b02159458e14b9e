/**
 * From what went wrong to the answer that Habu would give.
 *
 * @since 0.1.0
 */
import * as HttpApiError from "@effect/platform/HttpApiError"
import type * as HttpApp from "@effect/platform/HttpApp"
import * as HttpServerError from "@effect/platform/HttpServerError"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import { progress } from "./Group.js"
import * as Refusal from "./Refusal.js"

/**
 * A request's path with its query, as it was sent. Requests that come without a socket name their host in it.
 *
 * @since 0.1.0
 * @category getters
 */
export const targetOf = (request: HttpServerRequest.HttpServerRequest): string =>
  request.originalUrl.replace(/^https?:\/\/[^/]*/, "")

/**
 * A request's path without its query.
 *
 * @since 0.1.0
 * @category getters
 */
export const pathOf = (request: HttpServerRequest.HttpServerRequest): string => targetOf(request).split("?")[0] ?? ""

/** Issues repeat, once for each alternative that was tried: each is told once. */
const describe = (error: HttpApiError.HttpApiDecodeError) =>
  [...new Set(error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`))].join("; ")

const refusalOf = (error: unknown): Refusal.Refusal | undefined => {
  if (error instanceof HttpApiError.HttpApiDecodeError) return Refusal.badRequest(describe(error))
  return error instanceof HttpServerError.RequestError
    ? Refusal.badRequest("The request body is not valid JSON")
    : undefined
}

const answerTo = (error: unknown, path: string, now: number, handled: boolean) => {
  if (error instanceof Refusal.Refusal) return Refusal.toResponse(error, path, now)
  if (error instanceof HttpServerError.RouteNotFound) return Refusal.springPage(404, path, now)
  // Once the handler is through, what does not decode is our own answer and our own fault.
  const refusal = handled ? undefined : refusalOf(error)
  return refusal === undefined ? undefined : Refusal.toResponse(refusal, path, now)
}

/**
 * Answers every failure of an app; what is no refusal is a fault of the sandbox, logged and answered with 500.
 * Interruption goes through.
 *
 * @since 0.1.0
 * @category combinators
 */
export const answered = <E, R>(app: HttpApp.Default<E, R>): HttpApp.Default<never, R> =>
  Effect.catchAllCause(app, (cause) =>
    Effect.gen(function*() {
      if (Cause.isInterruptedOnly(cause)) return yield* Effect.interrupt
      const path = pathOf(yield* HttpServerRequest.HttpServerRequest)
      const now = yield* Clock.currentTimeMillis
      const { handled } = yield* FiberRef.get(progress)
      const answer = answerTo(Cause.squash(cause), path, now, handled)
      if (answer !== undefined) return answer
      yield* Effect.logError("The sandbox failed", cause)
      return Refusal.springPage(500, path, now)
    }))
