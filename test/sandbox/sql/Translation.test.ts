import { assert, describe, it } from "@effect/vitest"
import * as Either from "effect/Either"
import * as FastCheck from "effect/FastCheck"
import * as Translation from "../../../src/sandbox/sql/Translation.js"

const macros = ["exposures", "AdLogs", "crm"]
const parameters = {
  start: "2026-01-01",
  window: "14",
  price: "-2.50",
  code: "007",
  name: "O'Hara",
  empty: "",
  attack: "x'; DROP TABLE t; --"
}

const translate = (sql: string, values: Record<string, string> = parameters) =>
  Translation.translate({ sql, macros, parameters: values })

/** Spaces between tokens say nothing. */
const squeezed = (sql: string) => sql.replace(/\s+/g, " ").replaceAll("( ", "(").trim()

const translated: ReadonlyArray<readonly [from: string, to: string]> = [
  // Datasets and their fields
  ["SELECT * FROM @exposures", `SELECT * FROM "@exposures"`],
  ["SELECT @exposures.@cid FROM @exposures", `SELECT "@exposures"."cid" FROM "@exposures"`],
  ["SELECT @exposures.cid FROM @exposures", `SELECT "@exposures".cid FROM "@exposures"`],
  ["SELECT e.@cid FROM @exposures AS e", `SELECT e."cid" FROM "@exposures" AS e`],
  ["SELECT e . @cid FROM @exposures e", `SELECT e . "cid" FROM "@exposures" e`],
  ["SELECT @exposures.*", `SELECT "@exposures".*`],
  ["FROM @AdLogs JOIN @crm c ON @AdLogs.@cid=c.@cid", `FROM "@AdLogs" JOIN "@crm" c ON "@AdLogs"."cid"=c."cid"`],
  // Parameters
  ["x > @window", "x > 14"],
  ["x - @price", "x - -2.50"],
  ["x-@price", "x- -2.50"],
  ["x = @code", "x = '007'"],
  ["d >= @start", "d >= '2026-01-01'"],
  ["n = @name", "n = 'O''Hara'"],
  ["n = @empty", "n = ''"],
  ["n = @attack OR 1=1", "n = 'x''; DROP TABLE t; --' OR 1=1"],
  ["E@attack", "E 'x''; DROP TABLE t; --'"],
  // An @ that is none
  ["x = 'a@start.com'", "x = 'a@start.com'"],
  ["x = '@start' -- @start\n, y", "x = '@start' , y"],
  ["a /* @start /* nested @start */ still */ b", "a b"],
  ["a -- 'quote\n b", "a b"],
  [`"@start"`, `"@start"`],
  ["`@start`", `"@start"`],
  ["[1, 2] @> [1]", "[1, 2] @> [1]"],
  // Quotes
  ["`my col`", `"my col"`],
  ["`a``b`", `"a\`b"`],
  ["`a\"b`", `"a""b"`],
  [`"a""b"`, `"a""b"`],
  ["'it''s'", "'it''s'"],
  [String.raw`'it\'s'`, "'it''s'"],
  [String.raw`'a\\'`, String.raw`'a\'`],
  [String.raw`'\\d+\.'`, String.raw`'\d+.'`],
  ["'/* no comment */ -- none'", "'/* no comment */ -- none'"],
  [String.raw`E'\\'`, String.raw`E '\'`],
  // Spark's spelling
  ["array(1, 2)", "list_value(1, 2)"],
  ["ARRAY (1)", "list_value (1)"],
  ["array", "array"],
  ["t.array(1)", "t.array(1)"],
  ["constructor, __proto__, constructor(1)", "constructor, __proto__, constructor(1)"],
  ["CAST(x AS INT)", "try_cast(x AS INT)"],
  ["explode(x)", "unnest(x)"],
  ["a RLIKE '^b'", "a =~ '^b'"],
  ["a NOT RLIKE '^b'", "a !=~ '^b'"],
  ["WHERE rlike(a, 'b')", "WHERE rlike(a, 'b')"],
  ["f(a) rlike ('b')", "f(a) =~ ('b')"],
  ["WHERE NOT rlike(a, 'b')", "WHERE NOT rlike(a, 'b')"],
  ["a <=> b", "a IS NOT DISTINCT FROM b"],
  ["a <= b", "a <= b"],
  ["a LEFT SEMI JOIN b", "a SEMI JOIN b"],
  ["a left anti join b", "a anti join b"],
  ["a LEFT JOIN b", "a LEFT JOIN b"],
  ["left(a, 2)", "left(a, 2)"],
  ["current_date", "run_date()"],
  ["CURRENT_DATE()", "run_date()"],
  ["current_timestamp", "now()"],
  ["t.current_date", "t.current_date"],
  ["SELECT /*+ BROADCAST(e) */ 1", "SELECT 1"]
]

