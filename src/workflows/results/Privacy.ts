/**
 * How to read a result of a clean room: what its crowd size hides, and on what noise lies.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Measure, QuestionDetails } from "../../habu/api/Questions.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { Placed } from "../../habu/HabuDirectory.js"
import type { Hints } from "../../results/Roles.js"
import * as Words from "../Words.js"

/**
 * What a question says of its result: the roles of its columns, and the measures that noise and crowd size are on, as
 * far as it can be read.
 *
 * @since 0.1.0
 * @category models
 */
export interface Told {
  readonly hints: Hints
  readonly measures: ReadonlyArray<Measure> | undefined
}

const names = (list: ReadonlyArray<{ readonly name?: string }> | undefined) =>
  (list ?? []).flatMap(({ name }) => name === undefined ? [] : [name])

const told = ({ question }: Placed, details: QuestionDetails | undefined): Told => ({
  hints: {
    measures: details?.measures === undefined ? Object.keys(question.metrics ?? {}) : names(details.measures),
    dimensions: details?.dimensions === undefined ? Object.keys(question.dimension ?? {}) : names(details.dimensions)
  },
  measures: details?.measures
})

/**
 * Reads what the question says (operation `getQuestionDetails`). A question whose details are denied still has a result.
 *
 * @since 0.1.0
 * @category getters
 */
export const read = Effect.fn("Privacy.read")(function*(placed: Placed) {
  const habu = yield* HabuClient
  const questionID = placed.question.questionId
  const question = questionID === undefined
    ? undefined
    : yield* Effect.orElseSucceed(habu.getQuestionDetails({ path: { questionID }, urlParams: {} }), () => undefined)
  return told(placed, question?.questionDetails)
})

const listed = (measures: ReadonlyArray<Measure>) =>
  measures.map(({ name }) => Words.said(name, 40) ?? "").filter((name) => name !== "").slice(0, 6).join(", ")

/**
 * What to keep in mind, in sentences.
 *
 * @since 0.1.0
 * @category formatting
 */
export const notes = ({ measures }: Told): ReadonlyArray<string> => {
  const noisy = measures?.filter(({ noise }) => noise === true) ?? []
  const counted = measures?.filter(({ isIdentity }) => isIdentity === true) ?? []
  return [
    `Groups with fewer people than the clean room's crowd size are left out without a word${
      counted.length > 0 ? ` (it goes by ${listed(counted)})` : ""
    }: what is missing is not zero, and sums of the rows may be less than the whole. Habu's API does not tell the crowd ` +
    "size.",
    measures === undefined
      ? "Numbers may carry noise (data decibel); small differences may be noise alone."
      : noisy.length === 0
      ? "No measure of this question carries noise."
      : `Noise (data decibel) lies on ${listed(noisy)}: small differences and small groups may be noise alone.`
  ]
}
