import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Quirks from "../../src/sandbox/Quirks.js"
import { type Answer, start } from "./harness.js"

const quirk = (operation: string) => Quirks.of(operation, false) ?? ((json) => json)

describe("quirks", () => {
  it("hide what live answers hide of a clean room, one or many", () => {
    const room = {
      id: "1",
      questionsCount: 7,
      cleanRoomParameters: { CLOUD: "CLOUD_AWS", ENABLE_EXPORT: "true", CROWD_SIZE: "25" }
    }
    const seen = { id: "1", questionsCount: 0, endAt: "", cleanRoomParameters: { ENABLE_EXPORT: "true" } }
    assert.deepStrictEqual(quirk("getCleanroomById")(room), seen)
    assert.deepStrictEqual(quirk("getAllCleanrooms")([room]), [seen])
    assert.deepStrictEqual(quirk("getCleanroomById")({ ...room, endAt: "2026-12-31", cleanRoomParameters: {} }), {
      ...seen,
      endAt: "2026-12-31",
      cleanRoomParameters: {}
    })
  })

  it("swap stage and configStatus, and know no word for verifying", () => {
    const swap = quirk("getDataConnectionById")
    assert.deepStrictEqual(swap({ configStatus: "MAPPING_REQUIRED", stage: "ACTIVE" }), {
      configStatus: "ACTIVE",
      stage: "MAPPING_REQUIRED"
    })
    assert.deepStrictEqual(swap({ configStatus: "VERIFYING_ACCESS", stage: "ACTIVE" }), {
      configStatus: "ACTIVE",
      stage: "WAITING_FOR_FILE"
    })
  })

  it("leave other operations, and answers of other shapes, as they are", () => {
    assert.isUndefined(Quirks.of("getAllOrganizationUsers", false))
    assert.isUndefined(Quirks.of("getCleanroomById", true))
    assert.strictEqual(quirk("getCleanroomById")("text"), "text")
    assert.deepStrictEqual(quirk("getAllCleanrooms")({ code: "x" }), { code: "x" })
  })

  const session = (strictContract: boolean) =>
    Effect.gen(function*() {
      const { cleanRoomId, get, questionId } = yield* start({ strictContract })
      const room = `/cleanrooms/${yield* cleanRoomId("Fizzwell Summer Campaign")}`
      const list = yield* questionId("Fizzwell Summer Campaign", "Exposed Buyers - User List")
      const question = yield* get(`/cleanroom-questions/${list}`)
      const answers: { readonly [name: string]: Answer } = {
        room: yield* get(room),
        question,
        invitations: yield* get(`${room}/invitations`),
        dataTypes: yield* get(`/question/${question.json.questionId}/data-types`),
        credentials: yield* get("/organization-credentials")
      }
      return answers
    })

  it.scoped("are what live Habu was seen to do", () =>
    Effect.gen(function*() {
      const { credentials, dataTypes, invitations, question, room } = yield* session(false)
      assert.deepInclude(room?.json, { questionsCount: 0, endAt: "", cleanRoomParameters: { ENABLE_EXPORT: "true" } })
      assert.isNull(question?.json.dimension)
      assert.lengthOf(invitations?.json, 3)
      assert.lengthOf(dataTypes?.json, 3)
      assert.isNull(credentials?.json[0].credentialSourceName)
      assert.include(room?.headers.get("x-request-id") ?? "", ", ")
    }))

  it.scoped("stay out by the strict contract", () =>
    Effect.gen(function*() {
      const { credentials, dataTypes, invitations, question, room } = yield* session(true)
      assert.strictEqual(room?.json.questionsCount, 11)
      assert.isUndefined(room?.json.endAt)
      assert.deepInclude(room?.json.cleanRoomParameters, { CLOUD: "CLOUD_AWS", CROWD_SIZE: "10" })
      assert.isUndefined(question?.json.dimension)
      assert.strictEqual(invitations?.json.Status, "ACCEPTED")
      assert.strictEqual(dataTypes?.json.macro, "pubmap")
      assert.strictEqual(credentials?.json[0].credentialSourceName, "AWS IAM User Credentials")
      assert.notInclude(room?.headers.get("x-request-id") ?? "", ", ")
    }))
})
