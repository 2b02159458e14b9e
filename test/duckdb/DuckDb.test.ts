import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { execFile } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as Process from "node:process"
import * as Url from "node:url"
import * as DuckDb from "../../src/duckdb/DuckDb.js"

const connected = <A, E>(use: (connection: DuckDb.Connection) => Effect.Effect<A, E>, options?: DuckDb.Options) =>
  Effect.scoped(Effect.flatMap(Effect.flatMap(DuckDb.open(options), (database) => database.connect), use))

const seconds = (started: number) => (performance.now() - started) / 1000

/** Takes minutes unless it is stopped. */
const endless = "SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b"

const folder = Effect.acquireRelease(
  Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "duckdb-test-"))),
  (path) => Effect.sync(() => Fs.rmSync(path, { recursive: true }))
)

describe("reading", () => {
  it.effect("values are text or null, under unique names, with DuckDB's types", () =>
    connected((connection) =>
      Effect.gen(function*() {
        const result = yield* connection.query(
          `SELECT 1 AS n, 12345678901 AS big, 1.50::DECIMAL(5,2) AS money, 2.5::DOUBLE AS x, true AS yes, NULL AS gone,
             DATE '2026-01-31' AS day, TIMESTAMP '2026-01-31 08:00:00' AS moment, 'a' AS t, 'b' AS t, [1, 2] AS many`
        )
        assert.deepStrictEqual(result.rows, [{
          n: "1",
          big: "12345678901",
          money: "1.50",
          x: "2.5",
          yes: "true",
          gone: null,
          day: "2026-01-31",
          moment: "2026-01-31 08:00:00",
          t: "a",
          "t:1": "b",
          many: "[1, 2]"
        }])
        const types = Object.fromEntries(result.columns.map(({ name, type }) => [name, type]))
        assert.strictEqual(types.money, "DECIMAL(5,2)")
        assert.strictEqual(types.moment, "TIMESTAMP")
        assert.isTrue(result.complete)
      })
    ))

  it.effect("parameters are bound, never spliced", () =>
    connected((connection) =>
      Effect.gen(function*() {
        const hostile = "'; DROP TABLE t; --"
        const { rows } = yield* connection.query("SELECT $1 AS a, $2 + 1 AS b, $3 AS c, $4 IS NULL AS d", [
          hostile,
          41,
          true,
          null
        ])
        assert.deepStrictEqual(rows, [{ a: hostile, b: "42", c: "true", d: "true" }])
      })
    ))

  it.effect("reads no further than asked, and says that there was more", () =>
    connected((connection) =>
      Effect.gen(function*() {
        const some = yield* connection.query("SELECT * FROM range(100000)", [], { maximumRows: 5000 })
        assert.strictEqual(some.rows.length, 5000)
        assert.isFalse(some.complete)
        const all = yield* connection.query("SELECT * FROM range(5000)", [], { maximumRows: 5000 })
        assert.strictEqual(all.rows.length, 5000)
        assert.isTrue(all.complete)
      })
    ))

  it.effect("a query is one statement", () =>
    connected((connection) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(connection.query("SELECT 1; SELECT 2"))
        assert.include(error.message, "multiple statements")
      })
    ))
})

describe("adding rows", () => {
  it.effect("text becomes the column's type, null stays null", () =>
    connected((connection) =>
      Effect.gen(function*() {
        yield* connection.run("CREATE TABLE t(name VARCHAR, day DATE, n INTEGER, x DOUBLE)")
        yield* connection.append("t", [["a", "2026-01-31", "7", "0.5"], [null, null, null, null]])
        const { rows } = yield* connection.query("SELECT name, day + 1 AS next, n + 1 AS n, x * 2 AS x FROM t")
        assert.deepStrictEqual(rows, [
          { name: "a", next: "2026-02-01", n: "8", x: "1" },
          { name: null, next: null, n: null, x: null }
        ])
      })
    ))

  it.effect("a row that does not fit leaves the table as it was", () =>
    connected((connection) =>
      Effect.gen(function*() {
        yield* connection.run("CREATE TABLE t(day DATE)")
        yield* connection.append("t", [["2026-01-01"]])
        const error = yield* Effect.flip(connection.append("t", [["2026-01-02"], ["no day"]]))
        assert.include(error.message, "no day")
        const { rows } = yield* connection.query("SELECT count(*) AS n FROM t")
        assert.deepStrictEqual(rows, [{ n: "1" }])
        yield* connection.append("t", [["2026-01-03"]])
        assert.deepStrictEqual((yield* connection.query("SELECT count(*) AS n FROM t")).rows, [{ n: "2" }])
      })
    ))
})

