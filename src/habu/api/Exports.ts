/**
 * Exports: jobs that carry the results of questions and flow nodes to destinations, and the runs of those jobs.
 *
 * The clean room's owner must have switched exporting on, and approved any destination that is a partner's.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Destinations from "./Destinations.js"
import * as Operation from "./Operation.js"
import * as Wire from "./Wire.js"

/**
 * A setting of an export job, such as `S3_EXPORT_PATH` or `GCS_EXPORT_PATH`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ExportJobParameter = Schema.Struct({
  name: Wire.text,
  value: Wire.text
}).annotations({ identifier: "ExportJobParameter" })

export interface ExportJobParameter extends Schema.Schema.Type<typeof ExportJobParameter> {}

/**
 * Which clean room question's results go to which destinations, given by their partner account ids.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateDataExportJobRequest = Schema.Struct({
  cleanroomQuestionId: Wire.maybe(Schema.String),
  partnerAccountIds: Wire.maybe(Schema.Array(Schema.String)),
  exportParameters: Wire.maybe(Schema.Array(ExportJobParameter)),
  cleanroomDatasetId: Wire.maybe(Schema.String)
}).annotations({ identifier: "CreateDataExportJobRequest" })

export interface CreateDataExportJobRequest extends Schema.Schema.Type<typeof CreateDataExportJobRequest> {}

/**
 * The ids of the export jobs that were made.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateDataExportJobResponse = Wire.list(Wire.Text).annotations({
  identifier: "CreateDataExportJobResponse"
})

export type CreateDataExportJobResponse = typeof CreateDataExportJobResponse.Type

/**
 * The destinations of one flow node: one job is made for each. Only nodes that hold a question can export.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeExportRequest = Schema.Struct({
  nodeId: Schema.String,
  partnerAccountIds: Schema.Array(Schema.String),
  exportParameters: Wire.maybe(Schema.Array(ExportJobParameter))
}).annotations({ identifier: "NodeExportRequest" })

export interface NodeExportRequest extends Schema.Schema.Type<typeof NodeExportRequest> {}

/**
 * The ids of the jobs that were made for one node.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeExportResult = Schema.Struct({
  nodeId: Wire.text,
  jobIds: Wire.optional(Wire.list(Wire.Text))
}).annotations({ identifier: "NodeExportResult" })

export interface NodeExportResult extends Schema.Schema.Type<typeof NodeExportResult> {}

/**
 * An export job of a flow node. `status` is the job's own, ACTIVE or PAUSED; `channelStatus` is its destination's.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FlowNodeExportJob = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  status: Wire.text,
  channelStatus: Wire.text,
  partnerAccountId: Wire.text,
  partnerAccountName: Wire.text,
  createdAt: Wire.moment,
  lastRunTime: Wire.moment,
  exportParameters: Wire.optional(Wire.list(ExportJobParameter))
}).annotations({ identifier: "FlowNodeExportJob" })

export interface FlowNodeExportJob extends Schema.Schema.Type<typeof FlowNodeExportJob> {}

/**
 * The export jobs of one node.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeExportJobList = Schema.Struct({
  nodeId: Wire.text,
  jobs: Wire.optional(Wire.list(FlowNodeExportJob))
}).annotations({ identifier: "NodeExportJobList" })

export interface NodeExportJobList extends Schema.Schema.Type<typeof NodeExportJobList> {}

/**
 * The nodes whose jobs are all paused, or all resumed.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BulkNodeStatusRequest = Schema.Struct({
  nodeIds: Schema.Array(Schema.String),
  status: Schema.Literal("ACTIVE", "PAUSED")
}).annotations({ identifier: "BulkNodeStatusRequest" })

export interface BulkNodeStatusRequest extends Schema.Schema.Type<typeof BulkNodeStatusRequest> {}

/**
 * Whether the jobs of one node took on the new status.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeStatusResult = Schema.Struct({
  nodeId: Wire.text,
  success: Wire.flag
}).annotations({ identifier: "NodeStatusResult" })

export interface NodeStatusResult extends Schema.Schema.Type<typeof NodeStatusResult> {}

/**
 * The nodes that lose all their export jobs.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BulkNodeDeleteRequest = Schema.Struct({
  nodeIds: Schema.Array(Schema.String)
}).annotations({ identifier: "BulkNodeDeleteRequest" })

export interface BulkNodeDeleteRequest extends Schema.Schema.Type<typeof BulkNodeDeleteRequest> {}

/**
 * The ids of the jobs that one node lost.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeDeleteResult = Schema.Struct({
  nodeId: Wire.text,
  deletedJobIds: Wire.optional(Wire.list(Wire.Text))
}).annotations({ identifier: "NodeDeleteResult" })

export interface NodeDeleteResult extends Schema.Schema.Type<typeof NodeDeleteResult> {}

/**
 * The states of an export run.
 *
 * It ends in `COMPLETE`, where a question run ends in `COMPLETED`. `NO_NEW_USERS` is no failure: nothing was new.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobRunStatus = Wire.openEnum(
  "UNKNOWN_JOB_RUN_STATUS",
  "QUEUED",
  "PROCESSING",
  "COMPLETE",
  "FAILED",
  "PARTIALLY_FAILED",
  "THRESHOLD_WARNING",
  "NO_NEW_USERS"
).annotations({ identifier: "JobRunStatus" })

export type JobRunStatus = typeof JobRunStatus.Type

/**
 * Whether an export run sends everything, or only what is new since the last.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobRunType = Wire.openEnum("UNKNOWN_JOB_RUN_TYPE", "FULL_REFRESH", "INCREMENTAL").annotations({
  identifier: "JobRunType"
})

export type JobRunType = typeof JobRunType.Type

/**
 * A labelled detail of an export job.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobDetailParameter = Schema.Struct({
  label: Wire.text,
  value: Wire.text
}).annotations({ identifier: "JobDetailParameter" })

export interface JobDetailParameter extends Schema.Schema.Type<typeof JobDetailParameter> {}

/**
 * The export job that a run belongs to, with labelled details.
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobDetails = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  jobDetailParameters: Wire.optional(Wire.list(JobDetailParameter))
}).annotations({ identifier: "JobDetails" })

export interface JobDetails extends Schema.Schema.Type<typeof JobDetails> {}

/**
 * One run of an export job: its state, its times and how many records it sent.
 *
 * A file export is whole once a `_SUCCESS` file lies at the destination.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ExportJobRun = Schema.Struct({
  id: Wire.text,
  jobId: Wire.text,
  status: Wire.optional(JobRunStatus),
  submitTime: Wire.moment,
  startTime: Wire.moment,
  endTime: Wire.moment,
  totalRecords: Wire.integer,
  consentedRecords: Wire.integer,
  cumulativeRecords: Wire.integer,
  sourceJobRunID: Wire.text,
  jobRunType: Wire.optional(JobRunType),
  details: Wire.optional(JobDetails),
  errorMessage: Wire.text
}).annotations({ identifier: "ExportJobRun" })

export interface ExportJobRun extends Schema.Schema.Type<typeof ExportJobRun> {}

/**
 * The runs of one node's export jobs.
 *
 * @since 0.1.0
 * @category schemas
 */
