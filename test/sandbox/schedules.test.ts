import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { hero } from "../../src/sandbox/Seed.js"
import { monday, requestToken, send, start } from "./harness.js"

const begin = (name = hero, cleanRoom = "Fizzwell Summer Campaign") =>
  Effect.gen(function*() {
    const harness = yield* start()
    const { call, get, questionId, sandbox } = harness
    const id = yield* questionId(cleanRoom, name)
    const path = `/cleanroom-questions/${id}/cleanroom-question-run-schedules`
    const create = (input: object) => call("POST", path, { name: "Morning", ...input })
    /** Runs that schedules made, oldest first. A day takes the token along, so this reads behind the API. */
    const fired = Effect.gen(function*() {
      yield* send(`${sandbox.url}/health`)
      return sandbox.world.runs
        .where((run) => run.cleanRoomQuestionId === id && run.submittedAt > monday)
        .map(({ name, submittedAt }) => [name, new Date(submittedAt).toISOString()])
    })
    return { ...harness, id, path, create, get, fired }
  })

describe("schedules", () => {
  it.scoped("fire on the sandbox's clock, each run at its own time", () =>
    Effect.gen(function*() {
      const { create, fired, sandbox } = yield* begin()
      const made = yield* create({ repeatFrequency: "DAILY", startSchedule: "2026-03-17T06:00:00Z" })
      assert.deepStrictEqual(Object.keys(made.json), ["id"])
      assert.deepStrictEqual(yield* fired, [])
      yield* sandbox.clock.set(Date.UTC(2026, 2, 19, 6))
      assert.deepStrictEqual(yield* fired, [
        ["Morning 2026-03-17", "2026-03-17T06:00:00.000Z"],
        ["Morning 2026-03-18", "2026-03-18T06:00:00.000Z"],
        ["Morning 2026-03-19", "2026-03-19T06:00:00.000Z"]
      ])
      assert.lengthOf(yield* fired, 3)
    }))

  it.scoped("fire weekly on their days and monthly on their dates, until they end", () =>
    Effect.gen(function*() {
      const { create, fired, sandbox } = yield* begin()
      yield* create({
        name: "Weekly",
        repeatFrequency: "WEEKLY",
        daysOfWeek: ["TUE", "FRI"],
        startSchedule: "2026-03-16T12:00:00Z",
        endSchedule: "2026-03-24"
      })
      yield* create({
        name: "Monthly",
        repeatFrequency: "MONTHLY",
        repeatDayofMonth: [1, 15],
        startSchedule: "2026-03-20T00:00:00Z"
      })
      yield* sandbox.clock.set(Date.UTC(2026, 3, 20))
      const names = (yield* fired).map(([name]) => name)
      assert.deepStrictEqual(names, [
        "Weekly 2026-03-17",
        "Weekly 2026-03-20",
        "Weekly 2026-03-24",
        "Monthly 2026-04-01",
        "Monthly 2026-04-15"
      ])
    }))

  it.scoped("work out relative dates when they fire", () =>
    Effect.gen(function*() {
      const { create, id, sandbox } = yield* begin()
      const parameter = (name: string, value: string) => ({
        name,
        value,
        dataType: "DATE",
        parameterType: "PARTITION_PARAMETER",
        dateType: "RELATIVE",
        dateQualifier: "DAYS"
      })
      yield* create({
        repeatFrequency: "DAILY",
        startSchedule: "2026-03-16T10:00:00Z",
        parameters: [parameter("exposures.date_start", "30"), parameter("exposures.date_end", "1")]
      })
      yield* sandbox.clock.advance("2 hours")
      const { json } = yield* requestToken(sandbox)
      const headers = { authorization: `Bearer ${json.accessToken}` }
      const list = yield* send(`${sandbox.url}/cleanroom-questions/${id}/cleanroom-question-runs?limit=1`, { headers })
      const [run] = list.json
      assert.strictEqual(run.status, "COMPLETED")
      assert.deepStrictEqual(run.parameters, {
        "exposures.date_start": "2026-02-14",
        "exposures.date_end": "2026-03-15"
      })
      const data = yield* send(`${sandbox.url}/cleanroom-question-runs/${run.id}/data`, { headers })
      assert.strictEqual(data.json.count, 5)
    }))

  it.scoped("fail the run of a question that is not READY", () =>
    Effect.gen(function*() {
      const { create, get, id, sandbox } = yield* begin(
        "Audience Overlap by Segment and Region - Global",
        "Lumen Street Measurement"
      )
      yield* create({ repeatFrequency: "DAILY", startSchedule: "2026-03-16T10:00:00Z" })
      yield* sandbox.clock.advance("3 hours")
      const { json: [run] } = yield* get(`/cleanroom-questions/${id}/cleanroom-question-runs`)
      assert.deepInclude(run, { status: "FAILED", failureReason: "Datasets missing" })
    }))

  it.scoped("are read back, changed and deleted", () =>
    Effect.gen(function*() {
      const { call, create, fired, get, path, sandbox } = yield* begin()
      const { json: { id } } = yield* create({
        repeatFrequency: "WEEKLY",
        daysOfWeek: ["MON"],
        startSchedule: "2026-03-23T06:00:00Z"
      })
      const { json: made } = yield* get(`${path}/${id}`)
      assert.deepInclude(made, {
        name: "Morning",
        repeatFrequency: "WEEKLY",
        daysOfWeek: ["MON"],
        active: true,
        startDateTime: "2026-03-23T06:00:00.000Z"
      })
      assert.isFalse("endDateTime" in made)
      assert.deepStrictEqual((yield* get(path)).json, [made])
      yield* call("PATCH", `${path}/${id}`, { name: "Evening", endSchedule: "2026-03-15" })
      const { json: patched } = yield* get(`${path}/${id}`)
      assert.deepInclude(patched, { name: "Evening", active: false, repeatFrequency: "WEEKLY" })
      assert.deepStrictEqual((yield* call("DELETE", `${path}/${id}`)).json, { success: true })
      assert.strictEqual((yield* get(`${path}/${id}`)).status, 404)
      yield* sandbox.clock.advance("30 days")
      assert.deepStrictEqual(yield* fired, [])
    }))

  it.scoped("need a name, a frequency and times that can be read", () =>
    Effect.gen(function*() {
      const { create } = yield* begin()
      const status = (input: object) => Effect.map(create(input), (answer) => answer.status)
      assert.strictEqual(yield* status({ name: " ", repeatFrequency: "DAILY" }), 400)
      assert.strictEqual(yield* status({}), 400)
      assert.strictEqual(yield* status({ repeatFrequency: "DAILY", startSchedule: "soon" }), 400)
      assert.strictEqual(yield* status({ repeatFrequency: "MONTHLY", repeatDayofMonth: [32] }), 400)
    }))
})
