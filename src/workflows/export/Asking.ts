/**
 * What a caller has to say before anything about exports can be done.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type * as Workflow from "../Workflow.js"

/**
 * Ends a workflow with a question to its caller. Nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class Asking extends Data.TaggedError("Asking")<{
  readonly summary: string
  readonly nextSteps?: ReadonlyArray<Workflow.NextStep>
}> {}
