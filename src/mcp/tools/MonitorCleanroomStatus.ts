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
    "How one clean room is, or all of them: which questions and datasets are ready, what is missing and whose turn it " +
    "is, what partners have done, how runs went (success, queue and run times, failures by cause), what ends soon, what " +
    "changed since the last look at what is watched, and what calls for attention, the most urgent first. A Markdown " +
    "report on request. Of a large organisation it shows the most urgent first and reads on while you call again.",
  hints: Tool.reads,
  workflow: MonitorCleanroomStatus
})
