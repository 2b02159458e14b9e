/**
 * Why a question's run failed, in the words its run record shows.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { type DuckDbError, notInstalledType } from "../../duckdb/DuckDbError.js"

/**
 * A failed run. `failureReason` is the kind of failure, `runMessage` a sentence with the name at fault. A fault of the
 * question is not retryable, a time-out is. The wording is ours: Habu's own is not known.
 *
 * @since 0.1.0
 * @category errors
 */
export class QuestionFailed extends Schema.TaggedError<QuestionFailed>()("QuestionFailed", {
  failureReason: Schema.String,
  runMessage: Schema.String,
  isRetryable: Schema.Boolean
}) {
  override get message(): string {
    return this.runMessage
  }
}

const failed = (failureReason: string, runMessage: string, isRetryable = false) =>
  new QuestionFailed({ failureReason, runMessage, isRetryable })

/**
 * A name in FROM is no dataset of the question.
 *
 * @since 0.1.0
 * @category constructors
 */
export const tableNotFound = (name: string, hint = ""): QuestionFailed =>
  failed("Table not found", `Table or view not found: ${name}.${hint}`)

/**
 * A column that no dataset in reach has, or that its owner excluded.
 *
 * @since 0.1.0
 * @category constructors
 */
export const columnNotFound = (name: string): QuestionFailed =>
  failed("Column not found", `Column not found: ${name}. It is not among the fields that the datasets in use offer.`)

/**
 * An `@name` that is neither a dataset nor a run parameter with a value.
 *
 * @since 0.1.0
 * @category constructors
 */
export const parameterNotFound = (name: string): QuestionFailed =>
  failed("Parameter not found", `No value was given for the run parameter @${name}.`)

/**
 * A function that neither DuckDB nor the list of translated Spark functions knows.
 *
 * @since 0.1.0
 * @category constructors
 */
export const functionNotFound = (name: string): QuestionFailed =>
  failed(
    "Function not supported",
    `Undefined function: ${name}. The sandbox runs DuckDB's functions and a listed set of Spark's; it is neither.`
  )

/**
 * The text is not SQL that can be read.
 *
 * @since 0.1.0
 * @category constructors
 */
export const invalidQuery = (why: string): QuestionFailed =>
  failed("Invalid query", `The query could not be parsed: ${why}`)

/**
 * The text is more or something else than one SELECT.
 *
 * @since 0.1.0
 * @category constructors
 */
export const notOneSelect: QuestionFailed = failed("Invalid query", "A question's query is exactly one SELECT.")

/**
 * An output column returns a field labelled as personal data.
 *
 * @since 0.1.0
 * @category constructors
 */
export const piiInOutput = (column: string, sources: ReadonlyArray<string>): QuestionFailed =>
  failed(
    "Analysis rule violated",
    `The output column "${column}" comes from ${sources.join(" and ")}, labelled as PII. ` +
      "A PII field may be joined on, filtered by and counted, but not returned."
  )

/**
 * The run took longer than it may.
 *
 * @since 0.1.0
 * @category constructors
 */
export const timedOut = (seconds: number): QuestionFailed =>
  failed("Timed out", `The query was stopped after ${seconds} seconds. Narrow its dates or try again.`, true)

/**
 * The result has more rows than a run keeps.
 *
 * @since 0.1.0
 * @category constructors
 */
export const resultTooLarge = (rows: number): QuestionFailed =>
  failed("Result too large", `The result has more than ${rows} rows. Group it or add a limit.`)

const patterns: ReadonlyArray<readonly [RegExp, (name: string) => QuestionFailed]> = [
  [/^\w+ Function with name "?([^"\s]+?)"? does not exist/, functionNotFound],
  [/^Table with name (\S+) does not exist/, tableNotFound],
  [/^Referenced table "([^"]+)" not found/, tableNotFound],
  [/^Referenced column "([^"]+)"/, columnNotFound],
  [/does not have a column named "([^"]+)"/, columnNotFound],
  [/^column "([^"]+)" does not exist/i, columnNotFound]
]

/**
 * Says in Habu's terms what DuckDB complained of before the statement touched any row.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromDuckDb = (error: DuckDbError): QuestionFailed => {
  for (const [pattern, make] of patterns) {
    const name = pattern.exec(error.message)?.[1]
    if (name !== undefined) return make(name)
  }
  const said = firstLine(error)
  if (error.type === notInstalledType) {
    return failed("Engine missing", `${said}: add it with \`npm install @duckdb/node-api\` beside habu-mcp.`)
  }
  if (/^parser$/i.test(error.type)) return invalidQuery(said)
  if (/^out of memory$/i.test(error.type)) return failed("Out of memory", "The query needs more memory than a run has.")
  return failed("Query failed", said)
}

const firstLine = (error: DuckDbError) => error.message.split("\n")[0] ?? error.message

/**
 * Says what went wrong while the statement ran. DuckDB's words may quote a row's value, so they are passed on only where
 * every text they quote is in `known`, which is what the question's author could read anyway.
 *
 * @since 0.1.0
 * @category constructors
 */
export const whileRunning = (known: string) => (error: DuckDbError): QuestionFailed => {
  const said = firstLine(error)
  const quoted = [...said.matchAll(/'([^']*)'|"([^"]*)"/g)].map(([, single, double]) => single ?? double ?? "")
  const harmless = known.includes(said) || said.startsWith("More than one row returned by a subquery") ||
    (error.type === "Conversion" && quoted.length > 0 && quoted.every((text) => known.includes(text)))
  return harmless || /^out of memory$/i.test(error.type)
    ? fromDuckDb(error)
    : failed("Query failed", `The query failed on the data it read (${error.type}).`)
}
