/**
 * The Redis that tests use: one that runs already, for places that are emptied afterwards, and private ones that can be
 * stopped.
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { Redis as Client } from "ioredis"
import * as ChildProcess from "node:child_process"
import * as NodeCrypto from "node:crypto"
import * as NodeFs from "node:fs"
import * as NodeNet from "node:net"
import * as NodeOs from "node:os"
import * as NodePath from "node:path"
import { bundle } from "../../scripts/bundle.mjs"
import type { Options } from "../../src/state/Redis.js"
import * as RedisAddress from "../../src/state/RedisAddress.js"
import * as Processes from "./processes.js"

/** The Redis that runs already: `HABU_TEST_REDIS`, an address as `HABU_STATE` takes it, or the usual one here. */
export const url = process.env.HABU_TEST_REDIS ?? "redis://127.0.0.1:6379"

const addressOf = (text: string) =>
  Either.getOrThrowWith(RedisAddress.parse(text), (why) => new Error(`HABU_TEST_REDIS ${why}`))

const client = (from: string) =>
  new Client(from, { lazyConnect: true, retryStrategy: () => null }).on("error", () => {})

const isThere = async (from: string) => {
  const redis = client(from)
  const answer = await redis.ping().catch(() => undefined)
  redis.disconnect()
  return answer === "PONG"
}

const skipped = (what: string) => {
  process.stderr.write(`\n${what}: THE TESTS THAT NEED IT ARE SKIPPED\n\n`)
  return false
}

/** Whether that Redis answers. Where it does not, that is said, and with `CI=true` it is an error. */
export const answers = async () => {
  if (await isThere(url)) return true
  const what = `No Redis answers at ${RedisAddress.location(addressOf(url))}`
  if (process.env.CI === "true") throw new Error(`${what}. With CI=true its tests must run: set HABU_TEST_REDIS`)
  return skipped(what)
}

const program = "/usr/bin/redis-server"

/** Whether private ones can be started. Where not, that is said. */
export const installed = () => NodeFs.existsSync(program) || skipped(`${program} is not installed`)

/** Talks to a Redis past the engine. */
export const raw = <A>(from: string, body: (redis: Client) => Promise<A>): Effect.Effect<A> =>
  Effect.promise(async () => {
    const redis = client(from)
    try {
      return await body(redis)
    } finally {
      redis.disconnect()
    }
  })

export interface Place extends Options {
  readonly prefix: string
}

const keysIn = ({ prefix }: Place, redis: Client) => redis.keys(`${prefix}*`)

/** A place of one's own in the Redis that runs already, emptied with the scope. */
export const place: Effect.Effect<Place, never, Scope.Scope> = Effect.acquireRelease(
  Effect.sync(() => ({ ...addressOf(url), prefix: `habu-mcp-test:${NodeCrypto.randomUUID()}:` })),
  (place) =>
    raw(url, async (redis) => {
      const keys = await keysIn(place, redis)
      if (keys.length > 0) await redis.del(...keys)
    })
)

/** All that Redis holds in a place, by key without the prefix. */
export const contents = (place: Place) =>
  raw(url, async (redis) => {
    const keys = (await keysIn(place, redis)).sort()
    const values = await Promise.all(keys.map((key) => redis.get(key)))
    return Object.fromEntries(keys.map((key, index) => [key.slice(place.prefix.length), values[index]]))
  })

// Bundled as the command is, because that starts fast.
const makeWorker = async () => {
  const folder = NodeFs.mkdtempSync(NodePath.join(NodeOs.tmpdir(), "habu-mcp-redis-"))
  process.once("exit", () => NodeFs.rmSync(folder, { recursive: true, force: true }))
  await bundle("test/state/RedisWorker.ts", folder)
  return NodePath.join(folder, "RedisWorker.mjs")
}

let made: Promise<string> | undefined

/** How to start a process that counts in a place as soon as its input ends: its arguments. */
export const counting = (prefix: string, times: number) =>
  Effect.map(Effect.promise(() => made ??= makeWorker()), (file) => [file, url, prefix, String(times)])

