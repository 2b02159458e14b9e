/**
 * Changing, renaming, rotating and deleting: the plans of `manage_data_integration`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { HabuClient } from "../../habu/HabuClient.js"
import type { HabuState } from "../../habu/HabuState.js"
import * as Text from "../../habu/Text.js"
import * as Gone from "../Gone.js"
import * as Plan from "../Plan.js"
import * as Renamed from "../Renamed.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Connections from "./Connections.js"
import * as Credentials from "./Credentials.js"
import type { Dependants } from "./Dependants.js"
import * as Sources from "./Sources.js"

const quoted = (name: string | undefined) => JSON.stringify(Words.said(name, 80) ?? "")

interface Wish {
  readonly new_name?: string
  readonly parameters?: { readonly [name: string]: string }
  readonly credential?: string
  readonly [field: string]: unknown
}

/**
 * Plans a data connection's new settings (operation `updateDataConnection`), which replace the old ones: what is not
 * given stays as it is. Its credential cannot be read, so that it is given, or the only one that fits.
 *
 * @since 0.1.0
 * @category constructors
 */
export const changing = Effect.fn("Altering.changing")(function*(
  tool: string,
  connection: Connections.Connection,
  wish: Wish,
  all: ReadonlyArray<Connections.Connection>
) {
  const before = (connection.dataSourceConfiguration ?? []).map(({ name = "", value = "" }) => ({ name, value }))
  const source = connection.dataSource ?? {}
  const pair = yield* Sources.choose(
    Workflow.compact({
      source: source.id ?? source.name ?? source.displayName,
      data_type: connection.dataType?.id ?? connection.dataType?.name ?? connection.dataType?.displayName
    }),
    all
  )
  const { missing, settings } = yield* Sources.settingsOf(pair, wish.parameters ?? {}, before)
  if (missing.length > 0) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "parameters",
        problem: `lacks ${missing.map((name) => Words.said(name, 60)).join(", ")}, which Habu does not show now`,
        advice: "Settings are replaced as a whole: give these too."
      })
    )
  }
  const name = Words.given(wish.new_name)?.trim() ?? connection.name ?? ""
  const differing = settings.filter(({ name, value }) => before.find((one) => one.name === name)?.value !== value)
  const step = `change data connection ${quoted(connection.name)}`
  if (differing.length === 0 && name === connection.name && Words.given(wish.credential) === undefined) {
    return { changes: [], settled: [Plan.already(step)], said: [] }
  }
  const credential = yield* Credentials.choose(tool, wish, pair.source)
  const shown = (name: string, value: string | undefined) =>
    JSON.stringify(Connections.shownValue(name, value) ?? "(hidden)")
  const words = [
    ...(name === connection.name ? [] : [`name ${quoted(connection.name)} to ${quoted(name)}`]),
    ...differing.map((one) =>
      `${Words.said(one.name, 60)} ${shown(one.name, before.find(({ name }) => name === one.name)?.value)} to ${
        shown(one.name, one.value)
      }`
    ),
    ...(credential.title === undefined ? [] : [`credential ${quoted(credential.title)}`])
  ]
  const change: Plan.Change<HabuClient | HabuState> = {
    step,
    grade: "ordinary",
    preview: `${step}: ${words.join("; ")}; Habu then checks its access anew`,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      const credentialId = yield* credential.id
      if (name !== connection.name) yield* Renamed.renaming(Connections.kind, connection)
      yield* habu.updateDataConnection({
        path: { dataConnectionId: connection.id },
        payload: {
          name,
          category: connection.category ?? "",
          ...(credentialId !== undefined && { credentialId }),
          dataType: pair.dataType,
          dataSource: pair.source,
          dataSourceConfiguration: settings
        }
      })
      return words.join("; ")
    }),
    shown: Effect.map(Connections.all, (now) => {
      const own = now.find(({ id }) => id === connection.id)
      return own !== undefined && own.name === name &&
        settings.every((one) =>
          own.dataSourceConfiguration?.some((is) => is.name === one.name && (is.value ?? "") === one.value) ?? false
        )
    })
  }
  return { changes: [change], settled: [], said: credential.said }
})

