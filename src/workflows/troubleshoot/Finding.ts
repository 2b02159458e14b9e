/**
 * What an investigation finds, and how its causes are ranked: by what was seen first, by what was described second.
 *
 * @since 0.1.0
 */
import type { HabuError } from "../../habu/HabuError.js"
import type { Area, Entry, Id } from "./Catalogue.js"
import * as Catalogue from "./Catalogue.js"

/**
 * How firmly what was seen tells a cause.
 *
 * - `proven`: Habu's own fields say so. `likely`: they fit, and little else would.
 * - `fact`: it is so, and no trouble by itself; it becomes a cause where the description points at it.
 * - `described`: only the words fit, and nothing could be looked at.
 *
 * @since 0.1.0
 * @category models
 */
export type Strength = "proven" | "likely" | "fact" | "described"

/**
 * @since 0.1.0
 * @category models
 */
export interface Finding {
  readonly entry: Entry
  readonly strength: Strength
  /** What was seen. */
  readonly says: string
}

/**
 * One thing that was looked at, in the order of the triage.
 *
 * @since 0.1.0
 * @category models
 */
export interface Check {
  readonly check: string
  readonly result: "ok" | "problem" | "note" | "denied" | "unknown"
  readonly found: string
}

/**
 * What a detector says of one entry: it is so, it is not so, or it could not be looked at.
 *
 * @since 0.1.0
 * @category models
 */
export type Verdict =
  | { readonly _tag: "Found"; readonly strength: Exclude<Strength, "described">; readonly says: string }
  | { readonly _tag: "Clear" }
  | { readonly _tag: "Unseen" }

/**
 * @since 0.1.0
 * @category constructors
 */
export const found = (strength: Exclude<Strength, "described">, says: string): Verdict => ({
  _tag: "Found",
  strength,
  says
})

/**
 * @since 0.1.0
 * @category constructors
 */
export const clear: Verdict = { _tag: "Clear" }

/**
 * @since 0.1.0
 * @category constructors
 */
export const unseen: Verdict = { _tag: "Unseen" }

/**
 * The detectors of one kind of thing, by the entry that each looks for.
 *
 * @since 0.1.0
 * @category models
 */
export type Detectors<Evidence> = { readonly [id in Id]?: (evidence: Evidence) => Verdict }

/**
 * What is known after looking.
 *
 * @since 0.1.0
 * @category models
 */
export interface Investigation {
  readonly checks: ReadonlyArray<Check>
  readonly findings: ReadonlyArray<Finding>
  /** The entries that were looked for and are not so. */
  readonly cleared: ReadonlySet<Id>
  /** What Habu denied or did not answer. */
  readonly errors: ReadonlyArray<HabuError>
  /** Ids and statuses, for whoever looks on. */
  readonly facts: { readonly [name: string]: string }
}

/**
 * Nothing was looked at.
 *
 * @since 0.1.0
 * @category constructors
 */
export const nothing: Investigation = { checks: [], findings: [], cleared: new Set(), errors: [], facts: {} }

/**
 * Asks every detector.
 *
 * @since 0.1.0
 * @category constructors
 */
export const detect = <Evidence>(
  detectors: Detectors<Evidence>,
  evidence: Evidence
): Pick<Investigation, "findings" | "cleared"> => {
  const verdicts = Catalogue.all.flatMap((entry) => {
    const look = detectors[entry.id]
    return look === undefined ? [] : [{ entry, verdict: look(evidence) }]
  })
  return {
    findings: verdicts.flatMap(({ entry, verdict }) =>
      verdict._tag === "Found" ? [{ entry, strength: verdict.strength, says: verdict.says }] : []
    ),
    cleared: new Set(verdicts.flatMap(({ entry, verdict }) => verdict._tag === "Clear" ? [entry.id] : []))
  }
}

/**
 * Puts investigations together; what one found, another cannot clear.
 *
 * @since 0.1.0
 * @category combinators
 */
