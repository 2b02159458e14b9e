/**
 * The seeded schedules: several start in the same hour, one in a clean room that has ended, one on a question that is
 * not READY, and one runs daily on data that arrives weekly.
 *
 * @since 0.1.0
 */
import type { RepeatFrequency } from "../../habu/api/Schedules.js"
import * as Ids from "../Ids.js"
import { date } from "../Wire.js"
import type * as World from "../World.js"
import * as Questions from "./Questions.js"

interface Spec {
  readonly question: string
  readonly name: string
  readonly repeats: RepeatFrequency
}

const specs: ReadonlyArray<Spec> = [
  { question: "sales-store-id", name: "Stores every morning", repeats: "DAILY" },
  { question: "sales-brand", name: "Brands every morning", repeats: "DAILY" },
  { question: "agency-reach", name: "Channels on Mondays", repeats: "WEEKLY" },
  { question: "weekly", name: "Weekly sales, every day", repeats: "DAILY" },
  { question: "agency-segments", name: "Segments every morning", repeats: "DAILY" },
  { question: "spring-sales", name: "Launch sales every morning", repeats: "DAILY" }
]

/**
 * A seeded schedule's id, by its question.
 *
 * @since 0.1.0
 * @category getters
 */
export const idOf = (world: World.Service, question: string): string => Ids.uuid(world.seed, `schedule/${question}`)

/**
 * Plants schedules. What they started before now is part of the history.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, now: number): void => {
  const createdAt = now - 20 * 86_400_000
  for (const spec of specs) {
    world.schedules.put({
      id: idOf(world, spec.question),
      displayId: world.ids.displayId("CRQS"),
      cleanRoomQuestionId: Questions.idOf(world, spec.question),
      input: {
        name: spec.name,
        repeatFrequency: spec.repeats,
        startSchedule: `${date(createdAt)}T06:00:00Z`,
        ...(spec.repeats === "WEEKLY" ? { daysOfWeek: ["MON" as const] } : {})
      },
      createdBy: world.apiUserId,
      createdAt,
      updatedAt: createdAt,
      firedUntil: now
    })
  }
}
