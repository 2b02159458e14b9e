/**
 * DOC module DataConnections
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as DataSources from "./DataSources.js"
import * as Wire from "./Wire.js"

/**
 * DOC ImportDataType
 *
 * @since 0.1.0
 * @category schemas
 */
export const ImportDataType = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  displayName: Wire.text
}).annotations({ identifier: "ImportDataType" })

export interface ImportDataType extends Schema.Schema.Type<typeof ImportDataType> {}

/**
 * DOC ImportDataTypes
 *
 * @since 0.1.0
 * @category schemas
 */
export const ImportDataTypes = Wire.list(ImportDataType).annotations({ identifier: "ImportDataTypes" })

export type ImportDataTypes = typeof ImportDataTypes.Type

/**
 * DOC JobParameters
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobParameters = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  displayName: Wire.text,
  value: Wire.text
}).annotations({ identifier: "JobParameters" })

export interface JobParameters extends Schema.Schema.Type<typeof JobParameters> {}

/**
 * DOC DataConnectionDetails
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionDetails = Schema.Struct({
  name: Wire.maybe(Schema.String),
  category: Wire.maybe(Schema.String),
  credentialId: Wire.maybe(Schema.String),
  dataType: Wire.maybe(DataSources.DataType),
  dataSource: Wire.maybe(DataSources.DataSource),
  dataSourceConfiguration: Wire.maybe(Schema.Array(JobParameters))
}).annotations({ identifier: "DataConnectionDetails" })

export interface DataConnectionDetails extends Schema.Schema.Type<typeof DataConnectionDetails> {}

/**
 * DOC PartitionFieldConfig
 *
 * @since 0.1.0
 * @category schemas
 */
export const PartitionFieldConfig = Schema.Struct({
  type: Wire.optional(Wire.openEnum("Fixed", "Range", "Rolling")),
  values: Wire.optional(Wire.list(Wire.Text)),
  rollingUnit: Wire.optional(Wire.openEnum("Days", "Months")),
  isEnforced: Wire.flag
}).annotations({ identifier: "PartitionFieldConfig" })

export interface PartitionFieldConfig extends Schema.Schema.Type<typeof PartitionFieldConfig> {}

/**
 * DOC FieldConfiguration
 *
 * @since 0.1.0
 * @category schemas
 */
export const FieldConfiguration = Schema.Struct({
  dataConnectionId: Wire.text,
  id: Wire.text,
  fieldIndex: Wire.integer,
  fieldName: Wire.text,
  fieldLabel: Wire.text,
  dataType: Wire.optional(
    Wire.openEnum("BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "INTEGER", "LONG", "STRING", "TEXT", "TIMESTAMP", "UNKNOWN")
  ),
  identifierType: Wire.optional(
    Wire.openEnum(
      "",
      "1P or 3P Cookie",
      "Customer First Party Identifier",
      "Hashed Emails",
      "HouseHold ID",
      "Email MD5 Hashed",
      "Mobile Device Identifier",
      "Person (or People) Identifier",
      "RampID",
      "Raw Email",
      "Email SHA1 Hashed",
      "Email SHA256 Hashed",
      "Unique Identifier",
      "City",
      "State",
      "Country",
      "Postal Code",
      "Street Address",
      "Address Line 1",
      "Address Line 2",
      "Name",
      "First Name",
      "Middle Name",
      "Last Name",
      "TV Device ID",
      "IP Address",
      "phone",
      "Hashed Customer ID"
    )
  ),
  delimiter: Wire.optional(Wire.openEnum("", "Semicolon", "Tab", "Comma", "Pipe")),
  isPii: Wire.flag,
  isUserIdField: Wire.flag,
  isExcluded: Wire.flag,
  isPartitionColumn: Wire.flag,
  partitionFieldConfig: Wire.optional(PartitionFieldConfig)
}).annotations({ identifier: "FieldConfiguration" })

export interface FieldConfiguration extends Schema.Schema.Type<typeof FieldConfiguration> {}

/**
 * DOC FieldConfigurations
 *
 * @since 0.1.0
 * @category schemas
 */
export const FieldConfigurations = Wire.list(FieldConfiguration).annotations({ identifier: "FieldConfigurations" })

export type FieldConfigurations = typeof FieldConfigurations.Type

/**
 * DOC IdentifierType
 *
 * @since 0.1.0
 * @category schemas
 */
export const IdentifierType = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  displayName: Wire.text
}).annotations({ identifier: "IdentifierType" })

