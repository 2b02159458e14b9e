// Packs the package, installs it into an empty project as a user would, and looks at what is in it, what each subpath
// loads, whether the types resolve, and what the command does, also without each of its optional parts.
// `npm run pack:check`
import { execFile, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import packageJson from "../package.json" with { type: "json" }
import surface from "../src/mcp/surface.json" with { type: "json" }

const repository = fileURLToPath(new URL("..", import.meta.url))
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "habu-mcp-packed-"))
const project = path.join(folder, "project")
const modules = path.join(project, "node_modules")
const installed = path.join(modules, "habu-mcp")

const expect = (what: string, holds: boolean, seen?: unknown) => {
  process.stdout.write(`${holds ? "✓" : "✗"} ${what}\n`)
  if (holds) return
  if (seen !== undefined) process.stdout.write(`  ${JSON.stringify(seen).slice(0, 2_000)}\n`)
  process.exitCode = 1
}

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

const bare = { PATH: process.env["PATH"] ?? "", HOME: folder }

const run = (program: string, args: ReadonlyArray<string>, env: Record<string, string> = bare) =>
  promisify(execFile)(program, args, { cwd: project, env, maxBuffer: 1e8 }).then(
    ({ stderr, stdout }): Ended => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stderr, stdout }): Ended => ({ code: Number(code), out: stdout, err: stderr })
  )

const node = (source: string) => run(process.execPath, ["--input-type=module", "--eval", source])

const npm = async (...args: ReadonlyArray<string>) => {
  // Its own settings and cache, not the bare environment's.
  const { code, err, out } = await run(
    "npm",
    args,
    Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? ""]))
  )
  if (code !== 0) throw new Error(`npm ${args.join(" ")}: ${err}`)
  return out
}

const subpaths = Object.keys(packageJson.exports).filter((subpath) => subpath !== "./package.json")
const nameOf = (subpath: string) => `habu-mcp${subpath.slice(1)}`

// Only inside a run of vitest can it be imported, so that its types alone are looked at.
const testKit = "./testing/state-conformance"

// What the types need beside the package.
const link = (name: string) => {
  const target = path.join(modules, name)
  fs.mkdirSync(path.dirname(target), { recursive: true })
  if (!fs.existsSync(target)) fs.symlinkSync(fs.realpathSync(path.join(repository, "node_modules", name)), target)
}

const listed = (at: string): ReadonlyArray<string> =>
  fs.readdirSync(at, { recursive: true, encoding: "utf8" })
    .filter((file) => fs.statSync(path.join(at, file)).isFile())
    .map((file) => file.replaceAll(path.sep, "/"))

const belongs = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^assets\/(DejaVuSans\.(ttf|LICENSE\.txt)|demo\.svg)$/,
  /^docs\/[\w/-]+\.md$/,
  /^examples\/[\w.-]+\.(md|ts)$/,
  /^src\/[\w/-]+\.(ts|mjs)$/,
  /^src\/mcp\/surface\.json$/,
  /^dist\/[\w/-]+(\.(d\.ts|js)(\.map)?|\.mjs)$/,
  /^dist\/mcp\/surface\.json$/,
  /^dist\/bin\/(chunks\/)?[\w.-]+\.mjs$/
]

const secrets = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----\\?[nr\s]+[A-Za-z0-9+/]{40}/,
  /\bAKIA(?!ALDERPINE)[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/,
  /\bnpm_[A-Za-z0-9]{30,}/,
  /\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\./,
  /\/\/[^\s"'/]+\/:_authToken/
]

const files = () => {
  const all = listed(installed)
  const has = new Set(all)
  const read = (file: string) => fs.readFileSync(path.join(installed, file), "utf8")
  const strange = all.filter((file) => !belongs.some((pattern) => pattern.test(file)))
  expect(`its ${all.length} files are all of a kind that belongs there`, strange.length === 0, strange)

  const within = (from: string, to: string) => path.posix.join(path.posix.dirname(from), to)
  const lost = all.filter((file) => /^dist\/(?!bin\/).*\.(js|d\.ts)$/.test(file)).flatMap((file) => {
    const [, map] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(read(file)) ?? []
    if (map === undefined) return []
    if (!has.has(within(file, map))) return [`${file} > ${map}`]
    const { sources } = JSON.parse(read(within(file, map))) as { readonly sources: ReadonlyArray<string> }
    return sources.map((source) => within(file, source)).filter((source) => !has.has(source))
  })
  expect("every source map leads to a source that is there", lost.length === 0, lost)

  const texts = all.filter((file) => !file.endsWith(".ttf"))
  const telling = texts.filter((file) => {
    const text = read(file)
    return text.includes(repository) || text.includes(os.homedir() + "/") || secrets.some((one) => one.test(text))
  })
  expect("no file holds a secret or a path of this machine", telling.length === 0, telling)

  const targets = Object.values(packageJson.exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target)
  )
  const absent = [...targets, ...Object.values(packageJson.bin)].filter((file) => !has.has(path.posix.normalize(file)))
  expect("what exports and bin name is there", absent.length === 0, absent)
}

