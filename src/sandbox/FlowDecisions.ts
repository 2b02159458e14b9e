/**
 * Decisions in flows: whether what a node produced lets the flow go on.
 *
 * @since 0.1.0
 */
import type { DecisionConditionInput, DecisionNodeInput } from "../habu/api/Flows.js"
import type { Output } from "./QuestionExecution.js"

const aggregations: { readonly [name: string]: (values: ReadonlyArray<string>) => string } = {
  FIRST: (values) => values[0] ?? "",
  COUNT: (values) => String(values.length),
  SUM: (values) => String(values.reduce((sum, value) => sum + Number(value), 0)),
  MIN: (values) => String(Math.min(...values.map(Number))),
  MAX: (values) => String(Math.max(...values.map(Number))),
  AVG: (values) => String(values.reduce((sum, value) => sum + Number(value), 0) / Math.max(values.length, 1))
}

const compare = (a: string, b: string) => {
  const difference = Number(a) - Number(b)
  return Number.isNaN(difference) ? a.localeCompare(b) : difference
}

type Expected = Pick<DecisionConditionInput, "expectedValue" | "expectedValueEnd" | "expectedValues">

const operators: { readonly [name: string]: (value: string, expected: Expected) => boolean } = {
  EQUALS: (value, { expectedValue = "" }) => compare(value, expectedValue) === 0,
  NOT_EQUALS: (value, { expectedValue = "" }) => compare(value, expectedValue) !== 0,
  GREATER_THAN: (value, { expectedValue = "" }) => compare(value, expectedValue) > 0,
  GREATER_THAN_OR_EQUALS: (value, { expectedValue = "" }) => compare(value, expectedValue) >= 0,
  LESS_THAN: (value, { expectedValue = "" }) => compare(value, expectedValue) < 0,
  LESS_THAN_OR_EQUALS: (value, { expectedValue = "" }) => compare(value, expectedValue) <= 0,
  BETWEEN: (value, { expectedValue = "", expectedValueEnd = "" }) =>
    compare(value, expectedValue) >= 0 && compare(value, expectedValueEnd) <= 0,
  IN: (value, { expectedValues = [] }) => expectedValues.some((expected) => compare(value, expected) === 0),
  NOT_IN: (value, { expectedValues = [] }) => !expectedValues.some((expected) => compare(value, expected) === 0)
}

/**
 * What is wrong with a decision, if anything. Only AND joins conditions.
 *
 * @since 0.1.0
 * @category getters
 */
export const fault = (decision: DecisionNodeInput): string | undefined => {
  if ((decision.conditionLogic ?? "AND") !== "AND") return "Only the condition logic AND is supported"
  const action = decision.conditionsFailAction ?? "RETRY_WITH_PARAMETERS"
  if (action !== "RETRY_WITH_PARAMETERS" && action !== "END_FLOW") return `Unknown action ${action}`
  for (const { aggregation = "FIRST", fieldName = "", operator = "" } of decision.conditions ?? []) {
    if (fieldName === "") return "fieldName is required"
    if (operators[operator] === undefined) return `Unknown operator ${operator}`
    if (aggregations[aggregation] === undefined) return `Unknown aggregation ${aggregation}`
  }
  return undefined
}

const isMet = (output: Output) => (condition: DecisionConditionInput) => {
  const { aggregation = "FIRST", fieldName = "", operator = "" } = condition
  const column = output.columns.find((item) => item.fieldName === fieldName)?.columnName ?? fieldName
  const values = output.rows.flatMap((row) => row[column] ?? [])
  return operators[operator]?.(aggregations[aggregation]?.(values) ?? "", condition) ?? false
}

/**
 * Whether all conditions of a decision hold for what its node produced.
 *
 * @since 0.1.0
 * @category guards
 */
export const holds = (decision: DecisionNodeInput, output: Output): boolean =>
  (decision.conditions ?? []).every(isMet(output))
