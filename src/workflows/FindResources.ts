/**
 * Finding what there is: clean rooms, questions, flows, runs, datasets, partners, users, data connections,
 * exports and schedules.
 *
 * What Habu denies in one clean room is told as denied, and what it did not answer as failed; neither hides the rest.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Answer from "./find/Answer.js"
import { Kind, mostLimit, nouns, usualLimit } from "./find/Asked.js"
import * as CleanRooms from "./find/CleanRooms.js"
import * as Credentials from "./find/Credentials.js"
import * as DataConnections from "./find/DataConnections.js"
import * as Datasets from "./find/Datasets.js"
import * as Destinations from "./find/Destinations.js"
import * as Exports from "./find/Exports.js"
import * as FlowRuns from "./find/FlowRuns.js"
import * as Flows from "./find/Flows.js"
import * as Invitations from "./find/Invitations.js"
import * as Partners from "./find/Partners.js"
import * as Questions from "./find/Questions.js"
import * as Runs from "./find/Runs.js"
import * as Schedules from "./find/Schedules.js"
import * as Users from "./find/Users.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

export { Kind } from "./find/Asked.js"
export { connectionState } from "./find/DataConnections.js"

/**
 * What `find_resources` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  kind: Kind.annotations({ description: "What to look for" }),
  clean_room: Workflow.maybe(Schema.String.annotations({
    description: "Only in this one; datasets, partners, schedules need it"
  })),
  question: Workflow.maybe(Schema.String.annotations({
    description: "Whose runs, exports, schedules"
  })),
  flow: Workflow.maybe(Schema.String.annotations({
    description: "Whose flow_runs"
  })),
  name: Workflow.maybe(Schema.String.annotations({ description: "Only those whose name holds this" })),
  status: Workflow.maybe(Schema.String.annotations({
    description: "Such as READY, failed, open, expired, MAPPING_REQUIRED"
  })),
  limit: Workflow.maybe(
    Workflow.whole(1, mostLimit, `${usualLimit} if not given`)
  )
})

export type Input = typeof Input.Type

/**
 * The list has the name of its kind.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Answer.openingFields,
  clean_rooms: Workflow.maybe(Schema.Array(CleanRooms.Item)),
  questions: Workflow.maybe(Schema.Array(Questions.Item)),
  runs: Workflow.maybe(Schema.Array(Runs.Item)),
  flows: Workflow.maybe(Schema.Array(Flows.Item)),
  flow_runs: Workflow.maybe(Schema.Array(Runs.Item)),
  datasets: Workflow.maybe(Schema.Array(Datasets.Item)),
  partners: Workflow.maybe(Schema.Array(Partners.Item)),
  users: Workflow.maybe(Schema.Array(Users.Item)),
  invitations: Workflow.maybe(Schema.Array(Invitations.Item)),
  data_connections: Workflow.maybe(Schema.Array(DataConnections.Item)),
  credentials: Workflow.maybe(Schema.Array(Credentials.Item)),
  destinations: Workflow.maybe(Schema.Array(Destinations.Item)),
  exports: Workflow.maybe(Schema.Array(Exports.Item)),
  schedules: Workflow.maybe(Schema.Array(Schedules.Item)),
  ...Answer.closingFields
})

export type Output = typeof Output.Type

const ofOrganization: ReadonlySet<Kind> = new Set(["data_connections", "credentials", "destinations"])
const ofQuestions: ReadonlyArray<Kind> = ["runs", "questions", "exports", "schedules"]

// What an argument would have to do without: told, not ignored.
const unfit = (input: Input): Workflow.InputInvalid | undefined => {
  const { kind } = input
  if (Words.given(input.question) !== undefined && !ofQuestions.includes(kind)) {
    return new Workflow.InputInvalid({
      field: "question",
      problem: `does not narrow ${kind}`,
      advice: "Leave it out, or look for the runs of the question with kind runs."
    })
  }
  if (Words.given(input.flow) !== undefined && kind !== "flow_runs") {
    return new Workflow.InputInvalid({
      field: "flow",
      problem: `does not narrow ${kind}`,
      advice: "Leave it out, or look for the runs of the flow with kind flow_runs."
    })
  }
  if (Words.given(input.clean_room) !== undefined && ofOrganization.has(kind)) {
    return new Workflow.InputInvalid({
      field: "clean_room",
      problem: `does not narrow ${nouns[kind]}s, which belong to the organisation`,
      advice: "Leave it out, or look with kind datasets for what the clean room has of data connections."
    })
  }
  return Words.given(input.status) !== undefined && (kind === "users" || kind === "credentials")
    ? new Workflow.InputInvalid({
      field: "status",
      problem: `does not narrow ${kind}, which have none`,
      advice: "Leave it out, or narrow with name."
    })
    : undefined
}

const finders = {
  clean_rooms: CleanRooms.find,
  questions: Questions.find,
  runs: Runs.find,
  flows: Flows.find,
  flow_runs: FlowRuns.find,
  datasets: Datasets.find,
  partners: Partners.find,
  users: Users.find,
  invitations: Invitations.find,
  data_connections: DataConnections.find,
  credentials: Credentials.find,
  destinations: Destinations.find,
  exports: Exports.find,
  schedules: Schedules.find
}

/**
 * Looks for resources of one kind. References that name nothing or several things fail with the ones to choose from.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("FindResources")(function*(input: Input) {
  const wrong = unfit(input)
  if (wrong !== undefined) return yield* Effect.fail(wrong)
  const answer: Output = yield* finders[input.kind](input)
  return Workflow.compact(answer)
})
