/**
 * The engine behind {@link Results}: pages come at the same time, and go to disk as they come.
 *
 * @since 0.1.0
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as Remote from "../duckdb/Remote.js"
import type { QuestionRunResultData } from "../habu/api/QuestionRuns.js"
import { HabuClient } from "../habu/HabuClient.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import type { HabuError } from "../habu/HabuError.js"
import * as Chart from "./Chart.js"
import * as Column from "./Column.js"
import * as Disclosure from "./Disclosure.js"
import * as Export from "./Export.js"
import * as OutputFile from "./OutputFile.js"
import * as Picture from "./Picture.js"
import * as Query from "./Query.js"
import { type Load, Results, type Service } from "./Results.js"
import { type ResultsFailed, RowsWithheld } from "./ResultsError.js"
import * as Summary from "./Summary.js"
import * as Table from "./Table.js"
import * as TemporaryFolder from "./TemporaryFolder.js"

/**
 * How results are fetched.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** How many rows are asked for at once; Habu may give fewer. */
  readonly pageRows?: number
}

const usualPage = 5_000

interface Begun {
  readonly columns: ReadonlyArray<Column.Column>
  readonly writer: Table.Writer
  readonly pageRows: number
}

// What is known of one run's result. Loading goes on from `rows` where an attempt failed.
interface Loading {
  begun: Begun | undefined
  rows: number
  expected: number
  attempt: Deferred.Deferred<Table.Table, HabuError | ResultsFailed>
  state: "under way" | "failed" | "done"
}

/**
 * Makes an engine with a folder of its own, which ends with its scope.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: Options = {}) {
  const habu = yield* HabuClient
  const { concurrency } = yield* HabuConfig
  const scope = yield* Effect.scope
  // Uninterruptible as a whole, or the first to give up would leave its interruption to all who come after.
  const folder = Effect.uninterruptible(yield* Effect.cached(Scope.extend(TemporaryFolder.make, scope)))
  const newFile = Effect.map(folder, (path) => `${path}/${crypto.randomUUID()}.duckdb`)
  const known = new Map<string, Loading>()

  const page = (runId: string, offset: number, limit: number) =>
    habu.getCleanroomQuestionRunData({ path: { cleanroomQuestionRunId: runId }, urlParams: { offset, limit } })

  const rowsOf = ({ stats }: QuestionRunResultData) => stats ?? []

  // Habu may give fewer rows than asked for; what is missing is asked for again, until nothing comes.
  const whole = (
    runId: string,
    begun: Begun,
    offset: number,
    limit: number
  ): Effect.Effect<ReadonlyArray<Table.Packed>, HabuError> =>
    Effect.flatMap(page(runId, offset, limit), (data) => {
      const rows = rowsOf(data).slice(0, limit)
      const packed = Table.pack(begun.columns, rows)
      return rows.length === 0 || rows.length === limit
        ? Effect.succeed([packed])
        : Effect.map(whole(runId, begun, offset + rows.length, limit - rows.length), (more) => [packed, ...more])
    })

  const begin = Effect.fnUntraced(function*(runId: string, loading: Loading) {
    const asked = options.pageRows ?? usualPage
    const [expected, first, path] = yield* Effect.all([
      habu.getCleanroomQuestionRunDataCount({ path: { cleanroomQuestionRunId: runId } }),
      page(runId, 0, asked),
      newFile
    ], { concurrency: 2 })
    const columns = Column.fromPage(first)
    const rows = rowsOf(first)
    const writer = yield* Scope.extend(Table.create(path, columns), scope)
    // A page that is not the last tells how many rows Habu gives at once.
    const begun = { columns, writer, pageRows: rows.length > 0 && rows.length < expected ? rows.length : asked }
    loading.begun = begun
    loading.expected = expected
    yield* append(loading, begun, [Table.pack(columns, rows)])
    return begun
  })

  const append = (loading: Loading, { writer }: Begun, pages: ReadonlyArray<Table.Packed>) =>
    Effect.forEach(pages, (packed) =>
      Effect.uninterruptible(Effect.zipRight(
        writer.append(packed),
        Effect.sync(() => {
          loading.rows += packed.count
        })
      )), { discard: true })

  const fill = Effect.fn("Results.fill")(function*(runId: string, loading: Loading) {
    const begun = loading.begun ?? (yield* begin(runId, loading))
    const { expected, rows: from } = loading
    const { pageRows } = begun
    const count = Math.max(0, Math.ceil((expected - from) / pageRows))
    yield* Stream.range(0, count - 1).pipe(
      Stream.mapEffect((index) => {
        const offset = from + index * pageRows
        return whole(runId, begun, offset, Math.min(pageRows, expected - offset))
      }, { concurrency }),
      Stream.runForEach((pages) => append(loading, begun, pages))
    )
    return yield* begun.writer.seal
  })

  // Single-flight: a loading under way or done is everybody's; one that failed is taken up where it stopped.
  const current = (runId: string) =>
    Effect.uninterruptible(Effect.gen(function*() {
      const before = known.get(runId)
      if (before !== undefined && before.state !== "failed") return before
      const attempt = yield* Deferred.make<Table.Table, HabuError | ResultsFailed>()
      const loading: Loading = before ?? { begun: undefined, rows: 0, expected: 0, attempt, state: "under way" }
      loading.attempt = attempt
      loading.state = "under way"
      known.set(runId, loading)
      yield* Effect.interruptible(fill(runId, loading)).pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            loading.state = exit._tag === "Success" ? "done" : "failed"
          })
        ),
        Effect.intoDeferred(attempt),
        Effect.forkIn(scope)
      )
      return loading
    }))

  const load: Service["load"] = Effect.fn("Results.load")(function*({ questionType, runId }, wait) {
    if (!Disclosure.mayShowRows(questionType)) {
      return yield* Effect.fail(new RowsWithheld({ ...(questionType !== undefined && { questionType }) }))
    }
    const loading = yield* current(runId)
    const table = yield* Effect.timeoutOption(Deferred.await(loading.attempt), wait)
    return Option.match(table, {
      onNone: (): Load => ({ _tag: "Loading", rows: loading.rows, expected: loading.expected }),
      onSome: (table): Load => ({ _tag: "Loaded", table, expected: loading.expected })
    })
  })

  const tableOf = (answer: Remote.Result) =>
    Effect.scoped(Effect.gen(function*() {
      const columns = answer.columns.map(({ name, type }, index): Column.Column => ({
        key: String(index),
        name,
        ...Column.typeOf(type)
      }))
      const writer = yield* Table.create(yield* newFile, columns)
      yield* writer.append(
        Table.pack(columns, answer.rows.map((row) => Object.fromEntries(row.map((cell, index) => [index, cell]))))
      )
      return yield* writer.seal
    }))

  return Results.of({
    load,
    query: Query.run,
    tableOf,
    firstRows: (table, rows) =>
      Effect.scoped(
        Effect.flatMap(Table.connect(table), (connection) => Table.rowsFrom(connection, table, 0, rows))
      ),
    summarise: Summary.make,
    chart: Effect.fn("Results.chart")(function*(options) {
      const chart = yield* Chart.make(options)
      return { ...chart, png: yield* Effect.either(Picture.png(chart.spec)) }
    }),
    export: Export.table,
    save: (options) => Effect.flatMap(folder, (within) => OutputFile.save({ ...options, within }))
  })
})

/**
 * Provides the engine. Nothing is opened or written before a result is first loaded.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Options): Layer.Layer<Results, never, HabuClient | HabuConfig> =>
  Layer.scoped(Results, make(options))
