/**
 * The key under which a start is remembered, so that asking for it again finds it instead of repeating it.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { sha256 } from "../habu/Digest.js"
import { identity, type Subject } from "./RunSubject.js"

// Objects say the same in whatever order.
const sorted = (_key: string, value: unknown) =>
  Predicate.isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)) : value

/**
 * The mark of what is run: the same for the same question or flow and values, in whatever order, on whatever day.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fingerprint = (subject: Subject): Effect.Effect<string> =>
  Effect.map(sha256(JSON.stringify(identity(subject), sorted)), (hex) => hex.slice(0, 16))

/**
 * The key of a start: the caller's own, or else the fingerprint.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (subject: Subject, given: string | undefined): Effect.Effect<string> =>
  given === undefined ? fingerprint(subject) : Effect.map(sha256(`given ${given}`), (hex) => hex.slice(0, 16))

/**
 * A run's name in Habu: readable, and ending in a mark of the key, the attempt's number and its id. Habu advises distinct
 * names; the id keeps apart the attempts of stores that do not know of each other.
 *
 * @since 0.1.0
 * @category constructors
 */
export const runName = (
  title: string,
  key: string,
  { id, number }: { readonly id: string; readonly number: number }
): string => `${[...title].slice(0, 80).join("").trim()} #${key.slice(0, 10)}-${number}-${id.slice(0, 8)}`

const letters = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "")

/**
 * Whether a run bears the mark of a name that {@link runName} made, however Habu cleaned, cut or continued the rest.
 *
 * @since 0.1.0
 * @category guards
 */
export const isNamed = (runName: string) => {
  const mark = letters(runName.slice(runName.lastIndexOf("#")))
  return ({ name }: { readonly name?: string }): boolean => name !== undefined && letters(name).includes(mark)
}
