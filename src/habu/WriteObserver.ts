/**
 * Who is told of every write: an audit log, or nobody.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Operations from "./Operations.js"

/**
 * A write as it ended.
 *
 * - `done`: Habu answered with success.
 * - `not_sent`: it certainly reached nobody.
 * - `refused`: Habu answered that it does not do it.
 * - `unknown`: it was sent, and nobody knows whether Habu carried it out.
 *
 * @since 0.1.0
 * @category models
 */
export interface Write {
  readonly operation: Operations.Info
  /** The path parameters: what was written to. */
  readonly target: { readonly [name: string]: string }
  readonly query: unknown
  readonly payload: unknown
  readonly outcome: "done" | "not_sent" | "refused" | "unknown"
  /** The error's code, unless it is done. */
  readonly code: string | undefined
  readonly requestId: string | undefined
}

/**
 * The observer of the writes of an effect.
 *
 * @since 0.1.0
 * @category references
 */
export class WriteObserver extends Context.Reference<WriteObserver>()("habu-mcp/habu/WriteObserver", {
  defaultValue: (): (write: Write) => Effect.Effect<void> => () => Effect.void
}) {}
