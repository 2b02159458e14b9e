/**
 * What data connections can be made from: the kinds of place that data lies in, the kinds of data it can be, and the
 * parameters each pair of them needs.
 *
 * The lists depend on the organisation (seen live: fewer data sources than the contract names), so read them first.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.js"

/**
 * A kind of place that data lies in, such as a bucket or a warehouse. `displayName` is what Habu's UI shows, `name` the
 * short form ("CLIENT_AWS", seen live), `credentialSource` the kind of credential it takes.
 *
 * Sent back as read when a data connection is made, hence open to names the contract lacks.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataSource = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  displayName: Wire.optional(
    Wire.openEnum(
      "AWS ECR Container",
      "AWS Glue Data Catalog",
      "Amazon Marketing Cloud",
      "Amazon Marketing Cloud (Ads API)",
      "Artifact Store",
      "Azure Storage",
      "CSV Catalog",
      "Client AWS S3",
      "Databricks Data Connection",
      "Databricks Delta Table Connection",
      "Docker Container",
      "Facebook Advanced Analytics",
      "Google Ad Manager Logs",
      "Google Ads Data Hub",
      "Google Cloud Authorized View",
      "Google Cloud Big Query",
      "Google Cloud Storage",
      "Google Cloud Storage(with SA)",
      "LiveRamp-Hosted AWS S3",
      "LiveRamp-Hosted Amazon Marketing Cloud",
      "LiveRamp-Hosted Google Cloud Storage",
      "LiveRamp-Hosted Snowflake",
      "LiveRamp-Hosted Javascript Tag",
      "HubSpot",
      "Iceberg Catalog",
      "LinkedIn Marketing Solution",
      "Notebooks",
      "Salesforce",
      "Snowflake",
      "Snowflake Azure Data Connection",
      "Snowflake Data Connection",
      "Snowflake GCS Data Connection",
      "Snowflake S3 Data Connection",
      "Snowflake Table",
      "The Trade Desk: Raw Event Data Stream (REDS)",
      "Local Upload",
      "Publisher Synthetic Dataset Library"
    )
  ),
  credentialSource: Wire.text
}).annotations({ identifier: "DataSource" })

export interface DataSource extends Schema.Schema.Type<typeof DataSource> {}

/**
 * The data sources that the organisation can use.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataSources = Wire.list(DataSource).annotations({ identifier: "DataSources" })

export type DataSources = typeof DataSources.Type

/**
 * A kind of data, which questions name when they ask for a dataset. Sent back as read when a data connection is made,
 * hence open to names the contract lacks.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataType = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  displayName: Wire.optional(
    Wire.openEnum(
      "Ad Engagement",
      "Ad Exposure",
      "Ad Logs",
      "Amazon Marketing Cloud: Event-Level Ad Campaign Data",
      "Binary Data",
      "CRM Data",
      "Campaign Data",
      "Campaign Mapping Data",
      "Code Container",
      "Conversion Events",
      "Databricks Container",
      "Databricks Notebook",
      "Facebook: Advanced Analytics Data",
      "Generic",
      "Google Ads Data Hub: Event-Level Ad Campaign Data",
      "Google Cloud Big Query",
      "Identity Graph",
      "JAR",
      "LinkedIn Marketing Solutions Config Data",
      "Machine Learning Model",
      "Member Profile",
      "Metadata",
      "Model Training",
      "Offline Conversions",
      "Page Data",
      "Service Container",
      "The Trade Desk: Raw Event Data Stream (REDS) Feed",
      "The Trade Desk: Raw Event Data Stream (REDS) Metadata",
      "Transaction Data",
      "User Data",
      "User-Segment Map",
      "WHEEL"
    )
  )
}).annotations({ identifier: "DataType" })

export interface DataType extends Schema.Schema.Type<typeof DataType> {}

/**
 * The kinds of data that one data source can hold.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataTypes = Wire.list(DataType).annotations({ identifier: "DataTypes" })

export type DataTypes = typeof DataTypes.Type

/**
 * A setting that a data connection must be given, such as a path or a file format. Its `name` goes with the value into
 * `dataSourceConfiguration` (operation createDataConnection).
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataSourceParameter = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  displayName: Wire.text,
  type: Wire.text,
  index: Wire.integer,
  dataSourceId: Wire.text
}).annotations({ identifier: "DataSourceParameter" })

export interface DataSourceParameter extends Schema.Schema.Type<typeof DataSourceParameter> {}

/**
 * The settings needed for one data source and data type; may be empty.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataSourceParameters = Wire.list(DataSourceParameter).annotations({ identifier: "DataSourceParameters" })

export type DataSourceParameters = typeof DataSourceParameters.Type

/**
 * The operations that tell what data connections can be made from. All of them only read.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("DataSources", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getAllDataSources", "/data-sources")
      .addSuccess(DataSources)
      .annotate(OpenApi.Summary, "Lists the data sources that the organisation can connect to")
  )
  .add(
    HttpApiEndpoint.get("getDataSourceById", "/data-sources/:dataSourceId")
      .setPath(Schema.Struct({ dataSourceId: Wire.PathSegment }))
      .addSuccess(DataSource)
      .annotate(OpenApi.Summary, "Reads one data source")
  )
  .add(
    HttpApiEndpoint.get("getAllDataTypes", "/data-sources/:dataSourceId/data-types")
      .setPath(Schema.Struct({ dataSourceId: Wire.PathSegment }))
      .addSuccess(DataTypes)
      .annotate(OpenApi.Summary, "Lists the kinds of data that one data source can hold")
  )
  .add(
    HttpApiEndpoint.get("getDataTypeById", "/data-sources/data-types/:dataTypeId")
      .setPath(Schema.Struct({ dataTypeId: Wire.PathSegment }))
      .addSuccess(DataType)
      .annotate(OpenApi.Summary, "Reads one kind of data")
  )
  .add(
    HttpApiEndpoint.get(
      "getAllDataSourceParameters",
      "/data-sources/:dataSourceId/data-types/:dataTypeId/data-source-parameters"
    )
      .setPath(Schema.Struct({ dataSourceId: Wire.PathSegment, dataTypeId: Wire.PathSegment }))
      .addSuccess(DataSourceParameters)
      .annotate(OpenApi.Summary, "Lists the settings that a data connection of this data source and data type needs")
  )
{}
