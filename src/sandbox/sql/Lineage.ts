/**
 * Which columns of the tables a query's output comes from, read off the plan that DuckDB bound.
 *
 * The plan has every alias, star, common table expression and macro resolved, so nothing hides behind a name. What
 * cannot be followed counts as coming from anywhere, and an operator that is not known here is refused.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Predicate from "effect/Predicate"

/**
 * Where a column's values come from: labels of table columns, empty when of none that has a label.
 *
 * @since 0.1.0
 * @category models
 */
export type Sources = ReadonlySet<string>

/**
 * The label of a table's column, or undefined for a column that need not be followed.
 *
 * @since 0.1.0
 * @category models
 */
export type Label = (schema: string, table: string, column: string) => string | undefined

/**
 * The query whose one value is the bound plan, as JSON, of the statement in its parameter. Left as the binder made it:
 * the optimizer would leave out columns, and the serializer's short form leaves out zeros.
 *
 * @since 0.1.0
 * @category lineage
 */
export const planQuery = "SELECT json_serialize_plan($1::VARCHAR, optimize := false)"

/**
 * The table functions a question may call in FROM.
 *
 * @since 0.1.0
 * @category lineage
 */
export const tableFunctions: ReadonlySet<string> = new Set(["generate_series", "range", "unnest"])

type Node = { readonly [key: string]: unknown }
type Columns = ReadonlyArray<Sources>

interface Scope {
  readonly label: Label
  readonly tables: ReadonlyMap<unknown, Columns>
  /** What correlated subqueries around this point see of the rows outside. */
  readonly outer: Sources
}

const none: Sources = new Set()
const anywhere: Sources = new Set(["a column that cannot be traced"])

const union = (all: ReadonlyArray<Sources>): Sources => new Set(all.flatMap((sources) => [...sources]))

const list = (value: unknown): ReadonlyArray<unknown> => Array.isArray(value) ? value : []
const nodes = (value: unknown): ReadonlyArray<Node> => list(value).filter(Predicate.isRecord)
const text = (value: unknown): string => typeof value === "string" ? value : ""
const at = <A>(values: ReadonlyArray<A>, index: unknown): A | undefined =>
  typeof index === "number" ? values[index] : undefined

/** What tells how many or in which order, and never a value. */
const counting = new Set([
  "approx_count_distinct",
  "count",
  "count_if",
  "count_star",
  "countif",
  "WINDOW_CUME_DIST",
  "WINDOW_NTILE",
  "WINDOW_PERCENT_RANK",
  "WINDOW_RANK",
  "WINDOW_RANK_DENSE",
  "WINDOW_ROW_NUMBER"
])

/** What an expression over some input returns; conditions, orders and filters of an aggregate return nothing. */
const sourcesOf = (expression: unknown, input: Columns): Sources => {
  if (Array.isArray(expression)) return union(expression.map((part) => sourcesOf(part, input)))
  if (!Predicate.isRecord(expression)) return none
  switch (expression.expression_class) {
    case "BOUND_REF":
      return at(input, expression.index) ?? anywhere
    case "BOUND_COLUMN_REF":
      return union(input)
    case "BOUND_SUBQUERY":
      return anywhere
    case "BOUND_AGGREGATE":
    case "BOUND_WINDOW":
      return counting.has(text(expression.name)) || counting.has(text(expression.type))
        ? none
        : sourcesOf([expression.children, expression.default_expr, expression.offset_expr], input)
    case "BOUND_OPERATOR":
      if (expression.type === "OPERATOR_IS_NULL" || expression.type === "OPERATOR_IS_NOT_NULL") return none
  }
  return sourcesOf(Object.values(expression), input)
}

const each = (expressions: unknown, input: Columns): Columns => list(expressions).map((part) => sourcesOf(part, input))

const sideBySide = (all: ReadonlyArray<Columns>): Columns =>
  (all[0] ?? []).map((_, index) => union(all.map((columns) => columns[index] ?? anywhere)))

type Operator = (node: Node, scope: Scope) => Columns

const trace: Operator = (node, scope) => (operators[text(node.type)] ?? (() => [anywhere]))(node, scope)

const inputs: (node: Node, scope: Scope) => ReadonlyArray<Columns> = (node, scope) =>
  nodes(node.children).map((child) => trace(child, scope))

const pass: Operator = (node, scope) => inputs(node, scope).flat()

const extend: Operator = (node, scope) => {
  const input = pass(node, scope)
  return [...input, ...each(node.expressions, input)]
}

const read: Operator = (node, scope) => {
  const { schema, table } = Predicate.isRecord(node.function_data) ? node.function_data : {}
  const indexes = nodes(node.column_indexes).map(({ index }) => index)
  // A table function returns what it is given.
  if (node.name !== "seq_scan") return [...indexes, ...list(node.projected_input)].map(() => union(pass(node, scope)))
  return indexes.map((index) => {
    const column = at(list(node.names), index)
    const label = scope.label(text(schema), text(table), text(column))
    return label === undefined ? none : new Set([label])
  })
}

