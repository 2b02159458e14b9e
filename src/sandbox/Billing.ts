/**
 * Which things can be billable, and whose say that is.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Access from "./Access.js"
import * as Members from "./Members.js"
import { badRequest, notFound, type Refusal } from "./Refusal.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

/**
 * Finds a source that the API user may see, and tells the clean room it is billed in, if it lies in one.
 *
 * @since 0.1.0
 * @category models
 */
export type Find = (world: World.Service, id: string) => Effect.Effect<Rows.CleanRoom | undefined, Refusal>

const nowhere = Effect.as(undefined)

const partnersOf = (world: World.Service) =>
  world.cleanRooms
    .where((room) => Access.isMember(world, room.id))
    .flatMap((room) => Members.stakeholders(world, room))
    .map(({ organizationId }) => organizationId)

const flow: Find = (world, id) =>
  Effect.gen(function*() {
    const missing = () => notFound("Flow", id)
    const row = yield* Access.found(world.flows.find(({ flowId }) => flowId === id), "Flow", id)
    return yield* Access.cleanRoomAround(world, row.cleanRoomId, missing)
  })

const flowRun: Find = (world, id) =>
  Effect.gen(function*() {
    const missing = () => notFound("Clean room flow run", id)
    const run = yield* Access.found(world.flowRuns.get(id), "Clean room flow run", id)
    const row = yield* Access.found(world.flows.get(run.flowRowId), "Clean room flow run", id)
    return yield* Access.cleanRoomAround(world, row.cleanRoomId, missing)
  })

const finders: { readonly [sourceType: string]: Find } = {
  BILLABLE_RUN: (world, id) => Effect.map(Access.run(world, id), ({ room }) => room),
  BILLABLE_CRQ: (world, id) => Effect.map(Access.cleanRoomQuestion(world, id), ({ room }) => room),
  BILLABLE_CR: Access.cleanRoom,
  BILLABLE_FLOW: flow,
  BILLABLE_FLOW_RUN: flowRun,
  BILLABLE_QUESTION: (world, id) => nowhere(Access.own(world, world.questions.get(id), "Question", id)),
  BILLABLE_OWNER: (world, id) =>
    nowhere(Access.found(id === world.organizationId ? id : undefined, "Organization", id)),
  BILLABLE_PARTNER: (world, id) =>
    nowhere(Access.found(partnersOf(world).find((partner) => partner === id), "Partner organization", id))
}

/**
 * The source of a type and id: 404 if it is not there for the API user, 400 for a type that nothing is of.
 *
 * @since 0.1.0
 * @category getters
 */
export const source = (
  world: World.Service,
  sourceType: string,
  sourceId: string
): Effect.Effect<Rows.CleanRoom | undefined, Refusal> =>
  finders[sourceType]?.(world, sourceId) ??
    Effect.fail(badRequest(`Nothing is billed by the source type ${sourceType}`))

/**
 * The configuration of a source, if it has its own.
 *
 * @since 0.1.0
 * @category getters
 */
export const find = (
  world: World.Service,
  key: { readonly sourceType: string; readonly sourceId: string; readonly compositeSourceId?: string }
): Rows.BillableConfig | undefined =>
  world.billableConfigs.find((row) =>
    row.sourceType === key.sourceType && row.sourceId === key.sourceId &&
    (row.compositeSourceId ?? "") === (key.compositeSourceId ?? "")
  )

/**
 * Whether a flow is billed: as the nearest configuration says, its own before its clean room's before the owner's. What
 * nothing is said about is billed.
 *
 * @since 0.1.0
 * @category getters
 */
export const isFlowBillable = (world: World.Service, flow: Rows.Flow): boolean => {
  const levels = [
    { sourceType: "BILLABLE_FLOW", sourceId: flow.flowId },
    { sourceType: "BILLABLE_CR", sourceId: flow.cleanRoomId },
    { sourceType: "BILLABLE_OWNER", sourceId: world.cleanRooms.get(flow.cleanRoomId)?.ownerId ?? "" }
  ]
  return levels.map((key) => find(world, key)?.value).find((value) => value !== undefined) !== "false"
}
