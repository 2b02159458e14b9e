/**
 * What is known of changes that were made: through us from the audit log, by others only as far as Habu marks it.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { AuditLog, type Entry } from "../../audit/AuditLog.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * A change in an answer. `before` and `after` are there where they were known when it was made.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  at: Schema.String,
  tool: Workflow.maybe(Schema.String),
  operation: Schema.String,
  target: Workflow.maybe(Schema.String),
  outcome: Schema.String,
  before: Workflow.maybe(Schema.String),
  after: Workflow.maybe(Schema.String),
  request_id: Workflow.maybe(Schema.String)
})

export interface View extends Schema.Schema.Type<typeof View> {}

const text = (value: unknown) =>
  value === undefined || value === null
    ? undefined
    : Words.said(typeof value === "string" ? value : JSON.stringify(value), 200)

/**
 * Shows an entry; `nameOf` names the ids in it that are known.
 *
 * @since 0.1.0
 * @category constructors
 */
export const view = (entry: Entry, nameOf: (id: string) => string | undefined): View =>
  Workflow.compact({
    at: entry.at,
    tool: entry.tool,
    operation: entry.operation,
    target: Object.values(entry.target).map((id) => nameOf(id) ?? id).join(", ") || undefined,
    outcome: entry.outcome,
    before: text(entry.before),
    after: text(entry.after ?? entry.payload ?? entry.query),
    request_id: entry.request_id
  })

/**
 * The writes to some targets, or the readings of their results, the newest first; nothing, with a warning, where the log
 * cannot be read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = Effect.fnUntraced(function*(
  targets: ReadonlySet<string>,
  query: { readonly since?: number | undefined; readonly access?: "read" },
  isMeant: (operation: string) => boolean = () => true
) {
  const log = yield* AuditLog
  const page = yield* Effect.either(log.read(query))
  if (page._tag === "Left") {
    return { entries: [], warnings: [`The audit log could not be read: ${page.left.message}`] }
  }
  const { entries, unreadable } = page.right
  return {
    entries: entries.filter((entry) =>
      isMeant(entry.operation) && Object.values(entry.target).some((id) => targets.has(id))
    ).reverse(),
    warnings: unreadable === 0 ? [] : [`${Words.count(unreadable, "line")} of the audit log could not be read.`]
  }
})
