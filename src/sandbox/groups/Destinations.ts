/**
 * The organisation's destinations, and those in a clean room.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Api from "../../habu/api/Destinations.js"
import * as Access from "../Access.js"
import * as DestinationPartners from "../DestinationPartners.js"
import { served } from "../Group.js"
import * as PartnerAccounts from "../PartnerAccounts.js"
import * as Provisions from "../Provisions.js"
import { badRequest, forbidden, type Refusal } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { page, timeAudit } from "../Wire.js"
import * as World from "../World.js"

const day = 86_400_000

interface Asked {
  readonly limit?: number
  readonly offset?: number
  readonly latestJobDays?: number
}

/** These lists refuse a page that they do not have, where others take the nearest. */
const paged = (asked: Asked) => {
  const { latestJobDays = 1, limit = 30, offset = 0 } = asked
  if (limit < 1 || limit > 100) return Effect.fail(badRequest("limit must be between 1 and 100"))
  if (offset < 0) return Effect.fail(badRequest("offset must not be negative"))
  return latestJobDays < 1
    ? Effect.fail(badRequest("latestJobDays must be at least 1"))
    : Effect.succeed({ limit, offset })
}

const destinationOf = (world: World.Service, id: string) =>
  Access.own(world, world.destinations.get(id), "Destination", id)

const valuesOf = (partner: DestinationPartners.DestinationPartner, request: Api.PrimageOrganizationCredential) =>
  Effect.gen(function*() {
    const fields = partner.credentialSources.flatMap(DestinationPartners.fieldsOf)
    const values = Object.fromEntries(
      (request.credentials ?? []).map(({ name = "", value }) => [name, value ?? Redacted.make("")])
    )
    const stranger = Object.keys(values).find((name) => !fields.includes(name))
    if (stranger !== undefined) {
      return yield* Effect.fail(badRequest(`${partner.displayName} credentials have no field ${stranger}`))
    }
    const missing = fields.find((name) => values[name] === undefined)
    if (missing !== undefined) return yield* Effect.fail(badRequest(`credential needs the field ${missing}`))
    return values
  })

const existing = (world: World.Service, partner: DestinationPartners.DestinationPartner, id: string) =>
  Effect.filterOrFail(
    Access.own(world, world.credentials.get(id), "Credential", id),
    ({ sourceName }) => partner.credentialSources.includes(sourceName),
    ({ name }) => badRequest(`Credential ${name} is not of a kind that ${partner.displayName} takes`)
  )

/** A request names a credential by its id, or brings a new one. */
const credentialFor = (
  world: World.Service,
  partner: DestinationPartners.DestinationPartner,
  request: Api.PrimageOrganizationCredential | undefined
): Effect.Effect<Rows.Credential | undefined, Refusal> =>
  Effect.gen(function*() {
    const [sourceName] = partner.credentialSources
    if (sourceName === undefined) {
      return request === undefined
        ? undefined
        : yield* Effect.fail(badRequest(`${partner.displayName} takes no credential`))
    }
    if (request === undefined) return yield* Effect.fail(badRequest(`${partner.displayName} needs a credential`))
    if (request.ID !== undefined && request.ID !== "") return yield* existing(world, partner, request.ID)
    const name = request.name?.trim() ?? ""
    if (name === "") return yield* Effect.fail(badRequest("credential needs an ID, or a name and values"))
    const values = yield* valuesOf(partner, request)
    const now = yield* Clock.currentTimeMillis
    return world.credentials.put({
      id: world.ids.uuid("credential"),
      organizationId: world.organizationId,
      name,
      sourceName,
      values,
      createdAt: now,
      updatedAt: now
    })
  })

const refusedKey = (partner: DestinationPartners.DestinationPartner, publicKey: string | undefined) =>
  publicKey !== undefined && !partner.takesPublicKey
    ? Effect.fail(badRequest(`${partner.displayName} takes no public key`))
    : Effect.void

