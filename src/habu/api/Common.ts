/**
 * What several domains of the API share: kinds of clean room, audit stamps, the answer to a deletion, paging.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.js"

/**
 * The kinds of clean room by name, as requests spell them.
 *
 * Which of them an organisation may create depends on its contract with LiveRamp (operation getCleanroomTypes). A
 * clean room reads back a type id and never this name (seen live).
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomTypeRequest = Schema.Literal(
  "Hybrid",
  "Snowflake",
  "Databricks",
  "Google",
  "AWS",
  "Facebook",
  "AMC",
  "ADH",
  "LinkedIn",
  "HabuConfidentialComputing"
).annotations({ identifier: "CleanRoomTypeRequest" })

export type CleanRoomTypeRequest = typeof CleanRoomTypeRequest.Type

/**
 * When an object was made, last changed and deleted, as Habu wrote it; an object that still exists has no `deletedAt`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const TimeAudit = Schema.Struct({
  createdAt: Wire.moment,
  updatedAt: Wire.moment,
  deletedAt: Wire.moment
}).annotations({ identifier: "TimeAudit" })

export interface TimeAudit extends Schema.Schema.Type<typeof TimeAudit> {}

/**
 * Who made and last changed an object: identifiers of users, not their names.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UserAudit = Schema.Struct({
  createdBy: Wire.text,
  updatedBy: Wire.text
}).annotations({ identifier: "UserAudit" })

export interface UserAudit extends Schema.Schema.Type<typeof UserAudit> {}

/**
 * The answer to a deletion. Status 200 alone does not mean deleted: `success` may be false.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DeleteResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "DeleteResponse" })

export interface DeleteResponse extends Schema.Schema.Type<typeof DeleteResponse> {}

/**
 * The part of a list to read. Most lists carry no total, so a page as long as `limit` may be followed by another.
 *
 * Without `limit` each operation has its own default: 500 for most, 30 for question runs.
 *
 * @since 0.1.0
 * @category parameters
 */
export const Page = Schema.Struct({
  limit: Wire.maybe(Wire.IntegerParam),
  offset: Wire.maybe(Wire.IntegerParam)
})

export interface Page extends Schema.Schema.Type<typeof Page> {}
