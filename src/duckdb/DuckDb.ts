/**
 * The one place that opens DuckDB. A database opened here is locked down: no files, no network, no extensions, and its
 * settings cannot be changed.
 *
 * The native module is loaded by the first {@link open}, not by importing this file.
 *
 * @since 0.1.0
 */
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk, DuckDBResult } from "@duckdb/node-api"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import * as DuckDbError from "./DuckDbError.js"
import * as Statement from "./Statement.js"

/**
 * How to open a database.
 *
 * - `path`: the file that holds it; in memory when left out.
 * - `temporaryDirectory`: where it may spill; without one it never writes to disk.
 * - `memoryLimit`: as DuckDB spells it, `512MB` when left out. Some functions allocate beyond it.
 * - `threads`: 1 when left out, which also makes row order and sums repeatable.
 * - `readOnly`: opens a file that is there, beside other processes that read it.
 * - `attached`: other files to read, each shown by its relation `results` under the name given.
 * - `writableDirectory`: the one folder that `COPY … TO` may write into.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly path?: string
  readonly temporaryDirectory?: string
  readonly memoryLimit?: string
  readonly threads?: number
  readonly readOnly?: boolean
  readonly attached?: { readonly [name: string]: string }
  readonly writableDirectory?: string
}

/**
 * A value bound to `$1`, `$2`, … in a statement.
 *
 * @since 0.1.0
 * @category models
 */
export type Parameter = string | number | boolean | null

/**
 * A result's column: a name that is unique in the result, and DuckDB's name of its type, such as `DECIMAL(18,2)`.
 *
 * @since 0.1.0
 * @category models
 */
export interface ResultColumn {
  readonly name: string
  readonly type: string
}

/**
 * A row by column name. Values are text as DuckDB prints it (`2026-01-31`, `2026-01-31 08:00:00`, `true`, `12.50`).
 *
 * @since 0.1.0
 * @category models
 */
export type Row = { readonly [column: string]: string | null }

/**
 * The rows of a query; `complete` is false when there were more than asked for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Result {
  readonly columns: ReadonlyArray<ResultColumn>
  readonly rows: ReadonlyArray<Row>
  readonly complete: boolean
}

/**
 * A connection. Its operations wait for each other; use one connection per thing that should go on at the same time.
 * Interrupting the fibre stops the statement, and the fibre ends when DuckDB has let go of it. A time limit is
 * `Effect.timeout` around the call.
 *
 * @since 0.1.0
 * @category models
 */
export interface Connection {
  /** Carries out one or more statements and forgets what they answer. */
  readonly run: (sql: string) => Effect.Effect<void, DuckDbError.DuckDbError>
  /** Carries out exactly one statement and reads its rows, all or the first `maximumRows`. */
  readonly query: (
    sql: string,
    parameters?: ReadonlyArray<Parameter>,
    options?: { readonly maximumRows?: number }
  ) => Effect.Effect<Result, DuckDbError.DuckDbError>
  /**
   * Adds rows to a table, values in the order of its columns, each as text that fits the column's type. When one does
   * not fit, none is added (of up to 100,000 rows in a call).
   */
  readonly append: (
    table: string,
    rows: ReadonlyArray<ReadonlyArray<string | null>>
  ) => Effect.Effect<void, DuckDbError.DuckDbError>
  /** Parses a text without carrying it out: is it one SELECT, and what does it read? Fails when it is not SQL. */
  readonly inspect: (sql: string) => Effect.Effect<Statement.Statement, DuckDbError.DuckDbError>
}

/**
 * An open database. Everything that belongs to a connection (temporary tables, views, macros) ends with its scope.
 *
 * @since 0.1.0
 * @category models
 */
export interface DuckDb {
  readonly connect: Effect.Effect<Connection, DuckDbError.DuckDbError, Scope.Scope>
}

const attempt = <A>(thunk: () => A) => Effect.try({ try: thunk, catch: DuckDbError.fromUnknown })

const attemptPromise = <A>(thunk: () => Promise<A>) => Effect.tryPromise({ try: thunk, catch: DuckDbError.fromUnknown })

/** An interrupt that reaches DuckDB before the statement does is lost, so it is repeated until the statement ends. */
const stop = (native: DuckDBConnection, pending: Promise<void>) => {
  const again = setInterval(() => native.interrupt(), 20)
  native.interrupt()
  return pending.finally(() => clearInterval(again))
}

const stoppable = <A>(native: DuckDBConnection, start: () => Promise<A>): Effect.Effect<A, DuckDbError.DuckDbError> =>
  Effect.async((resume) => {
    const pending = start().then(
      (value) => resume(Effect.succeed(value)),
      (cause) => resume(Effect.fail(DuckDbError.fromUnknown(cause)))
    )
    return Effect.promise(() => stop(native, pending))
  })

const columnsOf = (result: DuckDBResult): ReadonlyArray<ResultColumn> =>
  result.deduplicatedColumnNames().map((name, index) => ({ name, type: String(result.columnType(index)) }))

const rowsOf = (columns: ReadonlyArray<ResultColumn>, chunk: DuckDBDataChunk): ReadonlyArray<Row> =>
  chunk.getRows().map((values) =>
    Object.fromEntries(columns.map(({ name }, index) => {
      const value = values[index] ?? null
      return [name, value === null ? null : String(value)]
    }))
  )

