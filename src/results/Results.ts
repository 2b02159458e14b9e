/**
 * Results of runs: loaded once, then asked, summarised, drawn and written to files.
 *
 * This file names what can be done; what does it needs Node and is in the files beside it.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Either from "effect/Either"
import type * as Remote from "../duckdb/Remote.js"
import type { HabuError } from "../habu/HabuError.js"
import type * as Chart from "./Chart.js"
import type * as Export from "./Export.js"
import type { Written } from "./ExportFolder.js"
import type { Options as QueryOptions } from "./Query.js"
import type { ResultsFailed, ResultsRefused, RowsWithheld } from "./ResultsError.js"
import type * as Summary from "./Summary.js"
import type { Table } from "./Table.js"

/**
 * Whose result: a run, and the type of its question, by which rows are shown or withheld.
 *
 * @since 0.1.0
 * @category models
 */
export interface Subject {
  readonly runId: string
  readonly questionType: string | undefined
}

/**
 * How far a result is loaded. `expected` is how many rows Habu counts.
 *
 * @since 0.1.0
 * @category models
 */
export type Load =
  | { readonly _tag: "Loaded"; readonly table: Table; readonly expected: number }
  | { readonly _tag: "Loading"; readonly rows: number; readonly expected: number }

/**
 * Loads results whole, and answers from what is loaded.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /**
   * Loads a result, or goes on loading it, and waits so long; the loading itself goes on in the background. What was
   * loaded stays when it fails on the way, and the next call goes on from there (operations
   * `getCleanroomQuestionRunData`, `getCleanroomQuestionRunDataCount`). Only rows of analytical questions are loaded.
   */
  readonly load: (
    subject: Subject,
    wait: Duration.DurationInput
  ) => Effect.Effect<Load, HabuError | RowsWithheld | ResultsFailed>
  /** Carries out anyone's SQL over a loaded result, or says why not. */
  readonly query: (options: QueryOptions) => Effect.Effect<Remote.Result, ResultsRefused | ResultsFailed>
  /** Makes a table of a query's answer, so that it can be drawn and exported too. */
  readonly tableOf: (answer: Remote.Result) => Effect.Effect<Table, ResultsFailed>
  /** The first rows, as many as asked for. */
  readonly firstRows: (
    table: Table,
    rows: number
  ) => Effect.Effect<ReadonlyArray<ReadonlyArray<string | null>>, ResultsFailed>
  readonly summarise: (options: Summary.Options) => Effect.Effect<Summary.Summary, ResultsFailed>
  /** Draws a chart: its specification and, where the renderer is there, a PNG. */
  readonly chart: (options: Chart.Options) => Effect.Effect<Drawn, ResultsRefused | ResultsFailed>
  /** Writes a table into the export folder. */
  readonly export: (options: Export.Options) => Effect.Effect<Export.Exported, ResultsRefused | ResultsFailed>
  /** Writes a file of a run's own, which holds text, into the export folder. Cells of CSV are made harmless. */
  readonly save: (options: {
    readonly content: string
    readonly fileName: string
    readonly name?: string | undefined
  }) => Effect.Effect<Written, ResultsRefused | ResultsFailed>
}

/**
 * A chart and its picture, or why it could not be drawn: the renderer is an optional dependency.
 *
 * @since 0.1.0
 * @category models
 */
export interface Drawn extends Chart.Chart {
  readonly png: Either.Either<Uint8Array, ResultsFailed>
}

/**
 * The results of runs, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class Results extends Context.Tag("habu-mcp/results/Results")<Results, Service>() {}
