/**
 * A chart of a result: what is drawn is chosen from the columns or named, computed by SQL, and described in Vega-Lite.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as DuckDb from "../duckdb/DuckDb.js"
import { identifier } from "../duckdb/DuckDb.js"
import * as Text from "../habu/Text.js"
import { ResultsRefused } from "./ResultsError.js"
import * as Roles from "./Roles.js"
import * as Summary from "./Summary.js"
import * as Table from "./Table.js"
import * as VegaLite from "./VegaLite.js"

/**
 * The kinds of chart.
 *
 * @since 0.1.0
 * @category models
 */
export type Kind = "bar" | "line" | "histogram"

/**
 * What to draw. Without a kind the data choose: over time a line, by group bars, of numbers alone a histogram. `x` and
 * `y` name columns.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly table: Table.Table
  readonly title: string
  readonly kind?: Kind | undefined
  readonly x?: string | undefined
  readonly y?: string | undefined
  readonly hints?: Roles.Hints | undefined
}

/**
 * A Vega-Lite specification, its data within, and the SQL that gave them. `omitted` is how many groups are not drawn.
 *
 * @since 0.1.0
 * @category models
 */
export interface Chart {
  readonly kind: Kind
  readonly spec: { readonly [field: string]: unknown }
  readonly sql: string
  readonly omitted: number
}

const mostBars = 25
const mostPoints = 400
const bins = 20

const refused = (field: "chart" | "x" | "y", problem: string, options: ReadonlyArray<string>, advice: string) =>
  new ResultsRefused({ field, problem, options, advice })

const ask = (connection: DuckDb.Connection, sql: string) =>
  Effect.map(Effect.mapError(connection.query(sql), Table.failed), ({ rows }) => rows)

const value = (text: string | null | undefined) => text === null || text === undefined ? null : Number(text)

const name = (text: string | null | undefined) =>
  text === null || text === undefined ? "(none)" : Text.clean(text, 40) || "(empty)"

// Names of columns stand in titles only: in a field name, dots and brackets would be a path.
const titleOf = (column: string) => Text.clean(column, 60)

const total = (measure: Table.TableColumn | undefined) =>
  measure === undefined
    ? { sql: "count(*)", title: "rows" }
    : Roles.isAdditive(measure.name)
    ? { sql: `sum(${identifier(measure.name)})`, title: measure.name }
    : { sql: `avg(${identifier(measure.name)})`, title: `average ${measure.name}` }

const bar = Effect.fnUntraced(
  function*(connection: DuckDb.Connection, title: string, x: Table.TableColumn, y: Table.TableColumn | undefined) {
    const measured = total(y)
    const sql = `SELECT ${identifier(x.name)} AS x, ${measured.sql} AS y FROM results GROUP BY 1 ` +
      `HAVING y IS NOT NULL ORDER BY 2 DESC, 1 LIMIT ${mostBars}`
    const rows = yield* ask(connection, sql)
    const [counted] = yield* ask(connection, `SELECT count(DISTINCT ${identifier(x.name)}) AS n FROM results`)
    const omitted = Math.max(0, (value(counted?.n) ?? 0) - rows.length)
    const spec = VegaLite.framed(
      title,
      `${measured.title} by ${x.name}${omitted > 0 ? `, the ${rows.length} largest` : ""}`,
      {
        height: { step: 22 },
        data: { values: rows.map((row) => ({ x: name(row.x), y: value(row.y) })) },
        mark: { type: "bar", cornerRadiusEnd: 2 },
        encoding: {
          y: { field: "x", type: "nominal", sort: null, axis: { title: titleOf(x.name), ticks: false } },
          x: { field: "y", type: "quantitative", axis: { title: titleOf(measured.title), format: ",~f", tickCount: 6 } }
        }
      }
    )
    return { kind: "bar" as const, spec, sql, omitted }
  }
)

const line = Effect.fnUntraced(
  function*(connection: DuckDb.Connection, title: string, x: Table.TableColumn, y: Table.TableColumn | undefined) {
    const measured = total(y)
    const isTime = x.kind !== "number"
    const period = isTime ? yield* Summary.periodOf(connection, x) : { grain: "", sql: identifier(x.name) }
    const sql =
      `SELECT ${period.sql} AS x, ${measured.sql} AS y FROM results WHERE ${identifier(x.name)} IS NOT NULL ` +
      `GROUP BY 1 HAVING y IS NOT NULL ORDER BY 1 LIMIT ${mostPoints + 1}`
    const all = yield* ask(connection, sql)
    const rows = all.slice(0, mostPoints)
    const spec = VegaLite.framed(
      title,
      `${measured.title} ${isTime ? `per ${period.grain} (${x.name})` : `by ${x.name}`}`,
      {
        height: 320,
        data: { values: rows.map((row) => ({ x: isTime ? row.x : value(row.x), y: value(row.y) })) },
        mark: { type: "line", point: rows.length <= 60 },
        encoding: {
          x: isTime
            // Habu's days have no zone; shown in the zone of the machine they would shift.
            ? {
              field: "x",
              type: "temporal",
              scale: { type: "utc" },
              axis: { title: titleOf(x.name), format: period.grain === "month" ? "%b %Y" : "%-d %b", tickCount: 8 }
            }
            : { field: "x", type: "quantitative", scale: { zero: false }, axis: { title: titleOf(x.name) } },
          y: { field: "y", type: "quantitative", axis: { title: titleOf(measured.title), format: ",~f" } }
        }
      }
    )
    return { kind: "line" as const, spec, sql, omitted: all.length > mostPoints ? 1 : 0 }
  }
)

