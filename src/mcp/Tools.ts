/**
 * The tools: each a whole business workflow in one call.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as Tool from "./Tool.js"
import { tool as callApiOperation } from "./tools/CallApiOperation.js"
import { tool as describeApiOperations } from "./tools/DescribeApiOperations.js"
import { tool as establishDataConnection } from "./tools/EstablishDataConnection.js"
import { tool as executeQuestionWorkflow } from "./tools/ExecuteQuestionWorkflow.js"
import { tool as findResources } from "./tools/FindResources.js"
import { tool as healthCheck } from "./tools/HealthCheck.js"
import { tool as managePermissions } from "./tools/ManagePermissions.js"
import { tool as monitorCleanroomStatus } from "./tools/MonitorCleanroomStatus.js"
import { tool as monitorOrganizationHealth } from "./tools/MonitorOrganizationHealth.js"
import { tool as onboardPartner } from "./tools/OnboardPartner.js"
import { tool as setupCleanroomWorkspace } from "./tools/SetupCleanroomWorkspace.js"
import { tool as shareResults } from "./tools/ShareResults.js"
import { tool as testConnection } from "./tools/TestConnection.js"
import { tool as troubleshootIssues } from "./tools/TroubleshootIssues.js"

import * as ExecuteFlowWorkflow from "../workflows/ExecuteFlowWorkflow.js"
import * as ExecuteQuestionWorkflow from "../workflows/ExecuteQuestionWorkflow.js"
import * as FindResources from "../workflows/FindResources.js"
import * as HealthCheck from "../workflows/HealthCheck.js"
import * as MonitorCleanroomStatus from "../workflows/MonitorCleanroomStatus.js"
import * as TestConnection from "../workflows/TestConnection.js"
import * as Tool from "./Tool.js"

const healthCheck = Tool.make({
  name: "health_check",
  toolset: "core",
  title: "Health check",
  description:
    "Shows which build of habu-mcp runs, whether Habu can be reached, what is left of Habu's budgets (access tokens, " +
    "run starts), the circuit breaker, the cache and the state store. Needs no credentials and spends nothing.",
  hints: Tool.reads,
  workflow: HealthCheck
})

const testConnection = Tool.make({
  name: "test_connection",
  toolset: "core",
  title: "Test the connection",
  description:
    "Signs in to Habu and says whose organisation the API key belongs to, what its access token may do, which parts of " +
    "the API answer and which are denied, and what only Habu's own UI can do. Call it first, and when something is " +
    "empty or forbidden.",
  hints: Tool.reads,
  workflow: TestConnection
})

const findResources = Tool.make({
  name: "find_resources",
  toolset: "core",
  title: "Find clean rooms, questions, flows, runs, datasets, partners, users, data connections",
  description:
    "Lists what the API user can see, with names, ids and what a person would want to know of each. Questions are " +
    "looked for in all clean rooms unless one is named. Everything can be referred to by name, display id (CR-…, " +
    "CRQ-…) or id.",
  hints: Tool.reads,
  workflow: FindResources
})

const executeQuestionWorkflow = Tool.make({
  name: "execute_question_workflow",
  toolset: "questions",
  title: "Run a question to its results",
  description:
    "Runs a clean room question and reports on it: checks it before anything is spent (READY, datasets, parameters, " +
    "dates, budget), starts it exactly once, waits a little, and returns the first rows when it has completed. Runs " +
    "take 15 to 30 minutes and more: when it answers `running`, do not start again, but follow `next_steps`. The same " +
    "call again finds the same run; `questions` takes several. A run cannot be cancelled in Habu, only deleted.",
  hints: Tool.creates,
  workflow: ExecuteQuestionWorkflow
})

const monitorCleanroomStatus = Tool.make({
  name: "monitor_cleanroom_status",
  toolset: "operations",
  title: "See how clean rooms are",
  description:
    "How one clean room is, or all of them: which questions and datasets are ready, what is missing and whose turn it " +
    "is, what partners have done, how runs went (success, queue and run times, failures by cause), what ends soon, what " +
    "changed since the last look at what is watched, and what calls for attention, the most urgent first. A Markdown " +
    "report on request. Of a large organisation it shows the most urgent first and reads on while you call again.",
  hints: Tool.reads,
  workflow: MonitorCleanroomStatus
})

const executeFlowWorkflow = Tool.make({
  name: "execute_flow_workflow",
  toolset: "questions",
  title: "Run a flow to its results",
  description:
    "Runs a flow (questions that feed one another) as execute_question_workflow runs a question: previews what it asks " +
    "for, starts it exactly once, follows it, resumes a paused run, replays from a level, and tells what each node " +
    "produced. It also assigns datasets, explains decisions and uses another version. A flow run can be neither " +
    "cancelled nor deleted.",
  hints: Tool.creates,
  workflow: ExecuteFlowWorkflow
})

const every = [
  healthCheck,
  testConnection,
  findResources,
  setupCleanroomWorkspace,
  executeQuestionWorkflow,
  onboardPartner,
  managePermissions,
  shareResults,
  monitorCleanroomStatus,
  monitorOrganizationHealth,
  troubleshootIssues,
  establishDataConnection,
  describeApiOperations,
  callApiOperation
  troubleshootIssues
  executeQuestionWorkflow,
  executeFlowWorkflow,
  monitorCleanroomStatus
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
