/**
 * Data connections and the mapping of their fields.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/DataConnections.js"
import * as Access from "../Access.js"
import * as Catalogues from "../Catalogues.js"
import * as Connections from "../Connections.js"
import { served } from "../Group.js"
import * as Limits from "../Limits.js"
import { badRequest } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { given } from "../Wire.js"
import * as World from "../World.js"

const jobStatus: { readonly [stage in Connections.Stage]: string } = {
  VERIFYING_ACCESS: "RUNNING",
  WAITING_FOR_FILE: "PENDING",
  CONFIGURATION_FAILED: "FAILED",
  MAPPING_REQUIRED: "COMPLETED",
  CONFIGURATION_COMPLETE: "COMPLETED"
}

const toWire = (world: World.Service, row: Rows.DataConnection): Effect.Effect<Api.DataConnectionResponse> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const stage = Connections.stage(world, row, now)
    return {
      id: row.id,
      name: row.name,
      category: row.category,
      configStatus: stage,
      runStatus: jobStatus[stage],
      stage: "ACTIVE",
      dataType: Catalogues.dataType(row.dataType),
      dataSource: Catalogues.dataSource(row.dataSource),
      dataSourceConfiguration: row.configuration
    }
  })

const connectionOf = (world: World.Service, id: string) =>
  Access.own(world, world.dataConnections.get(id), "Data connection", id)

const sourceName = (request: Api.DataConnectionDetails) => {
  const { dataSource } = request
  return Catalogues.dataSources.find((source) =>
    source.name === dataSource?.name || source.id === dataSource?.id || source.displayName === dataSource?.displayName
  )?.name
}

const typeName = (request: Api.DataConnectionDetails) => {
  const { dataType } = request
  return Catalogues.dataTypes.find((type) => type.name === dataType?.name || type.id === dataType?.id)?.name
}

/** The settings of a request, all of which Habu needs, or what is wrong with them. */
const settings = (world: World.Service, request: Api.DataConnectionDetails) =>
  Effect.gen(function*() {
    const { credentialId = "" } = request
    if (credentialId !== "" && world.credentials.get(credentialId)?.organizationId !== world.organizationId) {
      return yield* Effect.fail(badRequest(`There is no credential ${credentialId}`))
    }
    const [dataSource, dataType, name] = [sourceName(request), typeName(request), request.name?.trim() ?? ""]
    if (name === "") return yield* Effect.fail(badRequest("name is required"))
    if (dataSource === undefined) return yield* Effect.fail(badRequest("dataSource is missing or unknown"))
    if (dataType === undefined) return yield* Effect.fail(badRequest("dataType is missing or unknown"))
    return {
      name,
      category: request.category ?? "",
      credentialId: credentialId === "" ? undefined : credentialId,
      dataType,
      dataSource,
      configuration: request.dataSourceConfiguration ?? []
    }
  })

const create = (world: World.Service, request: Api.DataConnectionDetails) =>
  Effect.gen(function*() {
    const accepted = yield* settings(world, request)
    return yield* toWire(
      world,
      world.dataConnections.put({
        ...accepted,
        id: world.ids.uuid("dataConnection"),
        organizationId: world.organizationId,
        checkedFrom: yield* Clock.currentTimeMillis,
        stuck: false,
        mapped: false,
        unseen: [],
        fields: []
      })
    )
  })

/** A changed connection is checked anew; its mapping stays. */
const update = (world: World.Service, id: string, request: Api.DataConnectionDetails) =>
  Effect.gen(function*() {
    const row = yield* connectionOf(world, id)
    const accepted = yield* settings(world, request)
    const now = yield* Clock.currentTimeMillis
    return yield* toWire(world, world.dataConnections.put(Connections.checked({ ...row, ...accepted }, now)))
  })

const remove = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const row = yield* connectionOf(world, id)
    const dataset = world.datasets.find(({ connectionId }) => connectionId === row.id)
    if (dataset !== undefined) {
      return yield* Effect.fail(badRequest(`Data connection ${row.name} is in use by clean room datasets`))
    }
    return { success: world.dataConnections.remove(row.id) }
  })

/** Whether a column may be a partition is set in Habu's UI only: a request does not change it. */
const mapped = (current: Api.FieldConfiguration, request: Api.FieldConfiguration | undefined) =>
  request === undefined ? current : given({
    ...current,
    ...request,
    id: current.id,
    dataConnectionId: current.dataConnectionId,
    fieldName: current.fieldName,
    isPartitionColumn: current.isPartitionColumn,
    partitionFieldConfig: current.isPartitionColumn === true
      ? request.partitionFieldConfig ?? current.partitionFieldConfig
      : undefined
  })

const map = (world: World.Service, id: string, request: Api.FieldConfigurations) =>
  Effect.gen(function*() {
    const row = yield* connectionOf(world, id)
    const now = yield* Clock.currentTimeMillis
    const fields = Connections.fields(world, row, now)
    if (fields.length === 0 || Connections.stage(world, row, now) === "CONFIGURATION_FAILED") {
      return yield* Effect.fail(badRequest(`Data connection ${row.name} has no schema to map yet`))
    }
    const stranger = request.find((item) => !fields.some(({ fieldName }) => fieldName === item.fieldName))
    if (stranger !== undefined) {
      return yield* Effect.fail(badRequest(`Data connection ${row.name} has no field ${stranger.fieldName ?? ""}`))
    }
    return world.dataConnections.put({
      ...row,
      mapped: true,
      fields: fields.map((field) => mapped(field, request.find(({ fieldName }) => fieldName === field.fieldName)))
    }).fields
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "DataConnections",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle("createDataConnection", ({ payload }) => create(world, payload))
          .handle("getAllDataConnections", () =>
            Effect.forEach(
              world.dataConnections.where((row) => row.organizationId === world.organizationId),
              (row) => toWire(world, row)
            ))
          .handle("getDataConnectionById", ({ path }) =>
            Effect.gen(function*() {
              const row = yield* connectionOf(world, path.dataConnectionId)
              yield* world.limits.spend(
                `poll/connection/${row.id}`,
                Limits.twentyInAnHour,
                "At most 20 status reads of one data connection in an hour"
              )
              return yield* toWire(world, row)
            }))
          .handle("updateDataConnection", ({ path, payload }) => update(world, path.dataConnectionId, payload))
          .handle("deleteDataConnection", ({ path }) => remove(world, path.dataConnectionId))
          .handle("retryDataConnectionJob", ({ path }) =>
            Effect.gen(function*() {
              const row = yield* connectionOf(world, path.dataConnectionId)
              world.dataConnections.put(Connections.checked(row, yield* Clock.currentTimeMillis))
              return { success: true }
            }))
          .handle("getAllFieldConfigurations", ({ path }) =>
            Effect.gen(function*() {
              const row = yield* connectionOf(world, path.dataConnectionId)
              return Connections.fields(world, row, yield* Clock.currentTimeMillis)
            }))
          .handle("mapFieldConfigurations", ({ path, payload }) => map(world, path.dataConnectionId, payload))
          .handle("getAllIdentifierTypes", () => Effect.succeed(Catalogues.identifierTypes))
          .handle("getAllImportDataTypes", () => Effect.succeed(Catalogues.dataTypes))
      ))
)
