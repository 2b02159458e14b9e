/**
 * Why a result cannot be had, asked or written.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * The rows may not be shown, since the question lists people or may do so.
 *
 * @since 0.1.0
 * @category errors
 */
export class RowsWithheld extends Schema.TaggedError<RowsWithheld>()("RowsWithheld", {
  questionType: Schema.optionalWith(Schema.String, { exact: true })
}) {
  override get message() {
    return this.questionType === undefined
      ? "It is not known whether this question lists people, so its rows are not shown."
      : "This question is not analytical: its rows may list people, so only their count and columns are shown."
  }
}

/**
 * What was asked for cannot be done: SQL that is not allowed or does not hold, a column that is not there, a file that
 * is. `field` is what to change.
 *
 * @since 0.1.0
 * @category errors
 */
export class ResultsRefused extends Schema.TaggedError<ResultsRefused>()("ResultsRefused", {
  field: Schema.Literal("sql", "chart", "x", "y", "export", "file_name", "file"),
  problem: Schema.String,
  options: Schema.optionalWith(Schema.Array(Schema.String), { exact: true }),
  advice: Schema.String
}) {
  override get message() {
    return `${this.field} ${this.problem}.`
  }
}

/**
 * The engine or the disk failed, or an optional part of this program is not installed.
 *
 * @since 0.1.0
 * @category errors
 */
export class ResultsFailed extends Schema.TaggedError<ResultsFailed>()("ResultsFailed", {
  code: Schema.Literal("RESULTS_FAILED", "NOT_INSTALLED", "EXPORT_FOLDER_UNSET"),
  problem: Schema.String,
  advice: Schema.String
}) {
  get category() {
    return this.code === "RESULTS_FAILED" ? "state" as const : "configuration" as const
  }
  get retryable() {
    return this.code === "RESULTS_FAILED"
  }
  override get message() {
    return this.problem
  }
}
