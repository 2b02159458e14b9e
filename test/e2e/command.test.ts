// The subcommands for people and scripts: what they print in a pipe, and how they end.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import surface from "../../src/mcp/surface.json" with { type: "json" }
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Host from "./host.js"

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

const run = (args: ReadonlyArray<string>, env: Record<string, string> = {}, input = "") =>
  Effect.promise(() =>
    new Promise<Ended>((resolve, reject) => {
      const child = spawn(process.execPath, [Host.command, ...args], {
        env: { PATH: process.env["PATH"] ?? "", ...env }
      })
      let out = ""
      let err = ""
      child.stdout.on("data", (chunk: Buffer) => out += chunk.toString("utf8"))
      child.stderr.on("data", (chunk: Buffer) => err += chunk.toString("utf8"))
      child.stdin.end(input)
      child.on("error", reject)
      child.on("close", (code) => resolve({ code, out, err }))
    })
  )

describe("every subcommand", () => {
  it.live("explains itself with its exit codes, and refuses what it does not know", () =>
    Effect.gen(function*() {
      for (const subcommand of [[], ["call"], ["tools"], ["doctor"], ["sandbox"]]) {
        const { code, err, out } = yield* run([...subcommand, "--help"])
        expect([subcommand, code, err]).toEqual([subcommand, 0, ""])
        expect(out).toContain(`Usage: habu-mcp ${subcommand.join("")}`)
        expect(out).toContain("Exit codes: 0")
        for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(120)
        const wrong = yield* run([...subcommand, "--kitchen"])
        expect([wrong.code, wrong.out]).toEqual([2, ""])
        expect(wrong.err).toContain(`Try ${["habu-mcp", ...subcommand, "--help"].join(" ")}`)
      }
      expect(yield* run(["kitchen"])).toMatchObject({ code: 2, out: "" })
    }), 60_000)
})

describe("habu-mcp tools", () => {
  it.live("lists the tools, and tells of one", () =>
    Effect.gen(function*() {
      const all = yield* run(["tools"])
      expect(JSON.parse(all.out).map(({ name }: { readonly name: string }) => name)).toEqual(
        surface.tools.map(({ name }) => name)
      )
      const one = JSON.parse((yield* run(["tools", "find_resources"])).out)
      expect(one.inputSchema.properties).toHaveProperty("kind")
      const none = yield* run(["tools", "find_kitchens"])
      expect([none.code, none.out]).toEqual([2, ""])
      expect(none.err).toContain("find_resources")
    }), 30_000)
})

describe("habu-mcp call", () => {
  it.live(
    "takes its arguments from the line or from stdin, and refuses what is no object",
    () =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox.make({ speed: 3600, rows: 300 })
        const settings = Host.settingsFor(sandbox, yield* Host.folder)
        const piped = yield* run(["call", "find_resources", "-"], settings, "{\"kind\": \"clean_rooms\"}")
        expect([piped.code, piped.err]).toEqual([0, ""])
        expect(JSON.parse(piped.out).clean_rooms).toHaveLength(7)
        const missing = yield* run(["call", "execute_question_workflow", "{\"question\": \"Kitchen\"}"], settings)
        expect(JSON.parse(missing.out)).toMatchObject({ status: "failed", error: { code: "REFERENCE_UNKNOWN" } })
        expect(missing.code).toBe(2)
        for (
          const args of [["find_resources", "[]"], ["find_resources", "{"], ["find_resources", "{}", "{}"], ["find"]]
        ) {
          expect(yield* run(["call", ...args], settings)).toMatchObject({ code: 2, out: "" })
        }
        const input = yield* run(["call", "find_resources", "{\"kind\": \"kitchens\"}"], settings)
        expect([input.code, JSON.parse(input.out).error.code]).toEqual([2, "INPUT_INVALID"])
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("habu-mcp doctor", () => {
  interface Check {
    readonly check: string
    readonly result: string
    readonly found: string
    readonly fix?: string
  }

  const examined = (env: Record<string, string>) =>
    Effect.map(run(["doctor"], env), ({ code, out }) => {
      const { checks } = JSON.parse(out) as { readonly checks: ReadonlyArray<Check> }
      const wrong = checks.filter(({ result }) => result === "wrong")
      for (const { fix } of wrong) expect(fix).toBeTruthy()
      return { code, checks, wrong: wrong.map(({ check, found }) => `${check}: ${found}`) }
    })

  it.live("finds what is wrong in the order in which a call needs it", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.make({ speed: 3600, rows: 300 })
      const settings = Host.settingsFor(sandbox, yield* Host.folder)
      const good = yield* examined(settings)
      expect([good.code, good.wrong]).toEqual([0, []])
      expect(good.checks.map(({ check }) => check)).toEqual(
        [
          "node",
          "settings",
          "state store",
          "Habu's API",
          "limits",
          "signing in",
          "rights",
          "results",
          "charts",
          "exports"
        ]
      )
      const unfilled = yield* examined({ ...settings, HABU_API_SECRET: "${HABU_SECRET}" })
      expect([unfilled.code, unfilled.wrong]).toEqual([1, [expect.stringContaining("${HABU_SECRET}")]])
      expect(unfilled.checks.find(({ check }) => check === "signing in")?.result).toBe("skipped")
      const refused = yield* examined({ ...settings, HABU_API_SECRET: "a".repeat(64) })
      expect([refused.code, refused.wrong]).toEqual([1, [expect.stringContaining("signing in")]])
      const insecure = yield* examined({ ...settings, HABU_API: "http://api.habu.example/v1" })
      expect([insecure.code, insecure.wrong]).toEqual([1, [expect.stringContaining("unencrypted")]])
      const other = yield* examined({ ...settings, HABU_ORGANIZATION: "Somebody Else" })
      expect([other.code, other.wrong]).toEqual([1, [expect.stringContaining("HABU_ORGANIZATION")]])
    }).pipe(Effect.scoped), 60_000)
})
