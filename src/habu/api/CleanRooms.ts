/**
 * Clean rooms: their settings, the organisations in them, and the questions and datasets at hand in them.
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
 * A kind of clean room that the organisation's contract covers, and what can be asked in it.
 *
 * Hybrid had the id `47f86c15-9917-4c50-8da9-6a10b65a4b5f` in every organisation seen live.
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
 * All kinds of clean room that the organisation may use.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomTypes = Wire.list(CleanRoomType).annotations({ identifier: "CleanRoomTypes" })

export type CleanRoomTypes = typeof CleanRoomTypes.Type

/**
 * A clean room as it reads back.
 *
 * - `ownerOrganization` and `partners` are names of organisations, not ids (seen live); administrators are to be found
 *   among its users.
 * - `questionsCount` is 0 even where questions exist (seen live): count the list of questions instead.
 * - `status` is free text, and only `COMPLETE` was seen live. After `endAt` the clean room is read-only all the same.
 * - `cleanRoomParameters` tells `ENABLE_EXPORT` alone; cloud, region, crowd size and data decibel cannot be read (seen
 *   live).
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
 * The clean rooms that the API user was added to; an empty list more often means missing access than no clean rooms.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRooms = Wire.list(CleanRoom).annotations({ identifier: "CleanRooms" })

export type CleanRooms = typeof CleanRooms.Type

const Switch = Wire.maybe(Schema.Literal("true", "false"))

/**
 * The settings of a clean room, every one a string.
 *
 * A new clean room takes whole numbers only, 1 to 10 for `DATA_DECIBEL` and 1 to 100 for `CROWD_SIZE` (seen live).
 * Not every cloud has every region.
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
  ENABLE_EXPORT: Switch,
  ENABLE_VIEW_QUERY: Switch,
  ENABLE_HABU_INTELLIGENCE: Switch,
  ENABLE_PAIR: Switch,
  ENABLE_OPJA: Switch,
  DATA_DECIBEL: Wire.maybe(Schema.String),
  CROWD_SIZE: Wire.maybe(Schema.String)
}).annotations({ identifier: "CleanRoomParameterRequest" })

export interface CleanRoomParameterRequest extends Schema.Schema.Type<typeof CleanRoomParameterRequest> {}

/**
 * A clean room to create, or the whole of one to update. Days are `yyyy-mm-dd`; leave `endAt` out for an open end.
 *
 * The published contract also lists an organisation id as required; Habu does without it (seen live).
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
 * An organisation that takes part in a clean room and may have to supply datasets for its questions.
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
 * Every organisation in a clean room, the owner included.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomStakeholders = Wire.list(CleanRoomStakeholder).annotations({
  identifier: "CleanRoomStakeholders"
})

export type CleanRoomStakeholders = typeof CleanRoomStakeholders.Type

/**
 * A column that a question groups its result by.
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
 * A column that a question measures.
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
 * A value that a question takes when it is run.
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
 * A column that a question expects in a dataset.
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
 * A place for a dataset in a question's query, known by its macro, with the columns it must have.
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
 * A column of the list of users that a user list question produces.
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
 * A question at hand in a clean room: its inputs, its outputs and the values it takes, without its query.
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
 * A column of a dataset at hand in a clean room, and whether it identifies people.
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
 * A dataset at hand in a clean room, whose it is, and its columns.
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
 * A compute capacity that can be chosen in this clean room.
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
 * A type that a column can have in this clean room.
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
 * All that a flow can be built from in a clean room.
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

const CleanRoomPath = Schema.Struct({ cleanroomId: Wire.PathSegment })

/**
 * Clean rooms by id. Paths take the UUID only: a display id (`CR-…`) or another organisation's clean room is a 404
 * (seen live).
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("CleanRooms", { topLevel: true })
  .add(
    HttpApiEndpoint.post("createCleanroom", "/cleanrooms")
      .setPayload(CleanRoomRequest)
      .addSuccess(CleanRoom)
      .annotate(OpenApi.Summary, "Creates a clean room.")
      .annotate(
        OpenApi.Description,
        "The API user's organisation owns it. Look for one of that name first: calling again may make a second."
      )
  )
  .add(
    HttpApiEndpoint.get("getAllCleanrooms", "/cleanrooms")
      .setUrlParams(Common.Page)
      .addSuccess(CleanRooms)
      .annotate(OpenApi.Summary, "Lists the clean rooms that the API user was added to.")
      .annotate(
        OpenApi.Description,
        "500 at a time by default, without filters: an unknown parameter is silently ignored."
      )
  )
  .add(
    HttpApiEndpoint.get("getCleanroomById", "/cleanrooms/:cleanroomId")
      .setPath(CleanRoomPath)
      .addSuccess(CleanRoom)
      .annotate(OpenApi.Summary, "Reads one clean room.")
  )
  .add(
    HttpApiEndpoint.put("updateCleanroom", "/cleanrooms/:cleanroomId")
      .setPath(CleanRoomPath)
      .setPayload(CleanRoomRequest)
      .addSuccess(CleanRoom)
      .annotate(OpenApi.Summary, "Replaces the settings of a clean room.")
      .annotate(OpenApi.Description, "Send all of them: one left out, such as the crowd size, may be lost.")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroom", "/cleanrooms/:cleanroomId")
      .setPath(CleanRoomPath)
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Deletes a clean room for good.")
      .annotate(OpenApi.Description, "Setting an end date makes it read-only instead, and can be undone.")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomTypes", "/cleanrooms/cleanroom-types")
      .addSuccess(CleanRoomTypes)
      .annotate(OpenApi.Summary, "Lists the kinds of clean room that the organisation's contract covers.")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomStakeholders", "/cleanrooms/:cleanroomId/stakeholders")
      .setPath(CleanRoomPath)
      .addSuccess(CleanRoomStakeholders)
      .annotate(OpenApi.Summary, "Lists the organisations in a clean room, by the ids that dataset ownership needs.")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomAssetDetails", "/cleanrooms/:cleanroomId/assets")
      .setPath(CleanRoomPath)
      .addSuccess(CleanroomAssetDetails)
      .annotate(
        OpenApi.Summary,
        "Reads what is at hand in a clean room: questions, datasets, capacities, organisations."
      )
      .annotate(OpenApi.Description, "The nearest that Habu has to a list of the questions that could be added.")
  )
{}
