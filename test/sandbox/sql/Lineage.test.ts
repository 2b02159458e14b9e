import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Warehouse from "../../../src/sandbox/Warehouse.js"
import { asOf, execute, failure, macro } from "../executionSupport.js"

const warehouse = Warehouse.layer({ seed: 1, rows: 200, asOf })

/** `email` and `first_name` are labelled as PII; in `people` the former goes by another name. */
const macros = [
  macro("crm", "retail_crm"),
  macro("brand", "brand_crm"),
  macro("sales", "retail_transactions"),
  macro("people", "retail_crm", {
    columns: { id: "cid", contact: "email", level: "education", size: "household_size" }
  })
]

const allowed: ReadonlyArray<string> = [
  "SELECT cid, email_sha256, education FROM @crm",
  "SELECT * EXCLUDE (email, first_name) FROM @crm",
  "SELECT c.@cid AS email FROM @crm c",
  "SELECT 'email' AS email, education AS first_name FROM @crm",
  "SELECT count(email) AS n FROM @crm",
  "SELECT count(DISTINCT email) AS n, count(*) AS m FROM @crm",
  "SELECT approx_count_distinct(email) AS n FROM @crm",
  "SELECT count_if(email LIKE '%@example.com') AS n FROM @crm",
  "SELECT education, count(DISTINCT email) AS n FROM @crm GROUP BY education HAVING max(email) > 'a'",
  "SELECT count(*) AS n FROM @crm GROUP BY email",
  "SELECT cid FROM @crm WHERE email LIKE 'a%' ORDER BY email LIMIT 5",
  "SELECT a.cid FROM @crm a JOIN @brand b ON a.email = b.email",
  "SELECT a.cid FROM @crm a JOIN @brand b USING (email)",
  "SELECT cid FROM @crm LEFT SEMI JOIN (SELECT email FROM @brand) b USING (email)",
  "SELECT cid FROM @crm WHERE email IN (SELECT email FROM @brand)",
  "SELECT cid FROM @crm a WHERE EXISTS (SELECT 1 FROM @brand b WHERE b.email = a.email)",
  "SELECT cid, row_number() OVER (PARTITION BY email ORDER BY first_name) AS n FROM @crm",
  "SELECT cid, count(email) OVER (PARTITION BY education) AS n FROM @crm",
  "SELECT sum(CASE WHEN email IS NOT NULL THEN 1 ELSE 0 END) AS n FROM @crm",
  "SELECT email IS NULL AS missing, count(*) AS n FROM @crm GROUP BY 1",
  "WITH a AS (SELECT * FROM @crm) SELECT education, count(email) AS n FROM a GROUP BY ALL",
  "WITH a AS (SELECT email, cid FROM @crm) SELECT b.cid FROM a JOIN a b USING (email)",
  "SELECT (SELECT count(email) FROM @crm) AS n",
  "SELECT s.cid, (SELECT count(*) FROM @crm c WHERE c.cid = s.cid AND c.email IS NOT NULL) AS n FROM @sales s LIMIT 5",
  "SELECT cid FROM (SELECT cid, email FROM @crm) t",
  "SELECT education FROM @crm UNION SELECT education FROM @brand",
  "SELECT max(household_size) FILTER (WHERE email IS NOT NULL) AS n FROM @crm",
  "SELECT list(cid ORDER BY email) AS ids FROM @crm",
  "SELECT id, level FROM @people",
  "SELECT a.education, b.n FROM @crm a, LATERAL (SELECT a.household_size AS n) b",
  "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r",
  "SELECT n FROM @crm, generate_series(1, 2) AS t(n) LIMIT 5",
  "SELECT loyalty_tier, grouping(loyalty_tier) AS g, count(email) AS n FROM @crm GROUP BY ROLLUP (loyalty_tier)",
  "SELECT collect_set(education) AS levels FROM @crm",
  "SELECT transform_n FROM (SELECT list_transform([1, 2], lambda x: x + 1) AS transform_n FROM @crm) LIMIT 1",
  "SELECT DISTINCT ON (email) cid FROM @crm",
  "SELECT cid FROM @crm QUALIFY row_number() OVER (PARTITION BY email) = 1",
  "FROM @sales SELECT brand, sum(amount) AS total GROUP BY brand",
  "VALUES (1, 'a')"
]

