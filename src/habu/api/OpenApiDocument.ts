/**
 * The OpenAPI document of the contract: what Habu promises, without what our readers tolerate beyond it.
 *
 * @since 0.1.0
 */
import * as OpenApi from "@effect/platform/OpenApi"
import { HabuApi } from "./HabuApi.js"
import { lenientMark } from "./Wire.js"

type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

const isMarked = (node: Json) => typeof node === "object" && node !== null && lenientMark in node

const isObject = (node: Json): node is { readonly [key: string]: Json } =>
  typeof node === "object" && node !== null && !Array.isArray(node)

const withoutTolerated = (node: Json): Json => {
  if (Array.isArray(node)) return node.map(withoutTolerated)
  if (!isObject(node)) return node
  const { anyOf, ...rest } = node
  if (!Array.isArray(anyOf)) {
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, withoutTolerated(child)]))
  }
  const promised = anyOf.filter((member) => !isMarked(member)).map(withoutTolerated)
  const [only] = promised
  const others = withoutTolerated(rest) as { readonly [key: string]: Json }
  return promised.length === 1 && only !== undefined && isObject(only)
    ? { ...only, ...others }
    : { ...others, anyOf: promised }
}

/**
 * Makes the document. Its operation ids, paths, parameters and fields are Habu's own; the texts are ours.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Json => withoutTolerated(OpenApi.fromApi(HabuApi) as unknown as Json)
