/**
 * Waiting for a run as Habu's poll limits allow: one poller for each run in a process, everyone else reads what it saw.
 *
 * Giving up waiting never touches the run. Between two polls the status is not guessed; what moves is only the time
 * elapsed against the time expected.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Observed } from "../habu/HabuCache.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { type HabuError, isTransient } from "../habu/HabuError.js"
import { HabuState } from "../habu/HabuState.js"
import * as State from "../state/StateStore.js"
import * as Run from "./Run.js"
import { type Attempt, type Entry, RunLedger } from "./RunLedger.js"
import * as RunRequests from "./RunRequests.js"
import { type Place, placeOf } from "./RunSubject.js"

/**
 * A run as last seen, and when it is looked at next.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sight {
  readonly known: Run.Known
  /** In milliseconds since the epoch; undefined once the run is over or paused. The process that looks may be another. */
  readonly nextPollAt: number | undefined
  /** How long runs of this question or flow take, in our milliseconds, learnt from earlier ones; undefined for a first run. */
  readonly expected: number | undefined
}

/**
 * Looks at runs at the pace that Habu allows, once for everyone who asks.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** What is known now; asks Habu if the poll gate is open. Without a place it is a question's run. */
  readonly look: (runId: string, place?: Place) => Effect.Effect<Sight, HabuError>
  /** A run that was started just now, from Habu's answer to the start. */
  readonly started: (runId: string, run: Run.Metadata, place?: Place) => Effect.Effect<Sight>
  /**
   * Waits until the run is over or paused or the time is up, telling of progress about once a second. Returns at once
   * where no poll falls inside the wait.
   */
  readonly follow: (
    runId: string,
    options: {
      readonly place?: Place | undefined
      readonly wait: Duration.Duration
      readonly startedAt: number
      /** When it was resumed: what was seen before does not count any more. */
      readonly resumedAt?: number | undefined
      readonly onProgress: (sight: Sight, elapsed: number) => Effect.Effect<void>
    }
  ) => Effect.Effect<Sight, HabuError>
  /** How long runs of a question or flow take, in our milliseconds; learnt once a day for all who share the store. */
  readonly expected: (place: Place) => Effect.Effect<number | undefined, HabuError>
  /** Goes on with the unfinished runs of the ledger, in the background and at the gate's pace. */
  readonly takeUp: Effect.Effect<void>
}

/**
 * The follower of runs, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class RunFollower extends Context.Tag("habu-mcp/runs/RunFollower")<RunFollower, Service>() {}

const pollInterval = Duration.toMillis("5 minutes")
// Habu advises hourly reads of what takes long: after an hour every 10 minutes, after six every hour.
const pace = [
  { age: Duration.toMillis("6 hours"), interval: Duration.toMillis("1 hour") },
  { age: Duration.toMillis("1 hour"), interval: Duration.toMillis("10 minutes") }
]
const longestPause = Duration.toMillis("1 hour")
const learntFor = Duration.toMillis("1 day")
// Habu mostly answers in less.
const answerTime = Duration.toMillis("3 seconds")

const median = (values: ReadonlyArray<number>): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

const Learnt = Schema.Struct({ millis: Schema.Number, learntAt: Schema.Number })

const learntKey = (place: Place): State.StateKey<typeof Learnt.Type, typeof Learnt.Encoded> => ({
  name: `run-times/${place._tag === "QuestionPlace" ? place.questionId : place.flowId}`,
  schema: Learnt
})

// The last sight of a run, or what makes another impossible.
type Watched = SubscriptionRef.SubscriptionRef<Either.Either<Sight, HabuError>>

interface Timing {
  readonly startedAt: number
  readonly expected: number | undefined
}

interface Followed {
  readonly runId: string
  readonly place: Place | undefined
  readonly startedAt: number
  readonly resumedAt: number
}

interface Look {
  readonly known: Run.Known
  /** Whether Habu itself was asked just now. */
  readonly live: boolean
}

