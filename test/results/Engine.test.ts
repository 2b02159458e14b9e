import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as Process from "node:process"
import { Results } from "../../src/results/Results.js"
import type { Table } from "../../src/results/Table.js"
import * as Habu from "./Habu.js"

const runId = "11111111-1111-4111-8111-111111111111"
const analytical = { runId, questionType: "ANALYTICAL" }

const sales: Habu.Result = {
  columns: [["channel", "STRING"], ["people", "LONG"], ["sales", "DECIMAL"], ["day", "DATE"], ["at", "TIMESTAMP"], [
    "new",
    "BOOLEAN"
  ]],
  rows: 12_345,
  row: (index) => ({
    channel: `channel ${index % 7}`,
    people: String(index),
    sales: (index / 4).toFixed(2),
    day: `2026-01-${String(1 + index % 28).padStart(2, "0")}`,
    at: `2026-01-01 08:${String(index % 60).padStart(2, "0")}:00`,
    new: index % 2 === 0 ? "true" : "false"
  })
}

const loaded = (subject = analytical): Effect.Effect<Table, unknown, Results> =>
  Effect.gen(function*() {
    const results = yield* Results
    const load = yield* results.load(subject, "20 seconds")
    if (load._tag === "Loading") return yield* Effect.dieMessage("still loading")
    return load.table
  })

const ask = (sql: string, table?: Table) =>
  Effect.gen(function*() {
    const results = yield* Results
    return yield* results.query({ table: table ?? (yield* loaded()), sql, rows: 50 })
  })

const over = (
  name: string,
  result: Habu.Result,
  body: (habu: Habu.Habu) => Effect.Effect<void, unknown, Results | Scope.Scope>,
  pageRows = 1000
) =>
  it.scopedLive(name, () =>
    Effect.gen(function*() {
      const habu = yield* Habu.start
      habu.results.set(runId, result)
      yield* Effect.provide(body(habu), Habu.engine(habu, { pageRows }))
    }), 60_000)

