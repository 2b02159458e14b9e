/**
 * Habu's limits: so many calls of a kind in any window of time, on the sandbox's clock.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type Refusal, tooManyRequests } from "./Refusal.js"

const hour = 3_600_000

/**
 * Counts calls in sliding windows.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  /** Counts a call, or refuses it if the window is full. A refused call does not count. */
  readonly spend: (
    key: string,
    limit: { readonly calls: number; readonly window: number },
    message: string
  ) => Effect.Effect<void, Refusal>
  /** How many calls still count. */
  readonly used: (key: string, window: number, now: number) => number
}

/**
 * Makes limits with nothing spent.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Limits => {
  const calls = new Map<string, ReadonlyArray<number>>()
  const recent = (key: string, window: number, now: number) => (calls.get(key) ?? []).filter((at) => now - at < window)
  return {
    used: (key, window, now) => recent(key, window, now).length,
    spend: (key, limit, message) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const counted = recent(key, limit.window, now)
        if (counted.length >= limit.calls) return Effect.fail(tooManyRequests(message))
        calls.set(key, [...counted, now])
        return Effect.void
      })
  }
}

/**
 * 20 in an hour: starts of runs (`createCleanroomQuestionRun`, flow runs), and reads of one object by id.
 *
 * @since 0.1.0
 * @category models
 */
export const twentyInAnHour = { calls: 20, window: hour }

/**
 * 2 in 24 hours: access tokens.
 *
 * @since 0.1.0
 * @category models
 */
export const twoInADay = { calls: 2, window: 24 * hour }
