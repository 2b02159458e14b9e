import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as HttpClient from "@effect/platform/HttpClient"
import { assert, describe, expect, it } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/TestClock"
import { inspect } from "node:util"
import * as HabuAuth from "../../src/habu/HabuAuth.js"
import * as HabuBudget from "../../src/habu/HabuBudget.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import { type HabuError, StateUnavailable } from "../../src/habu/HabuError.js"
import * as HabuState from "../../src/habu/HabuState.js"
import * as Memory from "../../src/state/Memory.js"
import * as Backends from "../support/Backends.js"
import * as Client from "../support/Client.js"
import * as FakeHabu from "../support/FakeHabu.js"
import * as Logs from "../support/Logs.js"
import * as Progress from "../support/Progress.js"

const hours = (count: number) => Duration.toMillis("1 hour") * count
const minutes = (count: number) => Duration.toMillis("1 minute") * count

const token = Effect.flatMap(HabuAuth.HabuAuth, ({ accessToken }) => Effect.map(accessToken, Redacted.value))
const got = Progress.run(token)
const refusal = Effect.flip(got)
const refuse = (text: string) =>
  Effect.flatMap(HabuAuth.HabuAuth, ({ refused }) => Progress.run(refused(Redacted.make(text))))
const slotsLeft = Effect.flatMap(
  HabuBudget.HabuBudget,
  ({ status }) => Effect.map(status, ([tokens]) => tokens?.remaining)
)

const first = FakeHabu.tokenNumber(1)
const second = FakeHabu.tokenNumber(2)

/** A broker over a Habu of the test's own. */
const withHabu = <A, E>(
  body: (habu: FakeHabu.FakeHabu) => Effect.Effect<A, E, HabuAuth.HabuAuth | HabuBudget.HabuBudget>,
  options: Omit<Client.Options, "habu"> = {}
) => {
  const habu = FakeHabu.make()
  return Effect.provide(body(habu), Client.auth({ ...options, habu }))
}

/** A second process: its own broker over the same store. */
const process = (options: Client.Options) =>
  Effect.map(Client.another(Client.auth(options)), (context) =>
  <A, E>(
    effect: Effect.Effect<
      A,
      E,
      HabuAuth.HabuAuth | HabuBudget.HabuBudget
    >
  ) => Effect.provide(effect, context))

describe("the token request", () => {
  it.effect("is Basic and a form that holds nothing but the grant type", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        yield* got
        const [request] = habu.sent
        assert(request !== undefined)
        expect(`${request.method} ${request.origin}/v1${request.path}`).toBe("POST https://api.habu.com/v1/oauth/token")
        expect(request.body).toBe("grant_type=client_credentials")
        expect([...request.query]).toEqual([])
        expect(request.headers).toMatchObject({
          authorization: `Basic ${Buffer.from(`${Client.clientId}:${Client.clientSecret}`).toString("base64")}`,
          "content-type": "application/x-www-form-urlencoded",
          accept: "application/json"
        })
        expect(Object.keys(request.headers).filter((name) => /traceparent|b3/.test(name))).toEqual([])
      })
    ))

  it.effect("goes where HABU_API says", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        yield* got
        expect(habu.sent[0]?.origin).toBe("http://127.0.0.1:4000")
      }), { config: { apiUrl: "http://127.0.0.1:4000" } }))

  it.effect("is not made without credentials; what to set is said", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        expect(yield* refusal).toMatchObject({ _tag: "ConfigurationInvalid", setting: "HABU_API_CLIENT" })
        expect(habu.sent).toEqual([])
        expect(yield* slotsLeft).toBe(2)
      }), { config: { clientId: "" } }))
})

