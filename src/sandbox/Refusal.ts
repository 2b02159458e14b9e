/**
 * The sandbox's refusals: every answer of Habu that is not a 2xx, in the bodies seen from it.
 *
 * @since 0.1.0
 */
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Data from "effect/Data"

/**
 * What a handler fails with. `message` is left out of bodies that carry none.
 *
 * @since 0.1.0
 * @category errors
 */
export class Refusal extends Data.TaggedError("Refusal")<{
  readonly status: number
  readonly code: string
  readonly message: string
}> {}

const refuse = (status: number, code: string) => (message: string) => new Refusal({ status, code, message })

/**
 * 400: the request is not one that Habu can carry out.
 *
 * @since 0.1.0
 * @category constructors
 */
export const badRequest = refuse(400, "BAD_REQUEST")

/**
 * 401: no token, or one that is not valid now.
 *
 * @since 0.1.0
 * @category constructors
 */
export const unauthorized = refuse(401, "UNAUTHORIZED")

/**
 * 403: the API user lacks the right.
 *
 * @since 0.1.0
 * @category constructors
 */
export const forbidden = refuse(403, "FORBIDDEN")

/**
 * 404: there is no such thing, or it is another organisation's.
 *
 * @since 0.1.0
 * @category constructors
 */
export const notFound = (thing: string, id: string) =>
  refuse(404, "NOT_FOUND")(`${thing} ${JSON.stringify(id)} was not found`)

/**
 * 409: it exists already.
 *
 * @since 0.1.0
 * @category constructors
 */
export const conflict = refuse(409, "CONFLICT")

/**
 * 412: something must be done first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const preconditionFailed = refuse(412, "PRECONDITION_FAILED")

/**
 * 429: a limit is used up.
 *
 * @since 0.1.0
 * @category constructors
 */
export const tooManyRequests = refuse(429, "TOO_MANY_REQUESTS")

const reasons: { readonly [status: number]: string } = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  415: "Unsupported Media Type",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable"
}

/**
 * The body of Spring's own error pages, as Habu sends it for what no handler of its own answers.
 *
 * @since 0.1.0
 * @category responses
 */
export const springPage = (status: number, path: string, now: number, message?: string) =>
  HttpServerResponse.unsafeJson({
    timestamp: new Date(now).toISOString(),
    status,
    error: reasons[status] ?? "Error",
    ...(message === undefined ? {} : { message }),
    path
  }, { status })

const securityPage = (refusal: Refusal, path: string, now: number) =>
  HttpServerResponse.unsafeJson({
    status: refusal.status,
    code: refusal.code,
    timestamp: new Date(now).toISOString(),
    message: refusal.message,
    details: `uri=${path}`
  }, { status: refusal.status })

/**
 * The answer that a refusal becomes: 401 in the envelope of the security filter, 403 as a page with a message, the
 * others as the contract's `{ code, message }`.
 *
 * @since 0.1.0
 * @category responses
 */
export const toResponse = (refusal: Refusal, path: string, now: number) => {
  if (refusal.status === 401) return securityPage(refusal, path, now)
  if (refusal.status === 403) return springPage(403, path, now, refusal.message)
  return HttpServerResponse.unsafeJson({ code: refusal.code, message: refusal.message }, { status: refusal.status })
}
