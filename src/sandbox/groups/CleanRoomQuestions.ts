/**
 * Questions in clean rooms: their data, parameters, permissions and shares.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/CleanRoomQuestions.js"
import * as Access from "../Access.js"
import * as Assets from "../Assets.js"
import * as Bindings from "../Bindings.js"
import * as Datasets from "../Datasets.js"
import { served } from "../Group.js"
import * as Members from "../Members.js"
import * as Parameters from "../Parameters.js"
import * as QuestionState from "../QuestionState.js"
import { badRequest, notFound } from "../Refusal.js"
import * as RoomQuestions from "../RoomQuestions.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import { given, page } from "../Wire.js"
import * as World from "../World.js"

const add = (world: World.Service, cleanRoomId: string, questionId: string, isEditable: boolean) =>
  Effect.gen(function*() {
    const room = yield* Effect.flatMap(Access.cleanRoom(world, cleanRoomId), Access.open)
    const question = yield* Access.question(world, questionId)
    const present = world.cleanRoomQuestions.find((row) => row.cleanRoomId === room.id && row.questionId === questionId)
    if (present !== undefined) {
      return yield* Effect.fail(badRequest(`The question is in the clean room already, as ${present.displayId}`))
    }
    const row = yield* RoomQuestions.add(world, room, question, isEditable)
    return yield* RoomQuestions.toResponse(world, row)
  })

interface ListParams {
  readonly startDate?: string
  readonly endDate?: string
  readonly limit?: number
  readonly offset?: number
  readonly questionType?: string
}

const list = (world: World.Service, room: Rows.CleanRoom, asked: ListParams) => {
  const { endDate, questionType, startDate } = asked
  const items = world.cleanRoomQuestions
    .where((row) => row.cleanRoomId === room.id)
    .map((row) => RoomQuestions.toWire(world, row, room))
    .filter((item) => {
      const day = item.createdOn?.slice(0, 10) ?? ""
      return (startDate === undefined || startDate === "" || day >= startDate) &&
        (endDate === undefined || endDate === "" || day <= endDate) &&
        (questionType === undefined || item.questionType === questionType.toUpperCase())
    })
  return page(items, asked, { limit: 500 })
}

const remove = (world: World.Service, id: string) =>
  Effect.gen(function*() {
    const { row } = yield* Access.cleanRoomQuestion(world, id)
    yield* Access.allowed(world, row, "DELETE")
    Members.removeQuestion(world, row.id)
    return { success: true }
  })

/** A question that the API user may edit, in a clean room that has not ended. */
const editable = (world: World.Service, id: string) =>
  Effect.tap(
    Access.cleanRoomQuestion(world, id),
    ({ room, row }) => Effect.zipRight(Access.allowed(world, row, "EDIT"), Access.open(room))
  )

const scalable = ["Hybrid", "Snowflake", "LinkedIn", "HabuConfidentialComputing"]

const setCapacity = (world: World.Service, id: string, capacity: string | undefined) =>
  Effect.gen(function*() {
    const { room, row } = yield* editable(world, id)
    const allowed = scalable.includes(room.type) ? Assets.capacitiesOf(room.type).map(({ name }) => name) : []
    if (capacity === undefined || !allowed.includes(capacity)) {
      return yield* Effect.fail(
        badRequest(
          `A ${room.type} clean room supports the compute capacities ${allowed.join(", ") || "of its cloud only"}`
        )
      )
    }
    world.cleanRoomQuestions.put({ ...row, computeCapacity: capacity })
    return { success: true }
  })

/** Every partner is an option; only what was shared has an id. */
const shares = (world: World.Service, row: Rows.CleanRoomQuestion): Api.CleanRoomQuestionResultShares =>
  world.partners.where((partner) => partner.cleanRoomId === row.cleanRoomId).map((partner) => {
    const share = row.shares.find(({ partnerId }) => partnerId === partner.organizationId)
    return given({ id: share?.id, PartnerID: partner.organizationId, PostRunQueryID: share?.queryId })
  })

