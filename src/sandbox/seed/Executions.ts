/**
 * The seeded template of executions, and one execution of it that went half wrong.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Ids from "../Ids.js"
import * as QuestionState from "../QuestionState.js"
import type * as Rows from "../Rows.js"
import * as Runs from "../Runs.js"
import { date } from "../Wire.js"
import type * as World from "../World.js"
import * as CleanRooms from "./CleanRooms.js"
import * as Questions from "./Questions.js"

/**
 * The seeded template's id; Habu has no operation that lists templates.
 *
 * @since 0.1.0
 * @category getters
 */
export const templateId = (world: World.Service): string => Ids.uuid(world.seed, "executionTemplate/measurement")

/**
 * The id of the seeded execution. Its attribution lacks the click window, and failed.
 *
 * @since 0.1.0
 * @category getters
 */
export const executionId = (world: World.Service): string => Ids.uuid(world.seed, "execution/measurement")

const models = { overlap: "overlap", attribution: "attribution" }

const day = 86_400_000

const parametersOf = (world: World.Service, question: Rows.CleanRoomQuestion, at: number) =>
  Object.fromEntries(
    QuestionState.partitionParameters(world, question).map(({ name }) => [
      name,
      date(at - (name.endsWith("date_start") ? 60 : 1) * day)
    ])
  )

const plantTemplate = (world: World.Service) =>
  world.executionTemplates.put({
    id: templateId(world),
    cleanRoomId: CleanRooms.idOf(world, "summer"),
    name: "Campaign Measurement",
    codeVersions: ["1.3.0", "1.4.0"],
    models: Object.fromEntries(Object.entries(models).map(([model, key]) => [model, Questions.idOf(world, key)]))
  })

const plantRun = (
  world: World.Service,
  room: Rows.CleanRoom,
  [model, questionId]: readonly [string, string],
  at: number
) =>
  Effect.gen(function*() {
    const id = Ids.uuid(world.seed, `run/execution/${model}`)
    const question = world.cleanRoomQuestions.get(questionId)
    if (question !== undefined) {
      yield* Runs.submit(world, question, room, {
        id,
        name: `Campaign Measurement: ${model}`,
        parameters: parametersOf(world, question, at),
        submittedAt: at
      })
    }
    return [model, id] as const
  })

/**
 * Plants the template and its execution.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, now: number): Effect.Effect<void> =>
  Effect.gen(function*() {
    const template = plantTemplate(world)
    const room = world.cleanRooms.get(template.cleanRoomId)
    if (room === undefined) return
    const createdAt = now - 8 * day
    const runs = yield* Effect.forEach(
      Object.entries(template.models),
      (model) => plantRun(world, room, model, createdAt)
    )
    world.executions.put({
      id: executionId(world),
      cleanRoomId: room.id,
      templateId: template.id,
      name: "Campaign Measurement, winter",
      codeVersion: "1.3.0",
      outputType: undefined,
      runs: Object.fromEntries(runs),
      createdAt,
      cancelledAt: undefined
    })
  })
