/**
 * Runs of questions and flows: started once, remembered, followed.
 *
 * @since 0.1.0
 */
export * as Run from "./Run.js"
export * as RunFollower from "./RunFollower.js"
export * as RunKey from "./RunKey.js"
export * as RunLedger from "./RunLedger.js"
export * as RunRequests from "./RunRequests.js"
export * as RunSubject from "./RunSubject.js"
