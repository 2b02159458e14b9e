/**
 * Which dataset a macro is to read: what Habu allows, then what fits by fields, name and owner. What fits equally well is
 * not chosen but asked.
 *
 * @since 0.1.0
 */
import type { CleanRoomDataset } from "../../habu/api/Datasets.js"
import { type Known, pick } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Contents from "../cleanroom/Contents.js"
import * as Words from "../Words.js"

/**
 * A place for a dataset in a question's query.
 *
 * @since 0.1.0
 * @category models
 */
export interface Macro {
  readonly macro: string
  readonly dataType: string | undefined
  /** The columns that the query reads. */
  readonly fields: ReadonlyArray<string>
  /** The dataset that it has already. */
  readonly assigned: string | undefined
  /** The organisation that must assign it, where that is known. */
  readonly ownerId: string | undefined
  readonly ownerName: string | undefined
  /** The datasets that Habu allows for it; undefined where it was not asked. */
  readonly allowed: ReadonlyArray<string> | undefined
}

/**
 * What there is to choose from, and who chooses.
 *
 * @since 0.1.0
 * @category models
 */
export interface Choices {
  readonly datasets: ReadonlyArray<Known<CleanRoomDataset>>
  /** The own organisation's name, where it is known. */
  readonly own: string | undefined
}

/**
 * What becomes of a macro.
 *
 * @since 0.1.0
 * @category models
 */
export type Match =
  | { readonly _tag: "Assigned" }
  | { readonly _tag: "Chosen"; readonly dataset: Known<CleanRoomDataset>; readonly why: string }
  | { readonly _tag: "Ambiguous"; readonly options: ReadonlyArray<Known<CleanRoomDataset>> }
  /** Another organisation's: its datasets are the only ones that fit, and only it may assign them. */
  | { readonly _tag: "Theirs"; readonly organization: string; readonly options: ReadonlyArray<Known<CleanRoomDataset>> }
  | { readonly _tag: "Nothing" }

const fieldsOf = ({ datasetFields = [] }: CleanRoomDataset) => datasetFields.flatMap(({ name }) => name ?? [])

/**
 * The columns that a dataset lacks.
 *
 * @since 0.1.0
 * @category getters
 */
export const lacking = (fields: ReadonlyArray<string>, dataset: CleanRoomDataset): ReadonlyArray<string> => {
  const has = fieldsOf(dataset)
  return fields.filter((field) => !has.some((name) => Contents.same(name, field)))
}

const pieces = (text: string) => Text.folded(text).split(/[^\p{L}\p{N}]+/u).filter((piece) => piece.length > 2)

const likeness = (macro: string, dataset: CleanRoomDataset) => {
  const name = Text.folded(dataset.name ?? "")
  return pieces(macro).filter((piece) => name.includes(piece.replace(/s$/, ""))).length
}

const fits = ({ allowed, dataType }: Macro) => (dataset: Known<CleanRoomDataset>) =>
  allowed === undefined
    ? dataType === undefined || Contents.same(dataset.dataConnectionType, dataType)
    : allowed.includes(dataset.id)

const isOurs = ({ own }: Choices) => ({ organizationName, partnerCanAssign }: CleanRoomDataset) =>
  partnerCanAssign === true || own === undefined || Contents.same(organizationName, own)

/**
 * Finds the dataset of a macro.
 *
 * @since 0.1.0
 * @category constructors
 */
export const match = (macro: Macro, choices: Choices): Match => {
  if (macro.assigned !== undefined) return { _tag: "Assigned" }
  const { own } = choices
  const owner = macro.ownerName
  const isTheirs = owner !== undefined && own !== undefined && !Contents.same(owner, own)
  // Where Habu says that a partner is to fill it, none of ours takes its place.
  const possible = choices.datasets.filter(fits(macro)).filter(({ organizationName }) =>
    !isTheirs || Contents.same(organizationName, owner)
  )
  if (isTheirs && !possible.some(isOurs(choices))) return { _tag: "Theirs", organization: owner, options: possible }
  const ours = possible.filter(isOurs(choices))
  if (ours.length === 0) {
    const owners = [...new Set(possible.flatMap(({ organizationName }) => organizationName ?? []))]
    const [organization] = owners
    return organization === undefined
      ? { _tag: "Nothing" }
      : owners.length === 1
      ? { _tag: "Theirs", organization, options: possible }
      : { _tag: "Ambiguous", options: possible }
  }
  const whole = ours.filter((dataset) => lacking(macro.fields, dataset).length === 0)
  const best = Math.max(...whole.map((dataset) => likeness(macro.macro, dataset)))
  const closest = whole.filter((dataset) => likeness(macro.macro, dataset) === best)
  const [dataset] = closest
  if (dataset === undefined || closest.length > 1) return { _tag: "Ambiguous", options: ours }
  const reasons = [
    `holds ${macro.dataType ?? "the wanted data"}`,
    ...(macro.fields.length === 0 ? [] : [`has all ${macro.fields.length} columns`]),
    possible.length === 1
      ? "the only one that Habu offers"
      : whole.length === 1
      ? "the only one that fits"
      : `its name is closest to @${Words.said(macro.macro, 60)}`
  ]
  return { _tag: "Chosen", dataset, why: reasons.join(", ") }
}

/**
 * The dataset that a caller named for a macro.
 *
 * @since 0.1.0
 * @category getters
 */
export const named = (macro: Macro, reference: string, choices: Choices) =>
  pick("dataset", reference, choices.datasets.filter(fits(macro)))
