/**
 * What a raw call is given, checked by the contract before anything is sent.
 *
 * @since 0.1.0
 */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type { OperationId } from "../../habu/HabuClient.js"
import * as Operations from "../../habu/Operations.js"
import * as Text from "../../habu/Text.js"
import { InputInvalid } from "../Workflow.js"

/**
 * @since 0.1.0
 * @category models
 */
export interface Given {
  readonly path?: { readonly [name: string]: unknown } | undefined
  readonly query?: { readonly [name: string]: unknown } | undefined
  readonly body?: unknown
}

/**
 * A request as the client takes it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly path?: { readonly [name: string]: string }
  readonly urlParams?: unknown
  readonly payload?: unknown
}

/**
 * The operation that a text names, in any case of letters.
 *
 * @since 0.1.0
 * @category getters
 */
export const operation = (
  given: string
): Either.Either<Operations.Info & { readonly id: OperationId }, InputInvalid> => {
  const wanted = given.trim().toLowerCase()
  const found = [...Operations.all.values()].find(({ id }) => id.toLowerCase() === wanted)
  if (found !== undefined) return Either.right(found as Operations.Info & { readonly id: OperationId })
  const pieces = wanted.split(/[^a-z]+/).filter((piece) => piece.length > 2)
  const near = [...Operations.all.keys()].filter((id) => pieces.some((piece) => id.toLowerCase().includes(piece)))
  return Either.left(
    new InputInvalid({
      field: "operation",
      problem: `is ${JSON.stringify(Text.clean(given, 60))}, which is no operation of Habu's API`,
      options: near.slice(0, 15),
      advice: "Find it with describe_api_operations."
    })
  )
}

type Part = "path" | "query" | "body"

const wrong = (part: Part, error: ParseResult.ParseError, names: ReadonlyArray<string>) => {
  const [issue] = ParseResult.ArrayFormatter.formatErrorSync(error)
  const where = [part, ...(issue?.path ?? []).map(String)].join(".")
  return new InputInvalid({
    field: where,
    problem: `does not fit the contract: ${Text.clean(issue?.message ?? "", 200)}`,
    options: names,
    advice: "describe_api_operations with this operation shows what it takes. Nothing was sent."
  })
}

const namesOf = (schema: Schema.Schema<unknown>): ReadonlyArray<string> => {
  const { ast } = Schema.typeSchema(schema)
  return ast._tag === "TypeLiteral" ? ast.propertySignatures.map(({ name }) => String(name)) : []
}

const decode = (part: Part, schema: Schema.Schema<unknown>, value: unknown) =>
  Either.mapLeft(
    Schema.decodeUnknownEither(schema, { onExcessProperty: "error" })(value),
    (error) => wrong(part, error, namesOf(schema))
  )

const nothing = (part: Part): InputInvalid =>
  new InputInvalid({
    field: part,
    problem: "is not taken by this operation",
    advice: "Leave it out; describe_api_operations with this operation shows what it takes. Nothing was sent."
  })

const isEmpty = (value: unknown) =>
  value === undefined || value === null || (Predicate.isRecord(value) && Object.keys(value).length === 0)

// A query holds texts: numbers and flags as written, lists joined by commas, structures as JSON.
const plain = (value: unknown): string =>
  Array.isArray(value) && value.every((item) => !Predicate.isObject(item))
    ? value.map(String).join(",")
    : Predicate.isObject(value)
    ? JSON.stringify(value)
    : String(value)

const asJson = (value: unknown): string => Predicate.isObject(value) ? JSON.stringify(value) : String(value)

const texts = (values: { readonly [name: string]: unknown }, write: (value: unknown) => string) =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null).map(([name, value]) => [name, write(value)])
  )

const query = (schema: Schema.Schema<unknown>, given: Given["query"]) =>
  Either.orElse(
    decode("query", schema, texts(given ?? {}, plain)),
    (error) => Either.mapLeft(decode("query", schema, texts(given ?? {}, asJson)), () => error)
  )

const part = <A>(
  name: Part,
  schema: Schema.Schema<unknown> | undefined,
  given: unknown,
  read: (schema: Schema.Schema<unknown>) => Either.Either<A, InputInvalid>
): Either.Either<A | undefined, InputInvalid> =>
  schema === undefined
    ? isEmpty(given) ? Either.right(undefined) : Either.left(nothing(name))
    : read(schema)

/**
 * Checks what was given against the contract, and makes the client's request of it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (info: Operations.Info, given: Given): Either.Either<Request, InputInvalid> =>
  Either.gen(function*() {
    const { request } = info
    const path = yield* part(
      "path",
      request.path,
      given.path,
      (schema) => decode("path", schema, texts(given.path ?? {}, String))
    )
    const urlParams = yield* part("query", request.query, given.query, (schema) => query(schema, given.query))
    const payload = yield* part("body", request.body, given.body, (schema) => decode("body", schema, given.body ?? {}))
    return {
      ...(path !== undefined && { path: path as { readonly [name: string]: string } }),
      ...(urlParams !== undefined && { urlParams }),
      ...(payload !== undefined && { payload })
    }
  })
