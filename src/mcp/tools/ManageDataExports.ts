/**
 * The tool `manage_data_exports`.
 *
 * @since 0.1.0
 */
import * as ManageDataExports from "../../workflows/ManageDataExports.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "manage_data_exports",
  toolset: "results",
  title: "Send results out of a clean room",
  description: "Results of questions and flow nodes to stores and platforms: makes, changes and places destinations, " +
    "decides on a partner's, exports (checking all it needs first), segments, pauses, deletes, and explains what was " +
    "sent. Never switches exports on.",
  keywords: "habu liveramp activate activation audience segment destination deliver delivery send s3 gcs azure " +
    "sftp download file job",
  hints: Tool.changes,
  workflow: ManageDataExports
})
