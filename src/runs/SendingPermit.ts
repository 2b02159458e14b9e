/**
 * Whether a start may still leave, asked at the last moment before it does.
 *
 * Between the decision to start a run and its request lie waits without a bound: for an access token, for a turn. A
 * sender that comes too late must not send, because others may have concluded that it never will.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientError from "@effect/platform/HttpClientError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * The permit of the call under way; without one, everything may leave.
 *
 * @since 0.1.0
 * @category references
 */
export class SendingPermit extends Context.Reference<SendingPermit>()("habu-mcp/runs/SendingPermit", {
  defaultValue: (): Effect.Effect<boolean> => Effect.succeed(true)
}) {}

/**
 * Asks for the permit right before a request is handed to the network; without it the request fails as never sent. For
 * the option `transformClient` of `HabuClient`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const guard: (client: HttpClient.HttpClient) => HttpClient.HttpClient = HttpClient.mapRequestEffect((request) =>
  Effect.flatMap(Effect.flatten(SendingPermit), (granted) =>
    granted
      ? Effect.succeed(request)
      : Effect.fail(
        new HttpClientError.RequestError({ request, reason: "Encode", description: "it may not be sent any more" })
      ))
)
