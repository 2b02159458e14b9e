/**
 * The Habu API as a service layer: contract, client, budgets and directory.
 *
 * @since 0.1.0
 */
export * as Api from "./api/index.js"
export * as HabuAuth from "./HabuAuth.js"
export * as HabuBreaker from "./HabuBreaker.js"
export * as HabuBudget from "./HabuBudget.js"
export * as HabuCache from "./HabuCache.js"
export * as HabuClient from "./HabuClient.js"
export * as HabuConfig from "./HabuConfig.js"
export * as HabuDirectory from "./HabuDirectory.js"
export * as HabuError from "./HabuError.js"
export * as HabuMetrics from "./HabuMetrics.js"
export * as HabuProbe from "./HabuProbe.js"
export * as HabuState from "./HabuState.js"
export * as LastKnown from "./LastKnown.js"
export * as Operations from "./Operations.js"
export * as ReadOnly from "./ReadOnly.js"
export * as Redaction from "./Redaction.js"
export * as RetryPolicy from "./RetryPolicy.js"
export * as SendingPermit from "./SendingPermit.js"
export * as Text from "./Text.js"
export * as WriteObserver from "./WriteObserver.js"
