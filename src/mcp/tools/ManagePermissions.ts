/**
 * The tool `manage_permissions`.
 *
 * @since 0.1.0
 */
import * as ManagePermissions from "../../workflows/ManagePermissions.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "manage_permissions",
  toolset: "partners",
  title: "See and set who may do what",
  description:
    "Reports who can see and run what in a clean room, and how that changed; sets the permissions of questions (owner " +
    "or all partners), what is seen of a dataset (fields, names, rows, assignment by partners), and people's roles.",
  keywords: "habu liveramp access rights grant revoke user users admin administrator",
  hints: Tool.changes,
  workflow: ManagePermissions
})
