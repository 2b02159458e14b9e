/**
 * A model's arguments, read by the tool's schema: objects may come as JSON text and absent values as null; a name that
 * the tool does not know is refused, since a misspelt argument that is ignored gives a confident wrong answer.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as Text from "../habu/Text.js"
import { InputInvalid } from "../workflows/Workflow.js"
import * as JsonSchemas from "./JsonSchemas.js"

const parseJson = Schema.decodeEither(Schema.parseJson())

const isText = (property: JsonSchemas.Json | undefined) =>
  JsonSchemas.isObject(property) && (property["type"] === "string" || Array.isArray(property["enum"]))

const plain = (value: unknown, property: JsonSchemas.Json | undefined) =>
  Predicate.isString(value) && !isText(property)
    ? Either.getOrElse(parseJson(value), () => value)
    : value

const shown = (value: unknown) => Text.clean(JSON.stringify(value) ?? "nothing", 80)

const valueAt = (given: unknown, path: ReadonlyArray<PropertyKey>): unknown =>
  path.reduce<unknown>((node, key) => Predicate.isRecord(node) ? node[key] : undefined, given)

const optionsOf = (property: JsonSchemas.Json | undefined): ReadonlyArray<string> =>
  JsonSchemas.isObject(property) && Array.isArray(property["enum"]) ? property["enum"].map(String) : []

/**
 * Makes the reader of a tool's arguments. It fails with {@link InputInvalid}, naming the field, what was given, and
 * what is possible.
 *
 * @since 0.1.0
 * @category constructors
 */
export const decoder = <A, I>(schema: Schema.Schema<A, I>) => {
  const decode = Schema.decodeUnknownEither(schema)
  const { properties } = JsonSchemas.make(schema)
  const known = JsonSchemas.isObject(properties) ? properties : {}
  const names = Object.keys(known)

  const wrong = (given: unknown, error: ParseResult.ParseError) => {
    const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
    const path = issue?.path ?? []
    const property = known[String(path[0])]
    return new InputInvalid({
      field: path.length === 0 ? "arguments" : path.map(String).join("."),
      problem: `is ${shown(valueAt(given, path))}, which does not fit`,
      options: optionsOf(property),
      advice: JsonSchemas.isObject(property) && Predicate.isString(property["description"])
        ? `It is: ${property["description"]}.`
        : `Correct it: ${Text.clean(issue?.message ?? "", 200)}.`
    })
  }

  return (given: unknown): Effect.Effect<A, InputInvalid> => {
    if (given !== undefined && given !== null && !Predicate.isRecord(given)) {
      return Effect.fail(
        new InputInvalid({
          field: "arguments",
          problem: "are not an object",
          options: names,
          advice: "Give the arguments by name."
        })
      )
    }
    const entries = Object.entries(given ?? {}).filter(([, value]) => value !== null && value !== undefined)
    const unknown = entries.find(([name]) => !(name in known))
    if (unknown !== undefined) {
      return Effect.fail(
        new InputInvalid({
          field: Text.clean(unknown[0], 80),
          problem: "is not an argument of this tool",
          options: names,
          advice: names.length === 0 ? "Call it without arguments." : "Use one of these names."
        })
      )
    }
    const values = Object.fromEntries(entries.map(([name, value]) => [name, plain(value, known[name])]))
    return Either.match(decode(values), {
      onLeft: (error) => Effect.fail(wrong(values, error)),
      onRight: (decoded) => Effect.succeed(decoded)
    })
  }
}
