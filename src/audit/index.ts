/**
 * What was written to Habu through us.
 *
 * @since 0.1.0
 */
export * as AuditLog from "./AuditLog.js"
export * as ChangeNote from "./ChangeNote.js"
export * as CurrentTool from "./CurrentTool.js"
