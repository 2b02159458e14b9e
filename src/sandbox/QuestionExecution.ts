/**
 * Runs a question's SQL over the warehouse, as a clean room would: on the datasets bound to its macros, with their
 * exclusions, filters and partitions, and with crowd size, noise and the rule on personal data applied to what comes out.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hash from "effect/Hash"
import * as Schema from "effect/Schema"
import type * as DuckDb from "../duckdb/DuckDb.js"
import { DuckDbError } from "../duckdb/DuckDbError.js"
import * as Lineage from "./sql/Lineage.js"
import * as MacroView from "./sql/MacroView.js"
import * as Privacy from "./sql/Privacy.js"
import * as QuestionFailures from "./sql/QuestionFailed.js"
import * as SparkFunctions from "./sql/SparkFunctions.js"
import * as Translation from "./sql/Translation.js"
import { Warehouse } from "./Warehouse.js"

export {
  /**
   * Why a run failed.
   *
   * @since 0.1.0
   * @category errors
   */
  QuestionFailed
} from "./sql/QuestionFailed.js"

type QuestionFailed = QuestionFailures.QuestionFailed

/**
 * A dataset bound to a macro.
 *
 * @since 0.1.0
 * @category models
 */
export type Macro = MacroView.Macro

/**
 * A run: the question's SQL, the datasets bound to it, the values of its run parameters and the clean room's privacy
 * settings. `crowdSize` and `decibel` of 0 switch those off. The same `noiseSeed` gives the same noise and the same
 * random numbers.
 *
 * @since 0.1.0
 * @category models
 */
export interface Input {
  readonly sql: string
  readonly macros: ReadonlyArray<Macro>
  readonly parameters: { readonly [name: string]: string }
  readonly measures: ReadonlyArray<Privacy.Measure>
  readonly crowdSize: number
  readonly decibel: number
  readonly noiseSeed: string
}

/**
 * A column of a result, with the name of its type as Habu spells it. Rows are keyed by `columnName`.
 *
 * @since 0.1.0
 * @category models
 */
export interface OutputColumn {
  readonly fieldName: string
  readonly dataType: string
  readonly columnName: string
}

/**
 * What a run produced. `recordsRead` counts the rows of the datasets it read, `hiddenRows` those that crowd size hid.
 *
 * @since 0.1.0
 * @category models
 */
export interface Output {
  readonly columns: ReadonlyArray<OutputColumn>
  readonly rows: ReadonlyArray<DuckDb.Row>
  readonly recordsRead: number
  readonly hiddenRows: number
}

/** A run keeps no more rows than this. */
const maximumRows = 200_000