const setShares = (
  world: World.Service,
  id: string,
  request: Api.UpsertCleanRoomQuestionResultSharesApiInput
) =>
  Effect.gen(function*() {
    const { row } = yield* editable(world, id)
    const options = shares(world, row).map((option) => option.PartnerID)
    const stranger = request.find(({ PartnerID }) => !options.includes(PartnerID))
    if (stranger !== undefined) {
      return yield* Effect.fail(badRequest(`${stranger.PartnerID ?? ""} is no partner of the clean room`))
    }
    world.cleanRoomQuestions.put({
      ...row,
      shares: request.map(({ PartnerID = "", PostRunQueryID }) => ({
        id: world.ids.uuid("share"),
        partnerId: PartnerID,
        queryId: PostRunQueryID ?? world.ids.uuid("postRunQuery")
      }))
    })
    return { success: true }
  })

const segment = (world: World.Service, id: string, request: Api.SegmentationRequest, isUpdate: boolean) =>
  Effect.gen(function*() {
    const { row } = yield* editable(world, id)
    if (RoomQuestions.typeOf(QuestionState.details(world, row)) !== "LIST") {
      return yield* Effect.fail(badRequest("Segmentation is for user list questions only"))
    }
    if (isUpdate && row.segmentation === undefined) return yield* Effect.fail(notFound("Segmentation of", id))
    if (!isUpdate && row.segmentation !== undefined) {
      return yield* Effect.fail(badRequest("Segmentation is enabled already"))
    }
    const assetId = row.segmentation?.assetId ?? world.ids.uuid("asset")
    const segmentation = { assetId, name: request.assetDisplayName, rampId: request.rampID }
    world.cleanRoomQuestions.put({ ...row, segmentation })
    return { assetId, success: true }
  })

const setPermissions = (
  world: World.Service,
  id: string,
  changes: Api.UpdateCleanRoomQuestionPermissionsRequest
) =>
  Effect.gen(function*() {
    const { row } = yield* editable(world, id)
    const permissions = changes.reduce((current, { access, permission }) => {
      if (permission === undefined || access === undefined) return current
      const known = current.find((item) => item.permission === permission)
      return known === undefined
        ? [...current, { id: world.ids.uuid("permission"), permission, access }]
        : current.map((item) => item === known ? { ...known, access } : item)
    }, row.permissions)
    return world.cleanRoomQuestions.put({ ...row, permissions }).permissions
  })

