/**
 * What the kind of a clean room allows.
 *
 * @since 0.1.0
 */
import type { CleanRoom, CleanRoomType } from "../../habu/api/CleanRooms.js"
import { clear, found, unseen, type Verdict } from "./Finding.js"

// The same in every organisation (seen live), where the list of types cannot be read.
const hybrid = "47f86c15-9917-4c50-8da9-6a10b65a4b5f"

/**
 * A clean room's type by its name; undefined where Habu does not tell.
 *
 * @since 0.1.0
 * @category getters
 */
export const nameOf = (
  { cleanRoomTypeId }: CleanRoom,
  types: ReadonlyArray<CleanRoomType> | undefined
): string | undefined =>
  types?.find(({ id }) => id !== undefined && id === cleanRoomTypeId)?.name ??
    (cleanRoomTypeId === hybrid ? "Hybrid" : undefined)

const isOne = (names: ReadonlyArray<string>) => (type: string) =>
  names.some((name) => name.toLowerCase() === type.replace(/\s/g, "").toLowerCase())

/**
 * Whether questions in it can be given a compute capacity (operation updateCleanroomQuestionComputeCapacity).
 *
 * @since 0.1.0
 * @category guards
 */
export const takesCapacity = isOne(["Hybrid", "Snowflake", "LinkedIn", "HabuConfidentialComputing"])

/**
 * Whether results can be exported from it.
 *
 * @since 0.1.0
 * @category guards
 */
export const hasExports = isOne(["Hybrid", "HabuConfidentialComputing"])

/**
 * Whether flows can be made in it.
 *
 * @since 0.1.0
 * @category guards
 */
export const hasFlows = isOne(["Hybrid", "Snowflake", "HabuConfidentialComputing"])

/**
 * Whether it is one for confidential computing.
 *
 * @since 0.1.0
 * @category guards
 */
export const isConfidential = isOne(["HabuConfidentialComputing"])

/**
 * Why nothing can be exported from a clean room: its owner has not switched it on, or its kind has none.
 *
 * @since 0.1.0
 * @category getters
 */
export const exporting = (cleanRoom: CleanRoom, types: ReadonlyArray<CleanRoomType> | undefined): Verdict => {
  const enabled = cleanRoom.cleanRoomParameters?.["ENABLE_EXPORT"]
  if (enabled !== undefined && enabled.toLowerCase() !== "true") {
    return found("fact", "Exports are switched off in the clean room (ENABLE_EXPORT).")
  }
  const type = nameOf(cleanRoom, types)
  if (type !== undefined && !hasExports(type)) return found("fact", `A clean room of type ${type} has no exports.`)
  return type === undefined ? unseen : clear
}
