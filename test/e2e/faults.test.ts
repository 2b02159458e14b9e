import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Host from "./host.js"

const hero = "Campaign reach and sales overlap"

const setUp = (env: Record<string, string> = {}) =>
  Effect.gen(function*() {
    const sandbox = yield* Sandbox.make({ speed: 600 })
    const state = yield* Host.folder
    const host = yield* Host.start([], { ...Host.settingsFor(sandbox, state), ...env })
    return { sandbox, host }
  })

const dates = { "exposures.date_start": "2026-09-01", "exposures.date_end": "2026-10-31" }

describe("the whole stack over a Habu that fails", () => {
  it.live(
    "a Habu that is killed is told as unreachable, and reads stand on the last good copy",
    () =>
      Effect.gen(function*() {
        const scope = yield* Scope.make()
        const sandbox = yield* Scope.extend(Sandbox.make({ speed: 600 }), scope)
        const host = yield* Host.start([], Host.settingsFor(sandbox, yield* Host.folder))
        expect((yield* host.call("find_resources", { kind: "clean_rooms" })).isError).toBe(false)
        yield* Scope.close(scope, Exit.void)
        const down = yield* host.call("find_resources", { kind: "data_connections" })
        expect(down.isError).toBe(true)
        expect(down.structured).toBeUndefined()
        expect(down.text).toContain("HABU_UNAVAILABLE")
        expect(down.text).toContain("could not be reached")
        const health = yield* host.call("health_check")
        expect(health.isError).toBe(false)
        expect(health.structured?.["status"]).not.toBe("done")
        expect(yield* host.call("find_resources", { kind: "clean_rooms" })).toMatchObject({ isError: false })
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("a Habu that takes 10 s is waited for", () =>
    Effect.gen(function*() {
      const { host, sandbox } = yield* setUp()
      yield* sandbox.faults.add({ operation: "getAllDataConnections", kind: "delay", millis: 10_000, count: 1 })
      const slow = yield* host.call("find_resources", { kind: "data_connections" })
      expect(slow.isError).toBe(false)
      expect(yield* Host.sent(sandbox, "getAllDataConnections")).toHaveLength(1)
    }).pipe(Effect.scoped), 40_000)

  it.live(
    "a Habu that takes longer than the time-out is told as such, after the read was tried again",
    () =>
      Effect.gen(function*() {
        const { host, sandbox } = yield* setUp({ HABU_REQUEST_TIMEOUT: "1" })
        yield* sandbox.faults.add({ operation: "getAllDataConnections", kind: "delay", millis: 10_000 })
        const slow = yield* host.call("find_resources", { kind: "data_connections" })
        expect(slow.text).toContain("did not answer in time")
        expect(slow.text).toContain("HABU_UNAVAILABLE")
        expect(yield* Host.sent(sandbox, "getAllDataConnections")).toHaveLength(3)
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("one 500 on a read passes unseen, a lasting one is told with its request id", () =>
    Effect.gen(function*() {
      const { host, sandbox } = yield* setUp()
      yield* sandbox.faults.add({ operation: "getAllDataConnections", kind: "status", status: 500, count: 1 })
      expect((yield* host.call("find_resources", { kind: "data_connections" })).isError).toBe(false)
      yield* sandbox.faults.add({ operation: "getAllOrganizationUsers", kind: "status", status: 500 })
      const failed = yield* host.call("find_resources", { kind: "users" })
      expect(failed.text).toContain("status 500")
      expect(failed.text).toContain("\"request_id\":\"")
    }).pipe(Effect.scoped), 30_000)

  it.live("a 429 is told with its time, and no start is sent while the budget is closed", () =>
    Effect.gen(function*() {
      const { host, sandbox } = yield* setUp()
      yield* sandbox.faults.add({ operation: "createCleanroomQuestionRun", kind: "status", status: 429, count: 1 })
      const limited = yield* host.call("execute_question_workflow", { question: hero, parameters: dates })
      expect(limited.text).toContain("RATE_LIMITED")
      expect(limited.text).toMatch(/"retry_at":"\d{4}-/)
      const closed = yield* host.call("execute_question_workflow", { question: hero, parameters: dates })
      expect(closed.structured?.["status"]).toBe("failed")
      expect(closed.text).toContain("No run start is left")
      expect(yield* Host.sent(sandbox, "createCleanroomQuestionRun")).toHaveLength(1)
    }).pipe(Effect.scoped), 30_000)

  it.live.each(["half", "malformed", "html", "reset"] as const)(
    "an answer that is %s is told as unreadable or cut",
    (kind) =>
      Effect.gen(function*() {
        const { host, sandbox } = yield* setUp()
        yield* sandbox.faults.add({ operation: "getAllDataConnections", kind })
        const garbage = yield* host.call("find_resources", { kind: "data_connections" })
        expect(garbage.isError).toBe(true)
        expect(garbage.text).toMatch(/ANSWER_UNREADABLE|HABU_UNAVAILABLE/)
        expect(garbage.text).not.toMatch(/<html|<!doctype|SyntaxError|undici|at \//i)
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("a token that expires mid-way is renewed once, and the call does not notice", () =>
    Effect.gen(function*() {
      const { host, sandbox } = yield* setUp()
      expect((yield* host.call("find_resources", { kind: "clean_rooms" })).isError).toBe(false)
      yield* sandbox.clock.advance("13 hours")
      yield* Effect.sleep("200 millis")
      expect((yield* host.call("find_resources", { kind: "data_connections" })).isError).toBe(false)
      expect((yield* Host.sent(sandbox, "token")).length).toBeLessThanOrEqual(2)
      expect((yield* sandbox.requests).filter(({ status }) => status === 401)).toHaveLength(1)
    }).pipe(Effect.scoped), 30_000)

  it.live("a start whose answer is lost is found by its name and not sent twice", () =>
    Effect.gen(function*() {
      const { host, sandbox } = yield* setUp()
      yield* sandbox.faults.add({ operation: "createCleanroomQuestionRun", kind: "lost", count: 1 })
      const first = yield* host.call("execute_question_workflow", { question: hero, parameters: dates })
      expect(first.isError).toBe(false)
      expect(["done", "running"]).toContain(first.structured?.["status"])
      const second = yield* host.call("execute_question_workflow", { question: hero, parameters: dates })
      expect(["done", "running"]).toContain(second.structured?.["status"])
      expect(yield* Host.sent(sandbox, "createCleanroomQuestionRun")).toHaveLength(1)
    }).pipe(Effect.scoped), 40_000)

  it.live("a start that is carried out late is never sent again while that is possible", () =>
    Effect.gen(function*() {
      const { host, sandbox } = yield* setUp({ HABU_REQUEST_TIMEOUT: "1" })
      yield* sandbox.faults.add({ operation: "createCleanroomQuestionRun", kind: "late", millis: 1_200_000, count: 1 })
      const first = yield* host.call("execute_question_workflow", {
        question: hero,
        parameters: dates,
        wait_seconds: 0
      })
      expect(first.structured?.["status"]).toBe("unknown")
      expect(first.text).toContain("not known")
      yield* host.call("execute_question_workflow", { question: hero, parameters: dates, wait_seconds: 0 })
      expect(yield* Host.sent(sandbox, "createCleanroomQuestionRun")).toHaveLength(1)
    }).pipe(Effect.scoped), 40_000)
})
