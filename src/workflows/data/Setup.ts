/**
 * One call's data connections on their way: made, checked, mapped, brought into clean rooms.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type Known } from "../../habu/HabuDirectory.js"
import { connectionState, progressOf } from "../find/DataConnections.js"
import * as Plan from "../Plan.js"
import { WatchList } from "../WatchList.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Connections from "./Connections.js"
import * as Credentials from "./Credentials.js"
import * as FieldMapping from "./FieldMapping.js"
import * as FileRisks from "./FileRisks.js"
import { NeedsInput } from "./NeedsInput.js"
import * as Provisioning from "./Provisioning.js"
import * as Sources from "./Sources.js"

/**
 * A data connection that is wanted. `category` is the data type's name unless given.
 *
 * @since 0.1.0
 * @category models
 */
export interface Wanted {
  readonly name: string
  readonly parameters?: { readonly [name: string]: string }
  readonly category?: string
}

/**
 * What was asked for, as far as it concerns data connections.
 *
 * @since 0.1.0
 * @category models
 */
export interface Asked {
  readonly connections: ReadonlyArray<Wanted>
  readonly source?: string
  readonly data_type?: string
  readonly credential?: string
  readonly credential_values?: { readonly [key: string]: string }
  readonly [field: string]: unknown
}

/**
 * The making of what is not there yet. `there` are the wanted ones that are.
 *
 * @since 0.1.0
 * @category models
 */
export interface Making {
  readonly there: ReadonlyArray<Connections.Connection>
  readonly changes: ReadonlyArray<Plan.Change<HabuClient>>
  readonly settled: ReadonlyArray<Plan.Step>
  readonly warnings: ReadonlyArray<string>
}

const already = (connection: Connections.Connection, { parameters = {} }: Wanted) => {
  const differing = Object.entries(parameters).filter(([name, value]) => {
    const own = connection.dataSourceConfiguration?.find((one) => one.name === name || one.displayName === name)
    return own !== undefined && own.value !== value && Connections.shownValue(name, own.value) !== undefined
  }).map(([name]) => Words.said(name, 60))
  return Plan.already(
    Connections.makingStep(connection.name ?? ""),
    differing.length === 0
      ? undefined
      : `It is there already, with another ${differing.join(", ")}; manage_data_integration changes that.`
  )
}

const nextCall = (asked: Asked, wanted: Wanted, missing: ReadonlyArray<string>): Workflow.NextStep => ({
  tool: Sources.tool,
  arguments: {
    ...asked,
    connections: [
      { ...wanted, parameters: { ...wanted.parameters, ...Object.fromEntries(missing.map((name) => [name, ""])) } }
    ]
  },
  why: `With the real value for each empty parameter; "" stays where there is none.`
})

/**
 * Plans what is to be made: the credential where it is new, and each data connection whose name is not there.
 *
 * @since 0.1.0
 * @category constructors
 */
export const making = Effect.fn("Setup.making")(function*(asked: Asked) {
  const all = yield* Connections.all
  const found = yield* Effect.forEach(asked.connections, (wanted) => {
    const there = Connections.ofName(wanted.name, all)
    return Effect.map(
      there.length > 1 ? Connections.named(wanted.name, there) : Effect.succeed(there[0]),
      (connection) => ({ wanted, connection })
    )
  })
  const there = found.flatMap(({ connection }) => connection === undefined ? [] : [connection])
  const settled = found.flatMap(({ connection, wanted }) =>
    connection === undefined ? [] : [already(connection, wanted)]
  )
  const absent = found.filter(({ connection }) => connection === undefined)
  if (absent.length === 0 && asked.connections.length > 0) {
    return { there, changes: [], settled, warnings: [] } satisfies Making
  }
  const pair = yield* Sources.choose(asked, all)
  if (absent.length === 0) {
    return yield* Effect.fail(
      new NeedsInput({
        summary: `Give \`connections\`: for each a name and a value for each of these parameters.`,
        options: { parameters: Sources.parameterOptions(pair, all) },
        nextSteps: [nextCall(asked, { name: "" }, pair.parameters.map(({ name = "" }) => name))]
      })
    )
  }
  const drafts = yield* Effect.forEach(
    absent,
    ({ wanted }) => Effect.map(Sources.settingsOf(pair, wanted.parameters ?? {}), (draft) => ({ wanted, ...draft }))
  )
  const lacking = drafts.find(({ missing }) => missing.length > 0)
  if (lacking !== undefined) {
    return yield* Effect.fail(
      new NeedsInput({
        summary: `${JSON.stringify(Words.said(lacking.wanted.name) ?? "")} needs values for: ${
          lacking.missing.map((name) => Words.said(name, 60)).join(", ")
        }. "" may be given for what it does not have.`,
        options: { parameters: Sources.parameterOptions(pair, all) },
        nextSteps: [nextCall(asked, lacking.wanted, lacking.missing)]
      })
    )
  }
  const credential = yield* Credentials.choose(Sources.tool, asked, pair.source)
  const now = yield* Clock.currentTimeMillis
  const { dataType, source } = pair
  const { id: sourceId, ...sourceFields } = source
  const changes = drafts.map(({ settings, wanted }) =>
    Connections.making(
      wanted.name,
      Effect.map(credential.id, (credentialId) => ({
        name: wanted.name.trim(),
        category: wanted.category ?? dataType.displayName ?? dataType.name ?? "",
        ...(credentialId !== undefined && { credentialId }),
        dataType,
        dataSource: { id: sourceId, ...sourceFields },
        dataSourceConfiguration: settings
      })),
      {
        needs: credential.changes.map(({ step }) => step),
        preview: [
          Connections.makingStep(wanted.name),
          `of ${Words.said(dataType.displayName ?? dataType.name, 60)} in ${
            Words.said(source.displayName ?? source.name, 60)
          }`,
          ...(credential.title === undefined ? [] : [`with credential ${JSON.stringify(credential.title)}`])
        ].join(" ")
      }
    )
  )
  return {
    there,
    changes: [...credential.changes, ...changes],
    settled: [...credential.settled, ...settled],
    warnings: [
      ...credential.said,
      ...new Set(drafts.flatMap(({ settings }) => FileRisks.ofSettings(settings, now)))
    ]
  } satisfies Making
})

