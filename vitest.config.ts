import { defineConfig } from "vitest/config"
import { define } from "./scripts/bundle.mjs"
import { ClosingLine } from "./scripts/ClosingLine.js"

export default defineConfig({
  define,
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    poolOptions: { forks: { minForks: 1, maxForks: 2 } },
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
