/**
 * From what a data connection can be made: the source, the data type and their parameters, all as Habu describes them
 * to this organisation.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { DataSource, DataSourceParameter, DataType } from "../../habu/api/DataSources.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, resolve } from "../../habu/HabuDirectory.js"
import * as Redaction from "../../habu/Redaction.js"
import * as Text from "../../habu/Text.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Connections from "./Connections.js"
import { CredentialReference } from "./CredentialReference.js"
import { NeedsInput, type Options } from "./NeedsInput.js"

export const tool = "establish_data_connection"

/**
 * A source and a data type of it, with the parameters that the two need.
 *
 * @since 0.1.0
 * @category models
 */
export interface Pair {
  readonly source: Known<DataSource>
  readonly dataType: Known<DataType>
  readonly parameters: ReadonlyArray<DataSourceParameter>
}

type Call = { readonly [field: string]: unknown }

const shownAs = ({ displayName, name }: { readonly displayName?: string; readonly name?: string }) =>
  Words.said(displayName ?? name, 80) ?? ""

const comparable = ({ displayName, name }: Pick<DataSource, "displayName" | "name"> = {}) =>
  Text.folded(name ?? displayName ?? "")

const isOf = (source: DataSource) => {
  const wanted = comparable(source)
  return ({ dataSource }: Connections.Connection) => comparable(dataSource) === wanted
}

// Those that are in use come first.
const ranked = <A extends object>(all: ReadonlyArray<A>, inUse: (one: A) => number) =>
  all.map((one) => ({ ...one, inUse: inUse(one) })).sort((a, b) => b.inUse - a.inUse)

const sources = Effect.flatMap(HabuClient, (habu) => Effect.map(habu.getAllDataSources({}), known))

// Short forms stand where display ids do, so that either name finds it.
const choosable = <A extends { readonly id: string; readonly name?: string; readonly displayName?: string }>(
  items: ReadonlyArray<A>
) =>
  items.map((item) => ({
    id: item.id,
    ...(item.name !== undefined && { displayId: item.name }),
    ...(item.displayName !== undefined && { name: item.displayName }),
    item
  }))

const chooseSource = Effect.fnUntraced(function*(
  input: Call,
  reference: string | undefined,
  connections: ReadonlyArray<Connections.Connection>
) {
  const all = yield* sources
  const wanted = Words.given(reference)
  if (wanted !== undefined) return (yield* resolve("data source", wanted, choosable(all))).item
  const [only] = all
  if (only !== undefined && all.length === 1) return only
  const uses = connections.map(({ dataSource }) => comparable(dataSource))
  const possible = ranked(all, (source) => {
    const wanted = comparable(source)
    return uses.filter((used) => used === wanted).length
  })
  return yield* Effect.fail(
    new NeedsInput({
      summary: "Where does the data lie? Give `source`; those that are in use already come first.",
      options: {
        sources: possible.map((source) =>
          Workflow.compact({
            name: Words.said(source.name ?? source.displayName, 80) ?? "",
            shown_as: source.displayName === source.name ? undefined : Words.said(source.displayName, 80),
            credential: Words.said(source.credentialSource, 80),
            in_use: source.inUse || undefined
          })
        )
      },
      nextSteps: possible.slice(0, 3).map((source) => ({
        tool,
        arguments: { ...input, source: Words.callable({ id: source.id, name: source.name ?? source.displayName }) },
        why: `Data in ${shownAs(source)}.`
      }))
    })
  )
})

const chooseDataType = Effect.fnUntraced(function*(
  input: Call,
  reference: string | undefined,
  source: Known<DataSource>,
  connections: ReadonlyArray<Connections.Connection>
) {
  const habu = yield* HabuClient
  const all = known(yield* habu.getAllDataTypes({ path: { dataSourceId: source.id } }))
  const wanted = Words.given(reference)
  if (wanted !== undefined) return (yield* resolve("data type", wanted, choosable(all))).item
  const [only] = all
  if (only !== undefined && all.length === 1) return only
  const possible = ranked(all, ({ name }) => connections.filter(({ dataType }) => dataType?.name === name).length)
  return yield* Effect.fail(
    new NeedsInput({
      summary: `What kind of data is it? Give \`data_type\`; ${shownAs(source)} can hold ${
        Words.count(all.length, "kind")
      }.`,
      options: {
        data_types: possible.map(({ displayName, id, name }) => Words.said(name ?? displayName ?? id, 80) ?? "")
      },
      nextSteps: possible.slice(0, 3).map((dataType) => ({
        tool,
        arguments: {
          ...input,
          data_type: Words.callable({ id: dataType.id, name: dataType.name ?? dataType.displayName })
        },
        why: `It is ${shownAs(dataType)}.`
      }))
    })
  )
})

