/**
 * Whether Habu answers at all.
 *
 * @since 0.1.0
 */
import * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as OpenApi from "@effect/platform/OpenApi"
import * as Schema from "effect/Schema"
import * as Wire from "./Wire.js"

/**
 * What Habu says of itself; `status` is `UP` when all is well (seen live).
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
 * The one operation that needs no access token, and so the one that tells an unreachable Habu from a refused user.
 *
 * @since 0.1.0
 * @category groups
 */
export class Group extends HttpApiGroup.make("Health", { topLevel: true })
  .add(
    HttpApiEndpoint.get("getHealth", "/health")
      .addSuccess(HealthResponse)
      .annotate(OpenApi.Summary, "Asks whether Habu is up, without an access token.")
      .annotate(OpenApi.Description, "Not always there: a 404 was seen too, and it still shows that Habu is reached.")
  )
{}
