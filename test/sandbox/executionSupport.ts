/**
 * What the tests of question execution share: a small warehouse, and questions over it.
 */
import * as Effect from "effect/Effect"
import * as QuestionExecution from "../../src/sandbox/QuestionExecution.js"
import * as Tables from "../../src/sandbox/Tables.js"
import * as Warehouse from "../../src/sandbox/Warehouse.js"

export const asOf = Date.UTC(2026, 9, 1)

export const warehouse = Warehouse.layer({ seed: 7, rows: 3000, asOf })

/** A macro over a whole table, each field under its column's name, without partition. */
export const macro = (
  name: string,
  table: string,
  more: Partial<QuestionExecution.Macro> = {}
): QuestionExecution.Macro => ({
  macro: name,
  table,
  columns: Object.fromEntries((Tables.find(table)?.columns ?? []).map((column) => [column.name, column.name])),
  excluded: [],
  pii: (Tables.find(table)?.columns ?? []).filter(({ isPii }) => isPii).map(({ name }) => name),
  filters: [],
  partition: undefined,
  ...more
})

export const macros = [
  macro("crm", "retail_crm"),
  macro("transactions", "retail_transactions"),
  macro("exposures", "publisher_exposures"),
  macro("conversions", "brand_conversions"),
  macro("partner_crm", "brand_crm"),
  macro("partnermap", "partner_map"),
  macro("pubmap", "publisher_map")
]

export const question = (sql: string, more: Partial<QuestionExecution.Input> = {}): QuestionExecution.Input => ({
  sql,
  macros,
  parameters: {},
  measures: [],
  crowdSize: 0,
  decibel: 0,
  noiseSeed: "run-1",
  ...more
})

export const execute = (sql: string, more?: Partial<QuestionExecution.Input>) =>
  QuestionExecution.execute(question(sql, more))

export const rows = (sql: string, more?: Partial<QuestionExecution.Input>) =>
  Effect.map(execute(sql, more), (output) => output.rows)

/** The first value of the first row. */
export const value = (sql: string, more?: Partial<QuestionExecution.Input>) =>
  Effect.map(rows(sql, more), ([row]) => Object.values(row ?? {})[0])

export const failure = (sql: string, more?: Partial<QuestionExecution.Input>) => Effect.flip(execute(sql, more))
