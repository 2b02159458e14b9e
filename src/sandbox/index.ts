/**
 * A local Habu over HTTP, and what can be made to go wrong with it.
 *
 * @since 0.1.0
 */
export * as Faults from "./Faults.js"
export * as RequestLog from "./RequestLog.js"
export * as Sandbox from "./Sandbox.js"
export * as Seed from "./Seed.js"
