/**
 * DOC module Questions
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
 * DOC QuestionCreationResponse
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
 * DOC QueryDetail
 *
 * @since 0.1.0
 * @category schemas
 */
export const QueryDetail = Schema.Struct({
  query: Wire.text,
  cleanRoomType: Wire.optional(Common.CleanRoomTypeRequest),
  queryLanguage: Wire.text
}).annotations({ identifier: "QueryDetail" })

export interface QueryDetail extends Schema.Schema.Type<typeof QueryDetail> {}

/**
 * DOC QuestionImportDataType
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
 * DOC DataSetTypeField
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
 * DOC QuestionDataType
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
 * DOC Parameter
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
 * DOC Measure
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
 * DOC Dimension
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
 * DOC UserListOutput
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
 * DOC QuestionDetails
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
 * DOC QuestionUpdateResponse
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

/**
 * DOC CreateQuestionSettings
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateQuestionSettings = Schema.Struct({
  queryValidation: Wire.flag
}).annotations({ identifier: "CreateQuestionSettings" })

export interface CreateQuestionSettings extends Schema.Schema.Type<typeof CreateQuestionSettings> {}

/**
 * DOC Question
 *
 * @since 0.1.0
 * @category schemas
 */
export const Question = Schema.Struct({
  questionDetails: Wire.optional(QuestionDetails),
  id: Wire.text,
  cleanRoomID: Wire.text,
  organizationID: Wire.text,
  settings: Wire.optional(CreateQuestionSettings)
}).annotations({ identifier: "Question" })

export interface Question extends Schema.Schema.Type<typeof Question> {}

/**
 * DOC DeleteQuestionResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const DeleteQuestionResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "DeleteQuestionResponse" })

export interface DeleteQuestionResponse extends Schema.Schema.Type<typeof DeleteQuestionResponse> {}

/**
 * DOC group Questions
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Questions", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getQuestionDetails", "/question/:questionID")
      .setPath(Schema.Struct({ questionID: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ cleanRoomID: Wire.maybe(Schema.String), version: Wire.maybe(Wire.IntegerParam) }))
      .addSuccess(Question)
      .annotate(OpenApi.Summary, "DOC getQuestionDetails")
  )
  .add(
    HttpApiEndpoint.del("deleteQuestion", "/question/:questionID")
      .setPath(Schema.Struct({ questionID: Wire.PathSegment }))
      .addSuccess(DeleteQuestionResponse)
      .annotate(OpenApi.Summary, "DOC deleteQuestion")
  )
  .add(
    HttpApiEndpoint.put("updateQuestion", "/question/:questionID")
      .setPath(Schema.Struct({ questionID: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ cleanRoomID: Wire.maybe(Schema.String) }))
      .setPayload(Question)
      .addSuccess(QuestionUpdateResponse)
      .annotate(OpenApi.Summary, "DOC updateQuestion")
  )
  .add(
    HttpApiEndpoint.post("createQuestion", "/question")
      .setUrlParams(Schema.Struct({ cleanRoomID: Wire.maybe(Schema.String) }))
      .setPayload(Question)
      .addSuccess(QuestionCreationResponse)
      .annotate(OpenApi.Summary, "DOC createQuestion")
  )
  .add(
    HttpApiEndpoint.get("getQuestionDataTypes", "/question/:questionID/data-types")
      .setPath(Schema.Struct({ questionID: Wire.PathSegment }))
      .addSuccess(QuestionDataType)
      .annotate(OpenApi.Summary, "DOC getQuestionDataTypes")
  )
{}
