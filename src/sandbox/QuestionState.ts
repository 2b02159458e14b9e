/**
 * What follows from a clean room question's definition and its datasets: readiness, parameters, and what a run executes.
 *
 * @since 0.1.0
 */
import type { QuestionDetails } from "../habu/api/Questions.js"
import type { Failure } from "./Engine.js"
import type * as QuestionExecution from "./QuestionExecution.js"
import type * as Rows from "./Rows.js"
import * as Sources from "./Sources.js"
import * as MacroView from "./sql/MacroView.js"
import * as Storage from "./Storage.js"
import type * as World from "./World.js"

/**
 * The newest version of a question's definition.
 *
 * @since 0.1.0
 * @category getters
 */
export const details = (world: World.Service, question: Rows.CleanRoomQuestion): QuestionDetails =>
  world.questions.get(question.questionId)?.versions.at(-1) ?? {}

/**
 * The number of the newest version.
 *
 * @since 0.1.0
 * @category getters
 */
export const version = (world: World.Service, question: Rows.CleanRoomQuestion): number =>
  world.questions.get(question.questionId)?.versions.length ?? 1

/**
 * The SQL of a definition, the one for the clean room's type before any other.
 *
 * @since 0.1.0
 * @category getters
 */
export const sql = (definition: QuestionDetails, cleanRoomType: string): string => {
  const queries = definition.queryDetails ?? []
  return (queries.find((query) => query.cleanRoomType === cleanRoomType) ?? queries[0])?.query ?? ""
}

/**
 * A clean room question or a flow's node: what has macros that read datasets.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reader {
  readonly bindings: ReadonlyArray<Rows.Binding>
}

/**
 * READY once every macro has a dataset that still exists.
 *
 * @since 0.1.0
 * @category getters
 */
export const status = (world: World.Service, question: Reader): "READY" | "MISSING_DATASETS" =>
  question.bindings.every((binding) =>
      binding.datasetId !== undefined && world.datasets.get(binding.datasetId) !== undefined
    )
    ? "READY"
    : "MISSING_DATASETS"

const datasetOf = (world: World.Service, binding: Rows.Binding) =>
  binding.datasetId === undefined ? undefined : world.datasets.get(binding.datasetId)

const partsOf = (world: World.Service, binding: Rows.Binding) => {
  const dataset = datasetOf(world, binding)
  return dataset === undefined ? [] : Sources.parts(world, dataset.connectionId)
}

/**
 * A value that a run of the question must be given for a dataset's partition column.
 *
 * @since 0.1.0
 * @category models
 */
export interface PartitionParameter {
  readonly name: string
  readonly dataType: string
}

/**
 * The partition parameters of the datasets that are bound now, named as seen live: `<macro>.date_start` and
 * `<macro>.date_end`, with the macro of a view's data connection in between.
 *
 * @since 0.1.0
 * @category getters
 */
export const partitionParameters = (world: World.Service, question: Reader): ReadonlyArray<PartitionParameter> =>
  question.bindings.flatMap((binding) =>
    partsOf(world, binding)
      .filter((part) => Sources.partitionFields(part).length > 0)
      .flatMap(Sources.partitionNames)
      .map((name) => ({ name: `${binding.macro}.${name}`, dataType: "DATE" }))
  )

const columnsOf = (
  binding: Rows.Binding,
  { renames }: Rows.Dataset,
  source: QuestionExecution.Macro
): { readonly [questionField: string]: string } => {
  const original = Object.fromEntries(Object.entries(renames).map(([column, name]) => [name, column]))
  const visible = Object.values(source.columns).map((name) => [renames[name] ?? name, name])
  const assigned = Object.entries(binding.columns).map(([field, name]) => [field, original[name] ?? name])
  return Object.fromEntries([...visible, ...assigned])
}

const operators = ["EQUALS", "NOT_EQUALS", "IN", "NOT_IN"] as const

