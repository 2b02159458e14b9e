/**
 * The seeded questions and their datasets.
 *
 * @since 0.1.0
 */
import type { QuestionDetails } from "../../habu/api/Questions.js"
import * as Ids from "../Ids.js"
import * as RoomQuestions from "../RoomQuestions.js"
import type * as Rows from "../Rows.js"
import * as Tables from "../Tables.js"
import type * as World from "../World.js"
import * as CleanRooms from "./CleanRooms.js"
import * as Connections from "./Connections.js"
import * as FurtherQuestions from "./FurtherQuestions.js"
import * as Organizations from "./Organizations.js"
import {
  audience,
  conversions,
  crm,
  events,
  exposures,
  type Macro,
  partnerCrm,
  partnerMap,
  people,
  plain,
  publisherMap,
  type Spec,
  transactions,
  unbound
} from "./QuestionSpec.js"

/**
 * The question of the demo: five channels, how many people they reached, who of them bought Fizzwell and for how much.
 *
 * @since 0.1.0
 * @category models
 */
export const hero = "Campaign reach and sales overlap"

const audienceOverlap = `SELECT @publisher_audience.@segment AS segment,
  COUNT(DISTINCT @publisher_audience.@cid) AS people,
  COUNT(DISTINCT @retail_crm.@cid) AS known_shoppers
FROM @publisher_audience
LEFT JOIN @retail_crm ON @retail_crm.@cid = @publisher_audience.@cid
GROUP BY @publisher_audience.@segment
ORDER BY people DESC`

