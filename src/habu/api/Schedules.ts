/**
 * Schedules that start runs of a clean room question again and again.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Operation from "./Operation.js"
import * as Wire from "./Wire.js"

/**
 * How often a schedule repeats.
 *
 * @since 0.1.0
 * @category schemas
 */
export const RepeatFrequency = Schema.Literal("FREQUENCY_UNKNOWN", "DAILY", "WEEKLY", "MONTHLY").annotations({
  identifier: "RepeatFrequency"
})

export type RepeatFrequency = typeof RepeatFrequency.Type

/**
 * The days on which a weekly schedule starts a run.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DaysOfWeek = Schema.Literal("DAY_OF_WEEK_UNKNOWN", "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
  .annotations({ identifier: "DaysOfWeek" })

export type DaysOfWeek = typeof DaysOfWeek.Type

/**
 * The unit that a relative date counts in.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DateQualifier = Schema.Literal("DAYS", "MONTHS").annotations({ identifier: "DateQualifier" })

export type DateQualifier = typeof DateQualifier.Type

/**
 * Whether a value goes to the query as a parameter or picks partitions of a dataset.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunParameterType = Schema.Literal("PARTITION_PARAMETER", "RUN_PARAMETER").annotations({
  identifier: "CleanroomQuestionRunParameterType"
})

export type CleanroomQuestionRunParameterType = typeof CleanroomQuestionRunParameterType.Type

/**
 * Whether a date stays the same for every run or moves with the day of the run.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunScheduleDateParameterType = Schema.Literal("RELATIVE", "ABSOLUTE").annotations({
  identifier: "CleanroomQuestionRunScheduleDateParameterType"
})

export type CleanroomQuestionRunScheduleDateParameterType = typeof CleanroomQuestionRunScheduleDateParameterType.Type

/**
 * A value for every run of a schedule. A `RELATIVE` date counts in its `dateQualifier`; an `ABSOLUTE` one is a day.
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
 * The values for every run of a schedule. Here they are a list, whereas starting a run takes a flat map.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomQuestionRunScheduleParameters = Schema.Array(CleanroomQuestionRunScheduleParameter).annotations({
  identifier: "CleanroomQuestionRunScheduleParameters"
})

export type CleanroomQuestionRunScheduleParameters = typeof CleanroomQuestionRunScheduleParameters.Type

/**
 * A schedule to create, or the whole of one to change.
 *
 * There is no time zone and no documented format for `startSchedule` and `endSchedule`: send ISO 8601 in UTC and read
 * the schedule back to see what Habu made of it. Nothing pauses a schedule; an earlier `endSchedule` ends it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateCleanroomQuestionRunScheduleInput = Schema.Struct({
  name: Wire.maybe(Schema.String),
  startSchedule: Wire.maybe(Schema.String),
  endSchedule: Wire.maybe(Schema.String),
  repeatFrequency: Wire.maybe(RepeatFrequency),
  daysOfWeek: Wire.maybe(Schema.Array(DaysOfWeek)),
  repeatDayofMonth: Wire.maybe(Schema.Array(Schema.Int)),
  parameters: Wire.maybe(CleanroomQuestionRunScheduleParameters)
}).annotations({ identifier: "CreateCleanroomQuestionRunScheduleInput" })

export interface CreateCleanroomQuestionRunScheduleInput
  extends Schema.Schema.Type<typeof CreateCleanroomQuestionRunScheduleInput>
{}

/**
 * The id of a schedule that was created or changed.
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
 * A schedule's value as it reads back, under other field names than it was sent with.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ScheduleQuestionParameters = Schema.Struct({
  name: Wire.text,
  value: Wire.text,
  qualifier: Wire.optional(Wire.openEnum(...DateQualifier.literals)),
  type: Wire.text,
  isStatic: Wire.flag,
  parameterType: Wire.text
}).annotations({ identifier: "ScheduleQuestionParameters" })

export interface ScheduleQuestionParameters extends Schema.Schema.Type<typeof ScheduleQuestionParameters> {}

/**
 * A schedule as it reads back, with its values by name. `active` can be read but not set.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetCleanroomQuestionRunScheduleResponse = Schema.Struct({
  id: Wire.text,
  displayId: Wire.text,
  name: Wire.text,
  description: Wire.text,
  ownerId: Wire.text,
  active: Wire.flag,
  startDateTime: Wire.moment,
  endDateTime: Wire.moment,
  repeatFrequency: Wire.optional(Wire.openEnum(...RepeatFrequency.literals)),
  daysOfWeek: Wire.optional(Wire.list(Wire.openEnum(...DaysOfWeek.literals))),
  repeatDayofMonth: Wire.optional(Wire.list(Wire.Integer)),
  parameters: Wire.optional(Schema.Record({ key: Schema.String, value: ScheduleQuestionParameters })),
  createdBy: Wire.text,
  createdDate: Wire.moment,
  modifiedBy: Wire.text,
  modifiedDate: Wire.moment
}).annotations({ identifier: "GetCleanroomQuestionRunScheduleResponse" })

export interface GetCleanroomQuestionRunScheduleResponse
  extends Schema.Schema.Type<typeof GetCleanroomQuestionRunScheduleResponse>
{}

/**
 * All schedules of one clean room question.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetAllRunSchedulesForCleanroomQuestionResponse = Wire.list(GetCleanroomQuestionRunScheduleResponse)
  .annotations({ identifier: "GetAllRunSchedulesForCleanroomQuestionResponse" })

export type GetAllRunSchedulesForCleanroomQuestionResponse = typeof GetAllRunSchedulesForCleanroomQuestionResponse.Type

const CleanRoomQuestionPath = Schema.Struct({ cleanroomQuestionId: Wire.PathSegment })

const SchedulePath = Schema.Struct({
  ...CleanRoomQuestionPath.fields,
  cleanroomQuestionRunScheduleId: Wire.PathSegment
})

/**
 * Schedules by clean room question. Flows have none in the API.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Schedules", { topLevel: true })
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunSchedules",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules"
    )
      .setPath(CleanRoomQuestionPath)
      .addSuccess(GetAllRunSchedulesForCleanroomQuestionResponse)
      .annotate(OpenApi.Summary, "Lists the schedules of a clean room question.")
  )
  .add(
    HttpApiEndpoint.post(
      "createCleanroomQuestionRunSchedule",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules"
    )
      .setPath(CleanRoomQuestionPath)
      .setPayload(CreateCleanroomQuestionRunScheduleInput)
      .addSuccess(CreateCleanroomQuestionRunScheduleResponse)
      .annotate(OpenApi.Summary, "Creates a schedule for a clean room question.")
      .annotate(OpenApi.Description, "Every call makes one. Read it back: Habu keeps no time zone.")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomQuestionRunScheduleById",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules/:cleanroomQuestionRunScheduleId"
    )
      .setPath(SchedulePath)
      .addSuccess(GetCleanroomQuestionRunScheduleResponse)
      .annotate(OpenApi.Summary, "Reads one schedule.")
  )
  .add(
    HttpApiEndpoint.patch(
      "patchCleanroomQuestionRunScheduleById",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules/:cleanroomQuestionRunScheduleId"
    )
      .setPath(SchedulePath)
      .setPayload(CreateCleanroomQuestionRunScheduleInput)
      .addSuccess(CreateCleanroomQuestionRunScheduleResponse)
      .annotate(Operation.EffectAnnotation, "idempotent")
      .annotate(OpenApi.Summary, "Changes a schedule.")
      .annotate(OpenApi.Description, "Send every field: what becomes of one left out is not documented.")
  )
  .add(
    HttpApiEndpoint.del(
      "deleteCleanroomQuestionRunScheduleById",
      "/cleanroom-questions/:cleanroomQuestionId/cleanroom-question-run-schedules/:cleanroomQuestionRunScheduleId"
    )
      .setPath(SchedulePath)
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Deletes a schedule, the one sure way to stop it.")
  )
{}