const histogram = Effect.fnUntraced(
  function*(connection: DuckDb.Connection, title: string, x: Table.TableColumn) {
    const column = identifier(x.name)
    const sql =
      `SELECT a + bin * width AS "from", a + (bin + 1) * width AS "to", count(*) AS n FROM (SELECT a, width, ` +
      `CASE WHEN width = 0 THEN 0 ELSE least(floor((v - a) / width), ${bins - 1}) END AS bin FROM (SELECT ` +
      `CAST(${column} AS DOUBLE) AS v, min(CAST(${column} AS DOUBLE)) OVER () AS a, (max(CAST(${column} AS DOUBLE)) ` +
      `OVER () - min(CAST(${column} AS DOUBLE)) OVER ()) / ${bins} AS width FROM results WHERE ${column} IS NOT NULL)) ` +
      `GROUP BY a, width, bin ORDER BY 1`
    const rows = yield* ask(connection, sql)
    const spec = VegaLite.framed(title, `How many rows have which ${x.name}`, {
      height: 320,
      data: {
        values: rows.map((row) => ({
          from: value(row.from),
          // All values alike would make a bar without width.
          to: row.to === row.from ? (value(row.to) ?? 0) + 1 : value(row.to),
          n: value(row.n)
        }))
      },
      mark: { type: "bar", binSpacing: 1 },
      encoding: {
        x: {
          field: "from",
          type: "quantitative",
          bin: { binned: true },
          axis: { title: titleOf(x.name), format: ",~f" }
        },
        x2: { field: "to" },
        y: { field: "n", type: "quantitative", axis: { title: "rows", format: ",~f", tickMinStep: 1 } }
      }
    })
    return { kind: "histogram" as const, spec, sql, omitted: 0 }
  }
)

const columnOf = (columns: ReadonlyArray<Table.TableColumn>, field: "x" | "y", wanted: string | undefined) => {
  if (wanted === undefined) return Effect.succeed(undefined)
  const found = columns.find((column) => column.name.toLowerCase() === wanted.trim().toLowerCase())
  return found === undefined
    ? Effect.fail(
      refused(
        field,
        `is ${JSON.stringify(Text.clean(wanted, 60))}, and there is no such column`,
        columns.slice(0, 40).map((column) => column.name),
        "Name one of the columns."
      )
    )
    : Effect.succeed(found)
}

const numbers = (columns: ReadonlyArray<Table.TableColumn>) =>
  columns.filter(({ kind }) => kind === "number").map((column) => column.name)

/**
 * Chooses and describes a chart.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fn("Chart.make")(function*(options: Options) {
  const { table, title } = options
  const { columns } = table
  const x = yield* columnOf(columns, "x", options.x)
  const y = yield* columnOf(columns, "y", options.y)
  if (y !== undefined && y.kind !== "number") {
    return yield* Effect.fail(refused("y", `is ${y.name}, which holds no numbers`, numbers(columns), "Name a number."))
  }
  if (table.rows === 0) {
    return yield* Effect.fail(refused("chart", "has nothing to draw: there are no rows", [], "Leave it out."))
  }
  const { roles } = yield* Summary.make({ table, hints: options.hints })
  const measure = y ?? roles.measures.find((one) => one.name !== x?.name)
  const isTime = x === undefined
    ? roles.date !== undefined
    : x.kind === "date" || x.kind === "time" || x.name === roles.date?.name
  const kind = options.kind ??
    (isTime && measure !== undefined
      ? "line"
      : (x?.kind === "number" && y === undefined) || (x === undefined && roles.dimensions.length === 0)
      ? "histogram"
      : "bar")
  return yield* Effect.scoped(Effect.flatMap(Table.connect(table), (connection): Effect.Effect<
    Chart,
    Effect.Effect.Error<ReturnType<typeof bar>> | ResultsRefused
  > => {
    switch (kind) {
      case "bar": {
        const by = x ?? roles.dimensions[0] ?? roles.date ?? columns[0]
        return by === undefined
          ? Effect.fail(refused("x", "is needed: there is no column to draw by", [], "Name one."))
          : bar(connection, title, by, measure)
      }
      case "line": {
        const over = x ?? roles.date
        return over === undefined || over.kind === "boolean" || (over.kind === "text" && over.name !== roles.date?.name)
          ? Effect.fail(
            refused("x", "has to be a date, a time or a number for a line", [
              ...columns.filter(({ kind }) => kind === "date" || kind === "time").map((column) => column.name),
              ...numbers(columns)
            ], "Name one, or ask for bars.")
          )
          : line(connection, title, over, measure)
      }
      case "histogram": {
        const of = y ?? (x?.kind === "number" ? x : x === undefined ? roles.measures[0] : undefined)
        return of === undefined
          ? Effect.fail(refused("x", "has to be a number for a histogram", numbers(columns), "Name one."))
          : histogram(connection, title, of)
      }
    }
  }))
})