/**
 * Finds the source and the data type that are meant, and reads what they need (operations `getAllDataSources`,
 * `getAllDataTypes`, `getAllDataSourceParameters`). Asks back with the choices where one is not given.
 *
 * @since 0.1.0
 * @category constructors
 */
export const choose = Effect.fn("Sources.choose")(function*(
  input: Call & { readonly source?: string; readonly data_type?: string },
  connections: ReadonlyArray<Connections.Connection>
) {
  const habu = yield* HabuClient
  const source = yield* chooseSource(input, input.source, connections)
  const dataType = yield* chooseDataType(input, input.data_type, source, connections)
  const parameters = yield* habu.getAllDataSourceParameters({
    path: { dataSourceId: source.id, dataTypeId: dataType.id }
  })
  return {
    source,
    dataType,
    parameters: [...parameters].sort((a, b) => (a.index ?? 0) - (b.index ?? 0))
  } satisfies Pair
})

const nameOf = ({ displayName, name }: DataSourceParameter) => name ?? displayName ?? ""

/**
 * What the parameters of a pair are, for a caller who has to give them.
 *
 * @since 0.1.0
 * @category formatting
 */
export const parameterOptions = (
  { parameters, source }: Pair,
  connections: ReadonlyArray<Connections.Connection>
): NonNullable<Options["parameters"]> => {
  const alike = connections.filter(isOf(source))
  return parameters.map((parameter) => {
    const name = nameOf(parameter)
    const values = alike.flatMap(({ dataSourceConfiguration = [] }) =>
      dataSourceConfiguration.filter((one) => Text.folded(one.name ?? "") === Text.folded(name))
        .map(({ value }) => Connections.shownValue(name, value))
    ).filter((value) => value !== undefined)
    return Workflow.compact({
      name: Words.said(name, 80) ?? "",
      type: Words.said(parameter.type, 30),
      secret: Redaction.isSecretName(name) ? true : undefined,
      used_before: [...new Set(values)].slice(0, 3)
    })
  })
}

/**
 * Whether a value only stands in for a real one, such as `s3://<bucket>`.
 *
 * @since 0.1.0
 * @category guards
 */
export const isPlaceholder = (value: string): boolean =>
  /<[^<>]+>|\b(your|my)[-_ ](bucket|path|folder|project|database|schema|table|account)|\b(changeme|placeholder|todo)\b|^x{3,}$/i
    .test(value)

export interface Setting {
  readonly name: string
  readonly value: string
}

/**
 * The settings of one data connection from what a caller gives: every parameter, none that the source does not have, no
 * placeholder. A parameter that holds a secret is given by reference, as the values of credentials are.
 *
 * @since 0.1.0
 * @category constructors
 */
export const settingsOf = Effect.fnUntraced(function*(
  { parameters }: Pick<Pair, "parameters">,
  given: { readonly [name: string]: string },
  before: ReadonlyArray<Setting> = []
) {
  const { read } = yield* CredentialReference
  const entries = Object.entries(given)
  const isNamed = (name: string) => (parameter: DataSourceParameter) =>
    [parameter.name, parameter.displayName].some((own) => own !== undefined && Text.folded(own) === Text.folded(name))
  const stranger = entries.find(([name]) => !parameters.some(isNamed(name)))
  if (stranger !== undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "parameters",
        problem: `has ${JSON.stringify(Words.said(stranger[0], 60))}, which this source does not take`,
        options: parameters.map((parameter) => Words.said(nameOf(parameter), 80) ?? ""),
        advice: "Leave it out, or use one of these names."
      })
    )
  }
  const placeholder = entries.find(([name, value]) => !Redaction.isSecretName(name) && isPlaceholder(value))
  if (placeholder !== undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: `parameters.${Words.said(placeholder[0], 60) ?? ""}`,
        problem: `is ${JSON.stringify(Words.said(placeholder[1], 80))}, which stands in for a real value`,
        advice: "Ask the person you work for for the real one; never make one up."
      })
    )
  }
  const settings = yield* Effect.forEach(parameters, (parameter) =>
    Effect.gen(function*() {
      const name = nameOf(parameter)
      const own = entries.find(([key]) => isNamed(key)(parameter))?.[1]
      const kept = before.find((one) => Text.folded(one.name) === Text.folded(name))?.value
      const value = own !== undefined && own !== "" && Redaction.isSecretName(name)
        ? (yield* read(`parameters.${name}`, own)).pipe(Redacted.value)
        : own ?? kept
      return value === undefined ? [] : [{ name, value }]
    }))
  const found = settings.flat()
  const missing = parameters.map(nameOf).filter((name) => !found.some((one) => one.name === name))
  return { settings: found, missing }
})
