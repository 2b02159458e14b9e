/**
 * Everything that can go wrong between a caller and Habu, as one union of typed errors.
 *
 * Each error carries what a program needs to react (a stable `code`, a `category`, `retryable`, `retryAt`) and what a
 * person needs to act (`message`, `advice`). None carries an HTTP error, a header, a request body or an answer's body:
 * Habu's own sentence is kept as `habuMessage`, cleaned and capped, because it is another party's text.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * What kind of failure it is; policies test this and not a list of errors.
 *
 * @since 0.1.0
 * @category models
 */
export type Category =
  | "configuration"
  | "credentials"
  | "permission"
  | "input"
  | "missing"
  | "conflict"
  | "limit"
  | "transient"
  | "answer"
  | "unknown_outcome"
  | "state"

/**
 * What every error of this module tells about itself.
 *
 * @since 0.1.0
 * @category models
 */
export interface Facts {
  /** Stable, upper-case, for programs and for looking up. */
  readonly code: string
  readonly category: Category
  /** Whether the same call may succeed later with nothing changed. */
  readonly retryable: boolean
  readonly message: string
  /** What a person should do next. */
  readonly advice: string
  /** The contract's operation id, or `token`. */
  readonly operation?: string
  /** Habu's `x-request-id`: what LiveRamp's support asks for. */
  readonly requestId?: string
  /** When a retry makes sense, in milliseconds since the epoch. */
  readonly retryAt?: number
  readonly habuMessage?: string
}

const maybe = <A, I, R>(schema: Schema.Schema<A, I, R>) => Schema.optionalWith(schema, { exact: true })

const answered = {
  operation: Schema.String,
  requestId: maybe(Schema.String),
  habuMessage: maybe(Schema.String)
}

const iso = (millis: number) => new Date(millis).toISOString()

const said = (error: { readonly habuMessage?: string }) =>
  error.habuMessage === undefined ? "" : ` Habu said: ${JSON.stringify(error.habuMessage)}.`

/**
 * A setting is missing or cannot be right; nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class ConfigurationInvalid extends Schema.TaggedError<ConfigurationInvalid>()("ConfigurationInvalid", {
  setting: Schema.String,
  problem: Schema.String,
  advice: Schema.String
}) {
  get code() {
    return "CONFIGURATION_INVALID"
  }
  get category(): Category {
    return "configuration"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `${this.setting} ${this.problem}.`
  }
}

/**
 * Habu did not give an access token for these credentials (operation `token`).
 *
 * @since 0.1.0
 * @category errors
 */
export class CredentialsRefused extends Schema.TaggedError<CredentialsRefused>()("CredentialsRefused", {
  ...answered,
  status: Schema.Number
}) {
  get code() {
    return "CREDENTIALS_REFUSED"
  }
  get category(): Category {
    return "credentials"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `Habu refused the API credentials with status ${this.status}.${said(this)}`
  }
  get advice() {
    return "Check HABU_API_CLIENT and HABU_API_SECRET. In Habu's Admin > API Keys the secondary key (32 characters) is " +
      "the client id and the primary key (64 characters) the secret; a rotated secret must be set anew everywhere. " +
      "If they are right, check HABU_API."
  }
}

/**
 * Habu refused a fresh access token on a call (401).
 *
 * @since 0.1.0
 * @category errors
 */
export class AccessTokenRefused extends Schema.TaggedError<AccessTokenRefused>()("AccessTokenRefused", {
  ...answered,
  /** When another token can be had, where none is left now. */
  retryAt: maybe(Schema.Number)
}) {
  get code() {
    return "ACCESS_TOKEN_REFUSED"
  }
  get category(): Category {
    return "credentials"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `Habu refused the access token for ${this.operation}, also after it was renewed or because it cannot be ` +
      `renewed now.${said(this)}`
  }
  get advice() {
    return "The API key may have been rotated or removed. Look in Admin > API Keys, set HABU_API_CLIENT and " +
      `HABU_API_SECRET anew, then call test_connection.${
        this.retryAt === undefined ? "" : ` Another access token can be had at ${iso(this.retryAt)}.`
      }`
  }
}

/**
 * The API user may not do this (403). It says nothing about the rest of the same clean room.
 *
 * @since 0.1.0
 * @category errors
 */
