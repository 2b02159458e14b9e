/**
 * In which clean room a workflow works, and on which question: the one that is given, the only one there is, or a
 * question back with the options and the exact next call.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CleanRoom } from "../habu/api/CleanRooms.js"
import { HabuDirectory, type Known, type Placed } from "../habu/HabuDirectory.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

/**
 * What a caller has to say first.
 *
 * @since 0.1.0
 * @category models
 */
export interface Asking {
  readonly _tag: "Asking"
  readonly answer: {
    readonly status: "needs_input"
    readonly summary: string
    readonly next_steps?: ReadonlyArray<Workflow.NextStep>
  }
}

/**
 * What was found, and what to say where it was not given but taken.
 *
 * @since 0.1.0
 * @category models
 */
export interface Found<A> {
  readonly _tag: "Found"
  readonly value: A
  readonly taken: ReadonlyArray<string>
}

const offered = 8

type Call = { readonly [field: string]: unknown }

const asking = (summary: string, nextSteps: ReadonlyArray<Workflow.NextStep>): Asking => ({
  _tag: "Asking",
  answer: Workflow.compact({ status: "needs_input" as const, summary, next_steps: nextSteps })
})

/**
 * The clean room that `reference` names, or the only one there is.
 *
 * @since 0.1.0
 * @category getters
 */
export const cleanRoom = Effect.fnUntraced(function*(tool: string, input: Call, reference: string | undefined) {
  const directory = yield* HabuDirectory
  const wanted = Words.given(reference)
  if (wanted !== undefined) {
    return { _tag: "Found", value: yield* directory.cleanRoom(wanted), taken: [] } satisfies Found<Known<CleanRoom>>
  }
  const rooms = yield* directory.cleanRooms
  const [only] = rooms
  if (only === undefined) {
    return asking(Words.noCleanRooms, [{
      tool: "test_connection",
      arguments: {},
      why: "See what the API user may do."
    }])
  }
  return rooms.length === 1
    ? {
      _tag: "Found",
      value: only,
      taken: [`Taken as the clean room: ${Words.title(only)}, the only one.`]
    } satisfies Found<Known<CleanRoom>>
    : asking(
      `In which clean room? There are ${rooms.length}: ${rooms.slice(0, offered).map(Words.title).join(", ")}${
        rooms.length > offered ? ", …" : ""
      }.`,
      rooms.slice(0, offered).map((room): Workflow.NextStep => ({
        tool,
        arguments: { ...input, clean_room: Words.handle(room) },
        why: `In ${Words.title(room)}.`
      }))
    )
})

/**
 * The question that `reference` names, in the clean room that `within` names or in any; the only one of that clean room
 * where none is named.
 *
 * @since 0.1.0
 * @category getters
 */
export const question = Effect.fnUntraced(function*(
  tool: string,
  input: Call,
  reference: string | undefined,
  within: string | undefined
) {
  const directory = yield* HabuDirectory
  const room = Words.given(within)
  const place = room === undefined ? undefined : yield* directory.cleanRoom(room)
  const wanted = Words.given(reference)
  if (wanted !== undefined) {
    return { _tag: "Found", value: yield* directory.question(wanted, place), taken: [] } satisfies Found<Placed>
  }
  const found = place === undefined ? [] : yield* directory.questions(place)
  const [only] = found
  return only !== undefined && found.length === 1
    ? {
      _tag: "Found",
      value: only,
      taken: [`Taken as the question: ${Words.title(only.question)}, the only one.`]
    } satisfies Found<Placed>
    : asking(
      "Which question? Give `question`: its name, display id (CRQ-…) or id.",
      found.slice(0, offered).map(({ question: { displayId, id, name } }): Workflow.NextStep => ({
        tool,
        arguments: { ...input, question: Words.handle(Workflow.compact({ id, displayId, name })) },
        why: `For ${Words.title(Workflow.compact({ id, displayId, name }))}.`
      }))
    )
})
