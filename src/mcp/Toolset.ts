/**
 * Tools that belong together, for a host's choice.
 *
 * @since 0.1.0
 */

/**
 * The toolsets. `core` is always offered, `api` only where it is asked for.
 *
 * @since 0.1.0
 * @category models
 */
export type Toolset = "core" | "rooms" | "data" | "partners" | "questions" | "results" | "operations" | "api"

/**
 * The toolsets that can be chosen.
 *
 * @since 0.1.0
 * @category constants
 */
export const toolsets: ReadonlyArray<Toolset> = [
  "rooms",
  "data",
  "partners",
  "questions",
  "results",
  "operations",
  "api"
]