export class Forbidden extends Schema.TaggedError<Forbidden>()("Forbidden", {
  ...answered,
  administrators: maybe(Schema.Array(Schema.String))
}) {
  get code() {
    return "FORBIDDEN"
  }
  get category(): Category {
    return "permission"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `Habu does not allow the API user to carry out ${this.operation} here.${said(this)}`
  }
  get advice() {
    const who = this.administrators === undefined || this.administrators.length === 0
      ? "an administrator of the clean room"
      : `an administrator of the clean room (${this.administrators.join(", ")})`
    return `Ask ${who} to give the API user the Admin role in it (clean room > Users). Trying again will not help.`
  }
}

/**
 * Nothing is there (404), or it belongs to another organisation: Habu does not tell the two apart.
 *
 * @since 0.1.0
 * @category errors
 */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", answered) {
  get code() {
    return "NOT_FOUND"
  }
  get category(): Category {
    return "missing"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `Habu found nothing for ${this.operation}.${said(this)}`
  }
  get advice() {
    return "Check the reference with find_resources. It may have been deleted, or belong to another organisation than " +
      "the API key's (see test_connection)."
  }
}

/**
 * Habu did not accept the request (400), or it could not be written by the contract; nothing was changed.
 *
 * @since 0.1.0
 * @category errors
 */
export class RequestInvalid extends Schema.TaggedError<RequestInvalid>()("RequestInvalid", {
  ...answered,
  status: maybe(Schema.Number),
  problem: maybe(Schema.String)
}) {
  get code() {
    return "REQUEST_INVALID"
  }
  get category(): Category {
    return "input"
  }
  get retryable() {
    return false
  }
  override get message() {
    const status = this.status === undefined ? "before it was sent" : `with status ${this.status}`
    return `The request ${this.operation} was refused ${status}${
      this.problem === undefined ? "" : `: ${this.problem}`
    }.${said(this)}`
  }
  get advice() {
    return "Correct the values and call again; nothing was changed."
  }
}

/**
 * What is asked for contradicts what is there (409).
 *
 * @since 0.1.0
 * @category errors
 */
export class Conflict extends Schema.TaggedError<Conflict>()("Conflict", answered) {
  get code() {
    return "CONFLICT"
  }
  get category(): Category {
    return "conflict"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `Habu answered that ${this.operation} conflicts with what exists already.${said(this)}`
  }
  get advice() {
    return "Look for the existing one with find_resources and continue with it."
  }
}

/**
 * A condition for the call is not met (412, operation `createCleanroomQuestionRun`).
 *
 * @since 0.1.0
 * @category errors
 */
export class PreconditionFailed extends Schema.TaggedError<PreconditionFailed>()("PreconditionFailed", answered) {
  get code() {
    return "PRECONDITION_FAILED"
  }
  get category(): Category {
    return "conflict"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `Habu does not start this yet: a condition of ${this.operation} is not met.${said(this)}`
  }
  get advice() {
    return "A question runs only while it is READY: every macro needs a dataset. Its datasets tell which one is missing."
  }
}

/**
 * Habu's limit is used up (429); other programs may share the organisation's one API user.
 *
 * @since 0.1.0
 * @category errors
 */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  ...answered,
  retryAt: maybe(Schema.Number)
}) {
  get code() {
    return "RATE_LIMITED"
  }
  get category(): Category {
    return "limit"
  }
  get retryable() {
    return true
  }
  override get message() {
    return `Habu's limit for ${this.operation} is used up.${said(this)}`
  }
  get advice() {
    return this.retryAt === undefined
      ? "Wait before the next call of this kind."
      : `Do not call again before ${iso(this.retryAt)}. Others may use the same API user.`
  }
}

/**
 * A budget of ours is used up, so nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class BudgetExhausted extends Schema.TaggedError<BudgetExhausted>()("BudgetExhausted", {
  operation: Schema.String,
  budget: Schema.Literal("token", "question_run_start", "flow_run_start", "poll"),
  limit: Schema.Number,
  windowSeconds: Schema.Number,
  retryAt: Schema.Number
}) {
  get code() {
    return "BUDGET_EXHAUSTED"
  }
  get category(): Category {
    return "limit"
  }
  get retryable() {
    return true
  }
  override get message() {
    const window = duration(this.windowSeconds)
    return `Habu's limit of ${this.limit} ${budgetWords[this.budget]} in ${window} is used up. Nothing was sent.`
  }
  get advice() {
    return `The next slot is free at ${iso(this.retryAt)}.`
  }
}

const budgetWords = {
  token: "access tokens",
  question_run_start: "question run starts",
  flow_run_start: "flow run starts",
  poll: "status read of one object"
}

const duration = (seconds: number) =>
  seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`

/**
 * Habu could not be reached or failed on its side. A write may have been carried out all the same, unless `neverSent`.
 *
 * @since 0.1.0
 * @category errors
 */
