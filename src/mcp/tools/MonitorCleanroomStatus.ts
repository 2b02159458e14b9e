/**
 * The tool `monitor_cleanroom_status`.
 *
 * @since 0.1.0
 */
import * as MonitorCleanroomStatus from "../../workflows/MonitorCleanroomStatus.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "monitor_cleanroom_status",
  toolset: "operations",
  title: "See how clean rooms are",
  description:
    "How clean rooms are: which questions and datasets are ready, what is missing and whose turn it is, what " +
    "partners have done, how runs went, what ends soon, what changed of the watched things, and what calls " +
    "for attention, most urgent first. A Markdown report on request.",
  keywords: "habu liveramp review weekly overview summary dashboard watch changes readiness progress",
  hints: Tool.reads,
  workflow: MonitorCleanroomStatus
})
