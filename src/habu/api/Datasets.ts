/**
 * DOC module Datasets
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as DataConnections from "./DataConnections.js"
import * as Wire from "./Wire.js"

/**
 * DOC UpdateCleanroomDatasetPartnerAssignmentParameters
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateCleanroomDatasetPartnerAssignmentParameters = Schema.Struct({
  datasetId: Wire.maybe(Schema.String),
  partnerCanAssign: Wire.maybe(Schema.Boolean)
}).annotations({ identifier: "UpdateCleanroomDatasetPartnerAssignmentParameters" })

export interface UpdateCleanroomDatasetPartnerAssignmentParameters
  extends Schema.Schema.Type<typeof UpdateCleanroomDatasetPartnerAssignmentParameters>
{}

/**
 * DOC UpdateCleanroomDatasetPartnerAssignmentRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateCleanroomDatasetPartnerAssignmentRequest = Schema.Array(
  UpdateCleanroomDatasetPartnerAssignmentParameters
).annotations({ identifier: "UpdateCleanroomDatasetPartnerAssignmentRequest" })

export type UpdateCleanroomDatasetPartnerAssignmentRequest = typeof UpdateCleanroomDatasetPartnerAssignmentRequest.Type

/**
 * DOC UpdateCleanroomDatasetPartnerAssignmentResponse
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
 * DOC DatasetFieldMapping
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
 * DOC DatasetFieldMappings
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetFieldMappings = Wire.list(DatasetFieldMapping).annotations({ identifier: "DatasetFieldMappings" })

export type DatasetFieldMappings = typeof DatasetFieldMappings.Type

/**
 * DOC DatasetField
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
 * DOC DatasetFilter
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetFilter = Schema.Struct({
  datasetId: Wire.text,
  id: Wire.text,
  datasetFieldName: Wire.text,
  datasetFieldType: Wire.text,
  operator: Wire.optional(Wire.openEnum("", "EQUALS", "NOT_EQUALS", "IN", "NOT_IN")),
  values: Wire.optional(Wire.list(Wire.Text))
}).annotations({ identifier: "DatasetFilter" })

export interface DatasetFilter extends Schema.Schema.Type<typeof DatasetFilter> {}

/**
 * DOC DatasetParameter
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
 * DOC DatasetPartitionParameter
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
 * DOC DatasetPartitionField
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
 * DOC DatasetPartitionParameterGroup
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
 * DOC DatasetPartitionParameters
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
 * DOC CleanRoomDataset
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
 * DOC CleanRoomDatasets
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomDatasets = Wire.list(CleanRoomDataset).annotations({ identifier: "CleanRoomDatasets" })

export type CleanRoomDatasets = typeof CleanRoomDatasets.Type

/**
 * DOC CleanRoomDatasetUpdateRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomDatasetUpdateRequest = Schema.Struct({
  datasetFieldMappings: Wire.maybe(DatasetFieldMappings),
  datasetFilters: Wire.maybe(Schema.Array(DatasetFilter))
}).annotations({ identifier: "CleanRoomDatasetUpdateRequest" })

export interface CleanRoomDatasetUpdateRequest extends Schema.Schema.Type<typeof CleanRoomDatasetUpdateRequest> {}

/**
 * DOC ConfigureCleanRoomDatasetRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const ConfigureCleanRoomDatasetRequest = Schema.Struct({
  rampIDConsent: Wire.maybe(Schema.Boolean)
}).annotations({ identifier: "ConfigureCleanRoomDatasetRequest" })

export interface ConfigureCleanRoomDatasetRequest extends Schema.Schema.Type<typeof ConfigureCleanRoomDatasetRequest> {}

/**
 * DOC group Datasets
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Datasets", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getCleanroomDatasets", "/cleanrooms/:cleanroomId/datasets")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(CleanRoomDatasets)
      .annotate(OpenApi.Summary, "DOC getCleanroomDatasets")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomDatasetById", "/cleanrooms/:cleanroomId/datasets/:datasetId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, datasetId: Wire.PathSegment }))
      .addSuccess(CleanRoomDataset)
      .annotate(OpenApi.Summary, "DOC getCleanroomDatasetById")
  )
  .add(
    HttpApiEndpoint.put("updateCleanroomDatasetById", "/cleanrooms/:cleanroomId/datasets/:datasetId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, datasetId: Wire.PathSegment }))
      .setPayload(CleanRoomDatasetUpdateRequest)
      .addSuccess(CleanRoomDataset)
      .annotate(OpenApi.Summary, "DOC updateCleanroomDatasetById")
  )
  .add(
    HttpApiEndpoint.post("configureCleanroomDataset", "/cleanrooms/:cleanroomId/datasets/configure")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ dataConnectionId: Schema.String }))
      .setPayload(ConfigureCleanRoomDatasetRequest)
      .addSuccess(CleanRoomDataset)
      .annotate(OpenApi.Summary, "DOC configureCleanroomDataset")
  )
  .add(
    HttpApiEndpoint.post(
      "updateCleanroomDatasetPartnerAssignment",
      "/cleanrooms/:cleanroomId/datasets/partner-assignment"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(UpdateCleanroomDatasetPartnerAssignmentRequest)
      .addSuccess(UpdateCleanroomDatasetPartnerAssignmentResponse)
      .annotate(OpenApi.Summary, "DOC updateCleanroomDatasetPartnerAssignment")
  )
{}
