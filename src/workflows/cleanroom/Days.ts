/**
 * The days on which a clean room begins and ends, as Habu takes them: `YYYY-MM-DD`, the last one included.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * The day of a moment, in UTC.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (millis: number): string => Words.iso(millis).slice(0, 10)

const isDay = (text: string) => {
  const millis = Date.parse(`${text}T00:00:00Z`)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(millis) && of(millis) === text
}

/**
 * A day that a caller gave; nothing where none is.
 *
 * @since 0.1.0
 * @category constructors
 */
export const given = (
  field: string,
  text: string | undefined
): Effect.Effect<string | undefined, Workflow.InputInvalid> => {
  const day = Words.given(text)?.trim()
  return day === undefined || isDay(day) ? Effect.succeed(day) : Effect.fail(
    new Workflow.InputInvalid({
      field,
      problem: `is ${JSON.stringify(Words.said(day, 40) ?? "")}, which is no day`,
      advice: "Write it YYYY-MM-DD."
    })
  )
}

/**
 * Fails where the last day comes before the first, or before today.
 *
 * @since 0.1.0
 * @category combinators
 */
export const inOrder = (
  startAt: string,
  endAt: string | undefined,
  today: string
): Effect.Effect<void, Workflow.InputInvalid> =>
  endAt === undefined || (endAt >= startAt && endAt >= today) ? Effect.void : Effect.fail(
    new Workflow.InputInvalid({
      field: "end_date",
      problem: `is ${endAt}, before ${endAt < startAt ? `the start (${startAt})` : `today (${today})`}`,
      advice: "Give a later last day, or none for an open end."
    })
  )
