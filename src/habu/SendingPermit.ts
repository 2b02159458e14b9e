/**
 * Whether a request may still leave, asked of its caller at the last moment before it does.
 *
 * Between the decision to send and the request lie waits without a bound: for an access token, for a turn. Who comes too
 * late must not send, because others may have concluded that nothing ever will be.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * The permit of the call under way; without one, everything may leave. Where it is not granted the call fails with
 * `PermitRefused`, and nothing was sent.
 *
 * @since 0.1.0
 * @category references
 */
export class SendingPermit extends Context.Reference<SendingPermit>()("habu-mcp/habu/SendingPermit", {
  defaultValue: (): Effect.Effect<boolean> => Effect.succeed(true)
}) {}
