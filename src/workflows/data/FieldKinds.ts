/**
 * What a field most likely holds, told by its name and type.
 *
 * @since 0.1.0
 */
import type { FieldConfiguration } from "../../habu/api/DataConnections.js"
import * as RestrictedData from "./RestrictedData.js"

export type Confidence = "high" | "medium" | "low"

/**
 * A guess at a field. `identifier` is a name of Habu's identifier types; `key` ranks what can tell one person from
 * another, the best first.
 *
 * @since 0.1.0
 * @category models
 */
export interface Guess {
  readonly identifier?: string
  readonly isPii?: boolean
  readonly isExcluded?: boolean
  readonly key?: number
  readonly confidence: Confidence
  readonly reason: string
}

type Rule = readonly [RegExp, Omit<Guess, "reason">]

const personal = (identifier: string, confidence: Confidence = "high", key?: number): Omit<Guess, "reason"> => ({
  identifier,
  isPii: true,
  confidence,
  ...(key !== undefined && { key })
})

const plain = (identifier: string, confidence: Confidence = "high", key?: number): Omit<Guess, "reason"> => ({
  identifier,
  confidence,
  ...(key !== undefined && { key })
})

// The first that fits counts.
const rules: ReadonlyArray<Rule> = [
  [/(^|_)(ramp_?id|identity_?link|idl|liveramp_id)s?($|_)/, plain("RampID", "high", 2)],
  [/(mail|hem)_?.*sha_?256|sha_?256.*mail/, personal("Email SHA256 Hashed", "high", 3)],
  [/(mail|hem)_?.*sha_?1|sha_?1.*mail/, personal("Email SHA1 Hashed", "high", 3)],
  [/(mail|hem)_?.*md5|md5.*mail/, personal("Email MD5 Hashed", "high", 3)],
  [/^hem$|mail.*hash|hash.*mail/, personal("Hashed Emails", "medium", 3)],
  [/(^|_)e?_?mail(_(address|addr|raw|plain|id))?$/, personal("Raw Email", "high", 4)],
  [/(phone|mobile|msisdn).*(sha|md5|hash)|hash.*(phone|mobile)/, { isPii: true, confidence: "medium" }],
  [/(^|_)(phone|mobile|msisdn|cell|telephone)(_?(number|no|num))?$/, personal("phone")],
  [/(^|_)(c?tv)_.*(device|id)/, plain("TV Device ID", "medium", 6)],
  [
    /(^|_)(maid|idfa|idfv|gaid|aaid|adid|advertising_id|mobile_(ad_)?id|(mobile_)?device_id)$/,
    personal("Mobile Device Identifier", "high", 5)
  ],
  [/(^|_)cookie(_?id)?$/, personal("1P or 3P Cookie", "medium", 6)],
  [/(^|_)(hh_?id|household_?(id|key))$/, plain("HouseHold ID", "high", 7)],
  [/(^|_)ip(_?v?[46])?(_?(address|addr))?$/, personal("IP Address")],
  [/(^|_)(first|given|fore)_?name$/, personal("First Name")],
  [/(^|_)middle_?name$/, personal("Middle Name")],
  [/(^|_)(last|sur|family)_?name$/, personal("Last Name")],
  [/^(full|customer|contact|member|person|consumer)_?name$/, personal("Name")],
  [/^name$/, personal("Name", "low")],
  [/(^|_)(address|addr)_?(line_?)?1$/, personal("Address Line 1")],
  [/(^|_)(address|addr)_?(line_?)?2$/, personal("Address Line 2")],
  [/(^|_)(street|address|addr)(_(name|address))?$/, personal("Street Address", "medium")],
  [/(^|_)(zip|zip_?code|postal_?code|post_?code|plz)$/, plain("Postal Code")],
  [/^(.*_)?city$/, plain("City", "medium")],
  [/^((customer|home|us|billing|shipping)_)?(state|province)(_code)?$/, plain("State", "medium")],
  [/^((customer|home|billing|shipping)_)?country(_code)?$/, plain("Country", "medium")],
  [
    /(cid|customer|client|member|consumer|user).*hash|hash.*(cid|customer|client|member)/,
    personal("Hashed Customer ID", "high", 1)
  ],
  [
    /^(cid|(customer|client|consumer|member|user|subscriber|crm|loyalty|shopper|profile)_?(id|key|no|number)|loyalty_?card_?(id|no|number))$/,
    plain("Customer First Party Identifier", "high", 1)
  ],
  [/^(person|people|individual)_?(id|key)$/, plain("Person (or People) Identifier", "medium", 4)],
  [/^(uuid|guid|unique_?id)$/, plain("Unique Identifier", "low", 8)]
]

const untakenTypes = new Set(["BOOLEAN", "DATE", "TIMESTAMP", "DECIMAL", "DOUBLE"])

/**
 * Guesses what a field holds; nothing where its name says nothing.
 *
 * @since 0.1.0
 * @category getters
 */
export const guess = ({ dataType = "", fieldName = "" }: FieldConfiguration): Guess | undefined => {
  const restricted = RestrictedData.kindOf(fieldName)
  if (restricted !== undefined) {
    return {
      isPii: true,
      isExcluded: true,
      confidence: "medium",
      reason: `the name points at ${restricted}, which may not be sent to LiveRamp: excluded`
    }
  }
  const name = RestrictedData.plainName(fieldName)
  const rule = rules.find(([pattern]) => pattern.test(name))
  if (rule === undefined) return undefined
  const [, found] = rule
  const what = found.identifier ?? "hashed personal data"
  return untakenTypes.has(dataType)
    ? {
      ...(found.isPii === true && { isPii: true }),
      confidence: "low",
      reason: `named like ${what}, but its type is ${dataType}`
    }
    : { ...found, reason: `named like ${what}` }
}

const partitionTypes = new Set(["DATE", "TIMESTAMP", "STRING", "INTEGER"])

/**
 * Whether a field suits as a partition: a date above all. Only Habu's UI can make it one (seen live).
 *
 * @since 0.1.0
 * @category getters
 */
export const suitsPartition = ({ dataType = "", fieldName = "" }: FieldConfiguration): boolean => {
  const name = RestrictedData.plainName(fieldName)
  return partitionTypes.has(dataType) &&
    /(^|_)(date|dt|day|event_date|partition_date|ds)$/.test(name) &&
    !/(signup|sign_up|birth|created|updated|join|register|registration|expir|last_seen)/.test(name)
}
