/**
 * What every storage engine must do, as a suite of tests for vitest. Needs `vitest` and `@effect/vitest`.
 *
 * @since 0.1.0
 */
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FastCheck from "effect/FastCheck"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import type { Next, StateBackend } from "../state/StateBackend.js"
import type { StateError } from "../state/StateError.js"
import * as StateStore from "../state/StateStore.js"

/**
 * An engine to be tested.
 *
 * - `place` makes an empty place for one test (a folder, a prefix, or nothing at all).
 * - `open` opens the engine there. For a durable engine it is called several times on one place, also at once.
 * - `durable` is given for an engine whose data outlives it and is shared by processes. Its `count` starts a process
 *   that opens the place and adds 1 to the number under {@link counter}, by `StateStore.update`, that many times.
 *
 * @since 0.1.0
 * @category models
 */
export interface Engine<Place> {
  readonly place: Effect.Effect<Place, never, Scope.Scope>
  readonly open: (place: Place) => Effect.Effect<StateBackend, StateError, Scope.Scope>
  readonly durable?: {
    readonly count: (place: Place, times: number) => Effect.Effect<void, unknown, Scope.Scope>
  }
}

/**
 * The number that processes count up.
 *
 * @since 0.1.0
 * @category fixtures
 */
export const counter: StateStore.StateKey<number, number> = { name: "counter", schema: Schema.Number }

/**
 * Adds 1 to the {@link counter} and answers with the number it found.
 *
 * @since 0.1.0
 * @category fixtures
 */
export const increment = (store: StateStore.Service) =>
  store.update(counter, (current) => {
    const before = Option.getOrElse(current, () => 0)
    return [before, StateStore.set(before + 1, Duration.infinity)]
  })

const text = (name: string): StateStore.StateKey<string, string> => ({ name, schema: Schema.String })

const put = (store: StateStore.Service, name: string, value: string, timeToLive: Duration.DurationInput = "1 hour") =>
  store.update(text(name), () => [undefined, StateStore.set(value, timeToLive)])

const names = (entries: ReadonlyArray<readonly [name: string, value: unknown]>) => entries.map(([name]) => name)

const range = (length: number) => Array.from({ length }, (_, index) => index)

const sorted = (numbers: ReadonlyArray<number>) => [...numbers].sort((a, b) => a - b)

const Key = FastCheck.oneof(
  FastCheck.constantFrom("a", "a/", "a/b", "a/bc", "ab", "b", "é", "\u{1F600}", "\uFFFD", "a\u0000b", "\u0001"),
  FastCheck.string({ minLength: 1, maxLength: 40, unit: "grapheme" })
)

const Operation = FastCheck.oneof(
  FastCheck.record({
    tag: FastCheck.constant("Put" as const),
    key: Key,
    value: FastCheck.string({ unit: "grapheme" })
  }),
  FastCheck.record({ tag: FastCheck.constantFrom("Keep" as const, "Remove" as const, "Read" as const), key: Key }),
  FastCheck.record({ tag: FastCheck.constant("Scan" as const), key: FastCheck.oneof(FastCheck.constant(""), Key) })
)

type Operation = typeof Operation extends FastCheck.Arbitrary<infer A> ? A : never

const sortedEntries = (model: Map<string, string>) => [...model].sort(([a], [b]) => a < b ? -1 : 1)

// Applies an operation to the engine and to a plain map, and answers with what each of them told.
const applyBoth = (backend: StateBackend, model: Map<string, string>, operation: Operation) => {
  const known = Option.fromNullable(model.get(operation.key))
  const change = (next: Next) => backend.modify(operation.key, (current) => [current, next])
  switch (operation.tag) {
    case "Put":
      model.set(operation.key, operation.value)
      return Effect.zip(change({ _tag: "Put", value: operation.value, expiresAt: undefined }), Effect.succeed(known))
    case "Remove":
      model.delete(operation.key)
      return Effect.zip(change({ _tag: "Remove" }), Effect.succeed(known))
    case "Keep":
      return Effect.zip(change({ _tag: "Keep" }), Effect.succeed(known))
    case "Read":
      return Effect.zip(backend.read(operation.key), Effect.succeed(known))
    case "Scan":
      return Effect.zip(
        backend.scan(operation.key),
        Effect.succeed(sortedEntries(model).filter(([key]) => key.startsWith(operation.key)))
      )
  }
}

/**
 * Registers the tests of an engine under a name.
 *
 * @since 0.1.0
 * @category suites
 */
