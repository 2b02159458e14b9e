/**
 * The tool `analyze_usage_patterns`.
 *
 * @since 0.1.0
 */
import * as AnalyzeUsagePatterns from "../../workflows/AnalyzeUsagePatterns.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "analyze_usage_patterns",
  toolset: "operations",
  title: "Analyse how clean rooms are used",
  description:
    "How clean rooms, questions, datasets and partners are used within a window, what rises and falls, what " +
    "nobody uses, and where to save, every quantity labelled measured or estimated. A summary of one page in " +
    "Markdown on request, also as a file.",
  keywords: "habu liveramp cost costs billing spend credits adoption unused idle executive monthly report",
  hints: Tool.reads,
  workflow: AnalyzeUsagePatterns
})
