import { it } from "@effect/vitest"
import * as instantCrypto from "./instantCrypto.js"
import * as Interleaving from "./Interleaving.js"
instantCrypto.install()
it("dbg", async () => {
  const plan = JSON.parse(process.env["PLAN"] ?? "")
  for (let i = 0; i < 5; i++) {
    const { calls, habu, violations } = await Interleaving.run(plan)
    console.log(
      JSON.stringify(
        {
          violations,
          calls,
          runs: habu.runs,
          seen: habu.seen.map((s) => [s.operation, s.at - Date.UTC(2026, 0, 5), s.name])
        },
        null,
        1
      )
    )
  }
}, 100000)