const dataTypes: ReadonlyArray<readonly [RegExp, string]> = [
  [/\[/, "STRING"],
  [/^(?:U?TINYINT|U?SMALLINT|INTEGER)$/, "INTEGER"],
  [/^(?:U?BIGINT|U?HUGEINT|UINTEGER)$/, "LONG"],
  [/^(?:FLOAT|DOUBLE)$/, "DOUBLE"],
  [/^DECIMAL/, "DECIMAL"],
  [/^DATE$/, "DATE"],
  [/^TIMESTAMP/, "TIMESTAMP"],
  [/^BOOLEAN$/, "BOOLEAN"]
]

const outputColumn = ({ name, type }: DuckDb.ResultColumn): OutputColumn => ({
  fieldName: name,
  dataType: dataTypes.find(([pattern]) => pattern.test(type))?.[1] ?? "STRING",
  columnName: name
})

/** What is set up on a run's own connection: its datasets, its moment, its random numbers. */
const prepare = (views: ReadonlyArray<string>, now: number, seed: string) =>
  [
    `CREATE TEMP MACRO now() AS epoch_ms(${Math.trunc(now)})`,
    ...views,
    `SELECT setseed(${(Hash.string(seed) & 0xffff) / 0x10000})`
  ].join(";\n")

const Plan = Schema.parseJson(Schema.Struct({
  plans: Schema.optionalWith(Schema.Array(Schema.Unknown), { default: () => [] }),
  error_type: Schema.optional(Schema.String),
  error_message: Schema.optional(Schema.String)
}))

const decodePlan = Schema.decodeUnknown(Plan)

/** The bound plan, or what keeps the statement from being bound. */
const planOf = Effect.fnUntraced(function*(connection: DuckDb.Connection, sql: string) {
  const { rows } = yield* connection.query(Lineage.planQuery, [sql])
  const { plans, error_type, error_message } = yield* Effect.orDie(decodePlan(Object.values(rows[0] ?? {})[0]))
  return error_type === undefined
    ? plans[0]
    : yield* new DuckDbError({ type: error_type, message: error_message ?? error_type })
})

type Labelled = (macro: Macro, column: string) => boolean

const isPii: Labelled = ({ pii }, column) => pii.includes(column)

const isColumn: Labelled = ({ columns }, column) => Object.values(columns).includes(column)

const labels = (macros: ReadonlyArray<Macro>, labelled: Labelled): Lineage.Label => {
  const tables = macros.flatMap(MacroView.tables)
  return (schema, table, column) => {
    const macro = tables.find((macro) => macro.table === table && labelled(macro, column))
    if (schema !== MacroView.schema || macro === undefined) return undefined
    const [field = column] = Object.entries(macro.columns).find(([, source]) => source === column) ?? []
    return `@${macro.macro}.${field}`
  }
}

/** Refuses what is no plain SELECT over the question's datasets, and follows its output to the columns with a label. */
const checkRules = Effect.fnUntraced(
  function*(connection: DuckDb.Connection, sql: string, label: Lineage.Label) {
    const statement = yield* connection.inspect(sql)
    if (statement.kind !== "select") return yield* QuestionFailures.notOneSelect
    const foreign = statement.relations.find(({ schema }) => schema !== "")
    if (foreign !== undefined) return yield* QuestionFailures.tableNotFound(`${foreign.schema}.${foreign.name}`)
    const called = statement.tableFunctions.find((name) => !Lineage.tableFunctions.has(name))
    if (called !== undefined) return yield* QuestionFailures.functionNotFound(called)
    const [qualified] = statement.qualifiedFunctions
    if (qualified !== undefined) return yield* QuestionFailures.functionNotFound(`a schema's ${qualified}`)
    const plan = yield* planOf(connection, sql)
    return yield* Effect.mapError(Lineage.outputs(plan, label), QuestionFailures.tableNotFound)
  }
)

interface Run {
  readonly connection: DuckDb.Connection
  readonly sql: string
  readonly macros: ReadonlyArray<string>
  /** Of each output column the labelled columns that it returns. */
  readonly sources: ReadonlyArray<Lineage.Sources>
  /** What the question's author can read of how it is run. */
  readonly known: string
}

/** A connection on which the question may be run: its datasets are there and its rules hold. */
const open = Effect.fnUntraced(function*(
  input: Input,
  labelled: Labelled,
  connection: DuckDb.Connection,
  now: number
) {
  const { sql, macros } = yield* Translation.translate({ ...input, macros: input.macros.map(({ macro }) => macro) })
  const used = input.macros.filter(({ macro }) => macros.has(macro))
  const views = yield* Effect.forEach(used, MacroView.create)
  yield* connection.run(prepare(views, now, input.noiseSeed))
  const sources = yield* checkRules(connection, sql, labels(used, labelled))
  const known = [sql, ...views, SparkFunctions.definitions].join("\n")
  return { connection, sql, macros: used.map(({ macro }) => macro), sources, known }
})

const described = ({ connection, sql }: Run) =>
  Effect.map(
    connection.query(`DESCRIBE ${sql}`),
    ({ rows }) => rows.map((row) => outputColumn({ name: row.column_name ?? "", type: row.column_type ?? "" }))
  )

/** Refuses output that returns personal data. */
const checkOutput = Effect.fnUntraced(function*(run: Run) {
  const revealing = run.sources.findIndex((labels) => labels.size > 0)
  if (revealing < 0) return
  const column = (yield* described(run))[revealing]?.columnName ?? ""
  return yield* QuestionFailures.piiInOutput(column, [...run.sources[revealing] ?? []].sort())
})

const withRun = <A>(
  input: Input,
  labelled: Labelled,
  use: (run: Run) => Effect.Effect<A, QuestionFailed | DuckDbError>
): Effect.Effect<A, QuestionFailed, Warehouse> =>
  Effect.gen(function*() {
    const warehouse = yield* Warehouse
    const now = yield* Clock.currentTimeMillis
    return yield* warehouse.use((connection) => Effect.flatMap(open(input, labelled, connection, now), use)).pipe(
      Effect.catchTag("DuckDbError", (error) => Effect.fail(QuestionFailures.fromDuckDb(error))),
      Effect.catchTag("TimeoutException", () =>
        Effect.fail(QuestionFailures.timedOut(Duration.toSeconds(warehouse.timeLimit))))
    )
  })

const recordsRead = ({ connection, macros }: Run) =>
  Effect.map(
    connection.query(
      `SELECT 0 ${macros.map((macro) => `+ (SELECT count(*) FROM ${Translation.relation(macro)})`).join("")}`
    ),
    ({ rows }) => Number(Object.values(rows[0] ?? {})[0])
  )

/**
 * Executes a question. Fails with what the run's record shows: a missing dataset, field, function or parameter, output
 * that returns personal data, or 30 seconds passed.
 *
 * @since 0.1.0
 * @category execution
 */
export const execute: (input: Input) => Effect.Effect<Output, QuestionFailed, Warehouse> = Effect.fn(
  "QuestionExecution.execute"
)(function*(input: Input) {
  return yield* withRun(input, isPii, (run) =>
    Effect.gen(function*() {
      yield* checkOutput(run)
      const result = yield* Effect.mapError(
        run.connection.query(run.sql, [], { maximumRows }),
        QuestionFailures.whileRunning(run.known)
      )
      if (!result.complete) return yield* QuestionFailures.resultTooLarge(maximumRows)
      const visible = Privacy.hideSmallCrowds(result, input.measures, input.crowdSize)
      return {
        columns: result.columns.map(outputColumn),
        rows: Privacy.addNoise(result.columns, visible, input.measures, input.decibel, input.noiseSeed),
        recordsRead: yield* recordsRead(run),
        hiddenRows: result.rows.length - visible.length
      }
    }))
})

/**
 * Explains how a question would be carried out, as text, under the same rules as running it.
 *
 * @since 0.1.0
 * @category execution
 */
export const explain: (input: Input) => Effect.Effect<string, QuestionFailed, Warehouse> = Effect.fn(
  "QuestionExecution.explain"
)(function*(input: Input) {
  return yield* withRun(
    input,
    isPii,
    (run) =>
      Effect.map(
        Effect.zipRight(checkOutput(run), run.connection.query(`EXPLAIN ${run.sql}`)),
        ({ rows }) => rows.map((row) => row.explain_value ?? "").join("\n")
      )
  )
})

/**
 * A column of a query, and the fields whose values it returns, as `@macro.field`.
 *
 * @since 0.1.0
 * @category models
 */
export interface TracedColumn extends OutputColumn {
  readonly origins: ReadonlyArray<string>
}

/**
 * The columns of a query and where they come from, personal data or not, without running it.
 *
 * @since 0.1.0
 * @category execution
 */
export const columns: (input: Input) => Effect.Effect<ReadonlyArray<TracedColumn>, QuestionFailed, Warehouse> = Effect
  .fn("QuestionExecution.columns")(function*(input: Input) {
    return yield* withRun(
      input,
      isColumn,
      (run) =>
        Effect.map(
          described(run),
          (columns) => columns.map((column, index) => ({ ...column, origins: [...run.sources[index] ?? []].sort() }))
        )
    )
  })