const specs: ReadonlyArray<Spec> = [
  {
    key: "hero",
    room: "summer",
    title: hero,
    category: "Reach",
    description: "How many people each channel reached, and what those people bought of Fizzwell in our shops",
    sql: `SELECT seen.channel AS channel,
  COUNT(DISTINCT seen.cid) AS people_reached,
  COUNT(DISTINCT bought.cid) AS buyers,
  CAST(100.0 * COUNT(DISTINCT bought.cid) / COUNT(DISTINCT seen.cid) AS DECIMAL(5, 1)) AS buyers_percent,
  CAST(COALESCE(SUM(bought.sales), 0) AS DECIMAL(12, 2)) AS sales
FROM (SELECT DISTINCT @exposures.@channel AS channel, @exposures.@cid AS cid FROM @exposures) seen
LEFT JOIN (
  SELECT @transactions.@cid AS cid, SUM(@transactions.@amount) AS sales
  FROM @transactions
  WHERE @transactions.@brand = 'Fizzwell'
  GROUP BY @transactions.@cid
) bought ON bought.cid = seen.cid
GROUP BY seen.channel
ORDER BY people_reached DESC`,
    macros: [exposures, transactions],
    measures: [people("people_reached"), people("buyers"), plain("buyers_percent"), plain("sales")],
    dimensions: ["channel"],
    tags: ["summer"],
    age: 150
  },
  {
    key: "attribution",
    room: "summer",
    title: "Last Touch Attribution by Channel",
    category: "Attribution",
    description: "Credits each conversion to the last ad seen within the window: clicks and impressions count apart",
    sql: `SELECT touched.channel AS channel, COUNT(*) AS conversions, COUNT(DISTINCT touched.rampid) AS converters,
  CAST(SUM(touched.revenue) AS DECIMAL(12, 2)) AS revenue
FROM (
  SELECT bought.transaction_id, MAX(bought.rampid) AS rampid, MAX(bought.revenue) AS revenue,
    MAX_BY(seen.channel, seen.at) AS channel
  FROM (
    SELECT @conversions.@transaction_id AS transaction_id, @partnermap.@rampid AS rampid,
      @conversions.@revenue AS revenue, unix_timestamp(@conversions.@conversion_timestamp) AS at
    FROM @conversions JOIN @partnermap ON @partnermap.@cid = @conversions.@cid
  ) bought
  JOIN (
    SELECT @pubmap.@rampid AS rampid, @exposures.@channel AS channel,
      unix_timestamp(@exposures.@impression_timestamp) AS at
    FROM @exposures JOIN @pubmap ON @pubmap.@cid = @exposures.@cid
  ) seen ON seen.rampid = bought.rampid
  WHERE bought.at >= seen.at
    AND bought.at - seen.at <= 86400 * CASE WHEN seen.channel IN ('Display', 'Social')
      THEN @click_attribution_window ELSE @imp_attribution_window END
  GROUP BY bought.transaction_id
) touched
GROUP BY touched.channel
ORDER BY revenue DESC`,
    macros: [exposures, conversions, partnerMap, publisherMap],
    measures: [events("conversions"), people("converters"), plain("revenue")],
    dimensions: ["channel"],
    parameters: [
      {
        name: "click_attribution_window",
        type: "INTEGER",
        displayName: "Click window (days)",
        description: "Days after an ad on a clickable channel in which a conversion is credited to it",
        exampleValue: "14"
      },
      {
        name: "imp_attribution_window",
        type: "INTEGER",
        displayName: "Impression window (days)",
        description: "Days after any other ad in which a conversion is credited to it",
        exampleValue: "30"
      }
    ],
    constraints: { imp_attribution_window: { type: "DEFAULT_VALUE", allowed: [], defaultValue: "30" } },
    age: 141
  },
  {
    key: "profile",
    room: "summer",
    title: "CRM Profile of Shared Customers ",
    category: "Profile",
    description: "Who the people are that shop with us and are known to Fizzwell, by one attribute",
    sql: `SELECT CASE @CRM_ATTRIBUTE
    WHEN 'EDUCATION' THEN @partner_crm.@education
    WHEN 'INCOME' THEN @partner_crm.@income_band
    WHEN 'AGE' THEN @retail_crm.@age_band
    ELSE @retail_crm.@loyalty_tier END AS attribute_value,
  COUNT(DISTINCT @retail_crm.@cid) AS people
FROM @retail_crm
JOIN @partner_crm ON @partner_crm.@email_sha256 = @retail_crm.@email_sha256
GROUP BY 1
ORDER BY people DESC`,
    macros: [crm, partnerCrm],
    measures: [people("people")],
    dimensions: ["attribute_value"],
    parameters: [{
      name: "CRM_ATTRIBUTE",
      type: "STRING",
      displayName: "Attribute",
      description: "The attribute to profile by",
      exampleValue: "EDUCATION"
    }],
    constraints: {
      CRM_ATTRIBUTE: {
        type: "ENFORCED_LIST",
        allowed: ["EDUCATION", "INCOME", "AGE", "LOYALTY"],
        defaultValue: undefined
      }
    },
    age: 139
  },
  {
    key: "overlap",
    room: "summer",
    title: "6: Attribute Level Overlap - Loyalty Tier",
    category: "Overlap",
    description: "How much of each loyalty tier Fizzwell knows too",
    sql: `SELECT @retail_crm.@loyalty_tier AS loyalty_tier,
  COUNT(DISTINCT @retail_crm.@cid) AS shoppers,
  COUNT(DISTINCT @partner_crm.@cid) AS shared,
  CAST(100.0 * COUNT(DISTINCT @partner_crm.@cid) / COUNT(DISTINCT @retail_crm.@cid) AS DECIMAL(5, 1)) AS overlap_percent
FROM @retail_crm
LEFT JOIN @partner_crm ON @partner_crm.@cid = @retail_crm.@cid
GROUP BY @retail_crm.@loyalty_tier
ORDER BY shoppers DESC`,
    macros: [crm, partnerCrm],
    measures: [people("shoppers"), people("shared"), plain("overlap_percent")],
    dimensions: ["loyalty_tier"],
    age: 138
  },
  {
    key: "exposed-buyers",
    room: "summer",
    title: "Exposed Buyers - User List",
    category: "Activation",
    description: "People who saw the campaign and bought beverages, for activation",
    sql: `SELECT DISTINCT @pubmap.@rampid AS rampid
FROM @pubmap
JOIN @exposures ON @exposures.@cid = @pubmap.@cid
JOIN @transactions ON @transactions.@cid = @pubmap.@cid
WHERE @transactions.@product_category = 'Beverages'`,
    macros: [publisherMap, exposures, transactions],
    list: ["rampid"],
    age: 96
  },
  {
    key: "segment-mix",
    room: "summer",
    title: "Segment Mix of a People List",
    category: "Profile",
    description: "Lumen Street's segments among the people of a list, as a flow's second step",
    sql: `SELECT @publisher_audience.@segment AS segment, COUNT(DISTINCT @people.@rampid) AS people
FROM @people
JOIN @publisher_audience ON @publisher_audience.@rampid = @people.@rampid
GROUP BY @publisher_audience.@segment
ORDER BY people DESC`,
    macros: [{ macro: "people", dataType: "UserData", owner: "retailer" }, audience],
    measures: [people("people")],
    dimensions: ["segment"],
    age: 58
  },
  {
    key: "contacts",
    room: "summer",
    title: "Loyal Members Contact Sheet",
    category: "Profile",
    description: "Loyal members that Fizzwell knows, with their mail addresses",
    sql: `WITH members AS (
  SELECT @retail_crm.@email AS contact, @retail_crm.@loyalty_tier AS tier, @retail_crm.@cid AS cid FROM @retail_crm
)
SELECT members.contact AS contact, members.tier AS tier
FROM members
JOIN @partner_crm ON @partner_crm.@cid = members.cid
WHERE members.tier = 'Platinum'`,
    macros: [crm, partnerCrm],
    dimensions: ["contact", "tier"],
    age: 60
  },
  {
    key: "interests",
    room: "publisher",
    title: "Audience Interests among Shoppers",
    category: "Profile",
    description: "What our shoppers in Lumen Street's audience are interested in; rare interests stay hidden",
    sql: `SELECT @publisher_audience.@interest AS interest, COUNT(DISTINCT @retail_crm.@cid) AS shoppers
FROM @retail_crm
JOIN @publisher_audience ON @publisher_audience.@cid = @retail_crm.@cid
WHERE @retail_crm.@loyalty_tier IN ('Gold', 'Platinum')
GROUP BY @publisher_audience.@interest
ORDER BY shoppers DESC`,
    macros: [crm, audience],
    measures: [people("shoppers")],
    dimensions: ["interest"],
    age: 110
  },
  {
    key: "global",
    room: "publisher",
    title: "Audience Overlap by Segment and Region - Global ",
    category: "Overlap",
    description: "Shoppers in each of Lumen Street's segments",
    sql: audienceOverlap,
    macros: [audience, crm],
    measures: [people("people"), people("known_shoppers")],
    dimensions: ["segment"],
    age: 108
  },
  {
    key: "global-copy",
    room: "publisher",
    title: "Audience Overlap by Segment and Region - Global",
    category: "Overlap",
    description: "A second copy whose audience was never assigned",
    sql: audienceOverlap,
    macros: [unbound(audience), crm],
    measures: [people("people"), people("known_shoppers")],
    dimensions: ["segment"],
    age: 30
  },
  {
    key: "frequency",
    room: "publisher",
    title: "Ad Frequency and Sales",
    category: "Frequency",
    description: "Whether people who see more ads buy more",
    sql: `SELECT LEAST(seen.times, 8) AS times_seen, COUNT(DISTINCT seen.cid) AS people,
  CAST(AVG(COALESCE(bought.amount, 0)) AS DECIMAL(10, 2)) AS spend_per_person
FROM (SELECT e.cid, COUNT(*) AS times FROM @exposures e GROUP BY e.cid) seen
LEFT JOIN (SELECT t.cid, SUM(t.amount) AS amount FROM @transactions t GROUP BY t.cid) bought ON bought.cid = seen.cid
GROUP BY LEAST(seen.times, 8)
ORDER BY times_seen`,
    macros: [exposures, transactions],
    measures: [people("people"), plain("spend_per_person")],
    dimensions: ["times_seen"],
    age: 104
  },
  {
    key: "baskets",
    room: "loyalty",
    title: "Basket Size by Age Band",
    category: "Sales",
    description: "Spend per visit and shopper by age",
    sql: `SELECT @retail_crm.@age_band AS age_band, COUNT(DISTINCT @transactions.@cid) AS shoppers,
  CAST(AVG(@transactions.@amount) AS DECIMAL(10, 2)) AS basket
FROM @transactions
JOIN @retail_crm ON @retail_crm.@cid = @transactions.@cid
GROUP BY @retail_crm.@age_band
ORDER BY age_band`,
    macros: [{ ...transactions, bound: "baskets" }, { ...crm, bound: "loyalty" }],
    measures: [people("shoppers"), plain("basket")],
    dimensions: ["age_band"],
    age: 80
  },
  {
    key: "weekly",
    room: "agency",
    title: "Weekly Sales by Category",
    category: "Sales",
    description: "Sales of each category, week by week",
    sql: `SELECT date_format(t.transaction_date, 'yyyy-MM-dd') AS day, t.product_category AS product_category,
  COUNT(DISTINCT t.cid) AS shoppers, CAST(SUM(t.amount) AS DECIMAL(12, 2)) AS sales
FROM @transactions t
GROUP BY 1, 2
ORDER BY 1, 2`,
    macros: [transactions],
    measures: [people("shoppers"), plain("sales")],
    dimensions: ["day", "product_category"],
    multipleOutputs: true,
    age: 66
  },
  {
    key: "spring-reach",
    room: "spring",
    title: "Spring Launch Reach",
    category: "Reach",
    description: "People reached by the spring launch",
    sql: `SELECT @exposures.@campaign_id AS campaign, COUNT(DISTINCT @exposures.@cid) AS people
FROM @exposures GROUP BY @exposures.@campaign_id ORDER BY people DESC`,
    macros: [exposures],
    measures: [people("people")],
    dimensions: ["campaign"],
    age: 160
  },
  {
    key: "marketplace-segments",
    room: "marketplace",
    owner: "publisher",
    title: "Segment Sizes for Retail Partners",
    category: "Overlap",
    description: "How many of a retailer's shoppers are in each segment",
    sql: audienceOverlap,
    macros: [audience, crm],
    measures: [people("people"), people("known_shoppers")],
    dimensions: ["segment"],
    age: 88
  },
  {
    key: "foreign-panel",
    room: "foreign",
    owner: "outsider",
    title: "Panel Coverage",
    category: "Overlap",
    description: "Another organisation's question",
    sql: "SELECT COUNT(*) AS people FROM @panel",
    macros: [{ macro: "panel", dataType: "UserData", owner: "outsider" }],
    measures: [people("people")],
    age: 50
  }
]

