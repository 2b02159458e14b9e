/**
 * DOC module Users
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
 * DOC User
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
 * DOC OrganizationUser
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
 * DOC OrganizationUsers
 *
 * @since 0.1.0
 * @category schemas
 */
export const OrganizationUsers = Wire.list(OrganizationUser).annotations({ identifier: "OrganizationUsers" })

export type OrganizationUsers = typeof OrganizationUsers.Type

/**
 * DOC AddCleanRoomUserRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const AddCleanRoomUserRequest = Schema.Struct({
  userId: Wire.maybe(Schema.String),
  roleId: Wire.maybe(Schema.String),
  email: Wire.maybe(Schema.String),
  role: Wire.maybe(Schema.String)
}).annotations({ identifier: "AddCleanRoomUserRequest" })

export interface AddCleanRoomUserRequest extends Schema.Schema.Type<typeof AddCleanRoomUserRequest> {}

/**
 * DOC CleanRoomRole
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
 * DOC CleanRoomUser
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
 * DOC CleanRoomUsers
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomUsers = Wire.list(CleanRoomUser).annotations({ identifier: "CleanRoomUsers" })

export type CleanRoomUsers = typeof CleanRoomUsers.Type

/**
 * DOC CleanRoomRoles
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomRoles = Wire.list(CleanRoomRole).annotations({ identifier: "CleanRoomRoles" })

export type CleanRoomRoles = typeof CleanRoomRoles.Type

/**
 * DOC group Users
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Users", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getCleanroomRoles", "/cleanrooms/:cleanroomId/cleanRoomRoles")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .addSuccess(CleanRoomRoles)
      .annotate(OpenApi.Summary, "DOC getCleanroomRoles")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomRoleById", "/cleanrooms/:cleanroomId/cleanRoomRoles/:cleanRoomRoleId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanRoomRoleId: Wire.PathSegment }))
      .addSuccess(CleanRoomRole)
      .annotate(OpenApi.Summary, "DOC getCleanroomRoleById")
  )
  .add(
    HttpApiEndpoint.post("addCleanroomUser", "/cleanrooms/:cleanroomId/users")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setPayload(AddCleanRoomUserRequest)
      .addSuccess(CleanRoomUser)
      .annotate(OpenApi.Summary, "DOC addCleanroomUser")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomUsers", "/cleanrooms/:cleanroomId/users")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment }))
      .setUrlParams(Schema.Struct({ cleanroomUserEmail: Wire.maybe(Schema.String) }))
      .addSuccess(CleanRoomUsers)
      .annotate(OpenApi.Summary, "DOC getCleanroomUsers")
  )
  .add(
    HttpApiEndpoint.get("getCleanroomUserById", "/cleanrooms/:cleanroomId/users/:cleanroomUserId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomUserId: Wire.PathSegment }))
      .addSuccess(CleanRoomUser)
      .annotate(OpenApi.Summary, "DOC getCleanroomUserById")
  )
  .add(
    HttpApiEndpoint.del("deleteCleanroomUser", "/cleanrooms/:cleanroomId/users/:cleanroomUserId")
      .setPath(Schema.Struct({ cleanroomId: Wire.PathSegment, cleanroomUserId: Wire.PathSegment }))
      .addSuccess(Common.DeleteResponse)
      .annotate(OpenApi.Summary, "DOC deleteCleanroomUser")
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
      .annotate(OpenApi.Summary, "DOC updateCleanroomUserRole")
  )
  .add(
    HttpApiEndpoint.get("getAllOrganizationUsers", "/users")
      .setUrlParams(Schema.Struct({ limit: Wire.maybe(Wire.IntegerParam), offset: Wire.maybe(Wire.IntegerParam) }))
      .addSuccess(OrganizationUsers)
      .annotate(OpenApi.Summary, "DOC getAllOrganizationUsers")
  )
{}
