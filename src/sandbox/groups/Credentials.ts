/**
 * Credentials and the kinds of them.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Api from "../../habu/api/Credentials.js"
import * as Access from "../Access.js"
import * as Catalogues from "../Catalogues.js"
import { served } from "../Group.js"
import { badRequest, forbidden } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { given, timeAudit } from "../Wire.js"
import * as World from "../World.js"

type Source = typeof Catalogues.credentialSources[number]

const sourceById = (id: string) => Catalogues.credentialSources.find((source) => source.id === id)

const sourceByName = (name: string) => Catalogues.credentialSources.find((source) => source.name === name)

/** LiveRamp keeps the values of the credentials that it manages. */
const isManaged = (row: Rows.Credential) =>
  Object.keys(row.values).length === 0 && (sourceByName(row.sourceName)?.credentialConfig ?? []).length > 0

/** Which values are set shows; what they are does not. */
const toWire = (world: World.Service, row: Rows.Credential): Api.OrganizationCredentialDetail =>
  given({
    id: row.id,
    name: row.name,
    managedCredential: isManaged(row),
    credentialSourceId: sourceByName(row.sourceName)?.id,
    credentialSourceName: row.sourceName,
    credentials: Object.keys(row.values).map((name) => ({ name })),
    timeAudit: timeAudit(row),
    userAudit: { createdBy: world.apiUserId, updatedBy: world.apiUserId }
  })

/** Habu tries what it is given: keys that cannot be keys are refused. */
const looksReal: { readonly [field: string]: RegExp } = {
  AWS_ACCESS_KEY_ID: /^A[KS]IA[A-Z0-9]{16}$/,
  AWS_SECRET_ACCESS_KEY: /^[A-Za-z0-9/+=]{40}$/,
  AWS_USER_ARN: /^arn:aws:iam::\d{12}:/,
  GCP_SERVICE_ACCOUNT_JSON: /^\s*\{[^]*"private_key"/
}

type Values = Rows.Credential["values"]

const faultIn = (source: Source, values: Values): string | undefined => {
  for (const { name } of source.credentialConfig) {
    const value = Redacted.value(values[name] ?? Redacted.make(""))
    if (value === "") return `${name} is required for ${source.name}`
    if (looksReal[name]?.test(value) === false) return `${name} was not accepted by ${source.provider}`
  }
  const stranger = Object.keys(values).find((name) => !source.credentialConfig.some((field) => field.name === name))
  return stranger === undefined ? undefined : `${source.name} has no field ${stranger}`
}

const settings = (request: Api.OrganizationCredentialDetail) =>
  Effect.gen(function*() {
    const { credentialSourceId, credentialSourceName, name = "" } = request
    if (name.trim() === "") return yield* Effect.fail(badRequest("name is required"))
    const source = Catalogues.credentialSources.find((item) =>
      item.id === credentialSourceId || item.name === credentialSourceName
    )
    if (source === undefined) return yield* Effect.fail(badRequest("The credential source is missing or unknown"))
    const values: Values = Object.fromEntries(
      (request.credentials ?? []).map((item) => [item.name ?? "", item.value ?? Redacted.make("")])
    )
    const wrong = faultIn(source, values)
    if (wrong !== undefined) return yield* Effect.fail(badRequest(wrong))
    return { name, sourceName: source.name, values }
  })

const credentialOf = (world: World.Service, id: string) =>
  Access.own(world, world.credentials.get(id), "Credential", id)

const changeable = (world: World.Service, id: string) =>
  Effect.filterOrFail(
    credentialOf(world, id),
    (row) => !isManaged(row),
    ({ name }) => forbidden(`${name} is managed by LiveRamp`)
  )

const create = (world: World.Service, request: Api.OrganizationCredentialDetail) =>
  Effect.gen(function*() {
    const accepted = yield* settings(request)
    const now = yield* Clock.currentTimeMillis
    return toWire(
      world,
      world.credentials.put({
        ...accepted,
        id: world.ids.uuid("credential"),
        organizationId: world.organizationId,
        createdAt: now,
        updatedAt: now
      })
    )
  })

const update = (world: World.Service, id: string, request: Api.OrganizationCredentialDetail) =>
  Effect.gen(function*() {
    const row = yield* changeable(world, id)
    const accepted = yield* settings(request)
    const updatedAt = yield* Clock.currentTimeMillis
    return toWire(world, world.credentials.put({ ...row, ...accepted, updatedAt }))
  })

const remove = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const row = yield* changeable(world, id)
    const uses = ({ credentialId }: { readonly credentialId: string | undefined }) => credentialId === row.id
    const user = world.dataConnections.find(uses) ?? world.destinations.find(uses)
    if (user !== undefined) return yield* Effect.fail(badRequest(`${user.name} uses ${row.name}`))
    return { success: world.credentials.remove(row.id) }
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Credentials",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle("getAllOrganizationCredentials", () =>
            Effect.sync(() =>
              world.credentials
                .where((row) => row.organizationId === world.organizationId)
                .map((row) => toWire(world, row))
            ))
          .handle("createOrganizationCredential", ({ payload }) => create(world, payload))
          .handle(
            "getOrganizationCredentialById",
            ({ path }) => Effect.map(credentialOf(world, path.organizationCredentialId), (row) => toWire(world, row))
          )
          .handle(
            "updateOrganizationCredential",
            ({ path, payload }) => update(world, path.organizationCredentialId, payload)
          )
          .handle("deleteOrganizationCredential", ({ path }) => remove(world, path.organizationCredentialId))
          .handle("getAllCredentialSources", () => Effect.succeed(Catalogues.credentialSources))
          .handle(
            "getCredentialSourceById",
            ({ path }) =>
              Access.found(sourceById(path.credentialSourceId), "Credential source", path.credentialSourceId)
          )
          .handle("getCredentialSourceByName", ({ path }) =>
            Effect.map(
              Access.found(
                Catalogues.credentialSources.find(({ name }) => name === path.name),
                "Credential source",
                path.name
              ),
              (source) => [source]
            ))
      ))
)
