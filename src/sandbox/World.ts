/**
 * The organisation's world: everything Habu would keep, in memory.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type { Engine } from "./Engine.js"
import * as Ids from "./Ids.js"
import * as Limits from "./Limits.js"
import type * as Rows from "./Rows.js"
import * as Table from "./Table.js"

/**
 * Tables, counters and limits of one sandbox.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  readonly seed: number
  readonly strictContract: boolean
  readonly ids: Ids.Ids
  readonly limits: Limits.Limits
  readonly engine: Engine
  /** The API user's organisation. */
  readonly organizationId: string
  /** The API user, as a person of that organisation. */
  readonly apiUserId: string
  readonly organizations: Table.Table<Rows.Organization>
  readonly people: Table.Table<Rows.Person>
  readonly cleanRooms: Table.Table<Rows.CleanRoom>
  readonly partners: Table.Table<Rows.CleanRoomPartner>
  readonly roles: Table.Table<Rows.CleanRoomRole>
  readonly cleanRoomUsers: Table.Table<Rows.CleanRoomUser>
  readonly invitations: Table.Table<Rows.Invitation>
  readonly dataConnections: Table.Table<Rows.DataConnection>
  readonly datasets: Table.Table<Rows.Dataset>
  readonly questions: Table.Table<Rows.Question>
  readonly cleanRoomQuestions: Table.Table<Rows.CleanRoomQuestion>
  readonly runs: Table.Table<Rows.Run>
  readonly schedules: Table.Table<Rows.Schedule>
  readonly credentials: Table.Table<Rows.Credential>
  readonly views: Table.Table<Rows.View>
  readonly flows: Table.Table<Rows.Flow>
  readonly flowRuns: Table.Table<Rows.FlowRun>
  readonly destinations: Table.Table<Rows.Destination>
  readonly provisions: Table.Table<Rows.Provision>
  readonly exportJobs: Table.Table<Rows.ExportJob>
  readonly exportRuns: Table.Table<Rows.ExportRun>
  readonly executionTemplates: Table.Table<Rows.ExecutionTemplate>
  readonly executions: Table.Table<Rows.Execution>
  readonly billableConfigs: Table.Table<Rows.BillableConfig>
}

/**
 * The world that all handlers share.
 *
 * @since 0.1.0
 * @category tags
 */
export class World extends Context.Tag("habu-mcp/sandbox/World")<World, Service>() {}

/**
 * Makes an empty world.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  options: { readonly seed: number; readonly strictContract: boolean; readonly engine: Engine }
): Service => ({
  ...options,
  ids: Ids.make(options.seed),
  limits: Limits.make(),
  organizationId: Ids.uuid(options.seed, "organization/retailer"),
  apiUserId: Ids.key(options.seed, "client-id", 32),
  organizations: Table.make(),
  people: Table.make(),
  cleanRooms: Table.make(),
  partners: Table.make(),
  roles: Table.make(),
  cleanRoomUsers: Table.make(),
  invitations: Table.make(),
  dataConnections: Table.make(),
  datasets: Table.make(),
  questions: Table.make(),
  cleanRoomQuestions: Table.make(),
  runs: Table.make(),
  schedules: Table.make(),
  views: Table.make(),
  flows: Table.make(),
  flowRuns: Table.make(),
  credentials: Table.make(),
  destinations: Table.make(),
  provisions: Table.make(),
  exportJobs: Table.make(),
  exportRuns: Table.make(),
  executionTemplates: Table.make(),
  executions: Table.make(),
  billableConfigs: Table.make()
})
