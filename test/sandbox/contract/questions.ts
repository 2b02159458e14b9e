/**
 * The walk through questions, in the organisation and in its clean rooms.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { at, change, id, question, room, type Sent, type Table, type Walk } from "./Walk.js"

const summer = room("summer")

/** A question of the publisher's, with nothing allowed to partners but to run it and to see its results. */
const others = at(question("marketplace-segments"))

/** A question of a clean room that has ended: read-only. */
const ended = at(question("spring-reach"))

const success = (json: unknown) => assert.deepStrictEqual(json, { success: true })

const json = (value: unknown) => JSON.stringify(value)

const bindingsOf = (key: string) => (walk: Walk) => walk.answer("getAllCleanroomQuestionDatasets", question(key))

const audience = id("dataset/publisher/audience")

export const cleanRoomQuestions: Table = {
  addCleanroomQuestion: {
    sent: { ...summer, query: { questionId: id("question/weekly"), isEditable: "false" } },
    shows: (added, walk) =>
      Effect.map(
        walk.answer("getCleanroomQuestion", { path: { ...summer.path, questionId: id("question/weekly") } }),
        (found) => {
          assert.isFalse(added.isEditable)
          assert.strictEqual(found.id, added.id)
        }
      ),
    refuses: {
      400: (sent) => ({ ...sent, query: { questionId: id("question/hero") } }),
      403: at(room("spring")),
      404: [
        (sent) => ({ ...sent, query: { questionId: id("nothing") } }),
        (sent) => ({ ...sent, query: { questionId: id("question/foreign-panel") } })
      ]
    }
  },
  getAllCleanroomQuestions: {
    sent: { ...summer, query: { questionType: "List" } },
    shows: (list) => assert.strictEqual(list[0].name, "Exposed Buyers - User List")
  },
  getCleanroomQuestionById: {
    sent: question("profile"),
    shows: (read) => assert.deepInclude(read, { category: "Profile", parameters: { CRM_ATTRIBUTE: "STRING" } })
  },
  getCleanroomQuestion: {
    sent: { path: { ...summer.path, questionId: id("question/profile") } },
    shows: (read) => assert.deepStrictEqual(read, { id: id("cleanRoomQuestion/profile") })
  },
  getCleanroomQuestionParameters: {
    sent: question("profile"),
    shows: (read) => assert.deepInclude(read.parameters[0], { Name: "CRM_ATTRIBUTE", ConstraintType: "ENFORCED_LIST" })
  },
  getAllCleanroomQuestionDatasets: {
    sent: question("overlap"),
    shows: (list) => assert.deepInclude(list[0], { macro: "retail_crm", datasetName: "Alder & Pine CRM" })
  },
  configureCleanroomQuestionDatasets: {
    sent: (walk) =>
      Effect.gen(function*() {
        walk.world.datasets.put(Object.assign({}, walk.world.datasets.get(audience), { partnerCanAssign: true }))
        const [missing, present] = yield* bindingsOf("global-copy")(walk)
        return { ...question("global-copy"), body: [{ ...missing, datasetId: audience }, present] }
      }),
    shows: (list, walk, sent) =>
      Effect.gen(function*() {
        assert.deepInclude(list[0], { datasetId: audience, status: "ASSIGNED" })
        assert.deepStrictEqual(yield* walk.answer("getAllCleanroomQuestionDatasets", sent), list)
        assert.strictEqual((yield* walk.answer("getCleanroomQuestionById", sent)).status, "READY")
      }),
    refuses: {
      400: (sent, walk) =>
        Effect.map(bindingsOf("global-copy")(walk), ([missing, present]): Sent => ({
          ...sent,
          body: [{ ...missing, datasetId: present.datasetId }]
        })),
      403: (_, walk) =>
        Effect.map(bindingsOf("spring-reach")(walk), (body): Sent => ({ ...question("spring-reach"), body }))
    }
  },
  assignCleanroomQuestionDatasetsOwnership: {
    sent: {
      ...question("overlap"),
      query: {
        AssignCleanroomQuestionDatasetRequests: json({ organizationId: id("organization/brand"), macro: "retail_crm" })
      }
    },
    shows: (list, walk, sent) =>
      Effect.map(walk.answer("getAllCleanroomQuestionDatasets", sent), (read) => {
        assert.deepInclude(list[0], { organizationId: id("organization/brand"), status: "UNASSIGNED" })
        assert.deepStrictEqual(read, list)
      }),
    refuses: {
      400: [
        (sent) => ({ ...sent, query: { AssignCleanroomQuestionDatasetRequests: "no JSON" } }),
        (sent) => ({
          ...sent,
          query: { AssignCleanroomQuestionDatasetRequests: json({ organizationId: "nobody", macro: "retail_crm" }) }
        })
      ],
      403: ended
    }
  },
  getCleanroomQuestionDataTypeOptions: {
    sent: { ...question("global-copy"), query: { dataType: "UserData" } },
    shows: ([{ datasetOptions }]) => assert.strictEqual(datasetOptions[0].name, "Lumen Street Audience")
  },
  getCleanroomQuestionPermissions: {
    sent: question("hero"),
    shows: (list) =>
      assert.includeMembers(list.map((item: { permission: string }) => item.permission), ["RUN", "VIEW_CODE"])
  },
  configureCleanRoomQuestionPermissions: {
    sent: {
      ...question("hero"),
      query: {
        cleanroomQuestionPermissions: json([{ permission: "VIEW_CODE", access: "ALL_CLEAN_ROOM_PARTNERS" }])
      }
    },
    shows: (list, walk, sent) =>
      Effect.map(walk.answer("getCleanroomQuestionPermissions", sent), (read) => {
        const changed = list.find((item: { permission: string }) => item.permission === "VIEW_CODE")
        assert.strictEqual(changed.access, "ALL_CLEAN_ROOM_PARTNERS")
        assert.deepStrictEqual(read, list)
      }),
    refuses: { 400: (sent) => ({ ...sent, query: { cleanroomQuestionPermissions: "no JSON" } }), 403: [others, ended] }
  },
  getCleanroomQuestionResultShares: {
    sent: question("hero"),
    shows: (list) =>
      assert.deepStrictEqual(
        list.map((item: { PartnerID: string }) => item.PartnerID),
        [id("organization/brand"), id("organization/publisher")]
      )
  },
  upsertCleanRoomQuestionResultShares: {
    sent: { ...question("hero"), body: [{ PartnerID: id("organization/brand"), PostRunQueryID: "query" }] },
    shows: (answer, walk, sent) =>
      Effect.map(walk.answer("getCleanroomQuestionResultShares", sent), ([share]) => {
        success(answer)
        assert.strictEqual(share.PostRunQueryID, "query")
      }),
    refuses: { 400: (sent) => ({ ...sent, body: [{ PartnerID: "stranger" }] }), 403: [others, ended] }
  },
  updateCleanroomQuestionComputeCapacity: {
    sent: { ...question("baskets"), body: { computeCapacity: "LARGE" } },
    shows: (answer, walk) =>
      Effect.map(walk.answer("getCleanroomAssetDetails", room("loyalty")), ({ questions }) => {
        success(answer)
        assert.strictEqual(questions[0].defaultComputeCapacity, "LARGE")
      }),
    refuses: { 400: change({ computeCapacity: "MEDIUM" }), 403: [others, ended] }
  },
  enableCleanroomQuestionSegmentation: {
    sent: { ...question("exposed-buyers"), body: { assetDisplayName: "Buyers", rampID: "NAME" } },
    shows: (answer, walk, sent) =>
      Effect.gen(function*() {
        assert.deepStrictEqual(answer, { assetId: answer.assetId, success: true })
        assert.strictEqual(yield* channelOf(walk), "Buyers")
        assert.strictEqual((yield* walk.ask("enableCleanroomQuestionSegmentation", sent)).status, 400)
      }),
    refuses: { 400: at(question("hero")), 403: [others, ended] }
  },
  updateCleanroomQuestionSegmentation: {
    sent: { ...question("exposed-buyers"), body: { assetDisplayName: "Summer buyers", rampID: "NAME" } },
    shows: (answer, walk) =>
      Effect.map(channelOf(walk), (channel) => {
        assert.isTrue(answer.success)
        assert.strictEqual(channel, "Summer buyers")
      }),
    refuses: { 400: at(question("hero")), 403: [others, ended] }
  },
  getCleanroomQuestionTags: {
    sent: question("hero"),
    shows: (tags) => assert.deepStrictEqual(tags, ["summer"])
  },
  deleteCleanroomQuestion: {
    sent: question("frequency"),
    shows: (answer, walk, sent) =>
      Effect.map(walk.ask("getCleanroomQuestionById", sent), ({ status }) => {
        success(answer)
        assert.strictEqual(status, 404)
      }),
    refuses: { 403: others }
  }
}

