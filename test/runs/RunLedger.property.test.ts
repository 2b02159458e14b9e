import * as HttpApi from "@effect/platform/HttpApi"
import { expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { vi } from "vitest"
import * as QuestionRuns from "../../src/habu/api/QuestionRuns.js"
import * as instantCrypto from "./instantCrypto.js"
import * as Interleaving from "./Interleaving.js"

// Processes come and go by the hundred here, so they are made for the operations of runs only.
vi.mock("../../src/habu/api/HabuApi.js", () => ({ HabuApi: HttpApi.make("HabuApi").add(QuestionRuns.Group) }))

instantCrypto.install()

it("makes one run of a key and never two, whatever dies, gets lost or comes late", async () => {
  let steps = 0
  const t0 = performance.now()
  const stat: Record<string, number> = {}
  await FastCheck.assert(
    FastCheck.asyncProperty(Interleaving.schedule, async (plan) => {
      const { calls, habu, violations } = await Interleaving.run(plan)
      steps += plan.actions.length
      for (const c of calls) {
        const k = typeof c.result === "string" ? c.result : c.result._tag === "Left" ? c.result.left._tag : c.result.right._tag
        stat[k] = (stat[k] ?? 0) + 1
      }
      stat["posts"] = (stat["posts"] ?? 0) + habu.starts().length
      expect(violations.join("; ")).toBe("")
    }),
    { numRuns: Number(process.env["RUNS"] ?? 200) }
  )
  console.log(steps, performance.now() - t0, stat)
}, 600_000)
