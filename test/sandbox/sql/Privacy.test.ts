import { assert, describe, it } from "@effect/vitest"
import type * as DuckDb from "../../../src/duckdb/DuckDb.js"
import * as Privacy from "../../../src/sandbox/sql/Privacy.js"

const columns = [
  { name: "segment", type: "VARCHAR" },
  { name: "people", type: "BIGINT" },
  { name: "revenue", type: "DECIMAL(12,2)" },
  { name: "rate", type: "DOUBLE" }
]
const row = (people: string | null, revenue: string | null = "100.00", rate: string | null = "0.5"): DuckDb.Row => ({
  segment: "a",
  people,
  revenue,
  rate
})
const measure = (name: string, more: Partial<Privacy.Measure> = {}): Privacy.Measure => ({
  name,
  isIdentity: false,
  noise: false,
  ...more
})

describe("crowd size", () => {
  const rows = ["0", "9", "10", "11", null].map((people) => row(people))
  const shown = (measures: ReadonlyArray<Privacy.Measure>, crowdSize: number) =>
    Privacy.hideSmallCrowds({ columns, rows, complete: true }, measures, crowdSize).map(({ people }) => people)

  it("hides what is below, keeps what is equal, and hides what is not known", () => {
    assert.deepStrictEqual(shown([measure("people", { isIdentity: true })], 10), ["10", "11"])
  })
  it("0 hides none", () => {
    assert.deepStrictEqual(shown([measure("people", { isIdentity: true })], 0), ["0", "9", "10", "11", null])
  })
  it("only counts of people are held against it", () => {
    assert.strictEqual(shown([measure("people"), measure("missing", { isIdentity: true })], 10).length, 5)
  })
  it("every identity measure has to reach it", () => {
    const both = [measure("people", { isIdentity: true }), measure("REVENUE", { isIdentity: true })]
    assert.deepStrictEqual(shown(both, 11), ["11"])
    assert.deepStrictEqual(shown(both, 101), [])
  })
})

describe("noise", () => {
  const rows = Array.from({ length: 4000 }, (_, index) => row(String(1000 + index), "100.00", "0.5"))
  const all = ["people", "revenue", "rate"].map((name) => measure(name, { noise: true }))
  const noisy = (decibel: number, seed = "run-1", measures = all, input: ReadonlyArray<DuckDb.Row> = rows) =>
    Privacy.addNoise(columns, input, measures, decibel, seed)
  const moved = (after: ReadonlyArray<DuckDb.Row>, column: string) =>
    after.map((row, index) => Number(row[column]) - Number(rows[index]?.[column]))
  const mean = (values: ReadonlyArray<number>) => values.reduce((total, value) => total + value, 0) / values.length
  const spread = (values: ReadonlyArray<number>) => mean(values.map(Math.abs))

  it("0 adds none", () => {
    assert.deepStrictEqual(noisy(0), rows)
  })
  it("the same seed gives the same noise, another seed another", () => {
    assert.deepStrictEqual(noisy(3), noisy(3))
    const [one, other] = [noisy(3), noisy(3, "run-2")]
    assert.isAbove(one.filter((row, index) => row.people !== other[index]?.people).length, 3000)
  })
  it("measures of one run differ in their noise", () => {
    const after = noisy(5)
    const same = moved(after, "people").filter((value, index) =>
      value === Math.round(moved(after, "revenue")[index] ?? 0)
    )
    assert.isBelow(same.length, 1500)
  })
  it("its mean is near zero, and its size follows the decibel", () => {
    for (const decibel of [1, 4, 10]) {
      const people = moved(noisy(decibel), "people")
      assert.isBelow(Math.abs(mean(people)), 0.12 * decibel)
      assert.closeTo(spread(people), decibel, 0.15 * decibel + 0.1)
      const revenue = moved(noisy(decibel), "revenue")
      assert.isBelow(Math.abs(mean(revenue)), 0.12 * decibel)
      assert.closeTo(spread(revenue), decibel, 0.15 * decibel)
    }
  })
  it("half of the noise lies within a Laplacian's quartiles", () => {
    const within = moved(noisy(10), "revenue").filter((value) => Math.abs(value) < 10 * Math.log(2)).length
    assert.closeTo(within / rows.length, 0.5, 0.04)
  })
  it("counts stay whole numbers, amounts keep their places, none turns negative", () => {
    const small = Array.from({ length: 500 }, (_, index) => row(String(index % 3), "0.01", "0.001"))
    for (const { people, revenue, rate } of noisy(10, "run-1", all, small)) {
      assert.match(people ?? "", /^\d+$/)
      assert.match(revenue ?? "", /^\d+\.\d\d$/)
      assert.isAtLeast(Number(rate), 0)
    }
  })
  it("what did not ask for it, what is missing and what is no measure stay as they are", () => {
    const some = noisy(5, "run-1", [measure("people", { noise: true })])
    assert.isTrue(some.every(({ revenue, rate, segment }) => revenue === "100.00" && rate === "0.5" && segment === "a"))
    assert.strictEqual(noisy(5, "run-1", all, [row(null)])[0]?.people, null)
    assert.strictEqual(noisy(5, "run-1", [measure("segment", { noise: true })])[0]?.segment, "a")
  })
})
