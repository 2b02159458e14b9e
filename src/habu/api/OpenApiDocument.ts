/**
 * The OpenAPI document of the contract: what Habu promises, without what our readers tolerate beyond it.
 *
 * @since 0.1.0
 */
import type * as HttpApi from "@effect/platform/HttpApi"
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import type * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Record from "effect/Record"
import * as Struct from "effect/Struct"
import { HabuApi } from "./HabuApi.js"
import { lenientMark } from "./Wire.js"

/**
 * A JSON value.
 *
 * @since 0.1.0
 * @category models
 */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

/**
 * A JSON object.
 *
 * @since 0.1.0
 * @category models
 */
export interface JsonObject {
  readonly [key: string]: Json
}

type Groups = typeof HabuApi extends HttpApi.HttpApi<string, infer Group, infer _E, infer _R> ? Group : never
type GroupName = HttpApiGroup.HttpApiGroup.Name<Groups>
type OperationId = HttpApiEndpoint.HttpApiEndpoint.Name<HttpApiGroup.HttpApiGroup.Endpoints<Groups>>

type Operation = OpenApi.OpenAPISpecOperation

// The groups and operations for which the contract leaves 403 out.
const withoutForbidden: ReadonlySet<string> = new Set<GroupName | OperationId>([
  "Executions",
  "FlowRuns",
  "Flows",
  "Questions",
  "Schedules",
  "createCleanroomQuestionRun",
  "createDataExportJobs",
  "createFlowNodeExportJobs",
  "deleteFlowNodeExportJobs",
  "getAllCleanroomQuestionRuns",
  "getAllCleanroomQuestions",
  "getAllCleanrooms",
  "getAllDataExportJobs",
  "getAllImportDataTypes",
  "getCleanroomById",
  "getCleanroomQuestionById",
  "getCleanroomQuestionParameters",
  "getCleanroomQuestionPermissions",
  "getCleanroomQuestionResultShares",
  "getCleanroomQuestionRunActivationSummaries",
  "getCleanroomQuestionRunById",
  "getCleanroomQuestionRunPartitionParameters",
  "getCleanroomQuestionTags",
  "getCleanroomTypes",
  "getDataExportJobRuns",
  "getFlowNodeExportJobRuns",
  "listFlowNodeExportJobs",
  "provisionCleanroomDestinations",
  "updateFlowNodeExportJobsStatus",
  "upsertCleanRoomQuestionResultShares"
])

const on = (...ids: ReadonlyArray<OperationId>) => (operation: Operation) =>
  ids.some((id) => id === operation.operationId)

const needsToken = (operation: Operation) => !on("getHealth")(operation)

const isForbiddable = (operation: Operation) =>
  needsToken(operation) && ![operation.operationId, ...operation.tags].some((name) => withoutForbidden.has(name))

const errors = [
  {
    status: 400,
    name: "BadRequest",
    description: "The request is malformed, or Habu does not accept its values",
    declaredBy: needsToken
  },
  {
    status: 401,
    name: "Unauthorized",
    description: "The access token is missing, expired or unknown",
    declaredBy: needsToken
  },
  { status: 403, name: "Forbidden", description: "The API user may not do this here", declaredBy: isForbiddable },
  {
    status: 404,
    name: "NotFound",
    description: "There is no such object, or it belongs to another organisation",
    declaredBy: needsToken
  },
  {
    status: 409,
    name: "Conflict",
    description: "It exists already",
    declaredBy: on("createCleanroom", "addCleanroomUser")
  },
  {
    status: 412,
    name: "PreconditionFailed",
    description: "The question is not ready to run",
    declaredBy: on("createCleanroomQuestionRun")
  },
  { status: 500, name: "InternalServerError", description: "Habu failed", declaredBy: needsToken }
]

const errorResponses = Object.fromEntries(errors.map(({ description, name }) => [name, {
  description,
  content: { "application/json": { schema: { $ref: "#/components/schemas/ErrorAnswer" } } }
}]))

const security = [{ accessToken: [] }]

const tokenScheme = {
  type: "oauth2",
  description: "An access token for an organisation's API user. Habu issues two in 24 hours.",
  flows: { clientCredentials: { tokenUrl: "https://api.habu.com/v1/oauth/token", scopes: {} } }
}

const answersOf = (operation: Operation) =>
  Object.fromEntries([
    ...Object.entries(operation.responses).filter(([status]) => status.startsWith("2")),
    ...errors.filter((error) => error.declaredBy(operation)).map(({ name, status }) => [
      status,
      { $ref: `#/components/responses/${name}` }
    ])
  ])

const withHabuAnswers = (methods: OpenApi.OpenAPISpecPathItem) =>
  Object.fromEntries(
    Object.entries(methods).map(([method, operation]) => [method, {
      ...operation,
      security: needsToken(operation) ? security : [],
      responses: answersOf(operation)
    }])
  )

/**
 * Whether a JSON value is an object.
 *
 * @since 0.1.0
 * @category guards
 */
export const isObject = (node: Json | undefined): node is JsonObject =>
  typeof node === "object" && node !== null && !Array.isArray(node)

const withoutTolerated = (_key: string, node: Json): Json => {
  if (!isObject(node)) return node
  // Effect's mark for "anything at all"; the same id many times over is refused by validators.
  if (node.$id === "/schemas/unknown") return {}
  if (!Array.isArray(node.anyOf)) return node
  const { anyOf, ...rest } = node
  const promised = anyOf.filter((member) => !(isObject(member) && lenientMark in member))
  const [only] = promised
  return promised.length === 1 && isObject(only) ? { ...only, ...rest } : { ...rest, anyOf: promised }
}

/**
 * Makes the document. Its operation ids, paths, parameters and fields are Habu's own; the texts are ours.
 *
 * The error answers are those that the contract declares for each operation. 429, which it declares nowhere, is the
 * answer of every operation whose limit is used up.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (): JsonObject => {
  const spec = OpenApi.fromApi(HabuApi, { additionalPropertiesStrategy: "allow" })
  const document = {
    ...spec,
    paths: Record.map(spec.paths, withHabuAnswers),
    components: {
      // Effect's own 400, which Habu does not answer with.
      schemas: Struct.omit(spec.components.schemas, "HttpApiDecodeError", "Issue", "PropertyKey"),
      responses: errorResponses,
      securitySchemes: { accessToken: tokenScheme }
    },
    security
  }
  return JSON.parse(JSON.stringify(document), withoutTolerated)
}
