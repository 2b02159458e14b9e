/**
 * The lint, proven: the project's own configuration runs over files that break each rule and files that keep it.
 */
import { execFile } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import house from "../../scripts/house.mjs"

interface Rule {
  readonly caught: ReadonlyArray<readonly [file: string, line: string]>
  readonly clean: ReadonlyArray<readonly [file: string, line: string]>
}

const rules: Record<string, Rule> = {
  "house(direction)": {
    caught: [
      ["state/Below.ts", `import { a1 } from "../habu/Above.js"`],
      ["habu/Client.ts", `import type { a2 } from "../runs/Ledger.js"`],
      ["habu/Client.ts", `export { a3 } from "../workflows/Run.js"`],
      ["habu/Client.ts", `export * from "../mcp/Tools.js"`],
      ["habu/Client.ts", `export const a4 = () => import("../mcp/Tools.js")`],
      ["habu/Client.ts", "export const a5 = () => import(`../mcp/Tools.js`)"],
      ["habu/Client.ts", `export type A6 = import("../mcp/Tools.js").Tools`],
      ["habu/Client.ts", `export const a7 = (name: string) => import(name)`],
      ["habu/Client.ts", `import { a8 } from "habu-mcp/workflows"`],
      ["habu/Client.ts", `import a9 from "../../package.json" with { type: "json" }`],
      ["habu/Client.ts", `import { a10 } from "../index.js"`],
      ["habu/Client.ts", `import { a11 } from "../duckdb/Engine.js"`],
      ["runs/Ledger.ts", `import { a12 } from "../results/Table.js"`],
      ["audit/Log.ts", `import { a13 } from "../runs/Ledger.js"`],
      ["results/Table.ts", `import { a14 } from "../workflows/Run.js"`],
      ["workflows/Run.ts", `import { a15 } from "../mcp/Tools.js"`],
      ["workflows/Run.ts", `import { a16 } from "../duckdb/Engine.js"`],
      ["mcp/Tools.ts", `import { a17 } from "../sandbox/Server.js"`],
      ["mcp/Tools.ts", `export const a18 = () => import("../sandbox/Server.js")`],
      ["mcp/Tools.ts", `import { a19 } from "../bin/habu-mcp.js"`],
      ["sandbox/Server.ts", `import { a20 } from "../habu/Client.js"`],
      ["sandbox/Server.ts", `import { a21 } from "../state/Below.js"`],
      ["duckdb/Engine.ts", `import { a22 } from "../habu/api/Api.js"`],
      ["testing/Mock.ts", `import { a23 } from "../bin/habu-mcp.js"`],
      ["index.ts", `export * as a24 from "./bin/habu-mcp.js"`],
      ["elsewhere/New.ts", `import { a25 } from "../state/Below.js"`]
    ],
    clean: [
      ["bin/habu-mcp.ts", `import { b1 } from "../mcp/Tools.js"`],
      ["bin/habu-mcp.ts", `import { b2 } from "../sandbox/Server.js"`],
      ["mcp/Tools.ts", `import { b3 } from "../workflows/Run.js"`],
      ["mcp/Tools.ts", `import { b4 } from "../state/Below.js"`],
      ["mcp/Tools.ts", `export const b5 = () => import("./Other.js")`],
      ["workflows/Run.ts", `import { b6 } from "../results/Table.js"`],
      ["workflows/Run.ts", `import { b7 } from "../habu/api/Api.js"`],
      ["results/Table.ts", `import { b8 } from "../duckdb/Engine.js"`],
      ["runs/Ledger.ts", `import { b9 } from "../habu/Client.js"`],
      ["audit/Log.ts", `import { b10 } from "../state/Below.js"`],
      ["habu/api/Api.ts", `import { b11 } from "../Client.js"`],
      ["habu/Client.ts", `import { b12 } from "../state/Below.js"`],
      ["sandbox/Server.ts", `import { b13 } from "../habu/api/Api.js"`],
      ["sandbox/Server.ts", `import { b14 } from "../duckdb/Engine.js"`],
      ["testing/Mock.ts", `import { b15 } from "../mcp/Tools.js"`],
      ["testing/Mock.ts", `import { b16 } from "../sandbox/Server.js"`],
      ["index.ts", `export * as b17 from "./habu/Client.js"`],
      ["duckdb/Engine.ts", `import { b18 } from "./Other.js"`]
    ]
  },
  "house(narrow)": {
    caught: [
      ["habu/Client.ts", `import { c1 } from "effect"`],
      ["habu/Client.ts", `import type { c2 } from "@effect/platform"`],
      ["bin/habu-mcp.ts", `export { c3 } from "@effect/platform-node"`],
      ["habu/Client.ts", `export const c4 = () => import("effect")`]
    ],
    clean: [
      ["habu/Client.ts", `import * as d1 from "effect/Effect"`],
      ["habu/Client.ts", `import * as d2 from "@effect/platform/HttpClient"`],
      ["bin/habu-mcp.ts", `import * as d3 from "@effect/platform-node/NodeHttpClient"`]
    ]
  },
  "house(platform)": {
    caught: [
      ["habu/Client.ts", `import * as e1 from "node:fs"`],
      ["habu/Client.ts", `import * as e2 from "fs/promises"`],
      ["workflows/Run.ts", `import * as e3 from "@effect/platform-node/NodeHttpServer"`],
      ["state/Below.ts", `import type { e4 } from "lmdb"`],
      ["runs/Ledger.ts", `export const e5 = () => import("@duckdb/node-api")`],
      ["mcp/Tools.ts", `import * as e6 from "node:stream"`],
      ["habu/Client.ts", `export const e7 = Buffer.from("a")`],
      ["habu/Client.ts", `export const e8 = process.pid`],
      ["habu/Client.ts", `export const e9 = globalThis.process.pid`]
    ],
    clean: [
      ["bin/habu-mcp.ts", `import * as f1 from "@effect/platform-node/NodeHttpServer"`],
      ["sandbox/Server.ts", `import * as f2 from "node:http"`],
      ["duckdb/Engine.ts", `import * as f3 from "@duckdb/node-api"`],
      ["results/Table.ts", `import * as f4 from "node:child_process"`],
      ["state/Lmdb.ts", `import * as f5 from "lmdb"`],
      ["state/LmdbGuard.ts", `import * as f6 from "node:fs"`],
      ["state/StateConfig.ts", `import * as f7 from "node:os"`],
      ["state/Redis.ts", `import * as f8 from "node:net"`],
      ["testing/Mock.ts", `import * as f9 from "node:os"`],
      ["mcp/StdioServer.ts", `import * as f10 from "node:stream"`],
      ["habu/Client.ts", `export const f11 = (process: { pid: number }) => process.pid`],
      ["habu/Client.ts", `export const f12 = { process: 1, Buffer: 2 }`]
    ]
  },
  "house(sdk)": {
    caught: [
      ["mcp/Tools.ts", `import type { g1 } from "@modelcontextprotocol/sdk/types.js"`],
      ["testing/Mock.ts", `import { g2 } from "@modelcontextprotocol/sdk/client/index.js"`],
      ["workflows/Run.ts", `export const g3 = () => import("@modelcontextprotocol/sdk/types.js")`]
    ],
    clean: [
      ["mcp/StdioServer.ts", `import { h1 } from "@modelcontextprotocol/sdk/server/index.js"`],
      ["bin/demo.ts", `import { h2 } from "@modelcontextprotocol/sdk/client/index.js"`]
    ]
  },
  "house(stdout)": {
    caught: [
      ["habu/Client.ts", `console.log(1)`],
      ["bin/habu-mcp.ts", `console.error(2)`],
      ["habu/Client.ts", `globalThis["console"].log(3)`],
      ["habu/Client.ts", `export const i4 = [1].map(console.log)`],
      ["bin/habu-mcp.ts", `process.stdout.write("5")`],
      ["bin/habu-mcp.ts", `globalThis.process.stdout.write("6")`],
      ["bin/habu-mcp.ts", `const { stdout: i7 } = process`],
      ["bin/habu-mcp.ts", `import { stdout } from "node:process"`],
      ["habu/Client.ts", `import * as Console from "effect/Console"`],
      ["duckdb/Engine.ts", `Fs.writeSync(1, "10")`],
      ["duckdb/Engine.ts", `writeSync(1, "11")`],
      ["duckdb/Engine.ts", `Fs.createWriteStream("/dev/stdout")`],
      ["sandbox/Server.ts", `export const i13 = NodeSink.stdout`]
    ],
    clean: [
      ["mcp/StdioServer.ts", `process.stdout.write("1")`],
      ["bin/demo/screen.ts", `console.log(2)`],
      ["bin/habu-mcp.ts", `process.stderr.write("3")`],
      ["duckdb/Engine.ts", `Fs.writeSync(2, "4")`],
      ["sandbox/Server.ts", `child.stdout.on("data", onData)`],
      ["habu/Client.ts", `export const j6 = { console: "Habu's console" }.console`]
    ]
  },
  "house(determinism)": {
    caught: [
      ["habu/Client.ts", `export const k1 = Date.now()`],
      ["habu/Client.ts", `export const k2 = new Date()`],
      ["bin/habu-mcp.ts", `export const k3 = Math.random()`],
      ["mcp/StdioServer.ts", `export const k4 = globalThis.Date.now`],
      ["habu/Client.ts", `const { now: k5, ...k6 } = Date`],
      ["habu/Client.ts", `export const k7 = performance.now()`],
      ["habu/Client.ts", `export const k8 = Date()`]
    ],
    clean: [
      ["habu/Client.ts", `export const l1 = new Date(0)`],
      ["habu/Client.ts", `export const l2 = Math.max(1, 2)`],
      ["habu/Client.ts", `export const l3 = DateTime.now`],
      ["habu/Client.ts", `export const l4 = Date.parse("2026-01-01")`]
    ]
  },
  "house(config)": {
    caught: [
      ["sandbox/Server.ts", `export const m1 = process.env.HABU_API`],
      ["results/Table.ts", `export const { env: m2 } = process`],
      ["mcp/StdioServer.ts", `export const m3 = process["env"]`]
    ],
    clean: [
      ["bin/habu-mcp.ts", `export const n1 = process.env.HABU_API`],
      ["sandbox/Server.ts", `export const n2 = process.pid`]
    ]
  },
  "house(effect)": {
    caught: [
      ["habu/Client.ts", `try { o1() } finally { o1() }`],
      ["habu/Client.ts", `export const o2 = () => { throw new Error() }`],
      ["habu/Client.ts", `export async function o3() {}`],
      ["habu/Client.ts", `export const o4 = async () => 1`],
      ["habu/Client.ts", `export const o5 = { async m() {} }`]
    ],
    clean: [
      ["mcp/StdioServer.ts", `export const p1 = async () => { try { await p() } catch { throw new Error() } }`],
      ["bin/habu-mcp.ts", `export const p2 = async () => 1`],
      ["habu/Client.ts", `export const p3 = Effect.tryPromise(() => p())`],
      ["habu/Client.ts", `export const p4 = function*() { yield 1 }`]
    ]
  },
  "house(types)": {
    caught: [
      ["habu/Client.ts", `export const q1 = 1 as any`],
      ["bin/habu-mcp.ts", `export const q2 = q!`],
      ["mcp/StdioServer.ts", `export const q3 = q!.length`]
    ],
    clean: [
      ["habu/Client.ts", `export const r1 = 1 as number`],
      ["habu/Client.ts", `export const r2 = <A extends ReadonlyArray<any>>(a: A) => !a`]
    ]
  },
  "house(tests)": {
    caught: [
      ["../test/Some.test.ts", `it.skip("y1", () => {})`],
      ["../test/Some.test.ts", `it.effect.only("y2", () => Effect.void)`],
      ["../test/Some.test.ts", `describe.todo("y3")`]
    ],
    clean: [
      ["../test/Some.test.ts", `it.effect("z1", () => Effect.void)`],
      ["../test/Some.test.ts", `it.each([1])("z2", () => {})`]
    ]
  },
  "import(no-cycle)": {
    caught: [
      ["habu/CycleA.ts", `import { s2 } from "./CycleB.js"; export const s1 = () => s2`],
      ["habu/CycleB.ts", `import { s1 } from "./CycleA.js"; export const s2 = () => s1`],
      ["habu/CycleC.ts", `import type { S4 } from "./CycleD.js"; export type S3 = ReadonlyArray<S4>`],
      ["habu/CycleD.ts", `import type { S3 } from "./CycleC.js"; export type S4 = ReadonlyArray<S3>`]
    ],
    clean: [
      ["habu/LineA.ts", `import { t2 } from "./LineB.js"; export const t1 = t2`],
      ["habu/LineB.ts", `export const t2 = 1`]
    ]
  },
  "eslint(no-self-assign)": {
    caught: [["habu/Client.ts", `let u1 = 1; u1 = u1`]],
    clean: [["habu/Client.ts", `let v1 = 1; v1 = 2`]]
  },
  "eslint(no-unneeded-ternary)": {
    caught: [["habu/Client.ts", `export const w1 = (a: boolean) => a ? true : false`]],
    clean: [["habu/Client.ts", `export const x1 = (a: boolean) => a ? 1 : 2`]]
  }
}

