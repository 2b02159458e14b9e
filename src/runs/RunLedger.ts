/**
 * What was started, so that nothing is started twice: intent → sent → known run, or rejected, absent, or in doubt.
 *
 * Habu has no idempotency key. So an intent is written before a start is sent, the run's name carries a mark of it, and
 * a start whose outcome is in doubt is looked for by that mark. One key has at most one try in doubt, and while it has
 * one nothing else is started under it.
 *
 * The guarantee: a key has one run and never two, unless `fresh` asks for another. It rests on one assumption, that Habu
 * carries out a start, if at all, no later than the settling time (5 minutes) after its connection broke or its request
 * timeout ran out, and lists the run from then on. The rest is seen to here. Right before a request leaves, its sender
 * asks whether it is still in time, two request timeouts after the intent, and whether anyone has concluded that it never
 * will ({@link SendingPermit}); so it is known when the request ended, even if the sender died. That a start was not
 * carried out is believed only of a whole list that Habu was asked for a settling time after that end. Machines that
 * share a store need clocks that agree to well within the settling time.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { HabuCache } from "../habu/HabuCache.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { type HabuError, isTransient, StateUnavailable } from "../habu/HabuError.js"
import { HabuState } from "../habu/HabuState.js"
import { SendingPermit } from "../habu/SendingPermit.js"
import type { StateError } from "../state/StateError.js"
import * as State from "../state/StateStore.js"
import * as Run from "./Run.js"
import * as RunKey from "./RunKey.js"
import * as RunRequests from "./RunRequests.js"
import { Subject } from "./RunSubject.js"

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
  subject: Subject,
  title: Schema.String,
  cleanRoom: Schema.String,
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
  readonly subject: Subject
  /** What the question or flow is called, for a person to read; names change, so nothing depends on them. */
  readonly title: string
  readonly cleanRoom: string
  readonly runName?: string | undefined
  readonly idempotencyKey?: string | undefined
  /** Starts another run although one is under way or lately completed; not while a start is in doubt. */
  readonly fresh?: boolean | undefined
}

/**
 * What became of an order.
 *
 * - `started`: sent now, and Habu has it.
 * - `unfinished`: an earlier start under this key made this run, which when last seen had not completed; nothing was sent.
 * - `recent`: an equal run completed within a day; nothing was sent.
 * - `doubtful`: an earlier or the present try is in doubt; asking again at `askAgainAt` may settle it. Nothing more was
 *   sent.
 * - `absent`: an earlier or the present try is proven to have started nothing; asking once more starts it.
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
    /** What Habu said of it just now, if it did. */
    readonly run: Run.Metadata | undefined
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
  title: Schema.String
}) {
  override get message() {
    return `The idempotency key ${JSON.stringify(this.idempotencyKey)} already stands for a run of ${
      JSON.stringify(this.title)
    } with other values. Nothing was sent.`
  }
}

/**
 * Starts runs once each and remembers them.
 *
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
  /** Notes that Habu has a run no more (404), so that it does not stand in the way of another. */
  readonly gone: (runId: string) => Effect.Effect<void>
  /** What became of an attempt; one in doubt is waited for until that can be told. */
  readonly settle: (entry: Entry, attempt: Attempt) => Effect.Effect<Outcome, HabuError>
  /** Everything started through this store, latest first. */
  readonly entries: Effect.Effect<ReadonlyArray<Entry>, HabuError>
  /** The entry of a run that was started here. */
  readonly find: (runId: string) => Effect.Effect<Option.Option<Entry>, HabuError>
}

/**
 * The record of what was started, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class RunLedger extends Context.Tag("habu-mcp/runs/RunLedger")<RunLedger, Service>() {}

/**
 * What is assumed of Habu.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** How long after an attempt Habu may still carry it out. */
  readonly settling: Duration.DurationInput
}

/**
 * A settling time of five minutes.
 *
 * @since 0.1.0
 * @category constants
 */
export const defaults: Options = { settling: "5 minutes" }

