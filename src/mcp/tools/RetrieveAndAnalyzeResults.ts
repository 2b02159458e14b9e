/**
 * The tool `retrieve_and_analyze_results`.
 *
 * @since 0.1.0
 */
import * as RetrieveAndAnalyzeResults from "../../workflows/RetrieveAndAnalyzeResults.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "retrieve_and_analyze_results",
  toolset: "results",
  title: "Read and analyse results",
  description: "Gets the results of a question's latest (or n-th, or a day's) completed run: all rows, summarised in " +
    "statements that can be checked, asked by SQL, drawn as a chart, or written to a file. Starts nothing. Of " +
    "a question that lists people only counts and columns are shown.",
  keywords: "habu liveramp download csv xlsx excel json parquet graph plot visualize table trend compare " +
    "insights output",
  hints: Tool.readsIntoFiles,
  writesOnlyFiles: true,
  workflow: RetrieveAndAnalyzeResults
})
