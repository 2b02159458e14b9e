/**
 * The tools: each a whole business workflow in one call.
 *
 * @since 0.1.0
 */
import type * as Effect from "effect/Effect"
import type * as Tool from "./Tool.js"
import { tool as executeQuestionWorkflow } from "./tools/ExecuteQuestionWorkflow.js"
import { tool as findResources } from "./tools/FindResources.js"
import { tool as healthCheck } from "./tools/HealthCheck.js"
import { tool as monitorCleanroomStatus } from "./tools/MonitorCleanroomStatus.js"
import { tool as onboardPartner } from "./tools/OnboardPartner.js"
import { tool as testConnection } from "./tools/TestConnection.js"

const every = [
  healthCheck,
  testConnection,
  findResources,
  executeQuestionWorkflow,
  onboardPartner,
  monitorCleanroomStatus
] as const
import * as ExecuteQuestionWorkflow from "../workflows/ExecuteQuestionWorkflow.js"
import * as FindResources from "../workflows/FindResources.js"
import * as HealthCheck from "../workflows/HealthCheck.js"
import * as TestConnection from "../workflows/TestConnection.js"
import * as TroubleshootIssues from "../workflows/TroubleshootIssues.js"
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
  title: "Find clean rooms, questions, runs, datasets, partners, users, data connections",
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
    "call again finds the same run. A run cannot be cancelled in Habu, only deleted.",
  hints: Tool.creates,
  workflow: ExecuteQuestionWorkflow
})

const troubleshootIssues = Tool.make({
  name: "troubleshoot_issues",
  toolset: "operations",
  title: "Find out why something does not work",
  description:
    "Give what happens in words, the code of an error, or what has the trouble (clean room, question, run, data " +
    "connection, partner, flow, export, destination, schedule). It gathers the evidence itself and answers with the " +
    "causes that Habu's data shows, ranked, each with its fix and who can carry it out, or says that the evidence is " +
    "not enough. It changes nothing at Habu.",
  hints: Tool.reads,
  workflow: TroubleshootIssues
})

const every = [healthCheck, testConnection, findResources, executeQuestionWorkflow, troubleshootIssues] as const

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
