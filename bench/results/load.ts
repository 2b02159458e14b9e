// Downloads a result's pages, or loads and summarises the result, in a process of its own; prints how long that took,
// how long of it a processor worked, and the most memory it held. `load.mjs download|load URL ROWS`.
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as Engine from "../../src/results/Engine.js"
import { Results } from "../../src/results/Results.js"
import * as Memory from "../../src/state/Memory.js"

const [what, url = "", rows = "0"] = process.argv.slice(2)
const runId = "00000000-0000-4000-8000-000000000001"
const pageRows = 5_000
const atOnce = 8

const download = async () => {
  const offsets = Array.from({ length: Math.ceil(Number(rows) / pageRows) }, (_, page) => page * pageRows)
  const fetchAll = async (): Promise<void> => {
    const offset = offsets.shift()
    if (offset === undefined) return
    const answer = await fetch(`${url}/cleanroom-question-runs/${runId}/data?limit=${pageRows}&offset=${offset}`)
    await answer.text()
    return fetchAll()
  }
  await Promise.all(Array.from({ length: atOnce }, fetchAll))
}

const services = Engine.layer({ pageRows }).pipe(
  Layer.provide(HabuClient.layerDefault()),
  Layer.provide(Layer.mergeAll(
    HabuConfig.layer({
      apiUrl: url,
      clientId: "0123456789abcdef0123456789abcdef",
      clientSecret: Redacted.make("".padEnd(64, "s")),
      concurrency: atOnce
    }),
    Memory.layer,
    NodeHttpClient.layerUndici
  )),
  Layer.provide(Logger.minimumLogLevel(LogLevel.Warning))
)

const load = Effect.gen(function*() {
  const results = yield* Results
  const loaded = yield* results.load({ runId, questionType: "ANALYTICAL" }, "10 minutes")
  if (loaded._tag !== "Loaded" || loaded.table.rows !== Number(rows)) return yield* Effect.dieMessage("not all came")
  const loadedAt = performance.now()
  const { findings } = yield* results.summarise({ table: loaded.table })
  if (findings.length === 0) return yield* Effect.dieMessage("nothing was found")
  return loadedAt
}).pipe(Effect.provide(services))

const begun = performance.now()
const loadedAt = what === "download" ? await download() : await Effect.runPromise(load)
const ended = performance.now()
const { maxRSS, systemCPUTime, userCPUTime } = process.resourceUsage()
process.stdout.write(JSON.stringify({
  millis: ended - begun,
  loaded: (loadedAt ?? ended) - begun,
  work: (userCPUTime + systemCPUTime) / 1000,
  megabytes: maxRSS / 1024
}))
