/**
 * JSON Schemas as hosts take them: one flat object, everything inlined. A `$ref`, `$schema` or a union at the top makes
 * some hosts drop the tool.
 *
 * @since 0.1.0
 */
import * as JSONSchema from "effect/JSONSchema"
import type * as Schema from "effect/Schema"

/**
 * @since 0.1.0
 * @category models
 */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

/**
 * @since 0.1.0
 * @category models
 */
export interface JsonObject {
  readonly [key: string]: Json
}

/**
 * @since 0.1.0
 * @category guards
 */
export const isObject = (node: Json | undefined): node is JsonObject =>
  typeof node === "object" && node !== null && !Array.isArray(node)

const definitionOf = (definitions: JsonObject, ref: string): Json => definitions[ref.split("/").pop() ?? ""] ?? {}

// Every conversation would pay for these: a record's lack of properties, and a part's refusal of further ones, which is
// said once for the whole.
const saysNothing = (key: string, child: Json) =>
  (key === "required" && Array.isArray(child) && child.length === 0) ||
  (key === "properties" && isObject(child) && Object.keys(child).length === 0) ||
  (key === "additionalProperties" && child === false)

const inline = (node: Json, definitions: JsonObject): Json => {
  if (Array.isArray(node)) return node.map((item) => inline(item, definitions))
  if (!isObject(node)) return node
  const { $defs: _, $ref, $schema: __, ...rest } = node
  if (typeof $ref === "string") {
    return inline({ ...(definitionOf(definitions, $ref) as JsonObject), ...rest }, definitions)
  }
  const { type, ...others } = rest
  // Some hosts know a single type at a place only.
  const portable: JsonObject = Array.isArray(type) ? { ...others, anyOf: type.map((one) => ({ type: one })) } : rest
  return Object.fromEntries(
    Object.entries(portable).filter(([key, child]) => !saysNothing(key, child)).map((
      [key, child]
    ) => [key, inline(child, definitions)])
  )
}

/**
 * The whole JSON Schema of what a struct reads. A struct without fields is an empty object here, not anything at all.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (schema: Schema.Schema.AnyNoContext): JsonObject => {
  const root = JSONSchema.make(schema) as unknown as JsonObject
  const definitions = isObject(root["$defs"]) ? root["$defs"] : {}
  const whole = inline(root, definitions) as JsonObject
  return isObject(whole["properties"])
    ? whole
    : { type: "object", properties: {} }
}

const shallow = (node: Json): Json => isObject(node) && node["type"] !== undefined ? { type: node["type"] } : {}

/**
 * The top-level keys of an answer and their types; what lies below would cost every conversation and help none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const outline = (schema: Schema.Schema.AnyNoContext): JsonObject => {
  const whole = make(schema)
  const properties = isObject(whole["properties"]) ? whole["properties"] : {}
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, shallow(child)])),
    required: whole["required"] ?? []
  }
}
