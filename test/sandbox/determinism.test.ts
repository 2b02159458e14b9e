import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { hero } from "../../src/sandbox/Seed.js"
import { monday, start } from "./harness.js"

const dates = { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" }

/** A session that reads, writes, waits and executes; everything it was answered, request ids included. */
const session = (options: { readonly seed?: number } = {}) =>
  Effect.scoped(Effect.gen(function*() {
    const { call, get, questionId, sandbox } = yield* start(options)
    const question = yield* questionId("Fizzwell Summer Campaign", hero)
    const run = yield* call("POST", `/cleanroom-questions/${question}/create-run`, { name: "same", parameters: dates })
    yield* sandbox.clock.advance("31 minutes")
    const answers = [
      yield* get("/cleanrooms"),
      yield* call("POST", "/cleanrooms", { name: "New", startAt: "2026-03-16", type: "Hybrid" }),
      yield* get("/users"),
      yield* get("/data-connections"),
      yield* get(`/cleanroom-questions/${question}/cleanroom-question-runs?limit=100`),
      run,
      yield* get(`/cleanroom-question-runs/${run.json.id}`),
      yield* get(`/cleanroom-question-runs/${run.json.id}/data`)
    ]
    return answers.map(({ headers, status, text }) => ({ status, text, id: headers.get("x-request-id") }))
  }))

describe("two sandboxes", () => {
  it.scoped("with the same seed, clock and requests answer alike, ids, noise and request ids included", () =>
    Effect.gen(function*() {
      const [one, other] = yield* Effect.all([session(), session()])
      assert.deepStrictEqual(one, other)
      assert.isTrue(one.every(({ status }) => status === 200))
    }))

  it.scoped("with other seeds have other ids and other people", () =>
    Effect.gen(function*() {
      const [one, other] = yield* Effect.all([session(), session({ seed: 7 })])
      const ids = (text: string | undefined) => JSON.parse(text ?? "[]").map((item: { id: string }) => item.id)
      assert.notDeepEqual(ids(one[0]?.text), ids(other[0]?.text))
      assert.notStrictEqual(one.at(-1)?.text, other.at(-1)?.text)
    }))
})

describe("the clock", () => {
  it.scoped("starts where it is told, stands with its maker's, and can be set", () =>
    Effect.gen(function*() {
      const { sandbox } = yield* start({ speed: 60 })
      assert.strictEqual(sandbox.clock.speed, 60)
      assert.strictEqual(yield* sandbox.clock.now, monday)
      yield* sandbox.clock.advance("1 minute")
      assert.strictEqual(yield* sandbox.clock.now, monday + 60_000)
      yield* sandbox.clock.set(monday)
      assert.strictEqual(yield* sandbox.clock.now, monday)
    }))

  it.scopedLive("runs as fast as it is told", () =>
    Effect.gen(function*() {
      const { sandbox } = yield* start({ speed: 100_000 })
      const before = yield* sandbox.clock.now
      yield* Effect.sleep("10 millis")
      assert.isAtLeast((yield* sandbox.clock.now) - before, 900_000)
    }))
})
