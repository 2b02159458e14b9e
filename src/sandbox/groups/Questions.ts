/**
 * The organisation's questions and their versions.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Questions.js"
import * as Access from "../Access.js"
import * as Definitions from "../Definitions.js"
import { served } from "../Group.js"
import { forbidden, notFound, type Refusal } from "../Refusal.js"
import * as RoomQuestions from "../RoomQuestions.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { given } from "../Wire.js"
import * as World from "../World.js"

const ownQuestionOf = (world: World.Service, id: string) =>
  Effect.filterOrFail(
    Access.question(world, id),
    (question) => question.organizationId === world.organizationId,
    (question) => forbidden(`Question ${question.displayId} belongs to another organisation`)
  )

const mayViewCode = (world: World.Service, question: Rows.Question) =>
  question.organizationId === world.organizationId ||
  Access.copies(world, question.id).some((row) => Access.isAllowed(world, row, "VIEW_CODE"))

const show = (
  world: World.Service,
  question: Rows.Question,
  version: number
): Effect.Effect<Api.QuestionDetails, Refusal> => {
  const definition = question.versions[version - 1]
  if (definition === undefined) return Effect.fail(notFound("Question version", String(version)))
  const { queryDetails: _, ...rest } = definition
  return Effect.succeed({
    ...(mayViewCode(world, question) ? definition : rest),
    displayId: question.displayId,
    version
  })
}

const get = (world: World.Service, id: string, asked: { readonly cleanRoomID?: string; readonly version?: number }) =>
  Effect.gen(function*() {
    const question = yield* Access.question(world, id)
    const { cleanRoomID } = asked
    if (cleanRoomID !== undefined && !Access.copies(world, id).some((row) => row.cleanRoomId === cleanRoomID)) {
      return yield* Effect.fail(notFound("Question", id))
    }
    return given({
      questionDetails: yield* show(world, question, asked.version ?? question.versions.length),
      id: question.id,
      cleanRoomID,
      organizationID: question.organizationId
    })
  })

const create = (world: World.Service, request: Api.Question, cleanRoomId: string | undefined) =>
  Effect.gen(function*() {
    const room = cleanRoomId === undefined
      ? undefined
      : yield* Effect.flatMap(Access.cleanRoom(world, cleanRoomId), Access.open)
    const definition = request.questionDetails ?? {}
    const message = yield* Definitions.fault(world, definition, request.settings?.queryValidation ?? false)
    if (message !== undefined) return { success: false, message }
    const question = world.questions.put({
      id: world.ids.uuid("question"),
      displayId: world.ids.displayId("Q"),
      organizationId: world.organizationId,
      versions: [definition],
      createdAt: yield* Clock.currentTimeMillis
    })
    if (room !== undefined) yield* RoomQuestions.add(world, room, question, true)
    return { success: true, message: "The question was created", questionID: question.id }
  })

const isLocked = (world: World.Service, id: string, cleanRoomId: string | undefined) =>
  Access.copies(world, id).some((row) => row.cleanRoomId === cleanRoomId && !row.isEditable)

const update = (world: World.Service, id: string, request: Api.Question, cleanRoomId: string | undefined) =>
  Effect.gen(function*() {
    const question = yield* ownQuestionOf(world, id)
    if (isLocked(world, id, cleanRoomId)) {
      return yield* Effect.fail(forbidden("The question was added to this clean room as not editable"))
    }
    const definition = request.questionDetails ?? {}
    const message = yield* Definitions.fault(world, definition, request.settings?.queryValidation ?? false)
    if (message !== undefined) return { success: false, message }
    const changed = world.questions.put({ ...question, versions: [...question.versions, definition] })
    Definitions.spread(world, changed)
    return {
      success: true,
      message: "The question was updated",
      question: yield* show(world, changed, changed.versions.length)
    }
  })

/** A question that a clean room still uses stays, and the answer says so. */
const remove = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const question = yield* ownQuestionOf(world, id)
    const inUse = world.cleanRoomQuestions.find((row) => row.questionId === id) !== undefined
    return { success: inUse ? false : world.questions.remove(question.id) }
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Questions",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle("getQuestionDetails", ({ path, urlParams }) => get(world, path.questionID, urlParams))
          .handle("deleteQuestion", ({ path }) => remove(world, path.questionID))
          .handle(
            "updateQuestion",
            ({ path, payload, urlParams }) =>
              update(world, path.questionID, payload, urlParams.cleanRoomID ?? payload.cleanRoomID)
          )
          .handle(
            "createQuestion",
            ({ payload, urlParams }) => create(world, payload, urlParams.cleanRoomID ?? payload.cleanRoomID)
          )
          .handle(
            "getQuestionDataTypes",
            ({ path }) =>
              Effect.map(
                Access.question(world, path.questionID),
                (question) => question.versions.at(-1)?.dataTypes ?? []
              )
          )
      ))
)
