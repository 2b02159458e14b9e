/**
 * Habu inside the test's process: an HTTP client that answers from a script and records what it was sent.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import type * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

export interface Sent {
  readonly method: string
  readonly origin: string
  /** Below `/v1`, as it was encoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

export type Answer =
  | {
    readonly status?: number
    /** Answered as JSON. */
    readonly json?: unknown
    /** Answered as it is. */
    readonly text?: string
    readonly headers?: { readonly [name: string]: string }
    readonly delay?: Duration.DurationInput
    /** Whether the connection breaks off in the middle of the body. */
    readonly cut?: boolean
  }
  | { readonly fails: string; readonly syscall?: string; readonly delay?: Duration.DurationInput }
  | "never"

type Script = Answer | ((sent: Sent) => Answer)

export interface FakeHabu {
  readonly client: HttpClient.HttpClient
  readonly sent: ReadonlyArray<Sent>
  /** Requests other than those for a token. */
  readonly calls: () => ReadonlyArray<Sent>
  readonly tokenRequests: () => ReadonlyArray<Sent>
  /** Answers of one method and path, such as `GET /cleanrooms`, in turn; the last one stays. */
  readonly on: (methodAndPath: string, ...answers: ReadonlyArray<Script>) => void
}

export const tokenPath = "POST /oauth/token"

const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")

export const jwt = (claims: { readonly [name: string]: unknown }) =>
  `${segment({ alg: "RS256" })}.${segment(claims)}.c2lnbmF0dXJl`

const spring404 = (path: string): Answer => ({
  status: 404,
  json: { timestamp: "2025-06-23T19:14:34.120+00:00", status: 404, error: "Not Found", path }
})

const bodyOf = ({ body }: HttpClientRequest.HttpClientRequest) =>
  body._tag === "Uint8Array" ? new TextDecoder().decode(body.body) : ""

const broken = (text: string) =>
  new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode(text.slice(0, text.length / 2)))
      controller.error(new TypeError("terminated"))
    }
  })

const respond = (request: HttpClientRequest.HttpClientRequest, answer: Answer) => {
  if (answer === "never") return Effect.never
  if ("fails" in answer) {
    const { delay = 0, fails, syscall } = answer
    const cause = Object.assign(
      new Error(`connect ${fails}`),
      { code: fails },
      syscall === undefined ? {} : { syscall }
    )
    return Effect.delay(
      new HttpClientError.RequestError({
        request,
        reason: "Transport",
        cause: new TypeError("fetch failed", { cause })
      }),
      delay
    )
  }
  const { cut = false, delay = 0, headers, json, status = 200 } = answer
  const text = answer.text ?? (json === undefined ? "" : JSON.stringify(json))
  const body = cut ? broken(text) : status === 204 ? null : text
  return Effect.delay(
    Effect.sync(() => HttpClientResponse.fromWeb(request, new Response(body, { status, ...(headers && { headers }) }))),
    delay
  )
}

/** A Habu that gives a new token for every request for one, and knows nothing else until it is told. */
export const make = (): FakeHabu => {
  const sent: Array<Sent> = []
  const scripts = new Map<string, ReadonlyArray<Script>>()
  let minted = 0

  const next = (one: Sent): Answer => {
    const key = `${one.method} ${one.path}`
    const [first, ...rest] = scripts.get(key) ?? []
    if (first === undefined) return spring404(one.path)
    if (rest.length > 0) scripts.set(key, rest)
    return typeof first === "function" ? first(one) : first
  }

  const client = HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const one = {
        method: request.method,
        origin: url.origin,
        path: url.pathname.replace(/^\/v1/, ""),
        query: url.searchParams,
        headers: request.headers,
        body: bodyOf(request)
      }
      sent.push(one)
      return respond(request, next(one))
    })
  )

  scripts.set(tokenPath, [() => {
    minted++
    return { json: { accessToken: tokenNumber(minted), tokenType: "Bearer", expiresIn: 43_200 } }
  }])

  const isToken = (one: Sent) => `${one.method} ${one.path}` === tokenPath

  return {
    client,
    sent,
    calls: () => sent.filter((one) => !isToken(one)),
    tokenRequests: () => sent.filter(isToken),
    on: (methodAndPath, ...answers) => void scripts.set(methodAndPath, answers)
  }
}

/** The n-th token that a Habu of this kind gives. */
export const tokenNumber = (n: number) => jwt({ iat: 0, exp: 43_200, n, scope: "read:cleanrooms write:cleanrooms" })
