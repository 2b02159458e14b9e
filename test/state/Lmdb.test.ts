/**
 * The LMDB engine: the conformance suite, and what is its own.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as Lmdb from "../../src/state/Lmdb.js"
import type { StateBackend } from "../../src/state/StateBackend.js"
import * as StateConformance from "../../src/testing/StateConformance.js"
import * as Processes from "./processes.js"

StateConformance.suite("Lmdb", {
  place: Processes.folder,
  open: (folder) => Lmdb.make({ folder }),
  durable: {
    count: (folder, times) =>
      Effect.map(
        Processes.run(["count", String(times)], { state: folder }),
        (ended) => expect(ended).toMatchObject({ code: 0, printed: [{ notices: [] }] })
      )
  }
})

const put = (backend: StateBackend, key: string, value: string, expiresAt?: number) =>
  backend.modify(key, () => [undefined, { _tag: "Put", value, expiresAt }])

describe("Lmdb", () => {
  it.scoped("says where it lies, for its owner only", () =>
    Effect.gen(function*() {
      const folder = NodePath.join(yield* Processes.folder, "a", "b")
      const backend = yield* Lmdb.make({ folder })
      yield* put(backend, "a", "1")
      expect(backend).toMatchObject({ kind: "lmdb", durable: true, location: folder, notices: [] })
      const modes = ["", "state.mdb", "state.mdb-lock"].map((name) =>
        NodeFs.statSync(NodePath.join(folder, name)).mode & 0o777
      )
      expect(modes).toEqual([0o700, 0o600, 0o600])
    }))

  it.scoped("values that have expired are removed at the first change and every hour", () =>
    Effect.gen(function*() {
      const folder = yield* Processes.folder
      const backend = yield* Lmdb.make({ folder })
      const keys = Effect.map(backend.scan(""), (entries) => entries.map(([key]) => key))
      yield* put(backend, "ever", "1")
      yield* put(backend, "minute", "2", 60_000)
      yield* put(backend, "day", "3", 86_400_000)
      yield* TestClock.adjust("59 minutes")
      yield* put(backend, "other", "4")
      expect(yield* keys).toEqual(["day", "ever", "minute", "other"])
      yield* TestClock.adjust("1 minute")
      yield* put(backend, "other", "5")
      expect(yield* keys).toEqual(["day", "ever", "other"])
      yield* TestClock.adjust("1 day")
      const later = yield* Lmdb.make({ folder })
      yield* put(later, "other", "6")
      expect(yield* keys).toEqual(["ever", "other"])
    }))

  it.scoped("a name that is too long is refused", () =>
    Effect.gen(function*() {
      const backend = yield* Lmdb.make({ folder: yield* Processes.folder })
      const long = "é".repeat(951)
      const errors = yield* Effect.all([
        Effect.flip(put(backend, long, "1")),
        Effect.flip(backend.read(long)),
        Effect.flip(backend.scan(long))
      ])
      expect(errors.map(({ reason }) => reason)).toEqual(["refused", "refused", "refused"])
      yield* put(backend, long.slice(1), "1")
      expect(yield* backend.read(long.slice(1))).toEqual(Option.some("1"))
    }))

  it.scoped("a file that was moved away is not written to any more", () =>
    Effect.gen(function*() {
      const folder = yield* Processes.folder
      const backend = yield* Lmdb.make({ folder })
      yield* put(backend, "a", "1")
      NodeFs.renameSync(NodePath.join(folder, "state.mdb"), NodePath.join(folder, "elsewhere.mdb"))
      const error = yield* Effect.flip(put(backend, "a", "2"))
      expect(error.reason).toBe("unavailable")
      expect(error.message).toContain(folder)
      expect((yield* Effect.flip(backend.read("a"))).reason).toBe("unavailable")
    }))

  it.scoped("a store that is closed fails", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const backend = yield* Scope.extend(Lmdb.make({ folder: yield* Processes.folder }), scope)
      yield* put(backend, "a", "1")
      yield* Scope.close(scope, Exit.void)
      expect((yield* Effect.flip(put(backend, "a", "2"))).reason).toBe("unavailable")
      expect((yield* Effect.flip(backend.read("a"))).reason).toBe("unavailable")
    }))
})
