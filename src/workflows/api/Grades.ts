/**
 * How far-reaching each operation of the API is, where nothing but the operation itself is known.
 *
 * What may lower a protection or widen a right counts as doing so: a raw call has no before to compare with.
 *
 * @since 0.1.0
 */
import * as Predicate from "effect/Predicate"
import type { OperationId } from "../../habu/HabuClient.js"
import type * as Grade from "../Grade.js"

/**
 * The grade of a write, or `read`; `refused` is not called for anyone, since its values are secrets.
 *
 * @since 0.1.0
 * @category models
 */
export type ApiGrade = Grade.Grade | "read" | "refused"

/**
 * Every operation's grade.
 *
 * @since 0.1.0
 * @category constants
 */
export const grades: { readonly [id in OperationId]: ApiGrade } = {
  // Health
  getHealth: "read",
  // CleanRooms
  createCleanroom: "ordinary",
  getAllCleanrooms: "read",
  getCleanroomById: "read",
  updateCleanroom: "privacy_lowering",
  deleteCleanroom: "destructive",
  getCleanroomTypes: "read",
  getCleanroomStakeholders: "read",
  getCleanroomAssetDetails: "read",
  // Partners
  listPartnerInvitationsForInviter: "read",
  addCleanroomPartner: "outward",
  cancelPartnerInvitationByEmail: "outward",
  cancelPartnerInvitationById: "outward",
  getAllCleanroomPartners: "read",
  getCleanroomPartnerById: "read",
  deleteCleanroomPartner: "destructive",
  getCleanroomPartnerRoles: "read",
  getCleanroomPartnerRoleByID: "read",
  updateCleanroomPartnerUserRole: "privacy_lowering",
  deleteCleanroomPartnerUser: "destructive",
  // Users
  getAllOrganizationUsers: "read",
  getCleanroomRoles: "read",
  getCleanroomRoleById: "read",
  getCleanroomUsers: "read",
  getCleanroomUserById: "read",
  addCleanroomUser: "privacy_lowering",
  updateCleanroomUserRole: "privacy_lowering",
  deleteCleanroomUser: "ordinary",
  // Questions
  createQuestion: "ordinary",
  getQuestionDetails: "read",
  updateQuestion: "ordinary",
  deleteQuestion: "destructive",
  getQuestionDataTypes: "read",
  // CleanRoomQuestions
  addCleanroomQuestion: "ordinary",
  getAllCleanroomQuestions: "read",
  getCleanroomQuestionById: "read",
  getCleanroomQuestion: "read",
  deleteCleanroomQuestion: "destructive",
  getCleanroomQuestionParameters: "read",
  getAllCleanroomQuestionDatasets: "read",
  configureCleanroomQuestionDatasets: "ordinary",
  assignCleanroomQuestionDatasetsOwnership: "ordinary",
  getCleanroomQuestionDataTypeOptions: "read",
  getCleanroomQuestionPermissions: "read",
  configureCleanRoomQuestionPermissions: "privacy_lowering",
  getCleanroomQuestionResultShares: "read",
  upsertCleanRoomQuestionResultShares: "privacy_lowering",
  updateCleanroomQuestionComputeCapacity: "ordinary",
  enableCleanroomQuestionSegmentation: "outward",
  updateCleanroomQuestionSegmentation: "outward",
  getCleanroomQuestionTags: "read",
  // QuestionRuns
  getAllCleanroomQuestionRuns: "read",
  createCleanroomQuestionRun: "ordinary",
  getCleanroomQuestionRunById: "read",
  updateCleanroomQuestionRunStatus: "destructive",
  deleteCleanroomQuestionRun: "destructive",
  getCleanroomQuestionRunData: "read",
  getCleanroomQuestionRunDataCount: "read",
  getCleanroomQuestionRunOutputFile: "read",
  getCleanroomQuestionRunAudit: "read",
  getCleanroomQuestionRunPartitionParameters: "read",
  getCleanroomQuestionRunExplainPlan: "read",
  getCleanroomQuestionRunActivationSummaries: "read",
  // Schedules
  getCleanroomQuestionRunSchedules: "read",
  createCleanroomQuestionRunSchedule: "ordinary",
  getCleanroomQuestionRunScheduleById: "read",
  patchCleanroomQuestionRunScheduleById: "ordinary",
  deleteCleanroomQuestionRunScheduleById: "destructive",
  // Datasets
  getCleanroomDatasets: "read",
  getCleanroomDatasetById: "read",
  configureCleanroomDataset: "ordinary",
  updateCleanroomDatasetById: "privacy_lowering",
  updateCleanroomDatasetPartnerAssignment: "privacy_lowering",
  // DataConnections
  getAllDataConnections: "read",
  getDataConnectionById: "read",
  createDataConnection: "ordinary",
  updateDataConnection: "ordinary",
  deleteDataConnection: "destructive",
  retryDataConnectionJob: "ordinary",
  getAllFieldConfigurations: "read",
  mapFieldConfigurations: "privacy_lowering",
  getAllIdentifierTypes: "read",
  getAllImportDataTypes: "read",
  // DataConnectionViews
  getAllDataConnectionViews: "read",
  getDataConnectionViewById: "read",
  createDataConnectionView: "ordinary",
  updateDataConnectionView: "ordinary",
  deleteDataConnectionView: "destructive",
  // Credentials
  getAllCredentialSources: "read",
  getCredentialSourceById: "read",
  getCredentialSourceByName: "read",
  getAllOrganizationCredentials: "read",
  getOrganizationCredentialById: "read",
  createOrganizationCredential: "refused",
  updateOrganizationCredential: "refused",
  deleteOrganizationCredential: "destructive",
  // DataSources
  getAllDataSources: "read",
  getDataSourceById: "read",
  getAllDataTypes: "read",
  getDataTypeById: "read",
  getAllDataSourceParameters: "read",
  // Flows
  getCleanroomFlow: "read",
  createOrUpdateCleanroomFlow: "ordinary",
  setCleanroomFlowVersion: "ordinary",
  listCleanroomFlows: "read",
  assignCleanroomFlowDatasets: "ordinary",
  getDatasetOrganizations: "read",
  getCleanroomFlowNodeDetails: "read",
  getFlowDecisionConfiguration: "read",
  createOrUpdateFlowDecisionConfiguration: "ordinary",
  deleteFlowDecisionConfiguration: "destructive",
  // FlowRuns
  resumeCleanroomFlowRun: "ordinary",
  replayCleanroomFlowRun: "ordinary",
  getCleanroomFlowRunStatus: "read",
  listCleanroomFlowRuns: "read",
  createOrUpdateCleanroomFlowRun: "ordinary",
  getCleanroomFlowRunparameters: "read",
  previewFlowRunParameters: "read",
  getCleanroomFlowRunByID: "read",
  getCleanroomFlowRunReport: "read",
  getCleanroomFlowRunOutputNodes: "read",
  getCleanroomFlowRunNodeOutputFile: "read",
  // Exports
  createFlowNodeExportJobs: "outward",
  listFlowNodeExportJobs: "read",
  deleteFlowNodeExportJobs: "destructive",
  updateFlowNodeExportJobsStatus: "outward",
  getFlowNodeExportJobRuns: "read",
  getAllDataExportJobs: "read",
  createDataExportJobs: "outward",
  getDataExportJobRuns: "read",
  changeJobStatus: "outward",
  deleteDataExportJob: "destructive",
  // Destinations
  listCleanroomDestinations: "read",
  provisionCleanroomDestinations: "outward",
  deprovisionCleanroomDestination: "ordinary",
  reviewDestinationProvisioningRequest: "outward",
  listDestinationPartners: "read",
  listDestinations: "read",
  createDestination: "ordinary",
  updateDestinationConnection: "outward",
  deleteDestinationConnection: "destructive",
  // Executions
  createCleanRoomExecutionTemplateInstance: "ordinary",
  getCleanRoomMeasurementExecutionInstance: "read",
  cancelCleanRoomMeasurementExecutionInstance: "destructive",
  // Billing
  getBillableConfig: "read",
  upsertBillableConfig: "contractual",
  deleteBillableConfig: "contractual"
}

/**
 * What a call is given besides its path.
 *
 * @since 0.1.0
 * @category models
 */
export interface Values {
  readonly query?: unknown
  readonly body?: unknown
}

const holds = (body: unknown, name: string, value: unknown) =>
  Predicate.isRecord(body) && (body[name] === value || body[name] === String(value))

/**
 * The grade of one call: some operations reach further with certain values. Resuming an export sends data out again, and
 * consent to RampID binds the organisation.
 *
 * @since 0.1.0
 * @category getters
 */
export const of = (id: OperationId, { body }: Values): ApiGrade => {
  if (id === "configureCleanroomDataset" && holds(body, "rampIDConsent", true)) return "contractual"
  if (id === "changeJobStatus" || id === "updateFlowNodeExportJobsStatus") {
    return holds(body, "status", "PAUSED") ? "ordinary" : "outward"
  }
  if (id === "reviewDestinationProvisioningRequest" && holds(body, "decision", "REJECT")) return "ordinary"
  return grades[id]
}
