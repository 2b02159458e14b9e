/**
 * The LMDB engine: the conformance suite, and what it does when other processes die, stop, damage its file or use up
 * the disk.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { open as openEngine } from "lmdb"
import * as NodeFs from "node:fs"
import * as NodePath from "node:path"
import * as Lmdb from "../../src/state/Lmdb.js"
import type { StateBackend } from "../../src/state/StateBackend.js"
import * as StateStore from "../../src/state/StateStore.js"
import * as StateConformance from "../../src/testing/StateConformance.js"
import * as Processes from "./processes.js"

StateConformance.suite("Lmdb", {
  place: Processes.folder,
  open: (folder) => Lmdb.make({ folder }),
  durable: {
    count: (folder, times) =>
      Effect.map(Processes.run(["count", String(times)], { state: folder }), (ended) =>
        expect(ended).toMatchObject({ code: 0, printed: [{ notices: [] }] }))
  }
})

const { counter, increment } = StateConformance

const openStore = (folder: string, timeLimit?: Duration.DurationInput) =>
  Effect.map(Lmdb.make(timeLimit === undefined ? { folder } : { folder, timeLimit }), (backend) =>
    StateStore.make(backend))

const text = (name: string): StateStore.StateKey<string, string> => ({ name, schema: Schema.String })

const dataFile = (folder: string) => NodePath.join(folder, "state.mdb")

const filesOf = (folder: string, part: string) => NodeFs.readdirSync(folder).filter((name) => name.includes(part))

/** A store with enough in it to have all kinds of pages, closed again. */
const filled = Effect.gen(function*() {
  const folder = yield* Processes.folder
  yield* Effect.scoped(Effect.gen(function*() {
    const backend = yield* Lmdb.make({ folder })
    const put = (key: string, value: string) =>
      backend.modify(key, () => [undefined, { _tag: "Put", value, expiresAt: undefined }])
    yield* Effect.forEach(
      Array.from({ length: 200 }, (_, index) => index),
      (index) => put(`key/${index}`, "v".repeat(index % 40 === 0 ? 9000 : 150)),
      { concurrency: 20 }
    )
  }))
  return folder
})

describe("Lmdb beside other processes", () => {
  it.scopedLive("an update that is killed half-way changes nothing and holds nobody up", () =>
    Effect.gen(function*() {
      const folder = yield* Processes.folder
      const store = yield* openStore(folder)
      yield* increment(store)
      const killed = yield* Processes.run(["die"], { state: folder })
      expect(killed).toMatchObject({ signal: "SIGKILL", printed: [] })
      const [took, found] = yield* Effect.timed(increment(store))
      expect(found).toBe(1)
      expect(Duration.toMillis(took)).toBeLessThan(1000)
    }))

  it.scopedLive("a process that is killed at any moment loses nothing it was told is stored", () =>
    Effect.gen(function*() {
      const folder = yield* Processes.folder
      const store = yield* openStore(folder)
      let known = 0
      for (const patience of [1, 40, 150]) {
        const ended = yield* Effect.scoped(Effect.gen(function*() {
          const child = yield* Processes.start(["spam"], { state: folder })
          const end = yield* Effect.fork(Processes.ended(child))
          yield* Effect.repeat(Effect.flatMap(Effect.sleep("2 millis"), () => store.get(counter)), {
            until: (count) => Option.getOrElse(count, () => 0) >= known + patience
          })
          child.kill("SIGKILL")
          return yield* end
        }))
        const told = Math.max(known, ...ended.printed.map(Number))
        known = Option.getOrThrow(yield* store.get(counter))
        expect(ended.signal).toBe("SIGKILL")
        expect(ended.printed.length).toBeGreaterThan(0)
        // One more may have been stored than was told.
        expect(known - told === 0 || known - told === 1).toBe(true)
      }
      expect(yield* increment(store)).toBe(known)
    }))

  it.scopedLive("a stopped writer gives a clear error in time, and what was given up is never written", () =>
    Effect.gen(function*() {
      const folder = yield* Processes.folder
      const store = yield* openStore(folder, "300 millis")
      yield* increment(store)
      const child = yield* Processes.start(["stop"], { state: folder })
      yield* Effect.addFinalizer(() => Effect.sync(() => child.kill("SIGCONT")))
      yield* stopped(child.pid)

      let turns = 0
      const beat = yield* Effect.fork(Effect.forever(Effect.delay(Effect.sync(() => turns += 1), "10 millis")))
      const [took, errors] = yield* Effect.timed(
        Effect.all(Array.from({ length: 10 }, () => Effect.flip(increment(store))), { concurrency: "unbounded" })
      )
      for (const error of errors) {
        expect(error.reason).toBe("unavailable")
        expect(error.message).toContain(folder)
        expect(error.message).toContain("300ms")
      }
      expect(Duration.toMillis(took)).toBeLessThan(1000)
      expect(turns).toBeGreaterThan(10)
      expect(yield* store.get(counter)).toEqual(Option.some(1))

      // A server that starts now is not held up either: it opens, reads, and is told when it writes.
      const [opening, late] = yield* Effect.timed(openStore(folder, "300 millis"))
      expect(Duration.toMillis(opening)).toBeLessThan(300)
      expect(yield* late.get(counter)).toEqual(Option.some(1))
      expect((yield* Effect.flip(increment(late))).reason).toBe("unavailable")

      const end = yield* Effect.fork(Processes.ended(child))
      child.kill("SIGCONT")
      expect(yield* end).toMatchObject({ code: 0, printed: [2] })
      expect(yield* increment(store)).toBe(2)
      expect(yield* increment(late)).toBe(3)
      yield* beat.interruptAsFork(beat.id())
    }))
})
