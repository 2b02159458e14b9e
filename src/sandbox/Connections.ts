/**
 * How far a data connection is: derived from when its check began and from what its configuration reaches.
 *
 * The sandbox's storage is simple. Each organisation has a store whose name begins like its own, and in it a folder or
 * table for each of its tables of the warehouse. A configuration that names another store cannot be read; one that
 * names the right store and no table finds no file.
 *
 * @since 0.1.0
 */
import type { FieldConfiguration } from "../habu/api/DataConnections.js"
import * as Ids from "./Ids.js"
import type * as Rows from "./Rows.js"
import * as Storage from "./Storage.js"
import * as Tables from "./Tables.js"
import type * as World from "./World.js"

/**
 * How far a data connection is.
 *
 * @since 0.1.0
 * @category models
 */
export type Stage =
  | "VERIFYING_ACCESS"
  | "WAITING_FOR_FILE"
  | "CONFIGURATION_FAILED"
  | "MAPPING_REQUIRED"
  | "CONFIGURATION_COMPLETE"

const stores = { retailer: "alder-pine", brand: "fizzwell", publisher: "lumen-street", agency: "kestrel" }

const text = (connection: Rows.DataConnection) =>
  connection.configuration.map((parameter) => parameter.value ?? "").join(" ").toLowerCase()

const partyOf = (world: World.Service, connection: Rows.DataConnection) =>
  world.organizations.get(connection.organizationId)?.party

/**
 * The table of the warehouse that a data connection reads.
 *
 * @since 0.1.0
 * @category getters
 */
export const table = (world: World.Service, connection: Rows.DataConnection): Tables.Table | undefined => {
  const names = text(connection).split(/[^a-z0-9_]+/)
  const party = partyOf(world, connection)
  return Tables.tables.find((table) => table.owner === party && names.includes(table.name))
}

const reachesStore = (world: World.Service, connection: Rows.DataConnection) => {
  const party = partyOf(world, connection)
  return connection.dataSource === "LOCAL_UPLOAD" ||
    (party !== undefined && text(connection).replaceAll("_", "-").includes(stores[party]))
}

/** Habu says that a check usually takes no more than five minutes. */
const checkTime = (world: World.Service, connection: Rows.DataConnection) =>
  Ids.between(world.seed, `check/${connection.id}`, 60, 280) * 1000

/** Columns of the source that the mapping does not know yet. */
const unmapped = (connection: Rows.DataConnection, table: Tables.Table) =>
  table.columns.filter(({ name }) =>
    !connection.unseen.includes(name) && !connection.fields.some(({ fieldName }) => fieldName === name)
  )

/**
 * The stage of a data connection at a time.
 *
 * @since 0.1.0
 * @category getters
 */
export const stage = (world: World.Service, connection: Rows.DataConnection, now: number): Stage => {
  if (connection.stuck || now < connection.checkedFrom + checkTime(world, connection)) return "VERIFYING_ACCESS"
  if (!reachesStore(world, connection)) return "CONFIGURATION_FAILED"
  const source = table(world, connection)
  if (source === undefined) return "WAITING_FOR_FILE"
  if (Storage.refuses(world, connection)) return "CONFIGURATION_FAILED"
  return connection.mapped && unmapped(connection, source).length === 0 ? "CONFIGURATION_COMPLETE" : "MAPPING_REQUIRED"
}

/**
 * A data connection whose check begins anew, and takes in columns that came since the last one.
 *
 * @since 0.1.0
 * @category combinators
 */
export const checked = (connection: Rows.DataConnection, now: number): Rows.DataConnection => ({
  ...connection,
  stuck: false,
  unseen: [],
  checkedFrom: now
})

/**
 * The fields of a table as a data connection shows them: with the table's labels, or bare as before mapping.
 *
 * @since 0.1.0
 * @category getters
 */
export const fieldsOf = (
  world: World.Service,
  connectionId: string,
  table: Tables.Table,
  labelled: boolean
): ReadonlyArray<FieldConfiguration> =>
  table.columns.map((column, index) => ({
    dataConnectionId: connectionId,
    id: Ids.uuid(world.seed, `field/${connectionId}/${column.name}`),
    fieldIndex: index,
    fieldName: column.name,
    fieldLabel: column.name,
    dataType: column.type,
    identifierType: labelled ? column.identifierType ?? "" : "",
    delimiter: "",
    isPii: labelled && column.isPii,
    isUserIdField: labelled && column.isUserIdField,
    isExcluded: false,
    isPartitionColumn: labelled && column.isPartitionColumn,
    ...(labelled && column.isPartitionColumn
      ? { partitionFieldConfig: { type: "Range" as const, isEnforced: false } }
      : {})
  }))

/**
 * The field configurations to show now: as mapped, bare those that nobody mapped yet, and none before the check has read
 * the schema.
 *
 * @since 0.1.0
 * @category getters
 */
export const fields = (
  world: World.Service,
  connection: Rows.DataConnection,
  now: number
): ReadonlyArray<FieldConfiguration> => {
  const source = table(world, connection)
  const at = stage(world, connection, now)
  const isRead = at === "MAPPING_REQUIRED" || (at === "CONFIGURATION_FAILED" && Storage.showsHeaders(connection))
  if (source === undefined || !isRead) return connection.fields
  const names = unmapped(connection, source).map(({ name }) => name)
  const bare = fieldsOf(world, connection.id, source, false).filter(({ fieldName = "" }) => names.includes(fieldName))
  const known = connection.fields.map(({ fieldName }) => fieldName)
  const found = Storage.read(world, connection, bare).filter(({ fieldName }) => !known.includes(fieldName))
  return [...connection.fields, ...found]
}
