/**
 * What matters in a result, computed: how its columns are distributed, what stands out, and what changed since the run
 * before. Every statement comes with the SQL that gives its numbers.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as DuckDb from "../duckdb/DuckDb.js"
import { identifier } from "../duckdb/DuckDb.js"
import * as Text from "../habu/Text.js"
import type { ResultsFailed } from "./ResultsError.js"
import * as Roles from "./Roles.js"
import * as Table from "./Table.js"

/**
 * A column's distribution. Numbers and times are text as DuckDB prints them.
 *
 * @since 0.1.0
 * @category models
 */
export interface ColumnSummary {
  readonly name: string
  readonly type: string
  readonly nulls: number
  readonly misfits: number
  readonly distinct: number
  /** Whether `distinct` and `median` are estimates, as they are of large results. */
  readonly estimated: boolean
  readonly min?: string
  readonly max?: string
  readonly mean?: number
  readonly median?: number
  readonly sum?: number
  /** The most frequent values and how many rows have them. */
  readonly top?: ReadonlyArray<{ readonly value: string; readonly rows: number }>
}

/**
 * A statement that can be checked: `sql` is a query over `results` (and `previous`) that gives its numbers.
 *
 * @since 0.1.0
 * @category models
 */
export interface Finding {
  readonly kind: "top" | "bottom" | "concentration" | "trend" | "nulls" | "misfits" | "change"
  readonly statement: string
  readonly sql: string
}

/**
 * What a table says, column by column and as statements that can be checked.
 *
 * @since 0.1.0
 * @category models
 */
export interface Summary {
  readonly columns: ReadonlyArray<ColumnSummary>
  readonly findings: ReadonlyArray<Finding>
  readonly roles: Roles.Roles
}

