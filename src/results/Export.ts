/**
 * Writes a table to a file in the export folder, row by row, in the format asked for.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Fs from "node:fs"
import * as Path from "node:path"
import type * as DuckDb from "../duckdb/DuckDb.js"
import { literal } from "../duckdb/DuckDb.js"
import * as ExportFolder from "./ExportFolder.js"
import * as Formats from "./Formats.js"
import { ResultsFailed, ResultsRefused } from "./ResultsError.js"
import * as Table from "./Table.js"
import * as Workbook from "./Workbook.js"

/**
 * The formats of a file.
 *
 * @since 0.1.0
 * @category models
 */
export type Format = "csv" | "json" | "ndjson" | "parquet" | "xlsx" | "markdown"

/**
 * What a format is called where files are told apart.
 *
 * @since 0.1.0
 * @category constants
 */
export const formats: { readonly [format in Format]: { readonly ending: string; readonly mimeType: string } } = {
  csv: { ending: "csv", mimeType: "text/csv" },
  json: { ending: "json", mimeType: "application/json" },
  ndjson: { ending: "ndjson", mimeType: "application/x-ndjson" },
  parquet: { ending: "parquet", mimeType: "application/vnd.apache.parquet" },
  xlsx: { ending: "xlsx", mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
  markdown: { ending: "md", mimeType: "text/markdown" }
}

/**
 * What to write. Without a `name` one is made of `proposed`, numbered where it is taken.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly table: Table.Table
  readonly format: Format
  readonly name?: string | undefined
  readonly proposed: string
}

/**
 * A file that was written, and of what kind it is.
 *
 * @since 0.1.0
 * @category models
 */
export interface Exported extends ExportFolder.Written {
  readonly rows: number
  readonly mimeType: string
}

// What Excel can hold, its first row being the names.
const mostSheetRows = 1_048_575

const failed = (cause: unknown) =>
  new ResultsFailed({
    code: "RESULTS_FAILED",
    problem: `The file could not be written: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice: "Look whether the disk is full, and try again."
  })

type Sink = (text: string) => void

const opened = (path: string): Effect.Effect<number, ResultsFailed, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.try({ try: () => Fs.openSync(path, "wx", 0o600), catch: failed }),
    (file) => Effect.sync(() => Fs.closeSync(file))
  )

const rows = (connection: DuckDb.Connection, table: Table.Table, format: Formats.Format, write: Sink) => {
  const from = (offset: number): Effect.Effect<void, ResultsFailed> =>
    Effect.flatMap(Table.rowsFrom(connection, table, offset), (page) =>
      page.length === 0
        ? Effect.void
        : Effect.zipRight(
          Effect.try({
            try: () => write(page.map((cells, index) => format.row(cells, offset + index)).join("")),
            catch: failed
          }),
          Effect.suspend(() => from(offset + page.length))
        ))
  return Effect.gen(function*() {
    yield* Effect.try({ try: () => write(format.head), catch: failed })
    yield* from(0)
    yield* Effect.try({ try: () => write(format.foot), catch: failed })
  })
}

const text = (table: Table.Table, format: Formats.Format, path: string) =>
  Effect.gen(function*() {
    const connection = yield* Table.connect(table)
    const file = yield* opened(path)
    yield* rows(connection, table, format, (piece) => void Fs.writeSync(file, piece))
  })

const workbook = (table: Table.Table, path: string) =>
  Effect.gen(function*() {
    const connection = yield* Table.connect(table)
    const file = yield* opened(path)
    const book = Workbook.make((bytes) => void Fs.writeSync(file, bytes))
    yield* rows(connection, table, Formats.sheet(table.columns), book.push)
    yield* Effect.try({ try: book.end, catch: failed })
    const failure = book.failure()
    if (failure !== undefined) return yield* Effect.fail(failed(failure))
  })

const parquet = (table: Table.Table, path: string) =>
  Effect.flatMap(
    Table.connect(table, { writableDirectory: Path.dirname(path) }),
    (connection) =>
      Effect.mapError(
        connection.run(`COPY (FROM results) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`),
        Table.failed
      )
  )

const write = (table: Table.Table, format: Format, path: string) => {
  switch (format) {
    case "csv":
      return text(table, Formats.csv(table.columns), path)
    case "json":
      return text(table, Formats.json(table.columns), path)
    case "ndjson":
      return text(table, Formats.ndjson(table.columns), path)
    case "markdown":
      return text(table, Formats.markdown(table.columns), path)
    case "xlsx":
      return workbook(table, path)
    case "parquet":
      return parquet(table, path)
  }
}

const nameOf = (name: string | undefined, proposed: string, ending: string) =>
  name === undefined
    ? Effect.succeed({ proposed: `${ExportFolder.slug(proposed)}.${ending}` })
    : Effect.map(ExportFolder.named(name, ending), (given) => ({ given }))

/** A place for a file that is not finished, gone with the scope. */
const unfinished = (within: string) =>
  Effect.acquireRelease(
    Effect.sync(() => Path.join(within, `export-${crypto.randomUUID()}`)),
    (path) => Effect.sync(() => Fs.rmSync(path, { force: true }))
  )

/**
 * Writes a table. The file is finished elsewhere before it appears in the folder.
 *
 * @since 0.1.0
 * @category constructors
 */
export const table = Effect.fn("Export.table")(function*({ format, name, proposed, table }: Options) {
  const { ending, mimeType } = formats[format]
  const chosen = yield* nameOf(name, proposed, ending)
  const into = yield* ExportFolder.folder
  if (format === "xlsx" && table.rows > mostSheetRows) {
    return yield* Effect.fail(
      new ResultsRefused({
        field: "export",
        problem: `is xlsx, which holds ${mostSheetRows} rows, and there are ${table.rows}`,
        options: ["csv", "parquet", "ndjson"],
        advice: "Choose another format, or fewer rows by sql."
      })
    )
  }
  return yield* Effect.scoped(Effect.gen(function*() {
    const path = yield* unfinished(Path.dirname(table.path))
    yield* Effect.scoped(write(table, format, path))
    const written = yield* ExportFolder.put(path, into, chosen)
    return { ...written, rows: table.rows, mimeType } satisfies Exported
  }))
})

/**
 * Writes a text as a file of the ending given.
 *
 * @since 0.1.0
 * @category constructors
 */
export const content = Effect.fn("Export.content")(function*(options: {
  readonly content: string
  readonly ending: string
  readonly name?: string | undefined
  readonly proposed: string
  readonly within: string
}) {
  const chosen = yield* nameOf(options.name, options.proposed, options.ending)
  const into = yield* ExportFolder.folder
  return yield* Effect.scoped(Effect.gen(function*() {
    const path = yield* unfinished(options.within)
    yield* Effect.try({
      try: () => Fs.writeFileSync(path, options.content, { flag: "wx", mode: 0o600 }),
      catch: failed
    })
    return yield* ExportFolder.put(path, into, chosen)
  }))
})
