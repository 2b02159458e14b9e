/**
 * The life of an export run: queued, processing, ended, with counts that come from the rows of the run it exports.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as ExportSources from "./ExportSources.js"
import * as Ids from "./Ids.js"
import type { Output } from "./QuestionExecution.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

/**
 * How an export run ended. `total` counts the records it was about, `accepted` those that the destination took, and
 * `cumulative` all that the job has ever delivered.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ending {
  readonly status: "COMPLETE" | "FAILED" | "PARTIALLY_FAILED" | "THRESHOLD_WARNING" | "NO_NEW_USERS"
  readonly total: number
  readonly accepted: number
  readonly cumulative: number
  readonly errorMessage: string | undefined
}

/**
 * How far an export run is; times that lie ahead are missing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Progress {
  readonly run: Rows.ExportRun
  readonly type: "FULL_REFRESH" | "INCREMENTAL"
  readonly startedAt: number | undefined
  readonly endedAt: number | undefined
  readonly ending: Ending | undefined
}

/**
 * An export run's state in one word.
 *
 * @since 0.1.0
 * @category getters
 */
export const status = ({ ending, startedAt }: Progress): Ending["status"] | "QUEUED" | "PROCESSING" =>
  ending?.status ?? (startedAt === undefined ? "QUEUED" : "PROCESSING")

/** The smallest list that platforms accept. */
const smallestList = 100

interface Row {
  readonly text: string
  readonly isIdentified: boolean
}

const rowsOf = (output: Output): ReadonlyArray<Row> =>
  output.rows.map((row) => {
    const cells = output.columns.map(({ columnName }) => row[columnName] ?? "")
    return { text: cells.join("\u001f"), isIdentified: cells[0] !== "" }
  })

type Delivery = Pick<Ending, "status" | "errorMessage"> & { readonly rows: ReadonlyArray<Row>; readonly total: number }

const nothing = (status: Ending["status"], total: number, errorMessage?: string): Delivery => ({
  status,
  errorMessage,
  rows: [],
  total
})

/** What a job has delivered so far. */
interface Sent {
  readonly texts: Set<string>
  records: number
}

/** A platform takes people whom it can tell apart: rows of a list without an identifier are left. */
const deliverList = (fresh: ReadonlyArray<Row>): Delivery => {
  const identified = fresh.filter(({ isIdentified }) => isIdentified)
  const left = fresh.length - identified.length
  return {
    status: left === 0 ? "COMPLETE" : identified.length === 0 ? "FAILED" : "PARTIALLY_FAILED",
    errorMessage: left === 0
      ? undefined
      : `${left} of ${fresh.length} records have no identifier and were not accepted`,
    rows: identified,
    total: fresh.length
  }
}

const deliver = (rows: ReadonlyArray<Row>, sent: Sent, isList: boolean): Delivery => {
  if (isList && rows.length < smallestList) {
    return nothing(
      "THRESHOLD_WARNING",
      rows.length,
      `The list holds ${rows.length} records, fewer than ${smallestList}`
    )
  }
  const fresh = rows.filter(({ text }) => !sent.texts.has(text))
  if (sent.records > 0 && fresh.length === 0) return nothing("NO_NEW_USERS", 0)
  return isList
    ? deliverList(fresh)
    : { status: "COMPLETE", errorMessage: undefined, rows: fresh, total: fresh.length }
}

/** An export waits for a minute or so and is through within ten. */
const pace = (world: World.Service, run: Rows.ExportRun) => {
  const startsAt = run.submittedAt + Ids.between(world.seed, `export/queued/${run.id}`, 20, 90) * 1000
  return { startsAt, endsAt: startsAt + Ids.between(world.seed, `export/processing/${run.id}`, 60, 500) * 1000 }
}

const progressOf = (world: World.Service, run: Rows.ExportRun, isList: boolean, sent: Sent, now: number) =>
  Effect.map(run.source.output, (output): ReadonlyArray<Progress> => {
    if (output === undefined) return []
    const type = sent.records === 0 ? "FULL_REFRESH" : "INCREMENTAL"
    const delivery = run.obstacle === undefined
      ? deliver(rowsOf(output), sent, isList)
      : nothing("FAILED", output.rows.length, run.obstacle)
    const { errorMessage, rows, status, total } = delivery
    for (const { text } of rows) sent.texts.add(text)
    sent.records += rows.length
    const ended = { status, errorMessage, total, accepted: rows.length, cumulative: sent.records }
    const { endsAt, startsAt } = pace(world, run)
    return [{
      run,
      type,
      startedAt: now < startsAt ? undefined : startsAt,
      endedAt: now < endsAt ? undefined : endsAt,
      ending: now < endsAt ? undefined : ended
    }]
  })

/**
 * The runs of a job, the first first. Runs of the question that failed have none.
 *
 * The first delivers everything. Later ones deliver what is new since, and nothing if nothing is.
 *
 * @since 0.1.0
 * @category getters
 */
export const list = (world: World.Service, job: Rows.ExportJob): Effect.Effect<ReadonlyArray<Progress>> =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const isList = ExportSources.get(world, job.source)?.isList === true
    const sent: Sent = { texts: new Set(), records: 0 }
    const runs = world.exportRuns.where((run) => run.jobId === job.id).toSorted((a, b) => a.submittedAt - b.submittedAt)
    return (yield* Effect.forEach(runs, (run) => progressOf(world, run, isList, sent, now))).flat()
  })
