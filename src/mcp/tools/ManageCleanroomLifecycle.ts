/**
 * The tool `manage_cleanroom_lifecycle`.
 *
 * @since 0.1.0
 */
import * as ManageCleanroomLifecycle from "../../workflows/ManageCleanroomLifecycle.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "manage_cleanroom_lifecycle",
  toolset: "rooms",
  title: "Change, end, reopen or delete a clean room",
  description:
    "Changes a clean room's settings without losing those that Habu hides, extends, ends or reopens it, invites, invites " +
    "again or removes partners, changes their people's roles, and deletes it after showing all that goes with it.",
  keywords: "liveramp rename update edit close archive expire date crowd size noise privacy",
  hints: Tool.changes,
  workflow: ManageCleanroomLifecycle
})
