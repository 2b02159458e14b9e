/**
 * DOC module Schedules
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.js"

/**
 * DOC DateQualifier
 *
 * @since 0.1.0
 * @category schemas
 */
export const DateQualifier = Wire.openEnum("DAYS", "MONTHS").annotations({ identifier: "DateQualifier" })

export type DateQualifier = typeof DateQualifier.Type

/**
 * DOC ScheduleQuestionParameters
 *
 * @since 0.1.0
 * @category schemas
 */
export const ScheduleQuestionParameters = Schema.Struct({
  name: Wire.text,
  value: Wire.text,
  qualifier: Wire.optional(DateQualifier),
  type: Wire.text,
  isStatic: Wire.flag,
  parameterType: Wire.text
}).annotations({ identifier: "ScheduleQuestionParameters" })

export interface ScheduleQuestionParameters extends Schema.Schema.Type<typeof ScheduleQuestionParameters> {}

/**
 * DOC RepeatFrequency
 *
 * @since 0.1.0
 * @category schemas
 */
export const RepeatFrequency = Wire.openEnum("FREQUENCY_UNKNOWN", "DAILY", "WEEKLY", "MONTHLY").annotations({
  identifier: "RepeatFrequency"
})

export type RepeatFrequency = typeof RepeatFrequency.Type

/**
 * DOC DaysOfWeek
 *
 * @since 0.1.0
 * @category schemas
 */
