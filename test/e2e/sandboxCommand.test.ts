// `habu-mcp sandbox` as somebody's script would use it: one line on stdout, plain HTTP, a signal at the end.
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as path from "node:path"
import { basic, send } from "../sandbox/harness.js"
import * as Host from "./host.js"
import { launch, type Line } from "./sandboxProcess.js"

const serving = (args: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const process = yield* launch(["--port", "0", "--rows", "3000", ...args])
    const line: Line = JSON.parse(yield* Effect.promise(() => process.first))
    const token = send(`${line.url}/oauth/token`, {
      method: "POST",
      headers: {
        authorization: basic(line.clientId, line.clientSecret),
        "content-type": "application/x-www-form-urlencoded"
      },
      body: "grant_type=client_credentials"
    })
    const accessToken: string = (yield* token).json.accessToken
    const get = (to: string) => send(`${line.url}${to}`, { headers: { authorization: `Bearer ${accessToken}` } })
    const control = (to: string, init?: RequestInit) => send(`${line.url.replace("/v1", "/__sandbox")}${to}`, init)
    return { ...process, line, get, control }
  })

/** Runs a command that refuses; answers with what it says and its exit code. */
const refused = (args: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const { ended, output } = yield* launch(args)
    const code = yield* Effect.promise(() => ended)
    return { code, ...output }
  }).pipe(Effect.scoped)

const written = (name: string, text: string) =>
  Effect.map(Host.folder, (folder) => {
    const file = path.join(folder, name)
    fs.writeFileSync(file, text)
    return file
  })

describe("habu-mcp sandbox", () => {
  it.live(
    "prints where it is, serves the API and its own endpoints there, and ends with a signal",
    () =>
      Effect.gen(function*() {
        const { child, control, ended, get, line, output } = yield* serving(["--speed", "600", "--seed", "3"])
        expect(line.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/)
        expect(line.clientId).toMatch(/^[A-Za-z0-9]{32}$/)
        expect(line.clientSecret).toMatch(/^[A-Za-z0-9]{64}$/)
        const cleanRooms = yield* get("/cleanrooms")
        expect(cleanRooms.status).toBe(200)
        expect(cleanRooms.headers.get("x-request-id")).toContain(", ")
        const state = (yield* control("/state")).json
        expect(state.speed).toBe(600)
        expect(state.budgets.tokens).toEqual({ used: 1, limit: 2, windowHours: 24 })
        yield* control("/clock", { method: "POST", body: JSON.stringify({ advance_seconds: 86_400 }) })
        expect((yield* get("/cleanrooms")).status).toBe(401)
        const { json: sent } = yield* control("/requests")
        expect(sent.map(({ path, status }: { path: string; status: number }) => [path, status])).toEqual([
          ["/v1/oauth/token", 200],
          ["/v1/cleanrooms", 200],
          ["/v1/cleanrooms", 401]
        ])
        child.kill("SIGTERM")
        expect(yield* Effect.promise(() => ended)).toBe(0)
        expect(output.out.trim().split("\n")).toHaveLength(1)
        expect(output.err).toBe("")
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("takes faults from a file, more clean rooms, and the contract alone", () =>
    Effect.gen(function*() {
      const faults = yield* written(
        "faults.json",
        JSON.stringify([{ kind: "status", status: 503, operation: "getAllCleanrooms", count: 1 }])
      )
      const more = ["--faults", faults, "--rooms", "12", "--questions", "3", "--strict-contract"]
      const { control, get } = yield* serving(more)
      expect((yield* control("/faults")).json).toHaveLength(1)
      expect((yield* get("/cleanrooms?limit=100")).status).toBe(503)
      expect((yield* control("/faults")).json).toEqual([])
      const cleanRooms = yield* get("/cleanrooms?limit=100")
      expect(cleanRooms.headers.get("x-request-id")).not.toContain(",")
      const last = cleanRooms.json.at(-1)
      expect(last.name).toMatch(/ 012$/)
      expect(last.questionsCount).toBe(3)
      expect((yield* get(`/cleanrooms/${last.id}/cleanroom-questions`)).json).toHaveLength(3)
    }).pipe(Effect.scoped), 30_000)

  it.live(
    "refuses what it cannot use, names it and what is possible, and prints nothing else",
    () =>
      Effect.gen(function*() {
        const wrong = yield* written("wrong.json", "[{\"kind\": \"hangs\", \"operation\": \"*\"}]")
        const broken = yield* written("broken.json", "[{")
        const refusals: ReadonlyArray<readonly [ReadonlyArray<string>, ...ReadonlyArray<string>]> = [
          [["--faults", wrong], "faults[0].kind is \"hangs\"", "possible: status, delay, hang"],
          [["--faults", broken], "broken.json", "must be JSON"],
          [["--faults", "/nonexistent/faults.json"], "/nonexistent/faults.json"],
          [["--questions", "3"], "--questions", "--rooms"],
          [["--rooms", "many"], "--rooms is \"many\"", "0 to 10000"],
          [["--rooms", "1.5"], "--rooms is \"1.5\""],
          [["--speed", "0"], "--speed is \"0\"", "1 to 1000000"],
          [["--room", "3"], "--room"]
        ]
        const answers = yield* Effect.forEach(refusals, ([args]) => refused(args), { concurrency: 2 })
        for (const [index, [, ...parts]] of refusals.entries()) {
          expect(answers[index]).toMatchObject({ code: 2, out: "" })
          for (const part of [...parts, "--help"]) expect(answers[index]?.err).toContain(part)
        }
      }).pipe(Effect.scoped),
    60_000
  )

  it.live("says so where the port is taken", () =>
    Effect.gen(function*() {
      const { line } = yield* serving([])
      const { port } = new URL(line.url)
      const { code, err, out } = yield* refused(["--port", port])
      expect({ code, out }).toEqual({ code: 1, out: "" })
      expect(err).toContain(`127.0.0.1:${port}`)
    }).pipe(Effect.scoped), 30_000)
})
