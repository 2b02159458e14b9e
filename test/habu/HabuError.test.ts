import * as HttpClientError from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import { describe, expect, it } from "@effect/vitest"
import { inspect } from "node:util"
import * as HabuError from "../../src/habu/HabuError.js"
import * as failures from "../../src/habu/internal/failures.js"

const at = Date.UTC(2026, 7, 1, 12)
const about = { operation: "getCleanroomById", requestId: "req-1", habuMessage: "said so" }
const bare = { operation: "getCleanroomById" }

const cases: ReadonlyArray<{
  readonly error: HabuError.HabuError | HabuError.ReferenceError
  readonly code: string
  readonly category: HabuError.Category
  readonly retryable: boolean
  readonly message: RegExp
  readonly advice: RegExp
  readonly neverSent?: boolean
  readonly transient?: boolean
}> = [
  {
    error: new HabuError.ConfigurationInvalid({ setting: "HABU_API", problem: "is no address", advice: "Set it." }),
    code: "CONFIGURATION_INVALID",
    category: "configuration",
    retryable: false,
    message: /^HABU_API is no address\.$/,
    advice: /^Set it\.$/,
    neverSent: true
  },
  {
    error: new HabuError.CredentialsRefused({ ...about, operation: "token", status: 401 }),
    code: "CREDENTIALS_REFUSED",
    category: "credentials",
    retryable: false,
    message: /refused the API credentials with status 401\. Habu said: "said so"\.$/,
    advice: /HABU_API_CLIENT and HABU_API_SECRET.*secondary key.*HABU_API\.$/s,
    neverSent: true
  },
  {
    error: new HabuError.CredentialsRefused({ ...about, status: 400 }),
    code: "CREDENTIALS_REFUSED",
    category: "credentials",
    retryable: false,
    message: /status 400/,
    advice: /API Keys/,
    neverSent: true
  },
  {
    error: new HabuError.AccessTokenRefused(about),
    code: "ACCESS_TOKEN_REFUSED",
    category: "credentials",
    retryable: false,
    message: /refused the access token for getCleanroomById/,
    advice: /test_connection/,
    neverSent: true
  },
  {
    error: new HabuError.AccessTokenRefused({ ...about, retryAt: at }),
    code: "ACCESS_TOKEN_REFUSED",
    category: "credentials",
    retryable: false,
    message: /refused the access token for getCleanroomById/,
    advice: /test_connection\. Another access token can be had at 2026-08-01T12:00:00\.000Z\.$/,
    neverSent: true
  },
  {
    error: new HabuError.PermitRefused({ operation: about.operation }),
    code: "PERMIT_REFUSED",
    category: "conflict",
    retryable: true,
    message: /getCleanroomById could be sent that it was not sent any more/,
    advice: /same call again/,
    neverSent: true
  },
  {
    error: new HabuError.Forbidden({ ...about, administrators: ["ann@a.example", "bob@a.example"] }),
    code: "FORBIDDEN",
    category: "permission",
    retryable: false,
    message: /does not allow the API user to carry out getCleanroomById here\. Habu said/,
    advice: /^Ask an administrator of the clean room \(ann@a\.example, bob@a\.example\) to give/
  },
  {
    error: new HabuError.Forbidden({ ...bare, administrators: [] }),
    code: "FORBIDDEN",
    category: "permission",
    retryable: false,
    message: /here\.$/,
    advice: /^Ask an administrator of the clean room to give/
  },
  {
    error: new HabuError.Forbidden(bare),
    code: "FORBIDDEN",
    category: "permission",
    retryable: false,
    message: /here\.$/,
    advice: /^Ask an administrator of the clean room to give/
  },
  {
    error: new HabuError.NotFound(about),
    code: "NOT_FOUND",
    category: "missing",
    retryable: false,
    message: /found nothing for getCleanroomById/,
    advice: /find_resources/
  },
  {
    error: new HabuError.RequestInvalid({ ...about, status: 400 }),
    code: "REQUEST_INVALID",
    category: "input",
    retryable: false,
    message: /^The request getCleanroomById was refused with status 400\. Habu said: "said so"\.$/,
    advice: /nothing was changed/
  },
  {
    error: new HabuError.RequestInvalid({ ...bare, problem: "name should be string" }),
    code: "REQUEST_INVALID",
    category: "input",
    retryable: false,
    message: /^The request getCleanroomById was refused before it was sent: name should be string\.$/,
    advice: /Correct the values/,
    neverSent: true
  },
  {
    error: new HabuError.Conflict(about),
    code: "CONFLICT",
    category: "conflict",
    retryable: false,
    message: /conflicts with what exists/,
    advice: /existing one/
  },
  {
    error: new HabuError.PreconditionFailed(about),
    code: "PRECONDITION_FAILED",
    category: "conflict",
    retryable: false,
    message: /condition of getCleanroomById is not met/,
    advice: /READY/
  },
  {
    error: new HabuError.RateLimited({ ...about, retryAt: at }),
    code: "RATE_LIMITED",
    category: "limit",
    retryable: true,
    message: /limit for getCleanroomById is used up/,
    advice: /not call again before 2026-08-01T12:00:00\.000Z/
  },
  {
    error: new HabuError.RateLimited(about),
    code: "RATE_LIMITED",
    category: "limit",
    retryable: true,
    message: /used up/,
    advice: /^Wait before the next call/
  },
  ...([
    ["token", 2, 86_400, /^Habu's limit of 2 access tokens in 24 h is used up\. Nothing was sent\.$/],
    ["question_run_start", 20, 3_600, /^Habu's limit of 20 question run starts in 1 h is used up/],
    ["flow_run_start", 20, 90, /^Habu's limit of 20 flow run starts in 90 s is used up/],
    ["poll", 1, 300, /^Habu's limit of 1 status read of one object in 5 min is used up/]
  ] as const).map(([budget, limit, windowSeconds, message]) => ({
    error: new HabuError.BudgetExhausted({ ...bare, budget, limit, windowSeconds, retryAt: at }),
    code: "BUDGET_EXHAUSTED",
    category: "limit" as const,
    retryable: true,
    message,
    advice: /free at 2026-08-01T12:00:00\.000Z/,
    neverSent: true
  })),
  ...([
    ["unreachable", true, undefined, /^Habu could not be reached \(getCleanroomById\)/, /HABU_API and the proxy/],
    ["cut", false, undefined, /^The connection to Habu broke off/, /again in a minute/],
    ["timeout", false, undefined, /^Habu did not answer in time/, /again in a minute/],
    ["server_error", false, 503, /^Habu failed with status 503/, /request id/],
    ["server_error", false, undefined, /^Habu failed with status 500/, /request id/]
  ] as const).map(([reason, neverSent, status, message, advice]) => ({
    error: new HabuError.Unavailable({ ...about, reason, neverSent, ...(status !== undefined && { status }) }),
    code: "HABU_UNAVAILABLE",
    category: "transient" as const,
    retryable: true,
    message,
    advice,
    neverSent,
    transient: true
  })),
  {
    error: new HabuError.Unavailable({ operation: "token", reason: "timeout", neverSent: false }),
    code: "HABU_UNAVAILABLE",
    category: "transient",
    retryable: true,
    message: /token/,
    advice: /again/,
    // The request that needed the token was not.
    neverSent: true,
    transient: true
  },
  {
    error: new HabuError.BreakerOpen({ ...bare, retryAt: at }),
    code: "BREAKER_OPEN",
    category: "transient",
    retryable: true,
    message: /several times in a row, so getCleanroomById was not sent/,
    advice: /after 2026-08-01T12:00:00\.000Z/,
    neverSent: true,
    transient: true
  },
  {
    error: new HabuError.AnswerUnreadable({ ...about, problem: "status 302" }),
    code: "ANSWER_UNREADABLE",
    category: "answer",
    retryable: true,
    message: /answer to getCleanroomById could not be read: status 302\./,
    advice: /proxy/,
    transient: true
  },
  {
    error: new HabuError.OutcomeUnknown({ ...about, reason: "no answer came" }),
    code: "OUTCOME_UNKNOWN",
    category: "unknown_outcome",
    retryable: false,
    message: /not known whether Habu carried out getCleanroomById: no answer came\./,
    advice: /Do not repeat it blindly/
  },
  {
    error: new HabuError.StateUnavailable({ ...bare, problem: "The disk is full." }),
    code: "STATE_UNAVAILABLE",
    category: "state",
    retryable: true,
    message: /getCleanroomById was not carried out: The disk is full\./,
    advice: /HABU_STATE/,
    neverSent: true
  },
  {
    error: new HabuError.ReferenceUnknown({ kind: "clean room", reference: "Foo", options: ["Bar (CR-1)"] }),
    code: "REFERENCE_UNKNOWN",
    category: "input",
    retryable: false,
    message: /^No clean room is called "Foo"\.$/,
    advice: /there are: Bar \(CR-1\)\./
  },
  {
    error: new HabuError.ReferenceUnknown({ kind: "clean room", reference: "Foo", options: [] }),
    code: "REFERENCE_UNKNOWN",
    category: "input",
    retryable: false,
    message: /No clean room/,
    advice: /^There is no clean room that the API user can see here\.$/
  },
  {
    error: new HabuError.ReferenceAmbiguous({ kind: "question", reference: "Foo", options: ["a", "b"] }),
    code: "REFERENCE_AMBIGUOUS",
    category: "input",
    retryable: false,
    message: /^"Foo" names more than one question\.$/,
    advice: /a; b/
  }
]

const isReference = (
  error: HabuError.HabuError | HabuError.ReferenceError
): error is HabuError.ReferenceError => error._tag === "ReferenceUnknown" || error._tag === "ReferenceAmbiguous"

describe("HabuError", () => {
  it.each(cases.map((one) => [one.error._tag, one] as const))("%s tells what it is and what to do", (_, one) => {
    const { advice, category, code, error, message, retryable } = one
    const facts = HabuError.facts(error)
    expect(facts).toMatchObject({ code, category, retryable })
    expect(facts.message).toMatch(message)
    expect(facts.advice).toMatch(advice)
    expect(String(error)).toContain(facts.message)
    for (const key of ["operation", "requestId", "retryAt", "habuMessage"] as const) {
      expect(facts[key]).toBe(Object.entries(error).find(([name]) => name === key)?.[1])
    }
    if (isReference(error)) return
    expect(HabuError.neverSent(error)).toBe(one.neverSent ?? false)
    expect(HabuError.isTransient(error)).toBe(one.transient ?? false)
  })

  it("gives every class a code of its own", () => {
    const codes = new Map(cases.map(({ code, error }) => [code, error._tag]))
    expect(codes.size).toBe(new Set(cases.map(({ error }) => error._tag)).size)
  })

  it("leaves out what is not known", () => {
    expect(Object.keys(HabuError.facts(new HabuError.NotFound(bare)))).toEqual([
      "code",
      "category",
      "retryable",
      "message",
      "advice",
      "operation"
    ])
  })

  it("shows no header, body or cause of the HTTP failure it was made from", () => {
    const request = HttpClientRequest.post("https://api.habu.com/v1/x", {
      headers: { authorization: "Bearer CANARY-header" }
    }).pipe(HttpClientRequest.bodyUnsafeJson({ secret: "CANARY-sent" }))
    const response = HttpClientResponse.fromWeb(
      request,
      new Response("CANARY-received", { headers: { "x-request-id": "req-9, req-9", "set-cookie": "CANARY-cookie" } })
    )
    const made = [
      failures.fromClientError(
        "x",
        new HttpClientError.RequestError({ request, reason: "Transport", cause: new Error("CANARY-cause") })
      ),
      failures.fromClientError("x", new HttpClientError.ResponseError({ request, response, reason: "Decode" }))
    ]
    for (const error of made) {
      const shown = [JSON.stringify(error), inspect(error, { depth: 20, showHidden: true }), String(error.stack)].join()
      expect(shown).not.toContain("CANARY")
      expect(shown).not.toMatch(/authorization/i)
    }
    expect(made[1]).toMatchObject({ requestId: "req-9" })
  })
})

describe("what a broken connection means", () => {
  const request = HttpClientRequest.get("https://api.habu.com/v1/x")
  const failed = (cause: unknown, reason: "Transport" | "InvalidUrl" = "Transport") =>
    failures.fromClientError("x", new HttpClientError.RequestError({ request, reason, cause }))
  const coded = (code: string, rest: object = {}) => Object.assign(new Error(code), { code, ...rest })

  it.each([
    ["a refused connection", failed(coded("ECONNREFUSED", { syscall: "connect" }))],
    ["an unknown host", failed(coded("ENOTFOUND", { syscall: "getaddrinfo" }))],
    ["an unknown certificate", failed(new TypeError("fetch failed", { cause: coded("CERT_HAS_EXPIRED") }))],
    ["all of several addresses refused", failed(new AggregateError([coded("ECONNREFUSED"), coded("ECONNREFUSED")]))],
    ["an address that is none", failed(undefined, "InvalidUrl")]
  ])("%s: the request never left", (_, error) => {
    expect(error).toMatchObject({ reason: "unreachable", neverSent: true })
  })

  it.each([
    ["a reset", failed(coded("ECONNRESET"))],
    ["a closed socket", failed(coded("UND_ERR_SOCKET"))],
    ["a network that went away while waiting", failed(coded("EHOSTUNREACH", { syscall: "read" }))],
    ["no code at all", failed(new TypeError("terminated"))],
    ["no cause at all", failed(undefined)],
    [
      "causes that go in circles",
      failed(Object.assign(coded("X"), {
        get cause() {
          return this
        }
      }))
    ]
  ])("%s: it may have arrived", (_, error) => {
    expect(error).toMatchObject({ reason: "cut", neverSent: false })
  })
})
