/**
 * How rows are written as text: CSV, JSON, NDJSON, Markdown, and the sheet of an XLSX workbook.
 *
 * A cell that a spreadsheet would carry out as a formula is made harmless: what is in a result was written by others.
 *
 * @since 0.1.0
 */
import type { Column, Kind } from "./Column.js"

/**
 * A row: a value for each column.
 *
 * @since 0.1.0
 * @category models
 */
export type Cells = ReadonlyArray<string | null>

/**
 * A text format: what comes before the rows, each row (the first has number 0), and what comes after.
 *
 * @since 0.1.0
 * @category models
 */
export interface Format {
  readonly head: string
  readonly row: (cells: Cells, number: number) => string
  readonly foot: string
}

type Columns = ReadonlyArray<Pick<Column, "kind" | "name">>

const formula = /^[\s\u0000-\u001f]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/
const plainNumber = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/

/**
 * Whether a spreadsheet might carry out a text as a formula.
 *
 * @since 0.1.0
 * @category guards
 */
export const isFormula = (text: string): boolean => formula.test(text) && !plainNumber.test(text)

const csvCell = (text: string | null) => {
  const safe = text === null ? "" : isFormula(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll("\"", "\"\"")}"` : safe
}

const csvRow = (cells: Cells) => `${cells.map(csvCell).join(",")}\r\n`

/**
 * CSV of RFC 4180, with a mark that tells Excel it is UTF-8. Formulas get an apostrophe in front.
 *
 * @since 0.1.0
 * @category formats
 */
export const csv = (columns: Columns): Format => ({
  head: `\uFEFF${csvRow(columns.map(({ name }) => name))}`,
  row: csvRow,
  foot: ""
})

// Digits that a number of JavaScript does not hold stay text.
const isSafe = (text: string) => Number.isFinite(Number(text)) && (!/^[+-]?\d{16,}$/.test(text))

const jsonValue = (kind: Kind, text: string | null): string | number | boolean | null => {
  if (text === null) return null
  if (kind === "number" && text !== "" && isSafe(text)) return Number(text)
  return kind === "boolean" && (text === "true" || text === "false") ? text === "true" : text
}

const jsonRow = (columns: Columns) => (cells: Cells) =>
  JSON.stringify(
    Object.fromEntries(columns.map(({ kind, name }, index) => [name, jsonValue(kind, cells[index] ?? null)]))
  )

/**
 * A JSON list of objects.
 *
 * @since 0.1.0
 * @category formats
 */
export const json = (columns: Columns): Format => {
  const object = jsonRow(columns)
  return { head: "[", row: (cells, number) => `${number === 0 ? "\n" : ",\n"}${object(cells)}`, foot: "\n]\n" }
}

/**
 * A JSON object a line.
 *
 * @since 0.1.0
 * @category formats
 */
export const ndjson = (columns: Columns): Format => {
  const object = jsonRow(columns)
  return { head: "", row: (cells) => `${object(cells)}\n`, foot: "" }
}

const markdownCell = (text: string | null) =>
  (text ?? "").replace(/\s+/g, " ").replace(/[\\|`*_[\]<>!#~]/g, (mark) => `\\${mark}`)

const markdownRow = (cells: Cells) => `| ${cells.map(markdownCell).join(" | ")} |\n`

/**
 * A table in Markdown, in which no cell can be a link, a picture or HTML.
 *
 * @since 0.1.0
 * @category formats
 */
export const markdown = (columns: Columns): Format => ({
  head: markdownRow(columns.map(({ name }) => name)) +
    `|${columns.map(({ kind }) => kind === "number" ? " ---: " : " --- ").join("|")}|\n`,
  row: markdownRow,
  foot: ""
})

const xml = (text: string) =>
  text
    // Not allowed in XML at all.
    .replace(
      /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
      "\uFFFD"
    )
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

// A cell of Excel holds no more.
const longestCell = 32_767

// Style 1 is a quoted prefix: Excel takes the cell for text also when someone edits it. Style 2 is bold.
const textCell = (text: string, style?: number) => {
  const chosen = style ?? (isFormula(text) ? 1 : 0)
  return `<c t="inlineStr"${chosen === 0 ? "" : ` s="${chosen}"`}><is><t xml:space="preserve">${
    xml(text.slice(0, longestCell))
  }</t></is></c>`
}

const sheetCell = (kind: Kind, text: string | null) => {
  if (text === null) return "<c/>"
  if (kind === "number" && plainNumber.test(text) && isSafe(text)) return `<c><v>${Number(text)}</v></c>`
  return kind === "boolean" && (text === "true" || text === "false")
    ? `<c t="b"><v>${text === "true" ? 1 : 0}</v></c>`
    : textCell(text)
}

/**
 * The sheet of a workbook. Texts are written as texts, never as formulas.
 *
 * @since 0.1.0
 * @category formats
 */
export const sheet = (columns: Columns): Format => ({
  head: "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n" +
    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetViews><sheetView " +
    "workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/>" +
    `</sheetView></sheetViews><sheetData><row>${columns.map(({ name }) => textCell(name, 2)).join("")}</row>`,
  row: (cells) => `<row>${columns.map(({ kind }, index) => sheetCell(kind, cells[index] ?? null)).join("")}</row>`,
  foot: "</sheetData></worksheet>"
})
