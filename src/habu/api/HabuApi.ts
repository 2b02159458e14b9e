/**
 * The public part of Habu's Clean Room API as one value: 147 operations, their schemas and their annotations.
 *
 * The typed client, the sandbox and the OpenAPI document are all made from it.
 *
 * @since 0.1.0
 */
import * as HttpApi from "@effect/platform/HttpApi"
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

/**
 * The contract.
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
{}
