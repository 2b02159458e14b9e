import { describe, expect, layer } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { AuditLog } from "../../src/audit/AuditLog.js"
import { HabuClient } from "../../src/habu/HabuClient.js"
import { HabuDirectory } from "../../src/habu/HabuDirectory.js"
import { ReadOnly } from "../../src/habu/ReadOnly.js"
import * as RunLedger from "../../src/runs/RunLedger.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Seed from "../../src/sandbox/Seed.js"
import * as Execute from "../../src/workflows/ExecuteQuestionWorkflow.js"
import * as Reading from "../../src/workflows/Reading.js"
import * as Retrieve from "../../src/workflows/RetrieveAndAnalyzeResults.js"
import * as WorkflowStack from "../support/WorkflowStack.js"

const folder = Fs.mkdtempSync(Path.join(Os.tmpdir(), "habu-mcp-export-test-"))

const stack = WorkflowStack.layer({ sandbox: { rows: 3_000 } }).pipe(
  Layer.provideMerge(
    Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["HABU_EXPORT_DIR", folder]])))
  )
)

const list = "Exposed Buyers - User List"
const several = "Weekly Sales by Category"
const profile = "CRM Profile of Shared Customers"

const retrieve = (input: Retrieve.Input) => Effect.flatMap(Retrieve.run(input), Schema.encode(Retrieve.Output))

const writes = Effect.map(
  Effect.flatMap(Sandbox.Sandbox, ({ requests }) => requests),
  (all) => all.filter(({ method, operation }) => method !== "GET" && operation !== "token")
)

const tokens = (answer: unknown) => JSON.stringify(answer).length / 4

