/**
 * Runs of questions and what they leave behind.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/QuestionRuns.js"
import * as Access from "../Access.js"
import type { Failure } from "../Engine.js"
import { served } from "../Group.js"
import * as Limits from "../Limits.js"
import * as Parameters from "../Parameters.js"
import * as QuestionState from "../QuestionState.js"
import { badRequest, notFound, preconditionFailed, type Refusal } from "../Refusal.js"
import * as RoomQuestions from "../RoomQuestions.js"
import type * as Rows from "../Rows.js"
import * as RunFiles from "../RunFiles.js"
import * as Runs from "../Runs.js"
import { SandboxApi } from "../SandboxApi.js"
import { given, page, time } from "../Wire.js"
import * as World from "../World.js"

const partitionName = /\.date_(start|end)$/

const partitions = (run: Rows.Run) =>
  Object.entries(run.parameters)
    .filter(([name]) => partitionName.test(name))
    .map(([name, value]) => ({ name, value, dataType: "DATE" }))

const failureOf = (run: Rows.Run): Effect.Effect<Failure | undefined> =>
  run.reported === undefined
    ? Effect.map(Runs.ending(run), (ending) => ending?._tag === "Failed" ? ending.failure : undefined)
    : Effect.succeed({
      failureReason: "REPORTED_BY_CUSTOMER",
      runMessage: Object.entries(run.reported.details).map((entry) => entry.join(": ")).join("; "),
      isRetryable: false
    })

const toWire = (run: Rows.Run): Effect.Effect<Api.QuestionRunMetadata> =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const status = yield* Runs.status(run)
    const failure = status === "FAILED" ? yield* failureOf(run) : undefined
    const isOver = ["COMPLETED", "FAILED"].includes(status)
    return given({
      id: run.id,
      name: run.name,
      status,
      submittedAt: time(run.submittedAt),
      executedAt: status === "QUEUED" || now < run.executedAt ? undefined : time(run.executedAt),
      completedAt: isOver ? time(run.reported?.at ?? run.completedAt) : undefined,
      parameters: run.parameters,
      partitionParameters: partitions(run),
      failureReason: failure?.failureReason,
      isRetryable: failure?.isRetryable,
      runMessage: failure?.runMessage,
      questionVersion: run.questionVersion
    })
  })

interface ListParams {
  readonly status?: string
  readonly startDate?: string
  readonly endDate?: string
  readonly limit?: number
  readonly offset?: number
}

const isWithin = (run: Rows.Run, { endDate, startDate }: ListParams) => {
  const day = time(run.submittedAt).slice(0, 10)
  return (startDate === undefined || startDate === "" || day >= startDate) &&
    (endDate === undefined || endDate === "" || day <= endDate)
}

/** The newest first; only the page's own runs are looked at, unless a status is asked for. */
const list = (world: World.Service, id: string, asked: ListParams) =>
  Effect.gen(function*() {
    const { row } = yield* Access.cleanRoomQuestion(world, id)
    const runs = world.runs
      .where((run) => run.cleanRoomQuestionId === row.id && isWithin(run, asked))
      .toSorted((a, b) => b.submittedAt - a.submittedAt)
    const { status } = asked
    const wanted = status === undefined
      ? runs
      : yield* Effect.filter(runs, (run) => Effect.map(Runs.status(run), (current) => current === status))
    return yield* Effect.forEach(page(wanted, asked, { limit: 30, most: 100 }), toWire)
  })

const checkStart = (
  world: World.Service,
  question: Rows.CleanRoomQuestion,
  room: Rows.CleanRoom,
  request: Api.QuestionRunCreateParameters
) =>
  Effect.gen(function*() {
    if (request.name.trim() === "") return yield* Effect.fail(badRequest("name must not be empty"))
    yield* Access.allowed(world, question, "RUN")
    if (Access.isExpired(room, yield* Clock.currentTimeMillis)) {
      return yield* Effect.fail(preconditionFailed(`Clean room ${room.displayId} ended on ${room.endAt}`))
    }
    const status = QuestionState.status(world, question)
    if (status !== "READY") {
      return yield* Effect.fail(preconditionFailed(`Question ${question.displayId} is ${status}, not READY`))
    }
    const refused = Parameters.refused(question, request.parameters ?? {})
    if (refused !== undefined) return yield* Effect.fail(badRequest(refused))
  })

