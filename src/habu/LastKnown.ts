/**
 * Whether reads are answered from what is known already, and nothing is sent: the last good answer, however old, or
 * none.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"

/**
 * Off unless an effect is given it: `Effect.provideService(effect, LastKnown, true)`.
 *
 * @since 0.1.0
 * @category references
 */
export class LastKnown extends Context.Reference<LastKnown>()("habu-mcp/habu/LastKnown", {
  defaultValue: () => false
}) {}
