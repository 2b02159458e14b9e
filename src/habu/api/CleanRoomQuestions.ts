/**
 * DOC module CleanRoomQuestions
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as DataConnections from "./DataConnections.js"
import * as Datasets from "./Datasets.js"
import * as Wire from "./Wire.js"

/**
 * DOC CleanRoomQuestion
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestion = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  displayId: Wire.text,
  questionType: Wire.text,
  category: Wire.text,
  createdOn: Wire.moment,
  status: Wire.text,
  dataTypes: Wire.optional(Wire.TextRecord),
  parameters: Wire.optional(Wire.TextRecord),
  dimension: Wire.optional(Wire.TextRecord),
  metrics: Wire.optional(Wire.TextRecord),
  cleanroomId: Wire.text,
  ownerOrganizationId: Wire.text,
  customerQueryTemplate: Wire.text,
  questionId: Wire.text
}).annotations({ identifier: "CleanRoomQuestion" })

export interface CleanRoomQuestion extends Schema.Schema.Type<typeof CleanRoomQuestion> {}

/**
 * DOC SegmentationRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const SegmentationRequest = Schema.Struct({
  assetDisplayName: Schema.String,
  rampID: Schema.String
}).annotations({ identifier: "SegmentationRequest" })

export interface SegmentationRequest extends Schema.Schema.Type<typeof SegmentationRequest> {}

/**
 * DOC SegmentationResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const SegmentationResponse = Schema.Struct({
  assetId: Wire.text,
  success: Wire.flag
}).annotations({ identifier: "SegmentationResponse" })

export interface SegmentationResponse extends Schema.Schema.Type<typeof SegmentationResponse> {}

/**
 * DOC CleanroomQuestionComputeCapacity
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionComputeCapacity = Schema.Literal("DEFAULT", "MEDIUM", "LARGE", "XLARGE").annotations({
  identifier: "CleanroomQuestionComputeCapacity"
})

export type CleanroomQuestionComputeCapacity = typeof CleanroomQuestionComputeCapacity.Type

/**
 * DOC UpdateCleanroomQuestionComputeCapacityRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateCleanroomQuestionComputeCapacityRequest = Schema.Struct({
  computeCapacity: Wire.maybe(CleanroomQuestionComputeCapacity)
}).annotations({ identifier: "UpdateCleanroomQuestionComputeCapacityRequest" })

export interface UpdateCleanroomQuestionComputeCapacityRequest
  extends Schema.Schema.Type<typeof UpdateCleanroomQuestionComputeCapacityRequest>
{}

/**
 * DOC UpdateCleanroomQuestionComputeCapacityResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateCleanroomQuestionComputeCapacityResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "UpdateCleanroomQuestionComputeCapacityResponse" })

export interface UpdateCleanroomQuestionComputeCapacityResponse
  extends Schema.Schema.Type<typeof UpdateCleanroomQuestionComputeCapacityResponse>
{}

/**
 * DOC ValueConstraintType
 *
 * @since 0.1.0
 * @category schemas
 */
export const ValueConstraintType = Wire.openEnum("ENFORCED_LIST", "DEFAULT_VALUE").annotations({
  identifier: "ValueConstraintType"
})

export type ValueConstraintType = typeof ValueConstraintType.Type

