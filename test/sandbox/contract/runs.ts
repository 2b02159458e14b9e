/**
 * The walk through runs and their schedules.
 */
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { at, change, question, type Sent, type Table, type Walk } from "./Walk.js"

const success = (json: unknown) => assert.deepStrictEqual(json, { success: true })

const started = (walk: Walk) =>
  Effect.map(
    walk.answer("createCleanroomQuestionRun", { ...question("hero"), body: { name: "test" } }),
    (run): Sent => ({ path: { cleanroomQuestionRunId: run.id } })
  )

/** The oldest run of the history. */
const past = (key: string, status: string) => (walk: Walk) =>
  Effect.map(
    walk.answer("getAllCleanroomQuestionRuns", { ...question(key), query: { status, limit: "100" } }),
    (runs): Sent => ({ path: { cleanroomQuestionRunId: runs.at(-1).id } })
  )

/** A run of a partner's question, whose owner then took all permissions away. */
const forbidden = (sent: Sent, walk: Walk) =>
  Effect.gen(function*() {
    const { world } = walk
    const { cleanroomQuestionId = "" } = { ...question("marketplace-segments").path }
    const allowed = world.cleanRoomQuestions.get(cleanroomQuestionId)
    if (world.runs.find((run) => run.cleanRoomQuestionId === cleanroomQuestionId) === undefined) {
      yield* walk.answer("createCleanroomQuestionRun", { path: { cleanroomQuestionId }, body: { name: "theirs" } })
    }
    world.cleanRoomQuestions.put(Object.assign({}, allowed, { permissions: [] }))
    const run = world.runs.find((run) => run.cleanRoomQuestionId === cleanroomQuestionId)
    return at({ path: { cleanroomQuestionId, cleanroomQuestionRunId: run?.id ?? "" } })(sent)
  })

const usedUp = (sent: Sent, walk: Walk) =>
  Effect.as(Effect.repeatN(walk.ask("createCleanroomQuestionRun", sent), 19), sent)

const polledOut = (sent: Sent, walk: Walk) =>
  Effect.as(Effect.repeatN(walk.ask("getCleanroomQuestionRunById", sent), 19), sent)

/** A result is there when its run is through. */
const unfinished = (_: Sent, walk: Walk) => started(walk)

export const questionRuns: Table = {
  getAllCleanroomQuestionRuns: {
    sent: { ...question("hero"), query: { status: "COMPLETED", limit: "3", offset: "1" } },
    shows: (list, walk) =>
      Effect.map(
        walk.answer("getAllCleanroomQuestionRuns", { ...question("hero"), query: { status: "COMPLETED" } }),
        (all) => assert.deepStrictEqual(list, all.slice(1, 4))
      )
  },
  createCleanroomQuestionRun: {
    sent: {
      ...question("hero"),
      body: { name: "May", parameters: { "exposures.date_start": "2025-12-01", "exposures.date_end": "2026-02-28" } }
    },
    shows: (run, walk, sent) =>
      Effect.gen(function*() {
        assert.deepInclude(run, { name: "May", status: "QUEUED" })
        const path = { cleanroomQuestionRunId: run.id }
        assert.deepStrictEqual(yield* walk.answer("getCleanroomQuestionRunById", { path }), run)
        assert.deepStrictEqual((yield* walk.answer("getAllCleanroomQuestionRuns", sent))[0], run)
        yield* walk.clock.advance("31 minutes")
        assert.strictEqual((yield* walk.answer("getCleanroomQuestionRunById", { path })).status, "COMPLETED")
        assert.strictEqual((yield* walk.answer("getCleanroomQuestionRunData", { path })).count, 5)
        yield* walk.clock.advance("1 hour")
      }),
    refuses: {
      400: change({ name: " " }),
      403: forbidden,
      412: [at(question("global-copy")), at(question("spring-reach"))],
      429: usedUp
    }
  },
  getCleanroomQuestionRunById: {
    sent: past("hero", "COMPLETED"),
    shows: (run) => assert.deepInclude(run, { status: "COMPLETED" }),
    refuses: {
      429: polledOut
    }
  },
  updateCleanroomQuestionRunStatus: {
    sent: (walk) =>
      Effect.gen(function*() {
        yield* walk.clock.advance("1 hour")
        const run = yield* started(walk)
        return { ...run, body: { id: run.path?.["cleanroomQuestionRunId"], status: "PARTNER_RUNNING" } }
      }),
    shows: (answer, walk, sent) =>
      Effect.gen(function*() {
        assert.strictEqual(answer.code, "OK")
        assert.strictEqual((yield* walk.answer("getCleanroomQuestionRunById", sent)).status, "PARTNER_RUNNING")
      }),
    refuses: {
      400: [
        change({ status: "LOST" }),
        (sent, walk) => Effect.map(past("hero", "COMPLETED")(walk), (run) => ({ ...sent, ...run }))
      ],
      403: forbidden
    }
  },
  deleteCleanroomQuestionRun: {
    sent: started,
    shows: (answer, walk, sent) =>
      Effect.map(walk.ask("getCleanroomQuestionRunById", sent), ({ status }) => {
        success(answer)
        assert.strictEqual(status, 404)
      }),
    refuses: { 403: forbidden }
  },
  getCleanroomQuestionRunData: {
    sent: past("hero", "COMPLETED"),
    shows: (data) => {
      assert.strictEqual(data.count, 5)
      assert.includeMembers(Object.keys(data.stats[0]), ["channel", "people_reached"])
    },
    refuses: { 403: forbidden, 404: unfinished }
  },
  getCleanroomQuestionRunDataCount: {
    sent: past("hero", "COMPLETED"),
    shows: (count) => assert.strictEqual(count, 5),
    refuses: { 403: forbidden, 404: unfinished }
  },
  getCleanroomQuestionRunOutputFile: {
    sent: (walk) =>
      Effect.map(past("hero", "COMPLETED")(walk), ({ path }) => ({ path: { ...path, fileName: "results.csv" } })),
    shows: (text) => assert.match(String(text), /^channel,/),
    refuses: { 403: forbidden, 404: (sent, walk) => Effect.map(started(walk), (run) => at(run)(sent)) }
  },
  getCleanroomQuestionRunAudit: {
    sent: past("hero", "COMPLETED"),
    shows: (audit) =>
      assert.deepStrictEqual(
        audit.auditDetails.map((item: { eventType: string }) => item.eventType),
        ["RUN_SUBMITTED", "RUN_STARTED", "RUN_COMPLETED"]
      )
  },
  getCleanroomQuestionRunPartitionParameters: {
    sent: past("hero", "COMPLETED"),
    shows: (list) =>
      assert.deepStrictEqual(
        list.map((item: { name: string }) => item.name),
        ["exposures.date_start", "exposures.date_end"]
      )
  },
  getCleanroomQuestionRunExplainPlan: {
    sent: past("hero", "COMPLETED"),
    shows: (plan) => {
      assert.isTrue(plan.success)
      assert.isAbove(plan.explainPlan.length, 100)
    },
    refuses: { 403: forbidden }
  },
  getCleanroomQuestionRunActivationSummaries: {
    sent: past("exposed-buyers", "COMPLETED"),
    shows: (summary) => assert.deepStrictEqual(summary.activationSummary, [])
  }
}

