import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as Modules from "../../scripts/docs/Modules.js"
import * as SchemaTypes from "../../scripts/docs/SchemaTypes.js"
import * as TypeText from "../../scripts/docs/TypeText.js"

const api = new URL("../../docs/api/", import.meta.url)

const pages = fs.readdirSync(api).map((name) => [name, fs.readFileSync(new URL(name, api), "utf8")] as const)

describe("the reference", () => {
  it("shows a signature of every export, under the names that importers write", () => {
    const exports = Modules.entries.flatMap(({ modules }) => modules.flatMap(({ exports }) => exports))
    const text = pages.map(([, page]) => page).join("")
    assert.strictEqual([...text.matchAll(/^```ts\n(?!```)/gm)].length, exports.length)
    for (const [, code = ""] of text.matchAll(/^```ts\n([^]*?)^```$/gm)) assert.notMatch(code, /import\(|_base\b/)
  })

  it("stays readable", () => {
    for (const [name, page] of pages) {
      assert.isBelow(page.length, 160_000, name)
      for (const [block] of page.matchAll(/^```ts\n([^]*?)^```$/gm)) {
        assert.isBelow(block.split("\n").length, 110, block)
      }
    }
  })
})

describe("the types shown of schemas", () => {
  const Name = Schema.Struct({ first: Schema.String, last: Schema.optionalWith(Schema.String, { exact: true }) })
  const nameOf: SchemaTypes.NameOf = (ast) => ast === Name.ast ? "Names.Name" : undefined

  it("name what has a name, and say what is optional", () => {
    const Person = Schema.Struct({
      names: Schema.Array(Name),
      "at-home": Schema.optionalWith(Schema.Literal("yes", "no"), { exact: true }),
      born: Schema.NumberFromString
    })
    assert.strictEqual(
      SchemaTypes.declared("Person", Person.ast, nameOf),
      [
        "interface Person {",
        "readonly names: ReadonlyArray<Names.Name>",
        "readonly \"at-home\"?: \"yes\" | \"no\"",
        "readonly born: number",
        "}"
      ].join("\n")
    )
  })

  it("keep an open choice open", () => {
    const Open = Schema.Union(Schema.Literal("a", "b"), Schema.String)
    assert.strictEqual(SchemaTypes.print(Open.ast, nameOf), "\"a\" | \"b\" | (string & {})")
  })
})

describe("types as text", () => {
  it.each([
    ["Effect.Effect<A, never, never>", "Effect.Effect<A>"],
    ["(a: B) => Effect.Effect<Option<A, C>, E, never>", "(a: B) => Effect.Effect<Option<A, C>, E>"],
    ["Effect.Effect<Layer.Layer<never, never, never>, never, R>", "Effect.Effect<Layer.Layer<never>, never, R>"],
    ["Layer.Layer<A | { b: \"<\" }, never, never>", "Layer.Layer<A | { b: \"<\" }>"]
  ])("%s is sparingly %s", (code, sparing) => {
    assert.strictEqual(TypeText.sparingly(code), sparing)
  })

  it("lose their innermost where they are too long", () => {
    const code = ["interface A {", "  b: {", "    c: {", "      d: string", "    }", "  }", "  e: number", "}"].join(
      "\n"
    )
    assert.strictEqual(TypeText.folded(code, 8), code)
    assert.strictEqual(
      TypeText.folded(code, 7),
      ["interface A {", "  b: {", "    c: { … }", "  }", "  e: number", "}"].join("\n")
    )
    assert.strictEqual(TypeText.folded(code, 4), ["interface A {", "  b: { … }", "  e: number", "}"].join("\n"))
  })
})
