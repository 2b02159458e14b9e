/**
 * Billable configurations: whether a run, question, flow, clean room, owner or partner counts for billing.
 *
 * They are contractual, so a person decides about every change. Without one a source follows the level above it, and
 * usage figures are not in the API at all.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Operation from "./Operation.js"
import * as Wire from "./Wire.js"

/**
 * What a billable configuration is about.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BillableSourceType = Schema.Literal(
  "BILLABLE_UNKNOWN",
  "BILLABLE_RUN",
  "BILLABLE_FLOW_RUN",
  "BILLABLE_QUESTION",
  "BILLABLE_FLOW",
  "BILLABLE_CR",
  "BILLABLE_OWNER",
  "BILLABLE_PARTNER",
  "BILLABLE_CRQ"
).annotations({ identifier: "BillableSourceType" })

export type BillableSourceType = typeof BillableSourceType.Type

/**
 * Whether one source is billable. `value` is a text, `"true"` or `"false"`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const BillableConfig = Schema.Struct({
  id: Wire.text,
  sourceId: Wire.text,
  sourceType: Wire.optional(Wire.openEnum(...BillableSourceType.literals)),
  value: Wire.text,
  compositeSourceId: Wire.text
}).annotations({ identifier: "BillableConfig" })

export interface BillableConfig extends Schema.Schema.Type<typeof BillableConfig> {}

/**
 * A billable configuration as it is written. `compositeSourceId` has no use outside Habu (operation getBillableConfig).
 *
 * @since 0.1.0
 * @category schemas
 */
export const BillableConfigInput = Schema.Struct({
  ...BillableConfig.fields,
  sourceId: Schema.String,
  sourceType: BillableSourceType,
  value: Wire.maybe(Schema.Literal("true", "false"))
}).annotations({ identifier: "BillableConfigInput" })

export interface BillableConfigInput extends Schema.Schema.Type<typeof BillableConfigInput> {}

/**
 * The billable configuration to set.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpsertBillableConfigRequest = Schema.Struct({
  config: BillableConfigInput
}).annotations({ identifier: "UpsertBillableConfigRequest" })

export interface UpsertBillableConfigRequest extends Schema.Schema.Type<typeof UpsertBillableConfigRequest> {}

/**
 * Whether the configuration was set, and the id to delete it by.
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpsertBillableConfigResponse = Schema.Struct({
  success: Wire.flag,
  billableConfigId: Wire.text
}).annotations({ identifier: "UpsertBillableConfigResponse" })

export interface UpsertBillableConfigResponse extends Schema.Schema.Type<typeof UpsertBillableConfigResponse> {}

/**
 * The configuration of one source. None means that the source follows the level above it (operation
 * getBillableConfig), not that it is free.
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetBillableConfigResponse = Schema.Struct({
  config: Wire.optional(BillableConfig)
}).annotations({ identifier: "GetBillableConfigResponse" })

export interface GetBillableConfigResponse extends Schema.Schema.Type<typeof GetBillableConfigResponse> {}

/**
 * Whether the configuration was deleted.
 *
 * @since 0.1.0
 * @category schemas
 */
export const DeleteBillableConfigResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "DeleteBillableConfigResponse" })

export interface DeleteBillableConfigResponse extends Schema.Schema.Type<typeof DeleteBillableConfigResponse> {}

/**
 * The operations on billable configurations.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Billing", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getBillableConfig", "/billable-configs")
      .setUrlParams(Schema.Struct({
        sourceId: Schema.String,
        sourceType: BillableSourceType,
        compositeSourceId: Wire.maybe(Schema.String)
      }))
      .addSuccess(GetBillableConfigResponse)
      .annotate(OpenApi.Summary, "Reads the billable configuration of one source, if it has its own")
  )
  .add(
    HttpApiEndpoint.post("upsertBillableConfig", "/billable-configs")
      .setPayload(UpsertBillableConfigRequest)
      .addSuccess(UpsertBillableConfigResponse)
      .annotate(
        OpenApi.Summary,
        "Sets whether one source is billable; \"false\" for a run, once it is created, leaves it out of billing"
      )
      .annotate(Operation.EffectAnnotation, "idempotent")
  )
  .add(
    HttpApiEndpoint.del("deleteBillableConfig", "/billable-configs/:billableConfigId")
      .setPath(Schema.Struct({ billableConfigId: Wire.PathSegment }))
      .addSuccess(DeleteBillableConfigResponse)
      .annotate(
        OpenApi.Summary,
        "Deletes a billable configuration by its own id, so that the level above decides again; 404 if there is none"
      )
  )
{}
