/**
 * Questions themselves: the query, what it needs and what it yields, whatever clean rooms they are used in.
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
 * A question's query for one kind of clean room.
 *
 * A dataset is written as its `@Macro`, exactly as spelt in the data types, and a run-time parameter as `@name`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QueryDetail = Schema.Struct({
  query: Wire.text,
  cleanRoomType: Wire.optional(Wire.openEnum(...Common.CleanRoomTypeRequest.literals)),
  queryLanguage: Wire.text
}).annotations({ identifier: "QueryDetail" })

export interface QueryDetail extends Schema.Schema.Type<typeof QueryDetail> {}

/**
 * The kinds of data that a question can ask for.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionImportDataType = Wire.openEnum(
  "CodeContainer",
  "Transaction",
  "Metadata",
  "PageData",
  "AdExposure",
  "ServiceContainer",
  "DatabricksNotebook",
  "TTDREDSFeed",
  "UserData",
  "MLModel",
  "ConversionEvents",
  "TrainModel",
  "AdLogs",
  "MemberProfile",
  "AADataFeed",
  "TTDREDSMetadata",
  "Conversion",
  "BinaryData",
  "SparkCodeContainer",
  "DatabricksContainer",
  "AdEngagement",
  "OfflineConversions",
  "UserSegmentMap",
  "LinkedInMarketingSolutionsConfigData",
  "GoogleCloudBigQuery",
  "IDENTITY_GRAPH",
  "AdsDataFeed",
  "CRM",
  "Generic",
  "AMCAdsDataFeed",
  "Campaign",
  "CampaignMapping",
  "WHEEL"
).annotations({ identifier: "QuestionImportDataType" })

export type QuestionImportDataType = typeof QuestionImportDataType.Type

/**
 * A column that a question expects in a dataset.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataSetTypeField = Schema.Struct({
  name: Wire.text,
  type: Wire.text
}).annotations({ identifier: "DataSetTypeField" })

export interface DataSetTypeField extends Schema.Schema.Type<typeof DataSetTypeField> {}

/**
 * A place for a dataset in a question's query: its macro, the kind of data and the columns that it must have.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionDataType = Schema.Struct({
  id: Wire.text,
  macro: Wire.text,
  datasetID: Wire.text,
  importDataType: Wire.optional(QuestionImportDataType),
  dataSetTypeFields: Wire.optional(Wire.list(DataSetTypeField))
}).annotations({ identifier: "QuestionDataType" })

export interface QuestionDataType extends Schema.Schema.Type<typeof QuestionDataType> {}

/**
 * A value that a question takes when it is run.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Parameter = Schema.Struct({
  name: Wire.text,
  type: Wire.text,
  displayName: Wire.text,
  description: Wire.text,
  exampleValue: Wire.text,
  format: Wire.text,
  isSynced: Wire.flag
}).annotations({ identifier: "Parameter" })

export interface Parameter extends Schema.Schema.Type<typeof Parameter> {}

/**
 * A column that a question measures. `noise` puts the clean room's data decibel on it; `isIdentity` is not documented,
 * and most likely puts the crowd size on it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Measure = Schema.Struct({
  name: Wire.text,
  type: Wire.text,
  isIdentity: Wire.flag,
  noise: Wire.flag
}).annotations({ identifier: "Measure" })

export interface Measure extends Schema.Schema.Type<typeof Measure> {}

/**
 * A column that a question groups its result by.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Dimension = Schema.Struct({
  name: Wire.text,
  type: Wire.text
}).annotations({ identifier: "Dimension" })

export interface Dimension extends Schema.Schema.Type<typeof Dimension> {}

/**
 * A column of the list of users that a user list question produces.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UserListOutput = Schema.Struct({
  name: Wire.text,
  type: Wire.text
}).annotations({ identifier: "UserListOutput" })

export interface UserListOutput extends Schema.Schema.Type<typeof UserListOutput> {}

/**
 * All of a question: an analytical one has measures and dimensions, a user list question has user list outputs.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionDetails = Schema.Struct({
  title: Wire.text,
  displayId: Wire.text,
  category: Wire.text,
  tags: Wire.optional(Wire.list(Wire.Text)),
  description: Wire.text,
  version: Wire.integer,
  hasDateParameters: Wire.flag,
  hasDateFilter: Wire.flag,
  isAnalytics: Wire.flag,
  isUserListQuestion: Wire.flag,
  isCleanComputeQuestion: Wire.flag,
  outputFormat: Wire.text,
  visualization: Wire.text,
  hasMultipleOutputs: Wire.flag,
  queryDetails: Wire.optional(Wire.list(QueryDetail)),
  dataTypes: Wire.optional(Wire.list(QuestionDataType)),
  parameters: Wire.optional(Wire.list(Parameter)),
  measures: Wire.optional(Wire.list(Measure)),
  dimensions: Wire.optional(Wire.list(Dimension)),
  userListOutputs: Wire.optional(Wire.list(UserListOutput))
}).annotations({ identifier: "QuestionDetails" })

export interface QuestionDetails extends Schema.Schema.Type<typeof QuestionDetails> {}

/**
 * How a question is saved: with `queryValidation` a query that does not hold is refused instead of kept.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateQuestionSettings = Schema.Struct({
  queryValidation: Wire.flag
}).annotations({ identifier: "CreateQuestionSettings" })

export interface CreateQuestionSettings extends Schema.Schema.Type<typeof CreateQuestionSettings> {}

/**
 * A question as it is sent and as it reads back.
 *
 * With `cleanRoomID` it belongs to that clean room; with `organizationID` alone it can be added to any. Both ways use
 * this one schema, so that a question can be sent back as it was read, values unknown to us included.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Question = Schema.Struct({
  id: Wire.text,
  cleanRoomID: Wire.text,
  organizationID: Wire.text,
  questionDetails: Wire.optional(QuestionDetails),
  settings: Wire.optional(CreateQuestionSettings)
}).annotations({ identifier: "Question" })

export interface Question extends Schema.Schema.Type<typeof Question> {}

/**
 * The answer to a creation. Status 200 alone does not mean created: with `success` false, `message` says why not.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionCreationResponse = Schema.Struct({
  success: Wire.flag,
  message: Wire.text,
  questionID: Wire.text
}).annotations({ identifier: "QuestionCreationResponse" })

export interface QuestionCreationResponse extends Schema.Schema.Type<typeof QuestionCreationResponse> {}

/**
 * The answer to an update. Status 200 alone does not mean updated: with `success` false, `message` says why not.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionUpdateResponse = Schema.Struct({
  success: Wire.flag,
  message: Wire.text,
  question: Wire.optional(QuestionDetails)
}).annotations({ identifier: "QuestionUpdateResponse" })

export interface QuestionUpdateResponse extends Schema.Schema.Type<typeof QuestionUpdateResponse> {}

const QuestionPath = Schema.Struct({ questionID: Wire.PathSegment })

const InCleanRoom = Schema.Struct({ cleanRoomID: Wire.maybe(Schema.String) })

/**
 * Questions by id. No operation lists them: ids come from clean rooms or from Habu's user interface.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Questions", { topLevel: true })
  .add(
    HttpApiEndpoint.post("createQuestion", "/question")
      .setUrlParams(InCleanRoom)
      .setPayload(Question)
      .addSuccess(QuestionCreationResponse)
      .annotate(OpenApi.Summary, "Creates a question, in one clean room or for the organisation.")
      .annotate(OpenApi.Description, "Names may repeat, so calling again makes a second question. Check `success`.")
  )
  .add(
    HttpApiEndpoint.get("getQuestionDetails", "/question/:questionID")
      .setPath(QuestionPath)
      .setUrlParams(Schema.Struct({ ...InCleanRoom.fields, version: Wire.maybe(Wire.IntegerParam) }))
      .addSuccess(Question)
      .annotate(OpenApi.Summary, "Reads a question with its query, in any of its versions.")
  )
  .add(
    HttpApiEndpoint.put("updateQuestion", "/question/:questionID")
      .setPath(QuestionPath)
      .setUrlParams(InCleanRoom)
      .setPayload(Question)
      .addSuccess(QuestionUpdateResponse)
      .annotate(OpenApi.Summary, "Replaces a question.")
      .annotate(OpenApi.Description, "Read it first and send all of it. Check `success`.")
  )
  .add(
    HttpApiEndpoint.del("deleteQuestion", "/question/:questionID")
      .setPath(QuestionPath)
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Deletes a question for good.")
      .annotate(OpenApi.Description, "Look for the clean room questions made from it first.")
  )
  .add(
    HttpApiEndpoint.get("getQuestionDataTypes", "/question/:questionID/data-types")
      .setPath(QuestionPath)
      .addSuccess(Wire.list(QuestionDataType))
      .annotate(OpenApi.Summary, "Lists the datasets that a question needs, by macro.")
      .annotate(OpenApi.Description, "Habu's contract promises a single one; one and several are both read as a list.")
  )
{}
