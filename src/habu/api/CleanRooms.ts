/**
 * DOC module CleanRooms
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Wire from "./Wire.js"

/**
 * DOC CleanRoomType
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomType = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  displayName: Wire.text,
  listQuestionSupport: Wire.flag,
  analyticalQuestionSupport: Wire.flag,
  wallGarden: Wire.flag
}).annotations({ identifier: "CleanRoomType" })

export interface CleanRoomType extends Schema.Schema.Type<typeof CleanRoomType> {}

/**
 * DOC CleanRoomTypes
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomTypes = Wire.list(CleanRoomType).annotations({ identifier: "CleanRoomTypes" })

export type CleanRoomTypes = typeof CleanRoomTypes.Type

/**
 * DOC CleanRoom
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoom = Schema.Struct({
  id: Wire.text,
  displayId: Wire.text,
  name: Wire.text,
  description: Wire.text,
  ownerOrganization: Wire.text,
  partners: Wire.optional(Wire.list(Wire.Text)),
  startAt: Wire.moment,
  endAt: Wire.moment,
  questionsCount: Wire.integer,
  status: Wire.text,
  cleanRoomParameters: Wire.optional(Wire.TextRecord),
  timeAudit: Wire.optional(Common.TimeAudit),
  cleanRoomTypeId: Wire.text
}).annotations({ identifier: "CleanRoom" })

export interface CleanRoom extends Schema.Schema.Type<typeof CleanRoom> {}

/**
 * DOC CleanRooms
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRooms = Wire.list(CleanRoom).annotations({ identifier: "CleanRooms" })

export type CleanRooms = typeof CleanRooms.Type

/**
 * DOC CleanRoomParameterRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomParameterRequest = Schema.Struct({
  REGION: Schema.Literal("REGION_EU", "REGION_US", "REGION_APAC", "REGION_AFRICA", "REGION_UAE"),
  SUB_REGION: Wire.maybe(
    Schema.Literal(
      "SUB_REGION_EAST1",
      "SUB_REGION_WEST1",
      "SUB_REGION_NORTH1",
      "SUB_REGION_SOUTH1",
      "SUB_REGION_CENTRAL1",
      "SUB_REGION_NORTHEAST1",
      "SUB_REGION_SOUTHEAST1",
      "SUB_REGION_ME_CENTRAL1",
      "SUB_REGION_EU_WEST4",
      "SUB_REGION_EAST2"
    )
  ),
  CLOUD: Schema.Literal("CLOUD_AWS", "CLOUD_GCP", "CLOUD_AZURE"),
  ENABLE_EXPORT: Wire.maybe(Schema.Literal("true", "false")),
  ENABLE_VIEW_QUERY: Wire.maybe(Schema.Literal("true", "false")),
  ENABLE_HABU_INTELLIGENCE: Wire.maybe(Schema.Literal("true", "false")),
  ENABLE_PAIR: Wire.maybe(Schema.Literal("true", "false")),
  ENABLE_OPJA: Wire.maybe(Schema.Literal("true", "false")),
  DATA_DECIBEL: Wire.maybe(Schema.String),
  CROWD_SIZE: Wire.maybe(Schema.String)
}).annotations({ identifier: "CleanRoomParameterRequest" })

export interface CleanRoomParameterRequest extends Schema.Schema.Type<typeof CleanRoomParameterRequest> {}

/**
 * DOC CleanRoomRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomRequest = Schema.Struct({
  name: Schema.String,
  description: Wire.maybe(Schema.String),
  startAt: Schema.String,
  endAt: Wire.maybe(Schema.String),
  type: Common.CleanRoomTypeRequest,
  parameters: Wire.maybe(CleanRoomParameterRequest)
}).annotations({ identifier: "CleanRoomRequest" })

export interface CleanRoomRequest extends Schema.Schema.Type<typeof CleanRoomRequest> {}

/**
 * DOC CleanRoomStakeholder
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomStakeholder = Schema.Struct({
  organizationId: Wire.text,
  organizationName: Wire.text,
  ownership: Wire.text
}).annotations({ identifier: "CleanRoomStakeholder" })

export interface CleanRoomStakeholder extends Schema.Schema.Type<typeof CleanRoomStakeholder> {}

/**
 * DOC CleanRoomStakeholders
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomStakeholders = Wire.list(CleanRoomStakeholder).annotations({
  identifier: "CleanRoomStakeholders"
})

export type CleanRoomStakeholders = typeof CleanRoomStakeholders.Type

/**
 * DOC QuestionDimension
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionDimension = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  displayName: Wire.text,
  type: Wire.text,
  filterable: Wire.flag,
  plottable: Wire.flag
}).annotations({ identifier: "QuestionDimension" })

export interface QuestionDimension extends Schema.Schema.Type<typeof QuestionDimension> {}

/**
 * DOC QuestionMetric
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionMetric = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  displayName: Wire.text,
  type: Wire.text,
  computed: Wire.flag
}).annotations({ identifier: "QuestionMetric" })

export interface QuestionMetric extends Schema.Schema.Type<typeof QuestionMetric> {}

/**
 * DOC QuestionParameter
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionParameter = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  displayName: Wire.text,
  type: Wire.text,
  index: Wire.integer,
  parameterType: Wire.text
}).annotations({ identifier: "QuestionParameter" })

export interface QuestionParameter extends Schema.Schema.Type<typeof QuestionParameter> {}

/**
 * DOC QuestionDataTypeField
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionDataTypeField = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  type: Wire.text,
  format: Wire.text,
  description: Wire.text
}).annotations({ identifier: "QuestionDataTypeField" })

export interface QuestionDataTypeField extends Schema.Schema.Type<typeof QuestionDataTypeField> {}

/**
 * DOC AssetQuestionDataType
 *
 * @since 0.1.0
 * @category schemas
 */