const unparsed = "unparsed"
const project = Path.resolve(import.meta.dirname, "../..")
const folder = Fs.mkdtempSync(Path.join(Os.tmpdir(), "habu-mcp-lint-"))
const lines = new Map<string, Array<string>>()

const write = (file: string, line: string) => lines.set(file, [...lines.get(file) ?? [], line])
const place = (file: string, line: string) =>
  `${Path.posix.join("src", file)}:${(lines.get(file) ?? []).indexOf(line) + 1}`

interface Diagnostic {
  readonly code?: string
  readonly severity: string
  readonly filename: string
  readonly labels: ReadonlyArray<{ readonly span: { readonly line: number } }>
}

const lint = () =>
  new Promise<ReadonlySet<string>>((resolve) => {
    const command = Path.join(project, "node_modules/oxlint/bin/oxlint")
    execFile(process.execPath, [command, "--format", "json"], { cwd: folder }, (_error, stdout) => {
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: ReadonlyArray<Diagnostic> }
      const errors = diagnostics.filter((d) => d.severity === "error")
      resolve(new Set(errors.map((d) => `${d.code ?? unparsed} ${d.filename}:${d.labels[0]?.span.line}`)))
    })
  })

let found: ReadonlySet<string>

beforeAll(async () => {
  for (const { caught, clean } of Object.values(rules)) {
    for (const [file, line] of [...caught, ...clean]) write(file, line)
  }
  for (const [file, text] of lines) {
    Fs.mkdirSync(Path.dirname(Path.join(folder, "src", file)), { recursive: true })
    Fs.writeFileSync(Path.join(folder, "src", file), text.join("\n"))
  }
  for (const file of [".oxlintrc.json", "scripts/house.mjs"]) {
    Fs.cpSync(Path.join(project, file), Path.join(folder, file))
  }
  found = await lint()
})

afterAll(() => Fs.rmSync(folder, { recursive: true }))

it("has cases for every rule of the house, in files that parse", () => {
  expect(Object.keys(rules)).toEqual(expect.arrayContaining(Object.keys(house.rules).map((name) => `house(${name})`)))
  expect([...found].filter((error) => error.startsWith(unparsed))).toEqual([])
})

describe.each(Object.entries(rules))("%s", (name, { caught, clean }) => {
  it.each(caught)("catches in src/%s: %s", (file, line) => expect(found).toContain(`${name} ${place(file, line)}`))
  it.each(clean)("accepts in src/%s: %s", (file, line) => expect(found).not.toContain(`${name} ${place(file, line)}`))
})
