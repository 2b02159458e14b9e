import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, describe, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Schema from "effect/Schema"
import * as AuditLog from "../../src/audit/AuditLog.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import * as RunLedger from "../../src/runs/RunLedger.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Problems from "../../src/sandbox/seed/Problems.js"
import * as Memory from "../../src/state/Memory.js"
import * as Troubleshoot from "../../src/workflows/TroubleshootIssues.js"

const config = Layer.unwrapEffect(Effect.map(
  Sandbox.Sandbox,
  ({ clientId, clientSecret, clock, url }) =>
    HabuConfig.layer({ apiUrl: url, clientId, clientSecret, sandboxSpeed: clock.speed })
))

const stack = (seed: number) =>
  Layer.mergeAll(HabuDirectory.layer).pipe(
    Layer.provideMerge(RunLedger.layer()),
    Layer.provideMerge(HabuClient.layerDefault()),
    Layer.provideMerge(config),
    Layer.provideMerge(Layer.mergeAll(Memory.layer, FetchHttpClient.layer, AuditLog.layerMemory("sandbox"))),
    Layer.provideMerge(Sandbox.layer({ rows: 6_000, seed })),
    Layer.provide(Logger.minimumLogLevel(LogLevel.None))
  )

const ask = (input: Troubleshoot.Input) =>
  Effect.flatMap(Troubleshoot.run(input), Schema.encode(Troubleshoot.Output))

// What a person would say of each planted problem: what they did and saw, and not why.
type Say = (id: string) => Troubleshoot.Input

const refused = (code: string, operation: string, more: Troubleshoot.Input = {}): Say => (question) => ({
  question,
  error_code: code,
  operation,
  ...more
})

const descriptions: { readonly [id: string]: Say } = {
  "T-04": (id) => ({ clean_room: id, symptom: "Its partner list cannot be read" }),
  "T-09": refused("PRECONDITION_FAILED", "createCleanroomQuestionRun"),
  "T-10": (id) => ({ question: id, symptom: "The question does not become ready" }),
  "T-11": (id) => ({ question: id, symptom: "Its run failed" }),
  "T-12": (id) => ({ question: id, symptom: "Its run failed" }),
  "T-13": refused("FORBIDDEN", "configureCleanroomQuestionDatasets"),
  "T-14": (id) => ({ question: id, symptom: "Some rows are missing from the result" }),
  "T-15": (id) => ({ question: id, symptom: "Two runs gave different numbers" }),
  "T-16": (id) => ({ question: id, symptom: "The result is empty" }),
  "T-17": (id) => ({ question: id, symptom: "There is no overlap between our customers" }),
  "T-18": (id) => ({ data_connection: id }),
  "T-20": (id) => ({ data_connection: id }),
  "T-21": (id) => ({ data_connection: id }),
  "T-33": (id) => ({ question: id, symptom: "It asks for dates that nobody told us of" }),
  "T-34": (id) => ({ question: id, symptom: "Its runs fail after a long time" }),
  "T-35": refused("REQUEST_INVALID", "updateCleanroomQuestionComputeCapacity", { value: "MEDIUM" }),
  "T-36": refused("PRECONDITION_FAILED", "createCleanroomQuestionRun"),
  "T-37": (id) => ({ clean_room: id, symptom: "The partner accepted but still cannot get in" }),
  "T-38": (id) => ({ clean_room: id, symptom: "Our partner says that the invitation never came" }),
  "T-39": refused("FORBIDDEN", "createCleanroomQuestionRun"),
  "T-41": (id) => ({
    clean_room: id,
    error_code: "409",
    operation: "addCleanroomUser",
    value: "priya.nair@alderpine.example"
  }),
  "T-42": (id) => ({
    clean_room: id,
    error_code: "404",
    operation: "addCleanroomUser",
    value: "someone.new@alderpine.example"
  }),
  "T-43": refused("CONFLICT", "createDataExportJobs"),
  "T-44": (id) => ({ destination: id }),
  "T-47": (id) => ({ export: id, symptom: "The export sent nobody" }),
  "T-48": (id) => ({ export: id }),
  "T-49": (id) => ({ flow: id, error_code: "PRECONDITION_FAILED", operation: "createOrUpdateCleanroomFlowRun" }),
  "T-50": (id) => ({
    flow: id,
    error_code: "NOT_FOUND",
    operation: "getCleanroomFlowRunReport",
    value: "Exposed Buyers - User List"
  }),
  "T-52": (id) => ({ question: id, operation: "getCleanroomQuestionRunExplainPlan" }),
  "T-56": (id) => ({ schedule: id, symptom: "It starts at the wrong hour" })
}

