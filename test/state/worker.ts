/**
 * A process of its own that uses the store `HABU_STATE` names, as its first argument says. It prints lines of JSON.
 *
 * - `count N` adds 1 to the counter N times and prints the notices.
 * - `fill N` writes N values and prints how many were acknowledged, and the failure that ended it.
 * - `spam` counts for ever and prints every number it was told is stored.
 * - `stop` and `die` send themselves SIGSTOP or SIGKILL in the middle of an update of the counter; `stop` says so.
 * - `open` writes a value and prints the notices or the failure; more arguments are more folders to do it in.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as NodeFs from "node:fs"
import * as Lmdb from "../../src/state/Lmdb.js"
import * as StateConfig from "../../src/state/StateConfig.js"
import type { StateError } from "../../src/state/StateError.js"
import * as StateStore from "../../src/state/StateStore.js"

const print = (value: unknown) => Effect.sync(() => NodeFs.writeSync(1, `${JSON.stringify(value)}\n`))

const counter: StateStore.StateKey<number, number> = { name: "counter", schema: Schema.Number }

const text = (name: string): StateStore.StateKey<string, string> => ({ name, schema: Schema.String })

const increment = (store: StateStore.Service, before: () => void = () => {}) =>
  store.update(counter, (current) => {
    before()
    const count = Option.getOrElse(current, () => 0) + 1
    return [count, StateStore.set(count, Duration.infinity)]
  })

const fill = (store: StateStore.Service, times: number) => {
  const put = (index: number) =>
    store.update(text(`value/${index}`), () => [undefined, StateStore.set("x".repeat(500), Duration.infinity)])
  const from = (index: number): Effect.Effect<unknown> =>
    index === times ? print({ acknowledged: index }) : put(index).pipe(
      Effect.matchEffect({
        onSuccess: () => from(index + 1),
        onFailure: ({ message, reason }) => print({ acknowledged: index, reason, message })
      })
    )
  return from(0)
}

const openIn = (folder: string) =>
  Lmdb.make({ folder }).pipe(
    Effect.flatMap((backend) => {
      const store = StateStore.make(backend)
      return Effect.zipRight(increment(store), print({ folder, notices: store.notices }))
    }),
    Effect.catchAll(({ message, reason }) => print({ folder, reason, message })),
    Effect.scoped
  )

const [, , command, ...given] = process.argv

const use = (store: StateStore.Service): Effect.Effect<unknown, StateError> => {
  switch (command) {
    case "count":
      return Effect.zipRight(Effect.repeatN(increment(store), Number(given[0]) - 1), print({ notices: store.notices }))
    case "fill":
      return fill(store, Number(given[0]))
    case "spam":
      return Effect.forever(Effect.flatMap(increment(store), print))
    case "stop":
      return Effect.flatMap(
        increment(store, () => {
          NodeFs.writeSync(1, "\"stopping\"\n")
          process.kill(process.pid, "SIGSTOP")
        }),
        print
      )
    case "die":
      return Effect.flatMap(increment(store, () => process.kill(process.pid, "SIGKILL")), print)
    default:
      return Effect.dieMessage(`no such command: ${command}`)
  }
}

const program = command === "open"
  ? Effect.forEach(given, openIn)
  : Effect.provide(Effect.flatMap(StateStore.StateStore, use), StateConfig.layerConfig)

const toStderr = Logger.replace(Logger.defaultLogger, Logger.withConsoleError(Logger.logfmtLogger))

await Effect.runPromise(Effect.provide(program, toStderr))
