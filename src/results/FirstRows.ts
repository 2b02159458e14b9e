/**
 * The beginning of a run's result: how many rows there are, their columns, and the first few.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { QuestionRunResultData } from "../habu/api/QuestionRuns.js"
import { HabuClient } from "../habu/HabuClient.js"
import * as Text from "../habu/Text.js"

/**
 * The beginning of a result.
 *
 * @since 0.1.0
 * @category models
 */
export interface FirstRows {
  readonly count: number
  readonly columns: ReadonlyArray<{ readonly name: string; readonly type: string }>
  /** By column name; a NULL is left out. */
  readonly rows: ReadonlyArray<{ readonly [column: string]: string }>
  /** Files that a question with several outputs made. */
  readonly outputs: ReadonlyArray<string>
}

const longestCell = 200

const columnsOf = (data: QuestionRunResultData) =>
  (data.metadata ?? []).map(({ columnName, dataType, fieldName }) => ({
    key: columnName ?? fieldName ?? "",
    name: Text.clean(fieldName ?? columnName ?? "", 100),
    type: Text.clean(dataType ?? "unknown", 30)
  }))

/**
 * The first rows of a page that begins a result.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromPage = (data: QuestionRunResultData, count: number, limit: number): FirstRows => {
  const columns = columnsOf(data)
  const rows = (data.stats ?? []).slice(0, limit).map((row) =>
    Object.fromEntries(
      columns.flatMap(({ key, name }) => {
        const cell = row[key]
        return cell === undefined || cell === null ? [] : [[name, Text.clean(cell, longestCell)] as const]
      })
    )
  )
  return {
    count,
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows,
    outputs: (data.multipleOutputs ?? []).map((file) => Text.clean(file))
  }
}

/**
 * Reads the first rows of a completed run (operations `getCleanroomQuestionRunData` and
 * `getCleanroomQuestionRunDataCount`). Values are texts, as Habu sends them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("FirstRows.read")(function*(runId: string, limit: number) {
  const habu = yield* HabuClient
  const path = { cleanroomQuestionRunId: runId }
  const [count, data] = yield* Effect.all([
    habu.getCleanroomQuestionRunDataCount({ path }),
    habu.getCleanroomQuestionRunData({ path, urlParams: { limit, offset: 0 } })
  ], { concurrency: 2 })
  return fromPage(data, count, limit)
})
