/**
 * Schedules with the question and the clean room that they belong to, and how often the data of the question changes.
 *
 * @since 0.1.0
 */
import type { CleanRoomQuestion } from "../../habu/api/CleanRoomQuestions.js"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import type { CleanRoomDataset } from "../../habu/api/Datasets.js"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../../habu/api/Schedules.js"
import type { Snapshot } from "../Survey.js"
import * as Survey from "../Survey.js"
import { itemsOf } from "../survey/Parts.js"
import type { RunRecord } from "../survey/Records.js"

/**
 * A schedule in its place. `ran` is the usual time of a run of its question in milliseconds, where runs completed.
 *
 * @since 0.1.0
 * @category models
 */
export interface PlacedSchedule {
  readonly schedule: Schedule
  readonly question: CleanRoomQuestion
  readonly cleanRoom: CleanRoom
  readonly isReady: boolean
  readonly isExpired: boolean
  readonly ran: number | undefined
  /** How many days lie between two changes of the question's data, by the connections that say so. */
  readonly dataDays: number | undefined
}

const frequencies: ReadonlyArray<readonly [RegExp, number]> = [
  [/^(hourly|daily|day)$/i, 1],
  [/^(weekly|week)$/i, 7],
  [/^(monthly|month)$/i, 30]
]

const daysOf = (connection: DataConnectionResponse | undefined): number | undefined => {
  const said = connection?.dataSourceConfiguration?.find(({ name }) => /frequency/i.test(name ?? ""))?.value?.trim()
  return said === undefined ? undefined : frequencies.find(([pattern]) => pattern.test(said))?.[1]
}

/**
 * How often data changes that is assigned from `datasets`, in days: as often as the one that changes most often. Only
 * data connections of the own organisation tell.
 *
 * @since 0.1.0
 * @category getters
 */
export const dataDays = (
  assigned: ReadonlyArray<string>,
  datasets: ReadonlyArray<CleanRoomDataset>,
  connections: ReadonlyArray<DataConnectionResponse>
): number | undefined => {
  const known = assigned.flatMap((id) => {
    const dataset = datasets.find((one) => one.id === id)
    return daysOf(connections.find((one) => one.id === dataset?.dataConnectionId)) ?? []
  })
  return known.length === 0 || known.length < assigned.length ? undefined : Math.min(...known)
}

const median = (values: ReadonlyArray<number>) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

/**
 * The usual time of a run in milliseconds: the median of those that tell theirs.
 *
 * @since 0.1.0
 * @category getters
 */
export const usualTime = (runs: ReadonlyArray<RunRecord>): number | undefined =>
  median(runs.flatMap(({ queued = 0, ran }) => ran === undefined ? [] : [queued + ran]))

/**
 * All schedules of a survey.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = ({ cleanRooms, connections }: Snapshot): ReadonlyArray<PlacedSchedule> =>
  cleanRooms.flatMap(({ cleanRoom, datasets, isExpired, questions }) =>
    questions.flatMap(({ macros, question, runs, schedules }) =>
      itemsOf(schedules).map((schedule) => ({
        schedule,
        question,
        cleanRoom,
        isExpired,
        isReady: Survey.isReady(question),
        ran: usualTime(itemsOf(runs)),
        dataDays: dataDays(
          itemsOf(macros).flatMap(({ datasetId }) => datasetId ?? []),
          itemsOf(datasets),
          itemsOf(connections)
        )
      }))
    )
  )