export const AssetQuestionDataType = Schema.Struct({
  ID: Wire.text,
  macro: Wire.text,
  description: Wire.text,
  importDataType: Wire.text,
  optional: Wire.flag,
  fields: Wire.optional(Wire.list(QuestionDataTypeField))
}).annotations({ identifier: "AssetQuestionDataType" })

export interface AssetQuestionDataType extends Schema.Schema.Type<typeof AssetQuestionDataType> {}

/**
 * DOC QuestionUserListOutput
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionUserListOutput = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  type: Wire.text,
  isEncrypt: Wire.flag
}).annotations({ identifier: "QuestionUserListOutput" })

export interface QuestionUserListOutput extends Schema.Schema.Type<typeof QuestionUserListOutput> {}

/**
 * DOC QuestionMetadata
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionMetadata = Schema.Struct({
  ID: Wire.text,
  displayID: Wire.text,
  title: Wire.text,
  category: Wire.text,
  description: Wire.text,
  status: Wire.text,
  hasDateFilter: Wire.flag,
  hasDateParameters: Wire.flag,
  hasMultipleOutputs: Wire.flag,
  isAggregate: Wire.flag,
  isUserListQuestion: Wire.flag,
  defaultComputeCapacity: Wire.text,
  dimensions: Wire.optional(Wire.list(QuestionDimension)),
  metrics: Wire.optional(Wire.list(QuestionMetric)),
  parameters: Wire.optional(Wire.list(QuestionParameter)),
  dataTypes: Wire.optional(Wire.list(AssetQuestionDataType)),
  userListOutputs: Wire.optional(Wire.list(QuestionUserListOutput))
}).annotations({ identifier: "QuestionMetadata" })

export interface QuestionMetadata extends Schema.Schema.Type<typeof QuestionMetadata> {}

/**
 * DOC AssetDatasetField
 *
 * @since 0.1.0
 * @category schemas
 */
export const AssetDatasetField = Schema.Struct({
  ID: Wire.text,
  fieldName: Wire.text,
  dataType: Wire.text,
  isFilterable: Wire.flag,
  isUserIDField: Wire.flag,
  isPii: Wire.flag,
  isExcluded: Wire.flag,
  fieldLabel: Wire.text
}).annotations({ identifier: "AssetDatasetField" })

