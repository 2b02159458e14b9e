/**
 * What a seeded question is described with.
 *
 * @since 0.1.0
 */
import type { Measure, Parameter } from "../../habu/api/Questions.js"
import type * as Rows from "../Rows.js"
import type * as CleanRooms from "./CleanRooms.js"
import type * as Organizations from "./Organizations.js"

/**
 * A macro of a seeded question and the dataset behind it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Macro {
  readonly macro: string
  readonly dataType: string
  readonly owner: Organizations.Party
  /** The connection whose dataset is bound; none where it is missing. */
  readonly bound?: string
  /** The table whose fields it asks for, where that is not the one of its owner's for the data type. */
  readonly table?: string
}

/**
 * A seeded question and its place in a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface Spec {
  readonly key: string
  readonly room: CleanRooms.Key
  readonly title: string
  readonly category: string
  readonly description: string
  readonly owner?: Organizations.Party
  /** Permissions that only its owner has, though partners have them by default. */
  readonly withheld?: ReadonlyArray<string>
  readonly sql: string
  readonly macros: ReadonlyArray<Macro>
  readonly measures?: ReadonlyArray<Measure>
  readonly dimensions?: ReadonlyArray<string>
  readonly parameters?: ReadonlyArray<Parameter>
  readonly constraints?: Rows.CleanRoomQuestion["constraints"]
  readonly list?: ReadonlyArray<string>
  readonly multipleOutputs?: boolean
  readonly tags?: ReadonlyArray<string>
  /** Days ago that it was brought into the clean room. */
  readonly age: number
}

/**
 * A measure that counts people: crowd size and noise apply.
 *
 * @since 0.1.0
 * @category constructors
 */
export const people = (name: string): Measure => ({ name, type: "INTEGER", isIdentity: true, noise: true })

/**
 * A measure that counts what happened: noise applies.
 *
 * @since 0.1.0
 * @category constructors
 */
export const events = (name: string): Measure => ({ name, type: "INTEGER", isIdentity: false, noise: true })

/**
 * A measure that is left as it is.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plain = (name: string): Measure => ({ name, type: "DECIMAL", isIdentity: false, noise: false })

/**
 * A macro over one of the seeded datasets.
 *
 * @since 0.1.0
 * @category macros
 */
export const crm: Macro = { macro: "retail_crm", dataType: "CRM", owner: "retailer", bound: "crm" }

/**
 * A macro over one of the seeded datasets.
 *
 * @since 0.1.0
 * @category macros
 */
export const transactions: Macro = {
  macro: "transactions",
  dataType: "Transaction",
  owner: "retailer",
  bound: "transactions"
}

/**
 * A macro over one of the seeded datasets.
 *
 * @since 0.1.0
 * @category macros
 */
export const partnerCrm: Macro = { macro: "partner_crm", dataType: "CRM", owner: "brand", bound: "brand-crm" }

/**
 * A macro over one of the seeded datasets.
 *
 * @since 0.1.0
 * @category macros
 */
export const conversions: Macro = { macro: "conversions", dataType: "Conversion", owner: "brand", bound: "conversions" }

/**
 * A macro over one of the seeded datasets.
 *
 * @since 0.1.0
 * @category macros
 */
export const partnerMap: Macro = {
  macro: "partnermap",
  dataType: "UserSegmentMap",
  owner: "brand",
  bound: "partner-map"
}

/**
 * A macro over one of the seeded datasets.
 *
 * @since 0.1.0
 * @category macros
 */
export const exposures: Macro = { macro: "exposures", dataType: "AdExposure", owner: "publisher", bound: "exposures" }

/**
 * A macro over one of the seeded datasets.
 *
 * @since 0.1.0
 * @category macros
 */
export const audience: Macro = {
  macro: "publisher_audience",
  dataType: "UserData",
  owner: "publisher",
  bound: "audience"
}

/**
 * A macro over one of the seeded datasets.
 *
 * @since 0.1.0
 * @category macros
 */
export const publisherMap: Macro = {
  macro: "pubmap",
  dataType: "UserSegmentMap",
  owner: "publisher",
  bound: "publisher-map"
}

/**
 * The macro without its dataset.
 *
 * @since 0.1.0
 * @category combinators
 */
export const unbound = ({ bound: _, ...macro }: Macro): Macro => macro
