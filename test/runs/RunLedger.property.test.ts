import * as HttpApi from "@effect/platform/HttpApi"
import { expect, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { vi } from "vitest"
import * as FlowRuns from "../../src/habu/api/FlowRuns.js"
import * as QuestionRuns from "../../src/habu/api/QuestionRuns.js"
import * as instantCrypto from "./instantCrypto.js"
import * as Interleaving from "./Interleaving.js"

// Processes come and go by the hundred here, so they are made for the operations of runs only.
vi.mock("../../src/habu/api/HabuApi.js", () => ({
  HabuApi: HttpApi.make("HabuApi").add(QuestionRuns.Group).add(FlowRuns.Group)
}))

instantCrypto.install()

it("makes one run of a key and never two, whatever dies, is lost or comes late", async () => {
  const ends = new Map<string, number>()
  await FastCheck.assert(
    FastCheck.asyncProperty(Interleaving.schedule, async (plan) => {
      const { calls, violations } = await Interleaving.run(plan)
      for (const call of calls) {
        const end = Interleaving.endOf(call)
        ends.set(end, (ends.get(end) ?? 0) + 1)
      }
      expect(violations).toEqual([])
    }),
    { numRuns: 160 }
  )
  // All that can become of a start was among it.
  for (const end of ["started", "unfinished", "doubtful", "absent", "crashed", "BudgetExhausted", "StateUnavailable"]) {
    expect(ends.get(end) ?? 0, end).toBeGreaterThan(0)
  }
}, 120_000)

const listed = (after: number) => ({ after, gets: 200, carriedOut: "never" }) as const

it("takes a list for as old as its question, where the machine slept before the answer", async () => {
  const { calls, violations } = await Interleaving.run({
    actions: [
      { _tag: "call", process: 0, key: 0 },
      { _tag: "pass", millis: 299_000 },
      { _tag: "call", process: 1, key: 0 },
      { _tag: "suspend", millis: 600_000 },
      { _tag: "pass", millis: 1_000 }
    ],
    // Carried out a second after the second call has asked for the list.
    starts: [{ after: 0, gets: "cut", carriedOut: 300_000 }],
    kind: "Question",
    lists: [listed(0), listed(1_000)],
    nodes: [],
    store: [],
    tokens: [],
    others: 0,
    renames: false
  })
  expect(violations).toEqual([])
  expect(calls.slice(0, 3).map(Interleaving.endOf)).toEqual(["doubtful", "doubtful", "unfinished"])
})

it("does not take another start's list, which was asked for before the machine slept", async () => {
  const { calls, violations } = await Interleaving.run({
    actions: [
      { _tag: "call", process: 0, key: 0 },
      { _tag: "pass", millis: 90_000 },
      { _tag: "call", process: 0, key: 1 },
      { _tag: "suspend", millis: 600_000 },
      { _tag: "pass", millis: 1_000 },
      { _tag: "call", process: 0, key: 0 }
    ],
    starts: [{ after: 0, gets: "cut", carriedOut: 300_000 }, { after: 0, gets: "cut", carriedOut: "never" }],
    kind: "Question",
    lists: [listed(0), listed(1_000)],
    nodes: [],
    store: [],
    tokens: [],
    others: 0,
    renames: false
  })
  expect(violations).toEqual([])
  expect(calls.slice(0, 3).map(Interleaving.endOf)).toEqual(["doubtful", "doubtful", "unfinished"])
})
