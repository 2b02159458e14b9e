import { assert, describe, it, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Tracer from "effect/Tracer"
import * as Process from "node:process"
import * as QuestionExecution from "../../src/sandbox/QuestionExecution.js"
import * as Tables from "../../src/sandbox/Tables.js"
import * as Warehouse from "../../src/sandbox/Warehouse.js"
import { asOf, execute, failure, macro, macros, question, rows, value, warehouse } from "./executionSupport.js"

const day = (offset: number) => new Date(asOf + offset * 86_400_000).toISOString().slice(0, 10)

const seconds = (started: number) => (performance.now() - started) / 1000

/** Takes minutes unless it is stopped. */
const endless = "SELECT sum(a.range * b.range) AS n FROM range(1000000) a, range(1000000) b"

const overlap = `
  -- Who saw an ad and bought, by channel
  WITH reached AS (
    SELECT DISTINCT @exposures.@cid, @exposures.@channel FROM @exposures
    WHERE @exposures.@exposure_date >= @since
  )
  SELECT r.channel AS channel, count(DISTINCT r.cid) AS reached, count(DISTINCT t.@cid) AS buyers,
    sum(t.@amount) AS revenue
  FROM reached r LEFT JOIN @transactions t ON t.@cid = r.cid AND t.@brand = 'Fizzwell'
  GROUP BY r.channel ORDER BY reached DESC`

layer(warehouse)("a question", (it) => {
  it.effect("answers from the datasets of two partners", () =>
    Effect.gen(function*() {
      const output = yield* execute(overlap, { parameters: { since: day(-90) } })
      assert.deepStrictEqual(output.columns, [
        { fieldName: "channel", dataType: "STRING", columnName: "channel" },
        { fieldName: "reached", dataType: "LONG", columnName: "reached" },
        { fieldName: "buyers", dataType: "LONG", columnName: "buyers" },
        { fieldName: "revenue", dataType: "DECIMAL", columnName: "revenue" }
      ])
      assert.strictEqual(output.rows.length, 5)
      for (const { reached, buyers, revenue } of output.rows) {
        assert.isAbove(Number(reached), Number(buyers))
        assert.isAbove(Number(buyers), 0)
        assert.match(revenue ?? "", /^\d+\.\d\d$/)
      }
      const read = yield* Effect.all([
        value("SELECT count(*) FROM @exposures"),
        value("SELECT count(*) FROM @transactions")
      ])
      assert.strictEqual(output.recordsRead, Number(read[0]) + Number(read[1]))
      assert.strictEqual(output.hiddenRows, 0)
    }))

  it.effect("a parameter changes the answer", () =>
    Effect.gen(function*() {
      const reached = (since: string) =>
        Effect.map(rows(overlap, { parameters: { since } }), (found) => Number(found[0]?.reached))
      assert.isAbove(yield* reached(day(-180)), yield* reached(day(-5)))
    }))

  it.effect("types are Habu's", () =>
    Effect.gen(function*() {
      const output = yield* execute(
        `SELECT 'a' AS a, 1 AS b, count(*) AS c, 0.5::DOUBLE AS d, sum(@transactions.@amount) AS e,
        max(@transactions.@transaction_date) AS f, current_timestamp AS g, true AS h, array(1) AS i, sum(@transactions.@quantity) AS j
        FROM @transactions`
      )
      assert.deepStrictEqual(output.columns.map(({ dataType }) => dataType), [
        "STRING",
        "INTEGER",
        "LONG",
        "DOUBLE",
        "DECIMAL",
        "DATE",
        "TIMESTAMP",
        "BOOLEAN",
        "STRING",
        "LONG"
      ])
    }))

  it.effect("columns of the same name are told apart", () =>
    Effect.gen(function*() {
      const output = yield* execute(
        "SELECT a.@cid, b.@cid FROM @partnermap a JOIN @pubmap b ON a.@rampid = b.@rampid LIMIT 1"
      )
      const names = output.columns.map(({ columnName }) => columnName)
      assert.strictEqual(new Set(names).size, 2)
      assert.deepStrictEqual(Object.keys(output.rows[0] ?? {}), names)
    }))

  it.effect("a hostile value arrives as the text it is", () =>
    Effect.gen(function*() {
      for (
        const hostile of [
          "'; DROP SCHEMA warehouse CASCADE; --",
          "' OR '1'='1",
          "\\' OR 1=1 --",
          "*/ UNION SELECT 1 /*",
          "$$ || 'x' || $$",
          "@crm",
          "\"",
          "",
          "null"
        ]
      ) {
        const found = yield* rows("SELECT @v AS v, count(*) AS n FROM @crm WHERE @crm.@education = @v", {
          parameters: { v: hostile }
        })
        assert.deepStrictEqual(found, [{ v: hostile, n: "0" }])
      }
      assert.isAbove(Number(yield* value("SELECT count(*) FROM @crm")), 0)
    }))

  it.effect("numbers stay numbers", () =>
    Effect.gen(function*() {
      const found = yield* rows("SELECT @a + 1 AS a, @b * 2 AS b, @c || '' AS c, DATE '2026-01-31' - @a AS d", {
        parameters: { a: "30", b: "-0.5", c: "007" }
      })
      assert.deepStrictEqual(found, [{ a: "31", b: "-1.0", c: "007", d: "2026-01-01" }])
    }))

  it.effect("random numbers repeat with the run", () =>
    Effect.gen(function*() {
      const drawn = (noiseSeed: string) => value("SELECT rand() AS r", { noiseSeed })
      assert.strictEqual(yield* drawn("a"), yield* drawn("a"))
      assert.notStrictEqual(yield* drawn("a"), yield* drawn("b"))
    }))

  it.effect("explains its plan as text, under the same rules", () =>
    Effect.gen(function*() {
      const plan = yield* QuestionExecution.explain(question(overlap, { parameters: { since: day(-90) } }))
      assert.include(plan, "HASH_JOIN")
      assert.include(plan, "publisher_exposures")
      const failed = yield* Effect.flip(QuestionExecution.explain(question("SELECT email FROM @crm")))
      assert.strictEqual(failed.failureReason, "Analysis rule violated")
    }))
})

const range = (from: string | undefined, to: string | undefined) => ({ column: "exposure_date", from, to })
const exposures = (partition: QuestionExecution.Macro["partition"]) => [
  macro("exposures", "publisher_exposures", { partition })
]
const counted = (partition: QuestionExecution.Macro["partition"]) =>
  Effect.map(value("SELECT count(*) FROM @exposures", { macros: exposures(partition) }), Number)

layer(warehouse)("a dataset", (it) => {
  it.effect("with partitions and no dates yields no rows, and the run completes", () =>
    Effect.gen(function*() {
      const output = yield* execute("SELECT @exposures.@cid FROM @exposures", {
        macros: exposures(range(undefined, undefined))
      })
      assert.deepStrictEqual([output.rows.length, output.recordsRead], [0, 0])
    }))

  it.effect("with dates yields their days, both ends included", () =>
    Effect.gen(function*() {
      const span = yield* rows("SELECT min(exposure_date) AS a, max(exposure_date) AS b FROM @exposures", {
        macros: exposures(range(day(-30), day(-20)))
      })
      assert.deepStrictEqual(span, [{ a: day(-30), b: day(-20) }])
      const [before, within, after, all] = yield* Effect.all([
        counted(range(undefined, day(-31))),
        counted(range(day(-30), day(-20))),
        counted(range(day(-19), undefined)),
        counted(undefined)
      ])
      assert.strictEqual(before + within + after, all)
      assert.isAbove(Math.min(before, within, after), 0)
    }))

  it.effect("with dates that are none fails the run and shows the value", () =>
    Effect.gen(function*() {
      const failed = yield* failure("SELECT count(*) FROM @exposures", { macros: exposures(range("soon", "later")) })
      assert.include(failed.runMessage, "soon")
    }))

  const levels = (filters: QuestionExecution.Macro["filters"]) =>
    Effect.map(
      rows("SELECT DISTINCT age_band AS v FROM @crm ORDER BY 1", { macros: [macro("crm", "retail_crm", { filters })] }),
      (found) => found.map(({ v }) => v)
    )
  const filter = (operator: "EQUALS" | "NOT_EQUALS" | "IN" | "NOT_IN", ...values: ReadonlyArray<string>) => [
    { column: "age_band", operator, values }
  ]

  it.effect("shows only the rows that its filters let through", () =>
    Effect.gen(function*() {
      const all = ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"]
      assert.deepStrictEqual(yield* levels([]), all)
      assert.deepStrictEqual(yield* levels(filter("EQUALS", "65+")), ["65+"])
      assert.deepStrictEqual(yield* levels(filter("NOT_EQUALS", "65+")), all.slice(0, -1))
      assert.deepStrictEqual(yield* levels(filter("IN", "18-24", "65+")), ["18-24", "65+"])
      assert.deepStrictEqual(yield* levels(filter("NOT_IN", "18-24", "65+")), all.slice(1, -1))
      assert.deepStrictEqual(yield* levels([...filter("IN", "18-24", "65+"), ...filter("NOT_IN", "65+")]), ["18-24"])
      assert.deepStrictEqual(yield* levels(filter("IN", "'; DROP TABLE x; --")), [])
      assert.deepStrictEqual(yield* levels(filter("IN")), [])
      assert.deepStrictEqual(yield* levels(filter("NOT_IN")), all)
    }))

  const renamed = [
    macro("people", "retail_crm", {
      columns: { ID: "cid", Level: "education", tier: "loyalty_tier" },
      excluded: ["education"],
      filters: [{ column: "education", operator: "EQUALS", values: ["Master"] }]
    })
  ]

  it.effect("goes by the question's field names, and has no others", () =>
    Effect.gen(function*() {
      const output = yield* execute("SELECT * FROM @people LIMIT 1", { macros: renamed })
      assert.deepStrictEqual(output.columns.map(({ columnName }) => columnName), ["ID", "tier"])
      for (const name of ["cid", "email", "education", "Level"]) {
        const failed = yield* failure(`SELECT @people.@${name} FROM @people`, { macros: renamed })
        assert.strictEqual(failed.failureReason, "Column not found")
        assert.include(failed.runMessage, name)
        assert.isFalse(failed.isRetryable)
      }
    }))

  it.effect("is filtered by a column that stays hidden", () =>
    Effect.gen(function*() {
      const masters = yield* value("SELECT count(*) FROM @crm WHERE @crm.@education = 'Master'")
      assert.strictEqual(yield* value("SELECT count(*) FROM @people", { macros: renamed }), masters)
    }))

  it.effect("bound to what does not exist fails the run", () =>
    Effect.gen(function*() {
      const lost = yield* failure("SELECT 1 FROM @crm", { macros: [macro("crm", "nowhere")] })
      assert.strictEqual(lost.failureReason, "Table not found")
      const strange = yield* failure("SELECT 1 FROM @crm", {
        macros: [macro("crm", "retail_crm", { columns: { a: "b" } })]
      })
      assert.strictEqual(strange.failureReason, "Column not found")
    }))
})

layer(warehouse)("a failure names its cause", (it) => {
  const failures: ReadonlyArray<readonly [sql: string, reason: string, word: string]> = [
    ["SELECT * FROM @CRM", "Table not found", "@crm"],
    ["SELECT * FROM crm", "Table not found", "crm"],
    ["SELECT x.@cid FROM @crm", "Table not found", "x"],
    ["SELECT shoe_size FROM @crm", "Column not found", "shoe_size"],
    ["SELECT c.@shoe_size FROM @crm c", "Column not found", "shoe_size"],
    ["SELECT count(*) FROM @crm WHERE @crm.@signup_date > @since", "Parameter not found", "@since"],
    ["SELEC cid FROM @crm", "Invalid query", "SELEC"],
    ["SELECT cid FROM @crm WHERE", "Invalid query", "syntax error"],
    ["SELECT cid, count(*) FROM @crm", "Query failed", "GROUP BY"],
    ["SELECT 'abc'::INT", "Query failed", "abc"],
    ["SELECT (SELECT cid FROM @crm)", "Query failed", "More than one row"],
    ["SELECT list(n) AS r FROM range(1000000000) AS t(n)", "Out of memory", "memory"],
    ["SELECT string_agg(repeat('x', 1000000), ',') AS r FROM range(2000)", "Out of memory", "memory"],
    ["SELECT printf('%2147483647d', 1) AS r", "Query failed", "printf takes widths of up to 999"],
    ["SELECT printf('%.2147483647f', 1.5) AS r", "Query failed", "printf takes widths"],
    ["SELECT printf('%*d', 2147483647, 1) AS r", "Query failed", "printf takes widths"],
    ["SELECT printf('%' || 2147483647 + range || 'd', 1) AS r FROM range(3)", "Query failed", "printf takes widths"],
    ["SELECT format('{:>2147483647}', 1) AS r", "Query failed", "format takes widths"],
    ["SELECT format('{:{}}', 1, 2147483647) AS r", "Query failed", "format takes widths"],
    ["SELECT main.printf('%2147483647d', 1) AS r", "Function not supported", "printf"],
    ["SELECT system.main.repeat('x', 4000000000) AS r", "Function not supported", "repeat"],
    ["SELECT a.range FROM range(1000) a, range(1000) b", "Result too large", "200000"]
  ]
  for (const [sql, reason, word] of failures) {
    it.effect(sql, () =>
      Effect.gen(function*() {
        const failed = yield* failure(sql)
        assert.strictEqual(failed.failureReason, reason, failed.runMessage)
        assert.include(failed.runMessage, word)
        assert.isFalse(failed.isRetryable)
      }))
  }

  const oneSelect = [
    "",
    "-- nothing",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP SCHEMA warehouse CASCADE",
    "DROP SCHEMA warehouse CASCADE",
    "DELETE FROM warehouse.retail_crm",
    "CREATE TABLE x AS SELECT * FROM @crm",
    "INSERT INTO @crm VALUES (1)",
    "COPY (SELECT * FROM @crm) TO '/tmp/stolen.csv'",
    "COPY (SELECT 1) TO '/tmp/stolen.csv'",
    "ATTACH '/tmp/x.db'",
    "PRAGMA database_list",
    "PRAGMA table_info('warehouse.retail_crm')",
    "SHOW ALL TABLES",
    "DESCRIBE @crm",
    "SUMMARIZE @crm",
    "EXPLAIN SELECT 1",
    "SET threads = 8",
    "CALL pragma_version()",
    "LOAD httpfs",
    "SELECT 1 FROM (DESCRIBE @crm)"
  ]
  for (const sql of oneSelect) {
    it.effect(`no SELECT: ${sql}`, () =>
      Effect.gen(function*() {
        assert.strictEqual((yield* failure(sql)).failureReason, "Invalid query")
      }))
  }

  const outside = [
    "SELECT * FROM retail_transactions",
    "SELECT * FROM warehouse.retail_transactions",
    "SELECT * FROM memory.warehouse.retail_transactions",
    "SELECT * FROM \"warehouse\".\"retail_transactions\"",
    "SELECT * FROM @crm c JOIN warehouse.retail_transactions t USING (cid)",
    "SELECT (SELECT max(amount) FROM warehouse.retail_transactions)",
    "WITH retail_crm AS (SELECT 1) SELECT * FROM retail_crm, warehouse.retail_crm",
    "SELECT * FROM query_table('warehouse.retail_transactions')",
    "SELECT * FROM query('SELECT * FROM warehouse.retail_transactions')",
    "SELECT * FROM duckdb_tables()",
    "SELECT * FROM duckdb_tables",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM pg_catalog.pg_tables",
    "SELECT * FROM information_schema.columns",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM pragma_table_info('warehouse.retail_crm')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM parquet_scan('/tmp/x.parquet')",
    "SELECT * FROM json_execute_serialized_sql('{}')"
  ]
  for (const sql of outside) {
    it.effect(`out of reach: ${sql}`, () =>
      Effect.gen(function*() {
        const failed = yield* failure(sql)
        assert.match(failed.failureReason, /^(Table not found|Function not supported)$/, failed.runMessage)
        assert.notMatch(failed.runMessage, /root:|Did you mean/)
      }))
  }

  it.effect("a row's value is never in the message", () =>
    Effect.gen(function*() {
      for (
        const sql of [
          "SELECT count(email::INT) AS n FROM @crm",
          "SELECT count(error(email)) AS n FROM @crm",
          "SELECT count(CASE WHEN error(email) IS NULL THEN 1 END) AS n FROM @crm",
          "SELECT count(strptime(email, '%Y')) AS n FROM @crm",
          "SELECT count(*) FROM @crm WHERE regexp_matches('a', '[' || email)",
          "SELECT count(email::DATE) AS n FROM @crm"
        ]
      ) {
        const failed = yield* failure(sql)
        assert.notMatch(failed.runMessage, /example/, sql)
        assert.strictEqual(failed.failureReason, "Query failed")
      }
    }))
})

const grouped =
  "SELECT @crm.@education AS education, count(DISTINCT @crm.@cid) AS people FROM @crm GROUP BY 1 ORDER BY 2"
const measures = [{ name: "people", isIdentity: true, noise: true }]

layer(warehouse)("privacy", (it) => {
  it.effect("small crowds are hidden and counted", () =>
    Effect.gen(function*() {
      const all = yield* rows(grouped)
      const output = yield* execute(grouped, { measures, crowdSize: 50 })
      assert.isAbove(output.hiddenRows, 0)
      assert.strictEqual(output.rows.length + output.hiddenRows, all.length)
      assert.deepStrictEqual(output.rows, all.filter(({ people }) => Number(people) >= 50))
      assert.strictEqual((yield* execute(grouped, { measures })).hiddenRows, 0)
    }))

  it.effect("noise comes after the crowds are hidden, and repeats with the seed", () =>
    Effect.gen(function*() {
      const plain = yield* rows(grouped, { measures, crowdSize: 50 })
      const noisy = (noiseSeed: string) => rows(grouped, { measures, crowdSize: 50, decibel: 10, noiseSeed })
      const first = yield* noisy("a")
      assert.deepStrictEqual(first.map(({ education }) => education), plain.map(({ education }) => education))
      assert.notDeepEqual(first, plain)
      assert.deepStrictEqual(yield* noisy("a"), first)
      assert.notDeepEqual(yield* noisy("b"), first)
    }))
})

describe("at the same time", () => {
  const settings = { seed: 1, rows: 500, asOf }

  it.effect("two runs with other datasets under the same macro do not see each other's", () =>
    Effect.gen(function*() {
      const bound = (value: string) => [
        macro("crm", "retail_crm", { filters: [{ column: "age_band", operator: "EQUALS", values: [value] }] })
      ]
      const bands = ["18-24", "25-34", "35-44", "65+"]
      const found = yield* Effect.forEach(
        bands,
        (band) => value("SELECT string_agg(DISTINCT age_band, ',') FROM @crm", { macros: bound(band) }),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(found, bands)
    }).pipe(Effect.provide(Warehouse.layer(settings))))

  it.live("a long run does not hold up a short one", () =>
    Effect.gen(function*() {
      yield* value("SELECT 1")
      const long = yield* Effect.fork(execute(endless))
      yield* Effect.sleep("100 millis")
      const started = performance.now()
      assert.isAbove(Number(yield* value("SELECT count(*) FROM @crm")), 0)
      assert.isBelow(seconds(started), 5)
      yield* Fiber.interrupt(long)
    }).pipe(Effect.provide(Warehouse.layer(settings))))

  it.live("more than there is room for wait their turn, and their time has not begun", () =>
    Effect.gen(function*() {
      const exits = yield* Effect.forEach([endless, endless, endless, "SELECT 1 AS n"], (sql) =>
        Effect.exit(execute(sql)), { concurrency: "unbounded" })
      assert.deepStrictEqual(exits.map(Exit.isSuccess), [false, false, false, true])
    }).pipe(Effect.provide(Warehouse.layer({ ...settings, timeLimit: "1 second" }))))

  it.effect("the tables are made once, by the first run", () =>
    Effect.gen(function*() {
      const spans: Array<string> = []
      const tracer = yield* Effect.tracer
      const noting = Tracer.make({
        context: (run, fibre) => tracer.context(run, fibre),
        span: (name, ...more) => {
          spans.push(name)
          return tracer.span(name, ...more)
        }
      })
      const builds = () => spans.filter((name) => name === "Warehouse.build").length
      yield* Effect.gen(function*() {
        assert.strictEqual(builds(), 0)
        const found = yield* Effect.all([value("SELECT count(*) FROM @crm"), value("SELECT count(*) FROM @crm")], {
          concurrency: 2
        })
        assert.strictEqual(found[0], found[1])
        assert.strictEqual(builds(), 1)
      }).pipe(Effect.provide(Warehouse.layer(settings)), Effect.withTracer(noting))
    }))
})

describe("time", () => {
  const settings = { seed: 1, rows: 50, asOf, timeLimit: "1 second" } as const

  it.live("a run that takes too long is stopped and may be tried again", () =>
    Effect.gen(function*() {
      yield* value("SELECT 1")
      const started = performance.now()
      const failed = yield* failure(endless)
      assert.isBelow(seconds(started), 3)
      assert.strictEqual(failed.failureReason, "Timed out")
      assert.isTrue(failed.isRetryable)
      assert.strictEqual(yield* value("SELECT 1 AS n"), "1")
    }).pipe(Effect.provide(Warehouse.layer(settings))))

  it.effect("the limit is real time, though the sandbox's clock stands still", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* failure(endless)).failureReason, "Timed out")
    }).pipe(Effect.provide(Warehouse.layer(settings))))

  it.live("who is interrupted gets away at once, and DuckDB stops working", () =>
    Effect.gen(function*() {
      yield* value("SELECT 1")
      const run = yield* Effect.fork(execute(endless))
      yield* Effect.sleep("200 millis")
      const started = performance.now()
      assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(run)))
      assert.isBelow(seconds(started), 1)
      yield* Effect.sleep("300 millis")
      const before = Process.cpuUsage()
      yield* Effect.sleep("500 millis")
      const used = Process.cpuUsage(before)
      assert.isBelow((used.user + used.system) / 1000, 250)
    }).pipe(Effect.provide(Warehouse.layer({ ...settings, timeLimit: "1 minute" }))))
})

