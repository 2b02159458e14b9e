/**
 * The files that a question with several outputs leaves behind, put into the export folder.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Text from "../habu/Text.js"
import * as Export from "./Export.js"
import * as ExportFolder from "./ExportFolder.js"
import * as Formats from "./Formats.js"
import { ResultsRefused } from "./ResultsError.js"

/**
 * Reads CSV of RFC 4180, with cells that hold commas, quotes and line breaks.
 *
 * @since 0.1.0
 * @category parsing
 */
export const parseCsv = (content: string): ReadonlyArray<ReadonlyArray<string>> => {
  const rows: Array<Array<string>> = []
  let row: Array<string> = []
  // Each match is one cell with what ends it.
  for (const [whole, quoted, plain, end] of content.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/g)) {
    if (whole === "" && row.length === 0) break
    row.push(quoted === undefined ? plain ?? "" : quoted.replaceAll("\"\"", "\""))
    if (end !== ",") {
      rows.push(row)
      row = []
      if (end === "") break
    }
  }
  return rows
}

const endings: { readonly [ending: string]: (content: string) => string } = {
  csv: (content) => {
    const [names = [], ...rows] = parseCsv(content.replace(/^\uFEFF/, ""))
    const format = Formats.csv(names.map((name) => ({ name, kind: "text" })))
    return `${format.head}${rows.map((cells, number) => format.row(cells, number)).join("")}${format.foot}`
  },
  json: (content) => content,
  ndjson: (content) => content,
  jsonl: (content) => content,
  txt: (content) => content,
  log: (content) => content
}

// What is no text came over the wire as one, and is damaged.
const isText = (content: string) => !/[\u0000\uFFFD]/.test(content)

/**
 * Saves a file. Its name is another party's: only its ending and what is left of it as a plain name are used.
 *
 * @since 0.1.0
 * @category constructors
 */
export const save = (options: {
  readonly content: string
  readonly fileName: string
  readonly name?: string | undefined
  readonly within: string
}) => {
  const [, stem = "output", ending = ""] = /^(.*)\.([A-Za-z0-9]+)$/.exec(options.fileName) ?? []
  const written = endings[ending.toLowerCase()]
  return written === undefined || !isText(options.content)
    ? Effect.fail(
      new ResultsRefused({
        field: "file",
        problem: `is ${JSON.stringify(Text.clean(options.fileName, 80))}, which is not kept as text`,
        options: Object.keys(endings),
        advice: "Habu's API gives files as text, which damages others: download it in Habu's own UI."
      })
    )
    : Export.content({
      content: written(options.content),
      ending: ending.toLowerCase(),
      name: options.name,
      proposed: ExportFolder.slug(stem),
      within: options.within
    })
}
