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

/**
 * The type of a failure that means: the engine is an optional dependency, and it is not there.
 *
 * @since 0.1.0
 * @category constants
 */
export const notInstalledType = "Not Installed"

/**
 * The failure to load the engine.
 *
 * @since 0.1.0
 * @category constructors
 */
export const notInstalled = (cause: unknown): DuckDbError =>
  new DuckDbError({
    type: notInstalledType,
    message: `DuckDB (@duckdb/node-api) could not be loaded${
      cause instanceof Error && !/Cannot find (package|module)/.test(cause.message) ? `: ${clean(cause.message)}` : ""
    }`
  })

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
