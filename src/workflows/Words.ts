/**
 * How the workflows that look around put what Habu holds into words: names, times, numbers.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { Named } from "../habu/HabuDirectory.js"
import * as Text from "../habu/Text.js"
import * as Workflow from "./Workflow.js"

/**
 * Something of Habu's by all the names it has.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Reference = Schema.Struct({
  id: Workflow.maybe(Schema.String),
  display_id: Workflow.maybe(Schema.String),
  name: Workflow.maybe(Schema.String)
})

export interface Reference extends Schema.Schema.Type<typeof Reference> {}

/**
 * Another party's text, safe to show; undefined where there is none.
 *
 * @since 0.1.0
 * @category formatting
 */
export const said = (text: string | undefined, limit = 120): string | undefined => {
  const cleaned = Text.clean(text ?? "", limit)
  return cleaned === "" ? undefined : cleaned
}

/**
 * What a caller gave; a blank counts as nothing, since models fill in `""`.
 *
 * @since 0.1.0
 * @category formatting
 */
export const given = (text: string | undefined): string | undefined => text?.trim() === "" ? undefined : text

/**
 * All the names of a thing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const reference = ({ displayId, id, name }: Named): Reference =>
  Workflow.compact({ id: said(id), display_id: said(displayId), name: said(name) })

/**
 * What to call a thing in a sentence: its name with its display id, or whatever it has.
 *
 * @since 0.1.0
 * @category formatting
 */
export const title = (named: Named): string => {
  const { display_id, id, name } = reference(named)
  return name === undefined ? display_id ?? id ?? "without a name" : `${name}${display_id ? ` (${display_id})` : ""}`
}

/**
 * How to refer to a thing in a next call: by display id where there is one, since names need not be unique.
 *
 * @since 0.1.0
 * @category formatting
 */
export const handle = ({ displayId, id, name }: Named): string => said(displayId) ?? said(id) ?? said(name) ?? ""

/**
 * A text that its reader has to repeat exactly: as it stands wherever it can be shown so.
 *
 * @since 0.1.0
 * @category formatting
 */
export const exact = (text: string): string => {
  const shown = Text.clean(text)
  return shown === text.replace(/^ +| +$/g, "") ? text : shown
}

/**
 * A name for a next call, as names are compared; the id where it is longer than anything that is shown.
 *
 * @since 0.1.0
 * @category formatting
 */
export const callable = ({ id, name }: { readonly id: string; readonly name: string | undefined }): string => {
  const shown = said(name)
  return shown !== undefined && Text.folded(shown) === Text.folded(name ?? "") ? shown : id
}

/**
 * A moment of ours, as answers show it.
 *
 * @since 0.1.0
 * @category formatting
 */
export const iso = (millis: number): string => new Date(millis).toISOString()

const day = /^\d{4}-\d{2}-\d{2}$/
const withoutZone = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/

/**
 * A moment of Habu's: a day stays a day, a time gets its zone. Habu names no zone of its own; a time without one is
 * taken as UTC. What is no time is shown as it stands.
 *
 * @since 0.1.0
 * @category formatting
 */
export const moment = (text: string | undefined): string | undefined => {
  const shown = said(text, 40)
  if (shown === undefined || day.test(shown)) return shown
  const millis = Date.parse(withoutZone.test(shown) ? `${shown.replace(" ", "T")}Z` : shown)
  return Number.isFinite(millis) ? iso(millis) : shown
}

/**
 * A number of things, with the right form of the word.
 *
 * @since 0.1.0
 * @category formatting
 */
export const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`

/**
 * Whether a user is an organisation's API user, by the mail address that Habu gives it (seen live).
 *
 * @since 0.1.0
 * @category guards
 */
export const isApiUser = (email: string | undefined): boolean => /^api-user-/i.test(email?.trim() ?? "")

/**
 * What an empty list of clean rooms most likely means.
 *
 * @since 0.1.0
 * @category constants
 */
export const noCleanRooms =
  "Habu shows no clean rooms. Most often the API user is in none: in each clean room, under Users, add it with the " +
  "Admin role (Admin > Users lists it as API Administrator). If people see clean rooms in Habu all the same, the API " +
  "key may belong to another organisation."
