/**
 * What a dataset reads: the table of one data connection, or the SQL of a view over several.
 *
 * @since 0.1.0
 */
import type { FieldConfiguration } from "../habu/api/DataConnections.js"
import * as Connections from "./Connections.js"
import type * as QuestionExecution from "./QuestionExecution.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

/**
 * A data connection that is read; `macro` is its name in the query of a view that lies over it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Part {
  readonly connection: Rows.DataConnection
  readonly macro: string | undefined
}

const viewParts = (world: World.Service, sources: Rows.View["sources"]): ReadonlyArray<Part> =>
  sources.flatMap(({ dataConnectionId, macro }) => {
    const connection = world.dataConnections.get(dataConnectionId)
    return connection === undefined ? [] : [{ connection, macro }]
  })

/**
 * The data connections that a data connection or view, given by its id, reads.
 *
 * @since 0.1.0
 * @category getters
 */
export const parts = (world: World.Service, id: string): ReadonlyArray<Part> => {
  const connection = world.dataConnections.get(id)
  return connection === undefined
    ? viewParts(world, world.views.get(id)?.sources ?? [])
    : [{ connection, macro: undefined }]
}

/**
 * The columns of a data connection by which its runs choose what to read.
 *
 * @since 0.1.0
 * @category getters
 */
export const partitionFields = ({ connection }: Part): ReadonlyArray<FieldConfiguration> =>
  connection.fields.filter((field) => field.isPartitionColumn === true)

/**
 * The names of the two values that a partition column asks for; below a view its macro comes first.
 *
 * @since 0.1.0
 * @category getters
 */
export const partitionNames = ({ macro }: Part): readonly [from: string, to: string] => {
  const prefix = macro === undefined ? "" : `${macro}.`
  return [`${prefix}date_start`, `${prefix}date_end`]
}

/** The value of a partition parameter, by the name that {@link partitionNames} gives it. */
type Values = (name: string) => string | undefined

const namesOf = (fields: ReadonlyArray<FieldConfiguration>) => fields.map(({ fieldName = "" }) => fieldName)

const columnsOf = (names: ReadonlyArray<string>) => Object.fromEntries(names.map((name) => [name, name]))

const read = (
  world: World.Service,
  macro: string,
  part: Part,
  valueOf: Values | undefined
): ReadonlyArray<QuestionExecution.Macro> => {
  const { connection } = part
  const table = Connections.table(world, connection)
  if (table === undefined) return []
  const known = namesOf(connection.fields)
  const [partition] = namesOf(partitionFields(part))
  const [from, to] = partitionNames(part)
  return [{
    macro,
    table: table.name,
    columns: columnsOf(table.columns.map(({ name }) => name).filter((name) => known.includes(name))),
    excluded: namesOf(connection.fields.filter((field) => field.isExcluded === true)),
    pii: namesOf(connection.fields.filter((field) => field.isPii === true)),
    filters: [],
    partition: partition === undefined || valueOf === undefined
      ? undefined
      : { column: partition, from: valueOf(from), to: valueOf(to) }
  }]
}

/**
 * The data connections of a view, each under its macro and read as a whole.
 *
 * @since 0.1.0
 * @category getters
 */
export const viewMacros = (
  world: World.Service,
  sources: Rows.View["sources"]
): ReadonlyArray<QuestionExecution.Macro> =>
  viewParts(world, sources).flatMap((part) => read(world, part.macro ?? "", part, undefined))

/**
 * What a macro bound to a data connection or view reads, all of it but for the partitions that the values choose.
 * Undefined where there is nothing to read.
 *
 * @since 0.1.0
 * @category getters
 */
export const macro = (
  world: World.Service,
  name: string,
  id: string,
  valueOf: Values
): QuestionExecution.Macro | undefined => {
  const all = parts(world, id)
  const view = world.views.get(id)
  if (view === undefined) return all.flatMap((part) => read(world, name, part, valueOf))[0]
  if (view.fields === undefined) return undefined
  const columns = view.fields.map((field) => field.name)
  return {
    macro: name,
    table: {
      sql: view.query,
      columns,
      macros: all.flatMap((part) => read(world, part.macro ?? "", part, valueOf))
    },
    columns: columnsOf(columns),
    excluded: [],
    pii: [],
    filters: [],
    partition: undefined
  }
}

/**
 * Whether a view's column returns personal data, going by how the data connections below are labelled now. What cannot
 * be traced counts as such.
 *
 * @since 0.1.0
 * @category getters
 */
export const isPii = (world: World.Service, view: Rows.View, { origins }: Rows.ViewField): boolean => {
  const plain = viewParts(world, view.sources).flatMap(({ connection, macro }) =>
    connection.fields.flatMap(({ fieldName, isPii }) => isPii === true ? [] : [`@${macro ?? ""}.${fieldName ?? ""}`])
  )
  return origins.some((origin) => !plain.includes(origin))
}