export const together = (all: ReadonlyArray<Investigation>): Investigation => {
  const findings = all.flatMap((one) => one.findings)
  const seen = new Set(findings.map(({ entry }) => entry.id))
  return {
    checks: all.flatMap((one) => one.checks),
    findings,
    cleared: new Set(all.flatMap(({ cleared }) => [...cleared]).filter((id) => !seen.has(id))),
    errors: all.flatMap((one) => one.errors),
    facts: Object.assign({}, ...all.map((one) => one.facts))
  }
}

/**
 * How strongly a description or an error points at entries, from 0 to 1.
 *
 * @since 0.1.0
 * @category models
 */
export type Pointers = ReadonlyMap<Id, number>

const weights: { readonly [strength in Strength]: number } = { proven: 100, likely: 70, fact: 20, described: 10 }

// An entry that a description points at counts for more than one that only happens to be so as well.
const pointed = 60

const clearly = 0.5

// What only says that something failed gives way to why it did.
const general: ReadonlySet<Id> = new Set(["T-04", "T-18"])

const weight = ({ entry, strength }: Finding, pointers: Pointers) => {
  const pointer = pointers.get(entry.id) ?? 0
  const firmness = strength === "fact" && pointer >= clearly ? weights.likely : weights[strength]
  return general.has(entry.id) ? firmness - 10 + 0.4 * pointed * pointer : firmness + pointed * pointer
}

// What else can show as trouble of an area: a run that fails has no results, an ended clean room stops everything.
const alsoShowsAs: { readonly [id in Id]?: ReadonlyArray<Area> } = {
  "T-04": ["questions", "partners and people", "exports", "flows", "schedules", "data connections"],
  "T-07": ["questions", "flows", "schedules"],
  "T-34": ["results"],
  "T-36": ["questions", "partners and people", "exports", "flows", "schedules", "results"],
  "T-39": ["questions", "results"],
  "T-11": ["results"],
  "T-12": ["results"],
  "T-13": ["results"],
  "T-09": ["schedules", "exports"],
  "T-10": ["schedules", "exports"],
  "T-54": ["results"],
  "T-55": ["results"],
  "T-14": ["exports"],
  "T-16": ["exports", "identity"],
  "T-17": ["identity"]
}

const areas = (pointers: Pointers): ReadonlySet<Area> =>
  new Set(Catalogue.all.filter(({ id }) => pointers.has(id)).map(({ area }) => area))

const fits = ({ entry }: Finding, pointers: Pointers, meant: ReadonlySet<Area>) =>
  pointers.size === 0 || pointers.has(entry.id) || meant.has(entry.area) ||
  (alsoShowsAs[entry.id] ?? []).some((area) => meant.has(area))

/**
 * The causes, the most likely first, and what was found besides: trouble that does not show as what was described.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ranked {
  readonly causes: ReadonlyArray<Finding>
  readonly besides: ReadonlyArray<Finding>
}

const isCause = (finding: Finding, pointers: Pointers) =>
  finding.strength !== "fact" || (pointers.get(finding.entry.id) ?? 0) >= clearly

/**
 * Ranks what was found. Trouble of the areas `named`, of which something was named, counts whatever was described.
 *
 * @since 0.1.0
 * @category combinators
 */
export const rank = (
  findings: ReadonlyArray<Finding>,
  pointers: Pointers,
  named: ReadonlyArray<Area> = []
): Ranked => {
  const best = new Map<Id, Finding>()
  for (const finding of findings) {
    const known = best.get(finding.entry.id)
    if (known === undefined || weight(finding, pointers) > weight(known, pointers)) best.set(finding.entry.id, finding)
  }
  const meant = new Set([...areas(pointers), ...named])
  const sorted = [...best.values()].filter((finding) => isCause(finding, pointers))
    .sort((a, b) => weight(b, pointers) - weight(a, pointers))
  return {
    causes: sorted.filter((finding) => fits(finding, pointers, meant)),
    besides: sorted.filter((finding) => !fits(finding, pointers, meant))
  }
}
