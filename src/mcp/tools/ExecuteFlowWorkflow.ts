/**
 * The tool `execute_flow_workflow`.
 *
 * @since 0.1.0
 */
import * as ExecuteFlowWorkflow from "../../workflows/ExecuteFlowWorkflow.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "execute_flow_workflow",
  toolset: "questions",
  title: "Run a flow to its results",
  description:
    "Runs a flow (questions that feed one another) as execute_question_workflow runs a question: previews it, starts it " +
    "exactly once, follows, resumes or replays it, and tells what each node produced. A flow run can be neither " +
    "cancelled nor deleted.",
  keywords: "habu liveramp pipeline dag orchestration start launch pause restart",
  hints: Tool.creates,
  workflow: ExecuteFlowWorkflow
})
