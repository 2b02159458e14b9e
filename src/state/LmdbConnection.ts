/**
 * One opened LMDB file: reads on the latest data, and write transactions that are bounded in time.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Database } from "lmdb"
import * as LmdbGuard from "./LmdbGuard.js"
import { StateError } from "./StateError.js"

/**
 * Where the file lies, and how long to wait for other processes that use it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Place {
  readonly folder: string
  readonly file: string
  readonly timeLimit: Duration.DurationInput
}

/**
 * The engine's database: text under text. A symbol is a key that no text clashes with and no scan meets.
 *
 * @since 0.1.0
 * @category models
 */
export type Values = Database<string, string | symbol>

/**
 * An opened file. What a body throws comes back as a failure.
 *
 * - `read` runs a body on the latest data.
 * - `transaction` runs a body while no other process or fibre writes, and answers when its changes are on the disk. The
 *   changes of a body that throws half-way are kept: compute first, write last. When the time limit passes, the body is
 *   not run any more, or its changes may still be made.
 *
 * @since 0.1.0
 * @category models
 */
export interface Connection {
  readonly read: <A>(body: (db: Values) => A) => Effect.Effect<A, StateError>
  readonly transaction: <A>(body: (db: Values) => A) => Effect.Effect<A, StateError>
}

const errorOf = (cause: unknown): NodeJS.ErrnoException => cause instanceof Error ? cause : new Error(String(cause))

const firstLine = (text: string) => text.split("\n", 1)[0]

const loadEngine = Effect.tryPromise({
  try: () => import("lmdb"),
  catch: (cause) =>
    new StateError({
      reason: "refused",
      message: `The storage engine lmdb does not run on this machine (${firstLine(errorOf(cause).message)}). Its ` +
        "native part is an optional package: install habu-mcp without --omit=optional. Or set HABU_STATE=memory to go " +
        "on without durable state."
    })
})

const failed = (place: Place) => (cause: unknown) =>
  new StateError({
    reason: "unavailable",
    message: `The state in ${place.folder} does not answer: ${errorOf(cause).message}.`
  })

const overdue = (place: Place) =>
  new StateError({
    reason: "unavailable",
    message: `The state in ${place.folder} did not answer within ${Duration.format(place.timeLimit)}. ` +
      "Another process that uses it may be stopped or very busy: let it go on or end it, then try again."
  })

const openEngine = (lmdb: typeof import("lmdb"), file: string): Values => {
  const options = {
    path: file,
    noSubdir: true,
    encoding: "string",
    permissionsMode: 0o600,
    // A commit is on the disk when it is answered, and the failure of one is told to nobody but its caller.
    overlappingSync: false,
    eventTurnBatching: false
  } as const
  // The constructor waits for the write lock without letting the event loop go on: for ever, if the process that holds
  // the lock is stopped. A read transaction is enough to open the unnamed database.
  const Base = lmdb.openAsClass(options) as unknown as new(name: null, options: object) => Values & {
    ensureReadTxn(): void
  }
  class Opened extends Base {
    override transactionSync<T>(body: () => T): T {
      this.ensureReadTxn()
      return body()
    }
  }
  return new Opened(null, options)
}

// The engine tells why a commit failed by a promise on the error. A full disk is 28 (ENOSPC), at a limit on file sizes
// 27 (EFBIG), and now and then a plain input/output error.
const commitFailed = (place: Place) => (cause: unknown): Effect.Effect<never, StateError> =>
  Effect.gen(function*() {
    const error = errorOf(cause)
    const reason = "commitError" in error
      ? yield* Effect.promise(() => Promise.resolve(error.commitError).then(errorOf, errorOf))
      : error
    const isFull = [27, 28].includes(Number(reason.code)) ||
      (yield* LmdbGuard.freeBytes(place.folder)) < LmdbGuard.neededBytes
    return yield* isFull ? LmdbGuard.diskFull(place.folder) : failed(place)(reason)
  })

const transaction = <A>(place: Place, db: Values, body: (db: Values) => A): Effect.Effect<A, StateError> =>
  Effect.async<A, unknown>((resume) => {
    let abandoned = false
    db.transaction(() => abandoned ? Option.none<A>() : Option.some(body(db))).then(
      (answer) => {
        if (Option.isSome(answer)) resume(Effect.succeed(answer.value))
      },
      (cause) => resume(Effect.fail(cause))
    )
    return Effect.sync(() => {
      abandoned = true
    })
  }).pipe(
    Effect.catchAll(commitFailed(place)),
    // The time limit holds for a caller that is uninterruptible, too.
    Effect.interruptible,
    Effect.timeoutFail({ duration: place.timeLimit, onTimeout: () => overdue(place) }),
    LmdbGuard.inRealTime
  )

// Closing waits for transactions that wait for a stopped process. The engine is then left to the end of this process.
const close = (place: Place, db: Values) =>
  Effect.promise(() => db.close()).pipe(
    Effect.interruptible,
    Effect.timeoutOption(place.timeLimit),
    LmdbGuard.inRealTime
  )

/**
 * Opens a file that {@link LmdbGuard.inspect} found sound, or begins one. It is closed with the scope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (place: Place): Effect.Effect<Connection, StateError, Scope.Scope> =>
  Effect.gen(function*() {
    const lmdb = yield* loadEngine
    yield* LmdbGuard.requireUsable(place.file)
    let closed = false
    const db = yield* Effect.acquireRelease(
      Effect.try({
        try: () => openEngine(lmdb, place.file),
        catch: (cause) => LmdbGuard.refused(place.folder, errorOf(cause))
      }),
      (opened) =>
        Effect.suspend(() => {
          closed = true
          return close(place, opened)
        })
    )
    // The engine ends the process when it is used after it was closed.
    const whileOpen = <A>(effect: Effect.Effect<A, StateError>) =>
      Effect.suspend(() => closed ? Effect.fail(failed(place)(new Error("it is closed"))) : effect)
    const read = <A>(body: (db: Values) => A) =>
      Effect.try({
        try: () => {
          db.resetReadTxn()
          return body(db)
        },
        catch: failed(place)
      })
    return {
      read: (body) => whileOpen(read(body)),
      transaction: (body) => whileOpen(transaction(place, db, body))
    }
  })
