/**
 * The evidence on a data connection, and since when it is being verified: Habu does not tell, so it is remembered here.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuConfig } from "../../habu/HabuConfig.js"
import { HabuState } from "../../habu/HabuState.js"
import * as StateStore from "../../state/StateStore.js"
import { connectionState } from "../find/DataConnections.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Detectors from "./ConnectionDetectors.js"
import { detect, type Investigation } from "./Finding.js"
import * as Heard from "./Heard.js"

const sight = (id: string): StateStore.StateKey<number, number> => ({
  name: `troubleshoot/verifying/${id}`,
  schema: Schema.Number
})

// A store that fails only costs the memory of it.
const remembered = Effect.fnUntraced(function*(connection: DataConnectionResponse, now: number) {
  const state = yield* HabuState
  const isVerifying = Detectors.conditionOf(connection) === "verifying"
  return yield* Effect.orElseSucceed(
    state.update(
      sight(connection.id ?? ""),
      (since): readonly [number | undefined, StateStore.Change<number>] =>
        isVerifying
          ? [Option.getOrElse(since, () => now), StateStore.set(Option.getOrElse(since, () => now), Duration.days(7))]
          : [undefined, Option.isSome(since) ? StateStore.remove : StateStore.keep]
    ),
    () => undefined
  )
})

// What a kind of credential holds; only the names are there to be read.
const credentialFieldsOf = Effect.fnUntraced(function*({ dataSource }: DataConnectionResponse) {
  const habu = yield* HabuClient
  const name = dataSource?.credentialSource
  if (name === undefined || name === "") return []
  const read = habu.getCredentialSourceByName({ path: { name } })
  const heard = yield* Reading.attempt("credential source", read)
  return (Heard.value(heard) ?? []).flatMap(({ credentialConfig }) => credentialConfig ?? [])
    .flatMap(({ name: field }) => field ?? [])
})

/**
 * Looks into a data connection; `others` are all of the organisation's.
 *
 * @since 0.1.0
 * @category constructors
 */
export const investigate = Effect.fn("Troubleshoot.connection")(function*(
  connection: DataConnectionResponse,
  others: ReadonlyArray<DataConnectionResponse>
) {
  const habu = yield* HabuClient
  const { speed } = yield* HabuConfig
  const now = yield* Clock.currentTimeMillis
  const isFailed = Detectors.conditionOf(connection) === "failed"
  const { credentialFields, fields, verifyingSince } = yield* Effect.all({
    credentialFields: isFailed ? credentialFieldsOf(connection) : Effect.succeed([]),
    fields: Reading.attempt(
      "fields",
      habu.getAllFieldConfigurations({ path: { dataConnectionId: connection.id ?? "" } })
    ),
    verifyingSince: remembered(connection, now)
  }, { concurrency: "unbounded" })
  const evidence: Detectors.Evidence = { connection, others, credentialFields, fields, verifyingSince, now, speed }
  const { activity, meaning, state } = connectionState(connection)
  const condition = Detectors.conditionOf(connection)
  return {
    checks: [
      {
        check: "state of the data connection",
        result: condition === "complete" ? "ok" : condition === "unknown" ? "unknown" : "problem",
        found: `${state ?? "not told"}. ${meaning}`
      },
      ...(activity?.toUpperCase() === "PAUSED"
        ? [{ check: "activity", result: "problem" as const, found: "It is paused." }]
        : []),
      ...Heard.check("fields", fields, (all) => ({
        result: "note",
        found: `${Words.count(all.length, "field")}, ${
          all.filter(({ identifierType }) => (identifierType ?? "") !== "").length
        } of them identifiers.`
      }))
    ],
    ...detect(Detectors.detectors, evidence),
    errors: Heard.errors([fields]),
    facts: {
      data_connection: connection.id ?? "",
      state: state ?? "",
      source: Words.said(connection.dataSource?.name, 60) ?? ""
    }
  } satisfies Investigation
})
