/**
 * Execution instances: runs of a measurement template over several datasets.
 *
 * The contract says little about them: it requires no field, and leaves status and output names open.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Operation from "./Operation.js"
import * as QuestionRuns from "./QuestionRuns.js"
import * as Wire from "./Wire.js"

/**
 * A pair of columns to join by.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BfmtJoinColumns = Schema.Struct({
  key: Wire.maybe(Schema.String),
  value: Wire.maybe(Schema.String)
}).annotations({ identifier: "BfmtJoinColumns" })

export interface BfmtJoinColumns extends Schema.Schema.Type<typeof BfmtJoinColumns> {}

/**
 * A dataset of an execution, by its id and macro, with its partition values and join columns.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Datasets = Schema.Struct({
  datasetType: Wire.maybe(Schema.String),
  subType: Wire.maybe(Schema.String),
  datasetId: Wire.maybe(Schema.String),
  macro: Wire.maybe(Schema.String),
  partitionValues: Wire.maybe(QuestionRuns.CleanroomQuestionRunPartitionParameters),
  bfmtJoinColumns: Wire.maybe(Schema.Array(BfmtJoinColumns))
}).annotations({ identifier: "Datasets" })

export interface Datasets extends Schema.Schema.Type<typeof Datasets> {}

/**
 * The execution to start: its template, datasets, models and run-time parameters.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomExecutionInstanceInput = Schema.Struct({
  executionInstanceName: Wire.maybe(Schema.String),
  cleanRoomExecutionTemplateId: Wire.maybe(Schema.String),
  codeVersion: Wire.maybe(Schema.String),
  datasets: Wire.maybe(Schema.Array(Datasets)),
  modelsToRun: Wire.maybe(Schema.Array(Schema.String)),
  outputType: Wire.maybe(Schema.String),
  runtimeParameters: Wire.maybe(QuestionRuns.CleanroomQuestionRunPartitionParameters)
}).annotations({ identifier: "CleanRoomExecutionInstanceInput" })

export interface CleanRoomExecutionInstanceInput extends Schema.Schema.Type<typeof CleanRoomExecutionInstanceInput> {}

/**
 * The ids of the started execution and of its template; `success` may be false although the status is 200.
 *
 * @since 0.1.0
 * @category schemas
 */
export const MeasurementExecutionTemplateResponse = Schema.Struct({
  success: Wire.flag,
  cleanRoomExecutionInstanceId: Wire.text,
  cleanRoomExecutionTemplateId: Wire.text
}).annotations({ identifier: "MeasurementExecutionTemplateResponse" })

export interface MeasurementExecutionTemplateResponse
  extends Schema.Schema.Type<typeof MeasurementExecutionTemplateResponse>
{}

/**
 * What an execution produced; `method` and `href` tell where to read more of each.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ExecutionInstanceOutputs = Wire.list(Schema.Struct({
  name: Wire.text,
  status: Wire.text,
  message: Wire.text,
  href: Wire.text,
  method: Wire.text
})).annotations({ identifier: "ExecutionInstanceOutputs" })

export type ExecutionInstanceOutputs = typeof ExecutionInstanceOutputs.Type

/**
 * The state and outputs of an execution. `status` is a free text; the key `Id` is spelled with a capital.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomMeasurementExecutionInstanceStatusResponse = Schema.Struct({
  Id: Wire.text,
  status: Wire.text,
  startTime: Wire.moment,
  endTime: Wire.moment,
  name: Wire.text,
  detailedStatusReport: Wire.text,
  cleanRoomExecutionTemplateID: Wire.text,
  outputs: Wire.optional(ExecutionInstanceOutputs)
}).annotations({ identifier: "CleanRoomMeasurementExecutionInstanceStatusResponse" })

export interface CleanRoomMeasurementExecutionInstanceStatusResponse
  extends Schema.Schema.Type<typeof CleanRoomMeasurementExecutionInstanceStatusResponse>
{}

/**
 * The operations on execution instances.
 *
 * Reading one and cancelling it share a path and differ in the method only: GET reads, POST cancels.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Executions", { topLevel: true })
  .add(
    HttpApiEndpoint.post(
      "createCleanRoomExecutionTemplateInstance",
      "/cleanrooms/:cleanroomId/create-cleanroom-execution-instance"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(CleanRoomExecutionInstanceInput)
      .addSuccess(MeasurementExecutionTemplateResponse)
      .annotate(OpenApi.Summary, "Starts an execution of a template")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanRoomMeasurementExecutionInstance",
      "/cleanrooms/:cleanroomId/cleanroom-execution-instance/:cleanRoomMeasurementExecutionInstanceId"
    )
      .setPath(
        Schema.Struct({ cleanroomId: Wire.PathSegment, cleanRoomMeasurementExecutionInstanceId: Wire.PathSegment })
      )
      .addSuccess(CleanRoomMeasurementExecutionInstanceStatusResponse)
      .annotate(OpenApi.Summary, "Reads the state and outputs of an execution")
  )
  .add(
    HttpApiEndpoint.post(
      "cancelCleanRoomMeasurementExecutionInstance",
      "/cleanrooms/:cleanroomId/cleanroom-execution-instance/:cleanRoomMeasurementExecutionInstanceId"
    )
      .setPath(
        Schema.Struct({ cleanroomId: Wire.PathSegment, cleanRoomMeasurementExecutionInstanceId: Wire.PathSegment })
      )
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Cancels an execution, by a POST on the path where GET reads it")
      .annotate(Operation.EffectAnnotation, "idempotent")
  )
{}