export interface AssetDatasetField extends Schema.Schema.Type<typeof AssetDatasetField> {}

/**
 * DOC DatasetMetadata
 *
 * @since 0.1.0
 * @category schemas
 */
export const DatasetMetadata = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  organizationID: Wire.text,
  organizationName: Wire.text,
  dataImportType: Wire.text,
  macro: Wire.text,
  fields: Wire.optional(Wire.list(AssetDatasetField))
}).annotations({ identifier: "DatasetMetadata" })

export interface DatasetMetadata extends Schema.Schema.Type<typeof DatasetMetadata> {}

/**
 * DOC ComputeCapacityOption
 *
 * @since 0.1.0
 * @category schemas
 */
export const ComputeCapacityOption = Schema.Struct({
  name: Wire.text,
  description: Wire.text
}).annotations({ identifier: "ComputeCapacityOption" })

export interface ComputeCapacityOption extends Schema.Schema.Type<typeof ComputeCapacityOption> {}

/**
 * DOC FieldTypeEnum
 *
 * @since 0.1.0
 * @category schemas
 */
export const FieldTypeEnum = Schema.Struct({
  name: Wire.text,
  description: Wire.text
}).annotations({ identifier: "FieldTypeEnum" })

export interface FieldTypeEnum extends Schema.Schema.Type<typeof FieldTypeEnum> {}

/**
 * DOC CleanroomAssetDetails
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomAssetDetails = Schema.Struct({
  questions: Wire.optional(Wire.list(QuestionMetadata)),
  datasets: Wire.optional(Wire.list(DatasetMetadata)),
  computeCapacityOptions: Wire.optional(Wire.list(ComputeCapacityOption)),
  fieldTypes: Wire.optional(Wire.list(FieldTypeEnum)),
  stakeholders: Wire.optional(Wire.list(CleanRoomStakeholder))
}).annotations({ identifier: "CleanroomAssetDetails" })

export interface CleanroomAssetDetails extends Schema.Schema.Type<typeof CleanroomAssetDetails> {}

/**
 * DOC group CleanRooms
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("CleanRooms", { topLevel: true })
  .add(
    HttpApiEndpoint.post("createCleanroom", "/cleanrooms")
      .setPayload(CleanRoomRequest)
      .addSuccess(CleanRoom)
      .annotate(OpenApi.Summary, "DOC createCleanroom")
  )
  .add(
    HttpApiEndpoint.get("getAllCleanrooms", "/cleanrooms")
      .setUrlParams(Schema.Struct({ limit: Wire.maybe(Wire.IntegerParam), offset: Wire.maybe(Wire.IntegerParam) }))
      .addSuccess(CleanRooms)
      .annotate(OpenApi.Summary, "DOC getAllCleanrooms")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomById", "/cleanrooms/:cleanroomId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(CleanRoom)
      .annotate(OpenApi.Summary, "DOC getCleanroomById")
  )
  .add(
    HttpApiEndpoint.put("updateCleanroom", "/cleanrooms/:cleanroomId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(CleanRoomRequest)
      .addSuccess(CleanRoom)
      .annotate(OpenApi.Summary, "DOC updateCleanroom")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroom", "/cleanrooms/:cleanroomId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteCleanroom")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomTypes", "/cleanrooms/cleanroom-types")
      .addSuccess(CleanRoomTypes)
      .annotate(OpenApi.Summary, "DOC getCleanroomTypes")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomStakeholders", "/cleanrooms/:cleanroomId/stakeholders")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(CleanRoomStakeholders)
      .annotate(OpenApi.Summary, "DOC getCleanroomStakeholders")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomAssetDetails", "/cleanrooms/:cleanroomId/assets")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(CleanroomAssetDetails)
      .annotate(OpenApi.Summary, "DOC getCleanroomAssetDetails")
  )
{}
