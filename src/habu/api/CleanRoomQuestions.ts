/**
 * Questions in clean rooms: what each takes and yields, which datasets it reads, who may do what with it.
 *
 * A question is written once and added to clean rooms; each addition is a clean room question with an id of its own.
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
import * as Operation from "./Operation.js"
import * as QuestionRuns from "./QuestionRuns.js"
import * as Wire from "./Wire.js"

/**
 * A clean room question as it reads back.
 *
 * - `name` may end in blanks and is not unique, not even within a clean room (seen live); `displayId` (`CRQ-…`) is.
 * - `status` is free text. `READY` is the one that can be run; `MISSING_DATASETS` was seen too.
 * - `questionType` is upper case here (`ANALYTICAL`, seen live), though the list is filtered by `Analytical`.
 * - `customerQueryTemplate` is the SQL, at times another party's, and not for people who may not view its code.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestion = Schema.Struct({
  id: Wire.text,
  displayId: Wire.text,
  name: Wire.text,
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
 * The questions of a clean room.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestions = Wire.list(CleanRoomQuestion).annotations({ identifier: "CleanRoomQuestions" })

export type CleanRoomQuestions = typeof CleanRoomQuestions.Type

/**
 * The latest run of a clean room question, in brief.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionRun = Schema.Struct({
  runId: Wire.text,
  status: Wire.optional(QuestionRuns.RunStatus),
  startTimestamp: Wire.moment,
  endTimestamp: Wire.moment
}).annotations({ identifier: "CleanRoomQuestionRun" })

export interface CleanRoomQuestionRun extends Schema.Schema.Type<typeof CleanRoomQuestionRun> {}

/**
 * A question just added to a clean room; `datasetCount` is how many datasets it needs, not how many it has.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionResponse = Schema.Struct({
  id: Wire.text,
  displayId: Wire.text,
  cleanRoomId: Wire.text,
  ownerOrganizationId: Wire.text,
  questionId: Wire.text,
  title: Wire.text,
  category: Wire.text,
  description: Wire.text,
  stage: Wire.text,
  status: Wire.text,
  questionStatus: Wire.text,
  questionVersion: Wire.integer,
  isEditable: Wire.flag,
  datasetCount: Wire.integer,
  runCount: Wire.integer,
  latestRun: Wire.optional(CleanRoomQuestionRun)
}).annotations({ identifier: "CleanRoomQuestionResponse" })

export interface CleanRoomQuestionResponse extends Schema.Schema.Type<typeof CleanRoomQuestionResponse> {}

/**
 * What a parameter's constraint does: only listed values are allowed, or a value is filled in.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ValueConstraintType = Wire.openEnum("ENFORCED_LIST", "DEFAULT_VALUE").annotations({
  identifier: "ValueConstraintType"
})

export type ValueConstraintType = typeof ValueConstraintType.Type

/**
 * A value that a run of the question takes, with all there is to check it by before a run is spent on it.
 *
 * Field names are capitalised, save `partitionFieldConfig`, which the parameters of partition columns have.
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
 * The values that a run of the question takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionParameters = Wire.list(CleanroomQuestionParameter).annotations({
  identifier: "CleanroomQuestionParameters"
})

export type CleanroomQuestionParameters = typeof CleanroomQuestionParameters.Type

/**
 * A clean room question's name, display id and parameters.
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
 * A macro of the question and the dataset assigned to it, as it is sent and as it reads back.
 *
 * Without `datasetId` nothing is assigned yet. `organizationId` is whose dataset it must be. An assignment must have
 * `datasetId`, `macro`, and `name` and `value` of every field (operation configureCleanroomQuestionDatasets).
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionDataset = Schema.Struct({
  id: Wire.text,
  macro: Wire.text,
  dataTypeName: Wire.text,
  dataTypeDisplayName: Wire.text,
  questionDataTypeId: Wire.text,
  ownership: Wire.text,
  organizationId: Wire.text,
  organizationName: Wire.text,
  status: Wire.text,
  datasetId: Wire.text,
  datasetName: Wire.text,
  dataConnectionId: Wire.text,
  dataSourceId: Wire.text,
  assignedAt: Wire.moment,
  parameters: Wire.optional(Wire.list(Datasets.DatasetParameter)),
  fields: Wire.optional(Wire.list(Datasets.DatasetField))
}).annotations({ identifier: "CleanRoomQuestionDataset" })

export interface CleanRoomQuestionDataset extends Schema.Schema.Type<typeof CleanRoomQuestionDataset> {}

/**
 * Every macro of the question. To assign datasets, read this list, fill it in and send it back.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionDatasets = Wire.list(CleanRoomQuestionDataset).annotations({
  identifier: "CleanRoomQuestionDatasets"
})

export type CleanRoomQuestionDatasets = typeof CleanRoomQuestionDatasets.Type

/**
 * Which organisation is to supply the dataset of a macro. One macro to a call, though the parameter's name is a plural.
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
 * The datasets that fit a data type of the question.
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
 * The datasets that fit the question, by data type.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionDataTypeOptions = Wire.list(QuestionDataTypeOption).annotations({
  identifier: "QuestionDataTypeOptions"
})

export type QuestionDataTypeOptions = typeof QuestionDataTypeOptions.Type

/**
 * What can be allowed on a clean room question. What `IN_PROGRESS` allows is not documented.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionPermission = Schema.Literal(
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
 * Whom it is allowed: the owner alone or all partners. A single partner cannot be named.
 *
 * @since 0.1.0
 * @category schemas
 */
