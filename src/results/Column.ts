/**
 * The columns of a result: their names, and what Habu's metadata says of their types.
 *
 * @since 0.1.0
 */
import type { QuestionRunResultData } from "../habu/api/QuestionRuns.js"
import * as Text from "../habu/Text.js"

/**
 * What kind of values a column holds.
 *
 * @since 0.1.0
 * @category models
 */
export type Kind = "text" | "number" | "boolean" | "date" | "time"

/**
 * A column. `key` is its key in Habu's rows, `name` what it is called here: unique in its table, whatever the case.
 * `type` is DuckDB's.
 *
 * @since 0.1.0
 * @category models
 */
export interface Column {
  readonly key: string
  readonly name: string
  readonly type: string
  readonly kind: Kind
}

const kinds: ReadonlyArray<readonly [RegExp, Kind, string]> = [
  [/^(u?(tiny|small|big|huge)?int(eger)?\d*|long|short|byte|number\(\d+(, *0)?\))$/i, "number", "BIGINT"],
  [/^(decimal|numeric)\(\d{1,2}, *\d{1,2}\)$/i, "number", ""],
  [/^(double|float\d*|real|decimal|numeric|number|money)\b/i, "number", "DOUBLE"],
  [/^bool(ean)?$/i, "boolean", "BOOLEAN"],
  [/^date$/i, "date", "DATE"],
  [/^(timestamp|datetime)/i, "time", "TIMESTAMP"]
]

/**
 * The kind of a type, be it Habu's word or DuckDB's.
 *
 * @since 0.1.0
 * @category getters
 */
export const typeOf = (dataType: string | undefined): Pick<Column, "kind" | "type"> => {
  const word = dataType?.trim() ?? ""
  if (/[[\]]/.test(word)) return { kind: "text", type: "VARCHAR" }
  const [, kind = "text", type = "VARCHAR"] = kinds.find(([pattern]) => pattern.test(word)) ?? []
  return { kind, type: type === "" ? word.toUpperCase() : type }
}

const unique = (names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const taken = new Set<string>()
  const free = (name: string, number: number): string => {
    const tried = number === 1 ? name : `${name} ${number}`
    return taken.has(tried.toLowerCase()) ? free(name, number + 1) : tried
  }
  return names.map((name) => {
    const chosen = free(name, 1)
    taken.add(chosen.toLowerCase())
    return chosen
  })
}

const isFraction = (text: string) => /^\s*[+-]?\d*\.\d*[1-9]\d*\s*$/.test(text)

// Noise puts fractions into columns that were whole numbers.
const widened = (column: Column, rows: ReadonlyArray<{ readonly [key: string]: string | null }>): Column =>
  column.type === "BIGINT" && rows.some((row) => isFraction(row[column.key] ?? ""))
    ? { ...column, type: "DOUBLE" }
    : column

/**
 * The columns of a result by its first page. A type that the rows show to be too narrow is widened.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromPage = ({ metadata, stats }: QuestionRunResultData): ReadonlyArray<Column> => {
  const rows = stats ?? []
  const told = metadata ?? []
  // Without metadata the rows tell the names, and all is text.
  const seen = told.length > 0
    ? told
    : [...new Set(rows.flatMap((row) => Object.keys(row)))].map((columnName) => ({ columnName }))
  const raw = seen.map((one: { columnName?: string; fieldName?: string; dataType?: string }) => ({
    key: one.columnName ?? one.fieldName ?? "",
    name: Text.clean(one.fieldName ?? one.columnName ?? "", 100) || "column",
    ...typeOf(one.dataType)
  }))
  const names = unique(raw.map(({ name }) => name))
  return raw.map((column, index) => widened({ ...column, name: names[index] ?? column.name }, rows))
}
