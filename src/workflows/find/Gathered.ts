/**
 * Reading from several places at once: what came, and what Habu denied or failed to answer.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * A part that Habu did not show, and why.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Withheld = Schema.Struct({
  part: Schema.String,
  clean_room: Workflow.maybe(Words.Reference),
  reason: Schema.String,
  advice: Schema.String
})

export interface Withheld extends Schema.Schema.Type<typeof Withheld> {}

/**
 * A place to read from, with the clean room it belongs to.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source<A> {
  readonly part: string
  readonly cleanRoom?: CleanRoom
  readonly read: Effect.Effect<Reading.Listed<A>, HabuError>
}

/**
 * What all places gave. `heard` tells whether any of them answered.
 *
 * @since 0.1.0
 * @category models
 */
export interface Gathered<A> extends Reading.Listed<A> {
  readonly denied: ReadonlyArray<Withheld>
  readonly failed: ReadonlyArray<Withheld>
  readonly heard: boolean
}

/**
 * What is known without reading more.
 *
 * @since 0.1.0
 * @category constructors
 */
export const certain = <A>(items: ReadonlyArray<A>): Gathered<A> => ({
  items,
  staleSince: undefined,
  denied: [],
  failed: [],
  heard: true
})

interface Told<A> {
  readonly source: Source<A>
  readonly outcome: Reading.Outcome<Reading.Listed<A>>
}

const withheld = (told: ReadonlyArray<Told<unknown>>, kind: "Denied" | "Failed"): ReadonlyArray<Withheld> =>
  told.flatMap(({ outcome, source: { cleanRoom, part } }) =>
    outcome._tag === kind
      ? [Workflow.compact({
        part,
        clean_room: cleanRoom && Words.reference(cleanRoom),
        reason: outcome.error.message,
        advice: outcome.error.advice
      })]
      : []
  )

/**
 * Reads from all sources at once. Only where every one of them failed does the whole fail.
 *
 * @since 0.1.0
 * @category constructors
 */
export const gather = <A>(sources: ReadonlyArray<Source<A>>): Effect.Effect<Gathered<A>, HabuError> =>
  Effect.gen(function*() {
    const told = yield* Effect.forEach(
      sources,
      (source) => Effect.map(Reading.attempt(source.part, source.read), (outcome): Told<A> => ({ source, outcome })),
      { concurrency: "unbounded" }
    )
    const failed = withheld(told, "Failed")
    const outcome = told[0]?.outcome
    if (outcome?._tag === "Failed" && failed.length === told.length) return yield* Effect.fail(outcome.error)
    const answers = told.flatMap(({ outcome }) => outcome._tag === "Answered" ? [outcome.value] : [])
    return {
      items: answers.flatMap(({ items }) => items),
      staleSince: Reading.oldest(answers.map(({ staleSince }) => staleSince)),
      denied: withheld(told, "Denied"),
      failed,
      heard: answers.length > 0
    }
  })