const day = 86_400_000

/**
 * The id of a seeded question, outside any clean room.
 *
 * @since 0.1.0
 * @category getters
 */
export const questionId = (world: World.Service, key: string): string => Ids.uuid(world.seed, `question/${key}`)

/**
 * The id of a seeded clean room question.
 *
 * @since 0.1.0
 * @category getters
 */
export const idOf = (world: World.Service, key: string): string => Ids.uuid(world.seed, `cleanRoomQuestion/${key}`)

const fieldsOf = (macro: Macro) => {
  const table = macro.table === undefined
    ? Tables.tables.find((item) => item.dataType === macro.dataType && item.owner === macro.owner)
    : Tables.find(macro.table)
  return (table?.columns ?? []).map(({ name, type }) => ({ name, type }))
}

const definitionOf = (spec: Spec, roomType: string): QuestionDetails => ({
  title: spec.title,
  category: spec.category,
  tags: spec.tags ?? [],
  description: spec.description,
  version: 1,
  hasDateParameters: false,
  hasDateFilter: false,
  isAnalytics: spec.list === undefined,
  isUserListQuestion: spec.list !== undefined,
  isCleanComputeQuestion: false,
  outputFormat: spec.list === undefined ? "REPORT" : "LIST",
  visualization: "NO_CHART",
  hasMultipleOutputs: spec.multipleOutputs ?? false,
  queryDetails: [{ query: spec.sql, cleanRoomType: roomType, queryLanguage: "SQL" }],
  dataTypes: spec.macros.map((macro) => ({
    id: `${spec.key}/${macro.macro}`,
    macro: macro.macro,
    importDataType: macro.dataType,
    dataSetTypeFields: fieldsOf(macro)
  })),
  parameters: spec.parameters ?? [],
  measures: spec.measures ?? [],
  dimensions: (spec.dimensions ?? []).map((name) => ({ name, type: "STRING" })),
  userListOutputs: (spec.list ?? []).map((name) => ({ name, type: "STRING" }))
})

