/**
 * What leaves the engine: summaries, charts and files.
 */
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { strFromU8, unzipSync } from "fflate"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as DuckDb from "../../src/duckdb/DuckDb.js"
import type { Format } from "../../src/results/Export.js"
import * as Formats from "../../src/results/Formats.js"
import * as OutputFile from "../../src/results/OutputFile.js"
import { Results } from "../../src/results/Results.js"
import * as NearIdentical from "../../src/workflows/results/NearIdentical.js"
import * as Habu from "./Habu.js"

const runId = "22222222-2222-4222-8222-222222222222"

const channels = [
  "Social",
  "=HYPERLINK(\"http://evil\")",
  "+1",
  "@SUM(A1)",
  "-2+3",
  "\tTab",
  "a,\"b\"\nc",
  "Über | [x](y)"
]

const hostile: Habu.Result = {
  columns: [["channel", "STRING"], ["people", "LONG"], ["rate", "DOUBLE"], ["day", "DATE"], ["new", "BOOLEAN"]],
  rows: 800,
  row: (index) => ({
    channel: channels[index % 8] ?? "",
    people: index === 5 ? null : String(index - 10),
    rate: String(index % 10 / 10),
    day: new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 40))).toISOString().slice(0, 10),
    new: String(index % 2 === 0)
  })
}

const folder = Effect.acquireRelease(
  Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "habu-mcp-outputs-"))),
  (path) => Effect.sync(() => Fs.rmSync(path, { recursive: true }))
)

const test = (
  name: string,
  body: (given: { readonly into: string }) => Effect.Effect<void, unknown, Results | Scope.Scope>,
  result = hostile
) =>
  it.scopedLive(name, () =>
    Effect.gen(function*() {
      const habu = yield* Habu.start
      habu.results.set(runId, result)
      const into = yield* folder
      yield* Effect.provide(body({ into }), Habu.engine(habu)).pipe(
        Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["HABU_EXPORT_DIR", into]])))
      )
    }), 60_000)

const loaded = Effect.gen(function*() {
  const results = yield* Results
  const load = yield* results.load({ runId, questionType: "ANALYTICAL" }, "30 seconds")
  return load._tag === "Loaded" ? load.table : yield* Effect.dieMessage("still loading")
})

