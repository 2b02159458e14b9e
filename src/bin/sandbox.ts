/**
 * `habu-mcp sandbox`: a local Habu by itself, for programs in any language, until it is told to end.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as FaultList from "../sandbox/FaultList.js"
import * as Sandbox from "../sandbox/Sandbox.js"
import { logging, type Logs } from "./logging.js"
import { complain, print } from "./print.js"

class Refused extends Data.TaggedError("Refused")<{ readonly problem: string; readonly code: number }> {}

const readFaults = (file: string) =>
  Effect.flatMap(FileSystem.FileSystem, (files) => files.readFileString(file)).pipe(
    Effect.flatMap(FaultList.parse),
    Effect.provide(NodeFileSystem.layer),
    Effect.mapError(({ message }) =>
      new Refused({ problem: `--faults ${file}: ${message}\nTry habu-mcp --help.`, code: 2 })
    )
  )

const serveUntilTold = (options: Sandbox.Options, faultsFile: string | undefined) =>
  Effect.gen(function*() {
    const faults = faultsFile === undefined ? [] : yield* readFaults(faultsFile)
    const sandbox = yield* Effect.mapError(
      Sandbox.make(options),
      () => new Refused({ problem: `cannot listen on 127.0.0.1:${options.port ?? 0}`, code: 1 })
    )
    yield* sandbox.faults.add(...faults)
    const { clientId, clientSecret, url } = sandbox
    print(`${JSON.stringify({ url, clientId, clientSecret: Redacted.value(clientSecret) })}\n`)
    return yield* Effect.never
  })

/**
 * Serves until the signal; prints where it is and what to sign in with as one line of JSON. Answers with the exit code:
 * 1 where it cannot listen, 2 where the file of faults cannot be used.
 */
export const serve = (
  options: Sandbox.Options,
  faultsFile: string | undefined,
  logs: Logs,
  signal: AbortSignal
): Promise<number> =>
  serveUntilTold(options, faultsFile).pipe(
    Effect.scoped,
    Effect.provide(logging(logs)),
    Effect.catchTag("Refused", ({ code, problem }) => Effect.as(Effect.sync(() => complain(problem)), code)),
    (program) => Effect.runPromiseExit(program, { signal }),
    (ended) => ended.then(Exit.getOrElse(() => 0))
  )