export const QuestionAccess = Schema.Literal("UNKNOWN_ACCESS", "QUESTION_OWNER_ONLY", "ALL_CLEAN_ROOM_PARTNERS")
  .annotations({ identifier: "QuestionAccess" })

export type QuestionAccess = typeof QuestionAccess.Type

/**
 * Who has one permission on a clean room question.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionPermissions = Schema.Struct({
  id: Wire.text,
  permission: Wire.optional(Wire.openEnum(...QuestionPermission.literals)),
  access: Wire.optional(Wire.openEnum(...QuestionAccess.literals))
}).annotations({ identifier: "CleanRoomQuestionPermissions" })

export interface CleanRoomQuestionPermissions extends Schema.Schema.Type<typeof CleanRoomQuestionPermissions> {}

/**
 * Who has which permission on a clean room question. Seeing shared results is a matter of result shares besides.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionPermissionsResponse = Wire.list(CleanRoomQuestionPermissions).annotations({
  identifier: "CleanRoomQuestionPermissionsResponse"
})

export type CleanRoomQuestionPermissionsResponse = typeof CleanRoomQuestionPermissionsResponse.Type

/**
 * A permission to set, and whom to.
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
 * The permissions to set on a clean room question.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateCleanRoomQuestionPermissionsRequest = Schema.Array(CleanRoomQuestionPermissionsUpdateInput)
  .annotations({ identifier: "UpdateCleanRoomQuestionPermissionsRequest" })

export type UpdateCleanRoomQuestionPermissionsRequest = typeof UpdateCleanRoomQuestionPermissionsRequest.Type

/**
 * A partner that the results of a clean room question can be shared with.
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
 * Everyone that the results of a clean room question can be shared with, not only those who see them already.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionResultShares = Wire.list(CleanRoomQuestionResultShare).annotations({
  identifier: "CleanRoomQuestionResultShares"
})

export type CleanRoomQuestionResultShares = typeof CleanRoomQuestionResultShares.Type

/**
 * A partner to share results with, by the ids of a {@link CleanRoomQuestionResultShare}.
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
 * Everyone to share results with. Send the whole list: it may replace the one before.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpsertCleanRoomQuestionResultSharesApiInput = Schema.Array(UpsertCleanRoomQuestionResultShares)
  .annotations({ identifier: "UpsertCleanRoomQuestionResultSharesApiInput" })

export type UpsertCleanRoomQuestionResultSharesApiInput = typeof UpsertCleanRoomQuestionResultSharesApiInput.Type

/**
 * Whether results are shared now; status 200 alone does not say so.
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
 * How large a machine runs the question. Snowflake has `DEFAULT` and `LARGE` only.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionComputeCapacity = Schema.Literal("DEFAULT", "MEDIUM", "LARGE", "XLARGE").annotations({
  identifier: "CleanroomQuestionComputeCapacity"
})

export type CleanroomQuestionComputeCapacity = typeof CleanroomQuestionComputeCapacity.Type

/**
 * The compute capacity to set.
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
 * Whether the compute capacity is set now; status 200 alone does not say so.
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
 * How a user list question's segments are to appear. `rampID` is a kind of identifier such as `NAME`, not a RampID.
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
 * The asset that holds the segments. Status 200 alone does not mean that there is one: `success` may be false.
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
 * The tags of a question, more often none than some (seen live).
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomQuestionTags = Wire.list(Wire.Text).annotations({ identifier: "CleanRoomQuestionTags" })

export type CleanRoomQuestionTags = typeof CleanRoomQuestionTags.Type

const CleanRoomPath = Schema.Struct({ cleanroomId: Wire.PathSegment })

const CleanRoomQuestionPath = Schema.Struct({ cleanroomQuestionId: Wire.PathSegment })

/**
 * Clean room questions by id, which is a UUID and neither the question's own id nor the display id (`CRQ-…`).
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("CleanRoomQuestions", { topLevel: true })
  .add(
    HttpApiEndpoint.post("addCleanroomQuestion", "/cleanrooms/:cleanroomId/cleanroom-questions")
      .setPath(CleanRoomPath)
      .setUrlParams(Schema.Struct({ questionId: Schema.String, isEditable: Wire.maybe(Wire.BooleanParam) }))
      .addSuccess(CleanRoomQuestionResponse)
      .annotate(OpenApi.Summary, "Adds a question to a clean room.")
      .annotate(
        OpenApi.Description,
        "Has no body. It stays editable by default. Calling again may add it a second time."
      )
  )
  .add(
    HttpApiEndpoint.get("getAllCleanroomQuestions", "/cleanrooms/:cleanroomId/cleanroom-questions")
      .setPath(CleanRoomPath)
      .setUrlParams(
        Schema.Struct({
          startDate: Wire.maybe(Schema.String),
          endDate: Wire.maybe(Schema.String),
          questionType: Wire.maybe(Schema.String),
          ...Common.Page.fields
        })
      )
      .addSuccess(CleanRoomQuestions)
      .annotate(OpenApi.Summary, "Lists the questions of a clean room.")
      .annotate(
        OpenApi.Description,
        "500 at a time by default. The days `yyyy-mm-dd` bound the creation; `questionType` is List or Analytical."
      )
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionById", "/cleanroom-questions/:cleanroomQuestionId")
      .setPath(CleanRoomQuestionPath)
      .addSuccess(CleanRoomQuestion)
      .annotate(OpenApi.Summary, "Reads one clean room question with its query.")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestion", "/cleanrooms/:cleanroomId/questions/:questionId")
      .setPath(Schema.Struct({ ...CleanRoomPath.fields, questionId: Wire.PathSegment }))
      .addSuccess(Schema.Struct({
        id: Wire.text
      }))
      .annotate(OpenApi.Summary, "Finds the id that a question has in a clean room, and nothing else.")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroomQuestion", "/cleanroom-questions/:cleanroomQuestionId")
      .setPath(CleanRoomQuestionPath)
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Removes a question from its clean room for good.")
      .annotate(OpenApi.Description, "Look at its runs and schedules first.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionParameters",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-parameters"
    )
      .setPath(CleanRoomQuestionPath)
      .addSuccess(GetCleanRoomQuestionParametersResponse)
      .annotate(OpenApi.Summary, "Reads the values that a run takes, partition columns included.")
      .annotate(
        OpenApi.Description,
        "Check values by it before a run: a run that fails still counts against the limit."
      )
  )
  .add(
    HttpApiEndpoint.get("getAllCleanroomQuestionDatasets", "/cleanroom-questions/:cleanroomQuestionId/datasets")
      .setPath(CleanRoomQuestionPath)
      .addSuccess(CleanRoomQuestionDatasets)
      .annotate(OpenApi.Summary, "Lists the question's macros and the datasets assigned to them.")
  )
  .add(
    HttpApiEndpoint.post("configureCleanroomQuestionDatasets", "/cleanroom-questions/:cleanroomQuestionId/datasets")
      .setPath(CleanRoomQuestionPath)
      .setPayload(CleanRoomQuestionDatasets)
      .addSuccess(CleanRoomQuestionDatasets)
      .annotate(Operation.EffectAnnotation, "idempotent")
      .annotate(OpenApi.Summary, "Assigns datasets to the question's macros.")
      .annotate(OpenApi.Description, "The clean room's owner must have assigned the ownership of each macro before.")
  )
  .add(
    HttpApiEndpoint.post(
      "assignCleanroomQuestionDatasetsOwnership",
      "/cleanroom-questions/:cleanroomQuestionId/datasets-ownership"
    )
      .setPath(CleanRoomQuestionPath)
      .setUrlParams(
        Schema.Struct({ AssignCleanroomQuestionDatasetRequests: Wire.JsonParam(AssignCleanroomQuestionDatasetRequest) })
      )
      .addSuccess(CleanRoomQuestionDatasets)
      .annotate(Operation.EffectAnnotation, "idempotent")
      .annotate(OpenApi.Summary, "Says which organisation is to supply the dataset of a macro.")
      .annotate(OpenApi.Description, "Has no body: the JSON goes into the query parameter, one macro to a call.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionDataTypeOptions",
      "/cleanroom-questions/:cleanroomQuestionId/data-type-options"
    )
      .setPath(CleanRoomQuestionPath)
      .setUrlParams(Schema.Struct({ dataType: Schema.String }))
      .addSuccess(QuestionDataTypeOptions)
      .annotate(OpenApi.Summary, "Lists the datasets that may be assigned to a data type of the question.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionPermissions",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-permissions"
    )
      .setPath(CleanRoomQuestionPath)
      .addSuccess(CleanRoomQuestionPermissionsResponse)
      .annotate(OpenApi.Summary, "Reads who may do what with the question.")
  )
  .add(
    HttpApiEndpoint.post(
      "configureCleanRoomQuestionPermissions",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-permissions"
    )
      .setPath(CleanRoomQuestionPath)
      .setUrlParams(
        Schema.Struct({ cleanroomQuestionPermissions: Wire.JsonParam(UpdateCleanRoomQuestionPermissionsRequest) })
      )
      .addSuccess(CleanRoomQuestionPermissionsResponse)
      .annotate(Operation.EffectAnnotation, "idempotent")
      .annotate(OpenApi.Summary, "Sets who may do what with the question.")
      .annotate(OpenApi.Description, "Has no body: the JSON goes into the query parameter.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionResultShares",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-result-shares"
    )
      .setPath(CleanRoomQuestionPath)
      .addSuccess(CleanRoomQuestionResultShares)
      .annotate(OpenApi.Summary, "Lists the partners that the question's results can be shared with.")
  )
  .add(
    HttpApiEndpoint.put(
      "upsertCleanRoomQuestionResultShares",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-result-shares"
    )
      .setPath(CleanRoomQuestionPath)
      .setPayload(UpsertCleanRoomQuestionResultSharesApiInput)
      .addSuccess(UpsertCleanRoomQuestionResultShareResponse)
      .annotate(OpenApi.Summary, "Shares the question's results with partners.")
      .annotate(OpenApi.Description, "Send everyone who is to see them: the list may replace the one before.")
  )
  .add(
    HttpApiEndpoint.patch(
      "updateCleanroomQuestionComputeCapacity",
      "/cleanroom-questions/:cleanroomQuestionId/compute-capacity"
    )
      .setPath(CleanRoomQuestionPath)
      .setPayload(UpdateCleanroomQuestionComputeCapacityRequest)
      .addSuccess(UpdateCleanroomQuestionComputeCapacityResponse)
      .annotate(Operation.EffectAnnotation, "idempotent")
      .annotate(OpenApi.Summary, "Sets how large a machine runs the question.")
      .annotate(OpenApi.Description, "For some kinds of clean room only, Hybrid and Snowflake among them.")
  )
  .add(
    HttpApiEndpoint.post(
      "enableCleanroomQuestionSegmentation",
      "/cleanroom-questions/:cleanroomQuestionId/segmentation"
    )
      .setPath(CleanRoomQuestionPath)
      .setPayload(SegmentationRequest)
      .addSuccess(SegmentationResponse)
      .annotate(OpenApi.Summary, "Starts to make segments of the question's user list.")
      .annotate(OpenApi.Description, "Makes an asset for them, so a repeated call may make another.")
  )
  .add(
    HttpApiEndpoint.put("updateCleanroomQuestionSegmentation", "/cleanroom-questions/:cleanroomQuestionId/segmentation")
      .setPath(CleanRoomQuestionPath)
      .setPayload(SegmentationRequest)
      .addSuccess(SegmentationResponse)
      .annotate(OpenApi.Summary, "Changes how the question's segments appear.")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomQuestionTags", "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-tags")
      .setPath(CleanRoomQuestionPath)
      .addSuccess(CleanRoomQuestionTags)
      .annotate(OpenApi.Summary, "Reads the question's tags.")
  )
{}
