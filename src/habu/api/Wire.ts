/**
 * How Habu's JSON is read and written: the field and parameter schemas that the domain files are built from.
 *
 * Reading is lenient, because live answers stray from the published contract; writing is strict. A reading that goes
 * beyond the contract is marked, and {@link lenientMark} lets the OpenAPI document leave it out again.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
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

const printed = Schema.transform(Schema.Union(Schema.Number, Schema.Boolean), Schema.String, {
  decode: String,
  encode: (text) => text as unknown as number
}).annotations(tolerated)

/**
 * Text, also read from a bare number or boolean.
 *
 * @since 0.1.0
 * @category values
 */
export const Text: Schema.Schema<string, string | number | boolean> = Schema.Union(Schema.String, printed)

/**
 * A whole number, also read from its digits in a string.
 *
 * @since 0.1.0
 * @category values
 */
export const Integer: Schema.Schema<number, number | string> = Schema.Union(
  Schema.Number.annotations({ jsonSchema: { type: "integer" } }),
  Schema.NumberFromString.annotations(tolerated)
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
 * A list, also read from a single object or null.
 *
 * @since 0.1.0
 * @category values
 */
export const list = <A, I, R>(item: Schema.Schema<A, I, R>): Schema.Schema<ReadonlyArray<A>, ReadonlyArray<I>, R> => {
  const type = Schema.Array(Schema.typeSchema(item))
  const single = Schema.transform(Schema.Union(item, Schema.Null), type, {
    decode: (value) => value === null ? [] : [value as A],
    encode: (values) => values[0] ?? null
  }).annotations(tolerated)
  return Schema.Union(Schema.Array(item), single) as unknown as Schema.Schema<ReadonlyArray<A>, ReadonlyArray<I>, R>
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

const present = <A, I, R>(schema: Schema.Schema<A, I, R>, absent: (value: A | null) => boolean) =>
  Schema.optionalToOptional(Schema.Union(schema, Null), Schema.typeSchema(schema), {
    decode: Option.filter((value): value is A => !absent(value)),
    encode: (value) => value
  })

const isNull = (value: unknown) => value === null

/**
 * A field of an answer that may be missing or null; both are read as missing.
 *
 * @since 0.1.0
 * @category fields
 */
export const optional = <A, I, R>(schema: Schema.Schema<A, I, R>) => present(schema, isNull)

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

/**
 * An optional date or time of an answer, kept as Habu wrote it; `""` is how Habu says that there is none.
 *
 * @since 0.1.0
 * @category fields
 */
export const moment = present(Text, (value) => value === null || value === "")

/**
 * A field of a request that may be left out, but not sent as null or undefined.
 *
 * @since 0.1.0
 * @category fields
 */
export const maybe = <A, I, R>(schema: Schema.Schema<A, I, R>) => Schema.optionalWith(schema, { exact: true })

/**
 * A path segment, percent-encoded on the way out so that an id can never change the path.
 *
 * @since 0.1.0
 * @category parameters
 */
export const PathSegment = Schema.transform(Schema.String, Schema.String, {
  decode: (segment) => segment,
  encode: (value) => encodeURIComponent(value).replace(/^\.{1,2}$/, (dots) => "%2E".repeat(dots.length))
})

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
export const BooleanParam = Schema.transform(
  Schema.Literal("true", "false").annotations({ jsonSchema: { type: "boolean" } }),
  Schema.Boolean,
  { decode: (word) => word === "true", encode: (value) => value ? "true" : "false" }
)

/**
 * Several values in one query parameter, separated by commas (OpenAPI `style: form`, `explode: false`).
 *
 * @since 0.1.0
 * @category parameters
 */
export const CommaList = Schema.transform(
  Schema.String.annotations({ jsonSchema: { type: "array", items: { type: "string" } } }),
  Schema.Array(Schema.String),
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