const setOwnership = (world: World.Service, id: string, request: Api.AssignCleanroomQuestionDatasetRequest) =>
  Effect.gen(function*() {
    const { room, row } = yield* Access.cleanRoomQuestion(world, id)
    yield* Access.open(room)
    const ownerId = request.organizationId ?? ""
    if (!Members.stakeholders(world, room).some(({ organizationId }) => organizationId === ownerId)) {
      return yield* Effect.fail(badRequest(`${ownerId} takes no part in the clean room`))
    }
    if (!row.bindings.some(({ macro }) => macro === request.macro)) {
      return yield* Effect.fail(badRequest(`Question ${row.displayId} has no macro ${request.macro ?? ""}`))
    }
    const bindings = row.bindings.map((binding) =>
      binding.macro === request.macro && binding.ownerId !== ownerId
        ? { ...binding, ownerId, datasetId: undefined, columns: {}, assignedAt: undefined }
        : binding
    )
    return Bindings.list(world, world.cleanRoomQuestions.put({ ...row, bindings }), room)
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "CleanRoomQuestions",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle(
            "addCleanroomQuestion",
            ({ path, urlParams }) => add(world, path.cleanroomId, urlParams.questionId, urlParams.isEditable ?? true)
          )
          .handle("getAllCleanroomQuestions", ({ path, urlParams }) =>
            Effect.map(Access.cleanRoom(world, path.cleanroomId), (room) => list(world, room, urlParams)))
          .handle("getCleanroomQuestionById", ({ path }) =>
            Effect.map(Access.cleanRoomQuestion(world, path.cleanroomQuestionId), ({ room, row }) =>
              RoomQuestions.toWire(world, row, room)))
          .handle("deleteCleanroomQuestion", ({ path }) =>
            remove(world, path.cleanroomQuestionId))
          .handle("updateCleanroomQuestionComputeCapacity", ({ path, payload }) =>
            setCapacity(world, path.cleanroomQuestionId, payload.computeCapacity))
          .handle("getCleanroomQuestion", ({ path }) =>
            Effect.flatMap(Access.cleanRoom(world, path.cleanroomId), (room) => {
              const row = world.cleanRoomQuestions.find((row) =>
                row.cleanRoomId === room.id && row.questionId === path.questionId
              )
              return Effect.map(Access.found(row, "Question", path.questionId), ({ id }) => ({ id }))
            }))
          .handle("getCleanroomQuestionResultShares", ({ path }) =>
            Effect.map(Access.cleanRoomQuestion(world, path.cleanroomQuestionId), ({ row }) =>
              shares(world, row)))
          .handle("upsertCleanRoomQuestionResultShares", ({ path, payload }) =>
            setShares(world, path.cleanroomQuestionId, payload))
          .handle("getCleanroomQuestionTags", ({ path }) =>
            Effect.map(
              Access.cleanRoomQuestion(world, path.cleanroomQuestionId),
              ({ row }) =>
                QuestionState.details(world, row).tags ?? []
            ))
          .handle("getCleanroomQuestionParameters", ({ path }) =>
            Effect.map(Access.cleanRoomQuestion(world, path.cleanroomQuestionId), ({ row }) =>
              given({
                name: QuestionState.details(world, row).title,
                displayId: row.displayId,
                parameters: Parameters.list(world, row)
              })))
          .handle("enableCleanroomQuestionSegmentation", ({ path, payload }) =>
            segment(world, path.cleanroomQuestionId, payload, false))
          .handle("updateCleanroomQuestionSegmentation", ({ path, payload }) =>
            segment(world, path.cleanroomQuestionId, payload, true))
          .handle("configureCleanRoomQuestionPermissions", ({ path, urlParams }) =>
            setPermissions(world, path.cleanroomQuestionId, urlParams.cleanroomQuestionPermissions))
          .handle("getCleanroomQuestionPermissions", ({ path }) =>
            Effect.map(Access.cleanRoomQuestion(world, path.cleanroomQuestionId), ({ row }) =>
              row.permissions))
          .handle("getCleanroomQuestionDataTypeOptions", ({ path, urlParams }) =>
            Effect.map(Access.cleanRoomQuestion(world, path.cleanroomQuestionId), ({ room }) => [{
              dataTypeName: urlParams.dataType,
              datasetOptions: Datasets.ofType(world, room.id, urlParams.dataType).map(({ id, name }) => ({ id, name }))
            }]))
          .handle("assignCleanroomQuestionDatasetsOwnership", ({ path, urlParams }) =>
            setOwnership(world, path.cleanroomQuestionId, urlParams.AssignCleanroomQuestionDatasetRequests))
          .handle("configureCleanroomQuestionDatasets", ({ path, payload }) =>
            Effect.gen(function*() {
              const { room, row } = yield* Access.cleanRoomQuestion(world, path.cleanroomQuestionId)
              yield* Access.open(room)
              return Bindings.list(world, yield* Bindings.configure(world, row, room, payload), room)
            }))
          .handle("getAllCleanroomQuestionDatasets", ({ path }) =>
            Effect.map(Access.cleanRoomQuestion(world, path.cleanroomQuestionId), ({ room, row }) =>
              Bindings.list(world, row, room)))
      ))
)
