/**
 * SQL that anyone may have written, over a loaded result: one SELECT over `results` and `previous`, carried out in a
 * process that can be killed.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { DuckDbError } from "../duckdb/DuckDbError.js"
import * as Remote from "../duckdb/Remote.js"
import * as Statement from "../duckdb/Statement.js"
import { ResultsFailed, ResultsRefused } from "./ResultsError.js"
import * as Table from "./Table.js"

/**
 * What to ask. `rows` is how many of the answer's rows are wanted.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly table: Table.Table
  readonly previous?: Table.Table | undefined
  readonly sql: string
  readonly rows: number
}

const longestSql = 20_000
const longestCell = 4_000
const timeLimit = "15 seconds"
const memoryCeiling = 500_000_000

// What a table function may make up; all others read settings, files, or other relations.
const harmless = ["range", "generate_series", "unnest"]
// Read or change what is not the caller's: settings, the log, sequences, tables by a computed name.
const forbidden =
  /^(write_log|parse_duckdb_log|current_setting|getvariable|getenv|query|query_table|nextval|currval|read_.*|.*_scan|glob|sleep.*|pragma_.*|duckdb_.*|enable_.*|disable_.*|force_checkpoint|checkpoint|test_.*|which_secret|add_parquet_key|txid_current|set_.*|current_(query|connection_id|transaction_id|catalog|database|schemas?|role|user)|in_search_path|pg_.*|has_.*_privilege)$/

const refused = (problem: string, advice: string) => new ResultsRefused({ field: "sql", problem, advice })

const howTo = "Write one SELECT over the table `results` (and `previous`, where the run before is loaded)."

const kinds: { readonly [kind in Exclude<Statement.Statement["kind"], "select">]: string } = {
  several: "holds several statements",
  none: "holds no statement",
  other: "is no SELECT"
}

/**
 * Why a statement is not carried out; undefined where it may be.
 *
 * @since 0.1.0
 * @category guards
 */
export const refusal = (
  statement: Statement.Statement,
  relations: ReadonlyArray<string>
): ResultsRefused | undefined => {
  if (statement.kind !== "select") return refused(kinds[statement.kind], howTo)
  const known = [...relations, ...statement.commonTables]
  const stranger = statement.relations.find(({ name, schema }) => schema !== "" || !known.includes(name.toLowerCase()))
  if (stranger !== undefined) {
    const shown = [stranger.schema, stranger.name].filter((part) => part !== "").join(".").slice(0, 80)
    return refused(
      `reads ${JSON.stringify(shown)}, and only ${relations.join(" and ")} can be read`,
      stranger.name.toLowerCase() === "previous"
        ? "Set compare to true, so that the run before is loaded too; it may also be that there is none."
        : howTo
    )
  }
  const reader = statement.tableFunctions.find((name) => !harmless.includes(name))
  if (reader !== undefined) {
    return refused(
      `calls the table function ${reader}, which is not allowed here`,
      `${howTo} Of table functions ` +
        `${harmless.join(", ")} are allowed.`
    )
  }
  const call = statement.functions.find((name) => forbidden.test(name))
  return call === undefined ? undefined : refused(`calls ${call}, which is not allowed here`, howTo)
}

const limits: { readonly [type: string]: string } = {
  Time: "Ask for less: filter or group first, and avoid joining every row with every other.",
  Memory: "Ask for less at once: group, or take fewer columns and rows.",
  "Out of Memory": "Ask for less at once: group, or take fewer columns and rows."
}

const fromEngine = (error: DuckDbError): ResultsRefused | ResultsFailed => {
  if (error.type === "Not Installed" || error.type === "Process" || error.type === "IO") return Table.failed(error)
  const advice = limits[error.type]
  return advice === undefined
    ? refused(`does not hold (${error.type}): ${error.message.slice(0, 400)}`, howTo)
    : refused(`was stopped: ${error.message}`, advice)
}

const bare = (sql: string) => sql.trim().replace(/[;\s]+$/, "")

/**
 * Carries out a query, or says why not. Cells longer than 4,000 characters are cut.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = Effect.fn("Query.run")(function*({ previous, rows, sql, table }: Options) {
  if (sql.length > longestSql) {
    return yield* Effect.fail(refused(`is longer than ${longestSql} characters`, "Write a shorter one."))
  }
  const files = { results: table.path, ...(previous !== undefined && { previous: previous.path }) }
  return yield* Effect.scoped(Effect.gen(function*() {
    const remote = yield* Remote.open({ files, timeLimit, memoryCeiling, memoryLimit: "200MB" })
    const tree = yield* remote.query(Statement.treeQuery, [sql])
    const statement = yield* Statement.fromTree(tree.rows[0]?.[0])
    const refusedFor = refusal(statement, Object.keys(files))
    if (refusedFor !== undefined) return yield* Effect.fail(refusedFor)
    const from = `FROM (${bare(sql)}\n)`
    const shape = yield* remote.query(`SELECT * ${from} LIMIT 0`)
    const answer = yield* remote.query(
      `SELECT left(COLUMNS(*)::VARCHAR, ${longestCell}) ${from} LIMIT ${rows + 1}`,
      [],
      { maximumRows: rows }
    )
    return { columns: shape.columns, rows: answer.rows, complete: answer.complete }
  })).pipe(Effect.catchTag("DuckDbError", (error) => Effect.fail(fromEngine(error))))
})
