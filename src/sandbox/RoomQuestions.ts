/**
 * Clean room questions: how one comes to be, and how Habu shows it.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../habu/api/CleanRoomQuestions.js"
import type { QuestionDetails } from "../habu/api/Questions.js"
import * as Access from "./Access.js"
import * as Catalogues from "./Catalogues.js"
import * as QuestionState from "./QuestionState.js"
import type * as Rows from "./Rows.js"
import * as Runs from "./Runs.js"
import { given, time } from "./Wire.js"
import type * as World from "./World.js"

const permissions: ReadonlyArray<readonly [string, string]> = [
  ["VIEW_CODE", "QUESTION_OWNER_ONLY"],
  ["EDIT", "QUESTION_OWNER_ONLY"],
  ["CLONE", "QUESTION_OWNER_ONLY"],
  ["RUN", "ALL_CLEAN_ROOM_PARTNERS"],
  ["VIEW_RESULTS", "ALL_CLEAN_ROOM_PARTNERS"],
  ["DELETE", "QUESTION_OWNER_ONLY"]
]

/**
 * The permissions that a question starts with; `granted` are those that its clean room gives partners beyond the usual.
 *
 * @since 0.1.0
 * @category constructors
 */
export const standardPermissions = (
  world: World.Service,
  granted: ReadonlyArray<string>
): Rows.CleanRoomQuestion["permissions"] =>
  permissions.map(([permission, access]) => ({
    id: world.ids.uuid("permission"),
    permission,
    access: granted.includes(permission) ? "ALL_CLEAN_ROOM_PARTNERS" : access
  }))

/**
 * A macro for each of a question's data types, to be filled by `ownerId`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const bindings = (
  world: World.Service,
  definition: QuestionDetails,
  ownerId: string
): ReadonlyArray<Rows.Binding> =>
  (definition.dataTypes ?? []).map((type) => ({
    id: world.ids.uuid("binding"),
    macro: type.macro ?? "",
    ownerId,
    datasetId: undefined,
    columns: {},
    assignedAt: undefined
  }))

/**
 * Brings a question into a clean room.
 *
 * @since 0.1.0
 * @category constructors
 */
export const add = (
  world: World.Service,
  room: Rows.CleanRoom,
  question: Rows.Question,
  isEditable: boolean
): Effect.Effect<Rows.CleanRoomQuestion> =>
  Effect.map(Clock.currentTimeMillis, (createdAt) =>
    world.cleanRoomQuestions.put({
      id: world.ids.uuid("cleanRoomQuestion"),
      displayId: world.ids.displayId("CRQ"),
      cleanRoomId: room.id,
      questionId: question.id,
      ownerId: world.organizationId,
      isEditable,
      computeCapacity: "DEFAULT",
      bindings: bindings(world, question.versions.at(-1) ?? {}, room.ownerId),
      constraints: {},
      permissions: standardPermissions(world, room.granted),
      shares: [],
      segmentation: undefined,
      createdAt
    }))

const named = (items: ReadonlyArray<{ readonly name?: string; readonly type?: string }> | undefined) =>
  items === undefined || items.length === 0
    ? undefined
    : Object.fromEntries(items.map((item) => [item.name ?? "", item.type ?? ""]))

/**
 * The kind of a question as it stands in `questionType`.
 *
 * @since 0.1.0
 * @category getters
 */
export const typeOf = (definition: QuestionDetails): "LIST" | "ANALYTICAL" =>
  definition.isUserListQuestion === true ? "LIST" : "ANALYTICAL"

/**
 * A question as the contract's `CleanRoomQuestion`. Its SQL shows only to those with the permission VIEW_CODE.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toWire = (
  world: World.Service,
  row: Rows.CleanRoomQuestion,
  room: Rows.CleanRoom
): Api.CleanRoomQuestion => {
  const definition = QuestionState.details(world, row)
  return given({
    id: row.id,
    name: definition.title,
    displayId: row.displayId,
    questionType: typeOf(definition),
    category: definition.category,
    createdOn: time(row.createdAt),
    status: QuestionState.status(world, row),
    dataTypes: Object.fromEntries(
      (definition.dataTypes ?? []).map(({ importDataType = "" }) => [
        importDataType,
        Catalogues.dataType(importDataType).displayName
      ])
    ),
    parameters: named(definition.parameters) ?? {},
    dimension: named(definition.dimensions),
    metrics: named(definition.measures) ?? {},
    cleanroomId: row.cleanRoomId,
    ownerOrganizationId: row.ownerId,
    customerQueryTemplate: Access.isAllowed(world, row, "VIEW_CODE")
      ? QuestionState.sql(definition, room.type)
      : undefined,
    questionId: row.questionId
  })
}

/**
 * A question as the contract's `CleanRoomQuestionResponse`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toResponse = (
  world: World.Service,
  row: Rows.CleanRoomQuestion
): Effect.Effect<Api.CleanRoomQuestionResponse> =>
  Effect.gen(function*() {
    const definition = QuestionState.details(world, row)
    const runs = world.runs.where((run) => run.cleanRoomQuestionId === row.id)
    const latest = runs.reduce<Rows.Run | undefined>(
      (newest, run) => newest === undefined || run.submittedAt > newest.submittedAt ? run : newest,
      undefined
    )
    const now = yield* Clock.currentTimeMillis
    return given({
      id: row.id,
      cleanRoomId: row.cleanRoomId,
      ownerOrganizationId: row.ownerId,
      questionId: row.questionId,
      title: definition.title,
      category: definition.category,
      stage: "ACTIVE",
      status: QuestionState.status(world, row),
      latestRun: latest === undefined ? undefined : given({
        runId: latest.id,
        status: yield* Runs.status(latest),
        startTimestamp: time(latest.submittedAt),
        endTimestamp: now < latest.completedAt ? undefined : time(latest.completedAt)
      }),
      datasetCount: row.bindings.length,
      runCount: runs.length,
      isEditable: row.isEditable,
      questionStatus: QuestionState.status(world, row),
      questionVersion: QuestionState.version(world, row),
      displayId: row.displayId,
      description: definition.description
    })
  })
