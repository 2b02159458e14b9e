/**
 * What a seeded data connection is described with.
 *
 * @since 0.1.0
 */
import type * as Organizations from "./Organizations.js"

/**
 * A seeded data connection. Of several names the seed chooses one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Spec {
  readonly key: string
  readonly owner?: Organizations.Party
  readonly name: string | readonly [string, ...ReadonlyArray<string>]
  readonly category: string
  readonly dataType: string
  readonly source: string
  readonly configuration: { readonly [name: string]: string }
  /** The credential, where it is not the one that its source usually has. */
  readonly credential?: string
  readonly mapped: boolean
  readonly stuck?: boolean
  /** Columns that came after the schema was read. */
  readonly unseen?: ReadonlyArray<string>
  /** Minutes ago that its check began. */
  readonly checked: number
}

/**
 * The configuration of files in a bucket.
 *
 * @since 0.1.0
 * @category constructors
 */
export const s3 = (location: string, more: { readonly [name: string]: string } = {}) => ({
  DataLocation: location,
  FileFormat: "Parquet",
  SampleFilePath: "",
  JobFrequency: "DAILY",
  RefreshType: "INCREMENTAL",
  IdentifierType: "ID",
  ...more
})

/**
 * The configuration of a table in Snowflake.
 *
 * @since 0.1.0
 * @category constructors
 */
export const snowflake = (database: string, table: string) => ({
  Database: database,
  Schema: "CLEAN_ROOM",
  Table: table
})

/**
 * Minutes after which nobody knows when a check began.
 *
 * @since 0.1.0
 * @category models
 */
export const long = 100_000
