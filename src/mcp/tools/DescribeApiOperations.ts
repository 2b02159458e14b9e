/**
 * The tool `describe_api_operations`.
 *
 * @since 0.1.0
 */
import * as DescribeApiOperations from "../../workflows/DescribeApiOperations.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "describe_api_operations",
  toolset: "api",
  title: "Find an operation of Habu's API",
  description: "Finds operations by words or group, and shows what one takes and answers, and how far it reaches.",
  keywords: "habu liveramp rest endpoint openapi documentation reference list search",
  hints: Tool.reads,
  workflow: DescribeApiOperations
})
