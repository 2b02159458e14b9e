/**
 * A result in a database file of its own: written page by page, then only read.
 *
 * Each column has the type that Habu's metadata tells. A value that does not fit it is kept as text beside it and
 * counted; an empty text is no value, not a bad one.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as DuckDb from "../duckdb/DuckDb.js"
import * as DuckDbError from "../duckdb/DuckDbError.js"
import type { Column } from "./Column.js"
import { ResultsFailed } from "./ResultsError.js"

/**
 * A column and how many of its values did not fit its type; those stand as text in a column of the name
 * {@link asText}.
 *
 * @since 0.1.0
 * @category models
 */
export interface TableColumn extends Column {
  readonly misfits: number
}

/**
 * A loaded result. In the file the relation `results` shows it under its columns' names.
 *
 * @since 0.1.0
 * @category models
 */
export interface Table {
  readonly path: string
  readonly columns: ReadonlyArray<TableColumn>
  readonly rows: number
}

/**
 * A table that is being written. Rows are appended in the order in which they come.
 *
 * @since 0.1.0
 * @category models
 */
export interface Writer {
  readonly append: (page: Packed) => Effect.Effect<void, ResultsFailed>
  /** Ends the writing. */
  readonly seal: Effect.Effect<Table, ResultsFailed>
}

/**
 * Rows packed by column, small and quick to hand over.
 *
 * @since 0.1.0
 * @category models
 */
export interface Packed {
  readonly count: number
  readonly columns: ReadonlyArray<string>
}

/**
 * The name of the column that holds what did not fit.
 *
 * @since 0.1.0
 * @category getters
 */
export const asText = (name: string) => `${name} (as text)`

/**
 * What a failure of the engine means to whoever asked.
 *
 * @since 0.1.0
 * @category errors
 */
export const failed = (error: DuckDbError.DuckDbError): ResultsFailed =>
  error.type === DuckDbError.notInstalledType
    ? new ResultsFailed({
      code: "NOT_INSTALLED",
      problem: `${error.message}, and results are analysed with it.`,
      advice:
        "Add it with `npm install @duckdb/node-api` beside habu-mcp. Counts, columns and first rows of a run can " +
        "be had without it from execute_question_workflow."
    })
    : new ResultsFailed({
      code: "RESULTS_FAILED",
      problem: `The results engine failed (${error.type}): ${error.message}`,
      advice: "Try again. If it stays, look whether the disk of the temporary folder is full."
    })

const separator = "\u0001"
const none = "\u0002"
const reserved = /[\u0001\u0002]/g

const packedColumn = (values: ReadonlyArray<string | null | undefined>): string =>
  values.map((value) => {
    if (value === null || value === undefined) return none
    return value.includes(separator) || value.includes(none) ? value.replace(reserved, "\uFFFD") : value
  }).join(separator)

/**
 * Packs rows. The control characters U+0001 and U+0002 in a value become U+FFFD.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pack = (
  columns: ReadonlyArray<Pick<Column, "key">>,
  rows: ReadonlyArray<{ readonly [key: string]: string | null }>
): Packed => ({
  count: rows.length,
  columns: columns.map(({ key }) => packedColumn(rows.map((row) => row[key])))
})

const valueOf = ({ type }: Column, raw: string): string => {
  const cast = `try_cast(${raw} AS ${type})`
  switch (type) {
    case "VARCHAR":
      return raw
    case "BIGINT":
      // A cast alone would round 12.5 to 13.
      return `CASE WHEN ${cast} = try_cast(${raw} AS DOUBLE) THEN ${cast} END`
    case "DOUBLE":
      return `CASE WHEN isfinite(${cast}) THEN ${cast} END`
    default:
      return cast
  }
}

const isTyped = ({ type }: Column) => type !== "VARCHAR"

const createSql = (columns: ReadonlyArray<Column>) =>
  `CREATE TABLE loaded (${
    columns.flatMap((column, index) => [
      `c${index} ${column.type}`,
      ...(isTyped(column) ? [`m${index} VARCHAR`] : [])
    ]).join(", ")
  })`

// Each value is named before it is used again: DuckDB would compute it as often as it is written.
const insertSql = (columns: ReadonlyArray<Column>) => {
  const each = (f: (index: number, column: Column) => ReadonlyArray<string>) =>
    columns.flatMap((column, index) => f(index, column)).join(", ")
  const split = each((index) => [`unnest(string_split($${index + 1}::VARCHAR, chr(1))) AS s${index}`])
  const raw = each((index) => [`CASE WHEN s${index} <> chr(2) THEN s${index} END AS r${index}`])
  const typed = each((index, column) =>
    isTyped(column) ? [`r${index}`, `${valueOf(column, `r${index}`)} AS v${index}`] : [`r${index} AS v${index}`]
  )
  const stored = each((index, column) =>
    isTyped(column)
      ? [`v${index}`, `CASE WHEN v${index} IS NULL AND trim(r${index}) <> '' THEN r${index} END`]
      : [`v${index}`]
  )
  return `INSERT INTO loaded SELECT ${stored} FROM (SELECT ${typed} FROM (SELECT ${raw} FROM (SELECT ${split})))`
}

const selected = (columns: ReadonlyArray<TableColumn>) =>
  columns.flatMap(({ misfits, name }, index) => [
    `c${index} AS ${DuckDb.identifier(name)}`,
    ...(misfits > 0 ? [`m${index} AS ${DuckDb.identifier(asText(name))}`] : [])
  ]).join(", ")

/**
 * How much a database of results may hold in memory; the rest is on disk.
 *
 * @since 0.1.0
 * @category constants
 */
