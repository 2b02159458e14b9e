/**
 * The other parties of a clean room: the invitations sent to them, the organisations that joined, and their people.
 *
 * A partner accepts or declines in Habu's UI; no operation does that, nor resends an invitation.
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
 * Whom to invite. Habu puts a text of its own in place of a missing note (operation addCleanroomPartner).
 *
 * @since 0.1.0
 * @category schemas
 */
export const AddCleanRoomPartnerRequest = Schema.Struct({
  partnerAdminEmail: Schema.String,
  invitationNote: Wire.maybe(Schema.String)
}).annotations({ identifier: "AddCleanRoomPartnerRequest" })

export interface AddCleanRoomPartnerRequest extends Schema.Schema.Type<typeof AddCleanRoomPartnerRequest> {}

/**
 * How far an invitation has come: `PENDING` until the partner acts, `ACCEPTED` or `DECLINED` after.
 *
 * `REQUEST_SENT_ADMIN`, `IN_PROGRESS` and `DECLINED_BY_ADMIN` are not explained by Habu; they probably belong to the
 * account that LiveRamp makes for a partner who had none.
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
 * An invitation to a clean room. `Status` and `InvitorEmail` are capitalised on the wire (seen live), and
 * `partnerOrganizationId` is missing until the invited person has chosen an organisation.
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

const tolerated = { jsonSchema: { [Wire.lenientMark]: true } }

const promisedInvitation = Schema.transform(
  Schema.Union(InvitationDetail, Schema.Null.annotations(tolerated)),
  Schema.Array(Schema.typeSchema(InvitationDetail)),
  {
    decode: (invitation) => invitation === null ? [] : [invitation],
    encode: ([invitation = null]) => invitation
  }
)

/**
 * The invitations of one clean room, read from a list or from one object: the contract types this listing as a single
 * invitation (operation listPartnerInvitationsForInviter). Written as a list.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Invitations = Schema.Union(
  Schema.Array(InvitationDetail).annotations(tolerated),
  promisedInvitation
)

export type Invitations = typeof Invitations.Type

/**
 * An organisation that joined a clean room. Its `id` is the `cleanroomPartnerId` that operations ask for, and is not
 * `partnerOrganizationId`.
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
 * The organisations that joined a clean room; the merely invited are not among them (seen live).
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomPartners = Wire.list(CleanRoomPartnerResponse).annotations({ identifier: "CleanRoomPartners" })

export type CleanRoomPartners = typeof CleanRoomPartners.Type

/**
 * The operations on a clean room's invitations, partners and their people.
 *
 * Partners and invitations may answer 403 although the same API user reads the clean room itself (seen live): that is
 * a denial of this part only, not an empty list.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Partners", { topLevel: true })
  .add(
    HttpApiEndpoint.get("listPartnerInvitationsForInviter", "/cleanrooms/:cleanroomId/invitations")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(Invitations)
      .annotate(OpenApi.Summary, "Lists the invitations sent for a clean room, with their status")
  )
  .add(
    HttpApiEndpoint.post("addCleanroomPartner", "/cleanrooms/:cleanroomId/partners")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(AddCleanRoomPartnerRequest)
      .addSuccess(InvitationDetail)
      .annotate(
        OpenApi.Summary,
        "Invites a partner by a real email, which reaches only people with a Habu or LiveRamp account"
      )
  )
  .add(
    HttpApiEndpoint.del("cancelPartnerInvitationByEmail", "/cleanrooms/:cleanroomId/invitations")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ partnerEmail: Schema.String }))
      .addSuccess(InvitationDetail)
      .annotate(OpenApi.Summary, "Withdraws the invitation that was sent to an email address")
  )
  .add(
    HttpApiEndpoint.del("cancelPartnerInvitationById", "/cleanrooms/:cleanroomId/invitations/:invitationId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, invitationId: Wire.PathSegment }))
      .addSuccess(InvitationDetail)
      .annotate(OpenApi.Summary, "Withdraws one invitation; to send it again, withdraw it and invite anew")
  )
  .add(
    HttpApiEndpoint.get("getAllCleanroomPartners", "/cleanrooms/:cleanroomId/partners")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(CleanRoomPartners)
      .annotate(OpenApi.Summary, "Lists the partners that joined a clean room, each with its people")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomPartnerById", "/cleanrooms/:cleanroomId/partners/:cleanroomPartnerId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomPartnerId: Wire.PathSegment }))
      .addSuccess(CleanRoomPartnerResponse)
      .annotate(OpenApi.Summary, "Reads one partner of a clean room with its people")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroomPartner", "/cleanrooms/:cleanroomId/partners/:cleanroomPartnerId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomPartnerId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Removes a partner, and so its people, from a clean room; no operation brings it back")
  )
  .add(
    HttpApiEndpoint.get(
      "getCleanroomPartnerRoles",
      "/cleanrooms/:cleanroomId/partners/:cleanroomPartnerId/cleanRoomRoles"
    )
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomPartnerId: Wire.PathSegment }))
      .addSuccess(Users.CleanRoomRoles)
      .annotate(OpenApi.Summary, "Lists the roles that a partner's people can be given in a clean room")
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
      .annotate(OpenApi.Summary, "Reads one role of a partner's people in a clean room")
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
      .annotate(
        OpenApi.Summary,
        "Gives one of a partner's people another role, but not to or from Administrator and Partner Administrator"
      )
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
      .annotate(OpenApi.Summary, "Takes one of a partner's people out of a clean room; the partner itself stays")
  )
{}