/**
 * The step that replaces a credential's values.
 *
 * @since 0.1.0
 * @category formatting
 */
export const rotatingStep = (credential: Credentials.Credential): string =>
  `replace the values of credential ${quoted(credential.name)}`

/**
 * Replaces a credential's values (operation `updateOrganizationCredential`), read by reference. Habu checks them, and
 * never shows them again.
 *
 * @since 0.1.0
 * @category constructors
 */
export const rotating = Effect.fn("Altering.rotating")(function*(
  credential: Credentials.Credential,
  references: { readonly [key: string]: string },
  { known }: Dependants
) {
  const kinds = yield* Credentials.kinds
  const kind = kinds.find((one) =>
    one.id === credential.credentialSourceId ||
    Text.folded(one.name ?? "") === Text.folded(credential.credentialSourceName ?? "-")
  )
  if (kind === undefined || credential.managedCredential === true) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "credential",
        problem: kind === undefined ? "is of a kind that Habu does not describe here" : "is managed by LiveRamp",
        advice: "Nothing was sent. Rotate it in Habu's UI."
      })
    )
  }
  const values = yield* Credentials.valuesOf(kind, references)
  const step = rotatingStep(credential)
  return {
    step,
    grade: "outward",
    preview: `${step}, used by: ${known.slice(0, 15).join(", ") || "nothing that is known"}; the old values are lost`,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* habu.updateOrganizationCredential({
        path: { organizationCredentialId: credential.id },
        payload: { name: credential.name ?? "", credentialSourceId: kind.id, credentials: values }
      })
    })
  } satisfies Plan.Change<HabuClient>
})

/**
 * What can be deleted here.
 *
 * @since 0.1.0
 * @category models
 */
export type Removable = "data connection" | "view" | "credential"

const removed: {
  readonly [kind in Removable]: (id: string) => Plan.Change<HabuClient>["write"]
} = {
  "data connection": (dataConnectionId) =>
    Effect.asVoid(Effect.flatMap(
      Effect.flatMap(HabuClient, (habu) => habu.deleteDataConnection({ path: { dataConnectionId } })),
      Plan.confirmed("deleteDataConnection")
    )),
  view: (viewId) =>
    Effect.asVoid(Effect.flatMap(
      Effect.flatMap(HabuClient, (habu) => habu.deleteDataConnectionView({ path: { viewId } })),
      Plan.confirmed("deleteDataConnectionView")
    )),
  credential: (organizationCredentialId) =>
    Effect.asVoid(Effect.flatMap(
      Effect.flatMap(HabuClient, (habu) => habu.deleteOrganizationCredential({ path: { organizationCredentialId } })),
      Plan.confirmed("deleteOrganizationCredential")
    ))
}

/**
 * The step that deletes something.
 *
 * @since 0.1.0
 * @category formatting
 */
export const removingStep = (kind: Removable, name: string | undefined): string => `delete ${kind} ${quoted(name)}`

/**
 * Deletes for good, with what rests on it in the preview.
 *
 * @since 0.1.0
 * @category constructors
 */
export const removing = <E extends Effect.Effect.Error<typeof Connections.all>>(
  kind: Removable,
  thing: { readonly id: string; readonly name?: string },
  { known, unseen }: Dependants,
  all: Effect.Effect<ReadonlyArray<{ readonly id: string }>, E, HabuClient>
): Plan.Change<HabuClient | HabuState> => ({
  step: removingStep(kind, thing.name),
  grade: "destructive",
  preview: `${removingStep(kind, thing.name)} for good; ${
    known.length === 0 ? "nothing is known to rest on it" : `what rests on it: ${known.slice(0, 20).join(", ")}`
  }${unseen.length === 0 ? "" : `; could not be looked at: ${unseen.slice(0, 10).join(", ")}`}`,
  write: Effect.zipRight(Gone.removing(kind, [thing.id, thing.name]), removed[kind](thing.id)),
  shown: Effect.map(all, (now) => now.every(({ id }) => id !== thing.id))
})
