/**
 * Cuts a question's SQL into tokens, as Spark reads it: strings with backslash escapes, identifiers in backticks or
 * double quotes, comments that nest, and `@names`.
 *
 * What comes out is written again in DuckDB's spelling, comments left out, so that both sides agree on where a string
 * ends whatever stands in it.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"

/**
 * A token. `text` is the content: of a string without quotes and escapes, of an identifier without quotes, of a
 * reference without `@`. Comments are spaces.
 *
 * @since 0.1.0
 * @category models
 */
export interface Token {
  readonly kind: "space" | "string" | "identifier" | "reference" | "word" | "symbol"
  readonly text: string
}

const escapes: { readonly [letter: string]: string } = { n: "\n", t: "\t", r: "\r", b: "\b", "%": "\\%", _: "\\_" }

const unescape = (quoted: string) =>
  quoted.slice(1, -1).replace(/\\([^])|''/g, (_, letter?: string) => letter ? escapes[letter] ?? letter : "'")

const unquote = (quoted: string, quote: string) => quoted.slice(1, -1).replaceAll(quote + quote, quote)

const rules: ReadonlyArray<readonly [Token["kind"], RegExp, (match: string) => string]> = [
  ["space", /(?:\s|--[^\n\r]*)+/y, () => " "],
  ["string", /'(?:[^'\\]|\\[^]|'')*'/y, unescape],
  ["identifier", /"(?:[^"]|"")*"/y, (match) => unquote(match, "\"")],
  ["identifier", /`(?:[^`]|``)*`/y, (match) => unquote(match, "`")],
  ["reference", /@[\p{L}_][\p{L}\p{N}_]*/uy, (match) => match.slice(1)],
  ["word", /[\p{L}_][\p{L}\p{N}_]*/uy, (match) => match],
  ["symbol", /<=>|[^'"`$\0]/uy, (match) => match]
]

/** Where the comment that begins at an index ends, or undefined. */
const commentEnd = (sql: string, start: number): number | undefined => {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start
  for (let depth = 0, match = mark.exec(sql); match !== null; match = mark.exec(sql)) {
    depth += match[0] === "/*" ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return undefined
}

const refusals: { readonly [character: string]: string } = {
  "'": "a string is not closed",
  "\"": "a quoted identifier is not closed",
  "`": "a quoted identifier is not closed",
  $: "the character $ has no meaning here"
}

const tokenAt = (sql: string, index: number): readonly [Token, end: number] | undefined => {
  for (const [kind, pattern, read] of rules) {
    pattern.lastIndex = index
    const match = pattern.exec(sql)?.[0]
    if (match !== undefined) return [{ kind, text: read(match) }, index + match.length]
  }
  return undefined
}

/**
 * All tokens of a text, or the reason why it cannot be read.
 *
 * @since 0.1.0
 * @category parsing
 */
export const tokenize = (sql: string): Either.Either<ReadonlyArray<Token>, string> => {
  const tokens: Array<Token> = []
  for (let index = 0; index < sql.length;) {
    if (sql.startsWith("/*", index)) {
      const end = commentEnd(sql, index)
      if (end === undefined) return Either.left("a comment is not closed")
      tokens.push({ kind: "space", text: " " })
      index = end
      continue
    }
    const found = tokenAt(sql, index)
    if (found === undefined) return Either.left(refusals[sql[index] ?? ""] ?? "a character has no meaning here")
    tokens.push(found[0])
    index = found[1]
  }
  return Either.right(tokens)
}

/**
 * A text as an SQL string. It begins with a space, for a string that touches a word before it (`E'…'`) means more.
 *
 * @since 0.1.0
 * @category printing
 */
export const string = (text: string): string => ` '${text.replaceAll("'", "''")}'`

/**
 * A name as a quoted SQL identifier.
 *
 * @since 0.1.0
 * @category printing
 */
export const identifier = (name: string): string => `"${name.replaceAll("\"", "\"\"")}"`
