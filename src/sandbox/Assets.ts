/**
 * What a clean room offers for flows: questions, datasets, capacities, stakeholders.
 *
 * @since 0.1.0
 */
import type * as Api from "../habu/api/CleanRooms.js"
import type { QuestionDetails } from "../habu/api/Questions.js"
import * as Datasets from "./Datasets.js"
import * as Members from "./Members.js"
import * as QuestionState from "./QuestionState.js"
import type * as Rows from "./Rows.js"
import { given } from "./Wire.js"
import type * as World from "./World.js"

const capacities = [
  { name: "DEFAULT", description: "The clean room's standard capacity" },
  { name: "MEDIUM", description: "About twice the standard capacity" },
  { name: "LARGE", description: "About four times the standard capacity" },
  { name: "XLARGE", description: "About eight times the standard capacity" }
]

/**
 * The compute capacities that a type of clean room supports; a Snowflake clean room has only two.
 *
 * @since 0.1.0
 * @category getters
 */
export const capacitiesOf = (cleanRoomType: string) =>
  cleanRoomType === "Snowflake" ? capacities.filter(({ name }) => name === "DEFAULT" || name === "LARGE") : capacities

const fieldTypes = ["STRING", "INTEGER", "LONG", "DOUBLE", "DECIMAL", "DATE", "BOOLEAN", "TIMESTAMP"].map((name) => ({
  name,
  description: `Values of type ${name.toLowerCase()}`
}))

const dimension = ({ name, type }: { readonly name?: string; readonly type?: string }) =>
  given({ name, displayName: name, type, filterable: true, plottable: true })

/**
 * A question's definition as the contract's `QuestionMetadata`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const questionMetadata = (question: Rows.Question, definition: QuestionDetails) =>
  given({
    ID: question.id,
    displayID: question.displayId,
    title: definition.title,
    category: definition.category,
    description: definition.description,
    hasDateFilter: definition.hasDateFilter,
    hasDateParameters: definition.hasDateParameters,
    hasMultipleOutputs: definition.hasMultipleOutputs,
    isAggregate: definition.isAnalytics,
    isUserListQuestion: definition.isUserListQuestion,
    defaultComputeCapacity: "DEFAULT",
    dimensions: (definition.dimensions ?? []).map(dimension),
    metrics: (definition.measures ?? []).map(({ name, type }) =>
      given({ name, displayName: name, type, computed: true })
    ),
    parameters: (definition.parameters ?? []).map(({ displayName, name, type }, index) =>
      given({ name, displayName: displayName ?? name, type, index, parameterType: "RUN_TIME_PARAMETER" })
    ),
    dataTypes: (definition.dataTypes ?? []).map(({ dataSetTypeFields, id, importDataType, macro }) =>
      given({ ID: id, macro, importDataType, optional: false, fields: dataSetTypeFields ?? [] })
    ),
    userListOutputs: (definition.userListOutputs ?? []).map(({ name, type }) => given({ name, type, isEncrypt: false }))
  })

const datasetMetadata = (world: World.Service, dataset: Rows.Dataset) =>
  given({
    ID: dataset.id,
    name: dataset.name,
    organizationID: dataset.organizationId,
    organizationName: world.organizations.get(dataset.organizationId)?.name,
    dataImportType: Datasets.connectionOf(world, dataset)?.dataType,
    fields: Datasets.visibleFields(world, dataset).map((field) =>
      given({
        ID: field.id,
        fieldName: field.fieldName,
        dataType: field.dataType,
        isFilterable: true,
        isUserIDField: field.isUserIdField,
        isPii: field.isPii,
        isExcluded: false,
        fieldLabel: field.fieldLabel
      })
    )
  })

/**
 * The assets of a clean room.
 *
 * @since 0.1.0
 * @category getters
 */
export const of = (world: World.Service, room: Rows.CleanRoom): Api.CleanroomAssetDetails => ({
  questions: world.cleanRoomQuestions
    .where((question) => question.cleanRoomId === room.id)
    .flatMap((row) => {
      const question = world.questions.get(row.questionId)
      return question === undefined ? [] : [{
        ...questionMetadata(question, QuestionState.details(world, row)),
        status: QuestionState.status(world, row),
        defaultComputeCapacity: row.computeCapacity
      }]
    }),
  datasets: world.datasets.where((dataset) => dataset.cleanRoomId === room.id).map((dataset) =>
    datasetMetadata(world, dataset)
  ),
  computeCapacityOptions: capacitiesOf(room.type),
  fieldTypes,
  stakeholders: Members.stakeholders(world, room)
})