describe("what a text is", () => {
  const kinds: Record<string, ReadonlyArray<string>> = {
    select: ["SELECT 1", "SELECT 1;", "WITH a AS (SELECT 1) SELECT * FROM a", "VALUES (1)", "FROM range(3)"],
    several: ["SELECT 1; SELECT 2", "SELECT 1; FROM t;"],
    none: ["", "  ;  ", "-- nothing"],
    other: [
      "INSERT INTO t VALUES (1)",
      "SELECT 1; DROP TABLE t",
      "CREATE TABLE t(a INT)",
      "ATTACH 'x' AS y",
      "COPY t TO 'x'",
      "PRAGMA database_list",
      "SHOW TABLES",
      "DESCRIBE SELECT 1",
      "SUMMARIZE SELECT 1",
      "EXPLAIN SELECT 1",
      "SET threads = 4",
      "CALL pragma_version()",
      "LOAD httpfs"
    ]
  }
  for (const [kind, texts] of Object.entries(kinds)) {
    it.effect(`${kind}: ${texts.length} texts`, () =>
      connected((connection) =>
        Effect.forEach(
          texts,
          (text) => Effect.map(connection.inspect(text), (statement) => assert.strictEqual(statement.kind, kind, text))
        )
      ))
  }

  it.effect("names what is read, wherever it stands", () =>
    connected((connection) =>
      Effect.gen(function*() {
        const statement = yield* connection.inspect(
          "WITH a AS (SELECT * FROM s.t) SELECT (SELECT max(x) FROM read_csv('f')) FROM a WHERE EXISTS (FROM \"it's\")"
        )
        assert.sameDeepMembers([...statement.relations], [
          { schema: "s", name: "t" },
          { schema: "", name: "a" },
          { schema: "", name: "it's" }
        ])
        assert.deepStrictEqual(statement.tableFunctions, ["read_csv"])
      })
    ))

  it.effect("what is no SQL fails with the place", () =>
    connected((connection) =>
      Effect.gen(function*() {
        const error = yield* Effect.flip(connection.inspect("SELEC 1"))
        assert.strictEqual(error.type, "Parser")
        assert.include(error.message, "SELEC")
      })
    ))
})

describe("locked down", () => {
  const attempts = [
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_text('/etc/hosts')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM read_csv('https://example.com/a.csv')",
    "ATTACH '/tmp/other.db' AS other",
    "ATTACH ':memory:' AS other (TYPE sqlite)",
    "COPY (SELECT 1) TO '/tmp/stolen.csv'",
    "EXPORT DATABASE '/tmp/stolen'",
    "INSTALL httpfs",
    "LOAD '/tmp/evil.so'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET memory_limit = '64GB'",
    "SET temp_directory = '/tmp'",
    "RESET threads",
    "PRAGMA threads = 8",
    "SELECT getenv('HOME')"
  ]
  for (const attempt of attempts) {
    it.effect(`refused: ${attempt}`, () =>
      connected((connection) =>
        Effect.gen(function*() {
          const error = yield* Effect.flip(connection.query(attempt))
          assert.notMatch(error.message, /\/etc|\/tmp|\/root|\/home|LINE 1/)
        })
      ))
  }

  it.effect("the memory limit holds", () =>
    connected(
      (connection) =>
        Effect.gen(function*() {
          const error = yield* Effect.flip(connection.query("SELECT list(range) FROM range(50000000)"))
          assert.strictEqual(error.type, "Out of Memory")
        }),
      { memoryLimit: "64MB" }
    ))

  it.effect("spills into the folder it was given", () =>
    Effect.scoped(Effect.gen(function*() {
      const temporaryDirectory = yield* folder
      const sorted = "SELECT count(*) AS n FROM (SELECT DISTINCT md5(range::VARCHAR) AS a FROM range(2000000))"
      const spilled = yield* connected((connection) => connection.query(sorted), {
        memoryLimit: "80MB",
        temporaryDirectory
      })
      assert.deepStrictEqual(spilled.rows, [{ n: "2000000" }])
      const refused = yield* Effect.exit(connected((connection) => connection.query(sorted), { memoryLimit: "80MB" }))
      assert.isTrue(Exit.isFailure(refused))
    })))

  it.effect("a file holds the tables for the next time", () =>
    Effect.scoped(Effect.gen(function*() {
      const path = Path.join(yield* folder, "data.duckdb")
      yield* connected((connection) => connection.run("CREATE TABLE t AS SELECT 42 AS n"), { path })
      const { rows } = yield* connected((connection) => connection.query("SELECT n FROM t"), { path })
      assert.deepStrictEqual(rows, [{ n: "42" }])
    })))
})

