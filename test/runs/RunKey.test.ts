import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as RunKey from "../../src/runs/RunKey.js"
import type { Subject } from "../../src/runs/RunSubject.js"

type Question = Extract<Subject, { readonly _tag: "Question" }>

const subject: Question = { _tag: "Question", questionId: "q", parameters: { b: "2", a: "1" } }

describe("a key", () => {
  it.effect("is the same for the same question and values, in whatever order", () =>
    Effect.gen(function*() {
      const key = yield* RunKey.make(subject, undefined)
      expect(key).toMatch(/^[0-9a-f]{16}$/)
      expect(yield* RunKey.make({ ...subject, parameters: { a: "1", b: "2" } }, undefined)).toBe(key)
      expect(yield* RunKey.fingerprint(subject)).toBe(key)
      const others: ReadonlyArray<Question> = [
        { ...subject, questionId: "p" },
        { ...subject, parameters: { b: "2" } },
        { ...subject, parameters: { b: "1", a: "2" } },
        { ...subject, parameters: { b: "2\",\"a\":\"1" } }
      ]
      for (const other of others) expect(yield* RunKey.make(other, undefined)).not.toBe(key)
    }))

  it.effect("of a flow's start is the same for the same nodes and values; a pause is resumed under one key", () =>
    Effect.gen(function*() {
      const place = { cleanRoomId: "c", flowId: "f" }
      const ofFlow = (request: Extract<Subject, { readonly _tag: "Flow" }>["request"]) =>
        RunKey.fingerprint({ _tag: "Flow", ...place, request })
      const nodes = [{ nodeIdentifier: "n", parameters: { a: "1", b: "2" } }]
      const key = yield* ofFlow({ nodes, branches: "x" })
      expect(yield* ofFlow({ branches: "x", nodes: [{ parameters: { b: "2", a: "1" }, nodeIdentifier: "n" }] })).toBe(
        key
      )
      expect(yield* ofFlow({ nodes })).not.toBe(key)
      const replay = (runId: string) => RunKey.fingerprint({ _tag: "Replay", ...place, runId, request: { nodes } })
      expect(yield* replay("r")).not.toBe(yield* replay("s"))
      const resume = (level: number, request = {}) =>
        RunKey.fingerprint({ _tag: "Resume", ...place, runId: "r", level, request })
      expect(yield* resume(1, { pauseLevelID: "2" })).toBe(yield* resume(1))
      expect(yield* resume(1)).not.toBe(yield* resume(2))
    }))

  it.effect("that is given depends on nothing else", () =>
    Effect.gen(function*() {
      const key = yield* RunKey.make(subject, "monday")
      expect(yield* RunKey.make({ ...subject, questionId: "p", parameters: {} }, "monday")).toBe(key)
      expect(yield* RunKey.make(subject, "Monday")).not.toBe(key)
    }))
})

describe("a run's name", () => {
  const attempt = { id: "9f8e7d6c-1111-4111-8111-111111111111", number: 3 }

  it("is readable, of bounded length, and ends in its mark", () => {
    expect(RunKey.runName("Weekly reach", "0123456789abcdef", attempt)).toBe("Weekly reach #0123456789-3-9f8e7d6c")
    const long = RunKey.runName("😀".repeat(200), "0123456789abcdef", attempt)
    expect([...long]).toHaveLength(80 + 23)
  })

  it("is recognised by its mark alone", () => {
    const name = RunKey.runName("Reach #2", "0123456789abcdef", attempt)
    const isNamed = RunKey.isNamed(name)
    const recognised = [name, ` ${name}\t`, name.toUpperCase(), "0123456789 3 9f8e7d6c", "x_0123456789_3_9F8E7D6C (1)"]
    for (const one of recognised) expect(isNamed({ name: one })).toBe(true)
    const others = [
      RunKey.runName("Reach #2", "0123456789abcdef", { ...attempt, number: 4 }),
      RunKey.runName("Reach #2", "0123456789abcdef", { ...attempt, id: "9f8e7d6d" }),
      "Reach #2",
      ""
    ]
    for (const one of others) expect(isNamed({ name: one })).toBe(false)
    expect(isNamed({})).toBe(false)
  })
})
