import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as RunKey from "../../src/runs/RunKey.js"

const subject = { questionId: "q", parameters: { b: "2", a: "1" } }

describe("a key", () => {
  it.effect("is the same for the same question and values, in whatever order", () =>
    Effect.gen(function*() {
      const key = yield* RunKey.make(subject, undefined)
      expect(key).toMatch(/^[0-9a-f]{16}$/)
      expect(yield* RunKey.make({ questionId: "q", parameters: { a: "1", b: "2" } }, undefined)).toBe(key)
      expect(yield* RunKey.fingerprint(subject)).toBe(key)
      const others = [
        { ...subject, questionId: "p" },
        { ...subject, parameters: { b: "2" } },
        { ...subject, parameters: { b: "1", a: "2" } },
        { ...subject, parameters: { b: "2\",\"a\":\"1" } }
      ]
      for (const other of others) expect(yield* RunKey.make(other, undefined)).not.toBe(key)
    }))

  it.effect("that is given depends on nothing else", () =>
    Effect.gen(function*() {
      const key = yield* RunKey.make(subject, "monday")
      expect(yield* RunKey.make({ questionId: "p", parameters: {} }, "monday")).toBe(key)
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
