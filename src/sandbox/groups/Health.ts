/**
 * Whether the API is there.
 *
 * @since 0.1.0
 */
import * as HttpApiBuilder from "@effect/platform/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { served } from "../Group.js"
import { SandboxApi } from "../SandboxApi.js"

/**
 * Serves the group: the one operation that needs no token.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = HttpApiBuilder.group(
  SandboxApi,
  "Health",
  (handlers) =>
    served(
      handlers.handle("getHealth", () =>
        Effect.succeed({ status: "UP", statusCode: 200, description: "Habu sandbox, synthetic data", version: "v1" }))
    )
)
