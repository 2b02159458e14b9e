import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import * as CleanRooms from "../../../src/habu/api/CleanRooms.js"
import * as DataConnections from "../../../src/habu/api/DataConnections.js"
import * as Exports from "../../../src/habu/api/Exports.js"
import * as FlowRuns from "../../../src/habu/api/FlowRuns.js"
import { ErrorAnswer } from "../../../src/habu/api/HabuApi.js"
import * as QuestionRuns from "../../../src/habu/api/QuestionRuns.js"
import * as Users from "../../../src/habu/api/Users.js"
import { answering, answeringText } from "./fakeHabu.js"

const cleanRoom = {
  id: "b3a6b0cc-5c2f-4c0b-9b12-0a4d5b7a3d10",
  displayId: "CR-045144",
  name: "Demo clean room",
  description: null,
  ownerOrganization: "Northwind Media",
  partners: ["Contoso Retail"],
  startAt: "2025-06-01",
  endAt: "",
  questionsCount: 0,
  status: "COMPLETE",
  cleanRoomParameters: { ENABLE_EXPORT: "true" },
  timeAudit: { createdAt: "2025-06-01T10:00:00Z", updatedAt: null },
  cleanRoomTypeId: "47f86c15-9917-4c50-8da9-6a10b65a4b5f",
  someNewField: { nested: true }
}

const invitation = {
  id: "inv-1",
  partnerAdminEmail: "ada@contoso.test",
  InvitorEmail: "bob@northwind.test",
  Status: "PENDING",
  timeAudit: { createdAt: "2025-06-02T10:00:00Z" }
}

describe("an answer through the typed client", () => {
  it.effect("a clean room without an end has no end date, and nothing null or unknown is left in it", () =>
    Effect.gen(function*() {
      const { habu } = yield* answering([cleanRoom])
      const [read] = yield* habu.getAllCleanrooms({ urlParams: {} })
      const { description: _, endAt: __, someNewField: ___, ...rest } = cleanRoom
      expect(read).toEqual({ ...rest, timeAudit: { createdAt: "2025-06-01T10:00:00Z" } })
    }))

  it.effect("a single clean room stands for a list of one, and null for an empty list", () =>
    Effect.gen(function*() {
      const single = yield* answering(cleanRoom)
      expect(yield* single.habu.getAllCleanrooms({ urlParams: {} })).toHaveLength(1)
      const none = yield* answering(null)
      expect(yield* none.habu.getAllCleanrooms({ urlParams: {} })).toEqual([])
    }))

  it.effect("questions keep their order and statuses, with a null dimension left out", () =>
    Effect.gen(function*() {
      const { habu } = yield* answering([
        {
          id: "q-1",
          displayId: "CRQ-136017",
          name: "Overlap by segment - Global ",
          questionType: "ANALYTICAL",
          status: "READY",
          dataTypes: { UserData: "User Data" },
          parameters: {},
          dimension: null
        },
        { id: "q-2", status: "MISSING_DATASETS" }
      ])
      const read = yield* habu.getAllCleanroomQuestions({ path: { cleanroomId: "c-1" }, urlParams: {} })
      expect(read).toEqual([
        {
          id: "q-1",
          displayId: "CRQ-136017",
          name: "Overlap by segment - Global ",
          questionType: "ANALYTICAL",
          status: "READY",
          dataTypes: { UserData: "User Data" },
          parameters: {}
        },
        { id: "q-2", status: "MISSING_DATASETS" }
      ])
    }))

  it.effect("invitations are read from a list and from the single object that the contract promises", () =>
    Effect.gen(function*() {
      const request = { path: { cleanroomId: "c-1" } }
      const many = yield* answering([invitation, { ...invitation, id: "inv-2", Status: "ACCEPTED" }])
      const listed = yield* many.habu.listPartnerInvitationsForInviter(request)
      expect(listed.map((each) => [each.id, each.Status])).toEqual([["inv-1", "PENDING"], ["inv-2", "ACCEPTED"]])
      const one = yield* answering(invitation)
      expect(yield* one.habu.listPartnerInvitationsForInviter(request)).toEqual([invitation])
    }))

  it.effect("an unknown status of a run is kept as it stands", () =>
    Effect.gen(function*() {
      const { habu } = yield* answering({ id: "r-1", name: "May", status: "SNOOZING", submittedAt: "2025-06-20" })
      const run = yield* habu.getCleanroomQuestionRunById({ path: { cleanroomQuestionRunId: "r-1" } })
      expect(run).toEqual({ id: "r-1", name: "May", status: "SNOOZING", submittedAt: "2025-06-20" })
    }))

  it.effect("a downloaded file is its own content, whether bare or inside a JSON string", () =>
    Effect.gen(function*() {
      const path = { cleanroomId: "c-1", cleanroomFlowRunId: "f-1", nodeIdentifier: "n-1", fileName: "out.csv" }
      const csv = "segment,people\n\"18-24\",1204\n"
      const bare = yield* answeringText(csv)
      expect(yield* bare.habu.getCleanroomFlowRunNodeOutputFile({ path })).toBe(csv)
      const promised = yield* answering(csv)
      expect(yield* promised.habu.getCleanroomFlowRunNodeOutputFile({ path })).toBe(csv)
    }))

  it.effect("an answer that is no clean room at all fails", () =>
    Effect.gen(function*() {
      const { habu } = yield* answering("maintenance")
      const error = yield* Effect.flip(habu.getAllCleanrooms({ urlParams: {} }))
      expect(error._tag).toBe("ParseError")
    }))
})

