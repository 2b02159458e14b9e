/**
 * For tests of programs that embed this package: mocks, a recording HTTP client, fixtures, the sandbox, virtual time.
 *
 * Nothing here needs a test runner; `habu-mcp/testing/state-conformance` is the suite for storage engines, on vitest.
 *
 * @since 0.1.0
 */
export * as Fixtures from "./Fixtures.js"
export * as Mock from "./Mock.js"
export * as RecordingClient from "./RecordingClient.js"
export * as Reply from "./Reply.js"
export * as SandboxHabu from "./SandboxHabu.js"
export * as VirtualTime from "./VirtualTime.js"
