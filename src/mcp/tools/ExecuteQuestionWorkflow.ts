/**
 * The tool `execute_question_workflow`.
 *
 * @since 0.1.0
 */
import * as ExecuteQuestionWorkflow from "../../workflows/ExecuteQuestionWorkflow.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "execute_question_workflow",
  toolset: "questions",
  title: "Run a question to its results",
  description:
    "Runs a clean room question: checks it before anything is spent, starts it exactly once, waits a little, " +
    "and returns the first rows when it has completed. Runs take 15 to 30 minutes and more: when it answers " +
    "`running`, follow `next_steps` and do not start again. The same call again finds the same run. A run " +
    "cannot be cancelled in Habu, only deleted.",
  keywords: "liveramp query report analysis analytics launch overlap reach attribution measurement campaign audience",
  hints: Tool.creates,
  workflow: ExecuteQuestionWorkflow
})
