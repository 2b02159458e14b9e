import type { Reporter, TestModule } from "vitest/node"

/**
 * Ends a run with one plain line, `N passed, N failed`, for whoever reads the output without knowing vitest. A file
 * that could not be loaded and an error outside of all tests count as failed.
 */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>) {
    const states = modules.flatMap((module) => Array.from(module.children.allTests(), (test) => test.result().state))
    const count = (state: string) => states.filter((each) => each === state).length
    const unloaded = modules.filter((module) => module.errors().length > 0).length
    const failed = count("failed") + unloaded + unhandledErrors.length
    const skipped = count("skipped") === 0 ? "" : `, ${count("skipped")} skipped`
    // At the exit, so that nothing follows it, the coverage's report neither.
    process.once("exit", () => process.stdout.write(`\n${count("passed")} passed, ${failed} failed${skipped}\n`))
  }
}
