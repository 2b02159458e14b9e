/**
 * A clock that is set by hand, for tests of many small steps in which nothing sleeps.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

export interface HandClock extends Clock.Clock {
  now: number
}

export const make = (): HandClock => {
  const real = Clock.make()
  const clock: HandClock = {
    ...real,
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    now: 0,
    unsafeCurrentTimeMillis: () => clock.now,
    unsafeCurrentTimeNanos: () => BigInt(clock.now) * 1_000_000n,
    currentTimeMillis: Effect.sync(() => clock.now),
    currentTimeNanos: Effect.sync(() => BigInt(clock.now) * 1_000_000n),
    sleep: () => Effect.dieMessage("nothing sleeps here")
  }
  return clock
}
