/**
 * Work that is done once, for whoever asks first and for all who come after.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/**
 * An effect that does its work when first run and answers with what came of it from then on.
 *
 * The work goes on in a fibre of its own, whoever gives up waiting for it: `Effect.cached` alone keeps the interruption
 * of its first caller for all others, also if the work is uninterruptible and the caller was interrupted just before.
 *
 * @since 0.1.0
 * @category combinators
 */
export const make = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<Effect.Effect<A, E, R>> =>
  Effect.map(
    Effect.cached(Effect.forkDaemon(Effect.interruptible(work))),
    // Not joined: who asks keeps a context of their own.
    (begun) => Effect.flatten(Effect.flatMap(Effect.uninterruptible(begun), Fiber.await))
  )