/**
 * What to summarise. `byGroup: false` leaves out the comparison of single groups with the run before.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly table: Table.Table
  readonly previous?: Table.Table | undefined
  readonly hints?: Roles.Hints | undefined
  readonly byGroup?: boolean | undefined
}

const exactUpTo = 200_000
const shownGroups = 3
const longestValue = 60

const number = (text: string | null | undefined) => text === null || text === undefined ? Number.NaN : Number(text)

const shown = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 2 })

const percent = (part: number) => `${(100 * part).toLocaleString("en-US", { maximumFractionDigits: 1 })} %`

const label = (value: string | null | undefined) =>
  value === null || value === undefined ? "(none)" : Text.clean(value, longestValue) || "(empty)"

const ask = (connection: DuckDb.Connection, sql: string) =>
  Effect.map(Effect.mapError(connection.query(sql), Table.failed), ({ rows }) => rows)

const isNumber = ({ kind }: Table.TableColumn) => kind === "number"

const dayText = (name: string) => `count(*) FILTER (regexp_full_match(${name}, '\\d{4}-\\d{2}-\\d{2}'))`

const aggregates = (estimated: boolean) => (column: Table.TableColumn, index: number) => {
  const name = identifier(column.name)
  const parts: ReadonlyArray<readonly [string, string]> = [
    ["count", `count(${name})`],
    ["distinct", estimated ? `approx_count_distinct(${name})` : `count(DISTINCT ${name})`],
    ...(column.kind === "text"
      ? [["days", dayText(name)] as const]
      : [["min", `min(${name})`] as const, ["max", `max(${name})`] as const]),
    ...(isNumber(column)
      ? [
        ["mean", `avg(${name})`],
        ["sum", `sum(${name})`],
        ["median", estimated ? `approx_quantile(${name}, 0.5)` : `median(${name})`]
      ] as const
      : [])
  ]
  return parts.map(([what, sql]) => `${sql} AS ${what}${index}`)
}

const described = Effect.fnUntraced(function*(connection: DuckDb.Connection, { columns, rows }: Table.Table) {
  const estimated = rows > exactUpTo
  const selected = columns.flatMap(aggregates(estimated))
  const [row] = selected.length === 0 ? [] : yield* ask(connection, `SELECT ${selected.join(", ")} FROM results`)
  return columns.map((column, index) => {
    const of = (what: string) => row?.[`${what}${index}`]
    const count = number(of("count"))
    const candidate: Roles.Candidate = {
      column,
      distinct: Math.min(number(of("distinct")), count),
      values: count,
      days: count > 0 && number(of("days")) === count
    }
    const summary: ColumnSummary = {
      name: column.name,
      type: column.type,
      nulls: rows - count - column.misfits,
      misfits: column.misfits,
      distinct: candidate.distinct,
      estimated,
      ...(typeof of("min") === "string" && { min: label(of("min")), max: label(of("max")) }),
      ...(isNumber(column) && count > 0 && {
        mean: number(of("mean")),
        median: number(of("median")),
        sum: number(of("sum"))
      })
    }
    return { candidate, summary }
  })
})

const frequent = Effect.fnUntraced(function*(connection: DuckDb.Connection, column: Table.TableColumn) {
  const name = identifier(column.name)
  const rows = yield* ask(
    connection,
    `SELECT ${name} AS value, count(*) AS n FROM results WHERE ${name} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3`
  )
  return rows.map(({ n, value }) => ({ value: label(value), rows: number(n) }))
})

const totalOf = (measure: Table.TableColumn) =>
  `${Roles.isAdditive(measure.name) ? "sum" : "avg"}(${identifier(measure.name)})`

const groupsSql = (measure: Table.TableColumn, dimension: Table.TableColumn, from = "results") =>
  `SELECT ${identifier(dimension.name)} AS k, ${totalOf(measure)} AS v FROM ${from} GROUP BY 1`

const ranking = Effect.fnUntraced(
  function*(connection: DuckDb.Connection, measure: Table.TableColumn, dimension: Table.TableColumn) {
    const sorted = (order: "DESC" | "ASC") =>
      `SELECT k AS ${identifier(dimension.name)}, v AS ${identifier(measure.name)} FROM (${
        groupsSql(measure, dimension)
      }) WHERE v IS NOT NULL ORDER BY v ${order}, k LIMIT ${shownGroups}`
    const list = (rows: ReadonlyArray<DuckDb.Row>) =>
      rows.map((row) => `${label(row[dimension.name])} ${shown(number(row[measure.name]))}`).join("; ")
    const top = yield* ask(connection, sorted("DESC"))
    const bottom = yield* ask(connection, sorted("ASC"))
    const what = Roles.isAdditive(measure.name) ? measure.name : `average ${measure.name}`
    const finding = (kind: "top" | "bottom", rows: ReadonlyArray<DuckDb.Row>, sql: string): Finding => ({
      kind,
      statement: `${kind === "top" ? "Highest" : "Lowest"} ${what} by ${dimension.name}: ${list(rows)}.`,
      sql
    })
    if (top.length < 2) return []
    return top.length < shownGroups
      ? [finding("top", top, sorted("DESC"))]
      : [finding("top", top, sorted("DESC")), finding("bottom", bottom, sorted("ASC"))]
  }
)

const concentration = Effect.fnUntraced(
  function*(connection: DuckDb.Connection, measure: Table.TableColumn, dimension: Table.TableColumn) {
    if (!Roles.isAdditive(measure.name)) return []
    const sql = `SELECT count(*) AS groups, max(v) / sum(v) AS first, sum(v) FILTER (place <= 3) / sum(v) AS three, ` +
      `count(*) FILTER (before < 0.8 * total) AS most FROM (SELECT v, row_number() OVER (ORDER BY v DESC) AS place, ` +
      `sum(v) OVER () AS total, coalesce(sum(v) OVER (ORDER BY v DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), ` +
      `0) AS before FROM (${groupsSql(measure, dimension)}) WHERE v > 0)`
    const [row] = yield* ask(connection, sql)
    const groups = number(row?.groups)
    if (!(groups >= 3) || !Number.isFinite(number(row?.first))) return []
    const people = Roles.countsPeople(measure.name) ? " One person may count in several groups." : ""
    return [{
      kind: "concentration" as const,
      statement: `Of ${shown(groups)} values of ${dimension.name}, the largest holds ${
        percent(number(row?.first))
      } of ${measure.name}, the three largest ${percent(number(row?.three))}; ${
        shown(number(row?.most))
      } hold 80 %.${people}`,
      sql
    }]
  }
)

const grains = [[62, "day"], [366 * 2, "week"], [Number.POSITIVE_INFINITY, "month"]] as const

/**
 * A date column cut to days, weeks or months, by how long a time it spans: the SQL of it.
 *
 * @since 0.1.0
 * @category SQL
 */