describe("loading", () => {
  over(
    "takes all pages, several at a time, in their order and with their types",
    sales,
    (habu) =>
      Effect.gen(function*() {
        habu.delay = 100
        const table = yield* loaded()
        expect(table.rows).toBe(12_345)
        expect(habu.asked).toHaveLength(13)
        expect(habu.peak()).toBeGreaterThan(1)
        expect(habu.peak()).toBeLessThanOrEqual(9)
        expect(table.columns.map(({ misfits, type }) => [type, misfits])).toEqual([
          ["VARCHAR", 0],
          ["BIGINT", 0],
          ["DOUBLE", 0],
          ["DATE", 0],
          ["TIMESTAMP", 0],
          ["BOOLEAN", 0]
        ])
        const { rows } = yield* ask(
          "SELECT count(DISTINCT people), min(people), max(people), sum(sales), max(day), count(*) FILTER (new) FROM results"
        )
        expect(rows[0]?.map(String)).toEqual(["12345", "0", "12344", "19048335.0", "2026-01-28", "6173"])
        const first = yield* ask("SELECT people FROM results LIMIT 3")
        expect(first.rows).toEqual([["0"], ["1"], ["2"]])
        expect(habu.asked).toHaveLength(13)
      })
  )

  over("keeps values that do not fit their column as text and counts them; an empty one is none", {
    columns: [["n", "INTEGER"], ["x", "DOUBLE"], ["d", "DATE"], ["t", "STRING"]],
    rows: 2_000,
    row: (index) =>
      index < 1_990
        ? { n: String(index), x: "1.5", d: "2026-01-01", t: "a" }
        : {
          n: index === 1_990 ? "12.5" : index === 1_991 ? "many" : "",
          x: "NaN",
          d: index === 1_992 ? "soon" : null,
          t: ""
        }
  }, () =>
    Effect.gen(function*() {
      const table = yield* loaded()
      expect(table.columns.map(({ misfits }) => misfits)).toEqual([2, 10, 1, 0])
      const { rows } = yield* ask(`SELECT "n (as text)" FROM results WHERE "n (as text)" IS NOT NULL`)
      expect(rows).toEqual([["12.5"], ["many"]])
      const counts = yield* ask("SELECT count(n), count(d), count(t), count(*) FROM results")
      expect(counts.rows).toEqual([["1990", "1990", "2000", "2000"]])
    }))

  over("widens whole numbers into which noise put fractions", {
    columns: [["people", "LONG"]],
    rows: 10,
    row: (index) => ({ people: String(index + 0.25) })
  }, () =>
    Effect.gen(function*() {
      const table = yield* loaded()
      expect(table.columns[0]).toMatchObject({ type: "DOUBLE", misfits: 0 })
      expect((yield* ask("SELECT sum(people) FROM results")).rows).toEqual([["47.5"]])
    }))

  over(
    "asks on where Habu gives fewer rows at once than wanted",
    { ...sales, rows: 1_234, most: 100 },
    (habu) =>
      Effect.gen(function*() {
        const table = yield* loaded()
        expect(table.rows).toBe(1_234)
        expect((yield* ask("SELECT count(DISTINCT people) FROM results")).rows).toEqual([["1234"]])
        expect(habu.asked.length).toBeLessThan(20)
      })
  )

  over(
    "tells what is there where Habu counts more rows than it gives",
    { ...sales, rows: 50, count: 80 },
    () =>
      Effect.gen(function*() {
        const results = yield* Results
        const load = yield* results.load(analytical, "10 seconds")
        expect(load).toMatchObject({ _tag: "Loaded", expected: 80, table: { rows: 50 } })
      })
  )

  over(
    "tells how far it is, goes on in the background, and is asked for once",
    sales,
    (habu) =>
      Effect.gen(function*() {
        habu.delay = 30
        const results = yield* Results
        const [first, second] = yield* Effect.all([
          results.load(analytical, "70 millis"),
          results.load(analytical, "70 millis")
        ], { concurrency: 2 })
        expect(first._tag).toBe("Loading")
        expect(second._tag).toBe("Loading")
        const table = yield* loaded()
        expect(table.rows).toBe(12_345)
        expect(habu.asked).toHaveLength(13)
      })
  )

  over(
    "keeps what was loaded when Habu fails on the way, and goes on from there",
    sales,
    (habu) =>
      Effect.gen(function*() {
        const results = yield* Results
        habu.fail = ({ offset }) => offset >= 5_000 ? 404 : undefined
        const failure = yield* Effect.flip(results.load(analytical, "20 seconds"))
        expect(failure._tag).toBe("NotFound")
        const before = habu.asked.length
        habu.fail = () => undefined
        const table = yield* loaded()
        expect(table.rows).toBe(12_345)
        expect(habu.asked.slice(before).every(({ offset }) => offset >= 5_000)).toBe(true)
        expect((yield* ask("SELECT count(DISTINCT people), max(people) FROM results")).rows).toEqual([[
          "12345",
          "12344"
        ]])
      })
  )

  over("never loads rows of a question that lists people, or may", sales, (habu) =>
    Effect.gen(function*() {
      const results = yield* Results
      for (const questionType of ["LIST", "USER_LIST", undefined, "", "analytical?"]) {
        const refused = yield* Effect.flip(results.load({ runId, questionType }, "1 second"))
        expect(refused._tag).toBe("RowsWithheld")
      }
      expect(habu.asked).toEqual([])
    }))

  over("a result without rows is a table too", { ...sales, rows: 0 }, () =>
    Effect.gen(function*() {
      expect((yield* loaded()).rows).toBe(0)
      expect((yield* ask("SELECT count(*) FROM results")).rows).toEqual([["0"]])
    }))

  over("names are told apart, and hostile ones are only names", {
    columns: [["A", "STRING"], ["a", "STRING"], ["\"; DROP TABLE loaded; --", "LONG"]],
    rows: 3,
    row: () => ({ A: "upper", a: "lower", "\"; DROP TABLE loaded; --": "1" })
  }, () =>
    Effect.gen(function*() {
      const table = yield* loaded()
      expect(table.columns.map(({ name }) => name)).toEqual(["A", "a 2", "\"; DROP TABLE loaded; --"])
      expect((yield* ask("SELECT \"a 2\", A FROM results LIMIT 1")).rows).toEqual([["lower", "upper"]])
    }))

  over("lies in a folder that only its user may enter", sales, () =>
    Effect.gen(function*() {
      const { path } = yield* loaded()
      expect(Fs.statSync(Path.dirname(path)).mode & 0o777).toBe(0o700)
    }))

  it.live("leaves nothing behind", () =>
    Effect.gen(function*() {
      const path = yield* Effect.scoped(Effect.gen(function*() {
        const habu = yield* Habu.start
        habu.results.set(runId, sales)
        return (yield* Effect.provide(loaded(), Habu.engine(habu))).path
      }))
      expect(Fs.existsSync(Path.dirname(path))).toBe(false)
    }))
})

