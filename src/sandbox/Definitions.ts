/**
 * What Habu checks of a question's definition, and how a changed one reaches the clean rooms that use it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { QuestionDetails } from "../habu/api/Questions.js"
import type { Macro } from "./QuestionExecution.js"
import * as QuestionState from "./QuestionState.js"
import * as RoomQuestions from "./RoomQuestions.js"
import type * as Rows from "./Rows.js"
import * as Tables from "./Tables.js"
import type * as World from "./World.js"

const incomplete = (definition: QuestionDetails): string | undefined => {
  if ((definition.title ?? "").trim() === "") return "Title is required"
  if ((definition.category ?? "").trim() === "") return "Category is required"
  if ((definition.queryDetails ?? []).every(({ query = "" }) => query.trim() === "")) return "A query is required"
  const macros = (definition.dataTypes ?? []).map(({ macro }) => macro ?? "")
  return new Set(macros).size === macros.length ? undefined : "Macros must be unique"
}

/** Stands for the dataset that a macro will be bound to: some table with data of its kind. */
const standIn = (macro: string, dataType: string, isList: boolean): ReadonlyArray<Macro> => {
  const table = Tables.tables.find((item) => item.dataType === dataType)
  return table === undefined ? [] : [{
    macro,
    table: table.name,
    columns: Object.fromEntries(table.columns.map(({ name }) => [name, name])),
    excluded: [],
    pii: isList ? [] : table.columns.filter(({ isPii }) => isPii).map(({ name }) => name),
    filters: [],
    partition: undefined
  }]
}

const validate = (world: World.Service, definition: QuestionDetails) =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const input = {
      sql: QuestionState.sql(definition, "Hybrid"),
      macros: (definition.dataTypes ?? []).flatMap(({ importDataType = "", macro = "" }) =>
        standIn(macro, importDataType, definition.isUserListQuestion === true)
      ),
      parameters: Object.fromEntries(
        (definition.parameters ?? []).map(({ exampleValue, name = "" }) => [name, exampleValue ?? "1"])
      ),
      measures: [],
      crowdSize: 0,
      decibel: 0,
      noiseSeed: ""
    }
    return yield* Effect.match(world.engine.explain(input, now), {
      onFailure: ({ runMessage }) => runMessage,
      onSuccess: () => undefined
    })
  })

/**
 * What is wrong with a definition, if anything. Its query is looked at only on demand.
 *
 * @since 0.1.0
 * @category getters
 */
export const fault = (
  world: World.Service,
  definition: QuestionDetails,
  queryValidation: boolean
): Effect.Effect<string | undefined> => {
  const missing = incomplete(definition)
  return missing !== undefined || !queryValidation ? Effect.succeed(missing) : validate(world, definition)
}

/**
 * Brings a question's clean rooms in line with its newest version: macros that are gone lose their datasets, new ones
 * wait for theirs.
 *
 * @since 0.1.0
 * @category combinators
 */
export const spread = (world: World.Service, question: Rows.Question): void => {
  for (const row of world.cleanRoomQuestions.where(({ questionId }) => questionId === question.id)) {
    const ownerId = world.cleanRooms.get(row.cleanRoomId)?.ownerId ?? world.organizationId
    const bindings = RoomQuestions.bindings(world, question.versions.at(-1) ?? {}, ownerId)
    world.cleanRoomQuestions.put({
      ...row,
      bindings: bindings.map((fresh) => row.bindings.find(({ macro }) => macro === fresh.macro) ?? fresh)
    })
  }
}
