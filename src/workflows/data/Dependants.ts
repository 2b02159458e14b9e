/**
 * What rests on a data connection, a view or a credential, so that nobody deletes it unawares.
 *
 * Habu does not tell which credential a data connection uses: those whose source takes its kind may.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { PartnerAccount } from "../../habu/api/Destinations.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, pages } from "../../habu/HabuDirectory.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Connections from "./Connections.js"
import type { Credential } from "./Credentials.js"
import * as Credentials from "./Credentials.js"
import * as Provisioning from "./Provisioning.js"
import * as Views from "./Views.js"

/**
 * What rests on a thing, in words, and what could not be looked at.
 *
 * @since 0.1.0
 * @category models
 */
export interface Dependants {
  readonly known: ReadonlyArray<string>
  readonly unseen: ReadonlyArray<string>
}

const inCleanRooms = Effect.fnUntraced(function*(source: { readonly id: string; readonly name?: string }) {
  const habu = yield* HabuClient
  const rooms = yield* Effect.flatMap(HabuDirectory, (directory) => directory.cleanRooms)
  const looks = yield* Effect.forEach(rooms, (room) =>
    Effect.map(
      Reading.attempt("datasets", habu.getCleanroomDatasets({ path: { cleanroomId: room.id } })),
      (read) => ({ room, read })
    ), { concurrency: "unbounded" })
  return {
    known: looks.flatMap(({ read, room }) => {
      const dataset = read._tag === "Answered" ? Provisioning.ofSource(source, read.value) : undefined
      return dataset === undefined ? [] : [`dataset ${Words.title(dataset)} in clean room ${Words.title(room)}`]
    }),
    unseen: looks.flatMap(({ read, room }) =>
      read._tag === "Answered" ? [] : [`the datasets of clean room ${Words.title(room)}`]
    )
  } satisfies Dependants
})

const together = (all: ReadonlyArray<Dependants>): Dependants => ({
  known: all.flatMap(({ known }) => known),
  unseen: all.flatMap(({ unseen }) => unseen)
})

/**
 * What rests on a view: datasets.
 *
 * @since 0.1.0
 * @category getters
 */
export const ofView = (view: Views.View) => inCleanRooms(view)

/**
 * What rests on a data connection: datasets and views.
 *
 * @since 0.1.0
 * @category getters
 */
export const ofConnection = Effect.fnUntraced(function*(connection: Connections.Connection) {
  const [datasets, views] = yield* Effect.all(
    [inCleanRooms(connection), Reading.attempt("views", Views.all)],
    { concurrency: "unbounded" }
  )
  return together([
    datasets,
    views._tag === "Answered"
      ? {
        known: views.value
          .filter(({ dataConnections = [] }) => dataConnections.some((one) => one.dataConnectionId === connection.id))
          .map((view) => `view ${Words.title(view)}`),
        unseen: []
      }
      : { known: [], unseen: ["views"] }
  ])
})

const destinations = Effect.flatMap(
  HabuClient,
  (habu) =>
    pages(
      (urlParams) => Effect.map(habu.listDestinations({ urlParams }), ({ partnerAccounts = [] }) => partnerAccounts),
      100
    )
)

/**
 * The data connections that may use a credential, and whether it is the only one of its kind.
 *
 * @since 0.1.0
 * @category getters
 */
export const usersOf = Effect.fnUntraced(function*(credential: Credential) {
  const [connections, kinds, credentials] = yield* Effect.all(
    [Connections.all, Credentials.kinds, Credentials.all],
    { concurrency: "unbounded" }
  )
  const isFor = (kind: string | undefined, one: Credential) =>
    kind !== undefined && kind !== "" && Credentials.isKind(kind, kinds)(one)
  const users = connections.filter(({ dataSource }) => isFor(dataSource?.credentialSource, credential))
  const isOnly = users.every(({ dataSource }) =>
    credentials.filter((one) => isFor(dataSource?.credentialSource, one)).length === 1
  )
  return { users, isOnly }
})

/**
 * What rests on a credential: destinations, and the data connections that may use it.
 *
 * @since 0.1.0
 * @category getters
 */
export const ofCredential = Effect.fnUntraced(function*(credential: Credential) {
  const [{ isOnly, users }, accounts] = yield* Effect.all(
    [usersOf(credential), Reading.attempt("destinations", destinations)],
    { concurrency: "unbounded" }
  )
  const uses = (account: PartnerAccount) => account.credential?.ID === credential.id
  return together([
    {
      known: users.map((one) => `data connection ${Words.title(one)}${isOnly ? "" : " (may use it)"}`),
      unseen: []
    },
    accounts._tag === "Answered"
      ? { known: accounts.value.filter(uses).map(({ name }) => `destination ${Words.said(name) ?? ""}`), unseen: [] }
      : { known: [], unseen: ["destinations"] }
  ])
})