const reads = <A, I>(schema: Schema.Schema<A, I>, wire: unknown) => Schema.decodeUnknownSync(schema)(wire)

describe("a schema reads what Habu sends", () => {
  it("missing and null fields alike", () => {
    expect(reads(CleanRooms.CleanRoom, {})).toEqual({})
    expect(reads(CleanRooms.CleanRoom, { name: null, partners: null, timeAudit: null })).toEqual({})
  })

  it("numbers and booleans that stand in strings, and texts that stand bare", () => {
    expect(reads(CleanRooms.CleanRoom, { questionsCount: "4", name: 2025, status: true }))
      .toEqual({ questionsCount: 4, name: "2025", status: "true" })
    expect(reads(DataConnections.FieldConfiguration, { isPii: "true", isExcluded: "false" }))
      .toEqual({ isPii: true, isExcluded: false })
  })

  it("settings with bare values and nulls as a map of texts", () => {
    expect(reads(CleanRooms.CleanRoom, { cleanRoomParameters: { ENABLE_EXPORT: true, CROWD_SIZE: 5, REGION: null } }))
      .toEqual({ cleanRoomParameters: { ENABLE_EXPORT: "true", CROWD_SIZE: "5" } })
  })

  it("an object where a list was promised, deep inside", () => {
    expect(reads(FlowRuns.ListCleanroomFlowRunsResponse, { cleanRoomFlowRuns: { id: "f-1", status: "Paused" } }))
      .toEqual({ cleanRoomFlowRuns: [{ id: "f-1", status: "Paused" }] })
  })

  it("lists with null in them", () => {
    expect(reads(CleanRooms.CleanRoom, { partners: ["Contoso Retail", null] })).toEqual({
      partners: ["Contoso Retail"]
    })
  })

  it("`\"\"` for no time on every moment of a run", () => {
    const run = { id: "r-1", submittedAt: "2025-06-20T08:00:00Z", executedAt: "", completedAt: "" }
    expect(reads(QuestionRuns.QuestionRunMetadata, run)).toEqual({ id: "r-1", submittedAt: "2025-06-20T08:00:00Z" })
  })

  it("values that the contract does not know", () => {
    expect(reads(Exports.ExportJobRun, { status: "TIRED", jobRunType: "SIDEWAYS" }))
      .toEqual({ status: "TIRED", jobRunType: "SIDEWAYS" })
  })

  it("the organisation's users with their role and person", () => {
    const user = {
      roleName: "API Administrator",
      user: { id: "u-1", name: "API User 1", email: "api-user-1@habu.test" }
    }
    expect(reads(Users.OrganizationUsers, [user])).toEqual([user])
  })

  it("both error envelopes: the contract's, and the fuller one seen live", () => {
    expect(reads(ErrorAnswer, { code: "NOT_FOUND", message: "no such clean room" }))
      .toEqual({ code: "NOT_FOUND", message: "no such clean room" })
    const live = {
      status: "UNAUTHORIZED",
      code: 401,
      timestamp: "12-08-2026 05:17:12",
      message: "Full authentication is required",
      details: "uri=/v1/cleanrooms"
    }
    expect(reads(ErrorAnswer, live)).toEqual({ ...live, code: "401" })
  })

  it("but not a text where an object must be", () => {
    expect(Either.isLeft(Schema.decodeUnknownEither(CleanRooms.CleanRoom)("gone"))).toBe(true)
    expect(Either.isLeft(Schema.decodeUnknownEither(CleanRooms.CleanRoom)({ timeAudit: "yesterday" }))).toBe(true)
  })
})
