/**
 * How the parts of the evidence are read and told: each for itself, so that a denied one hides no other.
 *
 * @since 0.1.0
 */
import type { HabuError } from "../../habu/HabuError.js"
import type { Outcome } from "../Reading.js"
import type { Check } from "./Finding.js"

/**
 * What was read; undefined where Habu denied it or did not answer.
 *
 * @since 0.1.0
 * @category getters
 */
export const value = <A>(heard: Outcome<A> | undefined): A | undefined =>
  heard?._tag === "Answered" ? heard.value : undefined

/**
 * The failures among what was read.
 *
 * @since 0.1.0
 * @category getters
 */
export const errors = (heard: ReadonlyArray<Outcome<unknown> | undefined>): ReadonlyArray<HabuError> =>
  heard.flatMap((one) => one === undefined || one._tag === "Answered" ? [] : [one.error])

/**
 * Tells of a part: what was found in it, or that it was denied or not answered.
 *
 * @since 0.1.0
 * @category constructors
 */
export const check = <A>(
  name: string,
  heard: Outcome<A> | undefined,
  tell: (value: A) => Omit<Check, "check">
): ReadonlyArray<Check> => {
  if (heard === undefined) return []
  return heard._tag === "Answered"
    ? [{ check: name, ...tell(heard.value) }]
    : [{ check: name, result: heard._tag === "Denied" ? "denied" : "unknown", found: heard.error.message }]
}