/**
 * Makes a follower over the client and the ledger.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.gen(function*() {
  const { speed } = yield* HabuConfig
  const habu = yield* HabuClient
  const ledger = yield* RunLedger
  const state = yield* HabuState
  const scope = yield* Effect.scope
  const watched = new Map<string, Watched>()

  const learn = Effect.fnUntraced(function*(place: Place) {
    const millis = median(yield* RunRequests.durations(habu, place))
    if (millis === undefined) return undefined
    const learntAt = yield* Clock.currentTimeMillis
    yield* Effect.ignoreLogged(
      state.update(learntKey(place), () => [undefined, State.set({ millis, learntAt }, Duration.days(30))])
    )
    return millis
  })

  // What was learnt is good for a day, and for longer while nothing can be learnt anew.
  const expected = Effect.fn("RunFollower.expected")(function*(place: Place) {
    const now = yield* Clock.currentTimeMillis
    const known = Option.getOrUndefined(yield* Effect.orElseSucceed(state.get(learntKey(place)), Option.none))
    const isFresh = known !== undefined && now - known.learntAt < learntFor / speed
    const millis = isFresh
      ? known.millis
      : yield* Effect.catchAll(
        learn(place),
        (error) => known === undefined ? Effect.fail(error) : Effect.succeed(known.millis)
      )
    return millis === undefined ? undefined : millis / speed
  })

  // Without it a run can be followed as well.
  const expectedOf = (place: Place | undefined) =>
    place === undefined ? Effect.succeed(undefined) : Effect.orElseSucceed(expected(place), () => undefined)

  const intervalAt = (age: number) => (pace.find((step) => age * speed >= step.age)?.interval ?? pollInterval) / speed

  // Before its usual end a run is rarely over, so the first look waits for that, an hour at most. What did not change
  // since the last slot, because Habu or another process failed to answer, is looked at again a little later.
  const nextPoll = (seenAt: number, { expected, startedAt }: Timing, now: number) => {
    const interval = intervalAt(now - startedAt)
    const usualEnd = startedAt + (expected ?? 0)
    const at = Math.max(seenAt + interval, Math.min(usualEnd, seenAt + longestPause / speed))
    return at > now ? at : now + interval / 10
  }

  // Who had the answer from another process looks a little after that one is due, and so finds its next answer.
  const lag = (live: boolean, age: number) => live ? 0 : Math.min(answerTime, intervalAt(age) / 10)

  // A run that was started just now is known by the answer to its start, if it cannot be read yet.
  const remembered = Effect.fnUntraced(function*(runId: string, error: HabuError) {
    const entry = Option.getOrUndefined(yield* Effect.orElseSucceed(ledger.find(runId), Option.none<Entry>))
    const attempt = entry?.attempts.find((one) => one.runId === runId && one.state === "known")
    if (attempt?.status === undefined || attempt.statusAt === undefined) return yield* Effect.fail(error)
    const { runName, status, statusAt } = attempt
    return { value: { id: runId, name: runName, status }, observedAt: statusAt, live: false }
  })

  // A pause that was seen before the run was resumed is over; the list shows how it stands now.
  const sinceResumed = ({ place, resumedAt, runId }: Followed) => (seen: Observed<Run.Metadata>) =>
    Run.phaseOf(seen.value.status) !== "paused" || seen.observedAt >= resumedAt || place === undefined
      ? Effect.succeed(seen)
      : Effect.zipWith(
        RunRequests.listed(habu, place, runId),
        Clock.currentTimeMillis,
        ({ run }, observedAt) => run === undefined ? seen : { value: run, observedAt, live: true }
      )

  const look = (followed: Followed) => {
    const { place, runId } = followed
    return RunRequests.read(habu, place, runId).pipe(
      Effect.flatMap(sinceResumed(followed)),
      Effect.tapErrorTag("NotFound", () => ledger.gone(runId)),
      Effect.catchIf(
        (error) => isTransient(error) || error._tag === "BudgetExhausted",
        (error) => remembered(runId, error)
      ),
      Effect.map(({ live, observedAt, value }): Look => ({ known: Run.fromHabu(runId, value, observedAt), live })),
      Effect.tap(({ known }) => ledger.observed(known))
    )
  }

  const sightOf = ({ known, live }: Look, timing: Timing): Effect.Effect<Sight> =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const seenAt = known.observedAt + lag(live, now - timing.startedAt)
      return {
        known,
        nextPollAt: Run.isStill(known.phase) ? undefined : nextPoll(seenAt, timing, now),
        expected: timing.expected
      }
    })

  const firstSight = (followed: Followed) =>
    Effect.flatMap(
      Effect.zip(look(followed), expectedOf(followed.place), { concurrent: true }),
      ([seen, expected]) => sightOf(seen, { startedAt: followed.startedAt, expected })
    )

  const sleepUntil = (time: number) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.sleep(Duration.millis(Math.max(0, time - now))))

  // What a failed look leaves: the last sight until the next slot, unless there is no run any more.
  const missed = (last: Sight, timing: Timing) => (error: HabuError) =>
    Effect.map(
      Clock.currentTimeMillis,
      (now): Either.Either<Sight, HabuError> =>
        error._tag === "NotFound"
          ? Either.left(error)
          : Either.right({ ...last, nextPollAt: nextPoll(now, timing, now) })
    )

  const nextSight = (followed: Followed, last: Sight, timing: Timing): Effect.Effect<Either.Either<Sight, HabuError>> =>
    Effect.matchEffect(Effect.flatMap(look(followed), (found) => sightOf(found, timing)), {
      onFailure: missed(last, timing),
      onSuccess: (next) => Effect.succeed(Either.right(next))
    })

  const poller = (followed: Followed, seen: Watched, last: Sight, timing: Timing): Effect.Effect<void> =>
    last.nextPollAt === undefined
      ? Effect.void
      : Effect.zipRight(
        Effect.withSpan(sleepUntil(last.nextPollAt), "wait.poll", { attributes: { "habu.run": followed.runId } }),
        nextSight(followed, last, timing)
      ).pipe(
        Effect.tap((next) => SubscriptionRef.set(seen, next)),
        Effect.flatMap(Either.match({
          onLeft: () => Effect.void,
          onRight: (next) => poller(followed, seen, next, timing)
        }))
      )

  // Whoever comes first brings the poller, which goes on when nobody waits any more.
  const watch = Effect.fnUntraced(function*(followed: Followed) {
    const { runId, startedAt } = followed
    const known = watched.get(runId)
    if (known !== undefined) return known
    const first = yield* firstSight(followed)
    const seen = yield* SubscriptionRef.make<Either.Either<Sight, HabuError>>(Either.right(first))
    if (first.nextPollAt === undefined) return seen
    const polling = Effect.ensuring(
      Effect.interruptible(poller(followed, seen, first, { startedAt, expected: first.expected })),
      Effect.sync(() => watched.delete(runId))
    )
    return yield* Effect.uninterruptible(Effect.suspend(() => {
      const raced = watched.get(runId)
      if (raced !== undefined) return Effect.succeed(raced)
      watched.set(runId, seen)
      return Effect.as(Effect.forkIn(polling, scope), seen)
    }))
  })

  const follow: Service["follow"] = Effect.fn("RunFollower.follow")(
    function*(runId, { onProgress, place, resumedAt = 0, startedAt, wait }) {
      const deadline = (yield* Clock.currentTimeMillis) + Duration.toMillis(wait)
      const seen = yield* watch({ runId, place, startedAt, resumedAt })
      const current = Effect.flatten(SubscriptionRef.get(seen))
      const isWorthWaiting = (one: Either.Either<Sight, HabuError>) =>
        Either.isRight(one) && one.right.nextPollAt !== undefined && one.right.nextPollAt <= deadline
      // The end of the wait is put off by an answer's time, so that a poll just inside it is not missed.
      const settled = Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        const last = seen.changes.pipe(Stream.filter((one) => !isWorthWaiting(one)), Stream.runHead)
        yield* Effect.timeoutOption(last, Duration.millis(Math.max(0, deadline - now) + answerTime))
      }).pipe(Effect.withSpan("wait.run", { attributes: { "habu.run": runId } }))
      const report = Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        yield* onProgress(yield* current, now - startedAt)
      })
      const reports = Effect.forever(Effect.zipRight(Effect.ignore(report), Effect.sleep("1 second")))
      if (isWorthWaiting(yield* SubscriptionRef.get(seen))) yield* Effect.raceFirst(settled, reports)
      return yield* current
    }
  )

  // Who resumed a run that another entry stands for has nothing of its own to follow.
  const followOn = Effect.fnUntraced(function*(entry: Entry, attempt: Attempt) {
    const settled = yield* ledger.settle(entry, attempt)
    if (!("runId" in settled) || Run.isStill(Run.phaseOf(settled.attempt.status))) return
    const { runId } = settled
    const owner = yield* ledger.find(runId)
    if (!Option.exists(owner, ({ key }) => key === entry.key)) return
    yield* watch({ runId, place: placeOf(entry.subject), startedAt: attempt.startedAt, resumedAt: 0 })
  }, Effect.ignoreLogged)

  const takeUp = Effect.flatMap(ledger.entries, (entries) =>
    Effect.forEach(
      entries.flatMap((entry) => entry.attempts.map((attempt) => followOn(entry, attempt))),
      (taken) => Effect.forkIn(taken, scope),
      { discard: true }
    ))

  return RunFollower.of({
    look: Effect.fn("RunFollower.look")(function*(runId, place) {
      const startedAt = yield* Clock.currentTimeMillis
      return yield* firstSight({ runId, place, startedAt, resumedAt: 0 })
    }),
    started: Effect.fn("RunFollower.started")(function*(runId, run, place) {
      const now = yield* Clock.currentTimeMillis
      const expected = yield* expectedOf(place)
      return yield* sightOf({ known: Run.fromHabu(runId, run, now), live: true }, { startedAt: now, expected })
    }),
    follow,
    expected,
    takeUp: Effect.ignoreLogged(takeUp).pipe(Effect.withSpan("RunFollower.takeUp"))
  })
})

/**
 * Provides a follower of this process.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<RunFollower, never, HabuClient | HabuConfig | HabuState | RunLedger> = Layer.scoped(
  RunFollower,
  make
)