export const suite = <Place>(name: string, { durable, open, place }: Engine<Place>): void => {
  const opened = Effect.flatMap(place, open)
  const store = Effect.map(opened, (backend) => StateStore.make(backend))

  describe(name, () => {
    it.scoped("a value is there once it is set, and gone once it is removed", () =>
      Effect.gen(function*() {
        const state = yield* store
        expect(yield* state.get(text("a"))).toEqual(Option.none())
        const before = yield* state.update(text("a"), (current) => [current, StateStore.set("1", "1 hour")])
        expect(before).toEqual(Option.none())
        expect(yield* state.get(text("a"))).toEqual(Option.some("1"))
        yield* put(state, "a", "2")
        expect(yield* state.get(text("a"))).toEqual(Option.some("2"))
        expect(yield* state.update(text("a"), (current) => [current, StateStore.remove])).toEqual(Option.some("2"))
        expect(yield* state.get(text("a"))).toEqual(Option.none())
        yield* state.update(text("a"), () => [undefined, StateStore.remove])
        expect(yield* state.list(text("a"))).toEqual([])
      }))

    it.scoped("keep writes nothing", () =>
      Effect.gen(function*() {
        const backend = yield* opened
        const state = StateStore.make(backend)
        expect(yield* state.update(text("a"), () => ["told", StateStore.keep])).toBe("told")
        expect(yield* backend.scan("")).toEqual([])
        yield* put(state, "a", "1", "1 minute")
        const stored = yield* backend.read("a")
        yield* TestClock.adjust("30 seconds")
        expect(yield* state.update(text("a"), (current) => [current, StateStore.keep])).toEqual(Option.some("1"))
        expect(yield* backend.read("a")).toEqual(stored)
        yield* TestClock.adjust("30 seconds")
        expect(yield* state.get(text("a"))).toEqual(Option.none())
      }))

    it.scoped("50 fibres at once lose no update", () =>
      Effect.gen(function*() {
        const state = yield* store
        const found = yield* Effect.forEach(range(50), () => increment(state), { concurrency: "unbounded" })
        expect(sorted(found)).toEqual(range(50))
        expect(yield* state.get(counter)).toEqual(Option.some(50))
      }))

    it.scoped("a value lives as long as it was given", () =>
      Effect.gen(function*() {
        const state = yield* store
        yield* put(state, "minute", "1", "1 minute")
        yield* put(state, "ever", "2", Duration.infinity)
        yield* TestClock.adjust("59999 millis")
        expect(yield* state.get(text("minute"))).toEqual(Option.some("1"))
        yield* TestClock.adjust("1 millis")
        expect(yield* state.get(text("minute"))).toEqual(Option.none())
        expect(names(yield* state.list(text("")))).toEqual(["ever"])
        expect(yield* state.update(text("minute"), (current) => [current, StateStore.keep])).toEqual(Option.none())
        yield* TestClock.adjust("1000 weeks")
        yield* put(state, "other", "3")
        expect(yield* state.get(text("ever"))).toEqual(Option.some("2"))
        expect(yield* state.get(text("minute"))).toEqual(Option.none())
      }))

    it.scoped("names are listed by prefix, in order", () =>
      Effect.gen(function*() {
        const state = yield* store
        const all = ["runs/b", "runs/a", "run/z", "runs", "runs/\u{1F600}", "runs/é", "runs/a/1", "zz"]
        yield* Effect.forEach(all, (entry) => put(state, entry, `value of ${entry}`))
        const listed = yield* state.list(text("runs/"))
        expect(listed).toEqual(
          ["runs/a", "runs/a/1", "runs/b", "runs/é", "runs/\u{1F600}"].map((entry) => [entry, `value of ${entry}`])
        )
        expect(names(yield* state.list(text("none/")))).toEqual([])
        expect(names(yield* state.list(text("")))).toEqual([...all].sort())
      }))

    it.scoped("what lies under one prefix is not seen under another", () =>
      Effect.gen(function*() {
        const state = yield* store
        const [one, two] = [state.under("one"), state.under("two")]
        yield* put(one, "name", "1")
        yield* put(two, "name", "2")
        yield* put(one.under("inner"), "name", "3")
        expect(yield* one.get(text("name"))).toEqual(Option.some("1"))
        expect(yield* two.list(text(""))).toEqual([["name", "2"]])
        expect(yield* one.list(text(""))).toEqual([["inner/name", "3"], ["name", "1"]])
        expect(yield* state.get(text("name"))).toEqual(Option.none())
        yield* one.update(text("name"), () => [undefined, StateStore.remove])
        expect(yield* two.get(text("name"))).toEqual(Option.some("2"))
      }))

    it.scoped("a value that cannot be read is reported and left as it is", () =>
      Effect.gen(function*() {
        const backend = yield* opened
        const state = StateStore.make(backend)
        const strange = {
          "a/broken": "{",
          "a/newer": JSON.stringify({ version: 2, value: "1" }),
          "a/other": JSON.stringify({ version: 1, value: 1 })
        }
        yield* Effect.forEach(Object.entries(strange), ([key, value]) =>
          backend.modify(key, () => [undefined, { _tag: "Put", value, expiresAt: undefined }]))
        yield* put(state, "a/sound", "1")
        let calls = 0
        for (const [key, value] of Object.entries(strange)) {
          const read = yield* Effect.flip(state.get(text(key)))
          const updated = yield* Effect.flip(state.update(text(key), () => {
            calls += 1
            return [undefined, StateStore.remove]
          }))
          expect([read.reason, updated.reason]).toEqual(["unreadable", "unreadable"])
          expect(read.message).toContain(key)
          expect(yield* backend.read(key)).toEqual(Option.some(value))
        }
        expect(calls).toBe(0)
        const warnings: Array<unknown> = []
        const listed = yield* state.list(text("a/")).pipe(
          Effect.provide(Logger.replace(
            Logger.defaultLogger,
            Logger.make(({ message }) =>
              warnings.push(message)
            )
          ))
        )
        expect(listed).toEqual([["a/sound", "1"]])
        expect(warnings).toHaveLength(3)
      }))

    it.scoped("an update that dies changes nothing, and the next one goes on", () =>
      Effect.gen(function*() {
        const state = yield* store
        yield* put(state, "a", "1")
        const wrong = state.update(
          { name: "a", schema: Schema.NonEmptyString },
          () => [undefined, StateStore.set("", 1)]
        )
        const exit = yield* Effect.exit(wrong)
        expect(Exit.isFailure(exit) && exit.cause._tag).toBe("Die")
        expect(yield* state.get(text("a"))).toEqual(Option.some("1"))
        yield* put(state, "a", "2")
        expect(yield* state.get(text("a"))).toEqual(Option.some("2"))
      }))

    it.scoped("a long text comes back as it went in", () =>
      Effect.gen(function*() {
        const state = yield* store
        const long = "\u0000\n\"é\u{1F600}\uD800 ".repeat(40_000)
        yield* put(state, "long", long)
        expect(yield* state.get(text("long"))).toEqual(Option.some(long))
        yield* put(state, "long", "short")
        expect(yield* state.get(text("long"))).toEqual(Option.some("short"))
      }))

    it.scoped.prop(
      "behaves as a map does",
      [FastCheck.array(Operation, { maxLength: 40 })],
      ([operations]) =>
        Effect.gen(function*() {
          const backend = yield* opened
          const model = new Map<string, string>()
          for (const operation of operations) {
            const [told, expected] = yield* applyBoth(backend, model, operation)
            expect(told).toEqual(expected)
          }
          expect(yield* backend.scan("")).toEqual(sortedEntries(model))
        }),
      { fastCheck: { numRuns: 25 } }
    )

    if (durable === undefined) return

    it.scoped("what was acknowledged is there when it is opened again", () =>
      Effect.gen(function*() {
        const here = yield* place
        const session = <A, E>(use: (state: StateStore.Service) => Effect.Effect<A, E>) =>
          Effect.scoped(Effect.flatMap(open(here), (backend) => use(StateStore.make(backend))))
        yield* session((state) =>
          Effect.all([put(state, "a", "1"), put(state, "b", "2", "1 minute"), increment(state)])
        )
        yield* session((state) => put(state, "a", "3"))
        yield* TestClock.adjust("1 minute")
        yield* session((state) =>
          Effect.gen(function*() {
            expect(state.durable).toBe(true)
            expect(state.notices).toEqual([])
            expect(yield* state.get(text("a"))).toEqual(Option.some("3"))
            expect(yield* state.get(text("b"))).toEqual(Option.none())
            expect(yield* state.get(counter)).toEqual(Option.some(1))
          })
        )
      }))

    it.scoped("several that are open at once see each other's updates", () =>
      Effect.gen(function*() {
        const here = yield* place
        const openStore = Effect.map(open(here), (backend) => StateStore.make(backend))
        const stores = yield* Effect.all(range(3).map(() => openStore), { concurrency: "unbounded" })
        const seen = yield* Effect.forEach(stores, (state) =>
          Effect.zipRight(increment(state), Effect.all(stores.map((other) => other.get(counter)))))
        expect(seen).toEqual([1, 2, 3].map((count) =>
          stores.map(() => Option.some(count))
        ))
        const found = yield* Effect.all(stores.flatMap((state) => range(20).map(() => increment(state))), {
          concurrency: "unbounded"
        })
        expect(sorted(found)).toEqual(range(63).slice(3))
      }))

    it.scopedLive("8 processes at once lose no update", () =>
      Effect.gen(function*() {
        const here = yield* place
        yield* Effect.forEach(range(8), () => durable.count(here, 25), { concurrency: "unbounded" })
        const state = StateStore.make(yield* open(here))
        expect(yield* state.get(counter)).toEqual(Option.some(200))
      }), 60_000)
  })
}
