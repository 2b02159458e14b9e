import { describe, expect, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import * as TestClock from "effect/TestClock"
import * as HabuBudget from "../../src/habu/HabuBudget.js"
import * as HabuClient from "../../src/habu/HabuClient.js"
import { neverSent } from "../../src/habu/HabuError.js"
import { SendingPermit } from "../../src/habu/SendingPermit.js"
import * as Backends from "../support/Backends.js"
import * as Client from "../support/Client.js"
import * as FakeHabu from "../support/FakeHabu.js"
import * as Progress from "../support/Progress.js"

type Client = HabuClient.Service

const withHabu = <A, E>(
  body: (habu: FakeHabu.FakeHabu, client: Client) => Effect.Effect<A, E, HabuBudget.HabuBudget>,
  options: Omit<Client.Options, "habu"> = {}
) => {
  const habu = FakeHabu.make()
  return Effect.flatMap(HabuClient.HabuClient, (client) => body(habu, client)).pipe(
    Effect.provide(Client.client({ ...options, habu }))
  )
}

const hour = Duration.toMillis("1 hour")
const createRun = "POST /cleanroom-questions/q-1/create-run"
const startRun = (client: Client) =>
  client.createCleanroomQuestionRun({ path: { cleanroomQuestionId: "q-1" }, payload: { name: "Run 1" } })
const replay = "POST /cleanrooms/r/cleanroom-flow-runs/f/replay-flow-run"
const startsLeft = Effect.flatMap(
  HabuBudget.HabuBudget,
  ({ status }) =>
    Effect.map(status, (budgets) => budgets.find(({ budget }) => budget === "question_run_start")?.remaining)
)

/** Long enough to see a request time out. */
const patiently = <A, E>(call: Effect.Effect<A, E>) => Progress.run(call, "31 seconds")

describe("a start of a run", () => {
  it.effect.each<readonly [string, FakeHabu.Answer, object, number]>([
    ["an answer", { json: { id: "run-1" } }, { id: "run-1" }, 19],
    ["a broken connection", { fails: "ECONNRESET" }, { _tag: "OutcomeUnknown" }, 19],
    ["no answer", "never", { _tag: "OutcomeUnknown", reason: "the request was sent, and no usable answer came" }, 19],
    ["an answer too late", { json: { id: "run-1" }, delay: "31 seconds" }, { _tag: "OutcomeUnknown" }, 19],
    [
      "a server's failure",
      { status: 500, json: { message: "oops" }, headers: { "x-request-id": "req-1" } },
      { _tag: "OutcomeUnknown", habuMessage: "oops", requestId: "req-1", operation: "createCleanroomQuestionRun" },
      19
    ],
    ["a gateway's timeout", { status: 504 }, { _tag: "OutcomeUnknown" }, 19],
    ["an answer cut off", { json: { id: "run-1" }, cut: true }, { _tag: "OutcomeUnknown" }, 19],
    ["a page in the answer's place", { text: "<html></html>" }, {
      _tag: "OutcomeUnknown",
      reason: "the answer could not be read"
    }, 19],
    ["an answer of another shape", { json: { id: ["run-1"] } }, { _tag: "OutcomeUnknown" }, 19],
    ["a redirect", { status: 307, headers: { location: "/" } }, { _tag: "OutcomeUnknown" }, 19],
    ["a refusal", { status: 412 }, { _tag: "PreconditionFailed" }, 19],
    ["a connection that was refused", { fails: "ECONNREFUSED" }, { _tag: "Unavailable", neverSent: true }, 20],
    ["an unknown host", { fails: "ENOTFOUND", syscall: "getaddrinfo" }, { _tag: "Unavailable", neverSent: true }, 20]
  ])(
    "is sent once, and %s is told as what it is",
    ([_, answer, outcome, left]) =>
      withHabu((habu, client) =>
        Effect.gen(function*() {
          habu.on(createRun, answer)
          expect(Either.merge(yield* patiently(Effect.either(startRun(client))))).toMatchObject(outcome)
          expect(habu.calls()).toHaveLength(1)
          expect(yield* startsLeft).toBe(left)
        })
      )
  )

  it.effect.each<readonly [string, FakeHabu.Answer, object]>([
    ["refuses the credentials", { status: 401 }, { _tag: "CredentialsRefused" }],
    ["fails", { status: 500 }, { _tag: "Unavailable" }],
    ["does not answer", "never", { _tag: "Unavailable", reason: "timeout", operation: "token" }],
    ["has no token left", { status: 429 }, { _tag: "RateLimited", operation: "token" }],
    ["answers nonsense", { text: "?" }, { _tag: "AnswerUnreadable", operation: "token" }]
  ])(
    "was never sent where the token endpoint %s, and costs nothing",
    ([_, answer, outcome]) =>
      withHabu((habu, client) =>
        Effect.gen(function*() {
          habu.on(FakeHabu.tokenPath, answer)
          habu.on(createRun, { json: { id: "run-1" } })
          const error = yield* Effect.flip(patiently(startRun(client)))
          expect(error).toMatchObject(outcome)
          expect(neverSent(error)).toBe(true)
          expect(habu.calls()).toEqual([])
          expect(yield* startsLeft).toBe(20)
        })
      )
  )

  it.effect("is not sent without its caller's permit, costs nothing then and tells nothing of Habu", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(createRun, { json: { id: "run-1" } })
        const refused = Effect.provideService(startRun(client), SendingPermit, Effect.succeed(false))
        for (let call = 0; call < 5; call++) {
          const error = yield* Effect.flip(Progress.run(refused))
          expect(error).toMatchObject({ _tag: "PermitRefused", operation: "createCleanroomQuestionRun" })
          expect(neverSent(error)).toBe(true)
        }
        expect(habu.calls()).toEqual([])
        expect(yield* startsLeft).toBe(20)
        expect(yield* Progress.run(startRun(client))).toEqual({ id: "run-1" })
      })
    ))

  it.effect("is refused by us after twenty in an hour, with the time of the next, and nothing is sent", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(createRun, { json: { id: "run-1" } })
        yield* Progress.run(Effect.replicateEffect(startRun(client), 20))
        yield* TestClock.adjust("10 minutes")
        expect(yield* Effect.flip(Progress.run(startRun(client)))).toMatchObject({
          _tag: "BudgetExhausted",
          budget: "question_run_start",
          operation: "createCleanroomQuestionRun",
          retryAt: hour
        })
        expect(habu.calls()).toHaveLength(20)
      })
    ))

  it.effect("that Habu answers with 429 closes this budget, and this one only", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(createRun, { json: { id: "run-1" } }, { status: 429, json: { message: "Too many" } })
        habu.on(replay, { json: {} })
        habu.on("GET /cleanrooms", { json: [] })
        yield* Progress.run(startRun(client))
        yield* TestClock.adjust("20 minutes")
        const error = yield* Effect.flip(Progress.run(startRun(client)))
        expect(error).toMatchObject({ _tag: "RateLimited", habuMessage: "Too many", retryAt: hour })
        expect(neverSent(error)).toBe(false)
        expect(yield* Effect.flip(Progress.run(startRun(client)))).toMatchObject({
          _tag: "BudgetExhausted",
          retryAt: hour
        })
        expect(habu.calls()).toHaveLength(2)
        yield* Progress.run(
          client.replayCleanroomFlowRun({ path: { cleanroomId: "r", cleanroomFlowRunId: "f" }, payload: {} })
        )
        yield* Progress.run(client.getAllCleanrooms({ urlParams: {} }))
        yield* TestClock.setTime(hour)
        // The one that was refused is not among those that were started.
        expect(yield* startsLeft).toBe(20)
        habu.on(createRun, { json: { id: "run-2" } })
        yield* Progress.run(startRun(client))
      })
    ))

  it.effect("is sent once more after 401, because nothing was done", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("GET /cleanrooms", { json: [] })
        yield* Progress.run(client.getAllCleanrooms({ urlParams: {} }))
        yield* TestClock.adjust("2 minutes")
        habu.on(createRun, { status: 401 }, { json: { id: "run-1" } })
        expect(yield* Progress.run(startRun(client))).toMatchObject({ id: "run-1" })
        expect(yield* startsLeft).toBe(19)
      })
    ))

  it.effect("is seen through when its caller gives up", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(createRun, { json: { id: "run-1" }, delay: "3 seconds" })
        const caller = yield* Effect.fork(startRun(client))
        yield* Progress.until(() => habu.calls().length === 1)
        yield* TestClock.adjust("1 second")
        yield* Fiber.interrupt(caller)
        yield* TestClock.adjust("2 seconds")
        // Counted from when Habu answered, not from when it was given up.
        yield* Progress.run(Effect.replicateEffect(startRun(client), 19))
        expect(yield* Effect.flip(Progress.run(startRun(client)))).toMatchObject({ retryAt: hour + 3_000 })
      })
    ))

  it.effect("times out, also where its caller cannot be interrupted", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on(createRun, "never")
        expect(yield* Effect.flip(patiently(Effect.uninterruptible(startRun(client))))).toMatchObject({
          _tag: "OutcomeUnknown"
        })
      })
    ))

  describe("while the store fails", () => {
    it.effect("is not sent, for it could not be counted", () =>
      Effect.gen(function*() {
        const backend = yield* Backends.switched
        yield* withHabu((habu, client) =>
          Effect.gen(function*() {
            backend.fail(["modify"], /question_run_start/)
            expect(yield* Effect.flip(Progress.run(startRun(client)))).toMatchObject({ _tag: "StateUnavailable" })
            expect(habu.calls()).toEqual([])
          }), { backend })
      }))

    it.effect.each<readonly [string, FakeHabu.Answer, object]>([
      ["success", { json: { id: "run-1" } }, { id: "run-1" }],
      ["an unknown outcome", { fails: "ECONNRESET" }, { _tag: "OutcomeUnknown" }],
      ["a limit", { status: 429, headers: { "retry-after": "60" } }, { _tag: "RateLimited", retryAt: 60_000 }],
      ["a refused connection", { fails: "ECONNREFUSED" }, { _tag: "Unavailable", neverSent: true }]
    ])(
      "which was sent before tells %s and not that the store failed",
      ([_, answer, outcome]) =>
        Effect.gen(function*() {
          const backend = yield* Backends.switched
          yield* withHabu((habu, client) =>
            Effect.gen(function*() {
              habu.on(createRun, () => {
                backend.fail(["modify"])
                return answer
              })
              expect(Either.merge(yield* Progress.run(Effect.either(startRun(client))))).toMatchObject(outcome)
            }), { backend })
        })
    )
  })
})