describe("the tables", () => {
  const fingerprint = Effect.forEach(Tables.tables, (table) => {
    const columns = table.columns.filter(({ isPii }) => !isPii).map(({ name }) => name)
    const sql = `SELECT count(*) AS n, bit_xor(hash(${columns.join(", ")})) AS h, md5(string_agg(${
      columns[0]
    }, '')) AS o FROM @t`
    return rows(sql, { macros: [macro("t", table.name)] })
  })
  const built = (options: Partial<Warehouse.Options>) =>
    Effect.provide(fingerprint, Warehouse.layer({ seed: 1, rows: 400, asOf, ...options }))

  it.effect("the same seed, size and day give the same rows in the same order", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* built({}), yield* built({}))
    }))

  it.effect("another seed, size or day gives others", () =>
    Effect.gen(function*() {
      const base = yield* built({})
      for (const other of [{ seed: 2 }, { rows: 401 }, { asOf: asOf - 86_400_000 }]) {
        const found = yield* built(other)
        assert.notDeepEqual(found, base)
      }
    }))

  it.effect("no people, no rows, no failure", () =>
    Effect.gen(function*() {
      for (const [row] of yield* built({ rows: 0 })) assert.strictEqual(row?.n, "0")
    }))

  const types: Record<Tables.Column["type"], string> = {
    STRING: "STRING",
    INTEGER: "INTEGER",
    DECIMAL: "DECIMAL",
    DATE: "DATE",
    TIMESTAMP: "TIMESTAMP"
  }

  layer(warehouse)((it) => {
    it.effect("are what their description says", () =>
      Effect.forEach(Tables.tables, (table) =>
        Effect.gen(function*() {
          const visible = table.columns.filter(({ isPii }) => !isPii)
          const output = yield* execute(`SELECT ${visible.map(({ name }) => name).join(", ")} FROM @t LIMIT 1`, {
            macros: [macro("t", table.name)]
          })
          assert.deepStrictEqual(
            output.columns.map(({ columnName, dataType }) => [columnName, dataType]),
            visible.map(({ name, type }) => [name, types[type]]),
            table.name
          )
          for (const { name } of table.columns.filter(({ isPii }) => isPii)) {
            const filled = yield* value(`SELECT count(${name}) FROM @t`, { macros: [macro("t", table.name)] })
            assert.isAbove(Number(filled), 0, `${table.name}.${name}`)
          }
        }), { discard: true }))

    it.effect("events fall on the 180 days before the given one, all of them", () =>
      Effect.gen(function*() {
        for (
          const [name, column] of [
            ["transactions", "transaction_date"],
            ["exposures", "exposure_date"],
            ["conversions", "conversion_date"]
          ]
        ) {
          const found = yield* rows(
            `SELECT min(${column}) AS a, max(${column}) AS b, count(DISTINCT ${column}) AS n FROM @${name}`
          )
          assert.deepStrictEqual(found, [{ a: day(-180), b: day(-1), n: "180" }], name)
        }
        const apart = yield* value(
          "SELECT count(*) FROM @exposures WHERE CAST(@exposures.@impression_timestamp AS DATE) <> @exposures.@exposure_date"
        )
        assert.strictEqual(apart, "0")
      }))

    it.effect("activity is skewed and follows the week", () =>
      Effect.gen(function*() {
        const top = yield* value(`WITH buyers AS (
            SELECT @transactions.@cid AS cid, count(*) AS n, ntile(10) OVER (ORDER BY count(*) DESC) AS tenth
            FROM @transactions GROUP BY 1)
          SELECT sum(n) FILTER (WHERE tenth = 1) / sum(n) FROM buyers`)
        assert.isAbove(Number(top), 0.25)
        const week = yield* rows(
          "SELECT weekday(@transactions.@transaction_date) AS d, count(*) AS n FROM @transactions GROUP BY 1 ORDER BY 1"
        )
        assert.isAbove(Number(week[5]?.n), 1.3 * Number(week[0]?.n))
      }))

    it.effect("the partners' people overlap in part, by cid and by rampid", () =>
      Effect.gen(function*() {
        const shared = yield* rows(`SELECT
          (SELECT count(*) FROM @crm) AS retailer,
          (SELECT count(*) FROM @crm a JOIN @partner_crm b USING (cid)) AS both,
          (SELECT count(*) FROM @partnermap) AS mapped,
          (SELECT count(*) FROM @partnermap a JOIN @pubmap b USING (rampid)) AS matched,
          (SELECT count(*) FROM @partnermap a JOIN @pubmap b USING (rampid) WHERE a.cid <> b.cid) AS wrong`)
        const share = (a: string, b: string) => Number(shared[0]?.[a]) / Number(shared[0]?.[b])
        assert.isTrue(share("both", "retailer") > 0.3 && share("both", "retailer") < 0.7)
        assert.isTrue(share("matched", "mapped") > 0.3 && share("matched", "mapped") < 0.9)
        assert.strictEqual(shared[0]?.wrong, "0")
      }))

    it.effect("ads work: those who saw one buy the brand more often", () =>
      Effect.gen(function*() {
        const shares = yield* rows(`WITH seen AS (SELECT DISTINCT cid FROM @exposures)
          SELECT seen.cid IS NOT NULL AS exposed, avg(if(t.brand = 'Fizzwell', 1, 0)) AS share
          FROM @transactions t LEFT JOIN seen ON seen.cid = t.cid
          WHERE t.product_category = 'Beverages' GROUP BY 1 ORDER BY 1`)
        assert.isAbove(Number(shares[1]?.share), Number(shares[0]?.share))
      }))

    it.effect("no macro of the tests is left without a table", () =>
      Effect.forEach(
        macros,
        ({ macro: name }) =>
          Effect.map(value(`SELECT count(*) FROM @${name}`), (n) => assert.isAbove(Number(n), 0, name)),
        { discard: true }
      ))
  })
})

describe("the layer", () => {
  it.effect("is there at once", () =>
    Effect.gen(function*() {
      const started = performance.now()
      yield* Effect.scoped(Layer.build(Warehouse.layer({ seed: 1, rows: 5_000_000, asOf })))
      assert.isBelow(seconds(started), 0.2)
    }))
})
