/**
 * DOC module Credentials
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
 * DOC Credentials
 *
 * @since 0.1.0
 * @category schemas
 */
export const Credentials = Schema.Struct({
  name: Wire.text,
  value: Wire.text
}).annotations({ identifier: "Credentials" })

export interface Credentials extends Schema.Schema.Type<typeof Credentials> {}

/**
 * DOC OrganizationCredentialDetail
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrganizationCredentialDetail = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  managedCredential: Wire.flag,
  credentialSourceId: Wire.text,
  credentialSourceName: Wire.optional(
    Wire.openEnum(
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
    )
  ),
  credentials: Wire.optional(Wire.list(Credentials)),
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(Common.UserAudit)
}).annotations({ identifier: "OrganizationCredentialDetail" })

export interface OrganizationCredentialDetail extends Schema.Schema.Type<typeof OrganizationCredentialDetail> {}

/**
 * DOC OrganizationCredentialDetails
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrganizationCredentialDetails = Wire.list(OrganizationCredentialDetail).annotations({
  identifier: "OrganizationCredentialDetails"
})

export type OrganizationCredentialDetails = typeof OrganizationCredentialDetails.Type

/**
 * DOC CredentialConfigListValue
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
 * DOC CredentialConfig
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
 * DOC CredentialSource
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
 * DOC CredentialSources
 *
 * @since 0.1.0
 * @category schemas
 */
export const CredentialSources = Wire.list(CredentialSource).annotations({ identifier: "CredentialSources" })

export type CredentialSources = typeof CredentialSources.Type

/**
 * DOC group Credentials
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Credentials", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getAllOrganizationCredentials", "/organization-credentials")
      .addSuccess(OrganizationCredentialDetails)
      .annotate(OpenApi.Summary, "DOC getAllOrganizationCredentials")
  )
  .add(
    HttpApiEndpoint.post("createOrganizationCredential", "/organization-credentials")
      .setPayload(OrganizationCredentialDetail)
      .addSuccess(OrganizationCredentialDetail)
      .annotate(OpenApi.Summary, "DOC createOrganizationCredential")
  )
  .add(
    HttpApiEndpoint.get("getOrganizationCredentialById", "/organization-credentials/:organizationCredentialId")
      .setPath(Schema.Struct({ organizationCredentialId: Wire.PathSegment }))
      .addSuccess(OrganizationCredentialDetail)
      .annotate(OpenApi.Summary, "DOC getOrganizationCredentialById")
  )
  .add(
    HttpApiEndpoint.put("updateOrganizationCredential", "/organization-credentials/:organizationCredentialId")
      .setPath(Schema.Struct({ organizationCredentialId: Wire.PathSegment }))
      .setPayload(OrganizationCredentialDetail)
      .addSuccess(OrganizationCredentialDetail)
      .annotate(OpenApi.Summary, "DOC updateOrganizationCredential")
  )
  .add(
    HttpApiEndpoint.del("deleteOrganizationCredential", "/organization-credentials/:organizationCredentialId")
      .setPath(Schema.Struct({ organizationCredentialId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteOrganizationCredential")
  )
  .add(
    HttpApiEndpoint.get("getAllCredentialSources", "/credential-sources")
      .addSuccess(CredentialSources)
      .annotate(OpenApi.Summary, "DOC getAllCredentialSources")
  )
  .add(
    HttpApiEndpoint.get("getCredentialSourceById", "/credential-sources/:credentialSourceId")
      .setPath(Schema.Struct({ credentialSourceId: Wire.PathSegment }))
      .addSuccess(CredentialSource)
      .annotate(OpenApi.Summary, "DOC getCredentialSourceById")
  )
  .add(
    HttpApiEndpoint.get("getCredentialSourceByName", "/credential-sources/credential-name/:name")
      .setPath(Schema.Struct({ name: Wire.PathSegment }))
      .addSuccess(CredentialSources)
      .annotate(OpenApi.Summary, "DOC getCredentialSourceByName")
  )
{}
