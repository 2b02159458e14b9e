/**
 * The people of an organisation, and those of them who may enter a clean room, each with a role there.
 *
 * A partner's people are under Partners. No operation makes organisation users or roles; that is for Habu's UI.
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
 * A person's account. API users are accounts too, named "API User …" (seen live).
 *
 * @since 0.1.0
 * @category schemas
 */
export const User = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  email: Wire.text
}).annotations({ identifier: "User" })

export interface User extends Schema.Schema.Type<typeof User> {}

/**
 * A person in the organisation with the role they hold there, which is not their role in any clean room.
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrganizationUser = Schema.Struct({
  roleName: Wire.text,
  user: Wire.optional(User)
}).annotations({ identifier: "OrganizationUser" })

export interface OrganizationUser extends Schema.Schema.Type<typeof OrganizationUser> {}

/**
 * One page of the organisation's people.
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrganizationUsers = Wire.list(OrganizationUser).annotations({ identifier: "OrganizationUsers" })

export type OrganizationUsers = typeof OrganizationUsers.Type

/**
 * A role that can be given in one clean room. The built-in ones are Administrator and Viewer for the owner's people,
 * Partner Admin and Partner Viewer for a partner's; each side may have made more.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomRole = Schema.Struct({
  id: Wire.text,
  name: Wire.text,
  cleanRoomId: Wire.text,
  organizationId: Wire.text
}).annotations({ identifier: "CleanRoomRole" })

export interface CleanRoomRole extends Schema.Schema.Type<typeof CleanRoomRole> {}

/**
 * The roles that can be given in one clean room.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomRoles = Wire.list(CleanRoomRole).annotations({ identifier: "CleanRoomRoles" })

export type CleanRoomRoles = typeof CleanRoomRoles.Type

/**
 * A person's membership in one clean room. Its `id` is the `cleanroomUserId` that operations ask for, and is not
 * `user.id`, the id of the account.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomUser = Schema.Struct({
  id: Wire.text,
  cleanRoomId: Wire.text,
  user: Wire.optional(User),
  timeAudit: Wire.optional(Common.TimeAudit),
  userAudit: Wire.optional(Common.UserAudit),
  role: Wire.optional(CleanRoomRole)
}).annotations({ identifier: "CleanRoomUser" })

export interface CleanRoomUser extends Schema.Schema.Type<typeof CleanRoomUser> {}

/**
 * The memberships of one clean room. A clean room names no administrator itself: those whose role is "Administrator"
 * here are the ones to ask (seen live).
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomUsers = Wire.list(CleanRoomUser).annotations({ identifier: "CleanRoomUsers" })

export type CleanRoomUsers = typeof CleanRoomUsers.Type

/**
 * Whom to let into a clean room, by email, and the name of the role to give. The two ids are the deprecated way of
 * saying the same (operation addCleanroomUser).
 *
 * @since 0.1.0
 * @category schemas
 */
export const AddCleanRoomUserRequest = Schema.Struct({
  userId: Wire.maybe(Schema.String),
  roleId: Wire.maybe(Schema.String),
  email: Schema.String,
  role: Schema.String
}).annotations({ identifier: "AddCleanRoomUserRequest" })

export interface AddCleanRoomUserRequest extends Schema.Schema.Type<typeof AddCleanRoomUserRequest> {}

/**
 * The operations on an organisation's people and on its own people in a clean room.
 *
 * Those of a clean room may answer 403 although the same API user reads the clean room itself (seen live).
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Users", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getAllOrganizationUsers", "/users")
      .setUrlParams(Schema.Struct({ limit: Wire.maybe(Wire.IntegerParam), offset: Wire.maybe(Wire.IntegerParam) }))
      .addSuccess(OrganizationUsers)
      .annotate(OpenApi.Summary, "Lists the organisation's people and API users, 500 a page unless limited")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomRoles", "/cleanrooms/:cleanroomId/cleanRoomRoles")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(CleanRoomRoles)
      .annotate(OpenApi.Summary, "Lists the roles that one's own people can be given in a clean room")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomRoleById", "/cleanrooms/:cleanroomId/cleanRoomRoles/:cleanRoomRoleId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanRoomRoleId: Wire.PathSegment }))
      .addSuccess(CleanRoomRole)
      .annotate(OpenApi.Summary, "Reads one role of a clean room")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomUsers", "/cleanrooms/:cleanroomId/users")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ cleanroomUserEmail: Wire.maybe(Schema.String) }))
      .addSuccess(CleanRoomUsers)
      .annotate(OpenApi.Summary, "Lists one's own people in a clean room, or finds the one with an email address")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomUserById", "/cleanrooms/:cleanroomId/users/:cleanroomUserId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomUserId: Wire.PathSegment }))
      .addSuccess(CleanRoomUser)
      .annotate(OpenApi.Summary, "Reads one membership of a clean room")
  )
  .add(
    // Stays "create": it makes a membership, and the 409 of a blind repeat would read as "was there before".
    HttpApiEndpoint.post("addCleanroomUser", "/cleanrooms/:cleanroomId/users")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(AddCleanRoomUserRequest)
      .addSuccess(CleanRoomUser)
      .annotate(
        OpenApi.Summary,
        "Lets someone of the organisation into a clean room; 409 if they are in it, so change their role instead"
      )
  )
  .add(
    HttpApiEndpoint.put(
      "updateCleanroomUserRole",
      "/cleanrooms/:cleanroomId/users/:cleanroomUserId/cleanRoomRoles/:cleanRoomRoleId"
    )
      .setPath(
        Schema.Struct({
          cleanroomId: Wire.PathSegment,
          cleanroomUserId: Wire.PathSegment,
          cleanRoomRoleId: Wire.PathSegment
        })
      )
      .addSuccess(CleanRoomUser)
      .annotate(OpenApi.Summary, "Gives a person in a clean room another role there")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroomUser", "/cleanrooms/:cleanroomId/users/:cleanroomUserId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomUserId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "Takes a person out of a clean room; their account in the organisation stays")
  )
{}
