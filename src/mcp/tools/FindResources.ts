/**
 * The tool `find_resources`.
 *
 * @since 0.1.0
 */
import * as FindResources from "../../workflows/FindResources.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "find_resources",
  toolset: "core",
  title: "Find clean rooms, questions, runs and all else",
  description:
    "Lists what the API user can see, with names, ids and what a person would want to know of each. Questions " +
    "are looked for in all clean rooms unless one is named. Anything is referred to by name, display id " +
    "(CR-…, CRQ-…) or id.",
  keywords: "habu liveramp list search show browse room cleanrooms datasets partners users invitations " +
    "connections destinations segments overlap",
  hints: Tool.reads,
  workflow: FindResources
})
