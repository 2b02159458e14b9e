import { assert, layer } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Usage from "../../src/workflows/AnalyzeUsagePatterns.js"
import { callable } from "../support/Callable.js"
import * as Sandboxed from "../support/Sandboxed.js"

const analyse = (input: Usage.Input) =>
  Effect.flatMap(Usage.run(input), (answer) => Effect.orDie(Schema.encode(Usage.Output)(answer)))

const anew = (input: Usage.Input) => Effect.provide(analyse(input), Layer.fresh(Sandboxed.ofProcess))

const tokens = (answer: unknown) => JSON.stringify(answer).length / 4

const day = 86_400_000

const exportingTo = (folder: string) =>
  Effect.withConfigProvider(ConfigProvider.fromMap(new Map([["HABU_EXPORT_DIR", folder]])))

const temporary = Effect.acquireRelease(
  Effect.sync(() => Fs.mkdtempSync(Path.join(Os.tmpdir(), "usage-test-"))),
  (folder) => Effect.sync(() => Fs.rmSync(folder, { recursive: true, force: true }))
)

layer(Sandboxed.stack({ speed: 1 }), { excludeTestServices: true })(
  "analyze_usage_patterns against the sandbox",
  (it) => {
    it.effect("counts what ran, by clean room and question, beside the window before", () =>
      Effect.gen(function*() {
        const { requests, world } = yield* Sandbox.Sandbox
        const now = Date.now()
        const answer = yield* analyse({ window_days: 20, detail: "full" })
        const roomOf = (questionId: string) => world.cleanRoomQuestions.get(questionId)?.cleanRoomId
        const summer = world.cleanRooms.find(({ name }) => name === "Fizzwell Summer Campaign")
        const runs = world.runs.where((run) => roomOf(run.cleanRoomQuestionId) === summer?.id)
        const during = runs.filter(({ submittedAt }) => submittedAt >= now - 20 * day)
        const before = runs.filter(({ submittedAt }) => submittedAt < now - 20 * day && submittedAt >= now - 40 * day)
        const use = answer.clean_rooms?.find(({ name }) => name.startsWith("Fizzwell Summer Campaign"))
        assert.deepStrictEqual([use?.runs, use?.runs_before], [during.length, before.length])
        const minutes = during.reduce((sum, { completedAt, executedAt }) => sum + completedAt - executedAt, 0) / 60_000
        assert.isAtMost(Math.abs((use?.run_minutes ?? 0) - minutes), during.length)
        const asked = new Set(during.map(({ cleanRoomQuestionId }) => cleanRoomQuestionId))
        assert.match(use?.questions_used ?? "", new RegExp(`^${asked.size} of \\d+$`))
        const counts = (answer.questions ?? []).map(({ runs }) => runs)
        assert.deepStrictEqual(counts, [...counts].sort((a, b) => b - a))
        for (const { runs, runs_before = 0 } of answer.trending?.up ?? []) assert.isAbove(runs, runs_before)
        for (const { runs, runs_before = 0 } of answer.trending?.down ?? []) assert.isBelow(runs, runs_before)
        assert.deepStrictEqual(
          (yield* requests).filter(({ method, operation }) => method !== "GET" && operation !== "token"),
          []
        )
      }), 60_000)

    it.effect("names what nobody uses, and labels every quantity measured or estimated", () =>
      Effect.gen(function*() {
        const { world } = yield* Sandbox.Sandbox
        const answer = yield* analyse({})
        assert.isBelow(tokens(answer), 4000)
        const full = yield* analyse({ detail: "full" })
        const asked = new Set(
          world.runs.where(({ submittedAt }) => submittedAt >= Date.now() - 30 * day).map((run) =>
            world.cleanRoomQuestions.get(run.cleanRoomQuestionId)?.displayId
          )
        )
        for (const name of full.unused?.questions?.examples ?? []) {
          const displayId = /\((CRQ-\d+)\)$/.exec(name)?.[1]
          assert.isFalse(asked.has(displayId ?? ""), name)
        }
        assert.deepStrictEqual(full.unused?.clean_rooms?.examples?.map((name) => name.replace(/ \(.*/, "")), [
          "Holiday Planning"
        ])
        assert.strictEqual(full.unused?.schedules?.count, 2)
        const bound = new Set(
          world.cleanRoomQuestions.where(() => true).flatMap(({ bindings }) =>
            bindings.map(({ datasetId }) => datasetId)
          )
        )
        const seen = new Set(full.clean_rooms?.map(({ name }) => name.replace(/ \(CR-\d+\)$/, "")))
        seen.add("Holiday Planning")
        const idle = world.datasets.where(({ cleanRoomId, id }) =>
          !bound.has(id) && seen.has(world.cleanRooms.get(cleanRoomId)?.name.trim() ?? "")
        )
        assert.strictEqual(full.unused?.datasets?.count, idle.length)
        const kinds = (full.cost_insights ?? []).flatMap(({ quantities }) => quantities.map(({ kind }) => kind))
        assert.includeMembers(kinds, ["measured", "estimated"])
        const failed = world.runs.where(({ submittedAt }) => submittedAt >= Date.now() - 30 * day)
        const mend = full.cost_insights?.find(({ lever }) => lever.startsWith("Mend what fails"))
        assert.isAtMost(mend?.quantities[0]?.amount ?? 0, failed.length)
        assert.strictEqual(mend?.quantities[0]?.kind, "measured")
        callable([
          ...(full.next_steps ?? []),
          ...(full.cost_insights ?? []).flatMap(({ call }) => call === undefined ? [] : [call])
        ])
      }), 60_000)

    it.scoped(
      "writes the executive summary as a page, and as a file that overwrites none",
      () =>
        Effect.gen(function*() {
          const folder = yield* temporary
          const one = yield* exportingTo(folder)(Usage.run({ report: true, export: true }))
          assert.isBelow((one.report ?? "").split("\n").length, 70)
          assert.match(one.report ?? "", /^# Use of the clean rooms\n/)
          assert.include(one.report ?? "", "(estimated)")
          assert.strictEqual(Fs.readFileSync(one.file ?? "", "utf8"), one.report)
          assert.deepStrictEqual(one.attachments?.map(({ _tag }) => _tag), ["File"])
          const other = yield* exportingTo(folder)(Usage.run({ export: true }))
          assert.notStrictEqual(other.file, one.file)
          assert.lengthOf(Fs.readdirSync(folder), 2)
          const nowhere = yield* Effect.withConfigProvider(ConfigProvider.fromMap(new Map()))(
            Usage.run({ export: true })
          )
          assert.isUndefined(nowhere.file)
          assert.match((nowhere.warnings ?? []).join(), /HABU_EXPORT_DIR is not set/)
        }),
      60_000
    )

    it.effect("says of nothing that it is unused where Habu did not show it", () =>
      Effect.gen(function*() {
        const { faults } = yield* Sandbox.Sandbox
        yield* faults.add({ kind: "status", status: 403, operation: "getAllCleanroomQuestionRuns" })
        yield* faults.add({ kind: "status", status: 403, operation: "getAllCleanroomQuestionDatasets" })
        const answer = yield* anew({})
        yield* faults.clear
        assert.strictEqual(answer.status, "partial")
        assert.include(answer.summary, "Their runs could not be seen.")
        assert.deepStrictEqual(
          [answer.questions, answer.trending?.up, answer.unused?.questions, answer.unused?.datasets],
          [undefined, undefined, undefined, undefined]
        )
        // It has no questions, so nothing can have run in it.
        assert.deepStrictEqual(answer.unused?.clean_rooms?.count, 1)
      }), 60_000)

    it.effect("finds schedules that run oftener than their data change", () =>
      Effect.gen(function*() {
        const { world } = yield* Sandbox.Sandbox
        const oftener = (answer: Usage.Output) =>
          answer.cost_insights?.find(({ lever }) => lever === "Run as often as the data change")
        const change = (every: string) => {
          for (const row of world.dataConnections.where(() => true)) {
            const configuration = row.configuration.map((setting) =>
              setting.name === "JobFrequency" ? { ...setting, value: every } : setting
            )
            world.dataConnections.put({ ...row, configuration })
          }
        }
        change("DAILY")
        assert.isUndefined(oftener(yield* anew({})))
        change("WEEKLY")
        const found = oftener(yield* anew({}))
        assert.include((found?.examples ?? []).join(), "Weekly sales, every day")
        assert.deepStrictEqual(found?.quantities.map(({ kind }) => kind), ["measured", "estimated"])
        // Daily instead of weekly: some 26 runs more in 30 days, for each schedule.
        const [schedules, runs] = found?.quantities ?? []
        assert.strictEqual(runs?.amount, Math.round((schedules?.amount ?? 0) * (30 - 30 / 7)))
      }), 60_000)

    it.effect("looks at one clean room alone", () =>
      Effect.gen(function*() {
        const answer = yield* anew({ clean_room: "Kestrel Reporting", report: true })
        assert.match(answer.report ?? "", /^# Use of Kestrel Reporting/)
        assert.match(answer.summary, /^1 clean room\./)
      }), 60_000)
  }
)
