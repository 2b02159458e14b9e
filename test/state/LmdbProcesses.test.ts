/**
 * The LMDB engine beside processes that die or stop in the middle of things.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Lmdb from "../../src/state/Lmdb.js"
import * as StateStore from "../../src/state/StateStore.js"
import { counter, increment } from "../../src/testing/StateConformance.js"
import * as Processes from "./processes.js"

const openStore = (folder: string, timeLimit: Duration.DurationInput = "5 seconds") =>
  Effect.map(Lmdb.make({ folder, timeLimit }), (backend) => StateStore.make(backend))

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
      expect(Duration.toMillis(took)).toBeLessThan(5000)
    }), 60_000)

  it.scopedLive(
    "a process that is killed at any moment loses nothing it was told is stored",
    () =>
      Effect.gen(function*() {
        const folder = yield* Processes.folder
        const store = yield* openStore(folder)
        let known = 0
        for (const patience of [30, 120]) {
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
      }),
    60_000
  )

  it.scopedLive(
    "a stopped writer gives a clear error in time, and what was given up is never written",
    () =>
      Effect.gen(function*() {
        const folder = yield* Processes.folder
        const store = yield* openStore(folder, "300 millis")
        yield* increment(store)
        const child = yield* Processes.start(["stop"], { state: folder })
        yield* Effect.addFinalizer(() => Effect.sync(() => child.kill("SIGCONT")))
        yield* Processes.printed(child)

        let turns = 0
        yield* Effect.fork(Effect.forever(Effect.delay(Effect.sync(() => turns += 1), "10 millis")))
        const [took, errors] = yield* Effect.timed(
          Effect.all(
            Array.from({ length: 10 }, (_, index) => {
              const update = Effect.flip(increment(store))
              return index === 0 ? Effect.uninterruptible(update) : update
            }),
            { concurrency: "unbounded" }
          )
        )
        for (const error of errors) {
          expect(error.reason).toBe("unavailable")
          expect(error.message).toContain(folder)
          expect(error.message).toContain("300ms")
        }
        expect(Duration.toMillis(took)).toBeLessThan(5000)
        expect(turns).toBeGreaterThan(5)
        expect(yield* store.get(counter)).toEqual(Option.some(1))

        // A server that starts now is not held up either: it opens, reads, and is told when it writes.
        const [opening, late] = yield* Effect.timed(openStore(folder, "300 millis"))
        expect(Duration.toMillis(opening)).toBeLessThan(5000)
        expect(yield* late.get(counter)).toEqual(Option.some(1))
        expect((yield* Effect.flip(increment(late))).reason).toBe("unavailable")

        const end = yield* Effect.fork(Processes.ended(child))
        child.kill("SIGCONT")
        expect(yield* end).toMatchObject({ code: 0, printed: [2] })
        expect(yield* increment(store)).toBe(2)
        expect(yield* increment(late)).toBe(3)
      }),
    60_000
  )
})
