import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as OpenApi from "@effect/platform/OpenApi"
import { describe, expect, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Option from "effect/Option"
import * as fs from "node:fs"
import { HabuApi } from "../../../src/habu/api/HabuApi.js"
import * as OpenApiDocument from "../../../src/habu/api/OpenApiDocument.js"
import * as Operation from "../../../src/habu/api/Operation.js"

type Endpoint = HttpApiEndpoint.HttpApiEndpoint.AnyWithProps

const endpoints = Object.values(HabuApi.groups).flatMap((group): ReadonlyArray<Endpoint> =>
  Object.values(group.endpoints)
)

const annotation = <I, S>(endpoint: Endpoint, tag: Context.Tag<I, S>) =>
  Option.getOrUndefined(Context.getOption(endpoint.annotations, tag))

const named = (keep: (endpoint: Endpoint) => boolean) => endpoints.filter(keep).map((endpoint) => endpoint.name).sort()

describe("the operations", () => {
  it("are the 147 public ones, each once, by method and path too", () => {
    expect(endpoints).toHaveLength(147)
    expect(new Set(endpoints.map((endpoint) => endpoint.name)).size).toBe(147)
    expect(new Set(endpoints.map((endpoint) => `${endpoint.method} ${endpoint.path}`)).size).toBe(147)
  })

  it("each say in a sentence what they do", () => {
    const summaries = endpoints.map((endpoint) => [endpoint.name, annotation(endpoint, OpenApi.Summary) ?? ""] as const)
    const wanting = summaries.filter(([name, summary]) => !/^[A-Z][a-z]+ .{8,}/.test(summary) || summary.includes(name))
    expect(wanting).toEqual([])
    expect(new Set(summaries.map(([, summary]) => summary)).size).toBe(147)
  })

  it("that GET only read, and only these others do", () => {
    expect(named((endpoint) => endpoint.method === "GET" && Operation.effectOf(endpoint) !== "read")).toEqual([])
    expect(named((endpoint) => endpoint.method !== "GET" && Operation.effectOf(endpoint) === "read")).toEqual([
      "getDatasetOrganizations",
      "listCleanroomFlows",
      "previewFlowRunParameters"
    ])
  })

  it("that make or start something are sent once: POSTs, never a PUT or DELETE", () => {
    const created = endpoints.filter((endpoint) => Operation.effectOf(endpoint) === "create")
    expect(created.filter((endpoint) => endpoint.method !== "POST").map((endpoint) => endpoint.name)).toEqual([])
    expect(created.map((endpoint) => endpoint.name)).toEqual(expect.arrayContaining([
      "createCleanroom",
      "createCleanroomQuestionRun",
      "createDataConnection",
      "createDataExportJobs",
      "createOrUpdateCleanroomFlowRun",
      "addCleanroomPartner",
      "replayCleanroomFlowRun"
    ]))
  })

  it("that spend a start of a run are the starts of runs", () => {
    const spending = (spends: Operation.Spends) =>
      named((endpoint) => annotation(endpoint, Operation.SpendsAnnotation) === spends)
    expect(spending("question_run_start")).toEqual(["createCleanroomQuestionRun"])
    expect(spending("flow_run_start")).toEqual([
      "createOrUpdateCleanroomFlowRun",
      "replayCleanroomFlowRun",
      "resumeCleanroomFlowRun"
    ])
  })

  it("that are polled name an id of their path and keep Habu's distance", () => {
    const polled = endpoints.flatMap((endpoint) => {
      const polls = annotation(endpoint, Operation.PollsAnnotation)
      return polls === undefined ? [] : [{ endpoint, polls }]
    })
    expect(
      polled.filter(({ endpoint, polls }) =>
        endpoint.method !== "GET" || !endpoint.path.split("/").includes(`:${polls.parameter}`)
      )
    ).toEqual([])
    expect(Object.fromEntries(polled.map(({ endpoint, polls }) => [endpoint.name, polls.seconds]))).toEqual({
      getCleanroomFlowRunByID: 180,
      getCleanroomFlowRunStatus: 180,
      getCleanroomQuestionRunById: 300,
      getDataConnectionById: 180,
      getDataExportJobRuns: 180
    })
  })
})

interface Document {
  readonly paths: Record<
    string,
    Record<string, {
      readonly operationId: string
      readonly security: ReadonlyArray<unknown>
      readonly responses: Record<string, unknown>
    }>
  >
}

describe("the OpenAPI document", () => {
  const document = OpenApiDocument.make()
  const { paths } = JSON.parse(JSON.stringify(document)) as Document
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
  const declaring = (status: string) =>
    operations.filter(({ responses }) => status in responses).map(({ operationId }) => operationId).sort()

  it("is the committed one: if a change is meant, npm run openapi -- --write", () => {
    expect(document).toEqual(JSON.parse(fs.readFileSync(new URL("openapi.json", import.meta.url), "utf8")))
  })

  it("shows neither what only our readers tolerate nor Effect's own errors", () => {
    const text = JSON.stringify(document)
    expect(text).not.toContain("x-lenient")
    expect(text).not.toContain("HttpApiDecodeError")
    const schemas = Object.keys(JSON.parse(text).components.schemas)
    const dangling = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].filter(([, name = ""]) =>
      !schemas.includes(name)
    )
    expect(dangling).toEqual([])
  })

  it("declares the contract's error answers, and a token everywhere but on the health check", () => {
    expect(operations.filter(({ security }) => security.length === 0).map(({ operationId }) => operationId))
      .toEqual(["getHealth"])
    for (const status of ["400", "401", "404", "500"]) expect(declaring(status)).toHaveLength(146)
    expect(declaring("403")).toHaveLength(87)
    expect(declaring("409")).toEqual(["addCleanroomUser", "createCleanroom"])
    expect(declaring("412")).toEqual(["createCleanroomQuestionRun"])
  })
})
