/**
 * The seeded organisation: a retailer, its three partners, and ninety days of work.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Billing from "./seed/Billing.js"
import * as CleanRooms from "./seed/CleanRooms.js"
import * as Connections from "./seed/Connections.js"
import * as Destinations from "./seed/Destinations.js"
import * as Executions from "./seed/Executions.js"
import * as Exports from "./seed/Exports.js"
import * as Flows from "./seed/Flows.js"
import * as History from "./seed/History.js"
import * as Organizations from "./seed/Organizations.js"
import * as Questions from "./seed/Questions.js"
import * as Scale from "./seed/Scale.js"
import * as Schedules from "./seed/Schedules.js"
import type * as World from "./World.js"

export {
  /**
   * The name of the demo's question.
   *
   * @since 0.1.0
   * @category models
   */
  hero
} from "./seed/Questions.js"

export {
  /**
   * The problem planted for an entry of the troubleshooting catalogue, such as `T-12`.
   *
   * @since 0.1.0
   * @category getters
   */
  problem
} from "./seed/Problems.js"

/**
 * Fills an empty world; `scale` adds clean rooms to the seeded ones.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, scale: Scale.Scale = {}): Effect.Effect<void> =>
  Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    Organizations.plant(world)
    CleanRooms.plant(world, now)
    Connections.plant(world, now)
    Questions.plant(world, now)
    yield* History.plant(world, now)
    Schedules.plant(world, now)
    yield* Flows.plant(world)
    Destinations.plant(world, now)
    yield* Exports.plant(world, now)
    yield* Executions.plant(world, now)
    Billing.plant(world)
    Scale.plant(world, now, scale)
  })
