import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as TestClock from "effect/TestClock"
import * as HabuBreaker from "../../src/habu/HabuBreaker.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as Memory from "../../src/state/Memory.js"
import type { StateBackend } from "../../src/state/StateBackend.js"
import * as Backends from "../support/Backends.js"
import * as Client from "../support/Client.js"
import * as FakeHabu from "../support/FakeHabu.js"
import * as Progress from "../support/Progress.js"

type Client = HabuClient.Service

const withHabu = <A, E>(
  body: (habu: FakeHabu.FakeHabu, client: Client) => Effect.Effect<A, E, HabuBreaker.HabuBreaker>,
  options: Omit<Client.Options, "habu"> = {}
) => {
  const habu = FakeHabu.make()
  return Effect.flatMap(HabuClient.HabuClient, (client) => body(habu, client)).pipe(
    Effect.provide(Client.client({ ...options, habu }))
  )
}

/** Another process over the same store and the same Habu. */
const process = (habu: FakeHabu.FakeHabu, backend: StateBackend, config: Client.Options["config"] = {}) =>
  Effect.flatMap(
    Client.another(Client.client({ habu, backend, config })),
    (context) => Effect.provide(HabuClient.HabuClient, context)
  )

const rooms = (client: Client) => Progress.run(client.getAllCleanrooms({ urlParams: {} }))
const observedRooms = (client: Client) => Progress.run(client.observed.getAllCleanrooms({ urlParams: {} }))
const room = { id: "r-1", name: "Retail" }
const down = { status: 503 }

describe("a read that fails", () => {
  it.effect.each<readonly [string, FakeHabu.Answer]>([
    ["a server's failure", { status: 500 }],
    ["a broken connection", { fails: "ECONNRESET" }],
    ["an answer cut off", { json: [room], cut: true }],
    ["a page in the answer's place", { text: "<html></html>" }],
    ["a short limit", { status: 429, headers: { "retry-after": "2" } }]
  ])("is sent again after %s", ([_, failure]) =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", failure, failure, { json: [room] })
        expect(yield* rooms(client)).toEqual([room])
        expect(habu.calls()).toHaveLength(3)
      })
    ))

  it.effect("is sent again after a timeout", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [], delay: "10 minutes" }, { json: [room] })
        expect(yield* Progress.run(client.getAllCleanrooms({ urlParams: {} }), "31 seconds")).toEqual([room])
      })
    ))

  it.effect("may be slow: 10 s are no failure", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [room], delay: "10 seconds" })
        expect(yield* rooms(client)).toEqual([room])
        expect(habu.calls()).toHaveLength(1)
      })
    ))

  it.effect("is not sent again where that changes nothing", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        for (const status of [400, 403, 404, 429]) {
          habu.on("GET /users", { status })
          yield* Effect.flip(Progress.run(client.getAllOrganizationUsers({ urlParams: {} })))
        }
        expect(habu.calls()).toHaveLength(4)
      })
    ))

  it.effect("also when it is a POST that only reads", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("POST /cleanrooms/r/cleanroom-flows/list", down, { json: { flows: [], count: 0 } })
        yield* Progress.run(client.listCleanroomFlows({ path: { cleanroomId: "r" }, payload: { limit: 5 } }))
        expect(habu.calls()).toHaveLength(2)
      })
    ))

  it.effect("tells in the end what went wrong", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", down)
        expect(yield* Effect.flip(rooms(client))).toMatchObject({ _tag: "Unavailable", status: 503 })
        expect(habu.calls()).toHaveLength(3)
      })
    ))
})

