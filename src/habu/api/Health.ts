/**
 * DOC module Health
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.js"

/**
 * DOC HealthResponse
 *
 * @since 0.1.0
 * @category schemas
 */
export const HealthResponse = Schema.Struct({
  status: Wire.text,
  statusCode: Wire.integer,
  description: Wire.text,
  version: Wire.text
}).annotations({ identifier: "HealthResponse" })

export interface HealthResponse extends Schema.Schema.Type<typeof HealthResponse> {}

/**
 * DOC group Health
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Health", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getHealth", "/health")
      .addSuccess(HealthResponse)
      .annotate(OpenApi.Summary, "DOC getHealth")
  )
{}
