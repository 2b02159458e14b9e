/**
 * The organisation's data connections: finding them, reading their settings, making them, and following the check of
 * their access.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { DataConnectionDetails, DataConnectionResponse } from "../../habu/api/DataConnections.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuConfig } from "../../habu/HabuConfig.js"
import { type Known, known, resolve } from "../../habu/HabuDirectory.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Redaction from "../../habu/Redaction.js"
import * as Text from "../../habu/Text.js"
import { connectionState, progressOf } from "../find/DataConnections.js"
import type * as Plan from "../Plan.js"
import * as Progress from "../Progress.js"
import * as Words from "../Words.js"

export type Connection = Known<DataConnectionResponse>

/**
 * All of them (operation `getAllDataConnections`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const all = Effect.flatMap(HabuClient, (habu) => Effect.map(habu.getAllDataConnections({}), known))

/**
 * What they are called in notes and errors.
 *
 * @since 0.1.0
 * @category constants
 */
export const kind = "data connection"

const described = (connection: Connection) =>
  `${Words.title(connection)} (${Words.said(connection.id)}, ${connectionState(connection).state ?? "no state"})`

/**
 * The one that is meant, by name or id.
 *
 * @since 0.1.0
 * @category getters
 */
export const named = (reference: string, connections: ReadonlyArray<Connection>) =>
  resolve(kind, reference, connections, described)

/**
 * Those of one name.
 *
 * @since 0.1.0
 * @category filtering
 */
export const ofName = <A extends { readonly name?: string }>(name: string, all: ReadonlyArray<A>): ReadonlyArray<A> =>
  all.filter((one) => Text.folded(one.name ?? "") === Text.folded(name))

const signed = /[?&](sig|signature|token|x-amz-[a-z-]+|se|sp)=/i

/**
 * A setting's value, for showing: nothing where it is, or may hold, a secret.
 *
 * @since 0.1.0
 * @category formatting
 */
export const shownValue = (name: string, value: string | undefined): string | undefined =>
  Redaction.isSecretName(name) || signed.test(value ?? "") ? undefined : Words.said(value, 100)

/**
 * The step that makes a data connection.
 *
 * @since 0.1.0
 * @category formatting
 */
export const makingStep = (name: string): string => `create data connection ${JSON.stringify(Words.said(name) ?? "")}`

/**
 * Makes a data connection (operation `createDataConnection`). `details` is asked for when it is sent, since its
 * credential may be made in the same call.
 *
 * @since 0.1.0
 * @category constructors
 */
export const making = <R>(
  name: string,
  details: Effect.Effect<
    DataConnectionDetails,
    Effect.Effect.Error<Plan.Change["write"]>,
    R
  >,
  { needs, preview }: { readonly needs: ReadonlyArray<string>; readonly preview: string }
): Plan.Change<R | HabuClient> => ({
  step: makingStep(name),
  grade: "ordinary",
  preview,
  makes: `data connection/${Text.folded(name)}`,
  needs,
  write: Effect.gen(function*() {
    const habu = yield* HabuClient
    yield* habu.createDataConnection({ payload: yield* details })
  }),
  shown: Effect.map(all, (connections) => ofName(name, connections).length > 0)
})

const longestWait = Duration.toMillis("40 seconds")
const firstLook = Duration.toMillis("39 seconds")
const pace = Duration.toMillis("185 seconds")
const usualCheck = Duration.toMillis("5 minutes")

const isUnderCheck = (connection: Connection, isFresh: boolean) => {
  const progress = progressOf(connection)
  // Live, a connection that is still being checked was seen to wait for its file.
  return progress === "verifying" || (isFresh && progress === "waiting")
}

/**
 * A data connection as it was seen last, and why it could not be seen since its check began.
 *
 * @since 0.1.0
 * @category models
 */
export interface Followed {
  readonly connection: Connection
  readonly unread: HabuError | undefined
}

/**
 * Follows the check of a data connection's access (operation `getDataConnectionById`), as often as Habu lets one look,
 * for 40 seconds at most. `isFresh`: the check has begun just now. What cannot be read now stays as it was.
 *
 * @since 0.1.0
 * @category combinators
 */
export const follow = Effect.fn("Connections.follow")(function*(connection: Connection, isFresh: boolean) {
  const habu = yield* HabuClient
  const { speed } = yield* HabuConfig
  const begun = yield* Clock.currentTimeMillis
  // What shows right after a check was asked for may be from before it.
  const look = (last: Followed, after: number, isTrusted: boolean): Effect.Effect<Followed> =>
    Effect.gen(function*() {
      const { connection: seenLast } = last
      const now = yield* Clock.currentTimeMillis
      const isRecent = isFresh && now < begun + usualCheck / speed
      const isOver = isTrusted && !isUnderCheck(seenLast, isRecent)
      if (isOver || now + after > begun + longestWait) return last
      yield* Progress.report({
        progress: now - begun,
        total: longestWait,
        message: `Habu is checking the access of ${Words.title(seenLast)}`
      })
      yield* Effect.withSpan(Effect.sleep(after), "wait.connection")
      const seen = yield* Effect.either(
        habu.observed.getDataConnectionById({ path: { dataConnectionId: connection.id } })
      )
      return yield* look(
        seen._tag === "Left"
          ? { ...last, unread: seen.left }
          : seen.right.live
          ? { connection: { ...seenLast, ...seen.right.value, id: connection.id }, unread: undefined }
          : last,
        pace / speed,
        true
      )
    })
  return yield* look({ connection, unread: undefined }, isFresh ? firstLook / speed : 0, !isFresh)
})

/**
 * How long until Habu lets one look again, in seconds.
 *
 * @since 0.1.0
 * @category getters
 */
export const lookAgainAfter = Effect.map(HabuConfig, ({ speed }) => Math.max(1, Math.ceil(pace / 1000 / speed)))
