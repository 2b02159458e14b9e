/**
 * Which build of this program is running: hosts keep old processes alive, and then the fix one looks for is not there.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"

/**
 * A version and its commit.
 *
 * @since 0.1.0
 * @category models
 */
export interface Build {
  readonly version: string
  /** The commit it was built from, or `unknown`. */
  readonly build: string
}

/**
 * The running build; the command sets it.
 *
 * @since 0.1.0
 * @category references
 */
export class About extends Context.Reference<About>()("habu-mcp/workflows/About", {
  defaultValue: (): Build => ({ version: "embedded", build: "unknown" })
}) {}
