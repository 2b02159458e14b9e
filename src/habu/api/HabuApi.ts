/**
 * The public part of Habu's Clean Room API as one value: 147 operations, their schemas and their annotations.
 *
 * The typed client, the sandbox and the OpenAPI document are all made from it.
 *
 * @since 0.1.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Billing from "./Billing.js"
import * as CleanRoomQuestions from "./CleanRoomQuestions.js"
import * as CleanRooms from "./CleanRooms.js"
import * as Credentials from "./Credentials.js"
import * as DataConnections from "./DataConnections.js"
import * as DataConnectionViews from "./DataConnectionViews.js"
import * as Datasets from "./Datasets.js"
import * as DataSources from "./DataSources.js"
import * as Destinations from "./Destinations.js"
import * as Executions from "./Executions.js"
import * as Exports from "./Exports.js"
import * as FlowRuns from "./FlowRuns.js"
import * as Flows from "./Flows.js"
import * as Health from "./Health.js"
import * as Partners from "./Partners.js"
import * as QuestionRuns from "./QuestionRuns.js"
import * as Questions from "./Questions.js"
import * as Schedules from "./Schedules.js"
import * as Users from "./Users.js"
import * as Wire from "./Wire.js"

/**
 * How Habu says that it did not do what was asked.
 *
 * The contract promises `code` and `message`. Live answers add the rest, with `code` as the HTTP status number and
 * `status` as its name (seen live). A path that Habu does not know is answered without either, by `error` and `path`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const ErrorAnswer = Schema.Struct({
  code: Wire.Text,
  message: Wire.Text,
  status: Wire.text,
  timestamp: Wire.moment,
  details: Wire.text
}).annotations({ identifier: "ErrorAnswer" })

export interface ErrorAnswer extends Schema.Schema.Type<typeof ErrorAnswer> {}

/**
 * The contract. Every group is at the top level, so that operations are called by their operation ids.
 *
 * @since 0.1.0
 * @category api
 */
export class HabuApi extends HttpApi.make("HabuApi")
  .add(Health.Group)
  .add(CleanRooms.Group)
  .add(Partners.Group)
  .add(Users.Group)
  .add(Questions.Group)
  .add(CleanRoomQuestions.Group)
  .add(QuestionRuns.Group)
  .add(Schedules.Group)
  .add(Datasets.Group)
  .add(DataConnections.Group)
  .add(DataConnectionViews.Group)
  .add(Credentials.Group)
  .add(DataSources.Group)
  .add(Flows.Group)
  .add(FlowRuns.Group)
  .add(Exports.Group)
  .add(Destinations.Group)
  .add(Executions.Group)
  .add(Billing.Group)
  .annotate(HttpApi.AdditionalSchemas, [ErrorAnswer])
  .annotateContext(OpenApi.annotations({
    title: "Habu Clean Room API",
    version: "1.0.0",
    description:
      "The public operations of LiveRamp's Clean Room API, formerly Habu, as habu-mcp calls and serves them. "
      + "Operation ids, paths, parameters and fields are Habu's; the texts are not.",
    servers: [{ url: "https://api.habu.com/v1" }]
  }))
{}
