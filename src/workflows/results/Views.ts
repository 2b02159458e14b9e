/**
 * How results are shown in an answer.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Text from "../../habu/Text.js"
import type { Column } from "../../results/Column.js"
import type { ColumnSummary, Finding } from "../../results/Summary.js"
import * as Workflow from "../Workflow.js"

const maybe = Workflow.maybe

/**
 * A run whose results are shown. `place` 1 is the latest completed run of its question.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RunView = Schema.Struct({
  id: Schema.String,
  name: maybe(Schema.String),
  completed_at: maybe(Schema.String),
  place: maybe(Schema.Number),
  of: maybe(Schema.Number),
  parameters: maybe(Schema.Record({ key: Schema.String, value: Schema.String }))
})

/**
 * @since 0.1.0
 * @category schemas
 */
export const ColumnView = Schema.Struct({
  name: Schema.String,
  type: Schema.String,
  nulls: maybe(Schema.Number),
  misfits: maybe(Schema.Number),
  distinct: maybe(Schema.Number),
  estimated: maybe(Schema.Boolean),
  min: maybe(Schema.String),
  max: maybe(Schema.String),
  mean: maybe(Schema.Number),
  median: maybe(Schema.Number),
  sum: maybe(Schema.Number),
  top: maybe(Schema.Array(Schema.Struct({ value: Schema.String, rows: Schema.Number })))
})

/**
 * @since 0.1.0
 * @category schemas
 */
export const FindingView = Schema.Struct({
  kind: Schema.String,
  statement: Schema.String,
  sql: maybe(Schema.String)
})

const Row = Schema.Record({ key: Schema.String, value: Schema.Union(Schema.String, Schema.Number, Schema.Boolean) })

/**
 * The fields of an answer that hold a result.
 *
 * @since 0.1.0
 * @category fields
 */
export const fields = {
  row_count: maybe(Schema.Number),
  columns: maybe(Schema.Array(ColumnView)),
  findings: maybe(
    Schema.Array(FindingView).annotations({
      description: "What stands out; each with the SQL that checks it"
    })
  ),
  rows: maybe(Schema.Array(Row)),
  query: maybe(Schema.Struct({
    columns: Schema.Array(Schema.Struct({ name: Schema.String, type: Schema.String })),
    rows: Schema.Array(Row),
    row_count: Schema.Number,
    more: maybe(Schema.Boolean)
  })),
  chart: maybe(Schema.Struct({
    kind: Schema.String,
    spec: maybe(Schema.Unknown),
    sql: maybe(Schema.String),
    omitted: maybe(Schema.Number)
  })),
  export: maybe(Schema.Struct({
    path: Schema.String,
    uri: Schema.String,
    bytes: Schema.Number,
    rows: maybe(Schema.Number)
  })),
  outputs: maybe(Schema.Array(Schema.String).annotations({ description: "Files of a question with several outputs" })),
  reading: maybe(Schema.Array(Schema.String).annotations({ description: "What crowd size and noise mean for it" })),
  progress: maybe(Schema.Struct({ rows: Schema.Number, of: Schema.Number }))
}

const longestCell = 200

const numeric = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/

const shown = (kind: Column["kind"], cell: string): string | number | boolean => {
  if (kind === "number" && numeric.test(cell) && cell.replace(/\D/g, "").length <= 15) return Number(cell)
  return kind === "boolean" && (cell === "true" || cell === "false") ? cell === "true" : Text.clean(cell, longestCell)
}

/**
 * Rows by column name; a NULL is left out.
 *
 * @since 0.1.0
 * @category formatting
 */
export const rows = (
  columns: ReadonlyArray<Pick<Column, "kind" | "name">>,
  cells: ReadonlyArray<ReadonlyArray<string | null>>
): ReadonlyArray<typeof Row.Type> =>
  cells.map((row) =>
    Object.fromEntries(columns.flatMap(({ kind, name }, index) => {
      const cell = row[index] ?? null
      return cell === null ? [] : [[Text.clean(name, 100), shown(kind, cell)] as const]
    }))
  )

/**
 * As many rows as an answer has room for.
 *
 * @since 0.1.0
 * @category filtering
 */
export const fitting = <A>(list: ReadonlyArray<A>, characters: number): ReadonlyArray<A> => {
  let left = characters
  const end = list.findIndex((item) => (left -= JSON.stringify(item).length + 1) < 0)
  return end < 0 ? list : list.slice(0, end)
}

const rounded = (value: number | undefined) =>
  value === undefined || !Number.isFinite(value) ? undefined : Number(value.toPrecision(10))

const some = (count: number) => count > 0 ? count : undefined

/**
 * @since 0.1.0
 * @category formatting
 */
export const column = (summary: ColumnSummary): typeof ColumnView.Type =>
  Workflow.compact({
    name: summary.name,
    type: summary.type,
    nulls: some(summary.nulls),
    misfits: some(summary.misfits),
    distinct: summary.distinct,
    estimated: summary.estimated ? true : undefined,
    min: summary.min,
    max: summary.max,
    mean: rounded(summary.mean),
    median: rounded(summary.median),
    sum: rounded(summary.sum),
    top: summary.top
  })

/**
 * @since 0.1.0
 * @category formatting
 */
export const finding = ({ kind, sql, statement }: Finding): typeof FindingView.Type => ({
  kind,
  statement: Text.clean(statement, 500),
  sql
})
