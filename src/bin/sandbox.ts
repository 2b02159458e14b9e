/**
 * `habu-mcp sandbox`: a local Habu by itself, for programs in any language, until it is told to end.
 */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Sandbox from "../sandbox/Sandbox.js"
import { type Level, logging } from "./logging.js"
import { complain, print } from "./print.js"

/**
 * Serves until the signal; prints where it is and what to sign in with as one line of JSON. Answers with the exit code:
 * 1 where it cannot listen.
 */
export const serve = (options: Sandbox.Options, level: Level, signal: AbortSignal): Promise<number> =>
  Effect.gen(function*() {
    const { clientId, clientSecret, url } = yield* Sandbox.Sandbox
    print(`${JSON.stringify({ url, clientId, clientSecret: Redacted.value(clientSecret) })}\n`)
    return yield* Effect.never
  }).pipe(
    Effect.provide(Layer.provideMerge(Sandbox.layer(options), logging(level))),
    Effect.catchTag(
      "ServeError",
      () => Effect.as(Effect.sync(() => complain(`cannot listen on 127.0.0.1:${options.port ?? 0}`)), 1)
    ),
    (program) => Effect.runPromiseExit(program, { signal }),
    (ended) => ended.then(Exit.getOrElse(() => 0))
  )
