/**
 * What a client must know of an operation beyond its shape: whether it may be repeated, and which limit it spends.
 *
 * These are annotations on the endpoints, so that retry, budget and poll policies are properties of the contract.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Option from "effect/Option"

/**
 * Whether sending an operation twice differs from sending it once.
 *
 * - `read`: changes nothing.
 * - `idempotent`: a repeated call ends in the same state, even where Habu answers the repetition with an error.
 * - `create`: every call may make or start something new; never repeated blindly.
 *
 * @since 0.1.0
 * @category models
 */
export type Effect = "read" | "idempotent" | "create"

/**
 * The hourly limit that an operation spends, where it spends one.
 *
 * @since 0.1.0
 * @category models
 */
export type Spends = "question_run_start" | "flow_run_start"

/**
 * Sets an operation's effect where its HTTP method misleads, as for the POSTs that only read.
 *
 * @since 0.1.0
 * @category annotations
 */
export class EffectAnnotation extends Context.Tag("habu-mcp/api/Operation/Effect")<EffectAnnotation, Effect>() {}

/**
 * Names the hourly limit that an operation spends.
 *
 * @since 0.1.0
 * @category annotations
 */
export class SpendsAnnotation extends Context.Tag("habu-mcp/api/Operation/Spends")<SpendsAnnotation, Spends>() {}

/**
 * Names the path parameter whose object may be read only so often, with the least time between two reads in seconds.
 *
 * Habu allows 20 status reads an hour for one object, and one read of a question run in five minutes.
 *
 * @since 0.1.0
 * @category annotations
 */
export class PollsAnnotation extends Context.Tag("habu-mcp/api/Operation/Polls")<
  PollsAnnotation,
  { readonly parameter: string; readonly seconds: number }
>() {}

const byMethod: Record<string, Effect> = { GET: "read", PUT: "idempotent", DELETE: "idempotent" }

/**
 * Tells an endpoint's effect: its annotation, or else what its HTTP method means. POST and PATCH mean `create`.
 *
 * @since 0.1.0
 * @category getters
 */
export const effectOf = (
  endpoint: { readonly method: string; readonly annotations: Context.Context<never> }
): Effect =>
  Option.getOrElse(
    Context.getOption(endpoint.annotations, EffectAnnotation),
    () => byMethod[endpoint.method] ?? "create"
  )
