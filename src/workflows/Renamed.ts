/**
 * What was renamed through this server within the last day, so that the same call again, which still says the old name,
 * is told that it is so already.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { ReferenceUnknown } from "../habu/HabuError.js"
import * as Text from "../habu/Text.js"
import * as DayNotes from "./DayNotes.js"

const notes = DayNotes.make("renamed", "what was renamed", Schema.String)

interface Renamable {
  readonly id: string
  readonly name?: string
}

/**
 * Notes that something is about to be renamed. It counts once its old name cannot be found any more.
 *
 * @since 0.1.0
 * @category combinators
 */
export const renaming = (kind: string, { id, name }: Renamable) => notes.note(kind, [name], id)

/**
 * Finds what bore a name that nothing bears now, where it was renamed here to the name that is asked for; any other is
 * unknown still.
 *
 * @since 0.1.0
 * @category combinators
 */
export const found = <A extends Renamable>(
  kind: string,
  all: ReadonlyArray<A>,
  asked: { readonly reference: string; readonly name: string | undefined }
) =>
(unknown: ReferenceUnknown) =>
  Effect.flatMap(notes.of(kind, asked.reference), (id) => {
    const one = all.find((one) => one.id === id && Text.folded(one.name ?? "") === Text.folded(asked.name ?? ""))
    return one === undefined ? Effect.fail(unknown) : Effect.succeed(one)
  })
