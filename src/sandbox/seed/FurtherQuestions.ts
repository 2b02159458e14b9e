/**
 * Further seeded questions: the everyday reports, and those in which something is wrong.
 *
 * @since 0.1.0
 */
import {
  audience,
  conversions,
  crm,
  events,
  exposures,
  partnerCrm,
  people,
  plain,
  type Spec,
  transactions,
  unbound
} from "./QuestionSpec.js"

/**
 * The questions; `seed/Problems.ts` says which of them cannot do what they should.
 *
 * @since 0.1.0
 * @category models
 */
export const specs: ReadonlyArray<Spec> = [
  {
    key: "devices",
    room: "summer",
    title: "Reach by Device",
    category: "Reach",
    description: "Impressions and people on each kind of device",
    sql: `SELECT e.device_type AS device_type, COUNT(*) AS impressions, COUNT(DISTINCT e.cid) AS people
FROM @exposures e
GROUP BY e.device_type
ORDER BY people DESC`,
    macros: [exposures],
    measures: [events("impressions"), people("people")],
    dimensions: ["device_type"],
    age: 130
  },
  {
    key: "daily-case",
    room: "summer",
    title: "Creative Performance",
    category: "Reach",
    description: "Written with another spelling of its dataset",
    sql: `SELECT e.creative_id AS creative_id, COUNT(*) AS impressions, COUNT(DISTINCT e.cid) AS people
FROM @Exposures e
GROUP BY e.creative_id
ORDER BY people DESC`,
    macros: [exposures],
    measures: [events("impressions"), people("people")],
    dimensions: ["creative_id"],
    age: 72
  },
  {
    key: "mail-match",
    room: "summer",
    title: "Shared Customers by Mail",
    category: "Overlap",
    description: "Compares addresses as they are with addresses that are hashed",
    sql: `SELECT c.loyalty_tier AS loyalty_tier, COUNT(DISTINCT c.cid) AS shoppers, COUNT(DISTINCT p.cid) AS shared
FROM @retail_crm c
LEFT JOIN @partner_crm p ON p.email_sha256 = c.email
GROUP BY c.loyalty_tier
ORDER BY loyalty_tier`,
    macros: [crm, partnerCrm],
    measures: [people("shoppers"), { name: "shared", type: "INTEGER", isIdentity: false, noise: false }],
    dimensions: ["loyalty_tier"],
    age: 84
  },
  {
    key: "products",
    room: "summer",
    title: "Conversions by Product",
    category: "Sales",
    description: "What people bought from Fizzwell",
    sql:
      `SELECT v.product AS product, COUNT(DISTINCT v.cid) AS buyers, CAST(SUM(v.revenue) AS DECIMAL(12, 2)) AS revenue
FROM @conversions v
GROUP BY v.product
ORDER BY revenue DESC`,
    macros: [conversions],
    measures: [people("buyers"), plain("revenue")],
    dimensions: ["product"],
    age: 118
  },
  {
    key: "zero",
    room: "publisher",
    title: "Buyers of Fizzwell Zero",
    category: "Sales",
    description: "Buyers of a line that is not in the shops yet",
    sql: `SELECT t.store_id AS store_id, COUNT(DISTINCT t.cid) AS buyers
FROM @transactions t
WHERE t.brand = 'Fizzwell Zero'
GROUP BY t.store_id
ORDER BY buyers DESC`,
    macros: [transactions],
    measures: [people("buyers")],
    dimensions: ["store_id"],
    age: 61
  },
  {
    key: "campaigns",
    room: "publisher",
    title: "Reach by Campaign",
    category: "Reach",
    description: "People that each campaign reached",
    sql: `SELECT e.campaign_id AS campaign_id, COUNT(*) AS impressions, COUNT(DISTINCT e.cid) AS people
FROM @exposures e
GROUP BY e.campaign_id
ORDER BY people DESC`,
    macros: [exposures],
    measures: [events("impressions"), people("people")],
    dimensions: ["campaign_id"],
    age: 101
  },
  {
    key: "costs",
    room: "publisher",
    title: "Media Cost by Channel",
    category: "Reach",
    description: "What reaching people cost, by channel",
    sql: `SELECT e.channel AS channel, COUNT(DISTINCT e.cid) AS people, CAST(SUM(e.cost) AS DECIMAL(12, 2)) AS cost
FROM @exposures e
GROUP BY e.channel
ORDER BY cost DESC`,
    macros: [exposures],
    measures: [people("people"), plain("cost")],
    dimensions: ["channel"],
    age: 99
  },
  {
    key: "segment-spend",
    room: "publisher",
    title: "Spend by Segment",
    category: "Sales",
    description: "What the people in each segment spend with us",
    sql: `SELECT a.segment AS segment, COUNT(DISTINCT a.cid) AS people, CAST(SUM(t.amount) AS DECIMAL(12, 2)) AS sales
FROM @publisher_audience a
JOIN @transactions t ON t.cid = a.cid
GROUP BY a.segment
ORDER BY sales DESC`,
    macros: [audience, transactions],
    measures: [people("people"), plain("sales")],
    dimensions: ["segment"],
    age: 92
  },
  {
    key: "unfilled",
    room: "publisher",
    title: "Education of the Audience",
    category: "Profile",
    description: "Our own dataset was never chosen",
    sql: `SELECT c.education AS education, COUNT(DISTINCT a.cid) AS people
FROM @publisher_audience a
JOIN @retail_crm c ON c.cid = a.cid
GROUP BY c.education
ORDER BY people DESC`,
    macros: [audience, unbound(crm)],
    measures: [people("people")],
    dimensions: ["education"],
    age: 28
  },
  {
    key: "heavy",
    room: "publisher",
    title: "Path Lengths before Purchase",
    category: "Attribution",
    description: "Reads all impressions of all time: its runs take long",
    sql: `SELECT LEAST(seen.steps, 10) AS steps, COUNT(DISTINCT seen.cid) AS people
FROM (SELECT e.cid, COUNT(*) AS steps FROM @exposures e JOIN @transactions t ON t.cid = e.cid GROUP BY e.cid) seen
GROUP BY LEAST(seen.steps, 10)
ORDER BY steps`,
    macros: [exposures, transactions],
    measures: [people("people")],
    dimensions: ["steps"],
    age: 76
  },
  {
    key: "members-loyalty-tier",
    room: "loyalty",
    title: "Members by Tier",
    category: "Profile",
    description: "How many members there are of each kind",
    sql: `SELECT c.loyalty_tier AS loyalty_tier, COUNT(DISTINCT c.cid) AS shoppers
FROM @retail_crm c
GROUP BY c.loyalty_tier
ORDER BY shoppers DESC`,
    macros: [{ ...crm, bound: "loyalty" }],
    measures: [people("shoppers")],
    dimensions: ["loyalty_tier"],
    age: 79
  },
  {
    key: "members-postal-code",
    room: "loyalty",
    title: "Members by Postal Code",
    category: "Profile",
    description: "How many members there are of each kind",
    sql: `SELECT c.postal_code AS postal_code, COUNT(DISTINCT c.cid) AS shoppers
FROM @retail_crm c
GROUP BY c.postal_code
ORDER BY shoppers DESC`,
    macros: [{ ...crm, bound: "loyalty" }],
    measures: [people("shoppers")],
    dimensions: ["postal_code"],
    age: 78
  },
  {
    key: "members-education",
    room: "loyalty",
    title: "Members by Education",
    category: "Profile",
    description: "How many members there are of each kind",
    sql: `SELECT c.education AS education, COUNT(DISTINCT c.cid) AS shoppers
FROM @retail_crm c
GROUP BY c.education
ORDER BY shoppers DESC`,
    macros: [{ ...crm, bound: "loyalty" }],
    measures: [people("shoppers")],
    dimensions: ["education"],
    age: 77
  },
  {
    key: "members-household-size",
    room: "loyalty",
    title: "Members by Household Size",
    category: "Profile",
    description: "How many members there are of each kind",
    sql: `SELECT c.household_size AS household_size, COUNT(DISTINCT c.cid) AS shoppers
FROM @retail_crm c
GROUP BY c.household_size
ORDER BY shoppers DESC`,
    macros: [{ ...crm, bound: "loyalty" }],
    measures: [people("shoppers")],
    dimensions: ["household_size"],
    age: 75
  },
  {
    key: "tier-sales",
    room: "loyalty",
    title: "Sales by Loyalty Tier",
    category: "Sales",
    description: "What each tier buys",
    sql:
      `SELECT c.loyalty_tier AS loyalty_tier, COUNT(DISTINCT t.cid) AS shoppers, CAST(SUM(t.amount) AS DECIMAL(12, 2)) AS sales
FROM @transactions t
JOIN @retail_crm c ON c.cid = t.cid
GROUP BY c.loyalty_tier
ORDER BY sales DESC`,
    macros: [{ ...transactions, bound: "baskets" }, { ...crm, bound: "loyalty" }],
    measures: [people("shoppers"), plain("sales")],
    dimensions: ["loyalty_tier"],
    age: 74
  },
  {
    key: "sales-store-id",
    room: "agency",
    title: "Sales by Store",
    category: "Sales",
    description: "Shoppers and sales, for the monthly report",
    sql:
      `SELECT t.store_id AS store_id, COUNT(DISTINCT t.cid) AS shoppers, CAST(SUM(t.amount) AS DECIMAL(12, 2)) AS sales
FROM @transactions t
GROUP BY t.store_id
ORDER BY sales DESC`,
    macros: [transactions],
    measures: [people("shoppers"), plain("sales")],
    dimensions: ["store_id"],
    age: 65
  },
  {
    key: "sales-brand",
    room: "agency",
    title: "Sales by Brand",
    category: "Sales",
    description: "Shoppers and sales, for the monthly report",
    sql: `SELECT t.brand AS brand, COUNT(DISTINCT t.cid) AS shoppers, CAST(SUM(t.amount) AS DECIMAL(12, 2)) AS sales
FROM @transactions t
GROUP BY t.brand
ORDER BY sales DESC`,
    macros: [transactions],
    measures: [people("shoppers"), plain("sales")],
    dimensions: ["brand"],
    age: 64
  },
  {
    key: "sales-product-category",
    room: "agency",
    title: "Sales by Category",
    category: "Sales",
    description: "Shoppers and sales, for the monthly report",
    sql:
      `SELECT t.product_category AS product_category, COUNT(DISTINCT t.cid) AS shoppers, CAST(SUM(t.amount) AS DECIMAL(12, 2)) AS sales
FROM @transactions t
GROUP BY t.product_category
ORDER BY sales DESC`,
    macros: [transactions],
    measures: [people("shoppers"), plain("sales")],
    dimensions: ["product_category"],
    age: 63
  },
  {
    key: "agency-reach",
    room: "agency",
    title: "Reach by Channel",
    category: "Reach",
    description: "For the monthly report",
    sql: `SELECT e.channel AS channel, COUNT(*) AS impressions, COUNT(DISTINCT e.cid) AS people
FROM @exposures e
GROUP BY e.channel
ORDER BY people DESC`,
    macros: [exposures],
    measures: [events("impressions"), people("people")],
    dimensions: ["channel"],
    age: 62
  },
  {
    key: "agency-segments",
    room: "agency",
    title: "Reach by Segment",
    category: "Reach",
    description: "Lumen Street has not chosen its audience yet",
    sql: `SELECT a.segment AS segment, COUNT(DISTINCT e.cid) AS people
FROM @exposures e
JOIN @publisher_audience a ON a.cid = e.cid
GROUP BY a.segment
ORDER BY people DESC`,
    macros: [exposures, unbound(audience)],
    measures: [people("people")],
    dimensions: ["segment"],
    age: 21
  },
  {
    key: "spring-sales",
    room: "spring",
    title: "Spring Launch Sales",
    category: "Sales",
    description: "Sales during the launch",
    sql: `SELECT t.brand AS brand, COUNT(DISTINCT t.cid) AS shoppers, CAST(SUM(t.amount) AS DECIMAL(12, 2)) AS sales
FROM @transactions t
GROUP BY t.brand
ORDER BY sales DESC`,
    macros: [transactions],
    measures: [people("shoppers"), plain("sales")],
    dimensions: ["brand"],
    age: 158
  },
  {
    key: "spring-buyers",
    room: "spring",
    title: "Spring Launch Buyers",
    category: "Sales",
    description: "Buyers among the people whom the launch reached",
    sql: `SELECT e.channel AS channel, COUNT(DISTINCT t.cid) AS buyers
FROM @exposures e
JOIN @transactions t ON t.cid = e.cid
GROUP BY e.channel
ORDER BY buyers DESC`,
    macros: [exposures, transactions],
    measures: [people("buyers")],
    dimensions: ["channel"],
    age: 156
  },
  {
    key: "marketplace-private",
    room: "marketplace",
    title: "Audience Price List",
    category: "Overlap",
    description: "Lumen Street runs this one itself",
    sql: `SELECT a.segment AS segment, COUNT(DISTINCT a.cid) AS people
FROM @publisher_audience a
GROUP BY a.segment
ORDER BY people DESC`,
    macros: [audience],
    measures: [people("people")],
    dimensions: ["segment"],
    age: 86,
    owner: "publisher",
    withheld: ["RUN", "VIEW_RESULTS"]
  },
  {
    key: "marketplace-interests",
    room: "marketplace",
    title: "Interests of Shoppers",
    category: "Profile",
    description: "What a retailer's shoppers are interested in",
    sql: `SELECT a.interest AS interest, COUNT(DISTINCT c.cid) AS shoppers
FROM @publisher_audience a
JOIN @retail_crm c ON c.cid = a.cid
GROUP BY a.interest
ORDER BY shoppers DESC`,
    macros: [audience, crm],
    measures: [people("shoppers")],
    dimensions: ["interest"],
    age: 82,
    owner: "publisher"
  },
  {
    key: "marketplace-missing",
    room: "marketplace",
    title: "Exposure of Shoppers",
    category: "Reach",
    description: "Waits for the publisher's impressions",
    sql: `SELECT e.channel AS channel, COUNT(DISTINCT c.cid) AS shoppers
FROM @exposures e
JOIN @retail_crm c ON c.cid = e.cid
GROUP BY e.channel
ORDER BY shoppers DESC`,
    macros: [unbound(exposures), crm],
    measures: [people("shoppers")],
    dimensions: ["channel"],
    age: 40,
    owner: "publisher"
  },
  {
    key: "households",
    room: "publisher",
    title: "Households of Members",
    category: "Profile",
    description: "How large the households of loyalty members are",
    sql: `SELECT m.household_size AS household_size, COUNT(DISTINCT m.cid) AS people
FROM @members m
GROUP BY 1
ORDER BY 1`,
    macros: [{ macro: "members", dataType: "MemberProfile", owner: "retailer", bound: "members", table: "retail_crm" }],
    measures: [people("people")],
    dimensions: ["household_size"],
    age: 12
  },
  {
    key: "till-stores",
    room: "loyalty",
    title: "Receipts by Store",
    category: "Sales",
    description: "How many shoppers each store's tills saw",
    sql: `SELECT r.store_id AS store_id, COUNT(DISTINCT r.cid) AS shoppers
FROM @receipts r
GROUP BY 1
ORDER BY shoppers DESC`,
    macros: [{
      macro: "receipts",
      dataType: "Generic",
      owner: "retailer",
      bound: "tills",
      table: "retail_transactions"
    }],
    measures: [people("shoppers")],
    dimensions: ["store_id"],
    age: 30
  },
  {
    key: "agency-tiers",
    room: "agency",
    title: "Members by Tier for the Agency",
    category: "Profile",
    description: "Loyalty tiers, for the agency's plan",
    sql: `SELECT c.loyalty_tier AS loyalty_tier, COUNT(DISTINCT c.cid) AS people
FROM @retail_crm c
GROUP BY 1
ORDER BY people DESC`,
    macros: [{ ...crm, bound: "loyalty" }],
    measures: [people("people")],
    dimensions: ["loyalty_tier"],
    age: 21
  },
  {
    key: "recent-segments",
    room: "publisher",
    title: "Segments Seen Lately",
    category: "Reach",
    description: "How many people of each segment were seen lately",
    sql: `SELECT a.segment AS segment, COUNT(DISTINCT a.cid) AS people
FROM @publisher_audience a
GROUP BY 1
ORDER BY people DESC`,
    macros: [audience],
    measures: [people("people")],
    dimensions: ["segment"],
    age: 9
  }
]
