import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"
import packageJson from "./package.json" with { type: "json" }
import { define } from "./scripts/bundle.mjs"
import { ClosingLine } from "./scripts/ClosingLine.js"

// Files that put something else in a module's place, which must not be what the next file finds there.
const mocking = ["test/runs/**/*.test.ts", "test/state/**/*.test.ts", "test/results/Missing.test.ts"]

// The package under its own name, as the examples import it, is the source: no build is needed.
const alias = Object.entries(packageJson.exports).flatMap(([subpath, target]) =>
  typeof target === "string" ? [] : [{
    find: new RegExp(`^${packageJson.name}${subpath.slice(1)}$`),
    replacement: fileURLToPath(new URL(target.default.replace("dist", "src").replace(/js$/, "ts"), import.meta.url))
  }]
)

export default defineConfig({
  define,
  resolve: { alias },
  test: {
    pool: "forks",
    // Loading the modules anew for each file takes as long as the tests of many: a worker keeps what it has loaded.
    poolOptions: {
      forks: { minForks: 1, maxForks: 2, isolate: false },
      threads: { minThreads: 1, maxThreads: 1, isolate: true }
    },
    setupFiles: ["test/support/OwnTesters.ts"],
    projects: [
      { extends: true, test: { name: "shared", include: ["{test,examples}/**/*.test.ts"], exclude: mocking } },
      // In a pool of their own: one pool that goes from one kind to the other may end a worker that has begun again.
      { extends: true, test: { name: "alone", include: mocking, pool: "threads" } }
    ],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Real processes and real time share two cores here: what fails once is tried once more, and told as flaky.
    retry: process.env["CI"] === "true" ? 1 : 0,
    reporters: ["default", new ClosingLine()],
    coverage: {
      provider: "v8",
      experimentalAstAwareRemapping: true,
      include: ["src/**/*.ts"],
      exclude: ["src/bin/**", "src/**/index.ts"],
      reporter: [["text", { skipFull: true }], "html"],
      thresholds: {
        "src/habu/{HabuAuth,HabuBudget,HabuError}.ts": { branches: 100 },
        "src/runs/**/*.ts": { branches: 100 }
      }
    }
  }
})
