/**
 * What DuckDB says when it cannot do something.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * A failure of the engine. `type` is DuckDB's own word for the kind (`Parser`, `Binder`, `Catalog`, `Conversion`,
 * `Permission`, `Out of Memory`, `INTERRUPT`, …), `message` its explanation without the excerpt of the statement and
 * without the paths of this machine.
 *
 * @since 0.1.0
 * @category errors
 */
export class DuckDbError extends Schema.TaggedError<DuckDbError>()("DuckDbError", {
  type: Schema.String,
  message: Schema.String
}) {}

const headed = /^([A-Za-z][A-Za-z ]*?) Error: ([^]*)$/
const excerpt = /\n+LINE \d+:[^]*$/
const paths = /(?<![\w.)\]])(?:[A-Za-z]:)?(?:[\\/][^\s"'`\\/:;,()]+)+[\\/]?/g

const clean = (text: string) => text.replace(excerpt, "").replace(paths, "…").trim()

/**
 * Reads the failure from what the native module threw.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromUnknown = (cause: unknown): DuckDbError => {
  const text = cause instanceof Error ? cause.message : String(cause)
  const [, type = "DuckDB", message = text] = headed.exec(text) ?? []
  return new DuckDbError({ type, message: clean(message) })
}
