/**
 * Choosing from what was read, by name, status and number.
 *
 * @since 0.1.0
 */
import * as Text from "../../habu/Text.js"
import * as Words from "../Words.js"
import { type Asked, mostLimit, usualLimit } from "./Asked.js"

/**
 * What a thing can be found by.
 *
 * @since 0.1.0
 * @category models
 */
export interface Traits<A> {
  readonly names: (item: A) => ReadonlyArray<string | undefined>
  readonly statuses: (item: A) => ReadonlyArray<string | undefined>
}

/**
 * What fits, what of it is shown, and what a caller should know about the rest.
 *
 * @since 0.1.0
 * @category models
 */
export interface Chosen<A> {
  readonly matching: ReadonlyArray<A>
  readonly shown: ReadonlyArray<A>
  readonly hints: ReadonlyArray<string>
}

/**
 * The choice among nothing.
 *
 * @since 0.1.0
 * @category constants
 */
export const nothing: Chosen<never> = { matching: [], shown: [], hints: [] }

/**
 * The form in which two statuses are compared: WAITING_FOR_FILE and "Waiting for file" are one.
 *
 * @since 0.1.0
 * @category formatting
 */
export const word = (status: string | undefined): string => Text.folded(status ?? "").replace(/[^\p{L}\p{N}]/gu, "")

/**
 * Leaves out what is not there.
 *
 * @since 0.1.0
 * @category filtering
 */
export const present = (values: ReadonlyArray<string | undefined>): ReadonlyArray<string> =>
  values.filter((value) => value !== undefined)

const noMatch = <A>(asked: Asked, items: ReadonlyArray<A>, { statuses }: Traits<A>): string => {
  const known = [...new Set(present(items.flatMap(statuses)))].slice(0, 15).map((status) => Text.clean(status, 40))
  const listed = Words.given(asked.status) === undefined || known.length === 0
    ? ""
    : ` Statuses among them: ${known.join(", ")}.`
  return `There are ${items.length}, but none fits.${listed} Leave out name or status to see them.`
}

const cut = (shown: number, matching: number): string =>
  `Only the first ${shown} of ${matching} are shown. Narrow it with name or status${
    shown < mostLimit ? `, or give a higher limit (${mostLimit} at most)` : ""
  }.`

/**
 * Chooses those whose name holds what was asked for and whose status is the one asked for, up to the limit.
 *
 * @since 0.1.0
 * @category constructors
 */
export const choose = <A>(asked: Asked, items: ReadonlyArray<A>, traits: Traits<A>): Chosen<A> => {
  const name = Text.folded(asked.name ?? "")
  const status = word(asked.status)
  const matching = items.filter((item) =>
    (name === "" || present(traits.names(item)).some((own) => Text.folded(own).includes(name))) &&
    (status === "" || traits.statuses(item).some((own) => word(own) === status))
  )
  const shown = matching.slice(0, asked.limit ?? usualLimit)
  const none = matching.length === 0 && items.length > 0
  return {
    matching,
    shown,
    hints: [
      ...(none ? [noMatch(asked, items, traits)] : []),
      ...(shown.length < matching.length ? [cut(shown.length, matching.length)] : [])
    ]
  }
}