describe("exports", () => {
  test("hold all rows in every format, and nothing that a spreadsheet would carry out", ({ into }) =>
    Effect.gen(function*() {
      const results = yield* Results
      const table = yield* loaded
      const write = (format: Format) => results.export({ table, format, proposed: "Überraschung: ../../x" })
      const csv = Fs.readFileSync((yield* write("csv")).path, "utf8")
      const cells = OutputFile.parseCsv(csv.replace(/^\uFEFF/, ""))
      expect(cells).toHaveLength(801)
      expect(cells.slice(1).flat().filter((cell) => /^[\s]*[=+\-@]/.test(cell) && !/^[+-]?\d+(\.\d+)?$/.test(cell)))
        .toEqual([])
      expect(cells[2]?.[0]).toBe("'=HYPERLINK(\"http://evil\")")
      expect(cells[1]?.slice(1)).toEqual(["-10", "0", "2026-01-01", "true"])
      expect(cells[7]?.[0]).toBe("a,\"b\"\nc")

      const json = JSON.parse(Fs.readFileSync((yield* write("json")).path, "utf8")) as Array<Record<string, unknown>>
      expect(json).toHaveLength(800)
      expect(json[5]).toEqual({ channel: "\tTab", people: null, rate: 0.5, day: "2026-01-01", new: false })
      const lines = Fs.readFileSync((yield* write("ndjson")).path, "utf8").trimEnd().split("\n")
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(json)

      const markdown = Fs.readFileSync((yield* write("markdown")).path, "utf8").trimEnd().split("\n")
      expect(markdown).toHaveLength(802)
      expect(markdown[9]).toContain("Über \\| \\[x\\](y)")

      const book = unzipSync(Fs.readFileSync((yield* write("xlsx")).path))
      const sheet = strFromU8(book["xl/worksheets/sheet1.xml"] ?? new Uint8Array())
      expect(sheet.match(/<row>/g)).toHaveLength(801)
      expect(sheet).not.toContain("<f>")
      expect(sheet).toContain(
        "<c t=\"inlineStr\" s=\"1\"><is><t xml:space=\"preserve\">=HYPERLINK(\"http://evil\")</t>"
      )
      expect(sheet).toContain("<c><v>-10</v></c>")

      const parquet = yield* write("parquet")
      expect(parquet.path).toBe(Path.join(Fs.realpathSync(into), "uberraschung-x.parquet"))
      expect(Fs.readFileSync(parquet.path).subarray(0, 4).toString()).toBe("PAR1")
      expect(Fs.readdirSync(into)).toHaveLength(6)
    }))

  test("stay in their folder and overwrite nothing", ({ into }) =>
    Effect.gen(function*() {
      const results = yield* Results
      const table = yield* loaded
      const outside = Path.join(Os.tmpdir(), `habu-mcp-outside-${process.pid}.csv`)
      Fs.symlinkSync(outside, Path.join(into, "link.csv"))
      Fs.writeFileSync(Path.join(into, "mine.csv"), "precious")
      const refusal = (name: string) => Effect.flip(results.export({ table, format: "csv", name, proposed: "x" }))
      const names = [
        "../x",
        "/etc/x",
        "a/b",
        "a\\b",
        "..",
        ".hidden",
        "con",
        "x\u0000y",
        "-rf",
        "link",
        "mine.csv",
        "x".repeat(200)
      ]
      for (const name of names) {
        expect(yield* refusal(name)).toMatchObject({ _tag: "ResultsRefused", field: "file_name" })
      }
      expect(Fs.existsSync(outside)).toBe(false)
      expect(Fs.readFileSync(Path.join(into, "mine.csv"), "utf8")).toBe("precious")
      const first = yield* results.export({ table, format: "csv", proposed: "mine" })
      expect(first.name).toBe("mine-2.csv")
      expect(Fs.statSync(first.path).mode & 0o777).toBe(0o600)
    }))

  test("of files that Habu made are harmless too, and none that is no text", ({ into }) =>
    Effect.gen(function*() {
      const results = yield* Results
      const saved = yield* results.save({ content: "name,n\n=1+1,-5\n\"a,\"\"b\",2\n", fileName: "../../sum mary.csv" })
      expect(Path.dirname(saved.path)).toBe(Fs.realpathSync(into))
      expect(Fs.readFileSync(saved.path, "utf8")).toBe("\uFEFFname,n\r\n\"'=1+1\",-5\r\n\"a,\"\"b\",2\r\n")
      expect(yield* Effect.flip(results.save({ content: "PAR1", fileName: "x.parquet" }))).toMatchObject({
        field: "file"
      })
      expect(yield* Effect.flip(results.save({ content: "\uFFFD", fileName: "x.csv" }))).toMatchObject({
        field: "file"
      })
    }))

  it("tells a formula from a number", () => {
    expect(["=1", "+1+1", "-a", "@x", "\t=1", " =1", "＝1"].filter((text) => !Formats.isFormula(text))).toEqual([])
    expect(["1", "-1", "+1.5", "-1e5", "a=b", ""].filter(Formats.isFormula)).toEqual([])
  })
})

const steady: Habu.Result = {
  columns: [["region", "STRING"], ["sales", "DECIMAL"], ["buyers_percent", "DOUBLE"], ["day", "DATE"]],
  rows: 300,
  row: (index) => ({
    region: ["North", "South", "East", "West"][index % 4] ?? "",
    sales: String((index % 4 + 1) * 10),
    buyers_percent: index % 3 === 0 ? null : "50",
    day: new Date(Date.UTC(2026, 0, 1 + Math.floor(index / 10))).toISOString().slice(0, 10)
  })
}

