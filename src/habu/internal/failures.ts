// What an HTTP failure means, told without keeping it: its error objects hold the Authorization header and bodies.
import type * as HttpClientError from "@effect/platform/HttpClientError"
import { ResponseError } from "@effect/platform/HttpClientError"
import type * as HttpClientResponse from "@effect/platform/HttpClientResponse"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { AnswerUnreadable, Unavailable } from "../HabuError.js"
import * as Text from "../Text.js"

// Seen live: the value is sent twice, joined by a comma.
export const requestIdOf = (response: HttpClientResponse.HttpClientResponse): { readonly requestId?: string } => {
  const id = Text.clean(response.headers["x-request-id"]?.split(",")[0] ?? "", 100)
  return id === "" ? {} : { requestId: id }
}

const ErrorBody = Schema.parseJson(Schema.Struct({
  message: Schema.optional(Schema.Unknown),
  error_description: Schema.optional(Schema.Unknown),
  error: Schema.optional(Schema.Unknown)
}))

// The message of either of Habu's error envelopes, or Spring's `error`; nothing of any other body.
export const messageOf = (body: string): { readonly habuMessage?: string } =>
  Either.match(Schema.decodeUnknownEither(ErrorBody)(body), {
    onLeft: () => ({}),
    onRight: ({ error, error_description, message }) => {
      const said = [message, error_description, error].filter(Predicate.isString).map((text) => Text.clean(text, 300))
        .find((text) => text !== "")
      return said === undefined ? {} : { habuMessage: said }
    }
  })

// Codes with which a connection fails before anything of the request left.
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID"
])

// A network can also become unreachable while an answer is awaited; then the system call was another one.
const beforeSending = new Set<unknown>([undefined, "connect", "getaddrinfo"])

const codesOf = (cause: unknown, depth = 0): ReadonlyArray<string> => {
  if (!Predicate.isRecord(cause) || depth > 4) return []
  const own = Predicate.isString(cause["code"]) && beforeSending.has(cause["syscall"]) ? [cause["code"]] : []
  const parts = Array.isArray(cause["errors"]) ? cause["errors"] : []
  return [...own, ...[cause["cause"], ...parts].flatMap((part) => codesOf(part, depth + 1))]
}

export const fromClientError = (
  operation: string,
  error: HttpClientError.HttpClientError
): Unavailable | AnswerUnreadable => {
  if (error._tag === "ResponseError") {
    return new AnswerUnreadable({
      operation,
      ...requestIdOf(error.response),
      problem: "its body broke off or is not text"
    })
  }
  const never = error.reason !== "Transport" || codesOf(error.cause).some((code) => neverSent.has(code))
  return new Unavailable({ operation, reason: never ? "unreachable" : "cut", neverSent: never })
}

export const timedOut = (operation: string) => () => new Unavailable({ operation, reason: "timeout", neverSent: false })

// Far more than any page of results; what unpacks to more is meant to fill the memory.
const largestBody = 256 * 1024 * 1024

// What is packed, or does not say how long it is, can turn out to be of any size.
const countedText = (response: HttpClientResponse.HttpClientResponse) =>
  Effect.suspend(() => {
    const decoder = new TextDecoder()
    let size = 0
    return response.stream.pipe(
      Stream.mapEffect((part) =>
        (size += part.length) > largestBody
          ? Effect.fail(new ResponseError({ request: response.request, response, reason: "Decode" }))
          : Effect.succeed(part)
      ),
      Stream.runFold("", (text, part) => text + decoder.decode(part, { stream: true })),
      Effect.map((text) => text + decoder.decode()),
      Effect.catchIf((error) => error.reason === "EmptyBody", () => Effect.succeed(""))
    )
  })

const wholeText = (response: HttpClientResponse.HttpClientResponse) => {
  const { "content-encoding": encoding, "content-length": length } = response.headers
  const isShort = encoding === undefined && Number(length) <= largestBody
  return isShort ? response.text : countedText(response)
}

// The body of a success, and as much as can be had of a refusal's: there the status says enough.
export const textOf = (response: HttpClientResponse.HttpClientResponse) =>
  isSuccess(response) ? wholeText(response) : Effect.orElseSucceed(wholeText(response), () => "")

export const isSuccess = ({ status }: HttpClientResponse.HttpClientResponse) => status >= 200 && status < 300