// What is told of runs needs runs: each question's own, as its owner would have started them.
const withRuns = ["T-11", "T-12", "T-14", "T-15", "T-16", "T-17"]

const prepare = Effect.gen(function*() {
  const { clock, world } = yield* Sandbox.Sandbox
  const habu = yield* HabuClient.HabuClient
  yield* Effect.forEach(withRuns, (id) =>
    habu.createCleanroomQuestionRun({
      path: { cleanroomQuestionId: Problems.problem(world, id)?.where.id ?? "" },
      payload: { name: `check ${id}`, parameters: {} }
    }), { concurrency: "unbounded" })
  yield* clock.advance("70 minutes")
})

const made = (healthy: string): ReadonlyArray<Troubleshoot.Input> => [
  { symptom: "The coffee machine on the second floor leaks" },
  { symptom: "The letters of the user interface are too purple", question: healthy },
  { question: healthy, symptom: "A macro is spelled wrongly and the table is not found" },
  { question: healthy, symptom: "The run was denied since personal data was put out" },
  { data_connection: "Alder & Pine CRM", symptom: "It waits for a file in an empty folder" }
]

const seeds = (process.env["TROUBLE_SEEDS"] ?? "101,202,303").split(",").map(Number)

describe.each(seeds)("troubleshoot_issues on seed %i", (seed) => {
  layer(stack(seed), { excludeTestServices: true, timeout: "60 seconds" })((it) => {
    it.effect("finds the right cause first for the planted problems", () =>
      Effect.gen(function*() {
        const { requests, world } = yield* Sandbox.Sandbox
        yield* prepare
        const before = (yield* requests).length
        const problems = Problems.all(world).filter(({ id }) => id in descriptions)
        const answers = yield* Effect.forEach(problems, ({ id, where }) =>
          Effect.map(
            Effect.either(Effect.suspend(() => ask(descriptions[id]?.(where.id) ?? {}))),
            (answer) => ({ id, answer })
          ))
        const wrong = answers.flatMap(({ answer, id }) => {
          if (answer._tag === "Left") return [`${id}: ${String(answer.left)}`]
          const { causes = [], verdict } = answer.right
          return causes[0]?.id === id && verdict === "found"
            ? []
            : [`${id}: ${verdict}, ${causes.map((cause) => `${cause.id} (${cause.found})`).join(" | ")}; ${answer.right.summary}`]
        })
        assert.isAtLeast(problems.length, 30)
        if (wrong.length > 0) process.stderr.write(`seed ${seed}: ${problems.length - wrong.length} of ${problems.length}\n${wrong.join("\n")}\n`)
        assert.isAtMost(wrong.length, Math.floor(problems.length / 10))
        const sizes = answers.map(({ answer }) => answer._tag === "Right" ? JSON.stringify(answer.right).length / 4 : 0)
        assert.isBelow(Math.max(...sizes), 4_000)
        process.stderr.write(`largest answer: ${Math.round(Math.max(...sizes))} tokens\n`)
        const writes = (yield* requests).slice(before).filter(({ method, operation }) =>
          method !== "GET" && operation !== "listCleanroomFlows"
        )
        assert.deepStrictEqual(writes, [])
      }), 120_000)

    it.effect("says that the evidence is not enough rather than guess", () =>
      Effect.gen(function*() {
        const answers = yield* Effect.forEach(made("CRM Profile of Shared Customers"), (input) =>
          Effect.map(ask(input), (answer) => [answer.verdict, answer.status, answer.causes?.[0]?.id]))
        assert.deepStrictEqual(answers, made("").map(() => ["not_enough_evidence", "unknown", undefined]))
      }), 60_000)
  })
})