const start = (world: World.Service, id: string, request: Api.QuestionRunCreateParameters) =>
  Effect.gen(function*() {
    const { room, row } = yield* Access.cleanRoomQuestion(world, id)
    yield* world.limits.spend(
      "question-run",
      Limits.twentyInAnHour,
      "At most 20 question runs can be started in an hour"
    )
    yield* checkStart(world, row, room, request)
    const run = yield* Runs.submit(world, row, room, {
      id: world.ids.uuid("run"),
      name: request.name,
      parameters: request.parameters ?? {},
      submittedAt: yield* Clock.currentTimeMillis
    })
    return yield* toWire(run)
  })

const poll = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const { row } = yield* Access.run(world, id)
    yield* world.limits.spend(`poll/run/${id}`, Limits.twentyInAnHour, "At most 20 status reads of one run in an hour")
    return yield* toWire(row)
  })

const statuses = [
  "QUEUED",
  "RUNNING",
  "COMPLETED",
  "FAILED",
  "PARTNER_QUEUED",
  "PARTNER_RUNNING",
  "PARTNER_COMPLETED",
  "PARTNER_FAILED",
  "ERROR",
  "PENDING_RETRY"
]

/** A customer may only report on a run that is still on its way. */
const report = (world: World.Service, id: string, request: Api.QuestionRunStatus) =>
  Effect.gen(function*() {
    const { question, row } = yield* Access.run(world, id)
    yield* Access.allowed(world, question, "RUN")
    if (!statuses.includes(request.status)) return yield* Effect.fail(badRequest(`Unknown status ${request.status}`))
    const current = yield* Runs.status(row)
    if (current === "COMPLETED" || current === "FAILED") {
      return yield* Effect.fail(badRequest(`The run is ${current} already`))
    }
    const at = yield* Clock.currentTimeMillis
    world.runs.put({ ...row, reported: { status: request.status, at, details: request.postRunDetails ?? {} } })
    return { code: "OK", message: `The run is ${request.status}` }
  })

/** The result of a run that is complete; otherwise there is none (404). */
const resultOf = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const { question, row } = yield* Access.run(world, id)
    yield* Access.allowed(world, question, "VIEW_RESULTS")
    const ending = yield* Runs.ending(row)
    if (ending?._tag !== "Completed") return yield* Effect.fail(notFound("The result of clean room question run", id))
    return { output: ending.output, definition: QuestionState.details(world, question), row, question }
  })

const data = (world: World.Service, id: string, asked: { readonly limit?: number; readonly offset?: number }) =>
  Effect.map(resultOf(world, id), ({ definition, output }) => ({
    metadata: output.columns,
    stats: page(output.rows, asked, { limit: 500 }).map(RunFiles.withoutNulls),
    count: output.rows.length,
    multipleOutputs: definition.hasMultipleOutputs === true ? RunFiles.names(true) : []
  }))

const file = (world: World.Service, id: string, name: string) =>
  Effect.flatMap(
    resultOf(world, id),
    ({ definition, output }) =>
      Access.found(RunFiles.content(output, name, definition.hasMultipleOutputs === true), "Output file", name)
  )

const event = (at: number, eventType: string, message: string, details: { readonly [name: string]: string } = {}) => ({
  eventTime: time(at),
  eventType,
  message,
  details
})

const audit = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const { question, row } = yield* Access.run(world, id)
    const now = yield* Clock.currentTimeMillis
    const ending = yield* Runs.ending(row)
    const begun = [
      event(row.submittedAt, "RUN_SUBMITTED", `Run ${row.name} was submitted`, { question: question.displayId }),
      event(row.executedAt, "RUN_STARTED", "The query was handed to the compute cluster", {
        computeCapacity: question.computeCapacity
      })
    ].filter(({ eventTime }) => eventTime <= time(now))
    const reported = row.reported === undefined
      ? []
      : [event(row.reported.at, "STATUS_REPORTED", `Status ${row.reported.status} was reported`, row.reported.details)]
    const ended = ending === undefined
      ? []
      : ending._tag === "Completed"
      ? [event(row.completedAt, "RUN_COMPLETED", "The result was stored", {
        recordsRead: String(ending.output.recordsRead),
        rows: String(ending.output.rows.length)
      })]
      : [event(row.completedAt, "RUN_FAILED", ending.failure.runMessage, { reason: ending.failure.failureReason })]
    return { cleanroomQuestionRunId: row.id, auditDetails: [...begun, ...reported, ...ended] }
  })

