/**
 * Why state could not be read or written.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * A failure of the state store.
 *
 * - `unavailable`: the engine does not answer; a change may or may not have been made.
 * - `refused`: the engine answered that it cannot store (disk full, folder read-only); nothing was changed.
 * - `unreadable`: a value is there that this version cannot read; it was left as it is.
 *
 * @since 0.1.0
 * @category errors
 */
export class StateError extends Schema.TaggedError<StateError>()("StateError", {
  reason: Schema.Literal("unavailable", "refused", "unreadable"),
  message: Schema.String
}) {}
