/**
 * The groups of the contract and what serves each.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Layer from "effect/Layer"
import * as CleanRoomQuestions from "./groups/CleanRoomQuestions.js"
import * as CleanRooms from "./groups/CleanRooms.js"
import * as DataConnections from "./groups/DataConnections.js"
import * as Datasets from "./groups/Datasets.js"
import * as Health from "./groups/Health.js"
import * as Partners from "./groups/Partners.js"
import * as QuestionRuns from "./groups/QuestionRuns.js"
import * as Users from "./groups/Users.js"
import * as NotEmulated from "./NotEmulated.js"
import { SandboxApi } from "./SandboxApi.js"

const groups = Layer.mergeAll(
  Health.layer,
  CleanRooms.layer,
  Partners.layer,
  Users.layer,
  NotEmulated.layer("Questions"),
  CleanRoomQuestions.layer,
  QuestionRuns.layer,
  NotEmulated.layer("Schedules"),
  Datasets.layer,
  DataConnections.layer,
  NotEmulated.layer("DataConnectionViews"),
  NotEmulated.layer("Credentials"),
  NotEmulated.layer("DataSources"),
  NotEmulated.layer("Flows"),
  NotEmulated.layer("FlowRuns"),
  NotEmulated.layer("Exports"),
  NotEmulated.layer("Destinations"),
  NotEmulated.layer("Executions"),
  NotEmulated.layer("Billing")
)

/**
 * Serves the whole contract from a world.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.api(SandboxApi).pipe(Layer.provide(groups))
