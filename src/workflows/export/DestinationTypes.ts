/**
 * What destinations can be made with: cloud stores and platforms, what each takes, and the credential it asks for. The
 * contract calls them partners, which here are organisations.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Partner, PrimageOrganizationCredential } from "../../habu/api/Destinations.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, type Named, resolve } from "../../habu/HabuDirectory.js"
import * as CredentialReference from "../data/CredentialReference.js"
import * as Credentials from "../data/Credentials.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import { Asking } from "./Asking.js"

/**
 * A type by its names: the display name stands for the name, Habu's own for the display id.
 *
 * @since 0.1.0
 * @category models
 */
export interface DestinationType extends Known<Named> {
  readonly partner: Partner
}

/**
 * A type in an answer. `keys` are those of a new credential.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  name: Schema.String,
  habu_name: Workflow.maybe(Schema.String),
  takes: Schema.String,
  credential: Workflow.maybe(Schema.String),
  keys: Workflow.maybe(Schema.Array(Schema.String))
})

export interface View extends Schema.Schema.Type<typeof View> {}

/**
 * All types (operation `listDestinationPartners`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const all = Effect.flatMap(HabuClient, (habu) =>
  Effect.map(
    habu.listDestinationPartners({}),
    ({ partners = [] }): ReadonlyArray<DestinationType> =>
      known(partners.map((partner) =>
        Workflow.compact({
          id: partner.ID,
          displayId: partner.name,
          name: partner.displayName ?? partner.name,
          partner
        })
      ))
  ))

const kindsOf = ({ credentialSourceName, credentialSources }: Partner): ReadonlyArray<string> =>
  (credentialSources ?? []).length > 0
    ? credentialSources ?? []
    : credentialSourceName === undefined || credentialSourceName === ""
    ? []
    : [credentialSourceName]

const keysOf = ({ partnerConfigArray, partnerConfigMap }: Partner, kind: string) =>
  partnerConfigMap?.[kind] ?? partnerConfigArray ?? []

/**
 * Whether only lists of people can go to destinations of a type; undefined where Habu does not tell what it takes.
 *
 * @since 0.1.0
 * @category guards
 */
export const takesListsOnly = (partner: Partner | undefined): boolean | undefined =>
  partner?.type === undefined || /unknown/i.test(partner.type) ? undefined : partner.type !== "EXPORTS"

const takes = (partner: Partner) => {
  const isListsOnly = takesListsOnly(partner)
  return isListsOnly === undefined
    ? "not told by Habu"
    : isListsOnly
    ? "user lists"
    : "results and user lists, as files"
}

/**
 * Shows a type.
 *
 * @since 0.1.0
 * @category constructors
 */
export const view = (full: boolean) => ({ displayId, name, partner }: DestinationType): View => {
  const kinds = kindsOf(partner)
  return Workflow.compact({
    name: Words.said(name, 80) ?? "",
    habu_name: displayId === name ? undefined : Words.said(displayId, 80),
    takes: takes(partner),
    credential: kinds.length === 0 ? undefined : kinds.slice(0, 3).map((kind) => Words.said(kind, 80)).join(" or "),
    keys: full
      ? kinds.slice(0, 1).flatMap((kind) => keysOf(partner, kind)).map(({ name }) => Words.said(name, 80) ?? "")
      : undefined
  })
}

const stores: ReadonlyArray<readonly [name: RegExp, parameter: string]> = [
  [/(^|[^a-z0-9])s3([^a-z0-9]|$)/i, "S3_EXPORT_PATH"],
  [/(^|[^a-z0-9])gcs([^a-z0-9]|$)|google cloud storage/i, "GCS_EXPORT_PATH"],
  [/azure/i, "AZURE_EXPORT_PATH"]
]

/**
 * The parameter of an export that says where in a store its files go. Habu documents those of S3 and GCS.
 *
 * @since 0.1.0
 * @category getters
 */
export const pathParameter = (partner: Partner | undefined): string | undefined =>
  partner === undefined || takesListsOnly(partner) === true
    ? undefined
    : stores.find(([name]) => [partner.name, partner.displayName].some((own) => name.test(own ?? "")))?.[1]

interface Call {
  readonly destination_type?: string
  readonly credential?: string
  readonly credential_values?: { readonly [key: string]: string }
  readonly [field: string]: unknown
}

/**
 * The type that is meant; asks with all of them where none is given.
 *
 * @since 0.1.0
 * @category getters
 */
export const choose = Effect.fnUntraced(function*(tool: string, input: Call) {
  const types = yield* all
  const wanted = Words.given(input.destination_type)
  return wanted === undefined
    ? yield* Effect.fail(
      new Asking({
        summary: `What kind of destination? Give \`destination_type\`: ${
          types.slice(0, 40).map(({ name }) => Words.said(name, 80)).join(", ")
        }.`,
        nextSteps: types.slice(0, 3).map(({ displayId, id, name }) => ({
          tool,
          arguments: {
            ...input,
            destination_type: Words.handle({ id, ...(displayId !== undefined && { displayId }) })
          },
          why: `Make it with ${Words.said(name, 80) ?? ""}.`
        }))
      })
    )
    : yield* resolve("destination type", wanted, types)
})

