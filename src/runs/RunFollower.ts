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
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { QuestionRunMetadata } from "../habu/api/QuestionRuns.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import type { HabuError } from "../habu/HabuError.js"
import * as Run from "./Run.js"
import { RunLedger } from "./RunLedger.js"

/**
 * A run as last seen, and when it is looked at next.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sight {
  readonly known: Run.Known
  /** In milliseconds since the epoch; undefined once the run is over. */
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
const answerTime = Duration.toMillis("2 seconds")

const median = (values: ReadonlyArray<number>): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

type Watched = SubscriptionRef.SubscriptionRef<Option.Option<Sight>>

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

  const expectedOf = (questionId: string | undefined) =>
    questionId === undefined
      ? Effect.succeed(undefined)
      : Effect.orElseSucceed(expected(questionId), () => undefined)

  const nextPoll = (observedAt: number, startedAt: number, now: number) => {
    const age = (now - startedAt) * speed
    const interval = pace.find((step) => age >= step.age)?.interval ?? pollInterval
    return observedAt + interval / speed
  }

  const sightOf = Effect.fnUntraced(function*(runId: string, startedAt: number, questionId: string | undefined) {
    const { observedAt, value } = yield* habu.observed.getCleanroomQuestionRunById({
      path: { cleanroomQuestionRunId: runId }
    })
    const known = Run.fromHabu(runId, value, observedAt)
    yield* ledger.observed(known)
    const now = yield* Clock.currentTimeMillis
    return {
      known,
      nextPollAt: Run.isOver(known.phase) ? undefined : nextPoll(observedAt, startedAt, now),
      expected: yield* expectedOf(questionId)
    } satisfies Sight
  })

  const sleepUntil = (time: number) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.sleep(Duration.millis(Math.max(0, time - now))))

  // Polls until the run is over; a failed look is tried again at the next slot.
  const poller = (seen: Watched, runId: string, startedAt: number, questionId: string | undefined) => {
    const step: Effect.Effect<void> = Effect.gen(function*() {
      const last = yield* SubscriptionRef.get(seen)
      const nextAt = Option.getOrUndefined(Option.flatMapNullable(last, (sight) => sight.nextPollAt))
      if (nextAt === undefined) return
      yield* sleepUntil(nextAt)
      const sight = yield* Effect.option(sightOf(runId, startedAt, questionId))
      const now = yield* Clock.currentTimeMillis
      yield* SubscriptionRef.update(
        seen,
        (before) =>
          Option.orElse(
            sight,
            () => Option.map(before, (one): Sight => ({ ...one, nextPollAt: nextPoll(now, startedAt, now) }))
          )
      )
      return yield* step
    })
    return step
  }

  const watch = Effect.fnUntraced(function*(runId: string, startedAt: number, questionId: string | undefined) {
    const known = watched.get(runId)
    if (known !== undefined) return known
    const first = yield* sightOf(runId, startedAt, questionId)
    const raced = watched.get(runId)
    if (raced !== undefined) return raced
    const seen = yield* SubscriptionRef.make(Option.some<Sight>(first))
    watched.set(runId, seen)
    yield* poller(seen, runId, startedAt, questionId).pipe(
      Effect.ensuring(Effect.sync(() => watched.delete(runId))),
      Effect.forkIn(scope)
    )
    return seen
  })

  const follow: Service["follow"] = Effect.fn("RunFollower.follow")(
    function*(runId, { onProgress, questionId, startedAt, wait }) {
      const deadline = (yield* Clock.currentTimeMillis) + Duration.toMillis(wait)
      const seen = yield* watch(runId, startedAt, questionId)
      const current = Effect.flatMap(
        SubscriptionRef.get(seen),
        Option.match({
          onNone: () => sightOf(runId, startedAt, questionId),
          onSome: Effect.succeed
        })
      )
      const report = Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        yield* onProgress(yield* current, now - startedAt)
      })
      // The end of the wait is put off by an answer's time, so that a poll just inside it is not missed.
      const waiting = Effect.gen(function*() {
        const sight = yield* current
        if (sight.nextPollAt === undefined || sight.nextPollAt > deadline) return sight
        const changed = Stream.runHead(Stream.filter(
          seen.changes,
          Option.exists(({ nextPollAt }) => nextPollAt === undefined || nextPollAt > deadline)
        ))
        const now = yield* Clock.currentTimeMillis
        yield* Effect.timeoutOption(changed, Duration.millis(Math.max(0, deadline - now) + answerTime))
        return yield* current
      })
      const ticking = Effect.ignore(Effect.delay(report, "1 second")).pipe(Effect.forever)
      return yield* Effect.zipRight(Effect.ignore(report), Effect.raceFirst(waiting, ticking))
    }
  )

  return {
    look: Effect.fn("RunFollower.look")(function*(runId, questionId) {
      const now = yield* Clock.currentTimeMillis
      return yield* sightOf(runId, now, questionId)
    }),
    started: Effect.fn("RunFollower.started")(function*(runId, run, questionId) {
      const now = yield* Clock.currentTimeMillis
      return {
        known: Run.fromHabu(runId, run, now),
        nextPollAt: nextPoll(now, now, now),
        expected: yield* expectedOf(questionId)
      }
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
