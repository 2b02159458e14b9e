/**
 * What each entry of the catalogue looks like in a data connection. Habu's API tells how far a connection is, and not why
 * it failed: where several causes fit, the description decides between them.
 *
 * @since 0.1.0
 */
import type { DataConnectionResponse, FieldConfiguration } from "../../habu/api/DataConnections.js"
import * as Text from "../../habu/Text.js"
import { connectionState } from "../find/DataConnections.js"
import type { Outcome } from "../Reading.js"
import * as Words from "../Words.js"
import { clear, type Detectors, found, unseen, type Verdict } from "./Finding.js"
import * as Heard from "./Heard.js"

/**
 * How far a data connection is, whatever it is called.
 *
 * @since 0.1.0
 * @category models
 */
export type Condition = "verifying" | "failed" | "mapping" | "waiting" | "complete" | "unknown"

const conditions: { readonly [state: string]: Condition } = {
  verifyingaccess: "verifying",
  configurationfailed: "failed",
  failed: "failed",
  mappingrequired: "mapping",
  waitingforfile: "waiting",
  missingvalidschema: "waiting",
  ready: "complete",
  complete: "complete",
  completed: "complete",
  configurationcomplete: "complete"
}

const underWay = /^(running|inprogress|processing|verifying)/

/**
 * How far a data connection is. While Habu checks it, live tenants show it as waiting for a file, with a job under way.
 *
 * @since 0.1.0
 * @category getters
 */
export const conditionOf = (
  connection: Pick<DataConnectionResponse, "configStatus" | "stage" | "runStatus">
): Condition => {
  const word = (text: string | undefined) => (text ?? "").toLowerCase().replace(/[^a-z]/g, "")
  const condition = conditions[word(connectionState(connection).state)] ?? "unknown"
  return condition === "waiting" && underWay.test(word(connection.runStatus)) ? "verifying" : condition
}

/**
 * The evidence on a data connection.
 *
 * @since 0.1.0
 * @category models
 */
export interface Evidence {
  readonly connection: DataConnectionResponse
  readonly fields: Outcome<ReadonlyArray<FieldConfiguration>> | undefined
  /** The organisation's other data connections. */
  readonly others: ReadonlyArray<DataConnectionResponse>
  /** The names of what its kind of credential holds, where that was read. */
  readonly credentialFields: ReadonlyArray<string>
  /** When it was first seen being verified, in milliseconds since the epoch. */
  readonly verifyingSince: number | undefined
  readonly now: number
  readonly speed: number
}

const sourceOf = ({ connection: { dataSource } }: Evidence) =>
  [dataSource?.name, dataSource?.displayName, dataSource?.credentialSource].join(" ")

const settingOf = ({ connection }: Evidence, name: RegExp) =>
  connection.dataSourceConfiguration?.find((setting) => name.test(setting.name ?? ""))?.value

const isOf = (kind: RegExp) => (evidence: Evidence) => kind.test(sourceOf(evidence))

const isSnowflake = isOf(/snowflake/i)
const isBigQuery = isOf(/big ?_?query/i)
const isS3 = (evidence: Evidence) =>
  isOf(/aws|\bs3\b/i)(evidence) || /^s3:/i.test(settingOf(evidence, /location/i) ?? "")
const isUpload = isOf(/upload/i)
const isFiles = (evidence: Evidence) =>
  isUpload(evidence) || isS3(evidence) || isOf(/gcs|cloud storage|azure|blob/i)(evidence)
const isCsv = (evidence: Evidence) =>
  isFiles(evidence) && (isUpload(evidence) || /csv|^$/i.test(settingOf(evidence, /format/i) ?? ""))

const stands = ({ connection }: Evidence) => {
  const { state } = connectionState(connection)
  return `It stands at ${state ?? "no state that Habu names"}`
}

const isBroken = ({ connection }: Evidence) => ["failed", "waiting"].includes(conditionOf(connection))

