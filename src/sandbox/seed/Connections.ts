/**
 * The seeded data connections, in every stage, and the datasets made of them.
 *
 * @since 0.1.0
 */
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Connections from "../Connections.js"
import * as Ids from "../Ids.js"
import type * as Rows from "../Rows.js"
import * as Storage from "../Storage.js"
import * as Wording from "../Wording.js"
import type * as World from "../World.js"
import * as CleanRooms from "./CleanRooms.js"
import { long, s3, snowflake, type Spec } from "./ConnectionSpec.js"
import * as FlawedConnections from "./FlawedConnections.js"
import * as Organizations from "./Organizations.js"

const credentials: ReadonlyArray<
  readonly [key: string, name: string, source: string, values: { readonly [field: string]: string }]
> = [
  ["aws", "Alder & Pine AWS", "AWS IAM User Credentials", {
    AWS_ACCESS_KEY_ID: "AKIAALDERPINE0000001",
    AWS_SECRET_ACCESS_KEY: "synthetic/secret/of/the/seeded/retailer0",
    AWS_USER_ARN: "arn:aws:iam::000000000000:user/habu",
    AWS_REGION: "us-east-1"
  }],
  ["gcp", "Alder & Pine GCP", "Google Service Account", {
    GCP_PROJECT_ID: "alder-pine",
    GCP_SERVICE_ACCOUNT_JSON: "{\"private_key\": \"synthetic\"}"
  }],
  ["snowflake", "Alder & Pine Snowflake", "Snowflake Account", {
    SNOWFLAKE_ACCOUNT: "alder_pine",
    SNOWFLAKE_ROLE: "HABU",
    SNOWFLAKE_WAREHOUSE: "CLEAN_ROOM"
  }],
  ["reporting", "Alder & Pine Snowflake (Reporting)", "Snowflake Account", {
    SNOWFLAKE_ACCOUNT: "alder_pine",
    SNOWFLAKE_ROLE: "HABU",
    SNOWFLAKE_WAREHOUSE: "REPORTING"
  }],
  ["key-pair", "Alder & Pine Snowflake (Key Pair)", "Snowflake Account With Credentials", {
    SNOWFLAKE_ACCOUNT: "alder_pine",
    SNOWFLAKE_USER: "HABU",
    SNOWFLAKE_PRIVATE_KEY: "-----BEGIN ENCRYPTED PRIVATE KEY-----\nsynthetic\n-----END ENCRYPTED PRIVATE KEY-----",
    SNOWFLAKE_WAREHOUSE: "CLEAN_ROOM"
  }],
  ["liveramp", "LiveRamp Service Account", "Google Service Account", {}]
]

const credentialOf: { readonly [source: string]: string } = {
  BIGQUERY_VIEW: "gcp",
  CLIENT_AWS: "aws",
  GCS: "gcp",
  SNOWFLAKE: "snowflake",
  SNOWFLAKE_TABLE: "key-pair"
}

