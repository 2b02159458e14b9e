/**
 * The pages of the documentation that come with the program.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/**
 * Reads the pages by their names, as Markdown. Where there are none, none are offered.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  readonly names: Effect.Effect<ReadonlyArray<string>>
  readonly page: (name: string) => Effect.Effect<string | undefined>
}

/**
 * @since 0.1.0
 * @category references
 */
export class Documentation extends Context.Reference<Documentation>()("habu-mcp/mcp/Documentation", {
  defaultValue: (): Service => ({ names: Effect.succeed([]), page: () => Effect.succeed(undefined) })
}) {}
