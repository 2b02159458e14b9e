/**
 * The tool `call_api_operation`.
 *
 * @since 0.1.0
 */
import * as CallApiOperation from "../../workflows/CallApiOperation.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "call_api_operation",
  toolset: "api",
  title: "Call one operation of Habu's API",
  description:
    "For what no other tool does: calls an operation by its id, checked by the contract first. Writes that reach far " +
    "wait for agreement. Shows no rows of results and takes no credentials.",
  keywords: "habu liveramp rest endpoint raw request http invoke",
  hints: Tool.changes,
  workflow: CallApiOperation
})