describe("reads that were made before", () => {
  it.effect("are answered from memory for half a minute", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [room] })
        yield* rooms(client)
        yield* rooms(client)
        yield* Progress.run(client.getAllCleanrooms({ urlParams: { limit: 1 } }))
        expect(habu.calls()).toHaveLength(2)
        yield* TestClock.adjust("30 seconds")
        yield* rooms(client)
        expect(habu.calls()).toHaveLength(3)
      })
    ))

  it.effect("are made anew after a write, also after one that failed", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [room] })
        habu.on("GET /identifier-types", { json: [] })
        const types = Progress.run(client.getAllIdentifierTypes())
        const remove = Progress.run(client.deleteCleanroom({ path: { cleanroomId: "r-1" } }))
        yield* rooms(client)
        yield* types
        habu.on("DELETE /cleanrooms/r-1", { json: { success: true } })
        yield* remove
        yield* rooms(client)
        yield* types
        habu.on("DELETE /cleanrooms/r-1", { fails: "ECONNRESET" })
        yield* Effect.flip(remove)
        yield* rooms(client)
        const reads = habu.calls().filter(({ method }) => method === "GET").map(({ path }) => path)
        expect(reads).toEqual(["/cleanrooms", "/identifier-types", "/cleanrooms", "/cleanrooms"])
      })
    ))

  it.effect("are shared while they are under way, also when the first one to ask gives up", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [room], delay: "2 seconds" })
        const first = yield* Effect.fork(client.getAllCleanrooms({ urlParams: {} }))
        yield* Progress.until(() => habu.calls().length === 1)
        const second = yield* Effect.fork(client.getAllCleanrooms({ urlParams: {} }))
        yield* Effect.yieldNow()
        yield* Fiber.interrupt(first)
        expect(yield* Progress.ended(second)).toEqual([room])
        expect(habu.calls()).toHaveLength(1)
      })
    ))

  it.effect("stand in while Habu is down, and say how old they are", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [room] }, down)
        expect(yield* observedRooms(client)).toEqual({ value: [room], observedAt: 0, live: true })
        yield* TestClock.adjust("1 hour")
        expect(yield* observedRooms(client)).toEqual({ value: [room], observedAt: 0, live: false })
        expect(yield* rooms(client)).toEqual([room])
      })
    ))

  it.effect("do not stand in for a refusal", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [room] }, { status: 403 })
        yield* rooms(client)
        yield* TestClock.adjust("1 hour")
        expect(yield* Effect.flip(rooms(client))).toMatchObject({ _tag: "Forbidden" })
      })
    ))

  it.effect("are not kept where they are results, which are large and other people's data", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        const path = { cleanroomQuestionRunId: "run-1" }
        habu.on("GET /cleanroom-question-runs/run-1/data", { json: { stats: [] } }, { json: { stats: [] } }, down)
        const data = Progress.run(client.getCleanroomQuestionRunData({ path, urlParams: {} }))
        yield* data
        yield* data
        expect(habu.calls()).toHaveLength(2)
        expect(yield* Effect.flip(data)).toMatchObject({ _tag: "Unavailable" })
      })
    ))
})

describe("when Habu fails again and again", () => {
  it.effect("calls fail at once after five failures; what was read before is answered, with its age", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [room] }, down)
        habu.on("GET /users", down)
        const users = Progress.run(client.getAllOrganizationUsers({ urlParams: {} }))
        yield* rooms(client)
        yield* TestClock.adjust("10 minutes")
        yield* Effect.flip(users)
        expect(yield* Effect.flip(users)).toMatchObject({ _tag: "BreakerOpen", operation: "getAllOrganizationUsers" })
        expect(habu.calls()).toHaveLength(6)
        expect(yield* (yield* HabuBreaker.HabuBreaker).state).toMatchObject({ _tag: "Open" })
        expect(yield* observedRooms(client)).toMatchObject({ value: [room], observedAt: 0, live: false })
        expect(habu.calls()).toHaveLength(6)
      })
    ))

  it.effect("and work again half a minute after it came back", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /users", ...Array.from({ length: 5 }, () => down), { json: [] })
        const users = Progress.run(client.getAllOrganizationUsers({ urlParams: {} }))
        yield* Effect.flip(users)
        yield* Effect.flip(users)
        yield* TestClock.adjust("30 seconds")
        expect(yield* users).toEqual([])
      })
    ))
})

