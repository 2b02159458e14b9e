import { describe, expect, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import * as Redaction from "../../src/habu/Redaction.js"

const canary = "CANARY-a1b2c3"

describe("Redaction.redact", () => {
  it.each([
    ["a password", { password: canary }],
    ["a number under a secret's name", { apiKey: 123_456_789 }],
    ["a list of secrets", { secrets: [canary] }],
    ["a named value", { name: "AWS_SECRET_ACCESS_KEY", value: canary }],
    ["a named value that is no text", { name: "x", value: { nested: [canary] } }],
    ["credentials", { credentials: [{ name: "key", value: canary }] }],
    ["a structure under a secret's name", { private_key: { part: canary, list: [[canary]] } }],
    ["a redacted value", { anything: Redacted.make(canary) }],
    ["rows of a result", { stats: [{ recordStats: { email: canary } }] }],
    ["a row that came without its list", { stats: { recordStats: { email: canary } } }],
    ["a token", { accessToken: canary, token_type: canary }],
    ["a salt", { runMetadata: { saltKey: canary } }],
    ["something deeply nested", { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: canary } } } } } } } } } }]
  ])("hides %s", (_, value) => {
    expect(JSON.stringify(Redaction.redact(value))).not.toMatch(/CANARY|123456789/)
  })

  it("shows what a credential asks for, and that a value was given", () => {
    expect(Redaction.redact({ credentials: [{ name: "AWS_USER_ARN", value: canary }] })).toEqual({
      credentials: [{ name: "AWS_USER_ARN", value: "<redacted>" }]
    })
  })

  it("shows harmless values", () => {
    const run = { id: "r-1", status: "QUEUED", isRetryable: false, count: 3, missing: null }
    expect(Redaction.redact(run)).toEqual(run)
  })

  it("counts rows, and cuts long lists and texts", () => {
    expect(Redaction.redact({ stats: [{}, {}, {}] })).toEqual({ stats: "<3 rows>" })
    expect(Redaction.redact([1, 2, 3, 4, 5, 6, 7])).toEqual([1, 2, 3, 4, 5, "… 2 more"])
    expect(Redaction.redact("x".repeat(10_000))).toBe(`${"x".repeat(199)}…`)
  })
})

describe("Redaction.show", () => {
  it("is one capped line, and nothing for nothing", () => {
    expect(Redaction.show(undefined)).toBe("")
    expect(Redaction.show({ name: "a\nb" })).toBe("{\"name\":\"a b\"}")
    expect(Redaction.show(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i])))).toHaveLength(
      2_000
    )
  })
})

describe("what is said in answer to a secret", () => {
  it("is freed of it, also as JSON writes it", () => {
    const value = "{\"private\": \"line one\\nline two\"}"
    const secrets = Redaction.secretsIn({
      name: "mine",
      credentials: [{ name: "serviceAccountKey", value: Redacted.make(value) }],
      password: "hunter2-hunter2"
    })
    expect(secrets).toEqual([value, "hunter2-hunter2"])
    const echo = `Bad value ${value} or ${JSON.stringify(value)} or hunter2-hunter2 for serviceAccountKey`
    expect(Redaction.without(echo, secrets)).toBe(
      "Bad value <redacted> or \"<redacted>\" or <redacted> for serviceAccountKey"
    )
  })

  it("keeps its words where a secret is as short as a word", () => {
    expect(Redaction.secretsIn({ credentials: [{ name: "REGION", value: "us" }, { name: "n", value: 1 }] })).toEqual([])
  })
})