const aggregate: Operator = (node, scope) => {
  const input = pass(node, scope)
  const groupings = list(node.grouping_functions).map(() => none)
  return [...each(node.groups, input), ...each(node.expressions, input), ...groupings]
}

const values: Operator = (node, scope) => {
  const input = pass(node, scope)
  return sideBySide(list(node.expressions).map((row) => each(row, input)))
}

const join: Operator = (node, scope) => {
  const [first, second] = nodes(node.children)
  const left = first === undefined ? [] : trace(first, scope)
  const outer = union([scope.outer, sourcesOf(node.duplicate_eliminated_columns, left)])
  const right = second === undefined ? [] : trace(second, { ...scope, outer })
  const condition = () =>
    union([
      ...nodes(node.conditions).map((part) => union([sourcesOf(part.left, left), sourcesOf(part.right, right)])),
      sourcesOf([node.condition, node.predicate], [...left, ...right])
    ])
  switch (node.join_type) {
    case "SEMI":
    case "ANTI":
      return left
    case "RIGHT_SEMI":
    case "RIGHT_ANTI":
      return right
    case "MARK":
      return [...left, condition()]
    default:
      return [...left, ...right]
  }
}

const defined = (scope: Scope, node: Node, columns: Columns): Scope => ({
  ...scope,
  tables: new Map([...scope.tables, [node.table_index, columns]])
})

const withTable: Operator = (node, scope) => {
  const [definition, body] = nodes(node.children)
  if (definition === undefined || body === undefined) return [anywhere]
  return trace(body, defined(scope, node, trace(definition, scope)))
}

const size = (columns: Columns) => columns.reduce((total, sources) => total + sources.size, 0)

/** A round can only add sources, so it is repeated until it adds none. */
const recursive: Operator = (node, scope) => {
  const [anchor, step] = nodes(node.children)
  if (anchor === undefined || step === undefined) return [anywhere]
  const grow = (columns: Columns): Columns => {
    const next = sideBySide([columns, trace(step, defined(scope, node, columns))])
    return size(next) === size(columns) ? columns : grow(next)
  }
  return grow(trace(anchor, scope))
}

const operators: { readonly [type: string]: Operator } = {
  LOGICAL_AGGREGATE_AND_GROUP_BY: aggregate,
  LOGICAL_ANY_JOIN: join,
  LOGICAL_ASOF_JOIN: join,
  LOGICAL_COMPARISON_JOIN: join,
  LOGICAL_CROSS_PRODUCT: join,
  LOGICAL_CTE_REF: (node, scope) => scope.tables.get(node.cte_index) ?? [anywhere],
  LOGICAL_DELIM_GET: (node, scope) => list(node.chunk_types).map(() => scope.outer),
  LOGICAL_DELIM_JOIN: join,
  LOGICAL_DISTINCT: pass,
  LOGICAL_DUMMY_SCAN: () => [none],
  LOGICAL_EXCEPT: (node, scope) => sideBySide(inputs(node, scope)),
  LOGICAL_EXPRESSION_GET: values,
  LOGICAL_FILTER: pass,
  LOGICAL_GET: read,
  LOGICAL_INTERSECT: (node, scope) => sideBySide(inputs(node, scope)),
  LOGICAL_LIMIT: pass,
  LOGICAL_MATERIALIZED_CTE: withTable,
  LOGICAL_ORDER_BY: pass,
  LOGICAL_POSITIONAL_JOIN: join,
  LOGICAL_PROJECTION: (node, scope) => each(node.expressions, pass(node, scope)),
  LOGICAL_RECURSIVE_CTE: recursive,
  LOGICAL_SAMPLE: pass,
  LOGICAL_UNION: (node, scope) => sideBySide(inputs(node, scope)),
  LOGICAL_UNNEST: extend,
  LOGICAL_WINDOW: extend
}

const strange = (node: Node): ReadonlyArray<string> => {
  const type = text(node.type)
  const reads = type === "LOGICAL_GET" && node.name !== "seq_scan" && !tableFunctions.has(text(node.name))
  const here = !(type in operators) ? [type] : reads ? [text(node.name)] : []
  return [...here, ...nodes(node.children).flatMap(strange)]
}

/**
 * The sources of each output column of a plan, in order. Fails with the name of what the plan reads or does that is
 * not known here.
 *
 * @since 0.1.0
 * @category lineage
 */
export const outputs = (plan: unknown, label: Label): Either.Either<ReadonlyArray<Sources>, string> => {
  if (!Predicate.isRecord(plan)) return Either.left("plan")
  const [unknown] = strange(plan)
  return unknown === undefined
    ? Either.right(trace(plan, { label, tables: new Map(), outer: none }))
    : Either.left(unknown)
}
