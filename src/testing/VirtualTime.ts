/**
 * Moves a test on under the `TestClock`, where fibres also wait for what takes no virtual time, such as WebCrypto or the
 * sandbox's database: `TestClock.adjust` alone would move the clock before they sleep.
 *
 * @since 0.1.0
 */
import * as Chunk from "effect/Chunk"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as TestClock from "effect/TestClock"

const turn = Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))

/**
 * Lets fibres run until something holds, without moving the clock.
 *
 * @since 0.1.0
 * @category combinators
 */
export const until = (holds: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() => holds() ? Effect.void : Effect.zipRight(turn, until(holds)))

/** The next moment, at most so far away, at which a fibre wakes up. */
const nextWake = (within: Duration.DurationInput) =>
  Effect.map(Effect.zip(TestClock.sleeps(), Clock.currentTimeMillis), ([sleeps, now]) =>
    Chunk.reduce(
      sleeps,
      Option.none<number>(),
      (soonest, at) =>
        at > now + Duration.toMillis(within) || Option.exists(soonest, (known) => known <= at)
          ? soonest
          : Option.some(at)
    ))

/**
 * Waits for a fibre and moves the clock whenever it sleeps for no longer than `within`. The default is less than the
 * time after which a request is given up.
 *
 * @since 0.1.0
 * @category combinators
 */
export const ended = <A, E>(
  fiber: Fiber.RuntimeFiber<A, E>,
  within: Duration.DurationInput = "20 seconds"
): Effect.Effect<A, E> =>
  Effect.flatMap(Fiber.poll(fiber), (exit) => {
    if (Option.isSome(exit)) return exit.value
    return Effect.flatMap(nextWake(within), (wake) =>
      Effect.zipRight(Option.isSome(wake) ? TestClock.setTime(wake.value) : turn, ended(fiber, within)))
  })

/**
 * Runs an effect and moves the clock for it, as {@link ended} does.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = <A, E, R>(effect: Effect.Effect<A, E, R>, within?: Duration.DurationInput) =>
  Effect.flatten(Effect.flatMap(Effect.fork(Effect.exit(effect)), (fiber) => ended(fiber, within)))