describe("the token's life", () => {
  const answer = (json: object) => (habu: FakeHabu.FakeHabu) => habu.on(FakeHabu.tokenPath, { json })
  const twelveHours = { iat: 1_000, exp: 1_000 + 43_200 }
  const opaque = "an-opaque-token"

  it.effect.each(
    [
      ["camelCase", { accessToken: opaque, expiresIn: 3_600 }, hours(1)],
      ["snake_case", { access_token: opaque, expires_in: 3_600 }, hours(1)],
      ["a number as text", { accessToken: opaque, expiresIn: "3600" }, hours(1)],
      ["the JWT's own", { accessToken: FakeHabu.jwt({ iat: 50, exp: 50 + 7_200 }) }, hours(2)],
      [
        "the JWT's own, where the answer promises more",
        { accessToken: FakeHabu.jwt(twelveHours), expiresIn: 86_400 },
        hours(12)
      ],
      ["the answer's, where it is shorter", { accessToken: FakeHabu.jwt(twelveHours), expiresIn: 600 }, minutes(10)],
      ["12 h, where neither tells", { accessToken: opaque }, hours(12)],
      ["12 h, where the JWT is not whole", { accessToken: FakeHabu.jwt({ exp: 5 }) }, hours(12)],
      ["12 h, where the payload is no JSON", { accessToken: "a.bm8ganNvbg.c" }, hours(12)],
      ["12 h, where the payload is no base64", { accessToken: "a.*.c" }, hours(12)],
      ["12 h, where it is none", { accessToken: opaque, expiresIn: 0, expires_in: 60 }, hours(12)],
      ["12 h, where it is nonsense", { accessToken: opaque, expiresIn: { seconds: 5 } }, hours(12)],
      ["a day at most", { accessToken: opaque, expiresIn: 1e300 }, hours(24)],
      ["snake_case, where the other is empty", { accessToken: "", access_token: opaque, expiresIn: 3_600 }, hours(1)]
    ] as const
  )("%s", ([_, json, life]) => {
    const margin = Math.min(minutes(5), life / 10)
    return withHabu((habu) =>
      Effect.gen(function*() {
        answer(json)(habu)
        yield* got
        yield* TestClock.adjust(life - margin - 1)
        yield* got
        expect(habu.sent).toHaveLength(1)
        yield* TestClock.adjust(1)
        yield* got
        expect(habu.sent).toHaveLength(2)
      })
    )
  })

  it.effect("passes faster in a sandbox whose time passes faster", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        yield* got
        yield* TestClock.adjust(minutes(12) - minutes(5) / 60 - 1)
        yield* got
        expect(habu.sent).toHaveLength(1)
        yield* TestClock.adjust(1)
        expect(yield* got).toBe(second)
      }), { config: { apiUrl: "http://localhost:1", sandboxSpeed: 60 } }))
})

