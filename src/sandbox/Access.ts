/**
 * What the API user may see and do: every handler finds its objects through these.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberRef from "effect/FiberRef"
import * as GlobalValue from "effect/GlobalValue"
import * as Members from "./Members.js"
import { forbidden, notFound, type Refusal } from "./Refusal.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

const orRefuse = <A>(value: A | undefined, refusal: () => Refusal): Effect.Effect<A, Refusal> =>
  value === undefined ? Effect.fail(refusal()) : Effect.succeed(value)

/**
 * Whether this fibre answers an operation that changes something.
 *
 * @since 0.1.0
 * @category models
 */
export const writes = GlobalValue.globalValue(
  "habu-mcp/sandbox/Access/writes",
  () => FiberRef.unsafeMake(false)
)

const roleOf = (world: World.Service, cleanRoomId: string) => {
  const user = world.cleanRoomUsers.find((row) => row.cleanRoomId === cleanRoomId && row.personId === world.apiUserId)
  return world.roles.get(user?.roleId ?? "")
}

/**
 * Whether the API user was added to a clean room. Without that, the clean room is not there for it.
 *
 * @since 0.1.0
 * @category guards
 */
export const isMember = (world: World.Service, cleanRoomId: string): boolean => roleOf(world, cleanRoomId) !== undefined

const isAdministrator = (world: World.Service, cleanRoomId: string) =>
  Members.administratorRoles.includes(roleOf(world, cleanRoomId)?.name ?? "")

/**
 * A clean room of the API user's; any other, and any display id, is 404. A role below administrator changes nothing
 * in it (403).
 *
 * @since 0.1.0
 * @category getters
 */
export const cleanRoom = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const room = yield* orRefuse(
      isMember(world, id) ? world.cleanRooms.get(id) : undefined,
      () => notFound("Clean room", id)
    )
    if ((yield* FiberRef.get(writes)) && !isAdministrator(world, id)) {
      const role = roleOf(world, id)?.name ?? ""
      return yield* Effect.fail(forbidden(`The role ${role} does not allow this in clean room ${room.displayId}`))
    }
    return room
  })

/**
 * The clean room that something lies in: where it is not the API user's, what lies in it is missing too.
 *
 * @since 0.1.0
 * @category getters
 */
export const cleanRoomAround = (world: World.Service, id: string, missing: () => Refusal) =>
  Effect.mapError(cleanRoom(world, id), (refusal) => refusal.status === 404 ? missing() : refusal)

/**
 * A part of a clean room that may be closed to the API user, as all of them are to a role below administrator (403).
 *
 * @since 0.1.0
 * @category getters
 */
export const part = (world: World.Service, id: string, part: Rows.CleanRoomPart) =>
  Effect.filterOrFail(
    cleanRoom(world, id),
    (room) => isAdministrator(world, id) && !room.denied.includes(part),
    () => forbidden(`The user has no permission to access the ${part} of clean room ${id}. Ask its administrator.`)
  )

/**
 * Whether a clean room's end date has passed, which makes it read-only. The end date itself still counts.
 *
 * @since 0.1.0
 * @category guards
 */
export const isExpired = (room: Rows.CleanRoom, now: number): boolean =>
  room.endAt !== undefined && new Date(now).toISOString().slice(0, 10) > room.endAt

/**
 * Fails (403) if a clean room has ended.
 *
 * @since 0.1.0
 * @category guards
 */
export const open = (room: Rows.CleanRoom) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) =>
    isExpired(room, now)
      ? Effect.fail(forbidden(`Clean room ${room.displayId} ended on ${room.endAt} and is read-only`))
      : Effect.succeed(room))

/**
 * Fails (403) if a clean room is another organisation's.
 *
 * @since 0.1.0
 * @category guards
 */
export const owned = (world: World.Service, room: Rows.CleanRoom) =>
  room.ownerId === world.organizationId
    ? Effect.succeed(room)
    : Effect.fail(forbidden(`Only the owner of clean room ${room.displayId} may do this`))

/**
 * A question in one of the API user's clean rooms, and that clean room.
 *
 * @since 0.1.0
 * @category getters
 */
export const cleanRoomQuestion = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const missing = () => notFound("Clean room question", id)
    const row = yield* orRefuse(world.cleanRoomQuestions.get(id), missing)
    const room = yield* cleanRoomAround(world, row.cleanRoomId, missing)
    return { row, room }
  })

/**
 * The copies of a question in the API user's clean rooms.
 *
 * @since 0.1.0
 * @category getters
 */
export const copies = (world: World.Service, questionId: string) =>
  world.cleanRoomQuestions.where((row) => row.questionId === questionId && isMember(world, row.cleanRoomId))

/**
 * A question of the API user's organisation, or one that came into a clean room of the API user's.
 *
 * @since 0.1.0
 * @category getters
 */
export const question = (world: World.Service, id: string) => {
  const row = world.questions.get(id)
  const visible = row?.organizationId === world.organizationId || copies(world, id).length > 0
  return orRefuse(visible ? row : undefined, () => notFound("Question", id))
}

/**
 * A permission on a question, which its owner always has and others only if it was given to all partners.
 *
 * @since 0.1.0
 * @category guards
 */
export const isAllowed = (world: World.Service, question: Rows.CleanRoomQuestion, permission: string): boolean =>
  question.ownerId === world.organizationId ||
  question.permissions.some((item) => item.permission === permission && item.access === "ALL_CLEAN_ROOM_PARTNERS")

/**
 * Fails (403) without a permission on a question.
 *
 * @since 0.1.0
 * @category guards
 */
export const allowed = (world: World.Service, question: Rows.CleanRoomQuestion, permission: string) =>
  isAllowed(world, question, permission)
    ? Effect.void
    : Effect.fail(forbidden(`The permission ${permission} on question ${question.displayId} is missing`))

/**
 * A run of a question in one of the API user's clean rooms, with that question and clean room.
 *
 * @since 0.1.0
 * @category getters
 */
export const run = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const missing = () => notFound("Clean room question run", id)
    const row = yield* orRefuse(world.runs.get(id), missing)
    const { room, row: question } = yield* Effect.mapError(
      cleanRoomQuestion(world, row.cleanRoomQuestionId),
      (refusal) => refusal.status === 404 ? missing() : refusal
    )
    return { row, question, room }
  })

/**
 * Something that belongs to the API user's organisation.
 *
 * @since 0.1.0
 * @category getters
 */
export const own = <Row extends { readonly id: string; readonly organizationId: string }>(
  world: World.Service,
  row: Row | undefined,
  thing: string,
  id: string
) => orRefuse(row?.organizationId === world.organizationId ? row : undefined, () => notFound(thing, id))

/**
 * Anything that may be missing (404).
 *
 * @since 0.1.0
 * @category getters
 */
export const found = <A>(row: A | undefined, thing: string, id: string) => orRefuse(row, () => notFound(thing, id))
