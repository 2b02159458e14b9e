/**
 * From a question's SQL, in Habu's and Spark's dialect, to a statement that DuckDB carries out.
 *
 * `@Macro` becomes the relation of that name, `@Macro.@field` and `alias.@field` its column, `@parameter` a literal.
 * A parameter's value is only ever one literal, whatever stands in it.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as QuestionFailed from "./QuestionFailed.js"
import * as Tokens from "./Tokens.js"

/**
 * A statement for DuckDB, and the macros it reads from, each of which is the relation {@link relation} names.
 *
 * @since 0.1.0
 * @category models
 */
export interface Translated {
  readonly sql: string
  readonly macros: ReadonlySet<string>
}

/**
 * The name under which a macro's rows are found.
 *
 * @since 0.1.0
 * @category printing
 */
export const relation = (macro: string): string => Tokens.identifier(`@${macro}`)

const numeric = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

const literal = (value: string) => numeric.test(value) ? ` ${value} ` : `${Tokens.string(value)} `

/** Written otherwise in DuckDB, because its grammar leaves no room for a function of that name. */
const calls = new Map([["array", "list_value"], ["explode", "unnest"], ["cast", "try_cast"]])

/** Constants of the run's moment, with or without parentheses. */
const moments = new Map([["current_date", "run_date"], ["current_timestamp", "now"], ["localtimestamp", "now"]])

const beforeOperand = new Set([
  "select",
  "distinct",
  "where",
  "and",
  "or",
  "not",
  "on",
  "having",
  "when",
  "then",
  "else",
  "by"
])

type Neighbour = Tokens.Token | undefined

const isWord = (token: Neighbour, ...words: ReadonlyArray<string>) =>
  token?.kind === "word" && words.includes(token.text.toLowerCase())

const isSymbol = (token: Neighbour, text: string) => token?.kind === "symbol" && token.text === text

const endsOperand = (token: Neighbour) =>
  token !== undefined &&
  (token.kind === "word" ? !beforeOperand.has(token.text.toLowerCase()) : token.kind !== "symbol" || token.text === ")")

const isMatch = (token: Neighbour) => isWord(token, "rlike", "regexp")

const word = (text: string, solid: ReadonlyArray<Tokens.Token>, position: number): string => {
  const [earlier, before, here, after] = [-2, -1, 0, 1].map((offset) => solid[position + offset])
  const lower = text.toLowerCase()
  const called = isSymbol(after, "(")
  if (isSymbol(before, ".") || isSymbol(after, ".")) return text
  const moment = moments.get(lower)
  if (moment !== undefined) return called ? moment : `${moment}()`
  if (isMatch(here) && isWord(before, "not") && endsOperand(earlier)) return "!=~"
  if (isMatch(here) && endsOperand(before)) return "=~"
  if (lower === "not" && isMatch(after) && endsOperand(before)) return ""
  if (lower === "left" && isWord(after, "semi", "anti")) return ""
  return called ? calls.get(lower) ?? text : text
}

/**
 * Translates a question. Fails when the text cannot be read, or names a dataset or parameter that is not there. Macros
 * are case-sensitive.
 *
 * @since 0.1.0
 * @category translation
 */
export const translate = (question: {
  readonly sql: string
  readonly macros: ReadonlyArray<string>
  readonly parameters: { readonly [name: string]: string }
}): Either.Either<Translated, QuestionFailed.QuestionFailed> =>
  Either.gen(function*() {
    const tokens = yield* Either.mapLeft(Tokens.tokenize(question.sql), QuestionFailed.invalidQuery)
    const solid = tokens.filter((token) => token.kind !== "space")
    const parameters = new Map(Object.entries(question.parameters))
    const used = new Set<string>()
    const written: Array<string> = []

    const missing = (name: string, before: Neighbour, after: Neighbour) => {
      const meant = question.macros.find((macro) => macro.toLowerCase() === name.toLowerCase())
      if (meant !== undefined) return QuestionFailed.tableNotFound(`@${name}`, ` Macros are case-sensitive: @${meant}.`)
      const asTable = isSymbol(after, ".") || isWord(before, "from", "join")
      return asTable ? QuestionFailed.tableNotFound(`@${name}`) : QuestionFailed.parameterNotFound(name)
    }

    const reference = (name: string, before: Neighbour, after: Neighbour) => {
      if (isSymbol(before, ".")) return Either.right(Tokens.identifier(name))
      if (question.macros.includes(name)) {
        used.add(name)
        return Either.right(relation(name))
      }
      const value = parameters.get(name)
      if (value === undefined) return Either.left(missing(name, before, after))
      return value.includes("\0")
        ? Either.left(QuestionFailed.invalidQuery(`the value of @${name} holds a character that has no meaning`))
        : Either.right(literal(value))
    }

    let position = 0
    for (const token of tokens) {
      if (token.kind === "space") {
        written.push(" ")
        continue
      }
      const [before, after] = [solid[position - 1], solid[position + 1]]
      if (token.kind === "string") written.push(Tokens.string(token.text))
      else if (token.kind === "identifier") written.push(Tokens.identifier(token.text))
      else if (token.kind === "reference") written.push(yield* reference(token.text, before, after))
      else if (token.kind === "word") written.push(word(token.text, solid, position))
      else written.push(token.text === "<=>" ? " IS NOT DISTINCT FROM " : token.text)
      position = position + 1
    }
    return { sql: written.join(""), macros: used }
  })