describe("summaries and charts", () => {
  test("say what is so", () =>
    Effect.gen(function*() {
      const results = yield* Results
      const table = yield* loaded
      const { columns, findings } = yield* results.summarise({ table, previous: table })
      const told = findings.map(({ statement }) => statement).join("\n")
      expect(told).toContain("Highest sales by region: West 3,000; East 2,250; South 1,500.")
      expect(told).toContain("Lowest sales by region: North 750; South 1,500; East 2,250.")
      expect(told).toContain("the largest holds 40 % of sales, the three largest 90 %")
      expect(told).toContain("300 rows, as many as in the run before.")
      expect(told).toContain("buyers_percent is empty in 100 of 300 rows (33.3 %).")
      expect(told).toMatch(/sales per day \(day, 30 of them\): 2[34]0 on 2026-01-01/)
      expect(columns.find(({ name }) => name === "sales")).toMatchObject({
        distinct: 4,
        mean: 25,
        median: 25,
        sum: 7_500
      })
      // A share of buyers is no sum.
      expect(told).toContain("Average of buyers_percent: 50, 50 in the run before")
    }), steady)

  test("draw what the data are, or what is named", () =>
    Effect.gen(function*() {
      const results = yield* Results
      const table = yield* loaded
      const draw = (options: object) => results.chart({ table, title: "Sales", ...options })
      const line = yield* draw({})
      expect(line).toMatchObject({
        kind: "line",
        spec: {
          mark: { type: "line" },
          encoding: { x: { type: "temporal", axis: { title: "day" } }, y: { axis: { title: "sales" } } }
        }
      })
      const bar = yield* draw({ kind: "bar", x: "REGION", y: "buyers_percent" })
      expect(bar.spec).toMatchObject({
        data: { values: [{ y: 50 }, { y: 50 }, { y: 50 }, { y: 50 }] },
        encoding: { x: { axis: { title: "average buyers_percent" } }, y: { axis: { title: "region" } } }
      })
      const histogram = yield* draw({ kind: "histogram", x: "sales" })
      expect(histogram.spec).toMatchObject({ mark: { type: "bar" }, encoding: { x: { bin: { binned: true } } } })
      const bars = (histogram.spec["data"] as { values: Array<{ n: number }> }).values
      expect(bars.reduce((sum, { n }) => sum + n, 0)).toBe(300)
      for (const { png } of [line, bar, histogram]) expect((yield* png).length).toBeGreaterThan(5_000)
      expect(yield* Effect.flip(draw({ x: "shoe size" }))).toMatchObject({
        field: "x",
        options: ["region", "sales", "buyers_percent", "day"]
      })
      expect(yield* Effect.flip(draw({ y: "region" }))).toMatchObject({ field: "y" })
      expect(yield* Effect.flip(draw({ kind: "line", x: "region" }))).toMatchObject({ field: "x" })
    }), steady)
})

describe("near-identical runs", () => {
  it("equal ones are counted, and slivers told from other questions", () => {
    const run = (runId: string, from: string, segments = "a,b,c") => ({ runId, parameters: { from, segments } })
    const near = NearIdentical.compare(run("1", "2026-01-01"), [
      run("1", "2026-01-01"),
      run("2", "2026-01-01"),
      run("3", "2026-01-02"),
      run("4", "2026-02-01"),
      run("5", "2026-01-01", "a,b"),
      run("6", "2026-01-02", "a,b")
    ])
    expect(near).toEqual({
      equal: 2,
      slivers: [{ runId: "3", parameter: "from" }, { runId: "5", parameter: "segments" }]
    })
    expect(NearIdentical.warnings({ equal: 2, slivers: [] })).toEqual([])
    expect(NearIdentical.isSliver("EDUCATION", "INCOME")).toBe(false)
    expect(NearIdentical.isSliver("100", "104")).toBe(true)
    expect(NearIdentical.isSliver("100", "150")).toBe(false)
  })
})

it.scopedLive("a parquet file reads back as it was", () =>
  Effect.gen(function*() {
    const habu = yield* Habu.start
    habu.results.set(runId, steady)
    const into = yield* folder
    const path = yield* Effect.flatMap(loaded, (table) =>
      Effect.flatMap(Results, (results) => results.export({ table, format: "parquet", proposed: "p" }))).pipe(
        Effect.provide(Habu.engine(habu)),
        Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["HABU_EXPORT_DIR", into]])))
      )
    const database = yield* DuckDb.open({ writableDirectory: Fs.realpathSync(into) })
    const connection = yield* database.connect
    const { rows } = yield* connection.query(
      `SELECT count(*) AS n, sum(sales) AS s, min(day) AS d FROM read_parquet(${DuckDb.literal(path.path)})`
    )
    expect(rows).toEqual([{ n: "300", s: "7500", d: "2026-01-01" }])
  }), 30_000)
