/**
 * The same application on several machines: the store is a Redis, so that all of them share one access token, one set of
 * budgets and one memory of what was started. REDIS_HOST says where it is.
 */
import { FetchHttpClient } from "@effect/platform"
import { NodeContext, NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer, Logger } from "effect"
import { HabuBudget, HabuClient } from "habu-mcp/habu"
import { Redis } from "habu-mcp/state"
import { FindResources, Services } from "habu-mcp/workflows"
import { pathToFileURL } from "node:url"

const Store = Layer.unwrapEffect(
  Effect.map(
    Config.all({
      host: Config.withDefault(Config.string("REDIS_HOST"), "127.0.0.1"),
      port: Config.withDefault(Config.integer("REDIS_PORT"), 6379),
      prefix: Config.withDefault(Config.string("REDIS_PREFIX"), "campaigns:")
    }),
    Redis.layer
  )
)

export const Habu = Services.layer.pipe(
  Layer.provideMerge(HabuClient.layerConfig),
  Layer.provideMerge(Layer.mergeAll(Store, FetchHttpClient.layer, NodeContext.layer))
)

/** What a machine of the fleet sees, and what all of them have left to spend. */
export const glance = Effect.gen(function*() {
  const { summary } = yield* FindResources.run({ kind: "clean_rooms" })
  const budgets = yield* Effect.flatMap(HabuBudget.HabuBudget, ({ status }) => status)
  return { summary, left: Object.fromEntries(budgets.map(({ budget, remaining }) => [budget, remaining])) }
})

const main = glance.pipe(
  Effect.tap((found) => Effect.log(found)),
  Effect.provide(Habu),
  Effect.provide(Logger.pretty)
)

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) NodeRuntime.runMain(main)