describe("anyone's SQL", () => {
  const reason = (sql: string) =>
    Effect.map(
      Effect.flip(ask(sql)),
      (error) =>
        typeof error === "object" && error !== null && "problem" in error ? String(error.problem) : String(error)
    )

  over(
    "answers one SELECT, with comments, common tables, windows and a semicolon",
    { ...sales, rows: 100 },
    () =>
      Effect.gen(function*() {
        const answer = yield* ask(`
        WITH best AS (SELECT channel, sum(people) AS n FROM results GROUP BY 1) -- by channel
        SELECT channel, n, rank() OVER (ORDER BY n DESC) AS place FROM best ORDER BY place LIMIT 2 -- the best
        ;  `)
        expect(answer.columns.map(({ name, type }) => [name, type])).toEqual([
          ["channel", "VARCHAR"],
          ["n", "HUGEINT"],
          ["place", "BIGINT"]
        ])
        expect(answer.rows).toEqual([["channel 1", "750", "1"], ["channel 0", "735", "2"]])
        const cut = yield* ask("FROM results")
        expect(cut.rows).toHaveLength(50)
        expect(cut.complete).toBe(false)
      })
  )

  over("refuses all else and says why", { ...sales, rows: 100 }, () =>
    Effect.gen(function*() {
      const attacks: ReadonlyArray<readonly [string, RegExp]> = [
        ["SELECT 1; SELECT 2", /several statements/],
        ["SELECT 1; DROP TABLE loaded", /no SELECT|several/],
        ["", /no statement/],
        ["DROP VIEW results", /no SELECT/],
        ["DELETE FROM results", /no SELECT/],
        ["COPY results TO '/tmp/stolen.csv'", /no SELECT/],
        ["ATTACH '/tmp/x.db'", /no SELECT/],
        ["INSTALL httpfs", /no SELECT/],
        ["LOAD httpfs", /no SELECT/],
        ["PRAGMA database_list", /no SELECT/],
        ["SHOW TABLES", /no SELECT/],
        ["DESCRIBE results", /no SELECT/],
        ["SUMMARIZE results", /no SELECT/],
        ["EXPLAIN SELECT 1", /no SELECT/],
        ["SET memory_limit = '10GB'", /no SELECT/],
        ["CALL pragma_database_list()", /no SELECT/],
        ["SELECT * FROM (SHOW TABLES)", /no SELECT/],
        ["SELECT * FROM read_csv('/etc/passwd')", /table function read_csv/],
        ["SELECT * FROM read_text('/etc/passwd')", /table function read_text/],
        ["SELECT content FROM read_blob('/etc/passwd')", /table function read_blob/],
        ["SELECT * FROM '/etc/passwd'", /reads "\/etc\/passwd"/],
        ["SELECT * FROM glob('*')", /table function glob/],
        ["SELECT * FROM duckdb_settings()", /table function duckdb_settings/],
        ["SELECT * FROM pragma_database_list()", /table function/],
        ["SELECT * FROM query_table('results')", /table function query_table/],
        ["SELECT * FROM query('SELECT 1')", /table function query/],
        ["SELECT * FROM information_schema.tables", /reads "information_schema.tables"/],
        ["SELECT * FROM sqlite_master", /reads "sqlite_master"/],
        ["SELECT * FROM \"file of results\".main.loaded", /reads/],
        ["SELECT * FROM previous", /reads "previous"/],
        ["SELECT write_log('x')", /calls write_log/],
        ["SELECT current_setting('temp_directory')", /calls current_setting/],
        ["SELECT getvariable('x')", /calls getvariable/],
        ["SELECT getenv('PATH')", /calls getenv/],
        ["SELECT (SELECT max(content) FROM read_text('/etc/passwd'))", /table function/],
        ["SELECT nonsense FROM results", /does not hold \(Binder\)/],
        ["SELEC 1", /does not hold \(Parser\)/],
        [`SELECT '${"x".repeat(30_000)}'`, /longer than/]
      ]
      const told = yield* Effect.forEach(
        attacks,
        ([sql, expected]) => Effect.map(reason(sql), (problem) => ({ sql, problem, fits: expected.test(problem) })),
        { concurrency: 2 }
      )
      expect(told.filter(({ fits }) => !fits)).toEqual([])
    }))

  over("cannot hurt by time or memory", { ...sales, rows: 100 }, () =>
    Effect.gen(function*() {
      const before = Process.memoryUsage().rss
      expect(yield* reason("SELECT repeat('x', 4000000000::BIGINT)")).toMatch(/stopped.*memory/)
      expect(yield* reason("SELECT list_sum(range(1000000000))")).toMatch(/stopped/)
      const started = performance.now()
      expect(yield* reason("SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"))
        .toMatch(/longer than 15 s/)
      expect(performance.now() - started).toBeLessThan(20_000)
      expect(Process.memoryUsage().rss - before).toBeLessThan(200_000_000)
      expect((yield* ask("SELECT count(*) FROM results")).rows).toEqual([["100"]])
    }))

  over("cuts what is too long to show", { ...sales, rows: 1 }, () =>
    Effect.gen(function*() {
      const { rows } = yield* ask("SELECT repeat('x', 100000), [1, 2, 3]")
      expect(rows[0]?.[0]).toHaveLength(4_000)
      expect(rows[0]?.[1]).toBe("[1, 2, 3]")
    }))
})
