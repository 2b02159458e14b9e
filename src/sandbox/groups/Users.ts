/**
 * The users of the organisation and of its clean rooms.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Users.js"
import * as Access from "../Access.js"
import { served } from "../Group.js"
import * as Members from "../Members.js"
import * as People from "../People.js"
import { badRequest, conflict, notFound } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { page, user } from "../Wire.js"
import * as World from "../World.js"

const sameText = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase()

const personOf = (world: World.Service, request: Api.AddCleanRoomUserRequest) => {
  const { email, userId } = request
  const colleague = world.people.find((person) =>
    person.organizationId === world.organizationId &&
    (email === undefined ? person.id === userId : sameText(person.email, email))
  )
  return Access.found(colleague, "Organization user", email ?? userId ?? "")
}

const roleOf = (roles: ReadonlyArray<Rows.CleanRoomRole>, request: Api.AddCleanRoomUserRequest) => {
  const { role, roleId } = request
  const wanted = roles.find((item) => role === undefined ? item.id === roleId : sameText(item.name, role))
  return wanted === undefined
    ? Effect.fail(badRequest(`Role ${JSON.stringify(role ?? roleId)} is none of the clean room's`))
    : Effect.succeed(wanted)
}

const add = (world: World.Service, cleanRoomId: string, request: Api.AddCleanRoomUserRequest) =>
  Effect.gen(function*() {
    yield* Effect.flatMap(Access.part(world, cleanRoomId, "users"), Access.open)
    if ((request.email ?? request.userId) === undefined || (request.role ?? request.roleId) === undefined) {
      return yield* Effect.fail(badRequest("email and role are required"))
    }
    const person = yield* personOf(world, request)
    const role = yield* roleOf(Members.roles(world, cleanRoomId, world.organizationId), request)
    if (world.cleanRoomUsers.find((row) => row.cleanRoomId === cleanRoomId && row.personId === person.id)) {
      return yield* Effect.fail(conflict(`${person.email} is a user of the clean room already`))
    }
    return People.toWire(
      world,
      Members.add(world, cleanRoomId, person.id, role.id, yield* Clock.currentTimeMillis)
    )
  })

const userOf = (world: World.Service, path: { readonly cleanroomId: string; readonly cleanroomUserId: string }) =>
  Effect.flatMap(Access.part(world, path.cleanroomId, "users"), () => {
    const own = Members.users(world, path.cleanroomId, world.organizationId)
    return Access.found(own.find((row) => row.id === path.cleanroomUserId), "Clean room user", path.cleanroomUserId)
  })

const ownRole = (world: World.Service, cleanRoomId: string, roleId: string) =>
  Access.found(
    Members.roles(world, cleanRoomId, world.organizationId).find((role) => role.id === roleId),
    "Clean room role",
    roleId
  )

const list = (world: World.Service, cleanRoomId: string, email: string | undefined) => {
  const rows = Members.users(world, cleanRoomId, world.organizationId)
  const wanted = email === undefined
    ? rows
    : rows.filter((row) => sameText(world.people.get(row.personId)?.email ?? "", email))
  return wanted.length === 0 && email !== undefined
    ? Effect.fail(notFound("Clean room user", email))
    : Effect.succeed(wanted.map((row) => People.toWire(world, row)))
}

/**
 * Serves the group. A clean room lists the users of the API user's own organisation; partners' users come with the
 * partners.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(SandboxApi, "Users", (handlers) =>
  Effect.map(World.World, (world) =>
    served(
      handlers
        .handle("getCleanroomRoles", ({ path }) =>
          Effect.map(
            Access.part(world, path.cleanroomId, "users"),
            () => Members.roles(world, path.cleanroomId, world.organizationId).map(People.roleToWire)
          ))
        .handle(
          "getCleanroomRoleById",
          ({ path }) =>
            Effect.flatMap(
              Access.part(world, path.cleanroomId, "users"),
              () => Effect.map(ownRole(world, path.cleanroomId, path.cleanRoomRoleId), People.roleToWire)
            )
        )
        .handle("addCleanroomUser", ({ path, payload }) => add(world, path.cleanroomId, payload))
        .handle("getCleanroomUsers", ({ path, urlParams }) =>
          Effect.flatMap(
            Access.part(world, path.cleanroomId, "users"),
            () => list(world, path.cleanroomId, urlParams.cleanroomUserEmail)
          ))
        .handle(
          "getCleanroomUserById",
          ({ path }) => Effect.map(userOf(world, path), (row) => People.toWire(world, row))
        )
        .handle(
          "deleteCleanroomUser",
          ({ path }) => Effect.map(userOf(world, path), (row) => ({ success: world.cleanRoomUsers.remove(row.id) }))
        )
        .handle("updateCleanroomUserRole", ({ path }) =>
          Effect.gen(function*() {
            const row = yield* userOf(world, path)
            yield* Effect.flatMap(Access.cleanRoom(world, path.cleanroomId), Access.open)
            const role = yield* ownRole(world, path.cleanroomId, path.cleanRoomRoleId)
            const updatedAt = yield* Clock.currentTimeMillis
            return People.toWire(world, world.cleanRoomUsers.put({ ...row, roleId: role.id, updatedAt }))
          }))
        .handle("getAllOrganizationUsers", ({ urlParams }) =>
          Effect.sync(() => {
            const colleagues = world.people.where((person) => person.organizationId === world.organizationId)
            return page(colleagues, urlParams, { limit: 500 })
              .map((person) => ({ roleName: person.roleName, user: user(person) }))
          }))
    )))
