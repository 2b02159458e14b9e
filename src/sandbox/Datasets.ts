/**
 * Datasets of a clean room as Habu shows them.
 *
 * @since 0.1.0
 */
import type { FieldConfiguration } from "../habu/api/DataConnections.js"
import type * as Api from "../habu/api/Datasets.js"
import * as Ids from "./Ids.js"
import type * as Rows from "./Rows.js"
import * as Sources from "./Sources.js"
import { given } from "./Wire.js"
import type * as World from "./World.js"

/**
 * A view as clean rooms take it: like a data connection of its own. A field is PII if it comes from one that is.
 *
 * @since 0.1.0
 * @category getters
 */
export const viewAsConnection = (world: World.Service, id: string): Rows.DataConnection | undefined => {
  const view = world.views.get(id)
  return view === undefined ? undefined : {
    id: view.id,
    organizationId: view.organizationId,
    name: view.name,
    category: "View",
    credentialId: undefined,
    dataType: "Generic",
    dataSource: "View",
    configuration: [],
    checkedFrom: view.createdAt,
    mapped: view.fields !== undefined,
    stuck: false,
    unseen: [],
    fields: (view.fields ?? []).map((field, index) => ({
      dataConnectionId: view.id,
      id: Ids.uuid(world.seed, `field/${view.id}/${field.name}`),
      fieldIndex: index,
      fieldName: field.name,
      fieldLabel: field.name,
      dataType: field.type,
      isPii: Sources.isPii(world, view, field),
      isUserIdField: false,
      isExcluded: false,
      isPartitionColumn: false
    }))
  }
}

/**
 * The data connection or view that a dataset shows.
 *
 * @since 0.1.0
 * @category getters
 */
export const connectionOf = (
  world: World.Service,
  { connectionId }: Rows.Dataset
): Rows.DataConnection | undefined => world.dataConnections.get(connectionId) ?? viewAsConnection(world, connectionId)

/**
 * The names of all fields of a dataset, also those that it hides.
 *
 * @since 0.1.0
 * @category getters
 */
export const fieldNames = (world: World.Service, dataset: Rows.Dataset): ReadonlyArray<string | undefined> =>
  (connectionOf(world, dataset)?.fields ?? []).map(({ fieldName }) => fieldName)

/**
 * A data connection as a new dataset of a clean room, all of it, which only its owner can assign.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofConnection = (
  world: World.Service,
  room: Rows.CleanRoom,
  connection: Rows.DataConnection
): Rows.Dataset => ({
  id: world.ids.uuid("dataset"),
  cleanRoomId: room.id,
  organizationId: connection.organizationId,
  connectionId: connection.id,
  name: connection.name,
  renames: {},
  excluded: [],
  filters: [],
  partnerCanAssign: false,
  rampIdConsent: false
})

/**
 * The fields of a dataset that its owner lets others see, under their names there.
 *
 * @since 0.1.0
 * @category getters
 */
export const visibleFields = (world: World.Service, dataset: Rows.Dataset): ReadonlyArray<FieldConfiguration> =>
  (connectionOf(world, dataset)?.fields ?? [])
    .filter((field) => field.isExcluded !== true && !dataset.excluded.includes(field.fieldName ?? ""))
    .map((field) => ({ ...field, fieldName: dataset.renames[field.fieldName ?? ""] ?? field.fieldName ?? "" }))

const mapping = (dataset: Rows.Dataset) => (field: FieldConfiguration): Api.DatasetFieldMapping => {
  const name = field.fieldName ?? ""
  const { identifierType: _, ...shown } = field
  return given({
    ...shown,
    isExcluded: field.isExcluded === true || dataset.excluded.includes(name),
    rename: dataset.renames[name] ?? ""
  })
}

const partitionGroups = (part: Sources.Part) => {
  const fields = Sources.partitionFields(part)
  return fields.length === 0 ? [] : [given({
    dataConnectionId: part.connection.id,
    dataConnectionName: part.connection.name,
    dataConnectionMacro: part.macro,
    partitionFields: fields.map((field) => ({
      fieldName: field.fieldName ?? "",
      dataType: field.dataType ?? "DATE",
      parameters: Sources.partitionNames(part).map((name) =>
        given({ name, dataType: "DATE", partitionFieldConfig: field.partitionFieldConfig })
      )
    }))
  })]
}

/**
 * A dataset as the contract's `CleanRoomDataset`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toWire = (world: World.Service, dataset: Rows.Dataset): Api.CleanRoomDataset => {
  const connection = connectionOf(world, dataset)
  const isView = world.views.get(dataset.connectionId) !== undefined
  return given({
    id: dataset.id,
    name: dataset.name,
    cleanRoomId: dataset.cleanRoomId,
    organizationName: world.organizations.get(dataset.organizationId)?.name,
    dataConnectionType: connection?.dataType,
    dataConnectionId: dataset.connectionId,
    stage: "ACTIVE",
    configurationStatus: "CONFIGURED",
    datasetFields: visibleFields(world, dataset).map((field) =>
      given({ datasetId: dataset.id, id: field.id, name: field.fieldName, type: field.dataType })
    ),
    datasetFieldMappings: (connection?.fields ?? []).map(mapping(dataset)),
    datasetFilters: dataset.filters,
    datasetParameters: [],
    partitionParameters: {
      isView,
      partitionGroups: Sources.parts(world, dataset.connectionId).flatMap(partitionGroups)
    },
    isView,
    partnerCanAssign: dataset.partnerCanAssign
  })
}

/**
 * The datasets of a clean room that hold a kind of data.
 *
 * @since 0.1.0
 * @category getters
 */
export const ofType = (world: World.Service, cleanRoomId: string, dataType: string): ReadonlyArray<Rows.Dataset> =>
  world.datasets.where((dataset) =>
    dataset.cleanRoomId === cleanRoomId && connectionOf(world, dataset)?.dataType === dataType
  )