export const periodOf = Effect.fnUntraced(function*(connection: DuckDb.Connection, date: Table.TableColumn) {
  const day = date.kind === "text" ? `CAST(${identifier(date.name)} AS DATE)` : identifier(date.name)
  const [span] = yield* ask(connection, `SELECT date_diff('day', min(${day}), max(${day})) AS days FROM results`)
  const [, grain] = grains.find(([most]) => number(span?.days) <= most) ?? grains[2]
  return { grain, sql: `CAST(date_trunc('${grain}', ${day}) AS DATE)` }
})

const trend = Effect.fnUntraced(
  function*(connection: DuckDb.Connection, measure: Table.TableColumn, date: Table.TableColumn) {
    const period = yield* periodOf(connection, date)
    const sql = `SELECT ${period.sql} AS period, ${totalOf(measure)} AS value FROM results WHERE ${
      identifier(date.name)
    } IS NOT NULL GROUP BY 1 ORDER BY 1`
    const [row] = yield* ask(
      connection,
      `SELECT count(*) AS n, min(period) AS a, max(period) AS z, arg_min(value, period) AS first, ` +
        `arg_max(value, period) AS last, max(value) AS most, arg_max(period, value) AS best, ` +
        `regr_slope(value, date_diff('day', DATE '2000-01-01', period)) AS slope FROM (${sql})`
    )
    const count = number(row?.n)
    if (!(count >= 2)) return []
    const [first, last] = [number(row?.first), number(row?.last)]
    const change = first === 0
      ? ""
      : `, ${last >= first ? "+" : "−"}${percent(Math.abs(last - first) / Math.abs(first))}`
    const slope = number(row?.slope)
    const direction = slope > 0 ? "rising" : slope < 0 ? "falling" : "level"
    const what = Roles.isAdditive(measure.name) ? measure.name : `Average ${measure.name}`
    return [{
      kind: "trend" as const,
      statement: `${what} per ${period.grain} (${date.name}, ${shown(count)} of them): ${shown(first)} on ${row?.a}, ${
        shown(last)
      } on ${row?.z}${change}; highest ${shown(number(row?.most))} on ${row?.best}; fitted line ${direction}.`,
      sql
    }]
  }
)

const gaps = (columns: ReadonlyArray<ColumnSummary>, rows: number): ReadonlyArray<Finding> =>
  columns.filter(({ nulls }) => nulls > 0).sort((a, b) => b.nulls - a.nulls).slice(0, 3).map((
    { misfits, name, nulls }
  ) => ({
    kind: "nulls" as const,
    statement: `${name} is empty in ${shown(nulls)} of ${shown(rows)} rows (${percent(nulls / rows)}).`,
    sql: `SELECT count(*) AS rows_without FROM results WHERE ${identifier(name)} IS NULL${
      misfits > 0 ? ` AND ${identifier(Table.asText(name))} IS NULL` : ""
    }`
  }))

const strays = (columns: ReadonlyArray<ColumnSummary>): ReadonlyArray<Finding> =>
  columns.filter(({ misfits }) => misfits > 0).slice(0, 3).map(({ misfits, name, type }) => ({
    kind: "misfits" as const,
    statement: `${shown(misfits)} values of ${name} are no ${type} and are kept as text in ${
      JSON.stringify(Table.asText(name))
    }.`,
    sql: `SELECT ${identifier(Table.asText(name))} AS value, count(*) AS n FROM results WHERE ${
      identifier(Table.asText(name))
    } IS NOT NULL GROUP BY 1 ORDER BY 2 DESC`
  }))

const signed = (change: number) => `${change < 0 ? "−" : "+"}${shown(Math.abs(change))}`

const relative = (change: number, before: number) =>
  before === 0 || !Number.isFinite(before) ? "" : ` (${change < 0 ? "−" : "+"}${percent(Math.abs(change / before))})`

const has = ({ columns }: Table.Table, { kind, name }: Table.TableColumn) =>
  columns.some((column) => column.name === name && column.kind === kind)

