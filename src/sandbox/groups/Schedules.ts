/**
 * Schedules of runs.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Api from "../../habu/api/Schedules.js"
import * as Access from "../Access.js"
import { served } from "../Group.js"
import { badRequest } from "../Refusal.js"
import type * as Rows from "../Rows.js"
import { SandboxApi } from "../SandboxApi.js"
import * as Schedules from "../Schedules.js"
import { given, time } from "../Wire.js"
import * as World from "../World.js"

const parameterToWire = (parameter: Api.CleanroomQuestionRunScheduleParameter): Api.ScheduleQuestionParameters =>
  given({
    name: parameter.name,
    value: parameter.value,
    qualifier: parameter.dateQualifier,
    type: parameter.dataType,
    isStatic: parameter.dateType !== "RELATIVE",
    parameterType: parameter.parameterType
  })

const toWire = (row: Rows.Schedule): Effect.Effect<Api.GetCleanroomQuestionRunScheduleResponse> =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    const end = Schedules.endOf(row)
    return given({
      id: row.id,
      name: row.input.name,
      ownerId: row.createdBy,
      parameters: Object.fromEntries(
        (row.input.parameters ?? []).map((parameter) => [parameter.name ?? "", parameterToWire(parameter)])
      ),
      startDateTime: time(Schedules.startOf(row)),
      endDateTime: end === undefined ? undefined : time(end),
      active: end === undefined || now <= end,
      repeatFrequency: row.input.repeatFrequency,
      createdBy: row.createdBy,
      modifiedBy: row.createdBy,
      createdDate: time(row.createdAt),
      modifiedDate: time(row.updatedAt),
      daysOfWeek: row.input.daysOfWeek,
      repeatDayofMonth: row.input.repeatDayofMonth,
      displayId: row.displayId
    })
  })

const isTime = (text: string | undefined) => text === undefined || text === "" || !Number.isNaN(Date.parse(text))

const frequencies = ["DAILY", "WEEKLY", "MONTHLY"]

const fault = (input: Api.CreateCleanroomQuestionRunScheduleInput): string | undefined => {
  if ((input.name ?? "").trim() === "") return "name is required"
  if (!frequencies.includes(input.repeatFrequency ?? "")) return "repeatFrequency must be DAILY, WEEKLY or MONTHLY"
  if (!isTime(input.startSchedule)) return "startSchedule must be a date or a time, like 2026-01-31T06:00:00Z"
  if (!isTime(input.endSchedule)) return "endSchedule must be a date or a time, like 2026-12-31T06:00:00Z"
  const days = input.repeatDayofMonth ?? []
  return days.every((day) => day >= 1 && day <= 31) ? undefined : "repeatDayofMonth must hold days from 1 to 31"
}

const editable = (world: World.Service, questionId: string) =>
  Effect.gen(function*() {
    const { room, row } = yield* Access.cleanRoomQuestion(world, questionId)
    yield* Access.allowed(world, row, "RUN")
    yield* Access.open(room)
    return row
  })

const create = (world: World.Service, questionId: string, input: Api.CreateCleanroomQuestionRunScheduleInput) =>
  Effect.gen(function*() {
    const question = yield* editable(world, questionId)
    const wrong = fault(input)
    if (wrong !== undefined) return yield* Effect.fail(badRequest(wrong))
    const now = yield* Clock.currentTimeMillis
    const { id } = world.schedules.put({
      id: world.ids.uuid("schedule"),
      displayId: world.ids.displayId("CRQS"),
      cleanRoomQuestionId: question.id,
      input,
      createdBy: world.apiUserId,
      createdAt: now,
      updatedAt: now,
      firedUntil: now
    })
    return { id }
  })

interface SchedulePath {
  readonly cleanroomQuestionId: string
  readonly cleanroomQuestionRunScheduleId: string
}

const scheduleOf = (world: World.Service, path: SchedulePath) =>
  Effect.flatMap(Access.cleanRoomQuestion(world, path.cleanroomQuestionId), ({ row }) => {
    const schedule = world.schedules.get(path.cleanroomQuestionRunScheduleId)
    return Access.found(
      schedule?.cleanRoomQuestionId === row.id ? schedule : undefined,
      "Schedule",
      path.cleanroomQuestionRunScheduleId
    )
  })

/** What the request leaves out stays. */
const patch = (world: World.Service, path: SchedulePath, changes: Api.CreateCleanroomQuestionRunScheduleInput) =>
  Effect.gen(function*() {
    const schedule = yield* scheduleOf(world, path)
    yield* editable(world, path.cleanroomQuestionId)
    const input = { ...schedule.input, ...changes }
    const wrong = fault(input)
    if (wrong !== undefined) return yield* Effect.fail(badRequest(wrong))
    const now = yield* Clock.currentTimeMillis
    const { id } = world.schedules.put({ ...schedule, input, updatedAt: now, firedUntil: now })
    return { id }
  })

/**
 * Serves the group.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Schedules",
  (handlers) =>
    Effect.map(World.World, (world) =>
      served(
        handlers
          .handle("getCleanroomQuestionRunScheduleById", ({ path }) => Effect.flatMap(scheduleOf(world, path), toWire))
          .handle("deleteCleanroomQuestionRunScheduleById", ({ path }) =>
            Effect.gen(function*() {
              const schedule = yield* scheduleOf(world, path)
              return { success: world.schedules.remove(schedule.id) }
            }))
          .handle("patchCleanroomQuestionRunScheduleById", ({ path, payload }) => patch(world, path, payload))
          .handle(
            "getCleanroomQuestionRunSchedules",
            ({ path }) =>
              Effect.flatMap(Access.cleanRoomQuestion(world, path.cleanroomQuestionId), ({ row }) =>
                Effect.forEach(
                  world.schedules.where((item) => item.cleanRoomQuestionId === row.id),
                  toWire
                ))
          )
          .handle(
            "createCleanroomQuestionRunSchedule",
            ({ path, payload }) => create(world, path.cleanroomQuestionId, payload)
          )
      ))
)