/**
 * The key under which a destination's public key is referred to among the values of a credential.
 *
 * @since 0.1.0
 * @category constants
 */
export const publicKeyName = "public_key"

const ofNew = Effect.fnUntraced(function*(
  { name: typeName, partner }: DestinationType,
  name: string,
  references: { readonly [key: string]: string }
) {
  const [kind, other] = kindsOf(partner)
  if (kind === undefined || other !== undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "credential_values",
        problem: kind === undefined
          ? `has no use: ${Words.said(typeName, 80) ?? "this type"} takes no credential`
          : "does not say which of several kinds of credential it is for",
        advice: kind === undefined
          ? "Leave it out."
          : "Make the credential first (in Habu's UI, or with manage_data_integration), then name it as `credential`."
      })
    )
  }
  const credentials = yield* Credentials.valuesOf(
    { name: kind, credentialConfig: keysOf(partner, kind).map(({ index, name }) => Workflow.compact({ index, name })) },
    references
  )
  return { name: name.trim(), credentials } satisfies PrimageOrganizationCredential
})

/**
 * The credential of the organisation that is meant, which must fit the type; the only one that fits where none is named.
 *
 * @since 0.1.0
 * @category getters
 */
export const existing = Effect.fnUntraced(function*(
  tool: string,
  input: Call,
  type: DestinationType,
  wanted: string | undefined
) {
  const kinds = kindsOf(type.partner)
  const [credentials, credentialKinds] = yield* Effect.all([Credentials.all, Credentials.kinds], {
    concurrency: "unbounded"
  })
  const isFit = (credential: Credentials.Credential) =>
    kinds.some((kind) => Credentials.isKind(kind, credentialKinds)(credential))
  if (wanted !== undefined) {
    const credential = yield* resolve("credential", wanted, credentials)
    if (isFit(credential)) return { credential, said: [] }
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "credential",
        problem: `is ${JSON.stringify(Words.title(credential))}, and ${Words.said(type.name, 80) ?? ""} takes ${
          kinds.map((kind) => Words.said(kind, 80)).join(" or ")
        }`,
        options: credentials.filter(isFit).slice(0, 20).map(Words.title),
        advice: "Use one that fits, or make one with credential_values. Nothing was sent."
      })
    )
  }
  const fit = credentials.filter(isFit)
  const [only] = fit
  if (only !== undefined && fit.length === 1) {
    return { credential: only, said: [`Taken as the credential: ${Words.title(only)}, the only one that fits.`] }
  }
  const keys = kinds.slice(0, 1).flatMap((kind) => keysOf(type.partner, kind)).map(({ name }) => Words.said(name, 80))
  return yield* Effect.fail(
    new Asking({
      summary: fit.length > 0
        ? `Which credential? These fit: ${fit.slice(0, 8).map(Words.title).join(", ")}.`
        : `${Words.said(type.name, 80) ?? "It"} takes ${
          kinds.map((kind) => Words.said(kind, 80)).join(" or ")
        }, and the ` +
          `organisation has no such credential. Give \`credential\` a new name and \`credential_values\` a reference ` +
          `for each of: ${keys.join(", ")}. ${CredentialReference.rule}`,
      nextSteps: fit.slice(0, 3).map((credential) => ({
        tool,
        arguments: { ...input, credential: Words.handle(credential) },
        why: `Use ${Words.title(credential)}.`
      }))
    })
  )
})

/**
 * The public key that is referred to, read, and the other references.
 *
 * @since 0.1.0
 * @category getters
 */
export const publicKeyOf = Effect.fnUntraced(function*({ credential_values = {} }: Call) {
  const { [publicKeyName]: reference, ...references } = credential_values
  const { read } = yield* CredentialReference.CredentialReference
  const publicKey = reference === undefined
    ? undefined
    : Redacted.value(yield* read(`credential_values.${publicKeyName}`, reference))
  return { publicKey, references }
})

/**
 * What a new destination signs in with: an existing credential, a new one whose values are read by reference, and a
 * public key, read by reference too, where one is given.
 *
 * @since 0.1.0
 * @category constructors
 */
export const access = Effect.fn("DestinationTypes.access")(function*(
  tool: string,
  input: Call,
  type: DestinationType
) {
  const { publicKey, references } = yield* publicKeyOf(input)
  const wanted = Words.given(input.credential)
  const isNew = Object.keys(references).length > 0
  if (isNew && wanted === undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "credential",
        problem: "is needed to name the new credential",
        advice: "Nothing was sent."
      })
    )
  }
  if (isNew) {
    const credential = yield* ofNew(type, wanted ?? "", references)
    return { title: Words.said(wanted), said: [], payload: Workflow.compact({ credential, publicKey }) }
  }
  if (kindsOf(type.partner).length === 0) {
    return { title: undefined, said: [], payload: Workflow.compact({ publicKey }) }
  }
  const { credential, said } = yield* existing(tool, input, type, wanted)
  return {
    title: Words.title(credential),
    said,
    payload: Workflow.compact({ credential: { ID: credential.id }, publicKey })
  }
})
