/**
 * Partners of a clean room and invitations to it.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Partners.js"
import * as Access from "../Access.js"
import { served } from "../Group.js"
import * as Invitations from "../Invitations.js"
import * as Members from "../Members.js"
import * as People from "../People.js"
import { badRequest, forbidden } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import * as World from "../World.js"

const standardNote = "We would like to invite you to a clean room and to look at what our data has to say together."

const toWire = (world: World.Service, partner: Rows.CleanRoomPartner): Api.CleanRoomPartnerResponse => {
  const users = Members.users(world, partner.cleanRoomId, partner.organizationId)
  return {
    id: partner.id,
    partnerOrganizationId: partner.organizationId,
    name: world.organizations.get(partner.organizationId)?.name ?? "",
    userCount: users.length,
    cleanRoomUsers: users.map((user) => People.toWire(world, user))
  }
}

interface PartnerPath {
  readonly cleanroomId: string
  readonly cleanroomPartnerId: string
}

const partnerOf = (world: World.Service, path: PartnerPath) =>
  Effect.flatMap(Access.part(world, path.cleanroomId, "partners"), (room) => {
    const partner = world.partners.get(path.cleanroomPartnerId)
    return Access.found(
      partner?.cleanRoomId === room.id ? partner : undefined,
      "Clean room partner",
      path.cleanroomPartnerId
    )
  })

const roleOf = (world: World.Service, partner: Rows.CleanRoomPartner, roleId: string) =>
  Access.found(
    Members.roles(world, partner.cleanRoomId, partner.organizationId).find((role) => role.id === roleId),
    "Clean room role",
    roleId
  )

const userOf = (world: World.Service, partner: Rows.CleanRoomPartner, userId: string) =>
  Access.found(
    Members.users(world, partner.cleanRoomId, partner.organizationId).find((user) => user.id === userId),
    "Clean room user",
    userId
  )

const administrable = (room: Rows.CleanRoom, world: World.Service) =>
  Effect.flatMap(Access.owned(world, room), Access.open)

const invite = (world: World.Service, cleanRoomId: string, request: Api.AddCleanRoomPartnerRequest) =>
  Effect.gen(function*() {
    const room = yield* Access.part(world, cleanRoomId, "partners")
    yield* administrable(room, world)
    const email = request.partnerAdminEmail?.trim() ?? ""
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) {
      return yield* Effect.fail(badRequest("partnerAdminEmail must be an email address"))
    }
    const waiting = world.invitations.find((row) =>
      row.cleanRoomId === cleanRoomId && row.email.toLowerCase() === email.toLowerCase() && row.status === "PENDING"
    )
    if (waiting !== undefined) return yield* Effect.fail(badRequest(`${email} has a pending invitation already`))
    const now = yield* Clock.currentTimeMillis
    return Invitations.toWire(world.invitations.put({
      id: world.ids.uuid("invitation"),
      cleanRoomId,
      organizationId: world.organizationId,
      partnerOrganizationId: undefined,
      email,
      note: request.invitationNote ?? standardNote,
      invitorEmail: world.people.get(world.apiUserId)?.email ?? "",
      status: "PENDING",
      createdAt: now,
      updatedAt: now
    }))
  })

/** A cancelled invitation is gone; one that was answered cannot be taken back. */
const cancel = (world: World.Service, cleanRoomId: string, is: (row: Rows.Invitation) => boolean, given: string) =>
  Effect.gen(function*() {
    yield* Access.part(world, cleanRoomId, "invitations")
    const rows = world.invitations.where((row) => row.cleanRoomId === cleanRoomId && is(row))
    const row = yield* Access.found(rows.find(({ status }) => status === "PENDING") ?? rows[0], "Invitation", given)
    if (row.status !== "PENDING") return yield* Effect.fail(badRequest(`The invitation is ${row.status} already`))
    world.invitations.remove(row.id)
    return Invitations.toWire({ ...row, updatedAt: yield* Clock.currentTimeMillis })
  })

const updateRole = (
  world: World.Service,
  path: PartnerPath & { readonly cleanroomUserId: string; readonly cleanRoomRoleId: string }
) =>
  Effect.gen(function*() {
    const partner = yield* partnerOf(world, path)
    const user = yield* userOf(world, partner, path.cleanroomUserId)
    const role = yield* roleOf(world, partner, path.cleanRoomRoleId)
    const current = world.roles.get(user.roleId)
    if ([role, current].some((item) => item !== undefined && Members.administratorRoles.includes(item.name))) {
      return yield* Effect.fail(forbidden("The roles Administrator and Partner Admin cannot be given or taken here"))
    }
    const updatedAt = yield* Clock.currentTimeMillis
    return People.toWire(world, world.cleanRoomUsers.put({ ...user, roleId: role.id, updatedAt }))
  })

/**
 * Serves the group. The partner answers an invitation elsewhere: see `accept` and `decline` of the sandbox.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Partners",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle(
            "listPartnerInvitationsForInviter",
            ({ path }) =>
              Effect.map(
                Access.part(world, path.cleanroomId, "invitations"),
                (room) => world.invitations.where((row) => row.cleanRoomId === room.id).map(Invitations.toWire)
              )
          )
          .handle("cancelPartnerInvitationByEmail", ({ path, urlParams }) =>
            cancel(
              world,
              path.cleanroomId,
              (row) => row.email.toLowerCase() === urlParams.partnerEmail.trim().toLowerCase(),
              urlParams.partnerEmail
            ))
          .handle(
            "cancelPartnerInvitationById",
            ({ path }) => cancel(world, path.cleanroomId, (row) => row.id === path.invitationId, path.invitationId)
          )
          .handle("addCleanroomPartner", ({ path, payload }) => invite(world, path.cleanroomId, payload))
          .handle(
            "getAllCleanroomPartners",
            ({ path }) =>
              Effect.map(
                Access.part(world, path.cleanroomId, "partners"),
                (room) => world.partners.where((row) => row.cleanRoomId === room.id).map((row) => toWire(world, row))
              )
          )
          .handle(
            "getCleanroomPartnerById",
            ({ path }) => Effect.map(partnerOf(world, path), (partner) => toWire(world, partner))
          )
          .handle("deleteCleanroomPartner", ({ path }) =>
            Effect.gen(function*() {
              const partner = yield* partnerOf(world, path)
              yield* Effect.flatMap(Access.cleanRoom(world, path.cleanroomId), (room) => Access.owned(world, room))
              Members.leave(world, partner)
              return { success: true }
            }))
          .handle(
            "getCleanroomPartnerRoles",
            ({ path }) =>
              Effect.map(
                partnerOf(world, path),
                (partner) => Members.roles(world, partner.cleanRoomId, partner.organizationId).map(People.roleToWire)
              )
          )
          .handle(
            "getCleanroomPartnerRoleByID",
            ({ path }) =>
              Effect.flatMap(
                partnerOf(world, path),
                (partner) => Effect.map(roleOf(world, partner, path.cleanRoomRoleId), People.roleToWire)
              )
          )
          .handle(
            "deleteCleanroomPartnerUser",
            ({ path }) =>
              Effect.flatMap(
                partnerOf(world, path),
                (partner) =>
                  Effect.map(userOf(world, partner, path.cleanroomUserId), (user) => ({
                    success: world.cleanRoomUsers.remove(user.id)
                  }))
              )
          )
          .handle("updateCleanroomPartnerUserRole", ({ path }) => updateRole(world, path))
      ))
)
