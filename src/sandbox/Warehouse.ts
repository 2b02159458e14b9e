/**
 * The database that the sandbox's questions run on: the synthetic tables, made from a seed on first use.
 *
 * @since 0.1.0
 */
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as DuckDb from "../duckdb/DuckDb.js"
import type { DuckDbError } from "../duckdb/DuckDbError.js"
import * as Once from "./Once.js"
import * as SparkFunctions from "./sql/SparkFunctions.js"
import * as SyntheticData from "./sql/SyntheticData.js"

/**
 * What the tables depend on, and how long a question may run (30 seconds of real time when left out).
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends SyntheticData.Options {
  readonly timeLimit?: Duration.DurationInput
}

/**
 * The warehouse. `use` runs something on a connection of its own, within the time limit.
 *
 * There are two at a time, for a running statement holds a thread of Node's pool; the others wait, and their time has
 * not begun. The limit is real time, whatever clock the sandbox keeps. Whoever runs out of time or is interrupted gets
 * away at once, while DuckDB is being stopped behind them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  readonly use: <A, E>(
    effect: (connection: DuckDb.Connection) => Effect.Effect<A, E>
  ) => Effect.Effect<A, E | DuckDbError | Cause.TimeoutException>
  readonly timeLimit: Duration.Duration
}

/**
 * @since 0.1.0
 * @category tags
 */
export class Warehouse extends Context.Tag("habu-mcp/sandbox/Warehouse")<Warehouse, Service>() {}

const connections = 2

const realTime = Clock.make()

const build = (options: SyntheticData.Options) =>
  Effect.gen(function*() {
    const database = yield* DuckDb.open()
    const fill = Effect.flatMap(database.connect, (connection) =>
      connection.run(`${SyntheticData.script(options)}\n${SparkFunctions.definitions}`))
    yield* Effect.scoped(fill)
    return database
  }).pipe(Effect.withSpan("Warehouse.build"))

/**
 * Makes a warehouse whose tables come into being when the first connection is asked for.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Options): Effect.Effect<Service, never, Scope.Scope> =>
  Effect.gen(function*() {
    const scope = yield* Effect.scope
    const free = yield* Effect.makeSemaphore(connections)
    const database = yield* Once.make(Scope.extend(build(options), scope))
    const timeLimit = Duration.decode(options.timeLimit ?? "30 seconds")
    return {
      timeLimit,
      use: (effect) =>
        Effect.flatMap(database, ({ connect }) =>
          Effect.scoped(Effect.flatMap(connect, effect)).pipe(
            Effect.disconnect,
            Effect.timeout(timeLimit),
            Effect.withClock(realTime)
          )).pipe(free.withPermits(1))
    }
  })

/**
 * Provides a warehouse.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<Warehouse> => Layer.scoped(Warehouse, make(options))