layer(stack, { timeout: 60_000, excludeTestServices: true })(
  "retrieve_and_analyze_results against the sandbox",
  (it) => {
    it.effect(
      "takes a question's latest completed run and says what stands out, each statement with its proof",
      () =>
        Effect.gen(function*() {
          const answer = yield* retrieve({ question: Seed.hero, detail: "full" })
          expect(answer).toMatchObject({
            status: "done",
            question: { name: Seed.hero },
            run: { place: 1 },
            row_count: 5
          })
          expect(tokens(answer)).toBeLessThan(4_000)
          expect(answer.columns?.map(({ name }) => name)).toEqual([
            "channel",
            "people_reached",
            "buyers",
            "buyers_percent",
            "sales"
          ])
          const kinds = answer.findings?.map(({ kind }) => kind)
          expect(kinds).toEqual(expect.arrayContaining(["top", "bottom", "concentration", "change"]))
          // Every statement's SQL is one that the tool itself takes, and gives the numbers that the statement says.
          for (const { kind, sql, statement } of answer.findings ?? []) {
            const { query } = yield* retrieve({ question: Seed.hero, sql: sql ?? "" })
            const [first] = query?.rows ?? []
            expect(first).toBeDefined()
            if (kind !== "top") continue
            const [name, value] = Object.values(first ?? {})
            expect(statement).toContain(`${String(name)} ${Number(value).toLocaleString("en-US")}`)
          }
          expect(answer.reading?.join(" ")).toMatch(
            /crowd size.*Noise \(data decibel\) lies on people_reached, buyers/s
          )
          expect(yield* writes).toEqual([])
        }),
      60_000
    )

    it.effect("takes the n-th run, that of a day, one by id or by name, and says which there are", () =>
      Effect.gen(function*() {
        const latest = yield* retrieve({ question: Seed.hero, compare: false })
        const second = yield* retrieve({ question: Seed.hero, nth: 2, compare: true })
        expect(second.run?.id).not.toBe(latest.run?.id)
        expect(second).toMatchObject({ run: { place: 2 }, compared_with: expect.anything() })
        const day = second.run?.completed_at?.slice(0, 10) ?? ""
        expect((yield* retrieve({ question: Seed.hero, date: day })).run?.id).toBe(second.run?.id)
        expect((yield* retrieve({ question: Seed.hero, run: second.run?.name ?? "" })).run?.id).toBe(second.run?.id)
        expect((yield* retrieve({ question: Seed.hero, run: second.run?.id ?? "" })).run?.place).toBe(2)
        const never = yield* retrieve({ question: Seed.hero, date: "2019-01-01" })
        expect(never).toMatchObject({ status: "needs_input" })
        expect(never.summary).toContain(latest.run?.completed_at)
        expect(yield* Effect.flip(retrieve({ question: Seed.hero, date: "yesterday" }))).toMatchObject({
          field: "date"
        })
        expect(yield* Effect.flip(retrieve({ run: "hero" }))).toMatchObject({ field: "run" })
      }))

    it.effect("asks rows by SQL, also beside the run before, and refuses what is no question", () =>
      Effect.gen(function*() {
        const answer = yield* retrieve({
          question: Seed.hero,
          sql: "SELECT a.channel, a.sales - b.sales AS change FROM results a JOIN previous b USING (channel) ORDER BY 1"
        })
        expect(answer.query?.rows.map(({ channel }) => channel)).toEqual([
          "Audio",
          "CTV",
          "Display",
          "Online Video",
          "Social"
        ])
        const refusal = yield* Effect.flip(
          retrieve({ question: Seed.hero, sql: "SELECT * FROM read_csv('/etc/passwd')" })
        )
        expect(refusal).toMatchObject({ code: "INPUT_INVALID", field: "sql" })
        expect(yield* Effect.flip(retrieve({ question: Seed.hero, sql: "SELECT shoe_size FROM results" })))
          .toMatchObject({ field: "sql", problem: expect.stringContaining("shoe_size") })
      }))

    it.effect("attaches a chart, of the rows or of a query's answer, and a file", () =>
      Effect.gen(function*() {
        const charted = yield* Retrieve.run({ question: Seed.hero, chart: "auto" })
        expect(charted.chart).toMatchObject({
          kind: "bar",
          spec: {
            mark: { type: "bar" },
            encoding: { y: { type: "nominal", axis: { title: "channel" } }, x: { axis: { title: "people_reached" } } }
          }
        })
        const [image] = charted.attachments ?? []
        if (image?._tag !== "Image") return yield* Effect.dieMessage("no picture")
        expect(Buffer.from(image.bytes).toString("latin1", 1, 4)).toBe("PNG")
        const { chart } = yield* retrieve({ question: several, chart: "auto" })
        expect(chart?.kind).toBe("line")
        const exported = yield* Retrieve.run({
          question: Seed.hero,
          sql: "SELECT channel, buyers FROM results ORDER BY buyers DESC",
          chart: "bar",
          export: "csv",
          file_name: "buyers"
        })
        expect(exported.attachments?.map(({ _tag }) => _tag)).toEqual(["Image", "File"])
        const text = Fs.readFileSync(Path.join(folder, "buyers.csv"), "utf8")
        expect(text.split("\r\n")).toHaveLength(7)
        expect(text).toContain("channel,buyers\r\n")
        const kept = Fs.readdirSync(folder)
        for (const wish of [{ export: "csv" }, { file: "results.csv" }] as const) {
          const refused = yield* Effect.flip(
            Effect.provideService(retrieve({ question: Seed.hero, ...wish }), ReadOnly, true)
          )
          expect(refused.message).toContain("--read-only")
        }
        expect(Fs.readdirSync(folder)).toEqual(kept)
        const again = yield* Effect.flip(retrieve({ question: Seed.hero, export: "csv", file_name: "buyers" }))
        expect(again).toMatchObject({ field: "file_name", problem: expect.stringContaining("is there already") })
      }))

    it.effect("saves the files of a run with several outputs, by their names alone", () =>
      Effect.gen(function*() {
        const answer = yield* Retrieve.run({ question: several, file: "summary.csv" })
        expect(answer).toMatchObject({ status: "done", attachments: [{ _tag: "File" }] })
        expect(Fs.readFileSync(answer.export?.path ?? "", "utf8")).toContain("column,type,values,distinct")
        expect(yield* Effect.flip(retrieve({ question: several, file: "../../etc/passwd" })))
          .toMatchObject({ field: "file", options: ["results.csv", "summary.csv"] })
      }))

    it.effect("counts a list of people and shows, asks, draws and writes none of it", () =>
      Effect.gen(function*() {
        const before = Fs.readdirSync(folder).length
        const placed = yield* Effect.flatMap(HabuDirectory, ({ question }) => question(list))
        const runs = yield* Effect.flatMap(
          HabuClient,
          (habu) =>
            habu.getAllCleanroomQuestionRuns({ path: { cleanroomQuestionId: placed.question.id }, urlParams: {} })
        )
        const sized = yield* Effect.filter(runs, ({ id = "", status }) =>
          status === "COMPLETED"
            ? Effect.map(
              Effect.flatMap(
                HabuClient,
                (habu) => habu.getCleanroomQuestionRunDataCount({ path: { cleanroomQuestionRunId: id } })
              ),
              (count) => count > 0
            )
            : Effect.succeed(false))
        const run = sized[0]?.id ?? ""
        const people = yield* Effect.flatMap(
          HabuClient,
          (habu) => habu.getCleanroomQuestionRunData({ path: { cleanroomQuestionRunId: run }, urlParams: {} })
        )
        const secrets = (people.stats ?? []).flatMap((row) => Object.values(row)).filter((value) => value !== null)
        expect(secrets.length).toBeGreaterThan(0)
        // By its question, by its id alone, and as if it were another question's.
        const attempts: ReadonlyArray<Retrieve.Input> = [
          { question: list, run },
          { run },
          { question: list, run, sql: "SELECT * FROM results", rows: 500 },
          { run, sql: "SELECT * FROM results" },
          { question: list, run, chart: "bar", export: "csv", file: "results.csv", detail: "full" }
        ]
        const answers = yield* Effect.forEach(attempts, (input) => Retrieve.run(input))
        for (const answer of answers) {
          expect(answer).toMatchObject({ row_count: secrets.length })
          expect(answer.columns?.map(({ name }) => name)).toEqual(["rampid"])
          expect(answer).not.toHaveProperty("attachments")
          expect(secrets.filter((secret) => JSON.stringify(answer).includes(String(secret)))).toEqual([])
        }
        expect(answers[2]?.summary).toContain("sql was not done")
        const mixed = yield* Effect.flip(retrieve({ question: Seed.hero, run, sql: "SELECT * FROM results" }))
        expect(mixed).toMatchObject({ field: "run", problem: expect.stringContaining("no such run") })
        const followed = yield* Effect.flatMap(
          Execute.run({ question: Seed.hero, run }),
          Schema.encode(Execute.Output)
        )
        expect(followed.results).toMatchObject({ row_count: secrets.length })
        expect(followed.results).not.toHaveProperty("rows")
        expect(Fs.readdirSync(folder)).toHaveLength(before)
      }))

    it.effect("keeps in the audit log who read what, and not among the writes", () =>
      Effect.gen(function*() {
        const log = yield* AuditLog
        const { run } = yield* retrieve({ question: Seed.hero, sql: "SELECT max(sales) FROM results", compare: false })
        const { entries } = yield* log.read({ access: "read", target: run?.id })
        expect(entries.at(-1)).toMatchObject({
          access: "read",
          operation: "getCleanroomQuestionRunData",
          outcome: "done",
          payload: { what: "sql", sql: "SELECT max(sales) FROM results", rows: 1 }
        })
        expect((yield* log.read({})).entries).toEqual([])
      }))

    it.effect("names the exact next call where there is nothing yet", () =>
      Effect.gen(function*() {
        expect(yield* retrieve({})).toMatchObject({ status: "needs_input" })
        const { questions } = yield* Effect.flatMap(HabuDirectory, ({ allQuestions }) => allQuestions)
        const unready = questions.find(({ question }) => question.status === "MISSING_DATASETS")
        const answer = yield* retrieve({ question: unready?.question.displayId ?? "" })
        expect(answer).toMatchObject({
          status: "needs_input",
          next_steps: [{ tool: "execute_question_workflow", arguments: { dry_run: true } }]
        })
      }))

    it.effect("a run that fails half-way is told, and the next call completes it", () =>
      Effect.gen(function*() {
        const { faults } = yield* Sandbox.Sandbox
        yield* faults.add({ operation: "getCleanroomQuestionRunDataCount", kind: "status", status: 403 })
        const denied = yield* Effect.flip(retrieve({ question: "Last Touch Attribution by Channel" }))
        expect(denied).toMatchObject({ code: "FORBIDDEN" })
        yield* faults.clear
        yield* faults.add({ operation: "getCleanroomQuestionRunData", kind: "half", count: 1 })
        const answer = yield* retrieve({ question: "Last Touch Attribution by Channel" })
        expect(answer.status).toBe("done")
        yield* faults.clear
      }))

    it.effect("says which question's run completed, and warns of runs that read together would undo protection", () =>
      Effect.gen(function*() {
        const ledger = yield* RunLedger.RunLedger
        const { cleanRoom, question } = yield* Effect.flatMap(
          HabuDirectory,
          (directory) => directory.question(Seed.hero)
        )
        const start = (from: string, fresh = false) =>
          ledger.start({
            subject: {
              _tag: "Question",
              questionId: question.id,
              parameters: { "exposures.date_start": from, "exposures.date_end": "2026-10-31" }
            },
            title: Seed.hero,
            cleanRoom: cleanRoom.name ?? "",
            fresh
          })
        yield* Effect.forEach(["2026-10-01", "2026-10-02"], (from) => start(from))
        yield* Effect.forEach([1, 2], () => start("2026-10-01", true))
        yield* Effect.promise(() => new Promise((done) => setTimeout(done, 800)))
        yield* Reading.anew
        const { next_steps: steps = [] } = yield* Execute.run({
          question: Seed.hero,
          parameters: { "exposures.date_start": "2026-10-01", "exposures.date_end": "2026-10-31" },
          wait_seconds: 20
        })
        expect(steps[0]).toMatchObject({ tool: "retrieve_and_analyze_results" })
        const answer = yield* retrieve(Schema.decodeUnknownSync(Retrieve.Input)(steps[0]?.arguments))
        expect(answer.warnings?.join(" ")).toMatch(
          /run 3 times with the same values.*by a sliver \(exposures.date_start\)/s
        )
        const other = yield* retrieve({ question: profile })
        expect(other.warnings ?? []).toEqual([])
      }))
  }
)

describe("a large result", () => {
  layer(WorkflowStack.layer({ sandbox: { rows: 300 } }), { timeout: 60_000, excludeTestServices: true })((it) => {
    it.effect("is told as partial while it is loaded, and said to need a folder for exports", () =>
      Effect.gen(function*() {
        const { faults } = yield* Sandbox.Sandbox
        yield* faults.add({ operation: "getCleanroomQuestionRunData", kind: "delay", millis: 600 })
        const answer = yield* retrieve({ question: Seed.hero, wait_seconds: 0 })
        expect(answer).toMatchObject({ status: "partial", progress: { rows: 0 } })
        expect(answer.next_steps?.[0]).toMatchObject({ arguments: { question: Seed.hero }, after_seconds: 5 })
        yield* faults.clear
        expect(yield* retrieve({ question: Seed.hero })).toMatchObject({ status: "done" })
        expect(yield* Effect.flip(retrieve({ question: Seed.hero, export: "csv" })))
          .toMatchObject({ code: "EXPORT_FOLDER_UNSET" })
      }))
  })
})
