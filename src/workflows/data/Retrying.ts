/**
 * Having Habu check data connections again, once for each cause, and following that.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import type { Connection } from "./Connections.js"

/**
 * The step that has a data connection checked again.
 *
 * @since 0.1.0
 * @category formatting
 */
export const step = (connection: Pick<Connection, "name">): string =>
  `check again ${JSON.stringify(Words.said(connection.name) ?? "")}`

/**
 * Checks access and schema of a data connection again (operation `retryDataConnectionJob`). Habu shows only while it
 * lasts that it was begun, so that nothing is read back.
 *
 * @since 0.1.0
 * @category constructors
 */
export const retrying = (connection: Connection, needs: ReadonlyArray<string> = []): Plan.Change<HabuClient> => ({
  step: step(connection),
  grade: "ordinary",
  preview: `${step(connection)}: its access and schema, for up to 5 minutes`,
  makes: `retry/${connection.id}`,
  needs,
  write: Effect.gen(function*() {
    const habu = yield* HabuClient
    yield* Effect.flatMap(
      habu.retryDataConnectionJob({ path: { dataConnectionId: connection.id } }),
      Plan.confirmed("retryDataConnectionJob")
    )
  })
})
