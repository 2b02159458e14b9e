/**
 * How the workflows that look around read: whole lists with their age, and each part for itself.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { HabuCache, type Observed, StandIns } from "../habu/HabuCache.js"
import { pages } from "../habu/HabuDirectory.js"
import { type Forbidden, type HabuError, Unavailable } from "../habu/HabuError.js"

/**
 * A whole list, and since when it is out of date: while Habu cannot be asked, its last answer stands in.
 *
 * @since 0.1.0
 * @category models
 */
export interface Listed<A> {
  readonly items: ReadonlyArray<A>
  /** When the oldest page that stood in was read, in milliseconds since the epoch; undefined if none did. */
  readonly staleSince: number | undefined
}

/**
 * The earliest of some moments, of which any may be unknown.
 *
 * @since 0.1.0
 * @category getters
 */
export const oldest = (times: ReadonlyArray<number | undefined>): number | undefined => {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

const staleSince = ({ live, observedAt }: Observed<unknown>) => live ? undefined : observedAt

/**
 * Reads a list to its end, with its age. `limit` is the page's length.
 *
 * @since 0.1.0
 * @category constructors
 */
export const listed = <A>(
  page: (
    range: { readonly limit: number; readonly offset: number }
  ) => Effect.Effect<Observed<ReadonlyArray<A>>, HabuError>,
  limit = 500
): Effect.Effect<Listed<A>, HabuError> =>
  Effect.gen(function*() {
    const since = yield* Ref.make<number | undefined>(undefined)
    const note = (answer: Observed<unknown>) => Ref.update(since, (known) => oldest([known, staleSince(answer)]))
    const items = yield* pages((range) => Effect.map(Effect.tap(page(range), note), ({ value }) => value), limit)
    return { items, staleSince: yield* Ref.get(since) }
  })

/**
 * Reads a list that Habu gives in one piece, with its age.
 *
 * @since 0.1.0
 * @category constructors
 */
export const whole = <A>(
  read: Effect.Effect<Observed<ReadonlyArray<A>>, HabuError>
): Effect.Effect<Listed<A>, HabuError> =>
  Effect.map(read, (answer) => ({ items: answer.value, staleSince: staleSince(answer) }))

/**
 * Makes something of all that is read.
 *
 * @since 0.1.0
 * @category combinators
 */
export const mapped = <A, B>(
  read: Effect.Effect<Listed<A>, HabuError>,
  f: (items: ReadonlyArray<A>) => ReadonlyArray<B>
): Effect.Effect<Listed<B>, HabuError> => Effect.map(read, ({ items, staleSince }) => ({ items: f(items), staleSince }))

/**
 * How Habu met one part of what was asked.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome<A> =
  | { readonly _tag: "Answered"; readonly value: A }
  | { readonly _tag: "Denied"; readonly error: Forbidden }
  | { readonly _tag: "Failed"; readonly error: HabuError }

// An answer that takes three rounds is still there before hosts give up on a call, many of them after a minute.
const patience = Duration.seconds(15)

/**
 * Tries one part of what is asked, for 15 seconds, so that neither its failure nor its slowness hides the rest. A slow
 * read goes on, and the next call finds it. Trouble with the credentials or the configuration, which all parts share,
 * stays a failure.
 *
 * @since 0.1.0
 * @category combinators
 */
export const attempt = <A, R>(
  part: string,
  read: Effect.Effect<A, HabuError, R>
): Effect.Effect<Outcome<A>, HabuError, R> =>
  read.pipe(
    Effect.timeoutFail({
      duration: patience,
      onTimeout: () => new Unavailable({ operation: part, reason: "timeout", neverSent: false })
    }),
    Effect.map((value): Outcome<A> => ({ _tag: "Answered", value })),
    Effect.catchAll((error): Effect.Effect<Outcome<A>, HabuError> => {
      if (error._tag === "Forbidden") return Effect.succeed({ _tag: "Denied", error })
      return error.category === "credentials" || error.category === "configuration"
        ? Effect.fail(error)
        : Effect.succeed({ _tag: "Failed", error })
    })
  )

/**
 * Forgets what was read before, so that what is read next is what Habu shows now.
 *
 * @since 0.1.0
 * @category combinators
 */
export const anew: Effect.Effect<void, never, HabuCache> = Effect.flatMap(HabuCache, ({ written }) => written)

/**
 * Lets no older copy stand in while Habu cannot be asked: such a read fails.
 *
 * @since 0.1.0
 * @category combinators
 */
export const live = Effect.provideService(StandIns, false)

/**
 * For a call that writes: what it decides, and what it proves, rests on what Habu shows now.
 *
 * @since 0.1.0
 * @category combinators
 */
export const forWriting = <A, E, R>(call: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | HabuCache> =>
  Effect.zipRight(anew, live(call))
