/**
 * DOC module Billing
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.js"

/**
 * DOC BillableSourceType
 *
 * @since 0.1.0
 * @category schemas
 */
export const BillableSourceType = Wire.openEnum(
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
 * DOC BillableConfig
 *
 * @since 0.1.0
 * @category schemas
 */
export const BillableConfig = Schema.Struct({
  id: Wire.text,
  sourceId: Wire.text,
  sourceType: Wire.optional(BillableSourceType),
  value: Wire.text,
  compositeSourceId: Wire.text
}).annotations({ identifier: "BillableConfig" })

export interface BillableConfig extends Schema.Schema.Type<typeof BillableConfig> {}

/**
 * DOC UpsertBillableConfigRequest
 *
 * @since 0.1.0
 * @category schemas
 */
export const UpsertBillableConfigRequest = Schema.Struct({
  config: BillableConfig
}).annotations({ identifier: "UpsertBillableConfigRequest" })

export interface UpsertBillableConfigRequest extends Schema.Schema.Type<typeof UpsertBillableConfigRequest> {}

/**
 * DOC UpsertBillableConfigResponse
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
 * DOC GetBillableConfigResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const GetBillableConfigResponse = Schema.Struct({
  config: Wire.optional(BillableConfig)
}).annotations({ identifier: "GetBillableConfigResponse" })

export interface GetBillableConfigResponse extends Schema.Schema.Type<typeof GetBillableConfigResponse> {}

/**
 * DOC DeleteBillableConfigResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const DeleteBillableConfigResponse = Schema.Struct({
  success: Wire.flag
}).annotations({ identifier: "DeleteBillableConfigResponse" })

export interface DeleteBillableConfigResponse extends Schema.Schema.Type<typeof DeleteBillableConfigResponse> {}

/**
 * DOC group Billing
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Billing", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getBillableConfig", "/billable-configs")
      .setUrlParams(Schema.Struct({
        sourceId: Schema.String,
        sourceType: Schema.Literal(
          "BILLABLE_UNKNOWN",
          "BILLABLE_RUN",
          "BILLABLE_FLOW_RUN",
          "BILLABLE_QUESTION",
          "BILLABLE_FLOW",
          "BILLABLE_CR",
          "BILLABLE_OWNER",
          "BILLABLE_PARTNER",
          "BILLABLE_CRQ"
        ),
        compositeSourceId: Wire.maybe(Schema.String)
      }))
      .addSuccess(GetBillableConfigResponse)
      .annotate(OpenApi.Summary, "DOC getBillableConfig")
  )
  .add(
    HttpApiEndpoint.post("upsertBillableConfig", "/billable-configs")
      .setPayload(UpsertBillableConfigRequest)
      .addSuccess(UpsertBillableConfigResponse)
      .annotate(OpenApi.Summary, "DOC upsertBillableConfig")
  )
  .add(
    HttpApiEndpoint.del("deleteBillableConfig", "/billable-configs/:billableConfigId")
      .setPath(Schema.Struct({ billableConfigId: Wire.PathSegment }))
      .addSuccess(DeleteBillableConfigResponse)
      .annotate(OpenApi.Summary, "DOC deleteBillableConfig")
  )
{}
