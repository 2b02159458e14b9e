/**
 * Views over data connections.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/DataConnectionViews.js"
import * as Access from "../Access.js"
import * as Catalogues from "../Catalogues.js"
import * as Connections from "../Connections.js"
import { served } from "../Group.js"
import { badRequest } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import * as Sources from "../Sources.js"
import { given, page, timeAudit } from "../Wire.js"
import * as World from "../World.js"

const statusOf = (row: Rows.View) => row.fields === undefined ? "CONFIGURATION_FAILED" : "CONFIGURATION_COMPLETE"

const sourceToWire = (world: World.Service, source: Rows.View["sources"][number]): Api.DataConnectionViewSource => {
  const connection = world.dataConnections.get(source.dataConnectionId)
  return given({
    ...source,
    dataConnectionName: connection?.name,
    dataSourceId: connection === undefined ? undefined : Catalogues.dataSource(connection.dataSource).id,
    fieldConfigurations: connection?.fields
  })
}

const toWire = (world: World.Service, row: Rows.View): Api.DataConnectionViewResponse => ({
  id: row.id,
  name: row.name,
  query: row.query,
  version: String(row.version),
  stage: "ACTIVE",
  status: statusOf(row),
  importDataTypeId: Catalogues.dataType("Generic").id,
  dataConnections: row.sources.map((source) => sourceToWire(world, source)),
  fields: (row.fields ?? []).map(({ name, type }) => ({ name, type })),
  timeAudit: timeAudit(row),
  userAudit: { createdBy: world.apiUserId, updatedBy: world.apiUserId }
})

/** The columns of a query over its sources, undefined if it cannot be run. */
const fieldsOf = (
  world: World.Service,
  query: string,
  sources: Rows.View["sources"]
): Effect.Effect<Rows.View["fields"]> =>
  Effect.gen(function*() {
    const input = {
      sql: query,
      macros: Sources.viewMacros(world, sources),
      parameters: {},
      measures: [],
      crowdSize: 0,
      decibel: 0,
      noiseSeed: ""
    }
    return yield* Effect.match(world.engine.columns(input, yield* Clock.currentTimeMillis), {
      onFailure: () => undefined,
      onSuccess: (columns) =>
        columns.map(({ columnName, dataType, origins }) => ({ name: columnName, type: dataType, origins }))
    })
  })

const checkSources = (world: World.Service, sources: Rows.View["sources"]) =>
  Effect.gen(function*() {
    if (sources.length === 0) return yield* Effect.fail(badRequest("dataConnections must not be empty"))
    if (new Set(sources.map(({ macro }) => macro.toLowerCase())).size < sources.length) {
      return yield* Effect.fail(badRequest("Macros must be unique"))
    }
    const now = yield* Clock.currentTimeMillis
    for (const { dataConnectionId } of sources) {
      const connection = yield* Access.own(
        world,
        world.dataConnections.get(dataConnectionId),
        "Data connection",
        dataConnectionId
      )
      if (Connections.stage(world, connection, now) !== "CONFIGURATION_COMPLETE") {
        return yield* Effect.fail(badRequest(`Data connection ${connection.name} is not complete`))
      }
    }
  })

const save = (
  world: World.Service,
  current: { readonly id: string; readonly version: number; readonly createdAt?: number },
  content: { readonly name: string; readonly query: string; readonly dataConnections: Rows.View["sources"] }
) =>
  Effect.gen(function*() {
    const { dataConnections: sources, name, query } = content
    if (name.trim() === "" || query.trim() === "") {
      return yield* Effect.fail(badRequest("name and query are required"))
    }
    yield* checkSources(world, sources)
    const fields = yield* fieldsOf(world, query, sources)
    const now = yield* Clock.currentTimeMillis
    return toWire(
      world,
      world.views.put({
        id: current.id,
        organizationId: world.organizationId,
        name,
        query,
        version: current.version + 1,
        sources,
        fields,
        createdAt: current.createdAt ?? now,
        updatedAt: now
      })
    )
  })

const viewOf = (world: World.Service, id: string) => Access.own(world, world.views.get(id), "Data connection view", id)

const update = (world: World.Service, id: string, changes: Api.DataConnectionViewUpdateDetails) =>
  Effect.flatMap(
    viewOf(world, id),
    (row) => save(world, row, { name: row.name, query: row.query, dataConnections: row.sources, ...changes })
  )

const remove = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const row = yield* viewOf(world, id)
    return world.datasets.find(({ connectionId }) => connectionId === row.id) === undefined
      ? { success: world.views.remove(row.id) }
      : yield* Effect.fail(badRequest(`View ${row.name} is in use by clean room datasets`))
  })

interface ListParams {
  readonly stage?: string
  readonly status?: string
  readonly limit?: number
  readonly offset?: number
}

const list = (world: World.Service, asked: ListParams): Api.DataConnectionViews => {
  const rows = world.views
    .where((row) => row.organizationId === world.organizationId)
    .map((row) => toWire(world, row))
    .filter((view) =>
      (asked.stage === undefined || view.stage === asked.stage) &&
      (asked.status === undefined || view.status === asked.status)
    )
  const [limit, offset] = [Math.min(asked.limit ?? 30, 100), asked.offset ?? 0]
  return {
    dataConnectionViews: page(rows, asked, { limit: 30, most: 100 }),
    limit,
    offset,
    hasMore: rows.length > offset + limit
  }
}

/**
 * Serves the group. A view's columns come from analysing its query.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "DataConnectionViews",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle(
            "createDataConnectionView",
            ({ payload }) => Effect.suspend(() => save(world, { id: world.ids.uuid("view"), version: 0 }, payload))
          )
          .handle("getAllDataConnectionViews", ({ urlParams }) => Effect.sync(() => list(world, urlParams)))
          .handle(
            "getDataConnectionViewById",
            ({ path }) => Effect.map(viewOf(world, path.viewId), (row) => toWire(world, row))
          )
          .handle("updateDataConnectionView", ({ path, payload }) => update(world, path.viewId, payload))
          .handle("deleteDataConnectionView", ({ path }) => remove(world, path.viewId))
      ))
)
