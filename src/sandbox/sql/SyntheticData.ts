/**
 * The SQL that fills the warehouse: people whom the organisations share in part, what they bought, saw and did.
 *
 * Every value is drawn from a hash of the seed, the person and what is drawn, so the same seed and size give the same
 * tables and no table depends on the order in which another was made. Activity is skewed (few people buy or see a lot),
 * days follow the week and the season, and people who saw an ad are more likely to buy.
 *
 * @since 0.1.0
 */
import { schema } from "./MacroView.js"
import * as Tokens from "./Tokens.js"

/**
 * What the tables depend on. `rows` is the number of people, `asOf` a moment in milliseconds since the epoch: events
 * fall on the 180 days before its date (UTC).
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly seed: number
  readonly rows: number
  readonly asOf: number
}

const days = 180

const array = (...values: ReadonlyArray<string>) => `[${values.map((value) => Tokens.string(value)).join(", ")}]`

const firstNames = array(
  "Amara",
  "Beatriz",
  "Chen",
  "Dario",
  "Elif",
  "Farid",
  "Greta",
  "Hiro",
  "Ines",
  "Jonas",
  "Kofi",
  "Lena",
  "Mateo",
  "Nadia",
  "Oskar",
  "Priya",
  "Quinn",
  "Rosa",
  "Sami",
  "Tomas",
  "Uma",
  "Viktor",
  "Wren",
  "Yara"
)
const interests = array(
  "Football",
  "Cooking",
  "Travel",
  "Cycling",
  "Gaming",
  "Gardening",
  "Hiking",
  "Photography",
  "Jazz",
  "Chess",
  "Sailing",
  "Astronomy",
  "Beekeeping",
  "Falconry"
)

/** `draw` is uniform in [0, 1); `pick` chooses evenly from a list when given such a number. */
const helpers = (seed: number) => `
CREATE TEMP MACRO draw(what, key) AS (hash('${seed}', what, key) % 1000003) / 1000003.0;
CREATE TEMP MACRO code(what, key) AS md5('${seed}' || what || key);
CREATE TEMP MACRO pick(choices, u) AS choices[1 + CAST(floor(u * len(choices)) AS INTEGER)];
`

const calendar = (asOf: number) => `
CREATE TEMP TABLE calendar AS
SELECT day, sum(weight) OVER (ORDER BY day ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) / sum(weight) OVER () AS begins
FROM (
  SELECT
    CAST(CAST(epoch_ms(${asOf}) AS DATE) - ${days} + CAST(n AS INTEGER) AS DATE) AS day,
    [0.8, 0.8, 0.9, 1.0, 1.3, 1.5, 1.1][isodow(day)] *
      [0.9, 0.8, 0.9, 1.0, 1.0, 1.1, 0.9, 0.8, 1.0, 1.1, 1.5, 1.7][month(day)] AS weight
  FROM range(${days}) AS t(n)
);
UPDATE calendar SET begins = 0 WHERE begins IS NULL;
`

const people = (rows: number) => `
CREATE TEMP TABLE people AS
SELECT
  i,
  code('cid', i) AS cid,
  'XY' || upper(left(code('rampid', i) || code('ramp', i), 47)) AS rampid,
  pick(${firstNames}, draw('first name', i)) AS first_name,
  CASE WHEN draw('has email', i) < 0.97 THEN lower(first_name) || '.' || i || '@example.com' END AS email,
  printf('%05d', 10000 + 97 * CAST(floor(250 * pow(draw('postal code', i), 2)) AS INTEGER)) AS postal_code,
  pick(['18-24', '25-34', '25-34', '35-44', '35-44', '45-54', '55-64', '65+'], draw('age', i)) AS age_band,
  CASE
    WHEN draw('education', i) < 0.36 THEN 'High school'
    WHEN draw('education', i) < 0.58 THEN 'Some college'
    WHEN draw('education', i) < 0.86 THEN 'Bachelor'
    WHEN draw('education', i) < 0.985 THEN 'Master'
    WHEN draw('education', i) < 0.9985 THEN 'Doctorate'
    ELSE 'Other'
  END AS education,
  least(60, floor(1.5 / pow(1.0 - draw('appetite', i), 0.62))) AS appetite,
  draw('retailer', i) < 0.70 AS shops,
  draw('publisher', i) < 0.60 AS watches,
  draw('brand', i) < CASE WHEN shops THEN 0.50 ELSE 0.25 END AS drinks
FROM range(${Math.max(0, Math.trunc(rows))}) AS t(i);
`