const changes = Effect.fnUntraced(
  function*(connection: DuckDb.Connection, options: Options, { dimensions, measures }: Roles.Roles) {
    const { byGroup, previous, table } = options
    if (previous === undefined) return []
    const difference = table.rows - previous.rows
    const counted: Finding = {
      kind: "change",
      statement: `${shown(table.rows)} rows, ${
        difference === 0 ? "as many as" : `${shown(Math.abs(difference))} ${difference > 0 ? "more" : "fewer"} than`
      } in the run before.`,
      sql: "SELECT (SELECT count(*) FROM results) AS now, (SELECT count(*) FROM previous) AS before"
    }
    const shared = measures.filter((measure) => has(previous, measure)).slice(0, 3)
    const totals = yield* Effect.forEach(shared, (measure) =>
      Effect.gen(function*() {
        const sql = `SELECT (SELECT ${totalOf(measure)} FROM results) AS now, (SELECT ${
          totalOf(measure)
        } FROM previous) AS before`
        const [row] = yield* ask(connection, sql)
        const [now, before] = [number(row?.now), number(row?.before)]
        const what = `${Roles.isAdditive(measure.name) ? "Sum" : "Average"} of ${measure.name}`
        return {
          kind: "change",
          statement: `${what}: ${shown(now)}, ${shown(before)} in the run before, ${signed(now - before)}${
            relative(now - before, before)
          }.`,
          sql
        } satisfies Finding
      }))
    const [measure] = shared
    const dimension = dimensions.find((one) => has(previous, one))
    if (measure === undefined || dimension === undefined || byGroup === false) return [counted, ...totals]
    const sql = `SELECT coalesce(a.k, b.k) AS ${identifier(dimension.name)}, a.v AS now, b.v AS before, ` +
      `coalesce(a.v, 0) - coalesce(b.v, 0) AS change FROM (${groupsSql(measure, dimension)}) a FULL JOIN (${
        groupsSql(measure, dimension, "previous")
      }) b ON a.k = b.k ORDER BY abs(change) DESC, 1 LIMIT ${shownGroups}`
    const rows = yield* ask(connection, sql)
    const told = rows.filter(({ change }) => number(change) !== 0).map((row) =>
      `${label(row[dimension.name])} ${
        row.before === null ? "is new" : row.now === null ? "is gone" : signed(number(row.change))
      }`
    )
    return [
      counted,
      ...totals,
      ...(told.length === 0
        ? []
        : [{
          kind: "change" as const,
          statement: `What changed most in ${measure.name} by ${dimension.name}: ${told.join("; ")}.`,
          sql
        }])
    ]
  }
)

/**
 * Summarises a table.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("Summary.make")(function*(options: Options) {
  const { table } = options
  return yield* Effect.scoped(Effect.gen(function*() {
    const connection = yield* Table.connect(table, { previous: options.previous })
    const all = yield* described(connection, table)
    const roles = Roles.make(all.map(({ candidate }) => candidate), options.hints)
    const columns = yield* Effect.forEach(
      all,
      ({ candidate, summary }) =>
        candidate.column.kind === "text" || candidate.column.kind === "boolean"
          ? candidate.distinct > 0 && candidate.distinct < candidate.values && candidate.distinct <= 10_000
            ? Effect.map(frequent(connection, candidate.column), (top): ColumnSummary => ({ ...summary, top }))
            : Effect.succeed(summary)
          : Effect.succeed(summary)
    )
    const [measure] = roles.measures
    const [dimension] = roles.dimensions
    const grouped = measure === undefined || dimension === undefined ? [] : [
      ...(yield* ranking(connection, measure, dimension)),
      ...(yield* concentration(connection, measure, dimension))
    ]
    const trends = measure === undefined || roles.date === undefined
      ? []
      : yield* trend(connection, measure, roles.date)
    const changed = yield* changes(connection, options, roles)
    const findings: ReadonlyArray<Finding> = [
      ...grouped,
      ...trends,
      ...changed,
      ...gaps(columns, table.rows),
      ...strays(columns)
    ]
    return { columns, findings: table.rows === 0 ? changed : findings, roles } satisfies Summary
  }))
}) satisfies (options: Options) => Effect.Effect<Summary, ResultsFailed>
