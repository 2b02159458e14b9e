import { addEqualityTesters, describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import * as Struct from "effect/Struct"
import * as Api from "../../../src/habu/api/index.js"
import * as Wire from "../../../src/habu/api/Wire.js"

addEqualityTesters()

const isPlain = (value: unknown): value is Schema.Schema.AnyNoContext => Schema.isSchema(value)

// The router, not the schema, decodes a path segment.
const modules = { ...Api, Wire: Struct.omit(Wire, "PathSegment") }

const schemas = Object.entries(modules).flatMap(([module, members]) =>
  Object.entries(members)
    .flatMap(([name, member]) => isPlain(member) ? [{ module, name: `${module}.${name}`, schema: member }] : [])
)

// An object built by assignment cannot hold this key, and no field of Habu's is called so.
const isHoldable = (value: unknown) => !JSON.stringify(value)?.includes("__proto__")

describe("every schema of the contract reads what it writes", () => {
  for (const { name, schema } of schemas) {
    it.prop(name, [Arbitrary.make(schema).filter(isHoldable)], ([value]) => {
      expect(Schema.decodeSync(schema)(Schema.encodeSync(schema)(value))).toEqual(value)
    }, { fastCheck: { numRuns: 10 } })
  }

  it("and only the modules of annotations and of the document have none", () => {
    const without = Object.keys(modules).filter((name) => !schemas.some(({ module }) => module === name))
    expect(without).toEqual(["OpenApiDocument", "Operation"])
  })
})
