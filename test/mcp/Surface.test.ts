import { describe, expect, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as JsonSchemas from "../../src/mcp/JsonSchemas.js"
import * as Selection from "../../src/mcp/Selection.js"
import * as Surface from "../../src/mcp/Surface.js"

const committed = fs.readFileSync(new URL("../../src/mcp/surface.json", import.meta.url), "utf8")
const surface = Surface.make()

const walk = (node: JsonSchemas.Json, visit: (key: string, child: JsonSchemas.Json) => void): void => {
  if (Array.isArray(node)) { for (const item of node) walk(item, visit) }
  else if (JsonSchemas.isObject(node)) {
    for (const [key, child] of Object.entries(node)) {
      visit(key, child)
      walk(child, visit)
    }
  }
}

describe("the tool surface", () => {
  it("is what is committed; npm run surface -- --write renews it", () => {
    expect(`${JSON.stringify(surface, null, 2)}\n`).toBe(committed)
  })

  it("costs a conversation what it should", () => {
    const { tools } = Selection.select(surface, {})
    const tokens = (list: ReadonlyArray<unknown>) => Math.round(JSON.stringify(list).length / 4)
    const whole = tokens(tools)
    const withoutOutput = tokens(tools.map(({ _meta, outputSchema: _, ...tool }) => tool))
    const sizes = tools.map((tool) => `${tool.name} ${tokens([tool])}`).join(", ")
    process.stderr.write(
      `tools/list: ${whole} tokens for ${tools.length} tools, ${withoutOutput} without output schemas (${sizes})\n`
    )
    expect(whole).toBeLessThanOrEqual(12_000)
    expect(withoutOutput).toBeLessThanOrEqual(8_000)
  })

  it.each(surface.tools.map((tool) => [tool.name, tool] as const))(
    "%s is listed as every host takes it",
    (_name, tool) => {
      expect(tool.name).toMatch(/^[a-z]+(_[a-z]+)+$/)
      expect(`habu-mcp__${tool.name}`.length).toBeLessThanOrEqual(60)
      expect(tool.title).not.toBe("")
      expect(Object.keys(tool.annotations).sort()).toEqual([
        "destructiveHint",
        "idempotentHint",
        "openWorldHint",
        "readOnlyHint"
      ])
      for (const schema of [tool.inputSchema, tool.outputSchema]) {
        expect(schema["type"]).toBe("object")
        walk(schema, (key, child) => {
          expect(["$ref", "$schema", "$defs"]).not.toContain(key)
          if (key === "type") expect(child).not.toBeInstanceOf(Array)
        })
        for (const key of ["anyOf", "oneOf", "allOf"]) expect(schema).not.toHaveProperty(key)
      }
      const properties = tool.inputSchema["properties"] as Record<string, { description?: string }>
      for (const [name, property] of Object.entries(properties)) {
        expect([name, property.description]).not.toContain(
          undefined
        )
      }
    }
  )

  it("is searched by words that the host does not have yet", () => {
    for (const { _meta, description, name } of surface.tools) {
      const words = _meta["anthropic/searchHint"].split(" ")
      for (const word of words) expect([name, word]).toEqual([name, expect.stringMatching(/^[a-z0-9]+$/)])
      const known = new Set(`${name} ${description}`.toLowerCase().split(/[^a-z0-9]+/))
      expect([name, words.filter((word, i) => known.has(word) || words.indexOf(word) !== i)]).toEqual([name, []])
    }
  })

  it("mentions only tools that are listed", () => {
    const names = surface.tools.map((tool) => tool.name)
    const told = [...surface.instructions.map(({ text }) => text), ...surface.tools.map((tool) => tool.description)]
    const verbs = [...new Set(names.map((name) => name.split("_")[0]))].join("|")
    const mentioned = told.join(" ").match(new RegExp(`\\b(${verbs})_[a-z_]+\\b`, "g"))
    expect(mentioned).toContain("find_resources")
    for (const name of mentioned ?? []) expect(names).toContain(name)
  })
})
