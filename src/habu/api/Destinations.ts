/**
 * Destinations: where exports and activations go.
 *
 * A destination is an organisation's account with a partner such as a cloud store or an ad platform; the contract calls
 * it a partner account. A clean room can use it once it is provisioned there.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Operation from "./Operation.js"
import * as Wire from "./Wire.js"

/**
 * The destinations to bring into a clean room, by their partner account ids.
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
 * How a destination stands in a clean room. `channelStatus` is a free text, such as `ACTIVE_CHANNEL` or
 * `PENDING_CHANNEL`; a partner's destination stays pending until the clean room's owner approves it.
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
 * How the destinations now stand in the clean room.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ProvisionCleanroomDestinationResponse = Wire.list(ActivationChannelProvision).annotations({
  identifier: "ProvisionCleanroomDestinationResponse"
})

export type ProvisionCleanroomDestinationResponse = typeof ProvisionCleanroomDestinationResponse.Type

/**
 * The owner's decision on a partner's destination. Approving lets results leave the clean room: a person decides.
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
 * The answer to a decision; `success` may be false although the status is 200.
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
 * A setting that destinations with this partner have; `encrypted` marks a secret.
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
 * The settings that destinations with a partner have.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PartnerConfigs = Wire.list(PartnerConfig).annotations({ identifier: "PartnerConfigs" })

export type PartnerConfigs = typeof PartnerConfigs.Type

/**
 * What a destination partner takes: lists of users, offline conversions, exports.
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
 * A partner that destinations can be made with, and the settings and credentials it asks for.
 *
 * Not to be confused with a clean room's partner, which is an organisation.
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
 * One named value of a credential. The `value` is a secret, kept redacted.
 *
 * @since 0.1.0
 * @category schemas
 */
export const PrimageCredential = Schema.Struct({
  ID: Wire.text,
  name: Wire.text,
  value: Wire.optional(Schema.Redacted(Wire.Text))
}).annotations({ identifier: "PrimageCredential" })

export interface PrimageCredential extends Schema.Schema.Type<typeof PrimageCredential> {}

/**
 * A destination's credential: an existing one by its `ID`, or a new one by name and values.
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
 * How many jobs of one type a destination has.
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
 * How the latest export runs of a destination stand, counted by state.
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
 * How far the setup of a destination has come.
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
 * A destination: an organisation's account with a partner.
 *
 * `configStatus` tells whether the account itself works, with `errorMessage` where it failed; how it stands in a clean
 * room is a matter of its own.
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
 * A destination in a clean room: whose it is and how it stands there. One that is used for activation cannot be taken
 * out (operation deprovisionCleanroomDestination).
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
 * A page of a clean room's destinations, with their total.
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
 * The partners that destinations can be made with.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ListDestinationPartnersResponse = Schema.Struct({
  partners: Wire.optional(Wire.list(Partner))
}).annotations({ identifier: "ListDestinationPartnersResponse" })

export interface ListDestinationPartnersResponse extends Schema.Schema.Type<typeof ListDestinationPartnersResponse> {}

/**
 * A page of the organisation's destinations, with their total.
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
 * The destination to make.
 *
 * Partners with a credential source need a `credential`; `publicKey` is for few partners only, such as S3 by IAM role
 * and GCS.
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
 * What to change of a destination; what is left out stays, and its partner cannot change.
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
 * The destination as changed, in its envelope.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpdateDestinationResponse = Schema.Struct({
  partnerAccount: Wire.optional(PartnerAccount)
}).annotations({ identifier: "UpdateDestinationResponse" })

export interface UpdateDestinationResponse extends Schema.Schema.Type<typeof UpdateDestinationResponse> {}

/**
 * The operations on an organisation's destinations, and on those provisioned in a clean room.
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
          ...Common.Page.fields,
          latestJobDays: Wire.maybe(Wire.IntegerParam)
        })
      )
      .addSuccess(ListCleanroomDestinationsResponse)
      .annotate(OpenApi.Summary, "Lists the destinations of a clean room, 30 a page unless limited to up to 100")
  )
  .add(
    HttpApiEndpoint.post("provisionCleanroomDestinations", "/cleanrooms/:cleanroomId/destinations")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(ProvisionCleanroomDestinationRequest)
      .addSuccess(ProvisionCleanroomDestinationResponse)
      .annotate(OpenApi.Summary, "Brings destinations into a clean room; a partner's waits for the owner's approval")
  )
  .add(
    HttpApiEndpoint.del("deprovisionCleanroomDestination", "/cleanrooms/:cleanroomId/destinations/:partnerAccountId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, partnerAccountId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Takes one's own destination out of a clean room, unless it is used for activation")
  )
  .add(
    HttpApiEndpoint.post(
      "reviewDestinationProvisioningRequest",
      "/cleanrooms/:cleanroomId/destinations/:partnerAccountId/provisioning-request/review"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, partnerAccountId: Wire.PathSegment }))
      .setPayload(ReviewDestinationProvisioningRequest)
      .addSuccess(ReviewDestinationProvisioningResponse)
      .annotate(OpenApi.Summary, "Approves or rejects a partner's destination for a clean room")
  )
  .add(
    HttpApiEndpoint.get("listDestinationPartners", "/destinations/partners")
      .addSuccess(ListDestinationPartnersResponse)
      .annotate(OpenApi.Summary, "Lists the partners that destinations can be made with")
  )
  .add(
    HttpApiEndpoint.get("listDestinations", "/destinations")
      .setUrlParams(Common.Page)
      .addSuccess(ListDestinationsResponse)
      .annotate(OpenApi.Summary, "Lists the organisation's destinations, 30 a page unless limited to up to 100")
  )
  .add(
    HttpApiEndpoint.post("createDestination", "/destinations")
      .setPayload(CreateDestinationRequest)
      .addSuccess(PartnerAccount)
      .annotate(OpenApi.Summary, "Makes a destination; it can be used once its setup has worked")
  )
  .add(
    HttpApiEndpoint.patch("updateDestinationConnection", "/destinations/:partnerAccountId")
      .setPath(Schema.Struct({ partnerAccountId: Wire.PathSegment }))
      .setPayload(UpdateDestinationRequest)
      .addSuccess(UpdateDestinationResponse)
      .annotate(OpenApi.Summary, "Changes a destination's name, credential or public key")
      .annotate(Operation.EffectAnnotation, "idempotent")
  )
  .add(
    HttpApiEndpoint.del("deleteDestinationConnection", "/destinations/:partnerAccountId")
      .setPath(Schema.Struct({ partnerAccountId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Deletes a destination")
  )
{}
