/**
 * The tool `manage_data_integration`.
 *
 * @since 0.1.0
 */
import * as ManageDataIntegration from "../../workflows/ManageDataIntegration.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "manage_data_integration",
  toolset: "data",
  title: "Look after data connections, views and credentials",
  description:
    "Health of all data connections and what to do about each; changes settings, reads a schema anew and maps new " +
    "fields, rotates a credential and checks what uses it, diagnoses, handles views, deletes with dependants shown.",
  keywords: "habu liveramp connection sync refresh stale broken secret password rotate rotation mapping column " +
    "pipeline",
  hints: Tool.changes,
  workflow: ManageDataIntegration
})
