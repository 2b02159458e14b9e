/**
 * The tool `test_connection`.
 *
 * @since 0.1.0
 */
import * as TestConnection from "../../workflows/TestConnection.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "test_connection",
  toolset: "core",
  title: "Test the connection",
  description:
    "Signs in to Habu and says whose organisation the API key belongs to, what its access token may do, which parts of " +
    "the API answer and which are denied, and what only Habu's own UI can do. Call it first, and when something is " +
    "empty or forbidden.",
  keywords: "liveramp login authenticate credentials whoami scopes rights account",
  hints: Tool.reads,
  workflow: TestConnection
})
