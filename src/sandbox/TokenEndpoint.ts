/**
 * `POST /v1/oauth/token`, which is no operation of the contract: HTTP Basic and a form, nothing else.
 *
 * @since 0.1.0
 */
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as UrlParams from "@effect/platform/UrlParams"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { AccessTokens } from "./AccessTokens.js"
import { badRequest, springPage } from "./Refusal.js"

/**
 * Where it is served.
 *
 * @since 0.1.0
 * @category models
 */
export const path = "/v1/oauth/token"

const basic = (authorization: string | undefined) => {
  const encoded = authorization?.match(/^basic (.+)$/i)?.[1]
  if (encoded === undefined) return undefined
  const [id, ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":")
  return { id: id ?? "", secret: secret.join(":") }
}

const grantType = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
  request.urlParamsBody.pipe(
    Effect.map((form) => Option.getOrUndefined(UrlParams.getFirst(form, "grant_type"))),
    Effect.orElseSucceed(() => undefined)
  ))

/**
 * Answers a request for a token (seen live: GET 405, a JSON body 415, no Authorization 400).
 *
 * @since 0.1.0
 * @category constructors
 */
export const app = (tokens: AccessTokens) =>
  Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    const now = yield* Clock.currentTimeMillis
    if (request.method !== "POST") {
      return HttpServerResponse.setHeader(springPage(405, path, now), "allow", "POST")
    }
    if (!(request.headers["content-type"] ?? "").toLowerCase().startsWith("application/x-www-form-urlencoded")) {
      return springPage(415, path, now)
    }
    const credentials = basic(request.headers["authorization"])
    if (credentials === undefined) return yield* Effect.fail(badRequest("Missing client credentials"))
    if ((yield* grantType) !== "client_credentials") {
      return yield* Effect.fail(badRequest("grant_type must be client_credentials"))
    }
    return HttpServerResponse.unsafeJson(yield* tokens.mint(credentials.id, credentials.secret))
  })
