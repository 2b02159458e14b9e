// One attempt of an operation: token, gate, timeout, typed errors, log line; once more with a new token after a 401.
import type * as HttpClientError from "@effect/platform/HttpClientError"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as FiberRef from "effect/FiberRef"
import * as LogLevel from "effect/LogLevel"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as HabuAuth from "../HabuAuth.js"
import type * as HabuBreaker from "../HabuBreaker.js"
import type * as HabuConfig from "../HabuConfig.js"
import { AccessTokenRefused, AnswerUnreadable, type HabuError, RequestInvalid } from "../HabuError.js"
import * as Operations from "../Operations.js"
import * as Redaction from "../Redaction.js"
import * as Text from "../Text.js"
import * as failures from "./failures.js"
import * as telemetry from "./telemetry.js"
import * as transport from "./transport.js"

// The arguments of any operation; the typed methods of HabuClient guard what goes in here.
export type Request = {
  readonly path?: { readonly [name: string]: string }
  readonly urlParams?: unknown
  readonly payload?: unknown
} | undefined

export interface Answer {
  readonly value: unknown
  // The JSON text as it came.
  readonly body: string
  readonly requestId: string | undefined
}

type RawError = HabuError | HttpClientError.HttpClientError | ParseResult.ParseError

export type RawCall = (request: Request) => Effect.Effect<unknown, RawError, transport.CurrentAttempt>

// What a message says was expected. The rest of it may quote the value that was found, which may be a secret.
const expectedBy = (message: string) => /^Expected (.+?)(?:, actual .*)?$/s.exec(message)?.[1]

const problemOf = (error: ParseResult.ParseError) => {
  const issues = ParseResult.ArrayFormatter.formatErrorSync(error)
  const places = Arr.groupBy(issues, ({ path }) => path.join(".") || "it")
  return Text.clean(
    Object.entries(places).slice(0, 3).map(([place, found]) => {
      const expected = Arr.dedupe(Arr.filterMap(found, ({ message }) => Option.fromNullable(expectedBy(message))))
      const words = expected.filter((word) => word !== "null" && word !== "undefined").slice(0, 4)
      return words.length === 0 ? `${place} is missing or cannot be read` : `${place} should be ${words.join(" or ")}`
    }).join("; "),
    500
  )
}

const toHabuError = (attempt: transport.Attempt) => (error: RawError): HabuError => {
  const { operation, requestId, sent } = attempt
  const about = { operation: operation.id, ...(requestId !== undefined && { requestId }) }
  switch (error._tag) {
    case "RequestError":
    case "ResponseError":
      return failures.fromClientError(operation.id, error)
    case "ParseError":
      return sent
        ? new AnswerUnreadable({ ...about, problem: problemOf(error) })
        : new RequestInvalid({ ...about, problem: problemOf(error) })
    default:
      return error
  }
}

// What nests without end ends the stack of whoever reads it; the error comes wrapped.
const endsStack = (defect: unknown) => /RangeError: Maximum call stack/.test(String(defect))

const tooDeep = ({ operation, requestId }: transport.Attempt) =>
  Effect.fail(
    new AnswerUnreadable({
      operation: operation.id,
      ...(requestId !== undefined && { requestId }),
      problem: "it nests deeper than can be read"
    })
  )

const received = ({ body, operation, secrets }: transport.Attempt) => {
  if (body === undefined || Operations.isText(operation)) return `<${body?.length ?? 0} characters>`
  const answer = Schema.decodeEither(Schema.parseJson())(Redaction.without(body, secrets))
  return Either.match(answer, {
    onLeft: () => `<${body.length} characters>`,
    onRight: (value) => Redaction.show(value)
  })
}

const log = Effect.fnUntraced(function*(attempt: transport.Attempt, request: Request, millis: number) {
  const level = yield* FiberRef.get(FiberRef.currentMinimumLogLevel)
  if (LogLevel.greaterThan(level, LogLevel.Debug)) return
  yield* Effect.logDebug("Habu request").pipe(Effect.annotateLogs({
    operation: attempt.operation.id,
    method: attempt.operation.method,
    path: attempt.operation.path,
    status: attempt.status ?? "none",
    millis,
    request_id: attempt.requestId ?? "none",
    sent: Redaction.show(request?.payload),
    received: received(attempt)
  }))
})

export const make = (options: {
  readonly raw: { readonly [operation: string]: RawCall }
  readonly auth: HabuAuth.Service
  readonly breaker: HabuBreaker.Service
  readonly config: HabuConfig.Service
}) =>
  Effect.map(Effect.makeSemaphore(options.config.concurrency), (gate) => {
    const { auth, breaker, config, raw } = options

    const inTurn = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(
          restore(Effect.withSpan(gate.take(1), "wait.turn", { captureStackTrace: false })),
          (taken) => Effect.ensuring(restore(effect), gate.release(taken))
        )
      )

    const send = Effect.fnUntraced(
      function*(operation: Operations.Info, request: Request, token: Redacted.Redacted | undefined) {
        const attempt = transport.newAttempt(operation, request?.payload, token)
        const call = raw[operation.id]
        if (call === undefined) return yield* Effect.dieMessage(`No operation ${operation.id}`)
        const value = yield* call(request).pipe(
          Effect.provideService(transport.CurrentAttempt, attempt),
          Effect.mapError(toHabuError(attempt)),
          Effect.catchSomeDefect((defect) => endsStack(defect) ? Option.some(tooDeep(attempt)) : Option.none()),
          Effect.timeoutFail({ duration: config.requestTimeout, onTimeout: failures.timedOut(operation.id) }),
          telemetry.measured(operation.id, () => attempt.sent, (millis) => log(attempt, request, millis))
        )
        return { value, body: attempt.body ?? "", requestId: attempt.requestId } satisfies Answer
      },
      (effect) =>
        Effect.flatMap(
          gate.withPermitsIfAvailable(1)(effect),
          Option.match({ onNone: () => inTurn(effect), onSome: Effect.succeed })
        )
    )

    // Another token in place of one that was refused, or the refusal with the time at which there will be one.
    const renewed = Effect.fnUntraced(function*(token: Redacted.Redacted, error: AccessTokenRefused) {
      const retryAt = yield* Effect.orElseSucceed(auth.refused(token), () => Option.none<number>())
      const next = yield* auth.accessToken
      if (Redacted.value(next) !== Redacted.value(token)) return next
      return yield* Effect.fail(
        Option.match(retryAt, {
          onNone: () => error,
          onSome: (at) => new AccessTokenRefused({ ...error, retryAt: at })
        })
      )
    })

    const authorised = Effect.fnUntraced(function*(operation: Operations.Info, request: Request) {
      const token = yield* auth.accessToken
      return yield* Effect.catchTag(
        send(operation, request, token),
        "AccessTokenRefused",
        (error) => Effect.flatMap(renewed(token, error), (next) => send(operation, request, next))
      )
    })

    // Whether Habu is up is asked of Habu itself, also while the circuit is open.
    const guarded = (operation: Operations.Info, request: Request) =>
      operation.anonymous
        ? send(operation, request, undefined)
        : breaker.guard(operation.id)(authorised(operation, request))

    return (operation: Operations.Info, request: Request): Effect.Effect<Answer, HabuError> =>
      telemetry.spanned(operation.id, operation.method, operation.path)(guarded(operation, request))
  })
