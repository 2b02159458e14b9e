/**
 * How far-reaching a write is, and so who must agree to it.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * From the least to the most far-reaching.
 *
 * - `ordinary`: seen by the own organisation, and easily changed back.
 * - `outward`: reaches other people, such as an invitation's mail or the approval of a partner's destination.
 * - `privacy_lowering`: weakens a protection, such as the crowd size, or widens a permission.
 * - `destructive`: cannot be undone, such as deleting a clean room.
 * - `contractual`: binds the organisation, such as consent to RampID as a join key, or billing.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Grade = Schema.Literal("ordinary", "outward", "privacy_lowering", "destructive", "contractual")

export type Grade = typeof Grade.Type

/**
 * All grades, from the least to the most far-reaching.
 *
 * @since 0.1.0
 * @category constants
 */
export const all: ReadonlyArray<Grade> = Grade.literals

/**
 * The most far-reaching of several grades; ordinary where there are none.
 *
 * @since 0.1.0
 * @category getters
 */
export const highest = (grades: ReadonlyArray<Grade>): Grade =>
  all.findLast((grade) => grades.includes(grade)) ?? "ordinary"
