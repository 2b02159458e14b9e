import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import { fileURLToPath } from "node:url"
import * as Selection from "../../src/mcp/Selection.js"
import type { Surface } from "../../src/mcp/Surface.js"
import surface from "../../src/mcp/surface.json" with { type: "json" }
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import { staticGraph } from "../tooling/staticGraph.js"
import * as Host from "./host.js"

const hero = "Campaign reach and sales overlap"
const dates = { "exposures.date_start": "2026-09-01", "exposures.date_end": "2026-10-31" }

// Starts the bare process, says hello, and tells how it ended.
const ending = (how: (child: ReturnType<typeof spawn>) => void, env: Record<string, string> = {}, during = "") =>
  Effect.promise(() =>
    new Promise<{ code: number | null; signal: string | null; millis: number; out: string }>((resolve, reject) => {
      const child = spawn(process.execPath, [Host.command, "--sandbox", "--log-level", "none"], {
        env: { PATH: process.env["PATH"] ?? "", ...env },
        stdio: ["pipe", "pipe", "pipe"]
      })
      let out = ""
      let startedAt = 0
      const begin = () => {
        if (startedAt !== 0) return
        startedAt = performance.now()
        how(child)
      }
      child.stdout.on("data", (chunk: Buffer) => {
        out += chunk.toString("utf8")
        if (during === "" || out.includes(during)) begin()
      })
      child.stdout.on("error", () => undefined)
      child.stdin.on("error", () => undefined)
      child.on("error", reject)
      child.on("exit", (code, signal) => resolve({ code, signal, millis: performance.now() - startedAt, out }))
      const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
      send({
        id: 1,
        method: "initialize",
        params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } }
      })
      if (during !== "") {
        send({ method: "notifications/initialized" })
        send({
          id: 2,
          method: "tools/call",
          params: {
            name: "execute_question_workflow",
            arguments: { question: hero, parameters: dates, wait_seconds: 45 },
            _meta: { progressToken: 7 }
          }
        })
      }
    })
  )

