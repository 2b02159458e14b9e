/**
 * A run as we tell of it: Habu's status beside a closed set, and how long it has taken and may take yet.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import type { FlowRunMetadata } from "../habu/api/FlowRuns.js"
import type { QuestionRunMetadata } from "../habu/api/QuestionRuns.js"
import * as Text from "../habu/Text.js"

/**
 * A run as Habu tells of it, of a question or of a flow.
 *
 * @since 0.1.0
 * @category models
 */
export interface Metadata extends QuestionRunMetadata, Pick<FlowRunMetadata, "flowRunParameters"> {}

/**
 * What a run's status means. Habu's own word stands beside it, since Habu may add words. Only runs of flows are paused.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Phase = Schema.Literal("queued", "running", "paused", "completed", "failed", "unknown")

export type Phase = typeof Phase.Type

const phases: { readonly [status: string]: Phase } = {
  QUEUED: "queued",
  PENDING_RETRY: "queued",
  PARTNER_QUEUED: "queued",
  RUNNING: "running",
  PARTNER_RUNNING: "running",
  // The partner's side is done, Habu's own work on the results may follow.
  PARTNER_COMPLETED: "running",
  PAUSED: "paused",
  COMPLETED: "completed",
  FAILED: "failed",
  PARTNER_FAILED: "failed",
  ERROR: "failed"
}

/**
 * Reads Habu's status word.
 *
 * @since 0.1.0
 * @category getters
 */
export const phaseOf = (status: string | undefined): Phase => phases[status?.trim().toUpperCase() ?? ""] ?? "unknown"

/**
 * Whether nothing will change any more.
 *
 * @since 0.1.0
 * @category guards
 */
export const isOver = (phase: Phase): boolean => phase === "completed" || phase === "failed"

/**
 * Whether nothing changes by itself any more: a paused run waits for someone.
 *
 * @since 0.1.0
 * @category guards
 */
export const isStill = (phase: Phase): boolean => isOver(phase) || phase === "paused"

/**
 * What is known of a run at a moment.
 *
 * @since 0.1.0
 * @category models
 */
export interface Known {
  readonly runId: string
  readonly phase: Phase
  /** Habu's word, cleaned. */
  readonly status: string
  /** When Habu said so, in milliseconds since the epoch. */
  readonly observedAt: number
  readonly run: Metadata
}

/**
 * Reads a run from Habu's answer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromHabu = (runId: string, run: Metadata, observedAt: number): Known => ({
  runId,
  phase: phaseOf(run.status),
  status: Text.clean(run.status ?? "UNKNOWN", 50),
  observedAt,
  run
})

/**
 * How long a run took on Habu's clock, in milliseconds, from handing it in to its end.
 *
 * @since 0.1.0
 * @category getters
 */
export const durationOf = (run: Metadata): number | undefined => {
  const millis = Date.parse(run.completedAt ?? "") - Date.parse(run.submittedAt ?? "")
  return Number.isFinite(millis) && millis >= 0 ? millis : undefined
}
