/**
 * What was started, so that nothing is started twice: intent → sent → known run, or rejected, absent, or in doubt.
 *
 * Habu has no idempotency key. So an intent is written before a start is sent, the run's name carries the key, and a
 * start whose outcome is in doubt is looked for by that name. Habu may carry out a request after we gave up on it: that
 * it did not is believed only of a full listing made a settling time after the attempt ended.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { QuestionRunMetadata } from "../habu/api/QuestionRuns.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { pages } from "../habu/HabuDirectory.js"
import { type HabuError, StateUnavailable } from "../habu/HabuError.js"
import { HabuState } from "../habu/HabuState.js"
import type { StateError } from "../state/StateError.js"
import * as State from "../state/StateStore.js"
import * as Run from "./Run.js"
import * as RunKey from "./RunKey.js"

/**
 * One try at starting.
 *
 * - `sending`: the intent is written; the request may be under way, or its sender may have died.
 * - `known`: Habu has the run, under `runId`.
 * - `doubtful`: sent, and nobody knows whether Habu has it.
 * - `rejected`: Habu answered that it does not start it, or nothing was sent.
 * - `absent`: Habu does not have it, and will not.
 *
 * Times are in milliseconds since the epoch.
 *
 * @since 0.1.0
 * @category models
 */
export const Attempt = Schema.Struct({
  id: Schema.String,
  number: Schema.Number,
  runName: Schema.String,
  state: Schema.Literal("sending", "known", "doubtful", "rejected", "absent"),
  startedAt: Schema.Number,
  endedAt: Schema.optionalWith(Schema.Number, { exact: true }),
  runId: Schema.optionalWith(Schema.String, { exact: true }),
  status: Schema.optionalWith(Schema.String, { exact: true }),
  statusAt: Schema.optionalWith(Schema.Number, { exact: true })
})

export type Attempt = typeof Attempt.Type

/**
 * All tries under one key, the latest last.
 *
 * @since 0.1.0
 * @category models
 */
export const Entry = Schema.Struct({
  key: Schema.String,
  fingerprint: Schema.String,
  questionId: Schema.String,
  question: Schema.String,
  cleanRoom: Schema.String,
  parameters: Schema.Record({ key: Schema.String, value: Schema.String }),
  attempts: Schema.Array(Attempt)
})

export type Entry = typeof Entry.Type

/**
 * What to start.
 *
 * @since 0.1.0
 * @category models
 */
export interface Order {
  readonly questionId: string
  /** For a person to read; names change, so nothing depends on them. */
  readonly question: string
  readonly cleanRoom: string
  readonly parameters: { readonly [name: string]: string }
  readonly runName?: string | undefined
  readonly idempotencyKey?: string | undefined
  /** Starts another run although one is under way or lately completed. */
  readonly fresh?: boolean | undefined
}

/**
 * What became of an order.
 *
 * - `started`: sent now, and Habu has it.
 * - `unfinished`: the earlier run under this key goes on; nothing was sent.
 * - `recent`: an equal run completed within a day; nothing was sent.
 * - `doubtful`: an earlier or the present try is in doubt until `askAgainAt`; nothing more was sent.
 * - `absent`: an earlier try is proven not to have reached Habu; asking once more starts it.
 *
 * @since 0.1.0
 * @category models
 */
export type Outcome =
  | {
    readonly _tag: "started" | "unfinished" | "recent"
    readonly key: string
    readonly attempt: Attempt
    readonly runId: string
    readonly run: QuestionRunMetadata | undefined
  }
  | { readonly _tag: "doubtful"; readonly key: string; readonly attempt: Attempt; readonly askAgainAt: number }
  | { readonly _tag: "absent"; readonly key: string; readonly attempt: Attempt }

/**
 * The key given was used for something else; nothing was sent.
 *
 * @since 0.1.0
 * @category errors
 */
