/**
 * The seeded exceptions from billing: a clean room that is still being set up, and a run that served as a test.
 *
 * @since 0.1.0
 */
import * as Ids from "../Ids.js"
import type * as World from "../World.js"
import * as CleanRooms from "./CleanRooms.js"
import * as Questions from "./Questions.js"

/**
 * Plants billable configurations.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service): void => {
  const run = world.runs.find((item) => item.cleanRoomQuestionId === Questions.idOf(world, "profile"))
  const sources = [["BILLABLE_CR", CleanRooms.idOf(world, "holiday")], ["BILLABLE_RUN", run?.id ?? ""]] as const
  for (const [sourceType, sourceId] of sources) {
    world.billableConfigs.put({
      id: Ids.uuid(world.seed, `billableConfig/${sourceType}/${sourceId}`),
      sourceType,
      sourceId,
      compositeSourceId: undefined,
      value: "false"
    })
  }
}
