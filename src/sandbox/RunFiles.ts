/**
 * The files that a run leaves behind.
 *
 * @since 0.1.0
 */
import type { Output } from "./QuestionExecution.js"

const cell = (value: string | null | undefined) => {
  const text = value ?? ""
  return /[",\n\r]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text
}

const csv = (rows: ReadonlyArray<ReadonlyArray<string | null | undefined>>) =>
  rows.map((row) => `${row.map(cell).join(",")}\n`).join("")

const results = (output: Output) => {
  const columns = output.columns.map(({ columnName }) => columnName)
  return csv([
    output.columns.map(({ fieldName }) => fieldName),
    ...output.rows.map((row) => columns.map((column) => row[column]))
  ])
}

const summary = (output: Output) =>
  csv([
    ["column", "type", "values", "distinct"],
    ...output.columns.map(({ columnName, dataType, fieldName }) => {
      const values = output.rows.flatMap((row) => row[columnName] ?? [])
      return [fieldName, dataType, String(values.length), String(new Set(values).size)]
    })
  ])

const writers: { readonly [name: string]: (output: Output) => string } = {
  "results.csv": results,
  "summary.csv": summary
}

/**
 * The names of the files. A question with several outputs has a summary of its columns next to its rows.
 *
 * @since 0.1.0
 * @category getters
 */
export const names = (hasMultipleOutputs: boolean): ReadonlyArray<string> =>
  hasMultipleOutputs ? Object.keys(writers) : ["results.csv"]

/**
 * The content of a file, undefined if the run has no file of that name.
 *
 * @since 0.1.0
 * @category getters
 */
export const content = (output: Output, name: string, hasMultipleOutputs: boolean): string | undefined =>
  names(hasMultipleOutputs).includes(name) ? writers[name]?.(output) : undefined

/**
 * A row as the contract has it: what is null is left out.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withoutNulls = (row: Output["rows"][number]): { readonly [column: string]: string } =>
  Object.fromEntries(Object.entries(row).filter((entry): entry is [string, string] => entry[1] !== null))
