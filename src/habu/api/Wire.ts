/**
 * How Habu's JSON is read and written: the field and parameter schemas that the domain files are built from.
 *
 * Reading is lenient, because live answers stray from the published contract; writing is strict. A reading that goes
 * beyond the contract is marked with {@link lenientMark}, by which the OpenAPI document leaves it out again.
 *
 * @since 0.1.0
 */
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"

/**
 * The JSON Schema key that marks an alternative we accept but Habu does not promise.
 *
 * @since 0.1.0
 * @category annotations
 */
export const lenientMark = "x-lenient"

const tolerated = { jsonSchema: { [lenientMark]: true } }

const Null = Schema.Null.annotations(tolerated)

// Refuses to write, so that a union always falls back to the shape that Habu promises.
const readAs = <A, B, I, R>(from: Schema.Schema<B, I, R>, to: Schema.Schema<A>, read: (value: B) => A) =>
  Schema.transformOrFail(from, to, {
    strict: true,
    decode: (value) => ParseResult.succeed(read(value)),
    encode: (value, _, ast) => ParseResult.fail(new ParseResult.Forbidden(ast, value, "this shape is only read"))
  }).annotations(tolerated)

const textual = (text: Schema.Schema<string>): Schema.Schema<string, string | number | boolean> =>
  Schema.Union(text, readAs(Schema.Union(Schema.Number, Schema.Boolean), text, String))

/**
 * Text, also read from a bare number or boolean.
 *
 * @since 0.1.0
 * @category values
 */
export const Text = textual(Schema.String)

/**
 * A number that the contract calls whole, also read from its digits in a string. A fraction is read as it is.
 *
 * @since 0.1.0
 * @category values
 */
export const Integer: Schema.Schema<number, number | string> = Schema.Union(
  Schema.Finite.annotations({ jsonSchema: { type: "integer" } }),
  Schema.compose(Schema.parseNumber(Schema.String), Schema.Finite).annotations(tolerated)
)

/**
 * A boolean, also read from `"true"` and `"false"`.
 *
 * @since 0.1.0
 * @category values
 */
export const Flag: Schema.Schema<boolean, boolean | "true" | "false"> = Schema.Union(
  Schema.Boolean,
  Schema.BooleanFromString.annotations(tolerated)
)

/**
 * One of the contract's values, or any other text: Habu adds values without notice.
 *
 * @since 0.1.0
 * @category values
 */
export const openEnum = <const Values extends readonly [string, ...Array<string>]>(
  ...values: Values
): Schema.Schema<Values[number] | (string & {}), string> =>
  Schema.Union(Schema.Literal(...values), Schema.String.annotations(tolerated))

/**
 * A list, also read from a single object or null; elements that are null are left out.
 *
 * @since 0.1.0
 * @category values
 */
export const list = <A, I, R>(
  item: Schema.Schema<A, I, R>
): Schema.Schema<ReadonlyArray<A>, ReadonlyArray<I | null> | I | null, R> => {
  const items = Schema.Array(Schema.typeSchema(item))
  const withHoles = Schema.Array(Schema.Union(item, Null))
  return Schema.Union(
    Schema.Array(item),
    readAs(withHoles, items, (values) => values.filter((value) => value !== null)),
    readAs(Schema.Union(item, Null), items, (value) => value === null ? [] : [value])
  )
}

/**
 * Names to texts, such as run parameters and clean room settings; entries that are null are left out.
 *
 * @since 0.1.0
 * @category values
 */
export const TextRecord: Schema.Schema<
  { readonly [name: string]: string },
  { readonly [name: string]: string | number | boolean | null }
> = Schema.transform(
  Schema.Record({ key: Schema.String, value: Schema.Union(Text, Null) }),
  Schema.Record({ key: Schema.String, value: Schema.String }),
  {
    decode: (entries) =>
      Object.fromEntries(Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== null)),
    encode: (entries) => entries
  }
)