export const NodeJobRunsList = Schema.Struct({
  nodeId: Wire.text,
  jobRuns: Wire.optional(Wire.list(ExportJobRun))
}).annotations({ identifier: "NodeJobRunsList" })

export interface NodeJobRunsList extends Schema.Schema.Type<typeof NodeJobRunsList> {}

/**
 * Pauses an export job, or resumes it.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ChangeJobStatusRequest = Schema.Struct({
  status: Schema.Literal("ACTIVE", "PAUSED")
}).annotations({ identifier: "ChangeJobStatusRequest" })

export interface ChangeJobStatusRequest extends Schema.Schema.Type<typeof ChangeJobStatusRequest> {}

/**
 * The answer to changing a job's status; `success` may be false although the status is 200.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ChangeJobStatusResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "ChangeJobStatusResponse" })

export interface ChangeJobStatusResponse extends Schema.Schema.Type<typeof ChangeJobStatusResponse> {}

/**
 * The export runs of one day.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ExportJobRunByDate = Schema.Struct({
  date: Wire.text,
  organization: Wire.text,
  jobRuns: Wire.optional(Wire.list(ExportJobRun))
}).annotations({ identifier: "ExportJobRunByDate" })

export interface ExportJobRunByDate extends Schema.Schema.Type<typeof ExportJobRunByDate> {}

/**
 * The runs of an export job by day, with the job's settings.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListDataExportJobRunsResponse = Schema.Struct({
  organization: Wire.text,
  question: Wire.text,
  jobRunsByDate: Wire.optional(Wire.list(ExportJobRunByDate)),
  exportDetailParameters: Wire.optional(Wire.list(ExportJobParameter))
}).annotations({ identifier: "ListDataExportJobRunsResponse" })

export interface ListDataExportJobRunsResponse extends Schema.Schema.Type<typeof ListDataExportJobRunsResponse> {}

/**
 * Whether an export job runs or is paused.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataOutJobStatus = Wire.openEnum("UNKNOWN_JOB_STATUS", "ACTIVE", "PAUSED").annotations({
  identifier: "DataOutJobStatus"
})

export type DataOutJobStatus = typeof DataOutJobStatus.Type

/**
 * An export job of a clean room: the question it exports, its destination, and when it last ran.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataExportJob = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  organizationID: Wire.text,
  dataExportJobType: Wire.text,
  status: Wire.optional(DataOutJobStatus),
  partnerAccount: Wire.optional(Destinations.PartnerAccount),
  jobType: Wire.optional(Destinations.PicanmixType),
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(Common.UserAudit),
  questionID: Wire.text,
  questionName: Wire.text,
  questionDisplayName: Wire.text,
  jobLastRunTime: Wire.moment,
  partnerAccountCrChannelStatus: Wire.text
}).annotations({ identifier: "DataExportJob" })

export interface DataExportJob extends Schema.Schema.Type<typeof DataExportJob> {}

/**
 * The export jobs of a clean room.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataExportJobs = Wire.list(DataExportJob).annotations({ identifier: "DataExportJobs" })

export type DataExportJobs = typeof DataExportJobs.Type

/**
 * The operations on export jobs and their runs.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Exports", { topLevel: true })
  .add(
    HttpApiEndpoint.post(
      "createFlowNodeExportJobs",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/nodes/exports"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(Schema.Array(NodeExportRequest))
      .addSuccess(Wire.list(NodeExportResult))
      .annotate(OpenApi.Summary, "Makes export jobs for flow nodes, one for each node and destination")
  )
  .add(
    HttpApiEndpoint.get(
      "listFlowNodeExportJobs",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/nodes/exports"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setUrlParams(
        Schema.Struct({
          nodeIds: Wire.CommaList,
          ...Common.Page.fields
        })
      )
      .addSuccess(Wire.list(NodeExportJobList))
      .annotate(OpenApi.Summary, "Lists the export jobs of flow nodes, 500 a node unless limited")
  )
  .add(
    HttpApiEndpoint.del(
      "deleteFlowNodeExportJobs",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/nodes/exports"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(BulkNodeDeleteRequest)
      .addSuccess(Wire.list(NodeDeleteResult))
      .annotate(OpenApi.Summary, "Deletes every export job of the given flow nodes")
  )
  .add(
    HttpApiEndpoint.patch(
      "updateFlowNodeExportJobsStatus",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/nodes/exports/status"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(BulkNodeStatusRequest)
      .addSuccess(Wire.list(NodeStatusResult))
      .annotate(OpenApi.Summary, "Pauses or resumes every export job of the given flow nodes")
      .annotate(Operation.EffectAnnotation, "idempotent")
  )
  .add(
    HttpApiEndpoint.get(
      "getFlowNodeExportJobRuns",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/nodes/exports/runs"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ nodeIds: Wire.CommaList }))
      .addSuccess(Wire.list(NodeJobRunsList))
      .annotate(OpenApi.Summary, "Lists the runs of the given flow nodes' export jobs")
  )
  .add(
    HttpApiEndpoint.get("getAllDataExportJobs", "/cleanrooms/:cleanroomId/exports/jobs")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(DataExportJobs)
      .annotate(OpenApi.Summary, "Lists the export jobs of a clean room that one's organisation may see")
  )
  .add(
    HttpApiEndpoint.post("createDataExportJobs", "/cleanrooms/:cleanroomId/exports/jobs")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(CreateDataExportJobRequest)
      .addSuccess(CreateDataExportJobResponse)
      .annotate(OpenApi.Summary, "Makes export jobs for a clean room question, one call for several destinations")
  )
  .add(
    HttpApiEndpoint.get("getDataExportJobRuns", "/exports/jobs/:exportJobId/runs")
      .setPath(Schema.Struct({ exportJobId: Wire.PathSegment }))
      .addSuccess(ListDataExportJobRunsResponse)
      .annotate(OpenApi.Summary, "Lists the runs of an export job; ask at most every three minutes")
      .annotate(Operation.PollsAnnotation, { parameter: "exportJobId", seconds: 180 })
  )
  .add(
    HttpApiEndpoint.patch("changeJobStatus", "/exports/jobs/:exportJobId/status")
      .setPath(Schema.Struct({ exportJobId: Wire.PathSegment }))
      .setPayload(ChangeJobStatusRequest)
      .addSuccess(ChangeJobStatusResponse)
      .annotate(OpenApi.Summary, "Pauses or resumes an export job")
      .annotate(Operation.EffectAnnotation, "idempotent")
  )
  .add(
    HttpApiEndpoint.del("deleteDataExportJob", "/exports/jobs/:exportJobId")
      .setPath(Schema.Struct({ exportJobId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Deletes an export job; pausing it can be undone, this cannot")
  )
{}
