import { assert, it as plain, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { HabuDirectory } from "../../src/habu/HabuDirectory.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Seed from "../../src/sandbox/Seed.js"
import * as ManageQuestionSchedules from "../../src/workflows/ManageQuestionSchedules.js"
import * as Truth from "../support/Truth.js"
import * as WorkflowStack from "../support/WorkflowStack.js"

// Time must stand still enough here for days to be compared.
const still = { sandbox: { speed: 1 } }

const question = Seed.hero
const dates = { "exposures.date_start": "-30 days", "exposures.date_end": "today" }

const manage = (input: ManageQuestionSchedules.Input) =>
  Effect.flatMap(ManageQuestionSchedules.run(input), Schema.encode(ManageQuestionSchedules.Output))

const rows = Effect.gen(function*() {
  const { world } = yield* Sandbox.Sandbox
  const { question: placed } = yield* Effect.flatMap(HabuDirectory, (directory) => directory.question(question))
  return world.schedules.where((row) => row.cleanRoomQuestionId === placed.id)
})

const results = (answer: ManageQuestionSchedules.Output) => (answer.steps ?? []).map(({ result }) => result)

layer(WorkflowStack.layer(still), { excludeTestServices: true })(
  "manage_question_schedules against the sandbox",
  (it) => {
    it.effect("asks for the values that runs need, and what would be done by default", () =>
      Effect.gen(function*() {
        const [answer, sent] = yield* WorkflowStack.writesOf(manage({ action: "create", question }))
        assert.deepStrictEqual([answer.status, sent], ["needs_input", []])
        assert.match(answer.parameters_needed?.join() ?? "", /exposures\.date_start/)
        assert.isAbove(answer.reasons?.length ?? 0, 1)
        const filled = answer.next_steps?.[0]?.arguments["parameters"]
        assert.property(filled, "exposures.date_start")
      }))

    it.effect("makes one schedule with moving dates in a quiet hour with an end, and none twice", () =>
      Effect.gen(function*() {
        const [plan, none] = yield* WorkflowStack.writesOf(
          manage({ action: "create", question, parameters: dates, dry_run: true })
        )
        assert.deepStrictEqual([results(plan), none], [["planned"], []])
        const made = yield* manage({ action: "create", question, parameters: dates })
        assert.deepStrictEqual([made.status, results(made)], ["done", ["done"]], JSON.stringify(made))
        const [row] = yield* rows
        const start = row?.input.parameters?.find(({ name }) => name === "exposures.date_start")
        assert.deepInclude(start, { value: "30", dateType: "RELATIVE", dateQualifier: "DAYS" })
        assert.match(row?.input.startSchedule ?? "", /T\d\d:00:00\.000Z$/)
        assert.isTrue(Date.parse(row?.input.endSchedule ?? "") > Date.now() + 80 * 86_400_000)
        const [again, nothing] = yield* WorkflowStack.writesOf(
          manage({ action: "create", question, parameters: dates })
        )
        assert.deepStrictEqual([again.status, results(again), nothing], ["done", ["skipped"], []])
        const listed = yield* manage({ question })
        assert.deepStrictEqual(listed.schedules?.map(({ parameters }) => parameters?.["exposures.date_start"]), [
          "-30 days"
        ])
      }))

    it.effect("changes with every field sent, ends, and begins again", () =>
      Effect.gen(function*() {
        const start = "2031-05-05T09:30:00+02:00"
        const changed = yield* manage({ action: "change", question, frequency: "DAILY", start, end: "2031-09-01" })
        assert.strictEqual(changed.status, "done", JSON.stringify(changed))
        const [row] = yield* rows
        assert.deepInclude(row?.input, { repeatFrequency: "DAILY", startSchedule: "2031-05-05T07:30:00.000Z" })
        assert.strictEqual(row?.input.parameters?.length, Object.keys(changed.schedules?.[0]?.parameters ?? {}).length)
        const [same, none] = yield* WorkflowStack.writesOf(manage({ action: "change", question, frequency: "DAILY" }))
        assert.deepStrictEqual([same.status, none], ["done", []])
        const ended = yield* manage({ action: "end", question })
        assert.strictEqual(ended.status, "done", JSON.stringify(ended))
        assert.deepStrictEqual(ended.schedules?.map(({ active }) => active), [false])
        assert.deepStrictEqual(results(yield* manage({ action: "end", question })), ["skipped"])
        const wrong = yield* Effect.flip(manage({ action: "change", question, end: "yesterday" }))
        assert.match(wrong.message, /end is "yesterday"/)
      }))

    it.effect("finds what is wrong with all schedules together, and proposes calls that can be made", () =>
      Effect.gen(function*() {
        const answer = yield* manage({ action: "conflicts" })
        const kinds = new Set(answer.conflicts?.map(({ kind }) => kind))
        for (const kind of ["clean_room_ended", "question_not_ready", "more_than_data"]) {
          assert.include([...kinds], kind)
        }
        assert.isBelow(JSON.stringify(answer).length / 4, 4_000)
        const better = yield* manage({ action: "optimise" })
        assert.isAbove(better.proposals?.length ?? 0, 2)
        const step = better.next_steps?.find((one) => one.arguments["frequency"] !== undefined)
        const taken = yield* manage({ ...step?.arguments, dry_run: true } as ManageQuestionSchedules.Input)
        assert.deepStrictEqual(results(taken), ["planned"])
      }))

    it.effect("tells which runs a schedule made, as inferred", () =>
      Effect.gen(function*() {
        const { denied, schedules, status } = yield* manage({})
        // Who is in a clean room has nothing to do with them, so that a denied list of partners hides nothing.
        assert.deepStrictEqual([status, denied], ["done", undefined])
        const { requests } = yield* Sandbox.Sandbox
        assert.notInclude((yield* requests).map(({ operation }) => operation), "getAllCleanroomPartners")
        const stores = schedules?.find(({ schedule }) => schedule === "Stores every morning")
        const answer = yield* manage({ action: "history", question: stores?.question.match(/CRQ-\d+/)?.[0] ?? "" })
        assert.isAbove(answer.history?.length ?? 0, 5)
        assert.isTrue(answer.history?.every(({ inferred }) => inferred))
        assert.match(answer.summary, /Inferred from times and values/)
      }))

    it.effect("refuses an ended clean room and unknown values, and sends nothing", () =>
      Effect.gen(function*() {
        const [ended, none] = yield* WorkflowStack.writesOf(
          Effect.flip(manage({ action: "create", question: "Spring Launch Reach" }))
        )
        assert.match(ended.message, /which ended on/)
        const wrong = yield* Effect.flip(
          manage({ action: "create", question, parameters: { ...dates, nonsense: "1" } })
        )
        assert.match(wrong.message, /parameters\.nonsense is not a parameter/)
        assert.deepStrictEqual(none, [])
      }))
  }
)

plain.live("a schedule is deleted only by a person or where that is allowed", () =>
  Effect.gen(function*() {
    yield* manage({ action: "create", question, parameters: dates })
    const [answer, sent] = yield* WorkflowStack.writesOf(manage({ action: "delete", question }))
    assert.deepStrictEqual([answer.status, sent], ["denied", []])
  }).pipe(Effect.provide(Layer.fresh(WorkflowStack.layer({ ...still, confirmation: {} })))))

const start = "2031-05-05T09:30:00Z"

/** Of its own values, for nothing is scheduled twice. */
const named = (name: string, days: number) => ({
  question,
  name,
  start,
  parameters: { ...dates, "exposures.date_start": `-${days} days` }
})

const inputOf = (name: string) => Effect.map(rows, (all) => all.find(({ input }) => input.name === name)?.input)

const told = (input: ManageQuestionSchedules.Input) => ({
  call: manage(input),
  dry: manage({ ...input, dry_run: true })
})

const hasEnded = Effect.map(
  inputOf("Ending"),
  (input) => Date.parse(input?.endSchedule ?? "2031") <= Date.now() + 60_000
)

Truth.together("the truth about schedules", [
  {
    name: "making one",
    ...told({ action: "create", ...named("Mondays", 30) }),
    holds: inputOf("Mondays"),
    holdsStep: () => Effect.map(inputOf("Mondays"), (input) => input !== undefined),
    writes: ["createCleanroomQuestionRunSchedule"]
  },
  {
    name: "changing one",
    before: manage({ action: "create", ...named("Changing", 10) }),
    ...told({ action: "change", question, schedule: "Changing", frequency: "DAILY", end: "2031-09-01" }),
    holds: inputOf("Changing"),
    holdsStep: () => Effect.map(inputOf("Changing"), (input) => input?.repeatFrequency === "DAILY"),
    writes: ["patchCleanroomQuestionRunScheduleById"]
  },
  {
    name: "ending one",
    before: manage({ action: "create", ...named("Ending", 11) }),
    ...told({ action: "end", question, schedule: "Ending" }),
    holds: hasEnded,
    holdsStep: () => hasEnded,
    writes: ["patchCleanroomQuestionRunScheduleById"]
  },
  {
    name: "deleting one",
    before: manage({ action: "create", ...named("Leaving", 12) }),
    ...told({ action: "delete", question, schedule: "Leaving" }),
    holds: inputOf("Leaving"),
    holdsStep: () => Effect.map(inputOf("Leaving"), (input) => input === undefined),
    writes: ["deleteCleanroomQuestionRunScheduleById"]
  }
])