/**
 * The content of a downloaded file: the body as it stands, or the JSON string that the contract promises around it.
 *
 * @since 0.1.0
 * @category values
 */
export const FileContent = Schema.transform(Schema.String, Schema.String, {
  decode: (body) => Option.getOrElse(Schema.decodeOption(Schema.parseJson(Schema.String))(body), () => body),
  encode: (content) => JSON.stringify(content)
}).pipe(HttpApiSchema.withEncoding({ kind: "Text", contentType: "application/json" }))

const present = <A, I, R>(schema: Schema.Schema<A, I, R>, absent: (value: A | null) => boolean) =>
  Schema.optionalToOptional(Schema.Union(Null, schema), Schema.typeSchema(schema), {
    decode: Option.filter((value): value is A => !absent(value)),
    encode: (value) => value
  })

/**
 * A field of an answer that may be missing or null; both are read as missing.
 *
 * @since 0.1.0
 * @category fields
 */
export const optional = <A, I, R>(schema: Schema.Schema<A, I, R>) => present(schema, (value) => value === null)

/**
 * An optional text field of an answer.
 *
 * @since 0.1.0
 * @category fields
 */
export const text = optional(Text)

/**
 * An optional whole-number field of an answer.
 *
 * @since 0.1.0
 * @category fields
 */
export const integer = optional(Integer)

/**
 * An optional boolean field of an answer.
 *
 * @since 0.1.0
 * @category fields
 */
export const flag = optional(Flag)

const Time = Schema.String.annotations({
  arbitrary: () => (fc) =>
    fc.date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString())
})

/**
 * An optional date or time of an answer, kept as Habu wrote it; `""` is how Habu says that there is none.
 *
 * @since 0.1.0
 * @category fields
 */
export const moment = present(textual(Time), (value) => value === null || value === "")

/**
 * A field of a request that may be left out, but not sent as null or undefined.
 *
 * @since 0.1.0
 * @category fields
 */
export const maybe = <A, I, R>(schema: Schema.Schema<A, I, R>) => Schema.optionalWith(schema, { exact: true })

const isSegment = (value: string) =>
  !["", ".", ".."].includes(value) && Either.isRight(Encoding.encodeUriComponent(value))

/**
 * A path segment, percent-encoded on the way out so that an id can never change the path.
 *
 * No encoding keeps `.`, `..` or an empty segment from being folded away, so these fail to encode.
 *
 * @since 0.1.0
 * @category parameters
 */
export const PathSegment = Schema.transform(
  Schema.String,
  Schema.String.pipe(Schema.filter(isSegment, { message: () => "Expected an id that can stand in a path" })),
  { decode: (segment) => segment, encode: encodeURIComponent }
)

/**
 * A whole number in the query.
 *
 * @since 0.1.0
 * @category parameters
 */
export const IntegerParam = Schema.String.annotations({ jsonSchema: { type: "integer" } }).pipe(
  Schema.compose(Schema.NumberFromString),
  Schema.int()
)

/**
 * A boolean in the query.
 *
 * @since 0.1.0
 * @category parameters
 */
export const BooleanParam = Schema.BooleanFromString.annotations({ jsonSchema: { type: "boolean" } })

/**
 * Several values in one query parameter, separated by commas (OpenAPI `style: form`, `explode: false`).
 *
 * A value may not be empty or hold a comma, which would read back as other values.
 *
 * @since 0.1.0
 * @category parameters
 */
export const CommaList = Schema.transform(
  Schema.String.annotations({ jsonSchema: { type: "array", items: { type: "string" } } }),
  Schema.Array(Schema.String.pipe(Schema.pattern(/^[^,]+$/))),
  {
    decode: (joined) => joined === "" ? [] : joined.split(","),
    encode: (values) => values.join(",")
  }
)

/**
 * JSON in the query, as two of Habu's POST operations take their payload instead of a body.
 *
 * @since 0.1.0
 * @category parameters
 */
export const JsonParam = <A, I, R>(schema: Schema.Schema<A, I, R>) => Schema.parseJson(schema)