const create = (world: World.Service, request: Api.CreateDestinationRequest) =>
  Effect.gen(function*() {
    const name = request.name.trim()
    if (name === "") return yield* Effect.fail(badRequest("name must not be empty"))
    const { ID } = request.partner
    const partner = yield* Access.found(DestinationPartners.get(ID), "Destination partner", ID)
    yield* refusedKey(partner, request.publicKey)
    const credential = yield* credentialFor(world, partner, request.credential)
    const now = yield* Clock.currentTimeMillis
    const destination = world.destinations.put({
      id: world.ids.uuid("destination"),
      organizationId: world.organizationId,
      name,
      partnerId: partner.id,
      credentialId: credential?.id,
      publicKey: request.publicKey,
      checkedFrom: now,
      createdAt: now,
      updatedAt: now
    })
    return yield* PartnerAccounts.toWire(world, destination)
  })

/** A new name changes nothing else; a new credential or key is checked. */
const update = (world: World.Service, id: string, request: Api.UpdateDestinationRequest) =>
  Effect.gen(function*() {
    const row = yield* destinationOf(world, id)
    const name = request.name?.trim() ?? row.name
    if (name === "") return yield* Effect.fail(badRequest("name must not be empty"))
    const partner = yield* Access.found(DestinationPartners.get(row.partnerId), "Destination partner", row.partnerId)
    yield* refusedKey(partner, request.publicKey)
    const credential = request.credential === undefined
      ? undefined
      : yield* credentialFor(world, partner, request.credential)
    const now = yield* Clock.currentTimeMillis
    const isToCheck = request.credential !== undefined || request.publicKey !== undefined
    const destination = world.destinations.put({
      ...row,
      name,
      credentialId: credential?.id ?? row.credentialId,
      publicKey: request.publicKey ?? row.publicKey,
      checkedFrom: isToCheck ? now : row.checkedFrom,
      updatedAt: now
    })
    return { partnerAccount: yield* PartnerAccounts.toWire(world, destination) }
  })

const refuseUsed = (world: World.Service, destination: Rows.Destination, where: (job: Rows.ExportJob) => boolean) => {
  const job = world.exportJobs.find((job) => job.destinationId === destination.id && where(job))
  return job === undefined
    ? Effect.void
    : Effect.fail(badRequest(`Destination ${destination.name} is in use by export job ${job.name}`))
}

const remove = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const row = yield* destinationOf(world, id)
    yield* refuseUsed(world, row, () => true)
    world.provisions.removeWhere(({ destinationId }) => destinationId === row.id)
    return { success: world.destinations.remove(row.id) }
  })

const list = (world: World.Service, asked: Asked) =>
  Effect.gen(function*() {
    const { limit, offset } = yield* paged(asked)
    const rows = world.destinations.where(({ organizationId }) => organizationId === world.organizationId)
    const partnerAccounts = yield* Effect.forEach(
      page(rows, { limit, offset }, { limit: 30 }),
      (row) => PartnerAccounts.toWire(world, row)
    )
    return { partnerAccounts, total: rows.length, limit, offset }
  })

const provisionedToWire = (
  world: World.Service,
  room: Rows.CleanRoom,
  { destination, provision }: Provisions.Provisioned,
  since: number | undefined
): Effect.Effect<Api.CleanroomProvisionedDestination> =>
  Effect.map(PartnerAccounts.toWire(world, destination, since), (partnerAccount) => ({
    partnerAccount,
    ownership: destination.organizationId === room.ownerId ? "OWNER" : "PARTNER",
    channelStatus: Provisions.channelStatus(provision),
    isUsedForActivation: world.exportJobs.find((job) =>
      job.cleanRoomId === room.id && job.destinationId === destination.id
    ) !== undefined
  }))

