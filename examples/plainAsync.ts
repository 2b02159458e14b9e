/**
 * For a program that knows nothing of Effect: plain `async` functions over one runtime, which is built with the first
 * call and holds the access token, the caches and the budgets.
 */
import { FetchHttpClient } from "@effect/platform"
import { Cause, Effect, Exit, Layer, Logger, LogLevel, ManagedRuntime, Redacted } from "effect"
import { type Api, HabuClient, HabuConfig } from "habu-mcp/habu"
import { Memory } from "habu-mcp/state"
import { ExecuteQuestionWorkflow, Services } from "habu-mcp/workflows"
import { pathToFileURL } from "node:url"

export interface Settings {
  readonly clientId: string
  readonly clientSecret: string
  readonly apiUrl?: string
  readonly sandboxSpeed?: number
}

export interface Habu {
  readonly cleanRooms: (signal?: AbortSignal) => Promise<ReadonlyArray<Api.CleanRooms.CleanRoom>>
  /** Starts the question once; called again, it tells how the run goes. */
  readonly ask: (
    order: ExecuteQuestionWorkflow.Input,
    signal?: AbortSignal
  ) => Promise<ExecuteQuestionWorkflow.Output>
  readonly close: () => Promise<void>
}

export const makeHabu = ({ clientSecret, ...settings }: Settings): Habu => {
  const runtime = ManagedRuntime.make(
    Services.layer.pipe(
      Layer.provideMerge(HabuClient.layerDefault()),
      Layer.provideMerge(HabuConfig.layer({ ...settings, clientSecret: Redacted.make(clientSecret) })),
      Layer.provideMerge(
        Layer.mergeAll(Memory.layer, FetchHttpClient.layer, Logger.minimumLogLevel(LogLevel.Warning))
      )
    )
  )

  // A promise is rejected with Habu's error itself: `error._tag`, `error.code`, `error.advice`.
  const run = async <A, E>(
    effect: Effect.Effect<A, E, ManagedRuntime.ManagedRuntime.Context<typeof runtime>>,
    signal?: AbortSignal
  ): Promise<A> => {
    const exit = await runtime.runPromiseExit(effect, signal && { signal })
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.squash(exit.cause)
  }

  return {
    cleanRooms: (signal) =>
      run(
        Effect.flatMap(HabuClient.HabuClient, (habu) => habu.getAllCleanrooms({ urlParams: {} })),
        signal
      ),
    ask: (order, signal) => run(ExecuteQuestionWorkflow.run(order), signal),
    close: () => runtime.dispose()
  }
}

const main = async () => {
  const { HABU_API_CLIENT = "", HABU_API_SECRET = "", HABU_API = "https://api.habu.com/v1" } = process.env
  const habu = makeHabu({ clientId: HABU_API_CLIENT, clientSecret: HABU_API_SECRET, apiUrl: HABU_API })
  try {
    console.log(await habu.cleanRooms(AbortSignal.timeout(30_000)))
  } finally {
    await habu.close()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main()
