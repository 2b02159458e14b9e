/**
 * Habu's contract: one namespace for each domain with its schemas and its group of operations, and the API that adds
 * the groups up.
 *
 * @since 0.1.0
 */
export * as Billing from "./Billing.js"
export * as CleanRoomQuestions from "./CleanRoomQuestions.js"
export * as CleanRooms from "./CleanRooms.js"
export * as Common from "./Common.js"
export * as Credentials from "./Credentials.js"
export * as DataConnections from "./DataConnections.js"
export * as DataConnectionViews from "./DataConnectionViews.js"
export * as Datasets from "./Datasets.js"
export * as DataSources from "./DataSources.js"
export * as Destinations from "./Destinations.js"
export * as Executions from "./Executions.js"
export * as Exports from "./Exports.js"
export * as FlowRuns from "./FlowRuns.js"
export * as Flows from "./Flows.js"
export * as HabuApi from "./HabuApi.js"
export * as Health from "./Health.js"
export * as OpenApiDocument from "./OpenApiDocument.js"
export * as Operation from "./Operation.js"
export * as Partners from "./Partners.js"
export * as QuestionRuns from "./QuestionRuns.js"
export * as Questions from "./Questions.js"
export * as Schedules from "./Schedules.js"
export * as Users from "./Users.js"