// What fits is told as such; the description must point at it.
const fits =
  (is: (evidence: Evidence) => boolean, why: (evidence: Evidence) => string) => (evidence: Evidence): Verdict =>
    is(evidence) ? found("fact", `${stands(evidence)}, and ${why(evidence)}.`) : clear

const both = (...all: ReadonlyArray<(evidence: Evidence) => boolean>) => (evidence: Evidence): boolean =>
  all.every((is) => is(evidence))

const isAt = (condition: Condition) => ({ connection }: Evidence) => conditionOf(connection) === condition

const reads = (evidence: Evidence) =>
  `it reads ${Text.clean(settingOf(evidence, /format/i) ?? "", 20) || "files"} from ${
    Words.said(evidence.connection.dataSource?.displayName, 60) ?? "its source"
  }`

const usual = 10 * 60_000

const stuck = (evidence: Evidence): Verdict => {
  if (!isAt("verifying")(evidence)) return clear
  const { now, speed, verifyingSince } = evidence
  const minutes = verifyingSince === undefined ? 0 : Math.floor((now - verifyingSince) * speed / 60_000)
  return minutes * 60_000 >= usual
    ? found("proven", `It has been verified since ${minutes} minutes at least; that takes 5 as a rule.`)
    : found("fact", `${stands(evidence)}; it was not seen so ten minutes ago.`)
}

const mapping = (evidence: Evidence): Verdict => {
  if (!isAt("mapping")(evidence)) return clear
  const fields = Heard.value(evidence.fields)
  return found(
    "proven",
    `${stands(evidence)}${fields === undefined ? "" : ` with ${Words.count(fields.length, "field")}`}.`
  )
}

const waiting = (evidence: Evidence): Verdict => {
  if (!isAt("waiting")(evidence)) return clear
  const location = Words.said(settingOf(evidence, /location|bucket|path/i), 120)
  return found("likely", `${stands(evidence)}${location === undefined ? "" : ` for ${JSON.stringify(location)}`}.`)
}

const failed = (evidence: Evidence): Verdict => {
  if (!isAt("failed")(evidence)) return clear
  return found("likely", `${stands(evidence)}: Habu could not sign in or read. Why, only its UI shows.`)
}

const fieldsOf = (evidence: Evidence): ReadonlyArray<FieldConfiguration> => Heard.value(evidence.fields) ?? []

const named = (fields: ReadonlyArray<FieldConfiguration>) =>
  fields.slice(0, 5).map(({ fieldName }) => JSON.stringify(Text.clean(fieldName ?? "", 60))).join(", ")

// What Habu read of a file before it gave up on it tells what it stumbled over.
const becauseOf = (wrong: ReadonlyArray<FieldConfiguration>, evidence: Evidence, why: string): Verdict | undefined =>
  wrong.length === 0
    ? undefined
    : found(isBroken(evidence) ? "proven" : "likely", `${stands(evidence)}; ${why} ${named(wrong)}.`)

const isMarked = ({ fieldName }: FieldConfiguration) => /^(\uFEFF|ï»¿)/.test(fieldName ?? "")

const byteOrderMark = (evidence: Evidence): Verdict =>
  becauseOf(fieldsOf(evidence).filter(isMarked), evidence, "a byte order mark begins the name of the field") ??
    fits(both(isBroken, isCsv), reads)(evidence)

const isOdd = (field: FieldConfiguration) =>
  !isMarked(field) && field.fieldName !== undefined && (field.fieldName.length > 50 || /[^\w]/.test(field.fieldName))

const badHeader = (evidence: Evidence): Verdict =>
  becauseOf(
    fieldsOf(evidence).filter(isOdd),
    evidence,
    "these names have blanks or special characters or are longer than 50:"
  ) ?? fits(both(isBroken, isCsv), reads)(evidence)

const differing = (evidence: Evidence): Verdict => {
  const fields = fieldsOf(evidence)
  const twice = fields.filter((field, index) =>
    fields.slice(index + 1).some(({ dataType, fieldName }) =>
      fieldName === field.fieldName && dataType !== field.dataType
    )
  )
  return becauseOf(twice, evidence, "two data types were read for") ?? fits(both(isBroken, isFiles), reads)(evidence)
}

