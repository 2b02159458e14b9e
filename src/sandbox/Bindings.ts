/**
 * Which dataset a question's macro reads: shown, and changed under Habu's rules.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../habu/api/CleanRoomQuestions.js"
import type { QuestionDataType } from "../habu/api/Questions.js"
import * as Catalogues from "./Catalogues.js"
import * as Datasets from "./Datasets.js"
import * as QuestionState from "./QuestionState.js"
import { badRequest, forbidden, notFound } from "./Refusal.js"
import type * as Rows from "./Rows.js"
import { given, time } from "./Wire.js"
import type * as World from "./World.js"

const dataTypeOf = (world: World.Service, question: Rows.CleanRoomQuestion, macro: string): QuestionDataType =>
  QuestionState.details(world, question).dataTypes?.find((type) => type.macro === macro) ?? {}

/** A field that the dataset does not have stands for nothing. */
const fieldsOf = (
  world: World.Service,
  type: QuestionDataType,
  binding: Rows.Binding,
  dataset: Rows.Dataset | undefined
) => {
  const present = dataset === undefined ? [] : Datasets.visibleFields(world, dataset).map(({ fieldName }) => fieldName)
  return (type.dataSetTypeFields ?? []).map((field) => {
    const value = binding.columns[field.name ?? ""] ?? field.name
    return given({
      datasetId: dataset?.id,
      id: `${binding.id}/${field.name ?? ""}`,
      name: field.name,
      value: present.includes(value) ? value : undefined,
      type: field.type
    })
  })
}

const toWire =
  (world: World.Service, question: Rows.CleanRoomQuestion, room: Rows.CleanRoom) =>
  (binding: Rows.Binding): Api.CleanRoomQuestionDataset => {
    const type = dataTypeOf(world, question, binding.macro)
    const dataset = binding.datasetId === undefined ? undefined : world.datasets.get(binding.datasetId)
    const connection = dataset === undefined ? undefined : world.dataConnections.get(dataset.connectionId)
    const kind = Catalogues.dataType(type.importDataType ?? "")
    return given({
      id: binding.id,
      dataTypeDisplayName: kind.displayName,
      ownership: binding.ownerId === room.ownerId ? "OWNER" : "PARTNER",
      status: dataset === undefined ? "UNASSIGNED" : "ASSIGNED",
      datasetId: dataset?.id,
      datasetName: dataset?.name,
      dataTypeName: kind.name,
      questionDataTypeId: kind.id,
      dataConnectionId: dataset?.connectionId,
      parameters: [],
      dataSourceId: connection === undefined ? undefined : Catalogues.dataSource(connection.dataSource).id,
      organizationId: binding.ownerId,
      organizationName: world.organizations.get(binding.ownerId)?.name,
      macro: binding.macro,
      assignedAt: binding.assignedAt === undefined ? undefined : time(binding.assignedAt),
      fields: fieldsOf(world, type, binding, dataset)
    })
  }

/**
 * A question's macros as the contract's `CleanRoomQuestionDatasets`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const list = (
  world: World.Service,
  question: Rows.CleanRoomQuestion,
  room: Rows.CleanRoom
): ReadonlyArray<Api.CleanRoomQuestionDataset> => question.bindings.map(toWire(world, question, room))

const datasetFor = (
  world: World.Service,
  question: Rows.CleanRoomQuestion,
  room: Rows.CleanRoom,
  binding: Rows.Binding,
  datasetId: string
) =>
  Effect.gen(function*() {
    const wanted = dataTypeOf(world, question, binding.macro).importDataType ?? ""
    const dataset = world.datasets.get(datasetId)
    if (dataset === undefined || dataset.cleanRoomId !== room.id) {
      return yield* Effect.fail(notFound("Dataset", datasetId))
    }
    if (!Datasets.ofType(world, room.id, wanted).includes(dataset)) {
      return yield* Effect.fail(
        badRequest(`Dataset ${dataset.name} does not hold ${wanted}, as @${binding.macro} asks`)
      )
    }
    if (dataset.organizationId !== world.organizationId && !dataset.partnerCanAssign) {
      const owner = world.organizations.get(dataset.organizationId)?.name ?? "its owner"
      return yield* Effect.fail(forbidden(`Only ${owner} can assign dataset ${dataset.name}`))
    }
    return dataset
  })

const columnsOf = (assignment: Api.CleanRoomQuestionDataset) =>
  Object.fromEntries(
    (assignment.fields ?? []).flatMap((field) =>
      field.name === undefined || field.value === undefined || field.value === "" ? [] : [[field.name, field.value]]
    )
  )

const assign = (
  world: World.Service,
  question: Rows.CleanRoomQuestion,
  room: Rows.CleanRoom,
  binding: Rows.Binding,
  assignment: Api.CleanRoomQuestionDataset
) =>
  Effect.gen(function*() {
    const { datasetId = "" } = assignment
    if (datasetId === "") return { ...binding, datasetId: undefined, columns: {}, assignedAt: undefined }
    const dataset = yield* datasetFor(world, question, room, binding, datasetId)
    return {
      ...binding,
      datasetId: dataset.id,
      ownerId: dataset.organizationId,
      columns: columnsOf(assignment),
      assignedAt: yield* Clock.currentTimeMillis
    }
  })

/**
 * Assigns datasets to macros. Macros that the request leaves out stay as they are; an empty dataset id unassigns.
 *
 * @since 0.1.0
 * @category combinators
 */
export const configure = (
  world: World.Service,
  question: Rows.CleanRoomQuestion,
  room: Rows.CleanRoom,
  assignments: ReadonlyArray<Api.CleanRoomQuestionDataset>
) =>
  Effect.gen(function*() {
    const unknown = assignments.find(({ macro }) => !question.bindings.some((binding) => binding.macro === macro))
    if (unknown !== undefined) {
      return yield* Effect.fail(badRequest(`Question ${question.displayId} has no macro ${unknown.macro ?? ""}`))
    }
    const bindings = yield* Effect.forEach(question.bindings, (binding) => {
      const assignment = assignments.find(({ macro }) => macro === binding.macro)
      return assignment === undefined
        ? Effect.succeed(binding)
        : assign(world, question, room, binding, assignment)
    })
    return world.cleanRoomQuestions.put({ ...question, bindings })
  })