describe("keeping the token", () => {
  it.effect("mints once for fifty at the same time", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        habu.on(FakeHabu.tokenPath, { json: { accessToken: first, expiresIn: 43_200 }, delay: "2 seconds" })
        const all = yield* Progress.run(
          Effect.all(Array.from({ length: 50 }, () => token), { concurrency: "unbounded" })
        )
        expect(new Set(all)).toEqual(new Set([first]))
        expect(habu.sent).toHaveLength(1)
      })
    ))

  it.effect("tells one refusal to all who wait for the same request", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        habu.on(FakeHabu.tokenPath, { status: 401, json: { message: "no" }, delay: "2 seconds" })
        const all = yield* Progress.run(
          Effect.all(Array.from({ length: 50 }, () => Effect.flip(token)), { concurrency: "unbounded" })
        )
        expect(new Set(all.map((error) => error._tag))).toEqual(new Set(["CredentialsRefused"]))
        expect(habu.sent).toHaveLength(1)
      })
    ))

  it.scoped("serves the next process from the store, where the token lies encrypted", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const one = yield* process({ habu, backend })
      const two = yield* process({ habu, backend })
      expect(yield* one(got)).toBe(first)
      expect(yield* two(got)).toBe(first)
      expect(habu.sent).toHaveLength(1)
      const stored = yield* Backends.contents(backend)
      expect(stored).toContain("token/access")
      for (const secret of [first, ...first.split("."), Client.clientSecret, Client.clientId]) {
        expect(stored).not.toContain(secret)
        expect(stored).not.toContain(Buffer.from(secret).toString("base64").replace(/=+$/, ""))
      }
    }))

  it.scoped("mints once for two processes that start together: the other waits for the lease", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      habu.on(FakeHabu.tokenPath, { json: { accessToken: first, expiresIn: 43_200 }, delay: "3 seconds" })
      const one = yield* process({ habu, backend })
      const two = yield* process({ habu, backend })
      expect(yield* Progress.run(Effect.all([one(token), two(token)], { concurrency: 2 }))).toEqual([first, first])
      expect(habu.sent).toHaveLength(1)
      expect(yield* Backends.contents(backend)).not.toContain("token/lease")
    }))

  it.scoped("asks itself when the lease's holder was refused", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      habu.on(
        FakeHabu.tokenPath,
        { status: 503, delay: "1 second" },
        { json: { accessToken: second, expiresIn: 43_200 } }
      )
      const one = yield* process({ habu, backend })
      const two = yield* process({ habu, backend })
      const both = yield* Progress.run(
        Effect.all([Effect.either(one(token)), Effect.either(two(token))], { concurrency: 2 })
      )
      expect(both.map(({ _tag }) => _tag).sort()).toEqual(["Left", "Right"])
      expect(habu.sent).toHaveLength(2)
    }))

  it.scoped("does not wait for ever for a holder that died", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      habu.on(FakeHabu.tokenPath, "never", { json: { accessToken: second, expiresIn: 43_200 } })
      const scope = yield* Scope.make()
      const dead = yield* Scope.extend(process({ habu, backend }), scope)
      yield* Effect.fork(dead(token))
      yield* Progress.until(() => habu.sent.length === 1)
      // It is killed, so that nothing is tidied up: its lease and its slot stay.
      const leftBehind = yield* backend.scan("")
      yield* Scope.close(scope, Exit.void)
      yield* Effect.forEach(leftBehind, ([key, value]) =>
        backend.modify(key, () => [undefined, { _tag: "Put", value, expiresAt: undefined }]))
      const alive = yield* process({ habu, backend })
      const waiting = yield* Effect.fork(alive(token))
      expect(yield* Progress.ended(waiting)).toBe(second)
      expect(yield* TestClock.currentTimeMillis).toBe(35_000)
      expect(yield* alive(slotsLeft)).toBe(0)
    }))

  it.scoped("looks once more under the lease: another may have minted just before", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const other = yield* process({ habu, backend })
      const shared = Backends.interposed(backend)
      const one = yield* process({ habu, backend: shared.backend })
      shared.before("token/lease", Effect.orDie(other(token)))
      expect(yield* one(got)).toBe(first)
      expect(habu.sent).toHaveLength(1)
    }))

  it.effect("does not wait for a lease of its own that it could not give back", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.switched
      yield* withHabu((habu) =>
        Effect.gen(function*() {
          habu.on(
            FakeHabu.tokenPath,
            () => {
              backend.fail(["modify"], /lease/)
              return { status: 503 }
            },
            { json: { accessToken: first } }
          )
          yield* refusal
          backend.fail([])
          expect(yield* got).toBe(first)
          expect(yield* TestClock.currentTimeMillis).toBe(0)
        }), { backend })
    }))

  it.scoped("leaves a lease alone that ran out and went to another", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const lease = JSON.stringify({ version: 1, value: { holder: "another", until: hours(1) } })
      habu.on(FakeHabu.tokenPath, () => {
        Effect.runSync(Effect.flatMap(backend.scan(""), (entries) =>
          Effect.forEach(
            entries.filter(([key]) => key.endsWith("token/lease")),
            ([key]) => backend.modify(key, () => [undefined, { _tag: "Put", value: lease, expiresAt: undefined }])
          )))
        return { json: { accessToken: first } }
      })
      const one = yield* process({ habu, backend })
      yield* one(got)
      expect(yield* Backends.contents(backend)).toContain("\"holder\":\"another\"")
    }))

  it.scoped("recognises a rotated secret: what the old one sealed is not read", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const before = yield* process({ habu, backend })
      const after = yield* process({
        habu,
        backend,
        config: { clientSecret: Redacted.make("rotated".padEnd(64, "1")) }
      })
      expect(yield* before(got)).toBe(first)
      expect(yield* after(got)).toBe(second)
    }))

  it.scoped("takes no token that somebody changed in the store", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      yield* (yield* process({ habu, backend }))(got)
      const change = (sealed: string) =>
        Effect.flatMap(backend.scan(""), (entries) =>
          Effect.forEach(
            entries.filter(([key]) => key.endsWith("token/access")),
            ([key, text]) => {
              const value = text.replace(/"sealed":"[^"]*"/, `"sealed":"${sealed}"`)
              return backend.modify(key, () => [undefined, { _tag: "Put", value, expiresAt: undefined }])
            }
          ))
      yield* change("no base64!")
      expect(yield* (yield* process({ habu, backend }))(got)).toBe(second)
      yield* change(Buffer.from("too short").toString("base64"))
      expect(yield* Effect.flip((yield* process({ habu, backend }))(got))).toMatchObject({ _tag: "BudgetExhausted" })
    }))

  it.scoped("shares nothing between organisations, nor with a sandbox", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const mine = yield* process({ habu, backend })
      const theirs = yield* process({ habu, backend, config: { clientId: "f".repeat(32) } })
      const sandbox = yield* process({ habu, backend, config: { apiUrl: "http://127.0.0.1:1" } })
      yield* mine(got)
      yield* theirs(got)
      yield* sandbox(got)
      expect(habu.sent).toHaveLength(3)
    }))

  it.effect("does not lose a token when its caller gives up, and does not ask twice", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        habu.on(FakeHabu.tokenPath, { json: { accessToken: first, expiresIn: 43_200 }, delay: "5 seconds" })
        const impatient = yield* Effect.fork(token)
        yield* Progress.until(() => habu.sent.length === 1)
        yield* Fiber.interrupt(impatient)
        const next = yield* Effect.fork(token)
        expect(yield* Progress.ended(next)).toBe(first)
        expect(habu.sent).toHaveLength(1)
        expect(yield* slotsLeft).toBe(1)
      })
    ))

  it.effect("gives up after the timeout, also where its caller cannot be interrupted", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        habu.on(FakeHabu.tokenPath, "never")
        const error = yield* Effect.flip(Progress.run(Effect.uninterruptible(token), "31 seconds"))
        expect(error).toMatchObject({ _tag: "Unavailable", reason: "timeout", neverSent: false })
      })
    ))
})

