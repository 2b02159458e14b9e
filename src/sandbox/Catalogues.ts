/**
 * What Habu offers everyone: clean room types, data types, data sources, credential sources, identifier types.
 *
 * Names are the contract's; the sources are those an organisation of the seed's kind has.
 *
 * @since 0.1.0
 */
import * as Ids from "./Ids.js"

/** Catalogue entries have the same ids in every sandbox, as they have in every organisation. */
const id = (name: string) => Ids.uuid(0, `catalogue/${name}`)

/**
 * The clean room types, with the one id that was seen to be the same in two organisations.
 *
 * @since 0.1.0
 * @category catalogues
 */
export const cleanRoomTypes = [
  { name: "Hybrid", displayName: "Hybrid", list: true, wallGarden: false, id: "47f86c15-9917-4c50-8da9-6a10b65a4b5f" },
  { name: "Snowflake", displayName: "Snowflake", list: true, wallGarden: false },
  { name: "Databricks", displayName: "Databricks", list: false, wallGarden: false },
  { name: "Google", displayName: "Google BigQuery", list: false, wallGarden: false },
  { name: "AWS", displayName: "AWS Clean Rooms", list: false, wallGarden: false },
  { name: "Facebook", displayName: "Facebook Advanced Analytics", list: false, wallGarden: true },
  { name: "AMC", displayName: "Amazon Marketing Cloud", list: true, wallGarden: true },
  { name: "ADH", displayName: "Google Ads Data Hub", list: true, wallGarden: true },
  { name: "LinkedIn", displayName: "LinkedIn", list: false, wallGarden: true },
  { name: "HabuConfidentialComputing", displayName: "Confidential Computing", list: true, wallGarden: false }
].map((type) => ({
  id: type.id ?? id(`clean-room-type/${type.name}`),
  name: type.name,
  displayName: type.displayName,
  listQuestionSupport: type.list,
  analyticalQuestionSupport: true,
  wallGarden: type.wallGarden
}))

/**
 * A clean room type by its name.
 *
 * @since 0.1.0
 * @category getters
 */
export const cleanRoomTypeId = (name: string): string | undefined =>
  cleanRoomTypes.find((type) => type.name === name)?.id

const dataTypeNames = {
  AdEngagement: "Ad Engagement",
  AdExposure: "Ad Exposure",
  AdLogs: "Ad Logs",
  BinaryData: "Binary Data",
  CRM: "CRM Data",
  Campaign: "Campaign Data",
  CampaignMapping: "Campaign Mapping Data",
  CodeContainer: "Code Container",
  Conversion: "Conversion Events",
  ConversionEvents: "Conversion Events",
  Generic: "Generic",
  GoogleCloudBigQuery: "Google Cloud Big Query",
  IDENTITY_GRAPH: "Identity Graph",
  MLModel: "Machine Learning Model",
  MemberProfile: "Member Profile",
  Metadata: "Metadata",
  OfflineConversions: "Offline Conversions",
  PageData: "Page Data",
  ServiceContainer: "Service Container",
  Transaction: "Transaction Data",
  UserData: "User Data",
  UserSegmentMap: "User-Segment Map",
  WHEEL: "WHEEL"
} as const

/**
 * The import data types.
 *
 * @since 0.1.0
 * @category catalogues
 */
export const dataTypes = Object.entries(dataTypeNames).map(([name, displayName]) => ({
  id: id(`data-type/${name}`),
  name,
  displayName
}))

/**
 * A data type by its name. A name outside the catalogue stands for itself.
 *
 * @since 0.1.0
 * @category getters
 */
export const dataType = (name: string) =>
  dataTypes.find((type) => type.name === name) ?? { id: id(`data-type/${name}`), name, displayName: name }

const file = ["DataLocation", "FileFormat", "SampleFilePath", "JobFrequency", "RefreshType", "IdentifierType"]
const table = ["Database", "Schema", "Table"]

const sourceRows: ReadonlyArray<readonly [string, string, string, ReadonlyArray<string>]> = [
  ["CLIENT_AWS", "Client AWS S3", "AWS IAM User Credentials", file],
  ["HABU_AWS", "LiveRamp-Hosted AWS S3", "AWS S3 Credential", file],
  ["GCS", "Google Cloud Storage", "Google Service Account", file],
  ["GCS_SA", "Google Cloud Storage(with SA)", "Google Service Account", file],
  ["HABU_GCS", "LiveRamp-Hosted Google Cloud Storage", "Google Service Account", file],
  ["AZURE_STORAGE", "Azure Storage", "Azure SAS Token", file],
  ["LOCAL_UPLOAD", "Local Upload", "", ["FileName"]],
  ["CSV_CATALOG", "CSV Catalog", "AWS IAM User Credentials", file],
  ["ICEBERG_CATALOG", "Iceberg Catalog", "Polaris Catalog Credentials", table],
  ["AWS_GLUE", "AWS Glue Data Catalog", "AWS IAM User Credentials", table],
  ["SNOWFLAKE", "Snowflake", "Snowflake Account", table],
  ["SNOWFLAKE_TABLE", "Snowflake Table", "Snowflake Account With Credentials", table],
  ["SNOWFLAKE_DC", "Snowflake Data Connection", "Snowflake Data Connection", table],
  ["SNOWFLAKE_S3", "Snowflake S3 Data Connection", "Snowflake S3 Role", table],
  ["SNOWFLAKE_GCS", "Snowflake GCS Data Connection", "Snowflake GCS", table],
  ["SNOWFLAKE_AZURE", "Snowflake Azure Data Connection", "Snowflake Azure", table],
  ["HABU_SNOWFLAKE", "LiveRamp-Hosted Snowflake", "Snowflake Account", table],
  ["BIGQUERY", "Google Cloud Big Query", "Google Service Account", ["ProjectId", "SourceDataset", "SourceTable"]],
  ["BIGQUERY_VIEW", "Google Cloud Authorized View", "Google Service Account", ["ProjectId", "SourceDataset", "View"]],
  ["DATABRICKS", "Databricks Data Connection", "Databricks Account", table],
  ["DATABRICKS_DELTA", "Databricks Delta Table Connection", "Databricks Delta Credentials", table],
  ["ADH", "Google Ads Data Hub", "Google Ads Data Hub", ["CustomerId"]],
  ["AMC", "Amazon Marketing Cloud", "AWS IAM User Credentials", ["InstanceId"]],
  ["GAM_LOGS", "Google Ad Manager Logs", "Google Service Account", file],
  ["FACEBOOK_AA", "Facebook Advanced Analytics", "Facebook AA Credentials", ["AccountId"]],
  ["HUBSPOT", "HubSpot", "HUBSPOT", ["ListId"]],
  ["SALESFORCE", "Salesforce", "Salesforce Credential", ["ObjectName"]],
  ["ARTIFACT_STORE", "Artifact Store", "AWS IAM User Credentials", ["DataLocation"]]
]

