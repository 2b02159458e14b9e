import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Guide from "../../src/bin/demo/Guide.js"
import * as HabuProbe from "../../src/habu/HabuProbe.js"
import type { Json } from "../../src/mcp/JsonSchemas.js"
import * as Tools from "../../src/mcp/Tools.js"
import * as WorkflowStack from "../support/WorkflowStack.js"
import * as Examples from "./Examples.js"

describe("the worked examples", () => {
  it("are one for each tool", () => {
    assert.deepStrictEqual(Examples.all.map(({ tool }) => tool).sort(), Tools.all.map(({ name }) => name).sort())
  })
})

// The first look at exports has the sandbox execute the runs behind them, which takes time.
const options = { sandbox: { rows: 2_000, seed: 1 }, config: { requestTimeout: "5 seconds" } } as const

const stack = Layer.provideMerge(HabuProbe.layer, WorkflowStack.layer(options))

layer(stack, { excludeTestServices: true })("the worked example of", (it) => {
  for (const { answer: shown, arguments: given, tool: name } of Examples.all) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const tool = Tools.all.find((one) => one.name === name)
        if (tool === undefined) return assert.fail(`${name} is not a tool`)
        const { attachments: _, ...answer } = yield* tool.call(given)
        const said = yield* Schema.encodeUnknown(tool.Output)(answer)
        assert.isUndefined(Guide.missing(shown, said as Json))
        assert.isAbove(Object.keys(shown).length, 1)
        assert.isBelow(JSON.stringify(said).length / 4, 4_000)
      }))
  }
})
