/**
 * Runs so alike that reading them together would undo the clean room's protection: equal ones, whose noise averages
 * away, and ones that differ by a sliver, whose difference shows a small group.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { type Entry, RunLedger } from "../../runs/RunLedger.js"

type Parameters = { readonly [name: string]: string }

/**
 * How many runs, this one included, have the same values; and which other runs differ from it by a sliver, in what.
 *
 * @since 0.1.0
 * @category models
 */
export interface NearIdentical {
  readonly equal: number
  readonly slivers: ReadonlyArray<{ readonly runId: string; readonly parameter: string }>
}

const days = 24 * 60 * 60 * 1000
const day = /^\d{4}-\d{2}-\d{2}/
const sliverOfDays = 3
const sliverOfNumbers = 0.05

const items = (text: string) => new Set(text.split(",").map((item) => item.trim().toLowerCase()).filter((item) => item))

const isListSliver = (a: string, b: string) => {
  const [one, other] = [items(a), items(b)]
  if (Math.max(one.size, other.size) < 2) return false
  const apart = [...one].filter((item) => !other.has(item)).length + [...other].filter((item) => !one.has(item)).length
  return apart === 1
}

const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text))

/**
 * Whether two values of one parameter are a sliver apart: up to three days, 5 % of a number (or 1), or one item of a
 * list.
 *
 * @since 0.1.0
 * @category guards
 */
export const isSliver = (a: string, b: string): boolean => {
  if (day.test(a) && day.test(b)) return Math.abs(Date.parse(a) - Date.parse(b)) <= sliverOfDays * days
  if (isNumber(a) && isNumber(b)) {
    const [one, other] = [Number(a), Number(b)]
    return Math.abs(one - other) <= Math.max(1, sliverOfNumbers * Math.max(Math.abs(one), Math.abs(other)))
  }
  return isListSliver(a, b)
}

const differences = (a: Parameters, b: Parameters) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name])

/**
 * Compares the values of a run with those of others.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compare = (
  own: { readonly runId: string; readonly parameters: Parameters },
  others: ReadonlyArray<{ readonly runId: string; readonly parameters: Parameters }>
): NearIdentical => {
  const told = others.filter(({ runId }) => runId !== own.runId).map(({ parameters, runId }) => ({
    runId,
    apart: differences(own.parameters, parameters),
    parameters
  }))
  return {
    equal: 1 + told.filter(({ apart }) => apart.length === 0).length,
    slivers: told.flatMap(({ apart: [parameter, ...more], parameters, runId }) =>
      parameter !== undefined && more.length === 0 &&
        isSliver(own.parameters[parameter] ?? "", parameters[parameter] ?? "")
        ? [{ runId, parameter }]
        : []
    )
  }
}

const startedRuns = (entries: ReadonlyArray<Entry>, questionId: string) =>
  entries.flatMap(({ attempts, subject }) =>
    subject._tag === "Question" && subject.questionId === questionId
      ? attempts.flatMap(({ runId }) => runId === undefined ? [] : [{ runId, parameters: subject.parameters }])
      : []
  )

/**
 * Looks in the ledger for runs of the question that are near-identical to this one.
 *
 * @since 0.1.0
 * @category getters
 */
export const find = Effect.fn("NearIdentical.find")(
  function*(questionId: string, runId: string, parameters: Parameters | undefined) {
    const ledger = yield* RunLedger
    const started = startedRuns(yield* ledger.entries, questionId)
    const own = parameters ?? started.find((one) => one.runId === runId)?.parameters
    return own === undefined ? { equal: 1, slivers: [] } : compare({ runId, parameters: own }, started)
  }
)

const manyEqual = 3

/**
 * What to warn of.
 *
 * @since 0.1.0
 * @category formatting
 */
export const warnings = ({ equal, slivers }: NearIdentical): ReadonlyArray<string> => [
  ...(equal >= manyEqual
    ? [
      `This question was run ${equal} times with the same values. Do not average the results: that would take the noise ` +
      "away which protects the people in them."
    ]
    : []),
  ...(slivers.length > 0
    ? [
      `${slivers.length} other run${slivers.length === 1 ? "" : "s"} of this question differ${
        slivers.length === 1 ? "s" : ""
      } from this one only by a sliver (${
        [...new Set(slivers.map(({ parameter }) => parameter))].slice(0, 3).join(", ")
      }). Do not subtract one from the other: the difference would show a small group.`
    ]
    : [])
]
