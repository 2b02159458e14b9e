/**
 * DOC module Destinations
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
 * DOC ProvisionCleanroomDestinationRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const ProvisionCleanroomDestinationRequest = Schema.Struct({
  destinations: Wire.maybe(Schema.Array(Schema.String))
}).annotations({ identifier: "ProvisionCleanroomDestinationRequest" })

export interface ProvisionCleanroomDestinationRequest
  extends Schema.Schema.Type<typeof ProvisionCleanroomDestinationRequest>
{}

/**
 * DOC ActivationChannelProvision
 *
 * @since 0.1.0
 * @category schemas
 */
export const ActivationChannelProvision = Schema.Struct({
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(Common.UserAudit),
  cleanroomId: Wire.text,
  partnerAccountId: Wire.text,
  channelStatus: Wire.text
}).annotations({ identifier: "ActivationChannelProvision" })

export interface ActivationChannelProvision extends Schema.Schema.Type<typeof ActivationChannelProvision> {}

/**
 * DOC ProvisionCleanroomDestinationResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const ProvisionCleanroomDestinationResponse = Wire.list(ActivationChannelProvision).annotations({
  identifier: "ProvisionCleanroomDestinationResponse"
})

export type ProvisionCleanroomDestinationResponse = typeof ProvisionCleanroomDestinationResponse.Type

/**
 * DOC ReviewDestinationProvisioningRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const ReviewDestinationProvisioningRequest = Schema.Struct({
  decision: Schema.Literal("APPROVE", "REJECT")
}).annotations({ identifier: "ReviewDestinationProvisioningRequest" })

export interface ReviewDestinationProvisioningRequest
  extends Schema.Schema.Type<typeof ReviewDestinationProvisioningRequest>
{}

/**
 * DOC ReviewDestinationProvisioningResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const ReviewDestinationProvisioningResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "ReviewDestinationProvisioningResponse" })

export interface ReviewDestinationProvisioningResponse
  extends Schema.Schema.Type<typeof ReviewDestinationProvisioningResponse>
{}

/**
 * DOC PartnerConfig
 *
 * @since 0.1.0
 * @category schemas
 */
export const PartnerConfig = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  index: Wire.integer,
  type: Wire.text,
  encrypted: Wire.flag
}).annotations({ identifier: "PartnerConfig" })

export interface PartnerConfig extends Schema.Schema.Type<typeof PartnerConfig> {}

/**
 * DOC PartnerConfigs
 *
 * @since 0.1.0
 * @category schemas
 */
export const PartnerConfigs = Wire.list(PartnerConfig).annotations({ identifier: "PartnerConfigs" })

export type PartnerConfigs = typeof PartnerConfigs.Type

/**
 * DOC PicanmixType
 *
 * @since 0.1.0
 * @category schemas
 */
export const PicanmixType = Wire.openEnum(
  "UNKNOWN_PICANMIX_TYPE",
  "USER_LIST",
  "OFFLINE_CONVERSIONS",
  "EXPORTS",
  "QUESTION_USER_LIST"
).annotations({ identifier: "PicanmixType" })

export type PicanmixType = typeof PicanmixType.Type

/**
 * DOC Partner
 *
 * @since 0.1.0
 * @category schemas
 */
export const Partner = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  displayName: Wire.text,
  logoUrl: Wire.text,
  credentialSourceName: Wire.text,
  partnerConfigArray: Wire.optional(PartnerConfigs),
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(Common.UserAudit),
  type: Wire.optional(PicanmixType),
  credentialSources: Wire.optional(Wire.list(Wire.Text)),
  partnerConfigMap: Wire.optional(Schema.Record({ key: Schema.String, value: PartnerConfigs }))
}).annotations({ identifier: "Partner" })

export interface Partner extends Schema.Schema.Type<typeof Partner> {}

/**
 * DOC PrimageCredential
 *
 * @since 0.1.0
 * @category schemas
 */
export const PrimageCredential = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  value: Wire.text
}).annotations({ identifier: "PrimageCredential" })

export interface PrimageCredential extends Schema.Schema.Type<typeof PrimageCredential> {}

/**
 * DOC PrimageOrganizationCredential
 *
 * @since 0.1.0
 * @category schemas
 */