const filtersOf = (dataset: Rows.Dataset): QuestionExecution.Macro["filters"] =>
  dataset.filters.flatMap((filter) => {
    const operator = operators.find((known) => known === filter.operator)
    const column = filter.datasetFieldName
    return operator === undefined || column === undefined ? [] : [{ column, operator, values: filter.values ?? [] }]
  })

const macroOf = (
  world: World.Service,
  binding: Rows.Binding,
  parameters: { readonly [name: string]: string }
): ReadonlyArray<QuestionExecution.Macro> => {
  const dataset = datasetOf(world, binding)
  const source = dataset === undefined
    ? undefined
    : Sources.macro(world, binding.macro, dataset.connectionId, (name) => parameters[`${binding.macro}.${name}`])
  return dataset === undefined || source === undefined ? [] : [{
    ...source,
    columns: columnsOf(binding, dataset, source),
    excluded: [...dataset.excluded, ...source.excluded],
    filters: filtersOf(dataset)
  }]
}

/**
 * The datasets of all macros, restricted to the partition values among a run's parameters.
 *
 * @since 0.1.0
 * @category getters
 */
export const macros = (
  world: World.Service,
  reader: Reader,
  parameters: { readonly [name: string]: string }
): ReadonlyArray<QuestionExecution.Macro> => reader.bindings.flatMap((binding) => macroOf(world, binding, parameters))

/**
 * What a definition's own output may return: personal data stays in, for a list is there to hand people on; an
 * analytical question must leave it out.
 *
 * @since 0.1.0
 * @category getters
 */
export const returning = (
  definition: QuestionDetails,
  macros: ReadonlyArray<QuestionExecution.Macro>
): ReadonlyArray<QuestionExecution.Macro> =>
  definition.isUserListQuestion === true ? macros.map(MacroView.unlabelled) : macros

/**
 * What keeps a run from reading one of its datasets, if something does.
 *
 * @since 0.1.0
 * @category getters
 */
export const readingFailure = (world: World.Service, reader: Reader, room: Rows.CleanRoom): Failure | undefined =>
  reader.bindings
    .flatMap((binding) => partsOf(world, binding))
    .map(({ connection }) => Storage.readingFailure(world, connection, room))
    .find((failure) => failure !== undefined)

/**
 * A definition's measures as the engine takes them.
 *
 * @since 0.1.0
 * @category getters
 */
export const measures = (definition: QuestionDetails): QuestionExecution.Input["measures"] =>
  (definition.measures ?? []).map((measure) => ({
    name: measure.name ?? "",
    isIdentity: measure.isIdentity ?? false,
    noise: measure.noise ?? false
  }))

/**
 * The privacy settings of a clean room as the engine takes them.
 *
 * @since 0.1.0
 * @category getters
 */
export const privacy = (room: Rows.CleanRoom) => ({
  crowdSize: Number(room.parameters["CROWD_SIZE"] ?? 0),
  decibel: Number(room.parameters["DATA_DECIBEL"] ?? 0)
})

const defaults = (question: Rows.CleanRoomQuestion) =>
  Object.fromEntries(
    Object.entries(question.constraints).flatMap(([name, { defaultValue }]) =>
      defaultValue === undefined ? [] : [[name, defaultValue]]
    )
  )

/**
 * What a run executes: everything is fixed when it starts.
 *
 * @since 0.1.0
 * @category constructors
 */
export const execution = (
  world: World.Service,
  question: Rows.CleanRoomQuestion,
  room: Rows.CleanRoom,
  run: { readonly id: string; readonly parameters: { readonly [name: string]: string } }
): QuestionExecution.Input => {
  const definition = details(world, question)
  return {
    sql: sql(definition, room.type),
    macros: returning(definition, macros(world, question, run.parameters)),
    parameters: { ...defaults(question), ...run.parameters },
    measures: measures(definition),
    ...privacy(room),
    noiseSeed: `${world.seed}/${run.id}`
  }
}
