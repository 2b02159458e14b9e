/**
 * Telling a caller that is waiting how far things are. Without a listener it goes nowhere.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * A step on the way. `progress` never falls; `total` is given where it is known.
 *
 * @since 0.1.0
 * @category models
 */
export interface Step {
  readonly progress: number
  readonly total?: number
  readonly message: string
}

/**
 * The listener of the current call.
 *
 * @since 0.1.0
 * @category references
 */
export class Progress extends Context.Reference<Progress>()("habu-mcp/workflows/Progress", {
  defaultValue: (): (step: Step) => Effect.Effect<void> => () => Effect.void
}) {}

/**
 * Tells the current call's listener.
 *
 * @since 0.1.0
 * @category constructors
 */
export const report = (step: Step): Effect.Effect<void> => Effect.flatMap(Progress, (tell) => tell(step))