describe("the built command over stdio", () => {
  it.live(
    "answers initialize and tools/list without credentials, and every call says what to set",
    () =>
      Effect.gen(function*() {
        const host = yield* Host.start([], { HABU_STATE: "memory" })
        expect(host.client.getServerVersion()?.name).toBe("habu-mcp")
        const { tools } = yield* Effect.promise(() => host.client.listTools())
        const usual = Selection.select(surface as Surface, {})
        expect(tools.map((tool) => tool.name)).toEqual(usual.tools.map((tool) => tool.name))
        for (const tool of tools) {
          expect(tool.annotations).toMatchObject({
            readOnlyHint: expect.any(Boolean),
            openWorldHint: expect.any(Boolean)
          })
          expect(JSON.stringify(tool.inputSchema)).not.toMatch(/\$ref|\$schema/)
          expect(Object.keys(tool.inputSchema)).not.toContain("anyOf")
        }
        for (const name of ["test_connection", "execute_question_workflow"]) {
          const refused = yield* host.call(name, name === "test_connection" ? {} : { question: hero })
          expect(refused.isError).toBe(true)
          expect(refused.text).toContain("HABU_API_CLIENT is not set")
          expect(refused.text).toContain("--sandbox")
        }
        const health = yield* host.call("health_check")
        expect(health.isError).toBe(false)
        expect(health.text).toContain("HABU_API_CLIENT")
        expect(host.strays()).toEqual([])
      }).pipe(Effect.scoped),
    30_000
  )

  it.live(
    "runs a question to its results in the sandbox, with progress, and says that the data is synthetic",
    () =>
      Effect.gen(function*() {
        const host = yield* Host.start(["--sandbox"])
        expect(JSON.stringify(host.client.getServerVersion())).toContain("sandbox, synthetic data")
        const plan = yield* host.call("execute_question_workflow", { question: hero, dry_run: true })
        expect(plan.structured).toMatchObject({ status: "needs_input", environment: "sandbox, synthetic data" })
        let reply = yield* host.call("execute_question_workflow", {
          question: hero,
          parameters: dates,
          wait_seconds: 45
        })
        const steps = reply.steps.map((step) => step.progress)
        expect(steps.length).toBeGreaterThan(1)
        expect([...steps].sort((a, b) => a - b)).toEqual(steps)
        for (let i = 0; i < 3 && reply.structured?.["status"] === "running"; i++) {
          const run = reply.structured["run"] as { readonly id: string }
          yield* Effect.sleep("6 seconds")
          reply = yield* host.call("execute_question_workflow", { run: run.id, wait_seconds: 45 })
        }
        expect(reply.structured).toMatchObject({ status: "done", run: { phase: "completed" } })
        const results = reply.structured?.["results"] as { row_count: number; rows: ReadonlyArray<object> }
        expect(results.row_count).toBeGreaterThan(0)
        expect(results.rows.length).toBe(Math.min(10, results.row_count))
        expect(reply.text).toContain("sandbox, synthetic data")
      }).pipe(Effect.scoped),
    120_000
  )

  it.live(
    "takes objects as JSON text, refuses unknown arguments by name, and unknown tools",
    () =>
      Effect.gen(function*() {
        const host = yield* Host.start(["--sandbox"])
        const asText = yield* host.call("execute_question_workflow", {
          question: hero,
          parameters: JSON.stringify(dates),
          dry_run: "true"
        })
        expect(asText.structured).toMatchObject({ status: "done" })
        const misspelt = yield* host.call("find_resources", { kind: "questions", cleanroom: "x" })
        expect(misspelt.isError).toBe(true)
        expect(misspelt.text).toContain("cleanroom is not an argument")
        expect(misspelt.text).toContain("clean_room")
        const kind = yield* host.call("find_resources", { kind: "rooms" })
        expect(kind.text).toContain("clean_rooms")
        expect((yield* host.call("no_such_tool")).text).toContain("health_check")
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("a cancelled call gives up waiting and leaves the run alone", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.make({ speed: 60 })
      const host = yield* Host.start([], Host.settingsFor(sandbox, yield* Host.folder))
      const controller = new AbortController()
      const cancelled = host.call(
        "execute_question_workflow",
        { question: hero, parameters: dates, wait_seconds: 45 },
        { signal: controller.signal }
      )
      const fiber = yield* Effect.fork(Effect.exit(cancelled))
      yield* Effect.repeat(Effect.sleep("50 millis"), {
        until: () => Effect.map(Host.sent(sandbox, "createCleanroomQuestionRun"), (sent) => sent.length > 0)
      })
      yield* Effect.sync(() => controller.abort())
      yield* fiber.await
      const again = yield* host.call("execute_question_workflow", {
        question: hero,
        parameters: dates,
        wait_seconds: 0
      })
      expect(again.structured?.["status"]).toBe("running")
      expect(yield* Host.sent(sandbox, "createCleanroomQuestionRun")).toHaveLength(1)
      expect((yield* sandbox.requests).filter(({ method }) => method === "DELETE")).toEqual([])
    }).pipe(Effect.scoped), 40_000)

  it.live(
    "ends with the host: end of stdin, signals, a broken pipe, idle or in the middle of a call",
    () =>
      Effect.gen(function*() {
        const ends = yield* Effect.all([
          ending((child) => child.stdin?.end()),
          ending((child) => child.kill("SIGTERM")),
          ending((child) => child.kill("SIGINT")),
          ending((child) => child.kill("SIGHUP")),
          ending((child) => child.stdin?.end(), {}, "notifications/progress"),
          ending((child) => child.kill("SIGTERM"), {}, "notifications/progress"),
          ending((child) => child.stdout?.destroy(), {}, "notifications/progress")
        ], { concurrency: 2 })
        for (const { code, millis, out } of ends) {
          expect(code).toBe(0)
          expect(millis).toBeLessThan(4_000)
          for (const line of out.split("\n").filter((text) => text !== "")) expect(line).toMatch(/^\{/)
        }
      }),
    60_000
  )

  it.live("two processes that share a state folder share one access token", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.make({ speed: 60 })
      const settings = Host.settingsFor(sandbox, yield* Host.folder)
      const hosts = yield* Effect.all([Host.start([], settings), Host.start([], settings)], { concurrency: 2 })
      yield* Effect.forEach(hosts, (host) => host.call("find_resources", { kind: "clean_rooms" }), { concurrency: 2 })
      expect(yield* Host.sent(sandbox, "token")).toHaveLength(1)
    }).pipe(Effect.scoped), 30_000)
})

describe("the bundle", () => {
  it("answers initialize and tools/list without Effect, DuckDB, LMDB or the sandbox", () => {
    const meta = fs.readFileSync(fileURLToPath(new URL("../../dist/bin/meta.json", import.meta.url)), "utf8")
    const { externals, sources } = staticGraph(JSON.parse(meta), "src/bin/habu-mcp.ts")
    expect(sources).toContain("src/mcp/surface.json")
    expect(
      sources.filter((source) =>
        /node_modules\/(@?effect|@duckdb|lmdb|undici)|src\/(sandbox|habu|workflows|state)/.test(source)
      )
    )
      .toEqual([])
    expect(externals.filter((name) => !name.startsWith("node:") && /duckdb|lmdb|effect/.test(name))).toEqual([])
  })
})
