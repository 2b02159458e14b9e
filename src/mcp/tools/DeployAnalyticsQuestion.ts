/**
 * The tool `deploy_analytics_question`.
 *
 * @since 0.1.0
 */
import * as DeployAnalyticsQuestion from "../../workflows/DeployAnalyticsQuestion.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "deploy_analytics_question",
  toolset: "questions",
  title: "Bring questions into a clean room until they can run",
  description:
    "Adds existing questions or writes a new one (its query validated by Habu), assigns datasets to the macros by what " +
    "fits and says why, hands partners theirs, sets permissions and capacity, and tells whether each is READY or whose " +
    "turn it is.",
  keywords: "liveramp template sql overlap attribution reach measurement analysis add write create",
  hints: Tool.creates,
  workflow: DeployAnalyticsQuestion
})
