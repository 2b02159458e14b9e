/**
 * Whether writes to Habu are refused before anything is sent.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"

/**
 * True where nothing at Habu may be changed.
 *
 * @since 0.1.0
 * @category references
 */
export class ReadOnly extends Context.Reference<ReadOnly>()("habu-mcp/habu/ReadOnly", {
  defaultValue: (): boolean => false
}) {}