const daily = { name: "Morning", repeatFrequency: "DAILY", startSchedule: "2026-03-20T06:00:00Z" }

const scheduled = (walk: Walk) =>
  Effect.map(
    walk.answer("createCleanroomQuestionRunSchedule", { ...question("hero"), body: daily }),
    ({ id }): Sent => ({ path: { ...question("hero").path, cleanroomQuestionRunScheduleId: id } })
  )

const ended = at(question("spring-reach"))

export const schedules: Table = {
  createCleanroomQuestionRunSchedule: {
    sent: { ...question("hero"), body: daily },
    shows: ({ id }, walk) =>
      Effect.gen(function*() {
        const path = { ...question("hero").path, cleanroomQuestionRunScheduleId: id }
        const read = yield* walk.answer("getCleanroomQuestionRunScheduleById", { path })
        assert.deepInclude(read, { id, name: "Morning", repeatFrequency: "DAILY", active: true })
      }),
    refuses: { 400: [change({ name: "" }), change({ startSchedule: "soon" })], 403: ended }
  },
  getCleanroomQuestionRunSchedules: {
    sent: question("hero"),
    shows: (list, walk) =>
      Effect.gen(function*() {
        const sent = yield* scheduled(walk)
        const one = yield* walk.answer("getCleanroomQuestionRunScheduleById", sent)
        const more = yield* walk.answer("getCleanroomQuestionRunSchedules", sent)
        assert.deepStrictEqual(more, [...list, one])
      })
  },
  getCleanroomQuestionRunScheduleById: {
    sent: scheduled,
    shows: (read, _, sent) => {
      assert.strictEqual(read.id, sent.path?.["cleanroomQuestionRunScheduleId"])
      assert.strictEqual(read.startDateTime, "2026-03-20T06:00:00.000Z")
    }
  },
  patchCleanroomQuestionRunScheduleById: {
    sent: (walk) => Effect.map(scheduled(walk), (sent) => ({ ...sent, body: { name: "Evening" } })),
    shows: (_, walk, sent) =>
      Effect.map(
        walk.answer("getCleanroomQuestionRunScheduleById", sent),
        (read) => assert.deepInclude(read, { name: "Evening", repeatFrequency: "DAILY" })
      ),
    refuses: { 400: change({ repeatDayofMonth: [32] }) }
  },
  deleteCleanroomQuestionRunScheduleById: {
    sent: scheduled,
    shows: (answer, walk, sent) =>
      Effect.map(walk.ask("getCleanroomQuestionRunScheduleById", sent), ({ status }) => {
        success(answer)
        assert.strictEqual(status, 404)
      })
  }
}