// Which files a subpath loads, by `import` and by `require` alike.
const loadedBy = async (subpath: string) => {
  const { code, err, out } = await node(`
    import { createRequire, register } from "node:module"
    import { MessageChannel, receiveMessageOnPort } from "node:worker_threads"
    const { port1, port2 } = new MessageChannel()
    const hooks = "let port; export const initialize = (data) => { port = data };" +
      "export const load = (url, context, next) => { port.postMessage(url); return next(url, context) }"
    register("data:text/javascript," + encodeURIComponent(hooks), { data: port2, transferList: [port2] })
    await import(${JSON.stringify(nameOf(subpath))})
    const loaded = Object.keys(createRequire(import.meta.url).cache)
    for (let message = receiveMessageOnPort(port1); message !== undefined; message = receiveMessageOnPort(port1)) {
      loaded.push(message.message)
    }
    console.log(JSON.stringify(loaded))
    process.exit()
  `)
  if (code !== 0) throw new Error(`${nameOf(subpath)}: ${err}`)
  return JSON.parse(out) as ReadonlyArray<string>
}

const light = ["./habu", "./state"]

// All of these are heavy, native, optional or above.
const heavy =
  /node_modules\/((@modelcontextprotocol|@duckdb|lmdb|@lmdb|ioredis|vega[\w-]*|@resvg|undici|zod)\/|habu-mcp\/dist\/(mcp|duckdb|sandbox|results)\/)/

const imports = async () => {
  const all = subpaths.filter((subpath) => subpath !== testKit).map(nameOf)
  const [together, ...each] = await Promise.all([
    node(`await Promise.all(${JSON.stringify(all)}.map((name) => import(name)))`),
    ...light.map(async (subpath) => ({ subpath, loaded: await loadedBy(subpath) }))
  ])
  expect(`${all.join(", ")} can be imported`, together.code === 0, together.err)
  for (const { loaded, subpath } of each) {
    const found = loaded.filter((file) => heavy.test(file))
    expect(
      `${nameOf(subpath)} loads ${loaded.length} files, and no SDK, DuckDB, LMDB, ioredis, renderer or sandbox`,
      loaded.length > 10 && found.length === 0,
      found
    )
  }
  const hidden = await node("import('habu-mcp/dist/habu/HabuClient.js').catch(({ code }) => console.log(code))")
  expect("nothing else can be imported", hidden.out.trim() === "ERR_PACKAGE_PATH_NOT_EXPORTED", hidden)
}

const types = async () => {
  for (const name of ["@types/node", "vitest", "@effect/vitest"]) link(name)
  // A namespace that did not resolve would be `any`, and so would have this name.
  const lines = subpaths.flatMap((subpath, index) => [
    `import * as m${index} from ${JSON.stringify(nameOf(subpath))}`,
    `export const k${index}: keyof typeof m${index} extends never ? never : true = true`,
    "// @ts-expect-error",
    `export const n${index} = m${index}.NothingHasThisName`
  ])
  fs.writeFileSync(path.join(project, "uses.ts"), lines.join("\n"))
  fs.writeFileSync(
    path.join(project, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "ES2022",
        module: "nodenext",
        moduleResolution: "nodenext",
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: true,
        noEmit: true,
        types: ["node"]
      },
      files: ["uses.ts"]
    })
  )
  const { code, out } = await run(process.execPath, [
    path.join(repository, "node_modules/typescript/bin/tsc"),
    "-p",
    "."
  ])
  expect("the types of every subpath resolve under nodenext", code === 0, out)
}

const command = path.join(modules, ".bin", "habu-mcp")

const call = async (env: Record<string, string>, tool: string, args: object = {}) => {
  const { err, out } = await run(command, ["call", tool, JSON.stringify(args)], { ...bare, ...env })
  return out.startsWith("{") ? JSON.parse(out) : { status: "failed", error: { message: `${out}${err}` } }
}

/** Does things at once while packages are not there. */
const without = async (names: ReadonlyArray<string>, body: () => ReadonlyArray<Promise<void>>) => {
  const aside = fs.mkdtempSync(path.join(folder, "aside-"))
  const moves = names.map((name) => [path.join(modules, name), path.join(aside, name.replace("/", "+"))] as const)
  for (const [from, to] of moves) fs.renameSync(from, to)
  try {
    await Promise.all(body())
  } finally {
    for (const [from, to] of moves) fs.renameSync(to, from)
  }
}

const sandbox = async (speed: string) => {
  const args = ["sandbox", "--port", "0", "--speed", speed, "--rows", "2000", "--log-level", "none"]
  const child = spawn(command, args, { cwd: project, env: bare, stdio: ["ignore", "pipe", "inherit"] })
  const line = await new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve))
  const { clientId, clientSecret, url } = JSON.parse(line)
  const env = {
    HABU_API: url,
    HABU_API_CLIENT: clientId,
    HABU_API_SECRET: clientSecret,
    HABU_SANDBOX_SPEED: speed,
    HABU_STATE: path.join(folder, "state")
  }
  return { env, close: () => child.kill("SIGTERM") }
}

