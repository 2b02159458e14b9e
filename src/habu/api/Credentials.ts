/**
 * Credentials: how an organisation lets Habu into its clouds and platforms, and which kinds of them there are.
 *
 * Values are `Redacted` both ways, so that they are on the wire and nowhere else. Habu's own advice is to make
 * credentials in its UI (operation getAllOrganizationCredentials), although the operation to make them exists.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Wire from "./Wire.js"

/**
 * A choice for a key of a credential that takes one of a few values.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CredentialConfigListValue = Schema.Struct({
  id: Wire.text,
  value: Wire.text,
  displayName: Wire.text,
  index: Wire.integer
}).annotations({ identifier: "CredentialConfigListValue" })

export interface CredentialConfigListValue extends Schema.Schema.Type<typeof CredentialConfigListValue> {}

/**
 * A key that a credential must carry. Habu refuses guessed key names with 400 (seen live), so take them from here.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CredentialConfig = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  index: Wire.integer,
  credentialConfigType: Wire.text,
  credentialConfigListValues: Wire.optional(Wire.list(CredentialConfigListValue))
}).annotations({ identifier: "CredentialConfig" })

export interface CredentialConfig extends Schema.Schema.Type<typeof CredentialConfig> {}

/**
 * A kind of credential, with the keys it is made of.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CredentialSource = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  provider: Wire.text,
  credentialConfig: Wire.optional(Wire.list(CredentialConfig))
}).annotations({ identifier: "CredentialSource" })

export interface CredentialSource extends Schema.Schema.Type<typeof CredentialSource> {}

/**
 * The kinds of credential that the organisation can use.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CredentialSources = Wire.list(CredentialSource).annotations({ identifier: "CredentialSources" })

export type CredentialSources = typeof CredentialSources.Type

const credentialSourceNames = [
  "AMC Export",
  "AWS Clean Room Credentials",
  "AWS ECR Registry",
  "AWS IAM User Credentials",
  "AWS S3 Credential",
  "Amazon Ads Api Credentials",
  "Azure AD Service Principal",
  "Azure SAS Token",
  "CUSTOMER_AWS",
  "DV 360",
  "DV360 Customer Match",
  "Databricks Account",
  "Databricks Delta Credentials",
  "Databricks Service Role Credentials",
  "Docker Registry",
  "Equativ",
  "Facebook AA Credentials",
  "Facebook Audience Measurement API",
  "Facebook Conversions",
  "Facebook Custom Audiences",
  "Facebook Direct Custom Audiences",
  "Facebook Offline Conversions",
  "Google Ad Manager",
  "Google Ads Data Hub",
  "Google Customer Match",
  "Google Customer Match - MAID",
  "Google Enhanced Conversions",
  "Google Enhanced Conversions - Beta",
  "Google Offline Conversions",
  "Google Service Account",
  "Google Workload Identity Federation",
  "HUBSPOT",
  "LinkedIn Partner",
  "LiveRamp Activation",
  "Pinterest Ads",
  "Polaris Catalog Credentials",
  "Reddit Ads",
  "Salesforce Credential",
  "Snapchat Audience Match",
  "Snapchat Offline Conversions",
  "Snowflake",
  "Snowflake Account",
  "Snowflake Account With Credentials",
  "Snowflake Azure",
  "Snowflake Data Connection",
  "Snowflake GCS",
  "Snowflake S3 Credentials",
  "Snowflake S3 Role",
  "TikTok Audience",
  "TikTok Offline Conversions",
  "Twitter Conversions",
  "Twitter Tailored Audiences",
  "LiveRamp Analytics Environment"
] as const

/**
 * One key of a credential and its secret value.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Credentials = Schema.Struct({
  name: Wire.text,
  value: Wire.optional(Schema.Redacted(Wire.Text)).annotations({ description: "A secret" })
}).annotations({ identifier: "Credentials" })

export interface Credentials extends Schema.Schema.Type<typeof Credentials> {}

/**
 * A credential of the organisation. Tell its kind by `credentialSourceId`: the name may be null (seen live).
 * `managedCredential` tells managed or service credentials from the organisation's own.
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrganizationCredentialDetail = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  managedCredential: Wire.flag,
  credentialSourceId: Wire.text,
  credentialSourceName: Wire.optional(Wire.openEnum(...credentialSourceNames)),
  credentials: Wire.optional(Wire.list(Credentials)),
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(Common.UserAudit)
}).annotations({ identifier: "OrganizationCredentialDetail" })

export interface OrganizationCredentialDetail extends Schema.Schema.Type<typeof OrganizationCredentialDetail> {}

/**
 * The organisation's credentials.
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrganizationCredentialDetails = Wire.list(OrganizationCredentialDetail).annotations({
  identifier: "OrganizationCredentialDetails"
})

export type OrganizationCredentialDetails = typeof OrganizationCredentialDetails.Type

/**
 * One key of a credential and its secret value, as it is written.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CredentialsInput = Schema.Struct({
  name: Schema.String,
  value: Schema.Redacted(Schema.String)
}).annotations({ identifier: "CredentialsInput" })

export interface CredentialsInput extends Schema.Schema.Type<typeof CredentialsInput> {}

/**
 * A credential as it is written, with a name and every key of its kind. A kind whose name the contract lacks can be
 * given by id.
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrganizationCredentialInput = Schema.Struct({
  ...OrganizationCredentialDetail.fields,
  name: Schema.String,
  credentialSourceName: Wire.maybe(Schema.Literal(...credentialSourceNames)),
  credentials: Schema.Array(CredentialsInput)
}).annotations({ identifier: "OrganizationCredentialInput" })

export interface OrganizationCredentialInput extends Schema.Schema.Type<typeof OrganizationCredentialInput> {}

/**
 * The operations on an organisation's credentials and on the kinds of credential.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Credentials", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getAllCredentialSources", "/credential-sources")
      .addSuccess(CredentialSources)
      .annotate(OpenApi.Summary, "Lists the kinds of credential with the keys each needs")
  )
  .add(
    HttpApiEndpoint.get("getCredentialSourceById", "/credential-sources/:credentialSourceId")
      .setPath(Schema.Struct({ credentialSourceId: Wire.PathSegment }))
      .addSuccess(CredentialSource)
      .annotate(OpenApi.Summary, "Reads one kind of credential with its keys")
  )
  .add(
    HttpApiEndpoint.get("getCredentialSourceByName", "/credential-sources/credential-name/:name")
      .setPath(Schema.Struct({ name: Wire.PathSegment }))
      .addSuccess(CredentialSources)
      .annotate(OpenApi.Summary, "Finds kinds of credential by name; the answer is a list")
  )
  .add(
    HttpApiEndpoint.get("getAllOrganizationCredentials", "/organization-credentials")
      .addSuccess(OrganizationCredentialDetails)
      .annotate(OpenApi.Summary, "Lists the organisation's credentials, to choose one for a data connection")
  )
  .add(
    HttpApiEndpoint.get("getOrganizationCredentialById", "/organization-credentials/:organizationCredentialId")
      .setPath(Schema.Struct({ organizationCredentialId: Wire.PathSegment }))
      .addSuccess(OrganizationCredentialDetail)
      .annotate(OpenApi.Summary, "Reads one of the organisation's credentials")
  )
  .add(
    HttpApiEndpoint.post("createOrganizationCredential", "/organization-credentials")
      .setPayload(OrganizationCredentialInput)
      .addSuccess(OrganizationCredentialDetail)
      .annotate(
        OpenApi.Summary,
        "Stores a credential; Habu checks the values and answers 400 to wrong ones (seen live)"
      )
  )
  .add(
    HttpApiEndpoint.put("updateOrganizationCredential", "/organization-credentials/:organizationCredentialId")
      .setPath(Schema.Struct({ organizationCredentialId: Wire.PathSegment }))
      .setPayload(OrganizationCredentialInput)
      .addSuccess(OrganizationCredentialDetail)
      .annotate(
        OpenApi.Summary,
        "Replaces a credential's values, for every data connection and destination that uses it"
      )
  )
  .add(
    HttpApiEndpoint.del("deleteOrganizationCredential", "/organization-credentials/:organizationCredentialId")
      .setPath(Schema.Struct({ organizationCredentialId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(
        OpenApi.Summary,
        "Deletes a credential for good; look first for data connections and destinations that use it"
      )
  )
{}
