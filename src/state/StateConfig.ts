/**
 * Chooses the store by `HABU_STATE`.
 *
 * @since 0.1.0
 */
import * as Config from "effect/Config"
import * as ConfigError from "effect/ConfigError"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as NodeOs from "node:os"
import * as NodePath from "node:path"
import * as Lmdb from "./Lmdb.js"
import * as Memory from "./Memory.js"
import * as Redis from "./Redis.js"
import * as RedisAddress from "./RedisAddress.js"

/**
 * Where state is kept.
 *
 * @since 0.1.0
 * @category models
 */
export type Location =
  | { readonly _tag: "Memory" }
  | { readonly _tag: "Folder"; readonly path: string }
  | { readonly _tag: "Redis"; readonly address: RedisAddress.Address }

/**
 * The machine that names are looked up on.
 *
 * @since 0.1.0
 * @category models
 */
export interface Machine {
  readonly platform: NodeJS.Platform
  readonly home: () => string
}

const folder = (path: string): Location => ({ _tag: "Folder", path })

const thisMachine: Machine = { platform: NodeOs.platform(), home: NodeOs.homedir }

const possible = `Set HABU_STATE to a folder, to the address of a Redis server (${RedisAddress.form}), ` +
  "or to \"memory\" to keep state only while the server runs, or leave it out to use the usual folder of this system."

const invalid = (why: string) => ConfigError.InvalidData(["HABU_STATE"], `HABU_STATE ${why}. ${possible}`)

const redis = (value: string): Either.Either<Location, ConfigError.ConfigError> =>
  Either.mapBoth(RedisAddress.parse(value), {
    onLeft: (why) => invalid(`is an address of Redis that ${why}`),
    onRight: (address) => ({ _tag: "Redis", address })
  })

const parse = (machine: Machine) => (text: string): Either.Either<Location, ConfigError.ConfigError> => {
  const value = text.trim()
  if (value === "") return Either.left(invalid("is empty"))
  if (value.includes("${")) return Either.left(invalid("holds a placeholder that was not filled in"))
  if (/^rediss?:/i.test(value)) return redis(value)
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(value)) return Either.left(invalid("is an address, but not of a Redis server"))
  if (value.toLowerCase() === "memory") return Either.right({ _tag: "Memory" })
  const path = value.replace(/^~(?=$|[/\\])/, machine.home)
  return Either.right(folder(NodePath.resolve(path)))
}

const usualFolder = (machine: Machine, xdgStateHome: Option.Option<string>, localAppData: Option.Option<string>) => {
  const under = (given: Option.Option<string>, ...otherwise: ReadonlyArray<string>) =>
    given.pipe(Option.filter(NodePath.isAbsolute), Option.getOrElse(() => NodePath.join(machine.home(), ...otherwise)))
  switch (machine.platform) {
    case "win32":
      return under(localAppData, "AppData", "Local")
    case "darwin":
      return under(Option.none(), "Library", "Application Support")
    default:
      return under(xdgStateHome, ".local", "state")
  }
}

/**
 * Reads `HABU_STATE`: `memory`, or a folder, in which a leading `~` is the home folder, or the address of a Redis
 * server, `redis://` or `rediss://`. Without it, `habu-mcp` inside the system's folder for state: `$XDG_STATE_HOME` or
 * `~/.local/state` (Linux and others), `~/Library/Application Support` (macOS), `%LOCALAPPDATA%` (Windows).
 *
 * Anything else is a `ConfigError` whose message says what to set.
 *
 * @since 0.1.0
 * @category config
 */
export const config = (machine: Machine = thisMachine): Config.Config<Location> =>
  Config.all([
    Config.option(Config.string("HABU_STATE")),
    Config.option(Config.string("XDG_STATE_HOME")),
    Config.option(Config.string("LOCALAPPDATA"))
  ]).pipe(
    Config.mapOrFail(([state, xdgStateHome, localAppData]) =>
      Either.try({
        try: () =>
          Option.match(state, {
            onSome: parse(machine),
            onNone: () =>
              Either.right(folder(NodePath.join(usualFolder(machine, xdgStateHome, localAppData), "habu-mcp")))
          }),
        // A user may have no home, and a process may be in a folder that is gone.
        catch: (cause) => invalid(`leads to no folder (${String(cause)})`)
      }).pipe(Either.flatMap((location) => location))
    )
  )

/**
 * Reads the usual folder of this system for state, whatever `HABU_STATE` says.
 *
 * @since 0.1.0
 * @category config
 */
export const usual = (machine: Machine = thisMachine): Config.Config<string> =>
  Config.map(
    Config.all([Config.option(Config.string("XDG_STATE_HOME")), Config.option(Config.string("LOCALAPPDATA"))]),
    ([xdgStateHome, localAppData]) => NodePath.join(usualFolder(machine, xdgStateHome, localAppData), "habu-mcp")
  )

/**
 * Provides the store that `HABU_STATE` names; see {@link config}.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = Layer.unwrapEffect(Effect.map(config(), (location) => {
  switch (location._tag) {
    case "Memory":
      return Memory.layer
    case "Folder":
      return Lmdb.layer({ folder: location.path })
    case "Redis":
      return Redis.layer(location.address)
  }
}))
