/**
 * What a write replaces, for the audit log: Habu keeps no history, so before and after are noted when they are known.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"

/**
 * A value before and after a write.
 *
 * @since 0.1.0
 * @category models
 */
export interface Note {
  readonly before: unknown
  readonly after: unknown
}

/**
 * What the write under way replaces, and by what; undefined where nobody knows.
 *
 * @since 0.1.0
 * @category references
 */
export class ChangeNote extends Context.Reference<ChangeNote>()("habu-mcp/audit/ChangeNote", {
  defaultValue: (): Note | undefined => undefined
}) {}
