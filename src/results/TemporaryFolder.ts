/**
 * Where results lie while the process lives: a folder that only its user can enter.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type * as Scope from "effect/Scope"
import * as Fs from "node:fs"
import * as Os from "node:os"
import * as Path from "node:path"
import { ResultsFailed } from "./ResultsError.js"

const prefix = "habu-mcp-results-"

const failed = (cause: unknown) =>
  new ResultsFailed({
    code: "RESULTS_FAILED",
    problem: `No folder for results could be made in ${Os.tmpdir()}: ${
      cause instanceof Error ? cause.message : String(cause)
    }`,
    advice: "Check that the temporary folder (TMPDIR) can be written to and has room."
  })

// Signal 0 asks whether a process is there; one of another user is there too.
const lives = (pid: number) =>
  Either.match(Either.try({ try: () => process.kill(pid, 0), catch: (cause) => cause as NodeJS.ErrnoException }), {
    onLeft: ({ code }) => code !== "ESRCH",
    onRight: () => true
  })

// A process that was killed could not remove its own.
const removeAbandoned = Effect.try(() => {
  for (const name of Fs.readdirSync(Os.tmpdir())) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN
    if (Number.isInteger(pid) && !lives(pid)) Fs.rmSync(Path.join(Os.tmpdir(), name), { recursive: true, force: true })
  }
})

/**
 * Makes a folder, removed with its scope, and removes those of processes that were killed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make: Effect.Effect<string, ResultsFailed, Scope.Scope> = Effect.zipRight(
  Effect.ignore(removeAbandoned),
  Effect.acquireRelease(
    Effect.try({ try: () => Fs.mkdtempSync(Path.join(Os.tmpdir(), `${prefix}${process.pid}-`)), catch: failed }),
    (path) => Effect.sync(() => Fs.rmSync(path, { recursive: true, force: true, maxRetries: 3 }))
  )
)