describe("the budget of two tokens in 24 h", () => {
  it.effect("refuses a third with the time of the next, and sends nothing", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        yield* got
        yield* TestClock.setTime(hours(12))
        expect(yield* got).toBe(second)
        yield* TestClock.setTime(hours(24) - 1)
        expect(yield* refusal).toMatchObject({ _tag: "BudgetExhausted", budget: "token", retryAt: hours(24) })
        expect(habu.sent).toHaveLength(2)
        yield* TestClock.setTime(hours(24))
        expect(yield* got).toBe(FakeHabu.tokenNumber(3))
      })
    ))

  const about = { operation: "token" }
  const html = "<html>CANARY</html>"

  it.effect.each<readonly [string, FakeHabu.Answer, Partial<HabuError>, number]>([
    ["400", { status: 400, json: { code: 400, message: "bad grant" } }, { _tag: "CredentialsRefused", status: 400 }, 2],
    [
      "401 with a request id",
      { status: 401, json: { message: "Unauthorized" }, headers: { "x-request-id": "req-1,req-1" } },
      { ...about, _tag: "CredentialsRefused", status: 401, habuMessage: "Unauthorized", requestId: "req-1" },
      2
    ],
    ["401 in OAuth's words", { status: 401, json: { error: "invalid_client", error_description: "unknown" } }, {
      habuMessage: "unknown"
    }, 2],
    ["403", { status: 403 }, { _tag: "CredentialsRefused", status: 403 }, 2],
    ["404", { status: 404, text: html }, { _tag: "CredentialsRefused", status: 404 }, 2],
    ["415", { status: 415, text: "" }, { _tag: "CredentialsRefused", status: 415 }, 2],
    ["a redirect", { status: 302, headers: { location: "/login" } }, { _tag: "CredentialsRefused", status: 302 }, 2],
    ["a cut refusal", { status: 401, text: html, cut: true }, { _tag: "CredentialsRefused", status: 401 }, 2],
    [
      "500",
      { status: 500, json: { message: "oops" } },
      { _tag: "Unavailable", reason: "server_error", status: 500 },
      1
    ],
    ["503 with a page", { status: 503, text: html }, { _tag: "Unavailable", status: 503 }, 1],
    [
      "a refused connection",
      { fails: "ECONNREFUSED" },
      { _tag: "Unavailable", reason: "unreachable", neverSent: true },
      2
    ],
    ["a reset connection", { fails: "ECONNRESET" }, { _tag: "Unavailable", reason: "cut", neverSent: false }, 1],
    ["no answer", "never", { _tag: "Unavailable", reason: "timeout" }, 1],
    ["an answer too late", { json: { accessToken: first }, delay: "31 seconds" }, {
      _tag: "Unavailable",
      reason: "timeout"
    }, 1],
    ["a page", { text: html }, { _tag: "AnswerUnreadable", problem: "it holds no access token" }, 1],
    ["an empty answer", { text: "" }, { _tag: "AnswerUnreadable" }, 1],
    ["JSON without a token", { json: { accessToken: null, token: "CANARY" } }, { _tag: "AnswerUnreadable" }, 1],
    ["JSON that is no object", { json: ["CANARY"] }, { _tag: "AnswerUnreadable" }, 1],
    ["an empty token", { json: { accessToken: "" } }, { _tag: "AnswerUnreadable" }, 1],
    ["a cut answer", { text: "{\"accessToken\":\"CANARY\"}", cut: true, headers: { "x-request-id": "req-2" } }, {
      _tag: "AnswerUnreadable",
      requestId: "req-2"
    }, 1]
  ])(
    "%s: the slot comes back only where Habu certainly counted none",
    ([_, answer, expected, left]) =>
      withHabu((habu) =>
        Effect.gen(function*() {
          habu.on(FakeHabu.tokenPath, answer)
          const error = yield* Effect.flip(Progress.run(token, "31 seconds"))
          expect(error).toMatchObject(expected)
          expect(inspect(error) + JSON.stringify(error)).not.toContain("CANARY")
          expect(yield* slotsLeft).toBe(left)
          expect(habu.sent).toHaveLength(1)
        })
      )
  )

  it.effect("is closed after 429, until the first of our two is a day old", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        yield* TestClock.adjust("1 hour")
        habu.on(FakeHabu.tokenPath, { status: 429, headers: { "retry-after": "5" }, json: { message: "Too many" } })
        expect(yield* refusal).toMatchObject({ _tag: "RateLimited", habuMessage: "Too many", retryAt: hours(25) })
        expect(yield* refusal).toMatchObject({ _tag: "BudgetExhausted", retryAt: hours(25) })
        expect(habu.sent).toHaveLength(1)
      })
    ))

  it.effect("repeats no secret that Habu repeats", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        habu.on(FakeHabu.tokenPath, { status: 400, json: { message: `Unknown secret ${Client.clientSecret}.` } })
        expect(yield* refusal).toMatchObject({ habuMessage: "Unknown secret <redacted>." })
      })
    ))
})

