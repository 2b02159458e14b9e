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

/**
 * Whether a setting of this name holds a secret.
 *
 * @since 0.1.0
 * @category guards
 */
export const isSecretName = (name: string): boolean => secretName.test(name)

const deep = 8

/**
 * How much is shown: the longest list and text. `pairs` tells whether the values of `[{ name, value }]` are all hidden,
 * or only those whose name speaks of a secret.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  readonly items: number
  readonly text: number
  readonly pairs: "hidden" | "by_name"
}

const usual: Limits = { items: 5, text: 200, pairs: "hidden" }

const hidden = "<redacted>"

type Fields = Record<PropertyKey, unknown>

// `[{ name, value }]` is how Habu takes credentials and connection settings: the names may be shown, the values not.
const isNamedValue = (fields: Fields) => "name" in fields && "value" in fields

const isSecret = (name: string, fields: Fields, within: boolean, pairs: Limits["pairs"] = "hidden") =>
  secretName.test(name) ||
  (isNamedValue(fields)
    ? name === "value" && (pairs === "hidden" || within || secretName.test(String(fields["name"])))
    : within)

const rows = new Set(["stats", "recordStats"])

const redacted = (value: unknown, secret: boolean, depth: number, limits: Limits): unknown => {
  if (value === null || value === undefined) return value
  if (Array.isArray(value)) {
    const shown = value.slice(0, limits.items).map((item) => redacted(item, secret, depth + 1, limits))
    return value.length > limits.items ? [...shown, `… ${value.length - limits.items} more`] : shown
  }
  if (Predicate.isRecord(value) && !Redacted.isRedacted(value)) {
    return depth > deep ? "…" : Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        rows.has(name)
          ? `<${Array.isArray(item) ? item.length : 1} rows>`
          : redacted(item, isSecret(name, value, secret, limits.pairs), depth + 1, limits)
      ])
    )
  }
  if (secret || Redacted.isRedacted(value)) return hidden
  return Predicate.isString(value) ? Text.clean(value, limits.text) : value
}

/**
 * Copies a JSON value for showing: secrets hidden, rows counted, long texts and lists cut.
 *
 * @since 0.1.0
 * @category constructors
 */
export const redact = (value: unknown, limits: Limits = usual): unknown => redacted(value, false, 0, limits)

/**
 * Shows a JSON value redacted and capped.
 *
 * @since 0.1.0
 * @category formatting
 */
export const show = (value: unknown, limit = 2_000): string =>
  value === undefined ? "" : Text.clean(JSON.stringify(redact(value)), limit)

// Shorter ones would take harmless words out of a sentence.
const shortestSecret = 6

const collected = (value: unknown, secret: boolean): ReadonlyArray<string> => {
  if (Redacted.isRedacted(value)) return collected(Redacted.value(value), true)
  if (Predicate.isString(value)) return secret && value.length >= shortestSecret ? [value] : []
  if (Array.isArray(value)) return value.flatMap((item) => collected(item, secret))
  if (!Predicate.isRecord(value)) return []
  return Object.entries(value).flatMap(([name, item]) => collected(item, isSecret(name, value, secret)))
}

/**
 * The texts in a value that {@link redact} hides, to take them out of what is said in answer to it.
 *
 * @since 0.1.0
 * @category getters
 */
export const secretsIn = (value: unknown): ReadonlyArray<string> => collected(value, false)

/**
 * Takes secrets out of a text, also where they stand in it as JSON writes them.
 *
 * @since 0.1.0
 * @category formatting
 */
export const without = (text: string, secrets: ReadonlyArray<string>): string =>
  secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .reduce((rest, secret) => rest.replaceAll(secret, hidden), text)
