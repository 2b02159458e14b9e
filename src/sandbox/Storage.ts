/**
 * What lies in the organisations' stores and warehouses that is not as Habu needs it, and how Habu reads it.
 *
 * Which of it a data connection meets follows from its configuration and credential: it is mended by changing those.
 *
 * @since 0.1.0
 */
import * as Redacted from "effect/Redacted"
import type { FieldConfiguration } from "../habu/api/DataConnections.js"
import * as Ids from "./Ids.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

type Fields = ReadonlyArray<FieldConfiguration>

type Reading = (world: World.Service, fields: Fields) => Fields

const pick = <A>(world: World.Service, name: string, values: ReadonlyArray<A>): A | undefined =>
  values[Ids.between(world.seed, `storage/${name}`, 0, values.length - 1)]

/** A byte order mark belongs to the first header. */
const marked: Reading = (_, fields) =>
  fields.map((field, index) => index === 0 ? { ...field, fieldName: `\uFEFF${field.fieldName ?? ""}` } : field)

const headers: ReadonlyArray<(name: string) => string> = [
  (name) => name.replaceAll("_", " "),
  (name) => name.includes("_") ? `${name.replace("_", "/")} (web)` : `${name}#`,
  (name) => `${name}_as_it_was_recorded_by_the_system_of_the_online_shop`
]

const misnamed: Reading = (world, fields) => {
  const rename = pick(world, "headers", headers) ?? String
  return fields.map((field) => ({ ...field, fieldName: rename(field.fieldName ?? "") }))
}

/** Two files that disagree on a column give it twice. */
const mixed: Reading = (world, fields) => {
  const column = pick(world, "mixed", fields.filter(({ dataType }) => dataType !== "STRING"))
  return column === undefined ? fields : [
    ...fields,
    {
      ...column,
      id: Ids.uuid(world.seed, `mixed/${column.id ?? ""}`),
      fieldIndex: fields.length,
      dataType: "STRING" as const
    }
  ]
}

/** Files that keep a check from passing, by the folder they lie in. */
const spoilt: { readonly [folder: string]: Reading } = { batch_03: marked, batch_07: misnamed, batch_12: mixed }

/** Lists and records inside a column have no type here. */
const nested: { readonly [folder: string]: string } = { batch_15: "preferences" }

const folders = (location: string) => location.toLowerCase().split(/[^a-z0-9_]+/)

const valueOf = (connection: Rows.DataConnection, name: string) =>
  connection.configuration.find((parameter) => parameter.name === name)?.value?.trim() ?? ""

const location = (connection: Rows.DataConnection) => valueOf(connection, "DataLocation")

const secret = (world: World.Service, connection: Rows.DataConnection, field: string) => {
  const credential = connection.credentialId === undefined ? undefined : world.credentials.get(connection.credentialId)
  const value = credential?.values[field]
  return value === undefined ? "" : Redacted.value(value)
}

const hasNoExtension = (connection: Rows.DataConnection) =>
  ["SampleFilePath", "FileName"].some((name) =>
    /[^/]$/.test(valueOf(connection, name)) &&
    !valueOf(connection, name).split("/").at(-1)?.includes(".")
  )

/** Objects under this prefix are encrypted with a key that LiveRamp's role may not use. */
const isEncrypted = (connection: Rows.DataConnection) => folders(location(connection)).includes("vault")

/** The one project in which the services that an authorised view needs are switched on. */
const isForeignProject = (connection: Rows.DataConnection) =>
  connection.dataSource === "BIGQUERY_VIEW" && valueOf(connection, "ProjectId") !== "alder-pine"

const hasEncryptedKey = (world: World.Service, connection: Rows.DataConnection) =>
  secret(world, connection, "SNOWFLAKE_PRIVATE_KEY").includes("ENCRYPTED PRIVATE KEY")

/**
 * Whether what a data connection reaches keeps it from being set up.
 *
 * @since 0.1.0
 * @category guards
 */
export const refuses = (world: World.Service, connection: Rows.DataConnection): boolean =>
  hasNoExtension(connection) || isEncrypted(connection) || isForeignProject(connection) ||
  hasEncryptedKey(world, connection) || folders(location(connection)).some((folder) => folder in spoilt)

/**
 * Whether a check that fails comes as far as the headers.
 *
 * @since 0.1.0
 * @category guards
 */
export const showsHeaders = (connection: Rows.DataConnection): boolean =>
  folders(location(connection)).some((folder) => folder in spoilt)

/**
 * A table's fields as they are read from where a data connection points.
 *
 * @since 0.1.0
 * @category getters
 */
export const read = (world: World.Service, connection: Rows.DataConnection, fields: Fields): Fields => {
  const here = folders(location(connection))
  const reading = Object.entries(spoilt).find(([folder]) => here.includes(folder))?.[1]
  const more = Object.entries(nested).filter(([folder]) => here.includes(folder)).map(([, name], index) => ({
    dataConnectionId: connection.id,
    id: Ids.uuid(world.seed, `field/${connection.id}/${name}`),
    fieldIndex: fields.length + index,
    fieldName: name,
    fieldLabel: name,
    dataType: "UNKNOWN" as const,
    identifierType: "" as const,
    delimiter: "" as const,
    isPii: false,
    isUserIdField: false,
    isExcluded: true,
    isPartitionColumn: false
  }))
  return [...reading === undefined ? fields : reading(world, fields), ...more]
}

/** The types of clean room that a source of native data serves; hybrid sources are not told apart. */
const native: { readonly [source: string]: string } = { SNOWFLAKE: "Snowflake", BIGQUERY_VIEW: "Google" }

/** Warehouses that the role of the seeded credentials may not operate. */
const closedWarehouses = ["REPORTING"]

/**
 * What keeps a run in a clean room from reading a data connection that is complete, if something does.
 *
 * @since 0.1.0
 * @category getters
 */
export const readingFailure = (world: World.Service, connection: Rows.DataConnection, room: Rows.CleanRoom) => {
  const type = native[connection.dataSource]
  if (type !== undefined && type !== room.type) {
    return {
      failureReason: "Data not accessible",
      runMessage: `${connection.name} is set up for ${type} clean rooms and cannot be read from a ${room.type} one.`,
      isRetryable: false
    }
  }
  const warehouse = secret(world, connection, "SNOWFLAKE_WAREHOUSE")
  return closedWarehouses.includes(warehouse)
    ? {
      failureReason: "Data not accessible",
      runMessage: `Insufficient privileges to operate on warehouse '${warehouse}' for ${connection.name}.`,
      isRetryable: false
    }
    : undefined
}