describe("other writes", () => {
  const path = { cleanroomId: "r-1" }

  it.effect("that make something are sent once too, and spend no limit", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("POST /cleanrooms/r-1/users", { status: 502 })
        const error = yield* Effect.flip(
          Progress.run(client.addCleanroomUser({ path, payload: { email: "a@b.example", role: "Viewer" } }))
        )
        expect(error).toMatchObject({ _tag: "OutcomeUnknown", operation: "addCleanroomUser" })
        expect(habu.calls()).toHaveLength(1)
        expect(yield* startsLeft).toBe(20)
      })
    ))

  it.effect("that end in the same state are sent again when they fail", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("DELETE /cleanrooms/r-1", { status: 503 }, { fails: "ECONNRESET" }, { json: { success: true } })
        expect(yield* Progress.run(client.deleteCleanroom({ path }))).toEqual({ success: true })
        expect(habu.calls()).toHaveLength(3)
        habu.on("DELETE /cleanrooms/r-1", { status: 503 })
        expect(yield* Effect.flip(Progress.run(client.deleteCleanroom({ path })))).toMatchObject({
          _tag: "Unavailable"
        })
      })
    ))

  it.effect.each<readonly [string, FakeHabu.Answer]>([
    ["refused", { status: 400 }],
    ["denied", { status: 403 }],
    ["never sent", { fails: "ECONNREFUSED" }]
  ])(
    "whose first try got no answer are unknown when a later one is %s",
    ([_, answer]) =>
      withHabu((habu, client) =>
        Effect.gen(function*() {
          habu.on("DELETE /cleanrooms/r-1", { fails: "ECONNRESET" }, answer, answer)
          expect(yield* Effect.flip(Progress.run(client.deleteCleanroom({ path })))).toMatchObject({
            _tag: "OutcomeUnknown",
            operation: "deleteCleanroom"
          })
        })
      )
  )

  it.effect("are told when Habu answered them", () =>
    withHabu((habu, client) =>
      Effect.gen(function*() {
        habu.on("DELETE /cleanrooms/r-1", { json: { success: false }, delay: "2 seconds" })
        expect(yield* Progress.run(client.observed.deleteCleanroom({ path }))).toEqual({
          value: { success: false },
          observedAt: 2_000,
          live: true
        })
      })
    ))
})