export class KeyReused extends Schema.TaggedError<KeyReused>()("KeyReused", {
  idempotencyKey: Schema.String,
  question: Schema.String
}) {
  override get message() {
    return `The idempotency key ${JSON.stringify(this.idempotencyKey)} already stands for a run of ${
      JSON.stringify(this.question)
    } with other values. Nothing was sent.`
  }
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** Starts a run once, or tells of the one that is there already. */
  readonly start: (order: Order) => Effect.Effect<Outcome, HabuError | KeyReused>
  /** What would become of an order, with nothing written or sent. */
  readonly preview: (order: Order) => Effect.Effect<Option.Option<Attempt>, HabuError | KeyReused>
  /** Notes a run's status where the run was started here. */
  readonly observed: (known: Run.Known) => Effect.Effect<void>
  /** Everything started through this store, latest first. */
  readonly entries: Effect.Effect<ReadonlyArray<Entry>, HabuError>
  /** The entry of a run that was started here. */
  readonly find: (runId: string) => Effect.Effect<Option.Option<Entry>, HabuError>
}

/**
 * @since 0.1.0
 * @category tags
 */
export class RunLedger extends Context.Tag("habu-mcp/runs/RunLedger")<RunLedger, Service>() {}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** How long after an attempt Habu may still carry it out. */
  readonly settling: Duration.DurationInput
}

/**
 * @since 0.1.0
 * @category constants
 */
export const defaults: Options = { settling: "5 minutes" }

const kept = Duration.days(30)
const recently = Duration.toMillis(Duration.days(1))
const grace = Duration.toMillis("5 seconds")
const attemptsKept = 20
const runsPage = 100
const longestRun = Duration.toMillis(Duration.days(2))

interface Names {
  readonly key: string
  readonly fingerprint: string
}

type Claim =
  | { readonly _tag: "mine" | "earlier"; readonly attempt: Attempt }
  | { readonly _tag: "reused"; readonly entry: Entry }

const entryKey = (key: string): State.StateKey<Entry, typeof Entry.Encoded> => ({ name: `runs/${key}`, schema: Entry })
const allEntries: State.StateKey<Entry, typeof Entry.Encoded> = { name: "runs/", schema: Entry }

const runIndex = (runId: string): State.StateKey<string, string> => ({
  name: `run-keys/${runId}`,
  schema: Schema.String
})

const latest = (entry: Entry): Attempt | undefined => entry.attempts[entry.attempts.length - 1]

const withAttempt = (entry: Entry, id: string, change: Partial<Attempt>): Entry => ({
  ...entry,
  attempts: entry.attempts.map((attempt) => attempt.id === id ? { ...attempt, ...change } : attempt)
})

