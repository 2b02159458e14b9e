/**
 * Whether the calls that an answer offers can be made as they stand.
 */
import { assert } from "@effect/vitest"
import * as Schema from "effect/Schema"
import * as Tools from "../../src/mcp/Tools.js"
import type { NextStep } from "../../src/workflows/Workflow.js"

export const callable = (steps: ReadonlyArray<NextStep>) => {
  for (const step of steps) {
    const tool = Tools.all.find(({ name }) => name === step.tool)
    assert.isDefined(tool, `${step.tool} is a tool`)
    const decode = Schema.decodeUnknownEither(tool?.Input ?? Schema.Never, { onExcessProperty: "error" })
    const decoded = decode(step.arguments)
    assert.strictEqual(decoded._tag, "Right", `${step.tool} ${JSON.stringify(step.arguments)}: ${String(decoded)}`)
  }
}