const exposures = `
CREATE TABLE ${schema}.publisher_exposures AS
WITH events AS (
  SELECT p.*, p.i * 1000 + unnest(range(CAST(p.appetite * (0.5 + 2 * draw('reach', p.i)) AS BIGINT))) AS k
  FROM people p WHERE p.watches AND draw('exposed', p.i) < 0.75
), placed AS (
  SELECT
    *, draw('exposure day', k) AS moment,
    pick(['CTV', 'Display', 'Display', 'Online Video', 'Social', 'Social', 'Audio'], draw('channel', k)) AS channel
  FROM events
)
SELECT
  'imp-' || left(code('impression', k), 16) AS impression_id,
  cid,
  rampid,
  day + to_seconds(CAST(floor(86399 * sqrt(draw('exposure time', k))) AS BIGINT)) AS impression_timestamp,
  day AS exposure_date,
  'CMP-' || (101 + CAST(floor(4 * pow(draw('campaign', k), 1.5)) AS INTEGER)) AS campaign_id,
  'CR-' || lower(left(channel, 2)) || '-' || (1 + CAST(floor(3 * draw('creative', k)) AS INTEGER)) AS creative_id,
  channel,
  CASE WHEN channel = 'CTV' THEN 'TV' ELSE pick(['Mobile', 'Mobile', 'Desktop', 'Tablet'], draw('device', k)) END
    AS device_type,
  CAST(
    map {'CTV': 0.028, 'Display': 0.0021, 'Online Video': 0.012, 'Social': 0.0064, 'Audio': 0.0078}[channel] *
      (0.6 + 0.8 * draw('cost', k)) AS DECIMAL(12, 6)
  ) AS cost
FROM placed ASOF JOIN calendar ON moment >= begins;
`

/** A part follows an exposure within days, the rest comes from the brand's own customers. */
const conversions = (asOf: number) => `
CREATE TABLE ${schema}.brand_conversions AS
WITH influenced AS (
  SELECT
    cid, rampid, impression_id AS k,
    date_trunc('second',
      impression_timestamp + to_seconds(CAST(-259200 * ln(1.0 - draw('lag', impression_id)) AS BIGINT))) AS happened
  FROM ${schema}.publisher_exposures
  WHERE draw('converts', impression_id) <
    map {'CTV': 0.034, 'Display': 0.010, 'Online Video': 0.026, 'Social': 0.019, 'Audio': 0.012}[channel]
), own AS (
  SELECT i, cid, rampid, i * 1000 + unnest(range(CAST(ceil(appetite / 3) AS BIGINT))) AS k
  FROM people WHERE drinks AND draw('buys', i) < 0.45
), placed AS (
  SELECT cid, rampid, CAST(k AS VARCHAR) AS k, draw('conversion day', k) AS moment,
    to_seconds(CAST(floor(86399 * draw('conversion time', k)) AS BIGINT)) AS time
  FROM own
), events AS (
  SELECT cid, rampid, k, happened FROM influenced WHERE happened < CAST(epoch_ms(${asOf}) AS DATE)
  UNION ALL
  SELECT cid, rampid, k, day + time AS happened FROM placed ASOF JOIN calendar ON moment >= begins
)
SELECT
  'ORD-' || left(code('conversion', k), 14) AS transaction_id,
  cid,
  rampid,
  happened AS conversion_timestamp,
  CAST(happened AS DATE) AS conversion_date,
  pick(['Fizz Lemon', 'Fizz Lemon', 'Fizz Cola', 'Fizz Cola', 'Fizz Zero', 'Still Water'], draw('product', k))
    AS product,
  CAST(4 + 28 * pow(draw('revenue', k), 2) AS DECIMAL(12, 2)) AS revenue
FROM events;
`