export class Unavailable extends Schema.TaggedError<Unavailable>()("Unavailable", {
  ...answered,
  reason: Schema.Literal("unreachable", "cut", "timeout", "server_error"),
  status: maybe(Schema.Number),
  /** Whether the request certainly never left this machine. */
  neverSent: Schema.Boolean,
  retryAt: maybe(Schema.Number)
}) {
  get code() {
    return "HABU_UNAVAILABLE"
  }
  get category(): Category {
    return "transient"
  }
  get retryable() {
    return true
  }
  override get message() {
    const what = {
      unreachable: "Habu could not be reached",
      cut: "The connection to Habu broke off",
      timeout: "Habu did not answer in time",
      server_error: `Habu failed with status ${this.status ?? 500}`
    }[this.reason]
    return `${what} (${this.operation}).${said(this)}`
  }
  get advice() {
    return this.reason === "unreachable"
      ? "Check the network, HABU_API and the proxy settings, then try again."
      : "Try again in a minute. If it goes on, give LiveRamp's support the request id."
  }
}

/**
 * Habu failed so often that we stopped asking for a while; nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class BreakerOpen extends Schema.TaggedError<BreakerOpen>()("BreakerOpen", {
  operation: Schema.String,
  retryAt: Schema.Number
}) {
  get code() {
    return "BREAKER_OPEN"
  }
  get category(): Category {
    return "transient"
  }
  get retryable() {
    return true
  }
  override get message() {
    return `Habu failed several times in a row, so ${this.operation} was not sent.`
  }
  get advice() {
    return `Try again after ${iso(this.retryAt)}; health_check shows when Habu answers again.`
  }
}

/**
 * The call came too late to be sent any more, so nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class PermitRefused extends Schema.TaggedError<PermitRefused>()("PermitRefused", {
  operation: Schema.String
}) {
  get code() {
    return "PERMIT_REFUSED"
  }
  get category(): Category {
    return "conflict"
  }
  get retryable() {
    return true
  }
  override get message() {
    return `It took so long until ${this.operation} could be sent that it was not sent any more.`
  }
  get advice() {
    return "Make the same call again."
  }
}

/**
 * Habu answered with something that the contract does not allow for, and that could not be read.
 *
 * @since 0.1.0
 * @category errors
 */
export class AnswerUnreadable extends Schema.TaggedError<AnswerUnreadable>()("AnswerUnreadable", {
  ...answered,
  problem: Schema.String
}) {
  get code() {
    return "ANSWER_UNREADABLE"
  }
  get category(): Category {
    return "answer"
  }
  get retryable() {
    return true
  }
  override get message() {
    return `Habu's answer to ${this.operation} could not be read: ${this.problem}.`
  }
  get advice() {
    return "Try once more. If it stays, a proxy may answer in Habu's place, or the API has changed: report it with the " +
      "request id."
  }
}

/**
 * A request that makes something was sent, and no answer tells whether it was carried out. It is never sent again by
 * itself.
 *
 * @since 0.1.0
 * @category errors
 */
export class OutcomeUnknown extends Schema.TaggedError<OutcomeUnknown>()("OutcomeUnknown", {
  ...answered,
  reason: Schema.String
}) {
  get code() {
    return "OUTCOME_UNKNOWN"
  }
  get category(): Category {
    return "unknown_outcome"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `It is not known whether Habu carried out ${this.operation}: ${this.reason}.${said(this)}`
  }
  get advice() {
    return "Do not repeat it blindly. Look first whether it was made (find_resources); Habu has no way to take a " +
      "repeated request for the same one."
  }
}

/**
 * What outlives a process could not be read or written, so nothing was sent that depends on it.
 *
 * @since 0.1.0
 * @category errors
 */
