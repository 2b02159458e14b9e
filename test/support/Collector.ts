/**
 * An OpenTelemetry collector that keeps what it gets, or behaves badly.
 */
import * as Effect from "effect/Effect"
import * as http from "node:http"
import type { AddressInfo } from "node:net"

export interface Received {
  readonly path: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

export interface Collector {
  readonly url: string
  readonly received: ReadonlyArray<Received>
  /** All bodies of a signal, where they are JSON. */
  readonly bodies: (signal: "traces" | "metrics" | "logs") => ReadonlyArray<unknown>
}

/** `answers` is how it answers; "nothing" leaves the exporter waiting. */
export const make = (answers: 200 | "nothing" = 200) =>
  Effect.acquireRelease(
    Effect.async<{ readonly collector: Collector; readonly server: http.Server }>((resume) => {
      const received: Array<Received> = []
      const server = http.createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          received.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) })
          if (answers !== "nothing") response.writeHead(answers).end("{}")
        })
      })
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        const collector: Collector = {
          url: `http://127.0.0.1:${port}`,
          received,
          bodies: (signal) =>
            received.filter(({ path }) => path === `/v1/${signal}`).map(({ body }) =>
              JSON.parse(body.toString("utf8")) as unknown
            )
        }
        resume(Effect.succeed({ collector, server }))
      })
    }),
    ({ server }) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  ).pipe(Effect.map(({ collector }) => collector))
