/**
 * Datasets of a clean room.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Datasets.js"
import * as Access from "../Access.js"
import * as Connections from "../Connections.js"
import * as Datasets from "../Datasets.js"
import { served } from "../Group.js"
import { badRequest, forbidden } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import * as World from "../World.js"

const datasetOf = (world: World.Service, path: { readonly cleanroomId: string; readonly datasetId: string }) =>
  Effect.flatMap(Access.part(world, path.cleanroomId, "datasets"), (room) => {
    const row = world.datasets.get(path.datasetId)
    return Access.found(row?.cleanRoomId === room.id ? row : undefined, "Dataset", path.datasetId)
  })

const ownDatasetOf = (world: World.Service, path: { readonly cleanroomId: string; readonly datasetId: string }) =>
  Effect.filterOrFail(
    datasetOf(world, path),
    (row) => row.organizationId === world.organizationId,
    (row) => forbidden(`Dataset ${row.name} belongs to another organisation`)
  )

/** Makes a data connection available in a clean room; a second time changes its consent only. */
const configure = (
  world: World.Service,
  cleanRoomId: string,
  connectionId: string,
  request: Api.ConfigureCleanRoomDatasetRequest
) =>
  Effect.gen(function*() {
    const room = yield* Effect.flatMap(Access.part(world, cleanRoomId, "datasets"), Access.open)
    const connection = yield* Access.own(
      world,
      world.dataConnections.get(connectionId) ?? Datasets.viewAsConnection(world, connectionId),
      "Data connection",
      connectionId
    )
    const isView = world.views.get(connectionId) !== undefined
    const now = yield* Clock.currentTimeMillis
    const stage = isView
      ? connection.mapped ? "CONFIGURATION_COMPLETE" : "CONFIGURATION_FAILED"
      : Connections.stage(world, connection, now)
    if (stage !== "CONFIGURATION_COMPLETE") {
      return yield* Effect.fail(badRequest(`Data connection ${connection.name} is not ready: ${stage}`))
    }
    const rampIdConsent = request.rampIDConsent ?? false
    const present = world.datasets.find((row) => row.cleanRoomId === room.id && row.connectionId === connectionId)
    return Datasets.toWire(
      world,
      world.datasets.put(
        { ...present ?? Datasets.ofConnection(world, room, connection), rampIdConsent }
      )
    )
  })

const checkMappings = (mappings: Api.DatasetFieldMappings, fields: ReadonlyArray<string | undefined>) => {
  const incomplete = mappings.find((item) => item.isExcluded === undefined || item.rename === undefined)
  if (incomplete !== undefined) return `fieldName, isExcluded and rename are required (${incomplete.fieldName ?? "?"})`
  const stranger = mappings.find((item) => !fields.includes(item.fieldName))
  return stranger === undefined ? undefined : `There is no field ${stranger.fieldName ?? ""}`
}

const checkFilters = (filters: ReadonlyArray<Api.DatasetFilter>, fields: ReadonlyArray<string | undefined>) => {
  const incomplete = filters.find((item) => item.operator === undefined || item.values === undefined)
  if (incomplete !== undefined) return "datasetFieldName, operator and values are required"
  const stranger = filters.find((item) => !fields.includes(item.datasetFieldName))
  return stranger === undefined ? undefined : `There is no field ${stranger.datasetFieldName ?? ""}`
}

const renamesOf = (row: Rows.Dataset, mappings: Api.DatasetFieldMappings) => {
  const changed = mappings.map(({ fieldName = "", rename = "" }) => [fieldName, rename] as const)
  return Object.fromEntries(
    Object.entries({ ...row.renames, ...Object.fromEntries(changed) }).filter(([, rename]) => rename !== "")
  )
}

const excludedOf = (row: Rows.Dataset, mappings: Api.DatasetFieldMappings) => {
  const changed = mappings.map(({ fieldName }) => fieldName)
  const kept = row.excluded.filter((name) => !changed.includes(name))
  return [...kept, ...mappings.flatMap(({ fieldName, isExcluded }) => isExcluded === true ? [fieldName ?? ""] : [])]
}

const update = (
  world: World.Service,
  path: { readonly cleanroomId: string; readonly datasetId: string },
  request: Api.CleanRoomDatasetUpdateRequest
) =>
  Effect.gen(function*() {
    const row = yield* ownDatasetOf(world, path)
    yield* Effect.flatMap(Access.cleanRoom(world, path.cleanroomId), Access.open)
    const fields = Datasets.fieldNames(world, row)
    const mappings = request.datasetFieldMappings ?? []
    const wrong = checkMappings(mappings, fields) ?? checkFilters(request.datasetFilters ?? [], fields)
    if (wrong !== undefined) return yield* Effect.fail(badRequest(wrong))
    return Datasets.toWire(
      world,
      world.datasets.put({
        ...row,
        renames: renamesOf(row, mappings),
        excluded: excludedOf(row, mappings),
        filters: request.datasetFilters ?? row.filters
      })
    )
  })

const setAssignment = (
  world: World.Service,
  cleanRoomId: string,
  request: Api.UpdateCleanroomDatasetPartnerAssignmentRequest
) =>
  Effect.gen(function*() {
    yield* Effect.flatMap(Access.part(world, cleanRoomId, "datasets"), Access.open)
    const rows = yield* Effect.forEach(request, ({ datasetId = "", partnerCanAssign = false }) =>
      Effect.map(
        ownDatasetOf(world, { cleanroomId: cleanRoomId, datasetId }),
        (row) => ({ ...row, partnerCanAssign })
      ))
    for (const row of rows) world.datasets.put(row)
    return { success: true }
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Datasets",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle("getCleanroomDatasets", ({ path }) =>
            Effect.map(Access.part(world, path.cleanroomId, "datasets"), (room) =>
              world.datasets.where((row) => row.cleanRoomId === room.id).map((row) =>
                Datasets.toWire(world, row)
              )))
          .handle("getCleanroomDatasetById", ({ path }) =>
            Effect.map(datasetOf(world, path), (row) =>
              Datasets.toWire(world, row)))
          .handle("updateCleanroomDatasetById", ({ path, payload }) =>
            update(world, path, payload))
          .handle("configureCleanroomDataset", ({ path, payload, urlParams }) =>
            configure(world, path.cleanroomId, urlParams.dataConnectionId, payload))
          .handle("updateCleanroomDatasetPartnerAssignment", ({ path, payload }) =>
            setAssignment(world, path.cleanroomId, payload))
      ))
)
