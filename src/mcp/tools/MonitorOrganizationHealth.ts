/**
 * The tool `monitor_organization_health`.
 *
 * @since 0.1.0
 */
import * as MonitorOrganizationHealth from "../../workflows/MonitorOrganizationHealth.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "monitor_organization_health",
  toolset: "operations",
  title: "See how the whole organisation is",
  description: "Every clean room at once: scores with the rule behind each, run patterns by hour and weekday, " +
    "bottlenecks, the trend against the time before, and what would help most, each with the call for it. A " +
    "large organisation takes several calls.",
  keywords: "habu liveramp overview account dashboard kpi score summary reliability performance company",
  hints: Tool.reads,
  workflow: MonitorOrganizationHealth
})