const specs: ReadonlyArray<Spec> = [
  {
    key: "crm",
    name: "Alder & Pine CRM",
    category: "CRM",
    dataType: "CRM",
    source: "CLIENT_AWS",
    configuration: s3("s3://alder-pine-data/retail_crm/"),
    mapped: true,
    checked: long
  },
  {
    key: "transactions",
    name: "Alder & Pine Transactions",
    category: "Transactions",
    dataType: "Transaction",
    source: "CLIENT_AWS",
    configuration: s3("s3://alder-pine-data/retail_transactions/", { JobFrequency: "WEEKLY" }),
    mapped: true,
    checked: long
  },
  {
    key: "loyalty",
    name: "Loyalty CRM (Snowflake)",
    category: "CRM",
    dataType: "CRM",
    source: "SNOWFLAKE",
    configuration: snowflake("ALDER_PINE", "RETAIL_CRM"),
    mapped: true,
    checked: long
  },
  {
    key: "baskets",
    name: "Baskets (Snowflake)",
    category: "Transactions",
    dataType: "Transaction",
    source: "SNOWFLAKE",
    configuration: snowflake("ALDER_PINE", "RETAIL_TRANSACTIONS"),
    mapped: true,
    checked: long
  },
  {
    key: "audience-copy",
    name: "CRM for Activation",
    category: "CRM",
    dataType: "UserData",
    source: "GCS",
    configuration: { ...s3("gs://alder-pine-data/retail_crm/"), FileFormat: "CSV" },
    mapped: true,
    checked: long
  },
  {
    key: "store-sales",
    name: "Store Sales (GCS)",
    category: "Transactions",
    dataType: "Transaction",
    source: "GCS",
    configuration: s3("gs://alder-pine-data/retail_transactions/stores/"),
    mapped: false,
    checked: 2_900
  },
  {
    key: "crm-upload",
    name: "CRM Test Upload ",
    category: "CRM",
    dataType: "CRM",
    source: "LOCAL_UPLOAD",
    configuration: { FileName: "retail_crm.csv" },
    mapped: false,
    checked: 5_500
  },
  {
    key: "legacy",
    name: "Legacy Shop Export",
    category: "Transactions",
    dataType: "Transaction",
    source: "CLIENT_AWS",
    configuration: s3("s3://legacy-shop-exports/retail_transactions/"),
    mapped: false,
    checked: 9_000
  },
  {
    key: "ad-server",
    name: "Ad Server Logs",
    category: "Ad Logs",
    dataType: "AdLogs",
    source: "GCS",
    configuration: s3("gs://adserver-shared/impressions/"),
    mapped: false,
    checked: 12_400
  },
  {
    key: "coupons",
    name: "Weekly Coupons",
    category: "Generic",
    dataType: "Generic",
    source: "CLIENT_AWS",
    configuration: s3("s3://alder-pine-data/coupons/"),
    mapped: false,
    checked: 4_300
  },
  {
    key: "prices",
    name: "Seasonal Price List",
    category: "Generic",
    dataType: "Generic",
    source: "LOCAL_UPLOAD",
    configuration: { FileName: "price_list.csv" },
    mapped: false,
    checked: 700
  },
  {
    key: "backfill",
    name: "Transactions Backfill",
    category: "Transactions",
    dataType: "Transaction",
    source: "CLIENT_AWS",
    configuration: s3("s3://alder-pine-data/backfill/retail_transactions/"),
    mapped: false,
    checked: 0
  },
  {
    key: "brand-crm",
    owner: "brand",
    name: "Fizzwell Consumers",
    category: "CRM",
    dataType: "CRM",
    source: "CLIENT_AWS",
    configuration: s3("s3://fizzwell-data/brand_crm/"),
    mapped: true,
    checked: long
  },
  {
    key: "conversions",
    owner: "brand",
    name: "Fizzwell Conversions",
    category: "Conversions",
    dataType: "Conversion",
    source: "CLIENT_AWS",
    configuration: s3("s3://fizzwell-data/brand_conversions/"),
    mapped: true,
    checked: long
  },
  {
    key: "partner-map",
    owner: "brand",
    name: "Fizzwell RampID Map",
    category: "Generic",
    dataType: "UserSegmentMap",
    source: "CLIENT_AWS",
    configuration: s3("s3://fizzwell-data/partner_map/"),
    mapped: true,
    checked: long
  },
  {
    key: "exposures",
    owner: "publisher",
    name: "Lumen Street Exposures",
    category: "Ad Logs",
    dataType: "AdExposure",
    source: "GCS",
    configuration: s3("gs://lumen-street-logs/publisher_exposures/"),
    mapped: true,
    checked: long
  },
  {
    key: "audience",
    owner: "publisher",
    name: "Lumen Street Audience",
    category: "CRM",
    dataType: "UserData",
    source: "GCS",
    configuration: s3("gs://lumen-street-logs/publisher_audience/"),
    mapped: true,
    checked: long
  },
  {
    key: "publisher-map",
    owner: "publisher",
    name: "Lumen Street RampID Map",
    category: "Generic",
    dataType: "UserSegmentMap",
    source: "GCS",
    configuration: s3("gs://lumen-street-logs/publisher_map/"),
    mapped: true,
    checked: long
  }
]