/**
 * The data sources an organisation may connect, with the names of the parameters each needs.
 *
 * @since 0.1.0
 * @category catalogues
 */
export const dataSources = sourceRows.map(([name, displayName, credentialSource, parameters]) => ({
  id: id(`data-source/${name}`),
  name,
  displayName,
  credentialSource,
  parameters
}))

/**
 * A data source by its name. A name outside the catalogue stands for itself.
 *
 * @since 0.1.0
 * @category getters
 */
export const dataSource = (name: string) => {
  const known = dataSources.find((source) => source.name === name)
  return known === undefined
    ? { id: id(`data-source/${name}`), name, displayName: name }
    : {
      id: known.id,
      name,
      displayName: known.displayName,
      ...(known.credentialSource === "" ? {} : { credentialSource: known.credentialSource })
    }
}

const credentialSourceRows: ReadonlyArray<readonly [string, string, ReadonlyArray<string>]> = [
  [
    "AWS IAM User Credentials",
    "AWS",
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_USER_ARN", "AWS_REGION"]
  ],
  ["AWS S3 Credential", "AWS", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]],
  ["Azure SAS Token", "AZURE", ["AZURE_STORAGE_ACCOUNT", "AZURE_SAS_TOKEN"]],
  ["Google Service Account", "GCP", ["GCP_PROJECT_ID", "GCP_SERVICE_ACCOUNT_JSON"]],
  ["Snowflake Account", "SNOWFLAKE", ["SNOWFLAKE_ACCOUNT", "SNOWFLAKE_ROLE", "SNOWFLAKE_WAREHOUSE"]],
  [
    "Snowflake Account With Credentials",
    "SNOWFLAKE",
    ["SNOWFLAKE_ACCOUNT", "SNOWFLAKE_USER", "SNOWFLAKE_PRIVATE_KEY", "SNOWFLAKE_WAREHOUSE"]
  ],
  ["Databricks Account", "DATABRICKS", ["DATABRICKS_HOST", "DATABRICKS_TOKEN"]],
  ["Salesforce Credential", "SALESFORCE", ["SALESFORCE_INSTANCE_URL", "SALESFORCE_TOKEN"]],
  ["LiveRamp Activation", "LIVERAMP", []]
]

const seenCredentialSources: { readonly [name: string]: string } = {
  "AWS IAM User Credentials": "82b512e0-f7bd-4266-9d99-9d58899488be"
}

/**
 * The kinds of credentials and the fields each asks for; the AWS one with its id as seen live.
 *
 * @since 0.1.0
 * @category catalogues
 */
export const credentialSources = credentialSourceRows.map(([name, provider, fields]) => ({
  id: seenCredentialSources[name] ?? id(`credential-source/${name}`),
  name,
  provider,
  credentialConfig: fields.map((field, index) => ({
    id: id(`credential-source/${name}/${field}`),
    name: field,
    index,
    credentialConfigType: /SECRET|TOKEN|KEY$|JSON/.test(field) ? "PASSWORD" : "TEXT"
  }))
}))

/**
 * The identifier types for field mapping.
 *
 * @since 0.1.0
 * @category catalogues
 */
export const identifierTypes = [
  "1P or 3P Cookie",
  "Customer First Party Identifier",
  "Hashed Emails",
  "HouseHold ID",
  "Email MD5 Hashed",
  "Mobile Device Identifier",
  "Person (or People) Identifier",
  "RampID",
  "Raw Email",
  "Email SHA1 Hashed",
  "Email SHA256 Hashed",
  "Unique Identifier",
  "City",
  "State",
  "Country",
  "Postal Code",
  "Street Address",
  "Name",
  "First Name",
  "Last Name",
  "TV Device ID",
  "IP Address",
  "phone",
  "Hashed Customer ID"
].map((name) => ({ id: id(`identifier-type/${name}`), name, displayName: name }))

/**
 * The data types that a data source can carry: packages come from an artifact store, and nothing else does.
 *
 * @since 0.1.0
 * @category getters
 */
export const dataTypesOf = (source: string) =>
  dataTypes.filter(({ name }) => (name === "WHEEL") === (source === "ARTIFACT_STORE"))

/**
 * The parameters that a data source asks for.
 *
 * @since 0.1.0
 * @category getters
 */
export const parametersOf = (source: typeof dataSources[number]) =>
  source.parameters.map((name, index) => ({
    id: id(`data-source/${source.name}/${name}`),
    name,
    displayName: name.replace(/(?<=[a-z])(?=[A-Z])/g, " "),
    type: "STRING",
    index,
    dataSourceId: source.id
  }))
