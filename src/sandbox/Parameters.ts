/**
 * The values that a run of a question takes, as Habu lists them, and what it refuses.
 *
 * @since 0.1.0
 */
import type * as Api from "../habu/api/CleanRoomQuestions.js"
import * as QuestionState from "./QuestionState.js"
import type * as Rows from "./Rows.js"
import { given } from "./Wire.js"
import type * as World from "./World.js"

const runParameters = (
  world: World.Service,
  question: Rows.CleanRoomQuestion
): ReadonlyArray<Api.CleanroomQuestionParameter> =>
  (QuestionState.details(world, question).parameters ?? []).map((parameter, index) => {
    const constraint = question.constraints[parameter.name ?? ""]
    return given({
      Name: parameter.name,
      Index: index,
      DataType: parameter.type,
      ParameterType: "RUN_TIME_PARAMETER",
      DisplayName: parameter.displayName,
      Description: parameter.description,
      ExampleValue: parameter.exampleValue,
      Format: parameter.format,
      IsSynced: parameter.isSynced ?? false,
      HasConstraint: constraint !== undefined,
      ConstraintType: constraint?.type,
      AllowedValues: constraint?.allowed,
      DefaultValue: constraint?.defaultValue
    })
  })

/**
 * A question's parameters: its own, then those of the datasets that are bound now.
 *
 * @since 0.1.0
 * @category getters
 */
export const list = (
  world: World.Service,
  question: Rows.CleanRoomQuestion
): ReadonlyArray<Api.CleanroomQuestionParameter> => {
  const own = runParameters(world, question)
  const partition = QuestionState.partitionParameters(world, question).map(({ dataType, name }, index) => ({
    Name: name,
    Index: own.length + index,
    DataType: dataType,
    ParameterType: "PARTITION_PARAMETER",
    DisplayName: name,
    Description: "Which part of the dataset to read",
    ExampleValue: "2026-01-31",
    Format: "yyyy-MM-dd",
    IsSynced: false,
    HasConstraint: false,
    partitionFieldConfig: { type: "Range" as const, isEnforced: false }
  }))
  return [...own, ...partition]
}

/**
 * The first value that a constraint rules out, said in a sentence.
 *
 * @since 0.1.0
 * @category getters
 */
export const refused = (
  question: Rows.CleanRoomQuestion,
  parameters: { readonly [name: string]: string }
): string | undefined => {
  const broken = Object.entries(question.constraints).find(([name, constraint]) => {
    const value = parameters[name]
    return constraint.type === "ENFORCED_LIST" && value !== undefined && !constraint.allowed.includes(value)
  })
  return broken === undefined ? undefined : `${broken[0]} must be one of ${broken[1].allowed.join(", ")}`
}
