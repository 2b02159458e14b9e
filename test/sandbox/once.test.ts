import { assert, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberId from "effect/FiberId"
import * as Scheduler from "effect/Scheduler"
import * as Once from "../../src/sandbox/Once.js"

/** Asks, and is interrupted after so many operations: before, within or after the work. */
const givesUp = <A>(once: Effect.Effect<A>, operations: number) =>
  Effect.withFiberRuntime<A>((caller) => {
    let left = operations
    return Effect.withScheduler(once, {
      scheduleTask: (task, priority) => Scheduler.defaultScheduler.scheduleTask(task, priority),
      shouldYield: (fiber) => {
        if (fiber === caller && --left === 0) caller.unsafeInterruptAsFork(FiberId.none)
        return false
      }
    })
  }).pipe(Effect.fork, Effect.flatMap(Fiber.await))

it.effect("what is done once is there for others, whenever its first caller gives up", () =>
  Effect.gen(function*() {
    let interrupted = 0
    for (const operations of Chunk.range(1, 20)) {
      let times = 0
      const once = yield* Once.make(Effect.sync(() => ++times))
      if (Exit.isInterrupted(yield* givesUp(once, operations))) interrupted = interrupted + 1
      assert.deepStrictEqual(yield* Effect.exit(once), Exit.succeed(1), `given up after ${operations} operations`)
      assert.strictEqual(yield* once, 1)
    }
    assert.isAbove(interrupted, 10)
  }))

it.effect("a failure is kept like a success, and nobody has to wait for the end", () =>
  Effect.gen(function*() {
    let times = 0
    const failing = yield* Once.make(Effect.suspend(() => Effect.fail(++times)))
    assert.deepStrictEqual([yield* Effect.flip(failing), yield* Effect.flip(failing)], [1, 1])
    const endless = yield* Once.make(Effect.never)
    const waiting = yield* Effect.fork(endless)
    yield* Effect.yieldNow()
    assert.isTrue(Exit.isInterrupted(yield* Fiber.interrupt(waiting)))
  }))
