/**
 * The tool `troubleshoot_issues`.
 *
 * @since 0.1.0
 */
import * as TroubleshootIssues from "../../workflows/TroubleshootIssues.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "troubleshoot_issues",
  toolset: "operations",
  title: "Find out why something does not work",
  description:
    "Say what happens, give an error's code, or name what has the trouble. It gathers the evidence itself and answers " +
    "with the causes that Habu's data shows, ranked, each with its fix and who can carry it out, or says that the " +
    "evidence is not enough. Changes nothing at Habu.",
  keywords: "liveramp debug failed fail failing failure stuck slow broken help diagnose why empty missing cause",
  hints: Tool.reads,
  workflow: TroubleshootIssues
})
