/**
 * Everything an embedder may use, by folder. Importing one folder by its subpath (`habu-mcp/habu`) loads only that.
 *
 * @since 0.1.0
 */
export * as Audit from "./audit/index.js"
export * as Habu from "./habu/index.js"
export * as Runs from "./runs/index.js"
export * as State from "./state/index.js"
export * as Workflows from "./workflows/index.js"
