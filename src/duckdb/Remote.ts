/**
 * DuckDB in a child process that can be killed: for SQL that anyone may have written.
 *
 * DuckDB's own limits do not hold against every function: `repeat('x', 4e9)` heeds no interrupt and no memory limit. So
 * the child is killed when its time is over, and kills itself when it holds too much.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import * as ChildProcess from "node:child_process"
import { fileURLToPath } from "node:url"
import * as DuckDb from "./DuckDb.js"
import * as DuckDbError from "./DuckDbError.js"
import { packageFile } from "./PackageFile.js"

/**
 * How to open one.
 *
 * - `files`: database files to read, each shown by its relation `results` under the name given.
 * - `timeLimit`: how long one query may take.
 * - `memoryCeiling`: what the whole process may hold, in bytes; the engine's own limit should lie well below.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  readonly files: { readonly [name: string]: string }
  readonly timeLimit: Duration.DurationInput
  readonly memoryCeiling: number
  readonly memoryLimit: string
}

/**
 * What a query gave: values are text as DuckDB prints it. `complete` is false when there was more than asked for.
 *
 * @since 0.1.0
 * @category models
 */
export interface Result {
  readonly columns: ReadonlyArray<DuckDb.ResultColumn>
  readonly rows: ReadonlyArray<ReadonlyArray<string | null>>
  readonly complete: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Remote {
  /** Carries out one statement. After a failure of type `Time` or `Memory` the process is gone. */
  readonly query: (
    sql: string,
    parameters?: ReadonlyArray<DuckDb.Parameter>,
    options?: { readonly maximumRows?: number; readonly maximumCharacters?: number }
  ) => Effect.Effect<Result, DuckDbError.DuckDbError>
}

const program = packageFile("src/duckdb/child.mjs")

const ended = (signal: string | null) =>
  new DuckDbError.DuckDbError(
    signal === "SIGKILL"
      ? { type: "Memory", message: "It needed more memory than a query may have." }
      : { type: "Process", message: "The process that carries out queries ended by itself." }
  )

// Nothing of this process's environment is for a child that runs anyone's SQL.
const start = Effect.acquireRelease(
  Effect.sync(() =>
    ChildProcess.fork(fileURLToPath(program), [], {
      execArgv: ["--max-old-space-size=256"],
      env: { ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", "ignore", "ignore", "ipc"]
    })
  ),
  (child) => Effect.sync(() => child.kill("SIGKILL"))
)

const ask = (child: ChildProcess.ChildProcess, message: object): Effect.Effect<unknown, DuckDbError.DuckDbError> =>
  Effect.async((resume) => {
    const settle = (effect: Effect.Effect<unknown, DuckDbError.DuckDbError>) => {
      child.removeAllListeners()
      resume(effect)
    }
    child.once("message", (answer: unknown) =>
      settle(
        Predicate.hasProperty(answer, "value")
          ? Effect.succeed(answer.value)
          : Effect.fail(
            DuckDbError.fromUnknown(
              Predicate.hasProperty(answer, "error") ? new Error(String(answer.error)) : "no answer"
            )
          )
      ))
    child.once("exit", (_, signal) => settle(Effect.fail(ended(signal))))
    child.once("error", (error) => settle(Effect.fail(DuckDbError.fromUnknown(error))))
    if (child.exitCode !== null || child.signalCode !== null) settle(Effect.fail(ended(child.signalCode)))
    else child.send(message, (error) => error === null ? undefined : settle(Effect.fail(ended(child.signalCode))))
  })

const setup = ({ files, memoryLimit }: Options) => {
  const attached = DuckDb.attach(files)
  return [...attached.files, ...attached.views, DuckDb.lockDown({ memoryLimit })]
}

/**
 * Starts a child for the time of a scope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (options: Options): Effect.Effect<Remote, DuckDbError.DuckDbError, Scope.Scope> =>
  Effect.gen(function*() {
    const child = yield* start
    const limited = <A>(effect: Effect.Effect<A, DuckDbError.DuckDbError>) =>
      Effect.timeoutFail(effect, {
        duration: options.timeLimit,
        onTimeout: () =>
          new DuckDbError.DuckDbError({
            type: "Time",
            message: `It ran longer than ${Duration.toSeconds(options.timeLimit)} s and was stopped.`
          })
      })
    yield* limited(ask(child, { open: { ceiling: options.memoryCeiling, setup: setup(options) } }))
    return {
      query: (sql, parameters = [], { maximumCharacters = 32_000_000, maximumRows = 100_000 } = {}) =>
        limited(ask(child, { query: { sql, parameters, maximumRows, maximumCharacters } })).pipe(
          // The child is ours, and answers in this shape.
          Effect.map((answer) => answer as Result),
          Effect.onError(() => Effect.sync(() => child.kill("SIGKILL"))),
          Effect.withSpan("Remote.query")
        )
    } satisfies Remote
  }).pipe(Effect.withSpan("Remote.open"))
