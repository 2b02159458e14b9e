/**
 * Valid instances of Habu's schemas: complete, made up, and the same ones for the same seed.
 *
 * Every field that may be missing is there, lists have at least one element, ids look like Habu's, and where the contract
 * names values, it is one of them. Spread over an instance what a test is about.
 *
 * @since 0.1.0
 */
import * as Arbitrary from "effect/Arbitrary"
import type * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import * as AST from "effect/SchemaAST"
import { lenientMark } from "../habu/api/Wire.js"
import type * as HabuClient from "../habu/HabuClient.js"
import * as Operations from "../habu/Operations.js"

const isId = (name: PropertyKey) => Predicate.isString(name) && /(^i|I)[dD]$/.test(name)

const word = Schema.String.annotations({ arbitrary: () => (fc) => fc.lorem({ maxCount: 1 }) }).ast

const words = Schema.String.annotations({ arbitrary: () => (fc) => fc.lorem({ maxCount: 3 }) }).ast

const id = Schema.String.annotations({ arbitrary: () => (fc) => fc.uuid() }).ast

const number = Schema.Number.annotations({ arbitrary: () => (fc) => fc.integer({ min: 0, max: 10_000 }) }).ast

// What Habu does not promise, and `undefined`, which is no value of a field that is there.
const isPromised = (ast: AST.AST) =>
  !AST.isUndefinedKeyword(ast) &&
  !Option.exists(AST.getJSONSchemaAnnotation(ast), (annotation) => lenientMark in annotation)

const hasArbitrary = (ast: AST.AST) => Option.isSome(AST.getAnnotation(ast, AST.ArbitraryAnnotationId))

const isFinite = (ast: AST.AST) => Option.contains(AST.getSchemaIdAnnotation(ast), Schema.FiniteSchemaId)

const complete = (ast: AST.AST, name: PropertyKey = ""): AST.AST => {
  if (hasArbitrary(ast)) return ast
  switch (ast._tag) {
    // What the contract leaves open is a text.
    case "AnyKeyword":
    case "UnknownKeyword":
    case "StringKeyword":
      return isId(name) ? id : words
    case "NumberKeyword":
      return number
    case "Refinement":
      return isFinite(ast) ? number : ast
    case "TypeLiteral":
      return new AST.TypeLiteral(
        ast.propertySignatures.map((field) =>
          new AST.PropertySignature(field.name, complete(field.type, field.name), false, field.isReadonly)
        ),
        ast.indexSignatures.map(({ isReadonly, parameter, type }) =>
          new AST.IndexSignature(AST.isStringKeyword(parameter) ? word : parameter, complete(type), isReadonly)
        )
      )
    case "TupleType": {
      const [item] = ast.rest
      const first = item === undefined ? [] : [new AST.OptionalType(complete(item.type, name), false)]
      return new AST.TupleType(
        [...ast.elements.map(({ type }) => new AST.OptionalType(complete(type, name), false)), ...first],
        ast.rest.map(({ type }) => new AST.Type(complete(type, name))),
        ast.isReadonly
      )
    }
    case "Union": {
      const promised = ast.types.filter(isPromised)
      return AST.Union.make((promised.length === 0 ? ast.types : promised).map((type) => complete(type, name)))
    }
    default:
      return ast
  }
}

/**
 * Several different instances of a schema.
 *
 * @since 0.1.0
 * @category constructors
 */
export const many = <A, I>(schema: Schema.Schema<A, I>, count: number, seed = 1): ReadonlyArray<A> =>
  FastCheck.sample(
    Arbitrary.make(Schema.make<A, A, never>(complete(AST.typeAST(schema.ast)))),
    { seed, numRuns: count }
  )

/**
 * An instance of a schema, such as `Api.CleanRooms.CleanRoom`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = <A, I>(schema: Schema.Schema<A, I>, seed = 1): A => many(schema, 1, seed)[0] as A

/**
 * The same instance as Habu would send it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const encoded = <A, I>(schema: Schema.Schema<A, I>, seed = 1): I => Schema.encodeSync(schema)(of(schema, seed))

/**
 * What an operation answers with, as the client's method of that name gives it.
 *
 * @since 0.1.0
 * @category models
 */
export type Answer<Id extends HabuClient.OperationId> = Effect.Effect.Success<ReturnType<HabuClient.Methods[Id]>>

/**
 * An answer of an operation.
 *
 * @since 0.1.0
 * @category constructors
 */
export const answer = <Id extends HabuClient.OperationId>(operation: Id, seed = 1): Answer<Id> =>
  of(answerSchema(operation), seed) as Answer<Id>

/**
 * The same answer as Habu would send it: JSON, or the text of a file.
 *
 * @since 0.1.0
 * @category constructors
 */
export const encodedAnswer = (operation: HabuClient.OperationId, seed = 1): unknown =>
  encoded(answerSchema(operation), seed)

const answerSchema = (operation: HabuClient.OperationId): Schema.Schema<unknown> =>
  Operations.all.get(operation)?.answer ?? Schema.Void as Schema.Schema<unknown>
