/**
 * Clean rooms: made, changed, removed, and what is in them.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/CleanRooms.js"
import * as Access from "../Access.js"
import * as Assets from "../Assets.js"
import * as Catalogues from "../Catalogues.js"
import { served } from "../Group.js"
import * as Members from "../Members.js"
import { badRequest, conflict } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { given, page, timeAudit } from "../Wire.js"
import * as World from "../World.js"

const organizationName = (world: World.Service, id: string) => world.organizations.get(id)?.name ?? ""

const toWire = (world: World.Service, room: Rows.CleanRoom): Api.CleanRoom =>
  given({
    id: room.id,
    displayId: room.displayId,
    name: room.name,
    description: room.description,
    ownerOrganization: organizationName(world, room.ownerId),
    partners: world.partners
      .where((partner) => partner.cleanRoomId === room.id)
      .map((partner) => organizationName(world, partner.organizationId)),
    startAt: room.startAt,
    endAt: room.endAt,
    questionsCount: world.cleanRoomQuestions.where((question) => question.cleanRoomId === room.id).length,
    status: "COMPLETE",
    cleanRoomParameters: room.parameters,
    timeAudit: timeAudit(room),
    cleanRoomTypeId: Catalogues.cleanRoomTypeId(room.type)
  })

const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))

const isWithin = (text: string | undefined, least: number, most: number) =>
  text === undefined || (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most)

/** What is wrong with a request, where Habu was seen to refuse it or the contract's text rules it out. */
const fault = (request: Api.CleanRoomRequest): string | undefined => {
  if (request.name.trim() === "") return "name must not be empty"
  if (!isDate(request.startAt)) return "startAt must be a date like 2026-01-31"
  if (request.endAt !== undefined && request.endAt !== "" && !isDate(request.endAt)) {
    return "endAt must be a date like 2026-01-31"
  }
  if (Catalogues.cleanRoomTypeId(request.type) === undefined) return `type ${request.type} is unknown`
  if (!isWithin(request.parameters?.DATA_DECIBEL, 1, 10)) return "DATA_DECIBEL must be an integer between 1 and 10"
  if (!isWithin(request.parameters?.CROWD_SIZE, 1, 100)) return "CROWD_SIZE must be an integer between 1 and 100"
  return undefined
}

/** A PUT replaces: what the request leaves out is gone. */
const settings = (request: Api.CleanRoomRequest) => ({
  name: request.name,
  description: request.description,
  type: request.type,
  startAt: request.startAt,
  endAt: request.endAt === "" ? undefined : request.endAt,
  parameters: given({ ...request.parameters })
})

const isTaken = (world: World.Service, name: string, exceptId: string | undefined) =>
  world.cleanRooms.find((room) =>
    room.ownerId === world.organizationId && room.name.trim() === name.trim() && room.id !== exceptId
  ) !== undefined

const accept = (world: World.Service, request: Api.CleanRoomRequest, exceptId?: string) =>
  Effect.gen(function*() {
    const wrong = fault(request)
    if (wrong !== undefined) return yield* Effect.fail(badRequest(wrong))
    if (isTaken(world, request.name, exceptId)) {
      return yield* Effect.fail(conflict(`A clean room named ${JSON.stringify(request.name)} exists already`))
    }
    return settings(request)
  })

const create = (world: World.Service, request: Api.CleanRoomRequest) =>
  Effect.gen(function*() {
    const accepted = yield* accept(world, request)
    const now = yield* Clock.currentTimeMillis
    const room = world.cleanRooms.put({
      ...accepted,
      id: world.ids.uuid("cleanRoom"),
      displayId: world.ids.displayId("CR"),
      ownerId: world.organizationId,
      denied: [],
      granted: [],
      createdAt: now,
      updatedAt: now
    })
    Members.open(world, room, world.apiUserId, now)
    return toWire(world, room)
  })

const update = (world: World.Service, id: string, request: Api.CleanRoomRequest) =>
  Effect.gen(function*() {
    const room = yield* Effect.flatMap(Access.cleanRoom(world, id), (room) => Access.owned(world, room))
    const accepted = yield* accept(world, request, id)
    if (accepted.type !== room.type) return yield* Effect.fail(badRequest("The type of a clean room cannot be changed"))
    return toWire(
      world,
      world.cleanRooms.put({ ...room, ...accepted, updatedAt: yield* Clock.currentTimeMillis })
    )
  })

const remove = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    yield* Effect.flatMap(Access.cleanRoom(world, id), (room) => Access.owned(world, room))
    Members.close(world, id)
    return { success: true }
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "CleanRooms",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle("createCleanroom", ({ payload }) => create(world, payload))
          .handle("getAllCleanrooms", ({ urlParams }) =>
            Effect.sync(() => {
              const rooms = world.cleanRooms.where((room) => Access.isMember(world, room.id))
              return page(rooms, urlParams, { limit: 500 }).map((room) => toWire(world, room))
            }))
          .handle(
            "getCleanroomById",
            ({ path }) => Effect.map(Access.cleanRoom(world, path.cleanroomId), (room) => toWire(world, room))
          )
          .handle("updateCleanroom", ({ path, payload }) => update(world, path.cleanroomId, payload))
          .handle("deleteCleanroom", ({ path }) => remove(world, path.cleanroomId))
          .handle("getCleanroomTypes", () => Effect.succeed(Catalogues.cleanRoomTypes))
          .handle(
            "getCleanroomStakeholders",
            ({ path }) =>
              Effect.map(Access.cleanRoom(world, path.cleanroomId), (room) => Members.stakeholders(world, room))
          )
          .handle(
            "getCleanroomAssetDetails",
            ({ path }) => Effect.map(Access.cleanRoom(world, path.cleanroomId), (room) => Assets.of(world, room))
          )
      ))
)
