/**
 * Destinations in clean rooms: asked for by whoever they belong to, approved by the clean room's owner.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Members from "./Members.js"
import { badRequest, type Refusal } from "./Refusal.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

/**
 * How a destination's place in a clean room is called.
 *
 * @since 0.1.0
 * @category getters
 */
export const channelStatus = ({ review }: Rows.Provision): string =>
  ({ PENDING: "PENDING_CHANNEL", APPROVED: "ACTIVE_CHANNEL", REJECTED: "REJECTED_CHANNEL" })[review]

const idOf = (cleanRoomId: string, destinationId: string) => `${cleanRoomId}/${destinationId}`

/**
 * A destination in a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export interface Provisioned {
  readonly provision: Rows.Provision
  readonly destination: Rows.Destination
}

/**
 * The destinations in a clean room: those of organisations that take part.
 *
 * @since 0.1.0
 * @category getters
 */
export const list = (world: World.Service, room: Rows.CleanRoom): ReadonlyArray<Provisioned> => {
  const present = Members.stakeholders(world, room).map(({ organizationId }) => organizationId)
  return world.provisions.where(({ cleanRoomId }) => cleanRoomId === room.id).flatMap((provision) => {
    const destination = world.destinations.get(provision.destinationId)
    return destination !== undefined && present.includes(destination.organizationId)
      ? [{ provision, destination }]
      : []
  })
}

/**
 * One destination in a clean room.
 *
 * @since 0.1.0
 * @category getters
 */
export const find = (world: World.Service, room: Rows.CleanRoom, destinationId: string): Provisioned | undefined =>
  list(world, room).find(({ destination }) => destination.id === destinationId)

/**
 * Asks for a destination's place in a clean room. The owner's own has it at once, and one that was not rejected keeps
 * what it has.
 *
 * @since 0.1.0
 * @category combinators
 */
export const request = (
  world: World.Service,
  room: Rows.CleanRoom,
  destination: Rows.Destination
): Effect.Effect<Rows.Provision> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const id = idOf(room.id, destination.id)
    const current = world.provisions.get(id)
    if (current !== undefined && current.review !== "REJECTED") return current
    return world.provisions.put({
      id,
      cleanRoomId: room.id,
      destinationId: destination.id,
      review: destination.organizationId === room.ownerId ? "APPROVED" : "PENDING",
      createdAt: current?.createdAt ?? now,
      updatedAt: now
    })
  })

/**
 * Decides on a destination that waits for it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const review = (
  world: World.Service,
  provision: Rows.Provision,
  decision: "APPROVE" | "REJECT"
): Effect.Effect<Rows.Provision, Refusal> =>
  Effect.gen(function*() {
    if (provision.review !== "PENDING") {
      return yield* Effect.fail(badRequest(`The destination is ${channelStatus(provision)}, not PENDING_CHANNEL`))
    }
    const updatedAt = yield* Clock.currentTimeMillis
    return world.provisions.put({ ...provision, review: decision === "APPROVE" ? "APPROVED" : "REJECTED", updatedAt })
  })