describe("stopping", () => {
  it.live("an interrupted fibre stops DuckDB, and the connection goes on", () =>
    connected((connection) =>
      Effect.gen(function*() {
        const started = performance.now()
        const fibre = yield* Effect.fork(connection.query(endless))
        yield* Effect.sleep("200 millis")
        const exit = yield* Fiber.interrupt(fibre)
        assert.isTrue(Exit.isInterrupted(exit))
        assert.isBelow(seconds(started), 3)
        assert.deepStrictEqual((yield* connection.query("SELECT 1 AS n")).rows, [{ n: "1" }])
      })
    ))

  it.live("interrupted at once, before DuckDB began", () =>
    connected((connection) =>
      Effect.gen(function*() {
        const started = performance.now()
        yield* Effect.forEach([1, 2, 3, 4, 5], () =>
          Effect.gen(function*() {
            const fibre = yield* Effect.fork(connection.query(endless))
            yield* Effect.yieldNow()
            yield* Fiber.interrupt(fibre)
          }))
        assert.isBelow(seconds(started), 5)
      })
    ))

  it.live("a time limit is the caller's", () =>
    connected((connection) =>
      Effect.gen(function*() {
        const started = performance.now()
        const exit = yield* Effect.exit(Effect.timeout(connection.query(endless), "300 millis"))
        assert.isTrue(Exit.isFailure(exit))
        assert.isBelow(seconds(started), 3)
      })
    ))

  it.live("two connections work at the same time", () =>
    Effect.scoped(Effect.gen(function*() {
      const database = yield* DuckDb.open()
      const [busy, free] = yield* Effect.all([database.connect, database.connect])
      const fibre = yield* Effect.fork(busy.query(endless))
      yield* Effect.sleep("100 millis")
      assert.deepStrictEqual((yield* free.query("SELECT 2 AS n")).rows, [{ n: "2" }])
      yield* Fiber.interrupt(fibre)
    })))
})

describe("loading", () => {
  const modulePath = Url.fileURLToPath(new URL("../../src/duckdb/DuckDb.ts", import.meta.url))
  const program = `
    const loaded = () => process.report.getReport().sharedObjects.some((path) => path.includes("duckdb"))
    const DuckDb = await import(${JSON.stringify(modulePath)})
    const Effect = await import("effect/Effect")
    const before = loaded()
    await Effect.runPromise(Effect.scoped(DuckDb.open()))
    console.log(JSON.stringify([before, loaded()]))
  `
  it("the native module is loaded by opening, not by importing", async () => {
    const answer = await new Promise<string>((resolve, reject) =>
      execFile(
        Process.execPath,
        ["--import", "tsx", "--input-type=module", "-e", program],
        (error, stdout) => error === null ? resolve(stdout) : reject(error)
      )
    )
    assert.deepStrictEqual(JSON.parse(answer), [false, true])
  })
})
