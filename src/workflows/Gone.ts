/**
 * What was removed through this server within the last day, so that the same call again is not told of something that
 * nobody knows.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { ReferenceUnknown } from "../habu/HabuError.js"
import * as DayNotes from "./DayNotes.js"
import * as Plan from "./Plan.js"
import * as Words from "./Words.js"

const notes = DayNotes.make("gone", "what was removed", Schema.Number)

/**
 * Notes that something is about to be removed, by all its names. It counts once it cannot be found any more.
 *
 * @since 0.1.0
 * @category combinators
 */
export const removing = (kind: string, names: ReadonlyArray<string | undefined>) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => notes.note(kind, names, now))

/**
 * When what cannot be found was removed here, in milliseconds since the epoch.
 *
 * @since 0.1.0
 * @category getters
 */
export const since = notes.of

/**
 * Takes what cannot be found for done where it was removed here, as a step of that name; any other is unknown still.
 *
 * @since 0.1.0
 * @category combinators
 */
export const alreadyStep = (kind: string, reference: string, step: string) => (unknown: ReferenceUnknown) =>
  Effect.flatMap(since(kind, reference), (at) =>
    at === undefined
      ? Effect.fail(unknown)
      : Effect.succeed(Plan.already(step, `It is there no more: it was deleted at ${Words.iso(at)}.`)))
