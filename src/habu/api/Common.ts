/**
 * DOC module Common
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.js"

/**
 * DOC DeleteResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const DeleteResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "DeleteResponse" })

export interface DeleteResponse extends Schema.Schema.Type<typeof DeleteResponse> {}

/**
 * DOC CleanRoomTypeRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const CleanRoomTypeRequest = Wire.openEnum(
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
 * DOC TimeAudit
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
 * DOC UserAudit
 *
 * @since 0.1.0
 * @category schemas
 */
export const UserAudit = Schema.Struct({
  createdBy: Wire.text,
  updatedBy: Wire.text
}).annotations({ identifier: "UserAudit" })

export interface UserAudit extends Schema.Schema.Type<typeof UserAudit> {}
