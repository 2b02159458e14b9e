/**
 * The decisions of a flow in sentences: after which node, on what condition it goes on, and what happens otherwise.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { DecisionConditionResponse, DecisionNodeResponse } from "../../habu/api/Flows.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { PlacedFlow } from "../../habu/HabuDirectory.js"
import * as Words from "../Words.js"
import * as Nodes from "./Nodes.js"

const comparisons: { readonly [operator: string]: string } = {
  EQUALS: "is",
  NOT_EQUALS: "is not",
  GREATER_THAN: "is greater than",
  GREATER_THAN_OR_EQUALS: "is at least",
  LESS_THAN: "is less than",
  LESS_THAN_OR_EQUALS: "is at most",
  BETWEEN: "is between",
  IN: "is one of",
  NOT_IN: "is none of"
}

const aggregations: { readonly [aggregation: string]: string } = {
  FIRST: "the first value of",
  COUNT: "the number of values of",
  SUM: "the sum of",
  MIN: "the least of",
  MAX: "the greatest of",
  AVG: "the average of"
}

const said = (value: string | undefined) => Words.said(value, 80) ?? "?"

const expected = ({ expectedValue, expectedValueEnd, expectedValues = [], operator }: DecisionConditionResponse) =>
  operator === "BETWEEN"
    ? `${said(expectedValue)} and ${said(expectedValueEnd)}`
    : expectedValues.length > 0
    ? expectedValues.map(said).join(", ")
    : said(expectedValue)

const condition = (one: DecisionConditionResponse) => {
  const { aggregation = "FIRST", fieldName, operator = "" } = one
  return `${aggregations[aggregation] ?? said(aggregation)} ${said(fieldName)} ${
    comparisons[operator] ?? said(operator)
  } ${expected(one)}`
}

const otherwise = ({ conditionsFailAction, retryConfig }: DecisionNodeResponse, titleOf: (id: string) => string) => {
  if (conditionsFailAction === "END_FLOW") return "Otherwise the flow ends there."
  const { configurations = [], maxRetries = 0, retryNodeIDs = [] } = retryConfig ?? {}
  if (maxRetries === 0 || configurations.length === 0) return "Otherwise the flow run fails."
  const what = retryNodeIDs.length === 0 ? "it" : retryNodeIDs.map(titleOf).join(", ")
  return `Otherwise ${what} is run again with other values, ${Words.count(maxRetries, "time")} at most, and the flow ` +
    "run fails if that does not help."
}

/**
 * Explains one decision.
 *
 * @since 0.1.0
 * @category formatting
 */
export const explain = (decision: DecisionNodeResponse, nodes: ReadonlyArray<Nodes.Node>): string => {
  const titleOf = (id: string) => {
    const node = nodes.find((one) => one.id === id)
    return node === undefined ? `node ${said(id)}` : Nodes.title(node)
  }
  const { conditions = [], gatedEdges, nodeID, nodeLabel } = decision
  const after = nodeID === undefined ? `node ${said(nodeLabel)}` : titleOf(nodeID)
  const opens = (gatedEdges?.truePath ?? []).flatMap(({ childNodeID }) =>
    childNodeID === undefined ? [] : [titleOf(childNodeID)]
  )
  const goesOn = opens.length === 0 ? "the flow goes on" : `the flow goes on with ${opens.join(", ")}`
  return conditions.length === 0
    ? `After ${after} ${goesOn} whatever it gives.`
    : `After ${after} ${goesOn} if ${conditions.map(condition).join(" and ")}. ${otherwise(decision, titleOf)}`
}

/**
 * Reads and explains the decisions of a flow (operation `getFlowDecisionConfiguration`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("Decisions.read")(function*(placed: PlacedFlow, nodes: ReadonlyArray<Nodes.Node>) {
  const habu = yield* HabuClient
  const { cleanRoomOverride, decisionNodes = [] } = yield* habu.getFlowDecisionConfiguration({
    path: { cleanroomId: placed.cleanRoom.id, cleanroomFlowId: placed.flow.id },
    urlParams: {}
  })
  const told = decisionNodes.map((decision) => explain(decision, nodes))
  return told.length === 0 || cleanRoomOverride !== true
    ? told
    : [...told, "These decisions are this clean room's own, in place of the flow's."]
})