const kept = Duration.days(30)
const recently = Duration.toMillis(Duration.days(1))
const attemptsKept = 20
const patience = Duration.toMillis("5 seconds")
const lookAgain = Duration.millis(250)
const pause = Duration.toMillis("30 seconds")

interface Names {
  readonly key: string
  readonly fingerprint: string
}

type Claim =
  | { readonly _tag: "mine" | "earlier"; readonly attempt: Attempt }
  | { readonly _tag: "reused"; readonly error: KeyReused }

const entryKey = (key: string): State.StateKey<Entry, typeof Entry.Encoded> => ({ name: `runs/${key}`, schema: Entry })
const allEntries: State.StateKey<Entry, typeof Entry.Encoded> = { name: "runs/", schema: Entry }

const runIndex = (runId: string): State.StateKey<string, string> => ({
  name: `run-keys/${runId}`,
  schema: Schema.String
})

const isInDoubt = ({ state }: Attempt) => state === "sending" || state === "doubtful"

const newEntry = (order: Order, { fingerprint, key }: Names): Entry => ({
  key,
  fingerprint,
  subject: order.subject,
  title: order.title,
  cleanRoom: order.cleanRoom,
  attempts: []
})

// A given key stands for what it was first used for; a derived one cannot be used for anything else.
const reuse = ({ idempotencyKey }: Order, { fingerprint }: Names, entry: Entry): KeyReused | undefined =>
  idempotencyKey !== undefined && entry.fingerprint !== fingerprint
    ? new KeyReused({ idempotencyKey, title: entry.title })
    : undefined

const findAttempt = (entry: Option.Option<Entry>, id: string) =>
  Option.flatMapNullable(entry, ({ attempts }) => attempts.find((attempt) => attempt.id === id))

const lastSeen = ({ startedAt, statusAt }: Attempt) => statusAt ?? startedAt

const startedAt = ({ attempts }: Entry) => Math.max(...attempts.map((attempt) => attempt.startedAt))

// What was done is what the caller must know, also where it cannot be noted; then it is found again by its name.
const aside = (note: Effect.Effect<unknown, StateUnavailable>) =>
  Effect.catchAll(note, (error) => Effect.logError(`What became of a start could not be noted: ${error.message}`))

