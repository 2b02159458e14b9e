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
 * What a macro is bound to.
 *
 * - `macro`: its name without `@`, case-sensitive. `table`: one of {@link Tables.tables}.
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
  readonly table: string
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

/**
 * The statement that makes the view for a connection. Fails when the table or one of its columns does not exist.
 *
 * @since 0.1.0
 * @category relations
 */
export const create = (macro: Macro): Either.Either<string, QuestionFailed.QuestionFailed> => {
  const table = Tables.find(macro.table)
  if (table === undefined) return Either.left(QuestionFailed.tableNotFound(`@${macro.macro}`))
  const fields = Object.entries(macro.columns).filter(([, column]) => !macro.excluded.includes(column))
  const named = [
    ...fields.map(([, column]) => column),
    ...macro.filters.map(({ column }) => column),
    ...(macro.partition === undefined ? [] : [macro.partition.column])
  ]
  const unknown = named.find((name) => !table.columns.some((column) => column.name === name))
  if (unknown !== undefined) return Either.left(QuestionFailed.columnNotFound(`@${macro.macro}.${unknown}`))
  if (fields.length === 0) return Either.left(QuestionFailed.columnNotFound(`@${macro.macro}.*`))
  const list = fields.map(([field, column]) => `${Tokens.identifier(column)} AS ${Tokens.identifier(field)}`)
  const conditions = [...macro.filters.map(filtered), ...(macro.partition === undefined ? [] : within(macro.partition))]
  return Either.right(
    `CREATE TEMP VIEW ${Translation.relation(macro.macro)} AS SELECT ${list.join(", ")} ` +
      `FROM ${schema}.${Tokens.identifier(table.name)} WHERE ${["true", ...conditions].join(" AND ")}`
  )
}
