/**
 * The tools: each a whole business workflow in one call.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as Tool from "./Tool.js"
import { tool as analyzeUsagePatterns } from "./tools/AnalyzeUsagePatterns.js"
import { tool as callApiOperation } from "./tools/CallApiOperation.js"
import { tool as deployAnalyticsQuestion } from "./tools/DeployAnalyticsQuestion.js"
import { tool as describeApiOperations } from "./tools/DescribeApiOperations.js"
import { tool as establishDataConnection } from "./tools/EstablishDataConnection.js"
import { tool as executeFlowWorkflow } from "./tools/ExecuteFlowWorkflow.js"
import { tool as executeQuestionWorkflow } from "./tools/ExecuteQuestionWorkflow.js"
import { tool as findResources } from "./tools/FindResources.js"
import { tool as healthCheck } from "./tools/HealthCheck.js"
import { tool as manageCleanroomLifecycle } from "./tools/ManageCleanroomLifecycle.js"
import { tool as manageDataExports } from "./tools/ManageDataExports.js"
import { tool as manageDataIntegration } from "./tools/ManageDataIntegration.js"
import { tool as managePermissions } from "./tools/ManagePermissions.js"
import { tool as manageQuestionSchedules } from "./tools/ManageQuestionSchedules.js"
import { tool as monitorCleanroomStatus } from "./tools/MonitorCleanroomStatus.js"
import { tool as monitorOrganizationHealth } from "./tools/MonitorOrganizationHealth.js"
import { tool as onboardPartner } from "./tools/OnboardPartner.js"
import { tool as retrieveAndAnalyzeResults } from "./tools/RetrieveAndAnalyzeResults.js"
import { tool as setupCleanroomWorkspace } from "./tools/SetupCleanroomWorkspace.js"
import { tool as shareResults } from "./tools/ShareResults.js"
import { tool as testConnection } from "./tools/TestConnection.js"
import { tool as troubleshootIssues } from "./tools/TroubleshootIssues.js"

const every = [
  healthCheck,
  testConnection,
  findResources,
  setupCleanroomWorkspace,
  manageCleanroomLifecycle,
  deployAnalyticsQuestion,
  executeQuestionWorkflow,
  executeFlowWorkflow,
  retrieveAndAnalyzeResults,
  manageQuestionSchedules,
  onboardPartner,
  manageDataExports,
  managePermissions,
  shareResults,
  monitorCleanroomStatus,
  monitorOrganizationHealth,
  analyzeUsagePatterns,
  troubleshootIssues,
  establishDataConnection,
  describeApiOperations,
  callApiOperation,
  manageDataIntegration
] as const

/**
 * What the tools need to run.
 *
 * @since 0.1.0
 * @category models
 */
export type Services = Effect.Effect.Context<ReturnType<(typeof every)[number]["call"]>>

/**
 * All tools, in the order in which they are listed.
 *
 * @since 0.1.0
 * @category constants
 */
export const all: ReadonlyArray<Tool.Tool<Services>> = every
