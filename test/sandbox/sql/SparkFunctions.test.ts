import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"
import * as SparkFunctions from "../../../src/sandbox/sql/SparkFunctions.js"
import * as Warehouse from "../../../src/sandbox/Warehouse.js"
import { asOf, failure, rows, value } from "../executionSupport.js"

const warehouse = Warehouse.layer({ seed: 1, rows: 50, asOf })

/** What Spark SQL answers, over five rows of `x`: 1, 2, 2, 4 and null. */
const answers: ReadonlyArray<readonly [expression: string, answer: string | null]> = [
  ["unix_timestamp(TIMESTAMP '2024-03-01 12:00:00')", "1709294400"],
  ["unix_timestamp('2024-03-01 00:00:00')", "1709251200"],
  ["unix_timestamp('01/03/2024', 'dd/MM/yyyy')", "1709251200"],
  ["unix_timestamp('rubbish')", null],
  ["unix_seconds(TIMESTAMP '1970-01-01 00:00:10')", "10"],
  ["unix_millis(TIMESTAMP '1970-01-01 00:00:10')", "10000"],
  ["from_unixtime(0)", "1970-01-01 00:00:00"],
  ["from_unixtime(86400, 'yyyy/MM/dd')", "1970/01/02"],
  ["timestamp_seconds(60)", "1970-01-01 00:01:00"],
  ["timestamp_millis(1500)", "1970-01-01 00:00:01.5"],
  ["datediff('2024-03-10', '2024-03-01')", "9"],
  ["datediff(TIMESTAMP '2024-03-10 00:00:01', TIMESTAMP '2024-03-09 23:59:59')", "1"],
  ["datediff('day', '2024-01-01', '2024-01-05')", "4"],
  ["date_diff('2024-03-10', '2024-03-01')", "9"],
  ["date_format('2024-03-05 07:08:09', 'yyyy-MM-dd HH:mm:ss')", "2024-03-05 07:08:09"],
  ["date_format(DATE '2024-03-05', 'MMM d, yy EEEE')", "Mar 5, 24 Tuesday"],
  ["date_format(TIMESTAMP '2024-03-05 17:08:09.250', 'hh:mm a SSS')", "05:08 PM 250"],
  ["date_format(DATE '2024-03-05', 'yyyy-MM-dd\\'T\\'HH')", "2024-03-05T00"],
  ["date_format(DATE '2024-03-05', 'E M/d/y')", "Tue 3/5/2024"],
  ["date_add('2024-02-28', 2)", "2024-03-01"],
  ["date_add(DATE '2024-03-01', -1)", "2024-02-29"],
  ["dateadd('2024-02-28', 2)", "2024-03-01"],
  ["date_sub(DATE '2024-03-01', 1)", "2024-02-29"],
  ["add_months('2024-01-31', 1)", "2024-02-29"],
  ["months_between('2024-03-31', '2024-02-29')", "1"],
  ["months_between('1997-02-28 10:30:00', '1996-10-30')", "3.94959677"],
  ["to_date('2024-03-05 10:00:00')", "2024-03-05"],
  ["to_date('05.03.2024', 'dd.MM.yyyy')", "2024-03-05"],
  ["to_date('rubbish')", null],
  ["to_timestamp('2024-03-05 10:00:00')", "2024-03-05 10:00:00"],
  ["to_timestamp('20240305', 'yyyyMMdd')", "2024-03-05 00:00:00"],
  ["from_utc_timestamp('2024-01-01 00:00:00', 'America/New_York')", "2023-12-31 19:00:00"],
  ["to_utc_timestamp('2024-01-01 00:00:00', 'America/New_York')", "2024-01-01 05:00:00"],
  ["date_trunc('MM', '2024-03-15 10:11:12')", "2024-03-01 00:00:00"],
  ["date_trunc('week', DATE '2024-03-15')", "2024-03-11 00:00:00"],
  ["date_trunc('HOUR', TIMESTAMP '2024-03-15 10:11:12')", "2024-03-15 10:00:00"],
  ["trunc('2024-03-15', 'MM')", "2024-03-01"],
  ["trunc(DATE '2024-03-15', 'YEAR')", "2024-01-01"],
  ["last_day('2024-02-03')", "2024-02-29"],
  ["dayofweek('2024-03-10')", "1"],
  ["weekday('2024-03-10')", "6"],
  ["day('2024-03-10')", "10"],
  ["dayofmonth(DATE '2024-03-10')", "10"],
  ["dayofyear('2024-03-10')", "70"],
  ["weekofyear('2024-03-10')", "10"],
  ["month('2024-03-10')", "3"],
  ["quarter('2024-03-10')", "1"],
  ["year('2024-03-10')", "2024"],
  ["hour('2024-03-10 11:12:13')", "11"],
  ["minute('2024-03-10 11:12:13')", "12"],
  ["second('2024-03-10 11:12:13')", "13"],
  ["nvl(NULL, 'b')", "b"],
  ["nvl('a', 'b')", "a"],
  ["nvl2(1, 'a', 'b')", "a"],
  ["nvl2(NULL, 'a', 'b')", "b"],
  ["isnull(NULL)", "true"],
  ["isnotnull(NULL)", "false"],
  ["if(1 = 1, 'yes', 'no')", "yes"],
  ["NULL <=> NULL", "true"],
  ["1 <=> NULL", "false"],
  ["sort_array(collect_set(x))", "[1, 2, 4]"],
  ["sort_array(collect_list(x))", "[1, 2, 2, 4]"],
  ["percentile_approx(x, 0.5)", "2"],
  ["percentile_approx(x, 0.9, 100)", "4"],
  ["approx_percentile(x, 0.25)", "1"],
  ["percentile(x, 0.75)", "2.5"],
  ["approx_count_distinct(x)", "3"],
  ["count_if(x > 1)", "3"],
  ["every(x > 0)", "true"],
  ["round(std(x), 4)", "1.2583"],
  ["size(array(1, 2, 3))", "3"],
  ["size(NULL)", "-1"],
  ["array_size(array(1, 2))", "2"],
  ["array_contains(array(1, 2), 2)", "true"],
  ["array_join(array('a', 'b'), '+')", "a+b"],
  ["array_max(array(1, 3, 2))", "3"],
  ["array_min(array(2, 1))", "1"],
  ["element_at(array('a', 'b'), 2)", "b"],
  ["element_at(array('a', 'b'), -1)", "b"],
  ["slice(array(1, 2, 3, 4), 2, 2)", "[2, 3]"],
  ["sequence(1, 3)", "[1, 2, 3]"],
  ["sequence(1, 6, 2)", "[1, 3, 5]"],
  ["concat_ws('-', 'a', NULL, 'b')", "a-b"],
  ["instr('habu', 'b')", "3"],
  ["locate('b', 'habu')", "3"],
  ["printf('%05d of %s, 2026', 7, 'x')", "00007 of x, 2026"],
  ["format('{:>5} of {}, 2026', 7, 'x')", "    7 of x, 2026"],
  ["repeat('ab', 3)", "ababab"],
  ["length(repeat('x', 500000))", "500000"],
  ["lpad('1', 3, '0')", "001"],
  ["lpad('1', 3)", "  1"],
  ["rpad('1', 3, '0')", "100"],
  ["rpad('1', 3)", "1  "],
  ["substring_index('a.b.c', '.', 2)", "a.b"],
  ["substring_index('a.b.c', '.', -2)", "b.c"],
  ["substring_index('a.b.c', '.', 0)", ""],
  ["substring_index('abc', '.', 1)", "abc"],
  ["split('a1b22c', '[0-9]+')", "['a', 'b', 'c']"],
  ["sha2('abc', 256)", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["sha('abc')", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  ["md5('abc')", "900150983cd24fb0d6963f7d28e17f72"],
  ["'abc' RLIKE '^a.c$'", "true"],
  ["'xabc' RLIKE '^a'", "false"],
  ["'abc' NOT RLIKE 'b'", "false"],
  ["rlike('abc', 'b')", "true"],
  ["regexp_like('abc', 'b')", "true"],
  ["regexp_extract('foo-42', '([a-z]+)-(\\\\d+)', 2)", "42"],
  ["regexp_extract('foo-42', '([a-z]+)-(\\\\d+)')", "foo"],
  ["regexp_replace('a1b22', '\\\\d+', '#')", "a#b#"],
  ["regexp_replace('john smith', '(\\\\w+) (\\\\w+)', '$2 $1')", "smith john"],
  ["initcap('hello big world')", "Hello Big World"],
  ["startswith('habu', 'ha')", "true"],
  ["endswith('habu', 'ha')", "false"],
  ["get_json_object('{\"a\": {\"b\": 5}}', '$.a.b')", "5"],
  ["round(log(2.718281828459045), 6)", "1"],
  ["round(log(10, 100), 6)", "2"],
  ["pmod(-7, 3)", "2"],
  ["rand() >= 0 AND rand(5) < 1", "true"],
  ["CAST('12' AS INT)", "12"],
  ["CAST('x' AS INT)", null],
  ["CAST(1 AS STRING)", "1"],
  ["5 / 2", "2.5"]
]

const aggregated = /\(x/

layer(warehouse)("Spark's functions", (it) => {
  describe("answer as Spark's do", () => {
    for (const [expression, answer] of answers) {
      it.effect(expression, () =>
        Effect.gen(function*() {
          const limit = aggregated.test(expression) ? "" : " LIMIT 1"
          const sql = `SELECT ${expression} AS answer FROM (VALUES (1), (2), (2), (4), (NULL)) AS t(x)${limit}`
          assert.strictEqual(yield* value(sql), answer)
        }))
    }
  })

  it.effect("every one that is listed is proven above", () =>
    Effect.sync(() => {
      const proven = answers.map(([expression]) => expression.toLowerCase()).join(" ")
      assert.deepStrictEqual(SparkFunctions.names.filter((name) => !proven.includes(`${name}(`)), [])
    }))

  it.effect("explode makes rows", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* rows("SELECT explode(array('a', 'b')) AS v"), [{ v: "a" }, { v: "b" }])
    }))

  it.effect("today is the sandbox's, not the machine's", () =>
    Effect.gen(function*() {
      const moment = Date.UTC(2031, 4, 6, 7, 8, 9)
      yield* TestClock.setTime(moment)
      const sql = "SELECT current_date AS a, current_date() AS b, current_timestamp() AS c, now() AS d, " +
        "unix_timestamp() AS e, date_add(current_date, 1) AS f"
      assert.deepStrictEqual(yield* rows(sql), [{
        a: "2031-05-06",
        b: "2031-05-06",
        c: "2031-05-06 07:08:09",
        d: "2031-05-06 07:08:09",
        e: String(moment / 1000),
        f: "2031-05-07"
      }])
    }))

  it.effect("work on columns, in groups and over windows", () =>
    Effect.gen(function*() {
      const sql = `
        SELECT date_format(@transactions.@transaction_date, 'yyyy-MM') AS month, size(collect_set(@transactions.@cid)) AS buyers,
          row_number() OVER (ORDER BY count(*) DESC) AS place
        FROM @transactions GROUP BY 1 ORDER BY 1`
      const found = yield* rows(sql)
      assert.isAbove(found.length, 5)
      for (const { month, buyers } of found) {
        assert.match(month ?? "", /^2026-\d\d$/)
        assert.isAbove(Number(buyers), 0)
      }
    }))

  it.effect("one that neither list knows fails the run by its name", () =>
    Effect.gen(function*() {
      for (const name of ["xxhash64", "named_struct", "no_such_function"]) {
        const failed = yield* failure(`SELECT ${name}(@crm.@cid) FROM @crm`)
        assert.strictEqual(failed.failureReason, "Function not supported")
        assert.include(failed.runMessage, name)
        assert.isFalse(failed.isRetryable)
      }
    }))

  it.effect("no value grows beyond what a process can hold", () =>
    Effect.gen(function*() {
      for (
        const call of ["repeat('x', 4000000000)", "repeat(repeat('x', 900000), 900000)", "lpad('', 2000000000, 'x')"]
      ) {
        const failed = yield* failure(`SELECT ${call} AS a`)
        assert.include(failed.runMessage, "no more than 1000000 characters", call)
      }
    }))

  it.effect("an argument that is not translated fails the run", () =>
    Effect.gen(function*() {
      const failed = yield* failure("SELECT sha2('abc', 512)")
      assert.include(failed.runMessage, "sha2")
    }))
})
