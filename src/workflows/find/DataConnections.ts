/**
 * Finding the organisation's data connections, and telling how far each of them is.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { DataConnectionResponse } from "../../habu/api/DataConnections.js"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose, present, word } from "./Chosen.js"
import { gather } from "./Gathered.js"

/**
 * A data connection in the list, with what its state means.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  source: Workflow.maybe(Schema.String),
  data_type: Workflow.maybe(Schema.String),
  category: Workflow.maybe(Schema.String),
  state: Workflow.maybe(Schema.String),
  activity: Workflow.maybe(Schema.String),
  meaning: Schema.String,
  next: Workflow.maybe(Schema.String)
})

/**
 * How far a data connection is, whatever Habu calls it.
 *
 * @since 0.1.0
 * @category models
 */
export type Progress = "draft" | "verifying" | "failed" | "waiting" | "mapping" | "complete" | "unknown"

interface Condition {
  readonly progress: Progress
  readonly meaning: string
  readonly next?: string
}

const complete: Condition = {
  progress: "complete",
  meaning: "Checked and mapped: it can become a dataset in clean rooms."
}

const failed: Condition = {
  progress: "failed",
  meaning: "Habu could not sign in to the source or read it.",
  next: "Read the reason in Habu's UI, mend it, then retry this connection; do not make a second one."
}

const waiting: Condition = {
  progress: "waiting",
  meaning: "Habu is checking the access, or waits for a valid file.",
  next: "Wait 5 minutes; if it stays, put a valid sample file or schema in place, then retry this connection."
}

// Habu's UI and API spell these differently, and the API does not list its spellings.
const conditions: { readonly [word: string]: Condition } = {
  draft: { progress: "draft", meaning: "Begun, not fully configured.", next: "Finish its configuration." },
  verifyingaccess: {
    progress: "verifying",
    meaning: "Habu is checking the access.",
    next: "Wait; it rarely takes more than 5 minutes."
  },
  configurationfailed: failed,
  failed,
  mappingrequired: {
    progress: "mapping",
    meaning: "The access works; its fields are not mapped yet.",
    next: "Map its fields."
  },
  waitingforfile: waiting,
  missingvalidschema: {
    progress: "waiting",
    meaning: "Habu cannot read a schema from the source.",
    next: "Put a valid file or schema in place, then retry this connection."
  },
  ready: { progress: "complete", meaning: "The checks passed.", next: "Bring it into a clean room as a dataset." },
  complete,
  completed: complete,
  configurationcomplete: complete
}

const activities = new Set(["active", "paused"])

/**
 * How far a data connection is. The contract says that `configStatus` tells the progress and `stage` ACTIVE or PAUSED;
 * live connections had it the other way round, so the words decide.
 *
 * @since 0.1.0
 * @category getters
 */
export const connectionState = (
  { configStatus, stage }: Pick<DataConnectionResponse, "configStatus" | "stage">
): { readonly state?: string; readonly activity?: string; readonly meaning: string; readonly next?: string } => {
  const words = present([stage, configStatus])
  const activity = words.find((one) => activities.has(word(one)))
  const rest = words.filter((one) => !activities.has(word(one)))
  const state = rest.find((one) => conditions[word(one)] !== undefined) ?? rest[0]
  const known = conditions[word(state)]
  return Workflow.compact({
    state: Words.said(state, 50),
    activity: Words.said(activity, 50),
    meaning: known?.meaning ?? "Habu does not say how far it is in a way known here; see its UI.",
    next: word(activity) === "paused" ? "It is paused: resume it in Habu's UI." : known?.next
  })
}

/**
 * How far a data connection is, for deciding what can be done with it.
 *
 * @since 0.1.0
 * @category getters
 */
export const progressOf = (connection: Pick<DataConnectionResponse, "configStatus" | "stage">): Progress =>
  conditions[word(connectionState(connection).state)]?.progress ?? "unknown"

const item = (connection: DataConnectionResponse): typeof Item.Type =>
  Workflow.compact({
    ...Words.reference(connection),
    source: Words.said(connection.dataSource?.displayName ?? connection.dataSource?.name, 60),
    data_type: Words.said(connection.dataType?.displayName ?? connection.dataType?.name, 60),
    category: Words.said(connection.category, 60),
    ...connectionState(connection)
  })

/**
 * Finds data connections (operation `getAllDataConnections`).
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const { observed } = yield* HabuClient
  const gathered = yield* gather([
    { part: "data connections", read: Reading.whole(observed.getAllDataConnections({})) }
  ])
  const chosen = choose(asked, gathered.items, {
    names: ({ name }) => [name],
    statuses: ({ configStatus, stage }) => [stage, configStatus]
  })
  return Answer.make(asked, gathered, chosen, {
    lists: { data_connections: chosen.shown.map(item) },
    nextSteps: [Answer.thenFind({ kind: "clean_rooms" }, "Then datasets with clean_room tells where they are used.")]
  })
})
