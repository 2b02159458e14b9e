/**
 * The one clean room that a survey is of, where one is named.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { HabuDirectory } from "../../habu/HabuDirectory.js"
import { Unavailable } from "../../habu/HabuError.js"
import * as Words from "../Words.js"

// What is left of a call's time is for the reading.
const patience = Duration.seconds(15)

/**
 * Finds the clean room; undefined where none is named.
 *
 * @since 0.1.0
 * @category constructors
 */
export const cleanRoom = Effect.fnUntraced(function*(named: string | undefined) {
  const reference = Words.given(named)
  if (reference === undefined) return undefined
  return yield* Effect.flatMap(HabuDirectory, (directory) => directory.cleanRoom(reference)).pipe(
    Effect.timeoutFail({
      duration: patience,
      onTimeout: () => new Unavailable({ operation: "clean rooms", reason: "timeout", neverSent: false })
    })
  )
})
