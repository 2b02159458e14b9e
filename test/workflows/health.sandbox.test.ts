import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as HabuClient from "../../src/habu/HabuClient.js"
import * as HabuConfig from "../../src/habu/HabuConfig.js"
import * as HabuProbe from "../../src/habu/HabuProbe.js"
import * as Sandbox from "../../src/sandbox/Sandbox.js"
import * as Memory from "../../src/state/Memory.js"
import * as HealthCheck from "../../src/workflows/HealthCheck.js"

const check = (apiUrl: string, clientId: string, clientSecret: Redacted.Redacted) =>
  Effect.flatMap(HealthCheck.run({}), Schema.encode(HealthCheck.Output)).pipe(
    Effect.provide(
      HabuProbe.layer.pipe(
        Layer.provideMerge(HabuClient.layerDefault()),
        Layer.provideMerge(HabuConfig.layer({ apiUrl, clientId, clientSecret, sandboxSpeed: 60 })),
        Layer.provideMerge(Layer.merge(Memory.layer, FetchHttpClient.layer))
      )
    )
  )

describe("health_check over HTTP", () => {
  it.live("reaches the sandbox with one request that spends no token", () =>
    Effect.gen(function*() {
      const { clientId, clientSecret, requests, url } = yield* Sandbox.Sandbox
      const answer = yield* check(url, clientId, clientSecret)
      assert.strictEqual(answer.status, "done")
      assert.isTrue(answer.sandbox)
      assert.deepStrictEqual([answer.api.reachable, answer.api.http_status], [true, 200])
      assert.deepStrictEqual((yield* requests).map(({ operation }) => operation), ["getHealth"])
    }).pipe(Effect.provide(Sandbox.layer({ rows: 100 }))))

  it.live("says that nobody listens", () =>
    Effect.gen(function*() {
      // The port of a sandbox that has gone.
      const { url } = yield* Effect.scoped(Sandbox.make({ rows: 100 }))
      const answer = yield* check(url, "id", Redacted.make("secret"))
      assert.strictEqual(answer.status, "failed")
      assert.match(answer.api.problem ?? "", /could not be reached/)
    }))
})
