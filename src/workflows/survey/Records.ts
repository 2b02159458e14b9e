/**
 * What a survey keeps of what Habu tells: small enough for every run of a large organisation.
 *
 * @since 0.1.0
 */
import type { CleanRoomQuestionDataset } from "../../habu/api/CleanRoomQuestions.js"
import type { QuestionRunMetadata } from "../../habu/api/QuestionRuns.js"
import * as Run from "../../runs/Run.js"
import * as Preflight from "../question/Preflight.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * A run. Times are in milliseconds of Habu's, undefined where Habu gave none.
 *
 * @since 0.1.0
 * @category models
 */
export interface RunRecord {
  readonly id?: string
  readonly phase: Run.Phase
  readonly submittedAt?: number
  /** From handing it in to its start. */
  readonly queued?: number
  /** From its start to its end. */
  readonly ran?: number
  readonly completedAt?: number
  /** Why it failed, in Habu's words. */
  readonly cause?: string
  readonly retryable?: boolean
  /** Equal for runs with equal values. */
  readonly values: string
  /** Whether any partition value was given. */
  readonly partitioned: boolean
}

/**
 * A moment of Habu's in milliseconds since the epoch.
 *
 * @since 0.1.0
 * @category getters
 */
export const millisOf = (moment: string | undefined): number | undefined => {
  const millis = Date.parse(Words.moment(moment) ?? "")
  return Number.isFinite(millis) ? millis : undefined
}

const between = (from: number | undefined, to: number | undefined) =>
  from === undefined || to === undefined || to < from ? undefined : to - from

const partitionName = /\.date_(start|end)$/

/**
 * Keeps what matters of a run.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofRun = (run: QuestionRunMetadata): RunRecord => {
  const phase = Run.phaseOf(run.status)
  const submittedAt = millisOf(run.submittedAt)
  const executedAt = millisOf(run.executedAt)
  const completedAt = millisOf(run.completedAt)
  const values = Object.entries(run.parameters ?? {})
  return Workflow.compact({
    id: run.id,
    phase,
    submittedAt,
    completedAt,
    queued: between(submittedAt, executedAt),
    ran: between(executedAt, completedAt),
    cause: phase === "failed" ? Words.said(run.failureReason) ?? Words.said(run.runMessage) : undefined,
    retryable: phase === "failed" ? run.isRetryable : undefined,
    values: JSON.stringify(values.sort(([a], [b]) => a < b ? -1 : 1)),
    partitioned: (run.partitionParameters ?? []).length > 0 || values.some(([name]) => partitionName.test(name))
  })
}

/**
 * A macro of a question: whose dataset it reads, or who has yet to assign one.
 *
 * @since 0.1.0
 * @category models
 */
export interface MacroRecord {
  readonly macro: string
  readonly assigned: boolean
  readonly datasetId?: string
  readonly dataset?: string
  readonly organizationId?: string
  readonly organization?: string
  /** Who must assign it, in words. */
  readonly whose: string
  readonly assignedAt?: number
}

/**
 * Keeps what matters of a macro.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ofMacro = (dataset: CleanRoomQuestionDataset): MacroRecord =>
  Workflow.compact({
    macro: Words.said(dataset.macro, 50) ?? "?",
    assigned: Preflight.isAssigned(dataset),
    datasetId: dataset.datasetId,
    dataset: Words.said(dataset.datasetName, 80),
    organizationId: dataset.organizationId,
    organization: Words.said(dataset.organizationName, 60),
    whose: Preflight.whoseTurn(dataset),
    assignedAt: millisOf(dataset.assignedAt)
  })