describe("an object that Habu lets one read only every few minutes", () => {
  const path = { cleanroomQuestionRunId: "run-1" }
  const on = "GET /cleanroom-question-runs/run-1"
  const queued = { id: "run-1", status: "QUEUED" }
  const running = { id: "run-1", status: "RUNNING" }
  const poll = (client: Client) => Progress.run(client.observed.getCleanroomQuestionRunById({ path }))
  const minutes = (count: number) => Duration.toMillis("1 minute") * count

  it.scoped("is read once per interval by all processes, who otherwise get the copy with its age", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const one = yield* process(habu, backend)
      const two = yield* process(habu, backend)
      habu.on(on, { json: queued }, { json: running })
      expect(yield* poll(one)).toEqual({ value: queued, observedAt: 0, live: true })
      yield* TestClock.adjust("1 minute")
      expect(yield* poll(two)).toEqual({ value: queued, observedAt: 0, live: false })
      expect(yield* poll(one)).toEqual({ value: queued, observedAt: 0, live: false })
      expect(habu.calls()).toHaveLength(1)
      yield* TestClock.setTime(minutes(5))
      expect(yield* poll(two)).toEqual({ value: running, observedAt: minutes(5), live: true })
      expect(yield* poll(one)).toEqual({ value: running, observedAt: minutes(5), live: false })
      expect(habu.calls()).toHaveLength(2)
    }))

  it.effect("is asked for once by all who ask at the same time, also when the first one gives up", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(on, { json: queued, delay: "1 second" })
        const first = yield* Effect.fork(client.getCleanroomQuestionRunById({ path }))
        yield* Progress.until(() => habu.calls().length === 1)
        const second = yield* Effect.fork(client.getCleanroomQuestionRunById({ path }))
        yield* Effect.yieldNow()
        yield* Fiber.interrupt(first)
        expect(yield* Progress.ended(second)).toEqual(queued)
        expect(yield* poll(client)).toMatchObject({ live: false })
        expect(habu.calls()).toHaveLength(1)
      })
    ))

  it.scoped("is waited for where another process reads it for the first time", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const one = yield* process(habu, backend)
      const two = yield* process(habu, backend)
      habu.on(on, { json: queued, delay: "1 second" })
      const first = yield* Effect.fork(one.getCleanroomQuestionRunById({ path }))
      yield* Progress.until(() => habu.calls().length === 1)
      expect(yield* poll(two)).toMatchObject({ value: queued, live: false })
      expect(yield* Progress.ended(first)).toEqual(queued)
      expect(habu.calls()).toHaveLength(1)
    }))

  it.scoped("is waited for no longer than a request may take", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const one = yield* process(habu, backend)
      const two = yield* process(habu, backend)
      habu.on(on, { json: queued, delay: "1 hour" })
      yield* Effect.fork(one.getCleanroomQuestionRunById({ path }))
      yield* Progress.until(() => habu.calls().length === 1)
      expect(yield* Effect.flip(poll(two))).toMatchObject({ _tag: "BudgetExhausted", budget: "poll" })
      expect(habu.calls()).toHaveLength(1)
    }))

  it.effect("is told to be too early where there is no copy", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(on, { status: 404 })
        expect(yield* Effect.flip(poll(client))).toMatchObject({ _tag: "NotFound" })
        expect(yield* Effect.flip(poll(client))).toMatchObject({
          _tag: "BudgetExhausted",
          budget: "poll",
          windowSeconds: 300,
          retryAt: minutes(5),
          operation: "getCleanroomQuestionRunById"
        })
        expect(habu.calls()).toHaveLength(1)
      })
    ))

  it.effect("is not answered from a copy once Habu has it no more", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(on, { json: queued }, { status: 404 })
        yield* poll(client)
        yield* TestClock.adjust("5 minutes")
        expect(yield* Effect.flip(poll(client))).toMatchObject({ _tag: "NotFound" })
        expect(yield* Effect.flip(poll(client))).toMatchObject({ _tag: "BudgetExhausted", retryAt: minutes(10) })
        expect(habu.calls()).toHaveLength(2)
      })
    ))

  it.effect("is not sent again when it fails; the last copy stands in", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(on, { json: queued }, down)
        yield* poll(client)
        yield* TestClock.adjust("5 minutes")
        expect(yield* poll(client)).toEqual({ value: queued, observedAt: 0, live: false })
        expect(habu.calls()).toHaveLength(2)
      })
    ))

  it.effect("costs no poll where the request never left", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(on, { fails: "ECONNREFUSED" }, { json: queued })
        expect(yield* Effect.flip(poll(client))).toMatchObject({ _tag: "Unavailable", neverSent: true })
        expect(yield* poll(client)).toMatchObject({ value: queued, live: true })
      })
    ))

  it.effect("counts on a clock of its own for each object, whatever reads it", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        const flow = { cleanroomId: "r", cleanroomFlowRunId: "f" }
        habu.on("GET /data-connections/d", { json: { id: "d" } })
        habu.on("GET /cleanrooms/r/cleanroom-flow-runs/f/status", { json: {} })
        yield* Progress.run(client.getDataConnectionById({ path: { dataConnectionId: "d" } }))
        yield* Progress.run(client.getCleanroomFlowRunStatus({ path: flow }))
        expect(yield* Effect.flip(Progress.run(client.getCleanroomFlowRunByID({ path: flow })))).toMatchObject({
          _tag: "BudgetExhausted",
          windowSeconds: 180
        })
        expect(habu.calls()).toHaveLength(2)
      })
    ))

  it.effect("may be read faster in a sandbox whose time passes faster", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(on, { status: 404 })
        yield* Effect.flip(poll(client))
        expect(yield* Effect.flip(poll(client))).toMatchObject({ retryAt: 5_000, windowSeconds: 5 })
        yield* TestClock.adjust("5 seconds")
        expect(yield* Effect.flip(poll(client))).toMatchObject({ _tag: "NotFound" })
      }), { config: { apiUrl: "http://localhost:1", sandboxSpeed: 60 } }))

  it.scoped("is kept sealed: who has another secret gets no copy", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const secretive = { ...queued, runMetadata: { saltKey: "CANARY-salt" }, parameters: { who: "CANARY-value" } }
      habu.on(on, { json: secretive })
      yield* poll(yield* process(habu, backend))
      expect(yield* Backends.contents(backend)).toContain("copy/")
      expect(yield* Backends.contents(backend)).not.toContain("CANARY")
      const rotated = yield* process(habu, backend, { clientSecret: Redacted.make("rotated".padEnd(64, "1")) })
      expect(yield* Effect.flip(poll(rotated))).toMatchObject({ _tag: "BudgetExhausted" })
    }))

  it.effect("is answered all the same while the copy cannot be kept", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.switched
      yield* withHabu((habu, client) =>
        Effect.gen(function*() {
          habu.on(on, { json: queued })
          backend.fail(["modify"], /copy/)
          expect(yield* poll(client)).toMatchObject({ value: queued, live: true })
          backend.fail(["read"], /copy/)
          expect(yield* Effect.flip(poll(client))).toMatchObject({ _tag: "StateUnavailable" })
        }), { backend })
    }))

  it.effect("is not asked for while the store cannot tell when it was", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.switched
      yield* withHabu((habu, client) =>
        Effect.gen(function*() {
          backend.fail(["modify"], /poll/)
          expect(yield* Effect.flip(poll(client))).toMatchObject({ _tag: "StateUnavailable" })
          expect(habu.calls()).toEqual([])
        }), { backend })
    }))
})