/**
 * DOC CleanRoomQuestions
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestions = Wire.list(CleanRoomQuestion).annotations({ identifier: "CleanRoomQuestions" })

export type CleanRoomQuestions = typeof CleanRoomQuestions.Type

/**
 * DOC CleanRoomQuestionResultShare
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionResultShare = Schema.Struct({
  id: Wire.text,
  PartnerID: Wire.text,
  PostRunQueryID: Wire.text
}).annotations({ identifier: "CleanRoomQuestionResultShare" })

export interface CleanRoomQuestionResultShare extends Schema.Schema.Type<typeof CleanRoomQuestionResultShare> {}

/**
 * DOC CleanRoomQuestionResultShares
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionResultShares = Wire.list(CleanRoomQuestionResultShare).annotations({
  identifier: "CleanRoomQuestionResultShares"
})

export type CleanRoomQuestionResultShares = typeof CleanRoomQuestionResultShares.Type

/**
 * DOC CleanRoomQuestionTags
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionTags = Wire.list(Wire.Text).annotations({ identifier: "CleanRoomQuestionTags" })

export type CleanRoomQuestionTags = typeof CleanRoomQuestionTags.Type

/**
 * DOC CleanroomQuestionParameter
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionParameter = Schema.Struct({
  Name: Wire.text,
  Index: Wire.integer,
  DataType: Wire.text,
  ParameterType: Wire.text,
  DisplayName: Wire.text,
  Description: Wire.text,
  ExampleValue: Wire.text,
  Format: Wire.text,
  IsSynced: Wire.flag,
  HasConstraint: Wire.flag,
  ConstraintType: Wire.optional(ValueConstraintType),
  AllowedValues: Wire.optional(Wire.list(Wire.Text)),
  DefaultValue: Wire.text,
  partitionFieldConfig: Wire.optional(DataConnections.PartitionFieldConfig)
}).annotations({ identifier: "CleanroomQuestionParameter" })

export interface CleanroomQuestionParameter extends Schema.Schema.Type<typeof CleanroomQuestionParameter> {}

/**
 * DOC CleanroomQuestionParameters
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionParameters = Wire.list(CleanroomQuestionParameter).annotations({
  identifier: "CleanroomQuestionParameters"
})

export type CleanroomQuestionParameters = typeof CleanroomQuestionParameters.Type

/**
 * DOC GetCleanRoomQuestionParametersResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetCleanRoomQuestionParametersResponse = Schema.Struct({
  name: Wire.text,
  displayId: Wire.text,
  parameters: Wire.optional(CleanroomQuestionParameters)
}).annotations({ identifier: "GetCleanRoomQuestionParametersResponse" })

export interface GetCleanRoomQuestionParametersResponse
  extends Schema.Schema.Type<typeof GetCleanRoomQuestionParametersResponse>
{}

/**
 * DOC UpsertCleanRoomQuestionResultShares
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpsertCleanRoomQuestionResultShares = Schema.Struct({
  PartnerID: Wire.maybe(Schema.String),
  PostRunQueryID: Wire.maybe(Schema.String)
}).annotations({ identifier: "UpsertCleanRoomQuestionResultShares" })

export interface UpsertCleanRoomQuestionResultShares
  extends Schema.Schema.Type<typeof UpsertCleanRoomQuestionResultShares>
{}

/**
 * DOC UpsertCleanRoomQuestionResultSharesApiInput
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpsertCleanRoomQuestionResultSharesApiInput = Schema.Array(UpsertCleanRoomQuestionResultShares)
  .annotations({ identifier: "UpsertCleanRoomQuestionResultSharesApiInput" })

export type UpsertCleanRoomQuestionResultSharesApiInput = typeof UpsertCleanRoomQuestionResultSharesApiInput.Type

/**
 * DOC QuestionPermission
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionPermission = Wire.openEnum(
  "UNKNOWN_PERMISSION",
  "VIEW_CODE",
  "EDIT",
  "CLONE",
  "RUN",
  "IN_PROGRESS",
  "VIEW_RESULTS",
  "DELETE"
).annotations({ identifier: "QuestionPermission" })

export type QuestionPermission = typeof QuestionPermission.Type

/**
 * DOC QuestionAccess
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionAccess = Wire.openEnum("UNKNOWN_ACCESS", "QUESTION_OWNER_ONLY", "ALL_CLEAN_ROOM_PARTNERS")
  .annotations({ identifier: "QuestionAccess" })

export type QuestionAccess = typeof QuestionAccess.Type

/**
 * DOC CleanRoomQuestionRun
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionRun = Schema.Struct({
  runId: Wire.text,
  status: Wire.text,
  startTimestamp: Wire.moment,
  endTimestamp: Wire.moment
}).annotations({ identifier: "CleanRoomQuestionRun" })

export interface CleanRoomQuestionRun extends Schema.Schema.Type<typeof CleanRoomQuestionRun> {}

/**
 * DOC CleanRoomQuestionResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionResponse = Schema.Struct({
  id: Wire.text,
  cleanRoomId: Wire.text,
  ownerOrganizationId: Wire.text,
  questionId: Wire.text,
  title: Wire.text,
  category: Wire.text,
  stage: Wire.text,
  status: Wire.text,
  latestRun: Wire.optional(CleanRoomQuestionRun),
  datasetCount: Wire.integer,
  runCount: Wire.integer,
  isEditable: Wire.flag,
  questionStatus: Wire.text,
  questionVersion: Wire.integer,
  displayId: Wire.text,
  description: Wire.text
}).annotations({ identifier: "CleanRoomQuestionResponse" })

export interface CleanRoomQuestionResponse extends Schema.Schema.Type<typeof CleanRoomQuestionResponse> {}

/**
 * DOC UpsertCleanRoomQuestionResultShareResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpsertCleanRoomQuestionResultShareResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "UpsertCleanRoomQuestionResultShareResponse" })

export interface UpsertCleanRoomQuestionResultShareResponse
  extends Schema.Schema.Type<typeof UpsertCleanRoomQuestionResultShareResponse>
{}

/**
 * DOC QuestionDataTypeOption
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionDataTypeOption = Schema.Struct({
  dataTypeName: Wire.text,
  datasetOptions: Wire.optional(Wire.list(Schema.Struct({
    id: Wire.text,
    name: Wire.text
  })))
}).annotations({ identifier: "QuestionDataTypeOption" })

export interface QuestionDataTypeOption extends Schema.Schema.Type<typeof QuestionDataTypeOption> {}

/**
 * DOC QuestionDataTypeOptions
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionDataTypeOptions = Wire.list(QuestionDataTypeOption).annotations({
  identifier: "QuestionDataTypeOptions"
})

export type QuestionDataTypeOptions = typeof QuestionDataTypeOptions.Type

/**
 * DOC CleanRoomQuestionPermissions
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionPermissions = Schema.Struct({
  id: Wire.text,
  permission: Wire.optional(QuestionPermission),
  access: Wire.optional(QuestionAccess)
}).annotations({ identifier: "CleanRoomQuestionPermissions" })

export interface CleanRoomQuestionPermissions extends Schema.Schema.Type<typeof CleanRoomQuestionPermissions> {}

/**
 * DOC CleanRoomQuestionPermissionsResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionPermissionsResponse = Wire.list(CleanRoomQuestionPermissions).annotations({
  identifier: "CleanRoomQuestionPermissionsResponse"
})

export type CleanRoomQuestionPermissionsResponse = typeof CleanRoomQuestionPermissionsResponse.Type

/**
 * DOC CleanRoomQuestionPermissionsUpdateInput
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionPermissionsUpdateInput = Schema.Struct({
  permission: Wire.maybe(QuestionPermission),
  access: Wire.maybe(QuestionAccess)
}).annotations({ identifier: "CleanRoomQuestionPermissionsUpdateInput" })

export interface CleanRoomQuestionPermissionsUpdateInput
  extends Schema.Schema.Type<typeof CleanRoomQuestionPermissionsUpdateInput>
{}

/**
 * DOC UpdateCleanRoomQuestionPermissionsRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateCleanRoomQuestionPermissionsRequest = Schema.Array(CleanRoomQuestionPermissionsUpdateInput)
  .annotations({ identifier: "UpdateCleanRoomQuestionPermissionsRequest" })

export type UpdateCleanRoomQuestionPermissionsRequest = typeof UpdateCleanRoomQuestionPermissionsRequest.Type

/**
 * DOC AssignCleanroomQuestionDatasetRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const AssignCleanroomQuestionDatasetRequest = Schema.Struct({
  organizationId: Wire.maybe(Schema.String),
  macro: Wire.maybe(Schema.String)
}).annotations({ identifier: "AssignCleanroomQuestionDatasetRequest" })

export interface AssignCleanroomQuestionDatasetRequest
  extends Schema.Schema.Type<typeof AssignCleanroomQuestionDatasetRequest>
{}

/**
 * DOC CleanRoomQuestionDataset
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionDataset = Schema.Struct({
  id: Wire.text,
  dataTypeDisplayName: Wire.text,
  ownership: Wire.text,
  status: Wire.text,
  datasetId: Wire.text,
  datasetName: Wire.text,
  dataTypeName: Wire.text,
  questionDataTypeId: Wire.text,
  dataConnectionId: Wire.text,
  parameters: Wire.optional(Wire.list(Datasets.DatasetParameter)),
  dataSourceId: Wire.text,
  organizationId: Wire.text,
  organizationName: Wire.text,
  macro: Wire.text,
  assignedAt: Wire.moment,
  fields: Wire.optional(Wire.list(Datasets.DatasetField))
}).annotations({ identifier: "CleanRoomQuestionDataset" })

export interface CleanRoomQuestionDataset extends Schema.Schema.Type<typeof CleanRoomQuestionDataset> {}

/**
 * DOC CleanRoomQuestionDatasets
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionDatasets = Wire.list(CleanRoomQuestionDataset).annotations({
  identifier: "CleanRoomQuestionDatasets"
})

export type CleanRoomQuestionDatasets = typeof CleanRoomQuestionDatasets.Type

/**
 * DOC group CleanRoomQuestions
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("CleanRoomQuestions", { topLevel: true })
  .add(
    HttpApiEndpoint.post("addCleanroomQuestion", "/cleanrooms/:cleanroomId/cleanroom-questions")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ questionId: Schema.String, isEditable: Wire.maybe(Wire.BooleanParam) }))
      .addSuccess(CleanRoomQuestionResponse)
      .annotate(OpenApi.Summary, "DOC addCleanroomQuestion")
  )
  .add(
    HttpApiEndpoint.get("getAllCleanroomQuestions", "/cleanrooms/:cleanroomId/cleanroom-questions")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setUrlParams(
        Schema.Struct({
          startDate: Wire.maybe(Schema.String),
          endDate: Wire.maybe(Schema.String),
          limit: Wire.maybe(Wire.IntegerParam),
          offset: Wire.maybe(Wire.IntegerParam),
          questionType: Wire.maybe(Schema.String)
        })
      )
      .addSuccess(CleanRoomQuestions)
      .annotate(OpenApi.Summary, "DOC getAllCleanroomQuestions")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionById", "/cleanroom-questions/:cleanroomQuestionId")
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .addSuccess(CleanRoomQuestion)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionById")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroomQuestion", "/cleanroom-questions/:cleanroomQuestionId")
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteCleanroomQuestion")
  )
  .add(
    HttpApiEndpoint.patch(
      "updateCleanroomQuestionComputeCapacity",
      "/cleanroom-questions/:cleanroomQuestionId/compute-capacity"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setPayload(UpdateCleanroomQuestionComputeCapacityRequest)
      .addSuccess(UpdateCleanroomQuestionComputeCapacityResponse)
      .annotate(OpenApi.Summary, "DOC updateCleanroomQuestionComputeCapacity")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestion", "/cleanrooms/:cleanroomId/questions/:questionId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, questionId: Wire.PathSegment }))
      .addSuccess(Schema.Struct({
        id: Wire.text
      }))
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestion")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionResultShares",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-result-shares"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .addSuccess(CleanRoomQuestionResultShares)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionResultShares")
  )
  .add(
    HttpApiEndpoint.put(
      "upsertCleanRoomQuestionResultShares",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-result-shares"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setPayload(UpsertCleanRoomQuestionResultSharesApiInput)
      .addSuccess(UpsertCleanRoomQuestionResultShareResponse)
      .annotate(OpenApi.Summary, "DOC upsertCleanRoomQuestionResultShares")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionTags", "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-tags")
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .addSuccess(CleanRoomQuestionTags)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionTags")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionParameters",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-parameters"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .addSuccess(GetCleanRoomQuestionParametersResponse)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionParameters")
  )
  .add(
    HttpApiEndpoint.post(
      "enableCleanroomQuestionSegmentation",
      "/cleanroom-questions/:cleanroomQuestionId/segmentation"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setPayload(SegmentationRequest)
      .addSuccess(SegmentationResponse)
      .annotate(OpenApi.Summary, "DOC enableCleanroomQuestionSegmentation")
  )
  .add(
    HttpApiEndpoint.put("updateCleanroomQuestionSegmentation", "/cleanroom-questions/:cleanroomQuestionId/segmentation")
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setPayload(SegmentationRequest)
      .addSuccess(SegmentationResponse)
      .annotate(OpenApi.Summary, "DOC updateCleanroomQuestionSegmentation")
  )
  .add(
    HttpApiEndpoint.post(
      "configureCleanRoomQuestionPermissions",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-permissions"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setUrlParams(
        Schema.Struct({ cleanroomQuestionPermissions: Wire.JsonParam(UpdateCleanRoomQuestionPermissionsRequest) })
      )
      .addSuccess(CleanRoomQuestionPermissionsResponse)
      .annotate(OpenApi.Summary, "DOC configureCleanRoomQuestionPermissions")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionPermissions",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-permissions"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .addSuccess(CleanRoomQuestionPermissionsResponse)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionPermissions")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionDataTypeOptions",
      "/cleanroom-questions/:cleanroomQuestionId/data-type-options"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ dataType: Schema.String }))
      .addSuccess(QuestionDataTypeOptions)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionDataTypeOptions")
  )
  .add(
    HttpApiEndpoint.post(
      "assignCleanroomQuestionDatasetsOwnership",
      "/cleanroom-questions/:cleanroomQuestionId/datasets-ownership"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setUrlParams(
        Schema.Struct({ AssignCleanroomQuestionDatasetRequests: Wire.JsonParam(AssignCleanroomQuestionDatasetRequest) })
      )
      .addSuccess(CleanRoomQuestionDatasets)
      .annotate(OpenApi.Summary, "DOC assignCleanroomQuestionDatasetsOwnership")
  )
  .add(
    HttpApiEndpoint.post("configureCleanroomQuestionDatasets", "/cleanroom-questions/:cleanroomQuestionId/datasets")
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setPayload(CleanRoomQuestionDatasets)
      .addSuccess(CleanRoomQuestionDatasets)
      .annotate(OpenApi.Summary, "DOC configureCleanroomQuestionDatasets")
  )
  .add(
    HttpApiEndpoint.get("getAllCleanroomQuestionDatasets", "/cleanroom-questions/:cleanroomQuestionId/datasets")
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .addSuccess(CleanRoomQuestionDatasets)
      .annotate(OpenApi.Summary, "DOC getAllCleanroomQuestionDatasets")
  )
{}
