/**
 * A process of its own that adds 1 to the counter in Redis: `RedisWorker.ts ADDRESS PREFIX N`. It says when it is ready,
 * begins when its standard input ends, and prints the notices.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as NodeFs from "node:fs"
import * as Redis from "../../src/state/Redis.js"
import * as RedisAddress from "../../src/state/RedisAddress.js"
import * as StateStore from "../../src/state/StateStore.js"

const [, , address = "", prefix = "", times = ""] = process.argv

const counter: StateStore.StateKey<number, number> = { name: "counter", schema: Schema.Number }

const increment = (store: StateStore.Service) =>
  store.update(
    counter,
    (current) => [undefined, StateStore.set(Option.getOrElse(current, () => 0) + 1, Duration.infinity)]
  )

const print = (value: unknown) => Effect.sync(() => NodeFs.writeSync(1, `${JSON.stringify(value)}\n`))

const started = Effect.async<void>((resume) => {
  process.stdin.on("end", () => resume(Effect.void)).resume()
})

const program = Effect.gen(function*() {
  const backend = yield* Redis.make({ ...Either.getOrThrow(RedisAddress.parse(address)), prefix })
  const store = StateStore.make(backend)
  yield* print("ready")
  yield* started
  yield* Effect.repeatN(increment(store), Number(times) - 1)
  yield* print({ notices: store.notices })
})

const toStderr = Logger.replace(Logger.defaultLogger, Logger.withConsoleError(Logger.logfmtLogger))

await Effect.runPromise(Effect.provide(Effect.scoped(program), toStderr))
