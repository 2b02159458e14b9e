/**
 * What a raw call shows of Habu's answer: cleaned, without secrets, no larger than a conversation can take, and never
 * the rows of a result, which may list people.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import * as Operations from "../../habu/Operations.js"
import * as Redaction from "../../habu/Redaction.js"
import * as Words from "../Words.js"

/**
 * `note` tells what is not shown and why.
 *
 * @since 0.1.0
 * @category models
 */
export interface Shown {
  readonly answer: unknown
  readonly count: number | undefined
  readonly note: string | undefined
}

const steps: ReadonlyArray<readonly [items: number, text: number]> = [[200, 2_000], [50, 500], [20, 300], [10, 200], [
  5,
  120
], [
  2,
  80
]]

const size = (value: unknown) => (JSON.stringify(value) ?? "").length / 4

const secretive = new Set(["Credentials", "Destinations"])

// A list at the top, or the one list in an envelope.
const listOf = (value: unknown): ReadonlyArray<unknown> | undefined => {
  if (Array.isArray(value)) return value
  const lists = Predicate.isRecord(value) ? Object.values(value).filter((item) => Array.isArray(item)) : []
  return lists.length === 1 ? lists[0] : undefined
}

const resultOf = (value: unknown): Shown => {
  if (Predicate.isString(value)) {
    return {
      answer: undefined,
      count: undefined,
      note: `A file of ${value.length} characters; its content is not shown by this tool.`
    }
  }
  const { count, metadata, multipleOutputs } = Predicate.isRecord(value) ? value : {} as Record<string, unknown>
  return {
    answer: Redaction.redact({ count, metadata, multipleOutputs }, { items: 50, text: 100, pairs: "by_name" }),
    count: Predicate.isNumber(count) ? count : undefined,
    note:
      "Rows are not shown by this tool, since they may list people; retrieve_and_analyze_results reads analytical ones."
  }
}

/**
 * Shows an answer within `tokens` (characters / 4).
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (info: Operations.Info, value: unknown, tokens: number): Shown => {
  if (Operations.isResult(info)) return resultOf(value)
  const pairs = secretive.has(info.group) ? "hidden" as const : "by_name" as const
  const count = listOf(value)?.length
  const [first = [5, 120], ...rest] = steps
  const show = ([items, text]: readonly [number, number]) => Redaction.redact(value, { items, text, pairs })
  const fitting = rest.find((step) => size(show(step)) <= tokens)
  const chosen = size(show(first)) <= tokens ? first : fitting
  if (chosen === undefined) {
    return {
      answer: undefined,
      count,
      note: `The answer is larger than ${tokens} tokens even when cut; narrow the call.`
    }
  }
  const isCut =
    JSON.stringify(show([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])) !== JSON.stringify(show(chosen))
  return {
    answer: show(chosen),
    count,
    note: isCut
      ? `Cut to fit: lists to ${Words.count(chosen[0], "item")}, texts to ${
        chosen[1]
      } characters. Narrow it with query (limit, offset) where the operation has them.`
      : undefined
  }
}