export const memoryLimit = "128MB"

/**
 * Begins a table in a new file, open until it is sealed or the scope ends.
 *
 * @since 0.1.0
 * @category constructors
 */
export const create = (
  path: string,
  columns: ReadonlyArray<Column>
): Effect.Effect<Writer, ResultsFailed, Scope.Scope> =>
  Effect.gen(function*() {
    const own = yield* Effect.flatMap(Effect.scope, (scope) => Scope.fork(scope, ExecutionStrategy.sequential))
    const database = yield* Scope.extend(
      DuckDb.open({ path, memoryLimit, temporaryDirectory: `${path}.spill` }),
      own
    )
    const connection = yield* Scope.extend(database.connect, own)
    yield* connection.run(createSql(columns))
    const insert = insertSql(columns)
    const misfitsOf = Effect.gen(function*() {
      const counts = columns.map((column, index) => isTyped(column) ? `count(m${index})` : "0")
      const { rows: [row] } = yield* connection.query(
        `SELECT count(*) AS n, ${counts.map((count, index) => `${count} AS k${index}`).join(", ")} FROM loaded`
      )
      return {
        rows: Number(row?.n ?? 0),
        columns: columns.map((column, index): TableColumn => ({ ...column, misfits: Number(row?.[`k${index}`] ?? 0) }))
      }
    })
    return {
      append: (page) =>
        page.count === 0
          ? Effect.void
          : Effect.asVoid(Effect.mapError(connection.query(insert, page.columns), failed)),
      seal: Effect.gen(function*() {
        const counted = yield* misfitsOf
        yield* connection.run(`CREATE VIEW results AS SELECT ${selected(counted.columns)} FROM loaded; CHECKPOINT`)
        yield* Scope.close(own, Exit.void)
        return { path, ...counted }
      }).pipe(Effect.mapError(failed))
    } satisfies Writer
  }).pipe(Effect.mapError(failed))

/**
 * Opens a table for reading, and another as `previous`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const connect = (
  table: Table,
  options: { readonly previous?: Table | undefined; readonly writableDirectory?: string | undefined } = {}
): Effect.Effect<DuckDb.Connection, ResultsFailed, Scope.Scope> =>
  DuckDb.open({
    path: table.path,
    readOnly: true,
    memoryLimit,
    temporaryDirectory: `${table.path}.spill`,
    ...(options.previous !== undefined && { attached: { previous: options.previous.path } }),
    ...(options.writableDirectory !== undefined && { writableDirectory: options.writableDirectory })
  }).pipe(
    Effect.flatMap((database) => database.connect),
    Effect.mapError(failed)
  )

const pageRows = 5_000

/**
 * The rows from a place on, in their order: the values of the table's columns, without what did not fit.
 *
 * @since 0.1.0
 * @category getters
 */
export const rowsFrom = (
  connection: DuckDb.Connection,
  { columns }: Table,
  from: number,
  count = pageRows
): Effect.Effect<ReadonlyArray<ReadonlyArray<string | null>>, ResultsFailed> => {
  const shown = columns.map((column, index) =>
    column.misfits > 0 ? `coalesce(c${index}::VARCHAR, m${index}) AS v${index}` : `c${index} AS v${index}`
  )
  return connection.query(
    `SELECT ${shown.join(", ")} FROM loaded WHERE rowid >= ${from} AND rowid < ${from + count} ORDER BY rowid`
  ).pipe(
    Effect.map(({ rows }) => rows.map((row) => columns.map((_, index) => row[`v${index}`] ?? null))),
    Effect.mapError(failed)
  )
}
