/**
 * DOC module Partners
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Common from "./Common.js"
import * as Users from "./Users.js"
import * as Wire from "./Wire.js"

/**
 * DOC AddCleanRoomPartnerRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const AddCleanRoomPartnerRequest = Schema.Struct({
  partnerAdminEmail: Wire.maybe(Schema.String),
  invitationNote: Wire.maybe(Schema.String)
}).annotations({ identifier: "AddCleanRoomPartnerRequest" })

export interface AddCleanRoomPartnerRequest extends Schema.Schema.Type<typeof AddCleanRoomPartnerRequest> {}

/**
 * DOC CleanRoomPartnerResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomPartnerResponse = Schema.Struct({
  id: Wire.text,
  partnerOrganizationId: Wire.text,
  name: Wire.text,
  userCount: Wire.integer,
  cleanRoomUsers: Wire.optional(Users.CleanRoomUsers)
}).annotations({ identifier: "CleanRoomPartnerResponse" })

export interface CleanRoomPartnerResponse extends Schema.Schema.Type<typeof CleanRoomPartnerResponse> {}

/**
 * DOC CleanRoomPartners
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomPartners = Wire.list(CleanRoomPartnerResponse).annotations({ identifier: "CleanRoomPartners" })

export type CleanRoomPartners = typeof CleanRoomPartners.Type

/**
 * DOC InviteStatus
 *
 * @since 0.1.0
 * @category schemas
 */
export const InviteStatus = Wire.openEnum(
  "PENDING",
  "ACCEPTED",
  "DECLINED",
  "INVITE_STATUS_UNKNOWN",
  "REQUEST_SENT_ADMIN",
  "IN_PROGRESS",
  "DECLINED_BY_ADMIN"
).annotations({ identifier: "InviteStatus" })

export type InviteStatus = typeof InviteStatus.Type

/**
 * DOC InvitationDetail
 *
 * @since 0.1.0
 * @category schemas
 */
export const InvitationDetail = Schema.Struct({
  id: Wire.text,
  organizationId: Wire.text,
  partnerOrganizationId: Wire.text,
  cleanRoomId: Wire.text,
  invitationNote: Wire.text,
  partnerAdminEmail: Wire.text,
  InvitorEmail: Wire.text,
  Status: Wire.optional(InviteStatus),
  timeAudit: Wire.optional(Common.TimeAudit)
}).annotations({ identifier: "InvitationDetail" })

export interface InvitationDetail extends Schema.Schema.Type<typeof InvitationDetail> {}

/**
 * DOC group Partners
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Partners", { topLevel: true })
  .add(
    HttpApiEndpoint.get("listPartnerInvitationsForInviter", "/cleanrooms/:cleanroomId/invitations")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(InvitationDetail)
      .annotate(OpenApi.Summary, "DOC listPartnerInvitationsForInviter")
  )
  .add(
    HttpApiEndpoint.del("cancelPartnerInvitationByEmail", "/cleanrooms/:cleanroomId/invitations")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ partnerEmail: Schema.String }))
      .addSuccess(InvitationDetail)
      .annotate(OpenApi.Summary, "DOC cancelPartnerInvitationByEmail")
  )
  .add(
    HttpApiEndpoint.del("cancelPartnerInvitationById", "/cleanrooms/:cleanroomId/invitations/:invitationId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, invitationId: Wire.PathSegment }))
      .addSuccess(InvitationDetail)
      .annotate(OpenApi.Summary, "DOC cancelPartnerInvitationById")
  )
  .add(
    HttpApiEndpoint.post("addCleanroomPartner", "/cleanrooms/:cleanroomId/partners")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(AddCleanRoomPartnerRequest)
      .addSuccess(InvitationDetail)
      .annotate(OpenApi.Summary, "DOC addCleanroomPartner")
  )
  .add(
    HttpApiEndpoint.get("getAllCleanroomPartners", "/cleanrooms/:cleanroomId/partners")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(CleanRoomPartners)
      .annotate(OpenApi.Summary, "DOC getAllCleanroomPartners")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomPartnerById", "/cleanrooms/:cleanroomId/partners/:cleanroomPartnerId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomPartnerId: Wire.PathSegment }))
      .addSuccess(CleanRoomPartnerResponse)
      .annotate(OpenApi.Summary, "DOC getCleanroomPartnerById")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroomPartner", "/cleanrooms/:cleanroomId/partners/:cleanroomPartnerId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomPartnerId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteCleanroomPartner")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomPartnerRoles",
      "/cleanrooms/:cleanroomId/partners/:cleanroomPartnerId/cleanRoomRoles"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomPartnerId: Wire.PathSegment }))
      .addSuccess(Users.CleanRoomRoles)
      .annotate(OpenApi.Summary, "DOC getCleanroomPartnerRoles")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomPartnerRoleByID",
      "/cleanrooms/:cleanroomId/partners/:cleanroomPartnerId/cleanRoomRoles/:cleanRoomRoleId"
    )
      .setPath(
        Schema.Struct({
          cleanroomId: Wire.PathSegment,
          cleanroomPartnerId: Wire.PathSegment,
          cleanRoomRoleId: Wire.PathSegment
        })
      )
      .addSuccess(Users.CleanRoomRole)
      .annotate(OpenApi.Summary, "DOC getCleanroomPartnerRoleByID")
  )
  .add(
    HttpApiEndpoint.del(
      "deleteCleanroomPartnerUser",
      "/cleanrooms/:cleanroomId/partners/:cleanroomPartnerId/users/:cleanroomUserId"
    )
      .setPath(
        Schema.Struct({
          cleanroomId: Wire.PathSegment,
          cleanroomPartnerId: Wire.PathSegment,
          cleanroomUserId: Wire.PathSegment
        })
      )
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteCleanroomPartnerUser")
  )
  .add(
    HttpApiEndpoint.put(
      "updateCleanroomPartnerUserRole",
      "/cleanrooms/:cleanroomId/partners/:cleanroomPartnerId/users/:cleanroomUserId/cleanRoomRoles/:cleanRoomRoleId"
    )
      .setPath(
        Schema.Struct({
          cleanroomId: Wire.PathSegment,
          cleanroomPartnerId: Wire.PathSegment,
          cleanroomUserId: Wire.PathSegment,
          cleanRoomRoleId: Wire.PathSegment
        })
      )
      .addSuccess(Users.CleanRoomUser)
      .annotate(OpenApi.Summary, "DOC updateCleanroomPartnerUserRole")
  )
{}
