/**
 * Opens the store's LMDB file if it is sound and ours. One that is not is set aside, never destroyed.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as NodeFs from "node:fs"
import * as LmdbConnection from "./LmdbConnection.js"
import * as LmdbGuard from "./LmdbGuard.js"
import { StateError } from "./StateError.js"

type Place = LmdbConnection.Place
type Values = LmdbConnection.Values

const format = 1
const markKey = Symbol.for("habu-mcp state format")

type Verdict = "ours" | "newer" | "damaged"

const judge = (mark: string | undefined): Verdict =>
  mark === String(format) ? "ours" : Number(mark) > format ? "newer" : "damaged"

const isNew = (db: Values) => db.get(markKey) === undefined && db.getKeysCount({ limit: 1 }) === 0

const markAsOurs = (db: Values) => {
  if (isNew(db)) db.putSync(markKey, String(format))
}

const recognise = ({ read, transaction }: LmdbConnection.Connection): Effect.Effect<Verdict, StateError> =>
  read(isNew).pipe(
    Effect.flatMap((fresh) => fresh ? transaction(markAsOurs) : Effect.void),
    Effect.zipRight(read((db) => judge(db.get(markKey))))
  )

interface Found {
  readonly connection: LmdbConnection.Connection
  readonly inode: number | undefined
  readonly notices: ReadonlyArray<string>
}

const inodeOf = (place: Place) => NodeFs.statSync(place.file, { throwIfNoEntry: false })?.ino

const setAside = (place: Place, why: "newer" | "damaged", what: string) =>
  Effect.map(
    LmdbGuard.setAside(place.file, why),
    (name) =>
      `The state file ${place.file} ${what}. It was set aside as ${name} and state begins anew: ` +
      "what it recorded (runs, budgets, the access token) is not known to this server."
  )

// Whoever begins a file holds the lock, so with the lock held an empty file is one that was cut off.
const clear = (place: Place): Effect.Effect<ReadonlyArray<string>, StateError> =>
  Effect.flatMap(LmdbGuard.inspect(place.file), (finding) => {
    const why = finding._tag === "Damaged" ? finding.why : finding._tag === "Empty" ? "it is empty" : undefined
    return why === undefined
      ? Effect.succeed([])
      : Effect.map(setAside(place, "damaged", `is damaged (${why})`), (notice) => [notice])
  })

const openSound = (place: Place): Effect.Effect<Found, StateError, Scope.Scope> =>
  Effect.gen(function*() {
    const begin = Effect.all([clear(place), LmdbConnection.make(place)])
    const finding = yield* LmdbGuard.inspect(place.file)
    const [notices, connection] = finding._tag === "Sound"
      ? [[], yield* LmdbConnection.make(place)]
      : yield* LmdbGuard.exclusively(place.file, place.timeLimit)(begin)
    return { connection, inode: inodeOf(place), notices }
  })

const setAsideForeign = (place: Place, inode: number | undefined, verdict: "newer" | "damaged") => {
  const what = verdict === "newer" ? "was written by a newer version of habu-mcp" : "is damaged (it lacks its mark)"
  return LmdbGuard.exclusively(place.file, place.timeLimit)(
    Effect.suspend(() =>
      inodeOf(place) === inode ? Effect.map(setAside(place, verdict, what), (notice) => [notice]) : Effect.succeed([])
    )
  )
}

const openOurs = (place: Place): Effect.Effect<Found, StateError, Scope.Scope> =>
  Effect.gen(function*() {
    const scope = yield* Effect.flatMap(Effect.scope, (outer) => Scope.fork(outer, ExecutionStrategy.sequential))
    const found = yield* Scope.extend(openSound(place), scope)
    const verdict = yield* recognise(found.connection)
    if (verdict === "ours") return found
    yield* Scope.close(scope, Exit.void)
    const notices = [...found.notices, ...(yield* setAsideForeign(place, found.inode, verdict))]
    const again = yield* openOurs(place)
    return { ...again, notices: [...notices, ...again.notices] }
  })

/**
 * An opened file of ours, what was set aside to open it, and a check that fails with `unavailable` once the file is no
 * longer in its place, so that nothing is recorded where no other process looks.
 *
 * @since 0.1.0
 * @category models
 */
export interface Opened {
  readonly connection: LmdbConnection.Connection
  readonly notices: ReadonlyArray<string>
  readonly stillThere: Effect.Effect<void, StateError>
}

/**
 * Opens the file, or begins it. It is closed with the scope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (place: Place): Effect.Effect<Opened, StateError, Scope.Scope> =>
  Effect.map(openOurs(place), ({ connection, inode, notices }) => ({
    connection,
    notices,
    stillThere: Effect.suspend(() =>
      inodeOf(place) === inode ? Effect.void : new StateError({
        reason: "unavailable",
        message: `The state in ${place.folder} was moved or replaced while it was in use. Start this server again.`
      })
    )
  }))
