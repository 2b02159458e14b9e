/**
 * What will make the import of files fail, as far as the settings and the fields tell before it does. The ids are those
 * of the troubleshooting catalogue.
 *
 * @since 0.1.0
 */
import type { FieldConfiguration } from "../../habu/api/DataConnections.js"
import * as Words from "../Words.js"

const location = /^[a-z][a-z0-9+.-]*:\/\//i
const extension = /\.[A-Za-z0-9]{2,8}(\.(gz|snappy|zst))?$/
const sheet = /\.(xlsx?|ods|numbers)$/i
const date = /(\d{4})-?(\d{2})-?(\d{2})(?!\d)/
const week = 7 * 86_400_000

type Setting = { readonly name: string; readonly value: string }

const ofSetting = (now: number) => ({ name, value }: Setting): ReadonlyArray<string> => {
  const shown = `${Words.said(name, 60)} ${JSON.stringify(Words.said(value, 100) ?? "")}`
  const isFolder = value.endsWith("/")
  const last = value.split("/").at(-1) ?? ""
  const isFile = !isFolder && (/sample|file_?(name|path)/i.test(name) && value !== "" && !/format/i.test(name))
  const [, year, month, day] = date.exec(value) ?? []
  const dated = year === undefined ? undefined : Date.parse(`${year}-${month}-${day}T00:00:00Z`)
  return [
    ...(sheet.test(last) ? [`${shown} is a spreadsheet; Habu reads CSV and Parquet (T-21).`] : []),
    ...(isFile && !extension.test(last) ? [`${shown} has no file extension, and such files are refused (T-25).`] : []),
    ...(location.test(value) && !isFolder && !isFile && !extension.test(last)
      ? [`${shown} does not end with "/"; a folder's location does (T-21).`]
      : []),
    ...(/\s/.test(value) && location.test(value) ? [`${shown} has blanks in it (T-21).`] : []),
    ...(dated !== undefined && dated < now - week
      ? [`${shown} has a date more than 7 days ago; Habu then finds no valid file (T-21).`]
      : [])
  ]
}

/**
 * What the settings of a data connection let one expect. The checks of the files themselves are the data owner's.
 *
 * @since 0.1.0
 * @category getters
 */
export const ofSettings = (settings: ReadonlyArray<Setting>, now: number): ReadonlyArray<string> => {
  const isFiles = settings.some(({ value }) => location.test(value)) || settings.some(({ name }) => /file/i.test(name))
  return isFiles
    ? [
      ...settings.flatMap(ofSetting(now)),
      "Files fail when they: begin with a byte order mark, as spreadsheets write it (T-22); have no header, or names in " +
      "it with blanks, special characters or over 50 characters (T-23); differ in columns or their order (T-24); are " +
      "over 500 MB, or 50 MB for an upload (T-25); have map, struct or, in most sources, array columns (T-26)."
    ]
    : []
}

const plainTypes = new Set([
  "BOOLEAN",
  "DATE",
  "DECIMAL",
  "DOUBLE",
  "INTEGER",
  "LONG",
  "STRING",
  "TEXT",
  "TIMESTAMP",
  ""
])

const listed = (names: ReadonlyArray<string>) =>
  names.slice(0, 5).map((name) => JSON.stringify(Words.said(name, 60) ?? "")).join(", ") +
  (names.length > 5 ? ` and ${names.length - 5} more` : "")

/**
 * What the fields that Habu read let one expect.
 *
 * @since 0.1.0
 * @category getters
 */
export const ofFields = (fields: ReadonlyArray<FieldConfiguration>): ReadonlyArray<string> => {
  const names = fields.map(({ fieldName }) => fieldName ?? "")
  const marked = names.filter((name) => name.startsWith("\uFEFF"))
  const odd = names.filter((name) => !/^[A-Za-z0-9_.-]{1,50}$/.test(name.replace(/^\uFEFF/, "")))
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
  const untaken = fields.filter(({ dataType }) => !plainTypes.has((dataType ?? "").toUpperCase()))
    .map(({ fieldName }) => fieldName ?? "")
  return [
    ...(marked.length > 0 ? [`The file begins with a byte order mark, in front of ${listed(marked)} (T-22).`] : []),
    ...(odd.length > 0
      ? [`Names that Habu's imports refuse or questions cannot use: ${listed(odd)} (T-23).`]
      : []),
    ...(twice.length > 0 ? [`Several columns have one name: ${listed(twice)} (T-23).`] : []),
    ...(untaken.length > 0
      ? [`Types that Habu does not take everywhere: ${listed(untaken)} (T-26).`]
      : [])
  ]
}
