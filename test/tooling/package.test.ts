/**
 * What package.json and server.json promise, checked against the source; `npm run pack:check` looks at the tarball.
 */
import { build } from "esbuild"
import * as Fs from "node:fs"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import lock from "../../package-lock.json" with { type: "json" }
import packageJson from "../../package.json" with { type: "json" }
import server from "../../server.json" with { type: "json" }
import { staticGraph } from "./staticGraph.js"

const root = fileURLToPath(new URL("../..", import.meta.url))
const read = (path: string) => Fs.readFileSync(Path.join(root, path), "utf8")

it("exports a subpath for each folder that has an index, and the root", () => {
  const folders = Fs.readdirSync(Path.join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => Path.basename(file) === "index.ts")
    .map((file) => Path.posix.dirname(file.replaceAll(Path.sep, "/")))
  const subpathOf = (folder: string) => folder === "." ? "." : `./${folder}`
  expect(Object.keys(packageJson.exports).sort()).toEqual([...folders.map(subpathOf), "./package.json"].sort())
  for (const folder of folders) {
    const built = folder === "." ? "./dist/index" : `./dist/${folder}/index`
    expect(packageJson.exports[subpathOf(folder) as "."]).toEqual({ types: `${built}.d.ts`, default: `${built}.js` })
  }
})

it.each(["habu", "habu/api", "state", "runs", "audit"])(
  "%s loads nothing heavy, native or above it",
  async (folder) => {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [`src/${folder}/index.ts`],
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      format: "esm",
      outdir: "out",
      splitting: true,
      packages: "external",
      logLevel: "silent"
    })
    const { externals, sources } = staticGraph(metafile, `src/${folder}/index.ts`)
    expect(sources).toContain(`src/${folder}/index.ts`)
    expect(sources.filter((source) => /^src\/(mcp|bin|workflows|results|duckdb|sandbox|testing)\//.test(source)))
      .toEqual(
        []
      )
    expect(externals.filter((name) => !/^(node:|effect\/|@effect\/platform\/)/.test(name))).toEqual([])
  }
)

it("ships what is listed, and no tests", () => {
  expect(packageJson.files).toEqual([
    "assets",
    "dist",
    "!dist/bin/meta.json",
    "docs",
    "examples",
    "src",
    "!src/tsconfig.json",
    "CHANGELOG.md",
    "LICENSE",
    "README.md"
  ])
  for (const file of packageJson.files.filter((file) => !file.startsWith("!") && file !== "dist")) {
    expect(Fs.existsSync(Path.join(root, file)), file).toBe(true)
  }
})

it("pins every version, here and in the lock", () => {
  const { dependencies, devDependencies, optionalDependencies } = packageJson
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
    expect(lock.packages[`node_modules/${name}` as keyof typeof lock.packages], name).toMatchObject({ version })
  }
  const elsewhere = Object.entries(lock.packages).filter(([, entry]) =>
    "resolved" in entry && !String(entry.resolved).startsWith("https://registry.npmjs.org/")
  )
  expect(elsewhere).toEqual([])
})

it("is described to the MCP registry as it is", () => {
  expect(server.$schema).toMatch(
    /^https:\/\/static\.modelcontextprotocol\.io\/schemas\/\d{4}-\d{2}-\d{2}\/server\.schema\.json$/
  )
  expect(server.name).toBe(packageJson.mcpName)
  expect(server.name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/)
  expect(server.version).toBe(packageJson.version)
  expect(server.description.length).toBeLessThanOrEqual(100)
  expect(server.packages).toHaveLength(1)
  expect(server.packages[0]).toMatchObject({
    registryType: "npm",
    identifier: packageJson.name,
    version: packageJson.version,
    transport: { type: "stdio" }
  })
})

it("names the settings of the configuration page to the MCP registry, and which are secret", () => {
  const rows = [...read("docs/configuration.md").matchAll(/^\| (`[A-Z_]+`[A-Z_`, ]*)[^|]*\|([^|]*)\|/gm)]
  const defaults = new Map(
    rows.flatMap(([, names = "", value = ""]) =>
      [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name = ""]) => [name, value.trim().replaceAll("`", "")] as const)
    )
  )
  const named = [...read("docs/configuration.md").matchAll(/`(HABU_[A-Z_]+[A-Z])`/g)].map(([, name = ""]) => name)
  const variables = server.packages.flatMap(({ environmentVariables }) => environmentVariables)
  expect(variables.map(({ name }) => name).sort()).toEqual([...new Set([...defaults.keys(), ...named])].sort())
  for (const variable of variables.filter((variable) => "default" in variable)) {
    expect(variable).toMatchObject({ default: defaults.get(variable.name) })
  }
  expect(variables.filter((variable) => "isSecret" in variable && variable.isSecret).map(({ name }) => name).sort())
    .toEqual(["HABU_API_SECRET", "HABU_STATE", "HTTPS_PROXY", "HTTP_PROXY"])
})