/** Those who saw ads choose the brand more often. */
const transactions = `
CREATE TABLE ${schema}.retail_transactions AS
WITH exposed AS (
  SELECT cid, count(*) AS seen FROM ${schema}.publisher_exposures GROUP BY cid
), events AS (
  SELECT
    p.cid, coalesce(e.seen, 0) AS seen,
    p.i * 1000 + unnest(range(CAST(ceil(p.appetite * (0.4 + draw('visits', p.i))) AS BIGINT))) AS k
  FROM people p LEFT JOIN exposed e USING (cid) WHERE p.shops
), placed AS (
  SELECT
    *, draw('purchase day', k) AS moment,
    pick(['Beverages', 'Beverages', 'Snacks', 'Fresh', 'Fresh', 'Household', 'Beauty'], draw('category', k))
      AS product_category,
    1 + CAST(floor(4 * pow(draw('quantity', k), 2)) AS INTEGER) AS quantity
  FROM events
)
SELECT
  'TX-' || left(code('purchase', k), 14) AS transaction_id,
  cid,
  day AS transaction_date,
  printf('S-%03d', 1 + CAST(floor(40 * pow(draw('store', k), 1.6)) AS INTEGER)) AS store_id,
  product_category,
  CASE
    WHEN product_category <> 'Beverages' THEN pick(['Alder Basics', 'Northfield', 'Maison Rue'], draw('brand', k))
    WHEN draw('brand', k) < least(0.45, 0.20 + 0.012 * seen) THEN 'Fizzwell'
    ELSE pick(['Brightwater', 'Cascadia', 'Old Mill'], draw('rival', k))
  END AS brand,
  quantity,
  CAST(
    quantity * (1.2 + 9 * pow(draw('price', k), 2)) *
      map {'Beverages': 0.8, 'Snacks': 0.7, 'Fresh': 1.0, 'Household': 1.4, 'Beauty': 2.1}[product_category]
    AS DECIMAL(12, 2)
  ) AS amount
FROM placed ASOF JOIN calendar ON moment >= begins;
`

const persons = (asOf: number) => `
CREATE TABLE ${schema}.retail_crm AS
SELECT
  cid, email, sha256(email) AS email_sha256, first_name, postal_code, age_band,
  CASE WHEN appetite > 12 THEN 'Platinum' WHEN appetite > 5 THEN 'Gold' WHEN appetite > 2 THEN 'Silver' ELSE 'Basic' END
    AS loyalty_tier,
  1 + CAST(floor(5 * pow(draw('household', i), 1.4)) AS INTEGER) AS household_size,
  education,
  CAST(CAST(epoch_ms(${asOf}) AS DATE) - 1 - CAST(floor(1825 * draw('signup', i)) AS INTEGER) AS DATE) AS signup_date
FROM people WHERE shops;

CREATE TABLE ${schema}.publisher_audience AS
WITH kinds AS (
  SELECT i, cid, rampid, i * 10 + unnest(range(CASE WHEN draw('kinds', i) < 0.3 THEN 2 ELSE 1 END)) AS k
  FROM people WHERE watches
)
SELECT
  cid, rampid,
  pick(['Sports', 'Sports', 'News', 'News', 'Entertainment', 'Family', 'Finance'], draw('segment', k)) AS segment,
  pick(${interests}, pow(draw('interest', k), 2.5)) AS interest,
  CAST(CAST(epoch_ms(${asOf}) AS DATE) - 1 - CAST(floor(${days} * pow(draw('seen', i), 2)) AS INTEGER) AS DATE)
    AS last_seen_date
FROM kinds;

CREATE TABLE ${schema}.brand_crm AS
SELECT
  cid, email, sha256(email) AS email_sha256, education,
  pick(['Under 25k', '25k-50k', '25k-50k', '50k-75k', '50k-75k', '75k-100k', 'Over 100k'], draw('income', i))
    AS income_band,
  CASE WHEN appetite > 8 THEN 'Loyal' WHEN appetite > 2 THEN 'Regular'
    ELSE pick(['Occasional', 'Lapsed', 'New'], draw('crm segment', i)) END AS segment
FROM people WHERE drinks;

CREATE TABLE ${schema}.partner_map AS
SELECT cid, rampid FROM people WHERE drinks AND draw('partner map', i) < 0.92;

CREATE TABLE ${schema}.publisher_map AS
SELECT cid, rampid FROM people WHERE watches AND draw('publisher map', i) < 0.95;
`

/**
 * The statements that create and fill all tables. What they need on the way ends with the connection.
 *
 * @since 0.1.0
 * @category statements
 */
export const script = ({ seed, rows, asOf }: Options): string =>
  [
    `CREATE SCHEMA ${schema};`,
    helpers(seed),
    calendar(asOf),
    people(rows),
    exposures,
    conversions(asOf),
    transactions,
    persons(asOf)
  ].join("\n")
