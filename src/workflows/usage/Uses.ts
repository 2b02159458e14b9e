/**
 * What of an organisation is used, how much, and how that changed.
 *
 * @since 0.1.0
 */
import type { CleanRoomDataset } from "../../habu/api/Datasets.js"
import type { GetCleanroomQuestionRunScheduleResponse as Schedule } from "../../habu/api/Schedules.js"
import * as Text from "../../habu/Text.js"
import type { SurveyedCleanRoom, SurveyedQuestion } from "../Survey.js"
import * as Findings from "../survey/Findings.js"
import * as Partners from "../survey/Partners.js"
import { isHeard, itemsOf } from "../survey/Parts.js"
import type { RunRecord } from "../survey/Records.js"
import * as Statistics from "../survey/Statistics.js"

/**
 * A window and the one before it, of the same length, in milliseconds since the epoch.
 *
 * @since 0.1.0
 * @category models
 */
export interface Windows {
  readonly now: number
  readonly during: Statistics.Window
  readonly before: Statistics.Window
}

/**
 * A question with its runs in both windows; `isKnown` tells whether Habu showed them.
 *
 * @since 0.1.0
 * @category models
 */
export interface QuestionUse {
  readonly room: SurveyedCleanRoom
  readonly question: SurveyedQuestion
  readonly isKnown: boolean
  readonly runs: ReadonlyArray<RunRecord>
  readonly before: ReadonlyArray<RunRecord>
  /** How long its runs ran, in minutes of Habu's. */
  readonly minutes: number
}

/**
 * How long runs ran together, in minutes of Habu's.
 *
 * @since 0.1.0
 * @category getters
 */
export const minutesOf = (runs: ReadonlyArray<RunRecord>): number =>
  Math.round(runs.reduce((total, { ran = 0 }) => total + ran, 0) / 60_000)

/**
 * The use of every question.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofQuestions = (
  rooms: ReadonlyArray<SurveyedCleanRoom>,
  { before, during }: Windows
): ReadonlyArray<QuestionUse> =>
  rooms.flatMap((room) =>
    room.questions.map((question) => {
      const all = itemsOf(question.runs)
      const runs = Statistics.within(all, during)
      return {
        room,
        question,
        isKnown: isHeard(question.runs),
        runs,
        before: Statistics.within(all, before),
        minutes: minutesOf(runs)
      }
    })
  )

/**
 * A dataset in a clean room, the questions that read it and their runs within the window. An estimate: which dataset a
 * run read is known by today's assignment only.
 *
 * @since 0.1.0
 * @category models
 */
export interface DatasetUse {
  readonly room: SurveyedCleanRoom
  readonly dataset: CleanRoomDataset
  readonly readers: ReadonlyArray<QuestionUse>
  readonly runs: number
  /** Whether it is known what reads it. */
  readonly isKnown: boolean
}

/**
 * The use of every dataset.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofDatasets = (
  rooms: ReadonlyArray<SurveyedCleanRoom>,
  questions: ReadonlyArray<QuestionUse>
): ReadonlyArray<DatasetUse> => {
  const readers = new Map<string, Array<QuestionUse>>()
  for (const use of questions) {
    for (const { datasetId } of itemsOf(use.question.macros)) {
      if (datasetId !== undefined) readers.set(datasetId, [...(readers.get(datasetId) ?? []), use])
    }
  }
  return rooms.flatMap((room) =>
    itemsOf(room.datasets).map((dataset) => {
      const reading = readers.get(dataset.id ?? "") ?? []
      return {
        room,
        dataset,
        readers: reading,
        runs: reading.reduce((total, { runs }) => total + runs.length, 0),
        isKnown: isHeard(room.list) && room.questions.every(({ macros }) => isHeard(macros))
      }
    })
  )
}

/**
 * An organisation as a partner, over all clean rooms: what it brought, and whether it is used.
 *
 * @since 0.1.0
 * @category models
 */
export interface PartnerUse {
  readonly name: string
  readonly cleanRooms: number
  readonly datasets: number | undefined
  readonly openMacros: number
  /** Runs that read its data, by today's assignments. */
  readonly runs: number
  readonly lastActivity: string | undefined
}

const later = (a: string | undefined, b: string | undefined) => a === undefined || (b !== undefined && b > a) ? b : a

/**
 * The use of what partners brought, the most used first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofPartners = (
  rooms: ReadonlyArray<SurveyedCleanRoom>,
  datasets: ReadonlyArray<DatasetUse>
): ReadonlyArray<PartnerUse> => {
  const found = new Map<string, PartnerUse>()
  for (const room of rooms) {
    for (const partner of Partners.joined(room)) {
      const key = Text.folded(partner.name)
      const known = found.get(key)
      found.set(key, {
        name: partner.name,
        cleanRooms: (known?.cleanRooms ?? 0) + 1,
        datasets: partner.datasets === undefined ? known?.datasets : (known?.datasets ?? 0) + partner.datasets,
        openMacros: (known?.openMacros ?? 0) + (partner.open_macros ?? 0),
        runs: known?.runs ?? datasets.filter(({ dataset }) => Text.folded(dataset.organizationName ?? "") === key)
          .reduce((total, { runs }) => total + runs, 0),
        lastActivity: later(known?.lastActivity, partner.last_activity)
      })
    }
  }
  return [...found.values()].sort((a, b) => b.runs - a.runs)
}

/**
 * A schedule that starts runs, with the question it starts.
 *
 * @since 0.1.0
 * @category models
 */
export interface ScheduleUse {
  readonly use: QuestionUse
  readonly schedule: Schedule
  /** Whether Habu refuses what it starts. */
  readonly isInVain: boolean
}

/**
 * The active schedules.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofSchedules = (questions: ReadonlyArray<QuestionUse>, now: number): ReadonlyArray<ScheduleUse> =>
  questions.flatMap((use) =>
    itemsOf(use.question.schedules).filter((schedule) => Findings.isActive(schedule, now)).map((schedule) => ({
      use,
      schedule,
      isInVain: use.room.isExpired || !use.question.isReady
    }))
  )
