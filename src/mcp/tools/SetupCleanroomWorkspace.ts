/**
 * The tool `setup_cleanroom_workspace`.
 *
 * @since 0.1.0
 */
import * as SetupCleanroomWorkspace from "../../workflows/SetupCleanroomWorkspace.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "setup_cleanroom_workspace",
  toolset: "rooms",
  title: "Set up a clean room",
  description:
    "Creates a clean room, or continues the one of that name: settings, dates, partners to invite, own people with " +
    "roles, datasets, questions; then reads it all back. Settings that Habu never shows again are asked for, not guessed.",
  keywords: "liveramp new make open collaboration collaborate snowflake aws gcp azure",
  hints: Tool.creates,
  workflow: SetupCleanroomWorkspace
})