/** Starts a process that counts in a place once it is told to begin, and waits until it is ready. */
export const startCounting = (prefix: string, times: number) =>
  Effect.gen(function*() {
    const given = yield* counting(prefix, times)
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => ChildProcess.spawn(process.execPath, given, { stdio: "pipe" })),
      (child) => Effect.sync(() => child.kill("SIGKILL"))
    )
    const end = yield* Effect.fork(Processes.ended(child))
    yield* Effect.race(Processes.printed(child), Fiber.join(end))
    return { begin: Effect.sync(() => child.stdin.end()), end: Fiber.join(end) }
  })

const portOf = (server: NodeNet.Server) => {
  const bound = server.address()
  if (typeof bound !== "object" || bound === null) throw new Error("the server does not listen")
  return bound.port
}

/** Listens at a port of its own, until the scope closes. */
export const listen = (onSocket: (socket: NodeNet.Socket) => void): Effect.Effect<number, never, Scope.Scope> =>
  Effect.gen(function*() {
    const sockets = new Set<NodeNet.Socket>()
    const server = NodeNet.createServer((socket) => {
      sockets.add(socket.on("error", () => {}))
      onSocket(socket)
    })
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const socket of sockets) socket.destroy()
        server.close()
      })
    )
    yield* Effect.async<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void)))
    return portOf(server)
  })

/** A port nobody listens at. */
export const freePort: Effect.Effect<number> = Effect.scoped(listen(() => {}))

/**
 * A way to a Redis that can fail: `loseNext` breaks the connection over the answer to the next EVAL, `fallSilent` keeps
 * the connections that are open, and nothing comes through them any more.
 */
export const way = (to: number) =>
  Effect.gen(function*() {
    let losing = false
    const open = new Set<{ silent: boolean }>()
    const port = yield* listen((socket) => {
      const onward = NodeNet.connect(to, "127.0.0.1").on("error", () => {})
      const state = { silent: false, lost: false }
      open.add(state)
      socket.on("data", (sent) => {
        if (losing && /\r\neval\r\n/i.test(sent.toString("latin1"))) [losing, state.lost] = [false, true]
        if (!state.silent) onward.write(sent)
      }).on("close", () => onward.destroy())
      onward.on("data", (answer) => void (state.lost ? socket.destroy() : socket.write(answer)))
        .on("close", () => socket.destroy())
    })
    const loseNext = Effect.sync(() => {
      losing = true
    })
    const fallSilent = Effect.sync(() => open.forEach((state) => state.silent = true))
    return { port, loseNext, fallSilent }
  })

export interface PrivateServer {
  readonly port: number
  readonly start: Effect.Effect<void>
  /** Ends it as a crash does. */
  readonly kill: Effect.Effect<void>
  readonly signal: (name: "SIGSTOP" | "SIGCONT") => Effect.Effect<void>
  /** Talks to it past the engine. */
  readonly raw: <A>(body: (redis: Client) => Promise<A>) => Effect.Effect<A>
}

/** A Redis of one's own, started, that has every change on the disk before it answers. */
export const privateServer = (
  { password = "", settings = [] }: { readonly password?: string; readonly settings?: ReadonlyArray<string> } = {}
): Effect.Effect<PrivateServer, never, Scope.Scope> =>
  Effect.gen(function*() {
    const folder = yield* Processes.folder
    const port = yield* freePort
    const own = `redis://:${password}@127.0.0.1:${port}`
    const place = `--port ${port} --bind 127.0.0.1 --dir ${folder}`.split(" ")
    const lasting = ["--save", "", "--appendonly", "yes", "--appendfsync", "always"]
    const given = [...place, ...lasting, "--requirepass", password, ...settings]
    let child: ChildProcess.ChildProcess | undefined
    const start = Effect.promise(async () => {
      child = ChildProcess.spawn(program, given, { stdio: "ignore" })
      while (!(await isThere(own))) await new Promise((resume) => setTimeout(resume, 20))
    })
    const kill = Effect.async<void>((resume) => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return resume(Effect.void)
      child.once("exit", () => resume(Effect.void)).kill("SIGKILL")
    })
    yield* Effect.acquireRelease(start, () => kill)
    return {
      port,
      start,
      kill,
      signal: (name) => Effect.sync(() => void child?.kill(name)),
      raw: (body) => raw(own, body)
    }
  })
