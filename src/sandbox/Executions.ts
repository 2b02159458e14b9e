/**
 * Executions: a template's models run side by side, each as a run of the question that it stands for.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../habu/api/Executions.js"
import type * as Rows from "./Rows.js"
import * as Runs from "./Runs.js"
import { given, time } from "./Wire.js"
import type * as World from "./World.js"

interface Part {
  readonly model: string
  readonly run: Rows.Run
  readonly status: string
  readonly message: string | undefined
}

const messageOf = (run: Rows.Run) =>
  Effect.map(Runs.ending(run), (ending) => ending?._tag === "Failed" ? ending.failure.runMessage : undefined)

/** The models' runs that are still there, as they stand. */
const parts = (world: World.Service, row: Rows.Execution) =>
  Effect.forEach(
    Object.entries(row.runs).flatMap(([model, id]) => {
      const run = world.runs.get(id)
      return run === undefined ? [] : [{ model, run }]
    }),
    ({ model, run }) =>
      Effect.map(
        Effect.all([Runs.status(run), messageOf(run)]),
        ([status, message]): Part => ({ model, run, status, message })
      )
  )

const isOver = (status: string) => status === "COMPLETED" || status === "FAILED"

/** QUEUED until the first model starts, RUNNING until the last one ends, and FAILED if any of them did. */
const statusOf = (row: Rows.Execution, all: ReadonlyArray<Part>): string => {
  if (row.cancelledAt !== undefined) return "CANCELLED"
  if (all.every(({ status }) => status === "QUEUED") && all.length > 0) return "QUEUED"
  if (!all.every(({ status }) => isOver(status))) return "RUNNING"
  return all.some(({ status }) => status === "FAILED") ? "FAILED" : "COMPLETED"
}

const endOf = (row: Rows.Execution, all: ReadonlyArray<Part>): number =>
  row.cancelledAt ?? Math.max(row.createdAt, ...all.map(({ run }) => run.reported?.at ?? run.completedAt))

const report = (row: Rows.Execution, all: ReadonlyArray<Part>) =>
  [
    `${all.filter(({ status }) => status === "COMPLETED").length} of ${all.length} models are complete`,
    `code version ${row.codeVersion}`,
    ...(row.outputType === undefined ? [] : [`output ${row.outputType}`])
  ].join(", ")

/**
 * An execution as the contract's status response, with the run of each model as an output.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toWire = (
  world: World.Service,
  row: Rows.Execution
): Effect.Effect<Api.CleanRoomMeasurementExecutionInstanceStatusResponse> =>
  Effect.map(parts(world, row), (all) => {
    const status = statusOf(row, all)
    return given({
      Id: row.id,
      status,
      startTime: time(row.createdAt),
      endTime: status === "QUEUED" || status === "RUNNING" ? undefined : time(endOf(row, all)),
      name: row.name,
      detailedStatusReport: report(row, all),
      cleanRoomExecutionTemplateID: row.templateId,
      outputs: all.map(({ message, model, run, status }) =>
        given({ name: model, status, message, href: `/v1/cleanroom-question-runs/${run.id}/data`, method: "GET" })
      )
    })
  })

/**
 * Stops an execution with those of its runs that are on their way. Tells whether there was anything to stop.
 *
 * @since 0.1.0
 * @category combinators
 */
export const cancel = (world: World.Service, row: Rows.Execution): Effect.Effect<boolean> =>
  Effect.gen(function*() {
    const all = yield* parts(world, row)
    const status = statusOf(row, all)
    if (status === "CANCELLED") return true
    if (isOver(status)) return false
    const at = yield* Clock.currentTimeMillis
    for (const part of all.filter((part) => !isOver(part.status))) {
      world.runs.put({
        ...part.run,
        reported: { status: "FAILED", at, details: { cause: `Execution ${row.name} was cancelled` } }
      })
    }
    world.executions.put({ ...row, cancelledAt: at })
    return true
  })
