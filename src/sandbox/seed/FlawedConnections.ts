/**
 * The seeded data connections that show what can be wrong with a source: each stands for an entry of the troubleshooting
 * catalogue.
 *
 * @since 0.1.0
 */
import { long, s3, snowflake, type Spec } from "./ConnectionSpec.js"

const csv = { FileFormat: "CSV" }

const transactions = { category: "Transactions", dataType: "Transaction", source: "CLIENT_AWS", mapped: false }

const people = { category: "CRM", dataType: "CRM", source: "CLIENT_AWS", mapped: false }

/**
 * The connections, after those that work.
 *
 * @since 0.1.0
 * @category models
 */
export const specs: ReadonlyArray<Spec> = [
  {
    ...transactions,
    key: "archive",
    name: ["Sales Archive", "Transactions before 2020", "Old Receipts"],
    configuration: s3("s3://alder-pine-data/retail_transactions/archive/"),
    stuck: true,
    checked: 190
  },
  {
    ...people,
    key: "members-sheet",
    name: ["Members by Hand", "Member List from Marketing", "Loyalty Desk Members"],
    configuration: s3("s3://alder-pine-data/retail_crm/batch_03/", csv),
    checked: 3_400
  },
  {
    ...transactions,
    key: "web-orders",
    name: ["Web Orders", "Online Shop Orders", "E-Commerce Sales"],
    configuration: s3("s3://alder-pine-data/retail_transactions/batch_07/", csv),
    checked: 6_100
  },
  {
    ...transactions,
    key: "regions",
    name: ["Sales of All Regions", "Regional Sales Files", "Region Drop"],
    configuration: s3("s3://alder-pine-data/retail_transactions/batch_12/", csv),
    checked: 8_800
  },
  {
    ...transactions,
    key: "spark-parts",
    name: ["Sales Job Output", "Nightly Sales Parts", "Sales Pipeline Output"],
    configuration: s3("s3://alder-pine-data/retail_transactions/daily/", {
      ...csv,
      SampleFilePath: "s3://alder-pine-data/retail_transactions/daily/part-00000"
    }),
    checked: 2_200
  },
  {
    ...people,
    key: "preferences",
    name: ["Members with Preferences", "Member Preferences", "Loyalty Preferences"],
    source: "AZURE_STORAGE",
    configuration: s3("https://alder-pine.blob.core.windows.net/retail_crm/batch_15/"),
    mapped: true,
    checked: long
  },
  {
    ...people,
    key: "members",
    name: ["Loyalty Members", "Member Master", "Members Daily"],
    category: "Loyalty",
    dataType: "MemberProfile",
    configuration: s3("s3://alder-pine-data/retail_crm/members/"),
    mapped: true,
    unseen: ["household_size", "education"],
    checked: long
  },
  {
    ...people,
    key: "warehouse-members",
    name: ["Members in Snowflake", "Snowflake Member View", "Warehouse Members"],
    source: "SNOWFLAKE_TABLE",
    configuration: snowflake("ALDER_PINE", "RETAIL_CRM"),
    checked: 5_000
  },
  {
    ...transactions,
    key: "tills",
    name: ["Till Receipts (Snowflake)", "Store Receipts (Snowflake)", "Point of Sale (Snowflake)"],
    category: "Generic",
    dataType: "Generic",
    source: "SNOWFLAKE",
    credential: "reporting",
    configuration: snowflake("ALDER_PINE", "RETAIL_TRANSACTIONS"),
    mapped: true,
    checked: long
  },
  {
    ...transactions,
    key: "analytics-view",
    name: ["Analytics Sales View", "Sales View (BigQuery)", "Curated Sales"],
    source: "BIGQUERY_VIEW",
    configuration: { ProjectId: "alder-pine-analytics", SourceDataset: "curated", View: "retail_transactions" },
    checked: 7_300
  },
  {
    ...people,
    key: "vault",
    name: ["Protected Members", "Members (Encrypted)", "Member Vault"],
    configuration: s3("s3://alder-pine-data/retail_crm/vault/"),
    checked: 4_700
  }
]
