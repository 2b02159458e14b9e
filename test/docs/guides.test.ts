// The guides are played as the demo plays them, by the built command over its sandbox; each answer must hold what is shown.
import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import { fileURLToPath } from "node:url"
import * as Guide from "../../src/bin/demo/Guide.js"
import type { Json } from "../../src/mcp/JsonSchemas.js"
import * as Tools from "../../src/mcp/Tools.js"

const demo = (...args: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [fileURLToPath(new URL("../../dist/bin/demo.mjs", import.meta.url)), ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] }
  })

const folder = new URL("../../docs/guides/", import.meta.url)
const names = fs.readdirSync(folder).filter((file) => file !== "README.md").map((file) => file.replace(".md", ""))
const read = (name: string) => Guide.parse(fs.readFileSync(new URL(`${name}.md`, folder), "utf8"))

describe("the guides", () => {
  it("hold in the sandbox, one after the other", () => {
    // Not faster: a third access token within a day of the sandbox's would be refused.
    const { status, stderr, stdout } = demo("all", "--speed", "600")
    assert.strictEqual(`${status} ${stderr}`, "0 ")
    for (const name of names) assert.include(stdout, `\n${read(name).title}\n`)
  }, 140_000)

  it("show of each call what comes back, by tools that there are", () => {
    assert.isAtLeast(names.length, 6)
    const tools = Tools.all.map(({ name }) => name as string)
    for (const name of names) {
      const { steps } = read(name)
      const calls = steps.filter((step) => step.kind === "call")
      assert.deepStrictEqual(calls.filter(({ tool }) => !tools.includes(tool)), [], name)
      assert.isAtLeast(steps.filter((step) => step.kind === "answer").length, calls.length - 1, name)
      assert.strictEqual(steps.at(-1)?.kind, "requests", name)
    }
  })

  it("are listed, and by a wrong name too", () => {
    const { status, stderr } = demo("nonsense")
    assert.strictEqual(status, 2)
    for (const name of names) assert.include(stderr, `  ${name} `)
    assert.strictEqual(demo("--list").status, 0)
  })
})

describe("what a guide shows of an answer", () => {
  const cases: ReadonlyArray<readonly [shown: Json, said: Json, holds: boolean]> = [
    [{ a: 1 }, { a: 1, b: 2 }, true],
    [{ a: 1 }, { a: 2 }, false],
    [{ a: "…" }, { a: null }, true],
    [{ a: "…" }, {}, false],
    [[{ a: 2 }], [{ a: 1 }, { a: 2, b: 1 }], true],
    [[{ a: 3 }], [{ a: 1 }, { a: 2 }], false],
    [{ a: [1] }, { a: 1 }, false]
  ]
  it.each(cases)("%j of %j: %s", (shown, said, holds) => {
    assert.strictEqual(Guide.missing(shown, said) === undefined, holds)
  })

  it("names dates and what the answer before had", () => {
    const at = Date.UTC(2026, 10, 26)
    const filled = Guide.filledIn(["<2 days ago>", { run: "<runs.0.id>" }], { runs: [{ id: "r" }] }, at)
    assert.deepStrictEqual(filled, ["2026-11-24", { run: "r" }])
    assert.throws(() => Guide.filledIn("<runs.0.id>", {}, at), "no runs.0.id")
  })
})
