/**
 * What may be shown of a request or an answer in a log or the audit log: the shape and harmless values, never a secret
 * and never the rows of a result.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Text from "./Text.js"

const secretName = /secret|password|passphrase|token|authorization|api[-_]?key|private|signature|saltkey|credentials?$/i

const longText = 200
const manyItems = 5

const hidden = "<redacted>"

// `[{ name, value }]` is how Habu takes credentials and connection settings.
const isNamedValue = (value: Record<PropertyKey, unknown>) => "name" in value && "value" in value

const rows = new Set(["stats", "recordStats"])

/**
 * Copies a JSON value for showing: secrets hidden, rows counted, long texts and lists cut.
 *
 * @since 0.1.0
 * @category constructors
 */
export const redact = (value: unknown, depth = 0): unknown => {
  if (Redacted.isRedacted(value)) return hidden
  if (Predicate.isString(value)) return Text.clean(value, longText)
  if (Array.isArray(value)) {
    const shown = value.slice(0, manyItems).map((item) => redact(item, depth + 1))
    return value.length > manyItems ? [...shown, `… ${value.length - manyItems} more`] : shown
  }
  if (!Predicate.isRecord(value)) return value
  if (depth > 8) return "…"
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (rows.has(name) && Array.isArray(item)) return [name, `<${item.length} rows>`]
      if (secretName.test(name) && !Array.isArray(item)) return [name, hidden]
      if (name === "value" && isNamedValue(value)) return [name, hidden]
      return [name, redact(item, depth + 1)]
    })
  )
}

/**
 * Shows a JSON text redacted and capped; a text that is no JSON is only counted.
 *
 * @since 0.1.0
 * @category formatting
 */
export const show = (value: unknown, limit = 2_000): string =>
  value === undefined ? "" : Text.clean(JSON.stringify(redact(value)), limit)
