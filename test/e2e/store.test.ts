// What the built command does where its state cannot be kept: nothing is started that is not recorded.
import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Processes from "../state/processes.js"
import * as RedisServers from "../state/RedisServers.js"
import * as Host from "./host.js"
import * as Starting from "./starting.js"

const sandboxed = Sandbox.make({ speed: 600, rows: 200 })

const creates = (sandbox: Sandbox.Service) => Effect.map(Host.sent(sandbox, Starting.operation), (sent) => sent.length)

// Told in bounded time, from the store, and with what to do.
const refusal = (host: Host.Host, key: string) =>
  Effect.gen(function*() {
    const [took, reply] = yield* Effect.timed(Starting.ask(host, key))
    expect(reply.isError, reply.text).toBe(true)
    expect(reply.text).toContain("STATE_UNAVAILABLE")
    expect(reply.text).toContain("HABU_STATE")
    expect(Duration.toSeconds(took)).toBeLessThan(20)
    return reply.text
  })

const mounts = process.platform === "linux" && process.getuid?.() === 0

// A disk of one megabyte. Where none can be had, that is said.
const smallDisk = Effect.flatMap(Host.folder, (folder) =>
  Effect.acquireRelease(
    Effect.sync(() => ({
      folder,
      made: mounts && spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status === 0
    })),
    ({ made }) => Effect.sync(() => void (made && spawnSync("umount", ["--lazy", folder])))
  ))

describe("the command and a Redis that goes away", () => {
  it.live.runIf(RedisServers.installed())(
    "starts nothing without it, says so, and goes on once it is back",
    () =>
      Effect.gen(function*() {
        const sandbox = yield* sandboxed
        const redis = yield* RedisServers.privateServer()
        const settings = {
          ...Host.settingsFor(sandbox, `redis://127.0.0.1:${redis.port}`),
          HABU_REQUEST_TIMEOUT: "4",
          HABU_AUDIT: "memory"
        }
        const host = yield* Host.start([], settings)
        const run = Starting.runOf(yield* Starting.ask(host, "before"))
        expect(run).toBeDefined()
        yield* redis.kill
        expect(yield* refusal(host, "without")).toContain(String(redis.port))
        expect(yield* creates(sandbox)).toBe(1)
        yield* redis.start
        // The connection is tried anew after a moment.
        const back = yield* Effect.repeat(Effect.delay(Starting.ask(host, "before"), "200 millis"), {
          until: (reply) => Starting.runOf(reply) !== undefined,
          times: 20
        })
        expect(Starting.runOf(back), back.text).toBe(run)
        expect(Starting.runOf(yield* Starting.ask(host, "without"))).toBeDefined()
        expect(yield* creates(sandbox)).toBe(2)
        // Gone in the middle of a start, at one moment or another.
        const keys = [0, 20, 40, 60, 80].map((millis) => ({ key: `amid-${millis}`, millis }))
        for (const { key, millis } of keys) {
          const start = yield* Effect.fork(Starting.ask(host, key))
          yield* Effect.sleep(millis)
          yield* redis.kill
          const reply = yield* Fiber.join(start)
          const runs = Starting.runsOf(sandbox, key)
          expect(runs.length, reply.text).toBeLessThanOrEqual(1)
          if (reply.text.includes("STATE_UNAVAILABLE")) expect(runs, reply.text).toEqual([])
          if (Starting.runOf(reply) !== undefined) expect(runs).toEqual([Starting.runOf(reply)])
          yield* redis.start
        }
        for (const { key } of keys) {
          const { run, runs, untruths } = yield* Starting.settle(sandbox, host, key)
          expect(untruths).toEqual([])
          expect(runs).toEqual([run])
        }
      }).pipe(Effect.scoped),
    120_000
  )
})

