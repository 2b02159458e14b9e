/**
 * Execution instances: start, read, cancel.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Executions.js"
import type { CleanroomQuestionRunPartitionParameters } from "../../habu/api/QuestionRuns.js"
import * as Access from "../Access.js"
import * as Datasets from "../Datasets.js"
import * as Executions from "../Executions.js"
import { served } from "../Group.js"
import * as Parameters from "../Parameters.js"
import * as QuestionState from "../QuestionState.js"
import { badRequest, forbidden } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import * as Runs from "../Runs.js"
import { SandboxApi } from "../SandboxApi.js"
import { date } from "../Wire.js"
import * as World from "../World.js"

const templateIn = (world: World.Service, room: Rows.CleanRoom, id: string | undefined) => {
  if (id === undefined || id === "") return Effect.fail(badRequest("cleanRoomExecutionTemplateId is required"))
  const row = world.executionTemplates.get(id)
  return Access.found(row?.cleanRoomId === room.id ? row : undefined, "Execution template", id)
}

/** The models to run, all of the template's unless some are asked for, with their questions. */
const modelsOf = (world: World.Service, template: Rows.ExecutionTemplate, asked: ReadonlyArray<string>) => {
  const wanted = asked.length === 0 ? Object.keys(template.models) : [...new Set(asked)]
  return Effect.forEach(wanted, (model) => {
    const question = world.cleanRoomQuestions.get(template.models[model] ?? "")
    return question === undefined
      ? Effect.fail(badRequest(`Template ${template.name} has no model ${model}`))
      : Effect.succeed({ model, question })
  })
}

const values = (parameters: CleanroomQuestionRunPartitionParameters | undefined, prefix = "") =>
  Object.fromEntries(
    (parameters ?? []).map(({ name = "", value = "" }) => [
      name.includes(".") || prefix === "" ? name : `${prefix}.${name}`,
      value
    ])
  )

const parametersOf = (request: Api.CleanRoomExecutionInstanceInput): { readonly [name: string]: string } =>
  Object.assign(
    values(request.runtimeParameters),
    ...(request.datasets ?? []).map(({ macro, partitionValues }) => values(partitionValues, macro))
  )

const dataTypeOf = (world: World.Service, question: Rows.CleanRoomQuestion, macro: string) =>
  QuestionState.details(world, question).dataTypes?.find((type) => type.macro === macro)?.importDataType ?? ""

/** A macro with the dataset that the request gives it, under the rules that hold for a question's own. */
const rebind = (world: World.Service, question: Rows.CleanRoomQuestion, binding: Rows.Binding, input: Api.Datasets) =>
  Effect.gen(function*() {
    const { bfmtJoinColumns = [], datasetId = "" } = input
    const suitable = Datasets.ofType(world, question.cleanRoomId, dataTypeOf(world, question, binding.macro))
    const dataset = suitable.find(({ id }) => id === datasetId)
    if (dataset === undefined) {
      return yield* Effect.fail(badRequest(`Dataset ${datasetId} cannot stand for @${binding.macro} here`))
    }
    const isFree = dataset.organizationId === world.organizationId || dataset.partnerCanAssign
    if (!isFree && dataset.id !== binding.datasetId) {
      return yield* Effect.fail(forbidden(`Only its owner can assign dataset ${dataset.name}`))
    }
    const columns = Object.fromEntries(bfmtJoinColumns.map(({ key = "", value = "" }) => [key, value]))
    return { ...binding, datasetId: dataset.id, columns: { ...binding.columns, ...columns } }
  })

const bound = (world: World.Service, question: Rows.CleanRoomQuestion, inputs: ReadonlyArray<Api.Datasets>) =>
  Effect.map(
    Effect.forEach(question.bindings, (binding) => {
      const input = inputs.find(({ macro }) => macro === binding.macro)
      return input === undefined ? Effect.succeed(binding) : rebind(world, question, binding, input)
    }),
    (bindings): Rows.CleanRoomQuestion => ({ ...question, bindings })
  )

const checkRun = (
  world: World.Service,
  question: Rows.CleanRoomQuestion,
  parameters: { readonly [name: string]: string }
) =>
  Effect.gen(function*() {
    yield* Access.allowed(world, question, "RUN")
    const status = QuestionState.status(world, question)
    if (status !== "READY") {
      return yield* Effect.fail(badRequest(`Question ${question.displayId} is ${status}, not READY`))
    }
    const refused = Parameters.refused(question, parameters)
    return refused === undefined ? undefined : yield* Effect.fail(badRequest(refused))
  })