export const DaysOfWeek = Wire.openEnum("DAY_OF_WEEK_UNKNOWN", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
  .annotations({ identifier: "DaysOfWeek" })

export type DaysOfWeek = typeof DaysOfWeek.Type

/**
 * DOC GetCleanroomQuestionRunScheduleResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetCleanroomQuestionRunScheduleResponse = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  description: Wire.text,
  ownerId: Wire.text,
  parameters: Wire.optional(Schema.Record({ key: Schema.String, value: ScheduleQuestionParameters })),
  startDateTime: Wire.moment,
  endDateTime: Wire.moment,
  active: Wire.flag,
  repeatFrequency: Wire.optional(RepeatFrequency),
  createdBy: Wire.text,
  modifiedBy: Wire.text,
  createdDate: Wire.moment,
  modifiedDate: Wire.moment,
  daysOfWeek: Wire.optional(Wire.list(DaysOfWeek)),
  repeatDayofMonth: Wire.optional(Wire.list(Wire.Integer)),
  displayId: Wire.text
}).annotations({ identifier: "GetCleanroomQuestionRunScheduleResponse" })

export interface GetCleanroomQuestionRunScheduleResponse
  extends Schema.Schema.Type<typeof GetCleanroomQuestionRunScheduleResponse>
{}

/**
 * DOC GetAllRunSchedulesForCleanroomQuestionResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetAllRunSchedulesForCleanroomQuestionResponse = Wire.list(GetCleanroomQuestionRunScheduleResponse)
  .annotations({ identifier: "GetAllRunSchedulesForCleanroomQuestionResponse" })

export type GetAllRunSchedulesForCleanroomQuestionResponse = typeof GetAllRunSchedulesForCleanroomQuestionResponse.Type

/**
 * DOC DeleteCleanroomQuestionRunScheduleResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const DeleteCleanroomQuestionRunScheduleResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "DeleteCleanroomQuestionRunScheduleResponse" })

export interface DeleteCleanroomQuestionRunScheduleResponse
  extends Schema.Schema.Type<typeof DeleteCleanroomQuestionRunScheduleResponse>
{}

/**
 * DOC CreateCleanroomQuestionRunScheduleResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateCleanroomQuestionRunScheduleResponse = Schema.Struct({
  id: Wire.text
}).annotations({ identifier: "CreateCleanroomQuestionRunScheduleResponse" })

export interface CreateCleanroomQuestionRunScheduleResponse
  extends Schema.Schema.Type<typeof CreateCleanroomQuestionRunScheduleResponse>
{}

/**
 * DOC CleanroomQuestionRunParameterType
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunParameterType = Schema.Literal("PARTITION_PARAMETER", "RUN_PARAMETER").annotations({
  identifier: "CleanroomQuestionRunParameterType"
})

export type CleanroomQuestionRunParameterType = typeof CleanroomQuestionRunParameterType.Type

/**
 * DOC CleanroomQuestionRunScheduleDateParameterType
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunScheduleDateParameterType = Schema.Literal("RELATIVE", "ABSOLUTE").annotations({
  identifier: "CleanroomQuestionRunScheduleDateParameterType"
})

export type CleanroomQuestionRunScheduleDateParameterType = typeof CleanroomQuestionRunScheduleDateParameterType.Type

/**
 * DOC CleanroomQuestionRunScheduleParameter
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunScheduleParameter = Schema.Struct({
  name: Wire.maybe(Schema.String),
  value: Wire.maybe(Schema.String),
  dataType: Wire.maybe(Schema.String),
  parameterType: Wire.maybe(CleanroomQuestionRunParameterType),
  dateQualifier: Wire.maybe(DateQualifier),
  dateType: Wire.maybe(CleanroomQuestionRunScheduleDateParameterType)
}).annotations({ identifier: "CleanroomQuestionRunScheduleParameter" })

export interface CleanroomQuestionRunScheduleParameter
  extends Schema.Schema.Type<typeof CleanroomQuestionRunScheduleParameter>
{}

/**
 * DOC CleanroomQuestionRunScheduleParameters
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunScheduleParameters = Schema.Array(CleanroomQuestionRunScheduleParameter).annotations({
  identifier: "CleanroomQuestionRunScheduleParameters"
})

export type CleanroomQuestionRunScheduleParameters = typeof CleanroomQuestionRunScheduleParameters.Type

/**
 * DOC CreateCleanroomQuestionRunScheduleInput
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateCleanroomQuestionRunScheduleInput = Schema.Struct({
  parameters: Wire.maybe(CleanroomQuestionRunScheduleParameters),
  daysOfWeek: Wire.maybe(Schema.Array(DaysOfWeek)),
  repeatDayofMonth: Wire.maybe(Schema.Array(Schema.Int)),
  startSchedule: Wire.maybe(Schema.String),
  name: Wire.maybe(Schema.String),
  repeatFrequency: Wire.maybe(RepeatFrequency),
  endSchedule: Wire.maybe(Schema.String)
}).annotations({ identifier: "CreateCleanroomQuestionRunScheduleInput" })

export interface CreateCleanroomQuestionRunScheduleInput
  extends Schema.Schema.Type<typeof CreateCleanroomQuestionRunScheduleInput>
{}

/**
 * DOC group Schedules
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Schedules", { topLevel: true })
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunScheduleById",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules/:cleanroomQuestionRunScheduleId"
    )
      .setPath(
        Schema.Struct({ cleanroomQuestionId: Wire.PathSegment, cleanroomQuestionRunScheduleId: Wire.PathSegment })
      )
      .addSuccess(GetCleanroomQuestionRunScheduleResponse)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunScheduleById")
  )
  .add(
    HttpApiEndpoint.del(
      "deleteCleanroomQuestionRunScheduleById",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules/:cleanroomQuestionRunScheduleId"
    )
      .setPath(
        Schema.Struct({ cleanroomQuestionId: Wire.PathSegment, cleanroomQuestionRunScheduleId: Wire.PathSegment })
      )
      .addSuccess(DeleteCleanroomQuestionRunScheduleResponse)
      .annotate(OpenApi.Summary, "DOC deleteCleanroomQuestionRunScheduleById")
  )
  .add(
    HttpApiEndpoint.patch(
      "patchCleanroomQuestionRunScheduleById",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules/:cleanroomQuestionRunScheduleId"
    )
      .setPath(
        Schema.Struct({ cleanroomQuestionId: Wire.PathSegment, cleanroomQuestionRunScheduleId: Wire.PathSegment })
      )
      .setPayload(CreateCleanroomQuestionRunScheduleInput)
      .addSuccess(CreateCleanroomQuestionRunScheduleResponse)
      .annotate(OpenApi.Summary, "DOC patchCleanroomQuestionRunScheduleById")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunSchedules",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .addSuccess(GetAllRunSchedulesForCleanroomQuestionResponse)
      .annotate(OpenApi.Summary, "DOC getCleanroomQuestionRunSchedules")
  )
  .add(
    HttpApiEndpoint.post(
      "createCleanroomQuestionRunSchedule",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules"
    )
      .setPath(Schema.Struct({ cleanroomQuestionId: Wire.PathSegment }))
      .setPayload(CreateCleanroomQuestionRunScheduleInput)
      .addSuccess(CreateCleanroomQuestionRunScheduleResponse)
      .annotate(OpenApi.Summary, "DOC createCleanroomQuestionRunSchedule")
  )
{}