describe("a token that Habu refused", () => {
  const settled = TestClock.adjust("2 minutes")

  it.effect("is replaced, once", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        const refused = yield* got
        yield* settled
        yield* refuse(refused)
        expect(yield* got).toBe(second)
        // Others that held the old one come late and change nothing.
        yield* refuse(refused)
        expect(yield* got).toBe(second)
        expect(habu.sent).toHaveLength(2)
      })
    ))

  it.scoped("is replaced by the one that another process has got meanwhile", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const one = yield* process({ habu, backend })
      const two = yield* process({ habu, backend })
      expect([yield* one(got), yield* two(got)]).toEqual([first, first])
      yield* settled
      yield* one(refuse(first))
      expect(yield* one(got)).toBe(second)
      yield* two(refuse(first))
      expect(yield* two(got)).toBe(second)
      expect(habu.sent).toHaveLength(2)
    }))

  it.scoped("does not take the one away that another process stores at the same moment", () =>
    Effect.gen(function*() {
      const [habu, backend] = [FakeHabu.make(), yield* Memory.make]
      const shared = Backends.interposed(backend)
      const one = yield* process({ habu, backend: shared.backend })
      const two = yield* process({ habu, backend })
      yield* one(got)
      yield* two(got)
      yield* settled
      shared.before("token/access", Effect.orDie(two(Effect.zipRight(refuse(first), got))))
      yield* one(refuse(first))
      expect(yield* one(got)).toBe(second)
      expect(habu.sent).toHaveLength(2)
    }))

  it.effect("stays where it was minted just before: another would be refused too", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        yield* refuse(yield* got)
        expect(yield* got).toBe(first)
        expect(habu.sent).toHaveLength(1)
      })
    ))

  it.effect("stays while there is no slot for another, for it may yet be taken again", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        yield* got
        yield* TestClock.setTime(hours(12))
        yield* got
        yield* settled
        yield* refuse(second)
        expect(yield* got).toBe(second)
        expect(habu.sent).toHaveLength(2)
      })
    ))

  it.effect("means nothing where it was never ours", () =>
    withHabu((habu) =>
      Effect.gen(function*() {
        yield* refuse("somebody else's")
        yield* got
        yield* settled
        yield* refuse("somebody else's")
        expect(yield* got).toBe(first)
        expect(habu.sent).toHaveLength(1)
      })
    ))
})