const withoutExtension = (evidence: Evidence): Verdict => {
  const path = settingOf(evidence, /sample.*(file|path)/i)?.trim() ?? ""
  const file = path.split("/").at(-1) ?? ""
  return isBroken(evidence) && file !== "" && !/\.\w+$/.test(file)
    ? found("proven", `${stands(evidence)}; its sample file ${JSON.stringify(Text.clean(file, 80))} has no extension.`)
    : fits(both(isBroken, isFiles), reads)(evidence)
}

const unreadable = (evidence: Evidence): Verdict => {
  const fields = Heard.value(evidence.fields)
  if (fields === undefined) return unseen
  const unknown = fields.filter(({ dataType }) => dataType === "UNKNOWN")
  return unknown.length > 0 ? found("likely", `Habu knows no data type for ${named(unknown)}.`) : lists(evidence)
}

const lists = (evidence: Evidence): Verdict => {
  const fields = Heard.value(evidence.fields)
  if (fields === undefined) return unseen
  return found(
    "fact",
    `Habu knows ${Words.count(fields.length, "field")}: ${
      fields.slice(0, 12).map(({ fieldName }) => Text.clean(fieldName ?? "", 40)).join(", ")
    }${fields.length > 12 ? ", …" : ""}.`
  )
}

const source = (evidence: Evidence) =>
  `its source is ${Words.said(evidence.connection.dataSource?.displayName ?? evidence.connection.dataSource?.name, 60)}`

const keyPair = (evidence: Evidence): Verdict => {
  if (!both(isAt("failed"), isSnowflake)(evidence)) return clear
  return evidence.credentialFields.some((field) => /private_?key/i.test(field))
    ? found("likely", `${stands(evidence)}, and it signs in to Snowflake with a key pair.`)
    : found("fact", `${stands(evidence)}, and ${source(evidence)}.`)
}

const isView = isOf(/authori[sz]ed.?view|big ?_?query.?view/i)

const bigQueryRights = (evidence: Evidence): Verdict => {
  if (!isAt("failed")(evidence) || !(isBigQuery(evidence) || isView(evidence))) return clear
  return found(isView(evidence) ? "likely" : "fact", `${stands(evidence)}, and ${source(evidence)}.`)
}

const bucketOf = (connection: DataConnectionResponse) =>
  connection.dataSourceConfiguration?.map(({ value }) => /^s3:\/\/([^/]+)/i.exec(value ?? "")?.[1]?.toLowerCase())
    .find((bucket) => bucket !== undefined)

// The same bucket can be read elsewhere: then it is not the bucket that is closed, but what these files are closed with.
const kms = (evidence: Evidence): Verdict => {
  const bucket = bucketOf(evidence.connection)
  const readable = evidence.others.filter((other) =>
    other.id !== evidence.connection.id && bucket !== undefined && bucketOf(other) === bucket &&
    ["complete", "mapping"].includes(conditionOf(other))
  )
  return isAt("failed")(evidence) && isS3(evidence) && readable.length > 0
    ? found(
      "likely",
      `${stands(evidence)}, while ${Words.count(readable.length, "other data connection")} read${
        readable.length === 1 ? "s" : ""
      } from the same bucket: these files may be encrypted with a key of their own.`
    )
    : fits(both(isBroken, isS3), source)(evidence)
}

/**
 * The detectors for data connections.
 *
 * @since 0.1.0
 * @category constants
 */
export const detectors: Detectors<Evidence> = {
  "T-18": failed,
  "T-19": stuck,
  "T-20": mapping,
  "T-21": waiting,
  "T-22": byteOrderMark,
  "T-23": badHeader,
  "T-24": differing,
  "T-25": withoutExtension,
  "T-26": unreadable,
  "T-27": lists,
  "T-28": keyPair,
  "T-29": fits(both(isAt("failed"), isSnowflake), source),
  "T-30": fits(isSnowflake, source),
  "T-31": bigQueryRights,
  "T-32": kms
}
