/**
 * Looks at an LMDB data file before the engine maps it. The engine trusts its pages: a truncated or overwritten file
 * ends the whole process with a signal, and so does a full disk while it opens. Neither can be caught afterwards.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as NodeFs from "node:fs/promises"
import * as NodePath from "node:path"
import { examine, type Finding } from "./LmdbPages.js"
import { StateError } from "./StateError.js"

const attempt = <A>(use: () => Promise<A>): Effect.Effect<A, NodeJS.ErrnoException> =>
  Effect.tryPromise({ try: use, catch: (cause) => cause instanceof Error ? cause : new Error(String(cause)) })

const realClock = Clock.make()

/**
 * Runs an effect by the real clock, whatever clock is provided: other processes and files know no other.
 *
 * @since 0.1.0
 * @category time
 */
export const inRealTime = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.withClock(effect, realClock)

/**
 * The error for a folder or file of the store that the system does not let us use.
 *
 * @since 0.1.0
 * @category errors
 */
export const refused = (path: string, cause: Error): StateError =>
  new StateError({
    reason: "refused",
    message: `State cannot be kept in ${path}: ${cause.message}. Make it a folder that this user can write, ` +
      "or set HABU_STATE to another folder."
  })

const isCode = (code: string) => (cause: NodeJS.ErrnoException) => cause.code === code

// Step by step: the recursive mkdir of Node never ends below /proc.
const makeFolder = (path: string): Effect.Effect<void, NodeJS.ErrnoException> => {
  const make = Effect.asVoid(attempt(() => NodeFs.mkdir(path, { mode: 0o700 })))
  return make.pipe(
    Effect.catchIf(isCode("ENOENT"), () => Effect.zipRight(makeFolder(NodePath.dirname(path)), make)),
    Effect.catchIf(isCode("EEXIST"), () => Effect.void)
  )
}

/**
 * Makes the folder, for its owner only, if it is not there, and fails with `refused` if it cannot be written.
 *
 * @since 0.1.0
 * @category folder
 */
export const prepareFolder = (folder: string): Effect.Effect<void, StateError> =>
  makeFolder(folder).pipe(
    Effect.zipRight(attempt(() => NodeFs.readdir(folder))),
    Effect.zipRight(
      attempt(() => NodeFs.access(folder, NodeFs.constants.R_OK | NodeFs.constants.W_OK | NodeFs.constants.X_OK))
    ),
    Effect.mapError((cause) => refused(folder, cause))
  )

/**
 * The bytes that are free for this user on the folder's disk; infinite where the file system does not tell.
 *
 * @since 0.1.0
 * @category folder
 */
export const freeBytes = (folder: string): Effect.Effect<number, StateError> =>
  attempt(() => NodeFs.statfs(folder)).pipe(
    Effect.map((disk) => disk.blocks === 0 ? Number.POSITIVE_INFINITY : disk.bavail * disk.bsize),
    Effect.mapError((cause) => refused(folder, cause))
  )

/**
 * What must be free to open a store, in bytes.
 *
 * @since 0.1.0
 * @category folder
 */
export const neededBytes = 4 * 1024 * 1024

/**
 * The error for a disk with no space left. Nothing was changed.
 *
 * @since 0.1.0
 * @category errors
 */
export const diskFull = (folder: string): StateError =>
  new StateError({
    reason: "refused",
    message: `The disk that holds ${folder} is full; state needs ${neededBytes / 1024 / 1024} MB there. ` +
      "Free some space, or set HABU_STATE to a folder on another disk."
  })

/**
 * Fails with `refused` when the folder's disk is too full to open a store.
 *
 * @since 0.1.0
 * @category folder
 */
export const requireSpace = (folder: string): Effect.Effect<void, StateError> =>
  Effect.flatMap(freeBytes(folder), (free) => free < neededBytes ? diskFull(folder) : Effect.void)

const requireUsableFile = (path: string): Effect.Effect<void, StateError> =>
  attempt(() => NodeFs.lstat(path)).pipe(
    Effect.filterOrFail((found) => found.isFile(), (): NodeJS.ErrnoException => new Error("it is not a file")),
    Effect.zipRight(attempt(() => NodeFs.access(path, NodeFs.constants.R_OK | NodeFs.constants.W_OK))),
    Effect.catchIf(isCode("ENOENT"), () => Effect.void),
    Effect.mapError((cause) => refused(path, cause))
  )

/**
 * Fails with `refused` when the data file or its lock file is there and cannot be written: the engine would end the
 * process. The lock file is not opened for it: closing it would let go of the locks that this process holds.
 *
 * @since 0.1.0
 * @category inspection
 */
