/**
 * DOC module DataSources
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.js"

/**
 * DOC DataSource
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
 * DOC DataSources
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataSources = Wire.list(DataSource).annotations({ identifier: "DataSources" })

export type DataSources = typeof DataSources.Type

/**
 * DOC DataType
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
 * DOC DataTypes
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataTypes = Wire.list(DataType).annotations({ identifier: "DataTypes" })

export type DataTypes = typeof DataTypes.Type

/**
 * DOC DataSourceParameter
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
 * DOC DataSourceParameters
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataSourceParameters = Wire.list(DataSourceParameter).annotations({ identifier: "DataSourceParameters" })

export type DataSourceParameters = typeof DataSourceParameters.Type

/**
 * DOC group DataSources
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("DataSources", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getAllDataSources", "/data-sources")
      .addSuccess(DataSources)
      .annotate(OpenApi.Summary, "DOC getAllDataSources")
  )
  .add(
    HttpApiEndpoint.get("getDataSourceById", "/data-sources/:dataSourceId")
      .setPath(Schema.Struct({ dataSourceId: Wire.PathSegment }))
      .addSuccess(DataSource)
      .annotate(OpenApi.Summary, "DOC getDataSourceById")
  )
  .add(
    HttpApiEndpoint.get("getAllDataTypes", "/data-sources/:dataSourceId/data-types")
      .setPath(Schema.Struct({ dataSourceId: Wire.PathSegment }))
      .addSuccess(DataTypes)
      .annotate(OpenApi.Summary, "DOC getAllDataTypes")
  )
  .add(
    HttpApiEndpoint.get("getDataTypeById", "/data-sources/data-types/:dataTypeId")
      .setPath(Schema.Struct({ dataTypeId: Wire.PathSegment }))
      .addSuccess(DataType)
      .annotate(OpenApi.Summary, "DOC getDataTypeById")
  )
  .add(
    HttpApiEndpoint.get(
      "getAllDataSourceParameters",
      "/data-sources/:dataSourceId/data-types/:dataTypeId/data-source-parameters"
    )
      .setPath(Schema.Struct({ dataSourceId: Wire.PathSegment, dataTypeId: Wire.PathSegment }))
      .addSuccess(DataSourceParameters)
      .annotate(OpenApi.Summary, "DOC getAllDataSourceParameters")
  )
{}