const refused: ReadonlyArray<readonly [sql: string, column: string, source: string]> = [
  ["SELECT email FROM @crm", "email", "@crm.email"],
  ["SELECT email AS education FROM @crm", "education", "@crm.email"],
  ["SELECT c.@email AS e FROM @crm AS c", "e", "@crm.email"],
  ["SELECT @crm.@first_name FROM @crm", "first_name", "@crm.first_name"],
  ["SELECT * FROM @crm", "email", "@crm.email"],
  ["SELECT c.* FROM @sales s JOIN @crm c USING (cid)", "email", "@crm.email"],
  ["SELECT * EXCLUDE (email) FROM @crm", "first_name", "@crm.first_name"],
  ["SELECT COLUMNS('em.*l$') FROM @crm", "email", "@crm.email"],
  ["SELECT * REPLACE (email AS education) FROM @brand", "email", "@brand.email"],
  ["SELECT * REPLACE (email AS education) FROM (SELECT * FROM @brand) b", "email", "@brand.email"],
  ["SELECT contact FROM @people", "contact", "@people.contact"],
  ["SELECT upper(email) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT md5(email) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT substring(email, 1, 3) || 'x' AS e FROM @crm", "e", "@crm.email"],
  ["SELECT length(email) AS n FROM @crm", "n", "@crm.email"],
  ["SELECT email LIKE 'a%' AS e FROM @crm", "e", "@crm.email"],
  ["SELECT CASE WHEN education = 'Other' THEN email ELSE '' END AS e FROM @crm", "e", "@crm.email"],
  ["SELECT CASE WHEN email = 'a' THEN 1 END AS e FROM @crm", "e", "@crm.email"],
  ["SELECT coalesce(NULL, email, 'x') AS e FROM @crm", "e", "@crm.email"],
  ["SELECT nvl(first_name, 'x') AS e FROM @crm", "e", "@crm.first_name"],
  ["SELECT max(email) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT any_value(email) AS e, count(*) AS n FROM @crm GROUP BY education", "e", "@crm.email"],
  ["SELECT first(first_name) AS e FROM @crm", "e", "@crm.first_name"],
  ["SELECT collect_set(email) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT size(collect_list(email)) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT string_agg(email, ',') AS e FROM @crm", "e", "@crm.email"],
  ["SELECT max_by(cid, email) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT mode(email) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT histogram(email) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT email, count(*) AS n FROM @crm GROUP BY email", "email", "@crm.email"],
  ["SELECT DISTINCT email FROM @crm", "email", "@crm.email"],
  ["SELECT lag(email) OVER (ORDER BY cid) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT lag(cid, 1, email) OVER (ORDER BY cid) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT first_value(email) OVER (PARTITION BY education) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT max(email) OVER () AS e FROM @crm", "e", "@crm.email"],
  ["SELECT e FROM (SELECT email AS e FROM @crm) t", "e", "@crm.email"],
  ["SELECT t.a FROM (SELECT * FROM (SELECT email FROM @crm) x) AS t(a)", "a", "@crm.email"],
  ["WITH a AS (SELECT email AS x FROM @crm), b AS (SELECT x AS y FROM a) SELECT y AS z FROM b", "z", "@crm.email"],
  ["WITH a(p, q) AS (SELECT cid, email FROM @crm) SELECT q FROM a", "q", "@crm.email"],
  ["WITH a AS MATERIALIZED (SELECT * FROM @crm) SELECT x.email FROM a x, a y", "email", "@crm.email"],
  ["WITH crm AS (SELECT email AS cid FROM @crm) SELECT cid FROM crm", "cid", "@crm.email"],
  [
    "WITH RECURSIVE r(a, b, n) AS (SELECT cid, email, 1 FROM @crm UNION ALL SELECT b, a, n + 1 FROM r WHERE n < 3) SELECT a FROM r",
    "a",
    "@crm.email"
  ],
  ["SELECT education FROM @crm UNION ALL SELECT email FROM @brand", "education", "@brand.email"],
  ["SELECT education FROM @crm EXCEPT SELECT email FROM @brand", "education", "@brand.email"],
  ["SELECT email FROM @crm INTERSECT SELECT email FROM @brand", "email", "@brand.email and @crm.email"],
  ["SELECT (SELECT max(email) FROM @brand) AS e", "e", "@brand.email"],
  ["SELECT (SELECT c.email FROM @crm c WHERE c.cid = s.cid LIMIT 1) AS e FROM @sales s", "e", "@crm.email"],
  ["SELECT (SELECT c.email) AS e FROM @crm c", "e", "@crm.email"],
  ["SELECT t.e FROM @crm c, LATERAL (SELECT c.email AS e) t", "e", "@crm.email"],
  ["SELECT e FROM @crm, unnest([email, cid]) AS t(e)", "e", "@crm.email"],
  ["SELECT unnest([email]) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT email IN (SELECT email FROM @brand) AS e FROM @crm", "e", "@brand.email and @crm.email"],
  ["SELECT email FROM @crm JOIN @brand USING (email)", "email", "@crm.email"],
  [
    "SELECT coalesce(a.email, b.email) AS e FROM @crm a FULL JOIN @brand b USING (email)",
    "e",
    "@brand.email and @crm.email"
  ],
  ["SELECT * FROM @sales NATURAL JOIN (SELECT cid, first_name FROM @crm) c", "first_name", "@crm.first_name"],
  ["SELECT c FROM @crm c", "c", "@crm.email and @crm.first_name"],
  ["SELECT s.e FROM (SELECT {'e': email} AS s FROM @crm) t", "e", "@crm.email"],
  ["SELECT [email][1] AS e FROM @crm", "e", "@crm.email"],
  ["SELECT map {'k': email} AS e FROM @crm", "e", "@crm.email"],
  ["SELECT to_json(c) AS e FROM (SELECT email FROM @crm) c", "e", "@crm.email"],
  ["SELECT list_transform([1], lambda x: email) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT list_filter([email], lambda x: true) AS e FROM @crm", "e", "@crm.email"],
  ["SELECT v FROM (SELECT cid, email FROM @crm) UNPIVOT (v FOR k IN (cid, email))", "v", "@crm.email"],
  [
    "SELECT * FROM (SELECT education, email FROM @crm) PIVOT (max(email) FOR education IN ('Other'))",
    "Other",
    "@crm.email"
  ],
  ["SELECT x FROM (VALUES ((SELECT max(email) FROM @crm))) AS t(x)", "x", "@crm.email"],
  ["SELECT b.email FROM @sales a ASOF JOIN @crm b ON a.cid >= b.cid", "email", "@crm.email"],
  ["SELECT b.email FROM @sales a POSITIONAL JOIN @crm b", "email", "@crm.email"],
  [
    "SELECT a.cid, b.email FROM @sales a LEFT JOIN @brand b ON a.cid = b.cid OR a.brand = b.segment",
    "email",
    "@brand.email"
  ],
  ["FROM @crm SELECT email", "email", "@crm.email"],
  ["FROM @brand", "email", "@brand.email"]
]

layer(warehouse)("personal data", (it) => {
  describe("may be used", () => {
    for (const sql of allowed) it.effect(sql, () => execute(sql, { macros }))
  })

  describe("may not be returned", () => {
    for (const [sql, column, source] of refused) {
      it.effect(sql, () =>
        Effect.gen(function*() {
          const failed = yield* failure(sql, { macros })
          assert.strictEqual(failed.failureReason, "Analysis rule violated", failed.runMessage)
          assert.include(failed.runMessage, `"${column}" comes from ${source},`)
          assert.isFalse(failed.isRetryable)
        }))
    }
  })
})
