/**
 * State in an LMDB file, shared by all processes of one machine.
 *
 * A change is on the disk before it is acknowledged. A process that is killed, stopped or out of disk space loses
 * nothing that was acknowledged, and the others go on.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as NodePath from "node:path"
import type { Values } from "./LmdbConnection.js"
import * as LmdbFile from "./LmdbFile.js"
import * as LmdbGuard from "./LmdbGuard.js"
import type { Next, StateBackend } from "./StateBackend.js"
import { StateError } from "./StateError.js"
import * as StateStore from "./StateStore.js"

/**
 * The folder, made if it is not there, and how long to wait for other processes: 5 seconds unless given.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly folder: string
  readonly timeLimit?: Duration.DurationInput
}

// An entry is the time it expires at (nothing: never), a space, and the value.
const pack = (value: string, expiresAt: number | undefined) => `${expiresAt ?? ""} ${value}`

const unpack = (entry: string) => entry.slice(entry.indexOf(" ") + 1)

const isExpired = (entry: string, now: number) => {
  const expiresAt = entry.slice(0, entry.indexOf(" "))
  return expiresAt !== "" && Number(expiresAt) <= now
}

const sweep = (db: Values, now: number) => {
  const expired = [...db.getRange()].filter(({ value }) => isExpired(value, now))
  for (const { key } of expired) db.removeSync(key)
}

const write = (db: Values, key: string, next: Next) => {
  if (next._tag === "Put") db.putSync(key, pack(next.value, next.expiresAt))
  else if (next._tag === "Remove") db.removeSync(key)
}

const scan = (db: Values, prefix: string) => {
  const found: Array<readonly [string, string]> = []
  for (const { key, value } of db.getRange(prefix === "" ? {} : { start: prefix })) {
    if (typeof key !== "string" || !key.startsWith(prefix)) break
    found.push([key, unpack(value)])
  }
  return found.sort(([a], [b]) => a < b ? -1 : 1)
}

const sweepEvery = Duration.toMillis("1 hour")

// The engine takes keys of up to 1978 bytes.
const longestKey = 1900

const checkKey = (key: string) =>
  Buffer.byteLength(key) <= longestKey ? Effect.void : Effect.fail(
    new StateError({ reason: "refused", message: `A name in the state may have ${longestKey} bytes at most.` })
  )

/**
 * Opens the store in a folder. It is closed with the scope.
 *
 * A file that is damaged, or of a newer version, is set aside under a name that says so, and `notices` tells. Fails
 * with `refused` where nothing can be stored (no such folder can be made, read-only, disk full), with `unavailable`
 * when another process does not let go in time.
 *
 * A process that ends while a stopped one holds the write lock hangs at its exit and must be killed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Effect.Effect<StateBackend, StateError, Scope.Scope> =>
  Effect.gen(function*() {
    const folder = NodePath.resolve(options.folder)
    const place = { folder, file: NodePath.join(folder, "state.mdb"), timeLimit: options.timeLimit ?? "5 seconds" }
    yield* LmdbGuard.prepareFolder(folder)
    yield* LmdbGuard.requireSpace(folder)
    const { connection, notices, stillThere } = yield* LmdbFile.open(place)
    yield* Effect.forEach(notices, (notice) => Effect.logWarning(notice), { discard: true })
    const check = (key: string) => Effect.zipRight(checkKey(key), stillThere)
    const read = (db: Values, key: string) => Option.map(Option.fromNullable(db.get(key)), unpack)
    let sweptAt = Number.NEGATIVE_INFINITY

    const modify = <A>(key: string, f: (current: Option.Option<string>) => readonly [A, Next], now: number) =>
      connection.transaction((db) => {
        const outcome = Either.try(() => f(read(db, key)))
        if (Either.isLeft(outcome)) return Effect.die(outcome.left)
        if (now - sweptAt >= sweepEvery) {
          sweep(db, now)
          sweptAt = now
        }
        const [answer, next] = outcome.right
        write(db, key, next)
        return Effect.succeed(answer)
      }).pipe(Effect.flatten)

    return {
      kind: "lmdb",
      durable: true,
      location: folder,
      notices,
      read: (key) => Effect.zipRight(check(key), connection.read((db) => read(db, key))),
      modify: (key, f) =>
        Effect.zipRight(check(key), Effect.flatMap(Clock.currentTimeMillis, (now) => modify(key, f, now))),
      scan: (prefix) => Effect.zipRight(check(prefix), connection.read((db) => scan(db, prefix)))
    }
  })

/**
 * Provides a store in a folder, opened and closed with the layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options) => StateStore.layer(make(options))