export class StateUnavailable extends Schema.TaggedError<StateUnavailable>()("StateUnavailable", {
  operation: Schema.String,
  problem: Schema.String
}) {
  get code() {
    return "STATE_UNAVAILABLE"
  }
  get category(): Category {
    return "state"
  }
  get retryable() {
    return true
  }
  override get message() {
    return `The local state store failed, so ${this.operation} was not carried out: ${this.problem}`
  }
  get advice() {
    return "Look at the folder or server that HABU_STATE names (space, permissions), then try again."
  }
}

/**
 * A reference that names nothing we can see.
 *
 * @since 0.1.0
 * @category errors
 */
export class ReferenceUnknown extends Schema.TaggedError<ReferenceUnknown>()("ReferenceUnknown", {
  kind: Schema.String,
  reference: Schema.String,
  options: Schema.Array(Schema.String)
}) {
  get code() {
    return "REFERENCE_UNKNOWN"
  }
  get category(): Category {
    return "input"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `No ${this.kind} is called ${JSON.stringify(this.reference)}.`
  }
  get advice() {
    return this.options.length === 0
      ? `There is no ${this.kind} that the API user can see here.`
      : `Use a name, display id or id; there are: ${this.options.join("; ")}.`
  }
}

/**
 * A reference that names several things; names in Habu need not be unique.
 *
 * @since 0.1.0
 * @category errors
 */
export class ReferenceAmbiguous extends Schema.TaggedError<ReferenceAmbiguous>()("ReferenceAmbiguous", {
  kind: Schema.String,
  reference: Schema.String,
  options: Schema.Array(Schema.String)
}) {
  get code() {
    return "REFERENCE_AMBIGUOUS"
  }
  get category(): Category {
    return "input"
  }
  get retryable() {
    return false
  }
  override get message() {
    return `${JSON.stringify(this.reference)} names more than one ${this.kind}.`
  }
  get advice() {
    return `Give the display id or id of the one you mean: ${this.options.join("; ")}.`
  }
}

/**
 * Every failure of the client.
 *
 * @since 0.1.0
 * @category errors
 */
export type HabuError =
  | ConfigurationInvalid
  | CredentialsRefused
  | AccessTokenRefused
  | Forbidden
  | NotFound
  | RequestInvalid
  | Conflict
  | PreconditionFailed
  | RateLimited
  | BudgetExhausted
  | Unavailable
  | BreakerOpen
  | PermitRefused
  | AnswerUnreadable
  | OutcomeUnknown
  | StateUnavailable

/**
 * Why a reference could not be resolved.
 *
 * @since 0.1.0
 * @category errors
 */
export type ReferenceError = ReferenceUnknown | ReferenceAmbiguous

/**
 * Reads an error's facts, for a log line or an answer.
 *
 * @since 0.1.0
 * @category getters
 */
export const facts = (error: HabuError | ReferenceError): Facts => ({
  code: error.code,
  category: error.category,
  retryable: error.retryable,
  message: error.message,
  advice: error.advice,
  ...("operation" in error && { operation: error.operation }),
  ...("requestId" in error && error.requestId !== undefined && { requestId: error.requestId }),
  ...("retryAt" in error && error.retryAt !== undefined && { retryAt: error.retryAt }),
  ...("habuMessage" in error && error.habuMessage !== undefined && { habuMessage: error.habuMessage })
})

/**
 * Whether trying a read again at once may help: Habu failed, or the answer came damaged.
 *
 * @since 0.1.0
 * @category guards
 */
export const isTransient = (error: HabuError): boolean => error.category === "transient" || error.category === "answer"

/**
 * Whether the request that failed certainly reached nobody, so that nothing was carried out and no limit spent. Whatever
 * failed while an access token was asked for (operation `token`), the request itself was not sent.
 *
 * @since 0.1.0
 * @category guards
 */
export const neverSent = (error: HabuError): boolean => {
  if ("operation" in error && error.operation === "token") return true
  switch (error._tag) {
    case "Unavailable":
      return error.neverSent
    case "RequestInvalid":
      return error.status === undefined
    case "BreakerOpen":
    case "BudgetExhausted":
    case "PermitRefused":
    case "StateUnavailable":
    case "ConfigurationInvalid":
    case "CredentialsRefused":
    case "AccessTokenRefused":
      return true
    default:
      return false
  }
}
