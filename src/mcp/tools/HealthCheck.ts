/**
 * The tool `health_check`.
 *
 * @since 0.1.0
 */
import * as HealthCheck from "../../workflows/HealthCheck.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "health_check",
  toolset: "core",
  title: "Health check",
  description:
    "Shows which build runs, whether Habu can be reached, what is left of its budgets (access tokens, run starts), " +
    "circuit breaker, cache and state store. Needs no credentials and spends nothing.",
  keywords: "liveramp status version limits quota rate uptime reachable ping",
  hints: Tool.reads,
  workflow: HealthCheck
})