/**
 * Makes the ledger over the organisation's state.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: Options = defaults) {
  const config = yield* HabuConfig
  const habu = yield* HabuClient
  const state = yield* HabuState
  const scope = yield* Effect.scope
  const settling = Duration.toMillis(options.settling) / config.speed
  // Longer than any sender can take: token, request, and the note of how it ended.
  const sendingTime = 2 * Duration.toMillis(config.requestTimeout) + grace

  const failed = (error: StateError) => new StateUnavailable({ operation: "run ledger", problem: error.message })
  const update = <A>(key: string, f: (entry: Option.Option<Entry>) => readonly [A, State.Change<Entry>]) =>
    Effect.mapError(state.update(entryKey(key), f), failed)

  const note = (key: string, id: string, change: Partial<Attempt>) =>
    update(key, (entry) => [
      undefined,
      Option.match(entry, {
        onNone: () => State.keep,
        onSome: (found) => State.set(withAttempt(found, id, change), kept)
      })
    ])

  // Nothing may be started while this attempt stands.
  const stands = (attempt: Attempt, now: number) => {
    const age = now - (attempt.statusAt ?? attempt.startedAt)
    switch (attempt.state) {
      case "sending":
      case "doubtful":
        return true
      case "known": {
        const phase = Run.phaseOf(attempt.status)
        return phase === "completed" ? age < recently / config.speed : phase !== "failed" && age < longestRun
      }
      default:
        return false
    }
  }

  const isReused = (order: Order, fingerprint: string) => (entry: Entry) =>
    order.idempotencyKey !== undefined && entry.fingerprint !== fingerprint

  const reused = (order: Order, entry: Entry) =>
    new KeyReused({ idempotencyKey: order.idempotencyKey ?? "", question: entry.question })

  const newEntry = (order: Order, { fingerprint, key }: Names): Entry => ({
    key,
    fingerprint,
    questionId: order.questionId,
    question: order.question,
    cleanRoom: order.cleanRoom,
    parameters: order.parameters,
    attempts: []
  })

  // The attempt that answers the order, or the new one whose turn it is now.
  const claim = Effect.fnUntraced(function*(order: Order, names: Names, id: string) {
    const now = yield* Clock.currentTimeMillis
    const claimed = yield* update(names.key, (found): readonly [Claim, State.Change<Entry>] => {
      const entry = Option.getOrElse(found, () => newEntry(order, names))
      if (isReused(order, names.fingerprint)(entry)) return [{ _tag: "reused", entry }, State.keep]
      const own = entry.attempts.find((attempt) => attempt.id === id)
      if (own !== undefined) return [{ _tag: "mine", attempt: own }, State.keep]
      const last = latest(entry)
      if (last !== undefined && order.fresh !== true && stands(last, now)) {
        return [{ _tag: "earlier", attempt: last }, State.keep]
      }
      const number = (last?.number ?? 0) + 1
      const runName = RunKey.runName(order.runName ?? order.question, names.key, number)
      const attempt: Attempt = { id, number, runName, state: "sending", startedAt: now }
      const attempts = [...entry.attempts, attempt].slice(-attemptsKept)
      return [{ _tag: "mine", attempt }, State.set({ ...entry, attempts }, kept)]
    })
    return claimed._tag === "reused" ? yield* Effect.fail(reused(order, claimed.entry)) : claimed
  })

  const knownOutcome = (
    _tag: "started" | "unfinished" | "recent",
    key: string,
    attempt: Attempt,
    runId: string,
    run?: QuestionRunMetadata
  ): Outcome => ({ _tag, key, attempt, runId, run })

  const recordRun = Effect.fnUntraced(
    function*(key: string, attempt: Attempt, run: QuestionRunMetadata, runId: string) {
      const now = yield* Clock.currentTimeMillis
      const change = { state: "known", runId, endedAt: now, status: run.status ?? "QUEUED", statusAt: now } as const
      // Habu has the run: that it could not be noted must not read as if it had not.
      yield* Effect.all([
        note(key, attempt.id, change),
        Effect.mapError(state.update(runIndex(runId), () => [undefined, State.set(key, kept)]), failed)
      ], { discard: true }).pipe(
        Effect.catchAll((error) => Effect.logError(`A started run could not be noted: ${error.message}`))
      )
      return { ...attempt, ...change }
    }
  )

  // All runs of a question, and the time of the oldest page: what was started after it may be missing.
  const listRuns = Effect.fnUntraced(function*(questionId: string) {
    let listedAt = Infinity
    const runs = yield* pages(
      (urlParams) =>
        Effect.map(
          habu.observed.getAllCleanroomQuestionRuns({ path: { cleanroomQuestionId: questionId }, urlParams }),
          ({ observedAt, value }) => {
            listedAt = Math.min(listedAt, observedAt)
            return value
          }
        ),
      runsPage
    )
    return { runs, listedAt }
  })

  const endOf = (attempt: Attempt) => attempt.endedAt ?? attempt.startedAt + sendingTime

  // Looks for a run whose start is in doubt.
  const reconcile = Effect.fn("RunLedger.reconcile")(function*(order: Order, key: string, attempt: Attempt) {
    const now = yield* Clock.currentTimeMillis
    const endedAt = endOf(attempt)
    if (attempt.state === "sending" && now < endedAt) {
      return { _tag: "doubtful", key, attempt, askAgainAt: endedAt } satisfies Outcome
    }
    const { listedAt, runs } = yield* listRuns(order.questionId)
    const run = runs.find(({ id, name }) => id !== undefined && name?.trim() === attempt.runName)
    if (run?.id !== undefined) {
      const recorded = yield* recordRun(key, attempt, run, run.id)
      const over = Run.isOver(Run.phaseOf(run.status))
      return knownOutcome(over ? "recent" : "unfinished", key, recorded, run.id, run)
    }
    if (listedAt >= endedAt + settling) {
      const change = { state: "absent", endedAt } as const
      yield* note(key, attempt.id, change)
      return { _tag: "absent", key, attempt: { ...attempt, ...change } } satisfies Outcome
    }
    yield* note(key, attempt.id, { state: "doubtful", endedAt })
    return {
      _tag: "doubtful",
      key,
      attempt: { ...attempt, state: "doubtful", endedAt },
      askAgainAt: endedAt + settling
    } satisfies Outcome
  })

  const earlier = (order: Order, key: string, attempt: Attempt): Effect.Effect<Outcome, HabuError> => {
    if (attempt.runId === undefined) return reconcile(order, key, attempt)
    const tag = Run.phaseOf(attempt.status) === "completed" ? "recent" : "unfinished"
    return Effect.succeed(knownOutcome(tag, key, attempt, attempt.runId))
  }

  const post = Effect.fnUntraced(function*(order: Order, key: string, attempt: Attempt) {
    const run = yield* habu.createCleanroomQuestionRun({
      path: { cleanroomQuestionId: order.questionId },
      payload: { name: attempt.runName, parameters: order.parameters }
    }).pipe(
      Effect.tapError((error) =>
        Effect.flatMap(Clock.currentTimeMillis, (endedAt) =>
          error._tag === "OutcomeUnknown"
            ? note(key, attempt.id, { state: "doubtful", endedAt })
            : note(key, attempt.id, { state: "rejected", endedAt }))
      )
    )
    if (run.id === undefined) {
      const endedAt = yield* Clock.currentTimeMillis
      yield* note(key, attempt.id, { state: "doubtful", endedAt })
      return {
        _tag: "doubtful",
        key,
        attempt: { ...attempt, state: "doubtful", endedAt },
        askAgainAt: endedAt
      } satisfies Outcome
    }
    return knownOutcome("started", key, yield* recordRun(key, attempt, run, run.id), run.id, run)
  })

  const sendOnce = (order: Order, key: string, attempt: Attempt) =>
    Effect.catchTag(
      post(order, key, attempt),
      "OutcomeUnknown",
      () =>
        Effect.flatMap(
          Clock.currentTimeMillis,
          (endedAt) => reconcile(order, key, { ...attempt, state: "doubtful", endedAt })
        )
    )

  const namesOf = (order: Order): Effect.Effect<Names> =>
    Effect.all({ fingerprint: RunKey.fingerprint(order), key: RunKey.make(order, order.idempotencyKey) })

  const start = Effect.fn("RunLedger.start")(function*(order: Order) {
    const names = yield* namesOf(order)
    const id = yield* Effect.sync(() => crypto.randomUUID())
    const { _tag, attempt } = yield* claim(order, names, id)
    return yield* _tag === "mine" ? sendOnce(order, names.key, attempt) : earlier(order, names.key, attempt)
  })

  const preview = Effect.fn("RunLedger.preview")(function*(order: Order) {
    const names = yield* namesOf(order)
    const now = yield* Clock.currentTimeMillis
    const entry = yield* Effect.mapError(state.get(entryKey(names.key)), failed)
    if (Option.exists(entry, isReused(order, names.fingerprint))) {
      return yield* Effect.fail(reused(order, entry.pipe(Option.getOrElse(() => newEntry(order, names)))))
    }
    return entry.pipe(
      Option.flatMap((found) => Option.fromNullable(latest(found))),
      Option.filter((attempt) => order.fresh !== true && stands(attempt, now))
    )
  })

  const find = Effect.fn("RunLedger.find")(function*(runId: string) {
    const key = yield* Effect.mapError(state.get(runIndex(runId)), failed)
    return Option.isNone(key)
      ? Option.none<Entry>()
      : yield* Effect.mapError(state.get(entryKey(key.value)), failed)
  })

  return {
    // A start is seen through when its caller gives up: cut off half-way, its outcome would be in doubt.
    start: (order) => Effect.flatMap(Effect.forkIn(start(order), scope), Fiber.join),
    preview,
    observed: ({ observedAt, runId, status }) =>
      Effect.flatMap(
        find(runId),
        Option.match({
          onNone: () => Effect.void,
          onSome: (entry) => {
            const attempt = entry.attempts.find((one) => one.runId === runId)
            return attempt === undefined || attempt.status === status
              ? Effect.void
              : note(entry.key, attempt.id, { status, statusAt: observedAt })
          }
        })
      ).pipe(Effect.catchAll((error) => Effect.logWarning(`A run's status could not be noted: ${error.message}`))),
    entries: Effect.map(
      Effect.mapError(state.list(allEntries), failed),
      (found) =>
        found.map(([, entry]) => entry).sort((a, b) => (latest(b)?.startedAt ?? 0) - (latest(a)?.startedAt ?? 0))
    ),
    find
  } satisfies Service
})

/**
 * Provides the ledger of the configured organisation.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Options): Layer.Layer<RunLedger, never, HabuClient | HabuConfig | HabuState> =>
  Layer.scoped(RunLedger, make(options))
