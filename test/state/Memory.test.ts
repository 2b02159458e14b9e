/**
 * The memory engine against the conformance suite.
 */
import * as Effect from "effect/Effect"
import * as Memory from "../../src/state/Memory.js"
import * as StateConformance from "../../src/testing/StateConformance.js"

StateConformance.suite("Memory", { place: Effect.void, open: () => Memory.make })
