/**
 * Datasets: what a clean room sees of a data connection, with its own choice of fields, filters and names.
 *
 * One data connection gives one dataset. Analysis rules exist in Habu's UI only, and no operation takes a dataset out
 * of a clean room again.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as DataConnections from "./DataConnections.js"
import * as Operation from "./Operation.js"
import * as Wire from "./Wire.js"

/**
 * A field of a dataset as questions may use it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetField = Schema.Struct({
  datasetId: Wire.text,
  id: Wire.text,
  name: Wire.text,
  value: Wire.text,
  type: Wire.text
}).annotations({ identifier: "DatasetField" })

export interface DatasetField extends Schema.Schema.Type<typeof DatasetField> {}

/**
 * How one field of the data connection appears in the dataset: left out (`isExcluded`), under another name (`rename`),
 * or calculated (`transformation`).
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetFieldMapping = Schema.Struct({
  dataConnectionId: Wire.text,
  id: Wire.text,
  fieldIndex: Wire.integer,
  fieldName: Wire.text,
  fieldLabel: Wire.text,
  dataType: Wire.text,
  delimiter: Wire.text,
  isPii: Wire.flag,
  isUserIdField: Wire.flag,
  isExcluded: Wire.flag,
  rename: Wire.text,
  transformation: Wire.text,
  isPartitionColumn: Wire.flag,
  partitionFieldConfig: Wire.optional(DataConnections.PartitionFieldConfig)
}).annotations({ identifier: "DatasetFieldMapping" })

export interface DatasetFieldMapping extends Schema.Schema.Type<typeof DatasetFieldMapping> {}

/**
 * A dataset's field mappings.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetFieldMappings = Wire.list(DatasetFieldMapping).annotations({ identifier: "DatasetFieldMappings" })

export type DatasetFieldMappings = typeof DatasetFieldMappings.Type

const filterOperators = ["", "EQUALS", "NOT_EQUALS", "IN", "NOT_IN"] as const

/**
 * A condition on the rows that a dataset lets into the clean room.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetFilter = Schema.Struct({
  datasetId: Wire.text,
  id: Wire.text,
  datasetFieldName: Wire.text,
  datasetFieldType: Wire.text,
  operator: Wire.optional(Wire.openEnum(...filterOperators)),
  values: Wire.optional(Wire.list(Wire.Text))
}).annotations({ identifier: "DatasetFilter" })

export interface DatasetFilter extends Schema.Schema.Type<typeof DatasetFilter> {}

/**
 * A setting of a dataset, by name.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetParameter = Schema.Struct({
  name: Wire.text,
  value: Wire.text,
  type: Wire.text
}).annotations({ identifier: "DatasetParameter" })

export interface DatasetParameter extends Schema.Schema.Type<typeof DatasetParameter> {}

/**
 * A run parameter that stands for a partition value. `name` is complete: a view's macro comes before it and a date's
 * suffix after, and it belongs among a run's ordinary parameters (seen live).
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetPartitionParameter = Schema.Struct({
  name: Wire.text,
  dataType: Wire.text,
  partitionFieldConfig: Wire.optional(DataConnections.PartitionFieldConfig)
}).annotations({ identifier: "DatasetPartitionParameter" })

export interface DatasetPartitionParameter extends Schema.Schema.Type<typeof DatasetPartitionParameter> {}

/**
 * A partition column and the run parameters it asks for; a date column asks for more than one.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetPartitionField = Schema.Struct({
  fieldName: Wire.text,
  dataType: Wire.text,
  parameters: Wire.optional(Wire.list(DatasetPartitionParameter))
}).annotations({ identifier: "DatasetPartitionField" })

export interface DatasetPartitionField extends Schema.Schema.Type<typeof DatasetPartitionField> {}

/**
 * The partition columns of one data connection under a dataset; `dataConnectionMacro` is set below a view.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetPartitionParameterGroup = Schema.Struct({
  dataConnectionId: Wire.text,
  dataConnectionName: Wire.text,
  dataConnectionMacro: Wire.text,
  partitionFields: Wire.optional(Wire.list(DatasetPartitionField))
}).annotations({ identifier: "DatasetPartitionParameterGroup" })

export interface DatasetPartitionParameterGroup extends Schema.Schema.Type<typeof DatasetPartitionParameterGroup> {}

/**
 * What a question that uses the dataset must be given for each run. A run without these values does not fail; it
 * completes with no rows (seen live).
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetPartitionParameters = Schema.Struct({
  isView: Wire.flag,
  partitionGroups: Wire.optional(Wire.list(DatasetPartitionParameterGroup))
}).annotations({ identifier: "DatasetPartitionParameters" })

export interface DatasetPartitionParameters extends Schema.Schema.Type<typeof DatasetPartitionParameters> {}

/**
 * A dataset in a clean room. `stage` and `configurationStatus` are free texts that Habu does not document.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomDataset = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  cleanRoomId: Wire.text,
  organizationName: Wire.text,
  dataConnectionType: Wire.text,
  dataConnectionId: Wire.text,
  stage: Wire.text,
  configurationStatus: Wire.text,
  datasetFields: Wire.optional(Wire.list(DatasetField)),
  datasetFieldMappings: Wire.optional(DatasetFieldMappings),
  datasetFilters: Wire.optional(Wire.list(DatasetFilter)),
  datasetParameters: Wire.optional(Wire.list(DatasetParameter)),
  partitionParameters: Wire.optional(DatasetPartitionParameters),
  isView: Wire.flag,
  partnerCanAssign: Wire.flag
}).annotations({ identifier: "CleanRoomDataset" })

export interface CleanRoomDataset extends Schema.Schema.Type<typeof CleanRoomDataset> {}

/**
 * The datasets of one clean room, configured or still to be.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomDatasets = Wire.list(CleanRoomDataset).annotations({ identifier: "CleanRoomDatasets" })

export type CleanRoomDatasets = typeof CleanRoomDatasets.Type

/**
 * Whether RampID may join this data in questions, `false` unless said.
 *
 * `true` is a legal attestation: only a person may decide it (operation configureCleanroomDataset).
 *
 * @since 0.1.0
 * @category schemas
 */
