/**
 * The contract's operations as the published document has them, and the check of answers against it.
 */
import type * as HttpApi from "@effect/platform/HttpApi"
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import type * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js"
import type { HabuApi } from "../../../src/habu/api/HabuApi.js"
import * as OpenApiDocument from "../../../src/habu/api/OpenApiDocument.js"

type Groups = typeof HabuApi extends HttpApi.HttpApi<string, infer Group, infer _E, infer _R> ? Group : never

export type GroupName = HttpApiGroup.HttpApiGroup.Name<Groups>

export type OperationId = HttpApiEndpoint.HttpApiEndpoint.Name<HttpApiGroup.HttpApiGroup.Endpoints<Groups>>

export interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: { readonly type?: string; readonly enum?: ReadonlyArray<string> }
}

export interface Operation {
  readonly id: OperationId
  readonly group: GroupName
  readonly method: string
  readonly path: string
  readonly parameters: ReadonlyArray<Parameter>
  readonly takesBody: boolean
  /** The body's own required fields; none if it is a list. */
  readonly requiredFields: ReadonlyArray<string>
  /** The statuses that the contract declares, the good one first. */
  readonly statuses: ReadonlyArray<number>
}

/** The document, made strict: an object that may hold what is not named would let any field pass. */
const strict = (_key: string, node: any) =>
  node?.type === "object" && Object.keys(node.properties ?? {}).length > 0 &&
    typeof node.additionalProperties !== "object"
    ? { ...node, additionalProperties: false }
    : node

const document: any = OpenApiDocument.make()

const resolve = (schema: any): any =>
  schema?.$ref === undefined ? schema : document.components.schemas[schema.$ref.split("/").at(-1)]

const bodyOf = (operation: any) => resolve(operation.requestBody?.content["application/json"].schema)

export const operations: ReadonlyArray<Operation> = Object.entries<any>(document.paths).flatMap(([path, methods]) =>
  Object.entries<any>(methods).map(([method, operation]): Operation => ({
    id: operation.operationId,
    group: operation.tags[0],
    method: method.toUpperCase(),
    path,
    parameters: operation.parameters.map((item: any) => ({ ...item, schema: resolve(item.schema) })),
    takesBody: operation.requestBody !== undefined,
    requiredFields: bodyOf(operation)?.required ?? [],
    statuses: Object.keys(operation.responses).map(Number)
  }))
)

const byId = Object.fromEntries(operations.map((item) => [item.id, item])) as {
  readonly [id in OperationId]: Operation
}

export const operationOf = (id: OperationId): Operation => byId[id]

const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
ajv.addSchema(JSON.parse(JSON.stringify(document), strict), "habu")

const compiled = new Map<string, ValidateFunction | undefined>()

const escaped = (segment: string) => segment.replaceAll("~", "~0").replaceAll("/", "~1")

/** What the document shows as a list, as it is read, although the contract promises a single one. */
const single: ReadonlyArray<OperationId> = ["getQuestionDataTypes"]

const validatorOf = ({ id, method, path, statuses: [success] }: Operation) => {
  if (!compiled.has(id)) {
    const content = document.paths[path][method.toLowerCase()].responses[String(success)].content
    const at = ["paths", path, method.toLowerCase(), "responses", String(success), "content", "application/json"]
    const pointer = `habu#/${at.map(escaped).join("/")}/schema${single.includes(id) ? "/items" : ""}`
    compiled.set(id, content?.["application/json"] === undefined ? undefined : ajv.compile({ $ref: pointer }))
  }
  return compiled.get(id)
}

/** What is wrong with the body of a good answer by the document; a field that it does not name is wrong, too. */
export const faultsOf = (operation: Operation, body: unknown): ReadonlyArray<string> => {
  const validate = validatorOf(operation)
  if (validate === undefined || validate(body)) return []
  return (validate.errors ?? []).map((error) =>
    `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`
  )
}