const results = { question: "Sales by Store" }

type Environment = Awaited<ReturnType<typeof sandbox>>["env"]

const cleanRooms = ["find_resources", { kind: "clean_rooms" }] as const
const drawn = ["retrieve_and_analyze_results", { ...results, chart: "bar" }] as const

const told = async () => {
  const [{ out: version }, { out: tools }] = await Promise.all([run(command, ["--version"]), run(command, ["tools"])])
  expect(`habu-mcp --version says ${version.trim()}`, version.trim().split("+")[0] === packageJson.version, version)
  expect("habu-mcp tools lists all tools", JSON.parse(tools).length === surface.tools.length)
}

const whole = async (env: Environment) => {
  const found = await call(env, ...cleanRooms)
  expect("habu-mcp call asks a sandbox, with its state in a folder", found.clean_rooms?.length === 7, found)
  // The sandbox's engine is loaded with this.
  const picture = await call(env, ...drawn)
  expect("results are summarised and drawn", /A bar chart is drawn/.test(picture.summary), picture)
}

const withoutRenderer = async (env: Environment) => {
  const specified = await call(env, ...drawn)
  expect(
    "without the renderer a chart is its specification, and why",
    /not drawn: .*npm install vega@6\.4\.0/.test(specified.summary) && specified.chart?.spec !== undefined,
    specified
  )
}

const refusedWithoutDuckDb = async (env: Environment, what: string, more: object) => {
  const refused = await call(env, "retrieve_and_analyze_results", { ...results, ...more })
  const { advice = "", code } = refused.error ?? {}
  const isTold = code === "NOT_INSTALLED" && advice.includes("npm install @duckdb/node-api")
  expect(`without DuckDB ${what} is refused with how to add it`, isTold, refused)
}

const othersWithoutDuckDb = async (env: Environment) => {
  const rest = await call(env, "monitor_cleanroom_status", { clean_room: "Loyalty Insights (Snowflake)" })
  expect("all else works without DuckDB", rest.status === "done", rest)
  const { out } = await run(command, ["doctor"], { ...bare, ...env })
  expect("habu-mcp doctor says what to add", /npm install @duckdb.*npm install vega@6/.test(out), out)
}

const sandboxWithoutDuckDb = async () => {
  const { close, env } = await sandbox("3600")
  try {
    const asked = { ...results, fresh: true, wait_seconds: 45 }
    const ended = await call({ ...env, HABU_STATE: "memory" }, "execute_question_workflow", asked)
    expect("a sandbox without DuckDB says why its runs fail", JSON.stringify(ended).includes("Engine missing"), ended)
  } finally {
    close()
  }
}

// The command carries ioredis; a program that embeds the layers brings its own.
const commandWithoutRedis = async (env: Environment) => {
  const reached = await call({ ...env, HABU_STATE: "redis://127.0.0.1:1" }, ...cleanRooms)
  expect("the command reaches for Redis without the package", /ECONNREFUSED/.test(reached.error?.message), reached)
}

const embedderWithoutRedis = async () => {
  const { out } = await node(`
    import { Effect } from "effect"
    import { Redis } from "habu-mcp/state"
    const layer = Redis.layer({ host: "127.0.0.1" })
    console.log(await Effect.runPromise(Effect.flip(Effect.provide(Effect.void, layer))))
  `)
  expect("an embedder is told to add ioredis", out.includes("npm install ioredis@5"), out)
}

const withoutLmdb = async (env: Environment) => {
  const [refused, rest] = await Promise.all([
    call(env, ...cleanRooms),
    call({ ...env, HABU_STATE: "memory" }, "health_check")
  ])
  const message = refused.error?.message ?? ""
  const isTold = message.includes("without --omit=optional") && !message.includes(folder)
  expect("without the native part of LMDB the command says how to go on", isTold, refused)
  expect("and goes on in memory", rest.status === "done", rest)
}

const behaviour = async () => {
  const [{ close, env }] = await Promise.all([sandbox("3600"), told()])
  try {
    await whole(env)
    await without(["vega", "ioredis"], () => [withoutRenderer(env), commandWithoutRedis(env), embedderWithoutRedis()])
    await without(["@duckdb", "vega"], () => [
      refusedWithoutDuckDb(env, "a summary", {}),
      refusedWithoutDuckDb(env, "SQL", { sql: "SELECT count(*) FROM results" }),
      othersWithoutDuckDb(env),
      sandboxWithoutDuckDb()
    ])
    await without(["@lmdb"], () => [withoutLmdb(env)])
  } finally {
    close()
  }
}

try {
  fs.mkdirSync(project)
  fs.writeFileSync(path.join(project, "package.json"), JSON.stringify({ private: true, type: "module" }))
  await npm("pack", repository, "--ignore-scripts", "--silent", "--pack-destination", folder)
  const tarball = path.join(folder, `habu-mcp-${packageJson.version}.tgz`)
  await npm("install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball)
  files()
  await behaviour()
  await Promise.all([imports(), types()])
} finally {
  fs.rmSync(folder, { recursive: true, force: true })
}
