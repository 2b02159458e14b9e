/**
 * Data connections: an organisation's data as Habu reaches it, from the first check of access to the mapped fields.
 *
 * A connection is checked, then its fields are mapped, then it can become a dataset in clean rooms.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as DataSources from "./DataSources.js"
import * as Operation from "./Operation.js"
import * as Wire from "./Wire.js"

/**
 * A kind of data that the organisation may import, such as "AdLogs" or "Generic". A whole entry served as `dataType` of
 * a new data connection (seen live).
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
 * The kinds of data that the organisation may import.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ImportDataTypes = Wire.list(ImportDataType).annotations({ identifier: "ImportDataTypes" })

export type ImportDataTypes = typeof ImportDataTypes.Type

/**
 * A setting of a data connection and its value, named as its data source names it (operation
 * getAllDataSourceParameters). Empty values are allowed (seen live).
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
 * A data connection as it is written. `category` is free text; `dataType` and `dataSource` go as Habu listed them, and
 * `dataSourceConfiguration` holds every parameter of the two. The contract asks for `credentialId` too, which a data
 * source without credentials cannot have.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionDetails = Schema.Struct({
  name: Schema.String,
  category: Schema.String,
  credentialId: Wire.maybe(Schema.String),
  dataType: DataSources.DataType,
  dataSource: Wire.maybe(DataSources.DataSource),
  dataSourceConfiguration: Wire.maybe(Schema.Array(JobParameters))
}).annotations({ identifier: "DataConnectionDetails" })

export interface DataConnectionDetails extends Schema.Schema.Type<typeof DataConnectionDetails> {}

/**
 * A data connection. Do not trust which of `configStatus` and `stage` says what: by the contract `stage` is ACTIVE or
 * PAUSED, but live connections had ACTIVE in `configStatus` and their progress in `stage`.
 *
 * Progress seen live: WAITING_FOR_FILE, MAPPING_REQUIRED, then CONFIGURATION_COMPLETE or CONFIGURATION_FAILED.
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
 * The organisation's data connections, without the synthetic ones of Habu that its UI shows (seen live).
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnections = Wire.list(DataConnectionResponse).annotations({ identifier: "DataConnections" })

export type DataConnections = typeof DataConnections.Type

/**
 * Whether the retry was taken on; its outcome shows later, on the data connection.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataConnectionRetryResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "DataConnectionRetryResponse" })

export interface DataConnectionRetryResponse extends Schema.Schema.Type<typeof DataConnectionRetryResponse> {}

/**
 * Which values of a partition column a run may ask for: fixed ones of a text or number, a range or a rolling window of
 * a date or time. `isEnforced` means that a run cannot choose others.
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
 * What Habu knows of one field, and what it is to be taken for. `""` in `identifierType` and `delimiter` means none.
 *
 * Open to values the contract lacks when written too: a mapping sends back every field as read, and Habu reads more
 * than it lists, such as array columns. Dates become partition columns in Habu's UI only (seen live).
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
 * All fields of one data connection.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FieldConfigurations = Wire.list(FieldConfiguration).annotations({ identifier: "FieldConfigurations" })

export type FieldConfigurations = typeof FieldConfigurations.Type

/**
 * A kind of identifier that a field can be mapped to.
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
 * The kinds of identifier that a field can be mapped to.
 *
 * @since 0.1.0
 * @category schemas
 */
export const IdentifierTypes = Wire.list(IdentifierType).annotations({ identifier: "IdentifierTypes" })

export type IdentifierTypes = typeof IdentifierTypes.Type

/**
 * The operations on data connections, their fields and the lists to choose from.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("DataConnections", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getAllDataConnections", "/data-connections")
      .addSuccess(DataConnections)
      .annotate(OpenApi.Summary, "Lists the organisation's data connections")
  )
  .add(
    HttpApiEndpoint.get("getDataConnectionById", "/data-connections/:dataConnectionId")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .addSuccess(DataConnectionResponse)
      .annotate(OpenApi.Summary, "Reads one data connection, to see how far its setup has come")
      .annotate(Operation.PollsAnnotation, { parameter: "dataConnectionId", seconds: 180 })
  )
  .add(
    HttpApiEndpoint.post("createDataConnection", "/data-connections")
      .setPayload(DataConnectionDetails)
      .addSuccess(DataConnectionResponse)
      .annotate(OpenApi.Summary, "Makes a data connection and starts checking its access, which takes some minutes")
  )
  .add(
    HttpApiEndpoint.put("updateDataConnection", "/data-connections/:dataConnectionId")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .setPayload(DataConnectionDetails)
      .addSuccess(DataConnectionResponse)
      .annotate(OpenApi.Summary, "Replaces a data connection's settings")
  )
  .add(
    HttpApiEndpoint.del("deleteDataConnection", "/data-connections/:dataConnectionId")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Deletes a data connection for good; look first for datasets and views built on it")
  )
  .add(
    // Stays "create": each call starts a check, and what a second one does to a running one is not documented.
    HttpApiEndpoint.post("retryDataConnectionJob", "/data-connections/:dataConnectionId/retry")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .addSuccess(DataConnectionRetryResponse)
      .annotate(OpenApi.Summary, "Checks a data connection's access and schema again, with the credential it has")
  )
  .add(
    HttpApiEndpoint.get("getAllFieldConfigurations", "/data-connections/:dataConnectionId/field-configurations")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .addSuccess(FieldConfigurations)
      .annotate(OpenApi.Summary, "Lists the fields that Habu found in a data connection, with their mapping")
  )
  .add(
    HttpApiEndpoint.post("mapFieldConfigurations", "/data-connections/:dataConnectionId/field-configurations")
      .setPath(Schema.Struct({ dataConnectionId: Wire.PathSegment }))
      .setPayload(FieldConfigurations)
      .addSuccess(FieldConfigurations)
      .annotate(OpenApi.Summary, "Maps a data connection's fields: send the whole list as read, with the changes made")
      .annotate(Operation.EffectAnnotation, "idempotent")
  )
  .add(
    HttpApiEndpoint.get("getAllIdentifierTypes", "/identifier-types")
      .addSuccess(IdentifierTypes)
      .annotate(OpenApi.Summary, "Lists the kinds of identifier that a field can be mapped to")
  )
  .add(
    HttpApiEndpoint.get("getAllImportDataTypes", "/data-connections/import-data-types")
      .addSuccess(ImportDataTypes)
      .annotate(OpenApi.Summary, "Lists the kinds of data that the organisation may import")
  )
{}
