/**
 * The bundle, proven on a small command.
 */
import type { Metafile } from "esbuild"
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import packageJson from "../../package.json" with { type: "json" }
import { bundle } from "../../scripts/bundle.mjs"
import { staticGraph } from "./staticGraph.js"

const folder = Fs.mkdtempSync(Path.join(Os.tmpdir(), "habu-mcp-bundle-"))
const command = Path.join(folder, "command.mjs")
let metafile: Metafile

beforeAll(async () => {
  metafile = await bundle("test/tooling/fixture/command.ts", folder)
})

afterAll(() => Fs.rmSync(folder, { recursive: true }))

it("makes a command that runs by itself and knows its version and commit", () => {
  const [version, commit, valid, doubled] = JSON.parse(execFileSync(command, { encoding: "utf8" })) as Array<unknown>
  expect(version).toBe(packageJson.version)
  expect(commit).toMatch(/^([0-9a-f]{9,}|unknown)$/)
  expect(valid).toBe(true)
  expect(doubled).toBe(42)
})

it("keeps what is loaded later out of what is loaded at the start", () => {
  const { externals, sources } = staticGraph(metafile, "command.ts")
  expect(sources).toContain("test/tooling/fixture/command.ts")
  expect(sources.some((source) => source.includes("node_modules/ajv/"))).toBe(true)
  expect(sources.filter((source) => /lazy|node_modules\/effect\//.test(source))).toEqual([])
  expect(externals).not.toContain("lmdb")
})

it("leaves native packages to be installed", () => {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  expect(imports).toContainEqual({ path: "lmdb", kind: "dynamic-import", external: true })
})

it("gives the same files the same names again", async () => {
  const again = Path.join(folder, "again")
  await bundle("test/tooling/fixture/command.ts", again)
  const files = (parent: string) => Fs.readdirSync(Path.join(parent, "chunks")).toSorted()
  expect(files(again)).toEqual(files(folder))
})
