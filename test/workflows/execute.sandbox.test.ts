import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Schema from "effect/Schema"
import * as HabuBudget from "../../src/habu/HabuBudget.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuDirectory from "../../src/habu/HabuDirectory.js"
import * as RunFollower from "../../src/runs/RunFollower.js"
import * as RunLedger from "../../src/runs/RunLedger.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Seed from "../../src/sandbox/Seed.js"
import * as Memory from "../../src/state/Memory.js"
import * as Execute from "../../src/workflows/ExecuteQuestionWorkflow.js"
import * as Progress from "../../src/workflows/Progress.js"

// An hour of Habu's in a second: a run of a quarter of an hour takes a quarter of a second.
const speed = 3600

const config = Layer.unwrapEffect(Effect.map(
  Sandbox.Sandbox,
  ({ clientId, clientSecret, url }) => HabuConfig.layer({ apiUrl: url, clientId, clientSecret, sandboxSpeed: speed })
))

const stack = Layer.mergeAll(HabuDirectory.layer, RunFollower.layer).pipe(
  Layer.provideMerge(RunLedger.layer()),
  Layer.provideMerge(HabuClient.layerDefault()),
  Layer.provideMerge(config),
  Layer.provideMerge(Layer.merge(Memory.layer, FetchHttpClient.layer)),
  Layer.provideMerge(Sandbox.layer({ rows: 2_000, speed })),
  Layer.provide(Logger.minimumLogLevel(LogLevel.None))
)

const execute = (input: Execute.Input) => Effect.flatMap(Execute.run(input), Schema.encode(Execute.Output))

const posts = Effect.flatMap(
  Sandbox.Sandbox,
  ({ requests }) =>
    Effect.map(requests, (all) => all.filter(({ operation }) => operation === "createCleanroomQuestionRun"))
)

const writes = Effect.flatMap(
  Sandbox.Sandbox,
  ({ requests }) =>
    Effect.map(
      requests,
      (all) =>
        all.filter(({ method, operation }) => method !== "GET" && operation !== "token").map(({ operation }) =>
          operation
        )
    )
)

const day = (daysAgo: number) => new Date(Date.now() - daysAgo * 86_400_000).toISOString().slice(0, 10)
const dates = { "exposures.date_start": day(60), "exposures.date_end": day(1) }
const profile = "CRM Profile of Shared Customers"

const test = (name: string, body: Effect.Effect<void, unknown, Layer.Layer.Success<typeof stack>>) =>
  it.live(name, () => Effect.provide(body, stack), 30_000)

