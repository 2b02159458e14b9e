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
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { QuestionRunMetadata } from "../habu/api/QuestionRuns.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { type HabuError, isTransient } from "../habu/HabuError.js"
import * as Run from "./Run.js"
import { type Entry, RunLedger } from "./RunLedger.js"

/**
 * A run as last seen, and when it is looked at next.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sight {
  readonly known: Run.Known
  /** In milliseconds since the epoch; undefined once the run is over. The process that looks may be another. */
  readonly nextPollAt: number | undefined
  /** How long runs of this question take, in our milliseconds, learnt from earlier ones; undefined for a first run. */
  readonly expected: number | undefined
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** What is known now; asks Habu if the poll gate is open. */
  readonly look: (runId: string, questionId?: string) => Effect.Effect<Sight, HabuError>
  /** A run that was started just now, from Habu's answer to the start. */
  readonly started: (runId: string, run: QuestionRunMetadata, questionId?: string) => Effect.Effect<Sight>
  /**
   * Waits until the run is over or the time is up, telling of progress about once a second. Returns at once where no
   * poll falls inside the wait.
   */
  readonly follow: (
    runId: string,
    options: {
      readonly questionId?: string | undefined
      readonly wait: Duration.Duration
      readonly startedAt: number
      readonly onProgress: (sight: Sight, elapsed: number) => Effect.Effect<void>
    }
  ) => Effect.Effect<Sight, HabuError>
  /** How long runs of a question take, in our milliseconds. */
  readonly expected: (questionId: string) => Effect.Effect<number | undefined, HabuError>
}