/** Where the latest list that was produced was sent on to. */
function channelOf(walk: Walk): Effect.Effect<string, unknown> {
  const sent = { ...question("exposed-buyers"), query: { status: "COMPLETED", limit: "1" } }
  return Effect.gen(function*() {
    const [run] = yield* walk.answer("getAllCleanroomQuestionRuns", sent)
    const summary = yield* walk.answer("getCleanroomQuestionRunActivationSummaries", {
      path: { cleanroomQuestionRunId: run.id }
    })
    return summary.activationSummary[0].activationChannel
  })
}

const details = {
  title: "Shoppers by Tier",
  category: "Profile",
  description: "How many shoppers each tier has",
  isAnalytics: true,
  queryDetails: [{
    query: "SELECT @shoppers.@loyalty_tier AS tier, COUNT(*) AS people FROM @shoppers GROUP BY @shoppers.@loyalty_tier",
    cleanRoomType: "Hybrid",
    queryLanguage: "SQL"
  }],
  dataTypes: [{ macro: "shoppers", importDataType: "CRM" }],
  measures: [{ name: "people", type: "INTEGER", isIdentity: true, noise: false }],
  dimensions: [{ name: "tier", type: "STRING" }]
}

const definition = (key: string): Sent => ({ path: { questionID: id(`question/${key}`) } })

