/**
 * What is wrong with something that was given to the sandbox itself, told by its field.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

/**
 * A value that cannot be used. `why` follows the value in the message and says what is possible.
 *
 * @since 0.1.0
 * @category errors
 */
export class Problem extends Data.TaggedError("Problem")<{
  readonly field: string
  readonly value: unknown
  readonly why: string
}> {
  override get message() {
    return `${this.field} is ${this.value === undefined ? "missing" : JSON.stringify(this.value)}; ${this.why}`
  }
}

const name = (where: string, path: ReadonlyArray<PropertyKey>) =>
  path.reduce<string>(
    (before, key) =>
      typeof key === "number" ? `${before}[${key}]` : before === "" ? String(key) : `${before}.${String(key)}`,
    where
  ) || "the body"

const at = (value: unknown, [key, ...rest]: ReadonlyArray<PropertyKey>): unknown => {
  if (key === undefined) return value
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : []
  return at(entries.find(([field]) => field === String(key))?.[1], rest)
}

const expected = (message: string) => message.replace(/^Expected /, "").replace(/, actual .*$/s, "")

/** Each alternative that was tried is an issue of its own: the ones like the first are told together. */
const reason = (first: ParseResult.ArrayFormatterIssue, issues: ReadonlyArray<ParseResult.ArrayFormatterIssue>) => {
  if (first._tag === "Missing") return "it must be given"
  if (first._tag === "Unexpected") {
    return `there is no such field; possible: ${first.message.replace(/^.*expected: /, "")}`
  }
  const alike = issues.filter(({ _tag, path }) => _tag === first._tag && path.join("/") === first.path.join("/"))
  const possible = new Set(alike.map(({ message }) => expected(message)))
  possible.delete("undefined")
  return `possible: ${[...possible].join(", ")}`
}

/**
 * Decodes what was given; fields that nobody asks for are problems too. The first issue that `counts` is the problem
 * told. `where` names the whole in the problem's field.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decode = <A, I>(
  schema: Schema.Schema<A, I>,
  given: unknown,
  where = "",
  counts: (issue: ParseResult.ArrayFormatterIssue) => boolean = () => true
): Either.Either<A, Problem> =>
  Either.mapLeft(Schema.decodeUnknownEither(schema, { errors: "all", onExcessProperty: "error" })(given), (error) => {
    const issues = ParseResult.ArrayFormatter.formatErrorSync(error)
    const issue = issues.find(counts) ?? issues[0]
    return new Problem({
      field: name(where, issue?.path ?? []),
      value: at(given, issue?.path ?? []),
      why: issue === undefined ? error.message : reason(issue, issues)
    })
  })

/**
 * Reads JSON.
 *
 * @since 0.1.0
 * @category combinators
 */
export const parse = (text: string, where: string): Either.Either<unknown, Problem> =>
  Either.mapLeft(
    Schema.decodeEither(Schema.parseJson())(text),
    () => new Problem({ field: where, value: text.slice(0, 100), why: "it must be JSON" })
  )
