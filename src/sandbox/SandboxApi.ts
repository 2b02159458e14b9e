/**
 * The contract as the sandbox serves it: Habu's, with the one error that its handlers may fail with.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import { HabuApi } from "../habu/api/HabuApi.js"
import { Refusal } from "./Refusal.js"

/**
 * Derived from {@link HabuApi}; client and OpenAPI document never see it.
 *
 * @since 0.1.0
 * @category api
 */
export const SandboxApi = HabuApi.addError(
  Schema.declare((value): value is Refusal => value instanceof Refusal, { identifier: "Refusal" })
)
