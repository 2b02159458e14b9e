/**
 * The key under which a start is remembered, so that asking for it again finds it instead of repeating it.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"

/**
 * What a run is a run of.
 *
 * @since 0.1.0
 * @category models
 */
export interface Subject {
  readonly questionId: string
  readonly parameters: { readonly [name: string]: string }
}

const digest = (text: string) =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
    (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("")
  )

/**
 * The mark of what is run: the same for the same question and parameters, in whatever order, on whatever day.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fingerprint = ({ parameters, questionId }: Subject): Effect.Effect<string> => {
  const sorted = Object.entries(parameters).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0)
  return Effect.map(digest(JSON.stringify([questionId, sorted])), (hex) => hex.slice(0, 16))
}

/**
 * The key of a start: the caller's own, or else the fingerprint.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (subject: Subject, given: string | undefined): Effect.Effect<string> =>
  given === undefined ? fingerprint(subject) : Effect.map(digest(`given ${given}`), (hex) => hex.slice(0, 16))

/**
 * A run's name in Habu: readable, and ending in a mark by which the run is found again. Habu advises distinct names.
 *
 * @since 0.1.0
 * @category constructors
 */
export const runName = (title: string, key: string, attempt: number): string =>
  `${[...title].slice(0, 80).join("").trim()} #${key.slice(0, 10)}-${attempt}`
