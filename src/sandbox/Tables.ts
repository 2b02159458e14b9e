/**
 * What the synthetic tables are: who owns them, what Habu calls their kind, and what their columns hold.
 *
 * The warehouse fills them; data connections, field mappings and datasets describe them; a question reads them.
 *
 * @since 0.1.0
 */

/**
 * Whose table it is, by the part the organisation plays in the sandbox.
 *
 * @since 0.1.0
 * @category models
 */
export type Owner = "retailer" | "brand" | "publisher" | "agency"

/**
 * A column as a field mapping shows it. `type` and `identifierType` are spelled as Habu spells them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Column {
  readonly name: string
  readonly type: "STRING" | "INTEGER" | "DECIMAL" | "DATE" | "TIMESTAMP"
  readonly identifierType?: string
  /** Labelled as personal data: a question may count it but not return it. */
  readonly isPii: boolean
  readonly isUserIdField: boolean
  readonly isPartitionColumn: boolean
}

/**
 * A table. `dataType` is the name of Habu's import data type.
 *
 * @since 0.1.0
 * @category models
 */
export interface Table {
  readonly name: string
  readonly owner: Owner
  readonly dataType: string
  readonly columns: ReadonlyArray<Column>
}

const column = (name: string, type: Column["type"] = "STRING", more?: Partial<Column>): Column => ({
  name,
  type,
  isPii: false,
  isUserIdField: false,
  isPartitionColumn: false,
  ...more
})

const cid = column("cid", "STRING", { identifierType: "Customer First Party Identifier", isUserIdField: true })
const rampId = column("rampid", "STRING", { identifierType: "RampID" })
const email = column("email", "STRING", { identifierType: "Raw Email", isPii: true })
const hashedEmail = column("email_sha256", "STRING", { identifierType: "Email SHA256 Hashed" })
const partition = (name: string) => column(name, "DATE", { isPartitionColumn: true })

/**
 * All tables.
 *
 * @since 0.1.0
 * @category tables
 */
export const tables: ReadonlyArray<Table> = [
  {
    name: "retail_crm",
    owner: "retailer",
    dataType: "CRM",
    columns: [
      cid,
      email,
      hashedEmail,
      column("first_name", "STRING", { identifierType: "First Name", isPii: true }),
      column("postal_code", "STRING", { identifierType: "Postal Code" }),
      column("age_band"),
      column("loyalty_tier"),
      column("household_size", "INTEGER"),
      column("education"),
      column("signup_date", "DATE")
    ]
  },
  {
    name: "retail_transactions",
    owner: "retailer",
    dataType: "Transaction",
    columns: [
      column("transaction_id"),
      cid,
      column("transaction_date", "DATE"),
      column("store_id"),
      column("product_category"),
      column("brand"),
      column("quantity", "INTEGER"),
      column("amount", "DECIMAL")
    ]
  },
  {
    name: "publisher_exposures",
    owner: "publisher",
    dataType: "AdExposure",
    columns: [
      column("impression_id"),
      cid,
      rampId,
      column("impression_timestamp", "TIMESTAMP"),
      partition("exposure_date"),
      column("campaign_id"),
      column("creative_id"),
      column("channel"),
      column("device_type"),
      column("cost", "DECIMAL")
    ]
  },
  {
    name: "publisher_audience",
    owner: "publisher",
    dataType: "UserData",
    columns: [cid, rampId, column("segment"), column("interest"), column("last_seen_date", "DATE")]
  },
  {
    name: "brand_crm",
    owner: "brand",
    dataType: "CRM",
    columns: [cid, email, hashedEmail, column("education"), column("income_band"), column("segment")]
  },
  {
    name: "brand_conversions",
    owner: "brand",
    dataType: "Conversion",
    columns: [
      column("transaction_id"),
      cid,
      rampId,
      column("conversion_timestamp", "TIMESTAMP"),
      partition("conversion_date"),
      column("product"),
      column("revenue", "DECIMAL")
    ]
  },
  { name: "partner_map", owner: "brand", dataType: "UserSegmentMap", columns: [cid, rampId] },
  { name: "publisher_map", owner: "publisher", dataType: "UserSegmentMap", columns: [cid, rampId] }
]

/**
 * Finds a table by its exact name.
 *
 * @since 0.1.0
 * @category getters
 */
export const find = (name: string): Table | undefined => tables.find((table) => table.name === name)