export interface IdentifierType extends Schema.Schema.Type<typeof IdentifierType> {}

/**
 * DOC IdentifierTypes
 *
 * @since 0.1.0
 * @category schemas
 */
export const IdentifierTypes = Wire.list(IdentifierType).annotations({ identifier: "IdentifierTypes" })

export type IdentifierTypes = typeof IdentifierTypes.Type

/**
 * DOC DataConnectionResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionResponse = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  category: Wire.text,
  configStatus: Wire.text,
  runStatus: Wire.text,
  stage: Wire.text,
  dataType: Wire.optional(DataSources.DataType),
  dataSource: Wire.optional(DataSources.DataSource),
  dataSourceConfiguration: Wire.optional(Wire.list(JobParameters))
}).annotations({ identifier: "DataConnectionResponse" })

export interface DataConnectionResponse extends Schema.Schema.Type<typeof DataConnectionResponse> {}

/**
 * DOC DataConnections
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnections = Wire.list(DataConnectionResponse).annotations({ identifier: "DataConnections" })

export type DataConnections = typeof DataConnections.Type

/**
 * DOC DataConnectionRetryResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionRetryResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "DataConnectionRetryResponse" })

export interface DataConnectionRetryResponse extends Schema.Schema.Type<typeof DataConnectionRetryResponse> {}

/**
 * DOC group DataConnections
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("DataConnections", { topLevel: true })
  .add(
    HttpApiEndpoint.post("createDataConnection", "/data-connections")
      .setPayload(DataConnectionDetails)
      .addSuccess(DataConnectionResponse)
      .annotate(OpenApi.Summary, "DOC createDataConnection")
  )
  .add(
    HttpApiEndpoint.get("getAllDataConnections", "/data-connections")
      .addSuccess(DataConnections)
      .annotate(OpenApi.Summary, "DOC getAllDataConnections")
  )
  .add(
    HttpApiEndpoint.get("getDataConnectionById", "/data-connections/:dataConnectionId")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .addSuccess(DataConnectionResponse)
      .annotate(OpenApi.Summary, "DOC getDataConnectionById")
  )
  .add(
    HttpApiEndpoint.put("updateDataConnection", "/data-connections/:dataConnectionId")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .setPayload(DataConnectionDetails)
      .addSuccess(DataConnectionResponse)
      .annotate(OpenApi.Summary, "DOC updateDataConnection")
  )
  .add(
    HttpApiEndpoint.del("deleteDataConnection", "/data-connections/:dataConnectionId")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteDataConnection")
  )
  .add(
    HttpApiEndpoint.post("retryDataConnectionJob", "/data-connections/:dataConnectionId/retry")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .addSuccess(DataConnectionRetryResponse)
      .annotate(OpenApi.Summary, "DOC retryDataConnectionJob")
  )
  .add(
    HttpApiEndpoint.get("getAllFieldConfigurations", "/data-connections/:dataConnectionId/field-configurations")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .addSuccess(FieldConfigurations)
      .annotate(OpenApi.Summary, "DOC getAllFieldConfigurations")
  )
  .add(
    HttpApiEndpoint.post("mapFieldConfigurations", "/data-connections/:dataConnectionId/field-configurations")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .setPayload(FieldConfigurations)
      .addSuccess(FieldConfigurations)
      .annotate(OpenApi.Summary, "DOC mapFieldConfigurations")
  )
  .add(
    HttpApiEndpoint.get("getAllIdentifierTypes", "/identifier-types")
      .addSuccess(IdentifierTypes)
      .annotate(OpenApi.Summary, "DOC getAllIdentifierTypes")
  )
  .add(
    HttpApiEndpoint.get("getAllImportDataTypes", "/data-connections/import-data-types")
      .addSuccess(ImportDataTypes)
      .annotate(OpenApi.Summary, "DOC getAllImportDataTypes")
  )
{}