export const ConfigureCleanRoomDatasetRequest = Schema.Struct({
  rampIDConsent: Wire.maybe(Schema.Boolean)
}).annotations({ identifier: "ConfigureCleanRoomDatasetRequest" })

export interface ConfigureCleanRoomDatasetRequest extends Schema.Schema.Type<typeof ConfigureCleanRoomDatasetRequest> {}

/**
 * A field mapping as it is written: as read, with name, exclusion and new name always given (operation
 * updateCleanroomDatasetById).
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetFieldMappingInput = Schema.Struct({
  ...DatasetFieldMapping.fields,
  fieldName: Schema.String,
  isExcluded: Schema.Boolean,
  rename: Schema.String
}).annotations({ identifier: "DatasetFieldMappingInput" })

export interface DatasetFieldMappingInput extends Schema.Schema.Type<typeof DatasetFieldMappingInput> {}

/**
 * A filter as it is written: as read, with field, operator and values always given (operation
 * updateCleanroomDatasetById).
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetFilterInput = Schema.Struct({
  ...DatasetFilter.fields,
  datasetFieldName: Schema.String,
  operator: Schema.Literal(...filterOperators),
  values: Schema.Array(Schema.String)
}).annotations({ identifier: "DatasetFilterInput" })

export interface DatasetFilterInput extends Schema.Schema.Type<typeof DatasetFilterInput> {}

/**
 * A dataset's new field mappings and filters. Send whole lists, made from those read: whether an entry left out keeps
 * its old setting is not documented.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomDatasetUpdateRequest = Schema.Struct({
  datasetFieldMappings: Wire.maybe(Schema.Array(DatasetFieldMappingInput)),
  datasetFilters: Wire.maybe(Schema.Array(DatasetFilterInput))
}).annotations({ identifier: "CleanRoomDatasetUpdateRequest" })

export interface CleanRoomDatasetUpdateRequest extends Schema.Schema.Type<typeof CleanRoomDatasetUpdateRequest> {}

/**
 * Whether partners may assign one dataset to questions.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateCleanroomDatasetPartnerAssignmentParameters = Schema.Struct({
  datasetId: Schema.String,
  partnerCanAssign: Schema.Boolean
}).annotations({ identifier: "UpdateCleanroomDatasetPartnerAssignmentParameters" })

export interface UpdateCleanroomDatasetPartnerAssignmentParameters
  extends Schema.Schema.Type<typeof UpdateCleanroomDatasetPartnerAssignmentParameters>
{}

/**
 * The partner assignment of several datasets at once.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateCleanroomDatasetPartnerAssignmentRequest = Schema.Array(
  UpdateCleanroomDatasetPartnerAssignmentParameters
).annotations({ identifier: "UpdateCleanroomDatasetPartnerAssignmentRequest" })

export type UpdateCleanroomDatasetPartnerAssignmentRequest = typeof UpdateCleanroomDatasetPartnerAssignmentRequest.Type

/**
 * Whether the partner assignment was taken over; a 200 with `success: false` means that it was not.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateCleanroomDatasetPartnerAssignmentResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "UpdateCleanroomDatasetPartnerAssignmentResponse" })

export interface UpdateCleanroomDatasetPartnerAssignmentResponse
  extends Schema.Schema.Type<typeof UpdateCleanroomDatasetPartnerAssignmentResponse>
{}

/**
 * The operations on a clean room's datasets.
 *
 * They may answer 403 although the same API user reads the clean room itself (seen live).
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Datasets", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getCleanroomDatasets", "/cleanrooms/:cleanroomId/datasets")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(CleanRoomDatasets)
      .annotate(OpenApi.Summary, "Lists the datasets that are, or can be, configured for a clean room")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomDatasetById", "/cleanrooms/:cleanroomId/datasets/:datasetId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, datasetId: Wire.PathSegment }))
      .addSuccess(CleanRoomDataset)
      .annotate(OpenApi.Summary, "Reads one dataset with its fields, mappings, filters and partition parameters")
  )
  .add(
    HttpApiEndpoint.post("configureCleanroomDataset", "/cleanrooms/:cleanroomId/datasets/configure")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ dataConnectionId: Schema.String }))
      .setPayload(ConfigureCleanRoomDatasetRequest)
      .addSuccess(CleanRoomDataset)
      .annotate(
        OpenApi.Summary,
        "Brings a data connection into a clean room as a dataset; no operation takes it out again"
      )
  )
  .add(
    HttpApiEndpoint.put("updateCleanroomDatasetById", "/cleanrooms/:cleanroomId/datasets/:datasetId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, datasetId: Wire.PathSegment }))
      .setPayload(CleanRoomDatasetUpdateRequest)
      .addSuccess(CleanRoomDataset)
      .annotate(OpenApi.Summary, "Sets which fields and rows of a dataset the clean room sees, and under which names")
  )
  .add(
    HttpApiEndpoint.post(
      "updateCleanroomDatasetPartnerAssignment",
      "/cleanrooms/:cleanroomId/datasets/partner-assignment"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(UpdateCleanroomDatasetPartnerAssignmentRequest)
      .addSuccess(UpdateCleanroomDatasetPartnerAssignmentResponse)
      .annotate(OpenApi.Summary, "Sets for several datasets whether partners may assign them to questions")
      .annotate(Operation.EffectAnnotation, "idempotent")
  )
{}
