/**
 * Results of runs: loaded once, then asked, summarised, drawn and written to files.
 *
 * @since 0.1.0
 */
export * as Chart from "./Chart.js"
export * as Engine from "./Engine.js"
export * as Export from "./Export.js"
export * as FirstRows from "./FirstRows.js"
export * as Results from "./Results.js"
export * as ResultsError from "./ResultsError.js"
export * as Summary from "./Summary.js"