/** What a list run sent to the segment that was enabled for its question. */
const activation = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const { question, row } = yield* Access.run(world, id)
    const ending = yield* Runs.ending(row)
    const { segmentation } = question
    const isList = RoomQuestions.typeOf(QuestionState.details(world, question)) === "LIST"
    return {
      cleanroomQuestionRunId: row.id,
      cleanroomQuestionRunName: row.name,
      activationSummary: ending?._tag === "Completed" && segmentation !== undefined && isList
        ? [{
          activationPartner: "LiveRamp Activation",
          activationChannel: segmentation.name,
          segmentCode: segmentation.assetId.slice(0, 8).toUpperCase(),
          identityType: segmentation.rampId,
          lastProcessed: time(row.completedAt),
          recordsSent: ending.output.rows.length,
          status: "COMPLETED"
        }]
        : []
    }
  })

const explain = (world: World.Service, id: string): Effect.Effect<Api.GetExplainPlanResponse, Refusal> =>
  Effect.gen(function*() {
    const { question, row } = yield* Access.run(world, id)
    yield* Access.allowed(world, question, "VIEW_CODE")
    const { input } = row.outcome
    if (input === undefined) return { success: false, errorMessage: "The run never reached the compute cluster" }
    return yield* Effect.match(world.engine.explain(input, row.executedAt), {
      onFailure: (failure) => ({ success: false, errorMessage: failure.runMessage }),
      onSuccess: (explainPlan) => ({ success: true, explainPlan })
    })
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "QuestionRuns",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle(
            "getAllCleanroomQuestionRuns",
            ({ path, urlParams }) => list(world, path.cleanroomQuestionId, urlParams)
          )
          .handle("createCleanroomQuestionRun", ({ path, payload }) => start(world, path.cleanroomQuestionId, payload))
          .handle("getCleanroomQuestionRunById", ({ path }) => poll(world, path.cleanroomQuestionRunId))
          .handle(
            "updateCleanroomQuestionRunStatus",
            ({ path, payload }) => report(world, path.cleanroomQuestionRunId, payload)
          )
          .handle("deleteCleanroomQuestionRun", ({ path }) =>
            Effect.gen(function*() {
              const { question, row } = yield* Access.run(world, path.cleanroomQuestionRunId)
              yield* Access.allowed(world, question, "RUN")
              return { success: world.runs.remove(row.id) }
            }))
          .handle(
            "getCleanroomQuestionRunData",
            ({ path, urlParams }) => data(world, path.cleanroomQuestionRunId, urlParams)
          )
          .handle(
            "getCleanroomQuestionRunOutputFile",
            ({ path }) => file(world, path.cleanroomQuestionRunId, path.fileName)
          )
          .handle(
            "getCleanroomQuestionRunDataCount",
            ({ path }) => Effect.map(resultOf(world, path.cleanroomQuestionRunId), ({ output }) => output.rows.length)
          )
          .handle("getCleanroomQuestionRunAudit", ({ path }) => audit(world, path.cleanroomQuestionRunId))
          .handle(
            "getCleanroomQuestionRunActivationSummaries",
            ({ path }) => activation(world, path.cleanroomQuestionRunId)
          )
          .handle(
            "getCleanroomQuestionRunPartitionParameters",
            ({ path }) => Effect.map(Access.run(world, path.cleanroomQuestionRunId), ({ row }) => partitions(row))
          )
          .handle("getCleanroomQuestionRunExplainPlan", ({ path }) => explain(world, path.cleanroomQuestionRunId))
      ))
)
