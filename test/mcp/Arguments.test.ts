import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Arguments from "../../src/mcp/Arguments.js"

const Input = Schema.Struct({
  kind: Schema.Literal("rooms", "runs"),
  name: Schema.optionalWith(Schema.String.annotations({ description: "A name to look for" }), { exact: true }),
  limit: Schema.optionalWith(Schema.Number, { exact: true }),
  fresh: Schema.optionalWith(Schema.Boolean, { exact: true }),
  values: Schema.optionalWith(Schema.Record({ key: Schema.String, value: Schema.String }), { exact: true }),
  list: Schema.optionalWith(Schema.Array(Schema.String), { exact: true })
})

const decode = Arguments.decoder(Input)
const refusal = (given: unknown) => Effect.flip(decode(given))

describe("Arguments", () => {
  it.effect("reads what a model means: JSON texts where an object is meant, null for nothing", () =>
    Effect.gen(function*() {
      expect(
        yield* decode({
          kind: "runs",
          name: "{\"a\":1}",
          limit: "20",
          fresh: "true",
          values: "{\"a\":\"b\"}",
          list: "[\"x\"]"
        })
      ).toEqual({ kind: "runs", name: "{\"a\":1}", limit: 20, fresh: true, values: { a: "b" }, list: ["x"] })
      expect(yield* decode({ kind: "rooms", name: null, limit: undefined })).toEqual({ kind: "rooms" })
    }))

  it.effect("takes no arguments for a tool without any", () =>
    Effect.gen(function*() {
      const none = Arguments.decoder(Schema.Struct({}))
      expect(yield* none(undefined)).toEqual({})
      expect(yield* none({})).toEqual({})
      const refused = yield* Effect.flip(none({ a: 1 }))
      expect(refused.advice).toBe("Call it without arguments.")
    }))

  it.effect("refuses an unknown name and lists the valid ones", () =>
    Effect.gen(function*() {
      const refused = yield* refusal({ kind: "runs", limt: 3 })
      expect(refused).toMatchObject({ field: "limt", options: ["kind", "name", "limit", "fresh", "values", "list"] })
      expect(refused.message).toContain("limt is not an argument of this tool")
    }))

  it.effect("names the field, the value and the valid options of what does not fit", () =>
    Effect.gen(function*() {
      const kind = yield* refusal({ kind: "room" })
      expect(kind).toMatchObject({ field: "kind", options: ["rooms", "runs"] })
      expect(kind.message).toContain("\"room\"")
      const name = yield* refusal({ kind: "runs", name: 5 })
      expect(name).toMatchObject({ field: "name", advice: "It is: A name to look for." })
      const nested = yield* refusal({ kind: "runs", values: { a: { b: 1 } } })
      expect(nested.field).toBe("values.a")
      const missing = yield* refusal({})
      expect(missing.field).toBe("kind")
    }))

  it.effect("refuses what is no object, and shows another's text cleaned and cut", () =>
    Effect.gen(function*() {
      expect((yield* refusal("kind=runs")).message).toContain("are not an object")
      const long = yield* refusal({ [`a\u202E${"x".repeat(500)}`]: 1 })
      expect(long.field.length).toBeLessThanOrEqual(80)
      expect(long.field).not.toContain("\u202E")
    }))
})
