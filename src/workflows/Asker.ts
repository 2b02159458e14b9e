/**
 * Putting a question to the person behind the current call. Without someone who can ask, nobody is asked.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/**
 * What a person is asked to agree to: a sentence, and the changes one by one. Where `typed` is given, they type that name
 * to agree.
 *
 * @since 0.1.0
 * @category models
 */
export interface Question {
  readonly message: string
  readonly changes: ReadonlyArray<string>
  readonly typed: string | undefined
}

/**
 * What came back. `typed` is what the person typed, where a name was asked for.
 *
 * @since 0.1.0
 * @category models
 */
export type Reply =
  | { readonly _tag: "Accepted"; readonly typed: string | undefined }
  | { readonly _tag: "Declined" }
  | { readonly _tag: "Unanswered" }

/**
 * Puts a question to a person.
 *
 * @since 0.1.0
 * @category models
 */
export type Ask = (question: Question) => Effect.Effect<Reply>

/**
 * How the current call asks a person: a host that can, a terminal; undefined where none can.
 *
 * @since 0.1.0
 * @category references
 */
export class Asker extends Context.Reference<Asker>()("habu-mcp/workflows/Asker", {
  defaultValue: (): Ask | undefined => undefined
}) {}