const bindingOf = (world: World.Service, spec: Spec, createdAt: number) => (macro: Macro): Rows.Binding => ({
  id: Ids.uuid(world.seed, `binding/${spec.key}/${macro.macro}`),
  macro: macro.macro,
  ownerId: Organizations.idOf(world, macro.owner),
  datasetId: macro.bound === undefined ? undefined : Connections.datasetId(world, spec.room, macro.bound),
  columns: {},
  assignedAt: macro.bound === undefined ? undefined : createdAt + day
})

/** Questions that were there before a clean room's defaults changed keep what they had. */
const permissionsOf = (world: World.Service, spec: Spec, room: Rows.CleanRoom | undefined) =>
  RoomQuestions.standardPermissions(world, spec.age < CleanRooms.defaultsAge ? room?.granted ?? [] : []).map((item) =>
    spec.withheld?.includes(item.permission) === true ? { ...item, access: "QUESTION_OWNER_ONLY" } : item
  )

const plantQuestion = (world: World.Service, spec: Spec, now: number) => {
  const room = world.cleanRooms.get(CleanRooms.idOf(world, spec.room))
  const createdAt = now - spec.age * day
  const ownerId = Organizations.idOf(world, spec.owner ?? "retailer")
  const question = world.questions.put({
    id: questionId(world, spec.key),
    displayId: world.ids.displayId("Q"),
    organizationId: ownerId,
    versions: [definitionOf(spec, room?.type ?? "Hybrid")],
    createdAt
  })
  world.cleanRoomQuestions.put({
    id: idOf(world, spec.key),
    displayId: world.ids.displayId("CRQ"),
    cleanRoomId: CleanRooms.idOf(world, spec.room),
    questionId: question.id,
    ownerId,
    isEditable: true,
    computeCapacity: "DEFAULT",
    bindings: spec.macros.map(bindingOf(world, spec, createdAt)),
    constraints: spec.constraints ?? {},
    permissions: permissionsOf(world, spec, room),
    shares: [],
    segmentation: undefined,
    createdAt
  })
}

/**
 * Plants questions.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, now: number): void => {
  for (const spec of [...specs, ...FurtherQuestions.specs]) plantQuestion(world, spec, now)
}
