import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Health from "../../src/workflows/MonitorOrganizationHealth.js"
import { callable } from "../support/Callable.js"
import * as Sandboxed from "../support/Sandboxed.js"

const look = (input: Health.Input) =>
  Effect.flatMap(Health.run(input), (answer) => Effect.orDie(Schema.encode(Health.Output)(answer)))

/** As a process of its own sees it, with nothing read before. */
const anew = (input: Health.Input) => Effect.provide(look(input), Layer.fresh(Sandboxed.ofProcess))

const tokens = (answer: unknown) => JSON.stringify(answer).length / 4

const day = 86_400_000

/** What a chart's specification draws, and along which axis. */
const drawn = ({ chart }: Health.Output) => {
  const { data, encoding } = chart as unknown as {
    readonly data: { readonly values: ReadonlyArray<{ readonly x: string; readonly y: number }> }
    readonly encoding: { readonly x: { readonly axis: { readonly title: string } } }
  }
  return { values: data.values, axis: encoding.x.axis.title }
}

const sum = (values: ReadonlyArray<{ readonly y: number }>) => values.reduce((total, { y }) => total + y, 0)

layer(Sandboxed.stack({ rooms: 6, questions: 11, speed: 1 }), { excludeTestServices: true })(
  "monitor_organization_health against the sandbox",
  (it) => {
    it.effect("scores clean rooms by rules that are told, from what was counted", () =>
      Effect.gen(function*() {
        const { requests, world } = yield* Sandbox.Sandbox
        const answer = yield* look({ detail: "full" })
        assert.strictEqual(answer.clean_rooms?.length, 13)
        const summer = world.cleanRooms.find(({ name }) => name === "Fizzwell Summer Campaign")
        const questions = world.cleanRoomQuestions.where(({ cleanRoomId }) => cleanRoomId === summer?.id)
        const ready = questions.filter(({ bindings }) => bindings.every(({ datasetId }) => datasetId !== undefined))
        const [scored] = answer.clean_rooms?.filter(({ name }) => name === summer?.name) ?? []
        const share = Math.round(ready.length / questions.length * 100)
        assert.strictEqual(scored?.scores["readiness"], `${share} (${ready.length} of ${questions.length})`)
        const [spring] = answer.clean_rooms?.filter(({ name }) => name === "Spring Launch") ?? []
        assert.strictEqual(spring?.scores["dates"], "0 (0 of 1)")
        // Nothing ran there within the window, so there is nothing to score.
        assert.notProperty(spring?.scores, "runs")
        for (const { overall, scores } of answer.clean_rooms ?? []) {
          assert.includeMembers(Object.keys(answer.rules ?? {}), Object.keys(scores))
          const each = Object.values(scores).map((text) => Number.parseInt(text))
          assert.strictEqual(overall, Math.round(each.reduce((a, b) => a + b, 0) / each.length))
        }
        const overalls = (answer.clean_rooms ?? []).map(({ overall = 101 }) => overall)
        assert.deepStrictEqual(overalls, [...overalls].sort((a, b) => a - b))
        const sent = (yield* requests).filter(({ method, operation }) => method !== "GET" && operation !== "token")
        assert.deepStrictEqual(sent, [])
      }), 60_000)

    it.effect("counts runs by hour and weekday and against the window before", () =>
      Effect.gen(function*() {
        const { world } = yield* Sandbox.Sandbox
        const now = Date.now()
        const answer = yield* look({ window_days: 20 })
        const foreign = world.cleanRooms.find(({ name }) => name === "Northwind Shopper Panel")
        const seen = world.runs.where((run) =>
          world.cleanRoomQuestions.get(run.cleanRoomQuestionId)?.cleanRoomId !== foreign?.id
        )
        const during = seen.filter(({ submittedAt }) => submittedAt >= now - 20 * day)
        const before = seen.filter(({ submittedAt }) => submittedAt < now - 20 * day && submittedAt >= now - 40 * day)
        assert.deepStrictEqual([answer.trend?.runs.now, answer.trend?.runs.before], [during.length, before.length])
        const hours = Array.from({ length: 24 }, (_, hour) =>
          during.filter(({ submittedAt }) => new Date(submittedAt).getUTCHours() === hour).length)
        assert.deepStrictEqual(answer.pattern?.by_hour_utc, hours)
        const sundays = during.filter(({ submittedAt }) =>
          new Date(submittedAt).getUTCDay() === 0
        )
        assert.strictEqual(answer.pattern?.by_weekday["Sun"], sundays.length)
      }), 60_000)

    it.effect("recommends what would help most, each with a call that can be made", () =>
      Effect.gen(function*() {
        const answer = yield* look({})
        const calls = (answer.recommendations ?? []).flatMap(({ call }) => call === undefined ? [] : [call])
        assert.lengthOf(calls, answer.recommendations?.length ?? 0)
        callable([...calls, ...(answer.next_steps ?? [])])
        const did = (answer.recommendations ?? []).map(({ do: todo, whose_turn = "" }) => `${todo}: ${whose_turn}`)
        const at = (pattern: RegExp) => did.findIndex((one) => pattern.test(one))
        // Many questions wait for the one, a single question for the other.
        const ours = at(/^Assign the missing datasets: Alder & Pine Retail/)
        const theirs = at(/^Assign the missing datasets: Lumen Street Media/)
        assert.isAtLeast(ours, 0)
        assert.isBelow(ours, theirs)
        assert.isAtLeast(at(/^End the schedules that start nothing/), 0)
        assert.isAtLeast(at(/^Mend or finish the data connections/), 0)
        assert.isAbove(answer.bottlenecks?.stuck_connections?.length ?? 0, 1)
        assert.match(answer.bottlenecks?.run_starts ?? "", /20 of 20 run starts left/)
        assert.isBelow(tokens(answer), 4000)
        assert.strictEqual(answer.other_clean_rooms?.count, 5)
      }), 60_000)

    it.effect("draws what is asked for, with axes that say what they are", () =>
      Effect.gen(function*() {
        const plain = yield* Health.run({})
        const hours = yield* Health.run({ chart: "runs_by_hour" })
        assert.notProperty(plain, "attachments")
        assert.strictEqual(hours.attachments?.length, 1)
        const [image] = hours.attachments ?? []
        assert.strictEqual(image?._tag === "Image" && String.fromCharCode(...image.bytes.slice(1, 4)), "PNG")
        assert.deepInclude(hours.chart, { mark: { type: "bar" } })
        const { axis, values } = drawn(hours)
        assert.deepStrictEqual([axis, sum(values)], ["hour", hours.trend?.runs.now])
        assert.strictEqual(sum(values.filter(({ x }) => x === "13")), hours.pattern?.by_hour_utc[13])
        const scores = drawn(yield* Health.run({ chart: "scores" }))
        assert.deepStrictEqual([scores.axis, scores.values.length], ["score", 13])
        const overalls = scores.values.map(({ y }) => y)
        assert.deepStrictEqual(overalls, [...overalls].sort((a, b) => a - b))
        assert.isBelow(tokens(yield* look({ chart: "runs_by_hour" })), 4000)
      }), 60_000)

    it.effect("is there at once the second time", () =>
      Effect.gen(function*() {
        const { requests } = yield* Sandbox.Sandbox
        const during = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
          Effect.gen(function*() {
            const before = (yield* requests).length
            yield* effect
            return (yield* requests).length - before
          })
        yield* look({})
        assert.isAtMost(yield* during(look({})), 1)
      }), 60_000)

    it.effect("tells what is denied and what failed, and scores nothing by it", () =>
      Effect.gen(function*() {
        const { faults } = yield* Sandbox.Sandbox
        yield* faults.add({ kind: "status", status: 403, operation: "getCleanroomDatasets" })
        yield* faults.add({ kind: "status", status: 403, operation: "getAllCleanroomQuestionRuns" })
        yield* faults.add({ kind: "malformed", operation: "getAllDataConnections" })
        const answer = yield* anew({ detail: "full" })
        yield* faults.clear
        assert.strictEqual(answer.status, "partial")
        assert.match(answer.summary, /Denied: \d+ parts, of which 5 are listed\. Not answered: 1 part/)
        assert.deepStrictEqual(answer.failed?.map(({ part }) => part), ["data connections"])
        for (const score of ["runs", "queue", "data"]) {
          assert.notProperty(answer.organization?.scores, score)
          assert.isFalse((answer.clean_rooms ?? []).some(({ scores }) => score in scores))
        }
        assert.isUndefined(answer.pattern)
        const said = JSON.stringify(answer.recommendations)
        assert.notMatch(said, /Nothing ran|brought no dataset/)
      }), 60_000)
  }
)
