/**
 * The credential of a data connection: one that the organisation has and that fits the source, or a new one whose values
 * are read here by reference.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { CredentialSource, OrganizationCredentialDetail } from "../../habu/api/Credentials.js"
import type { DataSource } from "../../habu/api/DataSources.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, resolve } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Connections from "./Connections.js"
import * as CredentialReference from "./CredentialReference.js"
import { NeedsInput } from "./NeedsInput.js"

export type Credential = Known<OrganizationCredentialDetail>

/**
 * The organisation's credentials (operation `getAllOrganizationCredentials`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const all = Effect.flatMap(HabuClient, (habu) => Effect.map(habu.getAllOrganizationCredentials({}), known))

/**
 * The kinds of credential (operation `getAllCredentialSources`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const kinds = Effect.flatMap(HabuClient, (habu) => Effect.map(habu.getAllCredentialSources({}), known))

/**
 * Tells credentials of a kind, by the id of the kind or by its name: Habu may leave the name out (seen live).
 *
 * @since 0.1.0
 * @category guards
 */
export const isKind = (kind: string, credentialKinds: ReadonlyArray<Known<CredentialSource>>) => {
  const ids = credentialKinds.filter(({ name }) => Text.folded(name ?? "") === Text.folded(kind)).map(({ id }) => id)
  return ({ credentialSourceId = "", credentialSourceName }: OrganizationCredentialDetail) =>
    ids.includes(credentialSourceId) || Text.folded(credentialSourceName ?? "") === Text.folded(kind)
}

/**
 * The keys of a kind of credential and the value of each, read by reference.
 *
 * @since 0.1.0
 * @category constructors
 */
export const valuesOf = Effect.fnUntraced(function*(
  { credentialConfig = [], name: kind }: CredentialSource,
  references: { readonly [key: string]: string }
) {
  const { read } = yield* CredentialReference.CredentialReference
  const keys = [...credentialConfig].sort((a, b) => (a.index ?? 0) - (b.index ?? 0)).map(({ name = "" }) => name)
  const stranger = Object.keys(references).find((key) => !keys.includes(key))
  if (stranger !== undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "credential_values",
        problem: `has a key that ${Words.said(kind) ?? "this kind of credential"} does not have`,
        options: keys.map((key) => Words.said(key, 80) ?? ""),
        advice: `Give a reference for each of these keys and no others. ${CredentialReference.rule}`
      })
    )
  }
  const missing = keys.filter((key) => references[key] === undefined)
  if (missing.length > 0) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "credential_values",
        problem: `lacks ${missing.map((key) => Words.said(key, 80)).join(", ")}`,
        advice: CredentialReference.rule
      })
    )
  }
  return yield* Effect.forEach(keys, (key) =>
    Effect.map(
      read(`credential_values.${Words.said(key, 80) ?? ""}`, references[key] ?? ""),
      (value): Value => ({ name: key, value })
    ))
})

export interface Value {
  readonly name: string
  readonly value: Redacted.Redacted<string>
}

/**
 * How a credential comes to a data connection. `id` is asked for when it is needed, for a new one has none before.
 *
 * @since 0.1.0
 * @category models
 */
export interface Chosen {
  readonly title: string | undefined
  readonly id: Effect.Effect<string | undefined, Effect.Effect.Error<typeof all> | Plan.NotConfirmed, HabuClient>
  readonly changes: ReadonlyArray<Plan.Change<HabuClient>>
  readonly settled: ReadonlyArray<Plan.Step>
  readonly said: ReadonlyArray<string>
}

const none: Chosen = { title: undefined, id: Effect.succeed(undefined), changes: [], settled: [], said: [] }

const existing = (credential: Credential, said: ReadonlyArray<string>): Chosen => ({
  ...none,
  title: Words.title(credential),
  id: Effect.succeed(credential.id),
  said
})

const storingStep = (name: string) => `store credential ${JSON.stringify(Words.said(name) ?? "")}`