export const requireUsable = (file: string): Effect.Effect<void, StateError> =>
  Effect.zipRight(requireUsableFile(file), requireUsableFile(`${file}-lock`))

/**
 * There is no file.
 *
 * @since 0.1.0
 * @category models
 */
export interface Missing {
  readonly _tag: "Missing"
}

const readWhole = (file: string): Effect.Effect<Option.Option<Buffer>, StateError> =>
  attempt(() => NodeFs.readFile(file)).pipe(
    Effect.asSome,
    Effect.catchIf(isCode("ENOENT"), () => Effect.succeedNone),
    Effect.mapError((cause) => refused(file, cause))
  )

/**
 * Inspects a data file. Other processes may be writing it, so damage is believed only of a file that reads the same
 * twice; one that keeps changing is in use, and so it works.
 *
 * @since 0.1.0
 * @category inspection
 */
export const inspect = (file: string): Effect.Effect<Finding | Missing, StateError> => {
  const look = (tries: number): Effect.Effect<Finding | Missing, StateError> =>
    Effect.gen(function*() {
      const bytes = yield* readWhole(file)
      if (Option.isNone(bytes)) return { _tag: "Missing" }
      const finding = examine(bytes.value)
      if (finding._tag !== "Damaged") return finding
      const again = yield* readWhole(file)
      if (Option.isSome(again) && again.value.equals(bytes.value)) return finding
      return tries > 1 ? yield* look(tries - 1) : { _tag: "Sound" }
    })
  return look(20)
}

const lockStaleAfter = 10_000

const takeLock = (lock: string) =>
  attempt(() => NodeFs.writeFile(lock, "", { flag: "wx", mode: 0o600 })).pipe(
    Effect.catchIf(isCode("EEXIST"), () =>
      Effect.gen(function*() {
        const age = (yield* Clock.currentTimeMillis) - (yield* attempt(() => NodeFs.stat(lock))).mtimeMs
        if (age > lockStaleAfter) yield* attempt(() => NodeFs.rm(lock, { force: true }))
        return yield* Effect.fail("taken" as const)
      })),
    Effect.catchIf((cause) => cause !== "taken" && cause.code === "ENOENT", () => Effect.fail("taken" as const))
  )

/**
 * Runs an effect while no other process does so for the same data file. What a process left behind when it died is
 * taken over after ten seconds.
 *
 * @since 0.1.0
 * @category locking
 */
export const exclusively = (file: string, limit: Duration.DurationInput) => {
  const lock = `${file}.guard`
  const acquire = takeLock(lock).pipe(
    Effect.retry({ schedule: Schedule.spaced("50 millis"), while: (cause) => cause === "taken" }),
    Effect.mapError((cause) => refused(lock, cause === "taken" ? new Error("it is taken") : cause)),
    Effect.interruptible,
    Effect.timeoutFail({
      duration: limit,
      onTimeout: () =>
        new StateError({
          reason: "unavailable",
          message: `Another process has been opening ${file} for ${Duration.format(limit)}. Try again in a moment.`
        })
    }),
    inRealTime
  )
  return <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | StateError, R> =>
    Effect.acquireUseRelease(
      acquire,
      () => effect,
      () => Effect.ignore(attempt(() => NodeFs.rm(lock, { force: true })))
    )
}

const freeName = (name: string): Effect.Effect<string> =>
  attempt(() => NodeFs.lstat(name)).pipe(
    Effect.matchEffect({ onFailure: () => Effect.succeed(name), onSuccess: () => freeName(`${name}+`) })
  )

const rename = (from: string, to: string) =>
  attempt(() => NodeFs.rename(from, to)).pipe(
    Effect.catchIf(isCode("ENOENT"), () => Effect.void),
    Effect.mapError((cause) => refused(from, cause))
  )

/**
 * Moves a data file and its lock file out of the way, under names that say why and when, and returns the data file's
 * new name. To be run {@link exclusively}.
 *
 * @since 0.1.0
 * @category locking
 */
export const setAside = (file: string, why: "damaged" | "newer"): Effect.Effect<string, StateError> =>
  Effect.gen(function*() {
    const time = new Date(yield* Clock.currentTimeMillis).toISOString().replaceAll(":", "-")
    const name = yield* freeName(`${file}.${why}-${time}`)
    // The lock file goes first: a new data file must never meet the lock of an old one that others still hold.
    yield* rename(`${file}-lock`, `${name}-lock`)
    yield* rename(file, name)
    return name
  }).pipe(inRealTime)
