/**
 * Ids and other arbitrary-looking values, all derived from the seed, so that equal sandboxes answer alike.
 *
 * @since 0.1.0
 */
import { createHash } from "node:crypto"

const digest = (seed: number, name: string) => createHash("sha256").update(`${seed}/${name}`).digest("hex")

/**
 * A UUID of a name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const uuid = (seed: number, name: string): string => {
  const hex = digest(seed, name)
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)]
    .join("-")
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/**
 * A key of letters and digits, at most 64 long, as Habu's client ids (32) and secrets (64) look.
 *
 * @since 0.1.0
 * @category constructors
 */
export const key = (seed: number, name: string, length: number): string =>
  Array.from(
    { length },
    (_, index) => alphabet[Number.parseInt(digest(seed, `${name}/${index}`).slice(0, 8), 16) % alphabet.length]
  ).join("")

/**
 * A number from 0 up to but not including 1.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fraction = (seed: number, name: string): number =>
  Number.parseInt(digest(seed, name).slice(0, 12), 16) / 2 ** 48

/**
 * A whole number from `least` to `most`, both included.
 *
 * @since 0.1.0
 * @category constructors
 */
export const between = (seed: number, name: string, least: number, most: number): number =>
  least + Math.floor(fraction(seed, name) * (most - least + 1))

const firstOf = { CR: 45101, CRQ: 138020, CRQS: 6011, Q: 4301, CRF: 2011, F: 1207 }

/**
 * Counts per kind and names the next thing of that kind.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ids {
  readonly uuid: (kind: string) => string
  readonly displayId: (prefix: keyof typeof firstOf) => string
}

/**
 * Makes the counters of one sandbox.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (seed: number): Ids => {
  const counts = new Map<string, number>()
  const next = (kind: string) => {
    const count = counts.get(kind) ?? 0
    counts.set(kind, count + 1)
    return count
  }
  return {
    uuid: (kind) => uuid(seed, `${kind}/${next(kind)}`),
    displayId: (prefix) => `${prefix}-${String(firstOf[prefix] + next(`display/${prefix}`)).padStart(6, "0")}`
  }
}
