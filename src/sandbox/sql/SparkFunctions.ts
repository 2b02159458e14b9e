/**
 * The Spark SQL functions that DuckDB lacks or understands otherwise, as macros over DuckDB's own.
 *
 * A function that is neither here nor in DuckDB fails the run by its name. Differences that remain: a window function
 * cannot be made of a macro that is no plain aggregate, and format patterns have to be constants.
 *
 * @since 0.1.0
 */

/** Java's date patterns and what `strftime` calls them, longest first. */
const patterns: ReadonlyArray<readonly [java: string, strftime: string]> = [
  ["SSSSSS", "%f"],
  ["SSS", "%g"],
  ["yyyy", "%Y"],
  ["yy", "%y"],
  ["y", "%Y"],
  ["MMMM", "%B"],
  ["MMM", "%b"],
  ["MM", "%m"],
  ["M", "%-m"],
  ["DDD", "%j"],
  ["D", "%-j"],
  ["dd", "%d"],
  ["d", "%-d"],
  ["EEEE", "%A"],
  ["EEE", "%a"],
  ["E", "%a"],
  ["HH", "%H"],
  ["H", "%-H"],
  ["hh", "%I"],
  ["h", "%-I"],
  ["mm", "%M"],
  ["m", "%-M"],
  ["ss", "%S"],
  ["s", "%-S"],
  ["a", "%p"]
]

/**
 * Each pattern first becomes a character of its own, for what it turns into holds letters that are patterns too.
 *
 * `|| ''` leaves the type open, so that DuckDB does not bind the macro before the constant is in place.
 */
const strftimeOf = (pattern: string) => {
  const mark = (index: number) => `chr(${0xe000 + index})`
  const marked = patterns.reduce(
    (text, [java], index) => `replace(${text}, '${java}', ${mark(index)})`,
    `(${pattern} || '')`
  )
  const spelled = patterns.reduce((text, [, name], index) => `replace(${text}, ${mark(index)}, '${name}')`, marked)
  return `replace(${spelled}, '''', '')`
}

const unitOf = (unit: string) =>
  `CASE upper(${unit}) WHEN 'MM' THEN 'month' WHEN 'MON' THEN 'month' WHEN 'YYYY' THEN 'year' WHEN 'YY' THEN 'year' ` +
  `WHEN 'DD' THEN 'day' ELSE lower(${unit}) END`

const date = (value: string) => `TRY_CAST(TRY_CAST(${value} AS TIMESTAMP) AS DATE)`
const time = (value: string) => `TRY_CAST(${value} AS TIMESTAMP)`
const parsed = (value: string, format: string) => `try_strptime(CAST(${value} AS VARCHAR), ${strftimeOf(format)})`
const months = (value: string) => `(12 * year(${time(value)}) + month(${time(value)}))`
const intoMonth = (value: string) => `(day(${time(value)}) * 86400 + epoch(${time(value)}) % 86400)`
const isMonthEnd = (value: string) => `${date(value)} = system.main.last_day(${date(value)})`

/** Spark takes these of a text too. */
const parts = ["day", "dayofmonth", "dayofyear", "hour", "minute", "month", "quarter", "second", "weekofyear", "year"]

const datediff = [
  `(a, b) AS system.main.date_diff('day', ${date("b")}, ${date("a")})`,
  `(u, a, b) AS system.main.date_diff(u, ${time("a")}, ${time("b")})`
]
const dateAdd = [`(a, n) AS ${date("a")} + CAST(n AS INTEGER)`]
const size = ["(a) AS coalesce(CAST(len(a) AS INTEGER), -1)"]
const quantile = ["(a, p) AS quantile_disc(a, p)", "(a, p, n) AS quantile_disc(a, p)"]

/** No value may be longer: DuckDB would make one that this process cannot hold. */
const longest = 1_000_000

const within = (name: string, size: string, value: string) =>
  `CASE WHEN ${size} > ${longest} THEN error('${name} makes no more than ${longest} characters') ELSE ${value} END`

/** The length is cut as well, for constants are worked out before the condition is. */
const padded = (name: string) => [
  `(a, n, p) AS ${within(name, "n", `system.main.${name}(a, CAST(least(n, ${longest}) AS INTEGER), p)`)}`,
  `(a, n) AS ${within(name, "n", `system.main.${name}(a, CAST(least(n, ${longest}) AS INTEGER), ' ')`)}`
]