const storing = Effect.fnUntraced(function*(
  name: string,
  kind: Known<CredentialSource>,
  references: { readonly [key: string]: string },
  credentials: ReadonlyArray<Credential>
) {
  const step = storingStep(name)
  const there = Connections.ofName(name, credentials)[0]
  if (there !== undefined) {
    return {
      ...existing(there, []),
      settled: [Plan.already(step, "It is there already. Its values are replaced by manage_data_integration only.")]
    } satisfies Chosen
  }
  const values = yield* valuesOf(kind, references)
  const stored = Effect.map(all, (now) => Connections.ofName(name, now)[0])
  const change: Plan.Change<HabuClient> = {
    step,
    grade: "ordinary",
    preview: `${step} (${Words.said(kind.name) ?? ""}; values read by reference, ${Words.count(values.length, "key")})`,
    makes: `credential/${Text.folded(name)}`,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* habu.createOrganizationCredential({
        payload: { name: name.trim(), credentialSourceId: kind.id, credentials: values }
      })
    }),
    shown: Effect.map(stored, (credential) => credential !== undefined)
  }
  return {
    ...none,
    title: Words.said(name),
    id: Effect.flatMap(stored, (credential) =>
      credential === undefined
        ? Effect.fail(new Plan.NotConfirmed({ operation: "createOrganizationCredential" }))
        : Effect.succeed(credential.id)),
    changes: [change]
  } satisfies Chosen
})

interface Call {
  readonly credential?: string
  readonly credential_values?: { readonly [key: string]: string }
  readonly [field: string]: unknown
}

/**
 * A call as an answer may propose it again: without references that cannot be read, for one of them may be the secret
 * itself.
 *
 * @since 0.1.0
 * @category combinators
 */
export const repeatable = Effect.fnUntraced(function*<Given extends Call>(input: Given) {
  const { read } = yield* CredentialReference.CredentialReference
  const { credential_values: references = {}, ...rest } = input
  const isReadable = yield* Effect.isSuccess(
    Effect.forEach(Object.values(references), (reference) => read("credential_values", reference))
  )
  return isReadable ? input : rest
})

const ask = (
  tool: string,
  input: Call,
  source: DataSource,
  kind: Known<CredentialSource> | undefined,
  fit: ReadonlyArray<Credential>
) =>
  new NeedsInput({
    summary: fit.length > 0
      ? "Which credential? Give `credential`; these fit the source."
      : `The organisation has no credential of the kind ${
        JSON.stringify(Words.said(source.credentialSource) ?? "")
      }. ` +
        "Make one in Habu's UI, or give `credential` a new name and `credential_values` a reference for each key. " +
        CredentialReference.rule,
    options: Workflow.compact({
      credentials: fit.map(Words.reference),
      credential_keys: (kind?.credentialConfig ?? []).map(({ name }) => Words.said(name, 80) ?? "")
    }),
    nextSteps: fit.slice(0, 3).map((credential) => ({
      tool,
      arguments: { ...input, credential: credential.id },
      why: `Use ${Words.title(credential)}.`
    }))
  })

/**
 * Finds or makes the credential for a source. The only one that fits is taken and named; a source without a kind of
 * credential needs none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const choose = Effect.fn("Credentials.choose")(function*(tool: string, input: Call, source: DataSource) {
  const { credentialSource = "" } = source
  const [credentials, credentialKinds] = yield* Effect.all([all, kinds], { concurrency: "unbounded" })
  const wanted = Words.given(input.credential)
  const kind = credentialKinds.find(({ name }) => Text.folded(name ?? "") === Text.folded(credentialSource))
  if (input.credential_values !== undefined) {
    if (wanted === undefined || kind === undefined) {
      return yield* Effect.fail(
        new Workflow.InputInvalid({
          field: wanted === undefined ? "credential" : "credential_values",
          problem: wanted === undefined ? "is needed to name the new credential" : "has no use: this source takes none",
          advice: "Nothing was stored."
        })
      )
    }
    return yield* storing(wanted, kind, input.credential_values, credentials)
  }
  if (wanted !== undefined) {
    const credential = yield* resolve("credential", wanted, credentials)
    if (credentialSource !== "" && !isKind(credentialSource, credentialKinds)(credential)) {
      return yield* Effect.fail(
        new Workflow.InputInvalid({
          field: "credential",
          problem: `is ${JSON.stringify(Words.title(credential))}, and the source takes the kind ${
            JSON.stringify(Words.said(credentialSource) ?? "")
          }`,
          options: credentials.filter(isKind(credentialSource, credentialKinds)).map(Words.title),
          advice: "Use one of these, or make one that fits."
        })
      )
    }
    return existing(credential, [])
  }
  if (credentialSource === "") return none
  const fit = credentials.filter(isKind(credentialSource, credentialKinds))
  const [only] = fit
  return only !== undefined && fit.length === 1
    ? existing(only, [`Taken as the credential: ${Words.title(only)}, the only one that fits.`])
    : yield* Effect.fail(ask(tool, input, source, kind, fit))
})
