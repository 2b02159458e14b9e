/**
 * The tool `manage_question_schedules`.
 *
 * @since 0.1.0
 */
import * as ManageQuestionSchedules from "../../workflows/ManageQuestionSchedules.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "manage_question_schedules",
  toolset: "questions",
  title: "Have questions run by themselves",
  description:
    "Schedules a question with sensible defaults (as often as its data changes, in a quiet hour, with an end), lists, " +
    "changes, ends and deletes schedules, tells how their runs went (inferred), finds conflicts over all clean rooms, " +
    "and proposes a better spacing. Habu keeps no time zone: times are UTC.",
  keywords: "liveramp recurring cron daily weekly monthly automate repeat timetable",
  hints: Tool.changes,
  workflow: ManageQuestionSchedules
})
