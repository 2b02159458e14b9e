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

/**
 * The stage of a data connection at a time.
 *
 * @since 0.1.0
 * @category getters
 */
export const stage = (world: World.Service, connection: Rows.DataConnection, now: number): Stage => {
  if (now < connection.checkedFrom + checkTime(world, connection)) return "VERIFYING_ACCESS"
  if (!reachesStore(world, connection)) return "CONFIGURATION_FAILED"
  if (table(world, connection) === undefined) return "WAITING_FOR_FILE"
  return connection.mapped ? "CONFIGURATION_COMPLETE" : "MAPPING_REQUIRED"
}

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
 * The field configurations to show now: as mapped, bare once the check has read the schema, and none before that.
 *
 * @since 0.1.0
 * @category getters
 */
export const fields = (
  world: World.Service,
  connection: Rows.DataConnection,
  now: number
): ReadonlyArray<FieldConfiguration> => {
  if (connection.fields.length > 0) return connection.fields
  const source = table(world, connection)
  return source === undefined || stage(world, connection, now) !== "MAPPING_REQUIRED"
    ? []
    : fieldsOf(world, connection.id, source, false)
}