/**
 * The wanted data connections as they are now, those under check followed for a while, all of them watched.
 *
 * @since 0.1.0
 * @category constructors
 */
export const followed = Effect.fn("Setup.followed")(function*(asked: Asked, { there }: Making) {
  const watchList = yield* WatchList
  const all = yield* Connections.all
  const isOld = (id: string) => there.some((connection) => connection.id === id)
  return yield* Effect.forEach(
    asked.connections.flatMap(({ name }) => Connections.ofName(name, all).slice(0, 1)),
    (connection) =>
      Effect.gen(function*() {
        const { connection: now } = yield* Connections.follow(connection, !isOld(connection.id))
        yield* Effect.ignoreLogged(
          watchList.watch(
            { kind: "data_connection", id: now.id, name: now.name ?? "" },
            connectionState(now).state
          )
        )
        return now
      }),
    { concurrency: "unbounded" }
  )
})

/**
 * A data connection and the mapping that is proposed for it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Mapped {
  readonly connection: Connections.Connection
  readonly proposal: FieldMapping.Proposal | undefined
  readonly fieldWarnings: ReadonlyArray<string>
}

/**
 * Proposes the mapping of each data connection that needs one, or whose fields a caller wants changed, or that has other
 * fields than before (`isChanged`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const proposed = Effect.fn("Setup.proposed")(function*(
  connections: ReadonlyArray<Connections.Connection>,
  wishes: ReadonlyArray<FieldMapping.Wish>,
  isChanged = false
) {
  const habu = yield* HabuClient
  const needed = connections.filter((one) =>
    progressOf(one) === "mapping" || (progressOf(one) === "complete" && (isChanged || wishes.length > 0))
  )
  const kinds = needed.length === 0 ? [] : yield* habu.getAllIdentifierTypes({})
  return yield* Effect.forEach(connections, (connection) =>
    Effect.gen(function*() {
      if (!needed.includes(connection)) return { connection, proposal: undefined, fieldWarnings: [] } satisfies Mapped
      const fields = yield* FieldMapping.fieldsOf(connection.id)
      const proposal = yield* FieldMapping.propose(fields, kinds, wishes)
      const isOpen = progressOf(connection) === "mapping" || !FieldMapping.isSettled(proposal)
      return {
        connection,
        proposal: isOpen && fields.length > 0 ? proposal : undefined,
        fieldWarnings: FileRisks.ofFields(fields)
      } satisfies Mapped
    }), { concurrency: "unbounded" })
})

/**
 * What is to be brought into clean rooms, and with which limits.
 *
 * @since 0.1.0
 * @category models
 */
export interface Places {
  readonly clean_rooms?: ReadonlyArray<string>
  readonly hide_fields?: ReadonlyArray<string>
  readonly filters?: ReadonlyArray<Provisioning.Filter>
  readonly ramp_id_consent?: boolean
}

/**
 * The clean rooms that are meant, each once.
 *
 * @since 0.1.0
 * @category getters
 */
export const cleanRooms = ({ clean_rooms = [] }: Places) =>
  Effect.flatMap(HabuDirectory, (directory) =>
    Effect.map(
      Effect.forEach(clean_rooms, directory.cleanRoom),
      (rooms) => rooms.filter((room, index) => rooms.findIndex(({ id }) => id === room.id) === index)
    ))

/**
 * Plans bringing sources into clean rooms. `needs` are the steps that must come first for a source.
 *
 * @since 0.1.0
 * @category constructors
 */
export const placing = Effect.fnUntraced(function*(
  sources: ReadonlyArray<{ readonly id: string; readonly name?: string; readonly needs: ReadonlyArray<string> }>,
  rooms: ReadonlyArray<Known<CleanRoom>>,
  { filters, hide_fields: hide, ramp_id_consent: rampIdConsent }: Places
) {
  const plans = yield* Effect.forEach(
    sources.flatMap((source) => rooms.map((cleanRoom) => ({ source, cleanRoom }))),
    ({ cleanRoom, source }) =>
      Provisioning.plan({ cleanRoom, source, hide, filters, rampIdConsent, needs: source.needs }),
    { concurrency: "unbounded" }
  )
  return {
    changes: plans.flatMap(({ changes }) => changes),
    settled: plans.flatMap(({ settled }) => settled)
  } satisfies Provisioning.Planned
})
