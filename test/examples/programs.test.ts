/**
 * The example programs, against a sandbox over real HTTP.
 */
import { assert, describe, layer } from "@effect/vitest"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Redacted from "effect/Redacted"
import { vi } from "vitest"
import * as Application from "../../examples/application.js"
import * as PlainAsync from "../../examples/plainAsync.js"
import * as Fleet from "../../examples/redis.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as RedisServers from "../state/RedisServers.js"

const speed = 3600

const campaign = "Fizzwell Summer Campaign"

const overlap = "Campaign reach and sales overlap"

const world = Layer.merge(Sandbox.layer({ rows: 500, speed }), Logger.minimumLogLevel(LogLevel.None))

const inEnvironment = (more: { readonly [name: string]: string } = {}) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.flatMap(Sandbox.Sandbox, ({ clientId, clientSecret, url }) =>
    Effect.withConfigProvider(
      effect,
      ConfigProvider.fromJson({
        HABU_API: url,
        HABU_API_CLIENT: clientId,
        HABU_API_SECRET: Redacted.value(clientSecret),
        HABU_SANDBOX_SPEED: String(speed),
        ...more
      })
    ))

const sent = (operation: string) =>
  Effect.flatMap(
    Sandbox.Sandbox,
    ({ requests }) =>
      Effect.map(requests, (all) => all.filter((one) => one.operation === operation || one.path.endsWith(operation)))
  )

const dates = { "exposures.date_start": "2020-01-01", "exposures.date_end": "2030-01-01" }

layer(world, { excludeTestServices: true })("the example of", (it) => {
  it.effect("an application reports on a run that it started, and on a name that nothing has", () =>
    Effect.gen(function*() {
      const found = yield* Application.report(campaign, overlap, dates)
      assert.isTrue("rows" in found && (found.rows ?? 0) > 0, JSON.stringify(found))
      const unknown = yield* Application.report(campaign, "Nobody's Question", {})
      assert.isTrue("unclear" in unknown, JSON.stringify(unknown))
    }).pipe(Effect.provide(Application.Habu), inEnvironment()))

  it.effect("plain async resolves, rejects with the error itself, and can be given up", () =>
    Effect.gen(function*() {
      const { clientId, clientSecret, url } = yield* Sandbox.Sandbox
      yield* Effect.promise(async () => {
        const habu = PlainAsync.makeHabu({
          clientId,
          clientSecret: Redacted.value(clientSecret),
          apiUrl: url,
          sandboxSpeed: speed
        })
        assert.include((await habu.cleanRooms()).map(({ name }) => name?.trim()), campaign)
        const unknown = await habu.ask({ question: "Nobody's Question" }).catch((error: unknown) => error)
        assert.nestedInclude(unknown, { _tag: "ReferenceUnknown" })
        const aborted = await habu.cleanRooms(AbortSignal.abort()).catch((error: unknown) => String(error))
        assert.include(aborted, "Interrupted")
        await habu.close()
      })
    }))

  it.effect("the least it takes prints the clean rooms", () =>
    Effect.gen(function*() {
      const { clientId, clientSecret, clock, url } = yield* Sandbox.Sandbox
      // The two programs before had a token each.
      yield* clock.advance("1 day")
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          vi.stubEnv("HABU_API", url).stubEnv("HABU_API_CLIENT", clientId)
            .stubEnv("HABU_API_SECRET", Redacted.value(clientSecret))
        }),
        () => Effect.sync(() => vi.unstubAllEnvs())
      )
      const printed = yield* Effect.async<unknown>((resume) => {
        vi.spyOn(console, "log").mockImplementation((line: unknown) =>
          Array.isArray(line) ? resume(Effect.succeed(line)) : undefined
        )
        void import("../../examples/minimal.js")
      }).pipe(Effect.ensuring(Effect.sync(() => vi.restoreAllMocks())))
      assert.include(JSON.stringify(printed), campaign)
    }).pipe(Effect.scoped))
})

const answers = await RedisServers.answers()

describe.runIf(answers)("the example of", () => {
  layer(world, { excludeTestServices: true })("a fleet", (it) => {
    it.scoped("on one Redis shares a token and the budgets", () =>
      Effect.gen(function*() {
        const { host, port = 6379, prefix } = yield* RedisServers.place
        const machine = Effect.provide(Fleet.glance, Fleet.Habu).pipe(
          inEnvironment({ REDIS_HOST: host, REDIS_PORT: String(port), REDIS_PREFIX: prefix })
        )
        const seen = yield* Effect.all([machine, machine], { concurrency: 2 })
        assert.deepStrictEqual(seen.map(({ left }) => left["token"]), [1, 1])
        assert.lengthOf(yield* sent("/oauth/token"), 1)
      }))
  })
})