describe("what the API user may not do", () => {
  const path = { cleanroomId: "r-1" }
  const denied = { status: 403, json: { message: "Access is denied" } }
  const member = (role: string, user: object) => ({ id: "m", role: { name: role }, user })

  it.effect("is told with whom to ask, where that can be read", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms/r-1/datasets", denied)
        habu.on("GET /cleanrooms/r-1/users", {
          json: [
            member("Administrator", { email: "ann@retail.example", name: "Ann" }),
            member("Viewer", { email: "viv@retail.example" }),
            member("API Administrator", { email: "api-user-1@habu.com" }),
            member("Administrator", { name: "Bo\u202Eb" }),
            member("Administrator", {}),
            { id: "nobody" }
          ]
        })
        expect(yield* Effect.flip(Progress.run(client.getCleanroomDatasets({ path })))).toMatchObject({
          _tag: "Forbidden",
          habuMessage: "Access is denied",
          administrators: ["ann@retail.example", "Bob"]
        })
      })
    ))

  it.effect.each<readonly [string, FakeHabu.Answer]>([
    ["denied too", denied],
    ["empty", { json: [] }],
    ["broken", { status: 400 }]
  ])("is told without names where the users are %s", ([_, users]) =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("DELETE /cleanrooms/r-1", denied)
        habu.on("GET /cleanrooms/r-1/users", users)
        const error = yield* Effect.flip(Progress.run(client.deleteCleanroom({ path })))
        expect(error).toMatchObject({ _tag: "Forbidden", operation: "deleteCleanroom" })
        expect(error).not.toHaveProperty("administrators")
        expect(habu.calls()).toHaveLength(2)
      })
    ))

  it.effect("is not asked about where no clean room is named, nor of the users themselves", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /users", denied)
        habu.on("GET /cleanrooms/r-1/users", denied)
        yield* Effect.flip(Progress.run(client.getAllOrganizationUsers({ urlParams: {} })))
        yield* Effect.flip(Progress.run(client.getCleanroomUsers({ path, urlParams: {} })))
        expect(habu.calls()).toHaveLength(2)
      })
    ))
})