export const PrimageOrganizationCredential = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  credentials: Wire.optional(Wire.list(PrimageCredential))
}).annotations({ identifier: "PrimageOrganizationCredential" })

export interface PrimageOrganizationCredential extends Schema.Schema.Type<typeof PrimageOrganizationCredential> {}

/**
 * DOC JobCount
 *
 * @since 0.1.0
 * @category schemas
 */
export const JobCount = Schema.Struct({
  jobType: Wire.text,
  count: Wire.integer
}).annotations({ identifier: "JobCount" })

export interface JobCount extends Schema.Schema.Type<typeof JobCount> {}

/**
 * DOC LatestJobRunStatusCount
 *
 * @since 0.1.0
 * @category schemas
 */
export const LatestJobRunStatusCount = Schema.Struct({
  numSuccess: Wire.integer,
  numProcessing: Wire.integer,
  numThresholdWarning: Wire.integer,
  numPartiallyFailed: Wire.integer,
  numFailed: Wire.integer,
  numQueued: Wire.integer
}).annotations({ identifier: "LatestJobRunStatusCount" })

export interface LatestJobRunStatusCount extends Schema.Schema.Type<typeof LatestJobRunStatusCount> {}

/**
 * DOC ConfigStatus
 *
 * @since 0.1.0
 * @category schemas
 */
export const ConfigStatus = Wire.openEnum(
  "UNKNOWN_CONFIG_STATUS",
  "CONFIG_PENDING",
  "CONFIG_CONFIGURED",
  "CONFIG_FAILED",
  "CONFIG_AVAILABLE"
).annotations({ identifier: "ConfigStatus" })

export type ConfigStatus = typeof ConfigStatus.Type

/**
 * DOC PartnerAccount
 *
 * @since 0.1.0
 * @category schemas
 */
export const PartnerAccount = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  organizationID: Wire.text,
  partner: Wire.optional(Partner),
  credential: Wire.optional(PrimageOrganizationCredential),
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(Common.UserAudit),
  jobCount: Wire.optional(Wire.list(JobCount)),
  latestJobRunStatusCount: Wire.optional(LatestJobRunStatusCount),
  configStatus: Wire.optional(ConfigStatus),
  errorMessage: Wire.text,
  publicKey: Wire.text
}).annotations({ identifier: "PartnerAccount" })

export interface PartnerAccount extends Schema.Schema.Type<typeof PartnerAccount> {}

