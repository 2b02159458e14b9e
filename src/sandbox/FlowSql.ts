/**
 * One statement out of a node and all that feeds it.
 *
 * What a parent produces stands in a common table expression; macros and parameters get their node's number, so that two
 * questions may use the same names.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as Flows from "./Flows.js"
import type * as QuestionExecution from "./QuestionExecution.js"
import * as QuestionState from "./QuestionState.js"
import type * as Rows from "./Rows.js"
import * as Tokens from "./sql/Tokens.js"
import type * as World from "./World.js"

type Parameters = { readonly [name: string]: string }

interface Part {
  readonly sql: string
  readonly macros: ReadonlyArray<QuestionExecution.Macro>
  readonly parameters: Parameters
}

const print = ({ kind, text }: Tokens.Token) => {
  if (kind === "string") return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`
  if (kind === "identifier") return `"${text.replaceAll("\"", "\"\"")}"`
  return kind === "reference" ? `@${text}` : text
}

/** Writes a question's SQL with other names for its macros and parameters; fields stay as they are. */
const renamed = (sql: string, rename: (name: string) => string): string =>
  Either.match(Tokens.tokenize(sql), {
    onLeft: () => sql,
    onRight: (tokens) => {
      let before = ""
      return tokens.map((token) => {
        const text = token.kind === "reference" && before !== "." ? rename(token.text) : print(token)
        if (token.kind !== "space") before = text
        return text
      }).join("")
    }
  })

const feed = (name: string, columns: Parameters, sql: string) => {
  const more = Object.entries(columns).map(([field, column]) =>
    `, ${Tokens.identifier(column)} AS ${Tokens.identifier(field)}`
  )
  return `${name} AS (SELECT *${more.join("")} FROM (${sql}\n))`
}

/**
 * The node's statement with the datasets and parameters of all nodes in it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const compose = (
  world: World.Service,
  room: Rows.CleanRoom,
  nodes: ReadonlyArray<Rows.FlowNode>,
  node: Rows.FlowNode,
  parametersOf: (node: Rows.FlowNode) => Parameters
): Part => {
  const prefix = `n${nodes.indexOf(node)}_`
  const parents = node.edges.flatMap((edge) => {
    const parent = nodes.find(({ id }) => id === edge.parentId)
    return parent === undefined ? [] : [{ edge, part: compose(world, room, nodes, parent, parametersOf) }]
  })
  const fedName = (macro: string) => `${prefix}fed_${macro}`
  const isFed = (name: string) => parents.some(({ edge }) => edge.macro === name)
  const sql = QuestionState.sql(Flows.definition(world, node), room.type)
  const own = renamed(sql, (name) => isFed(name) ? fedName(name) : `@${prefix}${name}`)
  const parameters = parametersOf(node)
  const macros = QuestionState.macros(world, node, parameters)
  const tables = parents.map(({ edge, part }) => feed(fedName(edge.macro), edge.columns, part.sql))
  return {
    sql: tables.length === 0 ? own : `WITH ${tables.join(",\n")}\nSELECT * FROM (${own}\n)`,
    macros: [
      ...macros.map((macro) => ({ ...macro, macro: `${prefix}${macro.macro}` })),
      ...parents.flatMap(({ part }) => part.macros)
    ],
    parameters: {
      ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`${prefix}${name}`, value])),
      ...Object.assign({}, ...parents.map(({ part }) => part.parameters))
    }
  }
}
