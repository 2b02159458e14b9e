/**
 * The sandbox's own time: it can run faster than ours, be set, and be moved on.
 *
 * Nothing in the sandbox sleeps on it. Every state is derived from when something began and what time it is, so moving
 * the clock is all it takes to let half an hour pass.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/**
 * A clock of virtual time over the clock of whoever made it.
 *
 * @since 0.1.0
 * @category models
 */
export interface SandboxClock {
  /** What request handlers run under, by `Effect.withClock`. */
  readonly clock: Clock.Clock
  /** Virtual milliseconds since 1970. */
  readonly now: Effect.Effect<number>
  /** Virtual seconds in a real second. */
  readonly speed: number
  readonly advance: (duration: Duration.DurationInput) => Effect.Effect<void>
  readonly set: (millis: number) => Effect.Effect<void>
}

const makeClock = (base: Clock.Clock, speed: number, now: () => number): Clock.Clock => {
  const millis = () => Math.floor(now())
  const nanos = () => BigInt(millis()) * 1_000_000n
  return {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: millis,
    unsafeCurrentTimeNanos: nanos,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanos: Effect.sync(nanos),
    sleep: (duration) => base.sleep(Duration.millis(Duration.toMillis(duration) / speed))
  }
}

/**
 * Makes a clock that starts at `now` (milliseconds since 1970; by default the maker's own time).
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: { readonly speed: number; readonly now?: number | undefined }) =>
  Effect.map(Effect.clock, (base): SandboxClock => {
    const { speed } = options
    let anchor = { real: base.unsafeCurrentTimeMillis(), virtual: options.now ?? base.unsafeCurrentTimeMillis() }
    const now = () => anchor.virtual + (base.unsafeCurrentTimeMillis() - anchor.real) * speed
    const set = (virtual: number) =>
      Effect.sync(() => {
        anchor = { real: base.unsafeCurrentTimeMillis(), virtual }
      })
    const clock = makeClock(base, speed, now)
    return {
      clock,
      now: clock.currentTimeMillis,
      speed,
      set,
      advance: (duration) => Effect.suspend(() => set(now() + Duration.toMillis(duration)))
    }
  })

/**
 * A clock that stands still, for work that must seem to have happened at a certain time.
 *
 * @since 0.1.0
 * @category constructors
 */
export const standing = (millis: number) => Effect.map(Effect.clock, (base) => makeClock(base, 1, () => millis))
