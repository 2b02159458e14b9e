// The HTTP side of one attempt: address and token in, a success or a typed error out.
import * as HttpClient from "@effect/platform/HttpClient"
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as Redacted from "effect/Redacted"
import {
  AccessTokenRefused,
  AnswerUnreadable,
  Conflict,
  Forbidden,
  type HabuError,
  NotFound,
  PermitRefused,
  PreconditionFailed,
  RateLimited,
  RequestInvalid,
  Unavailable
} from "../HabuError.js"
import * as Operations from "../Operations.js"
import * as Redaction from "../Redaction.js"
import { SendingPermit } from "../SendingPermit.js"
import * as channel from "./channel.js"
import * as failures from "./failures.js"
import * as telemetry from "./telemetry.js"

// One attempt of one operation, and what became known of it on the way.
export interface Attempt {
  readonly operation: Operations.Info
  // None for the operation that needs none.
  readonly token: Redacted.Redacted | undefined
  // What must not be repeated of what is said in answer.
  readonly secrets: ReadonlyArray<string>
  sent: boolean
  status: number | undefined
  requestId: string | undefined
  body: string | undefined
}

export class CurrentAttempt extends Context.Tag("habu-mcp/habu/CurrentAttempt")<CurrentAttempt, Attempt>() {}

const longestRetryAfter = Duration.toMillis("1 day")

// In seconds or as a date; seen neither live, so anything may come.
const retryAfter = (response: HttpClientResponse.HttpClientResponse, now: number): { readonly retryAt?: number } => {
  const header = response.headers["retry-after"] ?? ""
  const at = /^\d+$/.test(header) ? now + Number(header) * 1000 : Date.parse(header)
  return Number.isNaN(at) ? {} : { retryAt: Math.min(Math.max(at, now), now + longestRetryAfter) }
}

const toError = (
  { operation: { id: operation }, secrets }: Attempt,
  response: HttpClientResponse.HttpClientResponse,
  body: string,
  now: number
): HabuError => {
  const { status } = response
  const said = failures.messageOf(Redaction.without(body, secrets))
  const about = { operation, ...failures.requestIdOf(response), ...said }
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

// A write that worked must not look failed because its body is missing. A read with no body has told nothing, but for
// 204, which says that there is nothing.
const normalised = (operation: Operations.Info, status: number, body: string) =>
  body.trim() === "" && (operation.effect !== "read" || status === 204) ? Operations.emptyAnswer(operation) : body

// A whole web Response costs as much as the request, and the generated client reads no more than these two of it.
const answered = (response: HttpClientResponse.HttpClientResponse, status: number, body: string) =>
  Object.create(response, {
    status: { value: status },
    arrayBuffer: { value: Effect.sync(() => new TextEncoder().encode(body).buffer) }
  }) as HttpClientResponse.HttpClientResponse

const accept = Effect.fnUntraced(function*(attempt: Attempt, response: HttpClientResponse.HttpClientResponse) {
  const { operation } = attempt
  attempt.status = response.status
  attempt.requestId = failures.requestIdOf(response).requestId
  yield* telemetry.answered(attempt.status, attempt.requestId)
  const body = yield* failures.textOf(response)
  attempt.body = body
  if (!failures.isSuccess(response)) {
    return yield* Effect.fail(toError(attempt, response, body, yield* Clock.currentTimeMillis))
  }
  return answered(response, operation.success, normalised(operation, response.status, body))
})

export const make = (
  base: HttpClient.HttpClient,
  apiUrl: string
): HttpClient.HttpClient.With<HabuError | HttpClientError.HttpClientError, CurrentAttempt> => {
  const http = channel.make(base)
  const send = Effect.fnUntraced(function*(request: HttpClientRequest.HttpClientRequest) {
    const attempt = yield* CurrentAttempt
    const isGranted = yield* Effect.flatten(SendingPermit)
    if (!isGranted) return yield* Effect.fail(new PermitRefused({ operation: attempt.operation.id }))
    attempt.sent = true
    const addressed = request.pipe(
      HttpClientRequest.prependUrl(apiUrl),
      attempt.token === undefined ? identity : HttpClientRequest.bearerToken(attempt.token),
      HttpClientRequest.acceptJson
    )
    return yield* accept(attempt, yield* http.execute(addressed))
  })
  return HttpClient.makeWith<never, never, HabuError | HttpClientError.HttpClientError, CurrentAttempt>(
    Effect.flatMap(send),
    Effect.succeed
  )
}

export const newAttempt = (
  operation: Operations.Info,
  payload: unknown,
  token: Redacted.Redacted | undefined
): Attempt => ({
  operation,
  token,
  secrets: Redaction.secretsIn({ token, payload }),
  sent: false,
  status: undefined,
  requestId: undefined,
  body: undefined
})
