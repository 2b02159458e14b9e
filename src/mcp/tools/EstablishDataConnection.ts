/**
 * The tool `establish_data_connection`.
 *
 * @since 0.1.0
 */
import * as EstablishDataConnection from "../../workflows/EstablishDataConnection.js"
import * as Tool from "../Tool.js"

/**
 * How a model is told of the workflow.
 *
 * @since 0.1.0
 * @category tools
 */
export const tool = Tool.make({
  name: "establish_data_connection",
  toolset: "data",
  title: "Connect data and bring it into clean rooms",
  description:
    "From data in a cloud or warehouse to datasets in clean rooms: makes data connections or a SQL view, follows Habu's " +
    "check, proposes a field mapping to agree to, provisions with fields and rows limited. Without arguments it lists " +
    "sources and what each needs; the same call again continues.",
  keywords: "liveramp connect upload import onboard dataset table bucket s3 gcs snowflake bigquery databricks " +
    "azure ingest crm",
  hints: Tool.changes,
  workflow: EstablishDataConnection
})
