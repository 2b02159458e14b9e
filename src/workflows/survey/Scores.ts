/**
 * Scores of clean rooms and of the organisation: shares of things that are as they should be, each by a rule that is told.
 *
 * @since 0.1.0
 */
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import type { SurveyedCleanRoom } from "../Survey.js"
import * as Findings from "./Findings.js"
import * as Partners from "./Partners.js"
import { isHeard, itemsOf, type Part } from "./Parts.js"
import type { RunRecord } from "./Records.js"
import * as Statistics from "./Statistics.js"

/**
 * How many of how many are as they should be.
 *
 * @since 0.1.0
 * @category models
 */
export interface Share {
  readonly good: number
  readonly of: number
}

/**
 * The rules behind the scores. A score is the share in per cent; where there is nothing to count, or Habu does not show
 * it, there is none.
 *
 * @since 0.1.0
 * @category constants
 */
export const rules = {
  readiness: "READY questions among all",
  runs: "completed runs among those of the window that ended",
  queue: "runs of the window that began within 15 minutes of being handed in, among those that began",
  data: "usable datasets among all; for the organisation, data connections too",
  partners: "partners that joined and brought a dataset, among those joined and invited (declined ones left out)",
  dates: "clean rooms that have not ended, one that ends within 14 days counts half",
  overall: "the mean of the scores that could be taken, each counting the same"
}

/**
 * What is scored.
 *
 * @since 0.1.0
 * @category models
 */
export type Score = Exclude<keyof typeof rules, "overall">

/**
 * The scores that could be taken.
 *
 * @since 0.1.0
 * @category models
 */
export type Scores = { readonly [score in Score]?: Share }

const promptly = 15 * 60_000

const soonDays = 14

const counted = (items: ReadonlyArray<boolean | undefined>): Share => {
  const known = items.filter((item) => item !== undefined)
  return { good: known.filter(Boolean).length, of: known.length }
}

const ofRuns = (runs: ReadonlyArray<RunRecord>): Scores => ({
  runs: counted(
    runs.map(({ phase }) => phase === "completed" ? true : phase === "failed" ? false : undefined)
  ),
  queue: counted(runs.map(({ queued }) => queued === undefined ? undefined : queued <= promptly))
})

const ofPartners = (room: SurveyedCleanRoom, now: number): Share => {
  const waiting = Partners.open(room, now).filter(({ status }) => !/^declined/i.test(status))
  return counted([
    ...Partners.joined(room).map(({ datasets }) => datasets === undefined ? undefined : datasets > 0),
    ...waiting.map(() => false)
  ])
}

const ofDates = ({ cleanRoom, isExpired }: SurveyedCleanRoom, now: number): Share => {
  const left = Findings.daysUntil(cleanRoom.endAt, now)
  return { good: isExpired ? 0 : left !== undefined && left <= soonDays ? 0.5 : 1, of: 1 }
}

/**
 * A clean room's scores.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofCleanRoom = (room: SurveyedCleanRoom, window: Statistics.Window, now: number): Scores => ({
  ...(isHeard(room.list) && { readiness: counted(room.questions.map(({ isReady }) => isReady)) }),
  ...ofRuns(Statistics.within(room.questions.flatMap(({ runs }) => itemsOf(runs)), window)),
  ...(isHeard(room.datasets) && { data: counted(itemsOf(room.datasets).map(Findings.isUsable)) }),
  ...(isHeard(room.invitations) && { partners: ofPartners(room, now) }),
  dates: ofDates(room, now)
})

const names = ["readiness", "runs", "queue", "data", "partners", "dates"] as const

const sum = (shares: ReadonlyArray<Share | undefined>): Share | undefined => {
  const known = shares.filter((share) => share !== undefined)
  return known.length === 0 ? undefined : {
    good: known.reduce((total, { good }) => total + good, 0),
    of: known.reduce((total, share) => total + share.of, 0)
  }
}

/**
 * The scores of the organisation: everything counted together, so that a large clean room counts for more.
 *
 * @since 0.1.0
 * @category constructors
 */
export const together = (all: ReadonlyArray<Scores>, connections: Part<DataConnectionResponse>): Scores => {
  const usable = itemsOf(connections).map(Findings.isConnected)
  return Object.fromEntries(
    names.flatMap((name) => {
      const share = sum([...all.map((scores) => scores[name]), ...(name === "data" ? [counted(usable)] : [])])
      return share === undefined ? [] : [[name, share]]
    })
  )
}

/**
 * A score in per cent; undefined where there is nothing to count.
 *
 * @since 0.1.0
 * @category getters
 */
export const percent = (share: Share | undefined): number | undefined =>
  share === undefined || share.of === 0 ? undefined : Math.round((share.good / share.of) * 100)

/**
 * The mean of the scores, in per cent; undefined where none could be taken.
 *
 * @since 0.1.0
 * @category getters
 */
export const overall = (scores: Scores): number | undefined => {
  const known = names.map((name) => percent(scores[name])).filter((score) => score !== undefined)
  return known.length === 0 ? undefined : Math.round(known.reduce((total, score) => total + score, 0) / known.length)
}

/**
 * The scores as an answer shows them: in per cent, with what was counted.
 *
 * @since 0.1.0
 * @category formatting
 */
export const view = (scores: Scores): { readonly [score: string]: string } =>
  Object.fromEntries(names.flatMap((name) => {
    const share = scores[name]
    const score = percent(share)
    return share === undefined || score === undefined ? [] : [[name, `${score} (${share.good} of ${share.of})`]]
  }))
