/**
 * The choice of a store by HABU_STATE.
 */
import { describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import { inspect } from "node:util"
import * as RedisAddress from "../../src/state/RedisAddress.js"
import * as StateConfig from "../../src/state/StateConfig.js"
import { StateStore } from "../../src/state/StateStore.js"
import { increment } from "../../src/testing/StateConformance.js"
import * as Processes from "./processes.js"

const linux: StateConfig.Machine = { platform: "linux", home: () => "/home/ada" }

const read = (set: Record<string, string>, machine = linux) =>
  Effect.withConfigProvider(StateConfig.config(machine), ConfigProvider.fromMap(new Map(Object.entries(set))))

const folder = (path: string) => ({ _tag: "Folder", path })

describe("config", () => {
  it.effect("takes a folder or memory", () =>
    Effect.gen(function*() {
      expect(yield* read({ HABU_STATE: "memory" })).toEqual({ _tag: "Memory" })
      expect(yield* read({ HABU_STATE: " Memory " })).toEqual({ _tag: "Memory" })
      expect(yield* read({ HABU_STATE: "/var/habu" })).toEqual(folder("/var/habu"))
      expect(yield* read({ HABU_STATE: "state" })).toEqual(folder(NodePath.resolve("state")))
      expect(yield* read({ HABU_STATE: "/a,b c/memory" })).toEqual(folder("/a,b c/memory"))
    }))

  it.effect("expands a leading ~ to the home folder", () =>
    Effect.gen(function*() {
      expect(yield* read({ HABU_STATE: "~" })).toEqual(folder("/home/ada"))
      expect(yield* read({ HABU_STATE: "~/a/$&" })).toEqual(folder("/home/ada/a/$&"))
      expect(yield* read({ HABU_STATE: "/a/~/b" })).toEqual(folder("/a/~/b"))
      expect(yield* read({ HABU_STATE: "~ada" })).toEqual(folder(NodePath.resolve("~ada")))
    }))

  it.effect("is the system's folder for state when it is not set", () =>
    Effect.gen(function*() {
      const mac: StateConfig.Machine = { platform: "darwin", home: () => "/Users/ada" }
      const windows: StateConfig.Machine = { platform: "win32", home: () => "/Users/ada" }
      const set = { XDG_STATE_HOME: "/xdg", LOCALAPPDATA: "/local" }
      expect(yield* read(set)).toEqual(folder("/xdg/habu-mcp"))
      expect(yield* read({})).toEqual(folder("/home/ada/.local/state/habu-mcp"))
      expect(yield* read({ XDG_STATE_HOME: "" })).toEqual(folder("/home/ada/.local/state/habu-mcp"))
      expect(yield* read({ XDG_STATE_HOME: "relative" })).toEqual(folder("/home/ada/.local/state/habu-mcp"))
      expect(yield* read(set, mac)).toEqual(folder("/Users/ada/Library/Application Support/habu-mcp"))
      expect(yield* read(set, windows)).toEqual(folder("/local/habu-mcp"))
      expect(yield* read({}, windows)).toEqual(folder("/Users/ada/AppData/Local/habu-mcp"))
    }))

  it.effect("takes the address of a Redis server, and keeps the password to itself", () =>
    Effect.gen(function*() {
      const redis = (address: RedisAddress.Address) => ({ _tag: "Redis", address })
      const password = Redacted.make("a@b:c/d#e?f%")
      const encoded = encodeURIComponent(Redacted.value(password))
      const known: Record<string, RedisAddress.Address> = {
        "redis://host": { host: "host", tls: false },
        " REDISS://host:7000/ ": { host: "host", port: 7000, tls: true },
        "redis://10.0.0.1/12": { host: "10.0.0.1", database: 12, tls: false },
        "rediss://[::1]:7000/3": { host: "::1", port: 7000, database: 3, tls: true },
        [`redis://:${encoded}@host`]: { host: "host", password, tls: false },
        [`rediss://ada:${encoded}@host:1`]: { host: "host", port: 1, tls: true, username: "ada", password }
      }
      for (const [value, address] of Object.entries(known)) {
        const found = yield* read({ HABU_STATE: value })
        expect(found).toEqual(redis(address))
        expect(inspect(found, { depth: 9 })).not.toContain("a@b")
      }
      expect(RedisAddress.location({ host: "::1", database: 3, tls: true, username: "ada", password })).toBe(
        "rediss://[::1]:6379/3"
      )
    }))

  it.effect("refuses anything else and says what to set", () =>
    Effect.gen(function*() {
      const wrong = {
        "": "is empty",
        "  ": "is empty",
        "${HABU_STATE}": "placeholder",
        "/home/${user_config.state}": "placeholder",
        "redis:": "names no host",
        "redis:host": "names no host",
        "redis://hunter2@host": "names a user without a password",
        "redis://:hunter2@host:port": "cannot be read",
        "redis://:hunter%2@host": "cannot be read",
        "redis://:hunter2/@host": "cannot be read",
        "redis://host/hunter2": "names no database",
        "redis://ada:6379/hunter2@host": "names no database",
        "redis://ada:6379#hunter2@host": "holds a ? or #",
        "REDISS://:hunter2@host?db=1": "holds a ? or #",
        "https://user:hunter2@host/": "is an address",
        "file:///var/habu": "is an address"
      }
      for (const [value, why] of Object.entries(wrong)) {
        const error = yield* Effect.flip(read({ HABU_STATE: value }))
        expect(error._op).toBe("InvalidData")
        const message = String(error)
        expect(message).toContain(why)
        expect(message).toContain("HABU_STATE")
        expect(message).toContain("\"memory\"")
        expect(message).toContain("redis://")
        expect(message).not.toContain("hunter2")
      }
    }))
})

describe("config without a home folder", () => {
  const homeless: StateConfig.Machine = { platform: "linux", home: () => NodeFs.readlinkSync("/no such file") }

  it.effect("needs to be told a folder", () =>
    Effect.gen(function*() {
      expect(yield* read({ HABU_STATE: "/var/habu" }, homeless)).toEqual(folder("/var/habu"))
      const errors = [yield* Effect.flip(read({}, homeless)), yield* Effect.flip(read({ HABU_STATE: "~" }, homeless))]
      for (const error of errors) expect(String(error)).toContain("Set HABU_STATE to a folder")
    }))
})

describe("layerConfig", () => {
  const store = (set: string) =>
    Effect.provide(Effect.zipRight(Effect.flatMap(StateStore, increment), StateStore), StateConfig.layerConfig).pipe(
      Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["HABU_STATE", set]])))
    )

  it.scoped("provides the store that is named", () =>
    Effect.gen(function*() {
      expect(yield* store("memory")).toMatchObject({ kind: "memory", durable: false })
      const path = NodePath.join(yield* Processes.folder, "state")
      expect(yield* store(path)).toMatchObject({ kind: "lmdb", durable: true, location: path })
      expect(NodeFs.readdirSync(path)).toContain("state.mdb")
    }))

  it.effect("fails with what to set", () =>
    Effect.gen(function*() {
      expect(String(yield* Effect.flip(store("https://host")))).toContain("Set HABU_STATE to a folder")
    }))
})
