/**
 * The suite of tests for storage engines. It needs `vitest` and `@effect/vitest` installed beside it.
 *
 * @since 0.1.0
 */
export * as StateConformance from "../StateConformance.js"
