/**
 * The tool `share_results`.
 *
 * @since 0.1.0
 */
import * as ShareResults from "../../workflows/ShareResults.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "share_results",
  toolset: "partners",
  title: "Share a question's results with partners",
  description:
    "Shows whom the results of a question are shared with, shares them or takes that back, gives the permission to see " +
    "results where it is missing, and tells what was shared and read through this server.",
  keywords: "habu liveramp sharing access visible unshare revoke reads audit history",
  hints: Tool.changes,
  workflow: ShareResults
})
