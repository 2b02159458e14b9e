import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import * as Schema from "effect/Schema"
import * as Wire from "../../../src/habu/api/Wire.js"
import { answering } from "./fakeHabu.js"

const readCleanRoom = (cleanroomId: string) =>
  Effect.gen(function*() {
    const { habu, seen } = yield* answering({})
    yield* habu.getCleanroomById({ path: { cleanroomId } })
    return seen.map(({ url }) => url.pathname)
  })

describe("an id in the path", () => {
  it.effect("is encoded, so that it stays one segment and comes back as it was", () =>
    Effect.gen(function*() {
      expect(yield* readCleanRoom("a/b ?ü%2F#")).toEqual(["/v1/cleanrooms/a%2Fb%20%3F%C3%BC%252F%23"])
      expect(yield* readCleanRoom("../x")).toEqual(["/v1/cleanrooms/..%2Fx"])
      expect(yield* readCleanRoom("...")).toEqual(["/v1/cleanrooms/..."])
    }))

  for (const id of ["", ".", "..", "\ud800"]) {
    it.effect(`is refused before anything is sent when it is ${JSON.stringify(id)}`, () =>
      Effect.gen(function*() {
        const { habu, seen } = yield* answering({})
        const error = yield* Effect.flip(habu.deleteCleanroom({ path: { cleanroomId: id } }))
        expect(String(error)).toContain("Expected an id that can stand in a path")
        expect(seen).toEqual([])
      }))
  }

  it.effect("never changes which operation is called", () =>
    Effect.gen(function*() {
      const { habu, seen } = yield* answering({})
      const ids = FastCheck.sample(Arbitrary.make(Schema.typeSchema(Wire.PathSegment)), 200)
      for (const cleanroomId of ids) yield* habu.getCleanroomById({ path: { cleanroomId } })
      const segments = seen.map(({ url }) => url.pathname.split("/"))
      expect(segments.map((path) => path.slice(0, 3).join("/"))).toEqual(ids.map(() => "/v1/cleanrooms"))
      expect(segments.map((path) => path.slice(3).map(decodeURIComponent))).toEqual(ids.map((id) => [id]))
    }))
})

describe("a query", () => {
  it.effect("joins several values with commas, and writes numbers and booleans as words", () =>
    Effect.gen(function*() {
      const path = { cleanroomId: "c-1", cleanroomFlowId: "f-1" }
      const list = yield* answering([])
      yield* list.habu.listFlowNodeExportJobs({ path, urlParams: { nodeIds: ["n-1", "n-2"], limit: 10 } })
      expect(list.seen.map(({ url }) => [...url.searchParams])).toEqual([[["nodeIds", "n-1,n-2"], ["limit", "10"]]])
      const object = yield* answering({})
      yield* object.habu.deleteFlowDecisionConfiguration({ path, urlParams: { cleanRoomOverride: true } })
      expect(object.seen.map(({ url }) => [...url.searchParams])).toEqual([[["cleanRoomOverride", "true"]]])
    }))

  it.effect("refuses a value that would read back as two", () =>
    Effect.gen(function*() {
      const { habu, seen } = yield* answering([])
      const path = { cleanroomId: "c-1", cleanroomFlowId: "f-1" }
      yield* Effect.flip(habu.getFlowNodeExportJobRuns({ path, urlParams: { nodeIds: ["n-1,n-2"] } }))
      expect(seen).toEqual([])
    }))

  it.effect("carries JSON where Habu takes it instead of a body", () =>
    Effect.gen(function*() {
      const { habu, seen } = yield* answering([])
      const path = { cleanroomQuestionId: "q-1" }
      yield* habu.assignCleanroomQuestionDatasetsOwnership({
        path,
        urlParams: { AssignCleanroomQuestionDatasetRequests: { organizationId: "o-1", macro: "@exposures & more" } }
      })
      yield* habu.configureCleanRoomQuestionPermissions({
        path,
        urlParams: { cleanroomQuestionPermissions: [{ permission: "RUN", access: "ALL_CLEAN_ROOM_PARTNERS" }] }
      })
      expect(seen.map(({ body, method, url }) => [method, body, url.pathname, [...url.searchParams]])).toEqual([
        ["POST", "", "/v1/cleanroom-questions/q-1/datasets-ownership", [
          ["AssignCleanroomQuestionDatasetRequests", "{\"organizationId\":\"o-1\",\"macro\":\"@exposures & more\"}"]
        ]],
        ["POST", "", "/v1/cleanroom-questions/q-1/cleanroom-question-permissions", [
          ["cleanroomQuestionPermissions", "[{\"permission\":\"RUN\",\"access\":\"ALL_CLEAN_ROOM_PARTNERS\"}]"]
        ]]
      ])
    }))
})

describe("a body", () => {
  it.effect("goes along with a DELETE that has one", () =>
    Effect.gen(function*() {
      const { habu, seen } = yield* answering([])
      yield* habu.deleteFlowNodeExportJobs({
        path: { cleanroomId: "c-1", cleanroomFlowId: "f-1" },
        payload: { nodeIds: ["n-1"] }
      })
      expect(seen.map(({ body, method, url }) => [method, url.pathname, body])).toEqual([
        ["DELETE", "/v1/cleanrooms/c-1/cleanroom-flows/f-1/nodes/exports", "{\"nodeIds\":[\"n-1\"]}"]
      ])
    }))

  it.effect("carries a run's parameters as one map of texts", () =>
    Effect.gen(function*() {
      const { habu, seen } = yield* answering({ id: "r-1", status: "QUEUED" })
      yield* habu.createCleanroomQuestionRun({
        path: { cleanroomQuestionId: "q-1" },
        payload: { name: "May", parameters: { "exposures.date_start": "2025-05-01" } }
      })
      expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
        { name: "May", parameters: { "exposures.date_start": "2025-05-01" } }
      ])
    }))
})

describe("writing is strict", () => {
  const Fields = Schema.Struct({
    name: Wire.maybe(Schema.String),
    count: Wire.integer,
    tags: Wire.optional(Wire.list(Wire.Text))
  })
  const refuses = (value: unknown) =>
    expect(() => Schema.encodeUnknownSync(Fields)(value)).toThrow(/Expected|is missing|is unexpected/)

  it("a field is left out, never null or undefined", () => {
    expect(Schema.encodeUnknownSync(Fields)({})).toEqual({})
    refuses({ name: null })
    refuses({ name: undefined })
    refuses({ count: null })
  })

  it("a list is a list of texts, a number is finite and a number", () => {
    expect(Schema.encodeSync(Fields)({ count: 3, tags: ["a", "b"] })).toEqual({ count: 3, tags: ["a", "b"] })
    refuses({ tags: "a" })
    refuses({ tags: ["a", 1] })
    refuses({ count: "3" })
    refuses({ count: Number.NaN })
  })
})
