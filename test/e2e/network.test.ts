import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as http from "node:http"
import * as net from "node:net"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Host from "./host.js"

const listening = (server: http.Server | net.Server) =>
  Effect.acquireRelease(
    Effect.promise(() =>
      new Promise<number>((resolve) =>
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          resolve(typeof address === "object" && address !== null ? address.port : 0)
        })
      )
    ),
    () => Effect.promise(() => new Promise((resolve) => server.close(resolve)))
  )

// A proxy that refuses every tunnel and remembers who asked for which.
const proxy = Effect.gen(function*() {
  const tunnels: Array<string> = []
  const server = http.createServer()
  server.on("connect", (request: http.IncomingMessage, socket: net.Socket) => {
    tunnels.push(request.url ?? "")
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n")
  })
  return { tunnels, url: `http://127.0.0.1:${yield* listening(server)}` }
})

// Passes everything on to a port and counts the connections it took.
const counter = (target: number) =>
  Effect.gen(function*() {
    const sockets = new Set<net.Socket>()
    let count = 0
    const server = net.createServer((incoming) => {
      count++
      const outgoing = net.connect(target, "127.0.0.1")
      for (const socket of [incoming, outgoing]) {
        sockets.add(socket)
        socket.on("error", () => undefined)
      }
      incoming.pipe(outgoing).pipe(incoming)
    })
    const port = yield* listening(server)
    yield* Effect.addFinalizer(() => Effect.sync(() => sockets.forEach((socket) => socket.destroy())))
    return { port, connections: () => count }
  })

describe("the network", () => {
  it.live(
    "goes through the proxy that the environment names, but for what NO_PROXY excepts",
    () =>
      Effect.gen(function*() {
        const { tunnels, url } = yield* proxy
        const env = { HABU_API: "https://habu.invalid", HABU_STATE: "memory", HTTPS_PROXY: url }
        const through = yield* Host.start([], env)
        const health = yield* through.call("health_check")
        expect(health.structured?.["status"]).not.toBe("done")
        expect(tunnels).toContain("habu.invalid:443")
        const before = tunnels.length
        const around = yield* Host.start([], { ...env, NO_PROXY: "habu.invalid" })
        yield* around.call("health_check")
        expect(tunnels).toHaveLength(before)
      }).pipe(Effect.scoped),
    30_000
  )

  it.live("never asks a Habu on this machine through a proxy", () =>
    Effect.gen(function*() {
      const { tunnels, url } = yield* proxy
      const sandbox = yield* Sandbox.make()
      const settings = Host.settingsFor(sandbox, "memory")
      const host = yield* Host.start([], { ...settings, HTTP_PROXY: url, HTTPS_PROXY: url })
      expect((yield* host.call("find_resources", { kind: "clean_rooms" })).isError).toBe(false)
      expect(tunnels).toEqual([])
    }).pipe(Effect.scoped), 30_000)

  it.live("keeps connections alive and uses them again", () =>
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.make()
      const { connections, port } = yield* counter(Number(new URL(sandbox.url).port))
      const settings = { ...Host.settingsFor(sandbox, "memory"), HABU_API: `http://127.0.0.1:${port}/v1` }
      const host = yield* Host.start([], settings)
      yield* host.call("test_connection")
      for (const kind of ["clean_rooms", "questions", "users", "data_connections"]) {
        expect((yield* host.call("find_resources", { kind })).isError).toBe(false)
      }
      const requests = (yield* sandbox.requests).length
      expect(requests).toBeGreaterThan(20)
      expect(connections()).toBeLessThanOrEqual(8)
    }).pipe(Effect.scoped), 30_000)
})
