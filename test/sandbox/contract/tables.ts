/**
 * All rows of the walk, and what no row can prove.
 */
import { cleanRooms } from "./cleanRooms.js"
import { credentials, dataConnections, dataConnectionViews, datasets, dataSources } from "./data.js"
import type { GroupName, Operation, OperationId, Parameter } from "./Document.js"
import { destinations, exports } from "./exports.js"
import { flowRuns, flows } from "./flows.js"
import { billing, executions, health } from "./operations.js"
import { partners, users } from "./people.js"
import { cleanRoomQuestions, questions } from "./questions.js"
import { questionRuns, schedules } from "./runs.js"
import type { Table } from "./Walk.js"

export const tables: { readonly [group in GroupName]: Table } = {
  CleanRooms: cleanRooms,
  Partners: partners,
  Users: users,
  CleanRoomQuestions: cleanRoomQuestions,
  Questions: questions,
  QuestionRuns: questionRuns,
  Schedules: schedules,
  Datasets: datasets,
  DataConnections: dataConnections,
  DataConnectionViews: dataConnectionViews,
  Credentials: credentials,
  DataSources: dataSources,
  Flows: flows,
  FlowRuns: flowRuns,
  Exports: exports,
  Destinations: destinations,
  Executions: executions,
  Billing: billing,
  Health: health
}

export interface Exception {
  readonly status: number
  readonly why: string
  readonly of: (operation: Operation) => boolean
}

/** An id in the path, or a query parameter that may be left out and be any text. */
const isFree = ({ in: place, required, schema }: Parameter) =>
  place === "path" || (required !== true && schema.type === "string" && schema.enum === undefined)

const oneOf = (...ids: ReadonlyArray<OperationId>) => ({ id }: Operation) => ids.includes(id)

/** These refuse (400) what is in use or was answered already. */
const dependsOnState = oneOf(
  "cancelCleanRoomMeasurementExecutionInstance",
  "cancelPartnerInvitationById",
  "deleteDataConnection",
  "deleteDestinationConnection",
  "deleteOrganizationCredential",
  "deprovisionCleanroomDestination"
)

/** What the contract declares of an operation and the sandbox cannot be brought to. */
export const exceptions: ReadonlyArray<Exception> = [
  {
    status: 400,
    why: "It takes nothing but ids and texts, which can be unknown (404) but not malformed.",
    of: (operation) => !operation.takesBody && operation.parameters.every(isFree) && !dependsOnState(operation)
  },
  {
    status: 404,
    why: "It names no object that could be missing.",
    of: oneOf(
      "createCleanroom",
      "createDataConnection",
      "createOrganizationCredential",
      "getAllCleanrooms",
      "getAllCredentialSources",
      "getAllDataConnectionViews",
      "getAllDataConnections",
      "getAllDataSources",
      "getAllIdentifierTypes",
      "getAllImportDataTypes",
      "getAllOrganizationCredentials",
      "getAllOrganizationUsers",
      "getCleanroomTypes",
      "listDestinationPartners",
      "listDestinations"
    )
  },
  {
    status: 403,
    why: "A catalogue is the same for everyone.",
    of: oneOf(
      "getAllCredentialSources",
      "getAllDataSourceParameters",
      "getAllDataSources",
      "getAllDataTypes",
      "getAllIdentifierTypes",
      "getCredentialSourceById",
      "getCredentialSourceByName",
      "getDataSourceById",
      "getDataTypeById",
      "listDestinationPartners"
    )
  },
  {
    status: 403,
    why: "It is about the organisation, whose API administrator asks; what is another organisation's is 404.",
    of: oneOf(
      "createCleanroom",
      "createDataConnection",
      "createDataConnectionView",
      "createDestination",
      "createOrganizationCredential",
      "deleteDataConnection",
      "deleteDataConnectionView",
      "deleteDataExportJob",
      "deleteDestinationConnection",
      "getAllDataConnectionViews",
      "getAllDataConnections",
      "getAllFieldConfigurations",
      "getAllOrganizationCredentials",
      "getAllOrganizationUsers",
      "getDataConnectionById",
      "getDataConnectionViewById",
      "getOrganizationCredentialById",
      "listDestinations",
      "mapFieldConfigurations",
      "retryDataConnectionJob",
      "updateDataConnection",
      "updateDataConnectionView",
      "updateDestinationConnection"
    )
  },
  {
    status: 403,
    why: "Every user of a clean room may read it, in the sandbox; who is none does not find the clean room (404).",
    of: oneOf(
      "getAllCleanroomQuestionDatasets",
      "getBillableConfig",
      "getCleanroomAssetDetails",
      "getCleanroomQuestion",
      "getCleanroomQuestionDataTypeOptions",
      "getCleanroomQuestionRunAudit",
      "getCleanroomStakeholders",
      "listCleanroomDestinations"
    )
  }
]