describe("translated", () => {
  for (const [from, to] of translated) {
    it(from.replaceAll("\n", "⏎"), () => {
      const answer = Either.getOrThrowWith(translate(from), (failed) => new Error(failed.runMessage))
      assert.strictEqual(squeezed(answer.sql), to)
    })
  }

  it("says which datasets are read, and only those", () => {
    const answer = Either.getOrThrow(translate("SELECT '@crm' FROM @exposures -- @AdLogs"))
    assert.deepStrictEqual([...answer.macros], ["exposures"])
  })
})

const refused: ReadonlyArray<readonly [sql: string, reason: string, words: ReadonlyArray<string>]> = [
  ["SELECT * FROM @adlogs", "Table not found", ["not found: @adlogs", "case-sensitive", "@AdLogs"]],
  ["SELECT @CRM.@cid FROM @crm", "Table not found", ["@CRM", "@crm"]],
  ["SELECT * FROM @clicks", "Table not found", ["@clicks"]],
  ["SELECT * FROM @crm JOIN @clicks c", "Table not found", ["@clicks"]],
  ["SELECT @clicks.@cid FROM @crm", "Table not found", ["@clicks"]],
  ["SELECT * FROM @crm WHERE d > @end", "Parameter not found", ["@end"]],
  ["SELECT * FROM @crm WHERE d > @Start", "Parameter not found", ["@Start"]],
  ["SELECT @toString", "Parameter not found", ["@toString"]],
  ["SELECT @__proto__", "Parameter not found", ["@__proto__"]],
  ["SELECT 'open", "Invalid query", ["string"]],
  ["SELECT \"open", "Invalid query", ["identifier"]],
  ["SELECT `open", "Invalid query", ["identifier"]],
  ["SELECT 1 /* open /* */", "Invalid query", ["comment"]],
  ["SELECT $$ @name $$", "Invalid query", ["$"]],
  ["SELECT $1", "Invalid query", ["$"]],
  ["SELECT 1 \0 ; DROP TABLE t", "Invalid query", ["character"]]
]

describe("refused", () => {
  for (const [sql, reason, words] of refused) {
    it(sql.replaceAll("\0", "␀"), () => {
      const failed = Either.getOrThrow(Either.flip(translate(sql)))
      assert.strictEqual(failed.failureReason, reason)
      for (const word of words) assert.include(failed.runMessage, word)
      assert.isFalse(failed.isRetryable)
    })
  }

  it("a value that would cut the statement short", () => {
    const failed = Either.getOrThrow(Either.flip(translate("SELECT @name", { name: "a\0b" })))
    assert.strictEqual(failed.failureReason, "Invalid query")
  })
})

/** Reads a statement the way DuckDB does: strings without escapes, no comments of ours left. */
const literals = (sql: string) => [...sql.matchAll(/'((?:[^']|'')*)'/g)].map(([, body]) => body?.replaceAll("''", "'"))

const shape = (sql: string) => squeezed(sql.replace(/'(?:[^']|'')*'/g, "?"))

describe("whatever a parameter's value is", () => {
  const hostile = FastCheck.string({
    unit: FastCheck.constantFrom("'", "\"", "\\", "`", "-", "/", "*", ";", "$", "@", "\n", " ", "a", "1", "é", "\u2028")
  })
  const around = FastCheck.constantFrom(
    "SELECT E@v, 'a'",
    String.raw`SELECT 'x\\', @v, "q" -- tail`,
    "SELECT x'41', U&@v || @v",
    "SELECT -@v /* c */ , `b`"
  )

  it("it is one literal with exactly that value, and nothing else changes", () =>
    FastCheck.assert(
      FastCheck.property(hostile, around, (value, sql) => {
        const written = Either.getOrThrow(translate(sql, { v: `.${value}` })).sql
        const plain = Either.getOrThrow(translate(sql, { v: ".plain" })).sql
        assert.strictEqual(shape(written), shape(plain))
        assert.deepStrictEqual(
          literals(written).filter((text) => text === `.${value}`).length,
          literals(plain).filter((text) => text === ".plain").length
        )
      }),
      { numRuns: 500 }
    ))
})