/** Writing by a pattern, whose widths have three digits at most and stand in it. */
const patterned = (name: string, tooWide: string) => {
  const values = ["a", "b", "c", "d", "e", "g", "h", "i"]
  const checked = `CASE WHEN regexp_matches(f, '${tooWide}') ` +
    `THEN error('${name} takes widths of up to 999 that stand in its pattern') ELSE f END`
  return [0, ...values.keys()].map((_, count) => {
    const given = values.slice(0, count).map((value) => `, ${value}`).join("")
    return `(f${given}) AS system.main.${name}(${checked}${given})`
  })
}

const overloads: { readonly [name: string]: ReadonlyArray<string> } = {
  // Dates and times
  ...Object.fromEntries(parts.map((part) => [part, [`(a) AS system.main.${part}(${time("a")})`]])),
  add_months: [`(a, n) AS CAST(${date("a")} + to_months(CAST(n AS INTEGER)) AS DATE)`],
  date_add: dateAdd,
  date_diff: datediff,
  date_format: [`(a, f) AS strftime(${time("a")}, ${strftimeOf("f")})`],
  date_sub: [`(a, n) AS ${date("a")} - CAST(n AS INTEGER)`],
  date_trunc: [`(u, a) AS system.main.date_trunc(${unitOf("u")}, ${time("a")})`],
  dateadd: dateAdd,
  datediff,
  dayofweek: [`(a) AS system.main.dayofweek(${date("a")}) + 1`],
  from_unixtime: [
    "(n) AS strftime(make_timestamp(CAST(n AS BIGINT) * 1000000), '%Y-%m-%d %H:%M:%S')",
    `(n, f) AS strftime(make_timestamp(CAST(n AS BIGINT) * 1000000), ${strftimeOf("f")})`
  ],
  from_utc_timestamp: [`(a, z) AS (${time("a")} AT TIME ZONE 'UTC') AT TIME ZONE z`],
  last_day: [`(a) AS system.main.last_day(${date("a")})`],
  months_between: [
    `(a, b) AS round(${months("a")} - ${months("b")} + CASE WHEN day(${time("a")}) = day(${time("b")}) OR ` +
    `(${isMonthEnd("a")} AND ${isMonthEnd("b")}) THEN 0 ELSE (${intoMonth("a")} - ${intoMonth("b")}) / 2678400 END, 8)`
  ],
  run_date: ["() AS CAST(now() AS DATE)"],
  timestamp_millis: ["(n) AS make_timestamp(CAST(n AS BIGINT) * 1000)"],
  timestamp_seconds: ["(n) AS make_timestamp(CAST(n AS BIGINT) * 1000000)"],
  to_date: [`(a) AS ${date("a")}`, `(a, f) AS CAST(${parsed("a", "f")} AS DATE)`],
  to_timestamp: [`(a) AS ${time("a")}`, `(a, f) AS ${parsed("a", "f")}`],
  to_utc_timestamp: [`(a, z) AS (${time("a")} AT TIME ZONE z) AT TIME ZONE 'UTC'`],
  trunc: [
    "(a) AS system.main.trunc(a)",
    `(a, u) AS CAST(system.main.date_trunc(${unitOf("u")}, ${time("a")}) AS DATE)`
  ],
  unix_millis: [`(a) AS epoch_ms(${time("a")})`],
  unix_seconds: [`(a) AS CAST(floor(epoch(${time("a")})) AS BIGINT)`],
  unix_timestamp: [
    "() AS CAST(floor(epoch(now())) AS BIGINT)",
    `(a) AS CAST(floor(epoch(${time("a")})) AS BIGINT)`,
    `(a, f) AS CAST(floor(epoch(${parsed("a", "f")})) AS BIGINT)`
  ],
  weekday: [`(a) AS system.main.isodow(${date("a")}) - 1`],
  // Missing values
  isnotnull: ["(a) AS (a IS NOT NULL)"],
  isnull: ["(a) AS (a IS NULL)"],
  nvl: ["(a, b) AS coalesce(a, b)"],
  nvl2: ["(a, b, c) AS CASE WHEN a IS NOT NULL THEN b ELSE c END"],
  // Aggregates
  approx_percentile: quantile,
  collect_list: ["(a) AS list(a) FILTER (WHERE a IS NOT NULL)"],
  collect_set: ["(a) AS list(DISTINCT a) FILTER (WHERE a IS NOT NULL)"],
  every: ["(a) AS bool_and(a)"],
  percentile: ["(a, p) AS quantile_cont(a, p)"],
  percentile_approx: quantile,
  std: ["(a) AS stddev(a)"],
  // Arrays
  array_join: ["(a, d) AS array_to_string(a, d)"],
  array_max: ["(a) AS list_max(a)"],
  array_min: ["(a) AS list_min(a)"],
  array_size: size,
  element_at: ["(a, n) AS list_extract(a, n)"],
  sequence: ["(a, b) AS generate_series(a, b)", "(a, b, s) AS generate_series(a, b, s)"],
  size,
  slice: ["(a, n, l) AS list_slice(a, n, n + l - 1)"],
  sort_array: ["(a) AS list_sort(a)"],
  // Text
  endswith: ["(a, b) AS ends_with(a, b)"],
  get_json_object: ["(a, p) AS json_extract_string(a, p)"],
  format: patterned("format", "\\{[^}]*([0-9]{4}|\\{)"),
  initcap: ["(a) AS array_to_string(list_transform(string_split(lower(a), ' '), lambda w: upper(w[1]) || w[2:]), ' ')"],
  locate: ["(b, a) AS instr(a, b)"],
  lpad: padded("lpad"),
  printf: patterned("printf", "%[-+ #0-9.,]*([0-9]{4}|[*])"),
  regexp_extract: [
    "(a, p) AS system.main.regexp_extract(a, p, 1)",
    "(a, p, n) AS system.main.regexp_extract(a, p, n)"
  ],
  regexp_like: ["(a, p) AS regexp_matches(a, p)"],
  regexp_replace: ["(a, p, r) AS system.main.regexp_replace(a, p, replace(r, '$', chr(92)), 'g')"],
  repeat: [
    `(a, n) AS ${
      within(
        "repeat",
        "CAST(n AS DOUBLE) * length(a)",
        `system.main.repeat(a, CAST(least(n, ${longest} // greatest(length(a), 1)) AS BIGINT))`
      )
    }`
  ],
  rlike: ["(a, p) AS regexp_matches(a, p)"],
  rpad: padded("rpad"),
  "=~": ["(a, p) AS regexp_matches(a, p)"],
  "!=~": ["(a, p) AS NOT regexp_matches(a, p)"],
  sha: ["(a) AS sha1(a)"],
  sha2: ["(a, n) AS CASE WHEN n IN (0, 256) THEN sha256(a) ELSE error('sha2 is translated for 256 bits only') END"],
  split: ["(a, p) AS regexp_split_to_array(a, p)"],
  startswith: ["(a, b) AS starts_with(a, b)"],
  substring_index: [
    "(a, d, n) AS CASE WHEN n > 0 THEN array_to_string(list_slice(string_split(a, d), 1, n), d) " +
    "WHEN n < 0 THEN array_to_string(list_slice(string_split(a, d), n, -1), d) ELSE '' END"
  ],
  // Numbers
  log: ["(a) AS ln(a)", "(b, a) AS ln(a) / ln(b)"],
  pmod: ["(a, n) AS ((a % n) + n) % n"],
  rand: ["() AS random()", "(s) AS random()"]
}

/**
 * The names that are translated, in alphabetical order, `RLIKE` between operands among them. DuckDB's own come on top.
 *
 * @since 0.1.0
 * @category functions
 */
export const names: ReadonlyArray<string> = Object.keys(overloads).filter((name) =>
  /^\w+$/.test(name) && name !== "run_date"
).sort()

/**
 * The statements that create the macros in a database.
 *
 * @since 0.1.0
 * @category functions
 */
export const definitions: string = Object.entries(overloads)
  .map(([name, bodies]) => `CREATE MACRO "${name}"${bodies.join(", ")};`)
  .join("\n")
