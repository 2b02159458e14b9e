/**
 * Where an organisation may save, by what can be seen: Habu tells no records queried and no prices.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import * as Calls from "../survey/Calls.js"
import type { RunRecord } from "../survey/Records.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import { type DatasetUse, minutesOf, type QuestionUse, type ScheduleUse } from "./Uses.js"

/**
 * A quantity and how it came about: counted from what Habu tells, or worked out with an assumption that is named.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Quantity = Schema.Struct({
  amount: Schema.Number,
  unit: Schema.String,
  kind: Schema.Literal("measured", "estimated"),
  basis: Schema.String
})

/**
 * A lever, what it is pulled on, and how far it would move things.
 *
 * @since 0.1.0
 * @category schemas
 */
export const CostInsight = Schema.Struct({
  lever: Schema.String,
  what: Schema.String,
  quantities: Schema.Array(Quantity),
  examples: Workflow.maybe(Schema.Array(Schema.String)),
  call: Workflow.maybe(Workflow.NextStep)
})

export interface CostInsight extends Schema.Schema.Type<typeof CostInsight> {}

/**
 * What insights are drawn from.
 *
 * @since 0.1.0
 * @category models
 */
export interface Seen {
  readonly questions: ReadonlyArray<QuestionUse>
  readonly datasets: ReadonlyArray<DatasetUse>
  readonly schedules: ReadonlyArray<ScheduleUse>
  readonly connections: ReadonlyArray<DataConnectionResponse>
}

const measured = (amount: number, unit: string, basis: string): typeof Quantity.Type => ({
  amount,
  unit,
  kind: "measured",
  basis
})

const estimated = (amount: number, unit: string, basis: string): typeof Quantity.Type => ({
  amount,
  unit,
  kind: "estimated",
  basis
})

const week = 7 * 86_400_000

const examplesOf = (uses: ReadonlyArray<QuestionUse>) =>
  uses.slice(0, 3).map(({ question }) => Words.title(question.question))

// A completed run whose values are those of one that completed less than a week before it.
const repeated = (runs: ReadonlyArray<RunRecord>) => {
  const completed = runs.filter(({ phase, submittedAt }) => phase === "completed" && submittedAt !== undefined)
    .sort((a, b) => (a.submittedAt ?? 0) - (b.submittedAt ?? 0))
  return completed.filter((run, index) =>
    completed.slice(0, index).some((earlier) =>
      earlier.values === run.values && (run.submittedAt ?? 0) - (earlier.submittedAt ?? 0) < week
    )
  )
}

const repeats = ({ questions }: Seen): ReadonlyArray<CostInsight> => {
  const found = questions.map((use) => ({ use, runs: repeated(use.runs) })).filter(({ runs }) => runs.length > 0)
    .sort((a, b) => b.runs.length - a.runs.length)
  const runs = found.flatMap(({ runs }) => runs)
  const [first] = found
  return first === undefined ? [] : [{
    lever: "Read earlier results instead of running again",
    what: "Runs that repeat one with equal values that completed less than 7 days before.",
    quantities: [
      measured(runs.length, "runs", "values and times of the runs"),
      estimated(minutesOf(runs), "minutes of running", "what those runs took, if none had been needed")
    ],
    examples: examplesOf(found.map(({ use }) => use)),
    call: Calls.seeRuns(first.use.question.question)
  }]
}

const failures = ({ questions }: Seen): ReadonlyArray<CostInsight> => {
  const found = questions.map((use) => ({ use, runs: use.runs.filter(({ phase }) => phase === "failed") }))
    .filter(({ runs }) => runs.length > 0).sort((a, b) => b.runs.length - a.runs.length)
  const runs = found.flatMap(({ runs }) => runs)
  const [first] = found
  return first === undefined ? [] : [{
    lever: "Mend what fails before it runs again",
    what: "Runs that failed, and the time they ran.",
    quantities: [
      measured(runs.length, "runs", "their status"),
      measured(minutesOf(runs), "minutes of running", "their start and end")
    ],
    examples: examplesOf(found.map(({ use }) => use)),
    call: Calls.diagnose(first.use.question.question)
  }]
}

const partitionsOf = ({ dataset }: DatasetUse) =>
  (dataset.partitionParameters?.partitionGroups ?? []).flatMap(({ partitionFields = [] }) => partitionFields)

