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

/**
 * @since 0.1.0
 * @category getters
 */
export const conditionOf = (connection: Pick<DataConnectionResponse, "configStatus" | "stage">): Condition =>
  conditions[(connectionState(connection).state ?? "").toLowerCase().replace(/[^a-z]/g, "")] ?? "unknown"

/**
 * The evidence on a data connection.
 *
 * @since 0.1.0
 * @category models
 */
export interface Evidence {
  readonly connection: DataConnectionResponse
  readonly fields: Outcome<ReadonlyArray<FieldConfiguration>> | undefined
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

const badHeader = (evidence: Evidence): Verdict => {
  const wrong = (Heard.value(evidence.fields) ?? []).flatMap(({ fieldName }) =>
    fieldName !== undefined && (fieldName.length > 50 || /[^\w]/.test(fieldName))
      ? [JSON.stringify(Text.clean(fieldName, 60))]
      : []
  )
  return wrong.length > 0
    ? found("likely", `Names of its columns do not fit: ${wrong.slice(0, 5).join(", ")}.`)
    : fits(both(isBroken, isCsv), reads)(evidence)
}

const source = (evidence: Evidence) =>
  `its source is ${Words.said(evidence.connection.dataSource?.displayName ?? evidence.connection.dataSource?.name, 60)}`

const kms = (evidence: Evidence): Verdict => fits(both(isBroken, isS3), source)(evidence)

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
  "T-22": fits(both(isBroken, isCsv), reads),
  "T-23": badHeader,
  "T-24": fits(both(isBroken, isFiles), reads),
  "T-25": fits(both(isBroken, isFiles), reads),
  "T-26": lists,
  "T-27": lists,
  "T-28": fits(both(isAt("failed"), isSnowflake), source),
  "T-29": fits(both(isAt("failed"), isSnowflake), source),
  "T-30": fits(isSnowflake, source),
  "T-31": fits(both(isAt("failed"), isBigQuery), source),
  "T-32": kms
}