describe("the command and a disk", () => {
  it.live("that is read-only: nothing is started, and what to do is said", () =>
    Effect.gen(function*() {
      const sandbox = yield* sandboxed
      const closed = yield* Host.folder
      yield* Effect.sync(() => fs.chmodSync(closed, 0o500))
      // For the superuser only the kernel's own files are.
      const state = path.join(process.getuid?.() === 0 ? "/sys" : closed, "habu-mcp")
      const host = yield* Host.start([], Host.settingsFor(sandbox, state))
      expect(yield* refusal(host, "any")).toContain(state)
      expect(yield* sandbox.requests).toEqual([])
    }).pipe(Effect.scoped), 60_000)

  it.live(
    "that is full from the beginning: nothing is started, and what to do is said",
    (context) =>
      Effect.gen(function*() {
        const { folder, made } = yield* smallDisk
        if (!made) return context.skip("no small disk can be mounted here")
        const sandbox = yield* sandboxed
        const host = yield* Host.start([], Host.settingsFor(sandbox, path.join(folder, "state")))
        expect(yield* refusal(host, "any")).toContain("full")
        expect(yield* sandbox.requests).toEqual([])
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("that becomes full: what was told stays so, and nothing more is started", () =>
    Effect.gen(function*() {
      const sandbox = yield* sandboxed
      const settings = {
        ...Host.settingsFor(sandbox, yield* Host.folder),
        HABU_AUDIT: "memory"
      }
      const told = yield* Effect.scoped(Effect.gen(function*() {
        const host = yield* Host.start([], settings, { fileBlocks: 90 })
        const runs = new Map<string, string>()
        for (let index = 0; index < 15; index++) {
          const reply = yield* Starting.ask(host, `fill-${index}`)
          const run = Starting.runOf(reply)
          if (run !== undefined) runs.set(`fill-${index}`, run)
          else {
            expect(reply.text).toContain("STATE_UNAVAILABLE")
            expect(Starting.runsOf(sandbox, `fill-${index}`), reply.text).toEqual([])
            break
          }
        }
        return runs
      }))
      expect(told.size).toBeLessThan(15)
      const host = yield* Host.start([], settings)
      for (const [key, run] of told) {
        const reply = yield* Starting.ask(host, key)
        // The last one told may not have been noted; then it is in doubt until it is found by its name.
        if (reply.structured?.["status"] !== "unknown") expect(Starting.runOf(reply), reply.text).toBe(run)
        else expect(key).toBe([...told.keys()].at(-1))
        expect(Starting.runsOf(sandbox, key)).toEqual([run])
      }
      expect(yield* creates(sandbox)).toBe(told.size)
    }).pipe(Effect.scoped), 120_000)

  it.live.each(
    [
      ["cut off", (whole: Buffer) => whole.subarray(0, 5000)],
      ["overwritten", (whole: Buffer) => Buffer.alloc(whole.length, "garbage ")]
    ] as const
  )(
    "on which the file is %s: it is set aside, and what Habu runs is not started again",
    ([_, damage]) =>
      Effect.gen(function*() {
        const sandbox = yield* sandboxed
        const state = yield* Host.folder
        const settings = Host.settingsFor(sandbox, state)
        const order = { question: Starting.question, parameters: Starting.parameters, wait_seconds: 0 }
        const run = yield* Effect.scoped(
          Effect.flatMap(Host.start([], settings), (host) =>
            Effect.map(host.call("execute_question_workflow", order), Starting.runOf))
        )
        const file = path.join(state, "state.mdb")
        const damaged = damage(fs.readFileSync(file))
        fs.writeFileSync(file, damaged)
        const host = yield* Host.start([], settings)
        const health = yield* host.call("health_check")
        const [aside = "none"] = fs.readdirSync(state).filter((name) =>
          /state\.mdb\..*(damaged|unreadable)/.test(name)
        )
        expect(fs.readdirSync(state).join(" ")).toMatch(/damaged|unreadable|aside/)
        expect(health.text).toContain("set aside")
        expect(aside === "none" ? damaged : fs.readFileSync(path.join(state, aside))).toEqual(damaged)
        const again = yield* host.call("execute_question_workflow", order)
        expect(Starting.runOf(again), again.text).toBe(run)
        expect(yield* creates(sandbox)).toBe(1)
      }).pipe(Effect.scoped),
    60_000
  )

  it.live(
    "where another process is stopped in the middle of a change: told in time, and it goes on after it",
    () =>
      Effect.gen(function*() {
        const sandbox = yield* sandboxed
        const state = yield* Host.folder
        const settings = Host.settingsFor(sandbox, state)
        const host = yield* Host.start([], settings)
        const run = Starting.runOf(yield* Starting.ask(host, "before"))
        const other = yield* Processes.start(["stop"], { state })
        yield* Processes.printed(other)
        expect(yield* refusal(host, "amid")).toContain("Another process")
        const late = yield* Host.start([], settings)
        yield* refusal(late, "amid")
        expect(yield* creates(sandbox)).toBe(1)
        const ended = yield* Effect.fork(Processes.ended(other))
        other.kill("SIGCONT")
        expect(yield* Fiber.join(ended)).toMatchObject({ signal: null })
        expect(Starting.runOf(yield* Starting.ask(late, "before"))).toBe(run)
        expect(Starting.runOf(yield* Starting.ask(host, "amid"))).toBeDefined()
        expect(yield* creates(sandbox)).toBe(2)
      }).pipe(Effect.scoped),
    120_000
  )
})
