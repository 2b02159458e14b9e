/**
 * The tool `onboard_partner`.
 *
 * @since 0.1.0
 */
import * as OnboardPartner from "../../workflows/OnboardPartner.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "onboard_partner",
  toolset: "partners",
  title: "Bring a partner into a clean room",
  description:
    "Invites partners to a clean room with a fitting note (never twice), tracks each invitation and whose turn it is, " +
    "invites again or withdraws, and checks whether each partner is set up for what the questions need.",
  keywords: "habu liveramp collaborator company organisation organization advertiser publisher agency email " +
    "pending resend cancel",
  hints: Tool.creates,
  workflow: OnboardPartner
})