/**
 * Makes the ledger over the organisation's state.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: Options = defaults) {
  const config = yield* HabuConfig
  const habu = yield* HabuClient
  const cache = yield* HabuCache
  const state = yield* HabuState
  const scope = yield* Effect.scope
  const requestTime = Duration.toMillis(config.requestTimeout)
  const settling = Duration.toMillis(options.settling) / config.speed
  // Time to get an access token and a turn; who has them later does not send any more.
  const sendingTime = 2 * requestTime

  const failed = (error: StateError) => new StateUnavailable({ operation: "run ledger", problem: error.message })
  const get = (key: string) => Effect.mapError(state.get(entryKey(key)), failed)
  const update = <A>(key: string, f: (entry: Option.Option<Entry>) => readonly [A, State.Change<Entry>]) =>
    Effect.mapError(state.update(entryKey(key), f), failed)

  // Changes an attempt if `when` holds of it now, and answers with how it stands then.
  const note = (key: string, attempt: Attempt, to: Partial<Attempt>, when: (current: Attempt) => boolean) =>
    update(key, (entry): readonly [Attempt, State.Change<Entry>] => {
      const current = findAttempt(entry, attempt.id)
      const changed = Option.map(Option.filter(current, when), (found): Attempt => ({ ...found, ...to }))
      return Option.match(Option.all([entry, changed]), {
        onNone: () => [Option.getOrElse(current, () => attempt), State.keep],
        onSome: ([found, one]) => {
          const attempts = found.attempts.map((other) => other.id === one.id ? one : other)
          return [one, State.set({ ...found, attempts }, kept)]
        }
      })
    })

  const isNotKnown = (current: Attempt) => current.state !== "known"

  // When the request of an attempt ended at the latest.
  const endOf = (attempt: Attempt) => attempt.endedAt ?? attempt.startedAt + sendingTime + requestTime

  const settledFrom = (attempt: Attempt) => endOf(attempt) + settling

  // Nothing is started while this attempt stands.
  const stands = (attempt: Attempt, now: number) => {
    if (attempt.state !== "known") return isInDoubt(attempt)
    const phase = Run.phaseOf(attempt.status)
    return phase === "completed"
      ? now - lastSeen(attempt) < recently / config.speed
      : phase !== "failed"
  }

  // The attempt that answers an order. One in doubt does even where another run is asked for: that may be what it made.
  const answering = (entry: Entry, order: Order, now: number) =>
    entry.attempts.findLast((attempt) => order.fresh === true ? isInDoubt(attempt) : stands(attempt, now))

  const capped = (attempts: ReadonlyArray<Attempt>, now: number) =>
    attempts.filter((attempt, index) => index >= attempts.length - attemptsKept || stands(attempt, now))

  // The attempt that answers the order, or the new one whose turn it is now.
  const claim = Effect.fnUntraced(function*(order: Order, names: Names, id: string) {
    const now = yield* Clock.currentTimeMillis
    return yield* update(names.key, (found): readonly [Claim, State.Change<Entry>] => {
      const entry = Option.getOrElse(found, () => newEntry(order, names))
      const error = reuse(order, names, entry)
      if (error !== undefined) return [{ _tag: "reused", error }, State.keep]
      const own = entry.attempts.find((attempt) => attempt.id === id)
      if (own !== undefined) return [{ _tag: "mine", attempt: own }, State.keep]
      const earlier = answering(entry, order, now)
      if (earlier !== undefined) return [{ _tag: "earlier", attempt: earlier }, State.keep]
      const number = (entry.attempts[entry.attempts.length - 1]?.number ?? 0) + 1
      const runName = RunKey.runName(order.runName ?? order.title, names.key, { id, number })
      const attempt: Attempt = { id, number, runName, state: "sending", startedAt: now }
      const attempts = capped([...entry.attempts, attempt], now)
      return [{ _tag: "mine", attempt }, State.set({ ...entry, attempts }, kept)]
    })
  })

  const knownOutcome = (
    _tag: "started" | "unfinished" | "recent",
    key: string,
    attempt: Attempt,
    runId: string,
    run?: Run.Metadata
  ): Outcome => ({ _tag, key, attempt, runId, run })

  const earlierTag = (attempt: Attempt) => Run.phaseOf(attempt.status) === "completed" ? "recent" : "unfinished"

  // What an attempt means for who asked, with nothing sent.
  const told = (key: string, attempt: Attempt): Effect.Effect<Outcome> =>
    Effect.map(Clock.currentTimeMillis, (now): Outcome => {
      if (attempt.state === "known" && attempt.runId !== undefined) {
        return knownOutcome(earlierTag(attempt), key, attempt, attempt.runId)
      }
      if (!isInDoubt(attempt)) return { _tag: "absent", key, attempt }
      const settles = attempt.state === "sending" ? [endOf(attempt), settledFrom(attempt)] : [settledFrom(attempt)]
      const askAgainAt = settles.find((at) => at > now) ?? now + pause
      return { _tag: "doubtful", key, attempt, askAgainAt }
    })

  const find = Effect.fn("RunLedger.find")(function*(runId: string) {
    const key = yield* Effect.mapError(state.get(runIndex(runId)), failed)
    return Option.isNone(key) ? Option.none<Entry>() : yield* get(key.value)
  })

  const noteRun = (runId: string, to: Partial<Attempt>, when: (current: Attempt) => boolean) =>
    Effect.flatMap(find(runId), (found) => {
      const entry = Option.getOrUndefined(found)
      const attempt = entry?.attempts.find((one) => one.runId === runId)
      return entry === undefined || attempt === undefined ? Effect.void : note(entry.key, attempt, to, when)
    }).pipe(
      Effect.catchAll((error) => Effect.logWarning(`A run's status could not be noted: ${error.message}`)),
      Effect.asVoid
    )

  // The index first: an attempt that is known without it would never hear of its run's end. Where a run that another entry
  // stands for was resumed, what was last seen of it does not hold any more.
  const recordRun = Effect.fnUntraced(
    function*(key: string, attempt: Attempt, run: Run.Metadata, runId: string) {
      const now = yield* Clock.currentTimeMillis
      const { status } = Run.fromHabu(runId, run, now)
      const change = { state: "known", runId, endedAt: now, status, statusAt: now } as const
      const owner = state.update(runIndex(runId), (known) => [
        Option.getOrElse(known, () => key),
        Option.isSome(known) ? State.keep : State.set(key, kept)
      ])
      const recorded = Effect.flatMap(Effect.mapError(owner, failed), (first) =>
        Effect.zipRight(
          note(key, attempt, change, isNotKnown),
          first === key ? Effect.void : noteRun(runId, { status, statusAt: now }, () => true)
        ))
      yield* aside(recorded)
      return { ...attempt, ...change }
    }
  )

  // Looks for the run of an attempt in doubt.
  const reconcile = Effect.fn("RunLedger.reconcile")(function*(
    subject: Subject,
    key: string,
    attempt: Attempt,
    found: (attempt: Attempt) => "started" | "unfinished" | "recent"
  ) {
    const askedAt = yield* Clock.currentTimeMillis
    // What was read before, or is on its way, shows Habu as it was.
    yield* cache.written
    const { isWhole, run } = yield* RunRequests.find(habu, subject, attempt.runName)
    if (run?.id !== undefined) {
      const recorded = yield* recordRun(key, attempt, run, run.id)
      return knownOutcome(found(recorded), key, recorded, run.id, run)
    }
    const endedAt = endOf(attempt)
    const isAbsent = run === undefined && isWhole && askedAt >= settledFrom(attempt)
    const settled = yield* note(
      key,
      attempt,
      { state: isAbsent ? "absent" : "doubtful", endedAt },
      (current) => isInDoubt(current) && endOf(current) === endedAt
    )
    return yield* told(key, settled)
  })

  // A start is mostly answered within a second, so another call's is waited for a little.
  const senderAwaited = (key: string, attempt: Attempt, until: number): Effect.Effect<Attempt, StateUnavailable> =>
    Effect.flatMap(
      Clock.currentTimeMillis,
      (now) =>
        attempt.state !== "sending" || now >= Math.min(until, endOf(attempt))
          ? Effect.succeed(attempt)
          : Effect.delay(get(key), lookAgain).pipe(
            Effect.map((entry) => Option.getOrElse(findAttempt(entry, attempt.id), () => attempt)),
            Effect.flatMap((current) => senderAwaited(key, current, until))
          )
    )

  const earlier = Effect.fnUntraced(function*(order: Order, key: string, attempt: Attempt) {
    const asked = yield* Clock.currentTimeMillis
    const current = yield* senderAwaited(key, attempt, asked + patience)
    const now = yield* Clock.currentTimeMillis
    const isOver = current.state === "doubtful" || (current.state === "sending" && now >= endOf(current))
    if (!isOver) return yield* told(key, current)
    return yield* Effect.catchIf(
      reconcile(order.subject, key, current, earlierTag),
      isTransient,
      (error) => Effect.zipRight(Effect.logWarning(`A start in doubt stays so: ${error.message}`), told(key, current))
    )
  })

  // Whether the attempt is in time and nobody has concluded anything of it.
  const mayLeave = Effect.fnUntraced(function*(key: string, attempt: Attempt) {
    const current = findAttempt(yield* get(key), attempt.id)
    const now = yield* Clock.currentTimeMillis
    return now <= attempt.startedAt + sendingTime && Option.exists(current, ({ state }) => state === "sending")
  })

  const send = Effect.fnUntraced(function*(order: Order, key: string, attempt: Attempt) {
    const permit = Effect.orElseSucceed(mayLeave(key, attempt), () => false)
    const sent = yield* RunRequests.start(habu, order.subject, attempt.runName).pipe(
      Effect.provideService(SendingPermit, permit),
      Effect.either
    )
    const endedAt = yield* Clock.currentTimeMillis
    if (Either.isRight(sent) && sent.right.id !== undefined) {
      const recorded = yield* recordRun(key, attempt, sent.right, sent.right.id)
      return knownOutcome("started", key, recorded, sent.right.id, sent.right)
    }
    if (Either.isLeft(sent) && sent.left._tag !== "OutcomeUnknown") {
      if (sent.left._tag === "PermitRefused") {
        return yield* Effect.flatMap(
          note(key, attempt, { state: "absent", endedAt }, isInDoubt),
          (current) => told(key, current)
        )
      }
      yield* aside(note(key, attempt, { state: "rejected", endedAt }, isNotKnown))
      return yield* Effect.fail(sent.left)
    }
    const doubtful: Attempt = { ...attempt, state: "doubtful", endedAt }
    yield* aside(note(key, attempt, { state: "doubtful", endedAt }, isNotKnown))
    return yield* Effect.catchAll(
      reconcile(order.subject, key, doubtful, () => "started"),
      (error) => Effect.zipRight(Effect.logWarning(`A start is in doubt: ${error.message}`), told(key, doubtful))
    )
  })

  const namesOf = (order: Order): Effect.Effect<Names> =>
    Effect.all({
      fingerprint: RunKey.fingerprint(order.subject),
      key: RunKey.make(order.subject, order.idempotencyKey)
    })

  const start = Effect.fn("RunLedger.start")(function*(order: Order) {
    const names = yield* namesOf(order)
    const id = yield* Effect.sync(() => crypto.randomUUID())
    // A lost answer may hide a claim that was made, which then would stand in the way for minutes.
    const claimed = yield* Effect.retry(claim(order, names, id), { times: 1 })
    switch (claimed._tag) {
      case "reused":
        return yield* Effect.fail(claimed.error)
      case "mine":
        return yield* send(order, names.key, claimed.attempt)
      case "earlier":
        return yield* earlier(order, names.key, claimed.attempt)
    }
  })

  const preview = Effect.fn("RunLedger.preview")(function*(order: Order) {
    const names = yield* namesOf(order)
    const now = yield* Clock.currentTimeMillis
    const entry = yield* get(names.key)
    if (Option.isNone(entry)) return Option.none<Attempt>()
    const error = reuse(order, names, entry.value)
    return error === undefined
      ? Option.fromNullable(answering(entry.value, order, now))
      : yield* Effect.fail(error)
  })

  return RunLedger.of({
    // A start is seen through when its caller gives up: cut off half-way, its outcome would be in doubt.
    start: (order) => Effect.flatMap(Effect.forkIn(Effect.interruptible(start(order)), scope), Fiber.join),
    preview,
    settle: Effect.fn("RunLedger.settle")(function*({ key, subject }, attempt) {
      if (!isInDoubt(attempt)) return yield* told(key, attempt)
      const now = yield* Clock.currentTimeMillis
      yield* Effect.withSpan(Effect.sleep(Duration.millis(Math.max(0, settledFrom(attempt) - now))), "wait.settling")
      return yield* reconcile(subject, key, attempt, earlierTag)
    }),
    observed: ({ observedAt, phase, runId, status }) =>
      noteRun(
        runId,
        { state: "known", status, statusAt: observedAt },
        // The time at which a run was first seen over stays.
        (current) => observedAt >= lastSeen(current) && !(Run.isOver(phase) && current.status === status)
      ),
    gone: (runId) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) =>
        // A run that was made just now may not show yet.
        noteRun(runId, { state: "absent", statusAt: now }, (current) => now >= current.startedAt + settling)),
    entries: Effect.map(
      Effect.mapError(state.list(allEntries), failed),
      (found) => found.map(([, entry]) => entry).sort((a, b) => startedAt(b) - startedAt(a))
    ),
    find
  })
})

/**
 * Provides the ledger of the configured organisation. The client is to be made over the same cache.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  options?: Options
): Layer.Layer<RunLedger, never, HabuCache | HabuClient | HabuConfig | HabuState> =>
  Layer.scoped(RunLedger, make(options))
