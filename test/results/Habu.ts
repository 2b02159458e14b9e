/**
 * A Habu over real HTTP that knows runs and their results and nothing else: large ones, and ones that misbehave.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Http from "node:http"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as Engine from "../../src/results/Engine.js"
import * as Memory from "../../src/state/Memory.js"

export type Row = { readonly [column: string]: string | number | null }

export interface Result {
  readonly columns: ReadonlyArray<readonly [name: string, dataType: string]>
  readonly rows: number
  readonly row: (index: number) => Row
  /** Gives no more rows than this at once. */
  readonly most?: number
  /** What `data/count` says, if not the truth. */
  readonly count?: number
}

export interface Asked {
  readonly offset: number
  readonly limit: number
}

export interface Habu {
  readonly url: string
  readonly asked: Array<Asked>
  /** How many requests were under way at once at most. */
  readonly peak: () => number
  /** Breaks the answers of the pages from this offset on. */
  fail: (page: Asked) => number | undefined
  readonly results: Map<string, Result>
  delay: number
}

const json = (value: unknown) => JSON.stringify(value)

const token = () => {
  const claims = Buffer.from(json({ exp: Math.floor(Date.now() / 1000) + 43_200 })).toString("base64url")
  return json({ accessToken: `e30.${claims}.c2ln`, tokenType: "Bearer", expiresIn: 43_200 })
}

const page = ({ columns, most, row, rows }: Result, { limit, offset }: Asked) => ({
  metadata: columns.map(([fieldName, dataType]) => ({ fieldName, dataType, columnName: fieldName })),
  stats: Array.from(
    { length: Math.max(0, Math.min(limit, most ?? limit, rows - offset)) },
    (_, index) => row(offset + index)
  ),
  count: rows,
  multipleOutputs: []
})

/** Starts one, stopped with the scope. */
export const start: Effect.Effect<Habu, never, Scope.Scope> = Effect.gen(function*() {
  let underWay = 0
  let peak = 0
  const habu = {
    url: "",
    asked: [] as Array<Asked>,
    peak: () => peak,
    fail: () => undefined as number | undefined,
    results: new Map<string, Result>(),
    delay: 0
  } as { -readonly [K in keyof Habu]: Habu[K] }

  const reply = (url: URL): readonly [number, string] => {
    if (url.pathname.endsWith("/oauth/token")) return [200, token()]
    const [, runId = "", what] = /\/cleanroom-question-runs\/([^/]+)\/data(\/count)?$/.exec(url.pathname) ?? []
    const result = habu.results.get(runId)
    if (result === undefined) return [404, json({ status: 404 })]
    if (what !== undefined) return [200, String(result.count ?? result.rows)]
    const asked = {
      offset: Number(url.searchParams.get("offset")),
      limit: Number(url.searchParams.get("limit") ?? 500)
    }
    habu.asked.push(asked)
    const status = habu.fail(asked)
    return status === undefined ? [200, json(page(result, asked))] : [status, json({ status })]
  }

  const server = Http.createServer((request, response) => {
    peak = Math.max(peak, ++underWay)
    const [status, body] = reply(new URL(request.url ?? "", "http://localhost"))
    setTimeout(() => {
      underWay--
      response.writeHead(status, { "content-type": "application/json" }).end(body)
    }, habu.delay)
  })
  yield* Effect.acquireRelease(
    Effect.async<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )
  const address = server.address()
  habu.url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/v1`
  return habu
})

/** The engine over it. */
export const engine = (habu: Habu, options?: Engine.Options) =>
  Engine.layer(options).pipe(
    Layer.provideMerge(HabuClient.layerDefault()),
    Layer.provideMerge(Layer.mergeAll(
      HabuConfig.layer({
        apiUrl: habu.url,
        clientId: "0123456789abcdef0123456789abcdef",
        clientSecret: Redacted.make("".padEnd(64, "s"))
      }),
      Memory.layer,
      NodeHttpClient.layerUndici
    )),
    Layer.provide(Logger.minimumLogLevel(LogLevel.None))
  )
