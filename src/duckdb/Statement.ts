/**
 * What a piece of SQL is, by DuckDB's own parser: one SELECT or something else, and what it names in FROM.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { DuckDbError } from "./DuckDbError.js"

/**
 * A parsed text. Only `select` means: exactly one statement, and that one reads. DESCRIBE, SHOW and SUMMARIZE, which
 * DuckDB counts among the SELECTs, are `other` here.
 *
 * `relations` holds every name read as a table, those of common table expressions included; `schema` is empty when the
 * name is not qualified. `commonTables` are the names of those common table expressions, `functions` all that is called
 * by name, operators and table functions included; they and `tableFunctions` are in lower case. `qualifiedFunctions` are
 * those of them that are called in a schema.
 *
 * @since 0.1.0
 * @category models
 */
export interface Statement {
  readonly kind: "select" | "several" | "none" | "other"
  readonly relations: ReadonlyArray<{ readonly schema: string; readonly name: string }>
  readonly tableFunctions: ReadonlyArray<string>
  readonly commonTables: ReadonlyArray<string>
  readonly functions: ReadonlyArray<string>
  readonly qualifiedFunctions: ReadonlyArray<string>
}

/**
 * The query whose one value is the parse tree of its parameter.
 *
 * @since 0.1.0
 * @category parsing
 */
export const treeQuery = "SELECT json_serialize_sql($1::VARCHAR)"

const Serialized = Schema.parseJson(Schema.Struct({
  statements: Schema.optionalWith(Schema.Array(Schema.Unknown), { default: () => [] }),
  error_type: Schema.optional(Schema.String),
  error_message: Schema.optional(Schema.String)
}))

const decode = Schema.decodeUnknown(Serialized)

type Node = { readonly [key: string]: unknown }

/** Every object within a tree, the root first. */
function* nodes(tree: unknown): Generator<Node> {
  if (Predicate.isRecord(tree)) yield tree
  if (Predicate.isObject(tree)) { for (const value of Object.values(tree)) yield* nodes(value) }
}

const text = (value: unknown) => typeof value === "string" ? value : ""

const functionOf = (node: Node) => text(node.function_name).toLowerCase()

// What the parser makes of brackets, SUBSTRING and the like, it puts into the schema main by itself.
const isOfParser = (node: Node) =>
  text(node.catalog) === "" && text(node.schema) === "main" && !bounded.has(functionOf(node))

const isQualified = (node: Node) => text(node.schema) !== "" && !isOfParser(node)

// Those that could be made to write without bound, were it not for macros that stand before them.
const bounded = new Set(["format", "lpad", "printf", "repeat", "rpad"])

const qualifier = (table: Node) => [text(table.catalog_name), text(table.schema_name)].filter((part) => part).join(".")

const other: Statement = {
  kind: "other",
  relations: [],
  tableFunctions: [],
  commonTables: [],
  functions: [],
  qualifiedFunctions: []
}

const commonTablesOf = (node: Node) =>
  Predicate.isRecord(node.cte_map) && Array.isArray(node.cte_map.map)
    ? node.cte_map.map.filter(Predicate.isRecord).map(({ key }) => text(key).toLowerCase())
    : []

/**
 * Reads what {@link treeQuery} answered. Fails when the text is not SQL.
 *
 * @since 0.1.0
 * @category parsing
 */
export const fromTree = (json: unknown): Effect.Effect<Statement, DuckDbError> =>
  Effect.flatMap(Effect.orDie(decode(json)), ({ statements, error_type, error_message }) => {
    // The only thing the serializer refuses, apart from bad SQL, is a statement that is no SELECT.
    if (error_type === "not implemented") return Effect.succeed(other)
    if (error_type !== undefined) return new DuckDbError({ type: "Parser", message: error_message ?? error_type })
    const all = [...nodes(statements)]
    const ofType = (type: string) => all.filter((node) => node.type === type)
    if (ofType("SHOW_REF").length > 0) return Effect.succeed(other)
    return Effect.succeed<Statement>({
      kind: statements.length === 0 ? "none" : statements.length === 1 ? "select" : "several",
      relations: ofType("BASE_TABLE").map((table) => ({ schema: qualifier(table), name: text(table.table_name) })),
      tableFunctions: ofType("TABLE_FUNCTION").flatMap((node) =>
        Predicate.isRecord(node.function) ? [text(node.function.function_name).toLowerCase()] : []
      ),
      commonTables: all.flatMap(commonTablesOf),
      functions: all.map(functionOf).filter((name) => name !== ""),
      qualifiedFunctions: all.filter(isQualified).map(functionOf).filter((name) => name !== "")
    })
  })
