/**
 * What is looked for, as the files of each kind see it.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"

/**
 * What can be looked for.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Kind = Schema.Literal(
  "clean_rooms",
  "questions",
  "runs",
  "flows",
  "flow_runs",
  "datasets",
  "partners",
  "users",
  "invitations",
  "data_connections",
  "credentials",
  "destinations",
  "exports",
  "schedules"
)

export type Kind = typeof Kind.Type

/**
 * What one of a kind is called.
 *
 * @since 0.1.0
 * @category constants
 */
export const nouns: { readonly [kind in Kind]: string } = {
  clean_rooms: "clean room",
  questions: "question",
  runs: "run",
  flows: "flow",
  flow_runs: "flow run",
  datasets: "dataset",
  partners: "partner",
  users: "user",
  invitations: "invitation",
  credentials: "credential",
  destinations: "destination",
  data_connections: "data connection",
  exports: "export",
  schedules: "schedule"
}

/**
 * How many are shown unless a limit is given.
 *
 * @since 0.1.0
 * @category constants
 */
export const usualLimit = 25

/**
 * The highest limit that may be given.
 *
 * @since 0.1.0
 * @category constants
 */
export const mostLimit = 200

/**
 * What a caller asks for; a blank text counts as nothing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Asked {
  readonly kind: Kind
  readonly clean_room?: string
  readonly question?: string
  readonly flow?: string
  readonly name?: string
  readonly status?: string
  readonly limit?: number
}
