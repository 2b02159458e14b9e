/**
 * A question's dataset as a relation: the fields the question calls for, and only the rows it may see.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Tables from "../Tables.js"
import * as QuestionFailed from "./QuestionFailed.js"
import * as Tokens from "./Tokens.js"
import * as Translation from "./Translation.js"

/**
 * A query over macros of its own, which stands for a table.
 *
 * @since 0.1.0
 * @category models
 */
export interface View {
  readonly sql: string
  readonly columns: ReadonlyArray<string>
  readonly macros: ReadonlyArray<Macro>
}

/**
 * What a macro is bound to.
 *
 * - `macro`: its name without `@`, case-sensitive. `table`: the name of one of {@link Tables.tables}, or a view.
 * - `columns`: from the question's field to the table's column. `excluded`: columns of the table that stay hidden.
 * - `pii`: columns of the table that its owner labelled as personal data.
 * - `filters`: the owner's row filters; all of them hold.
 * - `partition`: of a dataset with a partition column, the first and last value read, both included. Without any of
 *   the two it yields no rows, as Habu does.
 *
 * @since 0.1.0
 * @category models
 */
export interface Macro {
  readonly macro: string
  readonly table: string | View
  readonly columns: { readonly [questionField: string]: string }
  readonly excluded: ReadonlyArray<string>
  readonly pii: ReadonlyArray<string>
  readonly filters: ReadonlyArray<{
    readonly column: string
    readonly operator: "EQUALS" | "NOT_EQUALS" | "IN" | "NOT_IN"
    readonly values: ReadonlyArray<string>
  }>
  readonly partition:
    | { readonly column: string; readonly from: string | undefined; readonly to: string | undefined }
    | undefined
}

/**
 * The schema that holds the tables. No question can name it.
 *
 * @since 0.1.0
 * @category relations
 */
export const schema = "warehouse"

const filtered = ({ column, operator, values }: Macro["filters"][number]) => {
  const negation = operator === "NOT_EQUALS" || operator === "NOT_IN" ? "NOT " : ""
  return values.length === 0
    ? negation ? "true" : "false"
    : `${Tokens.identifier(column)} ${negation}IN (${values.map(Tokens.string).join(", ")})`
}

const within = ({ column, from, to }: NonNullable<Macro["partition"]>): ReadonlyArray<string> => {
  const name = Tokens.identifier(column)
  if (from === undefined && to === undefined) return ["false"]
  return [
    ...(from === undefined ? [] : [`${name} >=${Tokens.string(from)}`]),
    ...(to === undefined ? [] : [`${name} <=${Tokens.string(to)}`])
  ]
}

interface Relation {
  readonly columns: ReadonlyArray<string>
  readonly sql: string
}

/** The macros of a view are common table expressions, so that nothing outside of it can name them. */
const viewed = (view: View): Either.Either<Relation, QuestionFailed.QuestionFailed> =>
  Either.gen(function*() {
    const names = view.macros.map(({ macro }) => macro)
    const { macros, sql } = yield* Translation.translate({ sql: view.sql, macros: names, parameters: {} })
    const tables = yield* Either.all(
      view.macros.filter(({ macro }) => macros.has(macro)).map((macro) =>
        Either.map(select(macro), (sql) => `${Translation.relation(macro.macro)} AS (${sql})`)
      )
    )
    return {
      columns: view.columns,
      sql: `(${tables.length === 0 ? "" : `WITH ${tables.join(", ")} `}SELECT * FROM (${sql}))`
    }
  })

const relationOf = ({ macro, table }: Macro): Either.Either<Relation, QuestionFailed.QuestionFailed> => {
  if (typeof table !== "string") return viewed(table)
  const known = Tables.find(table)
  return known === undefined
    ? Either.left(QuestionFailed.tableNotFound(`@${macro}`))
    : Either.right({
      columns: known.columns.map(({ name }) => name),
      sql: `${schema}.${Tokens.identifier(known.name)}`
    })
}

const select = (macro: Macro): Either.Either<string, QuestionFailed.QuestionFailed> =>
  Either.gen(function*() {
    const relation = yield* relationOf(macro)
    const fields = Object.entries(macro.columns).filter(([, column]) => !macro.excluded.includes(column))
    const named = [
      ...fields.map(([, column]) => column),
      ...macro.filters.map(({ column }) => column),
      ...(macro.partition === undefined ? [] : [macro.partition.column])
    ]
    const unknown = named.find((name) => !relation.columns.includes(name))
    if (unknown !== undefined) return yield* Either.left(QuestionFailed.columnNotFound(`@${macro.macro}.${unknown}`))
    if (fields.length === 0) return yield* Either.left(QuestionFailed.columnNotFound(`@${macro.macro}.*`))
    const list = fields.map(([field, column]) => `${Tokens.identifier(column)} AS ${Tokens.identifier(field)}`)
    const conditions = [
      ...macro.filters.map(filtered),
      ...(macro.partition === undefined ? [] : within(macro.partition))
    ]
    return `SELECT ${list.join(", ")} FROM ${relation.sql} WHERE ${["true", ...conditions].join(" AND ")}`
  })

/**
 * The statement that makes the view for a connection. Fails when the table or one of its columns does not exist.
 *
 * @since 0.1.0
 * @category relations
 */
export const create = (macro: Macro): Either.Either<string, QuestionFailed.QuestionFailed> =>
  Either.map(select(macro), (sql) => `CREATE TEMP VIEW ${Translation.relation(macro.macro)} AS ${sql}`)

/**
 * The tables that a macro reads in the end, below all views.
 *
 * @since 0.1.0
 * @category relations
 */
export const tables = (macro: Macro): ReadonlyArray<Macro & { readonly table: string }> => {
  const { table } = macro
  if (typeof table === "string") return [{ ...macro, table }]
  return table.macros.flatMap(tables).map((below) => ({ ...below, macro: `${macro.macro}.${below.macro}` }))
}

/**
 * A macro whose columns nobody labelled.
 *
 * @since 0.1.0
 * @category relations
 */
export const unlabelled = (macro: Macro): Macro => ({
  ...macro,
  pii: [],
  table: typeof macro.table === "string"
    ? macro.table
    : { ...macro.table, macros: macro.table.macros.map(unlabelled) }
})