const theirs = at(definition("marketplace-segments"))

const written = (walk: Walk) =>
  Effect.map(walk.answer("createQuestion", { body: { questionDetails: details } }), (answer): Sent => ({
    path: { questionID: answer.questionID }
  }))

export const questions: Table = {
  createQuestion: {
    sent: { query: { cleanRoomID: id("cleanRoom/summer") }, body: { questionDetails: details } },
    shows: (answer, walk) =>
      Effect.gen(function*() {
        assert.isTrue(answer.success)
        const read = yield* walk.answer("getQuestionDetails", { path: { questionID: answer.questionID } })
        assert.deepInclude(read.questionDetails, { title: details.title, version: 1 })
        const path = { ...summer.path, questionId: answer.questionID }
        const { id } = yield* walk.answer("getCleanroomQuestion", { path })
        const copy = yield* walk.answer("getCleanroomQuestionById", { path: { cleanroomQuestionId: id } })
        assert.strictEqual(copy.name, details.title)
        const untitled = { body: { questionDetails: { ...details, title: "" } } }
        assert.isFalse((yield* walk.answer("createQuestion", untitled)).success)
      }),
    refuses: {
      403: (sent) => ({ ...sent, query: { cleanRoomID: id("cleanRoom/spring") } }),
      404: (sent) => ({ ...sent, query: { cleanRoomID: id("cleanRoom/foreign") } })
    }
  },
  getQuestionDetails: {
    sent: { ...definition("hero"), query: { version: "1" } },
    shows: (read) => assert.deepInclude(read.questionDetails, { version: 1, tags: ["summer"] }),
    refuses: { 404: (sent) => ({ ...sent, query: { version: "7" } }) }
  },
  updateQuestion: {
    sent: (walk) =>
      Effect.map(written(walk), (sent) => ({ ...sent, body: { questionDetails: { ...details, title: "By Tier" } } })),
    shows: (answer, walk, sent) =>
      Effect.gen(function*() {
        assert.isTrue(answer.success)
        const read = yield* walk.answer("getQuestionDetails", sent)
        assert.deepInclude(read.questionDetails, { title: "By Tier", version: 2 })
        const first = yield* walk.answer("getQuestionDetails", { ...sent, query: { version: "1" } })
        assert.strictEqual(first.questionDetails.title, details.title)
      }),
    refuses: { 403: theirs }
  },
  getQuestionDataTypes: {
    sent: written,
    shows: (one) => assert.deepStrictEqual(one, details.dataTypes[0])
  },
  deleteQuestion: {
    sent: written,
    shows: (answer, walk, sent) =>
      Effect.gen(function*() {
        success(answer)
        assert.strictEqual((yield* walk.ask("getQuestionDetails", sent)).status, 404)
        assert.deepStrictEqual(yield* walk.answer("deleteQuestion", definition("hero")), { success: false })
      }),
    refuses: { 403: theirs }
  }
}
