/**
 * An Effect application that reports on a campaign: the client, two workflows, an HTTP client and a retry policy of its
 * own. The environment says which Habu (HABU_API_CLIENT, HABU_API_SECRET).
 */
import { HttpClient, HttpClientRequest } from "@effect/platform"
import { NodeContext, NodeHttpClient, NodeRuntime } from "@effect/platform-node"
import { Effect, Layer, Logger, Schedule } from "effect"
import { HabuClient, HabuError, RetryPolicy } from "habu-mcp/habu"
import { Memory } from "habu-mcp/state"
import { ExecuteQuestionWorkflow, MonitorCleanroomStatus, Services } from "habu-mcp/workflows"
import { pathToFileURL } from "node:url"

const Http = Layer.effect(
  HttpClient.HttpClient,
  Effect.map(
    HttpClient.HttpClient,
    HttpClient.mapRequest(HttpClientRequest.setHeader("user-agent", "campaign-report/1.0"))
  )
).pipe(Layer.provide(NodeHttpClient.layerUndici))

// Patient: five more tries of what may be tried again. A run's start never is; that is not the policy's to decide.
const Patience = Layer.succeed(
  RetryPolicy.RetryPolicy,
  Schedule.exponential("200 millis").pipe(
    Schedule.jittered,
    Schedule.intersect(Schedule.recurs(5)),
    Schedule.intersect(Schedule.recurWhile(HabuError.isTransient))
  )
)

/** Everything the report stands on. What lies further down is seen by all that lies above. */
export const Habu = Services.layer.pipe(
  Layer.provideMerge(HabuClient.layerConfig),
  Layer.provideMerge(Layer.mergeAll(Memory.layer, Http, Patience, NodeContext.layer))
)

/** The state of a clean room and the results of a question in it. */
export const report = Effect.fn("report")(
  function*(cleanRoom: string, question: string, parameters: { readonly [name: string]: string }) {
    const habu = yield* HabuClient.HabuClient
    const cleanRooms = yield* habu.getAllCleanrooms({ urlParams: {} })
    const { summary } = yield* MonitorCleanroomStatus.run({ clean_room: cleanRoom })
    const run: ExecuteQuestionWorkflow.Output = yield* ExecuteQuestionWorkflow.run({
      question,
      clean_room: cleanRoom,
      parameters,
      wait_seconds: 45
    })
    return { cleanRooms: cleanRooms.length, state: summary, run: run.summary, rows: run.results?.row_count }
  },
  Effect.catchTags({
    // Nothing was sent: there is a time to come back at.
    BudgetExhausted: ({ message, retryAt }) => Effect.succeed({ later: message, retryAt }),
    // The names that could have been meant stand in the error.
    ReferenceUnknown: ({ advice, message }) => Effect.succeed({ unclear: message, advice })
  })
)

const main = report("Fizzwell Summer Campaign", "Campaign reach and sales overlap", {
  "exposures.date_start": "2020-01-01",
  "exposures.date_end": "2030-01-01"
}).pipe(
  Effect.tap((found) => Effect.log(found)),
  Effect.provide(Habu),
  Effect.provide(Logger.pretty)
)

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) NodeRuntime.runMain(main)
