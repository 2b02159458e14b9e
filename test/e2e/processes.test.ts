import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as path from "node:path"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as RedisServers from "../state/RedisServers.js"
import * as Host from "./host.js"
import * as Starting from "./starting.js"

const eight = Array.from({ length: 8 }, (_, index) => index)
const hour = 3_600_000

// Loaded, and without a token yet.
const fleet = (settings: Record<string, string>) =>
  Effect.forEach(
    eight,
    () => Effect.tap(Host.start([], settings), (host) => host.call("health_check")),
    { concurrency: "unbounded" }
  )

// Forty starts at the same moment, five by each process.
const forty = (settings: Record<string, string>) =>
  Effect.flatMap(fleet(settings), (hosts) =>
    Effect.forEach(
      hosts.flatMap((host, index) => [0, 1, 2, 3, 4].map((number) => ({ host, key: `start-${index}-${number}` }))),
      ({ host, key }) => Effect.map(Starting.ask(host, key), (reply) => ({ key, reply })),
      { concurrency: "unbounded" }
    )).pipe(Effect.scoped)

const nextSlot = (text: string) => Date.parse(/(?:free at |"retry_at":")(\d{4}-[^"Z]+Z)/.exec(text)?.[1] ?? "")

const Line = Schema.parseJson(Schema.Struct({ operation: Schema.String, outcome: Schema.String }))

const audited = (folder: string) =>
  fs.readFileSync(path.join(folder, "audit.jsonl"), "utf8").trim().split("\n").map((line) =>
    Schema.decodeUnknownSync(Line)(line)
  )

const spendsOnce = (state: string) =>
  Effect.gen(function*() {
    const speed = 10
    const sandbox = yield* Sandbox.make({ speed, rows: 200 })
    const audit = yield* Host.folder
    const settings = { ...Host.settingsFor(sandbox, state), HABU_AUDIT: audit }
    const startedAt = Date.now()
    const first = yield* forty(settings)
    const started = first.filter(({ reply }) => Starting.runOf(reply) !== undefined)
    const refused = first.filter(({ reply }) => Starting.runOf(reply) === undefined)
    expect([started.length, refused.length], refused[0]?.reply.text ?? "").toEqual([20, 20])
    for (const { key, reply } of started) expect(Starting.runsOf(sandbox, key)).toEqual([Starting.runOf(reply)])
    for (const { reply } of refused) {
      expect(nextSlot(reply.text), reply.text).toBeGreaterThanOrEqual(startedAt + hour / speed)
      expect(nextSlot(reply.text), reply.text).toBeLessThanOrEqual(Date.now() + hour / speed)
    }
    // All end, and eight others ask for the same.
    const second = yield* forty(settings)
    expect(Date.now() - startedAt, "the hour was over").toBeLessThan(hour / speed)
    for (const { key, reply } of second) {
      const before = started.find((one) => one.key === key)
      expect(Starting.runOf(reply), reply.text).toBe(before && Starting.runOf(before.reply))
      if (before === undefined) expect(nextSlot(reply.text), reply.text).toBeGreaterThan(Date.now())
    }
    const creates = yield* Host.sent(sandbox, Starting.operation)
    expect(creates.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(yield* Host.sent(sandbox, "token")).toHaveLength(1)
    const outcomes = audited(audit).map(({ outcome }) => outcome)
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(20)
    // Whoever saw in time that no start was left did not even try.
    expect(["done", "not_sent"]).toEqual(expect.arrayContaining([...new Set(outcomes)]))
  }).pipe(Effect.scoped)

const sixHours = 6 * hour

// A run of someone else's that goes on for six hours.
const longRun = (sandbox: Sandbox.Service) =>
  Effect.gen(function*() {
    const now = yield* sandbox.clock.now
    const [template] = sandbox.world.runs.where(({ outcome }) => outcome.known === "Completed")
    if (template === undefined) return yield* Effect.dieMessage("The sandbox has no run to take as a model")
    const times = { submittedAt: now, executedAt: now + 60_000, completedAt: now + sixHours }
    return sandbox.world.runs.put({ ...template, ...times, id: crypto.randomUUID(), name: "long", reported: undefined })
  })

describe("eight processes on one store", () => {
  it.live(
    "of files ask for 40 starts and a token each: 20 and 1 are spent, also after all began anew",
    () => Effect.scoped(Effect.flatMap(Host.folder, spendsOnce)),
    120_000
  )

  it.live.runIf(RedisServers.installed())(
    "in a Redis ask for 40 starts and a token each: 20 and 1 are spent, also after all began anew",
    () =>
      RedisServers.privateServer().pipe(
        Effect.flatMap(({ port }) => spendsOnce(`redis://127.0.0.1:${port}`)),
        Effect.scoped
      ),
    120_000
  )

  it.live(
    "follow a run of six hours with one poll in five minutes at most, and all see its end",
    () =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox.make({ speed: 1800, rows: 200 })
        const hosts = yield* fleet(Host.settingsFor(sandbox, yield* Host.folder))
        yield* Effect.forEach(hosts, (host) => host.call("find_resources", { kind: "clean_rooms" }), {
          concurrency: "unbounded"
        })
        const run = yield* longRun(sandbox)
        const ends = yield* Effect.forEach(
          hosts,
          (host) => host.call("execute_question_workflow", { run: run.id, wait_seconds: 45 }),
          { concurrency: "unbounded" }
        )
        expect(ends.map(({ structured }) => structured?.["status"])).toEqual(eight.map(() => "done"))
        const polls = (yield* Host.sent(sandbox, "getCleanroomQuestionRunById")).filter((one) =>
          one.path.includes(run.id)
        )
        const times = polls.map(({ time }) => Date.parse(time))
        const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5 * 60_000)
        expect(polls.length).toBeGreaterThan(5)
        expect(Math.max(...times)).toBeGreaterThanOrEqual(run.completedAt)
      }).pipe(Effect.scoped),
    120_000
  )
})
