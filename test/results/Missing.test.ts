/**
 * Without its optional parts the program says what is missing and how to add it.
 */
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { vi } from "vitest"
import * as DuckDbError from "../../src/duckdb/DuckDbError.js"
import * as Picture from "../../src/results/Picture.js"
import { Results } from "../../src/results/Results.js"
import * as Habu from "./Habu.js"

const missing = vi.hoisted(() => (name: string) => () => {
  throw new Error(`Cannot find package '${name}'`)
})
vi.mock("@duckdb/node-api", missing("@duckdb/node-api"))
vi.mock("vega", missing("vega"))

it.scopedLive("the engine", () =>
  Effect.gen(function*() {
    const habu = yield* Habu.start
    const runId = "33333333-3333-4333-8333-333333333333"
    habu.results.set(runId, { columns: [["a", "STRING"]], rows: 1, row: () => ({ a: "x" }) })
    const failure = yield* Effect.flatMap(
      Results,
      (results) => Effect.flip(results.load({ runId, questionType: "ANALYTICAL" }, "10 seconds"))
    ).pipe(Effect.provide(Habu.engine(habu)))
    expect(failure).toMatchObject({
      code: "NOT_INSTALLED",
      category: "configuration",
      advice: expect.stringContaining("npm install @duckdb/node-api")
    })
  }))

it.effect("the chart renderer", () =>
  Effect.gen(function*() {
    const failure = yield* Effect.flip(Picture.png({}))
    expect(failure).toMatchObject({ code: "NOT_INSTALLED", advice: expect.stringContaining("npm install vega@6.4.0") })
  }))

it("no path of this machine is told", () => {
  const { message } = DuckDbError.notInstalled(new Error("/home/someone/x.node: cannot open shared object"))
  expect(message).not.toContain("someone")
})
