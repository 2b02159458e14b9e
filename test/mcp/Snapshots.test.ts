// What each tool answers about the seeded organisation, those that write of what they would do, and the error catalogue,
// as text that is reviewed: a changed word of an answer is a changed line of a file. `npx vitest run test/mcp/Snapshots.test.ts -u` renews them.
import { expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/TestClock"
import * as HabuProbe from "../../src/habu/HabuProbe.js"
import * as Tools from "../../src/mcp/Tools.js"
import * as Engine from "../../src/results/Engine.js"
import * as ErrorCatalogue from "../../src/workflows/ErrorCatalogue.js"
import * as Survey from "../../src/workflows/Survey.js"
import * as WorkflowStack from "../support/WorkflowStack.js"

const file = (name: string) => `../snapshots/${name}.txt`

const now = Date.UTC(2026, 10, 2, 9)

const cleanRoom = "Fizzwell Summer Campaign"
const question = "Campaign reach and sales overlap"

// One call of each tool.
const calls: { readonly [tool: string]: { readonly [argument: string]: unknown } } = {
  health_check: {},
  test_connection: {},
  find_resources: { kind: "questions", clean_room: cleanRoom, limit: 3 },
  monitor_cleanroom_status: { clean_room: cleanRoom },
  monitor_organization_health: {},
  analyze_usage_patterns: {},
  troubleshoot_issues: { question },
  retrieve_and_analyze_results: { question, rows: 3 },
  describe_api_operations: { search: "pause an export job" },
  setup_cleanroom_workspace: {
    name: "Autumn Campaign",
    type: "Hybrid",
    region: "US",
    cloud: "GCP",
    sub_region: "EAST1",
    crowd_size: 25,
    data_decibel: 2,
    partners: ["ada@partner.example"],
    datasets: ["Alder & Pine CRM"],
    dry_run: true
  },
  manage_cleanroom_lifecycle: { clean_room: cleanRoom, action: "delete", dry_run: true },
  deploy_analytics_question: { clean_room: cleanRoom, questions: ["Sales by Store"], dry_run: true },
  execute_question_workflow: { question, dry_run: true, detail: "full" },
  execute_flow_workflow: { flow: "Exposed Buyer Profile", action: "describe" },
  manage_question_schedules: { question, clean_room: cleanRoom, action: "create", dry_run: true },
  share_results: { question, action: "share", partners: ["Fizzwell Beverages"], dry_run: true },
  manage_data_exports: {},
  onboard_partner: { clean_room: "Holiday Planning", action: "track" },
  manage_permissions: { clean_room: cleanRoom },
  establish_data_connection: {},
  manage_data_integration: {},
  call_api_operation: { operation: "getAllCleanrooms" }
}

// What differs from one machine, or one moment, to the next.
const steady = (text: string) =>
  text.replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT").replace(/"milliseconds": \d+/g, "\"milliseconds\": 0")
    .replace(/answers in \d+ ms/g, "answers in 0 ms")
    .replace(/"request_id": "[^"]+"/g, "\"request_id\": \"ID\"")

const shown = (name: string, given: object, { summary, ...facts }: { readonly summary: string }) =>
  steady(`${name} ${JSON.stringify(given)}\n\n${summary}\n\n${JSON.stringify(facts, null, 1)}\n`)

const stack = WorkflowStack.layer({ sandbox: { clock: "effect", now }, config: { sandboxSpeed: 1 } })

const layer = Layer.provideMerge(Layer.mergeAll(Survey.layer, HabuProbe.layer, Engine.layer()), stack)

it("every tool has a call here", () => {
  expect(Object.keys(calls).toSorted()).toEqual(Tools.all.map(({ name }) => name).toSorted())
})

it.effect("answers about the seeded organisation", () =>
  Effect.gen(function*() {
    for (const tool of Tools.all) {
      const given = calls[tool.name] ?? {}
      const answer = yield* tool.call(given)
      yield* Effect.promise(() => expect(shown(tool.name, given, answer)).toMatchFileSnapshot(file(tool.name)))
    }
  }).pipe(
    Effect.provide(layer),
    (answers) => Effect.zipRight(TestClock.setTime(now), answers)
  ), 60_000)

it("the error catalogue", async () => {
  const text = ErrorCatalogue.all.map(({ advice, category, code, meaning, message, retryable }) =>
    [`${code} (${category}${retryable ? ", retryable" : ""})`, meaning, message, advice].join("\n  ")
  )
  await expect(`${text.join("\n\n")}\n`).toMatchFileSnapshot(file("errors"))
})