const listProvisioned = (world: World.Service, cleanRoomId: string, asked: Asked & { readonly type?: string }) =>
  Effect.gen(function*() {
    const room = yield* Access.cleanRoom(world, cleanRoomId)
    const { limit, offset } = yield* paged(asked)
    const now = yield* Clock.currentTimeMillis
    const since = asked.latestJobDays === undefined ? undefined : now - asked.latestJobDays * day
    const rows = Provisions.list(world, room).filter(({ destination }) =>
      asked.type === undefined || DestinationPartners.get(destination.partnerId)?.type === asked.type
    )
    const partnerAccounts = yield* Effect.forEach(
      page(rows, { limit, offset }, { limit: 30 }),
      (row) => provisionedToWire(world, room, row, since)
    )
    return { partnerAccounts, total: rows.length, limit, offset }
  })

const provision = (world: World.Service, cleanRoomId: string, request: Api.ProvisionCleanroomDestinationRequest) =>
  Effect.gen(function*() {
    const room = yield* Effect.flatMap(Access.cleanRoom(world, cleanRoomId), Access.open)
    const { destinations = [] } = request
    if (destinations.length === 0) return yield* Effect.fail(badRequest("destinations must not be empty"))
    const rows = yield* Effect.forEach(destinations, (id) => destinationOf(world, id))
    return yield* Effect.forEach(rows, (row) =>
      Effect.map(Provisions.request(world, room, row), (provision) => ({
        timeAudit: timeAudit(provision),
        cleanroomId: room.id,
        partnerAccountId: row.id,
        channelStatus: Provisions.channelStatus(provision)
      })))
  })

interface ProvisionPath {
  readonly cleanroomId: string
  readonly partnerAccountId: string
}

const provisionedIn = (world: World.Service, path: ProvisionPath) =>
  Effect.flatMap(Access.cleanRoom(world, path.cleanroomId), (room) =>
    Effect.map(
      Access.found(Provisions.find(world, room, path.partnerAccountId), "Destination", path.partnerAccountId),
      (provisioned) => ({ ...provisioned, room })
    ))

const deprovision = (world: World.Service, path: ProvisionPath) =>
  Effect.gen(function*() {
    const { destination, provision, room } = yield* provisionedIn(world, path)
    if (destination.organizationId !== world.organizationId) {
      return yield* Effect.fail(forbidden(`Destination ${destination.name} belongs to another organization`))
    }
    yield* refuseUsed(world, destination, (job) => job.cleanRoomId === room.id)
    return { success: world.provisions.remove(provision.id) }
  })

const review = (world: World.Service, path: ProvisionPath, { decision }: Api.ReviewDestinationProvisioningRequest) =>
  Effect.gen(function*() {
    const { provision, room } = yield* provisionedIn(world, path)
    yield* Effect.flatMap(Access.owned(world, room), Access.open)
    yield* Provisions.review(world, provision, decision)
    return { success: true }
  })

/**
 * Serves the group. `Provisions` plays the other side: a partner who asks, and another clean room's owner who decides.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Destinations",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle(
            "listCleanroomDestinations",
            ({ path, urlParams }) => listProvisioned(world, path.cleanroomId, urlParams)
          )
          .handle("provisionCleanroomDestinations", ({ path, payload }) => provision(world, path.cleanroomId, payload))
          .handle("deprovisionCleanroomDestination", ({ path }) => deprovision(world, path))
          .handle("reviewDestinationProvisioningRequest", ({ path, payload }) => review(world, path, payload))
          .handle(
            "listDestinationPartners",
            () => Effect.succeed({ partners: DestinationPartners.all.map(DestinationPartners.toWire) })
          )
          .handle("listDestinations", ({ urlParams }) => list(world, urlParams))
          .handle("createDestination", ({ payload }) => create(world, payload))
          .handle("updateDestinationConnection", ({ path, payload }) => update(world, path.partnerAccountId, payload))
          .handle("deleteDestinationConnection", ({ path }) => remove(world, path.partnerAccountId))
      ))
)