const unpartitioned = ({ datasets }: Seen): ReadonlyArray<CostInsight> => {
  const found = datasets.filter((use) => use.runs > 0 && partitionsOf(use).length === 0)
    .sort((a, b) => b.runs - a.runs)
  const [first] = found
  return first === undefined ? [] : [{
    lever: "Partition data and narrow it by date",
    what: "Datasets without partition columns: every run reads them whole.",
    quantities: [
      measured(found.length, "datasets", "their partition fields"),
      estimated(
        found.reduce((total, { runs }) => total + runs, 0),
        "reads of a whole dataset",
        "runs of the questions they are assigned to today"
      )
    ],
    examples: found.slice(0, 3).map(({ dataset, runs }) => `${Words.title(dataset)}: ${Words.count(runs, "run")}`),
    call: Calls.seeDatasets(first.room.cleanRoom)
  }]
}

const unfiltered = ({ datasets }: Seen): ReadonlyArray<CostInsight> => {
  const found = datasets.filter(({ dataset, runs }) => runs > 0 && (dataset.datasetFilters ?? []).length === 0)
  const [first] = found
  return first === undefined ? [] : [{
    lever: "Let only the rows that are needed into a clean room",
    what: "Datasets in use without a row filter. Records are counted by row, so leaving out columns may not save.",
    quantities: [measured(found.length, "datasets", "their row filters")],
    examples: found.slice(0, 3).map(({ dataset }) => Words.title(dataset)),
    call: Calls.seeDatasets(first.room.cleanRoom)
  }]
}

const rhythms: ReadonlyArray<readonly [pattern: RegExp, days: number]> = [
  [/month/i, 30],
  [/week/i, 7],
  [/da(y|ily)/i, 1]
]

const daysBetween = (text: string | undefined) => rhythms.find(([pattern]) => pattern.test(text ?? ""))?.[1]

// How often a data connection brings data, where its configuration says so.
const refreshOf = ({ dataSourceConfiguration = [] }: DataConnectionResponse) =>
  daysBetween(dataSourceConfiguration.find(({ name }) => /frequency/i.test(name ?? ""))?.value)

const often = (seen: Seen): ReadonlyArray<CostInsight> => {
  const refreshes = new Map(seen.connections.map((connection) => [connection.id, refreshOf(connection)]))
  const found = seen.schedules.flatMap(({ isInVain, schedule, use }) => {
    const every = daysBetween(schedule.repeatFrequency)
    const refreshed = seen.datasets.filter(({ readers }) => readers.includes(use))
      .map(({ dataset }) => refreshes.get(dataset.dataConnectionId))
    // The freshest of what a question reads decides; one of unknown rhythm may be the freshest.
    const known = refreshed.filter((days) => days !== undefined)
    if (isInVain || every === undefined || known.length === 0 || known.length < refreshed.length) return []
    const least = Math.min(...known)
    return every < least ? [{ use, schedule, every, least }] : []
  })
  const [first] = found
  return first === undefined ? [] : [{
    lever: "Run as often as the data change",
    what: "Schedules that run more often than any data they read is refreshed.",
    quantities: [
      measured(found.length, "schedules", "their frequency and that of the data connections"),
      estimated(
        Math.round(found.reduce((total, { every, least }) => total + 30 / every - 30 / least, 0)),
        "runs in 30 days",
        "the difference between the two frequencies"
      )
    ],
    examples: found.slice(0, 3).map(({ schedule, use }) =>
      `${Words.title(schedule)} of ${Words.title(use.question.question)}`
    ),
    call: Calls.optimiseSchedules
  }]
}

const inVain = ({ schedules }: Seen): ReadonlyArray<CostInsight> => {
  const found = schedules.filter(({ isInVain }) => isInVain)
  const [first] = found
  return first === undefined ? [] : [{
    lever: "End schedules that start nothing",
    what: "Active schedules in clean rooms that have ended, or of questions that are not READY.",
    quantities: [measured(found.length, "schedules", "their end, the clean room's, and the question's status")],
    examples: found.slice(0, 3).map(({ schedule, use }) =>
      `${Words.title(schedule)} of ${Words.title(use.question.question)}`
    ),
    call: Calls.endSchedule(first.schedule, first.use.question.question)
  }]
}

/**
 * What the levers of a cost adviser find here. Compute capacity, scanned records and segment destinations are not among
 * them: what Habu's API tells of them does not allow it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = (seen: Seen): ReadonlyArray<CostInsight> =>
  [repeats, failures, unpartitioned, unfiltered, often, inVain].flatMap((look) => look(seen))