describe("while the store fails", () => {
  it.effect("nothing is asked for that could not be counted", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.switched
      yield* withHabu((habu) =>
        Effect.gen(function*() {
          for (const operations of [["read"], ["modify"]] as const) {
            backend.fail(operations)
            expect(yield* refusal).toMatchObject({ _tag: "StateUnavailable", operation: "token" })
          }
          expect(habu.sent).toEqual([])
          backend.fail([])
          expect(yield* got).toBe(first)
        }), { backend })
    }))

  it.effect("a token that came is used all the same, and the log says that it is not shared", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.switched
      const logs = Logs.make()
      yield* withHabu((habu) =>
        Effect.gen(function*() {
          backend.fail(["modify"], /access/)
          expect(yield* got).toBe(first)
          backend.fail(["read", "modify"])
          expect(yield* got).toBe(first)
          expect(habu.sent).toHaveLength(1)
          // It was refused, but nothing can be changed: the caller is told, and the next one gets another later.
          yield* TestClock.adjust("2 minutes")
          expect(yield* Effect.flip(refuse(first))).toBeInstanceOf(StateUnavailable)
        }), { backend }).pipe(Effect.provide(logs.layer))
      expect(logs.lines.filter(({ level }) => level === "WARN").map(({ message }) => message)).toEqual([
        "The access token could not be stored: The store does not answer."
      ])
    }))

  it.effect("a token that cannot be confirmed is not lost", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.switched
      yield* withHabu((habu) =>
        Effect.gen(function*() {
          habu.on(FakeHabu.tokenPath, () => {
            backend.fail(["modify"], /budget/)
            return { json: { accessToken: first, expiresIn: 43_200 } }
          })
          expect(yield* got).toBe(first)
          backend.fail([])
          expect(yield* slotsLeft).toBe(1)
        }), { backend })
    }))

  it.effect("what Habu answered is told, and not that the store failed", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.switched
      yield* withHabu((habu) =>
        Effect.gen(function*() {
          const answers = (status: number) => () => {
            backend.fail(["modify"], /budget/)
            return { status, headers: { "retry-after": "60" } }
          }
          habu.on(FakeHabu.tokenPath, answers(401), answers(429))
          expect(yield* refusal).toMatchObject({ _tag: "CredentialsRefused" })
          backend.fail([])
          expect(yield* refusal).toMatchObject({ _tag: "RateLimited" })
        }), { backend })
    }))

  it.effect("a refused token that is nowhere but here is forgotten when another can be had", () =>
    Effect.gen(function*() {
      const backend = yield* Backends.switched
      yield* withHabu((habu) =>
        Effect.gen(function*() {
          backend.fail(["modify"], /access/)
          yield* got
          backend.fail([])
          yield* TestClock.adjust("2 minutes")
          yield* refuse(first)
          expect(yield* got).toBe(second)
          expect(habu.sent).toHaveLength(2)
        }), { backend })
    }))
})

