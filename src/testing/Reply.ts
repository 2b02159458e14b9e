/**
 * What a scripted Habu does with a request: an answer, a refusal, or nothing that can be read.
 *
 * @since 0.1.0
 */
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"

/**
 * A reply is an effect of the request, so it may take time (`Effect.delay`) or look at what was sent.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reply {
  (
    request: HttpClientRequest.HttpClientRequest
  ): Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>
}

/**
 * Answers with any response of the web platform.
 *
 * @since 0.1.0
 * @category constructors
 */
export const response = (make: () => Response): Reply => (request) =>
  Effect.sync(() => HttpClientResponse.fromWeb(request, make()))

/**
 * Answers with JSON, which is Habu's own: encoded, as `Fixtures.encoded` makes it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const json = (body: unknown, status = 200): Reply => response(() => Response.json(body, { status }))

/**
 * Answers with a text, such as the file of a run.
 *
 * @since 0.1.0
 * @category constructors
 */
export const text = (body: string, status = 200): Reply => response(() => new Response(body, { status }))

/**
 * Refuses with a status and Habu's words for it; `headers` may say when to come again (`retry-after`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const refusal = (status: number, message: string, headers: { readonly [name: string]: string } = {}): Reply =>
  response(() => Response.json({ status, message }, { status, headers }))

const broken = (code: string): Reply => (request) =>
  Effect.fail(
    new HttpClientError.RequestError({
      request,
      reason: "Transport",
      cause: new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) })
    })
  )

/**
 * Lets nothing of the request leave: no connection is made.
 *
 * @since 0.1.0
 * @category constructors
 */
export const unreachable: Reply = broken("ECONNREFUSED")

/**
 * Takes the request and breaks the connection off: nobody knows whether it was carried out.
 *
 * @since 0.1.0
 * @category constructors
 */
export const lost: Reply = broken("ECONNRESET")

/**
 * Takes the request and never answers.
 *
 * @since 0.1.0
 * @category constructors
 */
export const never: Reply = () => Effect.never
