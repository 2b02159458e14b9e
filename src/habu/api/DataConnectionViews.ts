/**
 * Data connection views: a SQL query over data connections that is then used like a data connection of its own.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as DataConnections from "./DataConnections.js"
import * as Wire from "./Wire.js"

/**
 * A data connection below a view, the macro that stands for it in the query, and its fields.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionViewSource = Schema.Struct({
  dataConnectionId: Wire.text,
  dataConnectionName: Wire.text,
  macro: Wire.text,
  dataSourceId: Wire.text,
  fieldConfigurations: Wire.optional(Wire.list(DataConnections.FieldConfiguration))
}).annotations({ identifier: "DataConnectionViewSource" })

export interface DataConnectionViewSource extends Schema.Schema.Type<typeof DataConnectionViewSource> {}

/**
 * A column that a view's query gives.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionViewField = Schema.Struct({
  name: Wire.text,
  type: Wire.text
}).annotations({ identifier: "DataConnectionViewField" })

export interface DataConnectionViewField extends Schema.Schema.Type<typeof DataConnectionViewField> {}

/**
 * A view. `stage` and `status` are free texts that Habu does not document.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionViewResponse = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  query: Wire.text,
  version: Wire.text,
  stage: Wire.text,
  sourceId: Wire.text,
  status: Wire.text,
  importDataTypeId: Wire.text,
  dataConnections: Wire.optional(Wire.list(DataConnectionViewSource)),
  fields: Wire.optional(Wire.list(DataConnectionViewField)),
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(Common.UserAudit)
}).annotations({ identifier: "DataConnectionViewResponse" })

export interface DataConnectionViewResponse extends Schema.Schema.Type<typeof DataConnectionViewResponse> {}

/**
 * One page of views; `hasMore` says whether to ask for the next.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionViews = Schema.Struct({
  dataConnectionViews: Wire.optional(Wire.list(DataConnectionViewResponse)),
  limit: Wire.integer,
  offset: Wire.integer,
  hasMore: Wire.flag
}).annotations({ identifier: "DataConnectionViews" })

export interface DataConnectionViews extends Schema.Schema.Type<typeof DataConnectionViews> {}

/**
 * A data connection to build a view on, and the macro to call it by in the query.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionViewSourceInput = Schema.Struct({
  dataConnectionId: Schema.String,
  macro: Schema.String
}).annotations({ identifier: "DataConnectionViewSourceInput" })

export interface DataConnectionViewSourceInput extends Schema.Schema.Type<typeof DataConnectionViewSourceInput> {}

/**
 * A view to be made. Its columns are not part of the request; they are read back in `fields`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionViewDetails = Schema.Struct({
  name: Schema.String,
  query: Schema.String,
  dataConnections: Schema.Array(DataConnectionViewSourceInput)
}).annotations({ identifier: "DataConnectionViewDetails" })

export interface DataConnectionViewDetails extends Schema.Schema.Type<typeof DataConnectionViewDetails> {}

/**
 * What to change of a view; what is left out stays (operation updateDataConnectionView).
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionViewUpdateDetails = Schema.Struct({
  name: Wire.maybe(Schema.String),
  query: Wire.maybe(Schema.String),
  dataConnections: Wire.maybe(Schema.Array(DataConnectionViewSourceInput))
}).annotations({ identifier: "DataConnectionViewUpdateDetails" })

export interface DataConnectionViewUpdateDetails extends Schema.Schema.Type<typeof DataConnectionViewUpdateDetails> {}

/**
 * The operations on data connection views.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("DataConnectionViews", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getAllDataConnectionViews", "/data-connection-views")
      .setUrlParams(
        Schema.Struct({
          stage: Wire.maybe(Schema.String),
          status: Wire.maybe(Schema.String),
          limit: Wire.maybe(Wire.IntegerParam),
          offset: Wire.maybe(Wire.IntegerParam)
        })
      )
      .addSuccess(DataConnectionViews)
      .annotate(OpenApi.Summary, "Lists the organisation's views, 30 a page unless limited, 100 at most")
  )
  .add(
    HttpApiEndpoint.get("getDataConnectionViewById", "/data-connection-views/:viewId")
      .setPath(Schema.Struct({ viewId: Wire.PathSegment }))
      .addSuccess(DataConnectionViewResponse)
      .annotate(OpenApi.Summary, "Reads one view with its query, sources and columns")
  )
  .add(
    HttpApiEndpoint.post("createDataConnectionView", "/data-connection-views")
      .setPayload(DataConnectionViewDetails)
      .addSuccess(DataConnectionViewResponse, { status: 201 })
      .annotate(OpenApi.Summary, "Makes a view from a SQL query over data connections; answers 201")
  )
  .add(
    HttpApiEndpoint.put("updateDataConnectionView", "/data-connection-views/:viewId")
      .setPath(Schema.Struct({ viewId: Wire.PathSegment }))
      .setPayload(DataConnectionViewUpdateDetails)
      .addSuccess(DataConnectionViewResponse)
      .annotate(OpenApi.Summary, "Changes a view's name, query or sources; what is left out stays")
  )
  .add(
    HttpApiEndpoint.del("deleteDataConnectionView", "/data-connection-views/:viewId")
      .setPath(Schema.Struct({ viewId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Deletes a view for good; look first for datasets built on it")
  )
{}