const read = Effect.fnUntraced(function*(native: DuckDBConnection, result: DuckDBResult, maximum: number) {
  const columns = columnsOf(result)
  const rows: Array<Row> = []
  while (rows.length <= maximum) {
    const chunk = yield* stoppable(native, () => result.fetchChunk())
    if (chunk === null || chunk.rowCount === 0) return { columns, rows, complete: true }
    for (const row of rowsOf(columns, chunk)) rows.push(row)
  }
  return { columns, rows: rows.slice(0, maximum), complete: false }
})

const appendRow = (appender: DuckDBAppender, row: ReadonlyArray<string | null>) => {
  for (const value of row) {
    if (value === null) appender.appendNull()
    else appender.appendVarchar(value)
  }
  appender.endRow()
}

const makeConnection = (native: DuckDBConnection, one: Effect.Semaphore): Connection => {
  const query: Connection["query"] = (sql, parameters = [], options) =>
    Effect.acquireUseRelease(
      Effect.interruptible(stoppable(native, () => native.prepare(sql))),
      (prepared) =>
        attempt(() => prepared.bind([...parameters])).pipe(
          Effect.zipRight(stoppable(native, () => prepared.stream())),
          Effect.flatMap((result) => read(native, result, options?.maximumRows ?? Number.POSITIVE_INFINITY))
        ),
      (prepared) => Effect.sync(() => prepared.destroySync())
    ).pipe(one.withPermits(1), Effect.withSpan("DuckDb.query"))

  return {
    query,
    run: (sql) =>
      stoppable(native, () => native.run(sql)).pipe(Effect.asVoid, one.withPermits(1), Effect.withSpan("DuckDb.run")),
    append: (table, rows) =>
      Effect.acquireUseRelease(
        attemptPromise(() => native.createAppender(table)),
        (appender) =>
          Effect.forEach(rows, (row) => attempt(() => appendRow(appender, row)), { discard: true }).pipe(
            Effect.zipRight(attempt(() => appender.flushSync()))
          ),
        (appender, exit) =>
          Effect.ignore(attempt(() => {
            if (Exit.isFailure(exit)) appender.clear()
            appender.closeSync()
          }))
      ).pipe(one.withPermits(1), Effect.withSpan("DuckDb.append")),
    inspect: (sql) =>
      Effect.flatMap(
        query(Statement.treeQuery, [sql]),
        ({ rows }) => Statement.fromTree(Object.values(rows[0] ?? {})[0])
      )
  }
}

/**
 * A text as SQL writes it.
 *
 * @since 0.1.0
 * @category SQL
 */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/**
 * A name as SQL writes it, whatever it holds.
 *
 * @since 0.1.0
 * @category SQL
 */
export const identifier = (name: string) => `"${name.replaceAll("\"", "\"\"")}"`

/**
 * What attaches files for reading, and what then shows the relation `results` of each under its name.
 *
 * @since 0.1.0
 * @category SQL
 */
export const attach = (files: { readonly [name: string]: string }) => {
  const alias = (name: string) => identifier(`file of ${name}`)
  return {
    files: Object.entries(files).map(([name, path]) => `ATTACH ${literal(path)} AS ${alias(name)} (READ_ONLY)`),
    views: Object.keys(files).map((name) => `CREATE TEMP VIEW ${identifier(name)} AS FROM ${alias(name)}.results`)
  }
}

/**
 * What shuts a database: no files, no network, no extensions, and nothing of that to be changed.
 *
 * @since 0.1.0
 * @category SQL
 */
export const lockDown = (options: Options) =>
  // The folders come before external access is shut, the lock last: each is refused after the next.
  [
    `SET temp_directory = ${literal(options.temporaryDirectory ?? "")}`,
    `SET memory_limit = ${literal(options.memoryLimit ?? "512MB")}`,
    `SET threads = ${options.threads ?? 1}`,
    "SET TimeZone = 'UTC'",
    ...(options.writableDirectory === undefined
      ? []
      : [`SET allowed_directories = [${literal(options.writableDirectory)}]`]),
    "SET enable_external_access = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET lock_configuration = true"
  ].join(";\n")

const module = Effect.tryPromise({
  try: () => import("@duckdb/node-api"),
  catch: DuckDbError.notInstalled
})

/**
 * Opens a database for the time of a scope. Fails with the type `Not Installed` where the engine is missing.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (options: Options = {}): Effect.Effect<DuckDb, DuckDbError.DuckDbError, Scope.Scope> =>
  Effect.gen(function*() {
    const { DuckDBInstance } = yield* module
    const instance = yield* Effect.acquireRelease(
      attemptPromise(() =>
        DuckDBInstance.create(options.path ?? ":memory:", options.readOnly === true ? { access_mode: "READ_ONLY" } : {})
      ),
      (instance) => Effect.sync(() => instance.closeSync())
    )
    const connect = Effect.gen(function*() {
      const native = yield* Effect.acquireRelease(
        attemptPromise(() => instance.connect()),
        (native) => Effect.sync(() => native.closeSync())
      )
      return makeConnection(native, yield* Effect.makeSemaphore(1))
    })
    const { files, views } = attach(options.attached ?? {})
    yield* Effect.scoped(
      Effect.flatMap(connect, (connection) => connection.run([...files, lockDown(options)].join(";\n")))
    )
    const prepared = Effect.tap(connect, (connection) => Effect.forEach(views, connection.run))
    return { connect: prepared }
  }).pipe(Effect.withSpan("DuckDb.open"))
