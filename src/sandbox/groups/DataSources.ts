/**
 * The catalogue of data sources.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import * as Access from "../Access.js"
import * as Catalogues from "../Catalogues.js"
import { served } from "../Group.js"
import { SandboxApi } from "../SandboxApi.js"

const sourceOf = (id: string) =>
  Access.found(Catalogues.dataSources.find((source) => source.id === id), "Data source", id)

const typeOf = (id: string) => Access.found(Catalogues.dataTypes.find((type) => type.id === id), "Data type", id)

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(SandboxApi, "DataSources", (handlers) =>
  served(
    handlers
      .handle("getAllDataSources", () =>
        Effect.succeed(Catalogues.dataSources.map(({ name }) => Catalogues.dataSource(name))))
      .handle("getDataSourceById", ({ path }) =>
        Effect.map(sourceOf(path.dataSourceId), ({ name }) =>
          Catalogues.dataSource(name)))
      .handle("getAllDataTypes", ({ path }) =>
        Effect.map(sourceOf(path.dataSourceId), ({ name }) =>
          Catalogues.dataTypesOf(name)))
      .handle("getDataTypeById", ({ path }) =>
        typeOf(path.dataTypeId))
      .handle("getAllDataSourceParameters", ({ path }) =>
        Effect.zipLeft(
          Effect.map(sourceOf(path.dataSourceId), Catalogues.parametersOf),
          typeOf(path.dataTypeId)
        ))
  ))
