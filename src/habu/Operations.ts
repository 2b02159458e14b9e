/**
 * The contract's operations as data: what the client, the log and the opt-in raw tools need to know of each.
 *
 * @since 0.1.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
import * as HttpApiSchema from "@effect/platform/HttpApiSchema"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Context from "effect/Context"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { HabuApi } from "./api/HabuApi.js"
import * as Operation from "./api/Operation.js"

/**
 * Which object an operation polls, by the path parameter that names it, and the least time between two polls.
 *
 * @since 0.1.0
 * @category models
 */
export interface Polls {
  readonly parameter: string
  readonly seconds: number
}

/**
 * One operation of the contract.
 *
 * @since 0.1.0
 * @category models
 */
export interface Info {
  readonly id: string
  readonly group: string
  readonly method: string
  /** With `:name` for each parameter. */
  readonly path: string
  readonly summary: string
  readonly effect: Operation.Effect
  readonly spends: Operation.Spends | undefined
  readonly polls: Polls | undefined
  /** Whether it needs no access token. */
  readonly anonymous: boolean
  /** The status the contract promises for success. */
  readonly success: number
  /** How the answer is read; undefined where none is promised. */
  readonly answer: Schema.Schema<unknown> | undefined
  /** What a request takes, as it is written on the wire; undefined for a part that it has not. */
  readonly request: {
    readonly path: Schema.Schema<unknown> | undefined
    readonly query: Schema.Schema<unknown> | undefined
    readonly body: Schema.Schema<unknown> | undefined
  }
}

const part = (schema: Option.Option<Schema.Schema.All>): Schema.Schema<unknown> | undefined =>
  Option.getOrUndefined(Option.map(schema, ({ ast }) => Schema.make<unknown, unknown, never>(ast)))

const collect = (): ReadonlyMap<string, Info> => {
  const found = new Map<string, Info>()
  HttpApi.reflect(HabuApi, {
    onGroup: () => undefined,
    onEndpoint: ({ endpoint, group, mergedAnnotations, successes }) => {
      const annotated = <I, A>(tag: Context.Tag<I, A>) =>
        Option.getOrUndefined(Context.getOption(mergedAnnotations, tag))
      const [[success, { ast }] = [200, { ast: Option.none() }]] = successes
      found.set(endpoint.name, {
        id: endpoint.name,
        group: group.identifier,
        method: endpoint.method,
        path: endpoint.path,
        summary: annotated(OpenApi.Summary) ?? endpoint.name,
        effect: Operation.effectOf(endpoint),
        spends: annotated(Operation.SpendsAnnotation),
        polls: annotated(Operation.PollsAnnotation),
        anonymous: endpoint.name === "getHealth",
        success,
        answer: Option.getOrUndefined(Option.map(ast, (known) => Schema.make<unknown, unknown, never>(known))),
        request: {
          path: part(endpoint.pathSchema),
          query: part(endpoint.urlParamsSchema),
          body: part(endpoint.payloadSchema)
        }
      })
    }
  })
  return found
}

/**
 * All public operations by id.
 *
 * @since 0.1.0
 * @category constants
 */
export const all: ReadonlyMap<string, Info> = collect()

/**
 * What stands in for an empty body: an empty list, an empty object or nothing, as the contract's answer allows.
 *
 * @since 0.1.0
 * @category getters
 */
export const emptyAnswer = (info: Info): string => {
  if (isText(info)) return ""
  return info.answer !== undefined && Either.isRight(Schema.decodeUnknownEither(info.answer)([])) ? "[]" : "{}"
}

/**
 * Whether the answer is a text, such as a file, and no JSON structure.
 *
 * @since 0.1.0
 * @category guards
 */
export const isText = (info: Info): boolean =>
  info.answer !== undefined && HttpApiSchema.getEncoding(info.answer.ast).kind === "Text"

/**
 * Whether the answer is a page of a result or a file: too large to keep, and nothing to show in a log.
 *
 * @since 0.1.0
 * @category guards
 */
export const isResult = (info: Info): boolean => isText(info) || /-runs\/[^/]+\/(data|report)$/.test(info.path)

/**
 * One operation by its id.
 *
 * @since 0.1.0
 * @category getters
 */
export const get = (id: string): Option.Option<Info> => Option.fromNullable(all.get(id))