const datasets: ReadonlyArray<readonly [CleanRooms.Key, ReadonlyArray<string>]> = [
  [
    "summer",
    ["crm", "transactions", "brand-crm", "conversions", "partner-map", "exposures", "audience", "publisher-map"]
  ],
  ["publisher", ["crm", "transactions", "exposures", "audience", "members"]],
  ["loyalty", ["loyalty", "baskets", "tills"]],
  ["spring", ["crm", "transactions", "exposures", "conversions"]],
  ["agency", ["transactions", "exposures", "loyalty"]],
  ["marketplace", ["crm", "audience", "exposures"]]
]

/**
 * A seeded data connection's id.
 *
 * @since 0.1.0
 * @category getters
 */
export const idOf = (world: World.Service, key: string): string => Ids.uuid(world.seed, `dataConnection/${key}`)

/**
 * The id of the dataset that a seeded data connection is in a clean room.
 *
 * @since 0.1.0
 * @category getters
 */
export const datasetId = (world: World.Service, room: CleanRooms.Key, key: string): string =>
  Ids.uuid(world.seed, `dataset/${room}/${key}`)

const credentialId = (world: World.Service, key: string) => Ids.uuid(world.seed, `credential/${key}`)

const plantCredential = (
  world: World.Service,
  [key, name, sourceName, values]: typeof credentials[number],
  now: number
) => {
  const createdAt = now - 170 * 86_400_000
  world.credentials.put({
    id: credentialId(world, key),
    organizationId: world.organizationId,
    name,
    sourceName,
    values: Object.fromEntries(Object.entries(values).map(([field, value]) => [field, Redacted.make(value)])),
    createdAt,
    updatedAt: createdAt
  })
}

const withFields = (world: World.Service, row: Rows.DataConnection): Rows.DataConnection => {
  const table = row.mapped ? Connections.table(world, row) : undefined
  if (table === undefined) return row
  const seen = Connections.fieldsOf(world, row.id, table, true)
    .filter(({ fieldName = "" }) => !row.unseen.includes(fieldName))
  return { ...row, fields: Storage.read(world, row, seen) }
}

const credentialFor = (spec: Spec) =>
  spec.owner === undefined ? spec.credential ?? credentialOf[spec.source] : undefined

const plantConnection = (world: World.Service, spec: Spec, now: number) =>
  world.dataConnections.put(withFields(world, {
    id: idOf(world, spec.key),
    organizationId: Organizations.idOf(world, spec.owner ?? "retailer"),
    name: typeof spec.name === "string" ? spec.name : Wording.choose(world.seed, spec.name),
    category: spec.category,
    credentialId: Option.getOrUndefined(
      Option.map(Option.fromNullable(credentialFor(spec)), (key) => credentialId(world, key))
    ),
    dataType: spec.dataType,
    dataSource: spec.source,
    configuration: Object.entries(spec.configuration).map(([name, value]) => ({ name, displayName: name, value })),
    checkedFrom: now - spec.checked * 60_000,
    stuck: spec.stuck ?? false,
    mapped: spec.mapped,
    unseen: spec.unseen ?? [],
    fields: []
  }))

const plantDataset = (world: World.Service, room: CleanRooms.Key, key: string) => {
  const connection = world.dataConnections.get(idOf(world, key))
  if (connection === undefined) return
  world.datasets.put({
    id: datasetId(world, room, key),
    cleanRoomId: CleanRooms.idOf(world, room),
    organizationId: connection.organizationId,
    connectionId: connection.id,
    name: connection.name,
    renames: {},
    excluded: [],
    filters: [],
    partnerCanAssign: room === "summer",
    rampIdConsent: true
  })
}

/**
 * Plants credentials, data connections and datasets.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, now: number): void => {
  for (const credential of credentials) plantCredential(world, credential, now)
  for (const spec of [...specs, ...FlawedConnections.specs]) plantConnection(world, spec, now)
  for (const [room, keys] of datasets) {
    for (const key of keys) plantDataset(world, room, key)
  }
}