describe("what a token says of itself", () => {
  const claims = Effect.flatMap(HabuAuth.HabuAuth, (auth) => Progress.run(auth.claims))

  it.effect.each(
    [
      ["permissions", { permissions: ["read:users", "", 5], scope: "other", exp: 60 }, ["read:users"], 60_000],
      ["scope, where there are none", { scope: "read:users  write:questions", exp: 60 }, [
        "read:users",
        "write:questions"
      ], 60_000],
      ["nothing", {}, [], undefined]
    ] as const
  )("%s", ([_, payload, scopes, expiresAt]) =>
    withHabu((habu) =>
      Effect.gen(function*() {
        habu.on(FakeHabu.tokenPath, { json: { accessToken: FakeHabu.jwt(payload) } })
        expect(yield* claims).toEqual({ scopes, expiresAt })
      })
    ))
})

describe("the log", () => {
  it.effect("tells when a token was minted and until when, and how the request went, but no secret", () => {
    const logs = Logs.make()
    return withHabu((habu) =>
      Effect.gen(function*() {
        habu.on(FakeHabu.tokenPath, {
          json: { accessToken: first, expiresIn: 3_600 },
          headers: { "x-request-id": "req-1" }
        })
        yield* got
        expect(logs.lines).toMatchObject([
          {
            level: "DEBUG",
            annotations: { operation: "token", method: "POST", path: "/oauth/token", status: 200, requestId: "req-1" }
          },
          { level: "INFO", message: "Minted an access token", annotations: { expires_at: "1970-01-01T01:00:00.000Z" } }
        ])
        for (const secret of [first, Client.clientSecret]) expect(logs.text()).not.toContain(secret)
      })
    ).pipe(Effect.provide(logs.layer))
  })
})

describe("HabuAuth.layerConfig", () => {
  it.effect("signs in for the organisation that the environment names", () => {
    const habu = FakeHabu.make()
    return Effect.gen(function*() {
      expect(yield* got).toBe(first)
      expect(habu.sent[0]?.origin).toBe("http://localhost:9")
    }).pipe(
      Effect.provide(HabuAuth.layerConfig.pipe(Layer.provide(HabuState.layer), Layer.provide(HabuConfig.layerConfig))),
      Effect.provide(
        Layer.mergeAll(Memory.layer, NodeFileSystem.layer, Layer.succeed(HttpClient.HttpClient, habu.client))
      ),
      Effect.withConfigProvider(ConfigProvider.fromMap(
        new Map([
          ["HABU_API", "http://localhost:9"],
          ["HABU_API_CLIENT", Client.clientId],
          ["HABU_API_SECRET", Client.clientSecret]
        ])
      ))
    )
  })
})