describe("execute_question_workflow against the sandbox", () => {
  test(
    "runs a question once, from its name to its rows",
    Effect.gen(function*() {
      const steps: Array<Progress.Step> = []
      const answer = yield* Effect.provideService(
        execute({ question: ` ${Seed.hero.toUpperCase()} `, parameters: dates, wait_seconds: 45 }),
        Progress.Progress,
        (step) => Effect.sync(() => steps.push(step))
      )
      expect(answer).toMatchObject({
        status: "done",
        run: { phase: "completed", habu_status: "COMPLETED", question: Seed.hero, parameters: dates },
        results: { row_count: 5 }
      })
      expect(answer.results?.rows).toHaveLength(5)
      expect(answer.results?.columns.map(({ name }) => name)).toContain("people_reached")
      expect(steps.length).toBeGreaterThan(0)
      expect(yield* posts).toHaveLength(1)
      const { run } = answer
      expect(run?.name).toMatch(/^Campaign reach and sales overlap #[0-9a-f]{10}-1\b/)
    })
  )

  test(
    "says before anything is spent which values are needed and why",
    Effect.gen(function*() {
      const answer = yield* execute({ question: Seed.hero })
      expect(answer.status).toBe("needs_input")
      expect(answer.summary).toContain("exposures.date_start")
      expect(answer.summary).toContain("gives no rows")
      expect(answer.next_steps?.[0]?.arguments).toMatchObject({ question: Seed.hero })
      expect(yield* writes).toEqual([])
    })
  )

  test(
    "refuses values that cannot be right, naming field, value and options",
    Effect.gen(function*() {
      const refusal = (input: Execute.Input) => Effect.flip(execute(input))
      expect(yield* refusal({ question: Seed.hero, parameters: { ...dates, "exposure.date_start": "2026-01-01" } }))
        .toMatchObject({ code: "INPUT_INVALID", field: "parameters.exposure.date_start", options: Object.keys(dates) })
      expect(yield* refusal({ question: Seed.hero, parameters: { ...dates, "exposures.date_end": "01.02.2026" } }))
        .toMatchObject({ field: "parameters.exposures.date_end" })
      expect(
        yield* refusal({
          question: Seed.hero,
          parameters: { "exposures.date_start": "2026-02-02", "exposures.date_end": "2026-02-01" }
        })
      ).toMatchObject({ field: "parameters.exposures.date_end" })
      const profileRefusal = yield* refusal({ question: profile, parameters: { CRM_ATTRIBUTE: "SHOE_SIZE" } })
      expect(profileRefusal).toMatchObject({ field: "parameters.CRM_ATTRIBUTE" })
      expect("options" in profileRefusal && profileRefusal.options?.length).toBeGreaterThan(1)
      expect(yield* writes).toEqual([])
    })
  )

  test(
    "says whose turn it is where a dataset is missing, and that an ended clean room is read-only",
    Effect.gen(
      function*() {
        const surveyed = yield* HabuDirectory.HabuDirectory
        const { questions } = yield* surveyed.allQuestions
        const missing = questions.find(({ question }) => question.status === "MISSING_DATASETS")
        const unready = yield* execute({ question: missing?.question.displayId ?? "" })
        expect(unready).toMatchObject({ status: "failed" })
        expect(unready.checks?.find(({ check }) => check === "datasets")?.detail).toMatch(/must assign it/)
        const ended = yield* execute({ question: "Spring Launch Reach", parameters: dates, dry_run: true })
        expect(ended.checks?.find(({ check }) => check === "clean_room_open")).toMatchObject({ result: "blocked" })
        expect(yield* writes).toEqual([])
      }
    )
  )

  test(
    "lists the display ids where a name fits several questions",
    Effect.gen(function*() {
      const refused = yield* Effect.flip(execute({ question: "audience overlap by segment and region - global" }))
      expect(refused).toMatchObject({ code: "REFERENCE_AMBIGUOUS" })
      expect(refused.message + ("advice" in refused ? refused.advice : "")).toMatch(/CRQ-\d+.*CRQ-\d+/)
    })
  )

  test(
    "counts people of a user list and shows none of them",
    Effect.gen(function*() {
      const answer = yield* execute({ question: "Exposed Buyers - User List", parameters: dates, wait_seconds: 45 })
      expect(answer.status).toBe("done")
      expect(answer.results?.row_count).toBeGreaterThan(0)
      expect(answer.results).not.toHaveProperty("rows")
      expect(answer.warnings?.join(" ")).toContain("only their count and columns")
    })
  )

  test(
    "tells why a run failed and that repeating it will not help",
    Effect.gen(function*() {
      const answer = yield* execute({ question: "Loyal Members Contact Sheet", wait_seconds: 45 })
      expect(answer).toMatchObject({ status: "failed", failure: { retryable: false } })
      expect(answer.failure?.reason).not.toBe("")
      expect(answer).not.toHaveProperty("results")
    })
  )

  test(
    "answers an equal call with the run that is there, and starts another only when told to",
    Effect.gen(function*() {
      const input = { question: profile, parameters: { CRM_ATTRIBUTE: "EDUCATION" }, wait_seconds: 45 }
      const first = yield* execute(input)
      const again = yield* execute(input)
      expect(again.run?.id).toBe(first.run?.id)
      expect(again.run?.reused).toBe(true)
      expect(yield* posts).toHaveLength(1)
      const fresh = yield* execute({ ...input, fresh: true })
      expect(fresh.run?.id).not.toBe(first.run?.id)
      expect(yield* posts).toHaveLength(2)
      const keyed = yield* execute({ ...input, idempotency_key: "mine" })
      expect(keyed.run?.id).not.toBe(fresh.run?.id)
      expect((yield* execute({ ...input, idempotency_key: "mine" })).run?.id).toBe(keyed.run?.id)
      expect(yield* posts).toHaveLength(3)
      const clash = yield* Effect.flip(
        execute({ question: profile, parameters: { CRM_ATTRIBUTE: "INCOME" }, idempotency_key: "mine" })
      )
      expect("field" in clash && clash.field).toMatch(/idempotency_key|parameters.CRM_ATTRIBUTE/)
    })
  )

  test(
    "follows a run by its id or its name, also one that someone else started",
    Effect.gen(function*() {
      const habu = yield* HabuClient.HabuClient
      const directory = yield* HabuDirectory.HabuDirectory
      const { question } = yield* directory.question(profile)
      const other = yield* habu.createCleanroomQuestionRun({
        path: { cleanroomQuestionId: question.id ?? "" },
        payload: { name: "Monday numbers", parameters: { CRM_ATTRIBUTE: "EDUCATION" } }
      })
      const byName = yield* execute({ run: "monday numbers ", question: profile, wait_seconds: 0 })
      expect(byName.run?.id).toBe(other.id)
      const equal = yield* execute({ question: profile, parameters: { CRM_ATTRIBUTE: "EDUCATION" }, wait_seconds: 45 })
      expect(equal.run).toMatchObject({ id: other.id, reused: true })
      const byId = yield* execute({ run: other.id ?? "", wait_seconds: 45 })
      expect(byId.status).toBe("done")
      // Nothing tells whether a run of an unknown question lists people, so it shows no rows.
      expect(byId.results).not.toHaveProperty("rows")
      expect(yield* posts).toHaveLength(1)
      expect(yield* Effect.flip(execute({ run: "Monday numbers" }))).toMatchObject({ field: "run" })
    })
  )

  test(
    "does not wait when told so, and says when to look again",
    Effect.gen(function*() {
      const answer = yield* execute({ question: profile, parameters: { CRM_ATTRIBUTE: "EDUCATION" }, wait_seconds: 0 })
      expect(answer.status).toBe("running")
      expect(answer.next_steps?.[0]).toMatchObject({
        tool: "execute_question_workflow",
        arguments: { run: answer.run?.id },
        after_seconds: 1
      })
      expect(answer.summary).toContain("cannot be cancelled")
    })
  )

  test(
    "a dry run writes nothing and tells what would be sent",
    Effect.gen(function*() {
      const plan = yield* execute({ question: Seed.hero, parameters: dates, dry_run: true, detail: "full" })
      expect(plan).toMatchObject({ status: "done", would_send: dates, run_starts_left: 20 })
      expect(plan.checks?.every(({ result }) => result === "ok")).toBe(true)
      expect(yield* writes).toEqual([])
    })
  )

  test(
    "explains a result without rows",
    Effect.gen(function*() {
      const longAgo = { "exposures.date_start": "2019-01-01", "exposures.date_end": "2019-01-31" }
      const answer = yield* execute({ question: Seed.hero, parameters: longAgo, wait_seconds: 45 })
      expect(answer).toMatchObject({ status: "done", results: { row_count: 0 } })
      expect(answer.warnings?.join(" ")).toContain("No rows")
    })
  )

  test(
    "says how many starts are left, and lists what was started since a day, asking Habu nothing",
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      const started = yield* execute({ question: profile, parameters: { CRM_ATTRIBUTE: "AGE" }, wait_seconds: 0 })
      expect(started.run_starts_left).toBe(19)
      const before = (yield* sandbox.requests).length
      const known = yield* execute({ since: day(1) })
      expect(known).toMatchObject({ status: "done", runs: [{ id: started.run?.id, question: profile }] })
      expect(known.next_steps?.[0]?.arguments).toMatchObject({ run: started.run?.id })
      expect((yield* execute({ since: new Date(Date.now() + 60_000).toISOString() })).runs).toBeUndefined()
      expect((yield* sandbox.requests).length).toBe(before)
      expect(yield* Effect.flip(execute({ since: "yesterday" }))).toMatchObject({ field: "since" })
    })
  )

  test(
    "repeats a failed run only if Habu says that may help and the caller asked",
    Effect.gen(function*() {
      const hopeless = yield* execute({ question: "Loyal Members Contact Sheet", wait_seconds: 45, retries: 2 })
      expect(hopeless.status).toBe("failed")
      expect(yield* posts).toHaveLength(1)
    })
  )

  test(
    "says that a run was started also when it cannot be watched",
    Effect.gen(function*() {
      const sandbox = yield* Sandbox.Sandbox
      yield* sandbox.faults.add({ operation: "getCleanroomQuestionRunById", kind: "status", status: 403 })
      const answer = yield* execute({ question: profile, parameters: { CRM_ATTRIBUTE: "AGE" }, wait_seconds: 2 })
      expect(answer).toMatchObject({ status: "running", run: { phase: "queued" } })
      expect(answer.warnings?.join(" ")).toContain("It was started, but could not be looked at")
      expect(yield* posts).toHaveLength(1)
    })
  )

  test(
    "runs several questions, each for itself, and carries on with what is open",
    Effect.gen(function*() {
      const directory = yield* HabuDirectory.HabuDirectory
      const { questions: all } = yield* directory.allQuestions
      const unready = all.find(({ question }) => question.status === "MISSING_DATASETS")?.question.displayId ?? ""
      const questions = [
        { question: Seed.hero, parameters: dates },
        { question: profile, parameters: { CRM_ATTRIBUTE: "AGE" } },
        { question: "Audience Overlap by Segment and Region - Global" },
        { question: unready },
        { question: Seed.hero },
        { question: profile, parameters: { CRM_ATTRIBUTE: "SHOE_SIZE" } },
        { question: "Loyal Members Contact Sheet" }
      ]
      const begun = yield* execute({ questions, wait_seconds: 0 })
      expect(begun.answers?.map(({ status }) => status)).toEqual(
        ["running", "running", "needs_input", "failed", "needs_input", "needs_input", "running"]
      )
      expect(begun.status).toBe("partial")
      expect(begun.answers?.[2]?.summary).toMatch(/CRQ-\d+.*CRQ-\d+/)
      expect(begun.answers?.[3]?.summary).toContain("must assign it")
      expect(begun.answers?.[5]?.summary).toContain("SHOE_SIZE")
      expect(begun.run_starts_left).toBe(17)
      expect(yield* posts).toHaveLength(3)
      const [step] = begun.next_steps ?? []
      expect(step?.after_seconds).toBeGreaterThan(0)
      const next = Schema.decodeUnknownSync(Execute.Input)(step?.arguments)
      expect(next.questions?.map(({ run }) => run)).toEqual(
        [0, 1, 6].map((index) => begun.answers?.[index]?.run)
      )
      const ended = yield* execute({ ...next, wait_seconds: 45 })
      expect(ended.answers?.map(({ row_count, status }) => [status, row_count !== undefined])).toEqual(
        [["done", true], ["done", true], ["failed", false]]
      )
      expect(ended.next_steps).toBeUndefined()
      expect(yield* posts).toHaveLength(3)
    })
  )

  test(
    "starts several questions within the budget and says which have to wait, and until when",
    Effect.gen(function*() {
      const budget = yield* HabuBudget.HabuBudget
      const others = yield* Effect.replicateEffect(budget.reserve("question_run_start", "test"), 18)
      const questions = ["AGE", "EDUCATION", "LOYALTY", "INCOME"].map((CRM_ATTRIBUTE) => ({
        question: profile,
        parameters: { CRM_ATTRIBUTE }
      }))
      const begun = yield* execute({ questions, wait_seconds: 0 })
      expect(begun.answers?.map(({ status }) => status)).toEqual(["running", "running", "waiting", "waiting"])
      expect(begun.summary).toContain("2 waiting for a run start")
      expect(Date.parse(begun.answers?.[2]?.start_after ?? "")).toBeGreaterThan(Date.now())
      expect(yield* posts).toHaveLength(2)
      const next = Schema.decodeUnknownSync(Execute.Input)(begun.next_steps?.[0]?.arguments)
      for (const other of others) yield* budget.giveBack(other)
      const later = yield* execute({ ...next, wait_seconds: 45 })
      expect(later).toMatchObject({ status: "done" })
      expect(later.answers).toHaveLength(4)
      expect(yield* posts).toHaveLength(4)
    })
  )

  test(
    "refuses several questions beside one, none, and more than an hour's starts",
    Effect.gen(function*() {
      const one = { question: profile }
      for (
        const input of [
          { questions: [one], question: profile },
          { questions: [] },
          { questions: Array.from({ length: 21 }, () => one) }
        ]
      ) {
        expect(yield* Effect.flip(execute(input))).toMatchObject({ field: "questions" })
      }
      expect(yield* writes).toEqual([])
    })
  )

  test(
    "names the questions that can run where none is given",
    Effect.gen(function*() {
      const answer = yield* execute({})
      expect(answer.status).toBe("needs_input")
      expect(answer.summary).toContain(Seed.hero)
    })
  )
})
