// The HTTP side of one attempt: address and token in, a success or a typed error out.
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import {
  AccessTokenRefused,
  AnswerUnreadable,
  Conflict,
  Forbidden,
  type HabuError,
  NotFound,
  PreconditionFailed,
  RateLimited,
  RequestInvalid,
  Unavailable
} from "../HabuError.js"
import * as Operations from "../Operations.js"
import * as failures from "./failures.js"

// One attempt of one operation, and what became known of it on the way.
export interface Attempt {
  readonly operation: Operations.Info
  readonly token: Redacted.Redacted
  sent: boolean
  status: number | undefined
  requestId: string | undefined
  body: string | undefined
}

export class CurrentAttempt extends Context.Tag("habu-mcp/habu/CurrentAttempt")<CurrentAttempt, Attempt>() {}

const retryAfter = (response: HttpClientResponse.HttpClientResponse, now: number): { readonly retryAt?: number } => {
  const header = response.headers["retry-after"]
  if (header === undefined) return {}
  const seconds = Number(header)
  const at = Number.isFinite(seconds) ? now + seconds * 1000 : Date.parse(header)
  return Number.isFinite(at) ? { retryAt: at } : {}
}

const toError = (
  operation: string,
  response: HttpClientResponse.HttpClientResponse,
  body: string,
  now: number
): HabuError => {
  const { status } = response
  const about = { operation, ...failures.requestIdOf(response), ...failures.messageOf(body) }
  if (status >= 500) {
    return new Unavailable({
      ...about,
      ...retryAfter(response, now),
      reason: "server_error",
      status,
      neverSent: false
    })
  }
  switch (status) {
    case 401:
      return new AccessTokenRefused(about)
    case 403:
      return new Forbidden(about)
    case 404:
      return new NotFound(about)
    case 409:
      return new Conflict(about)
    case 412:
      return new PreconditionFailed(about)
    case 429:
      return new RateLimited({ ...about, ...retryAfter(response, now) })
    default:
      return status >= 400
        ? new RequestInvalid({ ...about, status })
        : new AnswerUnreadable({ ...about, problem: `status ${status}, which Habu does not use` })
  }
}

const isJson = (text: string) => Either.isRight(Schema.decodeEither(Schema.parseJson())(text))

// A create that worked must not look failed because its status or its empty body is not the promised one.
const normalised = (operation: Operations.Info, body: string) =>
  Operations.isText(operation)
    ? (isJson(body) ? body : JSON.stringify(body))
    : body.trim() === ""
    ? Operations.emptyAnswer(operation)
    : body

const accept = Effect.fnUntraced(function*(attempt: Attempt, response: HttpClientResponse.HttpClientResponse) {
  const { operation } = attempt
  attempt.status = response.status
  attempt.requestId = failures.requestIdOf(response).requestId
  const read = yield* Effect.either(response.text)
  const succeeded = response.status >= 200 && response.status < 300
  if (succeeded && Either.isLeft(read)) {
    return yield* Effect.fail(failures.fromClientError(operation.id, read.left))
  }
  const body = Either.getOrElse(read, () => "")
  attempt.body = body
  if (!succeeded) {
    const now = yield* Clock.currentTimeMillis
    return yield* Effect.fail(toError(operation.id, response, body, now))
  }
  return HttpClientResponse.fromWeb(
    response.request,
    new Response(normalised(operation, body), {
      status: operation.success,
      headers: { "content-type": "application/json" }
    })
  )
})

export const make = (
  base: HttpClient.HttpClient,
  apiUrl: string
): HttpClient.HttpClient.With<HabuError | HttpClientError.HttpClientError, CurrentAttempt> => {
  const http = HttpClient.withTracerPropagation(base, false)
  const send = Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest) {
    const attempt = yield* CurrentAttempt
    attempt.sent = true
    const addressed = request.pipe(
      HttpClientRequest.prependUrl(apiUrl),
      HttpClientRequest.bearerToken(attempt.token),
      HttpClientRequest.acceptJson
    )
    return yield* accept(attempt, yield* http.execute(addressed))
  })
  return HttpClient.makeWith<never, never, HabuError | HttpClientError.HttpClientError, CurrentAttempt>(
    Effect.flatMap(send),
    Effect.succeed
  )
}

export const newAttempt = (operation: Operations.Info, token: Redacted.Redacted): Attempt => ({
  operation,
  token,
  sent: false,
  status: undefined,
  requestId: undefined,
  body: undefined
})
