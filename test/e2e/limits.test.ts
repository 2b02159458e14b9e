// Habu's limits and failures as the built command meets them, from the credentials to the breaker.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Host from "./host.js"
import * as Starting from "./starting.js"

const day = 24 * 3_600_000

const retryAt = (text: string) => Date.parse(/"retry_at":"([^"]+)"/.exec(text)?.[1] ?? "")

describe("the API key", () => {
  it.live(
    "that is rotated is told as such, its successor works, and a third token in a day is not asked for",
    () =>
      Effect.gen(function*() {
        const speed = 100
        const sandbox = yield* Sandbox.make({ speed, rows: 200 })
        const settings = Host.settingsFor(sandbox, yield* Host.folder)
        const began = Date.now()
        const first = yield* Host.start([], settings)
        expect((yield* first.call("find_resources", { kind: "clean_rooms" })).isError).toBe(false)
        // A token that was refused within a minute of its making is not replaced.
        yield* Effect.sleep(60_000 / speed + 200)
        const successor = yield* sandbox.rotateSecret
        const rotated = yield* first.call("find_resources", { kind: "users" })
        expect(rotated.text).toContain("CREDENTIALS_REFUSED")
        expect(rotated.text).toContain("a rotated secret must be set anew")
        const second = yield* Host.start([], { ...settings, HABU_API_SECRET: Redacted.value(successor) })
        expect((yield* second.call("find_resources", { kind: "users" })).isError).toBe(false)
        const last = yield* sandbox.rotateSecret
        const third = yield* Host.start([], { ...settings, HABU_API_SECRET: Redacted.value(last) })
        for (
          const [host, code] of [[third, "BUDGET_EXHAUSTED"], [second, "ACCESS_TOKEN_REFUSED"]] as const
        ) {
          const refused = yield* host.call("find_resources", { kind: "data_connections" })
          expect(refused.text).toContain(code)
          expect(retryAt(refused.text), refused.text).toBeGreaterThanOrEqual(began + day / speed)
          expect(retryAt(refused.text), refused.text).toBeLessThanOrEqual(Date.now() + day / speed)
        }
        const tokens = yield* Host.sent(sandbox, "token")
        expect(tokens.filter(({ status }) => status === 200)).toHaveLength(2)
        expect(tokens.filter(({ status }) => status === 429)).toEqual([])
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("a process killed while it asks for a token", () => {
  it.live(
    "leaves the day's other token to the next one, which waits for no more than its lease",
    () =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox.make({ speed: 600, rows: 200 })
        const settings = { ...Host.settingsFor(sandbox, yield* Host.folder), HABU_REQUEST_TIMEOUT: "1" }
        yield* sandbox.faults.add({ operation: "token", kind: "delay", millis: 600 * 30_000, count: 1 })
        const victim = yield* Host.start([], settings)
        const lost = yield* Effect.fork(victim.call("find_resources", { kind: "clean_rooms" }))
        yield* Effect.repeat(Host.sent(sandbox, "token"), {
          until: (sent) => sent.length > 0,
          schedule: Schedule.spaced(5)
        })
        process.kill(victim.pid, "SIGKILL")
        yield* Fiber.await(lost)
        const next = yield* Host.start([], settings)
        const [took, rooms] = yield* Effect.timed(next.call("find_resources", { kind: "clean_rooms" }))
        expect(rooms.isError, rooms.text).toBe(false)
        expect(Duration.toSeconds(took)).toBeLessThan(15)
        expect(yield* Host.sent(sandbox, "token")).toHaveLength(2)
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("a Habu that is down", () => {
  it.live(
    "reads stand on the last good copy with its age said, starts fail at once, and the breaker is shown",
    () =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox.make({ speed: 600, rows: 200 })
        const host = yield* Host.start([], Host.settingsFor(sandbox, yield* Host.folder))
        const rooms = yield* host.call("find_resources", { kind: "clean_rooms" })
        expect(rooms.structured).not.toHaveProperty("as_of")
        // A write makes every copy old.
        expect(Starting.runOf(yield* Starting.ask(host, "before"))).toBeDefined()
        expect((yield* host.call("health_check")).structured?.["breaker"]).toMatchObject({ state: "closed" })
        yield* sandbox.faults.add({ operation: "*", kind: "status", status: 503 })
        const copy = yield* host.call("find_resources", { kind: "clean_rooms" })
        expect(copy.structured).toMatchObject({ total: rooms.structured?.["total"], as_of: expect.any(String) })
        expect(copy.text).toContain("Habu does not answer now")
        yield* host.call("find_resources", { kind: "users" })
        const health = yield* host.call("health_check")
        expect(health.structured).toMatchObject({ status: "partial", breaker: { state: "open" } })
        expect(health.text).toContain("held back until")
        const before = (yield* sandbox.requests).length
        const [took, refused] = yield* Effect.timed(Starting.ask(host, "amid"))
        expect(refused.isError, refused.text).toBe(true)
        expect(refused.text).toContain("BREAKER_OPEN")
        expect(retryAt(refused.text)).toBeGreaterThan(Date.now())
        expect(Duration.toSeconds(took)).toBeLessThan(5)
        expect(yield* sandbox.requests).toHaveLength(before)
        expect(yield* Host.sent(sandbox, Starting.operation)).toHaveLength(1)
      }).pipe(Effect.scoped),
    60_000
  )
})
