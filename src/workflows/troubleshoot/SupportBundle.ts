/**
 * What LiveRamp's support needs to look on: ids, statuses, times, request ids. No secrets, no rows, no SQL.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AuditLog } from "../../audit/AuditLog.js"
import { HabuConfig } from "../../habu/HabuConfig.js"
import * as HabuError from "../../habu/HabuError.js"
import * as Text from "../../habu/Text.js"
import { About } from "../About.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type { Check, Investigation } from "./Finding.js"

const Failure = Schema.Struct({
  operation: Workflow.maybe(Schema.String),
  code: Schema.String,
  request_id: Workflow.maybe(Schema.String),
  message: Schema.String
})

const Write = Schema.Struct({
  at: Schema.String,
  operation: Schema.String,
  outcome: Schema.String,
  code: Workflow.maybe(Schema.String),
  request_id: Workflow.maybe(Schema.String)
})

/**
 * @since 0.1.0
 * @category schemas
 */
export const Bundle = Schema.Struct({
  made_at: Schema.String,
  client: Schema.String,
  api: Schema.String,
  description: Workflow.maybe(Schema.String),
  error_code: Workflow.maybe(Schema.String),
  operation: Workflow.maybe(Schema.String),
  request_ids: Workflow.maybe(Schema.Array(Schema.String)),
  ids: Schema.Record({ key: Schema.String, value: Schema.String }),
  checked: Schema.Array(Schema.String),
  suspected: Workflow.maybe(Schema.Array(Schema.String)),
  failures: Workflow.maybe(Schema.Array(Failure)),
  writes: Workflow.maybe(Schema.Array(Write))
}).annotations({ description: "For LiveRamp's support; read it before it is passed on" })

export type Bundle = typeof Bundle.Type

// A mail address is nobody's business at support, and whatever looks like a key is not either.
const discreet = (text: string) =>
  text.replace(/[^\s"<>@]+@[^\s"<>@]+\.[^\s"<>@.]+/g, "<address>")
    .replace(/\b(?:eyJ[\w-]+\.[\w.-]+|[A-Za-z0-9+/_-]{40,}={0,2})/g, "<redacted>")

const told = ({ check, found, result }: Check) => discreet(`${check}: ${result}, ${found}`)

const failure = (error: HabuError.HabuError): typeof Failure.Type => {
  const { code, message, operation, requestId } = HabuError.facts(error)
  return Workflow.compact({ operation, code, request_id: requestId, message: discreet(Text.clean(message, 300)) })
}

const shownWrites = 10

/**
 * Puts the bundle together, with the latest writes to the same things from the audit log.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("Troubleshoot.supportBundle")(function*(
  asked: {
    readonly symptom: string | undefined
    readonly code: string | undefined
    readonly operation: string | undefined
    readonly requestId: string | undefined
  },
  { checks, errors, facts }: Investigation,
  suspected: ReadonlyArray<string>
) {
  const about = yield* About
  const { apiUrl } = yield* HabuConfig
  const log = yield* AuditLog
  const ids = Object.fromEntries(
    Object.entries(facts).filter(([, text]) => text !== "").map(([name, text]) => [name, discreet(text)])
  )
  const page = yield* Effect.orElseSucceed(log.read({}), () => ({ entries: [], unreadable: 0 }))
  const known = new Set(Object.values(facts))
  const writes = page.entries.filter(({ target }) => Object.values(target).some((id) => known.has(id))).slice(
    -shownWrites
  )
  const failures = errors.map(failure)
  const requestIds = [
    asked.requestId,
    ...failures.map(({ request_id }) => request_id),
    ...writes.map(({ request_id }) => request_id)
  ].flatMap((id) => id === undefined || id.trim() === "" ? [] : [Text.clean(id, 100)])
  return Workflow.compact({
    made_at: Words.iso(yield* Clock.currentTimeMillis),
    client: `habu-mcp ${about.version} (${about.build})`,
    api: apiUrl,
    description: asked.symptom === undefined ? undefined : discreet(Text.clean(asked.symptom, 500)),
    error_code: asked.code,
    operation: asked.operation,
    request_ids: [...new Set(requestIds)],
    ids,
    checked: checks.map(told),
    suspected,
    failures,
    writes: writes.map(({ at, code, operation, outcome, request_id }) =>
      Workflow.compact({ at, operation, outcome, code, request_id })
    )
  }) satisfies Bundle
})
