/**
 * DOC module Exports
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Destinations from "./Destinations.js"
import * as Wire from "./Wire.js"

/**
 * DOC ExportJobParameter
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
 * DOC CreateDataExportJobRequest
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
 * DOC CreateDataExportJobResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateDataExportJobResponse = Wire.list(Wire.Text).annotations({
  identifier: "CreateDataExportJobResponse"
})

export type CreateDataExportJobResponse = typeof CreateDataExportJobResponse.Type

/**
 * DOC NodeExportRequest
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
 * DOC NodeExportResult
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
 * DOC FlowNodeExportJob
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
 * DOC NodeExportJobList
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
 * DOC BulkNodeStatusRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const BulkNodeStatusRequest = Schema.Struct({
  nodeIds: Schema.Array(Schema.String),
  status: Schema.String
}).annotations({ identifier: "BulkNodeStatusRequest" })

export interface BulkNodeStatusRequest extends Schema.Schema.Type<typeof BulkNodeStatusRequest> {}

/**
 * DOC NodeStatusResult
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
 * DOC BulkNodeDeleteRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const BulkNodeDeleteRequest = Schema.Struct({
  nodeIds: Schema.Array(Schema.String)
}).annotations({ identifier: "BulkNodeDeleteRequest" })

export interface BulkNodeDeleteRequest extends Schema.Schema.Type<typeof BulkNodeDeleteRequest> {}

/**
 * DOC NodeDeleteResult
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
 * DOC JobRunStatus
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
 * DOC JobRunType
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobRunType = Wire.openEnum("UNKNOWN_JOB_RUN_TYPE", "FULL_REFRESH", "INCREMENTAL").annotations({
  identifier: "JobRunType"
})

export type JobRunType = typeof JobRunType.Type

/**
 * DOC JobDetailParameter
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
 * DOC JobDetails
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
 * DOC ExportJobRun
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
 * DOC NodeJobRunsList
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
 * DOC ChangeJobStatusRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const ChangeJobStatusRequest = Schema.Struct({
  status: Schema.String
}).annotations({ identifier: "ChangeJobStatusRequest" })

export interface ChangeJobStatusRequest extends Schema.Schema.Type<typeof ChangeJobStatusRequest> {}

/**
 * DOC ChangeJobStatusResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const ChangeJobStatusResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "ChangeJobStatusResponse" })

export interface ChangeJobStatusResponse extends Schema.Schema.Type<typeof ChangeJobStatusResponse> {}

/**
 * DOC ExportJobRunByDate
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
 * DOC ListDataExportJobRunsResponse
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
 * DOC DataOutJobStatus
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataOutJobStatus = Wire.openEnum("UNKNOWN_JOB_STATUS", "ACTIVE", "PAUSED").annotations({
  identifier: "DataOutJobStatus"
})

export type DataOutJobStatus = typeof DataOutJobStatus.Type

/**
 * DOC DataExportJob
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
 * DOC DataExportJobs
 *
 * @since 0.1.0
 * @category schemas
 */
export const DataExportJobs = Wire.list(DataExportJob).annotations({ identifier: "DataExportJobs" })

export type DataExportJobs = typeof DataExportJobs.Type

/**
 * DOC group Exports
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
      .annotate(OpenApi.Summary, "DOC createFlowNodeExportJobs")
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
          limit: Wire.maybe(Wire.IntegerParam),
          offset: Wire.maybe(Wire.IntegerParam)
        })
      )
      .addSuccess(Wire.list(NodeExportJobList))
      .annotate(OpenApi.Summary, "DOC listFlowNodeExportJobs")
  )
  .add(
    HttpApiEndpoint.del(
      "deleteFlowNodeExportJobs",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/nodes/exports"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(BulkNodeDeleteRequest)
      .addSuccess(Wire.list(NodeDeleteResult))
      .annotate(OpenApi.Summary, "DOC deleteFlowNodeExportJobs")
  )
  .add(
    HttpApiEndpoint.patch(
      "updateFlowNodeExportJobsStatus",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/nodes/exports/status"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setPayload(BulkNodeStatusRequest)
      .addSuccess(Wire.list(NodeStatusResult))
      .annotate(OpenApi.Summary, "DOC updateFlowNodeExportJobsStatus")
  )
  .add(
    HttpApiEndpoint.get(
      "getFlowNodeExportJobRuns",
      "/cleanrooms/:cleanroomId/cleanroom-flows/:cleanroomFlowId/nodes/exports/runs"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomFlowId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ nodeIds: Wire.CommaList }))
      .addSuccess(Wire.list(NodeJobRunsList))
      .annotate(OpenApi.Summary, "DOC getFlowNodeExportJobRuns")
  )
  .add(
    HttpApiEndpoint.get("getAllDataExportJobs", "/cleanrooms/:cleanroomId/exports/jobs")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(DataExportJobs)
      .annotate(OpenApi.Summary, "DOC getAllDataExportJobs")
  )
  .add(
    HttpApiEndpoint.post("createDataExportJobs", "/cleanrooms/:cleanroomId/exports/jobs")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(CreateDataExportJobRequest)
      .addSuccess(CreateDataExportJobResponse)
      .annotate(OpenApi.Summary, "DOC createDataExportJobs")
  )
  .add(
    HttpApiEndpoint.get("getDataExportJobRuns", "/exports/jobs/:exportJobId/runs")
      .setPath(Schema.Struct({ exportJobId: Wire.PathSegment }))
      .addSuccess(ListDataExportJobRunsResponse)
      .annotate(OpenApi.Summary, "DOC getDataExportJobRuns")
  )
  .add(
    HttpApiEndpoint.patch("changeJobStatus", "/exports/jobs/:exportJobId/status")
      .setPath(Schema.Struct({ exportJobId: Wire.PathSegment }))
      .setPayload(ChangeJobStatusRequest)
      .addSuccess(ChangeJobStatusResponse)
      .annotate(OpenApi.Summary, "DOC changeJobStatus")
  )
  .add(
    HttpApiEndpoint.del("deleteDataExportJob", "/exports/jobs/:exportJobId")
      .setPath(Schema.Struct({ exportJobId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteDataExportJob")
  )
{}
