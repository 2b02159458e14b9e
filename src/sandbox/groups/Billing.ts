/**
 * Billable configurations.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Billing.js"
import * as Access from "../Access.js"
import * as Billing from "../Billing.js"
import { served } from "../Group.js"
import { badRequest, notFound } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { given } from "../Wire.js"
import * as World from "../World.js"

const toWire = (row: Rows.BillableConfig): Api.BillableConfig =>
  given({
    id: row.id,
    sourceId: row.sourceId,
    sourceType: row.sourceType,
    value: row.value,
    compositeSourceId: row.compositeSourceId
  })

interface Key {
  readonly sourceId: string
  readonly sourceType: Api.BillableSourceType
  readonly compositeSourceId?: string
}

const read = (world: World.Service, key: Key) =>
  Effect.map(Billing.source(world, key.sourceType, key.sourceId), (): Api.GetBillableConfigResponse => {
    const row = Billing.find(world, key)
    return row === undefined ? {} : { config: toWire(row) }
  })

/** What lies in a clean room is for the clean room's owner to decide. */
const writable = (world: World.Service, key: { readonly sourceId: string; readonly sourceType: string }) =>
  Effect.gen(function*() {
    const room = yield* Billing.source(world, key.sourceType, key.sourceId)
    if (room !== undefined) yield* Access.owned(world, room)
  })

/** The source tells which configuration is meant; an id that is sent along must be that one's. */
const upsert = (world: World.Service, { config }: Api.UpsertBillableConfigRequest) =>
  Effect.gen(function*() {
    yield* writable(world, config)
    const current = Billing.find(world, config)
    const { compositeSourceId, id = "", sourceId, sourceType, value } = config
    if (id !== "" && id !== current?.id) return yield* Effect.fail(notFound("Billable config", id))
    if (value === undefined) return yield* Effect.fail(badRequest("value must be \"true\" or \"false\""))
    const row = world.billableConfigs.put({
      id: current?.id ?? world.ids.uuid("billableConfig"),
      sourceType,
      sourceId,
      compositeSourceId,
      value
    })
    return { success: true, billableConfigId: row.id }
  })

const remove = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const row = yield* Access.found(world.billableConfigs.get(id), "Billable config", id)
    yield* writable(world, row)
    return { success: world.billableConfigs.remove(row.id) }
  })

/**
 * Serves the group. A source without a configuration is as the level above it is: there is none to read then.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Billing",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle("getBillableConfig", ({ urlParams }) => read(world, urlParams))
          .handle("upsertBillableConfig", ({ payload }) => upsert(world, payload))
          .handle("deleteBillableConfig", ({ path }) => remove(world, path.billableConfigId))
      ))
)
