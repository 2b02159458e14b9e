/**
 * The groups of the contract and what serves each.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as HttpRouter from "@effect/platform/HttpRouter"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Billing from "./groups/Billing.js"
import * as CleanRoomQuestions from "./groups/CleanRoomQuestions.js"
import * as CleanRooms from "./groups/CleanRooms.js"
import * as Credentials from "./groups/Credentials.js"
import * as DataConnections from "./groups/DataConnections.js"
import * as DataConnectionViews from "./groups/DataConnectionViews.js"
import * as Datasets from "./groups/Datasets.js"
import * as DataSources from "./groups/DataSources.js"
import * as Destinations from "./groups/Destinations.js"
import * as Executions from "./groups/Executions.js"
import * as Exports from "./groups/Exports.js"
import * as FlowRuns from "./groups/FlowRuns.js"
import * as Flows from "./groups/Flows.js"
import * as Health from "./groups/Health.js"
import * as Partners from "./groups/Partners.js"
import * as QuestionRuns from "./groups/QuestionRuns.js"
import * as Questions from "./groups/Questions.js"
import * as Schedules from "./groups/Schedules.js"
import * as Users from "./groups/Users.js"
import * as World from "./World.js"

const groups = Layer.mergeAll(
  Health.layer,
  CleanRooms.layer,
  Partners.layer,
  Users.layer,
  Questions.layer,
  CleanRoomQuestions.layer,
  QuestionRuns.layer,
  Schedules.layer,
  Datasets.layer,
  DataConnections.layer,
  DataConnectionViews.layer,
  Credentials.layer,
  DataSources.layer,
  Flows.layer,
  FlowRuns.layer,
  Exports.layer,
  Destinations.layer,
  Executions.layer,
  Billing.layer
)

/** Paths are taken as they stand, and ids may be long. */
const routing = HttpRouter.withRouterConfig({ caseSensitive: true, ignoreTrailingSlash: false, maxParamLength: 4096 })

/**
 * Makes the app that carries out the contract's operations in a world. It takes a tenth of a second of work: the codecs
 * of all operations are prepared.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (world: World.Service) =>
  HttpApiBuilder.Router.router.pipe(
    Effect.flatMap(HttpRouter.toHttpApp),
    routing,
    Effect.provide(Layer.provideMerge(groups, HttpApiBuilder.Router.Live)),
    Effect.provideService(World.World, world)
  )