/**
 * DOC CleanroomProvisionedDestination
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanroomProvisionedDestination = Schema.Struct({
  partnerAccount: Wire.optional(PartnerAccount),
  ownership: Wire.optional(Wire.openEnum("OWNER", "PARTNER")),
  channelStatus: Wire.text,
  isUsedForActivation: Wire.flag
}).annotations({ identifier: "CleanroomProvisionedDestination" })

export interface CleanroomProvisionedDestination extends Schema.Schema.Type<typeof CleanroomProvisionedDestination> {}

/**
 * DOC ListCleanroomDestinationsResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListCleanroomDestinationsResponse = Schema.Struct({
  partnerAccounts: Wire.optional(Wire.list(CleanroomProvisionedDestination)),
  total: Wire.integer,
  limit: Wire.integer,
  offset: Wire.integer
}).annotations({ identifier: "ListCleanroomDestinationsResponse" })

export interface ListCleanroomDestinationsResponse
  extends Schema.Schema.Type<typeof ListCleanroomDestinationsResponse>
{}

/**
 * DOC ListDestinationPartnersResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListDestinationPartnersResponse = Schema.Struct({
  partners: Wire.optional(Wire.list(Partner))
}).annotations({ identifier: "ListDestinationPartnersResponse" })

export interface ListDestinationPartnersResponse extends Schema.Schema.Type<typeof ListDestinationPartnersResponse> {}

/**
 * DOC ListDestinationsResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListDestinationsResponse = Schema.Struct({
  partnerAccounts: Wire.optional(Wire.list(PartnerAccount)),
  total: Wire.integer,
  limit: Wire.integer,
  offset: Wire.integer
}).annotations({ identifier: "ListDestinationsResponse" })

export interface ListDestinationsResponse extends Schema.Schema.Type<typeof ListDestinationsResponse> {}

/**
 * DOC CreateDestinationRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const CreateDestinationRequest = Schema.Struct({
  name: Schema.String,
  partner: Schema.Struct({
    ID: Schema.String
  }),
  credential: Wire.maybe(PrimageOrganizationCredential),
  publicKey: Wire.maybe(Schema.String)
}).annotations({ identifier: "CreateDestinationRequest" })

export interface CreateDestinationRequest extends Schema.Schema.Type<typeof CreateDestinationRequest> {}

/**
 * DOC UpdateDestinationRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateDestinationRequest = Schema.Struct({
  name: Wire.maybe(Schema.String),
  credential: Wire.maybe(PrimageOrganizationCredential),
  publicKey: Wire.maybe(Schema.String)
}).annotations({ identifier: "UpdateDestinationRequest" })

export interface UpdateDestinationRequest extends Schema.Schema.Type<typeof UpdateDestinationRequest> {}

/**
 * DOC UpdateDestinationResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateDestinationResponse = Schema.Struct({
  partnerAccount: Wire.optional(PartnerAccount)
}).annotations({ identifier: "UpdateDestinationResponse" })

export interface UpdateDestinationResponse extends Schema.Schema.Type<typeof UpdateDestinationResponse> {}

/**
 * DOC group Destinations
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Destinations", { topLevel: true })
  .add(
    HttpApiEndpoint.get("listCleanroomDestinations", "/cleanrooms/:cleanroomId/destinations")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setUrlParams(
        Schema.Struct({
          type: Wire.maybe(Schema.String),
          limit: Wire.maybe(Wire.IntegerParam),
          offset: Wire.maybe(Wire.IntegerParam),
          latestJobDays: Wire.maybe(Wire.IntegerParam)
        })
      )
      .addSuccess(ListCleanroomDestinationsResponse)
      .annotate(OpenApi.Summary, "DOC listCleanroomDestinations")
  )
  .add(
    HttpApiEndpoint.post("provisionCleanroomDestinations", "/cleanrooms/:cleanroomId/destinations")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(ProvisionCleanroomDestinationRequest)
      .addSuccess(ProvisionCleanroomDestinationResponse)
      .annotate(OpenApi.Summary, "DOC provisionCleanroomDestinations")
  )
  .add(
    HttpApiEndpoint.del("deprovisionCleanroomDestination", "/cleanrooms/:cleanroomId/destinations/:partnerAccountId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, partnerAccountId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deprovisionCleanroomDestination")
  )
  .add(
    HttpApiEndpoint.post(
      "reviewDestinationProvisioningRequest",
      "/cleanrooms/:cleanroomId/destinations/:partnerAccountId/provisioning-request/review"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, partnerAccountId: Wire.PathSegment }))
      .setPayload(ReviewDestinationProvisioningRequest)
      .addSuccess(ReviewDestinationProvisioningResponse)
      .annotate(OpenApi.Summary, "DOC reviewDestinationProvisioningRequest")
  )
  .add(
    HttpApiEndpoint.get("listDestinationPartners", "/destinations/partners")
      .addSuccess(ListDestinationPartnersResponse)
      .annotate(OpenApi.Summary, "DOC listDestinationPartners")
  )
  .add(
    HttpApiEndpoint.get("listDestinations", "/destinations")
      .setUrlParams(Schema.Struct({ limit: Wire.maybe(Wire.IntegerParam), offset: Wire.maybe(Wire.IntegerParam) }))
      .addSuccess(ListDestinationsResponse)
      .annotate(OpenApi.Summary, "DOC listDestinations")
  )
  .add(
    HttpApiEndpoint.post("createDestination", "/destinations")
      .setPayload(CreateDestinationRequest)
      .addSuccess(PartnerAccount)
      .annotate(OpenApi.Summary, "DOC createDestination")
  )
  .add(
    HttpApiEndpoint.patch("updateDestinationConnection", "/destinations/:partnerAccountId")
      .setPath(Schema.Struct({ partnerAccountId: Wire.PathSegment }))
      .setPayload(UpdateDestinationRequest)
      .addSuccess(UpdateDestinationResponse)
      .annotate(OpenApi.Summary, "DOC updateDestinationConnection")
  )
  .add(
    HttpApiEndpoint.del("deleteDestinationConnection", "/destinations/:partnerAccountId")
      .setPath(Schema.Struct({ partnerAccountId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteDestinationConnection")
  )
{}