/**
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
const learntFrom = 30
// Habu mostly answers in less.
const answerTime = Duration.toMillis("3 seconds")

const median = (values: ReadonlyArray<number>): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

// The last sight of a run, or what makes another impossible.
type Watched = SubscriptionRef.SubscriptionRef<Either.Either<Sight, HabuError>>

interface Timing {
  readonly startedAt: number
  readonly expected: number | undefined
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
  const scope = yield* Effect.scope
  const watched = new Map<string, Watched>()

  const expected = Effect.fn("RunFollower.expected")(function*(questionId: string) {
    const runs = yield* habu.getAllCleanroomQuestionRuns({
      path: { cleanroomQuestionId: questionId },
      urlParams: { status: "COMPLETED", limit: learntFrom }
    })
    const middle = median(runs.map(Run.durationOf).filter((millis) => millis !== undefined))
    return middle === undefined ? undefined : middle / speed
  })

  // Without it a run can be followed as well.
  const expectedOf = (questionId: string | undefined) =>
    questionId === undefined
      ? Effect.succeed(undefined)
      : Effect.orElseSucceed(expected(questionId), () => undefined)

  const intervalAt = (age: number) => (pace.find((step) => age * speed >= step.age)?.interval ?? pollInterval) / speed

  // A look just before the usual end would put off the next one by a whole interval, so it waits for that end. What did
  // not change since the last slot, because Habu or another process failed to answer, is looked at again a little later.
  const nextPoll = (seenAt: number, { expected, startedAt }: Timing, now: number) => {
    const interval = intervalAt(now - startedAt)
    const due = seenAt + interval
    const usualEnd = startedAt + (expected ?? 0)
    const at = usualEnd > due && usualEnd < due + interval ? usualEnd : due
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

  const look = (runId: string) =>
    habu.observed.getCleanroomQuestionRunById({ path: { cleanroomQuestionRunId: runId } }).pipe(
      Effect.tapErrorTag("NotFound", () => ledger.gone(runId)),
      Effect.catchIf(
        (error) => isTransient(error) || error._tag === "BudgetExhausted",
        (error) => remembered(runId, error)
      ),
      Effect.map(({ live, observedAt, value }): Look => ({ known: Run.fromHabu(runId, value, observedAt), live })),
      Effect.tap(({ known }) => ledger.observed(known))
    )

  const sightOf = ({ known, live }: Look, timing: Timing): Effect.Effect<Sight> =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const seenAt = known.observedAt + lag(live, now - timing.startedAt)
      return {
        known,
        nextPollAt: Run.isOver(known.phase) ? undefined : nextPoll(seenAt, timing, now),
        expected: timing.expected
      }
    })

  const firstSight = (runId: string, startedAt: number, questionId: string | undefined) =>
    Effect.flatMap(
      Effect.zip(look(runId), expectedOf(questionId), { concurrent: true }),
      ([seen, expected]) => sightOf(seen, { startedAt, expected })
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

  const nextSight = (runId: string, last: Sight, timing: Timing): Effect.Effect<Either.Either<Sight, HabuError>> =>
    Effect.matchEffect(Effect.flatMap(look(runId), (found) => sightOf(found, timing)), {
      onFailure: missed(last, timing),
      onSuccess: (next) => Effect.succeed(Either.right(next))
    })

  const poller = (runId: string, seen: Watched, last: Sight, timing: Timing): Effect.Effect<void> =>
    last.nextPollAt === undefined
      ? Effect.void
      : Effect.zipRight(sleepUntil(last.nextPollAt), nextSight(runId, last, timing)).pipe(
        Effect.tap((next) => SubscriptionRef.set(seen, next)),
        Effect.flatMap(Either.match({
          onLeft: () => Effect.void,
          onRight: (next) => poller(runId, seen, next, timing)
        }))
      )

  // Whoever comes first brings the poller, which goes on when nobody waits any more.
  const watch = Effect.fnUntraced(function*(runId: string, startedAt: number, questionId: string | undefined) {
    const known = watched.get(runId)
    if (known !== undefined) return known
    const first = yield* firstSight(runId, startedAt, questionId)
    const seen = yield* SubscriptionRef.make<Either.Either<Sight, HabuError>>(Either.right(first))
    const polling = Effect.ensuring(
      Effect.interruptible(poller(runId, seen, first, { startedAt, expected: first.expected })),
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
    function*(runId, { onProgress, questionId, startedAt, wait }) {
      const deadline = (yield* Clock.currentTimeMillis) + Duration.toMillis(wait)
      const seen = yield* watch(runId, startedAt, questionId)
      const current = Effect.flatten(SubscriptionRef.get(seen))
      const isWorthWaiting = (one: Either.Either<Sight, HabuError>) =>
        Either.isRight(one) && one.right.nextPollAt !== undefined && one.right.nextPollAt <= deadline
      // The end of the wait is put off by an answer's time, so that a poll just inside it is not missed.
      const settled = Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        const last = seen.changes.pipe(Stream.filter((one) => !isWorthWaiting(one)), Stream.runHead)
        yield* Effect.timeoutOption(last, Duration.millis(Math.max(0, deadline - now) + answerTime))
      })
      const report = Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        yield* onProgress(yield* current, now - startedAt)
      })
      const reports = Effect.forever(Effect.zipRight(Effect.ignore(report), Effect.sleep("1 second")))
      if (isWorthWaiting(yield* SubscriptionRef.get(seen))) yield* Effect.raceFirst(settled, reports)
      return yield* current
    }
  )

  return {
    look: Effect.fn("RunFollower.look")(function*(runId, questionId) {
      const now = yield* Clock.currentTimeMillis
      return yield* firstSight(runId, now, questionId)
    }),
    started: Effect.fn("RunFollower.started")(function*(runId, run, questionId) {
      const now = yield* Clock.currentTimeMillis
      const expected = yield* expectedOf(questionId)
      return yield* sightOf({ known: Run.fromHabu(runId, run, now), live: true }, { startedAt: now, expected })
    }),
    follow,
    expected
  } satisfies Service
})

/**
 * Provides a follower of this process.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<RunFollower, never, HabuClient | HabuConfig | RunLedger> = Layer.scoped(
  RunFollower,
  make
)
