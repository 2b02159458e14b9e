import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import * as AuditLog from "../../src/audit/AuditLog.js"
import { CurrentTool } from "../../src/audit/CurrentTool.js"
import * as Operations from "../../src/habu/Operations.js"
import type { Write } from "../../src/habu/WriteObserver.js"

const platform = Layer.merge(NodeFileSystem.layer, NodePath.layer)

const folder = Effect.acquireRelease(
  Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "habu-audit-"))),
  (made) => Effect.sync(() => fs.rmSync(made, { recursive: true, force: true }))
)

const operation = Option.getOrThrow(Operations.get("createOrganizationCredential"))

const write = (more: Partial<Write> = {}): Write => ({
  operation,
  target: { cleanroomId: "room-1" },
  query: undefined,
  payload: { name: "store", credentials: [{ name: "KEY", value: Redacted.make("CANARY-1") }], password: "CANARY-2" },
  outcome: "done",
  code: undefined,
  requestId: "r-1",
  ...more
})

const open = (options: Partial<AuditLog.Options> & { readonly folder: string }) =>
  Effect.provide(AuditLog.make({ organization: "org-a", ...options }), platform)

describe("AuditLog", () => {
  it.scoped("keeps what was written, by whom, to what and how it ended, and no secret", () =>
    Effect.gen(function*() {
      const place = path.join(yield* folder, "deep", "audit")
      const log = yield* open({ folder: place })
      yield* Effect.provideService(log.record(write()), CurrentTool, "some_tool")
      yield* TestClock.adjust("1 hour")
      yield* log.record(
        write({ outcome: "unknown", code: "OUTCOME_UNKNOWN", requestId: undefined, payload: undefined })
      )
      const { entries, unreadable } = yield* log.read({})
      expect(unreadable).toBe(0)
      expect(entries).toEqual([
        {
          at: "1970-01-01T00:00:00.000Z",
          organization: "org-a",
          tool: "some_tool",
          operation: "createOrganizationCredential",
          target: { cleanroomId: "room-1" },
          outcome: "done",
          request_id: "r-1",
          payload: expect.objectContaining({ name: "store" })
        },
        {
          at: "1970-01-01T01:00:00.000Z",
          organization: "org-a",
          operation: "createOrganizationCredential",
          target: { cleanroomId: "room-1" },
          outcome: "unknown",
          code: "OUTCOME_UNKNOWN"
        }
      ])
      const text = fs.readFileSync(path.join(place, "audit.jsonl"), "utf8")
      expect(text).not.toContain("CANARY")
      expect(fs.statSync(place).mode & 0o777).toBe(0o700)
      expect(fs.statSync(path.join(place, "audit.jsonl")).mode & 0o777).toBe(0o600)
    }))

  it.scoped("reads by time, operation and target, and only the own organisation's", () =>
    Effect.gen(function*() {
      const place = yield* folder
      const ours = yield* open({ folder: place })
      const theirs = yield* open({ folder: place, organization: "org-b" })
      yield* ours.record(write())
      yield* theirs.record(write())
      yield* TestClock.adjust("1 day")
      yield* ours.record(write({ target: { cleanroomId: "room-2" } }))
      const count = (query: AuditLog.Query) => Effect.map(ours.read(query), ({ entries }) => entries.length)
      expect(yield* count({})).toBe(2)
      expect(yield* count({ since: 1000 })).toBe(1)
      expect(yield* count({ target: "room-1" })).toBe(1)
      expect(yield* count({ operation: "deleteCleanroom" })).toBe(0)
    }))

  it.scoped("puts a grown file aside, keeps it readable, and drops it after its time", () =>
    Effect.gen(function*() {
      const place = yield* folder
      const log = yield* open({ folder: place, fileSize: 400, kept: "90 days" })
      for (let i = 0; i < 6; i++) {
        yield* log.record(write({ requestId: `r-${i}` }))
        yield* TestClock.adjust("1 minute")
      }
      expect(fs.readdirSync(place).length).toBeGreaterThan(2)
      const before = yield* log.read({})
      expect(before.entries.map((entry) => entry.request_id)).toEqual(["r-0", "r-1", "r-2", "r-3", "r-4", "r-5"])
      yield* TestClock.adjust("91 days")
      yield* log.record(write({ requestId: "late" }))
      yield* log.record(write({ requestId: "later" }))
      const left = (yield* log.read({})).entries.map((entry) => entry.request_id)
      expect(left).toContain("later")
      expect(left).not.toContain("r-0")
    }))

  it.scoped("loses no line of 8 writers that turn the file at the same time", () =>
    Effect.gen(function*() {
      const place = yield* folder
      const logs = yield* Effect.forEach(Array.from({ length: 8 }), () => open({ folder: place, fileSize: 2_000 }))
      yield* Effect.forEach(
        logs,
        (log, who) =>
          Effect.forEach(Array.from({ length: 25 }), (_, i) => log.record(write({ requestId: `${who}-${i}` }))),
        { concurrency: "unbounded" }
      )
      const { entries, unreadable } = yield* (logs[0] ?? (yield* open({ folder: place }))).read({})
      expect(unreadable).toBe(0)
      expect(new Set(entries.map((entry) => entry.request_id)).size).toBe(200)
    }))

  it.scoped("counts a line that another hand broke, and stops no write when it cannot be written", () =>
    Effect.gen(function*() {
      const place = yield* folder
      const log = yield* open({ folder: place })
      yield* log.record(write())
      fs.appendFileSync(path.join(place, "audit.jsonl"), "{\"at\":\n")
      expect(yield* log.read({})).toMatchObject({ entries: [{ outcome: "done" }], unreadable: 1 })
      const file = path.join(place, "file")
      fs.writeFileSync(file, "")
      const blocked = yield* open({ folder: path.join(file, "audit") })
      yield* blocked.record(write())
      expect((yield* Effect.flip(blocked.read({}))).message).toContain("could not be read")
    }))

  it.scoped("cuts a payload that would make a line too long", () =>
    Effect.gen(function*() {
      const place = yield* folder
      const log = yield* open({ folder: place })
      const wide = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`field${i}`, "x".repeat(100)]))
      yield* log.record(write({ payload: wide, query: { limit: 1 } }))
      const [entry] = (yield* log.read({})).entries
      expect(JSON.stringify(entry).length).toBeLessThan(8_000)
      expect(entry?.query).toEqual({ limit: 1 })
    }))

  it.effect("keeps the same in memory", () =>
    Effect.gen(function*() {
      const log = yield* AuditLog.AuditLog
      yield* log.record(write())
      expect((yield* log.read({ target: "room-1" })).entries).toHaveLength(1)
      expect(log.location).toBe("memory")
    }).pipe(Effect.provide(AuditLog.layerMemory("org-a"))))
})
