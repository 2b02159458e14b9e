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
    "How the clean rooms are used within a window: by clean room, question, dataset and partner, what rises and falls, " +
    "what nobody uses, and where to save, every quantity labelled measured or estimated (Habu's API gives no usage " +
    "figures). An executive summary of one page in Markdown on request, also as a file. A large organisation takes " +
    "several calls: each shows what was read so far.",
  hints: Tool.reads,
  workflow: AnalyzeUsagePatterns
})
