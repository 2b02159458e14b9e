/**
 * Which tool a write belongs to, for the audit log.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"

/**
 * The tool whose call is being carried out; undefined for a program that uses the client by itself.
 *
 * @since 0.1.0
 * @category references
 */
export class CurrentTool extends Context.Reference<CurrentTool>()("habu-mcp/audit/CurrentTool", {
  defaultValue: (): string | undefined => undefined
}) {}
