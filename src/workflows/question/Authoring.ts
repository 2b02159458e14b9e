/**
 * A question written by the caller: checked for what Habu would refuse or misread before it is sent, and by Habu itself
 * before it is saved.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CleanRoomTypeRequest } from "../../habu/api/Common.js"
import type { QuestionDetails } from "../../habu/api/Questions.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

const ByName = Schema.Record({ key: Schema.String, value: Schema.String })

/**
 * What a caller says of a new question.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  title: Schema.String,
  category: Schema.String,
  description: Workflow.maybe(Schema.String),
  sql: ByName.annotations({ description: "By clean room type, such as Hybrid; tables as @macro" }),
  macros: ByName.annotations({ description: "Data type by macro" }),
  parameters: Workflow.maybe(ByName.annotations({ description: "Type by name" })),
  measures: Workflow.maybe(
    Schema.Array(Schema.Struct({
      name: Schema.String,
      type: Workflow.maybe(Schema.String),
      crowd: Workflow.maybe(Schema.Boolean),
      noise: Workflow.maybe(Schema.Boolean)
    })).annotations({ description: "Crowd size and noise are on unless false" })
  ),
  dimensions: Workflow.maybe(Schema.Array(Schema.String)),
  user_list: Workflow.maybe(Schema.Array(Schema.String).annotations({ description: "Columns of a user list" }))
})

export type Input = typeof Input.Type

/**
 * How a model is told of it: the whole schema would cost every conversation more than it helps the few that write one.
 *
 * @since 0.1.0
 * @category schemas
 */
export const outline = {
  type: "object",
  description: "A question to write: title, category, description, sql {clean room type: SQL with @macro}, macros " +
    "{macro: data type}, parameters {name: type}, measures [{name, crowd, noise}] (both on unless false), dimensions " +
    "[column], user_list [column]"
} as const

const wrong = (field: string, problem: string, advice: string, options?: ReadonlyArray<string>) =>
  new Workflow.InputInvalid({ field: `new_question.${field}`, problem, advice, ...(options && { options }) })

// A column may be written `.@name`; only what does not follow a dot is a table or a parameter.
const mentioned = (sql: string) => [...sql.matchAll(/(?<![.\w@])@(\w+)/g)].map(([, name]) => name ?? "")

const isType = Schema.is(CleanRoomTypeRequest)

const fault = ({ category, macros, parameters = {}, sql, title }: Input): Workflow.InputInvalid | undefined => {
  if (Words.said(title) === undefined) return wrong("title", "is empty", "Give it a title; Habu asks for one.")
  if (Words.said(category) === undefined) return wrong("category", "is empty", "Give it a category; Habu asks for one.")
  const queries = Object.entries(sql)
  if (queries.length === 0 || queries.some(([, query]) => query.trim() === "")) {
    return wrong("sql", "holds no query", "Give the query by clean room type.")
  }
  const stranger = queries.find(([type]) => !isType(type))
  if (stranger !== undefined) {
    return wrong(
      "sql",
      `has the key ${JSON.stringify(Words.said(stranger[0], 60) ?? "")}, which is no type of clean room`,
      "Use the types as keys.",
      CleanRoomTypeRequest.literals
    )
  }
  const used = queries.flatMap(([, query]) => mentioned(query))
  const declared = [...Object.keys(macros), ...Object.keys(parameters)]
  const undeclared = used.find((name) => !declared.includes(name))
  if (undeclared !== undefined) {
    return wrong(
      "sql",
      `uses @${Words.said(undeclared, 60)}, which is neither among macros nor parameters`,
      "Declare it, exactly as it is spelt in the query.",
      declared.flatMap((name) => Words.said(name, 60) ?? [])
    )
  }
  const unused = declared.find((name) => !used.includes(name))
  return unused === undefined ? undefined : wrong(
    "macros",
    `or parameters declare ${JSON.stringify(Words.said(unused, 60) ?? "")}, which no query uses as @${
      Words.said(unused, 60)
    }`,
    "Spell it as in the query; case counts."
  )
}

/**
 * The question as Habu takes it (operation `createQuestion`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const details = (input: Input): Effect.Effect<QuestionDetails, Workflow.InputInvalid> =>
  Effect.suspend(() => {
    const problem = fault(input)
    if (problem !== undefined) return Effect.fail(problem)
    const { category, description, dimensions = [], macros, measures = [], parameters = {}, sql, title } = input
    const isList = input.user_list !== undefined && input.user_list.length > 0
    return Effect.succeed<QuestionDetails>(Workflow.compact({
      title: title.trim(),
      category: category.trim(),
      description: Words.given(description),
      isAnalytics: !isList,
      isUserListQuestion: isList,
      outputFormat: "REPORT",
      visualization: "NO_CHART",
      queryDetails: Object.entries(sql).flatMap(([type, query]) =>
        isType(type) ? [{ cleanRoomType: type, query, queryLanguage: "SQL" }] : []
      ),
      dataTypes: Object.entries(macros).map(([macro, dataType]) => ({ macro, importDataType: dataType.trim() })),
      parameters: Object.entries(parameters).map(([name, type]) => ({ name, displayName: name, type: type.trim() })),
      measures: measures.map(({ crowd = true, name, noise = true, type = "INTEGER" }) => ({
        name,
        type,
        isIdentity: crowd,
        noise
      })),
      dimensions: dimensions.map((name) => ({ name, type: "STRING" })),
      userListOutputs: (input.user_list ?? []).map((name) => ({ name, type: "STRING" }))
    }))
  })

/**
 * Measures that crowd size or noise would not protect.
 *
 * @since 0.1.0
 * @category getters
 */
export const unprotected = ({ measures = [] }: Input): ReadonlyArray<string> =>
  measures.filter(({ crowd, noise }) => crowd === false || noise === false).flatMap(({ name }) =>
    Words.said(name, 60) ?? []
  )
