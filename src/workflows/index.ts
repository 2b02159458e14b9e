/**
 * Business workflows: one effect each, with schemas for what goes in and what comes out.
 *
 * @since 0.1.0
 */
export * as About from "./About.js"
export * as Asker from "./Asker.js"
export * as Confirmation from "./Confirmation.js"
export * as CredentialReference from "./data/CredentialReference.js"
export * as ErrorCatalogue from "./ErrorCatalogue.js"
export * as EstablishDataConnection from "./EstablishDataConnection.js"
export * as ExecuteQuestionWorkflow from "./ExecuteQuestionWorkflow.js"
export * as FindResources from "./FindResources.js"
export * as Grade from "./Grade.js"
export * as HealthCheck from "./HealthCheck.js"
export * as HiddenSettings from "./HiddenSettings.js"
export * as ManagePermissions from "./ManagePermissions.js"
export * as MonitorCleanroomStatus from "./MonitorCleanroomStatus.js"
export * as MonitorOrganizationHealth from "./MonitorOrganizationHealth.js"
export * as OnboardPartner from "./OnboardPartner.js"
export * as Plan from "./Plan.js"
export * as Progress from "./Progress.js"
export * as SetupCleanroomWorkspace from "./SetupCleanroomWorkspace.js"
export * as ShareResults from "./ShareResults.js"
export * as Survey from "./Survey.js"
export * as TestConnection from "./TestConnection.js"
export * as TroubleshootIssues from "./TroubleshootIssues.js"
export * as WatchList from "./WatchList.js"
export * as Workflow from "./Workflow.js"