const versionOf = ({ codeVersions, name }: Rows.ExecutionTemplate, asked: string | undefined) => {
  const version = asked === undefined || asked === "" ? codeVersions.at(-1) : asked
  return version !== undefined && codeVersions.includes(version)
    ? Effect.succeed(version)
    : Effect.fail(badRequest(`Template ${name} has no code version ${version ?? ""}`))
}

type Model = { readonly model: string; readonly question: Rows.CleanRoomQuestion }

/** What the models read, checked before any of them runs. */
const prepare = (
  world: World.Service,
  template: Rows.ExecutionTemplate,
  request: Api.CleanRoomExecutionInstanceInput,
  parameters: { readonly [name: string]: string }
) =>
  Effect.gen(function*() {
    const models = yield* modelsOf(world, template, request.modelsToRun ?? [])
    const inputs = request.datasets ?? []
    const macros = models.flatMap(({ question }) => question.bindings.map(({ macro }) => macro))
    const stranger = inputs.find(({ macro = "" }) => !macros.includes(macro))
    if (stranger !== undefined) {
      return yield* Effect.fail(badRequest(`No model reads the macro ${stranger.macro ?? ""}`))
    }
    return yield* Effect.forEach(models, ({ model, question }) =>
      Effect.gen(function*() {
        const ready: Model = { model, question: yield* bound(world, question, inputs) }
        yield* checkRun(world, ready.question, parameters)
        return ready
      }))
  })

const start = (world: World.Service, cleanRoomId: string, request: Api.CleanRoomExecutionInstanceInput) =>
  Effect.gen(function*() {
    const room = yield* Effect.flatMap(Access.cleanRoom(world, cleanRoomId), Access.open)
    const template = yield* templateIn(world, room, request.cleanRoomExecutionTemplateId)
    const codeVersion = yield* versionOf(template, request.codeVersion)
    const parameters = parametersOf(request)
    const models = yield* prepare(world, template, request, parameters)
    const now = yield* Clock.currentTimeMillis
    const name = request.executionInstanceName?.trim() || `${template.name} ${date(now)}`
    const runs = yield* Effect.forEach(models, ({ model, question }) =>
      Effect.map(
        Runs.submit(world, question, room, {
          id: world.ids.uuid("run"),
          name: `${name}: ${model}`,
          parameters,
          submittedAt: now
        }),
        ({ id }) => [model, id] as const
      ))
    const { id } = world.executions.put({
      id: world.ids.uuid("execution"),
      cleanRoomId: room.id,
      templateId: template.id,
      name,
      codeVersion,
      outputType: request.outputType,
      runs: Object.fromEntries(runs),
      createdAt: now,
      cancelledAt: undefined
    })
    return { success: true, cleanRoomExecutionInstanceId: id, cleanRoomExecutionTemplateId: template.id }
  })

interface ExecutionPath {
  readonly cleanroomId: string
  readonly cleanRoomMeasurementExecutionInstanceId: string
}

const executionOf = (world: World.Service, path: ExecutionPath) =>
  Effect.flatMap(Access.cleanRoom(world, path.cleanroomId), (room) => {
    const row = world.executions.get(path.cleanRoomMeasurementExecutionInstanceId)
    return Access.found(
      row?.cleanRoomId === room.id ? row : undefined,
      "Execution instance",
      path.cleanRoomMeasurementExecutionInstanceId
    )
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Executions",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle(
            "createCleanRoomExecutionTemplateInstance",
            ({ path, payload }) => start(world, path.cleanroomId, payload)
          )
          .handle(
            "getCleanRoomMeasurementExecutionInstance",
            ({ path }) => Effect.flatMap(executionOf(world, path), (row) => Executions.toWire(world, row))
          )
          .handle("cancelCleanRoomMeasurementExecutionInstance", ({ path }) =>
            Effect.gen(function*() {
              const row = yield* executionOf(world, path)
              if (yield* Executions.cancel(world, row)) return { success: true }
              return yield* Effect.fail(badRequest(`Execution ${row.name} is over already`))
            }))
      ))
)
